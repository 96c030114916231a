#include "rules/check.h"

/*
 * MG0: is this package what Django's loader will see?
 */

static Place whole(Str path)
{
    return (Place){path, {0, 0}};
}

static bool is_own(const RuleContext *context, const Migration *migration)
{
    return context->project->apps[migration->app].origin == APP_OWN;
}

void check_syntax_error(RuleContext *context)
{
    const Project *project = context->project;
    for (MigrationId id = 0; id < project->migration_count; id++) {
        const Migration *migration = &project->migrations[id];
        const Module *module = migration->module;
        if (!is_own(context, migration) || migration->status != MIGRATION_BROKEN || !module)
            continue;
        Place place = {module->path, module->error_span};
        Finding *finding =
            module->unreadable.len ? report_migration(context, migration, whole(module->path),
                                                      "Python cannot read this file: %.*s",
                                                      STR_ARG(module->unreadable))
            : module->error_expected.len
                ? report_migration(context, migration, place, "syntax error: expected %.*s",
                                   STR_ARG(module->error_expected))
                : report_migration(context, migration, place, "syntax error");
        finding_note(context, finding, (Place){0},
                     "Django imports every migration before it does anything else: one that "
                     "cannot be imported stops every command");
        finding_explains(context, finding, context->graph->node_of[id]);
    }
}

void check_no_migration_class(RuleContext *context)
{
    const Project *project = context->project;
    for (MigrationId id = 0; id < project->migration_count; id++) {
        const Migration *migration = &project->migrations[id];
        if (!is_own(context, migration) || migration->status != MIGRATION_NO_CLASS)
            continue;
        Str app = context_str(context, project->apps[migration->app].label);
        Str name = context_str(context, migration->name);
        Finding *finding =
            report_migration(context, migration, whole(migration->path),
                             "`%.*s` in the migrations of `%.*s` has no class `Migration`",
                             STR_ARG(name), STR_ARG(app));
        finding_note(context, finding, (Place){0},
                     "Django: BadMigrationError: Migration %.*s in app %.*s has no Migration class",
                     STR_ARG(name), STR_ARG(app));
        finding_help(context, finding,
                     "a helper module must have a name that starts with `_`, or stand outside of "
                     "the package");
        finding_explains(context, finding, context->graph->node_of[id]);
    }
}

/* The files of a package that are named as migrations are. */
static uint32_t count_sources(const SourceTree *tree, DirId dir)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < tree->dirs[dir].file_count; i++)
        count += str_ends(tree->files[tree->dirs[dir].first_file + i].name, S(".py"));
    return count;
}

void check_missing_init(RuleContext *context)
{
    const Project *project = context->project;
    const SourceTree *tree = &context->workspace->tree;
    for (AppId id = 0; id < project->app_count; id++) {
        const App *app = &project->apps[id];
        if (app->origin != APP_OWN || app->package != PACKAGE_NAMESPACE)
            continue;
        uint32_t count = count_sources(tree, app->package_dir);
        Finding *finding =
            report_app(context, app, whole(app->package_path),
                       "`%.*s` has no `__init__.py`, so Django ignores the %u migration%s in it",
                       STR_ARG(app->package_path), count, count == 1 ? "" : "s");
        finding_note(context, finding, (Place){0},
                     "Django calls `%.*s` an unmigrated app: `migrate` creates its tables only "
                     "with --run-syncdb, and whoever depends on its migrations cannot be loaded",
                     STR_ARG(context_str(context, app->label)));
        finding_help(context, finding, "create an empty `%.*s/__init__.py`",
                     STR_ARG(app->package_path));
        for (NodeId node = 0; node < context->graph->node_count; node++)
            if (context->graph->nodes[node].app == app->label)
                finding_explains(context, finding, node);
    }
}

/* What editors, merges and people leave beside a file they replace. */
static bool is_leftover(Str name)
{
    static const char *const suffixes[] = {".py.bak",  ".py.orig",     ".py.old", ".py.rej",
                                           ".py.save", ".py.disabled", ".py~",    ".py.tmp",
                                           ".py.txt",  ".py.mine"};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
        if (str_ends(name, str(suffixes[i])))
            return true;
    return false;
}

static bool starts_with_digits(Str name)
{
    return name.len > 4 && name.ptr[0] >= '0' && name.ptr[0] <= '9' && name.ptr[1] >= '0' &&
           name.ptr[1] <= '9';
}

/* `_0003_x.py`, `~0003_x.py`, `0003_v1.2.py`: a number says that a migration was meant. */
static const char *why_skipped(Str name)
{
    if (is_leftover(name))
        return "its suffix is not .py";
    if (!str_ends(name, S(".py")))
        return NULL;
    Str stem = str_sub(name, 0, name.len - 3);
    if (stem.len && (stem.ptr[0] == '_' || stem.ptr[0] == '~'))
        return starts_with_digits(str_sub(stem, 1, stem.len)) ? "its name starts with `_` or `~`"
                                                              : NULL;
    return starts_with_digits(stem) && str_find(stem, '.') < stem.len ? "its name has a dot in it"
                                                                      : NULL;
}

void check_skipped_file(RuleContext *context)
{
    const Project *project = context->project;
    const SourceTree *tree = &context->workspace->tree;
    for (AppId id = 0; id < project->app_count; id++) {
        const App *app = &project->apps[id];
        if (app->origin != APP_OWN || app->package != PACKAGE_MIGRATED)
            continue;
        const SourceDir *dir = &tree->dirs[app->package_dir];
        for (uint32_t i = dir->first_file; i < dir->first_file + dir->file_count; i++) {
            const char *why = why_skipped(tree->files[i].name);
            if (!why)
                continue;
            Finding *finding =
                report_app(context, app, whole(tree->files[i].path),
                           "Django's loader skips `%.*s`: %s", STR_ARG(tree->files[i].name), why);
            finding_help(context, finding,
                         "delete it if it is a leftover; rename it if it is meant to run");
        }
    }
}

/* ---- MG005 -------------------------------------------------------------- */

/* The first value below an attribute that could not be read: that is the
 * place to show. Values share parts, so only a few levels are looked at. */
static ValueId first_unknown(const Values *values, ValueId id, int depth)
{
    const Value *value = value_at(values, id);
    if (value->kind == VALUE_UNKNOWN)
        return id;
    if (depth > 3 || (value->kind != VALUE_LIST && value->kind != VALUE_TUPLE))
        return VALUE_ABSENT;
    for (uint32_t i = 0; i < value->u.items.count; i++) {
        ValueId found = first_unknown(values, value_item(values, value, i), depth + 1);
        if (found)
            return found;
    }
    return VALUE_ABSENT;
}

static void report_unread(RuleContext *context, const Migration *migration, const char *attribute)
{
    const Module *module = migration->module;
    Place place = migration->class_place;
    const char *why = NULL;
    Sym migration_name = intern_find(&context->workspace->interner, S("Migration"));
    const Class *class = migration_name ? module_class(module, migration_name) : NULL;
    Sym name = intern_find(&context->workspace->interner, str(attribute));
    const Binding *binding = class && name ? class_attribute(class, name) : NULL;
    if (binding && binding->value) {
        ValueId unknown = first_unknown(&module->values, binding->value, 0);
        place = (Place){module->path, binding->span};
        if (unknown) {
            const Value *value = value_at(&module->values, unknown);
            place.span = value->span;
            why = value_reason(value->u.reason);
        }
    }
    report_migration(context, migration, place,
                     why ? "`%s` cannot be read without running Python: %s"
                         : "`%s` cannot be read wholly without running Python",
                     attribute, why ? why : "");
}

void check_not_statically_readable(RuleContext *context)
{
    const Project *project = context->project;
    for (MigrationId id = 0; id < project->migration_count; id++) {
        const Migration *migration = &project->migrations[id];
        if (!is_own(context, migration) || !migration->module)
            continue;
        if (migration->status == MIGRATION_UNKNOWN) {
            report_migration(context, migration,
                             migration->class_place.path.len ? migration->class_place
                                                             : whole(migration->path),
                             "the class `Migration` cannot be read without running Python");
            continue;
        }
        if (migration->status != MIGRATION_READ)
            continue;
        if (migration->dependencies.open)
            report_unread(context, migration, "dependencies");
        if (migration->run_before.open)
            report_unread(context, migration, "run_before");
        if (migration->replaces.open)
            report_unread(context, migration, "replaces");
        if (migration->operations_open)
            report_unread(context, migration, "operations");
    }
}

/* ---- MG007 -------------------------------------------------------------- */

void check_stale_bytecode(RuleContext *context)
{
    const Project *project = context->project;
    for (MigrationId id = 0; id < project->migration_count; id++) {
        const Migration *migration = &project->migrations[id];
        if (!is_own(context, migration) || !str_ends(migration->path, S(".pyc")))
            continue;
        Finding *finding =
            report_migration(context, migration, whole(migration->path),
                             "`%.*s.py` is gone, but Python still imports its bytecode beside it",
                             STR_ARG(context_str(context, migration->name)));
        finding_note(context, finding, (Place){0},
                     "bytecode of another Python version stops Django: \"it appears to be a stale "
                     ".pyc file\"");
        finding_help(context, finding, "delete the .pyc file, or restore the source");
    }
}
