#include "rules/nodes.h"

/* MG101: references to migrations that are not there. */

typedef struct Missing {
    RuleContext *context;
    NodeId node;
    const Edge **edges; /* that refer to it, in file order; own ones only */
    uint32_t edge_count;
    Finding *finding;
    bool terse; /* one of so many that looking further takes too long */
} Missing;

static void add_referrer(Missing *missing, const Edge *edge)
{
    if (edge_is_own(missing->context, edge) && !edge->maybe)
        missing->edges[missing->edge_count++] = edge;
}

static void find_referrers(Missing *missing)
{
    const Graph *graph = missing->context->graph;
    NodeId node = missing->node;
    uint32_t most = graph->child_start[node + 1] - graph->child_start[node] +
                    graph->parent_start[node + 1] - graph->parent_start[node];
    missing->edges = arena_array(missing->context->scratch, const Edge *, most);
    EACH_CHILD_EDGE(graph, node, i)
    add_referrer(missing, &graph->edges[graph->by_parent[i]]);
    EACH_PARENT_EDGE(graph, node, edge)
    add_referrer(missing, edge);
}

/* "`events` jumps from 0013 to 0017; 0014, 0015 and 0016 are missing" */
static void note_gap(const Missing *missing)
{
    RuleContext *context = missing->context;
    Sym label = node_at(context, missing->node)->app;
    uint32_t number, below = 0, above = UINT32_MAX;
    if (!name_number(node_name(context, missing->node), &number))
        return;
    NodeRange range = app_nodes(context, label);
    for (NodeId node = range.first; node < range.end; node++) {
        uint32_t other;
        if (node_at(context, node)->flags & NODE_MISSING ||
            !name_number(node_name(context, node), &other))
            continue;
        if (other == number)
            return; /* the number is there, under another name */
        if (other < number && other > below)
            below = other;
        if (other > number && other < above)
            above = other;
    }
    Str app = context_str(context, label);
    if (above == UINT32_MAX || above - below > 100 || above - below < 2)
        return; /* nothing follows, or too much is absent, or nothing: 0000 before 0001 */
    Str start = below ? arena_printf(context->scratch, "jumps from %04u to", below)
                      : arena_printf(context->scratch, "begins with");
    Str absent = above - below == 2
                     ? arena_printf(context->scratch, "%04u is", number)
                     : arena_printf(context->scratch, "%04u to %04u are", below + 1, above - 1);
    finding_note(context, missing->finding, (Place){0}, "`%.*s` %.*s %04u; %.*s missing",
                 STR_ARG(app), STR_ARG(start), above, STR_ARG(absent));
}

/* The name in the same app that is most likely meant, or NODE_NONE. */
static NodeId nearest_name(const RuleContext *context, NodeId missing)
{
    const Graph *graph = context->graph;
    Str name = node_name(context, missing);
    NodeId best = NODE_NONE;
    unsigned best_distance = 4;
    NodeRange range = app_nodes(context, graph->nodes[missing].app);
    for (NodeId node = range.first; node < range.end; node++) {
        if (!node_migration(context, node))
            continue;
        Str other = node_name(context, node);
        uint32_t a, b;
        bool same_number = name_number(name, &a) && name_number(other, &b) && a == b;
        unsigned distance = str_distance(name, other);
        if (same_number && distance > 3)
            distance = 3;
        if (distance < best_distance) {
            best = node;
            best_distance = distance;
        }
    }
    return best;
}

static NodeId same_name_elsewhere(const RuleContext *context, NodeId missing)
{
    const Graph *graph = context->graph;
    NodeId found = NODE_NONE;
    for (NodeId node = 0; node < graph->node_count; node++) {
        if (graph->nodes[node].name != graph->nodes[missing].name || node == missing ||
            !node_migration(context, node))
            continue;
        if (found != NODE_NONE)
            return NODE_NONE; /* several: the name says nothing */
        found = node;
    }
    return found;
}

/* What version control knows of the file; true when it also says how to get it back. */
static bool trace_file(const Missing *missing, const App *app)
{
    RuleContext *context = missing->context;
    const WorkspaceOptions *options = &context->workspace->options;
    Str name = node_name(context, missing->node), text, help;
    if (!options->trace || missing->terse || app->origin != APP_OWN || !app->package_path.len ||
        !name.len || str_find(name, '/') < name.len || str_find(name, '\0') < name.len)
        return false;
    Str path =
        arena_printf(context->scratch, "%.*s/%.*s.py", STR_ARG(app->package_path), STR_ARG(name));
    if (!options->trace(options->trace_context, path, context->scratch, &text, &help))
        return false;
    finding_note(context, missing->finding, (Place){0}, "%.*s", STR_ARG(text));
    if (help.len)
        finding_help(context, missing->finding, "%.*s", STR_ARG(help));
    return help.len > 0;
}

/* A pin on another app's migration: what is used of that app mostly has been there before, so that
 * another one will do. */
static void suggest_another(const Missing *missing, Str app)
{
    RuleContext *context = missing->context;
    const Graph *graph = context->graph;
    Sym label = node_at(context, missing->node)->app;
    Nodes leaves = graph_leaves(graph, label, context->scratch);
    if (leaves.count == 1 && graph->nodes[missing->edges[0]->child].app != label)
        finding_help(context, missing->finding,
                     "restore the file, or name the migration of `%.*s` that makes what is used "
                     "here; its last one is `%.*s`",
                     STR_ARG(app), STR_ARG(node_name(context, leaves.items[0])));
    else
        finding_help(context, missing->finding,
                     "restore the file, or let the dependency name a migration that is there");
}

static void suggest(const Missing *missing)
{
    RuleContext *context = missing->context;
    Str name = node_name(context, missing->node);
    Str app = context_str(context, node_at(context, missing->node)->app);
    NodeId near = missing->terse ? NODE_NONE : nearest_name(context, missing->node);
    NodeId elsewhere = missing->terse ? NODE_NONE : same_name_elsewhere(context, missing->node);
    if (str_ends(name, S(".py")))
        finding_help(context, missing->finding,
                     "write the name without `.py`: (\"%.*s\", \"%.*s\")", STR_ARG(app),
                     STR_ARG(str_sub(name, 0, name.len - 3)));
    else if (near != NODE_NONE)
        finding_help(context, missing->finding, "did you mean `%.*s`?",
                     STR_ARG(node_name(context, near)));
    else if (elsewhere != NODE_NONE)
        finding_help(context, missing->finding, "`%.*s` exists: is the app label right?",
                     STR_ARG(node_text(context, elsewhere)));
    else
        suggest_another(missing, app);
}

static void note_outside(const Missing *missing, const App *app)
{
    RuleContext *context = missing->context;
    if (app->origin == APP_CONTRIB)
        finding_note(context, missing->finding, (Place){0},
                     "no supported version of Django has it: `makemigrations` was probably run "
                     "where Django's own files could be written");
    else if (app->origin == APP_INSTALLED)
        finding_note(context, missing->finding, (Place){0},
                     "the version of `%.*s` that is installed here has no such migration",
                     STR_ARG(context_str(context, app->label)));
    else if (app->package == PACKAGE_NONE)
        finding_note(context, missing->finding, (Place){0}, "`%.*s` has no migrations package",
                     STR_ARG(app->path));
}

/* Which nodes lost their way because of it: those that refer to it, and what
 * follows them in the same app. */
static void explain_nodes(const Missing *missing)
{
    RuleContext *context = missing->context;
    const Graph *graph = context->graph;
    finding_explains(context, missing->finding, missing->node);
    for (uint32_t i = 0; i < missing->edge_count; i++)
        if (graph->nodes[missing->edges[i]->child].app == graph->nodes[missing->node].app)
            finding_explains(context, missing->finding, missing->edges[i]->child);
    if (missing->terse)
        return;
    NodeSet below = graph_descendants(graph, missing->node, context->scratch);
    uint32_t cut_off = 0;
    for (NodeId node = 0; node < graph->node_count; node++) {
        if (!nodeset_has(&below, node) || !node_is_live(context, node) || node == missing->node)
            continue;
        cut_off++;
        if (graph->nodes[node].app == graph->nodes[missing->node].app)
            finding_explains(context, missing->finding, node);
    }
    if (cut_off > missing->edge_count)
        finding_note(context, missing->finding, (Place){0}, "%u migrations are cut off by it",
                     cut_off);
}

static void note_referrers(const Missing *missing)
{
    enum { MOST_REFERRERS = 5 };
    RuleContext *context = missing->context;
    for (uint32_t i = 1; i < missing->edge_count && i <= MOST_REFERRERS; i++) {
        const Edge *edge = missing->edges[i];
        NodeId origin = context->graph->node_of[edge->origin];
        finding_note(context, missing->finding, graph_edge_place(context->graph, edge),
                     "`%.*s` names it too", STR_ARG(node_text(context, origin)));
    }
    if (missing->edge_count > MOST_REFERRERS + 1)
        finding_note(context, missing->finding, (Place){0}, "%u more name it",
                     missing->edge_count - MOST_REFERRERS - 1);
}

static void report_missing(Missing *missing, const App *app)
{
    RuleContext *context = missing->context;
    const Edge *edge = missing->edges[0];
    bool before = edge->kind == EDGE_RUN_BEFORE;
    const Migration *migration = &context->project->migrations[edge->origin];
    NodeId origin = context->graph->node_of[edge->origin];
    Str from = node_text(context, origin), to = node_text(context, missing->node);
    missing->finding =
        report_migration(context, migration, graph_edge_place(context->graph, edge),
                         before ? "`%.*s` is to run before `%.*s`, which does not exist"
                                : "`%.*s` depends on `%.*s`, which does not exist",
                         STR_ARG(from), STR_ARG(to));
    const Node *node = node_at(context, missing->node);
    finding_note(context, missing->finding, (Place){0},
                 "Django: NodeNotFoundError: Migration %.*s dependencies reference nonexistent %s "
                 "node ('%.*s', '%.*s')",
                 STR_ARG(from), before ? "child" : "parent",
                 STR_ARG(context_str(context, node->app)),
                 STR_ARG(context_str(context, node->name)));
    note_outside(missing, app);
    if (app->origin == APP_OWN && !missing->terse)
        note_gap(missing);
    note_referrers(missing);
    if (!trace_file(missing, app))
        suggest(missing);
}

void check_missing_parent(RuleContext *context)
{
    const Graph *graph = context->graph;
    uint32_t reported = 0;
    for (NodeId node = 0; node < graph->node_count; node++) {
        unsigned flags = graph->nodes[node].flags;
        const App *app = node_app(context, node);
        if (!(flags & NODE_MISSING) || flags & NODE_UNKNOWABLE || !app ||
            app->package == PACKAGE_DISABLED || app_may_lie_elsewhere(context, app))
            continue;
        Missing missing = {.context = context, .node = node, .terse = reported >= MOST_EXPLAINED};
        find_referrers(&missing);
        if (!missing.edge_count)
            continue;
        reported++;
        Finding *cause = finding_explaining(context, node);
        report_missing(&missing, app);
        explain_nodes(&missing);
        if (cause)
            finding_follows_from(context, missing.finding, cause);
    }
}
