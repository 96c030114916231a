#include "graph/build.h"

static int compare_key(const Graph *graph, const Node *node, Sym app, Sym name)
{
    const Interner *interner = graph->interner;
    int order =
        node->app == app ? 0 : str_cmp(sym_str(interner, node->app), sym_str(interner, app));
    if (order || node->name == name)
        return order;
    return str_cmp(sym_str(interner, node->name), sym_str(interner, name));
}

NodeId graph_node(const Graph *graph, Sym app, Sym name)
{
    NodeId low = 0, high = graph->node_count;
    while (low < high) {
        NodeId middle = low + (high - low) / 2;
        if (compare_key(graph, &graph->nodes[middle], app, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < graph->node_count && !compare_key(graph, &graph->nodes[low], app, name);
    return found && !(graph->nodes[low].flags & NODE_REPLACED) ? low : NODE_NONE;
}

static bool is_live(const Graph *graph, NodeId node)
{
    return !(graph->nodes[node].flags & (NODE_REPLACED | NODE_MISSING));
}

static bool is_root(const Graph *graph, NodeId node)
{
    for (uint32_t i = graph->parent_start[node]; i < graph->parent_start[node + 1]; i++)
        if (graph->nodes[graph->edges[i].parent].app == graph->nodes[node].app)
            return false;
    return is_live(graph, node);
}

bool graph_is_leaf(const Graph *graph, NodeId node)
{
    for (uint32_t i = graph->child_start[node]; i < graph->child_start[node + 1]; i++)
        if (graph->nodes[graph->edges[graph->by_parent[i]].child].app == graph->nodes[node].app)
            return false;
    return is_live(graph, node) && !(graph->nodes[node].flags & NODE_HELD);
}

/* Nodes of an app stand side by side: the first of them, if there is one. */
static NodeId first_node(const Graph *graph, Sym app)
{
    NodeId low = 0, high = graph->node_count;
    Str label = sym_str(graph->interner, app);
    while (low < high) {
        NodeId middle = low + (high - low) / 2;
        if (str_cmp(sym_str(graph->interner, graph->nodes[middle].app), label) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static Nodes nodes_that(const Graph *graph, Sym app, Arena *arena,
                        bool (*wanted)(const Graph *graph, NodeId node))
{
    Array(NodeId) list = {0};
    NodeId node = first_node(graph, app);
    for (; node < graph->node_count && graph->nodes[node].app == app; node++)
        if (wanted(graph, node))
            array_push(&list, node);
    Nodes nodes = {arena_keep(arena, NodeId, list.items, list.count), list.count};
    array_free(&list);
    return nodes;
}

Nodes graph_roots(const Graph *graph, Sym app, Arena *arena)
{
    return nodes_that(graph, app, arena, is_root);
}

Nodes graph_leaves(const Graph *graph, Sym app, Arena *arena)
{
    return nodes_that(graph, app, arena, graph_is_leaf);
}
