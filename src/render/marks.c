#include "render/draft.h"

#include "rules/arguments.h"

#include <stdlib.h>

/* What is said about a node: its place in the graph, what it does, what was found. */

/* Of its own app. */
static uint32_t count_parents(const Draft *draft, NodeId node)
{
    const Graph *graph = draft->graph;
    uint32_t count = 0;
    for (uint32_t i = graph->parent_start[node]; i < graph->parent_start[node + 1]; i++) {
        const Edge *edge = &graph->edges[i];
        bool gone = draft_edge_change(draft, edge) == GRAPH_REMOVED &&
                    draft_change(draft, node) != GRAPH_REMOVED;
        count += !gone && graph->nodes[edge->parent].app == graph->nodes[node].app;
    }
    return count;
}

static void add_ends(Draft *draft, Nodes nodes, unsigned first, unsigned others)
{
    for (uint32_t i = 0; i < nodes.count; i++) {
        NodeId node =
            draft->comparison ? draft->comparison->of_now[nodes.items[i]] : nodes.items[i];
        unsigned known = map_get(&draft->ends, node, 0);
        map_set(&draft->ends, node, known | (i ? others : first));
    }
}

/* Of what is there now. Nodes of an app stand side by side. */
void draft_find_ends(Draft *draft)
{
    const Graph *graph = draft->comparison ? draft->comparison->now.graph : draft->graph;
    for (NodeId node = 0; node < graph->node_count; node++) {
        Sym app = graph->nodes[node].app;
        if (node && graph->nodes[node - 1].app == app)
            continue;
        Arena scratch = {0};
        Nodes leaves = graph_leaves(graph, app, &scratch);
        unsigned leaf = MARK_LEAF | (leaves.count > 1 ? MARK_CONFLICT : 0u);
        add_ends(draft, leaves, leaf, leaf);
        add_ends(draft, graph_roots(graph, app, &scratch), MARK_INITIAL, MARK_DETACHED);
        arena_free(&scratch);
    }
}

static unsigned marks_of_operations(const Migration *migration)
{
    unsigned marks = 0;
    for (uint32_t i = 0; i < migration->operation_count; i++) {
        if (migration->operations[i].kind == OPERATION_RUN_PYTHON)
            marks |= MARK_DATA;
        if (migration->operations[i].kind == OPERATION_RUN_SQL)
            marks |= MARK_SQL;
    }
    return marks;
}

unsigned draft_marks(const Draft *draft, NodeId node)
{
    const Graph *graph = draft->graph;
    const Node *at = &graph->nodes[node];
    const Migration *migration = draft_migration(draft, node);
    unsigned marks = nodeset_has(&draft->context, node) ? MARK_CONTEXT : 0;
    if (at->flags & NODE_EXTERNAL)
        marks |= MARK_EXTERNAL;
    if (graph->component_size[graph->component[node]] > 1)
        marks |= MARK_CYCLE;
    if (!migration)
        return marks;
    marks |= map_get(&draft->ends, node, 0);
    if (migration->replaces.count)
        marks |= MARK_SQUASH;
    if (count_parents(draft, node) > 1 && !migration->operation_count &&
        !migration->operations_open)
        marks |= MARK_MERGE;
    if (migration->status == MIGRATION_BROKEN || migration->status == MIGRATION_UNKNOWN)
        marks |= MARK_BROKEN;
    return marks | marks_of_operations(migration);
}

static Str operation_line(const Draft *draft, const Operation *operation)
{
    Str path = draft_text(draft, operation->class_path);
    Str name = operation->kind == OPERATION_OPAQUE
                   ? (path.len ? str_tail(path, '.') : S("an operation that cannot be read"))
                   : str(operation_name(operation->kind));
    Str model = operation_model(draft->interner, operation);
    Str field = operation_field(draft->interner, operation);
    if (!model.len)
        return arena_str(draft->arena, name);
    return arena_printf(draft->arena, "%.*s %.*s%s%.*s", STR_ARG(name), STR_ARG(model),
                        field.len ? "." : "", STR_ARG(field));
}

void draft_operations(const Draft *draft, NodeId node, PictureNode *out)
{
    const Migration *migration = draft_migration(draft, node);
    if (!migration)
        return;
    out->path = migration->path;
    out->operations = arena_array(draft->arena, Str, migration->operation_count);
    for (uint32_t i = 0; i < migration->operation_count; i++)
        out->operations[out->operation_count++] = operation_line(draft, &migration->operations[i]);
}

/* ---- findings ---- */

static NodeId node_of(const Draft *draft, const Finding *finding)
{
    if (!finding->migration.len)
        return NODE_NONE;
    return graph_node(draft->graph, intern_find(draft->interner, finding->app),
                      intern_find(draft->interner, finding->migration));
}

/* Calls for every finding about the project, consequences too, with its node. */
typedef void FindingVisitor(void *self, NodeId node, const Finding *finding);
static void visit(const Draft *draft, FindingVisitor *visitor, void *self)
{
    const Findings *findings = draft->source->findings;
    Str root = draft->source->project->root;
    for (uint32_t i = 0; findings && i < findings->count; i++) {
        const Finding *top = findings->items[i];
        if (!str_eq(top->project, root))
            continue;
        visitor(self, node_of(draft, top), top);
        for (uint32_t c = 0; c < top->consequence_count; c++)
            visitor(self, node_of(draft, top->consequences[c]), top->consequences[c]);
    }
}

typedef struct Filling {
    uint32_t *at; /* by node: where its next finding goes */
    const Finding **items;
} Filling;

static void count_finding(void *self, NodeId node, const Finding *finding)
{
    (void)finding;
    if (node != NODE_NONE)
        ((uint32_t *)self)[node + 1]++;
}

static void place_finding(void *self, NodeId node, const Finding *finding)
{
    Filling *filling = self;
    if (node != NODE_NONE)
        filling->items[filling->at[node]++] = finding;
}

NodeFindings draft_findings(Draft *draft)
{
    uint32_t count = draft->graph->node_count;
    NodeFindings out = {arena_array(draft->arena, uint32_t, count + 1), NULL};
    visit(draft, count_finding, out.start);
    for (NodeId node = 0; node < count; node++)
        out.start[node + 1] += out.start[node];
    out.items = arena_array(draft->arena, const Finding *, out.start[count] + 1);
    Filling filling = {arena_keep(&draft->scratch, uint32_t, out.start, count + 1), out.items};
    visit(draft, place_finding, &filling);
    return out;
}

const Finding **draft_app_findings(const Draft *draft, Str label, uint32_t *count)
{
    const Findings *findings = draft->source->findings;
    const Finding **items =
        arena_array(draft->arena, const Finding *, (findings ? findings->count : 0) + 1);
    *count = 0;
    for (uint32_t i = 0; findings && i < findings->count; i++) {
        const Finding *top = findings->items[i];
        if (str_eq(top->project, draft->source->project->root) && str_eq(top->app, label) &&
            node_of(draft, top) == NODE_NONE)
            items[(*count)++] = top;
    }
    return items;
}
