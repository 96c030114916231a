#include "base/reader.h"

#include <stdlib.h>

/* What of `file` lies below the directory `dir`, ptr NULL when it does not. */
static Str below(Str file, Str dir)
{
    if (!dir.len)
        return file;
    if (file.len <= dir.len || !str_starts(file, dir) || file.ptr[dir.len] != '/')
        return (Str){0};
    return str_sub(file, dir.len + 1, file.len);
}

static int by_name(const void *a, const void *b)
{
    const DirEntry *left = a, *right = b;
    return str_cmp(left->name, right->name);
}

static bool has(const DirEntry *items, uint32_t count, Str name)
{
    for (uint32_t i = 0; i < count; i++)
        if (str_eq(items[i].name, name))
            return true;
    return false;
}

static bool memory_list(void *self, Str path, Arena *arena, DirEntries *out, Error *err)
{
    const MemoryReader *memory = self;
    Array(DirEntry) entries = {0};
    for (uint32_t i = 0; i < memory->count; i++) {
        Str rest = below(memory->files[i].path, path);
        if (!rest.ptr)
            continue;
        Str name = str_cut(&rest, '/');
        if (!has(entries.items, entries.count, name))
            array_push(&entries, (DirEntry){.name = arena_str(arena, name),
                                            .kind = rest.ptr ? ENTRY_DIR : ENTRY_FILE});
    }
    if (!entries.count && path.len)
        return error_set(err, "%.*s: No such directory", STR_ARG(path));
    if (entries.count)
        qsort(entries.items, entries.count, sizeof *entries.items, by_name);
    out->items = arena_keep(arena, DirEntry, entries.items, entries.count);
    out->count = entries.count;
    array_free(&entries);
    return true;
}

static ReadResult memory_read(void *self, Str path, size_t limit, Arena *arena, Str *out,
                              Error *err)
{
    const MemoryReader *memory = self;
    for (uint32_t i = 0; i < memory->count; i++) {
        if (!str_eq(memory->files[i].path, path))
            continue;
        if (memory->files[i].text.len > limit)
            return READ_TOO_LARGE;
        *out = arena_str(arena, memory->files[i].text);
        return READ_OK;
    }
    error_set(err, "%.*s: No such file", STR_ARG(path));
    return READ_ABSENT;
}

static uint64_t memory_identity(void *self, Str path)
{
    (void)self;
    return str_hash(path) | 1;
}

Reader reader_memory(MemoryReader *memory)
{
    return (Reader){memory, memory_list, memory_read, memory_identity};
}
