#ifndef MIGRALINT_GRAPH_COMPARE_H
#define MIGRALINT_GRAPH_COMPARE_H

/*
 * Two versions of a project's graph laid over each other. Migrations are known again by app and
 * name: one that is renamed is gone and new.
 *
 * A migration has changed when Python reads something else in its file: layout and comments do not
 * count, nor does what other files say. Whether it still does the same, the rules say (MG401).
 */

#include "graph/graph.h"

typedef enum GraphChange {
    GRAPH_UNCHANGED,
    GRAPH_ADDED,
    GRAPH_EDITED,
    GRAPH_REMOVED,
    GRAPH_CHANGES
} GraphChange;
/* "", "added", "changed", "removed". */
extern const char *const graph_change_names[GRAPH_CHANGES];

/* Both share their names (facts/shared.h). */
typedef struct GraphVersion {
    Workspace *workspace; /* that may read files */
    const Graph *graph;   /* NULL: the project is not there */
} GraphVersion;

typedef struct Comparison {
    GraphVersion now, before;
    /*
     * What either has, ordered as in every graph, but for what was missing before and is not
     * referred to any more. A squash hides nothing that has changed. `migration` and an edge's
     * `origin` are of the version that the node or edge is from: the one before where it is not
     * here. Circles are those of now. There is no `declared`, `unresolved` or `squash_problems`.
     */
    Graph graph;
    NodeId *here;                   /* by node: in now.graph; NODE_NONE: not in it */
    NodeId *of_now;                 /* by node of now.graph: in `graph` */
    GraphChange *nodes;             /* by node: of the project's own migrations */
    GraphChange *edges;             /* by edge */
    uint32_t counts[GRAPH_CHANGES]; /* nodes */
} Comparison;

/* Of every project of now, and behind them of those that are gone: with an empty one in their
 * place. */
typedef struct Comparisons {
    Comparison *items;
    uint32_t count;
} Comparisons;

/* In `arena`; the versions must outlive it. */
void graph_compare(Comparison *out, const GraphVersion *now, const GraphVersion *before,
                   Arena *arena);

/* The version that has the node, or the edge. */
const GraphVersion *comparison_version(const Comparison *comparison, NodeId node);
const GraphVersion *comparison_edge_version(const Comparison *comparison, uint32_t edge);

#endif
