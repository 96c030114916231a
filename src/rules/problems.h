#ifndef MIGRALINT_RULES_PROBLEMS_H
#define MIGRALINT_RULES_PROBLEMS_H

/*
 * Private to the checks of State.problems: going through them, and what all findings about them
 * have in common. Texts are in the context's scratch arena.
 */

#include "rules/check.h"

enum {
    /* Findings of one rule and project that are told at length: notes, names as written. What that
     * takes grows with the history of what they are about. */
    MOST_TOLD = 500,
};

typedef struct Problems {
    RuleContext *context;
    bool quiet; /* the check quotes what a problem collides with by itself */
    uint32_t told;
} Problems;

/* The operation, or NULL for one of a Django app that is known from a table. */
const Operation *problem_operation(const Problems *problems, const StateProblem *problem);
/* Whether there is still room for notes. */
bool problem_is_told(const Problems *problems);
/* "blog.Post": what the problem is about, and the other model. */
Str problem_model(const Problems *problems, const StateProblem *problem);
Str problem_other(const Problems *problems, const StateProblem *problem);

/* Its table before the operation; as Django names it where it is not known. */
Str problem_table(const Problems *problems, const StateProblem *problem);

/*
 * Reports the problem where it stands, as grave as it is to the databases of the project; quotes
 * what it collides with, and hangs it below what explains it.
 */
Finding *problem_report(Problems *problems, const StateProblem *problem, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Hangs a finding below what explains that two things do not fit: a missing or broken migration
 * above `node`, or several leaves when `earlier` lies on another line that nothing joins with the
 * node's. Where something joins the two lines a note says so.
 */
void follow_cause(RuleContext *context, Finding *finding, NodeId node, EventId earlier);

/* The migration of the event, if `node` could depend on it; else NODE_NONE. */
NodeId could_follow(const RuleContext *context, NodeId node, EventId later);

/* Whether the project is known to use SQLite, and nothing else is known. */
bool only_sqlite(const RuleContext *context);

#endif
