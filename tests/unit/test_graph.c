/* The facts of Django's own tests of its graph and loader. */

#include "graph_builder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static const char *plan_of(ProjectBuilder *b, const char *key)
{
    return show(b, graph_forwards_plan(&b->graph, at(b, key), &b->arena));
}

static const char *full_plan(ProjectBuilder *b)
{
    return show(b, graph_plan(&b->graph, &b->arena));
}

static const char *cycles_of(ProjectBuilder *b)
{
    Cycles cycles = graph_cycles(&b->graph, &b->arena);
    Str text = S("");
    for (uint32_t i = 0; i < cycles.count; i++)
        text = arena_printf(&b->arena, "%.*s%s%s", STR_ARG(text), i ? " / " : "",
                            show(b, cycles.items[i]));
    return text.ptr ? text.ptr : "";
}

static void test_simple_graph(void **state)
{
    (void)state;
    ProjectBuilder b = {0};
    add(&b, "a.1", "", "", "");
    add(&b, "a.2", "a.1", "", "");
    add(&b, "a.3", "a.2 b.2", "", "");
    add(&b, "a.4", "a.3", "", "");
    add(&b, "b.1", "", "", "");
    add(&b, "b.2", "b.1", "", "");
    build(&b, 502);
    assert_string_equal(plan_of(&b, "a.1"), "a.1");
    assert_string_equal(plan_of(&b, "b.2"), "b.1 b.2");
    assert_string_equal(plan_of(&b, "a.4"), "b.1 b.2 a.1 a.2 a.3 a.4");
    assert_string_equal(show_ends(&b, false), "a.1 b.1");
    assert_string_equal(show_ends(&b, true), "a.4 b.2");
    assert_string_equal(cycles_of(&b), "");
    NodeSet below = graph_descendants(&b.graph, at(&b, "b.2"), &b.arena);
    assert_true(nodeset_has(&below, at(&b, "a.3")) && nodeset_has(&below, at(&b, "a.4")));
    assert_false(nodeset_has(&below, at(&b, "a.2")) || nodeset_has(&below, at(&b, "b.2")));
    NodeSet above = graph_ancestors(&b.graph, at(&b, "a.3"), &b.arena);
    assert_true(nodeset_has(&above, at(&b, "a.1")) && nodeset_has(&above, at(&b, "b.1")));
    assert_false(nodeset_has(&above, at(&b, "a.4")));
    builder_free(&b);
}

static void test_complex_graph(void **state)
{
    (void)state;
    ProjectBuilder b = {0};
    add(&b, "a.1", "", "", "");
    add(&b, "a.2", "a.1", "", "");
    add(&b, "a.3", "a.2 b.2", "", "");
    add(&b, "a.4", "a.3 c.2", "", "");
    add(&b, "b.1", "", "", "");
    add(&b, "b.2", "b.1", "", "");
    add(&b, "c.1", "b.1", "", "");
    add(&b, "c.2", "c.1 a.2", "", "");
    build(&b, 502);
    assert_string_equal(plan_of(&b, "c.2"), "b.1 c.1 a.1 a.2 c.2");
    assert_string_equal(plan_of(&b, "a.4"), "b.1 c.1 a.1 a.2 c.2 b.2 a.3 a.4");
    assert_string_equal(show_ends(&b, false), "a.1 b.1 c.1");
    assert_string_equal(show_ends(&b, true), "a.4 b.2 c.2");
    builder_free(&b);
}

static void test_cycles(void **state)
{
    (void)state;
    ProjectBuilder b = {0};
    add(&b, "a.1", "", "", "");
    add(&b, "a.2", "a.1 b.2", "", "");
    add(&b, "a.3", "a.2", "", "");
    add(&b, "b.1", "a.3", "", "");
    add(&b, "b.2", "b.1", "", "");
    add(&b, "c.1", "c.1", "", "");
    add(&b, "d.1", "e.1", "", "");
    add(&b, "e.1", "d.1", "", "");
    add(&b, "f.1", "e.1", "", "");
    build(&b, 502);
    assert_string_equal(cycles_of(&b), "a.2 a.3 b.1 b.2 / c.1 / d.1 e.1");
    Path path = graph_path(&b.graph, at(&b, "a.3"), at(&b, "a.3"), &b.arena);
    assert_int_equal(path.count, 4);
    assert_int_equal(b.graph.edges[path.edges[0]].child, at(&b, "a.3"));
    assert_int_equal(b.graph.edges[path.edges[3]].parent, at(&b, "a.3"));
    assert_int_equal(graph_path(&b.graph, at(&b, "c.1"), at(&b, "c.1"), &b.arena).count, 1);
    assert_int_equal(graph_path(&b.graph, at(&b, "a.1"), at(&b, "a.3"), &b.arena).count, 0);
    assert_int_equal(graph_path(&b.graph, at(&b, "f.1"), at(&b, "d.1"), &b.arena).count, 2);
    /* Back edges are left out: what some leaf needs is planned once. */
    assert_int_equal(graph_plan(&b.graph, &b.arena).count, 8); /* all but c.1, its own child */
    builder_free(&b);
}

static void test_long_chain(void **state)
{
    (void)state;
    enum { LENGTH = 100000 };
    ProjectBuilder b = {0};
    char key[32], parent[32];
    for (int i = 1; i <= LENGTH; i++) {
        snprintf(key, sizeof key, "a.%06d", i);
        snprintf(parent, sizeof parent, "a.%06d", i - 1);
        add(&b, key, i > 1 ? parent : "", "", "");
    }
    build(&b, 502);
    Nodes plan = graph_plan(&b.graph, &b.arena);
    assert_int_equal(plan.count, LENGTH);
    for (uint32_t i = 0; i < LENGTH; i++)
        assert_int_equal(plan.items[i], i);
    assert_int_equal(graph_path(&b.graph, LENGTH - 1, 0, &b.arena).count, LENGTH - 1);
    builder_free(&b);
}

static void test_diamonds(void **state)
{
    (void)state;
    ProjectBuilder b = {0};
    char key[32], parents[64];
    for (int i = 1; i <= 50; i++) {
        snprintf(key, sizeof key, "a.%d", i);
        snprintf(parents, sizeof parents, i > 1 ? "b.%d c.%d" : "", i - 1, i - 1);
        add(&b, key, parents, "", "");
        snprintf(parents, sizeof parents, "a.%d", i);
        for (const char *app = "bc"; i < 50 && *app; app++) {
            snprintf(key, sizeof key, "%c.%d", *app, i);
            add(&b, key, parents, "", "");
        }
    }
    build(&b, 502);
    Nodes plan = graph_forwards_plan(&b.graph, at(&b, "a.50"), &b.arena);
    assert_int_equal(plan.count, 148);
    plan.count = 7;
    assert_string_equal(show(&b, plan), "a.1 c.1 b.1 a.2 c.2 b.2 a.3");
    builder_free(&b);
}

static void test_missing_nodes(void **state)
{
    (void)state;
    ProjectBuilder b = {0};
    add(&b, "a.1", "", "", "");
    add(&b, "a.2", "a.1", "b.9", "");
    add(&b, "b.1", "", "", "");
    add(&b, "b.2", "a.3", "", "");
    add(&b, "b.3", "other.1 ?a.8", "", "");
    build(&b, 502);
    assert_string_equal(show_flagged(&b, NODE_MISSING, 0), "a.3 b.9");
    assert_string_equal(show_edges(&b), "a.2<a.1 b.2<a.3 b.9<a.2");
    assert_int_equal(at(&b, "a.8"), NODE_NONE);
    assert_int_equal(at(&b, "other.1"), NODE_NONE);
    assert_int_equal(b.graph.unresolved_count, 0);
    /* Missing nodes are neither roots nor leaves nor planned. */
    assert_string_equal(show_ends(&b, true), "a.2 b.1 b.2 b.3");
    assert_string_equal(show_ends(&b, false), "a.1 b.1 b.2 b.3");
    assert_string_equal(full_plan(&b), "a.1 a.2 b.1 b.2 b.3");
    builder_free(&b);
}

static void test_missing_parent_keeps_its_place(void **state)
{
    (void)state;
    ProjectBuilder b = {0};
    add(&b, "a.1", "", "", "");
    add(&b, "a.3", "a.2", "", "");
    build(&b, 502);
    assert_string_equal(show_ends(&b, true), "a.1 a.3");
    assert_string_equal(show_ends(&b, false), "a.1"); /* a.3 has a parent, though a missing one */
    builder_free(&b);
}

static void test_what_cannot_be_known_missing(void **state)
{
    (void)state;
    ProjectBuilder b = {0};
    add_app(&b, "borrowed", PACKAGE_MIGRATED, APP_BORROWED);
    add_app(&b, "auth", PACKAGE_MIGRATED, APP_CONTRIB);
    add_app(&b, "unmigrated", PACKAGE_NONE, APP_OWN);
    add(&b, "a.1", "borrowed.7 auth.99 unmigrated.1 b.5", "", "");
    add(&b, "b.1_squashed", "", "", "b.1 ...");
    build(&b, 502);
    assert_string_equal(show_flagged(&b, NODE_MISSING, NODE_UNKNOWABLE), "auth.99 unmigrated.1");
    assert_string_equal(show_flagged(&b, NODE_UNKNOWABLE, 0), "b.5 borrowed.7");
    assert_string_equal(show_flagged(&b, NODE_EXTERNAL, 0), "auth.99 borrowed.7");
    builder_free(&b);
}

static void test_run_before(void **state)
{
    (void)state;
    ProjectBuilder b = {0};
    add(&b, "m.0001", "", "", "");
    add(&b, "m.0002", "m.0001", "", "");
    add(&b, "m.0003", "m.0001", "m.0002", "");
    build(&b, 502);
    assert_string_equal(full_plan(&b), "m.0001 m.0003 m.0002");
    assert_string_equal(show_ends(&b, true), "m.0002");
    assert_int_equal(b.graph.edges[1].kind, EDGE_RUN_BEFORE);
    assert_int_equal(b.graph.edges[1].origin, 2);
    builder_free(&b);
}

static void test_first_and_latest(void **state)
{
    (void)state;
    ProjectBuilder b = {0};
    add(&b, "migrations.second", "migrations.thefirst migrations2.0002_second", "", "");
    add(&b, "migrations.thefirst", "", "", "");
    add(&b, "migrations2.0001_initial", "migrations.__first__", "", "");
    add(&b, "migrations2.0002_second", "migrations2.0001_initial migrations.__first__", "", "");
    add(&b, "z.1", "migrations.__latest__ $migrations2 $", "", "");
    add(&b, "z.2", "z.1 z.__first__ $z", "", "");
    build(&b, 502);
    assert_string_equal(plan_of(&b, "migrations.second"),
                        "migrations.thefirst migrations2.0001_initial migrations2.0002_second "
                        "migrations.second");
    assert_true(strstr(show_edges(&b), "z.1<migrations.second z.1<migrations2.0001_initial"));
    assert_true(strstr(show_edges(&b), "z.2<z.1"));
    assert_int_equal(b.graph.unresolved_count, 0);
    builder_free(&b);
}

static void test_unresolved(void **state)
{
    (void)state;
    ProjectBuilder b = {0};
    add_app(&b, "bare", PACKAGE_NONE, APP_OWN);
    add_app(&b, "empty", PACKAGE_MIGRATED, APP_OWN);
    add(&b, "a.1", "gone.__first__ bare.__latest__ empty.__first__ ?gone.__first__", "", "");
    add(&b, "a.2", "a.1", "gone.__first__ a.__first__", "");
    build(&b, 502);
    assert_int_equal(b.graph.edge_count, 1);
    assert_int_equal(b.graph.unresolved_count, 4);
    assert_int_equal(b.graph.unresolved[0].why, UNRESOLVED_UNKNOWN_APP);
    assert_int_equal(b.graph.unresolved[1].why, UNRESOLVED_UNMIGRATED_APP);
    assert_int_equal(b.graph.unresolved[2].why, UNRESOLVED_NO_NODES);
    assert_int_equal(b.graph.unresolved[2].dependency, 2);
    assert_int_equal(b.graph.unresolved[3].kind, EDGE_RUN_BEFORE);
    builder_free(&b);
}

/* Ends are those of the moment: of missing nodes too, and after what run_before added so far. */
static void test_first_follows_the_order_of_loading(void **state)
{
    (void)state;
    ProjectBuilder b = {0};
    add(&b, "a.1", "z.__first__", "", "");
    add(&b, "b.1", "z.0", "", ""); /* brings the missing z.0, from then on the first root */
    add(&b, "c.1", "z.__first__ z.__latest__", "", "");
    add(&b, "z.1", "", "", "");
    add(&b, "z.2", "z.1", "", "");
    add(&b, "y.1", "", "", "");
    add(&b, "y.2", "", "y.1", ""); /* y.1 is a root until this is reached */
    add(&b, "x.1", "y.__first__", "", "");
    add(&b, "z.3", "y.__first__ z.2", "", "");
    build(&b, 502);
    assert_string_equal(show_edges(&b), "a.1<z.1 b.1<z.0 c.1<z.0 x.1<y.1 y.1<y.2 z.2<z.1 z.3<y.2 "
                                        "z.3<z.2");
    builder_free(&b);
}

/* INSTALLED_APPS decides who comes first: here b.1 asks before c.1 brings the missing z.0. */
static void test_order_of_installed_apps(void **state)
{
    (void)state;
    for (uint32_t reversed = 0; reversed < 2; reversed++) {
        ProjectBuilder b = {0};
        add(&b, "b.1", "z.__first__", "", "");
        add(&b, "c.1", "z.0", "", "");
        add(&b, "z.1", "", "", "");
        b.apps.items[0].load_order = reversed ? 2 : 1;
        b.apps.items[1].load_order = reversed ? 1 : 2;
        build(&b, 502);
        assert_string_equal(show_edges(&b), reversed ? "b.1<z.0 c.1<z.0" : "b.1<z.1 c.1<z.0");
        builder_free(&b);
    }
}

static void test_latest_of_the_own_app_is_a_name(void **state)
{
    (void)state;
    ProjectBuilder b = {0};
    add(&b, "a.1", "", "", "");
    add(&b, "a.2", "a.1 a.__latest__", "", "");
    add(&b, "b.1", "a.__latest__", "", "");
    build(&b, 502);
    assert_string_equal(show_flagged(&b, NODE_MISSING, 0), "a.__latest__");
    assert_string_equal(show_edges(&b), "a.2<a.1 a.2<a.__latest__ b.1<a.__latest__");
    builder_free(&b);
}

static void test_namespace_package_is_not_loaded(void **state)
{
    (void)state;
    ProjectBuilder b = {0};
    add_app(&b, "n", PACKAGE_NAMESPACE, APP_OWN);
    add(&b, "n.1", "", "", "");
    add(&b, "a.1", "n.1 n.__first__", "", "");
    build(&b, 502);
    assert_string_equal(show_flagged(&b, NODE_MISSING, 0), "n.1");
    assert_int_equal(b.graph.node_of[1], NODE_NONE);
    assert_int_equal(b.graph.unresolved[0].why, UNRESOLVED_UNMIGRATED_APP);
    builder_free(&b);
}

static void test_several_apps(void **state)
{
    (void)state;
    ProjectBuilder b = {0};
    add(&b, "a.0001", "", "", "");
    add(&b, "a.0002", "a.0001", "", "");
    add(&b, "a.0003", "a.0002 b.0002", "", "");
    add(&b, "a.0004", "a.0003", "", "");
    add(&b, "b.0001", "", "", "");
    add(&b, "b.0002", "b.0001 a.0002", "", "");
    add(&b, "b.0003", "b.0002 a.0004", "", "");
    add(&b, "c.0001", "", "", "");
    add(&b, "c.0002", "c.0001 a.0002", "", "");
    add(&b, "c.0003", "c.0002 b.0003", "", "");
    build(&b, 502);
    assert_string_equal(show_ends(&b, true), "a.0004 b.0003 c.0003");
    assert_string_equal(full_plan(&b), "b.0001 a.0001 a.0002 b.0002 a.0003 a.0004 b.0003 c.0001 "
                                       "c.0002 c.0003");
    builder_free(&b);
}

static void test_maybe_edges(void **state)
{
    (void)state;
    ProjectBuilder b = {0};
    add(&b, "a.1", "?a.2", "", "");
    add(&b, "a.2", "a.1 ?a.9", "", "");
    add(&b, "a.3", "?a.2 a.2", "", "");
    build(&b, 502);
    assert_string_equal(show_edges(&b), "a.1<a.2 a.2<a.1 a.3<a.2");
    assert_string_equal(cycles_of(&b), "");
    assert_false(b.graph.edges[2].maybe);
    assert_int_equal(b.graph.edges[2].dependency, 1);
    assert_int_equal(graph_path(&b.graph, at(&b, "a.1"), at(&b, "a.2"), &b.arena).count, 0);
    assert_int_equal(graph_plan(&b.graph, &b.arena).count, 3);
    builder_free(&b);
}

static void test_nothing(void **state)
{
    (void)state;
    ProjectBuilder b = {0};
    build(&b, 502);
    assert_int_equal(b.graph.node_count, 0);
    assert_int_equal(graph_plan(&b.graph, &b.arena).count, 0);
    assert_int_equal(graph_cycles(&b.graph, &b.arena).count, 0);
    assert_int_equal(graph_node(&b.graph, 1, 1), NODE_NONE);
    builder_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_simple_graph),
        cmocka_unit_test(test_complex_graph),
        cmocka_unit_test(test_cycles),
        cmocka_unit_test(test_long_chain),
        cmocka_unit_test(test_diamonds),
        cmocka_unit_test(test_missing_nodes),
        cmocka_unit_test(test_missing_parent_keeps_its_place),
        cmocka_unit_test(test_what_cannot_be_known_missing),
        cmocka_unit_test(test_run_before),
        cmocka_unit_test(test_first_and_latest),
        cmocka_unit_test(test_unresolved),
        cmocka_unit_test(test_first_follows_the_order_of_loading),
        cmocka_unit_test(test_order_of_installed_apps),
        cmocka_unit_test(test_latest_of_the_own_app_is_a_name),
        cmocka_unit_test(test_namespace_package_is_not_loaded),
        cmocka_unit_test(test_several_apps),
        cmocka_unit_test(test_maybe_edges),
        cmocka_unit_test(test_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
