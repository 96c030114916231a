#include "rules/clashes.h"
#include "rules/nodes.h"

/*
 * MG212: lines of one app that a merge joins and that both change the same thing. What Django
 * itself refuses in the order of the plan is other rules' to say; here it is what that order
 * settles silently, while databases may have taken the other one.
 */

enum {
    MOST_PARENTS = 16,        /* of one merge */
    WORK_ON_MERGES = 1 << 25, /* nodes and edges looked at, for a project */
};

typedef struct Search {
    RuleContext *context;
    Clashes clashes;
    EventId *first_event; /* by node: its own are [first, end) */
    EventId *end_event;
    uint32_t *position; /* by node: in the plan */
    uint32_t *round;    /* by node: the last merge that reached it … */
    uint32_t *lines;    /* … and by which parents */
    uint32_t rounds, work_left;
    Array(NodeId) members; /* nodes that not all parents lead to, latest first */
    Map reported;          /* pairs of events */
} Search;

/* ---- the lines of a merge ---- */

static void find_places(Search *search)
{
    const State *state = search->context->state;
    Arena *arena = search->context->scratch;
    uint32_t count = search->context->graph->node_count;
    search->first_event = arena_array(arena, EventId, count);
    search->end_event = arena_array(arena, EventId, count);
    search->position = arena_array(arena, uint32_t, count);
    search->round = arena_array(arena, uint32_t, count);
    search->lines = arena_array(arena, uint32_t, count);
    for (NodeId node = 0; node < count; node++)
        search->position[node] = UINT32_MAX;
    for (uint32_t i = 0; i < state->plan.count; i++)
        search->position[state->plan.items[i]] = i;
    for (EventId id = 0; id < state->event_count; id++) {
        NodeId node = state->events[id].node;
        if (!search->end_event[node])
            search->first_event[node] = id;
        search->end_event[node] = id + 1;
    }
}

/* Adds lines to a node, and tells how many more (or fewer) nodes some lines do not lead to. */
static int reach(Search *search, NodeId node, uint32_t lines, uint32_t all)
{
    if (search->position[node] == UINT32_MAX)
        return 0;
    uint32_t before = search->round[node] == search->rounds ? search->lines[node] : 0;
    uint32_t now = before | lines;
    search->round[node] = search->rounds;
    search->lines[node] = now;
    return (now != all) - (before && before != all);
}

/* Back through the plan, children first, until every line has met every other. */
static void walk_lines(Search *search, const NodeId *parents, uint32_t count)
{
    const Graph *graph = search->context->graph;
    const Nodes *plan = &search->context->state->plan;
    uint32_t all = (1u << count) - 1, last = 0;
    int apart = 0;
    search->rounds++;
    array_clear(&search->members);
    for (uint32_t i = 0; i < count; i++) {
        apart += reach(search, parents[i], 1u << i, all);
        if (search->position[parents[i]] > last)
            last = search->position[parents[i]];
    }
    for (uint32_t at = last + 1; at-- > 0 && apart > 0 && search->work_left;) {
        NodeId node = plan->items[at];
        search->work_left--;
        if (search->round[node] != search->rounds)
            continue;
        if (search->lines[node] != all) {
            array_push(&search->members, node);
            apart--;
        }
        EACH_PARENT_EDGE(graph, node, edge)
        {
            search->work_left -= search->work_left > 0;
            apart += reach(search, edge->parent, search->lines[node], all);
        }
    }
}

/* ---- what they change ---- */

static void collect(Search *search, Sym app)
{
    clashes_clear(&search->clashes);
    for (uint32_t i = search->members.count; i-- > 0;) {
        NodeId node = search->members.items[i];
        if (node_at(search->context, node)->app != app)
            continue;
        for (EventId id = search->first_event[node]; id < search->end_event[node]; id++)
            clashes_touch(&search->clashes, id, search->lines[node]);
    }
}

/* ---- MG212 ---- */

/* Whether anything of the app follows: then most databases are past the merge. */
static bool is_passed(const RuleContext *context, NodeId merge)
{
    const Graph *graph = context->graph;
    EACH_CHILD_EDGE(graph, merge, i)
    if (graph->nodes[graph->edges[graph->by_parent[i]].child].app == graph->nodes[merge].app)
        return true;
    return false;
}

static void report_clash(Search *search, NodeId merge, EventId earlier, EventId later, Clash clash)
{
    RuleContext *context = search->context;
    bool model = ends_name(event_at(context, later));
    Finding *finding = report_migration(
        context, node_migration(context, merge), node_place(context, merge),
        "`%.*s` joins lines that both change %.*s: %s", STR_ARG(node_text(context, merge)),
        STR_ARG(clash_thing(context, model ? later : earlier)),
        clash == CLASH_OVERWRITES ? "one undoes the other" : "they fail in the other order");
    note_event(context, finding, earlier);
    note_event(context, finding, later);
    if (clash == CLASH_OVERWRITES) {
        finding_note(context, finding, (Place){0},
                     "a new database gets what `%.*s` says; one that had applied that before keeps "
                     "what `%.*s` says",
                     STR_ARG(node_text(context, event_at(context, later)->node)),
                     STR_ARG(node_text(context, event_at(context, earlier)->node)));
        finding_help(context, finding, "say what it shall be in the merge migration itself");
        return;
    }
    if (is_passed(context, merge))
        finding->severity = SEVERITY_INFO;
    finding_note(context, finding, (Place){0},
                 "a database that has applied `%.*s` already cannot apply `%.*s` any more",
                 STR_ARG(node_text(context, event_at(context, later)->node)),
                 STR_ARG(node_text(context, event_at(context, earlier)->node)));
    finding_help(context, finding, "let `%.*s` depend on `%.*s` instead of merging them",
                 STR_ARG(node_text(context, event_at(context, later)->node)),
                 STR_ARG(node_text(context, event_at(context, earlier)->node)));
}

static void check_touched(Search *search, NodeId merge, const Touched *touched)
{
    for (uint32_t i = 0; i < touched->count; i++)
        for (uint32_t j = 0; j < i; j++) {
            const ChangeSide *a = &touched->sides[j], *b = &touched->sides[i];
            EventId earlier = a->event < b->event ? a->event : b->event;
            EventId later = a->event < b->event ? b->event : a->event;
            Clash clash = is_apart(a->lines, b->lines) ? clash_of(&search->clashes, earlier, later)
                                                       : CLASH_NONE;
            if (clash == CLASH_NONE || map_has(&search->reported, map_key(earlier, later)))
                continue;
            map_set(&search->reported, map_key(earlier, later), 1);
            report_clash(search, merge, earlier, later, clash);
            return;
        }
}

/* The parents in its own app, when there are several that could be lines of their own. */
static uint32_t parents_of(const Search *search, NodeId node, NodeId *parents)
{
    const Graph *graph = search->context->graph;
    uint32_t count = 0;
    EACH_PARENT_EDGE(graph, node, edge)
    if (graph->nodes[edge->parent].app == graph->nodes[node].app && !edge->maybe &&
        search->position[edge->parent] != UINT32_MAX && count < MOST_PARENTS)
        parents[count++] = edge->parent;
    return count;
}

static void check_merge(Search *search, NodeId node)
{
    const Graph *graph = search->context->graph;
    NodeId parents[MOST_PARENTS];
    if (!node_is_own(search->context, node) || !node_is_live(search->context, node) ||
        graph->component_size[graph->component[node]] > 1)
        return;
    uint32_t count = parents_of(search, node, parents);
    if (count < 2)
        return;
    walk_lines(search, parents, count);
    collect(search, graph->nodes[node].app);
    for (uint32_t i = 0; i < search->clashes.touched.count; i++)
        if (search->clashes.touched.items[i].count > 1)
            check_touched(search, node, &search->clashes.touched.items[i]);
}

void check_parallel_branches_touch_same_field(RuleContext *context)
{
    Search search = {
        .context = context, .clashes = clashes_open(context), .work_left = WORK_ON_MERGES};
    find_places(&search);
    const Nodes *plan = &context->state->plan;
    for (uint32_t i = 0; i < plan->count && search.work_left; i++)
        check_merge(&search, plan->items[i]);
    array_free(&search.members);
    clashes_free(&search.clashes);
    map_free(&search.reported);
}
