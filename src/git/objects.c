#include "git/objects.h"

#include "git/git.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* One line of git's, ptr NULL when it fails. */
static Str line_of(const char *dir, const char *const *words, Arena *arena)
{
    StrBuf output = {0};
    Str line = {0};
    if (git_run(dir, words, &output)) {
        Str rest = strbuf_str(&output);
        line = arena_str(arena, str_cut(&rest, '\n'));
    }
    strbuf_free(&output);
    return line;
}

/* A remote's branch that was not fetched, as in most clones that CI makes, can be had. */
static bool no_commit(const char *dir, const char *ref, Arena *arena, Error *err)
{
    Str branch = str(ref), remote = str_cut(&branch, '/');
    const char *key = arena_printf(arena, "remote.%.*s.url", STR_ARG(remote)).ptr;
    const char *const words[] = {"config", "--get", key, NULL};
    if (!branch.len || !git_is_plain(str(ref)) || !line_of(dir, words, arena).len)
        return error_set(err, "git has no commit `%s`", ref);
    if (str_eq(branch, S("HEAD")))
        return error_set(
            err,
            "git has no commit `%s`; `git remote set-head %.*s --auto` finds out which "
            "branch that is",
            ref, STR_ARG(remote));
    return error_set(err, "git has no commit `%s`; `git fetch %.*s %.*s:refs/remotes/%s` brings it",
                     ref, STR_ARG(remote), STR_ARG(branch), ref);
}

bool git_parting(const char *dir, const char *ref, Arena *arena, Str *tip, Str *fork, Error *err)
{
    const char *name = arena_printf(arena, "%s^{commit}", ref).ptr;
    const char *const verify[] = {"rev-parse", "--verify", "--quiet", name, NULL};
    const char *const shallow[] = {"rev-parse", "--is-shallow-repository", NULL};
    *tip = ref[0] == '-' ? (Str){0} : line_of(dir, verify, arena);
    if (!tip->len)
        return no_commit(dir, ref, arena, err);
    const char *const parting[] = {"merge-base", "HEAD", tip->ptr, NULL};
    *fork = line_of(dir, parting, arena);
    if (fork->len)
        return true;
    if (str_eq(line_of(dir, shallow, arena), S("true")))
        return error_set(err,
                         "this clone is shallow: where HEAD and `%s` parted is not in it; `git "
                         "fetch --unshallow` brings the rest",
                         ref);
    return error_set(err, "HEAD and `%s` have no commit in common", ref);
}

static int by_path(const void *a, const void *b)
{
    const TreeFile *left = a, *right = b;
    return str_cmp(left->path, right->path);
}

/* "100644 blob OBJECT\tPATH" of a commit, "100644 OBJECT STAGE\tPATH" of the index: links and other
 * repositories inside are left out, and in a merge all but our side. */
static bool read_entry(Str entry, bool index, Arena *arena, TreeFile *out)
{
    Str head = str_cut(&entry, '\t');
    Str mode = str_cut(&head, ' '), first = head.ptr ? str_cut(&head, ' ') : (Str){0};
    if (!entry.ptr || !head.ptr || !str_starts(mode, S("100")))
        return false;
    if (index ? !str_eq(head, S("0")) && !str_eq(head, S("2")) : !str_eq(first, S("blob")))
        return false;
    *out = (TreeFile){arena_str(arena, entry), arena_str(arena, index ? first : head)};
    return true;
}

typedef Array(TreeFile) Files;

static FileTree sorted(Files *files, Arena *arena)
{
    if (files->count)
        qsort(files->items, files->count, sizeof *files->items, by_path);
    FileTree tree = {arena_keep(arena, TreeFile, files->items, files->count), files->count};
    array_free(files);
    return tree;
}

static bool list_files(const char *dir, const char *const *words, bool index, Arena *arena,
                       FileTree *out)
{
    StrBuf output = {0};
    Files files = {0};
    bool ok = git_run(dir, words, &output);
    for (Str rest = strbuf_str(&output); ok && rest.ptr;) {
        TreeFile file;
        if (read_entry(str_cut(&rest, '\0'), index, arena, &file))
            array_push(&files, file);
    }
    *out = sorted(&files, arena);
    strbuf_free(&output);
    return ok;
}

bool git_tree(const char *dir, Str commit, Arena *arena, FileTree *out, Error *err)
{
    const char *const words[] = {"ls-tree", "-r", "-z", arena_str(arena, commit).ptr, NULL};
    return list_files(dir, words, false, arena, out) ||
           error_set(err, "git cannot list %.*s", STR_ARG(commit));
}

bool git_index(const char *dir, Arena *arena, FileTree *out, Error *err)
{
    static const char *const words[] = {"ls-files", "--stage", "-z", NULL};
    return list_files(dir, words, true, arena, out) || error_set(err, "git cannot list its index");
}

/* Paths without ids. */
static bool list_paths(const char *dir, const char *const *words, Arena *arena, FileTree *out)
{
    StrBuf output = {0};
    Files files = {0};
    bool ok = git_run(dir, words, &output);
    for (Str rest = strbuf_str(&output); ok && rest.ptr;) {
        Str path = str_cut(&rest, '\0');
        if (path.len)
            array_push(&files, (TreeFile){arena_str(arena, path), {0}});
    }
    *out = sorted(&files, arena);
    strbuf_free(&output);
    return ok;
}

static bool has_path(const FileTree *tree, Str path)
{
    TreeFile key = {.path = path};
    return tree->count && bsearch(&key, tree->files, tree->count, sizeof key, by_path);
}

bool git_work_tree(const char *dir, Arena *arena, FileTree *out, Error *err)
{
    static const char *const differs[] = {"diff-files", "-z", "--name-only", "--relative", NULL};
    static const char *const gone[] = {"ls-files", "-z", "--deleted", NULL};
    static const char *const is_new[] = {"ls-files", "-z", "--others", "--exclude-standard", NULL};
    FileTree index, changed, deleted, added;
    Files files = {0};
    if (!git_index(dir, arena, &index, err))
        return false;
    if (!list_paths(dir, differs, arena, &changed) || !list_paths(dir, gone, arena, &deleted) ||
        !list_paths(dir, is_new, arena, &added))
        return error_set(err, "git does not say what is on disk");
    for (uint32_t i = 0; i < index.count; i++) {
        TreeFile file = index.files[i];
        if (has_path(&changed, file.path))
            file.id = (Str){0};
        if (!has_path(&deleted, file.path))
            array_push(&files, file);
    }
    for (uint32_t i = 0; i < added.count; i++)
        if (!has_path(&index, added.files[i].path) && !str_ends(added.files[i].path, S("/")))
            array_push(&files, added.files[i]);
    *out = sorted(&files, arena);
    return true;
}

/* ---- contents ---- */

bool git_batch_open(GitBatch *batch, const char *dir, Error *err)
{
    static const char *const words[] = {"cat-file", "--batch", NULL};
    int ends[2];
    /* A socket: writing to a git that has gone is an error then, not a signal. */
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
        return error_set(err, "git cat-file: %s", strerror(errno));
    batch->child = git_start(dir, words, ends[1], ends[1]);
    close(ends[1]);
    batch->answers = batch->child < 0 ? NULL : fdopen(ends[0], "rb");
    batch->socket = ends[0];
    if (batch->answers)
        return true;
    close(ends[0]);
    return error_set(err, "git cannot be started");
}

static bool ask(const GitBatch *batch, Str object)
{
    char line[80];
    int len = snprintf(line, sizeof line, "%.*s\n", STR_ARG(object));
    return len > 0 && (size_t)len < sizeof line &&
           send(batch->socket, line, (size_t)len, MSG_NOSIGNAL) == len;
}

static bool skip(FILE *file, size_t count)
{
    while (count && getc_unlocked(file) != EOF)
        count--;
    return !count;
}

ReadResult git_batch_read(GitBatch *batch, Str object, size_t limit, Arena *arena, Str *out,
                          Error *err)
{
    char head[160];
    unsigned long long size;
    ReadResult result = READ_FAILED;
    if (!batch->answers || !ask(batch, object) || !fgets(head, sizeof head, batch->answers) ||
        sscanf(head, "%*s blob %llu", &size) != 1) {
        error_set(err, "git has no object %.*s here", STR_ARG(object));
        return READ_FAILED;
    }
    if (size > limit) {
        result = skip(batch->answers, size + 1) ? READ_TOO_LARGE : READ_FAILED;
    } else {
        char *bytes = arena_alloc(arena, size + 1, 1);
        *out = (Str){bytes, size};
        if (fread(bytes, 1, size, batch->answers) == size && skip(batch->answers, 1))
            result = READ_OK;
    }
    if (result == READ_FAILED)
        error_set(err, "git stopped in the middle of %.*s", STR_ARG(object));
    return result;
}

void git_batch_close(GitBatch *batch)
{
    int status;
    if (!batch->answers)
        return;
    fclose(batch->answers);
    while (waitpid(batch->child, &status, 0) < 0 && errno == EINTR)
        continue;
    batch->answers = NULL;
}
