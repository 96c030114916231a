#include "graph/build.h"

#include <stdlib.h>

/* By child, then parent; of equal ones the certain first, then in the order of
 * the files and of their lists. */
static int compare_edges(const void *left, const void *right)
{
    const Edge *a = left, *b = right;
    if (a->child != b->child)
        return a->child < b->child ? -1 : 1;
    if (a->parent != b->parent)
        return a->parent < b->parent ? -1 : 1;
    if (a->maybe != b->maybe)
        return a->maybe ? 1 : -1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->origin != b->origin)
        return a->origin < b->origin ? -1 : 1;
    return a->dependency < b->dependency ? -1 : a->dependency > b->dependency;
}

static void sort_edges(Edge *edges, uint32_t count)
{
    if (count)
        qsort(edges, count, sizeof *edges, compare_edges);
}

/*
 * What remains of a declared edge once every squash is carried out: between
 * two nodes that one squash replaced it vanishes; between a squash and one
 * that it replaced it turns into an edge to itself, as in Django.
 */
static bool remap(Builder *builder, const Edge *declared, Edge *out)
{
    *out = *declared;
    out->child = build_live(builder, declared->child);
    out->parent = build_live(builder, declared->parent);
    if (builder->vanished[out->child] && !builder->vanished[out->parent] &&
        builder->graph->nodes[out->child].app == builder->graph->nodes[out->parent].app)
        builder->graph->nodes[out->parent].flags |= NODE_HELD;
    if (builder->vanished[out->child] || builder->vanished[out->parent])
        return false;
    return out->child != out->parent || out->child == declared->child ||
           out->parent == declared->parent;
}

/* Of several edges between the same nodes the one is kept that is written
 * where the graph still shows it, if there is one. */
static bool better(const Graph *graph, const Edge *edge, const Edge *kept)
{
    NodeId own = graph->node_of[edge->origin], other = graph->node_of[kept->origin];
    bool direct = own == edge->child || own == edge->parent;
    bool kept_direct = other == kept->child || other == kept->parent;
    return edge->maybe == kept->maybe && direct && !kept_direct;
}

static uint32_t merge_edges(const Graph *graph, Edge *edges, uint32_t count)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        Edge *last = kept ? &edges[kept - 1] : NULL;
        if (!last || last->child != edges[i].child || last->parent != edges[i].parent)
            edges[kept++] = edges[i];
        else if (better(graph, &edges[i], last))
            *last = edges[i];
    }
    return kept;
}

static void keep_edges(Builder *builder)
{
    Graph *graph = builder->graph;
    uint32_t count = builder->edges.count;
    sort_edges(builder->edges.items, count);
    graph->declared = arena_keep(builder->arena, Edge, builder->edges.items, count);
    graph->declared_count = count;
    uint32_t live = 0;
    for (uint32_t i = 0; i < count; i++)
        if (remap(builder, &graph->declared[i], &builder->edges.items[live]))
            live++;
    sort_edges(builder->edges.items, live);
    graph->edge_count = merge_edges(graph, builder->edges.items, live);
    graph->edges = arena_keep(builder->arena, Edge, builder->edges.items, graph->edge_count);
}

void build_edge_index(Graph *graph, Arena *arena)
{
    uint32_t nodes = graph->node_count;
    graph->parent_start = arena_array(arena, uint32_t, nodes + 1);
    graph->child_start = arena_array(arena, uint32_t, nodes + 1);
    graph->by_parent = arena_array(arena, uint32_t, graph->edge_count);
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        graph->parent_start[graph->edges[i].child + 1]++;
        graph->child_start[graph->edges[i].parent + 1]++;
    }
    for (NodeId i = 0; i < nodes; i++) {
        graph->parent_start[i + 1] += graph->parent_start[i];
        graph->child_start[i + 1] += graph->child_start[i];
    }
    /* Filled through each node's start, which ends up at the next one's: shifted back after. */
    for (uint32_t i = 0; i < graph->edge_count; i++)
        graph->by_parent[graph->child_start[graph->edges[i].parent]++] = i;
    for (NodeId i = nodes; i > 0; i--)
        graph->child_start[i] = graph->child_start[i - 1];
    graph->child_start[0] = 0;
}

static bool replaces_open(const Project *project, const App *app)
{
    for (uint32_t i = 0; i < app->migration_count; i++)
        if (project->migrations[app->first_migration + i].replaces.open)
            return true;
    return false;
}

static void flag_nodes(Builder *builder)
{
    const Project *project = builder->project;
    bool *readable = arena_array(&builder->scratch, bool, project->app_count);
    for (AppId app = 0; app < project->app_count; app++)
        readable[app] = project->apps[app].origin != APP_BORROWED &&
                        !replaces_open(project, &project->apps[app]);
    for (NodeId i = 0; i < builder->graph->node_count; i++) {
        Node *node = &builder->graph->nodes[i];
        AppId app = builder_app(builder, node->app);
        if (builder->successor[i] != NODE_NONE || builder->vanished[i])
            node->flags |= NODE_REPLACED;
        else if (node->migration == MIGRATION_NONE)
            node->flags |=
                NODE_MISSING | (app != APP_NONE && readable[app] ? 0u : (unsigned)NODE_UNKNOWABLE);
    }
}

static void free_builder(Builder *builder)
{
    arena_free(&builder->scratch);
    map_free(&builder->ids);
    map_free(&builder->replaced);
    array_free(&builder->edges);
    array_free(&builder->unresolved);
    array_free(&builder->problems);
}

void graph_build(Graph *graph, const Project *project, const Interner *interner,
                 const GraphOptions *options, Arena *arena)
{
    *graph = (Graph){.project = project, .interner = interner};
    Builder builder = {.graph = graph, .project = project, .arena = arena};
    build_load_order(&builder);
    build_nodes(&builder);
    build_edges(&builder);
    build_squashes(&builder, options->django >= 600);
    flag_nodes(&builder);
    keep_edges(&builder);
    build_edge_index(graph, arena);
    graph->unresolved =
        arena_keep(arena, Unresolved, builder.unresolved.items, builder.unresolved.count);
    graph->unresolved_count = builder.unresolved.count;
    graph->squash_problems =
        arena_keep(arena, SquashProblem, builder.problems.items, builder.problems.count);
    graph->squash_problem_count = builder.problems.count;
    build_components(graph, arena);
    free_builder(&builder);
}
