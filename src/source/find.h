#ifndef MIGRALINT_SOURCE_FIND_H
#define MIGRALINT_SOURCE_FIND_H

/*
 * Which files below a directory can matter to migrations: paths only, nothing
 * is opened. The walk leaves out hidden directories, virtual environments,
 * installed packages, caches, templates of projects and what the caller
 * excludes; follows a link to a directory once, and only to a directory that
 * the walk does not reach otherwise and that does not hold the root.
 */

#include "base/intern.h"
#include "base/reader.h"

typedef uint32_t DirId;
enum { DIR_ROOT = 0, DIR_NONE = UINT32_MAX };

typedef struct SourceFile {
    Str name; /* within its directory: "0001_initial.py" */
    Str path; /* from the root */
    DirId dir;
} SourceFile;

typedef struct SourceDir {
    Str name; /* "" for the root */
    Str path; /* from the root, "" for the root */
    DirId parent;
    uint32_t first_file, file_count; /* in SourceTree.files, sorted by name */
    uint32_t first_dir, dir_count;   /* in SourceTree.child_dirs, sorted by name */
    bool package;                    /* has an __init__.py */
} SourceDir;

/* Why something was left out; reported once per place. */
typedef enum SkipReason {
    SKIP_UNREADABLE, /* cannot be listed: `text` says why */
    SKIP_TOO_DEEP,   /* below LIMIT_PATH_DEPTH directories */
    SKIP_TOO_MANY,   /* LIMIT_FILES entries were seen before it */
} SkipReason;

typedef struct Skipped {
    Str path;
    SkipReason reason;
    Str text;
} Skipped;

/* All in the arena given to source_find(). `files` holds every *.py, and
 * below directories called "migrations" every regular file but those in
 * __pycache__ (rules look at *.pyc, *.py.bak and the like), with what is called
 * *.py in these without being a regular file: it cannot be read. */
typedef struct SourceTree {
    SourceDir *dirs;
    uint32_t dir_count;
    SourceFile *files;
    uint32_t file_count;
    DirId *child_dirs;
    Skipped *skipped;
    uint32_t skipped_count;
    Str *environments; /* virtual environments, e.g. ".venv"; what a project has beside bin/,
                          lib/ and the like in one that is not hidden is in the tree */
    uint32_t environment_count;
} SourceTree;

typedef struct FindOptions {
    const Str *only; /* directories or files (relative to the root) to stay below; none: all. They
                        are entered whatever they are called, unless excluded. */
    uint32_t only_count;
    const Str *exclude; /* patterns over relative paths, see source/glob.h */
    uint32_t exclude_count;
    const Str *ignored; /* paths that version control ignores (directories end in '/'), as
                           `git ls-files --others --ignored --directory` prints them. A directory
                           called "migrations" and what is in it stay: Django loads them. */
    uint32_t ignored_count;
} FindOptions;

/* False with *err only when the root itself cannot be listed. */
bool source_find(const Reader *reader, const FindOptions *options, Arena *arena, SourceTree *out,
                 Error *err);

/* Whether the pattern (see source/glob.h) matches the path or one of its
 * parents. A path that ends in '/' is a directory. */
bool source_glob(Str pattern, Str path);

/* The sub-directory / file of that name, or DIR_NONE / NULL. */
DirId source_child(const SourceTree *tree, DirId dir, Str name);
const SourceFile *source_file(const SourceTree *tree, DirId dir, Str name);
/* The directory / file at a path from the root; "" is the root. */
DirId source_dir_at(const SourceTree *tree, Str path);
const SourceFile *source_file_at(const SourceTree *tree, Str path);

#endif
