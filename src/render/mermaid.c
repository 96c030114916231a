#include "render/render.h"

#include "render/letters.h"
#include "render/palette.h"

/*
 * A Mermaid flowchart. Labels are quoted texts with everything that Mermaid or HTML reads escaped
 * as entities; ids are ours. GitHub refuses charts above 500 edges or 50,000 characters.
 */

enum { MOST_EDGES = 500, MOST_BYTES = 50000 };

static bool is_plain(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-' || c == '.' || c == ' ' || c == ',';
}

static void add_text(StrBuf *out, Str text)
{
    for (Str letter; (letter = letter_next(&text)).len;) {
        unsigned char first = (unsigned char)letter.ptr[0];
        if (first >= 0x80 || is_plain(first))
            strbuf_add(out, letter);
        else
            strbuf_printf(out, "#%u;", first);
    }
}

static void add_node(const Picture *picture, uint32_t number, uint32_t index, StrBuf *out)
{
    static const char *const shapes[][2] = {[PICTURE_MIGRATION] = {"(\"", "\")"},
                                            [PICTURE_GHOST] = {"(\"", "\")"},
                                            [PICTURE_RUN] = {"[[\"", "\"]]"},
                                            [PICTURE_APP] = {"[\"", "\"]"}};
    const PictureNode *node = &picture->nodes[index];
    strbuf_printf(out, "    p%un%u%s", number, index, shapes[node->kind][0]);
    add_text(out, node->title);
    if (node->subtitle.len) {
        strbuf_add(out, S("<br/>"));
        add_text(out, node->subtitle);
    }
    if (node->kind == PICTURE_GHOST)
        strbuf_add(out, S("<br/>missing"));
    if (node->marks & MARK_CONFLICT)
        strbuf_add(out, S("<br/>conflict"));
    if (node->marks & MARK_CYCLE)
        strbuf_add(out, S("<br/>cycle"));
    strbuf_printf(out, "%s", shapes[node->kind][1]);
    if (node->kind == PICTURE_GHOST)
        strbuf_add(out, S(":::ghost"));
    else if (node->change == PICTURE_ADDED)
        strbuf_add(out, S(":::added"));
    else if (node->worst == SEVERITY_ERROR || node->marks & (MARK_CONFLICT | MARK_CYCLE))
        strbuf_add(out, S(":::wrong"));
    else if (node->worst == SEVERITY_WARNING)
        strbuf_add(out, S(":::warned"));
    strbuf_byte(out, '\n');
}

static void add_clusters(const Picture *picture, uint32_t number, StrBuf *out)
{
    for (uint32_t c = 0; c < picture->cluster_count; c++) {
        bool open = false;
        for (uint32_t i = 0; i < picture->node_count; i++) {
            const PictureNode *node = &picture->nodes[i];
            if (node->cluster != c)
                continue;
            if (!open && node->kind != PICTURE_APP) {
                strbuf_printf(out, "  subgraph p%ua%u[\"", number, c);
                add_text(out, picture->clusters[c].label);
                strbuf_add(out, S("\"]\n"));
                open = true;
            }
            add_node(picture, number, i, out);
        }
        if (open)
            strbuf_add(out, S("  end\n"));
    }
}

static void add_edges(const Picture *picture, uint32_t number, StrBuf *out)
{
    for (uint32_t i = 0; i < picture->edge_count; i++) {
        const PictureEdge *edge = &picture->edges[i];
        bool dashed = edge->kind == PICTURE_SWAPPABLE || edge->kind == PICTURE_RUN_BEFORE ||
                      edge->missing || edge->maybe;
        const char *arrow = edge->kind == PICTURE_GAP        ? "-.-"
                            : dashed                         ? "-.->"
                            : edge->kind == PICTURE_SAME_APP ? "==>"
                                                             : "-->";
        strbuf_printf(out, "  p%un%u %s", number, edge->parent, arrow);
        if (edge->weight > 1)
            strbuf_printf(out, "|%u|", edge->weight);
        strbuf_printf(out, " p%un%u\n", number, edge->child);
    }
}

bool render_mermaid(const Pictures *pictures, StrBuf *out, Error *err)
{
    size_t start = out->len;
    uint32_t edges = 0;
    strbuf_add(out, S("flowchart LR\n"));
    for (uint32_t p = 0; p < pictures->count; p++) {
        add_clusters(&pictures->items[p], p, out);
        add_edges(&pictures->items[p], p, out);
        edges += pictures->items[p].edge_count;
    }
    strbuf_printf(out,
                  "  classDef ghost stroke:%s,stroke-dasharray:4 3,fill:none,color:%s\n"
                  "  classDef wrong stroke:%s,stroke-width:2px\n"
                  "  classDef warned stroke:%s,stroke-width:2px\n"
                  "  classDef added stroke:%s,stroke-width:2px\n",
                  PALETTE_ERROR, PALETTE_ERROR, PALETTE_ERROR, PALETTE_WARNING, PALETTE_ADDED);
    return (edges <= MOST_EDGES && out->len - start <= MOST_BYTES) ||
           error_set(err,
                     "%u edges are more than Mermaid renders: use --collapse, --apps, --focus or "
                     "--problems",
                     edges);
}
