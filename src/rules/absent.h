#ifndef MIGRALINT_RULES_ABSENT_H
#define MIGRALINT_RULES_ABSENT_H

/* Private to the checks of the state: what those that report absent models and fields share. */

#include "rules/proposals.h"
#include "rules/similar.h"
#include "rules/uses.h"

enum { MOST_ABSENT = 1000 }; /* reported by one check of one project */

typedef struct Absent {
    RuleContext *context;
    Uses uses;
    Proposals proposals;
    Similar similar;
} Absent;

Absent absent_of(RuleContext *context);
void absent_free(Absent *absent);
/* What to do about it; of a relation, an operation's model or its field. */
void help_absent(Absent *absent, Finding *finding, const BadUse *bad);

#endif
