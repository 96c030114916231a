#include "rules/edits.h"

/*
 * MG401 and MG402: migrations that the base has, and that others have applied, are changed or
 * gone. What was there where the branches parted counts as released.
 */

typedef struct Released {
    RuleContext *context;
    const Branch *branch;
    Side ours, fork, theirs;
} Released;

static bool open_released(Released *released, RuleContext *context, const Branch *branch)
{
    *released = (Released){context,
                           branch,
                           {&context->workspace->interner, context->project, context->graph},
                           version_side(context, &branch->fork),
                           version_side(context, &branch->theirs)};
    return branch->base && released->fork.interner;
}

static Key key_in(const Side *side, const Migration *migration)
{
    return (Key){sym_str(side->interner, side->project->apps[migration->app].label),
                 sym_str(side->interner, migration->name)};
}

/* A graph that Django refused has been applied nowhere as it was: it had to be mended. */
static bool was_broken(const Released *released, Sym label)
{
    const Graph *graph = released->fork.graph;
    Nodes leaves = graph_leaves(graph, label, released->context->scratch);
    bool missing = false;
    for (NodeId node = 0; node < graph->node_count; node++)
        missing |= graph->nodes[node].app == label && graph->nodes[node].flags & NODE_MISSING;
    return leaves.count > 1 || missing;
}

/* ---- MG401 --------------------------------------------------------------- */

static bool depends_on(const Side *side, const Migration *migration, Key parent)
{
    for (uint32_t i = 0; i < migration->dependencies.count; i++) {
        const Dependency *at = &migration->dependencies.items[i];
        if (at->kind == DEPENDENCY_KEY && str_eq(sym_str(side->interner, at->app), parent.app) &&
            str_eq(sym_str(side->interner, at->name), parent.name))
            return true;
    }
    return false;
}

/* A parent in its own app that `a` names, that `b` does not, and that `b`'s side still has. */
static bool names_another(const Side *from, const Migration *a, const Side *to, const Migration *b,
                          Key *parent)
{
    for (uint32_t i = 0; i < a->dependencies.count; i++) {
        const Dependency *at = &a->dependencies.items[i];
        *parent = (Key){sym_str(from->interner, at->app), sym_str(from->interner, at->name)};
        if (at->kind == DEPENDENCY_KEY && !at->maybe &&
            at->app == from->project->apps[a->app].label && !depends_on(to, b, *parent) &&
            side_migration(to, *parent))
            return true;
    }
    return false;
}

static bool is_squash(const Migration *migration)
{
    return migration->replaces.count || migration->replaces.open;
}

static bool is_comparable(const Migration *before, const Migration *after)
{
    return before->module && after->module && !migration_is_open(before) &&
           !migration_is_open(after);
}

static bool report_parents(Released *released, const Migration *before, const Migration *after)
{
    Key parent;
    if (is_squash(before) || is_squash(after) ||
        was_broken(released, released->fork.project->apps[before->app].label) ||
        !names_another(&released->fork, before, &released->ours, after, &parent) ||
        !names_another(&released->ours, after, &released->fork, before, &parent))
        return false;
    Key key = key_in(&released->ours, after);
    Finding *finding = report_migration(
        released->context, after, after->class_place,
        "`%.*s.%.*s` is on `%.*s` and now depends on `%.*s`, as it did not before",
        STR_ARG(key.app), STR_ARG(key.name), STR_ARG(released->branch->name), STR_ARG(parent.name));
    finding_note(released->context, finding, (Place){0},
                 "a database that has applied it without that one: Django refuses with "
                 "InconsistentMigrationHistory");
    finding_help(released->context, finding, "leave it as it is; let new migrations follow it");
    return true;
}

static Edit edit_between(const Released *released, const Version *version, const Migration *before,
                         const Migration *after)
{
    MigrationVersion one = {version->workspace, before};
    MigrationVersion other = {(Workspace *)released->context->workspace, after};
    return edit_of(&one, &other, released->context->scratch);
}

static void check_edited(Released *released, const Migration *before)
{
    RuleContext *context = released->context;
    Key key = key_in(&released->fork, before);
    const Migration *after = side_migration(&released->ours, key);
    if (!after || !is_comparable(before, after) || report_parents(released, before, after))
        return;
    Edit edit = edit_between(released, &released->branch->fork, before, after);
    const Migration *theirs = side_migration(&released->theirs, key);
    if (edit.severity == SEVERITY_OFF ||
        (theirs && theirs->module &&
         edit_between(released, &released->branch->theirs, theirs, after).severity == SEVERITY_OFF))
        return;
    Finding *finding = report_migration(
        context, after, edit.place, "`%.*s.%.*s` is on `%.*s` and no longer does the same: %.*s",
        STR_ARG(key.app), STR_ARG(key.name), STR_ARG(released->branch->name), STR_ARG(edit.what));
    finding->severity = edit.severity;
    finding_note(context, finding, (Place){0},
                 "databases that have applied it keep what it did before");
    finding_help(context, finding, "put it back, and write a new migration that makes the change");
    /* A history that was made anew. */
    Finding *cause = finding_about(context, check_released_migration_removed, key.app, NULL);
    if (cause)
        finding_follows_from(context, finding, cause);
}

void check_released_migration_edited(RuleContext *context)
{
    for (uint32_t b = 0; b < context->branch_count; b++) {
        Released released;
        if (!open_released(&released, context, &context->branches[b]))
            continue;
        const Project *fork = released.fork.project;
        for (MigrationId id = 0; id < fork->migration_count; id++)
            if (fork->apps[fork->migrations[id].app].origin == APP_OWN)
                check_edited(&released, &fork->migrations[id]);
    }
}

/* ---- MG402 --------------------------------------------------------------- */

static bool is_gone(const Released *released, const Migration *migration)
{
    Key key = key_in(&released->fork, migration);
    return migration->status != MIGRATION_NO_CLASS && !str_ends(migration->path, S(".pyc")) &&
           !side_provides(&released->ours, key) &&
           (!released->theirs.interner || side_provides(&released->theirs, key));
}

/* What our app has in its place: a migration that is new and does the same. */
static const Migration *renamed(const Released *released, const App *own, const Migration *gone)
{
    for (uint32_t i = 0; i < own->migration_count; i++) {
        const Migration *now = &released->context->project->migrations[own->first_migration + i];
        if (side_migration(&released->fork, key_in(&released->ours, now)) ||
            !is_comparable(gone, now) || now->operation_count != gone->operation_count ||
            !gone->operation_count)
            continue;
        if (edit_between(released, &released->branch->fork, gone, now).severity == SEVERITY_OFF)
            return now;
    }
    return NULL;
}

static void help_gone(Released *released, Finding *finding, Key first, const Migration *now)
{
    RuleContext *context = released->context;
    finding_note(
        context, finding, (Place){0},
        now ? "databases that have applied it run it again under its new name"
            : "databases keep what it did, and Django no longer knows that it was applied");
    finding_help(context, finding,
                 now ? "keep the name `%.*s`; or list it in `replaces`"
                     : "keep `%.*s`; or squash, so that a migration lists it in `replaces`",
                 STR_ARG(first.name));
}

static void report_gone(Released *released, const App *before, const App *own,
                        const Migration *first, uint32_t count)
{
    RuleContext *context = released->context;
    Key key = key_in(&released->fork, first);
    const Migration *now = count == 1 ? renamed(released, own, first) : NULL;
    Place package = {own->package_path, {0, 0}};
    Str more = count > 1 ? arena_printf(context->scratch, " and %u more are", count - 1) : S(" is");
    Finding *finding =
        now ? report_migration(context, now, now->class_place,
                               "`%.*s.%.*s` is on `%.*s` and has been renamed to `%.*s`",
                               STR_ARG(key.app), STR_ARG(key.name), STR_ARG(released->branch->name),
                               STR_ARG(context_str(context, now->name)))
            : report_app(context, own, package,
                         "`%.*s.%.*s`%.*s on `%.*s` and gone here, and nothing replaces %s",
                         STR_ARG(key.app), STR_ARG(key.name), STR_ARG(more),
                         STR_ARG(released->branch->name), count > 1 ? "them" : "it");
    if (was_broken(released, before->label))
        finding->severity = SEVERITY_WARNING;
    help_gone(released, finding, key, now);
}

static void check_gone(Released *released, const App *before)
{
    const Project *fork = released->fork.project, *project = released->context->project;
    Str label = sym_str(released->fork.interner, before->label);
    Sym sym = intern_find(released->ours.interner, label);
    AppId id = sym ? project_app(project, sym) : APP_NONE;
    const Migration *first = NULL;
    uint32_t count = 0;
    /* An app that is gone as a whole is no accident. */
    if (id == APP_NONE || !project->apps[id].migration_count)
        return;
    for (uint32_t i = 0; i < before->migration_count; i++) {
        const Migration *migration = &fork->migrations[before->first_migration + i];
        if (!is_gone(released, migration))
            continue;
        first = first ? first : migration;
        count++;
    }
    for (uint32_t i = 0; i < project->apps[id].migration_count; i++)
        if (project->migrations[project->apps[id].first_migration + i].replaces.open)
            return;
    if (count)
        report_gone(released, before, &project->apps[id], first, count);
}

void check_released_migration_removed(RuleContext *context)
{
    for (uint32_t b = 0; b < context->branch_count; b++) {
        Released released;
        if (!open_released(&released, context, &context->branches[b]))
            continue;
        const Project *fork = released.fork.project;
        for (AppId id = 0; id < fork->app_count; id++)
            if (fork->apps[id].origin == APP_OWN)
                check_gone(&released, &fork->apps[id]);
    }
}
