#include "rules/alike.h"
#include "rules/nodes.h"
#include "rules/versions.h"

/*
 * MG212: lines of one app that a merge joins and that both change the same thing. What Django
 * itself refuses in the order of the plan is other rules' to say; here it is what that order
 * settles silently, while databases may have taken the other one.
 */

enum {
    MOST_PARENTS = 16,        /* of one merge */
    MOST_SIDES = 4,           /* that change one thing, compared with one another */
    WORK_ON_MERGES = 1 << 25, /* nodes and edges looked at, for a project */
};

/* Who changed a thing last, on each side: `lines` has a bit per parent of the merge that leads to
 * it. */
typedef struct Side {
    EventId event;
    uint32_t lines;
} Side;

typedef struct Touched {
    Side sides[MOST_SIDES];
    uint32_t count;
} Touched;

typedef struct Search {
    RuleContext *context;
    Versions versions;
    Alike alike;
    EventId *first_event; /* by node: its own are [first, end) */
    EventId *end_event;
    uint32_t *position; /* by node: in the plan */
    uint32_t *round;    /* by node: the last merge that reached it … */
    uint32_t *lines;    /* … and by which parents */
    uint32_t rounds, work_left;
    Array(NodeId) members; /* nodes that not all parents lead to, latest first */
    Array(Touched) touched;
    Map touched_index; /* what → index in `touched` */
    Map reported;      /* pairs of events */
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

typedef enum Thing { THING_MODEL, THING_FIELD, THING_OPTION } Thing;

static uint64_t key_of(Thing thing, ModelId model, Sym name)
{
    return map_key(model, name << 2 | thing);
}

static bool ends_name(const StateEvent *event)
{
    return event->kind == EVENT_MODEL_DELETED || event->kind == EVENT_MODEL_RENAMED;
}

/* The last on each side counts, but that a model goes or gets another name outweighs all. */
static void touch(Search *search, uint64_t key, EventId id, uint32_t lines)
{
    uint32_t index = map_get(&search->touched_index, key, UINT32_MAX);
    if (index == UINT32_MAX) {
        index = search->touched.count;
        map_set(&search->touched_index, key, index);
        array_push(&search->touched, (Touched){.count = 0});
    }
    Touched *touched = &search->touched.items[index];
    uint32_t i = 0;
    while (i < touched->count && touched->sides[i].lines != lines)
        i++;
    if (i == MOST_SIDES)
        return;
    if (i == touched->count)
        touched->sides[touched->count++] = (Side){id, lines};
    else if (!ends_name(event_at(search->context, touched->sides[i].event)))
        touched->sides[i].event = id;
}

static void touch_event(Search *search, EventId id, uint32_t lines)
{
    const StateEvent *event = event_at(search->context, id);
    const Operation *operation = whole_operation(search->context, id);
    if (!operation)
        return;
    switch (event->kind) {
    case EVENT_FIELD_ALTERED:
        if (operation->kind == OPERATION_ALTER_FIELD)
            touch(search, key_of(THING_FIELD, event->model, event->name), id, lines);
        break;
    case EVENT_FIELD_REMOVED:
        touch(search, key_of(THING_FIELD, event->model, event->name), id, lines);
        break;
    case EVENT_FIELD_RENAMED:
        touch(search, key_of(THING_FIELD, event->model, event->from), id, lines);
        break;
    case EVENT_OPTION_SET:
        touch(search, key_of(THING_OPTION, event->model, event->name), id, lines);
        break;
    case EVENT_FIELD_REPOINTED:
    case EVENT_OPENED:
    case EVENT_MODEL_CREATED:
    case EVENT_MODEL_OVERWRITTEN:
        return;
    }
    touch(search, key_of(THING_MODEL, event->model, SYM_NONE), id, lines);
}

static void collect(Search *search, Sym app)
{
    array_clear(&search->touched);
    map_free(&search->touched_index);
    for (uint32_t i = search->members.count; i-- > 0;) {
        NodeId node = search->members.items[i];
        if (node_at(search->context, node)->app != app)
            continue;
        for (EventId id = search->first_event[node]; id < search->end_event[node]; id++)
            touch_event(search, id, search->lines[node]);
    }
}

/* ---- whether the order tells ---- */

typedef enum Clash {
    CLASH_NONE,
    CLASH_OVERWRITES, /* the later one in the plan undoes what the other did */
    CLASH_FAILS,      /* the other order does not go through */
} Clash;

static bool is_schema_option(Str name)
{
    return str_eq(name, S("unique_together")) || str_eq(name, S("index_together")) ||
           str_eq(name, S("order_with_respect_to")) || str_eq(name, S("db_table"));
}

/* What is said anew behind the lines no longer depends on their order. */
static bool is_settled(const Search *search, EventId later)
{
    const State *state = search->context->state;
    return search->versions.next[later] != EVENT_NONE ||
           search->versions.gone[state->events[later].model];
}

static Clash clash_of(Search *search, EventId earlier, EventId later)
{
    const State *state = search->context->state;
    const StateEvent *first = &state->events[earlier], *second = &state->events[later];
    if (search->versions.open[earlier] || search->versions.open[later])
        return CLASH_NONE;
    if (ends_name(second))
        return CLASH_FAILS;
    if (first->name != (second->kind == EVENT_FIELD_RENAMED ? second->from : second->name))
        return CLASH_NONE; /* two things of one model */
    if (first->kind == EVENT_FIELD_ALTERED && second->kind == EVENT_FIELD_ALTERED)
        return !is_settled(search, later) &&
                       columns_differ(&search->alike, state_event_field(state, earlier),
                                      state_event_field(state, later))
                   ? CLASH_OVERWRITES
                   : CLASH_NONE;
    if (first->kind == EVENT_FIELD_ALTERED &&
        (second->kind == EVENT_FIELD_REMOVED || second->kind == EVENT_FIELD_RENAMED))
        return CLASH_FAILS;
    if (first->kind == EVENT_OPTION_SET && second->kind == EVENT_OPTION_SET &&
        is_schema_option(context_str(search->context, second->name)))
        return !is_settled(search, later) &&
                       options_differ(&search->alike, state_event_option(state, earlier),
                                      state_event_option(state, later))
                   ? CLASH_OVERWRITES
                   : CLASH_NONE;
    return CLASH_NONE;
}

/* Neither side leads to the other. */
static bool is_apart(uint32_t a, uint32_t b)
{
    return (a & b) != a && (a & b) != b;
}

/* ---- MG212 ---- */

static Str thing_text(const RuleContext *context, EventId id)
{
    const StateEvent *event = event_at(context, id);
    if (event->kind == EVENT_OPTION_SET)
        return arena_printf(context->scratch, "`%.*s` of `%.*s`",
                            STR_ARG(context_str(context, event->name)),
                            STR_ARG(event_model_text(context, id)));
    if (event->kind >= EVENT_FIELD_ADDED && event->kind <= EVENT_FIELD_REPOINTED)
        return arena_printf(context->scratch, "`%.*s`", STR_ARG(event_field_text(context, id)));
    return arena_printf(context->scratch, "`%.*s`", STR_ARG(event_model_text(context, id)));
}

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
        STR_ARG(thing_text(context, model ? later : earlier)),
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
            const Side *a = &touched->sides[j], *b = &touched->sides[i];
            EventId earlier = a->event < b->event ? a->event : b->event;
            EventId later = a->event < b->event ? b->event : a->event;
            Clash clash =
                is_apart(a->lines, b->lines) ? clash_of(search, earlier, later) : CLASH_NONE;
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
    for (uint32_t i = 0; i < search->touched.count; i++)
        if (search->touched.items[i].count > 1)
            check_touched(search, node, &search->touched.items[i]);
}

void check_parallel_branches_touch_same_field(RuleContext *context)
{
    Search search = {.context = context,
                     .versions = versions_read(context),
                     .alike = alike_start(context),
                     .work_left = WORK_ON_MERGES};
    find_places(&search);
    const Nodes *plan = &context->state->plan;
    for (uint32_t i = 0; i < plan->count && search.work_left; i++)
        check_merge(&search, plan->items[i]);
    array_free(&search.members);
    array_free(&search.touched);
    map_free(&search.touched_index);
    map_free(&search.reported);
}
