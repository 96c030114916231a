#include "render/render.h"

#include "render/letters.h"
#include "render/palette.h"
#include "report/visible.h"

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

static uint32_t code_point(Str letter)
{
    unsigned char first = (unsigned char)letter.ptr[0];
    uint32_t code = letter.len == 1 ? first : first & (0x7fu >> letter.len);
    for (size_t i = 1; i < letter.len; i++)
        code = code << 6 | ((unsigned char)letter.ptr[i] & 0x3f);
    return code;
}

/* What would reorder or hide the source of the chart is no letter either. */
static bool is_letter(Str letter)
{
    return (unsigned char)letter.ptr[0] >= 0x80 && *glyph_next(letter).shown != '\\';
}

static void add_text(StrBuf *out, Str text)
{
    for (Str letter; (letter = letter_next(&text)).len;)
        if (is_plain((unsigned char)letter.ptr[0]) || is_letter(letter))
            strbuf_add(out, letter);
        else
            strbuf_printf(out, "#%u;", code_point(letter));
}

static void add_codes(const PictureNode *node, StrBuf *out)
{
    Str codes[PICTURE_CODES];
    uint32_t count = picture_codes(node, codes);
    for (uint32_t i = 0; i < count; i++) {
        strbuf_add(out, i ? S(" ") : S("<br/>"));
        add_text(out, codes[i]);
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
    if (node->change != GRAPH_UNCHANGED)
        strbuf_printf(out, "%s#160;", picture_change_signs[node->change]); /* on one line */
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
    add_codes(node, out);
    strbuf_printf(out, "%s", shapes[node->kind][1]);
    if (node->kind == PICTURE_GHOST)
        strbuf_add(out, S(":::ghost"));
    else if (node->change != GRAPH_UNCHANGED)
        strbuf_printf(out, ":::%s", graph_change_names[node->change]);
    else if (node->marks & MARK_CONTEXT && picture->comparison)
        strbuf_add(out, S(":::context"));
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

/* Links are styled by their numbers in the chart. */
static void style_links(const Pictures *pictures, GraphChange change, StrBuf *out)
{
    uint32_t number = 0, styled = 0;
    for (uint32_t p = 0; p < pictures->count; p++)
        for (uint32_t i = 0; i < pictures->items[p].edge_count; i++, number++)
            if (pictures->items[p].edges[i].change == change)
                strbuf_printf(out, "%s%u", styled++ ? "," : "  linkStyle ", number);
    if (styled)
        strbuf_printf(out, " stroke:%s\n", palette_change(change).line);
}

static void add_edges(const Picture *picture, uint32_t number, StrBuf *out)
{
    for (uint32_t i = 0; i < picture->edge_count; i++) {
        const PictureEdge *edge = &picture->edges[i];
        bool dashed = edge->kind == PICTURE_SWAPPABLE || edge->kind == PICTURE_RUN_BEFORE ||
                      edge->kind == PICTURE_THROUGH || edge->missing || edge->maybe ||
                      edge->change == GRAPH_REMOVED;
        const char *sign = picture_edge_sign(picture, edge);
        const char *arrow = edge->kind == PICTURE_GAP        ? "-.-"
                            : dashed                         ? "-.->"
                            : edge->kind == PICTURE_SAME_APP ? "==>"
                                                             : "-->";
        strbuf_printf(out, "  p%un%u %s", number, edge->parent, arrow);
        if (edge->kind == PICTURE_THROUGH)
            strbuf_printf(out, "|%u more|", edge->weight);
        else if (edge->weight > 1)
            strbuf_printf(out, "|%s%u|", sign, edge->weight);
        else if (*sign)
            strbuf_printf(out, "|%s|", sign);
        strbuf_printf(out, " p%un%u\n", number, edge->child);
    }
}

static void add_classes(const Pictures *pictures, StrBuf *out)
{
    strbuf_printf(out,
                  "  classDef ghost stroke:%s,stroke-dasharray:4 3,fill:none,color:%s\n"
                  "  classDef wrong stroke:%s,stroke-width:2px\n"
                  "  classDef warned stroke:%s,stroke-width:2px\n",
                  PALETTE_ERROR, PALETTE_ERROR, PALETTE_ERROR, PALETTE_WARNING);
    if (!pictures->count || !pictures->items[0].comparison)
        return;
    strbuf_printf(out, "  classDef context fill:%s,stroke:%s,color:%s\n", PALETTE_FAINT,
                  PALETTE_MUTED, PALETTE_FAINT_TEXT);
    for (GraphChange change = GRAPH_ADDED; change < GRAPH_CHANGES; change++) {
        Colors colors = palette_change(change);
        strbuf_printf(out, "  classDef %s fill:%s,stroke:%s,stroke-width:2px,color:%s%s\n",
                      graph_change_names[change], colors.fill, colors.line, PALETTE_TEXT,
                      change == GRAPH_REMOVED ? ",stroke-dasharray:6 3" : "");
        style_links(pictures, change, out);
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
    if (!pictures->count && pictures->note)
        strbuf_printf(out, "  note[\"%s\"]\n", pictures->note);
    add_classes(pictures, out);
    return (edges <= MOST_EDGES && out->len - start <= MOST_BYTES) ||
           error_set(err,
                     "%u edges are more than Mermaid renders: use --collapse, --apps, --focus or "
                     "--problems",
                     edges);
}
