#include "models/same.h"

#include <stdlib.h>

/* From the state at the end of the plan and the registry to what `makemigrations` would write:
 * which apps and models are compared, and models that only one side has. */

static Str text_of(const Comparison *c, Sym sym)
{
    return sym_str(&c->workspace->interner, sym);
}

/* ---- which apps ---- */

/* With a migration missing or unreadable, what the app's migrations make is not known. */
static bool has_gaps(const State *state, Sym label)
{
    const Graph *graph = state->graph;
    for (NodeId node = 0; node < graph->node_count; node++) {
        const Node *at = &graph->nodes[node];
        if (at->app != label || at->flags & NODE_REPLACED)
            continue;
        if (at->flags & NODE_MISSING || at->migration == MIGRATION_NONE ||
            state->first_step[node] == STEP_NONE)
            return true;
        const Migration *migration = &graph->project->migrations[at->migration];
        if (migration->status != MIGRATION_READ || migration->operations_open)
            return true;
    }
    return false;
}

static bool is_compared(const Comparison *c, const App *app)
{
    return app->origin == APP_OWN && app->package == PACKAGE_MIGRATED &&
           !(app->installed_known && !app->installed) &&
           state_app_open(c->state, app->label) > state_end(c->state).step &&
           !has_gaps(c->state, app->label);
}

/* ---- models that one side has ---- */

static Change change_of(const Comparison *c, ChangeKind kind, const ModelState *old,
                        const Model *now)
{
    Change change = {.kind = kind, .now = now, .before = MODEL_NONE, .event = EVENT_NONE};
    change.app = now ? now->app : old->app;
    change.model = now ? now->lower : old->lower;
    change.model_name = now ? now->name : old->name;
    if (old) {
        change.before = old->id;
        change.event = old->created;
    }
    if (now)
        change.place = now->place;
    (void)c;
    return change;
}

static bool is_made_by_django(const Model *model)
{
    for (uint32_t i = 0; i < model->option_count; i++)
        if (read_is(model->options[i].value, VALUE_CLASS))
            return true;
    return false;
}

static void add_model_missing(const Comparison *c, const Model *now, Changes *out)
{
    Sym auto_created = intern(&c->workspace->interner, S("auto_created"));
    if (now->there == YES && !model_option(now, auto_created) && !is_made_by_django(now))
        array_push(out, change_of(c, CHANGE_CREATE_MODEL, NULL, now));
}

/* A model whose base comes from a package that is not at hand may be made by that package. */
static bool may_be_made(const Comparison *c, const ModelState *old)
{
    for (uint32_t i = 0; i < old->base_count; i++) {
        if (old->base_targets[i].given)
            continue;
        Str path = text_of(c, state_path(c->state, old->bases[i]));
        if (!str_starts(path, S("django.")) && !str_starts(path, S("builtins.")) &&
            class_named(c->registry->reader, old->bases[i]) == CLASS_NONE)
            return true;
    }
    return false;
}

static void add_class_missing(const Comparison *c, const ModelState *old, Changes *out)
{
    const AppModels *app = &c->registry->apps[project_app(c->registry->project, old->app)];
    if (!app->open && !may_be_made(c, old) && !registry_may_hold(c->registry, old->app, old->lower))
        array_push(out, change_of(c, CHANGE_DELETE_MODEL, old, NULL));
}

/* ---- a model that both have ---- */

static void compare_models(const Comparison *c, const ModelState *old, const Model *now,
                           Changes *out)
{
    if (now->there != YES || old->open || now->proxy == MAYBE || now->managed == MAYBE)
        return;
    bool proxy = now->proxy == YES, managed = now->managed == YES;
    if (old->proxy == proxy && old->managed == managed && managed && !proxy)
        compare_fields(c, old, now, out);
    if (old->proxy == proxy && !now->remade)
        compare_options(c, old, now, out);
}

/* ---- renames ---- */

/* Whether every field of one has its equal in the other: what Django would ask about. */
static bool same_fields(const Comparison *c, const ModelState *old, const Model *now)
{
    if (now->fields_open || old->open || old->field_count != now->field_count)
        return false;
    for (uint32_t i = 0; i < old->field_count; i++) {
        const ModelField *field = model_field(now, old->fields[i].name);
        if (!field || field->there != YES ||
            same_field(c, old, &old->fields[i], now, field, NULL) != YES)
            return false;
    }
    return true;
}

/* A model that is gone and a new one with the same fields become one change. */
static void find_renames(const Comparison *c, Changes *out)
{
    enum { MOST_COMPARED = 64 };
    uint32_t compared = 0;
    for (uint32_t i = 0; i < out->count; i++) {
        Change *gone = &out->items[i];
        if (gone->kind != CHANGE_DELETE_MODEL)
            continue;
        Arena scratch = {0};
        ModelState *old = state_model_at(c->state, gone->before, state_end(c->state), &scratch);
        for (uint32_t j = 0; j < out->count && compared < MOST_COMPARED; j++) {
            Change *made = &out->items[j];
            if (made->kind != CHANGE_CREATE_MODEL || made->app != gone->app)
                continue;
            compared++;
            if (!same_fields(c, old, made->now))
                continue;
            gone->kind = CHANGE_RENAME_MODEL;
            gone->to = made->now->name;
            gone->name = old->name;
            gone->now = made->now;
            gone->place = made->place;
            made->kind = CHANGE_KINDS;
            break;
        }
        arena_free(&scratch);
    }
}

/* A project that tells Django to compare otherwise is right about its own arguments and options. */
static void drop_compared_otherwise(const Comparison *c, Changes *out)
{
    bool asked = false, otherwise = false;
    for (uint32_t i = 0; i < out->count; i++) {
        Change *change = &out->items[i];
        bool compared = change->kind == CHANGE_ALTER_FIELD || change->kind == CHANGE_ALTER_OPTIONS;
        for (uint32_t d = 0; compared && d < change->details.count; d++)
            compared = change->details.items[d].kind == DETAIL_KEYWORD ||
                       change->details.items[d].kind == DETAIL_OPTION;
        if (!compared)
            continue;
        if (!asked)
            otherwise = registry_compares_otherwise(c->registry);
        asked = true;
        if (otherwise)
            change->kind = CHANGE_KINDS;
    }
}

/* ---- all ---- */

typedef struct Ordered {
    Str app, model, name;
    Change change;
} Ordered;

static int by_order(const void *a, const void *b)
{
    const Ordered *left = a, *right = b;
    int order = str_cmp(left->app, right->app);
    if (!order)
        order = str_cmp(left->model, right->model);
    if (!order)
        order = (left->change.kind > right->change.kind) - (left->change.kind < right->change.kind);
    return order ? order : str_cmp(left->name, right->name);
}

static Drift sorted(const Comparison *c, const Changes *changes, Arena *arena)
{
    Ordered *ordered = arena_array(arena, Ordered, changes->count);
    Drift drift = {arena_array(arena, Change, changes->count), 0};
    for (uint32_t i = 0; i < changes->count; i++) {
        const Change *change = &changes->items[i];
        if (change->kind != CHANGE_KINDS)
            ordered[drift.count++] = (Ordered){text_of(c, change->app), text_of(c, change->model),
                                               text_of(c, change->name), *change};
    }
    if (drift.count)
        qsort(ordered, drift.count, sizeof *ordered, by_order);
    for (uint32_t i = 0; i < drift.count; i++)
        drift.items[i] = ordered[i].change;
    return drift;
}

static void compare_app(const Comparison *c, AppId id, const Models *models, Changes *out)
{
    const AppModels *app = &c->registry->apps[id];
    Sym label = c->registry->project->apps[id].label;
    Map seen = {0};
    for (uint32_t i = 0; i < models->count; i++) {
        if (state_model_app(c->state, models->items[i]) != label)
            continue;
        ModelState *old = state_model_at(c->state, models->items[i], state_end(c->state), c->arena);
        map_set(&seen, old->lower, 1);
        const Model *now = registry_model(c->registry, old->app, old->lower);
        if (now)
            compare_models(c, old, now, out);
        else
            add_class_missing(c, old, out);
    }
    for (uint32_t i = app->first; i < app->first + app->count; i++)
        if (!map_has(&seen, c->registry->models[i].lower))
            add_model_missing(c, &c->registry->models[i], out);
    map_free(&seen);
}

Drift drift_find(const Registry *registry, const State *state, Arena *arena)
{
    Workspace *workspace = registry->reader->workspace;
    uint32_t room = ROOM_TO_COMPARE;
    Comparison c = {registry, state, workspace, workspace->options.django, arena, &room};
    Changes changes = {0};
    Models models = state_models(state, state_end(state), arena);
    for (AppId id = 0; id < registry->project->app_count; id++)
        if (is_compared(&c, &registry->project->apps[id]))
            compare_app(&c, id, &models, &changes);
    find_renames(&c, &changes);
    drop_compared_otherwise(&c, &changes);
    Drift drift = sorted(&c, &changes, arena);
    array_free(&changes);
    return drift;
}

const char *change_operation(ChangeKind kind)
{
    static const char *const names[CHANGE_KINDS] = {
        [CHANGE_CREATE_MODEL] = "CreateModel",
        [CHANGE_DELETE_MODEL] = "DeleteModel",
        [CHANGE_RENAME_MODEL] = "RenameModel",
        [CHANGE_ADD_FIELD] = "AddField",
        [CHANGE_REMOVE_FIELD] = "RemoveField",
        [CHANGE_RENAME_FIELD] = "RenameField",
        [CHANGE_ALTER_FIELD] = "AlterField",
        [CHANGE_ALTER_OPTIONS] = "AlterModelOptions",
        [CHANGE_ALTER_TABLE] = "AlterModelTable",
        [CHANGE_ALTER_TABLE_COMMENT] = "AlterModelTableComment",
        [CHANGE_ALTER_UNIQUE_TOGETHER] = "AlterUniqueTogether",
        [CHANGE_ALTER_INDEX_TOGETHER] = "AlterIndexTogether",
        [CHANGE_ALTER_ORDER_WITH_RESPECT_TO] = "AlterOrderWithRespectTo",
        [CHANGE_ALTER_MANAGERS] = "AlterModelManagers",
        [CHANGE_ADD_INDEX] = "AddIndex",
        [CHANGE_REMOVE_INDEX] = "RemoveIndex",
        [CHANGE_RENAME_INDEX] = "RenameIndex",
        [CHANGE_ADD_CONSTRAINT] = "AddConstraint",
        [CHANGE_REMOVE_CONSTRAINT] = "RemoveConstraint",
        [CHANGE_ALTER_CONSTRAINT] = "AlterConstraint",
    };
    return kind < CHANGE_KINDS ? names[kind] : "";
}
