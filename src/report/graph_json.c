#include "report/json_util.h"
#include "report/select.h"

typedef struct Writer {
    const View *view;
    const Project *project;
    const Graph *graph;
    const Comparison *comparison; /* with a base; NULL */
    NodeSet shown;
    Arena *scratch;
} Writer;

static json_t *key(const Writer *writer, NodeId node)
{
    return json_text(node_key(writer->graph, node, writer->scratch));
}

static Str text_of(const Writer *writer, Sym sym)
{
    return sym_str(writer->graph->interner, sym);
}

static json_t *apps_of(const Writer *writer)
{
    json_t *apps = json_array();
    for (uint32_t a = 0; a < writer->project->app_count; a++) {
        const App *app = &writer->project->apps[a];
        if (app->origin != APP_OWN || !app->migration_count ||
            !view_has_app(writer->view, writer->view->workspace, app->label))
            continue;
        json_t *object = json_object();
        json_object_set_new(object, "label", json_text(text_of(writer, app->label)));
        json_object_set_new(object, "path", json_text(app->path));
        json_array_append_new(apps, object);
    }
    return apps;
}

static json_t *replaces_of(const Writer *writer, const Migration *migration)
{
    json_t *keys = json_array();
    for (uint32_t i = 0; migration && i < migration->replaces.count; i++) {
        const Dependency *replaced = &migration->replaces.items[i];
        Str text =
            arena_printf(writer->scratch, "%.*s.%.*s", STR_ARG(text_of(writer, replaced->app)),
                         STR_ARG(text_of(writer, replaced->name)));
        json_array_append_new(keys, json_text(text));
    }
    return keys;
}

static json_t *node_object(const Writer *writer, const Node *node, const Project *project)
{
    bool external = node->flags & NODE_EXTERNAL;
    const Migration *migration =
        node->migration == MIGRATION_NONE ? NULL : &project->migrations[node->migration];
    json_t *object = json_object();
    json_object_set_new(object, "app", json_text(text_of(writer, node->app)));
    json_object_set_new(object, "name", json_text(text_of(writer, node->name)));
    json_object_set_new(object, "path",
                        migration && !external ? json_text_or_null(migration->path) : json_null());
    json_object_set_new(object, "missing", json_boolean(node->flags & NODE_MISSING));
    json_object_set_new(object, "external", json_boolean(external));
    json_object_set_new(object, "replaces", replaces_of(writer, migration));
    return object;
}

/* ---- with a base ---- */

static json_t *change_name(GraphChange change)
{
    return change == GRAPH_UNCHANGED ? json_null() : json_string(graph_change_names[change]);
}

/* Among the nodes asked for, or, when it is in no graph of now, changed in an app that is. */
static bool shows(const Writer *writer, NodeId id)
{
    const Comparison *comparison = writer->comparison;
    NodeId here = comparison->here[id];
    bool live = here != NODE_NONE && !(writer->graph->nodes[here].flags & NODE_REPLACED);
    if (live && comparison->nodes[id] != GRAPH_REMOVED)
        return nodeset_has(&writer->shown, here);
    return comparison->nodes[id] != GRAPH_UNCHANGED &&
           view_has_app(writer->view, writer->view->workspace, comparison->graph.nodes[id].app);
}

static json_t *compared_nodes(const Writer *writer)
{
    const Comparison *comparison = writer->comparison;
    json_t *nodes = json_array();
    for (NodeId id = 0; id < comparison->graph.node_count; id++) {
        if (!shows(writer, id))
            continue;
        const Project *project = comparison_version(comparison, id)->graph->project;
        json_t *object = node_object(writer, &comparison->graph.nodes[id], project);
        json_object_set_new(object, "change", change_name(comparison->nodes[id]));
        json_array_append_new(nodes, object);
    }
    return nodes;
}

static json_t *changed_edges(const Writer *writer)
{
    const Comparison *comparison = writer->comparison;
    json_t *edges = json_array();
    for (uint32_t e = 0; e < comparison->graph.edge_count; e++) {
        const Edge *edge = &comparison->graph.edges[e];
        if (comparison->edges[e] == GRAPH_UNCHANGED || !shows(writer, edge->child))
            continue;
        json_t *object = json_object();
        json_object_set_new(object, "child",
                            json_text(node_key(&comparison->graph, edge->child, writer->scratch)));
        json_object_set_new(object, "parent",
                            json_text(node_key(&comparison->graph, edge->parent, writer->scratch)));
        json_object_set_new(object, "change", change_name(comparison->edges[e]));
        json_array_append_new(edges, object);
    }
    return edges;
}

/* ---- as it is ---- */

static void set_nodes(const Writer *writer, json_t *object)
{
    json_t *nodes = json_array(), *edges = json_array();
    const Graph *graph = writer->graph;
    for (NodeId n = 0; n < graph->node_count; n++)
        if (nodeset_has(&writer->shown, n))
            json_array_append_new(nodes, node_object(writer, &graph->nodes[n], writer->project));
    for (uint32_t e = 0; e < graph->edge_count; e++) {
        const Edge *edge = &graph->edges[e];
        if (!nodeset_has(&writer->shown, edge->child) || !nodeset_has(&writer->shown, edge->parent))
            continue;
        json_t *pair = json_array();
        json_array_append_new(pair, key(writer, edge->child));
        json_array_append_new(pair, key(writer, edge->parent));
        json_array_append_new(edges, pair);
    }
    json_object_set_new(object, "nodes", nodes);
    json_object_set_new(object, "edges", edges);
}

static json_t *shown_keys(const Writer *writer, Nodes nodes)
{
    json_t *keys = json_array();
    for (uint32_t i = 0; i < nodes.count; i++)
        if (nodeset_has(&writer->shown, nodes.items[i]))
            json_array_append_new(keys, key(writer, nodes.items[i]));
    return keys;
}

static json_t *conflict_object(const Writer *writer, Sym app, Nodes leaves)
{
    json_t *object = json_object(), *names = json_array();
    for (uint32_t i = 0; i < leaves.count; i++) {
        Str name = text_of(writer, writer->graph->nodes[leaves.items[i]].name);
        json_array_append_new(names, json_text(name));
    }
    json_object_set_new(object, "app", json_text(text_of(writer, app)));
    json_object_set_new(object, "leaves", names);
    return object;
}

/* Leaves, roots and conflicts, app by app in the order of the nodes. */
static void set_ends(const Writer *writer, json_t *object)
{
    json_t *leaves = json_array(), *roots = json_array(), *conflicts = json_array();
    const Graph *graph = writer->graph;
    for (NodeId n = 0; n < graph->node_count; n++) {
        Sym app = graph->nodes[n].app;
        if (n && graph->nodes[n - 1].app == app)
            continue;
        Nodes last = graph_leaves(graph, app, writer->scratch);
        json_t *keys = shown_keys(writer, last);
        if (json_array_size(keys) > 1)
            json_array_append_new(conflicts, conflict_object(writer, app, last));
        json_array_extend(leaves, keys);
        json_decref(keys);
        keys = shown_keys(writer, graph_roots(graph, app, writer->scratch));
        json_array_extend(roots, keys);
        json_decref(keys);
    }
    json_object_set_new(object, "leaves", leaves);
    json_object_set_new(object, "roots", roots);
    json_object_set_new(object, "conflicts", conflicts);
}

static json_t *cycles_of(const Writer *writer)
{
    json_t *list = json_array();
    Cycles cycles = graph_cycles(writer->graph, writer->scratch);
    for (uint32_t i = 0; i < cycles.count; i++) {
        json_t *keys = shown_keys(writer, cycles.items[i]);
        if (json_array_size(keys))
            json_array_append(list, keys);
        json_decref(keys);
    }
    return list;
}

static json_t *project_object(const View *view, const Graph *graph, const Comparison *comparison)
{
    Arena scratch = {0};
    Writer writer = {.view = view,
                     .project = graph->project,
                     .graph = graph,
                     .comparison = comparison,
                     .scratch = &scratch};
    writer.shown = view_nodes(view, writer.graph, &scratch);
    json_t *object = json_object(), *plan = json_array();
    json_object_set_new(object, "root", json_text(writer.project->root));
    json_object_set_new(object, "apps", apps_of(&writer));
    set_nodes(&writer, object);
    if (writer.comparison) {
        json_object_set_new(object, "nodes", compared_nodes(&writer));
        json_object_set_new(object, "changed_edges", changed_edges(&writer));
    }
    set_ends(&writer, object);
    json_object_set_new(object, "cycles", cycles_of(&writer));
    Nodes order = view_plan(view, writer.graph, &scratch);
    for (uint32_t i = 0; i < order.count; i++)
        json_array_append_new(plan, key(&writer, order.items[i]));
    json_object_set_new(object, "plan", plan);
    arena_free(&scratch);
    return object;
}

void graph_json(const View *view, StrBuf *out)
{
    json_t *document = json_object(), *projects = json_array();
    const Comparisons *compared = view->comparisons;
    for (uint32_t p = 0; compared && p < compared->count; p++)
        json_array_append_new(
            projects, project_object(view, compared->items[p].now.graph, &compared->items[p]));
    for (uint32_t p = 0; !compared && p < view->workspace->project_count; p++)
        json_array_append_new(projects, project_object(view, &view->graphs[p], NULL));
    json_object_set_new(document, "version", json_integer(JSON_SHAPE));
    json_object_set_new(document, "projects", projects);
    json_write(document, out);
}
