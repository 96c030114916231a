#ifndef MIGRALINT_RULES_UNSEEN_H
#define MIGRALINT_RULES_UNSEEN_H

/*
 * What migrations do to the database and not to the state: SQL, code, and operations that only
 * reach the database. Nobody replays it; but whoever claims that something is still there must know
 * that none of it has the thing by name, or may have it without saying so.
 */

#include "rules/check.h"

typedef struct Unseen Unseen;

/* All of a project. Costs what the operations hold. */
Unseen *unseen_read(RuleContext *context);
void unseen_free(Unseen *unseen);

/* A stretch of the plan, with the apps whose own code and unreadable SQL count. */
typedef struct Stretch {
    Step from, to; /* both count */
    Sym app, other_app;
} Stretch;
/* Whether something in the stretch names that table, column or index (as one word, in any case), or
 * cannot be read, or is code of one of the apps that talks SQL or alters the schema. */
bool unseen_may_touch(Unseen *unseen, Str name, Stretch stretch);

#endif
