#ifndef MIGRALINT_RULES_MENTIONS_H
#define MIGRALINT_RULES_MENTIONS_H

/*
 * Private to the checks of dependencies between apps: what the code of a migration (RunPython,
 * RunSQL, operations that are not Django's) may be about, by the names in its text. A name that
 * does not occur there is not used; one that does may be.
 */

#include "rules/nodes.h"

typedef struct Mentions {
    RuleContext *context;
    Map texts;          /* MigrationId → index in `read` */
    Array(Str) read;    /* lower-cased; ptr NULL: not readable, or too much in all */
    Map known;          /* (index, Sym of a name) → whether it occurs */
    size_t bytes, work; /* read and searched so far */
} Mentions;

void mentions_close(Mentions *mentions);

/* The last migration in `within` and `range`, in the order of the plan, that brings something which
 * the text of `migration` mentions; NODE_NONE when none does. What cannot be read may mention all.
 */
NodeId mentions_latest(Mentions *mentions, MigrationId migration, NodeRange range,
                       const NodeSet *within);

#endif
