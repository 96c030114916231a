#include "rules/match.h"

#include "base/limits.h"
#include "rules/match_types.h"

/* One import seen as the import of a module of the project. */
typedef struct Imported {
    RuleContext *context;
    const Migration *migration;
    const Import *import;
    Str module; /* dotted, from where Python would look */
    Str name;   /* what is taken from it; empty: the module itself */
    Str prefix; /* what a use of a model in it begins with: "Post", or "models." */
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

static Str node_text(const Syntax *syntax, TSNode node)
{
    return ts_node_is_null(node) ? (Str){0} : syntax_text(syntax, node);
}

static Str child_text(const Syntax *syntax, TSNode node, const char *field)
{
    return node_text(syntax, ts_node_child_by_field_name(node, field, (uint32_t)strlen(field)));
}

static bool is_class_name(Str word)
{
    bool lower = false;
    for (size_t i = 0; i < word.len; i++) {
        char c = word.ptr[i];
        lower |= c >= 'a' && c <= 'z';
        if (c == '.' || c == '(' || c == ' ' || c == '\n')
            return false;
    }
    return word.len && word.ptr[0] >= 'A' && word.ptr[0] <= 'Z' && lower;
}

/* `Post.objects`, `models.Post._default_manager`: only models have these. */
static bool uses_manager(const Imported *imported, const Syntax *syntax, TSNode node, Str *model)
{
    if (strcmp(ts_node_type(node), "attribute"))
        return false;
    Str manager = child_text(syntax, node, "attribute");
    if (!str_eq(manager, S("objects")) && !str_eq(manager, S("_default_manager")) &&
        !str_eq(manager, S("_base_manager")))
        return false;
    Str object = child_text(syntax, node, "object");
    if (imported->name.len) {
        *model = imported->name;
        return str_eq(object, imported->prefix);
    }
    *model = str_sub(object, imported->prefix.len, object.len);
    return str_starts(object, imported->prefix) && is_class_name(*model);
}

/* The name may stand for something else by then: `Post = apps.get_model(…)`. */
static bool rebinds(const Syntax *syntax, TSNode node, Str bound)
{
    const char *type = ts_node_type(node);
    if (!strcmp(type, "assignment") || !strcmp(type, "for_statement"))
        return str_eq(child_text(syntax, node, "left"), bound);
    if (strcmp(type, "identifier") || !str_eq(syntax_text(syntax, node), bound))
        return false;
    TSNode parent = ts_node_parent(node);
    return !ts_node_is_null(parent) && (!strcmp(ts_node_type(parent), "parameters") ||
                                        !strcmp(ts_node_type(parent), "lambda_parameters"));
}

static bool next_node(TSTreeCursor *cursor)
{
    if (ts_tree_cursor_goto_first_child(cursor))
        return true;
    while (!ts_tree_cursor_goto_next_sibling(cursor))
        if (!ts_tree_cursor_goto_parent(cursor))
            return false;
    return true;
}

static Truth used_in(const Imported *imported, const Syntax *syntax, Str *model)
{
    Str bound = context_str(imported->context, imported->import->bound);
    TSTreeCursor cursor = ts_tree_cursor_new(ts_tree_root_node(syntax->tree));
    Truth used = NO;
    do {
        TSNode node = ts_tree_cursor_current_node(&cursor);
        Str name;
        if (rebinds(syntax, node, bound)) {
            used = MAYBE;
            break;
        }
        if (used == NO && uses_manager(imported, syntax, node, &name)) {
            used = YES;
            *model = arena_str(imported->context->scratch, name);
        }
    } while (next_node(&cursor));
    ts_tree_cursor_delete(&cursor);
    return used;
}

/* Only what is used as a model is known to be one: a models module also holds
 * constants, choices and functions, which migrations do import. */
static Truth is_model(const Imported *imported, Str *model)
{
    RuleContext *context = imported->context;
    const Reader *reader = &context->workspace->reader;
    Str text;
    if (imported->import->conditional || (imported->name.len && !is_class_name(imported->name)) ||
        reader->read(reader->self, imported->migration->path, LIMIT_FILE_BYTES, context->scratch,
                     &text, NULL) != READ_OK)
        return MAYBE;
    SyntaxParser parser = context->workspace->parser;
    Syntax syntax = syntax_parse(&parser, text);
    Truth used = used_in(imported, &syntax, model);
    syntax_free(&syntax);
    return used;
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
                         const Import *import)
{
    Arena *arena = context->scratch;
    Imported imported = {.context = context, .migration = migration, .import = import};
    Str module = context_str(context, import->module), name = context_str(context, import->name);
    Str bound = context_str(context, import->bound);
    if (match->project == DEMAND_TRUE && str_starts(module, S("django.")))
        return; /* what nearly every import of a migration is */
    if (!absolute(arena, migration->path, module, &imported.module))
        return;
    imported.name = name;
    imported.prefix = bound;
    if (name.len && report_if_right(match, &imported))
        return;
    bool whole = !name.len && !str_starts(module, bound);
    imported.module = joined(arena, imported.module, name);
    imported.name = (Str){0};
    imported.prefix = arena_printf(arena, "%.*s.", STR_ARG(name.len || whole ? bound : module));
    report_if_right(match, &imported);
}

void match_imports(RuleContext *context, const Match *match, const Migration *migration)
{
    for (uint32_t i = 0; i < migration->module->import_count; i++)
        match_import(context, match, migration, &migration->module->imports[i]);
}
