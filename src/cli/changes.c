#include "cli/changes.h"

#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_DIRS = 8, CONTEXT = 3 };

bool write_all(int file, const char *bytes, size_t size)
{
    while (size) {
        ssize_t done = write(file, bytes, size);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        bytes += done;
        size -= (size_t)done;
    }
    return true;
}

/* ---- reading ---- */

/* Opens the directory that holds the path, one component after the other. `*made` counts how many
 * were made on the way; NULL: none is made. Negative with errno. */
static int open_holder(const char *dir, const char *path, int *made)
{
    int at = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    Str rest = str(path);
    while (at >= 0 && str_find(rest, '/') < rest.len) {
        Arena arena = {0};
        const char *name = arena_str(&arena, str_cut(&rest, '/')).ptr;
        if (made && !mkdirat(at, name, 0777))
            ++*made;
        int next = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        int why = errno;
        arena_free(&arena);
        close(at);
        errno = why;
        at = next;
    }
    return at;
}

static const char *name_of(const char *path)
{
    return str_tail(str(path), '/').ptr;
}

static bool refuse_read(const char *path, int why, Error *err)
{
    if (why == ELOOP)
        return error_set(err, "%s: a symbolic link, which is not followed", path);
    if (why == ENOTDIR)
        return error_set(err, "%s: a symbolic link or no directory on the way to it", path);
    return error_set(err, "%s: %s", path, why ? strerror(why) : "not a regular file");
}

static bool read_bytes(int file, size_t size, Arena *arena, Str *out)
{
    char *bytes = arena_alloc(arena, size + 1, 1);
    size_t got = 0;
    for (ssize_t more = 1; more && got < size;) {
        more = read(file, bytes + got, size - got);
        if (more < 0 && errno != EINTR)
            return false;
        got += more > 0 ? (size_t)more : 0;
    }
    *out = (Str){bytes, got};
    return true;
}

static ReadResult read_open(int file, const char *path, Arena *arena, Str *out, Error *err)
{
    struct stat info;
    if (fstat(file, &info) || !S_ISREG(info.st_mode)) {
        refuse_read(path, 0, err);
        return READ_FAILED;
    }
    if (info.st_size > LIMIT_YAML_BYTES) {
        error_set(err, "%s: larger than %d bytes", path, LIMIT_YAML_BYTES);
        return READ_FAILED;
    }
    if (read_bytes(file, (size_t)info.st_size, arena, out))
        return READ_OK;
    refuse_read(path, errno, err);
    return READ_FAILED;
}

ReadResult changes_read(const char *dir, const char *path, Arena *arena, Str *out, Error *err)
{
    *out = (Str){0};
    int holder = open_holder(dir, path, NULL);
    int file = holder < 0
                   ? -1
                   : openat(holder, name_of(path), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    int why = errno;
    if (holder >= 0)
        close(holder);
    if (file < 0) {
        refuse_read(path, why, err);
        return why == ENOENT ? READ_ABSENT : READ_FAILED;
    }
    ReadResult result = read_open(file, path, arena, out, err);
    close(file);
    return result;
}

/* ---- the patch ---- */

typedef Array(Str) Lines;

static void split_lines(Str text, Lines *out)
{
    while (text.len) {
        size_t end = str_find(text, '\n');
        size_t length = end < text.len ? end + 1 : end;
        array_push(out, str_sub(text, 0, length));
        text = str_sub(text, length, text.len);
    }
}

static void add_lines(StrBuf *out, char mark, const Lines *lines, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++) {
        strbuf_byte(out, mark);
        strbuf_add(out, lines->items[i]);
        if (!str_ends(lines->items[i], S("\n")))
            strbuf_add(out, S("\n\\ No newline at end of file\n"));
    }
}

/* Where a hunk begins: git counts from 1, and from 0 where there is nothing. */
static unsigned first_line(uint32_t from, uint32_t count)
{
    return count ? from + 1 : from;
}

/* One hunk, from the first line that differs to the last. */
static void add_hunk(StrBuf *out, const Lines *before, const Lines *after)
{
    uint32_t least = before->count < after->count ? before->count : after->count;
    uint32_t head = 0, tail = 0;
    while (head < least && str_eq(before->items[head], after->items[head]))
        head++;
    while (tail < least - head &&
           str_eq(before->items[before->count - 1 - tail], after->items[after->count - 1 - tail]))
        tail++;
    uint32_t from = head > CONTEXT ? head - CONTEXT : 0, behind = tail < CONTEXT ? tail : CONTEXT;
    uint32_t old_end = before->count - tail, new_end = after->count - tail;
    uint32_t old_count = old_end + behind - from, new_count = new_end + behind - from;
    strbuf_printf(out, "@@ -%u,%u +%u,%u @@\n", first_line(from, old_count), old_count,
                  first_line(from, new_count), new_count);
    add_lines(out, ' ', before, from, head);
    add_lines(out, '-', before, head, old_end);
    add_lines(out, '+', after, head, new_end);
    add_lines(out, ' ', before, old_end, old_end + behind);
}

static void add_file(StrBuf *out, const Change *change)
{
    Lines before = {0}, after = {0};
    split_lines(change->before, &before);
    split_lines(change->after, &after);
    strbuf_printf(out, "diff --git a/%s b/%s\n", change->path, change->path);
    if (!change->before.ptr)
        strbuf_add(out, S("new file mode 100644\n"));
    if (!change->after.ptr)
        strbuf_add(out, S("deleted file mode 100644\n"));
    strbuf_printf(out, "--- %s%s\n", change->before.ptr ? "a/" : "/dev/null",
                  change->before.ptr ? change->path : "");
    strbuf_printf(out, "+++ %s%s\n", change->after.ptr ? "b/" : "/dev/null",
                  change->after.ptr ? change->path : "");
    add_hunk(out, &before, &after);
    array_free(&before);
    array_free(&after);
}

void changes_diff(const Changes *changes, StrBuf *out)
{
    for (uint32_t i = 0; i < changes->items.count; i++)
        add_file(out, &changes->items.items[i]);
}

/* ---- writing ---- */

/* A change under way. Names are of files beside the changed one; empty: there is none. */
typedef struct Step {
    const Change *change;
    int holder;    /* the directory; negative: not open */
    int dirs_made; /* how many of those that lead to it */
    char fresh[48], backup[48];
    bool done;
} Step;

/* A new file with the bytes, under a name that nobody has. */
static bool write_beside(const Step *step, Str bytes, mode_t mode, char name[48])
{
    static unsigned number;
    snprintf(name, 48, ".migralint-%ld-%u", (long)getpid(), number++);
    int file =
        openat(step->holder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (file < 0) {
        name[0] = '\0';
        return false;
    }
    bool ok = (!mode || !fchmod(file, mode)) && write_all(file, bytes.ptr, bytes.len);
    return !close(file) && ok;
}

/* Whether the file is as it was when the change was worked out; a new one may not be there. */
static bool is_as_before(const char *dir, const Change *change, Error *err)
{
    Arena arena = {0};
    Str now;
    ReadResult result = changes_read(dir, change->path, &arena, &now, NULL);
    bool same = change->before.ptr ? result == READ_OK && str_eq(now, change->before)
                                   : result == READ_ABSENT;
    arena_free(&arena);
    return same || error_set(err, "%s changed meanwhile", change->path);
}

static bool failed(const Change *change, Error *err)
{
    return error_set(err, "cannot write %s: %s", change->path, strerror(errno));
}

static bool prepare(const char *dir, Step *step, Error *err)
{
    const Change *change = step->change;
    struct stat info = {0};
    if (!is_as_before(dir, change, err))
        return false;
    step->holder = open_holder(dir, change->path, &step->dirs_made);
    if (step->holder < 0)
        return failed(change, err);
    if (change->before.ptr &&
        (fstatat(step->holder, name_of(change->path), &info, AT_SYMLINK_NOFOLLOW) ||
         faccessat(step->holder, name_of(change->path), W_OK, 0)))
        return failed(change, err);
    mode_t mode = info.st_mode & 07777;
    return ((!change->before.ptr || write_beside(step, change->before, mode, step->backup)) &&
            (!change->after.ptr || write_beside(step, change->after, mode, step->fresh))) ||
           failed(change, err);
}

/* A new file never takes the place of one that appeared meanwhile. */
static bool put_new(Step *step, const char *name)
{
    if (!linkat(step->holder, step->fresh, step->holder, name, 0))
        return true;
    if (errno == EEXIST || renameat(step->holder, step->fresh, step->holder, name))
        return false;
    step->fresh[0] = '\0'; /* on a file system without hard links */
    return true;
}

static bool carry_out(Step *step, Error *err)
{
    const char *name = name_of(step->change->path);
    if (!step->fresh[0]) {
        step->done = !unlinkat(step->holder, name, 0);
    } else if (!step->backup[0]) {
        step->done = put_new(step, name);
    } else {
        step->done = !renameat(step->holder, step->fresh, step->holder, name);
        if (step->done)
            step->fresh[0] = '\0';
    }
    return step->done || failed(step->change, err);
}

static void take_back(Step *step)
{
    const char *name = name_of(step->change->path);
    if (!step->done)
        return;
    if (step->backup[0] && !renameat(step->holder, step->backup, step->holder, name))
        step->backup[0] = '\0';
    else if (!step->change->before.ptr)
        unlinkat(step->holder, name, 0);
}

static void remove_dirs(const char *dir, const char *path, int count)
{
    Arena arena = {0};
    Str at = str_head(str(path), '/');
    for (; at.len && count > 0; count--, at = str_head(at, '/')) {
        int holder = open_holder(dir, arena_str(&arena, at).ptr, NULL);
        if (holder < 0)
            break;
        bool gone = !unlinkat(holder, str_tail(arena_str(&arena, at), '/').ptr, AT_REMOVEDIR);
        close(holder);
        if (!gone)
            break;
    }
    arena_free(&arena);
}

static void clean_up(const char *dir, Step *step, bool ok)
{
    if (step->holder >= 0) {
        if (step->fresh[0])
            unlinkat(step->holder, step->fresh, 0);
        if (step->backup[0])
            unlinkat(step->holder, step->backup, 0);
        close(step->holder);
    }
    if (!ok || !step->change->after.ptr)
        remove_dirs(dir, step->change->path, ok ? MOST_DIRS : step->dirs_made);
}

bool changes_write(const Changes *changes, Error *err)
{
    uint32_t count = changes->items.count;
    Arena arena = {0};
    Step *steps = arena_array(&arena, Step, count + 1);
    bool ok = true;
    for (uint32_t i = 0; i < count; i++)
        steps[i] = (Step){.change = &changes->items.items[i], .holder = -1};
    for (uint32_t i = 0; i < count && ok; i++)
        ok = prepare(changes->dir, &steps[i], err);
    for (uint32_t i = 0; i < count && ok; i++)
        ok = carry_out(&steps[i], err);
    for (uint32_t i = count; i-- && !ok;)
        take_back(&steps[i]);
    for (uint32_t i = count; i--;)
        clean_up(changes->dir, &steps[i], ok);
    arena_free(&arena);
    return ok;
}

void changes_free(Changes *changes)
{
    array_free(&changes->items);
}
