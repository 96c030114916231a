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
