#include "source/find_internal.h"

#include <stdlib.h>

static bool among(Str name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(name, str(names[i])))
            return true;
    return false;
}

bool find_passes_over(Str name)
{
    static const char *const names[] = {"node_modules",  "bower_components", "__pycache__",
                                        "site-packages", "dist-packages",    "__pypackages__"};
    /* No hidden directory can be a Python package, and what tools keep there
     * (.git, .tox, .semgrep) does hold files that look like migrations. */
    return str_starts(name, S(".")) || str_contains(name, S("{{")) ||
           str_ends(name, S(".egg-info")) || among(name, names, sizeof names / sizeof *names);
}

bool find_made_by_environment(Str name)
{
    static const char *const names[] = {"bin", "Scripts", "lib",        "lib64",
                                        "Lib", "include", "Include",    "share",
                                        "etc", "src",     "conda-meta", "pkgs"};
    return among(name, names, sizeof names / sizeof *names);
}

bool find_made_by_setuptools(Str name)
{
    return str_eq(name, S("lib")) || str_starts(name, S("lib.")) || str_starts(name, S("bdist."));
}

static int by_bytes(const void *a, const void *b)
{
    return str_cmp(*(const Str *)a, *(const Str *)b);
}

static Str trimmed(Str path)
{
    while (str_starts(path, S("./")))
        path = str_sub(path, 2, path.len);
    while (str_ends(path, S("/")))
        path = str_sub(path, 0, path.len - 1);
    return str_eq(path, S(".")) ? S("") : path;
}

PathSet path_set(const Str *paths, uint32_t count, bool trim, Arena *arena)
{
    PathSet set = {arena_keep(arena, Str, paths, count), count};
    for (uint32_t i = 0; trim && i < count; i++)
        set.paths[i] = trimmed(set.paths[i]);
    if (count)
        qsort(set.paths, count, sizeof *set.paths, by_bytes);
    return set;
}

/* Index of the first path that is not before `path`. */
static uint32_t lower_bound(const PathSet *set, Str path)
{
    uint32_t low = 0, high = set->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (str_cmp(set->paths[middle], path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool path_set_has(const PathSet *set, Str path)
{
    uint32_t at = lower_bound(set, path);
    return at < set->count && str_eq(set->paths[at], path);
}

bool path_set_below(const PathSet *set, Str dir, Arena *scratch)
{
    Str prefix = arena_printf(scratch, "%.*s/", STR_ARG(dir));
    uint32_t at = lower_bound(set, prefix);
    return at < set->count && str_starts(set->paths[at], prefix);
}
