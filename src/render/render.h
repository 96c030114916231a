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
    bool legend;  /* what Graphviz draws explains its marks */
    bool in_page; /* of its own looks: nodes have ids that are no text of the project's, and classes
                     instead of tooltips */
    const char *note; /* a plain sentence that is drawn where there is no picture; NULL */
} Pictures;

/* Through libcgraph; attributes carry codes, severities and paths for gvpr and others:
 * node: id, app, kind, stands_for, marks, severity, codes, path; edge: kind, weight, pinned, cycle.
 */
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

/* One HTML file that needs nothing else: the picture, and what can be asked of it. Where no picture
 * can be drawn the page says why and has all the rest. */
typedef struct Page {
    Pictures pictures;            /* as they are to be drawn */
    const Picture *whole;         /* the same with every migration by itself */
    const PictureSource *sources; /* of each */
    const char *version;
} Page;
void render_html(const Page *page, StrBuf *out);

#endif
