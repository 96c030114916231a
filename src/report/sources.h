#ifndef MIGRALINT_REPORT_SOURCES_H
#define MIGRALINT_REPORT_SOURCES_H

/*
 * The analysed files once more, for excerpts: read again when a report quotes
 * them, the last few kept. Nothing is reported when a file has gone since.
 */

#include "report/report.h"
#include "report/visible.h"

enum { SOURCES_KEPT = 8 };

typedef struct Source {
    Str path, text;
    Arena arena;
} Source;

typedef struct Sources {
    const Reader *reader;
    Source kept[SOURCES_KEPT];
    uint32_t next; /* slot to be used next */
} Sources;

/* Empty when it cannot be read. Valid until SOURCES_KEPT other files were asked for. */
Str sources_text(Sources *sources, Str path);
void sources_free(Sources *sources);

/* The source line of a place, underlined; nothing for a place without a span. `gutter` is the
 * width of line numbers. */
void excerpt_add(StrBuf *out, Sources *sources, Place place, Location location, size_t gutter,
                 bool color, Style underline);

/* A finding as `text` shows it: the line of the place, notes, help, consequences. */
void finding_text(const Report *report, const Finding *finding, Sources *sources, StrBuf *out);

#endif
