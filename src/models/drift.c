#include "models/same.h"

#include <stdlib.h>

/* From the state at the end of the plan and the registry to what `makemigrations` would write:
 * which apps are compared, and in which order. */

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

/* An app that no settings list, where they list others: whether it is installed by what cannot be
 * read of them is not known. */
static bool is_left_out(const Project *project, const App *app)
{
    bool others = app->installed_known;
    for (AppId id = 0; id < project->app_count && !others; id++)
        others = project->apps[id].origin == APP_OWN && project->apps[id].installed;
    return others && !app->installed;
}

static bool is_compared(const Comparison *c, const App *app)
{
    return app->origin == APP_OWN && app->package == PACKAGE_MIGRATED &&
           !is_left_out(c->registry->project, app) &&
           state_app_open(c->state, app->label) > state_end(c->state).step &&
           !has_gaps(c->state, app->label);
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

/* All renames first: a relation to what was renamed has not changed. */
Drift drift_find(const Registry *registry, const State *state, Arena *arena)
{
    Workspace *workspace = registry->reader->workspace;
    const Project *project = registry->project;
    uint32_t room = ROOM_TO_COMPARE;
    Comparison c = {.registry = registry,
                    .state = state,
                    .workspace = workspace,
                    .django = workspace->options.django,
                    .arena = arena,
                    .room = &room};
    Changes changes = {0};
    Models models = state_models(state, state_end(state), arena);
    AppComparison *apps = arena_array(arena, AppComparison, project->app_count);
    for (AppId id = 0; id < project->app_count; id++)
        if (is_compared(&c, &project->apps[id]))
            split_app(&c, id, &models, &apps[id], &changes);
    for (AppId id = 0; id < project->app_count; id++)
        for (uint32_t i = 0; i < apps[id].kept.count; i++)
            find_kept_renames(&c, &apps[id].kept.items[i], &changes);
    for (AppId id = 0; id < project->app_count; id++) {
        for (uint32_t i = 0; i < apps[id].kept.count; i++)
            compare_kept(&c, &apps[id].kept.items[i], &changes);
        array_free(&apps[id].kept);
    }
    drop_compared_otherwise(&c, &changes);
    Drift drift = sorted(&c, &changes, arena);
    array_free(&changes);
    array_free(&c.renamed);
    map_free(&c.renamed_fields);
    map_free(&c.field_names);
    return drift;
}

Drift drift_operations(const Drift *drift, Arena *arena)
{
    Drift written = {arena_array(arena, Change, 2 * drift->count), 0};
    for (uint32_t i = 0; i < drift->count; i++) {
        Change change = drift->items[i];
        if (change.remade) {
            Change removal = change;
            removal.kind = CHANGE_REMOVE_FIELD;
            removal.to = SYM_NONE;
            removal.details = (Details){0};
            written.items[written.count++] = removal;
            change.kind = CHANGE_ADD_FIELD;
            change.name = change.to ? change.to : change.name;
            change.to = SYM_NONE;
            change.details = (Details){0};
        }
        written.items[written.count++] = change;
    }
    return written;
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
