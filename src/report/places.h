#ifndef MIGRALINT_REPORT_PLACES_H
#define MIGRALINT_REPORT_PLACES_H

/* How formats name files. */

#include "base/arena.h"

/* The path with what leads to the root of the analysis before it; the root itself is "." where
 * nothing does. Absolute ones, of installed packages, stay as they are. In `arena`. */
Str place_path(Str prefix, Str path, Arena *arena);

/* Appends the path as an RFC 3986 reference: "a%20b/0001_initial.py", "file:///usr/…". Bytes that
 * are not UTF-8 are encoded as they are. */
void place_uri_add(StrBuf *out, Str path);

#endif
