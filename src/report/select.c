#include "report/select.h"

#include "base/alloc.h"

#include <stdlib.h>

static void set_bit(NodeSet *set, NodeId node)
{
    set->words[node / 64] |= (uint64_t)1 << node % 64;
}

static NodeSet empty_set(uint32_t count, Arena *arena)
{
    NodeSet set = {.word_count = (count + 63) / 64};
    set.words = arena_array(arena, uint64_t, set.word_count ? set.word_count : 1);
    return set;
}

bool view_has_app(const View *view, const Workspace *workspace, Sym label)
{
    Str text = sym_str(&workspace->interner, label);
    for (uint32_t i = 0; i < view->app_count; i++)
        if (str_eq(view->apps[i], text))
            return true;
    return !view->app_count;
}

/* Where a walk along dependencies begins. */
static bool is_start(const View *view, const Graph *graph, const Node *node)
{
    if (view->app_count)
        return view_has_app(view, view->workspace, node->app);
    if (!(node->flags & NODE_EXTERNAL))
        return true;
    AppId app = project_app(graph->project, node->app);
    return app != APP_NONE && graph->project->apps[app].installed;
}

NodeSet view_nodes(const View *view, const Graph *graph, Arena *arena)
{
    NodeSet shown = empty_set(graph->node_count, arena);
    Array(NodeId) open = {0};
    for (NodeId n = 0; n < graph->node_count; n++)
        if (!(graph->nodes[n].flags & NODE_REPLACED) && is_start(view, graph, &graph->nodes[n])) {
            set_bit(&shown, n);
            array_push(&open, n);
        }
    while (open.count) {
        NodeId node = array_pop(&open);
        for (uint32_t e = graph->parent_start[node]; e < graph->parent_start[node + 1]; e++) {
            NodeId parent = graph->edges[e].parent;
            if (nodeset_has(&shown, parent))
                continue;
            set_bit(&shown, parent);
            array_push(&open, parent);
        }
    }
    array_free(&open);
    return shown;
}

/* Django: the plan of every leaf of the apps, each adding what is not there yet. */
static Nodes plan_of_apps(const View *view, const Graph *graph, Arena *arena)
{
    NodeSet taken = empty_set(graph->node_count, arena);
    Array(NodeId) plan = {0};
    for (NodeId n = 0; n < graph->node_count; n++) {
        Sym app = graph->nodes[n].app;
        if ((n && graph->nodes[n - 1].app == app) || !view_has_app(view, view->workspace, app))
            continue;
        Nodes leaves = graph_leaves(graph, app, arena);
        for (uint32_t i = 0; i < leaves.count; i++) {
            Nodes needed = graph_forwards_plan(graph, leaves.items[i], arena);
            for (uint32_t k = 0; k < needed.count; k++)
                if (!nodeset_has(&taken, needed.items[k])) {
                    set_bit(&taken, needed.items[k]);
                    array_push(&plan, needed.items[k]);
                }
        }
    }
    Nodes kept = {arena_keep(arena, NodeId, plan.items, plan.count), plan.count};
    array_free(&plan);
    return kept;
}

Nodes view_plan(const View *view, const Graph *graph, Arena *arena)
{
    if (view->app_count)
        return plan_of_apps(view, graph, arena);
    Nodes plan = graph_plan(graph, arena);
    NodeSet shown = view_nodes(view, graph, arena);
    uint32_t count = 0;
    for (uint32_t i = 0; i < plan.count; i++)
        if (nodeset_has(&shown, plan.items[i]))
            plan.items[count++] = plan.items[i];
    plan.count = count;
    return plan;
}

Str node_key(const Graph *graph, NodeId node, Arena *arena)
{
    return arena_printf(arena, "%.*s.%.*s",
                        STR_ARG(sym_str(graph->interner, graph->nodes[node].app)),
                        STR_ARG(sym_str(graph->interner, graph->nodes[node].name)));
}

bool name_complete(const Graph *graphs, uint32_t graph_count, Str app, Str *name, Error *err)
{
    Str one = {0}, another = {0};
    for (uint32_t g = 0; g < graph_count; g++)
        for (NodeId n = 0; n < graphs[g].node_count; n++) {
            const Node *node = &graphs[g].nodes[n];
            Str whole = sym_str(graphs[g].interner, node->name);
            if (!str_eq(sym_str(graphs[g].interner, node->app), app) || !str_starts(whole, *name))
                continue;
            if (str_eq(whole, *name))
                return true;
            if (node->flags & (NODE_MISSING | NODE_REPLACED))
                continue;
            if (one.len && !str_eq(one, whole))
                another = whole;
            else
                one = whole;
        }
    if (another.len)
        return error_set(err, "several migrations of `%.*s` begin with `%.*s`: `%.*s`, `%.*s`",
                         STR_ARG(app), STR_ARG(*name), STR_ARG(one), STR_ARG(another));
    if (one.len)
        *name = one;
    return true;
}
