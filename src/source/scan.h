#ifndef MIGRALINT_SOURCE_SCAN_H
#define MIGRALINT_SOURCE_SCAN_H

/*
 * What Python's tokenizer says about a text: where its comments are, and the
 * first thing that it would refuse (indentation, brackets, strings, numbers,
 * characters, merge conflict markers, the print statement of Python 2). The
 * grammar is more forgiving there than Python is, and where both complain this
 * one knows the place better: the bracket that is never closed.
 *
 * One pass, linear in the text, no recursion. Offsets are bytes.
 */

#include "base/array.h"
#include "base/str.h"

typedef struct ScanSpan {
    uint32_t start, end;
} ScanSpan;

typedef struct Scan {
    Array(ScanSpan) comments; /* from '#' to the end of the line; owned */
    bool wrong;               /* Python would refuse the text at `place` */
    ScanSpan place;
    Str expected; /* static text: what is missing there, or empty */
} Scan;

Scan scan_text(Str text);
/*
 * Blanks line ends and comments inside brackets in `copy`, which holds the same
 * bytes: to Python they are nothing there, to the grammar they can be an
 * indentation that is none.
 */
void scan_flatten(Str text, char *copy);
void scan_free(Scan *scan);

#endif
