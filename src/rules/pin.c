#include "rules/pin.h"

#include <stdlib.h>

typedef struct Pins {
    RuleContext *context;
    Arena *keep; /* of verdicts */
    Needs needs;
    Mentions mentions;
    NodeId *parents; /* of every edge: with pins that were loosened so far */
    uint8_t *code;   /* by node: whether it runs code, once that was asked */
    uint64_t *bits;  /* by node, see spread() */
    uint32_t looked;
} Pins;

enum { CODE_NO = 1, CODE_YES, MOST_WANTED = 64, MOST_THIRD = 4 };

static void pins_open(Pins *pins, RuleContext *context)
{
    const Graph *graph = context->graph;
    *pins = (Pins){
        .context = context, .keep = &context->shared->arena, .mentions = {.context = context}};
    needs_open(&pins->needs, context);
    pins->parents = arena_array(context->scratch, NodeId, graph->edge_count);
    for (uint32_t i = 0; i < graph->edge_count; i++)
        pins->parents[i] = graph->edges[i].parent;
    pins->code = arena_array(context->scratch, uint8_t, graph->node_count);
    pins->bits = arena_array(context->scratch, uint64_t, graph->node_count);
}

static void pins_close(Pins *pins)
{
    needs_close(&pins->needs);
    mentions_close(&pins->mentions);
}

/* ---- what a pin is ---- */

static bool is_root(const RuleContext *context, NodeId node)
{
    EACH_PARENT_EDGE(context->graph, node, edge)
    if (context->graph->nodes[edge->parent].app == context->graph->nodes[node].app)
        return false;
    return true;
}

static bool is_initial(const RuleContext *context, NodeId node)
{
    ValueRef initial = node_migration(context, node)->initial;
    const Value *value = initial.id ? value_at(&initial.module->values, initial.id) : NULL;
    return (value && value->kind == VALUE_BOOL && value->u.boolean) || is_root(context, node);
}

bool edge_ties(const RuleContext *context, const Edge *edge)
{
    const Graph *graph = context->graph;
    return !edge->maybe && graph->nodes[edge->child].app != graph->nodes[edge->parent].app &&
           node_is_own(context, edge->child) && node_is_own(context, edge->parent) &&
           node_migration(context, edge->parent) &&
           graph->component[edge->child] != graph->component[edge->parent] &&
           graph_edge_dependency(graph, edge)->kind == DEPENDENCY_KEY &&
           context->state->first_step[edge->child] != STEP_NONE &&
           !is_initial(context, edge->parent);
}

static bool take(Pins *pins, const Edge *edge)
{
    const Graph *graph = pins->context->graph;
    return edge->kind == EDGE_DEPENDENCY && graph->node_of[edge->origin] == edge->child &&
           pins->looked < MOST_PINS && needs_work(&pins->needs, 1) &&
           edge_ties(pins->context, edge) && ++pins->looked;
}

static bool has_code(Pins *pins, NodeId node)
{
    if (!pins->code[node])
        pins->code[node] = code_is_relied_on(pins->context, node) ? CODE_YES : CODE_NO;
    return pins->code[node] == CODE_YES;
}

/* ---- sets of nodes ---- */

static void set_add(NodeSet *set, NodeId node)
{
    set->words[node / 64] |= (uint64_t)1 << node % 64;
}

static NodeSet new_set(const RuleContext *context)
{
    uint32_t words = (context->graph->node_count + 63) / 64;
    return (NodeSet){arena_array(context->scratch, uint64_t, words), words};
}

/* What the node surely follows, itself included, as the pins are now. */
static NodeSet followed(Pins *pins, NodeId from)
{
    const Graph *graph = pins->context->graph;
    NodeSet set = new_set(pins->context);
    Array(NodeId) open = {0};
    set_add(&set, from);
    array_push(&open, from);
    while (open.count) {
        NodeId node = array_pop(&open);
        needs_work(&pins->needs, 1 + graph->parent_start[node + 1] - graph->parent_start[node]);
        for (uint32_t e = graph->parent_start[node]; e < graph->parent_start[node + 1]; e++) {
            if (graph->edges[e].maybe || nodeset_has(&set, pins->parents[e]))
                continue;
            set_add(&set, pins->parents[e]);
            array_push(&open, pins->parents[e]);
        }
    }
    array_free(&open);
    return set;
}

/* The app's migrations that the pinned one follows, itself included. */
static NodeSet history_of(Pins *pins, NodeId node, NodeRange app)
{
    const Graph *graph = pins->context->graph;
    NodeSet above = graph_ancestors(graph, node, pins->context->scratch);
    NodeSet set = new_set(pins->context);
    needs_work(&pins->needs, graph->node_count);
    for (NodeId other = app.first; other < app.end; other++)
        if (nodeset_has(&above, other))
            set_add(&set, other);
    set_add(&set, node);
    return set;
}

/* Which of the nodes that have a bit each node follows, as the pins are now: in plan order. */
static void spread(Pins *pins)
{
    const Graph *graph = pins->context->graph;
    const Nodes *plan = &pins->context->state->plan;
    needs_work(&pins->needs, graph->node_count + graph->edge_count);
    for (uint32_t i = 0; i < plan->count; i++) {
        NodeId node = plan->items[i];
        for (uint32_t e = graph->parent_start[node]; e < graph->parent_start[node + 1]; e++)
            if (!graph->edges[e].maybe)
                pins->bits[node] |= pins->bits[pins->parents[e]];
    }
}

static void clear_bits(Pins *pins)
{
    memset(pins->bits, 0, sizeof *pins->bits * pins->context->graph->node_count);
}

/* ---- what is needed ---- */

/* The latest first; of one step in any order that is always the same. */
static int by_step(const void *a, const void *b)
{
    const Need *left = a, *right = b;
    if (left->step != right->step)
        return left->step > right->step ? -1 : 1;
    if (left->event != right->event)
        return left->event > right->event ? -1 : 1;
    Step one = left->use ? left->use->place.span.start + 1 : 0;
    Step two = right->use ? right->use->place.span.start + 1 : 0;
    return (one > two) - (one < two);
}

static void keep_needs(Pins *pins, Pin *pin, NeedList *list)
{
    if (list->count)
        qsort(list->items, list->count, sizeof *list->items, by_step);
    pin->needs = arena_keep(pins->keep, Need, list->items, list->count);
    pin->need_count = list->count;
}

/* A need elsewhere than at the latest one must lie above it: else nothing earlier has them all. */
static bool has_all(const RuleContext *context, const Pin *pin, NodeId mentioned)
{
    NodeSet above = graph_ancestors(context->graph, pin->sufficient, context->scratch);
    for (uint32_t i = 0; i < pin->need_count; i++)
        if (pin->needs[i].node != pin->sufficient && !nodeset_has(&above, pin->needs[i].node))
            return false;
    return mentioned == NODE_NONE || mentioned == pin->sufficient || nodeset_has(&above, mentioned);
}

/* The app's first migration; `only` when there is no other that begins it. */
static NodeId first_of(const RuleContext *context, NodeRange app, const NodeSet *within, bool *only)
{
    NodeId found = NODE_NONE;
    *only = true;
    for (NodeId node = app.first; node < app.end; node++) {
        if (!node_is_live(context, node) || !is_root(context, node))
            continue;
        if (found == NODE_NONE && nodeset_has(within, node))
            found = node;
        else
            *only = false;
    }
    return found;
}

static NodeId later_node(const RuleContext *context, NodeId a, NodeId b)
{
    if (a == NODE_NONE || b == NODE_NONE)
        return a == NODE_NONE ? b : a;
    return context->state->first_step[a] > context->state->first_step[b] ? a : b;
}

/* What the code of a migration may need of the nodes, as far as names tell. */
static NodeId mentioned_by(Pins *pins, NodeId node, NodeRange range, const NodeSet *within)
{
    size_t before = pins->mentions.work;
    NodeId found =
        mentions_latest(&pins->mentions, node_at(pins->context, node)->migration, range, within);
    needs_work(&pins->needs, range.end - range.first + (pins->mentions.work - before) / 64);
    return found;
}

static void find_sufficient(Pins *pins, Pin *pin)
{
    const RuleContext *context = pins->context;
    NodeId child = pin->edge->child, parent = pin->edge->parent, mentioned = NODE_NONE;
    NodeRange app = app_nodes(context, node_at(context, parent)->app);
    NodeSet there = history_of(pins, parent, app);
    NeedList list = {0};
    bool only;
    NodeId first = first_of(context, app, &there, &only);
    needs_collect(&pins->needs, child, &there, &list);
    keep_needs(pins, pin, &list);
    array_free(&list);
    if (pin->unread)
        mentioned = mentioned_by(pins, child, app, &there);
    pin->sufficient =
        later_node(context, pin->need_count ? pin->needs[0].node : NODE_NONE, mentioned);
    if (pin->sufficient == NODE_NONE)
        pin->sufficient = first;
    pin->initial = pin->sufficient != NODE_NONE && is_root(context, pin->sufficient);
    pin->first = pin->initial && pin->sufficient == first && only;
    pin->needed = pin->sufficient == NODE_NONE || pin->sufficient == parent ||
                  !has_all(context, pin, mentioned);
}

/* ---- what is lost ---- */

static NodeRange all_nodes(const RuleContext *context)
{
    return (NodeRange){0, context->graph->node_count};
}

typedef struct Wanted {
    NodeId heir;
    Need need;
} Wanted;

typedef Array(Wanted) WantedList;

/* What those that follow the pinned migration only through this pin need of what is lost. */
static void find_wanted(Pins *pins, const Pin *pin, const NodeSet *lost, WantedList *out)
{
    const RuleContext *context = pins->context;
    const Nodes *plan = &context->state->plan;
    NodeSet below = graph_descendants(context->graph, pin->edge->child, context->scratch);
    needs_work(&pins->needs, context->graph->node_count + context->graph->edge_count);
    clear_bits(pins);
    pins->bits[pin->edge->parent] = 1;
    spread(pins);
    for (uint32_t i = 0; i < plan->count; i++) {
        NodeId node = plan->items[i];
        NeedList list = {0};
        if (!nodeset_has(&below, node) || pins->bits[node])
            continue;
        needs_collect(&pins->needs, node, lost, &list);
        NodeId mentioned = code_needs_unread(context, node)
                               ? mentioned_by(pins, node, all_nodes(context), lost)
                               : NODE_NONE;
        if (mentioned != NODE_NONE)
            array_push(&list, (Need){EVENT_NONE, mentioned, 0, NULL});
        for (uint32_t n = 0; n < list.count; n++)
            array_push(out, (Wanted){node, list.items[n]});
        array_free(&list);
    }
}

/* One bit for each node that is wanted, until there are no more bits. */
static uint64_t bit_of(Map *seen, NodeId node)
{
    uint32_t bit = map_get(seen, node, UINT32_MAX);
    if (bit == UINT32_MAX && seen->count < MOST_WANTED) {
        bit = seen->count;
        map_set(seen, node, bit);
    }
    return bit == UINT32_MAX ? 0 : (uint64_t)1 << bit;
}

static void find_heir(Pins *pins, Pin *pin, const NodeSet *lost)
{
    WantedList wanted = {0};
    Map seen = {0};
    find_wanted(pins, pin, lost, &wanted);
    clear_bits(pins);
    for (uint32_t i = 0; i < wanted.count; i++)
        pins->bits[wanted.items[i].need.node] |= bit_of(&seen, wanted.items[i].need.node);
    if (wanted.count)
        spread(pins);
    for (uint32_t i = 0; i < wanted.count && pin->heir == NODE_NONE; i++) {
        uint64_t bit = bit_of(&seen, wanted.items[i].need.node);
        if (bit && pins->bits[wanted.items[i].heir] & bit)
            continue;
        pin->heir = wanted.items[i].heir;
        pin->heir_need = wanted.items[i].need;
    }
    map_free(&seen);
    array_free(&wanted);
}

/* Of each third app the latest that the migration needs. */
static void find_third(Pins *pins, Pin *pin, const NodeSet *lost)
{
    const Graph *graph = pins->context->graph;
    NeedList list = {0};
    uint32_t kept = 0;
    needs_collect(&pins->needs, pin->edge->child, lost, &list);
    if (list.count)
        qsort(list.items, list.count, sizeof *list.items, by_step);
    for (uint32_t i = 0; i < list.count; i++) {
        bool known = false;
        for (uint32_t k = 0; k < kept; k++)
            known |= graph->nodes[list.items[k].node].app == graph->nodes[list.items[i].node].app;
        if (!known && kept < MOST_THIRD)
            list.items[kept++] = list.items[i];
    }
    pin->third = arena_keep(pins->keep, Need, list.items, kept);
    pin->third_count = kept;
    array_free(&list);
}

static void find_lost(Pins *pins, Pin *pin)
{
    const RuleContext *context = pins->context;
    const Graph *graph = context->graph;
    NodeId child = pin->edge->child;
    NodeSet still = followed(pins, child), lost = followed(pins, pin->edge->parent);
    bool any = false;
    for (uint32_t w = 0; w < lost.word_count; w++)
        any |= (lost.words[w] &= ~still.words[w]) != 0;
    if (!any)
        return;
    for (NodeId node = 0; node < graph->node_count; node++) {
        if (!nodeset_has(&lost, node) || node_at(context, node)->flags & NODE_MISSING)
            continue;
        if (pin->sibling == NODE_NONE && graph->nodes[node].app == graph->nodes[child].app)
            pin->sibling = node;
        if (pin->code == NODE_NONE && has_code(pins, node))
            pin->code = node;
    }
    find_third(pins, pin, &lost);
    find_heir(pins, pin, &lost);
}

/* Puts what is sufficient in its place; of an app that is not used nothing, where other
 * dependencies lead there too. */
static void loosen(Pins *pins, Pin *pin)
{
    NodeId *parent = &pins->parents[pin->edge - pins->context->graph->edges];
    if (!pin->need_count && !pin->unread) {
        *parent = pin->edge->child; /* leads nowhere */
        NodeSet others = followed(pins, pin->edge->child);
        pin->idle = nodeset_has(&others, pin->sufficient);
    }
    if (!pin->idle)
        *parent = pin->sufficient;
}

static Pin judge(Pins *pins, const Edge *edge)
{
    RuleContext *context = pins->context;
    const Graph *graph = context->graph;
    uint32_t index = (uint32_t)(edge - graph->edges);
    Pin pin = {.edge = edge,
               .sufficient = NODE_NONE,
               .code = NODE_NONE,
               .sibling = NODE_NONE,
               .heir = NODE_NONE};
    pin.unread = needs_are_unread(&pins->needs, edge->child, graph->nodes[edge->parent].app);
    find_sufficient(pins, &pin);
    if (pin.needed)
        return pin;
    loosen(pins, &pin);
    if (has_code(pins, edge->parent))
        pin.code = edge->parent;
    find_lost(pins, &pin);
    if (pin_is_doubtful(&pin) || !pins->needs.work_left)
        pins->parents[index] = edge->parent;
    return pin;
}

static const Pin **judge_all(RuleContext *context)
{
    const Graph *graph = context->graph;
    const Pin **verdicts = arena_array(&context->shared->arena, const Pin *, graph->edge_count);
    Pins pins;
    pins_open(&pins, context);
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        if (!take(&pins, &graph->edges[i]))
            continue;
        Pin pin = judge(&pins, &graph->edges[i]);
        if (pins.needs.work_left)
            verdicts[i] = arena_keep(pins.keep, Pin, &pin, 1);
    }
    pins_close(&pins);
    return verdicts;
}

const Pin *pin_of(RuleContext *context, const Edge *edge)
{
    if (!context->shared->pins)
        context->shared->pins = judge_all(context);
    return context->shared->pins[edge - context->graph->edges];
}

Str node_pair(const RuleContext *context, NodeId node)
{
    const Node *at = node_at(context, node);
    return arena_printf(context->scratch, "(\"%.*s\", \"%.*s\")",
                        STR_ARG(context_str(context, at->app)),
                        STR_ARG(context_str(context, at->name)));
}

Str pin_replacement(const RuleContext *context, const Pin *pin)
{
    Str app = context_str(context, node_at(context, pin->sufficient)->app);
    return pin->first ? arena_printf(context->scratch, "(\"%.*s\", \"__first__\")", STR_ARG(app))
                      : node_pair(context, pin->sufficient);
}
