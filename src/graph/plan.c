#include "graph/build.h"

typedef struct Visit {
    NodeId node;
    bool done; /* its parents are through */
} Visit;

/* A depth-first search as Django writes it, since its order can be observed:
 * a node comes after its parents, and the largest parent is gone into first. */
typedef struct Search {
    const Graph *graph;
    uint8_t *states; /* by NodeId */
    Array(Visit) stack;
    Array(NodeId) order;
} Search;

enum { UNSEEN, OPEN, DONE };

static void enter(Search *search, NodeId node)
{
    const Graph *graph = search->graph;
    search->states[node] = OPEN;
    array_push(&search->stack, (Visit){node, true});
    for (uint32_t i = graph->parent_start[node]; i < graph->parent_start[node + 1]; i++)
        array_push(&search->stack, (Visit){graph->edges[i].parent, false});
}

/* Meeting an open node again closes a cycle: that edge is left out. */
static void search_from(Search *search, NodeId start)
{
    array_push(&search->stack, (Visit){start, false});
    while (search->stack.count) {
        Visit visit = array_pop(&search->stack);
        if (visit.done) {
            search->states[visit.node] = DONE;
            if (!(search->graph->nodes[visit.node].flags & NODE_MISSING))
                array_push(&search->order, visit.node);
        } else if (search->states[visit.node] == UNSEEN) {
            enter(search, visit.node);
        }
    }
}

static Nodes finish(Search *search, Arena *arena, Arena *scratch)
{
    Nodes nodes = {arena_keep(arena, NodeId, search->order.items, search->order.count),
                   search->order.count};
    array_free(&search->order);
    array_free(&search->stack);
    arena_free(scratch);
    return nodes;
}

/* One search for all leaves gives the same order as one search per leaf with
 * what is there already left out: what is visited brings no new ancestors. */
Nodes graph_plan(const Graph *graph, Arena *arena)
{
    Arena scratch = {0};
    Search search = {.graph = graph};
    search.states = arena_array(&scratch, uint8_t, graph->node_count);
    for (NodeId i = 0; i < graph->node_count; i++)
        if (graph_is_leaf(graph, i))
            search_from(&search, i);
    return finish(&search, arena, &scratch);
}

Nodes graph_forwards_plan(const Graph *graph, NodeId target, Arena *arena)
{
    Arena scratch = {0};
    Search search = {.graph = graph};
    search.states = arena_array(&scratch, uint8_t, graph->node_count);
    search_from(&search, target);
    return finish(&search, arena, &scratch);
}
