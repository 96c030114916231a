#include "rules/events.h"
#include "rules/nodes.h"

/*
 * MG210, MG211: the model that AUTH_USER_MODEL names.
 *
 * Only what the project's own settings say counts: a library without any works with every user
 * model, and what its tests choose is not what its users choose.
 */

typedef struct UserModel {
    Sym app, lower;
    Str text;    /* as the settings have it */
    Place place; /* where they say it */
} UserModel;

static bool read_user_model(const RuleContext *context, UserModel *user)
{
    const Setting *setting = &context->project->settings.auth_user_model;
    if (setting->contradictory || !setting->value.id)
        return false;
    StateTarget target = state_target(context->state, setting->value, SYM_NONE, SYM_NONE);
    if (!target.app || !target.model)
        return false;
    *user =
        (UserModel){target.app, target.model, context_str(context, target.text), setting->place};
    return true;
}

/* ---- MG210 ---- */

static bool is_auth_user(const RuleContext *context, Sym app, Sym lower)
{
    return str_eq(context_str(context, app), S("auth")) &&
           str_eq(context_str(context, lower), S("user"));
}

/* Another app may be called "auth" too. */
static bool has_own_auth(const RuleContext *context)
{
    const Project *project = context->project;
    AppId id = project_app(project, intern_find(&context->workspace->interner, S("auth")));
    return id != APP_NONE && project->apps[id].origin != APP_CONTRIB &&
           project->apps[id].origin != APP_INSTALLED;
}

/* A user model that took over the table of auth.User: what points there still finds it. */
static bool has_table_of_auth(const RuleContext *context, const UserModel *user)
{
    StateAnswer answer;
    StateAt end = state_end(context->state);
    ModelId model = state_model(context->state, user->app, user->lower, end, &answer);
    if (model == MODEL_NONE)
        return true; /* not at hand: its table is not known */
    const ModelState *at = state_model_at(context->state, model, end, context->scratch);
    Str table = state_table(context->state, at, context->scratch);
    return !table.len || str_eq(table, S("auth_user"));
}

static bool is_hard_coded(const RuleContext *context, const StateUse *use)
{
    return (use->kind == USE_TARGET || use->kind == USE_BASE) && !use->setting &&
           use->migration != MIGRATION_NONE && node_is_own(context, use->node) &&
           is_auth_user(context, use->app, use->model);
}

/* The user model's own app may well hold the old users until their data are moved. */
static EventId moved_away(const RuleContext *context, const StateUse *use)
{
    Sym app = node_at(context, use->node)->app;
    Events events = state_history(context->state, app, use->owner, use->field, context->scratch);
    for (uint32_t i = 0; i < events.count; i++) {
        const StateEvent *event = event_at(context, events.items[i]);
        const StateField *field = state_event_field(context->state, events.items[i]);
        if (event->step > use->step &&
            (event->kind == EVENT_FIELD_REMOVED || event->kind == EVENT_MODEL_DELETED ||
             (field && field->to.app && !is_auth_user(context, field->to.app, field->to.model))))
            return events.items[i];
    }
    return EVENT_NONE;
}

static const Dependency *dependency_on_auth(const RuleContext *context, const Migration *migration)
{
    for (uint32_t i = 0; i < migration->dependencies.count; i++) {
        const Dependency *dependency = &migration->dependencies.items[i];
        if (str_eq(context_str(context, dependency->app), S("auth")) &&
            dependency->kind != DEPENDENCY_SWAPPABLE && !dependency->maybe)
            return dependency;
    }
    return NULL;
}

static Str named_by(const RuleContext *context, const StateUse *use)
{
    Str owner = model_text(context, node_at(context, use->node)->app, use->owner, use->step + 1);
    return use->kind == USE_BASE ? owner
                                 : arena_printf(context->scratch, "%.*s.%.*s", STR_ARG(owner),
                                                STR_ARG(context_str(context, use->field)));
}

static Finding *report_hard_coded(RuleContext *context, const UserModel *user, const StateUse *use,
                                  EventId moved)
{
    const Migration *migration = &context->project->migrations[use->migration];
    Finding *finding =
        report_migration(context, migration, use->place,
                         "`%.*s` %s `auth.User`, but the user model of this project is `%.*s`",
                         STR_ARG(named_by(context, use)),
                         use->kind == USE_BASE ? "is based on" : "points at", STR_ARG(user->text));
    finding_note(context, finding, user->place, "AUTH_USER_MODEL is `%.*s`", STR_ARG(user->text));
    finding_note(context, finding, (Place){0},
                 "Django makes no table for `auth.User` while another model takes its place");
    const Dependency *dependency = dependency_on_auth(context, migration);
    if (dependency)
        finding_note(context, finding, dependency->place,
                     "this dependency gives `auth.User`, not `%.*s`", STR_ARG(user->text));
    note_event(context, finding, moved);
    finding_help(context, finding,
                 use->kind == USE_BASE
                     ? "name the user model itself as the base"
                     : "write `to=settings.AUTH_USER_MODEL`, and "
                       "`migrations.swappable_dependency(settings.AUTH_USER_MODEL)` among the "
                       "dependencies");
    return finding;
}

static bool is_proxy(const RuleContext *context, const StateUse *use)
{
    StateAt then = {.step = use->step + 1};
    Sym app = node_at(context, use->node)->app;
    ModelId owner = state_model(context->state, app, use->owner, then, NULL);
    return owner != MODEL_NONE &&
           state_model_at(context->state, owner, then, context->scratch)->proxy;
}

/* Once for each field, where it first points there. */
static bool is_first(const RuleContext *context, const StateUse *use, Map *seen)
{
    StateAt then = {.step = use->step + 1};
    ModelId owner =
        state_model(context->state, node_at(context, use->node)->app, use->owner, then, NULL);
    uint64_t key = map_key(owner, use->field);
    bool first = owner != MODEL_NONE && !map_has(seen, key);
    map_set(seen, key, 1);
    return first;
}

enum { MOST_LOOKED_INTO = 1000 };

static void check_relations(RuleContext *context, const UserModel *user)
{
    const State *state = context->state;
    Map seen = {0};
    for (uint32_t i = 0; i < state->use_count && seen.count < MOST_LOOKED_INTO; i++) {
        const StateUse *use = &state->uses[i];
        if (!is_hard_coded(context, use) || !is_first(context, use, &seen))
            continue;
        EventId moved = moved_away(context, use);
        if (moved != EVENT_NONE && node_at(context, use->node)->app == user->app)
            continue;
        Finding *finding = report_hard_coded(context, user, use, moved);
        if (use->kind == USE_BASE && is_proxy(context, use))
            finding->severity = SEVERITY_ERROR; /* TypeError, whatever the database */
    }
    map_free(&seen);
}

static bool may_use_anything(const Migration *migration)
{
    bool may = migration->operations_open || migration_is_open(migration);
    for (uint32_t i = 0; i < migration->operation_count && !may; i++) {
        OperationKind kind = migration->operations[i].kind;
        may = kind == OPERATION_RUN_PYTHON || kind == OPERATION_RUN_SQL || kind == OPERATION_OPAQUE;
    }
    return may;
}

static void report_dependency(RuleContext *context, const UserModel *user, const StateUse *use,
                              const Dependency *dependency)
{
    Finding *finding =
        report_migration(context, &context->project->migrations[use->migration], dependency->place,
                         "`%.*s` depends on `auth` for the user model, which is `%.*s`",
                         STR_ARG(node_text(context, use->node)), STR_ARG(user->text));
    finding_note(context, finding, use->place, "nothing but `%.*s` is used, and that from here",
                 STR_ARG(user->text));
    finding_note(context, finding, user->place, "AUTH_USER_MODEL is `%.*s`", STR_ARG(user->text));
    finding_help(context, finding,
                 "write `migrations.swappable_dependency(settings.AUTH_USER_MODEL)` instead");
    Finding *cause = finding_explaining(context, use->node);
    if (cause)
        finding_follows_from(context, finding, cause);
}

/* A dependency on `auth` in the place of one on the user model: nothing of `auth` is used, and
 * nothing gives the user model. */
static void check_dependencies(RuleContext *context, const UserModel *user)
{
    const State *state = context->state;
    for (uint32_t i = 0, end; i < state->use_count; i = end) {
        const StateUse *lacking = NULL;
        bool of_auth = false;
        for (end = i; end < state->use_count && state->uses[end].node == state->uses[i].node;
             end++) {
            const StateUse *use = &state->uses[end];
            of_auth |= str_eq(context_str(context, use->app), S("auth"));
            if (!lacking && use->setting && use->app == user->app && use->model == user->lower &&
                use->ancestors == STATE_NO)
                lacking = use;
        }
        if (!lacking || of_auth || lacking->migration == MIGRATION_NONE ||
            !node_is_own(context, lacking->node))
            continue;
        const Migration *migration = &context->project->migrations[lacking->migration];
        const Dependency *dependency = dependency_on_auth(context, migration);
        if (dependency && !may_use_anything(migration))
            report_dependency(context, user, lacking, dependency);
    }
}

void check_hard_coded_user_model(RuleContext *context)
{
    UserModel user;
    if (!read_user_model(context, &user) || is_auth_user(context, user.app, user.lower) ||
        has_own_auth(context) || has_table_of_auth(context, &user))
        return;
    check_relations(context, &user);
    check_dependencies(context, &user);
}

/* ---- MG211 ---- */

typedef struct Creation {
    RuleContext *context;
    UserModel user;
    EventId event;     /* that gives the user model its name */
    NodeSet after;     /* what follows it */
    const Edge **late; /* swappable dependencies of what does not */
    uint32_t late_count;
    const StateUse *broken; /* the first that finds no user model in the full plan */
} Creation;

static bool gives_name(const StateEvent *event, Sym lower)
{
    return (event->kind == EVENT_MODEL_CREATED || event->kind == EVENT_MODEL_RENAMED) &&
           event->name == lower;
}

static EventId first_of_name(const RuleContext *context, const UserModel *user)
{
    Events events =
        state_history(context->state, user->app, user->lower, SYM_NONE, context->scratch);
    for (uint32_t i = 0; i < events.count; i++)
        if (gives_name(event_at(context, events.items[i]), user->lower))
            return events.items[i];
    return EVENT_NONE;
}

static bool is_swappable_edge(const RuleContext *context, const Edge *edge)
{
    const Dependency *dependency = graph_edge_dependency(context->graph, edge);
    return edge->kind == EDGE_DEPENDENCY && !edge->maybe &&
           dependency->kind == DEPENDENCY_SWAPPABLE &&
           str_eq(context_str(context, dependency->setting), S("AUTH_USER_MODEL"));
}

/* By node: what it depends on is not known wholly, and may be what creates the user model. */
static bool *find_unclear(const RuleContext *context)
{
    const Graph *graph = context->graph;
    bool *unclear = arena_array(context->scratch, bool, graph->node_count);
    for (NodeId node = 0; node < graph->node_count; node++) {
        const Migration *migration = node_migration(context, node);
        unclear[node] = migration ? migration_is_open(migration) && migration->module
                                  : node_is_own(context, node);
    }
    for (uint32_t i = 0; i < context->state->plan.count; i++) {
        NodeId node = context->state->plan.items[i];
        EACH_PARENT_EDGE(graph, node, edge)
        unclear[node] |= unclear[edge->parent] || edge->maybe;
    }
    return unclear;
}

static void find_late(Creation *creation, NodeId node)
{
    const Graph *graph = creation->context->graph;
    const bool *unclear = find_unclear(creation->context);
    creation->after = graph_descendants(graph, node, creation->context->scratch);
    creation->late = arena_array(creation->context->scratch, const Edge *, graph->edge_count);
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        const Edge *edge = &graph->edges[i];
        if (is_swappable_edge(creation->context, edge) && edge->child != node &&
            edge->parent != node && !unclear[edge->child] &&
            !nodeset_has(&creation->after, edge->child) &&
            graph->nodes[edge->parent].app == creation->user.app)
            creation->late[creation->late_count++] = edge;
    }
}

static void find_broken(Creation *creation)
{
    const State *state = creation->context->state;
    for (uint32_t i = 0; i < state->use_count && !creation->broken; i++) {
        const StateUse *use = &state->uses[i];
        if (use->full == STATE_NO && use->app == creation->user.app &&
            use->model == creation->user.lower && use->setting &&
            use->step < event_at(creation->context, creation->event)->step)
            creation->broken = use;
    }
}

static void note_late(Creation *creation, Finding *finding)
{
    enum { MOST_NOTED = 3 };
    RuleContext *context = creation->context;
    for (uint32_t i = 0; i < creation->late_count && i < MOST_NOTED; i++) {
        const Edge *edge = creation->late[i];
        finding_note(
            context, finding,
            edge_is_own(context, edge) ? graph_edge_place(context->graph, edge) : (Place){0},
            "`%.*s` depends on the user model, and with that only on `%.*s`",
            STR_ARG(node_text(context, edge->child)), STR_ARG(node_text(context, edge->parent)));
    }
    if (creation->late_count > MOST_NOTED)
        finding_note(context, finding, (Place){0}, "and %u more",
                     creation->late_count - MOST_NOTED);
    if (creation->broken)
        finding_note(context, finding, (Place){0},
                     "`%.*s` comes first in the plan: ValueError: Related model '%.*s.%.*s' cannot "
                     "be resolved",
                     STR_ARG(node_text(context, creation->broken->node)),
                     STR_ARG(context_str(context, creation->user.app)),
                     STR_ARG(context_str(context, creation->user.lower)));
}

static void report_late(Creation *creation)
{
    RuleContext *context = creation->context;
    const StateEvent *event = event_at(context, creation->event);
    bool renamed = event->kind == EVENT_MODEL_RENAMED;
    const Edge *edge = creation->late[0];
    Finding *finding = report_migration(
        context, &context->project->migrations[event->migration],
        event_place(context, creation->event),
        "the user model `%.*s` %s in `%.*s`, but what depends on it waits for `%.*s` only",
        STR_ARG(creation->user.text), renamed ? "gets its name" : "is created",
        STR_ARG(node_text(context, event->node)), STR_ARG(node_text(context, edge->parent)));
    finding_explains_model(context, finding, creation->user.app, creation->user.lower);
    if (!creation->broken)
        finding->severity = SEVERITY_WARNING; /* by luck of order the full plan goes through */
    finding_note(context, finding, creation->user.place, "AUTH_USER_MODEL is `%.*s`",
                 STR_ARG(creation->user.text));
    note_late(creation, finding);
    finding_help(context, finding,
                 renamed ? "let `run_before` of the renaming migration name what depends on the "
                           "user model, or let that depend on the renaming"
                         : "create the user model in the first migration of its app, or in an app "
                           "of its own");
}

void check_user_model_not_first(RuleContext *context)
{
    Creation creation = {.context = context};
    if (!read_user_model(context, &creation.user))
        return;
    creation.event = first_of_name(context, &creation.user);
    const StateEvent *event = event_at(context, creation.event);
    if (!event || event->migration == MIGRATION_NONE || !node_is_own(context, event->node) ||
        state_app_open(context->state, creation.user.app) <= event->step)
        return;
    find_late(&creation, event->node);
    find_broken(&creation);
    if (creation.late_count && (creation.broken || event->kind == EVENT_MODEL_CREATED))
        report_late(&creation);
}
