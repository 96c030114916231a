#include "rules/nodes.h"

/*
 * MG1, the graph's shape: cycles, several leaves, roots without a place.
 */

/* ---- MG105 --------------------------------------------------------------- */

enum { CYCLE_STARTS = 64, CYCLE_SHOWN = 12 };

/* The shortest cycle through one of the first nodes of the group. */
static Path shortest_cycle(const RuleContext *context, const Nodes *group)
{
    Path best = {0};
    for (uint32_t i = 0; i < group->count && i < CYCLE_STARTS; i++) {
        Path path =
            graph_path(context->graph, group->items[i], group->items[i], context->scratch);
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

static void note_edge(RuleContext *context, Finding *finding, const Edge *edge)
{
    const Graph *graph = context->graph;
    NodeId origin = graph->node_of[edge->origin];
    const Dependency *written = graph_edge_dependency(graph, edge);
    bool moved = origin != edge->child && origin != edge->parent;
    bool before = edge->kind == EDGE_RUN_BEFORE;
    Str names = arena_printf(context->scratch, "`%.*s.%.*s`",
                             STR_ARG(context_str(context, written->app)),
                             STR_ARG(context_str(context, written->name)));
    finding_note(context, finding, graph_edge_place(graph, edge),
                 "`%.*s` %s %.*s%s", STR_ARG(node_text(context, origin)),
                 before ? "is to run before" : "depends on", STR_ARG(names),
                 moved ? " (a squash stands for one of them)" : "");
}

/* A migration that names itself is MG111's to report. */
static bool is_plain_self_dependency(const RuleContext *context, const Nodes *group)
{
    const Graph *graph = context->graph;
    if (group->count != 1)
        return false;
    for (uint32_t i = 0; i < graph->declared_count; i++)
        if (graph->declared[i].child == group->items[0] &&
            graph->declared[i].parent == group->items[0])
            return true;
    return false;
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
    for (uint32_t i = 0; i < cycles.count; i++) {
        bool own = false;
        for (uint32_t n = 0; n < cycles.items[i].count; n++)
            own |= node_is_own(context, cycles.items[i].items[n]);
        if (own && !is_plain_self_dependency(context, &cycles.items[i]))
            report_cycle(context, &cycles.items[i]);
    }
}

/* ---- MG103 --------------------------------------------------------------- */

typedef struct Leaves {
    RuleContext *context;
    const App *app;
    Nodes nodes;
    NodeSet *above; /* the ancestors of each leaf */
    NodeId fork;    /* where they part, or NODE_NONE */
    Finding *finding;
} Leaves;

static Nodes live_leaves(RuleContext *context, Sym label)
{
    Nodes leaves = graph_leaves(context->graph, label, context->scratch);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < leaves.count && kept < MOST_LEAVES; i++)
        if (node_is_live(context, leaves.items[i]))
            leaves.items[kept++] = leaves.items[i];
    leaves.count = kept;
    return leaves;
}

/* A migration whose dependencies could not be read may be what joins the
 * leaves: then nothing is claimed, or it follows from what broke the file. */
static bool may_be_joined(const Leaves *leaves, Finding **cause)
{
    const RuleContext *context = leaves->context;
    const Project *project = context->project;
    for (uint32_t i = 0; i < leaves->app->migration_count; i++) {
        MigrationId id = leaves->app->first_migration + i;
        const Migration *migration = &project->migrations[id];
        if ((!migration->dependencies.open && !migration->replaces.open) ||
            str_ends(migration->path, S(".pyc")))
            continue;
        if (migration->status == MIGRATION_BROKEN || migration->status == MIGRATION_NO_CLASS)
            *cause = finding_explaining(context, context->graph->node_of[id]);
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

static bool is_common(const Leaves *leaves, NodeId node)
{
    for (uint32_t i = 0; i < leaves->nodes.count; i++)
        if (!nodeset_has(&leaves->above[i], node))
            return false;
    return true;
}

static NodeId find_fork(const Leaves *leaves)
{
    const Graph *graph = leaves->context->graph;
    NodeRange range = app_nodes(leaves->context, leaves->app->label);
    for (NodeId node = range.end; node-- > range.first;) {
        if (!is_common(leaves, node))
            continue;
        bool last = true;
        EACH_CHILD_EDGE(graph, node, i) {
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

static Str argument_text(const RuleContext *context, const Operation *operation, uint32_t position,
                         const char *name)
{
    const Values *values = &operation->call.module->values;
    const Value *call = value_at(values, operation->call.id);
    Sym keyword = intern_find(&context->workspace->interner, str(name));
    ValueId id = keyword ? value_keyword(values, call, keyword) : VALUE_ABSENT;
    if (!id)
        id = value_positional(values, call, position);
    const Value *value = id ? value_at(values, id) : NULL;
    return value && value->kind == VALUE_STRING ? context_str(context, value->u.text) : (Str){0};
}

static void touch(const RuleContext *context, const Operation *operation, TouchedList *out)
{
    if (operation->call.id == VALUE_ABSENT || operation->kind >= OPERATION_SEPARATE_DATABASE_AND_STATE ||
        value_at(&operation->call.module->values, operation->call.id)->kind != VALUE_CALL)
        return;
    bool field = operation->kind >= OPERATION_ADD_FIELD && operation->kind <= OPERATION_RENAME_FIELD;
    bool rename = operation->kind == OPERATION_RENAME_MODEL;
    Str model = argument_text(context, operation, 0, rename ? "old_name" : "model_name");
    if (!model.len)
        model = argument_text(context, operation, 0, "name");
    Str name = !field ? (Str){0}
               : operation->kind == OPERATION_RENAME_FIELD
                   ? argument_text(context, operation, 1, "old_name")
                   : argument_text(context, operation, 1, "name");
    char *lower = arena_alloc(context->scratch, model.len + 1, 1);
    for (size_t i = 0; i < model.len; i++)
        lower[i] = (char)(model.ptr[i] >= 'A' && model.ptr[i] <= 'Z' ? model.ptr[i] | 0x20
                                                                     : model.ptr[i]);
    if (model.len)
        array_push(out, (Touched){{lower, model.len}, name});
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
            if (!str_eq(x.model, y.model) || (x.field.len && y.field.len && !str_eq(x.field, y.field)))
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
    for (uint32_t i = 0; i + 1 < nodes->count; i++)
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
    finding_note(context, leaves->finding, (Place){0},
                 "Django: Conflicting migrations detected; multiple leaf nodes in the migration graph");
}

static void report_leaves(Leaves *leaves)
{
    RuleContext *context = leaves->context;
    const Nodes *nodes = &leaves->nodes;
    Finding *cause = NULL;
    if (may_be_joined(leaves, &cause) && !cause)
        return;
    if (!cause)
        cause = missing_cause(leaves);
    Str *names = arena_array(context->scratch, Str, nodes->count);
    leaves->above = arena_array(context->scratch, NodeSet, nodes->count);
    for (uint32_t i = 0; i < nodes->count; i++) {
        names[i] = node_name(context, nodes->items[i]);
        leaves->above[i] = graph_ancestors(context->graph, nodes->items[i], context->scratch);
    }
    leaves->fork = find_fork(leaves);
    NodeId last = nodes->items[nodes->count - 1];
    leaves->finding = report_migration(
        context, node_migration(context, last), node_place(context, last),
        "`%.*s` has %u leaf migrations: %.*s", STR_ARG(context_str(context, leaves->app->label)),
        nodes->count, STR_ARG(list_texts(context, names, nodes->count, 6)));
    describe_leaves(leaves);
    for (uint32_t i = 0; i < nodes->count; i++)
        finding_explains(context, leaves->finding, nodes->items[i]);
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
        leaves.nodes = live_leaves(context, project->apps[id].label);
        if (leaves.nodes.count > 1)
            report_leaves(&leaves);
    }
}

/* ---- MG108 --------------------------------------------------------------- */

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

void check_detached_root(RuleContext *context)
{
    const Project *project = context->project;
    for (AppId id = 0; id < project->app_count; id++) {
        const App *app = &project->apps[id];
        if (app->origin != APP_OWN || app->migration_count < 2)
            continue;
        Nodes roots = graph_roots(context->graph, app->label, context->scratch);
        if (roots.count > MOST_ROOTS)
            roots.count = MOST_ROOTS;
        NodeId first = roots.count > 1 ? first_root(context, &roots) : NODE_NONE;
        for (uint32_t i = 0; i < roots.count && roots.count > 1; i++) {
            const Migration *migration = node_migration(context, roots.items[i]);
            if (roots.items[i] == first || !node_is_live(context, roots.items[i]) ||
                migration->dependencies.open || is_tied(context, roots.items[i], first))
                continue;
            Finding *finding = report_migration(
                context, migration, node_place(context, roots.items[i]),
                "`%.*s` depends on no migration of its own app, so its order is undefined",
                STR_ARG(node_text(context, roots.items[i])));
            finding_help(context, finding, "let it depend on the migration it was written after");
            Finding *cause = conflict_of(context, roots.items[i]);
            if (cause)
                finding_follows_from(context, finding, cause);
        }
    }
}
