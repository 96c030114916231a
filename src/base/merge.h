#ifndef MIGRALINT_BASE_MERGE_H
#define MIGRALINT_BASE_MERGE_H

/*
 * A three-way merge of whole trees, file by file: what only one side changed, added or removed is
 * taken from that side. Where both changed a file and not alike, whoever merges has to look at it
 * anyway: ours is kept. Renames are a removal and an addition.
 */

#include "base/arena.h"

typedef struct TreeFile {
    Str path;
    Str id; /* equal ids, equal bytes; empty: equal to nothing */
} TreeFile;

typedef struct FileTree {
    TreeFile *files; /* sorted by path, each once */
    uint32_t count;
} FileTree;

typedef struct MergedFile {
    uint32_t index; /* in the tree of that side */
    bool theirs;
} MergedFile;

typedef struct MergedTree {
    MergedFile *files; /* sorted by path */
    uint32_t count;
} MergedTree;

MergedTree merge_trees(const FileTree *fork, const FileTree *ours, const FileTree *theirs,
                       Arena *arena);

#endif
