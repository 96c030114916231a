#ifndef MIGRALINT_RULES_NEEDS_H
#define MIGRALINT_RULES_NEEDS_H

/*
 * Private to the checks of dependencies between apps: what a migration cannot do before something
 * has happened in another app, as the replayed state tells it.
 *
 *   - A relation, `through` or base needs the model that it names: its creation or renaming, its
 *     key and its table; of a base or a `through` every field.
 *   - Fields of a model must not meet those of its bases and of what descends from it.
 *   - A model that is deleted or renamed must not be pointed at by then, or be pointed at already;
 *     and what RunPython looks it up must have run.
 *   - A table, index or constraint takes a name that another one may have given up.
 *
 *   - RunPython needs the models that it is sure to look up; what else it needs, and all that
 *     RunSQL and operations that are not Django's need, is not known here.
 */

#include "rules/check.h"

/* What the migration builds on: the latest event about one thing, or code that must have run. */
typedef struct Need {
    EventId event; /* EVENT_NONE: the code of `node` */
    NodeId node;   /* where it happened */
    Step step;
    const StateUse
        *use; /* what asks for it; NULL: the taking of a name, or code that is not read */
} Need;

typedef Array(Need) NeedList;

/* An event that gives up the name of a model, index or constraint. */
typedef struct GivenUp {
    EventId event;
    uint32_t before; /* the one before it, of the same name */
} GivenUp;

typedef struct Needs {
    RuleContext *context;
    Map histories; /* (app, model) → index in `known` */
    Array(Events) known;
    Map pointing; /* (app, model) → the last use in another app that points there … */
    uint32_t *before_pointing; /* … and by use the one before */
    Map looking;               /* (app, model) → the last lookup in another app … */
    uint32_t *before_looking;  /* … the same */
    Map bases;                 /* (app, model) → the last of its own bases … */
    uint32_t *before_base;     /* … the same */
    Map given_up;              /* Sym of the name → index in `names`, the last one */
    Array(GivenUp) names;
    Array(EventId) tables; /* that may give up the name of a table */
    Sym db_table, id;
    uint64_t work_left; /* at 0 answers are incomplete */
} Needs;

void needs_open(Needs *needs, RuleContext *context);
void needs_close(Needs *needs);

/* Adds what `node` needs of the nodes in `within`, those of other apps: of each thing the latest
 * event there, in no order. */
void needs_collect(Needs *needs, NodeId node, const NodeSet *within, NeedList *out);

/* The uses and events of a node stand side by side: [first, end). */
typedef struct Range {
    uint32_t first, end;
} Range;
Range node_uses(const RuleContext *context, NodeId node);
Range node_events(const RuleContext *context, NodeId node);

/* Takes from the budget of a project; false once it is used up. */
static inline bool needs_work(Needs *needs, uint64_t work)
{
    needs->work_left -= work < needs->work_left ? work : needs->work_left;
    return needs->work_left > 0;
}

#endif
