#ifndef MIGRALINT_SOURCE_GLOB_H
#define MIGRALINT_SOURCE_GLOB_H

/*
 * Patterns as in .gitignore, one at a time and without negation:
 *
 *   name      any file or directory of that name, wherever it is
 *   a/b  /a   with a '/' before its end: from the root
 *   name/     directories only
 *   * ?       any characters, one character, but never '/'
 *   [a-z]     one character of a set; [!a-z] or [^a-z] of all others
 *   **        any characters, '/' included; as a whole component ("**" "/x",
 *             "a/" "**" "/b") any number of directories, none too
 *   \x        the character x itself
 *
 * Characters are code points where the bytes are UTF-8. Time is bounded by a
 * polynomial in the lengths, and linear for what people write.
 */

#include "base/str.h"

/* Whether the pattern matches this very entry (what is below a matching
 * directory is the caller's business: see source_glob() in find.h). */
bool glob_entry(Str pattern, Str path, bool directory);

#endif
