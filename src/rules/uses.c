#include "rules/uses.h"

#include "rules/nodes.h"
#include "rules/problems.h"

#include <stdlib.h>

/* Which uses do not hold. How they are told: use_texts.c. */

enum { MOST_LINEAGES = 1000 }; /* nodes of a project whose ancestors are looked up by one check */

const Migration *use_migration(const RuleContext *context, const StateUse *use)
{
    return &context->project->migrations[use->migration];
}

const Operation *use_operation(const RuleContext *context, const StateUse *use)
{
    return &use_migration(context, use)->operations[use->operation];
}

bool use_is_relation(const StateUse *use)
{
    return use->kind == USE_TARGET || use->kind == USE_THROUGH || use->kind == USE_BASE;
}

/* ---- what the database asks for ---- */

static bool is_through_many(const RuleContext *context, const StateUse *use, ModelId owner,
                            StateAt at)
{
    StateField field;
    return use->kind == USE_TARGET &&
           state_field_at(context->state, owner, use->field, at, &field) == STATE_YES &&
           field.kind == FIELD_MANY && field.through.given;
}

bool use_is_light(const RuleContext *context, const StateUse *use)
{
    if (use->kind == USE_BASE)
        return false;
    if (!use_operation(context, use)->database)
        return true;
    Sym app = node_at(context, use->node)->app;
    StateAt after = {.step = use->step + 1};
    Sym owner = use->kind == USE_FIELD ? use->model : use->owner;
    ModelId model = state_model(context->state, app, owner, after, NULL);
    return model == MODEL_NONE || state_managed_at(context->state, model, after) != STATE_YES ||
           is_through_many(context, use, model, after);
}

/* AlterField of a field that is not there adds it to the state; only the database minds. */
static bool is_silent_alter(const RuleContext *context, const StateUse *use)
{
    return use->kind == USE_FIELD && use_operation(context, use)->kind == OPERATION_ALTER_FIELD &&
           use_is_light(context, use);
}

/* ---- what is not known ---- */

bool uses_is_ancestor(Uses *uses, NodeId node, NodeId of)
{
    if (uses->of != of) {
        uses->looked++;
        uses->of = of;
        uses->above = graph_ancestors(uses->context->graph, of, uses->context->scratch);
    }
    return node == of || nodeset_has(&uses->above, node);
}

enum { LOST_NOTHING, LOST_UNTOLD, LOST_NODE }; /* LOST_NODE + n: node n is missing, as reported */

static uint32_t find_lost(const RuleContext *context, Sym app)
{
    NodeRange range = app_nodes(context, app);
    uint32_t lost = LOST_NOTHING;
    if (state_app_open(context->state, app) != STEP_NONE)
        return LOST_UNTOLD;
    for (NodeId node = range.first; node < range.end; node++) {
        unsigned flags = node_at(context, node)->flags;
        if (!(flags & NODE_MISSING) || flags & NODE_REPLACED)
            continue;
        if (!finding_explaining(context, node))
            return LOST_UNTOLD;
        lost = LOST_NODE + node;
    }
    return lost;
}

/* A file that is missing may be the one that brings it: silent, unless that is reported. */
static bool may_be_lost(Uses *uses, BadUse *bad)
{
    uint32_t lost = map_get(&uses->lost, bad->use->app, UINT32_MAX);
    if (lost == UINT32_MAX) {
        lost = find_lost(uses->context, bad->use->app);
        map_set(&uses->lost, bad->use->app, lost);
    }
    if (lost >= LOST_NODE)
        bad->cause = finding_explaining(uses->context, lost - LOST_NODE);
    return lost == LOST_UNTOLD;
}

static UseVerdict verdict_of_absent(Uses *uses, BadUse *bad)
{
    const StateUse *use = bad->use;
    const StateEvent *later = event_at(uses->context, use->later);
    const StateEvent *gone = event_at(uses->context, use->gone);
    bool unsure = use->ancestors == STATE_UNKNOWN;
    if (is_silent_alter(uses->context, use))
        return USE_HOLDS;
    if (later && later->node == use->node)
        return use_is_relation(use) && use_is_light(uses->context, use) ? USE_HOLDS : USE_ABSENT;
    if (later && unsure)
        return USE_HOLDS;
    if (use->ancestors == STATE_YES) /* nothing took it away where the model is another one */
        return gone ? USE_TAKEN : USE_ABSENT;
    if (later)
        return USE_LATE;
    if (!gone)
        return may_be_lost(uses, bad) ? USE_HOLDS : USE_ABSENT;
    return unsure && !uses_is_ancestor(uses, gone->node, use->node) ? USE_HOLDS : USE_ABSENT;
}

/* ---- settings ---- */

static bool lists_setting(const Migration *migration, Sym setting)
{
    for (uint32_t i = 0; migration && i < migration->dependencies.count; i++)
        if (migration->dependencies.items[i].kind == DEPENDENCY_SWAPPABLE &&
            migration->dependencies.items[i].setting == setting)
            return true;
    return false;
}

static bool lists_or_follows(Uses *uses, NodeId of, Sym setting)
{
    const RuleContext *context = uses->context;
    if (uses->node == of && uses->setting == setting)
        return uses->listed;
    uses->node = of;
    uses->setting = setting;
    uses->listed = false;
    for (NodeId node = 0; node < context->graph->node_count && !uses->listed; node++)
        uses->listed = uses_is_ancestor(uses, node, of) &&
                       lists_setting(node_migration(context, node), setting);
    return uses->listed;
}

/* swappable_dependency() of the setting, here or before, is all that Django offers. Without
 * settings at hand nobody knows what it names. */
static bool is_swappable(Uses *uses, const StateUse *use)
{
    return use->setting && (!uses->context->project->settings.path_count ||
                            lists_or_follows(uses, use->node, use->setting));
}

static UseVerdict verdict_of(Uses *uses, BadUse *bad)
{
    const StateUse *use = bad->use;
    const Migration *migration = use_migration(uses->context, use);
    if ((use->full != STATE_NO && use->ancestors != STATE_NO) || use->full == STATE_UNKNOWN ||
        !node_is_own(uses->context, use->node) || !node_is_live(uses->context, use->node) ||
        migration->status != MIGRATION_READ || uses->looked > MOST_LINEAGES)
        return USE_HOLDS;
    if (use->full == STATE_NO)
        return verdict_of_absent(uses, bad);
    return is_swappable(uses, use) ? USE_HOLDS : USE_LUCKY;
}

void uses_find(Uses *uses, bool (*wanted)(const BadUse *bad), BadUses *out)
{
    const State *state = uses->context->state;
    uses->of = uses->node = NODE_NONE;
    for (uint32_t i = 0; i < state->use_count; i++) {
        BadUse bad = {.use = &state->uses[i]};
        bad.verdict = verdict_of(uses, &bad);
        if (bad.verdict != USE_HOLDS && wanted(&bad))
            array_push(out, bad);
    }
}

void uses_find_lookups(Uses *uses, BadUses *out)
{
    const State *state = uses->context->state;
    uses->of = uses->node = NODE_NONE;
    for (uint32_t i = 0; i < state->lookup_count; i++) {
        BadUse bad = {.use = &state->lookups[i]};
        bad.verdict = verdict_of(uses, &bad);
        if (bad.verdict != USE_HOLDS)
            array_push(out, bad);
    }
}

/* ---- groups ---- */

static int order_of(uint32_t a, uint32_t b)
{
    return a < b ? -1 : a > b;
}

static int by_thing(const StateUse *a, const StateUse *b)
{
    const uint32_t left[] = {a->app, a->model, a->kind == USE_FIELD ? a->field : 0, a->gone,
                             a->later};
    const uint32_t right[] = {b->app, b->model, b->kind == USE_FIELD ? b->field : 0, b->gone,
                              b->later};
    int order = 0;
    for (size_t i = 0; i < sizeof left / sizeof *left && !order; i++)
        order = order_of(left[i], right[i]);
    return order;
}

/* Uses stand in the state by step: their addresses order them. */
static int by_thing_and_step(const void *a, const void *b)
{
    const BadUse *left = a, *right = b;
    int order = by_thing(left->use, right->use);
    return order ? order : left->use < right->use ? -1 : left->use > right->use;
}

static int by_first(const void *a, const void *b)
{
    const UseGroup *left = a, *right = b;
    return left->items->use < right->items->use ? -1 : left->items->use > right->items->use;
}

void uses_group(BadUses *uses, UseGroups *out)
{
    if (!uses->count)
        return;
    qsort(uses->items, uses->count, sizeof *uses->items, by_thing_and_step);
    for (uint32_t i = 0; i < uses->count; i++) {
        BadUse *at = &uses->items[i];
        if (!i || by_thing(at[-1].use, at->use))
            array_push(out, (UseGroup){at, 0});
        array_last(out)->count++;
    }
    qsort(out->items, out->count, sizeof *out->items, by_first);
}

void uses_free(Uses *uses)
{
    map_free(&uses->lost);
}

void follow_use_cause(RuleContext *context, Finding *finding, const BadUse *bad)
{
    const StateUse *use = bad->use;
    Finding *cause =
        bad->cause ? bad->cause : finding_explaining_model(context, use->app, use->model);
    EventId other = bad->verdict == USE_TAKEN   ? use->gone
                    : bad->verdict == USE_LATE  ? use->later
                    : bad->verdict == USE_LUCKY ? use->provider
                                                : EVENT_NONE;
    if (cause)
        finding_follows_from(context, finding, cause);
    else if (use->app == node_at(context, use->node)->app)
        follow_cause(context, finding, use->node, other);
}
