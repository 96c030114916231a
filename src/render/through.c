#include "render/draft.h"

/*
 * What stands between the migrations of a comparison: the nearest one of the same app that a
 * migration depends on through others that are not drawn, so that an app stays one line.
 */

typedef struct Through {
    const Draft *draft;
    ThroughVisitor *visitor;
    void *self;
    uint32_t *round; /* by node: of the search that came there last */
    uint32_t rounds, room;
    Array(NodeId) open;
} Through;

static bool is_drawn(const Through *through, NodeId node)
{
    return nodeset_has(&through->draft->shown, node);
}

/* Of its own app, and as it is now. */
static bool is_parent(const Through *through, const Edge *edge)
{
    const Graph *graph = through->draft->graph;
    return graph->nodes[edge->parent].app == graph->nodes[edge->child].app &&
           draft_edge_change(through->draft, edge) != GRAPH_REMOVED;
}

static bool needs_search(const Through *through, NodeId node)
{
    const Graph *graph = through->draft->graph;
    bool any = false;
    for (uint32_t i = graph->parent_start[node]; i < graph->parent_start[node + 1]; i++) {
        const Edge *edge = &graph->edges[i];
        if (graph->nodes[edge->parent].app == graph->nodes[node].app &&
            is_drawn(through, edge->parent))
            return false;
        any |= is_parent(through, edge);
    }
    return any && is_drawn(through, node) && !draft_is_outside(through->draft, node);
}

/* Takes up what is not drawn, and puts what is into `found`. */
static void expand(Through *through, NodeId node, Nodes *found)
{
    const Graph *graph = through->draft->graph;
    for (uint32_t i = graph->parent_start[node]; i < graph->parent_start[node + 1]; i++) {
        NodeId parent = graph->edges[i].parent;
        if (!is_parent(through, &graph->edges[i]) || through->round[parent] == through->rounds)
            continue;
        through->round[parent] = through->rounds;
        if (is_drawn(through, parent))
            found->items[found->count++] = parent;
        else
            array_push(&through->open, parent);
    }
}

static void search_from(Through *through, NodeId node, NodeId *room)
{
    Nodes found = {room, 0};
    uint32_t between = 0;
    through->rounds++;
    through->open.count = 0;
    expand(through, node, &found);
    while (between < through->open.count && through->room) {
        through->room--;
        expand(through, through->open.items[between++], &found);
    }
    for (uint32_t i = 0; i < found.count; i++)
        through->visitor(through->self, node, found.items[i], between);
}

void draft_through(Draft *draft, ThroughVisitor *visitor, void *self)
{
    enum { MOST_STEPS = 200000 };
    uint32_t count = draft->graph->node_count;
    Through through = {.draft = draft, .visitor = visitor, .self = self, .room = MOST_STEPS};
    through.round = arena_array(&draft->scratch, uint32_t, count + 1);
    NodeId *room = arena_array(&draft->scratch, NodeId, count + 1);
    for (NodeId node = 0; node < count; node++)
        if (needs_search(&through, node))
            search_from(&through, node, room);
    array_free(&through.open);
}
