#include "rules/nodes.h"

#include "link/tables.h"

/*
 * MG1, what migrations refer to: names that are not there, apps that are not
 * known, references that are not needed.
 */

/* ---- MG101 --------------------------------------------------------------- */

typedef struct Missing {
    RuleContext *context;
    NodeId node;
    const Edge **edges; /* that refer to it, in file order; own ones only */
    uint32_t edge_count;
    Finding *finding;
} Missing;

static bool is_own_edge(const RuleContext *context, const Edge *edge)
{
    const Project *project = context->project;
    return project->apps[project->migrations[edge->origin].app].origin == APP_OWN;
}

static void add_referrer(Missing *missing, const Edge *edge)
{
    if (is_own_edge(missing->context, edge) && !edge->maybe)
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
        if (!node_migration(context, node) || !name_number(node_name(context, node), &other))
            continue;
        if (other == number)
            return; /* the number is there, under another name */
        if (other < number && other > below)
            below = other;
        if (other > number && other < above)
            above = other;
    }
    Str app = context_str(context, label);
    uint32_t count = above - below - 1;
    if (above == UINT32_MAX || count > 99)
        return;
    if (count == 1)
        finding_note(context, missing->finding, (Place){0},
                     "`%.*s` jumps from %04u to %04u; %04u is missing", STR_ARG(app), below, above,
                     number);
    else
        finding_note(context, missing->finding, (Place){0},
                     "`%.*s` jumps from %04u to %04u; %04u to %04u are missing", STR_ARG(app),
                     below, above, below + 1, above - 1);
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

static void suggest(const Missing *missing)
{
    RuleContext *context = missing->context;
    Str name = node_name(context, missing->node);
    Str app = context_str(context, node_at(context, missing->node)->app);
    NodeId near = nearest_name(context, missing->node);
    NodeId elsewhere = same_name_elsewhere(context, missing->node);
    if (str_ends(name, S(".py")))
        finding_help(context, missing->finding, "write the name without `.py`: (\"%.*s\", \"%.*s\")",
                     STR_ARG(app), STR_ARG(str_sub(name, 0, name.len - 3)));
    else if (near != NODE_NONE)
        finding_help(context, missing->finding, "did you mean `%.*s`?",
                     STR_ARG(node_name(context, near)));
    else if (elsewhere != NODE_NONE)
        finding_help(context, missing->finding, "`%.*s` exists: is the app label right?",
                     STR_ARG(node_text(context, elsewhere)));
    else
        finding_help(context, missing->finding,
                     "restore the file, or let the dependency name a migration that is there");
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
    missing->finding = report_migration(
        context, migration, graph_edge_place(context->graph, edge),
        before ? "`%.*s` is to run before `%.*s`, which does not exist"
               : "`%.*s` depends on `%.*s`, which does not exist",
        STR_ARG(from), STR_ARG(to));
    const Node *node = node_at(context, missing->node);
    finding_note(context, missing->finding, (Place){0},
                 "Django: NodeNotFoundError: Migration %.*s dependencies reference nonexistent %s "
                 "node ('%.*s', '%.*s')",
                 STR_ARG(from), before ? "child" : "parent", STR_ARG(context_str(context, node->app)),
                 STR_ARG(context_str(context, node->name)));
    note_outside(missing, app);
    if (app->origin == APP_OWN)
        note_gap(missing);
    note_referrers(missing);
    suggest(missing);
}

void check_missing_parent(RuleContext *context)
{
    const Graph *graph = context->graph;
    for (NodeId node = 0; node < graph->node_count; node++) {
        unsigned flags = graph->nodes[node].flags;
        const App *app = node_app(context, node);
        if (!(flags & NODE_MISSING) || flags & NODE_UNKNOWABLE || !app ||
            app->package == PACKAGE_DISABLED)
            continue;
        Missing missing = {.context = context, .node = node};
        find_referrers(&missing);
        if (!missing.edge_count)
            continue;
        Finding *cause = finding_explaining(context, node);
        report_missing(&missing, app);
        explain_nodes(&missing);
        if (cause)
            finding_follows_from(context, missing.finding, cause);
    }
}

/* ---- MG111 --------------------------------------------------------------- */

void check_self_dependency(RuleContext *context)
{
    const Graph *graph = context->graph;
    for (uint32_t i = 0; i < graph->declared_count; i++) {
        const Edge *edge = &graph->declared[i];
        if (edge->child != edge->parent || edge->maybe || !is_own_edge(context, edge))
            continue;
        Finding *finding = report_migration(context, &context->project->migrations[edge->origin],
                                            graph_edge_place(graph, edge),
                                            "`%.*s` depends on itself",
                                            STR_ARG(node_text(context, edge->child)));
        finding_help(context, finding, "let it depend on the migration before it");
        finding_explains(context, finding, edge->child);
    }
}

/* ---- MG110 --------------------------------------------------------------- */

/* Lower-cased, without what people put between words. */
static Str plain(const RuleContext *context, Str text)
{
    char *copy = arena_alloc(context->scratch, text.len + 1, 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '_' && text.ptr[i] != '-')
            copy[len++] = (char)(text.ptr[i] >= 'A' && text.ptr[i] <= 'Z' ? text.ptr[i] | 0x20
                                                                          : text.ptr[i]);
    return (Str){copy, len};
}

/* Whether some installed app could have that label: labels need not be the
 * last component of a module's name. */
static bool may_be_installed(const RuleContext *context, Str label)
{
    const Settings *settings = &context->project->settings;
    Str wanted = plain(context, label);
    for (uint32_t i = 0; i < settings->installed_count; i++) {
        const Value *entry = value_at(&settings->installed_apps[i].module->values,
                                      settings->installed_apps[i].id);
        Str path = plain(context, context_str(context, entry->u.text));
        for (Str rest = path; rest.ptr;) {
            Str part = str_cut(&rest, '.');
            if (part.len >= 3 && (str_contains(part, wanted) || str_contains(wanted, part)) &&
                !str_eq(part, S("django")) && !str_eq(part, S("contrib")))
                return true;
        }
    }
    return false;
}

/* An app of the project that the label is a misspelling of. */
static const App *near_miss(const RuleContext *context, Str label)
{
    const Project *project = context->project;
    for (AppId id = 0; id < project->app_count; id++) {
        Str other = context_str(context, project->apps[id].label);
        if (project->apps[id].origin == APP_OWN && label.len >= 4 && other.len >= 4 &&
            (str_distance(label, other) <= 1 || str_eq(plain(context, label), plain(context, other))))
            return &project->apps[id];
    }
    return NULL;
}

static bool has_migration(const RuleContext *context, const App *app, Sym name)
{
    return project_migration(context->project, (AppId)(app - context->project->apps), name) !=
           MIGRATION_NONE;
}

static void report_unknown(RuleContext *context, const Migration *migration,
                           const Dependency *dependency)
{
    Str label = context_str(context, dependency->app);
    const App *near = near_miss(context, label);
    bool sure = near && has_migration(context, near, dependency->name);
    bool expected = tables_known_app(context->workspace->tables, label) ||
                    may_be_installed(context, label) ||
                    !context->project->settings.installed_complete;
    if (!sure && expected)
        return;
    Finding *finding = report_migration(context, migration, dependency->place,
                                        "no app of this project has the label `%.*s`",
                                        STR_ARG(label));
    if (!sure)
        finding_note(context, finding, (Place){0},
                     "INSTALLED_APPS lists nothing that looks like it");
    if (near)
        finding_help(context, finding, "did you mean `%.*s`?",
                     STR_ARG(context_str(context, near->label)));
    if (sure)
        finding->severity = SEVERITY_ERROR;
}

/* An app that is gone, but whose migrations a squash stands for, is nothing to
 * report: Django finds what refers to them. */
static void skip_replaced_apps(const Project *project, Map *seen)
{
    for (MigrationId id = 0; id < project->migration_count; id++) {
        const Dependencies *replaces = &project->migrations[id].replaces;
        for (uint32_t i = 0; i < replaces->count; i++)
            map_set(seen, replaces->items[i].app, 1);
    }
}

void check_unknown_app(RuleContext *context)
{
    const Project *project = context->project;
    Map seen = {0};
    skip_replaced_apps(project, &seen);
    for (MigrationId id = 0; id < project->migration_count; id++) {
        const Migration *migration = &project->migrations[id];
        if (project->apps[migration->app].origin != APP_OWN)
            continue;
        for (uint32_t i = 0; i < migration->dependencies.count; i++) {
            const Dependency *dependency = &migration->dependencies.items[i];
            if (!dependency->app || dependency->kind == DEPENDENCY_SWAPPABLE || dependency->maybe ||
                project_app(project, dependency->app) != APP_NONE ||
                map_has(&seen, dependency->app))
                continue;
            map_set(&seen, dependency->app, 1);
            report_unknown(context, migration, dependency);
        }
    }
    map_free(&seen);
}

/* ---- MG112 --------------------------------------------------------------- */

void check_first_of_unmigrated_app(RuleContext *context)
{
    const Project *project = context->project;
    for (uint32_t i = 0; i < context->graph->unresolved_count; i++) {
        const Unresolved *unresolved = &context->graph->unresolved[i];
        const Migration *migration = &project->migrations[unresolved->origin];
        const Dependencies *list = unresolved->kind == EDGE_DEPENDENCY ? &migration->dependencies
                                                                      : &migration->run_before;
        const Dependency *dependency = &list->items[unresolved->dependency];
        AppId app = project_app(project, dependency->app);
        if (app == APP_NONE || project->apps[app].origin != APP_OWN ||
            project->apps[migration->app].origin != APP_OWN ||
            project->apps[app].package == PACKAGE_DISABLED ||
            unresolved->why == UNRESOLVED_UNKNOWN_APP)
            continue;
        bool empty = unresolved->why == UNRESOLVED_NO_NODES;
        if (!empty && dependency->kind == DEPENDENCY_SWAPPABLE)
            continue;
        Str label = context_str(context, dependency->app);
        Finding *finding = report_migration(context, migration, dependency->place,
                                            "`%.*s` has no migrations for `%.*s` to name",
                                            STR_ARG(label),
                                            STR_ARG(context_str(context, dependency->name)));
        finding_note(context, finding, (Place){0},
                     empty ? "Django: ValueError: Dependency on app with no migrations: %.*s"
                           : "Django ignores the dependency: `%.*s` is an unmigrated app",
                     STR_ARG(label));
        finding_help(context, finding, "create them: `makemigrations %.*s`", STR_ARG(label));
        if (empty)
            finding->severity = SEVERITY_ERROR;
    }
}

/* ---- MG107 --------------------------------------------------------------- */

enum { REDUNDANT_WORK = 4096 }; /* nodes looked at for one migration */

/* Whether `wanted` is reached from the parents of `from`. */
static bool is_implied(const RuleContext *context, NodeId from, NodeId wanted)
{
    const Graph *graph = context->graph;
    Array(NodeId) open = {0};
    Map seen = {0};
    bool found = false;
    array_push(&open, from);
    while (open.count && !found && seen.count < REDUNDANT_WORK) {
        NodeId node = array_pop(&open);
        EACH_PARENT_EDGE(graph, node, edge) {
            found |= edge->parent == wanted && !edge->maybe;
            if (edge->maybe || map_has(&seen, edge->parent))
                continue;
            map_set(&seen, edge->parent, 1);
            array_push(&open, edge->parent);
        }
    }
    array_free(&open);
    map_free(&seen);
    return found;
}

static bool listed_before(const Dependencies *list, uint32_t index)
{
    for (uint32_t i = 0; i < index; i++)
        if (list->items[i].app == list->items[index].app &&
            list->items[i].name == list->items[index].name &&
            list->items[i].kind == list->items[index].kind)
            return true;
    return false;
}

/* The other dependency that brings this one with it, or NULL. */
static const Edge *implying(const RuleContext *context, NodeId node, const Edge *edge)
{
    EACH_PARENT_EDGE(context->graph, node, other) {
        if (other != edge && other->parent != edge->parent && !other->maybe &&
            other->origin == edge->origin && is_implied(context, other->parent, edge->parent))
            return other;
    }
    return NULL;
}

static void check_redundant(RuleContext *context, MigrationId id)
{
    const Graph *graph = context->graph;
    const Migration *migration = &context->project->migrations[id];
    const Dependencies *list = &migration->dependencies;
    for (uint32_t i = 1; i < list->count; i++)
        if (listed_before(list, i) && list->items[i].app)
            report_migration(context, migration, list->items[i].place,
                             "this dependency is listed twice");
    NodeId node = graph->node_of[id];
    if (node == NODE_NONE || graph->parent_start[node + 1] - graph->parent_start[node] < 2)
        return;
    EACH_PARENT_EDGE(graph, node, edge) {
        const Dependency *dependency = graph_edge_dependency(graph, edge);
        if (edge->origin != id || edge->kind != EDGE_DEPENDENCY || edge->maybe ||
            dependency->kind != DEPENDENCY_KEY)
            continue;
        const Edge *by = implying(context, node, edge);
        if (by)
            report_migration(context, migration, dependency->place,
                             "`%.*s` is needed by `%.*s` already, which is listed too",
                             STR_ARG(node_text(context, edge->parent)),
                             STR_ARG(node_text(context, by->parent)));
    }
}

void check_redundant_dependency(RuleContext *context)
{
    const Project *project = context->project;
    for (MigrationId id = 0; id < project->migration_count; id++)
        if (project->apps[project->migrations[id].app].origin == APP_OWN &&
            project->migrations[id].dependencies.count > 1)
            check_redundant(context, id);
}

/* ---- MG106 --------------------------------------------------------------- */

static bool is_initial(const RuleContext *context, NodeId node)
{
    EACH_PARENT_EDGE(context->graph, node, edge)
        if (context->graph->nodes[edge->parent].app == context->graph->nodes[node].app)
            return false;
    return true;
}

void check_hard_coded_cross_app_dependency(RuleContext *context)
{
    const Graph *graph = context->graph;
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        const Edge *edge = &graph->edges[i];
        const Migration *migration = &context->project->migrations[edge->origin];
        if (edge->kind != EDGE_DEPENDENCY || edge->maybe ||
            graph->node_of[edge->origin] != edge->child ||
            graph->nodes[edge->child].app == graph->nodes[edge->parent].app ||
            !node_is_own(context, edge->child) || !node_is_own(context, edge->parent) ||
            !node_migration(context, edge->parent) || is_initial(context, edge->parent) ||
            graph_edge_dependency(graph, edge)->kind != DEPENDENCY_KEY)
            continue;
        Str app = context_str(context, graph->nodes[edge->parent].app);
        Finding *finding = report_migration(
            context, migration, graph_edge_place(graph, edge),
            "`%.*s` pins `%.*s`, a later migration of another app",
            STR_ARG(node_text(context, edge->child)), STR_ARG(node_text(context, edge->parent)));
        finding_help(context, finding,
                     "depend on the earliest migration of `%.*s` that has what is used here, or on "
                     "(\"%.*s\", \"__first__\")",
                     STR_ARG(app), STR_ARG(app));
    }
}

/* ---- MG114 --------------------------------------------------------------- */

void check_duplicate_app_label(RuleContext *context)
{
    const Project *project = context->project;
    for (uint32_t i = 0; i < project->duplicate_count; i++) {
        const DuplicateLabel *duplicate = &project->duplicates[i];
        Finding *finding =
            report(context, duplicate->place, "`%.*s` and `%.*s` are both installed as `%.*s`",
                   STR_ARG(duplicate->first_path), STR_ARG(duplicate->second_path),
                   STR_ARG(context_str(context, duplicate->label)));
        finding_note(context, finding, (Place){0},
                     "Django: ImproperlyConfigured: Application labels aren't unique, duplicates: "
                     "%.*s",
                     STR_ARG(context_str(context, duplicate->label)));
        finding_help(context, finding, "give one of them another `label` in its AppConfig");
    }
}
