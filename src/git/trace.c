#include "git/git.h"

enum { MOST_REFS = 32 }; /* branches that are looked into for a file */

typedef struct Trace {
    const char *dir;
    const char *path;
    Str command_path; /* from where the user stands; empty: not to be put into a command */
    Arena *arena;
    GitTrace *out;
} Trace;

/* What git prints, without the newline at its end; ptr NULL when it fails or prints nothing. */
static Str answer(const Trace *trace, const char *const *words)
{
    StrBuf output = {0};
    Str text = {0};
    if (git_run(trace->dir, words, &output) && output.len) {
        text = strbuf_str(&output);
        text.len -= text.ptr[text.len - 1] == '\n';
        text = arena_str(trace->arena, text);
    }
    strbuf_free(&output);
    return text;
}

/* The command that brings the file back from a commit or branch; from the index when empty. */
static void help_restore(Trace *trace, Str from)
{
    if (!trace->command_path.len)
        return;
    trace->out->help =
        arena_printf(trace->arena, "get it back: `git checkout %.*s%s-- %.*s`", STR_ARG(from),
                     from.len ? " " : "", STR_ARG(trace->command_path));
}

static bool is_in_index(Trace *trace)
{
    const char *const words[] = {"ls-files", "-z", "--", trace->path, NULL};
    if (!answer(trace, words).ptr)
        return false;
    trace->out->text = S("git: the file is in the index; only the work tree lacks it");
    help_restore(trace, (Str){0});
    return true;
}

/* Where the commit renamed the file to; ptr NULL: it did not. */
static Str new_name(const Trace *trace, const char *commit)
{
    const char *const words[] = {"diff-tree",
                                 "-r",
                                 "-z",
                                 "-M",
                                 "--root",
                                 "--relative",
                                 "--no-commit-id",
                                 "--name-status",
                                 "--diff-filter=R",
                                 commit,
                                 NULL};
    StrBuf output = {0};
    Str found = {0};
    if (git_run(trace->dir, words, &output))
        for (Str rest = strbuf_str(&output); rest.len && !found.ptr;) {
            str_cut(&rest, '\0'); /* "R087" */
            Str from = str_cut(&rest, '\0'), to = rest.ptr ? str_cut(&rest, '\0') : (Str){0};
            if (str_eq(from, str(trace->path)) && to.len)
                found = arena_str(trace->arena, to);
        }
    strbuf_free(&output);
    return found;
}

/* Merges that took only one side's word hide nothing: every line of history is walked. */
static bool was_deleted(Trace *trace)
{
    const char *const words[] = {"log",
                                 "-1",
                                 "--full-history",
                                 "--no-renames",
                                 "--diff-filter=D",
                                 "--format=%h %cs",
                                 "--",
                                 trace->path,
                                 NULL};
    Str rest = answer(trace, words);
    if (!rest.ptr)
        return false;
    Str commit = arena_str(trace->arena, str_cut(&rest, ' ')), date = rest;
    Str to = new_name(trace, commit.ptr);
    if (to.len)
        trace->out->text = arena_printf(trace->arena, "git: renamed to `%.*s` in %.*s (%.*s)",
                                        STR_ARG(to), STR_ARG(commit), STR_ARG(date));
    else
        trace->out->text = arena_printf(trace->arena, "git: deleted in %.*s (%.*s)",
                                        STR_ARG(commit), STR_ARG(date));
    help_restore(trace, arena_printf(trace->arena, "%.*s^", STR_ARG(commit)));
    return true;
}

static bool is_on(const Trace *trace, Str ref)
{
    const char *const words[] = {"ls-tree", "--name-only", arena_str(trace->arena, ref).ptr,
                                 "--",      trace->path,   NULL};
    return answer(trace, words).ptr != NULL;
}

static bool is_on_other_branch(Trace *trace)
{
    const char *const added[] = {"log",          "--all",           "-1",
                                 "--no-renames", "--diff-filter=A", "--format=%H",
                                 "--",           trace->path,       NULL};
    Str commit = answer(trace, added);
    const char *const holders[] = {"for-each-ref",
                                   "--format=%(refname:short)",
                                   "--contains",
                                   commit.ptr,
                                   "refs/heads",
                                   "refs/remotes",
                                   NULL};
    Str refs = commit.ptr ? answer(trace, holders) : (Str){0};
    for (int i = 0; refs.ptr && i < MOST_REFS; i++) {
        Str ref = str_cut(&refs, '\n');
        if (!git_is_plain(ref) || !is_on(trace, ref))
            continue;
        trace->out->text = arena_printf(trace->arena, "git: `%.*s` has the file", STR_ARG(ref));
        help_restore(trace, ref);
        return true;
    }
    return false;
}

static bool is_too_shallow(Trace *trace)
{
    const char *const words[] = {"rev-parse", "--is-shallow-repository", NULL};
    if (!str_eq(answer(trace, words), S("true")))
        return false;
    trace->out->text = S("git: this clone is shallow, so its history does not tell where the file "
                         "is; `git fetch --unshallow` brings the rest");
    return true;
}

bool git_trace(const char *dir, const char *prefix, Str path, Arena *arena, GitTrace *out)
{
    Trace trace = {.dir = dir, .path = arena_str(arena, path).ptr, .arena = arena, .out = out};
    *out = (GitTrace){0};
    if (memchr(path.ptr, '\0', path.len))
        return false;
    Str from_here = arena_printf(arena, "%s%.*s", prefix, STR_ARG(path));
    if (git_is_plain(from_here))
        trace.command_path = from_here;
    return is_in_index(&trace) || was_deleted(&trace) || is_on_other_branch(&trace) ||
           is_too_shallow(&trace);
}
