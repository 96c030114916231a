#include "rules/leaves.h"

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

static void note_sides(const Leaves *leaves)
{
    Str both = leaves_overlap(leaves, 0, 1);
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
    if (leaves_may_be_joined(leaves))
        return;
    Finding *cause = missing_cause(leaves);
    leaves->fork = leaves_fork(leaves);
    say_leaves(leaves);
    if (cause)
        finding_follows_from(leaves->context, leaves->finding, cause);
}

void check_multiple_leaves(RuleContext *context)
{
    const Project *project = context->project;
    for (AppId id = 0; id < project->app_count; id++) {
        if (project->apps[id].origin != APP_OWN || project->apps[id].migration_count < 2)
            continue;
        Leaves leaves;
        leaves_find(&leaves, context, &project->apps[id]);
        if (leaves.nodes.count > 1)
            report_leaves(&leaves);
    }
}
