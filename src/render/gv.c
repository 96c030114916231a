#include "render/gv.h"

#include "base/alloc.h"
#include "render/legend.h"
#include "render/letters.h"
#include "render/palette.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * Edges go from child to parent, as Django's dependencies do, and ranks from right to left: time
 * runs from left to right. Attributes are texts in which Graphviz reads backslashes, so those of
 * the project's are doubled; none is given as HTML.
 */

typedef struct Drawing {
    Agraph_t *root;
    const Pictures *pictures;
    StrBuf text; /* of the attribute that is being put together */
} Drawing;

static void add_text(StrBuf *out, Str text)
{
    for (Str letter; (letter = letter_next(&text)).len;) {
        if (str_eq(letter, S("\\")))
            strbuf_byte(out, '\\');
        strbuf_add(out, letter);
    }
}

static void set(void *object, const char *name, const char *value)
{
    graphviz.agsafeset(object, (char *)name, (char *)value, (char *)"");
}

static void set_built(Drawing *drawing, void *object, const char *name)
{
    strbuf_byte(&drawing->text, '\0');
    set(object, name, drawing->text.ptr);
    strbuf_clear(&drawing->text);
}

static void set_text(Drawing *drawing, void *object, const char *name, Str value)
{
    add_text(&drawing->text, value);
    set_built(drawing, object, name);
}

/* ---- nodes ---- */

static const char *kind_name(PictureKind kind)
{
    static const char *const names[] = {[PICTURE_MIGRATION] = "migration",
                                        [PICTURE_GHOST] = "missing",
                                        [PICTURE_RUN] = "run",
                                        [PICTURE_APP] = "app"};
    return names[kind];
}

const char *const picture_mark_names[PICTURE_MARKS] = {
    "initial", "leaf", "conflict", "cycle",  "detached", "squash",
    "merge",   "data", "sql",      "broken", "external", "context",
};

static void set_marks(Drawing *drawing, Agnode_t *object, unsigned marks)
{
    for (unsigned i = 0; i < PICTURE_MARKS; i++)
        if (marks & 1u << i) {
            strbuf_add(&drawing->text, drawing->text.len ? S(" ") : S(""));
            strbuf_add(&drawing->text, str(picture_mark_names[i]));
        }
    set_built(drawing, object, "marks");
}

static void set_codes(Drawing *drawing, void *object, const Finding *const *findings,
                      uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        strbuf_add(&drawing->text, i ? S(" ") : S(""));
        add_text(&drawing->text, findings[i]->rule->code);
    }
    set_built(drawing, object, "codes");
}

/* What a reader must not miss, in words: colour alone tells nobody. */
static void add_words(StrBuf *out, const PictureNode *node)
{
    static const struct {
        unsigned mark;
        const char *word;
    } words[] = {{MARK_BROKEN, "unreadable"}, {MARK_CONFLICT, "conflict"}, {MARK_CYCLE, "cycle"},
                 {MARK_DETACHED, "detached"}, {MARK_DATA, "data"},         {MARK_SQL, "sql"}};
    bool any = false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!(node->marks & words[i].mark))
            continue;
        strbuf_add(out, any ? S(" · ") : S("\\n"));
        strbuf_add(out, str(words[i].word));
        any = true;
    }
}

static void add_codes(StrBuf *out, const PictureNode *node)
{
    Str codes[PICTURE_CODES];
    uint32_t count = picture_codes(node, codes);
    for (uint32_t i = 0; i < count; i++) {
        strbuf_add(out, i ? S(" ") : S("\\n"));
        add_text(out, codes[i]);
    }
}

static void set_label(Drawing *drawing, Agnode_t *object, const PictureNode *node)
{
    StrBuf *text = &drawing->text;
    if (node->change != GRAPH_UNCHANGED)
        strbuf_printf(text, "%s ", picture_change_signs[node->change]);
    add_text(text, node->title);
    if (node->subtitle.len) {
        strbuf_add(text, S("\\n"));
        add_text(text, node->subtitle);
    }
    if (node->kind == PICTURE_GHOST)
        strbuf_add(text, S("\\nmissing"));
    add_words(text, node);
    add_codes(text, node);
    set_built(drawing, object, "label");
}

static void set_tooltip(Drawing *drawing, Agnode_t *object, const PictureNode *node)
{
    enum { MOST_LINES = 20 };
    StrBuf *text = &drawing->text;
    add_text(text, node->id);
    for (uint32_t i = 0; i < node->operation_count && i < MOST_LINES; i++) {
        strbuf_add(text, S("\\n"));
        add_text(text, node->operations[i]);
    }
    if (node->operation_count > MOST_LINES)
        strbuf_printf(text, "\\n%u more", node->operation_count - MOST_LINES);
    for (uint32_t i = 0; i < node->finding_count && i < MOST_LINES; i++) {
        strbuf_add(text, S("\\n"));
        add_text(text, node->findings[i]->rule->code);
        strbuf_add(text, S(" "));
        add_text(text, node->findings[i]->message);
    }
    set_built(drawing, object, "tooltip");
}

static const char *line_color(const PictureNode *node, Colors app)
{
    bool wrong = node->worst == SEVERITY_ERROR || node->kind == PICTURE_GHOST ||
                 node->marks & (MARK_CONFLICT | MARK_CYCLE);
    if (wrong)
        return PALETTE_ERROR;
    if (node->change != GRAPH_UNCHANGED)
        return palette_change(node->change).line;
    return node->worst == SEVERITY_WARNING ? PALETTE_WARNING : app.line;
}

static void set_look(Agnode_t *object, const PictureNode *node, Colors app)
{
    bool ghost = node->kind == PICTURE_GHOST, gone = node->change == GRAPH_REMOVED;
    bool differs = node->change != GRAPH_UNCHANGED;
    bool faint = node->marks & MARK_CONTEXT && !differs;
    bool heavy =
        node->worst >= SEVERITY_WARNING || differs || node->marks & (MARK_CONFLICT | MARK_CYCLE);
    set(object, "color", line_color(node, app));
    set(object, "fillcolor",
        differs ? palette_change(node->change).fill
        : faint ? PALETTE_FAINT
                : app.fill);
    set(object, "fontcolor", ghost ? PALETTE_ERROR : faint ? PALETTE_MUTED : PALETTE_TEXT);
    set(object, "style",
        ghost  ? "rounded,dashed"
        : gone ? "rounded,filled,dashed"
               : "rounded,filled");
    set(object, "penwidth", heavy ? "2.2" : "1.1");
    if (node->kind == PICTURE_RUN || node->marks & MARK_SQUASH)
        set(object, "peripheries", "2");
    if (node->kind == PICTURE_APP)
        set(object, "shape", "folder");
}

/* The page has ids of its own, and colours for light and dark. */
static void set_page_look(Drawing *drawing, Agnode_t *object, const char *name,
                          const PictureNode *node, unsigned app)
{
    const char *line = line_color(node, (Colors){NULL, ""});
    StrBuf *text = &drawing->text;
    set(object, "id", name);
    strbuf_printf(text, "app-%u", app);
    strbuf_add(text, node->marks & MARK_CONTEXT ? S(" context") : S(""));
    strbuf_add(text, node->kind == PICTURE_GHOST ? S(" ghost") : S(""));
    if (node->change != GRAPH_UNCHANGED)
        strbuf_printf(text, " %s", graph_change_names[node->change]);
    strbuf_add(text, !strcmp(line, PALETTE_ERROR)     ? S(" wrong")
                     : !strcmp(line, PALETTE_WARNING) ? S(" doubtful")
                                                      : S(""));
    set_built(drawing, object, "class");
}

static Agnode_t *add_node(Drawing *drawing, Agraph_t *cluster, const Picture *picture,
                          const PictureNode *node, uint32_t number)
{
    static const char *const severities[] = {"", "info", "warning", "error"};
    char name[48];
    snprintf(name, sizeof name, "p%un%u", (unsigned)(picture - drawing->pictures->items), number);
    Agnode_t *object = graphviz.agnode(cluster, name, 1);
    const PictureCluster *app = &picture->clusters[node->cluster];
    if (drawing->pictures->in_page)
        set_page_look(drawing, object, name, node, palette_number(app));
    else
        set_text(drawing, object, "id", node->id);
    set_text(drawing, object, "app", app->label);
    set(object, "kind", kind_name(node->kind));
    strbuf_printf(&drawing->text, "%u", node->count);
    set_built(drawing, object, "stands_for");
    set_marks(drawing, object, node->marks);
    set(object, "change", graph_change_names[node->change]);
    set(object, "severity", severities[node->worst]);
    set_codes(drawing, object, node->findings, node->finding_count);
    set_text(drawing, object, "path", node->path);
    set_label(drawing, object, node);
    if (!drawing->pictures->in_page)
        set_tooltip(drawing, object, node);
    set_look(object, node, palette_app(app));
    return object;
}

/* ---- edges ---- */

static const char *edge_kind_name(PictureEdgeKind kind)
{
    static const char *const names[] = {
        [PICTURE_SAME_APP] = "same_app",   [PICTURE_CROSS_APP] = "cross_app",
        [PICTURE_SWAPPABLE] = "swappable", [PICTURE_RUN_BEFORE] = "run_before",
        [PICTURE_THROUGH] = "through",     [PICTURE_GAP] = "gap"};
    return names[kind];
}

static const char *edge_style(const PictureEdge *edge)
{
    if (edge->kind == PICTURE_GAP || edge->kind == PICTURE_THROUGH || edge->maybe)
        return "dotted";
    if (edge->kind == PICTURE_SWAPPABLE || edge->kind == PICTURE_RUN_BEFORE || edge->missing)
        return "dashed";
    return edge->kind == PICTURE_SAME_APP ? "bold" : "solid";
}

static void set_edge_look(Agedge_t *object, const PictureEdge *edge, const PictureCluster *app)
{
    bool wrong = edge->cycle || edge->missing;
    bool same = edge->kind == PICTURE_SAME_APP;
    set(object, "color",
        wrong                             ? PALETTE_ERROR
        : edge->change != GRAPH_UNCHANGED ? palette_change(edge->change).line
        : edge->pinned                    ? PALETTE_WARNING
        : same                            ? palette_app(app).line
                                          : PALETTE_MUTED);
    set(object, "style", edge->change == GRAPH_REMOVED ? "dashed" : edge_style(edge));
    /* Apps stand in rows of their own: what ties them together bends, not the row. */
    set(object, "weight",
        same || edge->kind == PICTURE_GAP || edge->kind == PICTURE_THROUGH ? "8" : "1");
    if (edge->pinned)
        set(object, "arrowhead", "tee");
    if (edge->kind == PICTURE_GAP)
        set(object, "arrowhead", "none");
    if (edge->kind == PICTURE_RUN_BEFORE)
        set(object, "arrowhead", "empty");
}

static void set_page_edge_look(Agedge_t *object, const PictureEdge *edge, unsigned app)
{
    char text[32];
    bool same = edge->kind == PICTURE_SAME_APP;
    const char *look = edge->cycle || edge->missing      ? "wrong"
                       : edge->change != GRAPH_UNCHANGED ? graph_change_names[edge->change]
                       : edge->kind == PICTURE_THROUGH   ? "through"
                       : edge->pinned                    ? "doubtful"
                                                         : "across";
    if (same && !strcmp(look, "across"))
        snprintf(text, sizeof text, "app-%u", app);
    set(object, "class", same && !strcmp(look, "across") ? text : look);
}

static void add_edge(Drawing *drawing, Agnode_t *const *nodes, const Picture *picture,
                     const PictureEdge *edge)
{
    Agedge_t *object =
        graphviz.agedge(drawing->root, nodes[edge->child], nodes[edge->parent], (char *)"", 1);
    char weight[16];
    snprintf(weight, sizeof weight, "%u", edge->weight);
    set(object, "kind", edge_kind_name(edge->kind));
    set(object, "stands_for", weight);
    set(object, "pinned", edge->pinned ? "true" : "");
    set(object, "cycle", edge->cycle ? "true" : "");
    set(object, "change", graph_change_names[edge->change]);
    strbuf_add(&drawing->text, str(picture_edge_sign(picture, edge)));
    if (edge->kind == PICTURE_THROUGH)
        strbuf_printf(&drawing->text, "%u more", edge->weight);
    else if (edge->weight > 1)
        strbuf_printf(&drawing->text, "%s%u", drawing->text.len ? " " : "", edge->weight);
    set_built(drawing, object, "label");
    if (edge->change != GRAPH_UNCHANGED)
        set(object, "fontcolor", palette_change(edge->change).line);
    const PictureCluster *app = &picture->clusters[picture->nodes[edge->child].cluster];
    set_edge_look(object, edge, app);
    if (drawing->pictures->in_page)
        set_page_edge_look(object, edge, palette_number(app));
}

/* ---- graphs ---- */

static Agraph_t *add_cluster(Drawing *drawing, Agraph_t *parent, const Picture *picture,
                             uint32_t number)
{
    const PictureCluster *app = &picture->clusters[number];
    char name[48];
    snprintf(name, sizeof name, "cluster_p%ua%u", (unsigned)(picture - drawing->pictures->items),
             number);
    Agraph_t *cluster = graphviz.agsubg(parent, name, 1);
    set_text(drawing, cluster, "label", app->label);
    set_codes(drawing, cluster, app->findings, app->finding_count);
    set(cluster, "color", palette_app(app).line);
    set(cluster, "fontcolor", palette_app(app).line);
    set(cluster, "style", "rounded");
    if (drawing->pictures->in_page) {
        snprintf(name, sizeof name, "app-%u", palette_number(app));
        set(cluster, "class", name);
    }
    return cluster;
}

static void add_picture(Drawing *drawing, const Picture *picture)
{
    Agraph_t *parent = drawing->root;
    if (drawing->pictures->count > 1) {
        char name[48];
        snprintf(name, sizeof name, "cluster_p%u", (unsigned)(picture - drawing->pictures->items));
        parent = graphviz.agsubg(parent, name, 1);
        set_text(drawing, parent, "label", picture->title);
    }
    Arena scratch = {0};
    Agraph_t **clusters = arena_array(&scratch, Agraph_t *, picture->cluster_count + 1);
    Agnode_t **nodes = arena_array(&scratch, Agnode_t *, picture->node_count + 1);
    for (uint32_t i = 0; i < picture->node_count; i++) {
        const PictureNode *node = &picture->nodes[i];
        Agraph_t **cluster = &clusters[node->cluster];
        /* An app that is one node needs no frame around it. */
        if (!*cluster)
            *cluster = node->kind == PICTURE_APP
                           ? parent
                           : add_cluster(drawing, parent, picture, node->cluster);
        nodes[i] = add_node(drawing, *cluster, picture, node, i);
    }
    for (uint32_t i = 0; i < picture->edge_count; i++)
        add_edge(drawing, nodes, picture, &picture->edges[i]);
    arena_free(&scratch);
}

/* Alone in the picture. */
static void add_note(Drawing *drawing, const char *note)
{
    Agnode_t *object = graphviz.agnode(drawing->root, (char *)"note", 1);
    set(object, "kind", "note");
    set(object, "label", note);
    set(object, "shape", "plaintext");
    set(object, "style", "solid");
    set(object, "fontcolor", PALETTE_MUTED);
}

/* The label of the whole, not a node: it takes no part in the layout, nor in what reads the graph.
 * cgraph gives a text that it already has as markup out as markup. */
static void add_legend(Drawing *drawing)
{
    legend_write(drawing->pictures, &drawing->text);
    if (!drawing->text.len)
        return;
    strbuf_byte(&drawing->text, '\0');
    char *markup = graphviz.agstrdup_html(drawing->root, drawing->text.ptr);
    set(drawing->root, "label", markup);
    set(drawing->root, "fontsize", "9");
    graphviz.agstrfree(drawing->root, markup);
    strbuf_clear(&drawing->text);
}

/* Every attribute has a default before the first node is made: cgraph wants it so. */
static const char *const node_defaults[][2] = {
    {"shape", "box"},
    {"style", "rounded,filled"},
    {"fontname", "Helvetica"},
    {"fontsize", "11"},
    {"margin", "0.14,0.06"},
    {"height", "0.3"},
    {"color", ""},
    {"fillcolor", ""},
    {"fontcolor", PALETTE_TEXT},
    {"penwidth", "1.1"},
    {"peripheries", "1"},
    {"label", ""},
    {"tooltip", ""},
    {"id", ""},
    {"app", ""},
    {"kind", ""},
    {"stands_for", ""},
    {"marks", ""},
    {"change", ""},
    {"severity", ""},
    {"codes", ""},
    {"path", ""},
};
static const char *const edge_defaults[][2] = {
    {"color", PALETTE_MUTED},
    {"style", "solid"},
    {"weight", "1"},
    {"arrowhead", "vee"},
    {"arrowsize", "0.6"},
    {"penwidth", "1.1"},
    {"fontname", "Helvetica"},
    {"fontsize", "9"},
    {"fontcolor", PALETTE_MUTED},
    {"label", ""},
    {"kind", ""},
    {"stands_for", ""},
    {"pinned", ""},
    {"cycle", ""},
    {"change", ""},
};
static const char *const graph_defaults[][2] = {
    {"rankdir", "RL"},
    {"bgcolor", "transparent"},
    {"fontname", "Helvetica"},
    {"fontsize", "12"},
    {"nodesep", "0.18"},
    {"ranksep", "0.45"},
    {"label", ""},
    {"color", PALETTE_MUTED},
    {"fontcolor", PALETTE_MUTED},
    {"style", "rounded"},
    {"labeljust", "l"},
    {"codes", ""},
    {"outputorder", "edgesfirst"},
    {"remincross", "true"},
    {"newrank", "true"},
};

static void set_defaults(Agraph_t *root)
{
    for (size_t i = 0; i < sizeof node_defaults / sizeof *node_defaults; i++)
        graphviz.agattr(root, AGNODE, (char *)node_defaults[i][0], (char *)node_defaults[i][1]);
    for (size_t i = 0; i < sizeof edge_defaults / sizeof *edge_defaults; i++)
        graphviz.agattr(root, AGEDGE, (char *)edge_defaults[i][0], (char *)edge_defaults[i][1]);
    for (size_t i = 0; i < sizeof graph_defaults / sizeof *graph_defaults; i++)
        graphviz.agattr(root, AGRAPH, (char *)graph_defaults[i][0], (char *)graph_defaults[i][1]);
}

/*
 * Graphviz goes through subgraphs by their ids, and makes those of the addresses of names, so that
 * layouts would depend on what else the program has allocated. These count instead. What has no id
 * here, a name, cgraph keeps by itself.
 */
static void *open_ids(Agraph_t *graph, Agdisc_t *disc)
{
    (void)graph, (void)disc;
    IDTYPE *next = xcalloc(1, sizeof *next);
    *next = 1;
    return next;
}

static long give_id(void *next, int kind, char *name, IDTYPE *id, int create)
{
    (void)kind;
    if (name || !create)
        return 0;
    *id = (*(IDTYPE *)next)++;
    return 1;
}

static long take_id(void *next, int kind, IDTYPE id)
{
    (void)next, (void)kind, (void)id;
    return 0;
}

static void free_id(void *next, int kind, IDTYPE id)
{
    (void)next, (void)kind, (void)id;
}

static char *print_id(void *next, int kind, IDTYPE id)
{
    (void)next, (void)kind, (void)id;
    return NULL;
}

static void close_ids(void *next)
{
    free(next);
}

static void register_id(void *next, int kind, void *object)
{
    (void)next, (void)kind, (void)object;
}

Agraph_t *gv_graph(const Pictures *pictures)
{
    static Agiddisc_t ids = {open_ids, give_id, take_id, free_id, print_id, close_ids, register_id};
    static Agdisc_t disc = {NULL, &ids, NULL};
    Drawing drawing = {.pictures = pictures};
    drawing.root = graphviz.agopen((char *)"migrations", *graphviz.Agdirected, &disc);
    set_defaults(drawing.root);
    for (uint32_t i = 0; i < pictures->count; i++)
        add_picture(&drawing, &pictures->items[i]);
    if (!pictures->count && pictures->note)
        add_note(&drawing, pictures->note);
    if (pictures->legend)
        add_legend(&drawing);
    strbuf_free(&drawing.text);
    return drawing.root;
}
