#include "render/legend.h"

#include "render/palette.h"

/* Samples look as gv.c draws what they stand for. */

typedef enum Sign {
    SIGN_GHOST,
    SIGN_CONFLICT,
    SIGN_CYCLE,
    SIGN_DETACHED,
    SIGN_BROKEN,
    SIGN_ERROR,
    SIGN_WARNING,
    SIGN_ADDED,
    SIGN_EDITED,
    SIGN_REMOVED,
    SIGN_RUN,
    SIGN_SQUASH,
    SIGN_DATA,
    SIGN_SQL,
    SIGN_CONTEXT,
    SIGN_SAME_APP,
    SIGN_CROSS_APP,
    SIGN_SWAPPABLE,
    SIGN_RUN_BEFORE,
    SIGN_PINNED,
    SIGN_MISSING,
    SIGN_CIRCLE,
    SIGN_MAYBE,
    SIGN_NEW_EDGE,
    SIGN_LOST_EDGE,
    SIGN_THROUGH,
    SIGN_GAP,
    SIGN_WEIGHT,
    SIGNS,
} Sign;

typedef struct Look {
    const char *sample; /* of a node: what stands in it; of an edge: its head */
    const char *line, *style;
    int width;
    const char *meaning;
    GraphChange change; /* whose colours it has */
} Look;

#define OWN_LINE "#2f6ea5" /* as one of the apps has it */
#define OWN_FILL "#dceaf7"

static const Look looks[SIGNS] = {
    [SIGN_GHOST] = {"missing", PALETTE_ERROR, "rounded,dashed", 1,
                    "no file: others depend on it, or its number is absent"},
    [SIGN_CONFLICT] = {"conflict", PALETTE_ERROR, "rounded", 2, "one of several leaves of its app"},
    [SIGN_CYCLE] = {"cycle", PALETTE_ERROR, "rounded", 2, "depends on itself through others"},
    [SIGN_DETACHED] = {"detached", OWN_LINE, "rounded", 1, "a second root of its app"},
    [SIGN_BROKEN] = {"unreadable", OWN_LINE, "rounded", 1, "could not be read wholly"},
    [SIGN_ERROR] = {"error", PALETTE_ERROR, "rounded", 2, "has a finding that is an error"},
    [SIGN_WARNING] = {"warning", PALETTE_WARNING, "rounded", 2, "has a finding that is a warning"},
    [SIGN_ADDED] = {"+ 0042", NULL, "rounded", 2, "added since the base", GRAPH_ADDED},
    [SIGN_EDITED] = {"~ 0042", NULL, "rounded", 2, "changed since the base", GRAPH_EDITED},
    [SIGN_REMOVED] = {"− 0042", NULL, "rounded,dashed", 2, "removed since the base", GRAPH_REMOVED},
    [SIGN_RUN] = {"0003 … 0041", OWN_LINE, "rounded", 1, "migrations drawn as one"},
    [SIGN_SQUASH] = {"replaces …", OWN_LINE, "rounded", 1, "a squash"},
    [SIGN_DATA] = {"data", OWN_LINE, "rounded", 1, "runs Python"},
    [SIGN_SQL] = {"sql", OWN_LINE, "rounded", 1, "runs SQL"},
    [SIGN_CONTEXT] = {"pale", PALETTE_MUTED, "rounded", 1, "not asked for, but next to it"},
    [SIGN_SAME_APP] = {"&lt;", OWN_LINE, "solid", 2, "depends on one of its own app"},
    [SIGN_CROSS_APP] = {"&lt;", PALETTE_MUTED, "solid", 1, "depends on another app"},
    [SIGN_SWAPPABLE] = {"&lt;", PALETTE_MUTED, "dashed", 1,
                        "depends through a setting (swappable)"},
    [SIGN_RUN_BEFORE] = {"◁", PALETTE_MUTED, "dashed", 1, "depends because of run_before"},
    [SIGN_PINNED] = {"|", PALETTE_WARNING, "solid", 1,
                     "depends on a later one than it needs (MG106)"},
    [SIGN_MISSING] = {"&lt;", PALETTE_ERROR, "dashed", 1, "depends on what is missing"},
    [SIGN_CIRCLE] = {"&lt;", PALETTE_ERROR, "solid", 1, "part of a circle"},
    [SIGN_MAYBE] = {"&lt;", PALETTE_MUTED, "dotted", 1, "depends under a condition"},
    [SIGN_NEW_EDGE] = {"&lt;", NULL, "solid", 1, "a dependency that is new", GRAPH_ADDED},
    [SIGN_LOST_EDGE] = {"&lt;", NULL, "dashed", 1, "a dependency that is gone", GRAPH_REMOVED},
    [SIGN_THROUGH] = {"&lt;", OWN_LINE, "dotted", 1, "through others that are not drawn"},
    [SIGN_GAP] = {"&#160;", PALETTE_ERROR, "dotted", 1, "numbers that follow: no dependency"},
    [SIGN_WEIGHT] = {"12", PALETTE_MUTED, "solid", 1, "so many dependencies"},
};

static uint32_t bit(Sign sign, bool there)
{
    return there ? 1u << sign : 0;
}

static uint32_t signs_of_node(const PictureNode *node)
{
    return bit(SIGN_GHOST, node->kind == PICTURE_GHOST) | bit(SIGN_RUN, node->kind == PICTURE_RUN) |
           bit(SIGN_CONFLICT, node->marks & MARK_CONFLICT) |
           bit(SIGN_CYCLE, node->marks & MARK_CYCLE) |
           bit(SIGN_DETACHED, node->marks & MARK_DETACHED) |
           bit(SIGN_BROKEN, node->marks & MARK_BROKEN) |
           bit(SIGN_SQUASH, node->marks & MARK_SQUASH && node->kind == PICTURE_MIGRATION) |
           bit(SIGN_DATA, node->marks & MARK_DATA) | bit(SIGN_SQL, node->marks & MARK_SQL) |
           bit(SIGN_CONTEXT, node->marks & MARK_CONTEXT && node->change == GRAPH_UNCHANGED) |
           bit(SIGN_ADDED, node->change == GRAPH_ADDED) |
           bit(SIGN_EDITED, node->change == GRAPH_EDITED) |
           bit(SIGN_REMOVED, node->change == GRAPH_REMOVED) |
           bit(SIGN_ERROR, node->worst == SEVERITY_ERROR) |
           bit(SIGN_WARNING, node->worst == SEVERITY_WARNING && node->change == GRAPH_UNCHANGED);
}

static uint32_t signs_of_edge(const PictureEdge *edge)
{
    static const Sign kinds[] = {
        [PICTURE_SAME_APP] = SIGN_SAME_APP,   [PICTURE_CROSS_APP] = SIGN_CROSS_APP,
        [PICTURE_SWAPPABLE] = SIGN_SWAPPABLE, [PICTURE_RUN_BEFORE] = SIGN_RUN_BEFORE,
        [PICTURE_THROUGH] = SIGN_THROUGH,     [PICTURE_GAP] = SIGN_GAP};
    uint32_t weight = bit(SIGN_WEIGHT, edge->weight > 1 && edge->kind != PICTURE_THROUGH);
    if (edge->cycle || edge->missing)
        return weight | bit(edge->cycle ? SIGN_CIRCLE : SIGN_MISSING, edge->kind != PICTURE_GAP) |
               bit(SIGN_GAP, edge->kind == PICTURE_GAP);
    if (edge->change != GRAPH_UNCHANGED)
        return weight | bit(edge->change == GRAPH_REMOVED ? SIGN_LOST_EDGE : SIGN_NEW_EDGE, true);
    if (edge->pinned)
        return weight | bit(SIGN_PINNED, true);
    return weight | bit(edge->maybe ? SIGN_MAYBE : kinds[edge->kind], true);
}

static uint32_t signs_of(const Pictures *pictures)
{
    uint32_t signs = 0;
    for (uint32_t p = 0; p < pictures->count; p++) {
        const Picture *picture = &pictures->items[p];
        for (uint32_t i = 0; i < picture->node_count; i++)
            signs |= signs_of_node(&picture->nodes[i]);
        for (uint32_t i = 0; i < picture->edge_count; i++)
            signs |= signs_of_edge(&picture->edges[i]);
    }
    return signs;
}

/* Several migrations, or what stands for several, have two lines around them. */
static bool is_double(Sign sign)
{
    return sign == SIGN_RUN || sign == SIGN_SQUASH;
}

static const char *line_of(const Look *look)
{
    return look->line ? look->line : palette_change(look->change).line;
}

static void write_node(Sign sign, StrBuf *out)
{
    const Look *look = &looks[sign];
    bool ghost = sign == SIGN_GHOST, pale = sign == SIGN_CONTEXT;
    if (is_double(sign))
        strbuf_printf(out,
                      "<TD BORDER=\"1\" STYLE=\"rounded\" COLOR=\"%s\"><TABLE BORDER=\"0\" "
                      "CELLBORDER=\"0\" CELLSPACING=\"0\"><TR>",
                      look->line);
    strbuf_printf(out, "<TD BORDER=\"%d\" STYLE=\"%s\" COLOR=\"%s\"", look->width, look->style,
                  line_of(look));
    if (!ghost)
        strbuf_printf(out, " BGCOLOR=\"%s\"",
                      pale         ? "#f7f7f7"
                      : look->line ? OWN_FILL
                                   : palette_change(look->change).fill);
    strbuf_printf(out, "><FONT COLOR=\"%s\">%s</FONT></TD>",
                  ghost  ? look->line
                  : pale ? PALETTE_MUTED
                         : PALETTE_TEXT,
                  look->sample);
    if (is_double(sign))
        strbuf_add(out, S("</TR></TABLE></TD>"));
}

/* A line is the lower border of an empty cell. */
static void write_edge(const Look *look, StrBuf *out)
{
    strbuf_printf(
        out,
        "<TD><TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"0\"><TR>"
        "<TD WIDTH=\"10\"><FONT COLOR=\"%s\">%s</FONT></TD>"
        "<TD><TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"0\">"
        "<TR><TD WIDTH=\"32\" HEIGHT=\"5\" FIXEDSIZE=\"TRUE\" BORDER=\"%d\" SIDES=\"B\" "
        "STYLE=\"%s\" COLOR=\"%s\"></TD></TR>"
        "<TR><TD WIDTH=\"32\" HEIGHT=\"5\" FIXEDSIZE=\"TRUE\"></TD></TR></TABLE></TD>"
        "</TR></TABLE></TD>",
        line_of(look), look->sample, look->width, look->style, line_of(look));
}

static void write_sign(Sign sign, StrBuf *out)
{
    if (sign < SIGN_SAME_APP)
        write_node(sign, out);
    else
        write_edge(&looks[sign], out);
    strbuf_printf(out, "<TD ALIGN=\"LEFT\">%s   </TD>", looks[sign].meaning);
}

void legend_write(const Pictures *pictures, StrBuf *out)
{
    enum { MOST_ROWS = 5 };
    uint32_t signs = signs_of(pictures), count = 0;
    Sign list[SIGNS];
    for (Sign sign = 0; sign < SIGNS; sign++)
        if (signs & bit(sign, true))
            list[count++] = sign;
    if (!count)
        return;
    uint32_t columns = (count + MOST_ROWS - 1) / MOST_ROWS;
    uint32_t rows = (count + columns - 1) / columns;
    strbuf_add(out, S("<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"4\" CELLPADDING=\"2\">"));
    for (uint32_t row = 0; row < rows; row++) {
        strbuf_add(out, S("<TR>"));
        for (uint32_t at = row; at < count; at += rows)
            write_sign(list[at], out);
        strbuf_add(out, S("</TR>"));
    }
    strbuf_add(out, S("</TABLE>"));
}
