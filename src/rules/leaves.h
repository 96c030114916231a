#ifndef MIGRALINT_RULES_LEAVES_H
#define MIGRALINT_RULES_LEAVES_H

/*
 * Private to the checks of the graph: the leaves of one app, where the lines that lead to them
 * part, and what they change from there on. Everything is in the context's scratch arena.
 */

#include "rules/nodes.h"

typedef struct Leaves {
    RuleContext *context;
    const App *app;
    Nodes nodes;       /* those that a file of the project's own provides */
    uint32_t compared; /* how many of them are compared with one another */
    NodeSet *above;    /* the ancestors of each of these; NULL for a single leaf */
    NodeId fork;       /* where they part, once somebody asked for it */
    Finding *finding;  /* what says so */
} Leaves;

void leaves_find(Leaves *leaves, RuleContext *context, const App *app);
/* A migration whose lists could not be read may be what joins the leaves or stands for one of
 * them. One that all leaves follow cannot: it would follow itself. */
bool leaves_may_be_joined(const Leaves *leaves);
/* The last migration that all leaves follow; NODE_NONE: there is none. */
NodeId leaves_fork(const Leaves *leaves);
/* The first thing that the lines to two of the compared leaves both change: "`event.title`" or
 * "`event`"; ptr NULL: there is none. */
Str leaves_overlap(const Leaves *leaves, uint32_t one, uint32_t other);

#endif
