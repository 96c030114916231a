#include "state/replay.h"

#include "base/alloc.h"

#include <stdlib.h>

void reach_init(Replay *replay)
{
    const Graph *graph = replay->graph;
    Reach *reach = &replay->reach;
    uint32_t count = graph->node_count;
    reach->words = (count + 63) / 64;
    reach->sets = xcalloc(count + 1, sizeof *reach->sets);
    reach->waiting = xcalloc(count + 1, sizeof *reach->waiting);
    reach->taints = xcalloc(count + 1, 1);
    for (NodeId n = 0; n < count; n++)
        reach->waiting[n] = graph->child_start[n + 1] - graph->child_start[n];
}

static uint64_t *new_set(Reach *reach)
{
    if (!reach->spare.count)
        return xcalloc(reach->words + 1, sizeof(uint64_t));
    uint64_t *set = array_pop(&reach->spare);
    memset(set, 0, reach->words * sizeof *set);
    return set;
}

static unsigned taint_of_parent(const Replay *replay, NodeId parent)
{
    const Graph *graph = replay->graph;
    const Node *node = &graph->nodes[parent];
    if (graph->component_size[graph->component[parent]] > 1)
        return TAINT_ALL;
    if (!(node->flags & NODE_MISSING))
        return replay->reach.taints[parent];
    AppId app = project_app(graph->project, node->app);
    bool own = app != APP_NONE && graph->project->apps[app].origin == APP_OWN;
    return own || node->flags & NODE_UNKNOWABLE ? TAINT_ALL : TAINT_OUTSIDE;
}

/* Lists that could not be read may hold what would have been needed. */
static unsigned taint_of_lists(const Replay *replay, NodeId node)
{
    MigrationId id = replay->graph->nodes[node].migration;
    const Migration *migration = id == MIGRATION_NONE ? NULL : &replay->project->migrations[id];
    unsigned taint = 0;
    if (!migration || migration->dependencies.open)
        return TAINT_ALL;
    for (uint32_t i = 0; i < migration->dependencies.count; i++) {
        const Dependency *dependency = &migration->dependencies.items[i];
        AppId app = project_app(replay->project, dependency->app);
        if (dependency->maybe)
            taint |= TAINT_ALL;
        else if (app == APP_NONE || !replay->project->apps[app].migration_count)
            taint |= TAINT_OUTSIDE;
    }
    return taint;
}

void reach_enter(Replay *replay, NodeId node)
{
    const Graph *graph = replay->graph;
    Reach *reach = &replay->reach;
    uint64_t *set = new_set(reach);
    unsigned taint = taint_of_lists(replay, node);
    if (graph->component_size[graph->component[node]] > 1)
        taint |= TAINT_ALL;
    for (uint32_t e = graph->parent_start[node]; e < graph->parent_start[node + 1]; e++) {
        NodeId parent = graph->edges[e].parent;
        const uint64_t *above = reach->sets[parent];
        taint |= taint_of_parent(replay, parent);
        for (uint32_t w = 0; above && w < reach->words; w++)
            set[w] |= above[w];
        set[parent / 64] |= (uint64_t)1 << parent % 64;
    }
    reach->sets[node] = set;
    reach->taints[node] = (uint8_t)taint;
    reach->taint = taint;
    reach->now = (NodeSet){set, reach->words};
}

static void give_back(Reach *reach, NodeId node)
{
    if (reach->sets[node])
        array_push(&reach->spare, reach->sets[node]);
    reach->sets[node] = NULL;
}

void reach_leave(Replay *replay, NodeId node)
{
    const Graph *graph = replay->graph;
    Reach *reach = &replay->reach;
    for (uint32_t e = graph->parent_start[node]; e < graph->parent_start[node + 1]; e++) {
        NodeId parent = graph->edges[e].parent;
        if (reach->waiting[parent] && !--reach->waiting[parent])
            give_back(reach, parent);
    }
    if (!reach->waiting[node])
        give_back(reach, node);
}

void reach_free(Replay *replay)
{
    Reach *reach = &replay->reach;
    for (NodeId n = 0; n < replay->graph->node_count; n++)
        free(reach->sets[n]);
    for (uint32_t i = 0; i < reach->spare.count; i++)
        free(reach->spare.items[i]);
    array_free(&reach->spare);
    free(reach->sets);
    free(reach->waiting);
    free(reach->taints);
    *reach = (Reach){0};
}
