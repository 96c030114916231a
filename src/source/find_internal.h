#ifndef MIGRALINT_SOURCE_FIND_INTERNAL_H
#define MIGRALINT_SOURCE_FIND_INTERNAL_H

/*
 * Private to find*.c: which names a walk passes over, and sets of paths.
 */

#include "base/arena.h"

/* Directories that are never a part of a Django project: hidden ones,
 * installed packages, caches, templates of projects. */
bool find_passes_over(Str name);

/* What `python -m venv`, virtualenv, pip and conda put into an environment. */
bool find_made_by_environment(Str name);

/* What setuptools puts into build/, copies of packages among it. */
bool find_made_by_setuptools(Str name);

/* Paths in byte order, without "./" in front or '/' behind if so wished. */
typedef struct PathSet {
    Str *paths;
    uint32_t count;
} PathSet;

PathSet path_set(const Str *paths, uint32_t count, bool trim, Arena *arena);
bool path_set_has(const PathSet *set, Str path);
/* Whether a path of the set lies below the directory. */
bool path_set_below(const PathSet *set, Str dir, Arena *scratch);

#endif
