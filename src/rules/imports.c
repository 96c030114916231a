#include "rules/match.h"

#include "rules/managers.h"
#include "rules/match_types.h"

/* One import seen as the import of a module of the project. */
typedef struct Imported {
    RuleContext *context;
    const Migration *migration;
    const Import *import;
    Str module;  /* dotted, from where Python would look */
    Str name;    /* what is taken from it; empty: the module itself */
    Str used_as; /* what it is called where it is used: "Post", or "models" */
    ManagerUses *uses;
} Imported;

/* --- where a module is -------------------------------------------------- */

static Str dotted(Arena *arena, Str path)
{
    Str copy = arena_str(arena, path);
    for (size_t i = 0; i < copy.len; i++)
        if (copy.ptr[i] == '/')
            ((char *)copy.ptr)[i] = '.';
    return copy;
}

static Str joined(Arena *arena, Str a, Str b)
{
    return b.len ? arena_join(arena, a, '.', b) : a;
}

/* Takes the dots off a relative import: "..models" in blog/migrations/0002.py
 * is "blog.models". False when there are more dots than directories. */
static bool absolute(Arena *arena, Str path, Str module, Str *out)
{
    *out = module;
    if (!str_starts(module, S(".")))
        return true;
    Str dir = str_head(path, '/');
    while (str_starts(str_sub(module, 1, module.len), S("."))) {
        if (!dir.len)
            return false;
        dir = str_head(dir, '/');
        module = str_sub(module, 1, module.len);
    }
    *out = joined(arena, dotted(arena, dir), str_sub(module, 1, module.len));
    return out->len > 0;
}

static bool module_at(const SourceTree *tree, Arena *arena, Str dir, Str module)
{
    Str path = arena_printf(arena, "%.*s%s%.*s", STR_ARG(dir), dir.len ? "/" : "", STR_ARG(module));
    for (size_t i = dir.len; i < path.len; i++)
        if (path.ptr[i] == '.')
            ((char *)path.ptr)[i] = '/';
    Str file = arena_printf(arena, "%.*s.py", STR_ARG(path));
    Str package = arena_printf(arena, "%.*s/__init__.py", STR_ARG(path));
    return source_file_at(tree, file) || source_file_at(tree, package);
}

/* Python's search path is not known: every directory above the migration may
 * be on it, but one that is a package itself. */
static Truth in_project(const Imported *imported)
{
    const SourceTree *tree = &imported->context->workspace->tree;
    Str dir = imported->migration->path;
    while (dir.len) {
        dir = str_head(dir, '/');
        DirId id = source_dir_at(tree, dir);
        bool package = id != DIR_NONE && tree->dirs[id].package;
        if (!package && module_at(tree, imported->context->scratch, dir, imported->module))
            return YES;
    }
    return NO;
}

/* --- what is done with it ----------------------------------------------- */

/* Only what is used as a model is known to be one: a models module also holds
 * constants, choices and functions, which migrations do import. A name that is
 * bound again may stand for something else where it is used. */
static Truth is_model(const Imported *imported, Str *model)
{
    const ManagerUses *uses = imported->uses;
    if (imported->import->conditional || (imported->name.len && !is_class_name(imported->name)) ||
        !manager_uses_read(imported->uses, imported->context, imported->migration) ||
        map_has(&uses->rebound, imported->import->bound))
        return MAYBE;
    Sym used = intern_find(&imported->context->workspace->interner, imported->used_as);
    if (imported->name.len)
        return truth(used && map_has(&uses->used, used));
    uint32_t held = used ? map_get(&uses->holders, used, UINT32_MAX) : UINT32_MAX;
    if (held == UINT32_MAX)
        return NO;
    *model = uses->models.items[held];
    return YES;
}

/* --- matching ----------------------------------------------------------- */

static bool right_module(const Match *match, Str module)
{
    for (uint32_t i = 0; i < match->module_count; i++)
        if (glob_match(match->modules[i], module))
            return true;
    return !match->module_count;
}

static Str placeholder(const void *self, const TemplatePart *part, Arena *arena)
{
    const Imported *imported = self;
    const RuleContext *context = imported->context;
    (void)arena;
    if (str_eq(part->name, S("app")))
        return context_str(context, context->project->apps[imported->migration->app].label);
    if (str_eq(part->name, S("migration")))
        return context_str(context, imported->migration->name);
    return str_eq(part->name, S("name")) ? imported->name : imported->module;
}

static bool report_if_right(const Match *match, Imported *imported)
{
    RuleContext *context = imported->context;
    Str model = imported->name;
    if (!right_module(match, imported->module) ||
        (match->project != DEMAND_NOTHING && demand(match->project, in_project(imported)) != YES) ||
        (match->model != DEMAND_NOTHING && demand(match->model, is_model(imported, &model)) != YES))
        return false;
    imported->name = model;
    Place place = {imported->migration->path, imported->import->span};
    Str message = template_render(&match->message, placeholder, imported, context->scratch);
    Finding *finding =
        report_migration(context, imported->migration, place, "%.*s", STR_ARG(message));
    Str help = template_render(&match->help, placeholder, imported, context->scratch);
    if (help.len)
        finding_help(context, finding, "%.*s", STR_ARG(help));
    return true;
}

/* `from a import b` takes the name b from the module a, or is the module a.b. */
static void match_import(RuleContext *context, const Match *match, const Migration *migration,
                         const Import *import, ManagerUses *uses)
{
    Arena *arena = context->scratch;
    Imported imported = {
        .context = context, .migration = migration, .import = import, .uses = uses};
    Str module = context_str(context, import->module), name = context_str(context, import->name);
    Str bound = context_str(context, import->bound);
    if (match->project == DEMAND_TRUE && str_starts(module, S("django.")))
        return; /* what nearly every import of a migration is */
    if (!absolute(arena, migration->path, module, &imported.module))
        return;
    imported.name = name;
    imported.used_as = bound;
    if (name.len && report_if_right(match, &imported))
        return;
    bool whole = !name.len && !str_starts(module, bound);
    imported.module = joined(arena, imported.module, name);
    imported.name = (Str){0};
    imported.used_as = name.len || whole ? bound : module;
    report_if_right(match, &imported);
}

void match_imports(RuleContext *context, const Match *match, const Migration *migration)
{
    ManagerUses uses = {0};
    for (uint32_t i = 0; i < migration->module->import_count; i++)
        match_import(context, match, migration, &migration->module->imports[i], &uses);
    manager_uses_free(&uses);
}
