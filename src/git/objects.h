#ifndef MIGRALINT_GIT_OBJECTS_H
#define MIGRALINT_GIT_OBJECTS_H

/* Commits and the index, and the files in them, as git's object store has them. */

#include "base/merge.h"
#include "base/reader.h"

#include <stdio.h>
#include <sys/types.h>

/* The commit that `ref` means, and the one where HEAD and it parted. False with *err when git knows
 * no such commit, or a shallow clone does not reach back to it. */
bool git_parting(const char *dir, const char *ref, Arena *arena, Str *tip, Str *fork, Error *err);
/* The regular files below `dir` in a commit, in `arena`; ids are those of blobs, paths are from the
 * directory. */
bool git_tree(const char *dir, Str commit, Arena *arena, FileTree *out, Error *err);
/* The same of the index. */
bool git_index(const char *dir, Arena *arena, FileTree *out, Error *err);
/* What a commit of everything on disk would hold: files that git does not ignore. Those that differ
 * from the index, or that it does not have, get no id. */
bool git_work_tree(const char *dir, Arena *arena, FileTree *out, Error *err);

/* One `git cat-file --batch`; {0} is closed. */
typedef struct GitBatch {
    pid_t child;
    int socket;
    FILE *answers;
} GitBatch;
bool git_batch_open(GitBatch *batch, const char *dir, Error *err);
/* The bytes of a blob, in `arena` with a NUL behind them. */
ReadResult git_batch_read(GitBatch *batch, Str object, size_t limit, Arena *arena, Str *out,
                          Error *err);
void git_batch_close(GitBatch *batch);

#endif
