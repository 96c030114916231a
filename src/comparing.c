#include "handle.h"

#include <assert.h>

/* Glue only: two open handles, project by project. */

typedef struct Pairing {
    Migralint *now, *before;
    uint32_t *other; /* by project of now: that of before, or UINT32_MAX */
    bool *taken;     /* by project of before */
} Pairing;

static const Project *project_of(const Migralint *migralint, uint32_t p)
{
    return &migralint->workspace.projects[p];
}

static void pair(Pairing *pairing, uint32_t now, uint32_t before)
{
    pairing->other[now] = before;
    pairing->taken[before] = true;
}

static void pair_by_root(Pairing *pairing)
{
    for (uint32_t p = 0; p < pairing->now->workspace.project_count; p++) {
        pairing->other[p] = UINT32_MAX;
        for (uint32_t b = 0; b < pairing->before->workspace.project_count; b++)
            if (str_eq(project_of(pairing->now, p)->root, project_of(pairing->before, b)->root))
                pair(pairing, p, b);
    }
}

/* How many migrations of one the other has, too. */
static uint32_t in_common(const Project *project, const Project *other)
{
    uint32_t count = 0;
    for (MigrationId i = 0; i < project->migration_count; i++) {
        const App *app = &project->apps[project->migrations[i].app];
        AppId id = app->origin == APP_OWN ? project_app(other, app->label) : APP_NONE;
        count += id != APP_NONE &&
                 project_migration(other, id, project->migrations[i].name) != MIGRATION_NONE;
    }
    return count;
}

/* A project that has been moved is known again by its migrations. */
static void pair_by_migrations(Pairing *pairing)
{
    for (uint32_t p = 0; p < pairing->now->workspace.project_count; p++) {
        uint32_t best = 0, found = UINT32_MAX;
        for (uint32_t b = 0; b < pairing->before->workspace.project_count; b++) {
            uint32_t common =
                pairing->other[p] != UINT32_MAX || pairing->taken[b]
                    ? 0
                    : in_common(project_of(pairing->now, p), project_of(pairing->before, b));
            if (common > best) {
                best = common;
                found = b;
            }
        }
        if (found != UINT32_MAX)
            pair(pairing, p, found);
    }
}

/* What a project has become that is not there any more. */
static const Graph *empty_graph(Migralint *migralint, Str root, Arena *arena)
{
    GraphOptions options = {.django = migralint->options.django};
    Project *project = arena_new(arena, Project);
    Graph *graph = arena_new(arena, Graph);
    project->root = root;
    graph_build(graph, project, &migralint->workspace.interner, &options, arena);
    return graph;
}

static void compare_all(const Pairing *pairing, Comparisons *out, Arena *arena)
{
    Migralint *now = pairing->now, *before = pairing->before;
    for (uint32_t p = 0; p < now->workspace.project_count; p++) {
        uint32_t other = pairing->other[p];
        graph_compare(&out->items[out->count++], &(GraphVersion){&now->workspace, &now->graphs[p]},
                      &(GraphVersion){&before->workspace,
                                      other == UINT32_MAX ? NULL : &before->graphs[other]},
                      arena);
    }
    for (uint32_t b = 0; b < before->workspace.project_count; b++)
        if (!pairing->taken[b])
            graph_compare(&out->items[out->count++],
                          &(GraphVersion){&now->workspace,
                                          empty_graph(now, project_of(before, b)->root, arena)},
                          &(GraphVersion){&before->workspace, &before->graphs[b]}, arena);
}

const Comparisons *handle_compare(Migralint *migralint, Migralint *base, Arena *arena)
{
    if (!base)
        return NULL;
    assert(base->graphs && base->workspace.interner.table == migralint->workspace.interner.table);
    uint32_t now = migralint->workspace.project_count, before = base->workspace.project_count;
    Pairing pairing = {migralint, base, arena_array(arena, uint32_t, now + 1),
                       arena_array(arena, bool, before + 1)};
    Comparisons *made = arena_new(arena, Comparisons);
    made->items = arena_array(arena, Comparison, now + before + 1);
    pair_by_root(&pairing);
    pair_by_migrations(&pairing);
    compare_all(&pairing, made, arena);
    return made;
}
