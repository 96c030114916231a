#include "cli/cli.h"

#include "base/limits.h"
#include "base/reader.h"

#include <errno.h>
#include <stdlib.h>

/* Which baseline holds, and how its paths relate to what is analysed. */

const char baseline_name[] = ".migralint-baseline.json";

static const char *absolute_dir(const char *path, Arena *arena)
{
    Str head = str_head(str(path), '/');
    const char *dir = head.len ? arena_str(arena, head).ptr : path[0] == '/' ? "/" : ".";
    char *real = realpath(dir, NULL);
    const char *kept = real ? arena_str(arena, str(real)).ptr : NULL;
    free(real);
    return kept;
}

static bool holds(const char *dir, const char *path)
{
    size_t len = strlen(dir);
    return !strcmp(dir, "/") || (!strncmp(path, dir, len) && (!path[len] || path[len] == '/'));
}

/* Paths count from the file where it lies at or above the root, else from the root. */
static BaselineFile file_at(const Session *session, Settings *settings, const char *path)
{
    const Target *target = &session->target;
    Arena *arena = &settings->arena;
    BaselineFile file = {.path = path, .prefix = ""};
    const char *dir = absolute_dir(path, arena);
    if (!dir)
        return file;
    file.target = path_join(arena, dir, str_tail(str(path), '/').ptr);
    file.inner = holds(target->top, file.target)
                     ? path_relative(arena, target->real_root, file.target)
                     : file.target;
    if (holds(dir, target->real_root) && strcmp(dir, target->real_root) != 0)
        file.prefix = path_join(arena, path_relative(arena, dir, target->real_root), "");
    return file;
}

BaselineFile baseline_in(const Session *session, Settings *settings, const char *dir)
{
    Arena *arena = &settings->arena;
    const char *path = path_join(arena, dir, baseline_name);
    return file_at(session, settings, path_relative(arena, session->target.here, path));
}

/* As the configuration is looked for, but outside of a work tree at the root only: above it others
 * may leave files. */
static BaselineFile look_above(const Session *session, Settings *settings)
{
    const Target *target = &session->target;
    for (const char *at = target->real_root; at; at = path_parent(&settings->arena, at)) {
        if (path_exists(path_join(&settings->arena, at, baseline_name)))
            return baseline_in(session, settings, at);
        if (!strcmp(at, target->top))
            break;
    }
    return (BaselineFile){0};
}

bool baseline_find(Session *session, Settings *settings, Error *err)
{
    const char *named = option_value(settings, OPTION_BASELINE);
    if (!named) {
        session->baseline_file = look_above(session, settings);
        return true;
    }
    if (settings->values[OPTION_BASELINE].origin == FROM_FILE)
        named = path_relative(&settings->arena, session->target.here, named);
    session->baseline_file = file_at(session, settings, named);
    session->baseline_file.named = true;
    return session->baseline_file.target ||
           error_set(err, "%s: its directory does not exist", named);
}

static bool read_bytes(const char *path, Arena *arena, Str *bytes, Error *err)
{
    DiskReader disk = {path[0] == '/' ? "" : "."};
    Reader reader = reader_disk(&disk);
    switch (reader.read(reader.self, str(path), LIMIT_BASELINE_BYTES, arena, bytes, err)) {
    case READ_OK:
        return true;
    case READ_ABSENT:
        return error_set(err, "%s: no such baseline; `migralint baseline create` makes one", path);
    case READ_TOO_LARGE:
        return error_set(err, "%s: larger than %d bytes", path, LIMIT_BASELINE_BYTES);
    case READ_FAILED:
        break;
    }
    return false;
}

bool baseline_load(Session *session, Error *err)
{
    const BaselineFile *file = &session->baseline_file;
    Arena scratch = {0};
    Str bytes;
    MigralintError why = {{0}};
    if (!file->path)
        return true;
    bool ok = read_bytes(file->path, &scratch, &bytes, err);
    if (ok) {
        session->baseline = migralint_baseline_read(
            &(MigralintBaselineFile){file->path, file->inner, file->prefix, bytes.ptr, bytes.len},
            &why);
        ok = session->baseline || error_from(err, &why);
    }
    arena_free(&scratch);
    return ok;
}
