#include "base/merge.h"

#include "base/array.h"

/* The file when the tree has it at `*at`, which then moves on. */
static const TreeFile *take(const FileTree *tree, uint32_t *at, Str path)
{
    if (*at == tree->count || !str_eq(tree->files[*at].path, path))
        return NULL;
    return &tree->files[(*at)++];
}

static bool same(const TreeFile *a, const TreeFile *b)
{
    return a && b ? a->id.len && str_eq(a->id, b->id) : !a && !b;
}

static const Str *least(const FileTree *tree, uint32_t at, const Str *so_far)
{
    if (at == tree->count || (so_far && str_cmp(*so_far, tree->files[at].path) <= 0))
        return so_far;
    return &tree->files[at].path;
}

MergedTree merge_trees(const FileTree *fork, const FileTree *ours, const FileTree *theirs,
                       Arena *arena)
{
    uint32_t in_fork = 0, in_ours = 0, in_theirs = 0;
    MergedTree merged = {arena_array(arena, MergedFile, ours->count + theirs->count + 1), 0};
    const Str *path;
    while ((path = least(theirs, in_theirs, least(ours, in_ours, least(fork, in_fork, NULL))))) {
        const TreeFile *old = take(fork, &in_fork, *path), *own = take(ours, &in_ours, *path);
        const TreeFile *other = take(theirs, &in_theirs, *path);
        bool take_theirs = same(own, old) && !same(other, old);
        if (take_theirs ? !other : !own)
            continue;
        merged.files[merged.count++] =
            (MergedFile){(take_theirs ? in_theirs : in_ours) - 1, take_theirs};
    }
    return merged;
}
