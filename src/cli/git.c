#include "cli/cli.h"

#include "git/git.h"

#include <stdio.h>

/* What was named on the command line is looked at, ignored or not. */
static bool asked_for(const Target *target, Str ignored)
{
    if (str_eq(ignored, S("./")))
        return true;
    for (uint32_t i = 0; i < target->only.count; i++)
        if (str_starts(str(target->only.items[i]), ignored))
            return true;
    return false;
}

void git_ignored(const Target *target, Arena *arena, Paths *out)
{
    StrBuf output = {0};
    if (!target->in_git)
        return;
    static const char *const words[] = {
        "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory", NULL};
    if (!git_run(target->real_root, words, &output))
        complain("warning: git does not say which files it ignores; none are left out");
    else
        for (Str rest = strbuf_str(&output); rest.ptr;) {
            Str path = str_cut(&rest, '\0');
            if (path.len && !asked_for(target, path))
                array_push(out, arena_str(arena, path).ptr);
        }
    strbuf_free(&output);
}

void git_untracked(const Target *target, Arena *arena, Paths *out)
{
    static const char *const words[] = {"ls-files", "-z", "--others", "--exclude-standard", NULL};
    StrBuf output = {0};
    if (target->in_git && git_run(target->real_root, words, &output))
        for (Str rest = strbuf_str(&output); rest.ptr;) {
            Str path = str_cut(&rest, '\0');
            if (str_ends(path, S(".py")))
                array_push(out, arena_str(arena, path).ptr);
        }
    strbuf_free(&output);
}

/* What is wrong with a migration is often reported at its neighbour, above all when it is gone. */
static Str package_of(Str path)
{
    Str dir = str_head(path, '/');
    return str_eq(str_tail(dir, '/'), S("migrations")) ? dir : path;
}

static bool is_below(Str path, Str dir)
{
    return str_starts(path, dir) && (path.len == dir.len || path.ptr[dir.len] == '/');
}

/* The narrower of what changed and of what was named on the command line. */
static void add_changed(const Target *target, Str path, Arena *arena, Paths *out)
{
    Str changed = package_of(path);
    if (!target->only.count)
        array_push(out, arena_str(arena, changed).ptr);
    for (uint32_t i = 0; i < target->only.count; i++) {
        Str named = str(target->only.items[i]);
        if (is_below(changed, named) || is_below(named, changed))
            array_push(out, arena_str(arena, named.len > changed.len ? named : changed).ptr);
    }
}

static bool add_all_changed(const Target *target, const char *const *words, Arena *arena,
                            Paths *out)
{
    StrBuf output = {0};
    bool ok = git_run(target->real_root, words, &output);
    for (Str rest = strbuf_str(&output); ok && rest.ptr;) {
        Str path = str_cut(&rest, '\0');
        if (path.len)
            add_changed(target, path, arena, out);
    }
    strbuf_free(&output);
    return ok;
}

bool git_only_changed(Target *target, Arena *arena, Error *err)
{
    /* Plumbing: unlike `git diff` it starts none of the filters that a configuration may name. */
    static const char *const differs[] = {"diff-index",   "-z",   "--name-only", "--relative",
                                          "--no-renames", "HEAD", "--",          NULL};
    static const char *const is_new[] = {"ls-files", "-z", "--others", "--exclude-standard", NULL};
    Paths changed = {0};
    bool ok = target->in_git && add_all_changed(target, differs, arena, &changed) &&
              add_all_changed(target, is_new, arena, &changed);
    if (ok && !changed.count)
        array_push(&changed, ".git"); /* no path at all would mean every path */
    array_free(&target->only);
    target->only.items = changed.items;
    target->only.count = changed.count;
    target->only.capacity = changed.capacity;
    return ok || error_set(err, "--changed: git does not say what differs from the last commit");
}

bool git_whereabouts(void *context, const char *path, MigralintTrace *out)
{
    const Target *target = context;
    Arena arena = {0};
    GitTrace trace;
    bool found = git_trace(target->real_root, target->prefix, str(path), &arena, &trace);
    if (found) {
        snprintf(out->text, sizeof out->text, "%.*s", STR_ARG(trace.text));
        if (trace.help.len < sizeof out->help) /* half a command is none */
            snprintf(out->help, sizeof out->help, "%.*s", STR_ARG(trace.help));
    }
    arena_free(&arena);
    return found;
}
