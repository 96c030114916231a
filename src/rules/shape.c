#include "rules/arguments.h"
#include "rules/nodes.h"

/*
 * MG1, the graph's shape: circles (MG105) and several leaves (MG103).
 */

/* ---- MG105 --------------------------------------------------------------- */

enum { CYCLE_STARTS = 64, CYCLE_SHOWN = 12 };

/* The shortest cycle through one of the first nodes of the group. */
static Path shortest_cycle(const RuleContext *context, const Nodes *group)
{
    Path best = {0};
    for (uint32_t i = 0; i < group->count && i < CYCLE_STARTS; i++) {
        Path path = graph_path(context->graph, group->items[i], group->items[i], context->scratch);
        if (path.count && (!best.count || path.count < best.count))
            best = path;
    }
    return best;
}

static Str cycle_text(const RuleContext *context, const Path *path)
{
    const Graph *graph = context->graph;
    Str text = {0};
    for (uint32_t i = 0; i < path->count && i < CYCLE_SHOWN; i++)
        text = arena_printf(context->scratch, "%.*s`%.*s` → ", STR_ARG(text),
                            STR_ARG(node_text(context, graph->edges[path->edges[i]].child)));
    if (path->count > CYCLE_SHOWN)
        text = arena_printf(context->scratch, "%.*s… → ", STR_ARG(text));
    return arena_printf(context->scratch, "%.*s`%.*s`", STR_ARG(text),
                        STR_ARG(node_text(context, graph->edges[path->edges[0]].child)));
}

/* The end of an edge that its `origin` did not write: "" where it names it. */
static Str squash_note(const RuleContext *context, const Edge *edge)
{
    const Graph *graph = context->graph;
    bool before = edge->kind == EDGE_RUN_BEFORE;
    NodeId own = before ? edge->parent : edge->child, other = before ? edge->child : edge->parent;
    const Dependency *written = graph_edge_dependency(graph, edge);
    const Node *named = node_at(context, other);
    bool moved = written->kind == DEPENDENCY_KEY &&
                 (named->app != written->app || named->name != written->name);
    if (!moved && own == graph->node_of[edge->origin])
        return (Str){0};
    return arena_printf(context->scratch, " (the squash `%.*s` stands for %s)",
                        STR_ARG(node_text(context, moved ? other : own)),
                        moved ? "the latter" : "the former");
}

static void note_edge(RuleContext *context, Finding *finding, const Edge *edge)
{
    const Graph *graph = context->graph;
    const Dependency *written = graph_edge_dependency(graph, edge);
    finding_note(context, finding, graph_edge_place(graph, edge), "`%.*s` %s `%.*s.%.*s`%.*s",
                 STR_ARG(node_text(context, graph->node_of[edge->origin])),
                 edge->kind == EDGE_RUN_BEFORE ? "is to run before" : "depends on",
                 STR_ARG(context_str(context, written->app)),
                 STR_ARG(context_str(context, written->name)), STR_ARG(squash_note(context, edge)));
}

/* A migration that names itself is MG111's to report. */
static bool is_plain_self_dependency(const RuleContext *context, const Nodes *group)
{
    const Graph *graph = context->graph;
    NodeId node = group->items[0];
    uint32_t low = 0, high = graph->declared_count;
    if (group->count != 1)
        return false;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const Edge *edge = &graph->declared[middle];
        if (edge->child < node || (edge->child == node && edge->parent < node))
            low = middle + 1;
        else
            high = middle;
    }
    return low < graph->declared_count && graph->declared[low].child == node &&
           graph->declared[low].parent == node;
}

static void report_cycle(RuleContext *context, const Nodes *group)
{
    const Graph *graph = context->graph;
    Path path = shortest_cycle(context, group);
    if (!path.count)
        return;
    const Edge *first = &graph->edges[path.edges[0]];
    for (uint32_t i = 0; i < path.count; i++)
        if (node_is_own(context, graph->node_of[graph->edges[path.edges[i]].origin])) {
            first = &graph->edges[path.edges[i]];
            break;
        }
    Finding *finding = report_migration(
        context, &context->project->migrations[first->origin], graph_edge_place(graph, first),
        "migrations depend on each other in a circle: %.*s", STR_ARG(cycle_text(context, &path)));
    for (uint32_t i = 0; i < path.count && i < CYCLE_SHOWN; i++)
        note_edge(context, finding, &graph->edges[path.edges[i]]);
    if (group->count > path.count)
        finding_note(context, finding, (Place){0}, "%u migrations are tied up in it", group->count);
    finding_help(context, finding,
                 "take one of these dependencies out, moving the operation that needs it into a "
                 "later migration");
    for (uint32_t i = 0; i < group->count; i++)
        finding_explains(context, finding, group->items[i]);
}

void check_dependency_cycle(RuleContext *context)
{
    Cycles cycles = graph_cycles(context->graph, context->scratch);
    uint32_t reported = 0;
    for (uint32_t i = 0; i < cycles.count && reported < MOST_CIRCLES; i++) {
        bool own = false;
        for (uint32_t n = 0; n < cycles.items[i].count; n++)
            own |= node_is_own(context, cycles.items[i].items[n]);
        if (!own || is_plain_self_dependency(context, &cycles.items[i]))
            continue;
        report_cycle(context, &cycles.items[i]);
        reported++;
    }
}

/* ---- MG103 --------------------------------------------------------------- */

typedef struct Leaves {
    RuleContext *context;
    const App *app;
    Nodes nodes;
    uint32_t compared; /* how many of them are compared with one another */
    NodeSet *above;    /* the ancestors of each of these */
    NodeId fork;       /* where they part, or NODE_NONE */
    Finding *finding;
} Leaves;

static void find_leaves(Leaves *leaves)
{
    RuleContext *context = leaves->context;
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
}

static bool is_common(const Leaves *leaves, NodeId node)
{
    for (uint32_t i = 0; i < leaves->compared; i++)
        if (!nodeset_has(&leaves->above[i], node))
            return false;
    return true;
}

/* A migration whose lists could not be read may be what joins the leaves or
 * stands for one of them. One that all leaves follow cannot: it would follow
 * itself. */
static bool may_be_joined(const Leaves *leaves)
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

/* With a name that nothing provides in the chain, where the chain went on is
 * not known: up to one other leaf is explained by it. */
static Finding *missing_cause(const Leaves *leaves)
{
    Finding *cause = NULL;
    uint32_t unexplained = 0;
    for (uint32_t i = 0; i < leaves->nodes.count; i++) {
        Finding *one = finding_explaining(leaves->context, leaves->nodes.items[i]);
        if (one && !cause)
            cause = one;
        unexplained += !one;
    }
    return unexplained <= 1 ? cause : NULL;
}

static NodeId find_fork(const Leaves *leaves)
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

static Str lower_case(const RuleContext *context, Str text)
{
    char *lower = arena_alloc(context->scratch, text.len + 1, 1);
    for (size_t i = 0; i < text.len; i++)
        lower[i] =
            (char)(text.ptr[i] >= 'A' && text.ptr[i] <= 'Z' ? text.ptr[i] | 0x20 : text.ptr[i]);
    return (Str){lower, text.len};
}

static void touch(const RuleContext *context, const Operation *operation, TouchedList *out)
{
    const Interner *interner = &context->workspace->interner;
    Str model = lower_case(context, operation_model(interner, operation));
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

/* The first thing that both sides change: "`event.title`" or "`event`". */
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

static void note_sides(const Leaves *leaves)
{
    TouchedList first = side_of(leaves, 0), second = side_of(leaves, 1);
    Str both = overlap(leaves, first, second);
    array_free(&first);
    array_free(&second);
    if (both.len)
        finding_note(leaves->context, leaves->finding, (Place){0},
                     "both sides change %.*s: the result depends on their order", STR_ARG(both));
    else if (leaves->nodes.count == 2)
        finding_note(leaves->context, leaves->finding, (Place){0},
                     "the two sides change different things, so a merge migration is safe");
}

static void describe_leaves(Leaves *leaves)
{
    RuleContext *context = leaves->context;
    const Nodes *nodes = &leaves->nodes;
    for (uint32_t i = 0; i + 1 < leaves->compared; i++)
        finding_note(context, leaves->finding, node_place(context, nodes->items[i]),
                     "`%.*s` is a leaf too", STR_ARG(node_text(context, nodes->items[i])));
    if (leaves->fork != NODE_NONE) {
        finding_note(context, leaves->finding, (Place){0}, "they part after `%.*s`",
                     STR_ARG(node_text(context, leaves->fork)));
        note_sides(leaves);
        finding_help(context, leaves->finding,
                     "run `makemigrations --merge`, or let one of them depend on the other");
    } else {
        finding_note(context, leaves->finding, (Place){0},
                     "they have no common ancestor, so `makemigrations --merge` cannot join them");
        finding_help(context, leaves->finding,
                     "give the one without a parent in `%.*s` a dependency on the other",
                     STR_ARG(context_str(context, leaves->app->label)));
    }
    finding_note(
        context, leaves->finding, (Place){0},
        "Django: Conflicting migrations detected; multiple leaf nodes in the migration graph");
}

static void say_leaves(Leaves *leaves)
{
    RuleContext *context = leaves->context;
    const Nodes *nodes = &leaves->nodes;
    Str *names = arena_array(context->scratch, Str, nodes->count);
    for (uint32_t i = 0; i < nodes->count; i++)
        names[i] = node_name(context, nodes->items[i]);
    NodeId last = nodes->items[nodes->count - 1];
    leaves->finding = report_migration(
        context, node_migration(context, last), node_place(context, last),
        "`%.*s` has %u leaf migrations: %.*s", STR_ARG(context_str(context, leaves->app->label)),
        nodes->count, STR_ARG(list_texts(context, names, nodes->count, 6)));
    describe_leaves(leaves);
    for (uint32_t i = 0; i < nodes->count; i++)
        finding_explains(context, leaves->finding, nodes->items[i]);
}

static void report_leaves(Leaves *leaves)
{
    RuleContext *context = leaves->context;
    const Nodes *nodes = &leaves->nodes;
    leaves->above = arena_array(context->scratch, NodeSet, leaves->compared);
    for (uint32_t i = 0; i < leaves->compared; i++)
        leaves->above[i] = graph_ancestors(context->graph, nodes->items[i], context->scratch);
    if (may_be_joined(leaves))
        return;
    Finding *cause = missing_cause(leaves);
    leaves->fork = find_fork(leaves);
    say_leaves(leaves);
    if (cause)
        finding_follows_from(context, leaves->finding, cause);
}

void check_multiple_leaves(RuleContext *context)
{
    const Project *project = context->project;
    for (AppId id = 0; id < project->app_count; id++) {
        if (project->apps[id].origin != APP_OWN || project->apps[id].migration_count < 2)
            continue;
        Leaves leaves = {.context = context, .app = &project->apps[id]};
        find_leaves(&leaves);
        if (leaves.nodes.count > 1)
            report_leaves(&leaves);
    }
}
