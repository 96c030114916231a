#include "rules/events.h"
#include "rules/pin.h"

#include <stdlib.h>

/* MG113: two apps that depend on each other's later migrations. */

enum { MOST_TOLD = 5, MOST_ENTANGLED = 200 };

/* A dependency of one app on a later migration of another. */
typedef struct Tie {
    AppId child, parent;
    const Edge *edge;
    Step step;      /* of the child */
    const Pin *pin; /* NULL: not judged */
} Tie;

/* All ties of one app to another. */
typedef struct Side {
    const Tie *ties;
    uint32_t count, held; /* `held`: those that cannot surely name the other app's first one */
} Side;

static bool is_held(const Tie *tie)
{
    return !tie->pin || tie->pin->needed || !tie->pin->initial || pin_is_doubtful(tie->pin);
}

static uint64_t pair_of(const Tie *tie)
{
    return tie->child < tie->parent ? map_key(tie->child, tie->parent)
                                    : map_key(tie->parent, tie->child);
}

/* By pair of apps, the two sides one after the other, each in the order of the plan. */
static int by_pair(const void *a, const void *b)
{
    const Tie *left = a, *right = b;
    if (pair_of(left) != pair_of(right))
        return pair_of(left) < pair_of(right) ? -1 : 1;
    if (left->child != right->child)
        return left->child < right->child ? -1 : 1;
    if (left->step != right->step)
        return left->step < right->step ? -1 : 1;
    return (left->edge > right->edge) - (left->edge < right->edge);
}

typedef Array(Tie) Ties;

static AppId app_at(const RuleContext *context, NodeId node)
{
    return project_app(context->project, node_at(context, node)->app);
}

static void find_ties(RuleContext *context, Ties *ties)
{
    const Graph *graph = context->graph;
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        const Edge *edge = &graph->edges[i];
        if (!edge_ties(context, edge))
            continue;
        Tie tie = {.child = app_at(context, edge->child),
                   .parent = app_at(context, edge->parent),
                   .edge = edge,
                   .step = context->state->first_step[edge->child],
                   .pin = pin_of(context, edge)};
        array_push(ties, tie);
    }
}

/* ---- what is told ---- */

static Str label_of(const RuleContext *context, AppId app)
{
    return context_str(context, context->project->apps[app].label);
}

/* Whether, and by what, the tie may be replaced. */
static Str verdict(const RuleContext *context, const Tie *tie)
{
    const Pin *pin = tie->pin;
    if (tie->edge->kind == EDGE_RUN_BEFORE)
        return S(", by `run_before`");
    if (!pin)
        return (Str){0};
    if (pin->needed &&
        (!pin->need_count || !pin->needs[0].use || pin->needs[0].event == EVENT_NONE))
        return S(", which it may need");
    if (pin->needed)
        return arena_printf(context->scratch, ", which it needs: %.*s",
                            STR_ARG(event_text(context, pin->needs[0].event)));
    return arena_printf(context->scratch, "; %.*s %s", STR_ARG(pin_replacement(context, pin)),
                        pin_is_doubtful(pin) ? "may be enough" : "is enough");
}

static void note_side(RuleContext *context, Finding *finding, const Side *side)
{
    for (uint32_t i = 0; i < side->count && i < MOST_TOLD; i++) {
        const Tie *tie = &side->ties[i];
        finding_note(context, finding, graph_edge_place(context->graph, tie->edge),
                     "`%.*s` depends on `%.*s`%.*s", STR_ARG(node_text(context, tie->edge->child)),
                     STR_ARG(node_text(context, tie->edge->parent)),
                     STR_ARG(verdict(context, tie)));
    }
    if (side->count > MOST_TOLD)
        finding_note(context, finding, (Place){0}, "%u more of `%.*s` on `%.*s`",
                     side->count - MOST_TOLD, STR_ARG(label_of(context, side->ties->child)),
                     STR_ARG(label_of(context, side->ties->parent)));
}

static void help_side(RuleContext *context, Finding *finding, const Side *side)
{
    const Tie *tie = side->ties;
    Str child = label_of(context, tie->child), parent = label_of(context, tie->parent);
    const char *place = side->count > 1 ? "in these places" : "here";
    if (!side->held)
        finding_help(context, finding, "write %.*s %s: then nothing of `%.*s` holds `%.*s`",
                     STR_ARG(pin_replacement(context, tie->pin)), place, STR_ARG(child),
                     STR_ARG(parent));
    else if (side->held < side->count)
        finding_help(context, finding,
                     "`__first__` is enough in %u of these %u places; while the others are needed, "
                     "reset or squash both apps together",
                     side->count - side->held, side->count);
    else
        finding_help(context, finding,
                     "while what is named %s is needed, reset or squash both apps together", place);
}

static void report_pair(RuleContext *context, const Side *cut, const Side *other)
{
    const Edge *edge = cut->ties->edge, *back = other->ties->edge;
    Str child = label_of(context, cut->ties->child), parent = label_of(context, cut->ties->parent);
    Finding *finding = report_migration(
        context, &context->project->migrations[edge->origin],
        graph_edge_place(context->graph, edge),
        "`%.*s` and `%.*s` depend on later migrations of each other: neither can be reset, "
        "squashed or removed alone",
        STR_ARG(child), STR_ARG(parent));
    note_side(context, finding, cut);
    finding_note(context, finding, graph_edge_place(context->graph, back),
                 "`%.*s` depends on later migrations of `%.*s` %s: `%.*s` on `%.*s`",
                 STR_ARG(parent), STR_ARG(child), other->count > 1 ? "too, first here" : "here",
                 STR_ARG(node_text(context, back->child)),
                 STR_ARG(node_text(context, back->parent)));
    help_side(context, finding, cut);
}

static Side side_of(const Tie *ties, uint32_t count)
{
    Side side = {.ties = ties};
    while (side.count < count && ties[side.count].child == ties->child)
        side.held += is_held(&ties[side.count++]);
    return side;
}

/* The side that is easier to cut: fewer that hold, then fewer at all. */
static bool is_easier(const Side *a, const Side *b)
{
    return a->held != b->held ? a->held < b->held : a->count <= b->count;
}

void check_entangled_apps(RuleContext *context)
{
    Ties ties = {0};
    uint32_t reported = 0;
    find_ties(context, &ties);
    if (ties.count)
        qsort(ties.items, ties.count, sizeof *ties.items, by_pair);
    for (uint32_t i = 0, end; i < ties.count && reported < MOST_ENTANGLED; i = end) {
        for (end = i + 1; end < ties.count && pair_of(&ties.items[end]) == pair_of(&ties.items[i]);)
            end++;
        Side one = side_of(&ties.items[i], end - i);
        Side two = {0};
        if (one.count == end - i)
            continue;
        two = side_of(&ties.items[i + one.count], end - i - one.count);
        bool first = is_easier(&one, &two);
        report_pair(context, first ? &one : &two, first ? &two : &one);
        reported++;
    }
    array_free(&ties);
}
