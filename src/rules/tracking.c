#include "rules/nodes.h"

/* MG006: migrations that are on this disk and in nobody else's clone. */

typedef struct Tracking {
    RuleContext *context;
    const WorkspaceOptions *options;
} Tracking;

static bool is_ignored(const Tracking *tracking, Str path)
{
    const FindOptions *find = &tracking->options->find;
    for (uint32_t i = 0; i < find->ignored_count; i++)
        if (str_eq(find->ignored[i], path) ||
            (str_ends(find->ignored[i], S("/")) && str_starts(path, find->ignored[i])))
            return true;
    return false;
}

static bool is_untracked(const Tracking *tracking, Str path)
{
    for (uint32_t i = 0; i < tracking->options->untracked_count; i++)
        if (str_eq(tracking->options->untracked[i], path))
            return true;
    return false;
}

/* The first migration that everybody has and that depends on the node; NULL: there is none. */
static const Migration *tracked_child(const Tracking *tracking, NodeId node)
{
    const RuleContext *context = tracking->context;
    const Graph *graph = context->graph;
    EACH_CHILD_EDGE(graph, node, i)
    {
        const Edge *edge = &graph->edges[graph->by_parent[i]];
        const Migration *origin = &context->project->migrations[edge->origin];
        if (!edge->maybe && edge_is_own(context, edge) && !is_ignored(tracking, origin->path) &&
            !is_untracked(tracking, origin->path))
            return origin;
    }
    return NULL;
}

static Place whole(Str path)
{
    return (Place){path, {0, 0}};
}

static bool is_source(Str path)
{
    return !str_ends(path, S(".pyc"));
}

/* Of a whole package it is said once. */
static bool all_ignored(const Tracking *tracking, const App *app)
{
    for (uint32_t i = 0; i < app->migration_count; i++)
        if (!is_ignored(tracking,
                        tracking->context->project->migrations[app->first_migration + i].path))
            return false;
    return app->migration_count > 0;
}

static void report_package(Tracking *tracking, const App *app)
{
    RuleContext *context = tracking->context;
    Finding *finding =
        report_app(context, app, whole(app->package_path), "git ignores the migrations of `%.*s`",
                   STR_ARG(context_str(context, app->label)));
    finding_note(context, finding, (Place){0},
                 "everybody who clones makes migrations of their own, and no two databases agree");
    finding_help(context, finding, "take the pattern out of .gitignore and `git add` them");
}

static void report_migration_file(Tracking *tracking, const Migration *migration)
{
    RuleContext *context = tracking->context;
    NodeId node = context->graph->node_of[migration - context->project->migrations];
    bool ignored = is_ignored(tracking, migration->path);
    const Migration *child = node == NODE_NONE ? NULL : tracked_child(tracking, node);
    if (!is_source(migration->path) || (!ignored && !child))
        return;
    Str name =
        arena_printf(context->scratch, "%.*s.%.*s",
                     STR_ARG(context_str(context, context->project->apps[migration->app].label)),
                     STR_ARG(context_str(context, migration->name)));
    Finding *finding = report_migration(
        context, migration, whole(migration->path),
        ignored ? "git ignores `%.*s`" : "git does not have `%.*s`, which others depend on",
        STR_ARG(name));
    if (child)
        finding_note(context, finding, child->class_place,
                     "`%.*s`, which git has, depends on it: elsewhere its parent is missing",
                     STR_ARG(context_str(context, child->name)));
    finding_help(context, finding,
                 ignored ? "take the pattern out of .gitignore, or `git add -f` the file"
                         : "`git add` the file");
}

static void check_app(Tracking *tracking, const App *app)
{
    if (is_ignored(tracking, arena_printf(tracking->context->scratch, "%.*s/", STR_ARG(app->path))))
        return; /* an app that is in no clone at all */
    if (all_ignored(tracking, app)) {
        report_package(tracking, app);
        return;
    }
    for (uint32_t i = 0; i < app->migration_count; i++) {
        const Migration *migration =
            &tracking->context->project->migrations[app->first_migration + i];
        if (is_ignored(tracking, migration->path) || is_untracked(tracking, migration->path))
            report_migration_file(tracking, migration);
    }
}

void check_migration_ignored_by_git(RuleContext *context)
{
    const Project *project = context->project;
    Tracking tracking = {context, &context->workspace->options};
    if (!tracking.options->find.ignored_count && !tracking.options->untracked_count)
        return;
    for (AppId id = 0; id < project->app_count; id++)
        if (project->apps[id].origin == APP_OWN)
            check_app(&tracking, &project->apps[id]);
}
