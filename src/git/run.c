#include "git/git.h"

#include "base/array.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_OUTPUT = 64 << 20 };

/* A repository's own configuration must not make git start anything else. */
static void become_git(const char *dir, const char *const *words)
{
    static const char *const before[] = {"--no-optional-locks", "--literal-pathspecs", "--no-pager",
                                         "-c", "core.fsmonitor=false"};
    Array(const char *) all = {0};
    array_push(&all, "git");
    array_push(&all, "-C");
    array_push(&all, dir);
    for (size_t i = 0; i < sizeof before / sizeof *before; i++)
        array_push(&all, before[i]);
    for (; *words; words++)
        array_push(&all, *words);
    array_push(&all, NULL);
    int nothing = open("/dev/null", O_RDWR);
    if (nothing >= 0)
        dup2(nothing, STDERR_FILENO);
    setenv("LC_ALL", "C", 1);
    setenv("GIT_TERMINAL_PROMPT", "0", 1);
    execvp("git", (char *const *)all.items);
    _exit(127);
}

pid_t git_start(const char *dir, const char *const *words, int from, int to)
{
    pid_t child = fork();
    if (child)
        return child;
    int input = from < 0 ? open("/dev/null", O_RDONLY) : from;
    dup2(input, STDIN_FILENO);
    dup2(to, STDOUT_FILENO);
    become_git(dir, words);
    return 0;
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

bool git_run(const char *dir, const char *const *words, StrBuf *out)
{
    int ends[2], status = 0;
    if (pipe(ends))
        return false;
    pid_t child = git_start(dir, words, -1, ends[1]);
    close(ends[1]);
    bool ok = read_output(ends[0], out);
    close(ends[0]);
    if (child < 0)
        return false;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    return ok && WIFEXITED(status) && !WEXITSTATUS(status);
}

bool git_is_plain(Str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (!c || !strchr("_-./+@", c)))
            return false;
    }
    return text.len && text.ptr[0] != '-';
}
