#ifndef MIGRALINT_REPORT_VISIBLE_H
#define MIGRALINT_REPORT_VISIBLE_H

/*
 * Text from analysed files, made safe and measurable for terminals. Control
 * characters, escape sequences, direction overrides and bytes that are not
 * UTF-8 come out as visible escapes: nothing in a file can move the cursor or
 * reorder what is read.
 */

#include "base/str.h"

/* One character of the text as it is shown. */
typedef struct Glyph {
    size_t bytes;   /* it takes in the source */
    unsigned width; /* columns on a terminal */
    char shown[16]; /* NUL-terminated */
} Glyph;

/* The first character of a text that is not empty. A tab comes out as "\t". */
Glyph glyph_next(Str text);

/* Appends the text in one visible line. */
void visible_add(StrBuf *out, Str text);
/* Columns that visible_add() takes on a terminal. */
size_t visible_width(Str text);
/* visible_add() and spaces up to `width` columns. */
void visible_pad(StrBuf *out, Str text, size_t width);

/* Colours; nothing at all when `on` is false. */
typedef enum Style {
    STYLE_NONE,
    STYLE_BOLD,
    STYLE_ERROR,
    STYLE_WARNING,
    STYLE_INFO,
    STYLE_GUTTER,
    STYLE_HELP,
} Style;
void style_add(StrBuf *out, bool on, Style style); /* STYLE_NONE ends one */

#endif
