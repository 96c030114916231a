#include "graph/build.h"

#include <stdlib.h>

/* A key on its way to a number; the texts are there for sorting only. */
typedef struct Key {
    Str label, text;
    Sym app, name;
    MigrationId migration;
} Key;

typedef Array(Key) Keys;

static int compare_keys(const void *left, const void *right)
{
    const Key *a = left, *b = right;
    int order = a->app == b->app ? 0 : str_cmp(a->label, b->label);
    return order ? order : str_cmp(a->text, b->text);
}

static void add_key(Builder *builder, Keys *keys, Sym app, Sym name, MigrationId migration)
{
    if (map_has(&builder->ids, map_key(app, name)))
        return;
    const Interner *interner = builder->graph->interner;
    map_set(&builder->ids, map_key(app, name), NODE_NONE);
    array_push(keys, (Key){sym_str(interner, app), sym_str(interner, name), app, name, migration});
}

static void note_replaced(Builder *builder, const Migration *migration)
{
    for (uint32_t i = 0; i < migration->replaces.count; i++) {
        const Dependency *key = &migration->replaces.items[i];
        if (key->kind == DEPENDENCY_KEY)
            map_set(&builder->replaced, map_key(key->app, key->name), 1);
    }
}

/* What a reference names becomes a node whether a file provides it or not, as
 * long as its app is one of the project's. What is only maybe referred to does
 * not: it must not turn up as missing. A squash may stand for either. */
static void add_reference(Builder *builder, Keys *keys, const Dependency *reference)
{
    uint64_t key = map_key(reference->app, reference->name);
    bool external = builder_app(builder, reference->app) == APP_NONE;
    if ((external || reference->maybe) && !map_has(&builder->replaced, key))
        return;
    add_key(builder, keys, reference->app, reference->name, MIGRATION_NONE);
}

static void add_references(Builder *builder, Keys *keys, const Migration *migration)
{
    Sym own = builder->project->apps[migration->app].label;
    for (uint32_t i = 0; i < migration->dependencies.count; i++) {
        const Dependency *reference = &migration->dependencies.items[i];
        bool literal = reference->kind == DEPENDENCY_LATEST && reference->app == own;
        if (reference->kind == DEPENDENCY_KEY || literal)
            add_reference(builder, keys, reference);
    }
    for (uint32_t i = 0; i < migration->run_before.count; i++)
        if (migration->run_before.items[i].kind == DEPENDENCY_KEY)
            add_reference(builder, keys, &migration->run_before.items[i]);
}

typedef struct LoadedApp {
    uint32_t position;
    AppId app;
} LoadedApp;

static int compare_loaded(const void *left, const void *right)
{
    const LoadedApp *a = left, *b = right;
    if (a->position != b->position)
        return a->position < b->position ? -1 : 1;
    return a->app < b->app ? -1 : a->app > b->app;
}

/* Apps as the settings list them, those they do not list behind; within an app
 * Django has no order: names are sorted. */
void build_load_order(Builder *builder)
{
    const Project *project = builder->project;
    LoadedApp *order = arena_array(&builder->scratch, LoadedApp, project->app_count);
    for (AppId i = 0; i < project->app_count; i++)
        order[i] = (LoadedApp){project->apps[i].load_order, i};
    if (project->app_count)
        qsort(order, project->app_count, sizeof *order, compare_loaded);
    builder->loaded = arena_array(&builder->scratch, MigrationId, project->migration_count);
    for (AppId i = 0; i < project->app_count; i++) {
        const App *app = &project->apps[order[i].app];
        for (uint32_t m = 0; m < app->migration_count && app->package == PACKAGE_MIGRATED; m++)
            builder->loaded[builder->loaded_count++] = app->first_migration + m;
    }
}

static Keys collect_keys(Builder *builder)
{
    const Project *project = builder->project;
    Keys keys = {0};
    for (uint32_t i = 0; i < builder->loaded_count; i++) {
        MigrationId id = builder->loaded[i];
        const Migration *migration = &project->migrations[id];
        add_key(builder, &keys, project->apps[migration->app].label, migration->name, id);
        note_replaced(builder, migration);
    }
    for (uint32_t i = 0; i < builder->loaded_count; i++)
        add_references(builder, &keys, &project->migrations[builder->loaded[i]]);
    return keys;
}

static void index_nodes(Builder *builder)
{
    const Project *project = builder->project;
    Graph *graph = builder->graph;
    builder->first_node = arena_array(&builder->scratch, NodeId, project->app_count);
    builder->end_node = arena_array(&builder->scratch, NodeId, project->app_count);
    for (NodeId node = 0; node < graph->node_count; node++) {
        AppId app = builder_app(builder, graph->nodes[node].app);
        if (app == APP_NONE)
            continue;
        if (!builder->end_node[app])
            builder->first_node[app] = node;
        builder->end_node[app] = node + 1;
    }
    graph->node_of = arena_array(builder->arena, NodeId, project->migration_count);
    for (MigrationId i = 0; i < project->migration_count; i++) {
        const Migration *migration = &project->migrations[i];
        uint64_t key = map_key(project->apps[migration->app].label, migration->name);
        graph->node_of[i] =
            builder_loads(builder, migration) ? map_get(&builder->ids, key, NODE_NONE) : NODE_NONE;
    }
}

void build_nodes(Builder *builder)
{
    Graph *graph = builder->graph;
    Keys keys = collect_keys(builder);
    if (keys.count)
        qsort(keys.items, keys.count, sizeof *keys.items, compare_keys);
    graph->node_count = keys.count;
    graph->nodes = arena_array(builder->arena, Node, keys.count);
    builder->exists = arena_array(&builder->scratch, bool, keys.count);
    builder->has_parent = arena_array(&builder->scratch, bool, keys.count);
    builder->has_child = arena_array(&builder->scratch, bool, keys.count);
    for (NodeId i = 0; i < keys.count; i++) {
        const Key *key = &keys.items[i];
        AppId app = builder_app(builder, key->app);
        bool own = app != APP_NONE && builder->project->apps[app].origin == APP_OWN;
        graph->nodes[i] = (Node){key->app, key->name, key->migration, own ? 0 : NODE_EXTERNAL};
        builder->exists[i] = key->migration != MIGRATION_NONE;
        map_set(&builder->ids, map_key(key->app, key->name), i);
    }
    array_free(&keys);
    index_nodes(builder);
}
