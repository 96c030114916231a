#ifndef MIGRALINT_BASE_ERROR_H
#define MIGRALINT_BASE_ERROR_H

/*
 * Why something the user or the environment asked for could not be done: a
 * missing directory, an unreadable file, a wrong configuration key. One line,
 * no trailing newline, fit to be printed behind "migralint: ". Problems in
 * the analysed code are findings, never Errors.
 */

#include "base/str.h"

typedef struct Error {
    char text[1024];
} Error;

/* Sets the text (cut where it does not fit) and returns false, so that
 * `return error_set(err, …);` is a failing function's last line. `err` may be
 * NULL where the caller does not care why. */
bool error_set(Error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
