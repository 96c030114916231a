/* Squashes with nothing applied, as Django 5.2 and 6.0 carry them out. */

#include "graph_builder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static const char *full_plan(ProjectBuilder *b)
{
    return show(b, graph_plan(&b->graph, &b->arena));
}

static void test_replaced_and_replacing(void **state)
{
    (void)state;
    ProjectBuilder b = {0};
    add(&b, "m.0001", "", "", "");
    add(&b, "m.0002", "m.0001", "", "");
    add(&b, "m.0001_squashed_0002", "", "", "m.0001 m.0002");
    add(&b, "m.0003", "m.0002", "", "");
    build(&b, 502);
    assert_string_equal(full_plan(&b), "m.0001_squashed_0002 m.0003");
    assert_string_equal(show_edges(&b), "m.0003<m.0001_squashed_0002");
    assert_string_equal(show_flagged(&b, NODE_REPLACED, 0), "m.0001 m.0002");
    assert_int_equal(at(&b, "m.0002"), NODE_NONE);
    assert_int_equal(b.graph.declared_count, 2);
    /* The edge remembers that 0003 wrote it. */
    const Edge *edge = &b.graph.edges[0];
    assert_int_equal(edge->origin, b.graph.nodes[at(&b, "m.0003")].migration);
    assert_string_equal(sym_str(&b.interner, graph_edge_dependency(&b.graph, edge)->name).ptr,
                        "0002");
    builder_free(&b);
}

/* Names that a squash took over from files long gone are not missing. */
static void test_originals_are_gone(void **state)
{
    (void)state;
    ProjectBuilder b = {0};
    add(&b, "m.1", "", "", "");
    add(&b, "m.2", "m.1", "", "");
    add(&b, "m.3_squashed_5", "m.2", "", "m.3 m.4 m.5");
    add(&b, "m.6", "m.5", "", "");
    add(&b, "m.7", "m.6", "", "");
    add(&b, "o.1", "m.4 m.__first__", "", "");
    add(&b, "o.2", "o.1 ?m.4", "", "");
    build(&b, 502);
    assert_string_equal(show_flagged(&b, NODE_MISSING, 0), "");
    assert_string_equal(show_edges(&b), "m.2<m.1 m.3_squashed_5<m.2 m.6<m.3_squashed_5 m.7<m.6 "
                                        "o.1<m.1 o.1<m.3_squashed_5 o.2<m.3_squashed_5 o.2<o.1");
    builder_free(&b);
}

static void test_dummies_are_replaced(void **state)
{
    (void)state;
    ProjectBuilder b = {0};
    add(&b, "a.1_sq_2", "", "", "a.1 a.2");
    add(&b, "b.1", "a.2", "", "");
    add(&b, "c.1", "", "a.1", "");
    build(&b, 502);
    assert_string_equal(show_edges(&b), "a.1_sq_2<c.1 b.1<a.1_sq_2");
    assert_string_equal(show_flagged(&b, NODE_REPLACED, 0), "a.1 a.2");
    assert_string_equal(show_flagged(&b, NODE_MISSING, 0), "");
    builder_free(&b);
}

static void test_first_with_a_squash(void **state)
{
    (void)state;
    ProjectBuilder b = {0};
    add(&b, "a.0001_initial", "", "", "");
    add(&b, "a.0001_squashed_0002_x", "", "", "a.0001_initial a.0002_x");
    add(&b, "a.0002_x", "a.0001_initial", "", "");
    add(&b, "b.1", "a.__first__", "", "");
    build(&b, 502);
    assert_string_equal(show_edges(&b), "b.1<a.0001_squashed_0002_x");
    builder_free(&b);
}

static void test_several_apps(void **state)
{
    (void)state;
    for (unsigned django = 502; django <= 600; django += 98) {
        ProjectBuilder b = {0};
        add(&b, "app1.1_auto", "", "", "");
        add(&b, "app1.2_auto", "app1.1_auto", "", "");
        add(&b, "app1.3_auto", "app1.2_auto app2.2_auto", "", "");
        add(&b, "app1.2_squashed_3", "app1.1_auto app2.1_squashed_2", "",
            "app1.2_auto app1.3_auto");
        add(&b, "app1.4_auto", "app1.2_squashed_3", "", "");
        add(&b, "app2.1_auto", "app1.1_auto", "", "");
        add(&b, "app2.2_auto", "app2.1_auto", "", "");
        add(&b, "app2.1_squashed_2", "app1.1_auto", "", "app2.1_auto app2.2_auto");
        build(&b, django);
        assert_string_equal(full_plan(&b),
                            "app1.1_auto app2.1_squashed_2 app1.2_squashed_3 app1.4_auto");
        builder_free(&b);
    }
}

static void test_squash_that_closes_a_cycle(void **state)
{
    (void)state;
    ProjectBuilder b = {0};
    add(&b, "a.1", "", "", "");
    add(&b, "b.1", "c.2", "", "");
    add(&b, "b.2", "b.1 a.1", "", "");
    add(&b, "c.1", "", "", "");
    add(&b, "c.2", "c.1", "", "");
    add(&b, "c.1_squashed_2", "b.2", "", "c.1 c.2");
    build(&b, 502);
    Cycles cycles = graph_cycles(&b.graph, &b.arena);
    assert_int_equal(cycles.count, 1);
    assert_string_equal(show(&b, cycles.items[0]), "b.1 b.2 c.1_squashed_2");
    builder_free(&b);
}

/* A squash that depends on what it replaces ends up depending on itself. */
static void test_squash_that_needs_what_it_replaces(void **state)
{
    (void)state;
    ProjectBuilder b = {0};
    add(&b, "a.1", "", "", "");
    add(&b, "a.1_squashed", "a.1", "", "a.1");
    build(&b, 502);
    assert_string_equal(show_edges(&b), "a.1_squashed<a.1_squashed");
    assert_int_equal(graph_cycles(&b.graph, &b.arena).count, 1);
    builder_free(&b);
}

static void add_double(ProjectBuilder *b)
{
    add(b, "m.0001_initial", "", "", "");
    add(b, "m.0002_auto", "m.0001_initial", "", "");
    add(b, "m.0003_squashed_0001_and_0002", "", "", "m.0001_initial m.0002_auto");
    add(b, "m.0004_auto", "m.0002_auto", "", "");
    add(b, "m.0005_squashed_0003_and_0004", "", "", "m.0003_squashed_0001_and_0002 m.0004_auto");
}

static void test_squash_of_a_squash(void **state)
{
    (void)state;
    for (unsigned django = 502; django <= 600; django += 98) {
        ProjectBuilder b = {0};
        add_double(&b);
        build(&b, django);
        assert_string_equal(full_plan(&b), "m.0005_squashed_0003_and_0004");
        assert_int_equal(b.graph.edge_count, 0);
        assert_int_equal(b.graph.squash_problem_count, 0);
        builder_free(&b);
    }
}

/* The outer squash comes first by name: 5.2 fails and leaves what the inner one
 * stands for, 6.0 takes the inner one first. */
static void test_inner_squash_gone(void **state)
{
    (void)state;
    for (unsigned django = 502; django <= 600; django += 98) {
        ProjectBuilder b = {0};
        add(&b, "m.0001", "", "", "");
        add(&b, "m.0002", "m.0001", "", "");
        add(&b, "m.a_outer", "", "", "m.b_inner m.0003");
        add(&b, "m.b_inner", "", "", "m.0001 m.0002");
        add(&b, "m.0003", "m.0002", "", "");
        add(&b, "m.0004", "m.0003", "", "");
        build(&b, django);
        assert_string_equal(full_plan(&b),
                            django == 502 ? "m.0001 m.0002 m.a_outer m.0004" : "m.a_outer m.0004");
        assert_int_equal(b.graph.squash_problem_count, django == 502);
        if (django == 502) {
            assert_int_equal(b.graph.squash_problems[0].why, SQUASH_INNER_GONE);
            assert_int_equal(b.graph.squash_problems[0].squash, 5);
        }
        builder_free(&b);
    }
}

static void test_squashes_in_a_loop(void **state)
{
    (void)state;
    for (unsigned django = 502; django <= 600; django += 98) {
        ProjectBuilder b = {0};
        add(&b, "m.1_auto", "", "", "");
        add(&b, "m.2_auto", "m.1_auto", "", "m.2_squashed");
        add(&b, "m.2_squashed", "m.1_auto", "", "m.2_auto");
        build(&b, django);
        assert_int_equal(b.graph.squash_problem_count, 1);
        assert_int_equal(b.graph.squash_problems[0].why,
                         django == 502 ? SQUASH_INNER_GONE : SQUASH_CYCLE);
        assert_string_equal(full_plan(&b), "m.1_auto m.2_auto");
        builder_free(&b);
    }
}

static void test_squash_of_itself(void **state)
{
    (void)state;
    for (unsigned django = 502; django <= 600; django += 98) {
        ProjectBuilder b = {0};
        add(&b, "m.1", "", "", "");
        add(&b, "m.2", "", "", "m.1 m.2");
        build(&b, django);
        assert_int_equal(b.graph.squash_problem_count, 1);
        assert_int_equal(b.graph.squash_problems[0].why,
                         django == 502 ? SQUASH_SELF : SQUASH_CYCLE);
        assert_string_equal(full_plan(&b), django == 502 ? "" : "m.2");
        builder_free(&b);
    }
}

/* The first in order gets it; no cycle arises. */
/* What a squash that took itself out depended on keeps it as a child. */
static void test_held_by_what_is_gone(void **state)
{
    (void)state;
    ProjectBuilder b = {0};
    add(&b, "m.1", "", "", "");
    add(&b, "m.2", "m.1", "", "");
    add(&b, "m.3", "m.2", "", "m.3 m.9");
    build(&b, 502);
    assert_string_equal(show_edges(&b), "m.2<m.1");
    assert_string_equal(show_ends(&b, true), "");
    assert_string_equal(full_plan(&b), "");
    builder_free(&b);
}

/* An app may be gone and its migrations live on in another one's squash. */
static void test_squash_of_an_unknown_app(void **state)
{
    (void)state;
    ProjectBuilder b = {0};
    add(&b, "a.1", "m.1 z.1", "m.2", "");
    add(&b, "n.1_squashed", "", "", "m.1 m.2 n.1");
    add(&b, "z.1", "?m.2", "", "");
    build(&b, 502);
    assert_string_equal(show_edges(&b), "a.1<n.1_squashed a.1<z.1 n.1_squashed<a.1 "
                                        "z.1<n.1_squashed");
    assert_string_equal(show_flagged(&b, NODE_MISSING, 0), "");
    assert_string_equal(show_ends(&b, true), "a.1 n.1_squashed z.1");
    builder_free(&b);
}

static void test_two_squashes_replace_one(void **state)
{
    (void)state;
    ProjectBuilder b = {0};
    add(&b, "app1.0001_initial", "", "", "");
    add(&b, "app1.0001_squashed_initial", "", "", "app1.0001_initial");
    add(&b, "app1.0002_initial", "app1.0001_initial app2.0001_initial", "", "");
    add(&b, "app1.0002_squashed_initial", "app1.0001_initial app2.0001_squashed_initial", "",
        "app1.0001_initial app1.0002_initial");
    add(&b, "app2.0001_initial", "app1.0001_initial", "", "");
    add(&b, "app2.0001_squashed_initial", "app1.0001_squashed_initial", "", "app2.0001_initial");
    build(&b, 502);
    assert_string_equal(full_plan(&b), "app1.0001_squashed_initial app2.0001_squashed_initial "
                                       "app1.0002_squashed_initial");
    assert_int_equal(graph_cycles(&b.graph, &b.arena).count, 0);
    builder_free(&b);
}

static void test_deep_nesting(void **state)
{
    (void)state;
    enum { DEPTH = 20000 };
    for (int outer_first = 0; outer_first < 2; outer_first++) {
        ProjectBuilder b = {0};
        char key[32], inner[32];
        add(&b, "m.a", "", "", "");
        add(&b, "m.b", "m.a", "", "");
        for (int i = 1; i <= DEPTH; i++) {
            int number = outer_first ? DEPTH - i : i;
            snprintf(key, sizeof key, "m.s%06d", number);
            snprintf(inner, sizeof inner, i == 1 ? "m.a" : "m.s%06d",
                     outer_first ? number + 1 : number - 1);
            add(&b, key, "", "", inner);
        }
        build(&b, outer_first ? 600 : 502);
        assert_string_equal(full_plan(&b), outer_first ? "m.s000000 m.b" : "m.s020000 m.b");
        builder_free(&b);
    }
}

/*
 * The same against a model that does what Django's code does, one set
 * operation at a time, on random projects.
 */

enum { APPS = 3, NAMES = 7, KEYS = APPS * NAMES };

typedef struct Naive {
    bool node[KEYS];
    bool edge[KEYS][KEYS]; /* [child][parent] */
    bool real[KEYS], listed[KEYS][KEYS];
    bool squash[KEYS], gone;
} Naive;

static uint32_t roll(uint32_t *seed, uint32_t sides)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % sides;
}

static void naive_link(Naive *naive, int child, int parent)
{
    naive->node[child] = naive->node[parent] = true;
    naive->edge[child][parent] = true;
}

/* Returns what `app.__first__` or `app.__latest__` is now, or -1. */
static int naive_end(const Naive *naive, int app, bool latest)
{
    for (int key = app * NAMES; key < (app + 1) * NAMES; key++) {
        bool inner = !naive->node[key];
        for (int other = app * NAMES; other < (app + 1) * NAMES; other++)
            inner = inner || (latest ? naive->edge[other][key] : naive->edge[key][other]);
        if (!inner)
            return key;
    }
    return -1;
}

static void naive_replace(Naive *naive, int squash)
{
    if (!naive->node[squash]) {
        naive->gone = true;
        return;
    }
    const bool *replaced = naive->listed[squash];
    for (int key = 0; key < KEYS; key++) {
        if (!replaced[key] || !naive->node[key])
            continue;
        naive->node[key] = false;
        for (int other = 0; other < KEYS; other++) {
            if (naive->edge[other][key] && !replaced[other])
                naive->edge[other][squash] = true;
            if (naive->edge[key][other] && !replaced[other])
                naive->edge[squash][other] = true;
            naive->edge[other][key] = naive->edge[key][other] = false;
        }
    }
}

typedef struct Plan {
    char dependencies[KEYS][256], before[KEYS][256], replaces[KEYS][256];
} Plan;

static void append(char *list, int key, const char *name)
{
    size_t len = strlen(list);
    if (name)
        snprintf(list + len, 256 - len, " %c.%s", 'a' + key / NAMES, name);
    else
        snprintf(list + len, 256 - len, " %c.%d", 'a' + key / NAMES, key % NAMES);
}

/* Django's steps on a random project, whose lists are written down for add(). */
static void naive_random(Naive *naive, Plan *plan, uint32_t *seed)
{
    uint32_t last[KEYS];
    for (int key = 0; key < KEYS; key++)
        naive->real[key] = naive->node[key] = roll(seed, 10) < 8;
    for (int key = 0; key < KEYS; key++)
        last[key] = roll(seed, 12);
    for (int key = 0; key < KEYS; key++) {
        if (!naive->real[key])
            continue;
        for (int other = key / NAMES * NAMES; other < (key / NAMES + 1) * NAMES; other++)
            if (roll(seed, 5) == 0) {
                append(plan->dependencies[key], other, NULL);
                naive_link(naive, key, other);
            }
    }
    for (int key = 0; key < KEYS; key++) {
        if (!naive->real[key])
            continue;
        int app = (int)roll(seed, APPS);
        if (app != key / NAMES && last[key] < 5) {
            bool latest = last[key] < 2;
            append(plan->dependencies[key], app * NAMES, latest ? "__latest__" : "__first__");
            int end = naive_end(naive, app, latest);
            if (end >= 0)
                naive_link(naive, key, end);
        }
        int outer = (int)roll(seed, KEYS);
        if (outer / NAMES != key / NAMES) {
            append(plan->dependencies[key], outer, NULL);
            naive_link(naive, key, outer);
        }
        if (last[key] > 9) {
            int child = (int)roll(seed, KEYS);
            append(plan->before[key], child, NULL);
            naive_link(naive, child, key);
        }
    }
}

static void naive_squashes(Naive *naive, Plan *plan, uint32_t *seed)
{
    for (int key = 0; key < KEYS; key++) {
        if (!naive->real[key] || roll(seed, 5))
            continue;
        naive->squash[key] = true;
        for (int count = 1 + (int)roll(seed, 3); count; count--) {
            int replaced = (int)roll(seed, KEYS);
            if (replaced == key)
                replaced = key ? key - 1 : 1;
            if (!naive->listed[key][replaced])
                append(plan->replaces[key], replaced, NULL);
            naive->listed[key][replaced] = true;
        }
    }
    for (int key = 0; key < KEYS; key++)
        if (naive->squash[key] && !naive->gone)
            naive_replace(naive, key);
}

static const char *naive_edges(const Naive *naive, Arena *arena)
{
    Str text = S("");
    for (int child = 0; child < KEYS; child++)
        for (int parent = 0; parent < KEYS; parent++)
            if (naive->edge[child][parent])
                text = arena_printf(arena, "%.*s%s%c.%d<%c.%d", STR_ARG(text), text.len ? " " : "",
                                    'a' + child / NAMES, child % NAMES, 'a' + parent / NAMES,
                                    parent % NAMES);
    return text.ptr;
}

static const char *naive_missing(const Naive *naive, Arena *arena)
{
    Str text = S("");
    for (int key = 0; key < KEYS; key++)
        if (naive->node[key] && !naive->real[key])
            text = arena_printf(arena, "%.*s%s%c.%d", STR_ARG(text), text.len ? " " : "",
                                'a' + key / NAMES, key % NAMES);
    return text.ptr;
}

static bool compare_with_naive(uint32_t seed)
{
    Naive *naive = calloc(1, sizeof *naive);
    Plan *plan = calloc(1, sizeof *plan);
    assert_true(naive && plan);
    naive_random(naive, plan, &seed);
    naive_squashes(naive, plan, &seed);
    ProjectBuilder b = {0};
    for (int app = 0; app < APPS; app++)
        add_app(&b, (char[]){(char)('a' + app), 0}, PACKAGE_MIGRATED, APP_OWN);
    for (int key = 0; key < KEYS; key++) {
        char name[8];
        snprintf(name, sizeof name, "%c.%d", 'a' + key / NAMES, key % NAMES);
        if (naive->real[key])
            add(&b, name, plan->dependencies[key], plan->before[key], plan->replaces[key]);
    }
    build(&b, 502);
    bool gone = naive->gone;
    assert_int_equal(b.graph.squash_problem_count != 0, gone);
    if (!gone) {
        assert_string_equal(show_edges(&b), naive_edges(naive, &b.arena));
        assert_string_equal(show_flagged(&b, NODE_MISSING, 0), naive_missing(naive, &b.arena));
    }
    builder_free(&b);
    free(naive);
    free(plan);
    return !gone;
}

static void test_random_projects(void **state)
{
    (void)state;
    uint32_t compared = 0;
    for (uint32_t seed = 1; seed <= 3000; seed++)
        compared += compare_with_naive(seed);
    assert_true(compared > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_replaced_and_replacing),
        cmocka_unit_test(test_originals_are_gone),
        cmocka_unit_test(test_dummies_are_replaced),
        cmocka_unit_test(test_first_with_a_squash),
        cmocka_unit_test(test_several_apps),
        cmocka_unit_test(test_squash_that_closes_a_cycle),
        cmocka_unit_test(test_squash_that_needs_what_it_replaces),
        cmocka_unit_test(test_squash_of_a_squash),
        cmocka_unit_test(test_inner_squash_gone),
        cmocka_unit_test(test_squashes_in_a_loop),
        cmocka_unit_test(test_squash_of_itself),
        cmocka_unit_test(test_held_by_what_is_gone),
        cmocka_unit_test(test_squash_of_an_unknown_app),
        cmocka_unit_test(test_two_squashes_replace_one),
        cmocka_unit_test(test_deep_nesting),
        cmocka_unit_test(test_random_projects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
