#include "workspace_of.h"

#include "render/palette.h"
#include "render/render.h"

#include <graphviz/cgraph.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* What is written as DOT is the graph, as cgraph reads it. */

typedef struct Drawn {
    TestWorkspace test;
    Arena arena;
    Graph graph;
    State state;
    Registry registry;
    Drift drift;
    Analysis analysis;
    Picture picture;
} Drawn;

static void draw(Drawn *drawn, const MemoryFile *list, uint32_t count,
                 const PictureOptions *options)
{
    *drawn = (Drawn){0};
    workspace_of(&drawn->test, list, count);
    Workspace *workspace = &drawn->test.workspace;
    GraphOptions graph_options = {.django = 502};
    graph_build(&drawn->graph, &workspace->projects[0], &workspace->interner, &graph_options,
                &drawn->arena);
    state_build(&drawn->state, workspace, &drawn->graph, &drawn->arena);
    registry_read(&drawn->registry, workspace, &drawn->state, &drawn->arena);
    drawn->analysis = (Analysis){&drawn->state, &drawn->registry, &drawn->drift};
    PictureSource source = {workspace, &workspace->projects[0], &drawn->analysis, NULL, NULL};
    Error err;
    assert_true(picture_make(&source, options, &drawn->arena, &drawn->picture, &err));
}

static void put_away(Drawn *drawn)
{
    registry_free(&drawn->registry);
    state_free(&drawn->state);
    arena_free(&drawn->arena);
    workspace_close(&drawn->test.workspace);
}

static Agraph_t *read_back(const Drawn *drawn)
{
    Pictures pictures = {&drawn->picture, 1, &drawn->test.workspace.interner, .legend = true};
    StrBuf text = {0};
    Error err;
    assert_true(render_dot(&pictures, &text, &err));
    Agraph_t *graph = agmemread(text.ptr);
    assert_non_null(graph);
    strbuf_free(&text);
    return graph;
}

static Agnode_t *node_called(Agraph_t *graph, const char *id)
{
    for (Agnode_t *node = agfstnode(graph); node; node = agnxtnode(graph, node))
        if (!strcmp(agget(node, (char *)"id"), id))
            return node;
    return NULL;
}

static void dot_is_the_graph(void **state)
{
    (void)state;
    const MemoryFile files[] = {
        FILE_OF("manage.py", ""),
        FILE_OF("blog/migrations/__init__.py", ""),
        FILE_OF("blog/migrations/0001_initial.py", MIGRATION("", "")),
        FILE_OF("blog/migrations/0002_a.py", MIGRATION("('blog', '0001_initial')", "")),
        FILE_OF("blog/migrations/0003_b.py", MIGRATION("('blog', '0002_a')", "")),
        FILE_OF("blog/migrations/0003_c.py",
                MIGRATION("('blog', '0002_a'), ('shop', '0001_x')", "")),
        FILE_OF("blog/migrations/0006_e.py", MIGRATION("('blog', '0005_d')", "")),
        FILE_OF("shop/migrations/__init__.py", ""),
        FILE_OF("shop/migrations/0001_x.py", MIGRATION("", "")),
    };
    Drawn drawn;
    draw(&drawn, files, sizeof files / sizeof *files,
         &(PictureOptions){.collapse = COLLAPSE_NOTHING});
    Agraph_t *read = read_back(&drawn);
    uint32_t nodes = 0, edges = 0;
    for (NodeId n = 0; n < drawn.graph.node_count; n++) {
        const Interner *in = &drawn.test.workspace.interner;
        const Node *node = &drawn.graph.nodes[n];
        if (node->flags & NODE_EXTERNAL)
            continue;
        char id[128];
        snprintf(id, sizeof id, "%s.%s", sym_str(in, node->app).ptr, sym_str(in, node->name).ptr);
        assert_non_null(node_called(read, id));
        nodes++;
    }
    for (uint32_t e = 0; e < drawn.graph.edge_count; e++) {
        const Edge *edge = &drawn.graph.edges[e];
        char ids[2][128];
        NodeId ends[] = {edge->child, edge->parent};
        for (int i = 0; i < 2; i++)
            snprintf(ids[i], sizeof ids[i], "%s.%s",
                     sym_str(&drawn.test.workspace.interner, drawn.graph.nodes[ends[i]].app).ptr,
                     sym_str(&drawn.test.workspace.interner, drawn.graph.nodes[ends[i]].name).ptr);
        assert_non_null(
            agedge(read, node_called(read, ids[0]), node_called(read, ids[1]), NULL, 0));
        edges++;
    }
    /* 0004 is a number that nothing refers to: a ghost, between 0003 and the missing 0005. */
    assert_non_null(node_called(read, "blog.0004"));
    assert_int_equal(agnnodes(read), nodes + 1);
    assert_int_equal(agnedges(read), edges + 2);
    assert_string_equal(agget(node_called(read, "blog.0005_d"), (char *)"kind"), "missing");
    agclose(read);
    put_away(&drawn);
}

/* A chain of 80 with a leaf of another app hanging on the 40th. */
static void long_chains_collapse(void **state)
{
    (void)state;
    enum { LENGTH = 80, COUNT = LENGTH + 4 };
    static char paths[LENGTH][64], texts[LENGTH][400];
    MemoryFile list[COUNT] = {
        FILE_OF("manage.py", ""), FILE_OF("blog/migrations/__init__.py", ""),
        FILE_OF("shop/migrations/__init__.py", ""),
        FILE_OF("shop/migrations/0001_x.py", MIGRATION("('blog', '0040_m')", ""))};
    for (int i = 0; i < LENGTH; i++) {
        char parent[64] = "";
        if (i)
            snprintf(parent, sizeof parent, "('blog', '%04d_m')", i);
        snprintf(paths[i], sizeof paths[i], "blog/migrations/%04d_m.py", i + 1);
        snprintf(texts[i], sizeof texts[i],
                 "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
                 "    dependencies = [%s]\n",
                 parent);
        list[4 + i] = (MemoryFile){str(paths[i]), str(texts[i])};
    }
    Drawn drawn;
    draw(&drawn, list, COUNT, &(PictureOptions){0});
    assert_true(drawn.picture.collapsed);
    /* 0001–0039, 0040, 0041–0080, and the one of shop. */
    assert_int_equal(drawn.picture.node_count, 4);
    assert_int_equal(drawn.picture.nodes[0].count, 39);
    assert_int_equal(drawn.picture.nodes[2].count, 40);
    assert_int_equal(drawn.picture.edge_count, 3);
    put_away(&drawn);
    draw(&drawn, list, COUNT, &(PictureOptions){.collapse = COLLAPSE_SEGMENTS});
    assert_int_equal(drawn.picture.node_count, 2); /* shop hangs on all of blog: no circle */
    put_away(&drawn);
}

/* ---- what differs from a base ---- */

typedef struct Compared {
    SharedFacts *shared;
    TestWorkspace now, before;
    Graph graphs[2];
    State state;
    Registry registry;
    Drift drift;
    Analysis analysis;
    Comparison comparison;
    Picture picture;
    Arena arena;
} Compared;

static void compare(Compared *to, const MemoryFile *before, uint32_t before_count,
                    const MemoryFile *now, uint32_t now_count, const PictureOptions *options)
{
    Error err;
    GraphOptions graph_options = {.django = 502};
    *to = (Compared){.shared = shared_facts_new()};
    workspace_sharing(&to->before, before, before_count, to->shared);
    workspace_sharing(&to->now, now, now_count, to->shared);
    Workspace *workspaces[] = {&to->now.workspace, &to->before.workspace};
    for (int i = 0; i < 2; i++)
        graph_build(&to->graphs[i], &workspaces[i]->projects[0], &workspaces[i]->interner,
                    &graph_options, &to->arena);
    state_build(&to->state, workspaces[0], &to->graphs[0], &to->arena);
    registry_read(&to->registry, workspaces[0], &to->state, &to->arena);
    to->analysis = (Analysis){&to->state, &to->registry, &to->drift};
    graph_compare(&to->comparison, &(GraphVersion){workspaces[0], &to->graphs[0]},
                  &(GraphVersion){workspaces[1], &to->graphs[1]}, &to->arena);
    PictureSource source = {workspaces[0], &workspaces[0]->projects[0], &to->analysis, NULL,
                            &to->comparison};
    assert_true(picture_make(&source, options, &to->arena, &to->picture, &err));
}

static void put_compared_away(Compared *to)
{
    registry_free(&to->registry);
    state_free(&to->state);
    workspace_close(&to->now.workspace);
    workspace_close(&to->before.workspace);
    shared_facts_free(to->shared);
    arena_free(&to->arena);
}

static const PictureNode *drawn_as(const Compared *compared, const char *id)
{
    for (uint32_t i = 0; i < compared->picture.node_count; i++)
        if (str_eq(compared->picture.nodes[i].id, str(id)))
            return &compared->picture.nodes[i];
    fail_msg("%s is not drawn", id);
    return NULL;
}

static const PictureEdge *edge_between(const Compared *compared, const char *child,
                                       const char *parent)
{
    const Picture *picture = &compared->picture;
    for (uint32_t i = 0; i < picture->edge_count; i++)
        if (&picture->nodes[picture->edges[i].child] == drawn_as(compared, child) &&
            &picture->nodes[picture->edges[i].parent] == drawn_as(compared, parent))
            return &picture->edges[i];
    fail_msg("no edge from %s to %s", child, parent);
    return NULL;
}

#define BLOG(name) "blog/migrations/" name ".py"

/* 0001 … 0005 in a row; 0002 does something else now, 0004 is gone, and 0005 hangs on 0003. */
static void what_differs_is_marked(void **unused)
{
    (void)unused;
    const MemoryFile before[] = {
        FILE_OF("manage.py", ""),
        FILE_OF(BLOG("__init__"), ""),
        FILE_OF(BLOG("0001_a"), MIGRATION("", "")),
        FILE_OF(BLOG("0002_b"), MIGRATION("('blog', '0001_a')", "")),
        FILE_OF(BLOG("0003_c"), MIGRATION("('blog', '0002_b')", "")),
        FILE_OF(BLOG("0004_d"), MIGRATION("('blog', '0003_c')", "")),
        FILE_OF(BLOG("0005_e"), MIGRATION("('blog', '0004_d')", "")),
    };
    const MemoryFile now[] = {
        before[0],
        before[1],
        FILE_OF(BLOG("0001_a"), "# only this\n" MIGRATION("", "")),
        FILE_OF(BLOG("0002_b"), MIGRATION("('blog', '0001_a')", "migrations.RunSQL('')")),
        before[4],
        FILE_OF(BLOG("0005_e"), MIGRATION("('blog', '0003_c')", "")),
    };
    Compared compared;
    compare(&compared, before, 7, now, 6, &(PictureOptions){0});
    const uint32_t counts[GRAPH_CHANGES] = {2, 0, 2, 1};
    assert_memory_equal(compared.comparison.counts, counts, sizeof counts);
    assert_int_equal(compared.picture.node_count, 5);
    assert_true(drawn_as(&compared, "blog.0001_a")->marks & MARK_CONTEXT);
    assert_int_equal(drawn_as(&compared, "blog.0001_a")->change, GRAPH_UNCHANGED);
    assert_int_equal(drawn_as(&compared, "blog.0002_b")->change, GRAPH_EDITED);
    assert_int_equal(drawn_as(&compared, "blog.0003_c")->change, GRAPH_UNCHANGED);
    assert_int_equal(drawn_as(&compared, "blog.0004_d")->change, GRAPH_REMOVED);
    assert_int_equal(drawn_as(&compared, "blog.0005_e")->change, GRAPH_EDITED);
    /* Only what is there now has ends. */
    unsigned ends = MARK_LEAF | MARK_CONFLICT;
    assert_int_equal(drawn_as(&compared, "blog.0004_d")->marks & ends, 0);
    assert_int_equal(drawn_as(&compared, "blog.0005_e")->marks & ends, MARK_LEAF);
    assert_int_equal(edge_between(&compared, "blog.0002_b", "blog.0001_a")->change,
                     GRAPH_UNCHANGED);
    assert_int_equal(edge_between(&compared, "blog.0004_d", "blog.0003_c")->change, GRAPH_REMOVED);
    assert_int_equal(edge_between(&compared, "blog.0005_e", "blog.0004_d")->change, GRAPH_REMOVED);
    assert_int_equal(edge_between(&compared, "blog.0005_e", "blog.0003_c")->change, GRAPH_ADDED);
    assert_int_equal(compared.picture.edge_count, 5);
    put_compared_away(&compared);
}

/* What is gone and what is new stand together each by themselves, in segments too. */
static void changes_are_not_mixed(void **unused)
{
    (void)unused;
    const MemoryFile before[] = {
        FILE_OF("manage.py", ""),
        FILE_OF(BLOG("__init__"), ""),
        FILE_OF(BLOG("0001_a"), MIGRATION("", "")),
        FILE_OF(BLOG("0002_b"), MIGRATION("('blog', '0001_a')", "")),
        FILE_OF(BLOG("0003_c"), MIGRATION("('blog', '0002_b')", "")),
        FILE_OF(BLOG("0004_d"), MIGRATION("('blog', '0003_c')", "")),
    };
    const MemoryFile now[] = {
        before[0],
        before[1],
        before[2],
        FILE_OF(BLOG("0002_x"), MIGRATION("('blog', '0001_a')", "")),
        FILE_OF(BLOG("0003_y"), MIGRATION("('blog', '0002_x')", "")),
        FILE_OF(BLOG("0004_z"), MIGRATION("('blog', '0003_y')", "")),
    };
    const Collapse ways[] = {COLLAPSE_RUNS, COLLAPSE_SEGMENTS};
    for (int i = 0; i < 2; i++) {
        Compared compared;
        compare(&compared, before, 6, now, 6, &(PictureOptions){.collapse = ways[i]});
        assert_int_equal(compared.picture.node_count, 3);
        assert_int_equal(drawn_as(&compared, "blog.0002_b")->changes[GRAPH_REMOVED], 3);
        assert_int_equal(drawn_as(&compared, "blog.0002_x")->changes[GRAPH_ADDED], 3);
        assert_int_equal(drawn_as(&compared, "blog.0001_a")->change, GRAPH_UNCHANGED);
        put_compared_away(&compared);
    }
}

/* ---- colours ---- */

/* Relative luminance and contrast as WCAG 2.1 defines them. */
static double luminance(const char *color)
{
    static const double weights[] = {0.2126, 0.7152, 0.0722};
    unsigned long rgb = strtoul(color + 1, NULL, 16);
    double sum = 0;
    for (int i = 0; i < 3; i++) {
        double value = (double)(rgb >> (16 - 8 * i) & 0xff) / 255;
        sum += weights[i] * (value <= 0.03928 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4));
    }
    return sum;
}

static double contrast(const char *one, const char *other)
{
    double a = luminance(one), b = luminance(other);
    return (fmax(a, b) + 0.05) / (fmin(a, b) + 0.05);
}

static void colours_can_be_read(void **state)
{
    (void)state;
    const double text = 4.5, shape = 3; /* WCAG 1.4.3 and 1.4.11 */
    assert_true(fabs(contrast("#000000", "#ffffff") - 21) < 0.01);
    for (unsigned app = 0; app <= PALETTE_APPS; app++) {
        Colors light = palette_colors(app, false), dark = palette_colors(app, true);
        assert_true(contrast(PALETTE_TEXT, light.fill) >= text);
        assert_true(contrast(light.line, "#ffffff") >= text); /* the label of an app */
        assert_true(contrast(light.line, light.fill) >= shape);
        assert_true(contrast(dark.line, dark.fill) >= shape);
        assert_true(contrast(dark.line, "#16181c") >= text);
    }
    for (GraphChange change = GRAPH_ADDED; change < GRAPH_CHANGES; change++) {
        Colors colors = palette_change(change);
        assert_true(contrast(PALETTE_TEXT, colors.fill) >= text);
        assert_true(contrast(colors.line, "#ffffff") >= text);
    }
    assert_true(contrast(PALETTE_ERROR, "#ffffff") >= text);
    assert_true(contrast(PALETTE_WARNING, "#ffffff") >= text);
    assert_true(contrast(PALETTE_MUTED, "#ffffff") >= text);
    assert_true(contrast(PALETTE_MUTED, "#16181c") >= shape);
    assert_true(contrast(PALETTE_ERROR, "#16181c") >= shape);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dot_is_the_graph),      cmocka_unit_test(long_chains_collapse),
        cmocka_unit_test(colours_can_be_read),   cmocka_unit_test(what_differs_is_marked),
        cmocka_unit_test(changes_are_not_mixed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
