#include "base/reader.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static Str full_path(const DiskReader *disk, Str path, Arena *arena)
{
    if (!path.len)
        return arena_printf(arena, "%s", disk->root);
    return arena_printf(arena, "%s/%.*s", disk->root, STR_ARG(path));
}

static uint64_t identity_of(const struct stat *info)
{
    uint64_t mixed = ((uint64_t)info->st_dev * 0x9e3779b97f4a7c15u) ^ (uint64_t)info->st_ino;
    return mixed ? mixed : 1;
}

static int by_name(const void *a, const void *b)
{
    const DirEntry *left = a, *right = b;
    return str_cmp(left->name, right->name);
}

static EntryKind kind_of(mode_t mode)
{
    return S_ISDIR(mode) ? ENTRY_DIR : S_ISREG(mode) ? ENTRY_FILE : ENTRY_OTHER;
}

/* Asks the kernel only where readdir() did not say: links, and file systems
 * that leave d_type unknown. */
static DirEntry entry_of(int dir, const struct dirent *item, Arena *arena)
{
    DirEntry entry = {.name = arena_str(arena, str(item->d_name)), .kind = ENTRY_OTHER};
    struct stat info;
    if (item->d_type == DT_REG || item->d_type == DT_DIR) {
        entry.kind = item->d_type == DT_DIR ? ENTRY_DIR : ENTRY_FILE;
        return entry;
    }
    if (item->d_type != DT_LNK && item->d_type != DT_UNKNOWN)
        return entry;
    if (fstatat(dir, item->d_name, &info, AT_SYMLINK_NOFOLLOW))
        return entry;
    entry.link = S_ISLNK(info.st_mode);
    if (entry.link && fstatat(dir, item->d_name, &info, 0))
        return entry; /* dangling or looping */
    entry.kind = kind_of(info.st_mode);
    if (entry.link && entry.kind == ENTRY_DIR)
        entry.identity = identity_of(&info);
    return entry;
}

static bool disk_list(void *self, Str path, Arena *arena, DirEntries *out, Error *err)
{
    Str full = full_path(self, path, arena);
    DIR *dir = opendir(full.ptr);
    if (!dir)
        return error_set(err, "%s: %s", full.ptr, strerror(errno));
    Array(DirEntry) entries = {0};
    for (const struct dirent *item; errno = 0, (item = readdir(dir));)
        if (strcmp(item->d_name, ".") && strcmp(item->d_name, ".."))
            array_push(&entries, entry_of(dirfd(dir), item, arena));
    int failed = errno; /* half a directory would invent missing files */
    closedir(dir);
    if (failed) {
        array_free(&entries);
        return error_set(err, "%s: %s", full.ptr, strerror(failed));
    }
    if (entries.count)
        qsort(entries.items, entries.count, sizeof *entries.items, by_name);
    out->items = arena_keep(arena, DirEntry, entries.items, entries.count);
    out->count = entries.count;
    array_free(&entries);
    return true;
}

static bool read_all(int file, char *bytes, size_t size, size_t *got)
{
    *got = 0;
    while (*got < size) {
        ssize_t more = read(file, bytes + *got, size - *got);
        if (more < 0 && errno == EINTR)
            continue;
        if (more < 0)
            return false;
        if (!more)
            break;
        *got += (size_t)more;
    }
    return true;
}

static ReadResult read_open(int file, const char *name, size_t limit, Arena *arena, Str *out,
                            Error *err)
{
    struct stat info;
    if (fstat(file, &info) || !S_ISREG(info.st_mode)) {
        error_set(err, "%s: not a regular file", name);
        return READ_FAILED;
    }
    if ((size_t)info.st_size > limit)
        return READ_TOO_LARGE;
    size_t size = (size_t)info.st_size, got;
    char *bytes = arena_alloc(arena, size + 1, 1);
    if (!read_all(file, bytes, size, &got)) {
        error_set(err, "%s: %s", name, strerror(errno));
        return READ_FAILED;
    }
    *out = (Str){bytes, got};
    return READ_OK;
}

static ReadResult disk_read(void *self, Str path, size_t limit, Arena *arena, Str *out, Error *err)
{
    Str full = full_path(self, path, arena);
    /* Not blocking: a FIFO called 0001.py must not hang the linter. */
    int file = open(full.ptr, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        error_set(err, "%s: %s", full.ptr, strerror(errno));
        return errno == ENOENT || errno == ENOTDIR ? READ_ABSENT : READ_FAILED;
    }
    ReadResult result = read_open(file, full.ptr, limit, arena, out, err);
    close(file);
    return result;
}

static uint64_t disk_identity(void *self, Str path)
{
    Arena scratch = {0};
    struct stat info;
    Str full = full_path(self, path, &scratch);
    uint64_t identity = stat(full.ptr, &info) ? 0 : identity_of(&info);
    arena_free(&scratch);
    return identity;
}

Reader reader_disk(DiskReader *disk)
{
    return (Reader){disk, disk_list, disk_read, disk_identity};
}
