#ifndef MIGRALINT_REPORT_LINES_H
#define MIGRALINT_REPORT_LINES_H

/*
 * From byte offsets to lines and columns as people count them. Lines end
 * where Python ends them: at \n, \r\n and a lone \r.
 */

#include "rules/finding.h"

typedef struct Lines {
    Str text;
    uint32_t *starts; /* offset of each line */
    uint32_t count;   /* at least 1 */
} Lines;

Lines lines_of(Str text, Arena *arena);
Location lines_locate(const Lines *lines, Span span);

#endif
