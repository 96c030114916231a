#include "base/reader.h"

#include <stdlib.h>

/* The first path that does not come before `text`. */
static uint32_t first_from(const TreeReader *tree, Str text)
{
    uint32_t low = 0, high = tree->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (str_cmp(tree->paths[middle], text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int by_name(const void *a, const void *b)
{
    const DirEntry *left = a, *right = b;
    return str_cmp(left->name, right->name);
}

static bool tree_list(void *self, Str path, Arena *arena, DirEntries *out, Error *err)
{
    const TreeReader *tree = self;
    Array(DirEntry) entries = {0};
    Str start = path.len ? arena_printf(arena, "%.*s/", STR_ARG(path)) : S("");
    for (uint32_t i = first_from(tree, start);
         i < tree->count && str_starts(tree->paths[i], start);) {
        Str rest = str_sub(tree->paths[i], start.len, tree->paths[i].len);
        Str name = str_cut(&rest, '/');
        array_push(&entries, (DirEntry){.name = arena_str(arena, name),
                                        .kind = rest.ptr ? ENTRY_DIR : ENTRY_FILE});
        /* '0' comes next behind '/': past everything in that directory. */
        i = rest.ptr
                ? first_from(tree, arena_printf(arena, "%.*s%.*s0", STR_ARG(start), STR_ARG(name)))
                : i + 1;
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

static ReadResult tree_read(void *self, Str path, size_t limit, Arena *arena, Str *out, Error *err)
{
    const TreeReader *tree = self;
    uint32_t file = first_from(tree, path);
    if (file < tree->count && str_eq(tree->paths[file], path))
        return tree->read(tree->context, file, limit, arena, out, err);
    error_set(err, "%.*s: No such file", STR_ARG(path));
    return READ_ABSENT;
}

static uint64_t tree_identity(void *self, Str path)
{
    (void)self;
    return str_hash(path) | 1;
}

Reader reader_tree(TreeReader *tree)
{
    return (Reader){tree, tree_list, tree_read, tree_identity};
}
