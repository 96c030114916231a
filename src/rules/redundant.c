#include "rules/nodes.h"

/*
 * MG107: dependencies that are not needed. Whether one implies another is a
 * walk over what lies above it, and a file can ask for many: the work is
 * bounded, and beyond the bound nothing is claimed.
 */

enum {
    WORK_FOR_ONE = 1 << 14, /* edges looked at for one migration */
    WORK_FOR_ALL = 1 << 25, /* … for a project */
    MOST_LISTED = 1000,     /* entries of one list compared with one another */
};

typedef struct Walk {
    RuleContext *context;
    const Edge **via; /* per node: the listed dependency that it was reached through */
    uint32_t *round;  /* per node: the last walk that reached it */
    uint32_t rounds;
    uint32_t work_left;
    Array(NodeId) open;
} Walk;

static void reach(Walk *walk, NodeId node, const Edge *via)
{
    if (walk->round[node] == walk->rounds)
        return;
    walk->round[node] = walk->rounds;
    walk->via[node] = via;
    array_push(&walk->open, node);
}

static bool is_listed(const Edge *edge, MigrationId id)
{
    return edge->origin == id && edge->kind == EDGE_DEPENDENCY && !edge->maybe;
}

/* Reaches what lies above the listed dependencies, each of which counts only
 * where another one leads to it. */
static void walk_above(Walk *walk, NodeId node, MigrationId id)
{
    const Graph *graph = walk->context->graph;
    uint32_t work = 0;
    walk->rounds++;
    array_clear(&walk->open);
    EACH_PARENT_EDGE(graph, node, listed)
    {
        if (!is_listed(listed, id))
            continue;
        EACH_PARENT_EDGE(graph, listed->parent, edge)
        if (!edge->maybe && work++ < WORK_FOR_ONE)
            reach(walk, edge->parent, listed);
    }
    for (uint32_t i = 0; i < walk->open.count && work < WORK_FOR_ONE; i++) {
        NodeId at = walk->open.items[i];
        EACH_PARENT_EDGE(graph, at, edge)
        if (!edge->maybe && work++ < WORK_FOR_ONE)
            reach(walk, edge->parent, walk->via[at]);
    }
    walk->work_left -= work < walk->work_left ? work : walk->work_left;
}

static void report_implied(Walk *walk, MigrationId id)
{
    RuleContext *context = walk->context;
    const Graph *graph = context->graph;
    NodeId node = graph->node_of[id];
    if (node == NODE_NONE || !walk->work_left ||
        graph->parent_start[node + 1] - graph->parent_start[node] < 2 ||
        graph->component_size[graph->component[node]] > 1)
        return; /* in a circle everything implies everything */
    walk_above(walk, node, id);
    EACH_PARENT_EDGE(graph, node, edge)
    {
        if (!is_listed(edge, id) || walk->round[edge->parent] != walk->rounds ||
            walk->via[edge->parent] == edge ||
            graph_edge_dependency(graph, edge)->kind != DEPENDENCY_KEY)
            continue;
        report_migration(context, &context->project->migrations[id], graph_edge_place(graph, edge),
                         "`%.*s` is needed by `%.*s` already, which is listed too",
                         STR_ARG(node_text(context, edge->parent)),
                         STR_ARG(node_text(context, walk->via[edge->parent]->parent)));
    }
}

static bool listed_before(const Dependencies *list, uint32_t index)
{
    const Dependency *entry = &list->items[index];
    for (uint32_t i = 0; i < index; i++) {
        const Dependency *other = &list->items[i];
        if (other->app == entry->app && other->name == entry->name && other->kind == entry->kind &&
            other->setting == entry->setting && !other->maybe)
            return true;
    }
    return false;
}

static void report_twice(RuleContext *context, const Migration *migration)
{
    const Dependencies *list = &migration->dependencies;
    for (uint32_t i = 1; i < list->count && i < MOST_LISTED; i++)
        if (list->items[i].app && !list->items[i].maybe && listed_before(list, i))
            report_migration(context, migration, list->items[i].place,
                             "this dependency is listed twice");
}

void check_redundant_dependency(RuleContext *context)
{
    const Project *project = context->project;
    uint32_t nodes = context->graph->node_count;
    Walk walk = {.context = context,
                 .via = arena_array(context->scratch, const Edge *, nodes),
                 .round = arena_array(context->scratch, uint32_t, nodes),
                 .work_left = WORK_FOR_ALL};
    for (MigrationId id = 0; id < project->migration_count; id++) {
        const Migration *migration = &project->migrations[id];
        if (project->apps[migration->app].origin != APP_OWN || migration->dependencies.count < 2)
            continue;
        report_twice(context, migration);
        report_implied(&walk, id);
    }
    array_free(&walk.open);
}
