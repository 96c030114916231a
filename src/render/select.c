#include "render/draft.h"

#include <stdlib.h>

/* Which nodes are drawn: what was asked for, and what is next to it. */

NodeSet set_empty(const Draft *draft)
{
    NodeSet set = {.word_count = draft->graph->node_count / 64 + 1};
    set.words = arena_array(draft->arena, uint64_t, set.word_count);
    return set;
}

static NodeSet copy_of(const Draft *draft, const NodeSet *set)
{
    NodeSet copy = set_empty(draft);
    memcpy(copy.words, set->words, set->word_count * sizeof *set->words);
    return copy;
}

Str draft_text(const Draft *draft, Sym sym)
{
    return sym_str(draft->interner, sym);
}

const Migration *draft_migration(const Draft *draft, NodeId node)
{
    MigrationId id = draft->graph->nodes[node].migration;
    return id == MIGRATION_NONE ? NULL : &draft_graph_of(draft, node)->project->migrations[id];
}

GraphChange draft_change(const Draft *draft, NodeId node)
{
    return draft->comparison ? draft->comparison->nodes[node] : GRAPH_UNCHANGED;
}

const Graph *draft_graph_of(const Draft *draft, NodeId node)
{
    return draft->comparison ? comparison_version(draft->comparison, node)->graph : draft->graph;
}

static uint32_t number_of(const Draft *draft, const Edge *edge)
{
    return (uint32_t)(edge - draft->graph->edges);
}

GraphChange draft_edge_change(const Draft *draft, const Edge *edge)
{
    return draft->comparison ? draft->comparison->edges[number_of(draft, edge)] : GRAPH_UNCHANGED;
}

const Graph *draft_edge_graph(const Draft *draft, const Edge *edge)
{
    return draft->comparison
               ? comparison_edge_version(draft->comparison, number_of(draft, edge))->graph
               : draft->graph;
}

bool draft_is_outside(const Draft *draft, NodeId node)
{
    return !draft->options->externals && draft->graph->nodes[node].flags & NODE_EXTERNAL;
}

/* ---- what there is ---- */

static bool is_wanted_app(const Draft *draft, NodeId node)
{
    Str label = draft_text(draft, draft->graph->nodes[node].app);
    for (uint32_t i = 0; i < draft->options->app_count; i++)
        if (str_eq(draft->options->apps[i], label))
            return true;
    return !draft->options->app_count;
}

/* Own migrations, and what is missing; of other people's apps only what own ones depend on. */
static void add_all(Draft *draft)
{
    const Graph *graph = draft->graph;
    for (NodeId node = 0; node < graph->node_count; node++)
        if (!(graph->nodes[node].flags & (NODE_REPLACED | NODE_EXTERNAL)))
            set_add(&draft->shown, node);
    NodeSet own = copy_of(draft, &draft->shown);
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        const Edge *edge = &graph->edges[i];
        if (nodeset_has(&own, edge->child) && !(graph->nodes[edge->parent].flags & NODE_REPLACED))
            set_add(&draft->shown, edge->parent);
    }
}

/* Neighbours along edges in both directions, `depth` steps from the nodes of the set. */
static void widen(const Draft *draft, NodeSet *set, unsigned depth)
{
    const Graph *graph = draft->graph;
    for (unsigned step = 0; step < depth; step++) {
        NodeSet next = copy_of(draft, set);
        for (uint32_t i = 0; i < graph->edge_count; i++) {
            if (nodeset_has(set, graph->edges[i].child))
                set_add(&next, graph->edges[i].parent);
            if (nodeset_has(set, graph->edges[i].parent))
                set_add(&next, graph->edges[i].child);
        }
        *set = next;
    }
}

static void keep_only(Draft *draft, const NodeSet *wanted, const NodeSet *around)
{
    for (NodeId node = 0; node < draft->graph->node_count; node++) {
        if (!nodeset_has(&draft->shown, node) || nodeset_has(wanted, node))
            continue;
        if (nodeset_has(around, node))
            set_add(&draft->context, node);
        else {
            set_remove(&draft->shown, node);
            set_remove(&draft->context, node);
        }
    }
}

/* ---- what was asked for ---- */

static NodeSet wanted_apps(const Draft *draft)
{
    NodeSet set = set_empty(draft);
    for (NodeId node = 0; node < draft->graph->node_count; node++)
        if (is_wanted_app(draft, node))
            set_add(&set, node);
    return set;
}

static bool find_node(const Draft *draft, Str app, Str name, NodeId *out, Error *err)
{
    *out = graph_node(draft->graph, intern_find(draft->interner, app),
                      intern_find(draft->interner, name));
    return *out != NODE_NONE ||
           error_set(err, "there is no migration `%.*s.%.*s`", STR_ARG(app), STR_ARG(name));
}

static bool focus(Draft *draft, Error *err)
{
    const PictureOptions *options = draft->options;
    NodeSet set = set_empty(draft);
    bool any = false;
    for (NodeId node = 0; node < draft->graph->node_count && !options->focus_name.len; node++)
        if (str_eq(draft_text(draft, draft->graph->nodes[node].app), options->focus_app) &&
            nodeset_has(&draft->shown, node)) {
            set_add(&set, node);
            any = true;
        }
    NodeId node;
    if (options->focus_name.len) {
        if (!find_node(draft, options->focus_app, options->focus_name, &node, err))
            return false;
        set_add(&set, node);
    } else if (!any) {
        return error_set(err, "there is no app `%.*s` with migrations",
                         STR_ARG(options->focus_app));
    }
    NodeSet around = copy_of(draft, &set);
    widen(draft, &around, options->depth);
    keep_only(draft, &set, &around);
    return true;
}

/* What is not among the ancestors of a migration, with the parents it hangs on. */
static bool since(Draft *draft, Error *err)
{
    NodeId from;
    if (!find_node(draft, draft->options->since_app, draft->options->since_name, &from, err))
        return false;
    NodeSet old = graph_ancestors(draft->graph, from, draft->arena), fresh = set_empty(draft);
    for (NodeId node = 0; node < draft->graph->node_count; node++)
        if (node != from && !nodeset_has(&old, node) && nodeset_has(&draft->shown, node) &&
            !(draft->graph->nodes[node].flags & NODE_EXTERNAL))
            set_add(&fresh, node);
    NodeSet around = copy_of(draft, &fresh);
    set_add(&around, from);
    for (uint32_t i = 0; i < draft->graph->edge_count; i++)
        if (nodeset_has(&fresh, draft->graph->edges[i].child))
            set_add(&around, draft->graph->edges[i].parent);
    keep_only(draft, &fresh, &around);
    return true;
}

/* What differs from the base, and what is next to it. */
static void differing(Draft *draft)
{
    const Graph *graph = draft->graph;
    NodeSet set = set_empty(draft);
    for (NodeId node = 0; node < graph->node_count; node++)
        if (draft_change(draft, node) != GRAPH_UNCHANGED && is_wanted_app(draft, node))
            set_add(&set, node);
    NodeSet around = copy_of(draft, &set);
    widen(draft, &around, 1);
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        const Edge *edge = &graph->edges[i];
        if (draft_edge_change(draft, edge) != GRAPH_UNCHANGED &&
            (is_wanted_app(draft, edge->child) || is_wanted_app(draft, edge->parent))) {
            set_add(&around, edge->child);
            set_add(&around, edge->parent);
        }
    }
    keep_only(draft, &set, &around);
}

static void problems(Draft *draft)
{
    NodeFindings findings = draft_findings(draft);
    NodeSet set = set_empty(draft);
    for (NodeId node = 0; node < draft->graph->node_count; node++) {
        bool found = draft->graph->nodes[node].flags & NODE_MISSING;
        for (uint32_t i = findings.start[node]; i < findings.start[node + 1]; i++)
            found |= findings.items[i]->severity >= SEVERITY_WARNING;
        if (found)
            set_add(&set, node);
    }
    NodeSet around = copy_of(draft, &set);
    widen(draft, &around, 1);
    keep_only(draft, &set, &around);
}

/* ---- order ---- */

/* Plan order with room between; what no plan has stands before the first of its children. */
static void put_in_order(Draft *draft)
{
    const Graph *graph = draft->graph;
    Nodes plan = graph_plan(graph, &draft->scratch);
    draft->order = arena_array(draft->arena, uint32_t, graph->node_count + 1);
    for (NodeId node = 0; node < graph->node_count; node++)
        draft->order[node] = UINT32_MAX;
    for (uint32_t i = 0; i < plan.count; i++)
        draft->order[plan.items[i]] = 2 * i + 1;
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        const Edge *edge = &graph->edges[i];
        bool missing = graph->nodes[edge->parent].flags & NODE_MISSING;
        uint32_t child = draft->order[edge->child];
        if (missing && child != UINT32_MAX && child - 1 < draft->order[edge->parent])
            draft->order[edge->parent] = child - 1;
    }
}

bool draft_select(Draft *draft, Error *err)
{
    const PictureOptions *options = draft->options;
    draft->shown = set_empty(draft);
    draft->context = set_empty(draft);
    put_in_order(draft);
    add_all(draft);
    if (draft->comparison)
        differing(draft);
    else if (options->app_count) {
        NodeSet set = wanted_apps(draft), around = copy_of(draft, &set);
        for (uint32_t i = 0; i < draft->graph->edge_count; i++)
            if (nodeset_has(&set, draft->graph->edges[i].child))
                set_add(&around, draft->graph->edges[i].parent);
        keep_only(draft, &set, &around);
    }
    if (options->problems)
        problems(draft);
    if (options->since_name.len && !since(draft, err))
        return false;
    return !options->focus_app.len || focus(draft, err);
}
