#include "render/render.h"
#include "report/visible.h"

/*
 * For a terminal, in the manner of `git log --graph`: app by app, the newest migration first, a
 * lane for every line of an app's history, and beside each migration what ties it to other apps.
 */

enum { LANE_FREE = UINT32_MAX, MOST_LANES = 64 };

typedef struct Signs {
    const char *line, *from, *across, *over, *join, *split;
    const char *dot, *ghost, *run, *squash, *arrow, *through;
} Signs;

typedef struct Writer {
    const Picture *picture;
    const TextStyle *style;
    const Signs *signs;
    StrBuf *out;
    Arena *scratch;
    uint32_t *first_parent; /* edges[first_parent[n] .. first_parent[n + 1]) are those of child n */
    uint32_t *children;     /* by node: of its cluster, not yet written */
    uint32_t lanes[MOST_LANES];
    uint32_t lane_count;
} Writer;

static const Signs unicode_signs = {"│", "├", "─", "┼", "╯", "╮", "●", "◌", "⋮", "◆", "→", "┆"};
static const Signs ascii_signs = {"|", "|", "-", "+", "/", "\\", "*", "o", ":", "#", "->", ":"};

static void add(const Writer *writer, const char *text)
{
    strbuf_add(writer->out, str(text));
}

static void color(const Writer *writer, const char *code)
{
    if (writer->style->color)
        strbuf_printf(writer->out, "\033[%sm", code);
}

/* ---- lanes ---- */

static uint32_t lane_of(const Writer *writer, uint32_t node, uint32_t from)
{
    for (uint32_t i = from; i < writer->lane_count; i++)
        if (writer->lanes[i] == node)
            return i;
    return LANE_FREE;
}

/* A lane to the right of `after` that nothing uses, or a new one; LANE_FREE when there are too
 * many. */
static uint32_t open_lane(Writer *writer, uint32_t after, uint32_t node)
{
    uint32_t lane = after;
    while (lane < writer->lane_count && writer->lanes[lane] != LANE_FREE)
        lane++;
    if (lane == MOST_LANES)
        return LANE_FREE;
    if (lane == writer->lane_count)
        writer->lane_count++;
    writer->lanes[lane] = node;
    return lane;
}

static void close_lanes(Writer *writer)
{
    while (writer->lane_count && writer->lanes[writer->lane_count - 1] == LANE_FREE)
        writer->lane_count--;
}

/* A row in which a line leads from lane `left` to lane `right`, that ends there with `end`. */
static void add_link(const Writer *writer, uint32_t left, uint32_t right, const char *end)
{
    add(writer, "  ");
    for (uint32_t i = 0; i < writer->lane_count || i <= right; i++) {
        bool used = i < writer->lane_count && writer->lanes[i] != LANE_FREE;
        add(writer, i == left               ? writer->signs->from
                    : i == right            ? end
                    : i > left && i < right ? (used ? writer->signs->over : writer->signs->across)
                    : used                  ? writer->signs->line
                                            : " ");
        add(writer, i >= left && i < right ? writer->signs->across : " ");
    }
    add(writer, "\n");
}

/* ---- one migration ---- */

static const char *sign_of(const Writer *writer, const PictureNode *node)
{
    return node->kind == PICTURE_GHOST ? writer->signs->ghost
           : node->kind == PICTURE_RUN ? writer->signs->run
           : node->marks & MARK_SQUASH ? writer->signs->squash
                                       : writer->signs->dot;
}

static const char *color_of(const PictureNode *node)
{
    static const char *const changes[GRAPH_CHANGES] = {
        [GRAPH_ADDED] = "32", [GRAPH_EDITED] = "35", [GRAPH_REMOVED] = "9;31"};
    bool wrong = node->worst == SEVERITY_ERROR || node->kind == PICTURE_GHOST ||
                 node->marks & (MARK_CONFLICT | MARK_CYCLE);
    if (node->change != GRAPH_UNCHANGED)
        return changes[node->change];
    return wrong ? "31" : node->worst == SEVERITY_WARNING ? "33" : NULL;
}

static void add_words(const Writer *writer, const PictureNode *node)
{
    unsigned told = MARK_CONFLICT | MARK_CYCLE | MARK_DETACHED | MARK_MERGE | MARK_DATA | MARK_SQL |
                    MARK_BROKEN;
    bool any = false;
    if (node->subtitle.len) {
        add(writer, "  ");
        visible_add(writer->out, node->subtitle);
    }
    for (unsigned i = 0; i < PICTURE_MARKS; i++)
        if (node->marks & told & 1u << i) {
            add(writer, any ? ", " : "  (");
            add(writer, picture_mark_names[i]);
            any = true;
        }
    if (node->kind == PICTURE_GHOST)
        add(writer, any ? ", missing" : "  (missing");
    if (any || node->kind == PICTURE_GHOST)
        add(writer, ")");
}

/* "+ " and the like; a text needs no more than ASCII for it. */
static void add_sign(const Writer *writer, GraphChange change)
{
    static const char *const signs[GRAPH_CHANGES] = {"  ", "+ ", "~ ", "- "};
    if (writer->picture->comparison)
        add(writer, signs[change]);
}

/* A tie within the app, which has a line of its own, that has come or gone by itself. */
static bool is_told_anyway(const Writer *writer, const PictureEdge *edge)
{
    return *picture_edge_sign(writer->picture, edge);
}

/* What the migration needs of other apps. */
static void add_ties(const Writer *writer, uint32_t index)
{
    enum { MOST_TIES = 4 };
    const Picture *picture = writer->picture;
    uint32_t told = 0, all = 0;
    for (uint32_t e = writer->first_parent[index]; e < writer->first_parent[index + 1]; e++) {
        const PictureEdge *edge = &picture->edges[e];
        const PictureNode *parent = &picture->nodes[edge->parent];
        bool own = parent->cluster == picture->nodes[index].cluster;
        if ((own && !is_told_anyway(writer, edge)) || all++ >= MOST_TIES)
            continue;
        add(writer, told++ ? ", " : "  ");
        if (told == 1) {
            add(writer, writer->signs->arrow);
            add(writer, " ");
        }
        if (is_told_anyway(writer, edge))
            add(writer, edge->change == GRAPH_REMOVED ? "no more " : "now ");
        visible_add(writer->out, parent->kind == PICTURE_APP ? parent->title : parent->id);
        if (edge->pinned)
            add(writer, " (later than needed)");
    }
    if (all > MOST_TIES)
        strbuf_printf(writer->out, " and %u more", all - MOST_TIES);
}

static void add_codes(const Writer *writer, const PictureNode *node)
{
    enum { MOST_CODES = 6 };
    for (uint32_t i = 0; i < node->finding_count && i < MOST_CODES; i++) {
        add(writer, i ? " " : "  ");
        visible_add(writer->out, node->findings[i]->rule->code);
    }
    if (node->finding_count > MOST_CODES)
        add(writer, " …");
}

static void add_row(const Writer *writer, uint32_t index, uint32_t lane)
{
    const PictureNode *node = &writer->picture->nodes[index];
    const char *code = color_of(node);
    add(writer, "  ");
    for (uint32_t i = 0; i < writer->lane_count; i++) {
        add(writer, i == lane                       ? sign_of(writer, node)
                    : writer->lanes[i] != LANE_FREE ? writer->signs->line
                                                    : " ");
        add(writer, " ");
    }
    if (code)
        color(writer, code);
    add_sign(writer, node->change);
    visible_add(writer->out, node->title);
    add_words(writer, node);
    if (code)
        color(writer, "0");
    add_ties(writer, index);
    if (code)
        color(writer, code);
    add_codes(writer, node);
    if (code)
        color(writer, "0");
    add(writer, "\n");
}

/* What stands between a migration and the next below it. */
static void add_between(const Writer *writer, uint32_t index, uint32_t lane)
{
    const PictureEdge *edges = writer->picture->edges;
    uint32_t from = writer->first_parent[index], to = writer->first_parent[index + 1];
    while (from < to && edges[from].kind != PICTURE_THROUGH)
        from++;
    if (from == to)
        return;
    add(writer, "  ");
    for (uint32_t i = 0; i < writer->lane_count; i++) {
        add(writer, i == lane                       ? writer->signs->through
                    : writer->lanes[i] != LANE_FREE ? writer->signs->line
                                                    : " ");
        add(writer, " ");
    }
    strbuf_printf(writer->out, "  %u more\n", edges[from].weight);
}

/* The lanes that wait for the node become one, and lead on to its parents. */
static void write_node(Writer *writer, uint32_t index)
{
    const Picture *picture = writer->picture;
    uint32_t lane = lane_of(writer, index, 0);
    if (lane == LANE_FREE)
        lane = open_lane(writer, 0, index);
    if (lane == LANE_FREE)
        return;
    for (uint32_t other; (other = lane_of(writer, index, lane + 1)) != LANE_FREE;) {
        add_link(writer, lane, other, writer->signs->join);
        writer->lanes[other] = LANE_FREE;
    }
    close_lanes(writer);
    add_row(writer, index, lane);
    add_between(writer, index, lane);
    writer->lanes[lane] = LANE_FREE;
    for (uint32_t e = writer->first_parent[index]; e < writer->first_parent[index + 1]; e++) {
        uint32_t parent = picture->edges[e].parent;
        if (picture->nodes[parent].cluster != picture->nodes[index].cluster)
            continue;
        if (writer->lanes[lane] == LANE_FREE) {
            writer->lanes[lane] = parent;
            continue;
        }
        uint32_t made = open_lane(writer, lane + 1, parent);
        if (made != LANE_FREE)
            add_link(writer, lane, made, writer->signs->split);
    }
    close_lanes(writer);
}

/* ---- an app ---- */

static void count_edges(Writer *writer)
{
    const Picture *picture = writer->picture;
    writer->first_parent = arena_array(writer->scratch, uint32_t, picture->node_count + 2);
    writer->children = arena_array(writer->scratch, uint32_t, picture->node_count + 1);
    uint32_t edge = 0;
    for (uint32_t node = 0; node <= picture->node_count; node++) {
        writer->first_parent[node] = edge;
        while (edge < picture->edge_count && picture->edges[edge].child == node) {
            uint32_t parent = picture->edges[edge++].parent;
            writer->children[parent] +=
                picture->nodes[parent].cluster == picture->nodes[node].cluster;
        }
    }
    writer->first_parent[picture->node_count + 1] = edge;
}

/* The latest node of the app all of whose children are written; in a circle, any. */
static uint32_t next_node(const Writer *writer, const uint32_t *nodes, uint32_t count,
                          const bool *written)
{
    uint32_t any = LANE_FREE;
    for (uint32_t i = count; i-- > 0;) {
        if (written[i])
            continue;
        if (!writer->children[nodes[i]])
            return i;
        any = any == LANE_FREE ? i : any;
    }
    return any;
}

static void write_app(Writer *writer, uint32_t cluster)
{
    const Picture *picture = writer->picture;
    uint32_t *nodes = arena_array(writer->scratch, uint32_t, picture->node_count + 1), count = 0;
    for (uint32_t i = 0; i < picture->node_count; i++)
        if (picture->nodes[i].cluster == cluster)
            nodes[count++] = i;
    if (!count || picture->nodes[nodes[0]].kind == PICTURE_APP)
        return;
    bool *written = arena_array(writer->scratch, bool, count);
    color(writer, "1");
    visible_add(writer->out, picture->clusters[cluster].label);
    color(writer, "0");
    add(writer, "\n");
    writer->lane_count = 0;
    for (uint32_t done = 0; done < count; done++) {
        uint32_t i = next_node(writer, nodes, count, written);
        written[i] = true;
        write_node(writer, nodes[i]);
        for (uint32_t e = writer->first_parent[nodes[i]]; e < writer->first_parent[nodes[i] + 1];
             e++) {
            uint32_t parent = picture->edges[e].parent;
            if (picture->nodes[parent].cluster == cluster && writer->children[parent])
                writer->children[parent]--;
        }
    }
}

/* With one node an app: who depends on whom, and by how many migrations. */
static void write_table(Writer *writer)
{
    const Picture *picture = writer->picture;
    for (uint32_t i = 0; i < picture->node_count; i++) {
        const PictureNode *node = &picture->nodes[i];
        if (node->kind != PICTURE_APP || node->marks & MARK_EXTERNAL)
            continue;
        add_sign(writer, node->change);
        visible_add(writer->out, node->title);
        add_words(writer, node);
        add_ties(writer, i);
        add(writer, "\n");
    }
}

bool render_text(const Pictures *pictures, const TextStyle *style, StrBuf *out, Error *err)
{
    (void)err;
    if (!pictures->count && pictures->note)
        strbuf_printf(out, "%s\n", pictures->note);
    for (uint32_t p = 0; p < pictures->count; p++) {
        const Picture *picture = &pictures->items[p];
        Arena scratch = {0};
        Writer writer = {.picture = picture,
                         .style = style,
                         .signs = style->ascii ? &ascii_signs : &unicode_signs,
                         .out = out,
                         .scratch = &scratch};
        count_edges(&writer);
        if (pictures->count > 1) {
            add(&writer, "# ");
            visible_add(out, picture->title);
            add(&writer, "\n");
        }
        for (uint32_t c = 0; c < picture->cluster_count; c++)
            write_app(&writer, c);
        write_table(&writer);
        if (picture->left_out)
            strbuf_printf(out, "%u more migration%s%s\n", picture->left_out,
                          picture->left_out == 1 ? "" : "s",
                          picture->comparison ? " as before" : "");
        arena_free(&scratch);
    }
    return true;
}
