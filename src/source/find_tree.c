#include "source/find.h"

DirId source_child(const SourceTree *tree, DirId dir, Str name)
{
    if (dir >= tree->dir_count)
        return DIR_NONE;
    uint32_t low = tree->dirs[dir].first_dir, high = low + tree->dirs[dir].dir_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = str_cmp(tree->dirs[tree->child_dirs[middle]].name, name);
        if (!order)
            return tree->child_dirs[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return DIR_NONE;
}

const SourceFile *source_file(const SourceTree *tree, DirId dir, Str name)
{
    if (dir >= tree->dir_count)
        return NULL;
    uint32_t low = tree->dirs[dir].first_file, high = low + tree->dirs[dir].file_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = str_cmp(tree->files[middle].name, name);
        if (!order)
            return &tree->files[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

DirId source_dir_at(const SourceTree *tree, Str path)
{
    DirId dir = tree->dir_count ? (DirId)DIR_ROOT : (DirId)DIR_NONE;
    while (path.len && dir != DIR_NONE)
        dir = source_child(tree, dir, str_cut(&path, '/'));
    return dir;
}

const SourceFile *source_file_at(const SourceTree *tree, Str path)
{
    return source_file(tree, source_dir_at(tree, str_head(path, '/')), str_tail(path, '/'));
}
