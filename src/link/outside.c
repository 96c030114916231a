#include "link/loader.h"

#include "link/tables.h"

/*
 * Modules from outside the repository: those of site-packages, and Python of ours that stands for
 * packages that are not at hand. Both are looked for from the root of their source only.
 */

/* What is known of packages, opened when somebody first asks; a broken table knows nothing (a test
 * sees to it that it is not broken). */
static const Source *known_source(Loader *loader)
{
    Arena *arena = &loader->workspace->arena;
    if (loader->known)
        return loader->known;
    Source *source = loader->known = arena_new(arena, Source);
    MemoryReader *memory = arena_new(arena, MemoryReader);
    FindOptions everything = {0};
    source->prefix = S("<known>");
    if (!tables_known_modules(memory, arena, NULL))
        *memory = (MemoryReader){0};
    source->reader = reader_memory(memory);
    source_find(&source->reader, &everything, arena, &source->tree, NULL);
    return source;
}

static const SourceFile *file_of(const SourceTree *tree, Str dotted)
{
    DirId dir = DIR_ROOT;
    for (Str rest = dotted; rest.ptr;) {
        Str part = str_cut(&rest, '.');
        char name[256];
        if (part.len + 4 > sizeof name)
            return NULL;
        memcpy(name, part.ptr, part.len);
        memcpy(name + part.len, ".py", 3);
        DirId next = source_child(tree, dir, part);
        if (!rest.ptr && next == DIR_NONE)
            return source_file(tree, dir, (Str){name, part.len + 3});
        if (next == DIR_NONE)
            return NULL;
        dir = next;
    }
    return source_file(tree, dir, S("__init__.py"));
}

const Module *loader_outside(Loader *loader, Str dotted)
{
    for (uint32_t i = 1; i <= loader->sources.count; i++) {
        const Source *source =
            i < loader->sources.count ? loader->sources.items[i] : known_source(loader);
        const SourceFile *file = file_of(&source->tree, dotted);
        if (file)
            return loader_read(loader, source, file);
    }
    return NULL;
}
