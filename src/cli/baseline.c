#include "cli/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

typedef struct Work {
    MigralintBaselineWay way;
    MigralintText file, shown;
    MigralintBaselineChanges changes;
} Work;

static bool way_of(const char *word, MigralintBaselineWay *way, Error *err)
{
    static const char *const names[] = {
        [MIGRALINT_BASELINE_CREATE] = "create",
        [MIGRALINT_BASELINE_UPDATE] = "update",
        [MIGRALINT_BASELINE_PRUNE] = "prune",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(word, names[i])) {
            *way = (MigralintBaselineWay)i;
            return true;
        }
    return error_set(err, "`%s` is nothing to do with a baseline: one of create|update|prune",
                     word);
}

/* The words behind it are paths. */
static const char *take_word(Settings *settings)
{
    const char *word = settings->arguments.items[0];
    settings->arguments.count--;
    memmove(settings->arguments.items, settings->arguments.items + 1,
            settings->arguments.count * sizeof *settings->arguments.items);
    return word;
}

/* Whether what the path leads to lies in the directory. */
static bool leads_into(const char *path, const char *dir)
{
    char *real = realpath(path, NULL), *real_dir = realpath(dir, NULL);
    const char *target = real ? real : path;
    size_t len = real_dir ? strlen(real_dir) : 0;
    bool inside = real_dir && (len == 1 || (!strncmp(target, real_dir, len) && target[len] == '/'));
    free(real);
    free(real_dir);
    return inside;
}

/* A project says where its baseline is, but it does not send us elsewhere to write: neither by its
 * configuration nor by a link. */
static bool may_write(const Session *session, Settings *settings, Error *err)
{
    const BaselineFile *file = &session->baseline_file;
    const OptionValue *value = &settings->values[OPTION_BASELINE];
    struct stat info;
    if (!stat(file->target, &info) && !S_ISREG(info.st_mode))
        return error_set(err, "%s: not a regular file", file->path);
    if (value->origin == FROM_COMMAND_LINE || leads_into(file->target, session->target.top))
        return true;
    if (value->origin == FROM_FILE) { /* outside of git it may lie above the root */
        Str dir = str_head(str(value->where), '/');
        if (leads_into(file->target, dir.len ? arena_str(&settings->arena, dir).ptr : "."))
            return true;
    }
    return error_set(err, "%s lies outside of the project: name it with --baseline", file->path);
}

static bool find_old(Session *session, Settings *settings, Error *err)
{
    (void)settings;
    if (!session->baseline_file.path)
        return error_set(err, "there is no %s; `migralint baseline create` makes one",
                         baseline_name);
    return baseline_load(session, err);
}

static bool find_new(Session *session, Settings *settings, Error *err)
{
    BaselineFile *file = &session->baseline_file;
    if (!file->named)
        *file = baseline_in(session, settings, session->target.real_root);
    struct stat info;
    if (!option_on(settings, OPTION_FORCE) && !lstat(file->target, &info))
        return error_set(err,
                         "%s is there: `migralint baseline update` shrinks it, --force replaces it",
                         file->path);
    return true;
}

static bool find_changes(Session *session, Settings *settings, Work *work, Error *err)
{
    MigralintError why = {{0}};
    const BaselineFile *file = &session->baseline_file;
    bool create = work->way == MIGRALINT_BASELINE_CREATE;
    if (!session_open(session, settings, err) ||
        !selectors_hold(settings, session->migralint, err) ||
        !baseline_find(session, settings, err) ||
        !(create ? find_new : find_old)(session, settings, err) ||
        !may_write(session, settings, err))
        return false;
    MigralintSelection selection = selection_of(settings, session);
    selection.baseline = session->baseline;
    return (migralint_check(session->migralint, &selection, &why) &&
            migralint_write_baseline(session->migralint, session->baseline, work->way,
                                     option_on(settings, OPTION_ADD_NEW), file->prefix, &work->file,
                                     &work->shown, &work->changes, &why)) ||
           error_from(err, &why);
}

/* ---- what is said ---- */

static void warn(const Session *session, const Work *work)
{
    if (work->way == MIGRALINT_BASELINE_CREATE)
        return;
    if (work->changes.broken)
        complain("warning: nothing is dropped, for a new error keeps a project from loading");
    if (work->changes.other_run)
        complain("warning: %s was made for another Django, or installed apps were or were not at "
                 "hand; what depends on that may be dropped",
                 session->baseline_file.path);
}

static void add_count(StrBuf *out, size_t count, const char *what)
{
    if (count)
        strbuf_printf(out, "%s%zu %s", out->len ? ", " : "", count, what);
}

static void summarize(const Session *session, const Work *work, bool dry, StrBuf *out)
{
    const MigralintBaselineChanges *changes = &work->changes;
    const char *path = session->baseline_file.path;
    StrBuf counts = {0};
    if (work->way == MIGRALINT_BASELINE_CREATE) {
        strbuf_printf(out, "%s %zu finding%s in %s\n", dry ? "Would record" : "Recorded",
                      changes->added, changes->added == 1 ? "" : "s", path);
        return;
    }
    add_count(&counts, changes->dropped, "dropped");
    add_count(&counts, changes->moved, "moved");
    add_count(&counts, changes->added, "added");
    add_count(&counts, changes->kept, "as before");
    strbuf_printf(out, "%s%s: %s", dry ? "Would change " : "", path,
                  counts.len ? counts.ptr : "nothing in it");
    if (changes->left_out)
        strbuf_printf(out, "; %zu new %s not in it", changes->left_out,
                      changes->left_out == 1 ? "is" : "are");
    strbuf_byte(out, '\n');
    strbuf_free(&counts);
}

static ExitCode put_out(const Session *session, const Settings *settings, Work *work)
{
    bool dry = option_on(settings, OPTION_DRY_RUN);
    StrBuf out = {0};
    warn(session, work);
    if (!dry && !file_replace(session->baseline_file.path, &work->file)) {
        complain("cannot write to %s: %s", session->baseline_file.path, strerror(errno));
        return CODE_FAILED;
    }
    if (dry)
        strbuf_add(&out, (Str){work->shown.bytes, work->shown.length});
    summarize(session, work, dry, &out);
    MigralintText text = {out.ptr, out.len, out.capacity};
    ExitCode code = output_write(settings, &text);
    migralint_text_free(&text);
    return code;
}

ExitCode run_baseline(Settings *settings)
{
    Session session = {0};
    Work work = {0};
    Error err = {{0}};
    ExitCode code = CODE_USAGE;
    if (way_of(take_word(settings), &work.way, &err) &&
        find_changes(&session, settings, &work, &err))
        code = put_out(&session, settings, &work);
    else
        refuse(&err);
    migralint_text_free(&work.file);
    migralint_text_free(&work.shown);
    session_close(&session);
    return code;
}
