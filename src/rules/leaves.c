#include "rules/leaves.h"

#include "rules/arguments.h"

void leaves_find(Leaves *leaves, RuleContext *context, const App *app)
{
    *leaves = (Leaves){.context = context, .app = app, .fork = NODE_NONE};
    uint32_t kept = 0;
    leaves->nodes = graph_leaves(context->graph, leaves->app->label, context->scratch);
    for (uint32_t i = 0; i < leaves->nodes.count; i++) {
        NodeId node = leaves->nodes.items[i];
        if (!node_is_live(context, node) ||
            node_migration(context, node)->status == MIGRATION_NO_CLASS)
            continue;
        leaves->nodes.items[kept++] = node;
    }
    leaves->nodes.count = kept;
    leaves->compared = kept < MOST_LEAVES ? kept : MOST_LEAVES;
    if (kept < 2)
        return;
    leaves->above = arena_array(context->scratch, NodeSet, leaves->compared);
    for (uint32_t i = 0; i < leaves->compared; i++)
        leaves->above[i] =
            graph_ancestors(context->graph, leaves->nodes.items[i], context->scratch);
}

static bool is_common(const Leaves *leaves, NodeId node)
{
    for (uint32_t i = 0; i < leaves->compared; i++)
        if (!nodeset_has(&leaves->above[i], node))
            return false;
    return true;
}

bool leaves_may_be_joined(const Leaves *leaves)
{
    const RuleContext *context = leaves->context;
    for (uint32_t i = 0; i < leaves->app->migration_count; i++) {
        MigrationId id = leaves->app->first_migration + i;
        const Migration *migration = &context->project->migrations[id];
        NodeId node = context->graph->node_of[id];
        if (migration_is_open(migration) && migration->status != MIGRATION_NO_CLASS &&
            !str_ends(migration->path, S(".pyc")) &&
            (node == NODE_NONE || !is_common(leaves, node)))
            return true;
    }
    return false;
}

NodeId leaves_fork(const Leaves *leaves)
{
    const Graph *graph = leaves->context->graph;
    NodeRange range = app_nodes(leaves->context, leaves->app->label);
    for (NodeId node = range.end; node-- > range.first;) {
        if (!is_common(leaves, node))
            continue;
        bool last = true;
        EACH_CHILD_EDGE(graph, node, i)
        {
            NodeId child = graph->edges[graph->by_parent[i]].child;
            last &= graph->nodes[child].app != leaves->app->label || !is_common(leaves, child);
        }
        if (last)
            return node;
    }
    return NODE_NONE;
}

/* ---- what the sides of a fork change -------------------------------------- */

typedef struct Touched {
    Str model, field; /* lower-cased model; field empty: the model as a whole */
} Touched;

typedef Array(Touched) TouchedList;

enum { MOST_TOUCHED = 1000 }; /* compared with one another */

static void touch(const RuleContext *context, const Operation *operation, TouchedList *out)
{
    const Interner *interner = &context->workspace->interner;
    Str model = arena_lower(context->scratch, operation_model(interner, operation));
    if (model.len)
        array_push(out, (Touched){model, operation_field(interner, operation)});
}

/* What the app's migrations on one side of the fork change. */
static TouchedList side_of(const Leaves *leaves, uint32_t leaf)
{
    const RuleContext *context = leaves->context;
    TouchedList touched = {0};
    NodeRange range = app_nodes(context, leaves->app->label);
    for (NodeId node = range.first; node < range.end; node++) {
        bool on_side = node == leaves->nodes.items[leaf] ||
                       (nodeset_has(&leaves->above[leaf], node) && !is_common(leaves, node));
        if (!on_side || !node_is_live(context, node))
            continue;
        const Migration *migration = node_migration(context, node);
        for (uint32_t i = 0; i < migration->operation_count && touched.count < MOST_TOUCHED; i++)
            touch(context, &migration->operations[i], &touched);
    }
    return touched;
}

static Str overlap(const Leaves *leaves, TouchedList a, TouchedList b)
{
    for (uint32_t i = 0; i < a.count; i++)
        for (uint32_t j = 0; j < b.count; j++) {
            Touched x = a.items[i], y = b.items[j];
            if (!str_eq(x.model, y.model) ||
                (x.field.len && y.field.len && !str_eq(x.field, y.field)))
                continue;
            Str field = x.field.len && y.field.len ? x.field : (Str){0};
            return arena_printf(leaves->context->scratch, "`%.*s%s%.*s`", STR_ARG(x.model),
                                field.len ? "." : "", STR_ARG(field));
        }
    return (Str){0};
}

Str leaves_overlap(const Leaves *leaves, uint32_t one, uint32_t other)
{
    TouchedList first = side_of(leaves, one), second = side_of(leaves, other);
    Str both = overlap(leaves, first, second);
    array_free(&first);
    array_free(&second);
    return both;
}
