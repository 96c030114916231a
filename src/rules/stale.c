#include "rules/baseline.h"
#include "rules/check.h"
#include "rules/select.h"

/* MG904: what a baseline has and nobody finds any more. */

enum { MOST_BYTES = 300 }; /* of an entry's message that are repeated */

/* Files that are there and were not looked at may hold anything. */
static bool was_seen(const RuleContext *context, Str path)
{
    const Workspace *workspace = context->workspace;
    Str none;
    return source_dir_at(&workspace->tree, path) != DIR_NONE ||
           source_file_at(&workspace->tree, path) ||
           workspace->reader.read(workspace->reader.self, path, 0, context->scratch, &none, NULL) ==
               READ_ABSENT;
}

/* Without git nothing is known about what it ignores. */
static bool lacks_git(const RuleContext *context, const Rule *rule)
{
    const WorkspaceOptions *options = &context->workspace->options;
    return rule->check == check_migration_ignored_by_git && !options->find.ignored_count &&
           !options->untracked_count;
}

static bool is_of_selected_app(const RuleContext *context, const Rule *rule,
                               const BaselineEntry *entry, Str path)
{
    const Workspace *workspace = context->workspace;
    if (entry->app.len)
        return select_app(context->selection, rule, entry->app, entry->migration);
    for (uint32_t p = 0; p < workspace->project_count; p++) {
        const App *app = project_app_at(&workspace->projects[p], path);
        if (app && !select_app(context->selection, rule, context_str(context, app->label), S("")))
            return false;
    }
    return true;
}

static bool was_looked_for(const RuleContext *context, const BaselineEntry *entry)
{
    const Selection *selection = context->selection;
    const Rule *rule = rules_find(context->rules, entry->code);
    Str path;
    return rule && select_always(selection, rule) && !lacks_git(context, rule) &&
           baseline_path(selection->baseline, entry, &path) &&
           select_place(selection, rule, path) && is_of_selected_app(context, rule, entry, path) &&
           was_seen(context, path);
}

/* The file may hold anything; a message is one line. */
static Str told(const BaselineEntry *entry, Arena *arena)
{
    Str message = arena_str(arena, str_sub(entry->message, 0, MOST_BYTES));
    char *bytes = (char *)message.ptr;
    for (size_t i = 0; i < message.len; i++)
        if ((unsigned char)bytes[i] < ' ')
            bytes[i] = ' ';
    size_t bad;
    return str_is_utf8(message, &bad) ? message : str_sub(message, 0, bad);
}

static void report_stale(RuleContext *context, const BaselineEntry *entry)
{
    Str path = context->selection->baseline->path, message = told(entry, context->scratch);
    Finding *finding =
        report(context, (Place){path, entry->span}, "%.*s of the baseline is no longer found%s%.*s",
               STR_ARG(entry->code), message.len ? ": " : "", STR_ARG(message));
    finding->location = entry->location;
    finding->app = finding->owner = entry->app;
    finding->migration = entry->migration;
    finding_help(context, finding, "`migralint baseline prune` takes it out");
}

void check_stale_baseline_entry(RuleContext *context)
{
    const Baseline *baseline = context->selection->baseline;
    Findings *findings = context->findings;
    if (!baseline || context->project != context->workspace->projects)
        return; /* once for all projects */
    findings->stale = arena_array(&findings->arena, bool, baseline->count + 1);
    findings->stale_unknown = select_breaks(findings, false);
    bool comparable = baseline_is_comparable(baseline, context->workspace);
    for (uint32_t i = 0; i < baseline->count && !findings->stale_unknown; i++) {
        const BaselineEntry *entry = &baseline->entries[i];
        findings->stale[i] = !findings->taken[i] && was_looked_for(context, entry);
        if (findings->stale[i] && comparable)
            report_stale(context, entry);
    }
}
