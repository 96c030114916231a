#include "rules/labels.h"
#include "rules/nodes.h"

/*
 * MG1, what migrations refer to: apps that are not known or have nothing to
 * refer to, and labels that two apps have.
 */

/* ---- MG111 --------------------------------------------------------------- */

void check_self_dependency(RuleContext *context)
{
    const Graph *graph = context->graph;
    for (uint32_t i = 0; i < graph->declared_count; i++) {
        const Edge *edge = &graph->declared[i];
        if (edge->child != edge->parent || edge->maybe || !edge_is_own(context, edge))
            continue;
        Finding *finding = report_migration(
            context, &context->project->migrations[edge->origin], graph_edge_place(graph, edge),
            "`%.*s` depends on itself", STR_ARG(node_text(context, edge->child)));
        finding_help(context, finding, "let it depend on the migration before it");
        finding_explains(context, finding, edge->child);
    }
}

/* ---- MG110 --------------------------------------------------------------- */

static bool has_migration(const RuleContext *context, const App *app, Sym name)
{
    return project_migration(context->project, (AppId)(app - context->project->apps), name) !=
           MIGRATION_NONE;
}

static void report_unknown(RuleContext *context, const Migration *migration,
                           const Dependency *dependency)
{
    Str label = context_str(context, dependency->app);
    const App *near = label_near_miss(context, label);
    bool sure = near && has_migration(context, near, dependency->name);
    bool expected = label_may_be_installed(context, label);
    if (!sure && expected)
        return;
    Finding *finding =
        report_migration(context, migration, dependency->place,
                         "no app of this project has the label `%.*s`", STR_ARG(label));
    if (!sure)
        finding_note(context, finding, (Place){0},
                     "INSTALLED_APPS lists nothing that looks like it");
    if (near)
        finding_help(context, finding, "did you mean `%.*s`?",
                     STR_ARG(context_str(context, near->label)));
    finding->severity = sure ? SEVERITY_ERROR : label_severity(context);
    finding_explains_model(context, finding, dependency->app, SYM_NONE);
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
                map_has(&seen, dependency->app) || seen.count >= MOST_LABELS)
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
        const Dependencies *list =
            unresolved->kind == EDGE_DEPENDENCY ? &migration->dependencies : &migration->run_before;
        const Dependency *dependency = &list->items[unresolved->dependency];
        AppId app = project_app(project, dependency->app);
        if (app == APP_NONE || project->apps[app].origin != APP_OWN ||
            project->apps[migration->app].origin != APP_OWN ||
            project->apps[app].package == PACKAGE_DISABLED || dependency->maybe ||
            app_may_lie_elsewhere(context, &project->apps[app]) ||
            unresolved->why == UNRESOLVED_UNKNOWN_APP)
            continue;
        bool empty = unresolved->why == UNRESOLVED_NO_NODES;
        if (!empty && dependency->kind == DEPENDENCY_SWAPPABLE)
            continue;
        Str label = context_str(context, dependency->app);
        Finding *finding = report_migration(
            context, migration, dependency->place, "`%.*s` has no migrations for `%.*s` to name",
            STR_ARG(label), STR_ARG(context_str(context, dependency->name)));
        finding_note(context, finding, (Place){0},
                     empty ? "Django: ValueError: Dependency on app with no migrations: %.*s"
                           : "Django ignores the dependency: `%.*s` is an unmigrated app",
                     STR_ARG(label));
        finding_help(context, finding, "create them: `makemigrations %.*s`", STR_ARG(label));
        if (empty)
            finding->severity = SEVERITY_ERROR;
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
