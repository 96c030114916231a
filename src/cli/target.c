#include "cli/cli.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

const char *path_join(Arena *arena, const char *dir, const char *name)
{
    size_t len = strlen(dir);
    const char *slash = len && dir[len - 1] == '/' ? "" : "/";
    return arena_printf(arena, "%s%s%s", dir, slash, name).ptr;
}

const char *path_parent(Arena *arena, const char *path)
{
    if (!strcmp(path, "/"))
        return NULL;
    Str head = str_head(str(path), '/');
    return head.len ? arena_str(arena, head).ptr : "/";
}

bool path_exists(const char *path)
{
    struct stat info;
    return !stat(path, &info);
}

static const char *resolved(Arena *arena, const char *path)
{
    char *real = realpath(path, NULL);
    if (!real)
        return NULL;
    const char *kept = arena_str(arena, str(real)).ptr;
    free(real);
    return kept;
}

static bool has(Arena *arena, const char *dir, const char *name)
{
    return path_exists(path_join(arena, dir, name));
}

/* A directory, or one Python file. */
static bool check_path(const char *path, bool *is_dir, Error *err)
{
    struct stat info;
    if (stat(path, &info))
        return error_set(err, "%s: %s", path,
                         errno == ENOENT ? "no such file or directory" : strerror(errno));
    *is_dir = S_ISDIR(info.st_mode);
    if (!*is_dir && !str_ends(str(path), S(".py")))
        return error_set(err, "%s: neither a directory nor a .py file", path);
    return true;
}

const char *path_relative(Arena *arena, const char *from, const char *to)
{
    size_t same = 0; /* length of the common directories */
    for (size_t i = 0;; i++) {
        bool end_from = !from[i] || from[i] == '/', end_to = !to[i] || to[i] == '/';
        if (end_from && end_to)
            same = i;
        if (!from[i] || !to[i] || from[i] != to[i])
            break;
    }
    StrBuf path = {0};
    for (const char *up = from + same; *up; up++)
        if (*up == '/' && up[1])
            strbuf_add(&path, path.len ? S("/..") : S(".."));
    const char *rest = to + same + (to[same] == '/');
    if (*rest)
        strbuf_printf(&path, "%s%s", path.len ? "/" : "", rest);
    const char *kept = path.len ? arena_str(arena, strbuf_str(&path)).ptr : ".";
    strbuf_free(&path);
    return kept;
}

static const char *common_dir(Arena *arena, const char *a, const char *b)
{
    while (a && strcmp(a, "/")) {
        size_t len = strlen(a);
        if (!strncmp(a, b, len) && (!b[len] || b[len] == '/'))
            return a;
        a = path_parent(arena, a);
    }
    return "/";
}

/* "…/migrations": half of an app. */
static bool is_package_dir(const char *path)
{
    return str_eq(str_tail(str(path), '/'), S("migrations"));
}

/* The directory that looks like a project's around several paths. */
static const char *project_around(Arena *arena, const char *dir)
{
    static const char *const signs[] = {"pyproject.toml", ".migralint.yml", ".git", "manage.py"};
    for (const char *at = dir; at; at = path_parent(arena, at))
        for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
            if (has(arena, at, signs[i]))
                return at;
    return is_package_dir(dir) ? path_parent(arena, dir) : dir;
}

static bool resolve_all(Settings *settings, Target *target, const char **common, Error *err)
{
    Arena *arena = &settings->arena;
    uint32_t count = settings->arguments.count;
    *common = NULL;
    for (uint32_t i = 0; i < (count ? count : 1); i++) {
        const char *path = count ? settings->arguments.items[i] : ".";
        bool is_dir;
        if (!check_path(path, &is_dir, err))
            return false;
        const char *real = resolved(arena, path);
        if (!real)
            return error_set(err, "%s: %s", path, strerror(errno));
        const char *dir = is_dir ? real : path_parent(arena, real);
        *common = *common ? common_dir(arena, *common, dir) : dir;
        array_push(&target->only, real);
    }
    return true;
}

static bool target_of_paths(Settings *settings, Target *target, Error *err)
{
    Arena *arena = &settings->arena;
    const char *common;
    if (!resolve_all(settings, target, &common, err))
        return false;
    target->real_root = project_around(arena, common);
    if (!strcmp(target->real_root, "/") && strcmp(target->here, "/"))
        return error_set(err, "the paths given have no directory in common but /");
    target->root = path_relative(arena, target->here, target->real_root);
    for (uint32_t i = 0; i < target->only.count; i++)
        target->only.items[i] = path_relative(arena, target->real_root, target->only.items[i]);
    for (uint32_t i = 0; i < target->only.count; i++)
        if (!strcmp(target->only.items[i], "."))
            target->only.count = 0; /* the root itself: everything */
    return true;
}

static bool target_of_dir(Settings *settings, Target *target, const char *path, Error *err)
{
    Str trimmed = str(path);
    while (trimmed.len > 1 && trimmed.ptr[trimmed.len - 1] == '/')
        trimmed.len--;
    while (trimmed.len > 2 && str_starts(trimmed, S("./")))
        trimmed = str_sub(trimmed, 2, trimmed.len);
    target->root = arena_str(&settings->arena, trimmed).ptr;
    target->real_root = resolved(&settings->arena, target->root);
    if (!target->real_root)
        return error_set(err, "%s: %s", path, strerror(errno));
    return true;
}

/* The one directory that is to be analysed as it is, or NULL. */
static const char *only_dir(Settings *settings)
{
    struct stat info;
    const char *path = settings->arguments.count ? settings->arguments.items[0] : ".";
    if (settings->arguments.count > 1 || stat(path, &info) || !S_ISDIR(info.st_mode))
        return NULL;
    const char *real = resolved(&settings->arena, path);
    return real && is_package_dir(real) ? NULL : path;
}

static void find_top(Settings *settings, Target *target)
{
    Arena *arena = &settings->arena;
    target->top = target->real_root;
    for (const char *at = target->real_root; at && !target->in_git; at = path_parent(arena, at))
        if (has(arena, at, ".git")) {
            target->top = at;
            target->in_git = true;
        }
}

/* Outside of a repository the working directory stands for its top, if that is above the root. */
static const char *repository_prefix(const Target *target, Arena *arena)
{
    const char *top = target->in_git ? target->top : target->here;
    const char *way = path_relative(arena, top, target->real_root);
    if (!strcmp(way, ".") || str_starts(str(way), S("..")) || way[0] == '/')
        return "";
    return path_join(arena, way, "");
}

bool target_of(Settings *settings, Target *target, Error *err)
{
    Arena *arena = &settings->arena;
    target->here = resolved(arena, ".");
    if (!target->here)
        return error_set(err, "the working directory: %s", strerror(errno));
    const char *dir = only_dir(settings);
    bool ok =
        dir ? target_of_dir(settings, target, dir, err) : target_of_paths(settings, target, err);
    if (!ok)
        return false;
    bool is_here = !strcmp(target->root, ".");
    target->prefix = is_here ? "" : path_join(arena, target->root, "");
    find_top(settings, target);
    target->repository_prefix = repository_prefix(target, arena);
    return true;
}

void target_free(Target *target)
{
    array_free(&target->only);
}
