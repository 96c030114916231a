#include "rules/clashes.h"
#include "rules/problems.h"
#include "rules/sides.h"

/*
 * MG404: what both this and another branch change since they parted, where it matters which of
 * them comes first, or where one of them no longer goes through.
 */

enum { OURS = 1, THEIRS = 2, MOST_OVERLAPS = 100 };

typedef struct Overlaps {
    Sides sides;
    RuleContext merged; /* with its state */
    uint8_t *side;      /* by node: OURS, THEIRS, or both or neither has it */
    Map told;           /* (our node, their node) → 1 */
    uint32_t count;
} Overlaps;

/* What one side does to the thing. */
typedef struct Doing {
    NodeId node;
    Place place;
    Str text; /* empty: the migration says enough */
} Doing;

static Doing doing_event(const Overlaps *overlaps, EventId id)
{
    const RuleContext *merged = &overlaps->merged;
    return (Doing){event_at(merged, id)->node, event_place(merged, id), event_text(merged, id)};
}

static void note_doing(Overlaps *overlaps, Finding *finding, Doing theirs)
{
    const Sides *sides = &overlaps->sides;
    const Migration *migration = side_migration(&sides->theirs, merged_key(sides, theirs.node));
    if (migration)
        finding_note(sides->context, finding, (Place){0}, "theirs is `%.*s:%.*s`%s%.*s",
                     STR_ARG(sides->branch->name), STR_ARG(migration->path),
                     theirs.text.len ? ": " : "", STR_ARG(theirs.text));
}

static void report_overlap(Overlaps *overlaps, Str thing, Doing ours, Doing theirs, const char *why)
{
    RuleContext *context = overlaps->sides.context;
    Key key = merged_key(&overlaps->sides, ours.node);
    Key their_key = merged_key(&overlaps->sides, theirs.node);
    const Migration *migration = side_migration(&overlaps->sides.ours, key);
    uint64_t pair = map_key(ours.node, theirs.node);
    if (!migration || map_has(&overlaps->told, pair) || overlaps->count == MOST_OVERLAPS)
        return;
    map_set(&overlaps->told, pair, 1);
    overlaps->count++;
    Place place = ours.place.path.len ? ours.place : migration->class_place;
    Finding *finding =
        report_migration(context, migration, place, "this and `%.*s` both change %.*s: %s",
                         STR_ARG(overlaps->sides.branch->name), STR_ARG(thing), why);
    if (ours.text.len)
        finding_note(context, finding, (Place){0}, "here %.*s", STR_ARG(ours.text));
    note_doing(overlaps, finding, theirs);
    finding_help(context, finding,
                 "merge `%.*s`, let `%.*s` depend on `%.*s` and change what is there then",
                 STR_ARG(overlaps->sides.branch->name), STR_ARG(key.name), STR_ARG(their_key.name));
    /* The app's lines have to be joined anyway. */
    Finding *cause =
        finding_about(context, check_conflicts_with_base, key.app, overlaps->sides.branch);
    if (cause)
        finding_follows_from(context, finding, cause);
}

/* Either way round; nothing where both stand on one side. */
static void report_pair(Overlaps *overlaps, Str thing, Doing one, Doing other, const char *why)
{
    uint8_t first = overlaps->side[one.node], second = overlaps->side[other.node];
    if (first == OURS && second == THEIRS)
        report_overlap(overlaps, thing, one, other, why);
    else if (first == THEIRS && second == OURS)
        report_overlap(overlaps, thing, other, one, why);
}

/* ---- what no longer goes through ------------------------------------------ */

static Str named(const Overlaps *overlaps, Sym app, Sym model, Sym field, Step step)
{
    const RuleContext *merged = &overlaps->merged;
    return arena_printf(merged->scratch, "`%.*s%s%.*s`",
                        STR_ARG(model_text(merged, app, model, step)), field ? "." : "",
                        STR_ARG(context_str(merged, field)));
}

static bool is_tolerated(const Overlaps *overlaps, const StateProblem *problem)
{
    return problem->tolerance == TOLERATED ||
           (problem->tolerance == TOLERATED_BY_SQLITE && only_sqlite(&overlaps->merged));
}

static void check_problems(Overlaps *overlaps)
{
    const State *state = overlaps->merged.state;
    for (uint32_t i = 0; i < state->problem_count; i++) {
        const StateProblem *problem = &state->problems[i];
        if (is_tolerated(overlaps, problem) || problem->earlier == EVENT_NONE ||
            !overlaps->side[problem->node])
            continue;
        report_pair(overlaps,
                    named(overlaps, problem->app, problem->model, problem->field, problem->step),
                    (Doing){problem->node, problem->place, {0}},
                    doing_event(overlaps, problem->earlier), "they do not fit together");
    }
}

static void check_uses(Overlaps *overlaps)
{
    const State *state = overlaps->merged.state;
    for (uint32_t i = 0; i < state->use_count; i++) {
        const StateUse *use = &state->uses[i];
        if (use->full != STATE_NO || use->gone == EVENT_NONE || !overlaps->side[use->node])
            continue;
        Sym field = use->kind == USE_FIELD ? use->field : SYM_NONE;
        report_pair(overlaps, named(overlaps, use->app, use->model, field, use->step),
                    (Doing){use->node, use->place, {0}}, doing_event(overlaps, use->gone),
                    "one takes away what the other needs");
    }
}

/* ---- what depends on the order --------------------------------------------- */

static void check_touched(Overlaps *overlaps, Clashes *clashes, const Touched *touched)
{
    if (touched->count != 2)
        return;
    EventId a = touched->sides[0].event, b = touched->sides[1].event;
    EventId earlier = a < b ? a : b, later = a < b ? b : a;
    Clash clash = clash_of(clashes, earlier, later);
    if (clash == CLASH_NONE)
        return;
    bool model = ends_name(event_at(&overlaps->merged, later));
    report_pair(overlaps, clash_thing(&overlaps->merged, model ? later : earlier),
                doing_event(overlaps, earlier), doing_event(overlaps, later),
                clash == CLASH_OVERWRITES ? "one undoes the other"
                                          : "one takes away what the other needs");
}

static void check_events(Overlaps *overlaps)
{
    const State *state = overlaps->merged.state;
    Clashes clashes = clashes_open(&overlaps->merged);
    for (EventId id = 0; id < state->event_count; id++)
        if (overlaps->side[state->events[id].node])
            clashes_touch(&clashes, id, overlaps->side[state->events[id].node]);
    for (uint32_t i = 0; i < clashes.touched.count; i++)
        check_touched(overlaps, &clashes, &clashes.touched.items[i]);
    clashes_free(&clashes);
}

/* False when one side has nothing of its own. */
static bool find_sides(Overlaps *overlaps)
{
    const Sides *sides = &overlaps->sides;
    const Graph *graph = sides->merged.graph;
    uint8_t all = 0;
    overlaps->side = arena_array(sides->context->scratch, uint8_t, graph->node_count + 1);
    for (NodeId node = 0; node < graph->node_count; node++) {
        if (!node_is_own(&sides->merged, node) || !node_is_live(&sides->merged, node))
            continue;
        overlaps->side[node] = only_ours(sides, node)     ? OURS
                               : only_theirs(sides, node) ? THEIRS
                                                          : 0;
        all |= overlaps->side[node];
    }
    return all == (OURS | THEIRS);
}

void check_overlaps_with_base(RuleContext *context)
{
    for (uint32_t b = 0; b < context->branch_count; b++) {
        const Branch *branch = &context->branches[b];
        Overlaps overlaps = {0};
        if (!sides_open(&overlaps.sides, context, branch) || !find_sides(&overlaps))
            continue;
        const Analysis *analysis = &branch->merged.analyse(
            branch->merged
                .self)[overlaps.sides.merged.project - branch->merged.workspace->projects];
        overlaps.merged = overlaps.sides.merged;
        overlaps.merged.state = analysis->state;
        overlaps.merged.registry = analysis->registry;
        overlaps.merged.drift = analysis->drift;
        check_problems(&overlaps);
        check_uses(&overlaps);
        check_events(&overlaps);
        map_free(&overlaps.told);
    }
}
