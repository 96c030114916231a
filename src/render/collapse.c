#include "render/draft.h"

#include <stdlib.h>

/*
 * Which migrations stand together as one node. Runs are chains with nothing else hanging on them.
 * Segments go further: in the order of the plan each migration joins its app's last group unless
 * that group would then depend on itself through another app, so the picture stays without circles.
 */

enum { READABLE = 60, READABLE_RUNS = 160, SHORTEST_RUN = 3 };

typedef struct SortKey {
    Str label, name;
    uint32_t order;
    NodeId node;
} SortKey;

static int by_key(const void *a, const void *b)
{
    const SortKey *left = a, *right = b;
    int order = str_cmp(left->label, right->label);
    if (!order)
        order = (left->order > right->order) - (left->order < right->order);
    return order ? order : str_cmp(left->name, right->name);
}

static void sort_nodes(Draft *draft)
{
    const Graph *graph = draft->graph;
    SortKey *keys = arena_array(&draft->scratch, SortKey, graph->node_count + 1);
    uint32_t count = 0;
    for (NodeId node = 0; node < graph->node_count; node++)
        if (nodeset_has(&draft->shown, node))
            keys[count++] =
                (SortKey){draft_text(draft, graph->nodes[node].app),
                          draft_text(draft, graph->nodes[node].name), draft->order[node], node};
    if (count)
        qsort(keys, count, sizeof *keys, by_key);
    draft->sorted = arena_array(draft->arena, NodeId, count);
    draft->sorted_count = count;
    for (uint32_t i = 0; i < count; i++)
        draft->sorted[i] = keys[i].node;
}

/* What must be seen by itself. */
static bool stands_alone(const Draft *draft, NodeId node)
{
    return draft->graph->nodes[node].flags & NODE_MISSING || nodeset_has(&draft->marked, node) ||
           nodeset_has(&draft->context, node);
}

static bool is_drawn(const Draft *draft, NodeId node)
{
    return nodeset_has(&draft->shown, node);
}

/* The one node of its own app on the other side of a node's edges, if there is any; `*plain`
 * becomes false when there are others, or one of another app. */
static NodeId neighbour(const Draft *draft, NodeId node, bool parents, bool *plain)
{
    const Graph *graph = draft->graph;
    const uint32_t *start = parents ? graph->parent_start : graph->child_start;
    NodeId found = NODE_NONE;
    for (uint32_t i = start[node]; i < start[node + 1]; i++) {
        NodeId other = parents ? graph->edges[i].parent : graph->edges[graph->by_parent[i]].child;
        if (!is_drawn(draft, other))
            continue;
        *plain &= found == NODE_NONE && graph->nodes[other].app == graph->nodes[node].app;
        found = other;
    }
    return found;
}

static uint32_t new_group(Draft *draft)
{
    return draft->group_count++;
}

static void each_alone(Draft *draft)
{
    draft->group_count = 0;
    draft->collapsed = false;
    for (uint32_t i = 0; i < draft->sorted_count; i++)
        draft->group[draft->sorted[i]] = new_group(draft);
}

/* How far a chain reaches from its first node: nothing hangs on any of them but the next. */
static uint32_t chain_from(const Draft *draft, NodeId node, NodeId *chain)
{
    uint32_t count = 0;
    GraphChange change = draft_change(draft, node);
    while (node != NODE_NONE && count < draft->sorted_count && !stands_alone(draft, node) &&
           draft_change(draft, node) == change) {
        bool plain = true;
        neighbour(draft, node, true, &plain);
        NodeId next = neighbour(draft, node, false, &plain);
        if (!plain)
            break;
        chain[count++] = node;
        node = next;
    }
    return count;
}

static void collapse_runs(Draft *draft)
{
    NodeId *chain = arena_array(&draft->scratch, NodeId, draft->sorted_count);
    draft->group_count = 0;
    draft->collapsed = false;
    for (uint32_t i = 0; i < draft->sorted_count; i++)
        draft->group[draft->sorted[i]] = UINT32_MAX;
    for (uint32_t i = 0; i < draft->sorted_count; i++) {
        if (draft->group[draft->sorted[i]] != UINT32_MAX)
            continue;
        uint32_t count = chain_from(draft, draft->sorted[i], chain);
        uint32_t group = new_group(draft);
        draft->group[draft->sorted[i]] = group;
        for (uint32_t c = 1; c < count && count >= SHORTEST_RUN; c++)
            if (draft->group[chain[c]] == UINT32_MAX) {
                draft->group[chain[c]] = group;
                draft->collapsed = true;
            }
    }
}

/* ---- segments ---- */

typedef struct Segments {
    Draft *draft;
    NodeId *plan;         /* the drawn nodes in order */
    Map current;          /* app → its last group + 1 */
    GraphChange *changes; /* by group: of all in it */
    uint64_t **above;     /* by group: the groups it depends on */
    uint32_t words;
} Segments;

static int by_order(const void *a, const void *b)
{
    const SortKey *left = a, *right = b;
    if (left->order != right->order)
        return left->order < right->order ? -1 : 1;
    return left->node < right->node ? -1 : left->node > right->node;
}

static NodeId *in_plan_order(Draft *draft)
{
    SortKey *keys = arena_array(&draft->scratch, SortKey, draft->sorted_count);
    NodeId *plan = arena_array(&draft->scratch, NodeId, draft->sorted_count);
    for (uint32_t i = 0; i < draft->sorted_count; i++)
        keys[i] = (SortKey){.order = draft->order[draft->sorted[i]], .node = draft->sorted[i]};
    if (draft->sorted_count)
        qsort(keys, draft->sorted_count, sizeof *keys, by_order);
    for (uint32_t i = 0; i < draft->sorted_count; i++)
        plan[i] = keys[i].node;
    return plan;
}

static bool depends(const Segments *segments, uint32_t group, uint32_t on)
{
    return segments->above[group][on / 64] >> on % 64 & 1;
}

/* Whether a group would depend on itself once the node is in it: one of the node's other parents
 * does. */
static bool closes_circle(const Segments *segments, NodeId node, uint32_t group)
{
    const Draft *draft = segments->draft;
    const Graph *graph = draft->graph;
    for (uint32_t i = graph->parent_start[node]; i < graph->parent_start[node + 1]; i++) {
        uint32_t parent = draft->group[graph->edges[i].parent];
        if (parent != UINT32_MAX && parent != group && depends(segments, parent, group))
            return true;
    }
    return false;
}

static void take_over(Segments *segments, NodeId node, uint32_t group)
{
    const Draft *draft = segments->draft;
    const Graph *graph = draft->graph;
    for (uint32_t i = graph->parent_start[node]; i < graph->parent_start[node + 1]; i++) {
        uint32_t parent = draft->group[graph->edges[i].parent];
        if (parent == UINT32_MAX || parent == group)
            continue;
        segments->above[group][parent / 64] |= (uint64_t)1 << parent % 64;
        for (uint32_t w = 0; w < segments->words; w++)
            segments->above[group][w] |= segments->above[parent][w];
    }
}

static uint32_t segment_of(Segments *segments, NodeId node)
{
    Draft *draft = segments->draft;
    Sym app = draft->graph->nodes[node].app;
    uint32_t current = map_get(&segments->current, app, 0);
    bool alone = stands_alone(draft, node);
    GraphChange change = draft_change(draft, node);
    if (current && !alone && segments->changes[current - 1] == change &&
        !closes_circle(segments, node, current - 1)) {
        draft->collapsed = true;
        return current - 1;
    }
    uint32_t group = new_group(draft);
    segments->above[group] = arena_array(&draft->scratch, uint64_t, segments->words);
    segments->changes[group] = change;
    map_set(&segments->current, app, alone ? 0 : group + 1);
    return group;
}

static void collapse_segments(Draft *draft)
{
    enum { MOST_SEGMENTED = 20000 };
    Segments segments = {.draft = draft, .words = draft->sorted_count / 64 + 1};
    if (draft->sorted_count > MOST_SEGMENTED)
        return;
    draft->group_count = 0;
    draft->collapsed = false;
    segments.above = arena_array(&draft->scratch, uint64_t *, draft->sorted_count);
    segments.changes = arena_array(&draft->scratch, GraphChange, draft->sorted_count);
    segments.plan = in_plan_order(draft);
    for (uint32_t i = 0; i < draft->sorted_count; i++)
        draft->group[draft->sorted[i]] = UINT32_MAX;
    for (uint32_t i = 0; i < draft->sorted_count; i++) {
        NodeId node = segments.plan[i];
        uint32_t group = segment_of(&segments, node);
        draft->group[node] = group;
        take_over(&segments, node, group);
    }
    map_free(&segments.current);
}

/* ---- apps ---- */

/* All that is of one app as one node: every app, or those that are not the project's own. */
static void merge_apps(Draft *draft, bool all)
{
    Map groups = {0};
    for (uint32_t i = 0; i < draft->sorted_count; i++) {
        NodeId node = draft->sorted[i];
        Sym app = draft->graph->nodes[node].app;
        if (!all && !draft_is_outside(draft, node))
            continue;
        uint32_t group = map_get(&groups, app, UINT32_MAX);
        if (group == UINT32_MAX)
            map_set(&groups, app, group = draft->group[node]);
        draft->group[node] = group;
    }
    map_free(&groups);
}

void draft_collapse(Draft *draft)
{
    Collapse how = draft->options->collapse;
    draft->group = arena_array(draft->arena, uint32_t, draft->graph->node_count + 1);
    for (NodeId node = 0; node < draft->graph->node_count; node++)
        draft->group[node] = UINT32_MAX;
    sort_nodes(draft);
    each_alone(draft);
    bool large = draft->sorted_count > READABLE;
    if (!draft->options->by_app && (how == COLLAPSE_RUNS || (how == COLLAPSE_AUTO && large)))
        collapse_runs(draft);
    large = how == COLLAPSE_AUTO && draft->group_count > READABLE_RUNS;
    if (!draft->options->by_app && (how == COLLAPSE_SEGMENTS || large))
        collapse_segments(draft);
    merge_apps(draft, draft->options->by_app);
}
