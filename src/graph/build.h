#ifndef MIGRALINT_GRAPH_BUILD_H
#define MIGRALINT_GRAPH_BUILD_H

/*
 * The steps of graph_build(), in the order in which Django's loader takes
 * them. Private to graph/.
 *
 * All keys that can become nodes are numbered before the first edge is added,
 * so that comparing ids compares keys; `exists` says which of them Django
 * would have in its graph by now.
 */

#include "graph/graph.h"

typedef Array(NodeId) NodeHeap; /* a binary heap, smallest first */

/* The nodes of one app that may still be its roots or leaves; those that no
 * longer are one are thrown out when they come up. */
typedef struct AppEnds {
    bool ready;
    NodeHeap roots, leaves;
} AppEnds;

typedef struct Builder {
    Graph *graph;
    const Project *project;
    Arena *arena;        /* of the graph */
    Arena scratch;       /* gone when the graph is built */
    MigrationId *loaded; /* in the order of loading */
    uint32_t loaded_count;
    Map ids;                      /* map_key(app, name) → NodeId */
    Map replaced;                 /* map_key(app, name) of every key that a squash stands for */
    bool *exists;                 /* by NodeId, as the next three */
    bool *has_parent, *has_child; /* in its own app */
    NodeId *successor;            /* the node that replaced this one, or NODE_NONE */
    bool *vanished;               /* a squash that lists itself took itself out (<= 5.2) */
    AppEnds *ends;                /* by AppId */
    NodeId *first_node;           /* AppId → its first NodeId */
    NodeId *end_node; /* AppId → behind its last one; between apps are keys of unknown ones */
    Array(Edge) edges;
    Array(Unresolved) unresolved;
    Array(SquashProblem) problems;
} Builder;

/* What Django's loader would load: files of an app that has no migrations
 * package are no migrations. */
static inline bool builder_loads(const Builder *builder, const Migration *migration)
{
    return builder->project->apps[migration->app].package == PACKAGE_MIGRATED;
}

static inline AppId builder_app(const Builder *builder, Sym label)
{
    return label == SYM_NONE ? APP_NONE : map_get(&builder->project->app_by_label, label, APP_NONE);
}

/* Fills `loaded`. */
void build_load_order(Builder *builder);
/* Numbers every key: fills nodes, node_of, ids, replaced, first_node and end_node. */
void build_nodes(Builder *builder);
/* Adds what `dependencies` and `run_before` declare, and the missing nodes. */
void build_edges(Builder *builder);
/* Fills `successor`. `nested`: squashes of squashes are followed (Django 6.0). */
void build_squashes(Builder *builder, bool nested);
/* The live node that stands for `node` after squashes. */
NodeId build_live(Builder *builder, NodeId node);

/* Whether the node is there and no node of its app depends on it. */
bool graph_is_leaf(const Graph *graph, NodeId node);

/* Fills parent_start, child_start and by_parent from sorted edges. */
void build_edge_index(Graph *graph, Arena *arena);

/* Fills component and component_size of a graph that is otherwise complete. */
void build_components(Graph *graph, Arena *arena);

#endif
