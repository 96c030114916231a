#ifndef MIGRALINT_RULES_SIDES_H
#define MIGRALINT_RULES_SIDES_H

/*
 * Private to the checks of branches: one project as it is here, was where the branches parted, is
 * on the other branch, and becomes when the two are merged. Migrations are known again by app and
 * name.
 */

#include "rules/nodes.h"

typedef struct Side {
    const Interner *interner; /* NULL: the project is not there on this side */
    const Project *project;
    const Graph *graph;
} Side;

/* A migration's key, as texts. */
typedef struct Key {
    Str app, name;
} Key;

typedef struct Sides {
    RuleContext *context;
    const Branch *branch;
    Side ours, fork, theirs;
    RuleContext merged; /* only for questions about its nodes: findings are for `context` */
} Sides;

/* False where there is nothing to be merged, or not this project on all sides. */
bool sides_open(Sides *sides, RuleContext *context, const Branch *branch);
/* The context's project in that version. */
Side version_side(const RuleContext *context, const Version *version);

/* The file of that migration, or NULL. */
const Migration *side_migration(const Side *side, Key key);
/* Whether there is the file, or a squash that stands for it. */
bool side_provides(const Side *side, Key key);
/* Whether something depends on it that nothing provides. */
bool side_misses(const Side *side, Key key);
bool side_has_edge(const Side *side, Key child, Key parent);

/* What another check has reported about the app and, unless `branch` is NULL, that branch. */
Finding *finding_about(const RuleContext *context, CheckFunction check, Str app,
                       const Branch *branch);

/* Of a node of the merged project. */
Key merged_key(const Sides *sides, NodeId node);
bool only_ours(const Sides *sides, NodeId node);
bool only_theirs(const Sides *sides, NodeId node);

#endif
