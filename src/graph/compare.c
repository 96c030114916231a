#include "graph/compare.h"

#include "base/limits.h"
#include "graph/build.h"
#include "source/equal.h"

#include <stdlib.h>

const char *const graph_change_names[GRAPH_CHANGES] = {"", "added", "changed", "removed"};

typedef struct DatedEdge {
    Edge edge;
    bool before;
} DatedEdge;

typedef struct Comparing {
    Comparison *out;
    Arena *arena;
    Arena scratch;
    NodeId *of_before; /* by node of before.graph: in the result */
    Array(DatedEdge) edges;
} Comparing;

/* ---- migrations ---- */

static const Migration *migration_at(const GraphVersion *version, NodeId node)
{
    if (node == NODE_NONE || version->graph->nodes[node].migration == MIGRATION_NONE)
        return NULL;
    return &version->graph->project->migrations[version->graph->nodes[node].migration];
}

static bool is_own(const GraphVersion *version, NodeId node)
{
    return migration_at(version, node) && !(version->graph->nodes[node].flags & NODE_EXTERNAL);
}

static bool read_text(const GraphVersion *version, const Migration *migration, Arena *arena,
                      Str *out)
{
    Error err;
    Reader *reader = &version->workspace->reader;
    return reader->read(reader->self, migration->path, LIMIT_FILE_BYTES, arena, out, &err) ==
           READ_OK;
}

/* What cannot be read is not known to have changed. */
static bool has_changed(const Comparing *comparing, const Migration *now, const Migration *before)
{
    const Comparison *out = comparing->out;
    Arena arena = {0};
    Str one, other;
    if (now->module == before->module || !now->module || !before->module)
        return false;
    bool changed = read_text(&out->now, now, &arena, &one) &&
                   read_text(&out->before, before, &arena, &other) &&
                   !source_equal(&out->now.workspace->parser, one, other);
    arena_free(&arena);
    return changed;
}

static GraphChange change_of(const Comparing *comparing, NodeId here, NodeId there)
{
    const Comparison *out = comparing->out;
    const Migration *now = migration_at(&out->now, here);
    const Migration *before = migration_at(&out->before, there);
    if (!is_own(&out->now, here) && !is_own(&out->before, there))
        return GRAPH_UNCHANGED;
    if (!now || !before)
        return now ? GRAPH_ADDED : GRAPH_REMOVED;
    return has_changed(comparing, now, before) ? GRAPH_EDITED : GRAPH_UNCHANGED;
}

/* ---- nodes ---- */

static int compare_nodes(const Interner *interner, const Node *a, const Node *b)
{
    int order =
        a->app == b->app ? 0 : str_cmp(sym_str(interner, a->app), sym_str(interner, b->app));
    if (order || a->name == b->name)
        return order;
    return str_cmp(sym_str(interner, a->name), sym_str(interner, b->name));
}

static void add_node(Comparing *comparing, NodeId here, NodeId there)
{
    Comparison *out = comparing->out;
    const GraphVersion *version = here == NODE_NONE ? &out->before : &out->now;
    Node node = version->graph->nodes[here == NODE_NONE ? there : here];
    GraphChange change = change_of(comparing, here, there);
    if (here == NODE_NONE && node.flags & NODE_MISSING)
        return;
    if (change == GRAPH_REMOVED) {
        unsigned missing = node.flags & (NODE_MISSING | NODE_UNKNOWABLE);
        node = out->before.graph->nodes[there];
        node.flags |= missing;
    }
    if (change != GRAPH_UNCHANGED)
        node.flags &= ~(unsigned)NODE_REPLACED;
    NodeId id = out->graph.node_count++;
    out->graph.nodes[id] = node;
    out->here[id] = here;
    out->nodes[id] = change;
    out->counts[change]++;
    if (here != NODE_NONE)
        out->of_now[here] = id;
    if (there != NODE_NONE)
        comparing->of_before[there] = id;
}

/* Both are in order: so is what they make. */
static void merge_nodes(Comparing *comparing)
{
    Comparison *out = comparing->out;
    const Graph *now = out->now.graph, *before = out->before.graph;
    uint32_t others = before ? before->node_count : 0;
    NodeId here = 0, there = 0;
    out->graph.nodes = arena_array(comparing->arena, Node, now->node_count + others + 1);
    out->here = arena_array(comparing->arena, NodeId, now->node_count + others + 1);
    out->nodes = arena_array(comparing->arena, GraphChange, now->node_count + others + 1);
    out->of_now = arena_array(comparing->arena, NodeId, now->node_count + 1);
    comparing->of_before = arena_array(&comparing->scratch, NodeId, others + 1);
    memset(comparing->of_before, 0xff, (others + 1) * sizeof(NodeId));
    while (here < now->node_count || there < others) {
        int order = here == now->node_count ? 1
                    : there == others
                        ? -1
                        : compare_nodes(now->interner, &now->nodes[here], &before->nodes[there]);
        add_node(comparing, order <= 0 ? here : NODE_NONE, order >= 0 ? there : NODE_NONE);
        here += order <= 0;
        there += order >= 0;
    }
}

/* ---- edges ---- */

static void add_edge(Comparing *comparing, const Edge *edge, bool before)
{
    const NodeId *ids = before ? comparing->of_before : comparing->out->of_now;
    Edge moved = *edge;
    moved.child = ids[edge->child];
    moved.parent = ids[edge->parent];
    if (moved.child != NODE_NONE && moved.parent != NODE_NONE)
        array_push(&comparing->edges, (DatedEdge){moved, before});
}

static bool differs(const Comparing *comparing, NodeId node, bool before)
{
    NodeId id = before ? comparing->of_before[node] : comparing->out->of_now[node];
    return id != NODE_NONE && comparing->out->nodes[id] != GRAPH_UNCHANGED;
}

/* Between two that have changed, of which a squash took one out of its graph. */
static bool is_uncovered(const Comparing *comparing, const Graph *graph, const Edge *edge,
                         bool before)
{
    unsigned flags = graph->nodes[edge->child].flags | graph->nodes[edge->parent].flags;
    return flags & NODE_REPLACED && differs(comparing, edge->child, before) &&
           differs(comparing, edge->parent, before);
}

static void add_edges(Comparing *comparing, const Graph *graph, bool before)
{
    for (uint32_t i = 0; graph && i < graph->edge_count; i++)
        add_edge(comparing, &graph->edges[i], before);
    for (uint32_t i = 0; graph && i < graph->declared_count; i++)
        if (is_uncovered(comparing, graph, &graph->declared[i], before))
            add_edge(comparing, &graph->declared[i], before);
}

static int by_ends(const void *left, const void *right)
{
    const DatedEdge *a = left, *b = right;
    if (a->edge.child != b->edge.child)
        return a->edge.child < b->edge.child ? -1 : 1;
    if (a->edge.parent != b->edge.parent)
        return a->edge.parent < b->edge.parent ? -1 : 1;
    if (a->before != b->before)
        return a->before ? 1 : -1;
    if (a->edge.origin != b->edge.origin)
        return a->edge.origin < b->edge.origin ? -1 : 1;
    return (a->edge.dependency > b->edge.dependency) - (a->edge.dependency < b->edge.dependency);
}

/* Of the edges between two nodes the first is kept: one of now, if there is any. */
static void merge_edges(Comparing *comparing)
{
    Comparison *out = comparing->out;
    uint32_t count = comparing->edges.count;
    if (count)
        qsort(comparing->edges.items, count, sizeof *comparing->edges.items, by_ends);
    out->graph.edges = arena_array(comparing->arena, Edge, count + 1);
    out->edges = arena_array(comparing->arena, GraphChange, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        const DatedEdge *dated = &comparing->edges.items[i];
        uint32_t last = out->graph.edge_count - 1; /* of none: no edge has such ends */
        bool again = out->graph.edge_count && out->graph.edges[last].child == dated->edge.child &&
                     out->graph.edges[last].parent == dated->edge.parent;
        if (again) {
            if (dated->before && out->edges[last] == GRAPH_ADDED)
                out->edges[last] = GRAPH_UNCHANGED;
            continue;
        }
        out->edges[out->graph.edge_count] = dated->before ? GRAPH_REMOVED : GRAPH_ADDED;
        out->graph.edges[out->graph.edge_count++] = dated->edge;
    }
}

/* ---- the rest of a graph ---- */

static void keep_circles(Comparing *comparing)
{
    Comparison *out = comparing->out;
    const Graph *now = out->now.graph;
    Graph *graph = &out->graph;
    uint32_t fresh = now->node_count;
    graph->component = arena_array(comparing->arena, uint32_t, graph->node_count + 1);
    graph->component_size =
        arena_array(comparing->arena, uint32_t, now->node_count + graph->node_count + 1);
    for (NodeId node = 0; node < graph->node_count; node++) {
        NodeId here = out->here[node];
        uint32_t component = here == NODE_NONE ? fresh++ : now->component[here];
        graph->component[node] = component;
        graph->component_size[component] = here == NODE_NONE ? 1 : now->component_size[component];
    }
}

static void find_migrations(Comparing *comparing)
{
    Comparison *out = comparing->out;
    const Graph *now = out->now.graph;
    out->graph.node_of = arena_array(comparing->arena, NodeId, now->project->migration_count + 1);
    for (MigrationId i = 0; i < now->project->migration_count; i++)
        out->graph.node_of[i] =
            now->node_of[i] == NODE_NONE ? NODE_NONE : out->of_now[now->node_of[i]];
}

void graph_compare(Comparison *out, const GraphVersion *now, const GraphVersion *before,
                   Arena *arena)
{
    *out = (Comparison){.now = *now, .before = *before};
    out->graph = (Graph){.project = now->graph->project, .interner = now->graph->interner};
    Comparing comparing = {.out = out, .arena = arena};
    merge_nodes(&comparing);
    add_edges(&comparing, now->graph, false);
    add_edges(&comparing, before->graph, true);
    merge_edges(&comparing);
    build_edge_index(&out->graph, arena);
    keep_circles(&comparing);
    find_migrations(&comparing);
    array_free(&comparing.edges);
    arena_free(&comparing.scratch);
}

const GraphVersion *comparison_version(const Comparison *comparison, NodeId node)
{
    NodeId here = comparison->here[node];
    bool gone = here == NODE_NONE || comparison->nodes[node] == GRAPH_REMOVED;
    return gone ? &comparison->before : &comparison->now;
}

const GraphVersion *comparison_edge_version(const Comparison *comparison, uint32_t edge)
{
    return comparison->edges[edge] == GRAPH_REMOVED ? &comparison->before : &comparison->now;
}
