#ifndef MIGRALINT_GRAPH_GRAPH_H
#define MIGRALINT_GRAPH_GRAPH_H

/*
 * Django's migration graph, built as MigrationLoader builds it with nothing
 * applied, but never refusing: absent nodes, cycles and broken squashes stay
 * in it and can be asked for. Rules: django/db/migrations/{loader,graph}.py.
 *
 * Node ids are dense and ordered as Django orders keys (byte-wise by label,
 * then name), so sorting ids sorts keys.
 */

#include "link/project.h"

typedef uint32_t NodeId;
enum { NODE_NONE = UINT32_MAX };

typedef enum NodeFlags {
    NODE_MISSING = 1 << 0,    /* named by a reference, provided by nothing (Django's dummy node) */
    NODE_REPLACED = 1 << 1,   /* taken out because a squash stands for it; one that no file provides
                                 is then not missing */
    NODE_EXTERNAL = 1 << 2,   /* of an app that is not the project's own */
    NODE_UNKNOWABLE = 1 << 3, /* missing, but its app is not known, or the app or a list it may
                                 come from could not be read wholly: not to be reported */
    NODE_HELD = 1 << 4, /* no leaf, though no child is left: a squash that took itself out still
                           hangs from it (SQUASH_SELF) */
} NodeFlags;

typedef struct Node {
    Sym app, name;
    MigrationId migration; /* MIGRATION_NONE for a missing one */
    unsigned flags;        /* NodeFlags */
} Node;

typedef enum EdgeKind {
    EDGE_DEPENDENCY, /* written in the child's `dependencies` */
    EDGE_RUN_BEFORE, /* written in the parent's `run_before` */
} EdgeKind;

/* "child needs parent". After squashes an edge may join other nodes than the
 * ones written; its origin keeps saying where it was written. */
typedef struct Edge {
    NodeId child, parent;
    EdgeKind kind;
    MigrationId origin;  /* the migration whose list holds it */
    uint32_t dependency; /* index in that migration's dependencies or run_before */
    bool maybe;          /* Dependency.maybe: only between nodes that are sure to be there */
} Edge;

/* A reference that resolves to nothing although its app is there:
 * `__first__`/`__latest__` of an app without migrations, or of no known app. */
typedef struct Unresolved {
    MigrationId origin;
    EdgeKind kind;
    uint32_t dependency;
    enum { UNRESOLVED_UNKNOWN_APP, UNRESOLVED_UNMIGRATED_APP, UNRESOLVED_NO_NODES } why;
} Unresolved;

/* A squash that cannot be carried out as Django would (version-dependent). */
typedef struct SquashProblem {
    MigrationId squash;
    enum {
        SQUASH_CYCLE,      /* >= 6.0: CommandError "Cyclical squash replacement found" */
        SQUASH_INNER_GONE, /* <= 5.2: another squash replaced it before its own turn came: it is
                              passed over */
        SQUASH_SELF,       /* <= 5.2: it lists itself and is taken out with what it lists */
    } why;
} SquashProblem;

typedef struct GraphOptions {
    unsigned django; /* 502 for 5.2: from 600 on squashes of squashes are followed */
} GraphOptions;

typedef struct Graph {
    const Project *project; /* borrowed */
    const Interner *interner;
    Node *nodes;
    uint32_t node_count; /* replaced ones included, see NODE_REPLACED */
    Edge *declared;      /* as written, before squashes; by child, then parent */
    uint32_t declared_count;
    Edge *edges; /* after squashes, each (child, parent) once; by child, then parent */
    uint32_t edge_count;
    uint32_t *parent_start; /* edges[parent_start[n] .. parent_start[n+1]) are those of child n */
    uint32_t *child_start;  /* the same for by_parent */
    uint32_t *by_parent;    /* indices in `edges`, by parent, then child */
    NodeId *node_of;        /* MigrationId → NodeId (the replaced node itself, not its squash);
                               NODE_NONE where the app's migrations are not loaded */
    Unresolved *unresolved;
    uint32_t unresolved_count;
    SquashProblem *squash_problems;
    uint32_t squash_problem_count;
    uint32_t *component;      /* strongly connected component of each node, over the edges that are
                                 not `maybe` */
    uint32_t *component_size; /* by component */
} Graph;

/* All memory is in `arena`; `project` must outlive the graph. */
void graph_build(Graph *graph, const Project *project, const Interner *interner,
                 const GraphOptions *options, Arena *arena);

/* The live or missing node of that key, or NODE_NONE. */
NodeId graph_node(const Graph *graph, Sym app, Sym name);

typedef struct Nodes {
    NodeId *items;
    uint32_t count;
} Nodes;

/* Sorted; replaced and missing nodes are not listed, though a missing node of
 * the app is a parent or child like others. Results are in `arena`. */
Nodes graph_roots(const Graph *graph, Sym app, Arena *arena);
Nodes graph_leaves(const Graph *graph, Sym app, Arena *arena);

/* Django's full plan: for each leaf of every app in order, what its
 * forwards_plan adds. Missing nodes are not in it; on a graph with cycles the
 * back edges are left out. */
Nodes graph_plan(const Graph *graph, Arena *arena);
/* Django's forwards_plan of one node, the node itself last. */
Nodes graph_forwards_plan(const Graph *graph, NodeId target, Arena *arena);

/* Every node that `of` depends on, or that depends on it, transitively: a bit
 * per node. `of` itself is in it only where a cycle leads back to it. */
typedef struct NodeSet {
    uint64_t *words;
    uint32_t word_count;
} NodeSet;
static inline bool nodeset_has(const NodeSet *set, NodeId node)
{
    return set->words[node / 64] >> node % 64 & 1;
}
NodeSet graph_ancestors(const Graph *graph, NodeId of, Arena *arena);
NodeSet graph_descendants(const Graph *graph, NodeId of, Arena *arena);

/* The shortest chain of edges from `from` down to `to` (child to parent), as
 * indices in `edges`; count 0 when there is none. With from == to: the
 * shortest cycle through the node. Edges that are `maybe` are not walked. */
typedef struct Path {
    uint32_t *edges;
    uint32_t count;
} Path;
Path graph_path(const Graph *graph, NodeId from, NodeId to, Arena *arena);

/* Groups of nodes that depend on each other: sorted by their first node, each
 * sorted; a node that depends on itself is a group of one. */
typedef struct Cycles {
    Nodes *items;
    uint32_t count;
} Cycles;
Cycles graph_cycles(const Graph *graph, Arena *arena);

/* The place in the source where an edge is written. */
Place graph_edge_place(const Graph *graph, const Edge *edge);
const Dependency *graph_edge_dependency(const Graph *graph, const Edge *edge);

#endif
