#include "graph/graph.h"

typedef struct Walk {
    const Graph *graph;
    bool down; /* to children */
    NodeSet seen;
    Array(NodeId) queue;
} Walk;

static void visit(Walk *walk, NodeId node)
{
    if (nodeset_has(&walk->seen, node))
        return;
    walk->seen.words[node / 64] |= (uint64_t)1 << node % 64;
    array_push(&walk->queue, node);
}

static void visit_neighbours(Walk *walk, NodeId node)
{
    const Graph *graph = walk->graph;
    const uint32_t *start = walk->down ? graph->child_start : graph->parent_start;
    for (uint32_t i = start[node]; i < start[node + 1]; i++)
        visit(walk, walk->down ? graph->edges[graph->by_parent[i]].child : graph->edges[i].parent);
}

/* The start itself is in the set only where a cycle leads back to it. */
static NodeSet reach(const Graph *graph, NodeId of, bool down, Arena *arena)
{
    Walk walk = {.graph = graph, .down = down};
    walk.seen.word_count = (graph->node_count + 63) / 64;
    walk.seen.words = arena_array(arena, uint64_t, walk.seen.word_count);
    visit_neighbours(&walk, of);
    for (uint32_t i = 0; i < walk.queue.count; i++)
        visit_neighbours(&walk, walk.queue.items[i]);
    array_free(&walk.queue);
    return walk.seen;
}

NodeSet graph_ancestors(const Graph *graph, NodeId of, Arena *arena)
{
    return reach(graph, of, false, arena);
}

NodeSet graph_descendants(const Graph *graph, NodeId of, Arena *arena)
{
    return reach(graph, of, true, arena);
}

enum { NO_EDGE = UINT32_MAX };

/* Breadth first from child to parent; `via` of a node is the edge by which it
 * was reached first. True once `to` is reached. */
static bool search_path(const Graph *graph, NodeId from, NodeId to, uint32_t *via, NodeId *queue)
{
    uint32_t count = 0;
    queue[count++] = from;
    for (uint32_t head = 0; head < count; head++) {
        NodeId node = queue[head];
        for (uint32_t i = graph->parent_start[node]; i < graph->parent_start[node + 1]; i++) {
            NodeId parent = graph->edges[i].parent;
            if (graph->edges[i].maybe || via[parent] != NO_EDGE || (parent == from && to != from))
                continue;
            via[parent] = i;
            if (parent == to)
                return true;
            queue[count++] = parent;
        }
    }
    return false;
}

static Path trace(const Graph *graph, NodeId from, NodeId to, const uint32_t *via, Arena *arena)
{
    uint32_t count = 0;
    NodeId at = to;
    do {
        at = graph->edges[via[at]].child;
        count++;
    } while (at != from);
    Path path = {arena_array(arena, uint32_t, count), count};
    for (at = to; count; at = graph->edges[via[at]].child)
        path.edges[--count] = via[at];
    return path;
}

Path graph_path(const Graph *graph, NodeId from, NodeId to, Arena *arena)
{
    Arena scratch = {0};
    uint32_t *via = arena_array(&scratch, uint32_t, graph->node_count);
    memset(via, 0xff, sizeof *via * graph->node_count);
    /* A node enters once through `via`, the start once more without. */
    NodeId *queue = arena_array(&scratch, NodeId, graph->node_count + 1);
    Path path = {0};
    if (search_path(graph, from, to, via, queue))
        path = trace(graph, from, to, via, arena);
    arena_free(&scratch);
    return path;
}

Place graph_edge_place(const Graph *graph, const Edge *edge)
{
    return graph_edge_dependency(graph, edge)->place;
}

const Dependency *graph_edge_dependency(const Graph *graph, const Edge *edge)
{
    const Migration *origin = &graph->project->migrations[edge->origin];
    return edge->kind == EDGE_RUN_BEFORE ? &origin->run_before.items[edge->dependency]
                                         : &origin->dependencies.items[edge->dependency];
}
