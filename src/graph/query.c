#include "graph/graph.h"

typedef Array(NodeId) NodeList;

static Nodes keep(NodeList *list, Arena *arena)
{
    Nodes nodes = {arena_keep(arena, NodeId, list->items, list->count), list->count};
    array_free(list);
    return nodes;
}

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

static bool live(const Graph *graph, NodeId node)
{
    return !(graph->nodes[node].flags & (NODE_REPLACED | NODE_MISSING));
}

static bool has_parent_in_app(const Graph *graph, NodeId node)
{
    for (uint32_t i = graph->parent_start[node]; i < graph->parent_start[node + 1]; i++)
        if (graph->nodes[graph->edges[i].parent].app == graph->nodes[node].app)
            return true;
    return false;
}

static bool has_child_in_app(const Graph *graph, NodeId node)
{
    for (uint32_t i = graph->child_start[node]; i < graph->child_start[node + 1]; i++)
        if (graph->nodes[graph->edges[graph->by_parent[i]].child].app == graph->nodes[node].app)
            return true;
    return false;
}

/* Nodes of an app stand side by side: the first of them, if there is one. */
static NodeId first_node(const Graph *graph, Sym app)
{
    NodeId low = 0, high = graph->node_count;
    while (low < high) {
        NodeId middle = low + (high - low) / 2;
        Sym label = graph->nodes[middle].app;
        if (label != app &&
            str_cmp(sym_str(graph->interner, label), sym_str(graph->interner, app)) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static Nodes ends(const Graph *graph, Sym app, Arena *arena,
                  bool (*inner)(const Graph *graph, NodeId node))
{
    NodeList list = {0};
    for (NodeId i = first_node(graph, app); i < graph->node_count; i++) {
        if (graph->nodes[i].app != app)
            break;
        if (live(graph, i) && !inner(graph, i))
            array_push(&list, i);
    }
    return keep(&list, arena);
}

Nodes graph_roots(const Graph *graph, Sym app, Arena *arena)
{
    return ends(graph, app, arena, has_parent_in_app);
}

Nodes graph_leaves(const Graph *graph, Sym app, Arena *arena)
{
    return ends(graph, app, arena, has_child_in_app);
}
