#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_OUTPUT = 64 << 20 };

/* A repository's own configuration must not make git start anything else. */
static void run_git(const char *root)
{
    const char *const words[] = {
        "git",
        "-C",
        root,
        "--no-optional-locks",
        "-c",
        "core.fsmonitor=false",
        "ls-files",
        "-z",
        "--others",
        "--ignored",
        "--exclude-standard",
        "--directory",
        NULL,
    };
    int nothing = open("/dev/null", O_RDWR);
    if (nothing >= 0) {
        dup2(nothing, STDIN_FILENO);
        dup2(nothing, STDERR_FILENO);
    }
    setenv("LC_ALL", "C", 1);
    execvp("git", (char *const *)words);
    _exit(127);
}

/* False when there is more than is sensible. */
static bool read_output(int pipe, StrBuf *out)
{
    char block[65536];
    for (;;) {
        ssize_t got = read(pipe, block, sizeof block);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return !got;
        strbuf_add(out, (Str){block, (size_t)got});
        if (out->len > MOST_OUTPUT)
            return false;
    }
}

static bool git_output(const char *root, StrBuf *out)
{
    int ends[2], status = 0;
    if (pipe(ends))
        return false;
    pid_t child = fork();
    if (child < 0) {
        close(ends[0]);
        close(ends[1]);
        return false;
    }
    if (!child) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        run_git(root);
    }
    close(ends[1]);
    bool ok = read_output(ends[0], out);
    close(ends[0]);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    return ok && WIFEXITED(status) && !WEXITSTATUS(status);
}

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
    if (!git_output(target->real_root, &output))
        complain("warning: git does not say which files it ignores; none are left out");
    else
        for (Str rest = strbuf_str(&output); rest.ptr;) {
            Str path = str_cut(&rest, '\0');
            if (path.len && !asked_for(target, path))
                array_push(out, arena_str(arena, path).ptr);
        }
    strbuf_free(&output);
}
