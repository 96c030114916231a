#include "rules/arguments.h"
#include "rules/events.h"
#include "rules/nodes.h"
#include "rules/problems.h"

/*
 * MG010: files that came back. When an app's migrations are thrown away and its initial one is made
 * anew, a merge may bring deleted files back; what follows the new initial migration and adds only
 * what that has already is such a file.
 */

enum { MOST_JUDGED = 2000 }; /* migrations of a project whose operations are looked at */

typedef enum Role {
    ROLE_NONE,
    ROLE_INITIAL,
    ROLE_REPEATS, /* adds nothing that the initial migrations and others like it have not */
} Role;

/* What one operation does to the state that the migration's ancestors leave. */
typedef enum Effect {
    EFFECT_NEW,     /* something that was not so before; or it is not known */
    EFFECT_NOTHING, /* neither */
    EFFECT_REPEATED,
} Effect;

typedef struct Repeater {
    RuleContext *context;
    NodeId node;
    const Migration *migration;
    NodeSet above;
    const Operation *operation;
    StateAt before; /* the migration: what it takes away itself is no repetition anyhow */
    StateAt after;  /* the operation */
    EventId first;  /* what brought the first thing that is repeated; EVENT_NONE */
    bool sql;       /* something before may have changed the database behind the state */
} Repeater;

/* ---- operations ----------------------------------------------------------- */

static Sym text_argument(const Repeater *repeater, Str name)
{
    const Interner *interner = &repeater->context->workspace->interner;
    return intern_find(interner, operation_text(interner, repeater->operation, name));
}

static ModelId model_named(const Repeater *repeater, Str argument, StateAt at)
{
    const State *state = repeater->context->state;
    Sym name = text_argument(repeater, argument);
    return name ? state_model(state, node_at(repeater->context, repeater->node)->app,
                              state_lowered(state, name), at, NULL)
                : MODEL_NONE;
}

static ModelState *model_at(const Repeater *repeater, ModelId model, StateAt at)
{
    return state_model_at(repeater->context->state, model, at, repeater->context->scratch);
}

static bool same_target(const StateTarget *a, const StateTarget *b)
{
    return a->given == b->given && a->app == b->app && a->model == b->model;
}

static bool same_field(const StateField *a, const StateField *b)
{
    return a->class_path && a->class_path == b->class_path && a->kind == b->kind &&
           same_target(&a->to, &b->to) && same_target(&a->through, &b->through);
}

static void repeats(Repeater *repeater, EventId event)
{
    if (repeater->first == EVENT_NONE)
        repeater->first = event;
}

/* Whether the model has all that is wanted. */
static bool has_fields(const ModelState *model, const ModelState *wanted)
{
    Map names = {0};
    bool all = true;
    for (uint32_t i = 0; i < model->field_count; i++)
        map_set(&names, model->fields[i].name, i);
    for (uint32_t i = 0; i < wanted->field_count && all; i++) {
        uint32_t at = map_get(&names, wanted->fields[i].name, UINT32_MAX);
        all = at != UINT32_MAX && same_field(&model->fields[at], &wanted->fields[i]);
    }
    map_free(&names);
    return all;
}

static Effect effect_of_model(Repeater *repeater)
{
    ModelId old = model_named(repeater, S("name"), repeater->before);
    ModelId new = model_named(repeater, S("name"), repeater->after);
    if (old == MODEL_NONE || new == MODEL_NONE || old == new)
        return EFFECT_NEW;
    const ModelState *was = model_at(repeater, old, repeater->before);
    const ModelState *made = model_at(repeater, new, repeater->after);
    if (was->open || made->open || was->proxy != made->proxy || !has_fields(was, made))
        return EFFECT_NEW;
    repeats(repeater, was->created);
    return EFFECT_REPEATED;
}

/* AddField repeats a field, AlterField leaves it as it is. */
static Effect effect_of_field(Repeater *repeater, bool adds)
{
    const State *state = repeater->context->state;
    StateField was, made;
    ModelId model = model_named(repeater, S("model_name"), repeater->before);
    Sym name = text_argument(repeater, S("name"));
    if (model == MODEL_NONE || !name ||
        state_field_at(state, model, name, repeater->before, &was) != STATE_YES ||
        state_field_at(state, model, name, repeater->after, &made) != STATE_YES ||
        !same_field(&was, &made))
        return EFFECT_NEW;
    if (!adds)
        return EFFECT_NOTHING;
    repeats(repeater, was.created);
    return EFFECT_REPEATED;
}

/* The event of that kind that the operation brought; NULL. */
static const StateEvent *event_of(const Repeater *repeater, EventKind kind)
{
    const State *state = repeater->context->state;
    Step step = repeater->after.step - 1;
    uint32_t low = 0, high = state->event_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (state->events[middle].step < step)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < state->event_count && state->events[low].step == step; low++)
        if (state->events[low].kind == kind)
            return &state->events[low];
    return NULL;
}

/* AddIndex and AddConstraint of what the model has already. */
static Effect effect_of_index(const Repeater *repeater, bool constraint)
{
    ModelId model = model_named(repeater, S("model_name"), repeater->before);
    const StateEvent *event =
        event_of(repeater, constraint ? EVENT_CONSTRAINT_ADDED : EVENT_INDEX_ADDED);
    if (model == MODEL_NONE || !event || !event->name)
        return EFFECT_NEW;
    const ModelState *was = model_at(repeater, model, repeater->before);
    const StateIndex *all = constraint ? was->constraints : was->indexes;
    uint32_t count = constraint ? was->constraint_count : was->index_count;
    for (uint32_t i = 0; i < count; i++)
        if (all[i].name == event->name)
            return EFFECT_NOTHING;
    return EFFECT_NEW;
}

/* What is to be taken away is not there: it had gone when the initial migration was made. */
static Effect effect_of_removal(const Repeater *repeater, bool of_field)
{
    const State *state = repeater->context->state;
    ModelId model = model_named(repeater, of_field ? S("model_name") : S("name"), repeater->before);
    Sym field = of_field ? text_argument(repeater, S("name")) : SYM_NONE;
    if (model == MODEL_NONE)
        return EFFECT_NOTHING;
    return field && state_has_field(state, model, field, repeater->before) == STATE_NO
               ? EFFECT_NOTHING
               : EFFECT_NEW;
}

static const StateOption *option_of(const ModelState *model, Sym name)
{
    for (uint32_t i = 0; i < model->option_count; i++)
        if (model->options[i].name == name)
            return &model->options[i];
    return NULL;
}

static bool same_names(const StateNames *a, const StateNames *b)
{
    return a->count == b->count &&
           (!a->count || !memcmp(a->items, b->items, a->count * sizeof *a->items));
}

/* AlterUniqueTogether to what is so already. */
static Effect effect_of_together(const Repeater *repeater)
{
    Sym name = intern_find(&repeater->context->workspace->interner, S("unique_together"));
    ModelId model = model_named(repeater, S("name"), repeater->before);
    if (model == MODEL_NONE)
        return EFFECT_NEW;
    const StateOption *was = option_of(model_at(repeater, model, repeater->before), name);
    const StateOption *made = option_of(model_at(repeater, model, repeater->after), name);
    bool same = was && made && was->groups_known && made->groups_known &&
                was->group_count == made->group_count;
    for (uint32_t i = 0; same && i < was->group_count; i++)
        same = same_names(&was->groups[i], &made->groups[i]);
    return same ? EFFECT_NOTHING : EFFECT_NEW;
}

static Effect effect_of(Repeater *repeater)
{
    const Operation *operation = repeater->operation;
    if (operation->maybe || !operation->state || !operation->database)
        return EFFECT_NEW;
    switch (operation->kind) {
    case OPERATION_CREATE_MODEL:
        return effect_of_model(repeater);
    case OPERATION_ADD_FIELD:
        return effect_of_field(repeater, true);
    case OPERATION_ALTER_FIELD:
        return effect_of_field(repeater, false);
    case OPERATION_ADD_INDEX:
    case OPERATION_ADD_CONSTRAINT:
        return effect_of_index(repeater, operation->kind == OPERATION_ADD_CONSTRAINT);
    case OPERATION_REMOVE_FIELD:
        return effect_of_removal(repeater, true);
    case OPERATION_DELETE_MODEL:
        return effect_of_removal(repeater, false);
    case OPERATION_ALTER_UNIQUE_TOGETHER:
        return effect_of_together(repeater);
    case OPERATION_ALTER_MODEL_OPTIONS:
    case OPERATION_ALTER_MODEL_MANAGERS:
    case OPERATION_RUN_PYTHON:
        return EFFECT_NOTHING;
    case OPERATION_RUN_SQL:
        repeater->sql = true;
        return EFFECT_NOTHING;
    default:
        return EFFECT_NEW;
    }
}

/* ---- migrations ----------------------------------------------------------- */

static bool runs_sql(const RuleContext *context, const NodeSet *above, NodeRange app)
{
    for (NodeId node = app.first; node < app.end; node++) {
        const Migration *migration =
            nodeset_has(above, node) ? node_migration(context, node) : NULL;
        for (uint32_t i = 0; migration && i < migration->operation_count; i++)
            if (migration->operations[i].kind == OPERATION_RUN_SQL ||
                migration->operations[i].kind == OPERATION_OPAQUE)
                return true;
    }
    return false;
}

/* Every operation repeats something or does nothing, and at least one repeats. */
static bool repeats_all(Repeater *repeater)
{
    const Migration *migration = repeater->migration;
    const State *state = repeater->context->state;
    repeater->above =
        graph_ancestors(repeater->context->graph, repeater->node, repeater->context->scratch);
    repeater->before =
        state_narrowed(state_before(state, repeater->node, 0), repeater->node, &repeater->above);
    bool repeated = false;
    for (uint32_t i = 0; i < migration->operation_count; i++) {
        repeater->operation = &migration->operations[i];
        repeater->after = repeater->before;
        repeater->after.step += i + 1;
        Effect effect = effect_of(repeater);
        if (effect == EFFECT_NEW)
            return false;
        repeated |= effect == EFFECT_REPEATED;
    }
    return repeated;
}

/* Its parents in its own app all have a role; `*parents`: there are some. */
static bool follows_roles(const RuleContext *context, const uint8_t *roles, NodeId node,
                          bool *parents)
{
    bool all = true;
    *parents = false;
    EACH_PARENT_EDGE(context->graph, node, edge)
    {
        if (node_at(context, edge->parent)->app != node_at(context, node)->app)
            continue;
        *parents = true;
        all &= roles[edge->parent] != ROLE_NONE;
    }
    return all;
}

static bool is_initial(const Migration *migration)
{
    const Value *value = migration->initial.id
                             ? value_at(&migration->initial.module->values, migration->initial.id)
                             : NULL;
    return value && value->kind == VALUE_BOOL && value->u.boolean;
}

/* Whether it may have a role at all, by where it stands. */
static bool may_have_role(const Repeater *repeater)
{
    const RuleContext *context = repeater->context;
    const Migration *migration = repeater->migration;
    return migration && node_is_own(context, repeater->node) &&
           node_is_live(context, repeater->node) && !migration_is_open(migration) &&
           !migration->operations_open;
}

/* An initial migration in several parts can come back, too. */
static Role role_of(Repeater *repeater, const uint8_t *roles, uint32_t *judged)
{
    bool parents;
    if (!may_have_role(repeater) ||
        !follows_roles(repeater->context, roles, repeater->node, &parents))
        return ROLE_NONE;
    if (parents && (*judged)++ < MOST_JUDGED && repeats_all(repeater))
        return ROLE_REPEATS;
    return !parents || is_initial(repeater->migration) ? ROLE_INITIAL : ROLE_NONE;
}

/* ---- reporting ------------------------------------------------------------ */

static uint32_t first_problem(const State *state, Step step)
{
    uint32_t low = 0, high = state->problem_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (state->problems[middle].step < step)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* What a fresh database objects to; not when SQL may have made room before. */
static bool is_refused(const Repeater *repeater)
{
    const RuleContext *context = repeater->context;
    const State *state = context->state;
    NodeRange app = app_nodes(context, node_at(context, repeater->node)->app);
    if (repeater->sql || runs_sql(context, &repeater->above, app))
        return false;
    for (uint32_t i = first_problem(state, state->first_step[repeater->node]);
         i < state->problem_count && state->problems[i].node == repeater->node; i++) {
        const StateProblem *problem = &state->problems[i];
        bool exists =
            problem->kind == PROBLEM_MODEL_EXISTS || problem->kind == PROBLEM_FIELD_EXISTS;
        if (exists && (problem->tolerance == TOLERATED_NOWHERE ||
                       (problem->tolerance == TOLERATED_BY_SQLITE && !only_sqlite(context))))
            return true;
    }
    return false;
}

static bool runs_python(const Migration *migration)
{
    for (uint32_t i = 0; i < migration->operation_count; i++)
        if (migration->operations[i].kind == OPERATION_RUN_PYTHON)
            return true;
    return false;
}

static Finding *report_first(const Repeater *repeater)
{
    RuleContext *context = repeater->context;
    Str name = node_text(context, repeater->node);
    Str initial = node_text(context, event_at(context, repeater->first)->node);
    Finding *cause = finding_explaining(context, repeater->node);
    Finding *finding = report_migration(
        context, repeater->migration, node_place(context, repeater->node),
        "`%.*s` only repeats what `%.*s` has made already", STR_ARG(name), STR_ARG(initial));
    note_event(context, finding, repeater->first);
    if (is_refused(repeater)) {
        finding->severity = SEVERITY_ERROR;
        finding_note(context, finding, (Place){0}, "a fresh `migrate` fails on it");
    }
    if (runs_python(repeater->migration))
        finding_note(context, finding, (Place){0},
                     "it also runs Python: a new database may need what that does");
    finding_help(context, finding,
                 "if it came back after the migrations were made anew, delete it, and let what "
                 "depends on it depend on `%.*s`",
                 STR_ARG(initial));
    if (cause)
        finding_follows_from(context, finding, cause);
    return finding;
}

/* One finding for an app: files that came back mostly came together. */
static void report_repeater(const Repeater *repeater, Map *findings, Finding **firsts)
{
    enum { MOST_FURTHER = 20 };
    RuleContext *context = repeater->context;
    Sym app = node_at(context, repeater->node)->app;
    uint32_t index = map_get(findings, app, UINT32_MAX);
    Finding *finding = index == UINT32_MAX ? report_first(repeater) : firsts[index];
    if (index == UINT32_MAX) {
        firsts[findings->count] = finding;
        map_set(findings, app, findings->count);
    } else if (finding->note_count < MOST_FURTHER) {
        finding_note(context, finding, node_place(context, repeater->node),
                     "`%.*s` does nothing else either",
                     STR_ARG(node_text(context, repeater->node)));
        if (finding->severity < SEVERITY_ERROR && is_refused(repeater))
            finding->severity = SEVERITY_ERROR;
    }
    finding_explains(context, finding, repeater->node);
}

void check_resurrected_file(RuleContext *context)
{
    const Nodes *plan = &context->state->plan;
    uint8_t *roles = arena_array(context->scratch, uint8_t, context->graph->node_count);
    Finding **firsts = arena_array(context->scratch, Finding *, context->project->app_count);
    Map findings = {0};
    uint32_t judged = 0;
    for (uint32_t i = 0; i < plan->count; i++) {
        NodeId node = plan->items[i];
        Repeater repeater = {.context = context,
                             .node = node,
                             .migration = node_migration(context, node),
                             .first = EVENT_NONE};
        roles[node] = (uint8_t)role_of(&repeater, roles, &judged);
        if (roles[node] == ROLE_REPEATS)
            report_repeater(&repeater, &findings, firsts);
    }
    map_free(&findings);
}
