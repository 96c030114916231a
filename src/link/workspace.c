#include "link/link.h"

#include "base/alloc.h"
#include "base/limits.h"

#include <stdlib.h>

static void take_modules(Workspace *ws);

static void link_all(Link *link)
{
    link_scopes(link);
    link_settings(link);
    link_candidates(link);
    link_installed_candidates(link);
    link_open_site_packages(link);
    for (uint32_t i = 0; i < link->candidates.count; i++) {
        /* Of what is installed only a few apps are needed: those are read then. */
        if (link->candidates.items[i].source == link->own)
            link_read_migrations(link, &link->candidates.items[i]);
        link_declare_label(link, &link->candidates.items[i]);
    }
    link_declare_by_settings(link);
    for (uint32_t i = 0; i < link->candidates.count; i++)
        link_settle_label(link, &link->candidates.items[i]);
    link_apply_overrides(link);
    link_projects(link);
}

bool workspace_open(Workspace *ws, Reader reader, const WorkspaceOptions *options, Error *err)
{
    *ws = (Workspace){.reader = reader, .options = *options};
    if (options->shared)
        ws->interner = options->shared->interner;
    ws->parser = syntax_parser_new();
    Link *link = ws->link = xcalloc(1, sizeof *link);
    link->workspace = ws;
    link->loader = loader_new(ws);
    link->own = arena_new(&ws->arena, Source);
    link->own->reader = reader;
    array_push(&link->loader->sources, link->own);
    if (!source_find(&reader, &options->find, &ws->arena, &link->own->tree, err))
        return false;
    ws->tree = link->own->tree;
    ws->tables = link->tables = tables_load(&ws->arena, err);
    if (!link->tables)
        return false;
    link_all(link);
    take_modules(ws);
    return true;
}

static int by_path(const void *a, const void *b)
{
    const Module *const *left = a, *const *right = b;
    return str_cmp((*left)->path, (*right)->path);
}

static void take_modules(Workspace *ws)
{
    Loader *loader = ws->link->loader;
    ws->modules = arena_array(&ws->arena, Module *, loader->modules.count);
    for (uint32_t i = 0; i < loader->modules.count; i++)
        if (loader->modules.items[i].module)
            ws->modules[ws->module_count++] = loader->modules.items[i].module;
    if (ws->module_count)
        qsort(ws->modules, ws->module_count, sizeof *ws->modules, by_path);
}

void workspace_close(Workspace *ws)
{
    Link *link = ws->link;
    for (uint32_t i = 0; i < ws->project_count; i++)
        map_free(&ws->projects[i].app_by_label);
    for (uint32_t i = 0; link && i < link->candidates.count; i++) {
        array_free(&link->candidates.items[i].files);
        map_free(&link->candidates.items[i].installed);
        map_free(&link->candidates.items[i].load_order);
    }
    for (uint32_t i = 0; link && i < link->scopes.count; i++)
        array_free(&link->scopes.items[i].modules);
    if (link) {
        array_free(&link->candidates);
        array_free(&link->scopes);
        map_free(&link->operation_kinds);
        loader_free(link->loader);
        free(link);
    }
    syntax_parser_free(&ws->parser);
    if (!ws->options.shared)
        interner_free(&ws->interner);
    arena_free(&ws->arena);
    *ws = (Workspace){0};
}

ValueRef workspace_value(Workspace *ws, ValueRef value)
{
    return loader_value(ws->link->loader, value);
}

Sym workspace_path(Workspace *ws, ValueRef value)
{
    return loader_path(ws->link->loader, value);
}

Sym workspace_ancestor(Workspace *ws, ValueRef class_name)
{
    enum { DEEPEST = 16 };
    Loader *loader = ws->link->loader;
    for (int depth = 0; depth < DEEPEST; depth++) {
        const Module *module;
        const Class *class = loader_class(loader, class_name, &module);
        if (!class)
            return loader_path(loader, class_name);
        if (!class->base_count)
            return SYM_NONE;
        class_name = ref_of(module, class->bases[0]);
    }
    return SYM_NONE;
}

Setting workspace_setting(Workspace *ws, const Project *project, Sym name)
{
    return link_setting(ws->link, &ws->link->scopes.items[project->scope], name);
}

const Class *workspace_class(Workspace *ws, ValueRef value, const Module **module)
{
    return loader_class(ws->link->loader, value, module);
}

const Class *workspace_owner(Workspace *ws, ValueRef name, Str rest, const Module **module)
{
    Str path = sym_str(&ws->interner, ref_value(name)->u.text);
    if (!str_ends(path, rest) || rest.len >= path.len)
        return NULL;
    Target target =
        loader_follow_path(ws->link->loader, name, str_sub(path, 0, path.len - rest.len));
    if (!ref_is(target.value, VALUE_CLASS))
        return NULL;
    *module = target.value.module;
    return &(*module)->classes[ref_value(target.value)->u.index];
}

const Module *workspace_module(Workspace *ws, DirId dir, Str name)
{
    Loader *loader = ws->link->loader;
    const SourceTree *tree = &ws->link->own->tree;
    DirId package = source_child(tree, dir, name);
    const SourceFile *file =
        package == DIR_NONE ? NULL : source_file(tree, package, S("__init__.py"));
    if (!file)
        file = source_file(tree, dir, arena_printf(&ws->arena, "%.*s.py", STR_ARG(name)));
    return file ? loader_read(loader, ws->link->own, file) : NULL;
}

const Module *workspace_imported(Workspace *ws, const Module *from, Str dotted)
{
    Loader *loader = ws->link->loader;
    const LoadedModule *origin = loader_origin(loader, from);
    ModulePath path = loader_find_module(loader, origin->source, origin->dir, dotted);
    if (path.file)
        return loader_read(loader, origin->source, path.file);
    return path.found || str_starts(dotted, S(".")) ? NULL : loader_outside(loader, dotted);
}

static bool occurs(const Workspace *ws, const SourceFile *file, const char *const *words,
                   uint32_t count)
{
    Arena scratch = {0};
    Str text;
    bool found = false;
    if (ws->reader.read(ws->reader.self, file->path, LIMIT_FILE_BYTES, &scratch, &text, NULL) ==
        READ_OK)
        for (uint32_t i = 0; i < count; i++)
            found |= str_contains(text, str(words[i]));
    arena_free(&scratch);
    return found;
}

const Module *workspace_imported_with(Workspace *ws, const Module *from, Str dotted,
                                      const char *const *words, uint32_t count)
{
    Loader *loader = ws->link->loader;
    const LoadedModule *origin = loader_origin(loader, from);
    if (origin->source != ws->link->own)
        return NULL;
    ModulePath path = loader_find_module(loader, origin->source, origin->dir, dotted);
    if (!path.file)
        return NULL;
    bool known = loader_has_read(loader, origin->source, path.file);
    return known || occurs(ws, path.file, words, count)
               ? loader_read(loader, origin->source, path.file)
               : NULL;
}

const Module *workspace_file(Workspace *ws, const SourceFile *file)
{
    return loader_read(ws->link->loader, ws->link->own, file);
}

ValueRef workspace_outside(Workspace *ws, Str path)
{
    const Module *module = loader_outside(ws->link->loader, str_head(path, '.'));
    return module ? loader_binding(ws->link->loader, module,
                                   intern(&ws->interner, str_tail(path, '.')))
                  : (ValueRef){0};
}

const Module **workspace_modules(const Workspace *ws, Arena *arena, uint32_t *count)
{
    const Loader *loader = ws->link->loader;
    const Module **modules = arena_array(arena, const Module *, loader->modules.count);
    *count = 0;
    for (uint32_t i = 0; i < loader->modules.count; i++) {
        const LoadedModule *loaded = &loader->modules.items[i];
        if (loaded->module && loaded->source == ws->link->own)
            modules[(*count)++] = loaded->module;
    }
    if (*count)
        qsort(modules, *count, sizeof *modules, by_path);
    return modules;
}

DirId workspace_dir(const Workspace *ws, const Module *module)
{
    const LoadedModule *origin = loader_origin(ws->link->loader, module);
    return origin->source == ws->link->own ? origin->dir : DIR_NONE;
}

AppId project_app(const Project *project, Sym label)
{
    return map_get(&project->app_by_label, label, APP_NONE);
}

MigrationId project_migration(const Project *project, AppId app, Sym name)
{
    const App *in = &project->apps[app];
    for (uint32_t i = 0; i < in->migration_count; i++)
        if (project->migrations[in->first_migration + i].name == name)
            return in->first_migration + i;
    return MIGRATION_NONE;
}
