#ifndef MIGRALINT_TESTS_GRAPH_BUILDER_H
#define MIGRALINT_TESTS_GRAPH_BUILDER_H

/*
 * Builds a Project by hand, for tests of the graph alone.
 *
 *     add(&b, "a.2", "a.1 b.__first__", "c.1", "");   name, dependencies, run_before, replaces
 *
 * Keys are separated by blanks. "?a.1" holds only maybe, "..." makes the list
 * open, "$LABEL" is a swappable dependency on the app LABEL, "$" on an unknown
 * one. Apps come into being with their first migration, or through add_app().
 */

#include "graph/graph.h"

#include <assert.h>
#include <stdlib.h>

typedef struct ProjectBuilder {
    Arena arena;
    Interner interner;
    Array(App) apps;
    Array(Migration) migrations; /* `app` is an index in `apps` until build() */
    Project project;
    Graph graph;
} ProjectBuilder;

static inline uint32_t add_app(ProjectBuilder *b, const char *label, PackageStatus package,
                               AppOrigin origin)
{
    Sym sym = intern(&b->interner, str(label));
    for (uint32_t i = 0; i < b->apps.count; i++)
        if (b->apps.items[i].label == sym)
            return i;
    array_push(&b->apps,
               (App){.label = sym, .package = package, .origin = origin, .load_order = UINT32_MAX});
    return b->apps.count - 1;
}

static inline DependencyKind kind_of(Str name)
{
    return str_eq(name, S("__first__"))    ? DEPENDENCY_FIRST
           : str_eq(name, S("__latest__")) ? DEPENDENCY_LATEST
                                           : DEPENDENCY_KEY;
}

static inline Dependency one_dependency(ProjectBuilder *b, Str word)
{
    Dependency dependency = {.maybe = str_starts(word, S("?"))};
    word = str_sub(word, dependency.maybe, word.len);
    if (str_starts(word, S("$"))) {
        dependency.kind = DEPENDENCY_SWAPPABLE;
        dependency.app = intern(&b->interner, str_sub(word, 1, word.len));
        return dependency;
    }
    Str name = word;
    dependency.app = intern(&b->interner, str_cut(&name, '.'));
    dependency.name = intern(&b->interner, name);
    dependency.kind = kind_of(name);
    return dependency;
}

static inline Dependencies dependencies_of(ProjectBuilder *b, const char *text)
{
    Dependencies list = {0};
    Array(Dependency) items = {0};
    for (Str rest = str(text); rest.ptr;) {
        Str word = str_cut(&rest, ' ');
        if (str_eq(word, S("...")))
            list.open = true;
        else if (word.len)
            array_push(&items, one_dependency(b, word));
    }
    list.items = arena_keep(&b->arena, Dependency, items.items, items.count);
    list.count = items.count;
    array_free(&items);
    return list;
}

static inline void add(ProjectBuilder *b, const char *key, const char *dependencies,
                       const char *run_before, const char *replaces)
{
    Str name = str(key);
    Str label = arena_str(&b->arena, str_cut(&name, '.'));
    array_push(&b->migrations, (Migration){.app = add_app(b, label.ptr, PACKAGE_MIGRATED, APP_OWN),
                                           .name = intern(&b->interner, name),
                                           .path = str(key),
                                           .dependencies = dependencies_of(b, dependencies),
                                           .run_before = dependencies_of(b, run_before),
                                           .replaces = dependencies_of(b, replaces)});
}

typedef struct SortItem {
    Str label, name;
    uint32_t index;
} SortItem;

static inline int compare_items(const void *left, const void *right)
{
    const SortItem *a = left, *b = right;
    int order = str_cmp(a->label, b->label);
    return order ? order : str_cmp(a->name, b->name);
}

static inline void sort_apps(ProjectBuilder *b)
{
    uint32_t count = b->apps.count;
    SortItem *items = arena_array(&b->arena, SortItem, count);
    for (uint32_t i = 0; i < count; i++)
        items[i] = (SortItem){sym_str(&b->interner, b->apps.items[i].label), S(""), i};
    qsort(items, count, sizeof *items, compare_items);
    b->project.apps = arena_array(&b->arena, App, count);
    b->project.app_count = count;
    uint32_t *place = arena_array(&b->arena, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) {
        b->project.apps[i] = b->apps.items[items[i].index];
        place[items[i].index] = i;
        map_set(&b->project.app_by_label, b->project.apps[i].label, i);
    }
    for (uint32_t i = 0; i < b->migrations.count; i++)
        b->migrations.items[i].app = place[b->migrations.items[i].app];
}

static inline void sort_migrations(ProjectBuilder *b)
{
    uint32_t count = b->migrations.count;
    SortItem *items = arena_array(&b->arena, SortItem, count);
    for (uint32_t i = 0; i < count; i++) {
        const Migration *migration = &b->migrations.items[i];
        items[i] = (SortItem){sym_str(&b->interner, b->project.apps[migration->app].label),
                              sym_str(&b->interner, migration->name), i};
    }
    qsort(items, count, sizeof *items, compare_items);
    b->project.migrations = arena_array(&b->arena, Migration, count);
    b->project.migration_count = count;
    for (uint32_t i = 0; i < count; i++) {
        b->project.migrations[i] = b->migrations.items[items[i].index];
        App *app = &b->project.apps[b->project.migrations[i].app];
        app->first_migration = app->migration_count ? app->first_migration : i;
        app->migration_count++;
    }
}

static inline void build(ProjectBuilder *b, unsigned django)
{
    sort_apps(b);
    sort_migrations(b);
    graph_build(&b->graph, &b->project, &b->interner, &(GraphOptions){django}, &b->arena);
}

static inline void builder_free(ProjectBuilder *b)
{
    map_free(&b->project.app_by_label);
    array_free(&b->apps);
    array_free(&b->migrations);
    interner_free(&b->interner);
    arena_free(&b->arena);
}

/* The node of "a.2", or NODE_NONE. */
static inline NodeId at(const ProjectBuilder *b, const char *key)
{
    Str name = str(key);
    Sym label = intern_find(&b->interner, str_cut(&name, '.'));
    return graph_node(&b->graph, label, intern_find(&b->interner, name));
}

/* "a.1 a.2 b.1" */
static inline const char *show(ProjectBuilder *b, Nodes nodes)
{
    Str text = S("");
    for (uint32_t i = 0; i < nodes.count; i++) {
        const Node *node = &b->graph.nodes[nodes.items[i]];
        Str label = sym_str(&b->interner, node->app), name = sym_str(&b->interner, node->name);
        text = arena_printf(&b->arena, "%.*s%s%.*s.%.*s", STR_ARG(text), i ? " " : "",
                            STR_ARG(label), STR_ARG(name));
    }
    return text.ptr;
}

/* "a.2<a.1 a.3<a.2": the edges after squashes. */
static inline const char *show_edges(ProjectBuilder *b)
{
    Str text = S("");
    for (uint32_t i = 0; i < b->graph.edge_count; i++) {
        NodeId ends[2] = {b->graph.edges[i].child, b->graph.edges[i].parent};
        text = arena_printf(&b->arena, "%.*s%s%s<%s", STR_ARG(text), i ? " " : "",
                            show(b, (Nodes){&ends[0], 1}), show(b, (Nodes){&ends[1], 1}));
    }
    return text.ptr;
}

/* Nodes that have all of `flags`, and none of `without`. */
static inline const char *show_flagged(ProjectBuilder *b, unsigned flags, unsigned without)
{
    Nodes nodes = {arena_array(&b->arena, NodeId, b->graph.node_count), 0};
    for (NodeId i = 0; i < b->graph.node_count; i++) {
        unsigned has = b->graph.nodes[i].flags;
        if ((has & flags) == flags && !(has & without))
            nodes.items[nodes.count++] = i;
    }
    return show(b, nodes);
}

/* Of every app, in order. */
static inline const char *show_ends(ProjectBuilder *b, bool leaves)
{
    Nodes all = {arena_array(&b->arena, NodeId, b->graph.node_count), 0};
    for (AppId i = 0; i < b->project.app_count; i++) {
        Sym label = b->project.apps[i].label;
        Nodes nodes = leaves ? graph_leaves(&b->graph, label, &b->arena)
                             : graph_roots(&b->graph, label, &b->arena);
        for (uint32_t n = 0; n < nodes.count; n++)
            all.items[all.count++] = nodes.items[n];
    }
    return show(b, all);
}

#endif
