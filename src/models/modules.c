#include "models/read.h"

#include "base/limits.h"

/*
 * Which modules Django surely imports before the registry is complete: the models module of every
 * installed app, and from there along imports at module level. Files in which neither "models" nor
 * "Model" occurs are not parsed: they hold no model and lead to none.
 */

Sym read_word(ModelReader *reader, const char *text)
{
    return intern(&reader->workspace->interner, str(text));
}

Str read_text(const ModelReader *reader, Sym sym)
{
    return sym_str(&reader->workspace->interner, sym);
}

static bool below(Str path, Str dir)
{
    return !dir.len || (str_starts(path, dir) && path.len > dir.len && path.ptr[dir.len] == '/');
}

AppId app_of_module(const ModelReader *reader, const Module *module)
{
    AppId found = APP_NONE;
    size_t longest = 0;
    for (AppId id = 0; id < reader->project->app_count; id++) {
        const App *app = &reader->project->apps[id];
        bool named = app->path.len || app->origin == APP_OWN;
        if (named && app->origin != APP_CONTRIB && below(module->path, app->path) &&
            (found == APP_NONE || app->path.len > longest)) {
            found = id;
            longest = app->path.len;
        }
    }
    return found;
}

static uint32_t add_module(ModelReader *reader, const Module *module, Truth imported)
{
    Sym path = intern(&reader->workspace->interner, module->path);
    uint32_t index = map_get(&reader->module_index, path, UINT32_MAX);
    if (index != UINT32_MAX) {
        ImportedModule *known = &reader->modules.items[index];
        known->imported = truth_or(known->imported, imported);
        return index;
    }
    map_set(&reader->module_index, path, reader->modules.count);
    array_push(&reader->modules, (ImportedModule){module, imported});
    return reader->modules.count - 1;
}

/* The dotted name of what the import may bring in besides its module: `from . import x`. */
static Str member(ModelReader *reader, const Import *import)
{
    Str module = read_text(reader, import->module), name = read_text(reader, import->name);
    if (!name.len || str_eq(name, S("*")))
        return (Str){0};
    bool dots = module.len && module.ptr[module.len - 1] == '.';
    return arena_printf(reader->arena, dots ? "%.*s%.*s" : "%.*s.%.*s", STR_ARG(module),
                        STR_ARG(name));
}

static void follow_import(ModelReader *reader, const Module *from, Str dotted, Truth imported)
{
    if (!dotted.len || reader->modules.count >= MOST_MODULES || str_starts(dotted, S("django.")))
        return;
    static const char *const words[] = {"models", "Model"};
    const Module *module = workspace_imported_with(reader->workspace, from, dotted, words, 2);
    if (module)
        add_module(reader, module, imported);
}

static void follow_imports(ModelReader *reader, ImportedModule from)
{
    for (uint32_t i = 0; i < from.module->import_count; i++) {
        const Import *import = &from.module->imports[i];
        if (import->scope == SCOPE_FUNCTION)
            continue;
        Truth imported = truth_and(from.imported, import->conditional ? MAYBE : YES);
        follow_import(reader, from.module, read_text(reader, import->module), imported);
        follow_import(reader, from.module, member(reader, import), imported);
    }
}

static bool is_read(const App *app)
{
    return app->origin == APP_OWN && app->dir != DIR_NONE &&
           !(app->installed_known && !app->installed);
}

void find_modules(ModelReader *reader)
{
    for (AppId id = 0; id < reader->project->app_count; id++) {
        const App *app = &reader->project->apps[id];
        const Module *module =
            is_read(app) ? workspace_module(reader->workspace, app->dir, S("models")) : NULL;
        reader->registry->apps[id].read = module != NULL;
        if (module)
            add_module(reader, module, YES);
    }
    for (uint32_t i = 0; i < reader->modules.count; i++)
        follow_imports(reader, reader->modules.items[i]);
}
