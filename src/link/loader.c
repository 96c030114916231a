#include "link/loader.h"

#include "base/alloc.h"
#include "base/limits.h"

#include <stdlib.h>

enum { FOLLOW_LIMIT = 16 }; /* re-exports or base classes after one another */

Loader *loader_new(Workspace *workspace)
{
    Loader *loader = xcalloc(1, sizeof *loader);
    loader->workspace = workspace;
    return loader;
}

void loader_free(Loader *loader)
{
    if (!loader)
        return;
    array_free(&loader->modules);
    array_free(&loader->sources);
    map_free(&loader->by_path);
    map_free(&loader->import_roots);
    free(loader);
}

static Module *unreadable(Workspace *ws, Str path, Str why)
{
    Module *module = arena_new(&ws->arena, Module);
    module->path = path;
    module->values.all = arena_new(&ws->arena, Value);
    module->values.count = 1;
    module->unreadable = why;
    return module;
}

static Str people_path(Workspace *ws, const Source *source, const SourceFile *file)
{
    return source->prefix.len ? arena_join(&ws->arena, source->prefix, '/', file->path)
                              : file->path;
}

/* The error without the path, which may be this machine's own. */
static Str reason_of(const Error *err)
{
    Str text = str(err->text);
    size_t at = text.len;
    while (at > 1 && !(text.ptr[at - 1] == ' ' && text.ptr[at - 2] == ':'))
        at--;
    return at > 1 ? str_sub(text, at, text.len) : text;
}

static Module *read_module(Workspace *ws, const Source *source, const SourceFile *file)
{
    Arena scratch = {0};
    Error err;
    Str text = {0};
    Str path = people_path(ws, source, file);
    Module *module = NULL;
    switch (source->reader.read(source->reader.self, file->path, LIMIT_FILE_BYTES, &scratch, &text,
                                &err)) {
    case READ_OK:
        module = ws->options.shared
                     ? shared_facts_read(ws->options.shared, &ws->parser, path, text)
                     : module_read(&ws->parser, path, text, &ws->interner, &ws->arena);
        break;
    case READ_TOO_LARGE:
        module = unreadable(ws, path,
                            arena_printf(&ws->arena, "larger than %d MiB", LIMIT_FILE_BYTES >> 20));
        break;
    case READ_FAILED:
        module = unreadable(ws, path, arena_str(&ws->arena, reason_of(&err)));
        break;
    case READ_ABSENT:
        module = unreadable(ws, path, S("it is a link to nothing, or has just gone"));
        break;
    }
    arena_free(&scratch);
    return module;
}

const Module *loader_read(Loader *loader, const Source *source, const SourceFile *file)
{
    Workspace *ws = loader->workspace;
    Sym path = intern(&ws->interner, people_path(ws, source, file));
    uint32_t known = map_get(&loader->by_path, path, UINT32_MAX);
    if (known != UINT32_MAX)
        return loader->modules.items[known].module;
    map_set(&loader->by_path, path, loader->modules.count);
    array_push(&loader->modules, (LoadedModule){NULL, source, file->dir});
    uint32_t index = loader->modules.count - 1;
    Module *module = read_module(ws, source, file);
    loader->modules.items[index].module = module;
    return module;
}

bool loader_has_read(const Loader *loader, const Source *source, const SourceFile *file)
{
    Workspace *ws = loader->workspace;
    Sym path = intern(&ws->interner, people_path(ws, source, file));
    return map_has(&loader->by_path, path);
}

const LoadedModule *loader_origin(const Loader *loader, const Module *module)
{
    Sym path = intern_find(&loader->workspace->interner, module->path);
    return &loader->modules.items[map_get(&loader->by_path, path, 0)];
}

static bool holds(const SourceTree *tree, DirId dir, Str name)
{
    if (source_child(tree, dir, name) != DIR_NONE)
        return true;
    char file[256];
    if (name.len + 4 > sizeof file)
        return false;
    memcpy(file, name.ptr, name.len);
    memcpy(file + name.len, ".py", 3);
    return source_file(tree, dir, (Str){file, name.len + 3});
}

/* Where Python's path would find a top-level name: the nearest directory
 * upwards that is not itself a package; failing that one that is (a project
 * with a stray __init__.py beside manage.py); failing that the only such
 * directory anywhere (a source folder put on the path by hand). */
static DirId search_root(const SourceTree *tree, DirId from, Str name)
{
    for (int packages = 0; packages < 2; packages++)
        for (DirId dir = from; dir != DIR_NONE; dir = tree->dirs[dir].parent)
            if (tree->dirs[dir].package == (packages == 1) && holds(tree, dir, name))
                return dir;
    DirId only = DIR_NONE;
    for (DirId dir = 0; dir < tree->dir_count; dir++) {
        if (!tree->dirs[dir].package || !str_eq(tree->dirs[dir].name, name) ||
            tree->dirs[dir].parent == DIR_NONE || tree->dirs[tree->dirs[dir].parent].package)
            continue;
        if (only != DIR_NONE)
            return DIR_NONE;
        only = tree->dirs[dir].parent;
    }
    return only;
}

static DirId import_root(Loader *loader, const Source *source, DirId from, Str name)
{
    if (source != loader->sources.items[0])
        return search_root(&source->tree, from, name);
    uint64_t key = map_key(from, intern(&loader->workspace->interner, name));
    uint32_t known = map_get(&loader->import_roots, key, UINT32_MAX);
    if (known == UINT32_MAX) {
        DirId root = search_root(&source->tree, from, name);
        known = root == DIR_NONE ? 0 : root + 1;
        map_set(&loader->import_roots, key, known);
    }
    return known ? known - 1 : DIR_NONE;
}

/* Goes down from a directory along dotted components. */
static ModulePath descend(const SourceTree *tree, DirId dir, Str dotted)
{
    for (Str rest = dotted; rest.ptr;) {
        Str part = str_cut(&rest, '.');
        DirId next = source_child(tree, dir, part);
        if (next == DIR_NONE || (!rest.ptr && !tree->dirs[next].package)) {
            char name[256];
            if (rest.ptr || part.len + 4 > sizeof name)
                return (ModulePath){.found = next != DIR_NONE && !rest.ptr, .dir = next};
            memcpy(name, part.ptr, part.len);
            memcpy(name + part.len, ".py", 3);
            const SourceFile *file = source_file(tree, dir, (Str){name, part.len + 3});
            if (file)
                return (ModulePath){dir, file, true, false};
            return (ModulePath){next, NULL, next != DIR_NONE, true};
        }
        dir = next;
    }
    return (ModulePath){dir, source_file(tree, dir, S("__init__.py")), true, true};
}

ModulePath loader_find_module(Loader *loader, const Source *source, DirId from, Str dotted)
{
    const SourceTree *tree = &source->tree;
    size_t dots = 0;
    while (dots < dotted.len && dotted.ptr[dots] == '.')
        dots++;
    Str rest = str_sub(dotted, dots, dotted.len);
    DirId dir = from;
    for (size_t up = 1; up < dots && dir != DIR_NONE; up++)
        dir = tree->dirs[dir].parent;
    if (!dots)
        dir = import_root(loader, source, from, str_sub(rest, 0, str_find(rest, '.')));
    if (dir == DIR_NONE)
        return (ModulePath){.dir = DIR_NONE};
    if (!rest.len)
        return (ModulePath){dir, source_file(tree, dir, S("__init__.py")), true, true};
    return descend(tree, dir, rest);
}

/* Puts the modules behind a module's star imports into the queue, which is short and cut where it
 * is not; false when one is not at hand. */
static bool queue_stars(Loader *loader, const Module *current, const Module **queue,
                        uint32_t *count)
{
    Interner *in = &loader->workspace->interner;
    bool all = true;
    for (uint32_t i = current->star_import ? current->import_count : 0; i-- > 0;) {
        const Import *import = &current->imports[i];
        if (import->scope != SCOPE_MODULE || !str_eq(sym_str(in, import->name), S("*")))
            continue;
        const LoadedModule *origin = loader_origin(loader, current);
        ModulePath path = {0};
        if (*count < FOLLOW_LIMIT)
            path = loader_find_module(loader, origin->source, origin->dir,
                                      sym_str(in, import->module));
        const Module *next = path.file ? loader_read(loader, origin->source, path.file) : NULL;
        all &= next && !next->unreadable.len;
        for (uint32_t j = 0; next && j < *count; j++)
            if (queue[j] == next)
                next = NULL;
        if (next)
            queue[(*count)++] = next;
    }
    return all;
}

ValueRef loader_binding(Loader *loader, const Module *module, Sym name)
{
    const Module *queue[FOLLOW_LIMIT] = {module};
    uint32_t count = 1;
    for (uint32_t at = 0; at < count; at++) {
        const Binding *binding = module_binding(queue[at], name);
        if (binding && binding->value)
            return ref_of(queue[at], binding->value);
        queue_stars(loader, queue[at], queue, &count);
    }
    return (ValueRef){0};
}

bool loader_is_whole(Loader *loader, const Module *module)
{
    const Module *queue[FOLLOW_LIMIT] = {module};
    uint32_t count = 1;
    bool whole = !module->unreadable.len && !module->syntax_error;
    for (uint32_t at = 0; at < count && whole; at++)
        whole = queue_stars(loader, queue[at], queue, &count);
    return whole;
}

/* One step of following: from `*context` and a dotted path to either a value
 * (true, `*out`) or a longer path in another context (true, *again), or
 * nothing at hand (false). */
typedef struct Step {
    const Module *module;
    Str path;
    bool free; /* the first component is a name of `module` itself */
} Step;

static Str joined(Workspace *ws, Str head, Str tail)
{
    return tail.len ? arena_join(&ws->arena, head, '.', tail) : head;
}

/* The module that a prefix of the path names outside of the repository, the longest first. */
static const Module *split_outside(Loader *loader, Str path, Str *rest)
{
    for (size_t end = path.len; end;) {
        size_t cut = str_rfind(str_sub(path, 0, end), '.');
        end = cut < end ? cut : 0;
        const Module *module = end ? loader_outside(loader, str_sub(path, 0, end)) : NULL;
        if (module) {
            *rest = str_sub(path, end + 1, path.len);
            return module;
        }
    }
    return NULL;
}

/* The module that a prefix of the path names, the longest first. */
static const Module *split_module(Loader *loader, const Step *step, Str *rest)
{
    const LoadedModule *origin = loader_origin(loader, step->module);
    Str path = step->path;
    size_t dots = 0;
    while (dots < path.len && path.ptr[dots] == '.')
        dots++;
    for (size_t end = path.len; end > dots || (dots && end == dots);) {
        size_t cut = end > dots ? dots + str_rfind(str_sub(path, dots, end), '.') : dots;
        if (cut >= end)
            cut = dots;
        Str module = str_sub(path, 0, cut);
        if (!module.len)
            break;
        ModulePath found = loader_find_module(loader, origin->source, origin->dir, module);
        if (found.found && found.file) {
            *rest = str_sub(path, cut == dots ? cut : cut + 1, path.len);
            return loader_read(loader, origin->source, found.file);
        }
        if (cut == dots)
            break;
        end = cut;
    }
    return dots ? NULL : split_outside(loader, path, rest);
}

static ValueRef class_member(Loader *loader, ValueRef value, Str *rest)
{
    Interner *in = &loader->workspace->interner;
    while (rest->len && ref_is(value, VALUE_CLASS)) {
        const Class *class = &value.module->classes[ref_value(value)->u.index];
        bool outside = false;
        value =
            loader_attribute(loader, value.module, class, intern(in, str_cut(rest, '.')), &outside);
    }
    return value;
}

static bool follow_step(Loader *loader, Step *step, ValueRef *out)
{
    Interner *in = &loader->workspace->interner;
    Str rest = step->path;
    const Module *module = step->free ? step->module : split_module(loader, step, &rest);
    if (!module)
        return false;
    Str first = str_cut(&rest, '.');
    ValueRef value = first.len ? loader_binding(loader, module, intern(in, first)) : (ValueRef){0};
    value = class_member(loader, value, &rest);
    if (!value.id || (rest.len && !ref_is(value, VALUE_NAME)))
        return false;
    *out = (ValueRef){0};
    if (ref_is(value, VALUE_NAME)) {
        Str path = sym_str(in, ref_value(value)->u.text);
        *step = (Step){value.module, joined(loader->workspace, path, rest),
                       ref_value(value)->flags & VALUE_FREE};
    } else {
        *out = value;
    }
    return true;
}

Target loader_follow(Loader *loader, ValueRef name)
{
    Str path = sym_str(&loader->workspace->interner, ref_value(name)->u.text);
    return loader_follow_path(loader, name, path);
}

Target loader_follow_path(Loader *loader, ValueRef name, Str path)
{
    Interner *in = &loader->workspace->interner;
    Step step = {name.module, path, ref_value(name)->flags & VALUE_FREE};
    for (int i = 0; i < FOLLOW_LIMIT; i++) {
        if (str_starts(step.path, S("django.")) || str_starts(step.path, S("builtins.")))
            break;
        ValueRef found;
        if (!follow_step(loader, &step, &found))
            break;
        if (found.id)
            return (Target){found, SYM_NONE};
    }
    return (Target){{0}, intern(in, step.path)};
}

ValueRef loader_value(Loader *loader, ValueRef value)
{
    if (!ref_is(value, VALUE_NAME))
        return value;
    Target target = loader_follow(loader, value);
    return target.value.id ? target.value : value;
}

/* A module's path from the root of its source. */
static Str path_in_source(const Loader *loader, const Module *module)
{
    Str prefix = loader_origin(loader, module)->source->prefix;
    return prefix.len ? str_sub(module->path, prefix.len + 1, module->path.len) : module->path;
}

/* "shop.operations.SafeAddIndex" for a class of the files at hand. */
static Sym class_path(Loader *loader, ValueRef value)
{
    Workspace *ws = loader->workspace;
    const Class *class = &value.module->classes[ref_value(value)->u.index];
    Str path = path_in_source(loader, value.module);
    Str stem = str_ends(path, S("/__init__.py")) ? str_sub(path, 0, path.len - 12)
                                                 : str_sub(path, 0, path.len - 3);
    Str dotted = arena_printf(&ws->arena, "%.*s.%.*s", STR_ARG(stem),
                              STR_ARG(sym_str(&ws->interner, class->name)));
    for (char *at = (char *)dotted.ptr; *at; at++)
        if (*at == '/')
            *at = '.';
    return intern(&ws->interner, dotted);
}

/* django.contrib.gis.db.models has all that django.db.models has, and these besides. */
static bool is_gis(Str name)
{
    static const char *const own[] = {
        "BaseSpatialField",
        "Collect",
        "Extent",
        "Extent3D",
        "GeometryCollectionField",
        "GeometryField",
        "LineStringField",
        "MakeLine",
        "MultiLineStringField",
        "MultiPointField",
        "MultiPolygonField",
        "PointField",
        "PolygonField",
        "RasterField",
        "Union",
        "aggregates",
        "fields",
        "functions",
        "lookups",
        "proxy",
        "sql",
    };
    Str first = str_sub(name, 0, str_find(name, '.'));
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (str_eq(first, str(own[i])))
            return true;
    return false;
}

/* The path under which Django knows what it re-exports. */
static Sym settled_path(Loader *loader, Sym path)
{
    Workspace *ws = loader->workspace;
    Str text = sym_str(&ws->interner, path), gis = S("django.contrib.gis.db.models.");
    Str name = str_sub(text, gis.len, text.len);
    if (!str_starts(text, gis) || is_gis(name))
        return path;
    return intern(&ws->interner, arena_join(&ws->arena, S("django.db.models"), '.', name));
}

Sym loader_path(Loader *loader, ValueRef value)
{
    if (ref_is(value, VALUE_CLASS))
        return class_path(loader, value);
    if (!ref_is(value, VALUE_NAME))
        return SYM_NONE;
    Target target = loader_follow(loader, value);
    if (ref_is(target.value, VALUE_CLASS))
        return class_path(loader, target.value);
    return target.value.id ? SYM_NONE : settled_path(loader, target.path);
}

const Class *loader_class(Loader *loader, ValueRef value, const Module **module)
{
    ValueRef found = loader_value(loader, value);
    if (!ref_is(found, VALUE_CLASS))
        return NULL;
    *module = found.module;
    return &found.module->classes[ref_value(found)->u.index];
}

static bool known_root(Str path)
{
    static const char *const roots[] = {
        "builtins.object",
        "object",
        "django.db.migrations.Migration",
        "django.db.migrations.migration.Migration",
        "django.apps.AppConfig",
        "django.apps.config.AppConfig",
    };
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        if (str_eq(path, str(roots[i])))
            return true;
    return false;
}

static ValueRef attribute_at(Loader *loader, const Module *module, const Class *class, Sym name,
                             bool *outside, int depth)
{
    const Binding *own = class_attribute(class, name);
    if (own && own->value)
        return ref_of(module, own->value);
    for (uint32_t i = 0; i < class->base_count; i++) {
        ValueRef base = ref_of(module, class->bases[i]);
        const Module *base_module;
        const Class *base_class = loader_class(loader, base, &base_module);
        if (!base_class || base_class == class || depth >= FOLLOW_LIMIT) {
            Sym path = base_class ? SYM_NONE : loader_path(loader, base);
            *outside |= !known_root(sym_str(&loader->workspace->interner, path));
            continue;
        }
        ValueRef found = attribute_at(loader, base_module, base_class, name, outside, depth + 1);
        if (found.id)
            return found;
    }
    return (ValueRef){0};
}

ValueRef loader_attribute(Loader *loader, const Module *module, const Class *class, Sym name,
                          bool *outside)
{
    return attribute_at(loader, module, class, name, outside, 0);
}

static bool descends_at(Loader *loader, const Module *module, const Class *class,
                        bool (*accept)(Str path), int depth)
{
    for (uint32_t i = 0; i < class->base_count && depth < FOLLOW_LIMIT; i++) {
        ValueRef base = ref_of(module, class->bases[i]);
        const Module *base_module;
        const Class *base_class = loader_class(loader, base, &base_module);
        if (base_class ? base_class != class &&
                             descends_at(loader, base_module, base_class, accept, depth + 1)
                       : accept(sym_str(&loader->workspace->interner, loader_path(loader, base))))
            return true;
    }
    return false;
}

bool loader_descends(Loader *loader, const Module *module, const Class *class,
                     bool (*accept)(Str path))
{
    return descends_at(loader, module, class, accept, 0);
}

static bool collect(Loader *loader, ValueRef container, bool maybe, Elements *out, int depth)
{
    ValueRef ref = loader_value(loader, container);
    if (!ref.id || depth > FOLLOW_LIMIT || out->list.count > LIMIT_VALUES) {
        out->more = true;
        return false;
    }
    const Value *value = ref_value(ref);
    bool closed = !(value->flags & VALUE_OPEN);
    maybe |= (value->flags & VALUE_MAYBE) != 0;
    bool join = value->kind == VALUE_JOIN;
    bool sequence =
        value->kind == VALUE_LIST || value->kind == VALUE_TUPLE || value->kind == VALUE_SET;
    out->more |= (!join && !sequence) || (!closed && !(value->flags & VALUE_CHOICE));
    if (!join && !sequence)
        return false;
    for (uint32_t i = 0; i < value->u.items.count; i++) {
        ValueRef item = ref_of(ref.module, value_item(&ref.module->values, value, i));
        unsigned flags = ref_value(item)->flags;
        if (join || flags & VALUE_STAR)
            closed &= collect(loader, item, maybe || flags & VALUE_MAYBE, out, depth + 1);
        else
            array_push(&out->list, (Element){item, maybe || flags & VALUE_MAYBE});
    }
    return closed;
}

bool loader_elements(Loader *loader, ValueRef container, Elements *out)
{
    return collect(loader, container, false, out, 0);
}
