#include "graph/build.h"

static void swap_nodes(NodeId *a, NodeId *b)
{
    NodeId kept = *a;
    *a = *b;
    *b = kept;
}

static void heap_push(NodeHeap *heap, NodeId node)
{
    array_push(heap, node);
    for (uint32_t i = heap->count - 1; i && heap->items[i] < heap->items[(i - 1) / 2];
         i = (i - 1) / 2)
        swap_nodes(&heap->items[i], &heap->items[(i - 1) / 2]);
}

static void heap_pop(NodeHeap *heap)
{
    heap->items[0] = *array_last(heap);
    heap->count--;
    for (uint32_t i = 0, child; (child = 2 * i + 1) < heap->count; i = child) {
        if (child + 1 < heap->count && heap->items[child + 1] < heap->items[child])
            child++;
        if (heap->items[i] <= heap->items[child])
            break;
        swap_nodes(&heap->items[i], &heap->items[child]);
    }
}

/* The smallest node that has none of what `has` says, or NODE_NONE. A node
 * never loses an edge while edges are added, so what is thrown out stays out. */
static NodeId heap_first(NodeHeap *heap, const bool *has)
{
    while (heap->count && has[heap->items[0]])
        heap_pop(heap);
    return heap->count ? heap->items[0] : NODE_NONE;
}

/* The root or leaf that __first__ or __latest__ means at this moment. */
static NodeId app_end(Builder *builder, AppId app, bool latest)
{
    AppEnds *ends = &builder->ends[app];
    for (NodeId node = builder->first_node[app]; !ends->ready && node < builder->end_node[app];
         node++) {
        if (!builder->exists[node])
            continue;
        array_push(&ends->roots, node);
        array_push(&ends->leaves, node);
    }
    ends->ready = true;
    return latest ? heap_first(&ends->leaves, builder->has_child)
                  : heap_first(&ends->roots, builder->has_parent);
}

/* A node that no file provides comes into being with its first reference; it
 * may not be missing at all when none of its references is certain. */
static void add_missing(Builder *builder, NodeId node, bool maybe)
{
    unsigned *flags = &builder->graph->nodes[node].flags;
    if (builder->graph->nodes[node].migration != MIGRATION_NONE)
        return;
    if (!maybe)
        *flags &= ~(unsigned)NODE_UNKNOWABLE;
    if (builder->exists[node])
        return;
    builder->exists[node] = true;
    if (maybe)
        *flags |= NODE_UNKNOWABLE;
    AppId app = builder_app(builder, builder->graph->nodes[node].app);
    if (app == APP_NONE || !builder->ends[app].ready)
        return;
    heap_push(&builder->ends[app].roots, node);
    heap_push(&builder->ends[app].leaves, node);
}

static void add_edge(Builder *builder, Edge edge)
{
    const Node *nodes = builder->graph->nodes;
    add_missing(builder, edge.child, edge.maybe);
    add_missing(builder, edge.parent, edge.maybe);
    array_push(&builder->edges, edge);
    if (nodes[edge.child].app == nodes[edge.parent].app)
        builder->has_parent[edge.child] = builder->has_child[edge.parent] = true;
}

/* What is only maybe referred to counts where it is sure to be there. */
static bool counts(const Builder *builder, NodeId node, const Dependency *reference)
{
    return !reference->maybe || builder->graph->nodes[node].migration != MIGRATION_NONE ||
           map_has(&builder->replaced, map_key(reference->app, reference->name));
}

static NodeId resolve_key(const Builder *builder, const Dependency *reference)
{
    NodeId node = map_get(&builder->ids, map_key(reference->app, reference->name), NODE_NONE);
    return node != NODE_NONE && counts(builder, node, reference) ? node : NODE_NONE;
}

/* Django resolves these when it comes to them, on the graph as it is then:
 * `origin` only serves the report of what cannot be resolved. */
static NodeId resolve_end(Builder *builder, const Dependency *reference, Unresolved origin)
{
    bool latest = reference->kind == DEPENDENCY_LATEST;
    NodeId literal = latest ? resolve_key(builder, reference) : NODE_NONE;
    if (literal != NODE_NONE && builder->exists[literal])
        return literal;
    AppId app = builder_app(builder, reference->app);
    if (app == builder->project->migrations[origin.origin].app)
        return NODE_NONE;
    NodeId end = NODE_NONE;
    if (app == APP_NONE)
        origin.why = UNRESOLVED_UNKNOWN_APP;
    else if (builder->project->apps[app].package != PACKAGE_MIGRATED)
        origin.why = UNRESOLVED_UNMIGRATED_APP;
    else if ((end = app_end(builder, app, latest)) == NODE_NONE)
        origin.why = UNRESOLVED_NO_NODES;
    if (end == NODE_NONE && !reference->maybe && reference->app != SYM_NONE)
        array_push(&builder->unresolved, origin);
    return end;
}

static NodeId resolve(Builder *builder, const Dependency *reference, Unresolved origin)
{
    return reference->kind == DEPENDENCY_KEY ? resolve_key(builder, reference)
                                             : resolve_end(builder, reference, origin);
}

/* Within an app names are taken as they are written, `__latest__` too; only
 * `__first__` is passed over. */
static void add_internal(Builder *builder, MigrationId id)
{
    const Migration *migration = &builder->project->migrations[id];
    for (uint32_t i = 0; i < migration->dependencies.count; i++) {
        const Dependency *reference = &migration->dependencies.items[i];
        if (builder_app(builder, reference->app) != migration->app ||
            reference->kind == DEPENDENCY_FIRST || reference->kind == DEPENDENCY_SWAPPABLE)
            continue;
        NodeId parent = resolve_key(builder, reference);
        if (parent != NODE_NONE)
            add_edge(builder, (Edge){builder->graph->node_of[id], parent, EDGE_DEPENDENCY, id, i,
                                     reference->maybe});
    }
}

static void add_external(Builder *builder, MigrationId id)
{
    const Migration *migration = &builder->project->migrations[id];
    NodeId own = builder->graph->node_of[id];
    for (uint32_t i = 0; i < migration->dependencies.count; i++) {
        const Dependency *reference = &migration->dependencies.items[i];
        if (builder_app(builder, reference->app) == migration->app)
            continue;
        NodeId parent =
            resolve(builder, reference,
                    (Unresolved){.origin = id, .kind = EDGE_DEPENDENCY, .dependency = i});
        if (parent != NODE_NONE)
            add_edge(builder, (Edge){own, parent, EDGE_DEPENDENCY, id, i, reference->maybe});
    }
    for (uint32_t i = 0; i < migration->run_before.count; i++) {
        const Dependency *reference = &migration->run_before.items[i];
        NodeId child =
            resolve(builder, reference,
                    (Unresolved){.origin = id, .kind = EDGE_RUN_BEFORE, .dependency = i});
        if (child != NODE_NONE)
            add_edge(builder, (Edge){child, own, EDGE_RUN_BEFORE, id, i, reference->maybe});
    }
}

void build_edges(Builder *builder)
{
    const Project *project = builder->project;
    builder->ends = arena_array(&builder->scratch, AppEnds, project->app_count);
    for (uint32_t i = 0; i < builder->loaded_count; i++)
        add_internal(builder, builder->loaded[i]);
    for (uint32_t i = 0; i < builder->loaded_count; i++)
        add_external(builder, builder->loaded[i]);
    for (AppId i = 0; i < project->app_count; i++) {
        array_free(&builder->ends[i].roots);
        array_free(&builder->ends[i].leaves);
    }
}
