#include "graph/build.h"

/* Tarjan's strongly connected components over edges that are certain, with the
 * recursion on a stack of its own. */
typedef struct Tarjan {
    Graph *graph;
    uint32_t *index, *low; /* 0: not met yet */
    uint32_t *next_edge;
    bool *on_stack;
    uint32_t met, components;
    Array(NodeId) path;  /* what a recursion would be in */
    Array(NodeId) stack; /* met, not yet in a component */
} Tarjan;

static void meet(Tarjan *tarjan, NodeId node)
{
    tarjan->index[node] = tarjan->low[node] = ++tarjan->met;
    tarjan->next_edge[node] = tarjan->graph->parent_start[node];
    tarjan->on_stack[node] = true;
    array_push(&tarjan->path, node);
    array_push(&tarjan->stack, node);
}

static void close_component(Tarjan *tarjan, NodeId root)
{
    Graph *graph = tarjan->graph;
    NodeId node;
    do {
        node = array_pop(&tarjan->stack);
        tarjan->on_stack[node] = false;
        graph->component[node] = tarjan->components;
        graph->component_size[tarjan->components]++;
    } while (node != root);
    tarjan->components++;
}

static void lower(Tarjan *tarjan, NodeId node, uint32_t to)
{
    if (to < tarjan->low[node])
        tarjan->low[node] = to;
}

static void leave(Tarjan *tarjan, NodeId node)
{
    tarjan->path.count--;
    if (tarjan->path.count)
        lower(tarjan, *array_last(&tarjan->path), tarjan->low[node]);
    if (tarjan->low[node] == tarjan->index[node])
        close_component(tarjan, node);
}

static void search_from(Tarjan *tarjan, NodeId start)
{
    const Graph *graph = tarjan->graph;
    meet(tarjan, start);
    while (tarjan->path.count) {
        NodeId node = *array_last(&tarjan->path);
        if (tarjan->next_edge[node] == graph->parent_start[node + 1]) {
            leave(tarjan, node);
            continue;
        }
        const Edge *edge = &graph->edges[tarjan->next_edge[node]++];
        if (edge->maybe)
            continue;
        if (!tarjan->index[edge->parent])
            meet(tarjan, edge->parent);
        else if (tarjan->on_stack[edge->parent])
            lower(tarjan, node, tarjan->index[edge->parent]);
    }
}

void build_components(Graph *graph, Arena *arena)
{
    Arena scratch = {0};
    uint32_t count = graph->node_count;
    graph->component = arena_array(arena, uint32_t, count);
    graph->component_size = arena_array(arena, uint32_t, count);
    Tarjan tarjan = {.graph = graph,
                     .index = arena_array(&scratch, uint32_t, count),
                     .low = arena_array(&scratch, uint32_t, count),
                     .next_edge = arena_array(&scratch, uint32_t, count),
                     .on_stack = arena_array(&scratch, bool, count)};
    for (NodeId i = 0; i < count; i++)
        if (!tarjan.index[i])
            search_from(&tarjan, i);
    array_free(&tarjan.path);
    array_free(&tarjan.stack);
    arena_free(&scratch);
}

static bool depends_on_itself(const Graph *graph, NodeId node)
{
    for (uint32_t i = graph->parent_start[node]; i < graph->parent_start[node + 1]; i++)
        if (graph->edges[i].parent == node && !graph->edges[i].maybe)
            return true;
    return false;
}

Cycles graph_cycles(const Graph *graph, Arena *arena)
{
    Arena scratch = {0};
    Cycles cycles = {0};
    uint32_t *group = arena_array(&scratch, uint32_t, graph->node_count); /* of a component, + 1 */
    for (NodeId i = 0; i < graph->node_count; i++) {
        uint32_t component = graph->component[i];
        bool cyclic = graph->component_size[component] > 1 || depends_on_itself(graph, i);
        if (cyclic && !group[component])
            group[component] = ++cycles.count;
    }
    cycles.items = arena_array(arena, Nodes, cycles.count);
    for (NodeId i = 0; i < graph->node_count; i++) {
        uint32_t component = graph->component[i];
        if (!group[component])
            continue;
        Nodes *nodes = &cycles.items[group[component] - 1];
        if (!nodes->items)
            nodes->items = arena_array(arena, NodeId, graph->component_size[component]);
        nodes->items[nodes->count++] = i;
    }
    arena_free(&scratch);
    return cycles;
}
