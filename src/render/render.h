#ifndef MIGRALINT_RENDER_RENDER_H
#define MIGRALINT_RENDER_RENDER_H

/*
 * Pictures in one format per file. Content from the project is data: every format escapes it.
 *
 * Text formats give the same bytes for the same pictures. Those that Graphviz lays out refuse what
 * it would not finish in reasonable time.
 */

#include "base/error.h"
#include "render/picture.h"

typedef struct Pictures {
    const Picture *items; /* one per project that has something to show */
    uint32_t count;
    const Interner *interner;
} Pictures;

/* Through libcgraph; attributes carry codes, severities and paths for gvpr and others:
 * node: id, app, kind, marks, severity, codes, path; edge: kind, weight, pinned, cycle. */
bool render_dot(const Pictures *pictures, StrBuf *out, Error *err);
/* "svg", "png" or "pdf", laid out by libgvc in this process. Not thread-safe: one at a time. */
bool render_layout(const Pictures *pictures, const char *format, StrBuf *out, Error *err);
/* A flowchart as GitHub and GitLab render in comments. */
bool render_mermaid(const Pictures *pictures, StrBuf *out, Error *err);
/* For a terminal, in the manner of `git log --graph`; `ascii`: no other characters. */
typedef struct TextStyle {
    bool color, ascii;
} TextStyle;
bool render_text(const Pictures *pictures, const TextStyle *style, StrBuf *out, Error *err);

#endif
