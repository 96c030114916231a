#include "rules/nodes.h"

/* MG108: roots that nothing puts after the first one. */

static bool is_tied(const RuleContext *context, NodeId a, NodeId b)
{
    NodeSet above = graph_ancestors(context->graph, a, context->scratch);
    NodeSet below = graph_descendants(context->graph, a, context->scratch);
    return nodeset_has(&above, b) || nodeset_has(&below, b);
}

/* The root that most of the app hangs from. */
static NodeId first_root(const RuleContext *context, const Nodes *roots)
{
    NodeId best = roots->items[0];
    NodeRange range = app_nodes(context, node_at(context, best)->app);
    uint32_t most = 0;
    for (uint32_t i = 0; i < roots->count; i++) {
        NodeSet below = graph_descendants(context->graph, roots->items[i], context->scratch);
        uint32_t count = 0;
        for (NodeId node = range.first; node < range.end; node++)
            count += nodeset_has(&below, node);
        if (count > most) {
            most = count;
            best = roots->items[i];
        }
    }
    return best;
}

/* A leaf conflict that the root's descendants are part of says it all. */
static Finding *conflict_of(const RuleContext *context, NodeId root)
{
    const Graph *graph = context->graph;
    Finding *own = finding_explaining(context, root);
    NodeSet below = graph_descendants(graph, root, context->scratch);
    NodeRange range = app_nodes(context, graph->nodes[root].app);
    for (NodeId node = range.first; node < range.end && !own; node++)
        if (nodeset_has(&below, node))
            own = finding_explaining(context, node);
    return own;
}

static void report_root(RuleContext *context, NodeId root)
{
    Finding *finding =
        report_migration(context, node_migration(context, root), node_place(context, root),
                         "`%.*s` depends on no migration of its own app, so its order is undefined",
                         STR_ARG(node_text(context, root)));
    finding_help(context, finding, "let it depend on the migration it was written after");
    Finding *cause = conflict_of(context, root);
    if (cause)
        finding_follows_from(context, finding, cause);
}

static void check_roots(RuleContext *context, const App *app)
{
    Nodes roots = graph_roots(context->graph, app->label, context->scratch);
    if (roots.count > MOST_ROOTS)
        roots.count = MOST_ROOTS;
    if (roots.count < 2)
        return;
    NodeId first = first_root(context, &roots);
    for (uint32_t i = 0; i < roots.count; i++) {
        NodeId root = roots.items[i];
        if (root != first && node_is_live(context, root) &&
            !migration_is_open(node_migration(context, root)) && !is_tied(context, root, first))
            report_root(context, root);
    }
}

void check_detached_root(RuleContext *context)
{
    const Project *project = context->project;
    for (AppId id = 0; id < project->app_count; id++)
        if (project->apps[id].origin == APP_OWN && project->apps[id].migration_count > 1)
            check_roots(context, &project->apps[id]);
}
