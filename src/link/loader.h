#ifndef MIGRALINT_LINK_LOADER_H
#define MIGRALINT_LINK_LOADER_H

/*
 * Private to link/. Reads modules when somebody asks, each once, and follows
 * names from file to file: what an import means, what a constant of another
 * module holds, what a class inherits.
 */

#include "link/project.h"

/* A tree of files with the reader that opens them: the repository, or one
 * site-packages directory. */
typedef struct Source {
    Reader reader;
    SourceTree tree;
    Str prefix; /* put before paths for people: "" or "/…/site-packages" */
} Source;

typedef struct LoadedModule {
    Module *module; /* NULL: read, and not readable */
    const Source *source;
    DirId dir;
} LoadedModule;

typedef struct Loader {
    Workspace *workspace;
    Array(LoadedModule) modules;
    Map by_path;      /* Sym of the path → index in modules */
    Map import_roots; /* (directory, first component) → directory + 1 that holds it; one map for
                         the repository's tree only */
    Array(Source *) sources; /* [0] is the repository, then site-packages */
    Source *known; /* what stands for packages that are not at hand; NULL: not yet asked */
} Loader;

Loader *loader_new(Workspace *workspace);
void loader_free(Loader *loader);

/* The module in that file, or NULL when it cannot be read. */
const Module *loader_read(Loader *loader, const Source *source, const SourceFile *file);

/* Whether it was read before. */
bool loader_has_read(const Loader *loader, const Source *source, const SourceFile *file);

/* The module of that dotted name outside of the repository: in site-packages, else what is known
 * of a package that is not at hand (rules/data/known-models.yaml); NULL when there is neither. */
const Module *loader_outside(Loader *loader, Str dotted);

/* The source and directory a module was read from. */
const LoadedModule *loader_origin(const Loader *loader, const Module *module);

/* A dotted module as seen from a directory: a package's directory and its
 * __init__ (NULL without one), or a plain module's file. */
typedef struct ModulePath {
    DirId dir; /* of the package itself; of the directory around a plain module */
    const SourceFile *file;
    bool found, package;
} ModulePath;
ModulePath loader_find_module(Loader *loader, const Source *source, DirId from, Str dotted);

/*
 * Where a dotted name leads. Inside the files at hand it ends in a value
 * (`value.id` set); outside, `path` is the canonical dotted path after all
 * re-exports, e.g. "django.db.migrations.AddField".
 */
typedef struct Target {
    ValueRef value;
    Sym path;
} Target;
Target loader_follow(Loader *loader, ValueRef name);
/* The same for a dotted path as the module of `name` has it, in place of the name's own. */
Target loader_follow_path(Loader *loader, ValueRef name, Str path);

/* Follows a value that is a name as far as it goes; others are returned as they are. */
ValueRef loader_value(Loader *loader, ValueRef value);
/* The canonical path of a name or class-valued expression; SYM_NONE for what is neither. */
Sym loader_path(Loader *loader, ValueRef value);

/* The value a module binds to a name, through star imports; id VALUE_ABSENT when it does not. */
ValueRef loader_binding(Loader *loader, const Module *module, Sym name);

/* Whether all that the module binds can be seen: it and what it imports by star are at hand. */
bool loader_is_whole(Loader *loader, const Module *module);

/* The class a value is, or NULL. */
const Class *loader_class(Loader *loader, ValueRef value, const Module **module);

/* An attribute of a class or what it inherits inside the files at hand.
 * `*outside` becomes true when a base could not be looked into (other than
 * the known roots: object, Migration, AppConfig). */
ValueRef loader_attribute(Loader *loader, const Module *module, const Class *class, Sym name,
                          bool *outside);

/* Whether the class descends from a class whose canonical path is accepted. */
bool loader_descends(Loader *loader, const Module *module, const Class *class,
                     bool (*accept)(Str path));

/* The elements of a list, tuple, set or join, names followed. False when
 * there may be more elements than were given out. */
typedef struct Element {
    ValueRef value;
    bool maybe;
} Element;
typedef struct Elements {
    Array(Element) list; /* on the heap; array_free() */
    bool more;           /* there may be others; not so where only some listed ones are maybe */
} Elements;
bool loader_elements(Loader *loader, ValueRef container, Elements *out);

static inline const Value *ref_value(ValueRef ref)
{
    return value_at(&ref.module->values, ref.id);
}
static inline bool ref_is(ValueRef ref, ValueKind kind)
{
    return ref.id && ref_value(ref)->kind == kind;
}
static inline ValueRef ref_of(const Module *module, ValueId id)
{
    return (ValueRef){module, id};
}
static inline Place ref_place(ValueRef ref)
{
    return ref.id ? (Place){ref.module->path, ref_value(ref)->span} : (Place){0};
}

#endif
