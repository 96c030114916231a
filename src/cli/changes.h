#ifndef MIGRALINT_CLI_CHANGES_H
#define MIGRALINT_CLI_CHANGES_H

/*
 * Changes of several files below one directory: shown as a patch that `git apply` takes, carried
 * out all or none. No link is followed, neither of a file nor of a directory on the way to it, so
 * that nothing outside of the directory is read or written.
 */

#include "base/arena.h"
#include "base/array.h"
#include "base/error.h"
#include "base/reader.h"

typedef struct Change {
    const char *path;  /* from the directory, without ".." */
    Str before, after; /* ptr NULL: there is no such file */
} Change;

typedef struct Changes {
    const char *dir; /* borrowed, as the texts of the items are */
    Array(Change) items;
} Changes;

/* The bytes of a regular file of at most LIMIT_YAML_BYTES, in `arena`; READ_FAILED with *err for
 * anything else that has the name, a link among it. */
ReadResult changes_read(const char *dir, const char *path, Arena *arena, Str *out, Error *err);
/* A unified diff with git's headers, which `git apply` takes in the directory. */
void changes_diff(const Changes *changes, StrBuf *out);
/* Makes directories, writes everything beside its place and then puts it there. False with *err
 * when something fails, or a file is not as `before` says any more; everything is as it was then.
 * A file keeps its mode. Of a removed file, directories that are left empty go, too. */
bool changes_write(const Changes *changes, Error *err);
void changes_free(Changes *changes);

/* Writes all bytes to an open file, or fails with errno. */
bool write_all(int file, const char *bytes, size_t size);

#endif
