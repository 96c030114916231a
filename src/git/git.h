#ifndef MIGRALINT_GIT_GIT_H
#define MIGRALINT_GIT_GIT_H

/*
 * What the program asks of git: always the `git` program, started by its
 * arguments and never through a shell, in the directory that is analysed.
 * It is given nothing to write to, and asks nobody for a password.
 */

#include "base/arena.h"
#include "base/error.h"

#include <sys/types.h>

/*
 * Appends what `git -C dir WORDS…` prints. `words` ends in NULL; paths among
 * them are literal. False when git cannot be started, does not succeed, or
 * prints more than is sensible; `out` is then not to be used.
 */
bool git_run(const char *dir, const char *const *words, StrBuf *out);

/* Starts the same with `from` (negative: nothing) as standard input and `to` as standard output;
 * the child, negative when there is none. */
pid_t git_start(const char *dir, const char *const *words, int from, int to);

/* Nothing that a shell would read as anything but text: fit for a command that is proposed. */
bool git_is_plain(Str text);

/* Where a file that is not there can be had from. Texts are in the arena. */
typedef struct GitTrace {
    Str text; /* "git: deleted in 1a2b3c4 (2024-05-06)" */
    Str help; /* "get it back: `git checkout 1a2b3c4^ -- blog/migrations/0002_title.py`"; or empty
               */
} GitTrace;

/*
 * What history surely says about the file `path`, from `dir`: that only the work tree lacks it,
 * which commit deleted or renamed it, which other branch has it, or that the clone is too shallow
 * to tell. `prefix` leads from where the user stands to `dir` ("" or "backend/"). False: nothing.
 */
bool git_trace(const char *dir, const char *prefix, Str path, Arena *arena, GitTrace *out);

#endif
