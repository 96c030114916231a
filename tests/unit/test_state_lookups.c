/* What the code of RunPython looks up, and whether it is there. */

#include "state_of.h"

#define HEAD                                                                                       \
    "import functools\nfrom django.conf import settings\n"                                         \
    "from django.db import migrations, models\n\n"
#define CLASS(dependencies, operations)                                                            \
    "\n\nclass Migration(migrations.Migration):\n    dependencies = [" dependencies                \
    "]\n    operations = [" operations "]\n"
#define ID "('id', models.AutoField(primary_key=True))"
#define RUN "migrations.RunPython(forwards)"

/* "a.pony a.cow:missing reverse:b.rider:missing-in-ancestors", in the order of operations. */
static const char *lookups_in(TestState *test)
{
    static const char *const answers[] = {"missing", "there", "unknown"};
    Str text = S("");
    for (uint32_t i = 0; i < test->state.lookup_count; i++) {
        const StateUse *use = &test->state.lookups[i];
        Str app = text_in(test, use->app), model = text_in(test, use->model);
        assert_int_equal(use->kind, USE_LOOKUP);
        text = arena_printf(&test->arena, "%.*s%s%s%.*s.%.*s", STR_ARG(text), i ? " " : "",
                            use->reverse ? "reverse:" : "", STR_ARG(app), STR_ARG(model));
        if (use->full != STATE_YES)
            text = arena_printf(&test->arena, "%.*s:%s", STR_ARG(text), answers[use->full]);
        else if (use->ancestors != STATE_YES)
            text = arena_printf(&test->arena, "%.*s:%s-in-ancestors", STR_ARG(text),
                                answers[use->ancestors]);
    }
    return arena_str(&test->arena, text).ptr;
}

/* Pony (with friends, a many-to-many) and Cow are there; then the file `second`, with _util.py. */
static void check_file(const char *second, const char *util, const char *expected)
{
    TestState test = {0};
    static const char first[] = HEAD CLASS(
        "", "migrations.CreateModel('Pony', [" ID ", ('Friends', models.ManyToManyField('self')),"
            " ('via', models.ManyToManyField('self', through='a.Cow'))]),"
            "migrations.CreateModel('Cow', [" ID "]),");
    const MemoryFile files[] = {
        {S("a/__init__.py"), S("")},
        {S("a/migrations/__init__.py"), S("")},
        {S("a/migrations/0001_one.py"), str(first)},
        {S("a/migrations/0002_two.py"), str(second)},
        {S("a/migrations/_util.py"), str(util)},
    };
    state_of(&test, files, 5);
    assert_string_equal(lookups_in(&test), expected);
    state_done(&test);
}

/* The lines stand before the class. */
static void check(const char *lines, const char *operations, const char *expected)
{
    char text[4000];
    snprintf(text, sizeof text, HEAD "%s" CLASS("('a', '0001_one')", "%s"), lines, operations);
    check_file(text, "", expected);
}

#define BODY(body) "def forwards(apps, schema_editor):\n    " body "\n"

static void names(void **state)
{
    (void)state;
    check(BODY("apps.get_model('a', 'Pony')"), RUN, "a.pony");
    check(BODY("apps.get_model('a.PONY')"), RUN, "a.pony");
    check(BODY("apps.get_model('a', 'Horse')"), RUN, "a.horse:missing");
    check(BODY("apps.get_model('A', 'Pony')"), RUN, "A.pony:unknown");
    check(BODY("apps.get_model('zoo', 'Pony')"), RUN, "zoo.pony:unknown");
    check(BODY("apps.get_model('Pony')"), RUN, "");
    check(BODY("apps.get_model('a', 'b.Pony')"), RUN, "");
    check(BODY("apps.get_model('a', 'P\xc3\xb6ny')"), RUN, "");
    check(BODY("apps.get_model('a', x)"), RUN, "");
    check("M = 'Horse'\n" BODY("apps.get_model('a', M)"), RUN, "a.horse:missing");
    check(BODY("apps.get_model('a', 'Pony_friends')"), RUN, "a.pony_friends");
    check(BODY("apps.get_model('a', 'pony_Friends')"), RUN, "a.pony_friends");
    check(BODY("apps.get_model('a', 'Pony_id')"), RUN, "a.pony_id:missing");
    check(BODY("apps.get_model('a', 'Pony_via')"), RUN, "a.pony_via:missing");
    check(BODY("apps.get_model('a', 'Cow_friends')"), RUN, "a.cow_friends:missing");
    check(BODY("apps.get_model(settings.AUTH_USER_MODEL)"), RUN, "auth.user:unknown");
}

static void points(void **state)
{
    (void)state;
    const char *horse = BODY("apps.get_model('a', 'Horse')");
    check(horse, RUN ", migrations.CreateModel('Horse', [" ID "])", "a.horse:missing");
    check(horse, "migrations.CreateModel('Horse', [" ID "]), " RUN, "a.horse");
    check(horse, "migrations.RenameModel('Pony', 'Horse'), " RUN, "a.horse");
    check(horse, "migrations.RenameModel('Pony', 'Horse'), migrations.DeleteModel('Horse'), " RUN,
          "a.horse:missing");
    check(horse, "Custom(), " RUN, "a.horse:unknown");
    check(BODY("apps.get_model('a', 'Pony_friends')"),
          "migrations.RemoveField('Pony', 'Friends'), " RUN, "a.pony_friends:unknown");
    check(BODY("apps.get_model('a', 'Pony_friends')"), "migrations.DeleteModel('Pony'), " RUN,
          "a.pony_friends:unknown");
    check(BODY("apps.get_model('a', 'Pony_friends'), apps.get_model('a', 'Horse_friends')"),
          "migrations.RenameModel('Pony', 'Horse'), " RUN,
          "a.pony_friends:unknown a.horse_friends");
    check(horse,
          "migrations.SeparateDatabaseAndState([" RUN "], [migrations.CreateModel('Horse', [" ID
          "]), " RUN "]), " RUN,
          "a.horse:missing a.horse");
    check(horse,
          "migrations.SeparateDatabaseAndState([migrations.CreateModel('Horse', [" ID "]), " RUN
          "], []), " RUN,
          "a.horse:missing");
    check(horse, "migrations.SeparateDatabaseAndState([migrations.RunSQL(''), " RUN "], [])",
          "a.horse:missing");
}

static void codes(void **state)
{
    (void)state;
    const char *both = "def f(x, y): x.get_model('a', 'F')\ndef g(x, y): x.get_model('a', 'G')\n";
    check(both, "migrations.RunPython(f, g)", "a.f:missing reverse:a.g:missing");
    check(both, "migrations.RunPython(reverse_code=g, code=f)", "a.f:missing reverse:a.g:missing");
    check(both, "migrations.RunPython(f, migrations.RunPython.noop)", "a.f:missing");
    check(both, "migrations.RunPython(f if x else g)", "");
    check(both, "*([migrations.RunPython(f)] if x else [])", "");
    check("", "migrations.RunPython(lambda apps, e: apps.get_model('a', 'L'))", "a.l:missing");
    check("def f(x, apps, e): apps.get_model('a', 'F')\n",
          "migrations.RunPython(functools.partial(f, 1))", "a.f:missing");
    check("def f(x, apps, e): apps.get_model('a', 'F')\n", "migrations.RunPython(f)", "");
    check("def f(*apps): apps.get_model('a', 'F')\n", "migrations.RunPython(f)", "");
    check("def f(e, *, apps): apps.get_model('a', 'F')\n", "migrations.RunPython(f)", "");
    check("@functools.wraps\n" BODY("apps.get_model('a', 'F')"), RUN, "");
    check("def f(apps, e): apps.get_model('a', 'F')\n",
          "migrations.RunPython(functools.partial(f, *x))", "");
}

static void calls(void **state)
{
    (void)state;
    const char *helper = "def helper(x, registry=None):\n    registry.get_model('a', 'H')\n"
                         "    forwards(registry, 1)\n";
    char text[1000];
    snprintf(text, sizeof text, "%s%s", helper, BODY("helper(1, apps)"));
    check(text, RUN, "a.h:missing");
    snprintf(text, sizeof text, "%s%s", helper, BODY("helper(registry=apps, x=1)"));
    check(text, RUN, "a.h:missing");
    snprintf(text, sizeof text, "%s%s", helper, BODY("helper(apps)"));
    check(text, RUN, "");
    snprintf(text, sizeof text, "%s%s", helper, BODY("if x: helper(1, apps)"));
    check(text, RUN, "");
    snprintf(text, sizeof text, "%s%s", helper, BODY("functools.partial(helper, 1)(apps)"));
    check(text, RUN, "");
    static const char second[] =
        HEAD "from a.migrations import _util\n" BODY("_util.helper(apps) # get_model")
            CLASS("('a', '0001_one')", RUN ", migrations.RunPython(_util.direct)");
    check_file(second,
               "def helper(x): x.get_model('a', 'H')\n"
               "def direct(x, y): x.get_model('a', 'D')\n",
               "a.h:missing a.d:missing");
}

/* A method of the class is a plain function to RunPython. */
static void methods(void **state)
{
    (void)state;
    check_file(HEAD "class Migration(migrations.Migration):\n"
                    "    dependencies = [('a', '0001_one')]\n"
                    "    def forwards(apps, e): apps.get_model('a', 'M')\n"
                    "    operations = [" RUN "]\n",
               "", "a.m:missing");
}

static void other_apps(void **state)
{
    (void)state;
    TestState test = {0};
    const MemoryFile files[] = {
        {S("a/migrations/__init__.py"), S("")},
        {S("a/migrations/0001_one.py"),
         S(MIGRATION("", "migrations.CreateModel('Pony', [" ID "])"))},
        {S("a/migrations/0002_two.py"),
         S(MIGRATION("('a', '0001_one')", "migrations.CreateModel('Cow', [" ID "])"))},
        {S("b/migrations/__init__.py"), S("")},
        {S("b/migrations/0001_one.py"),
         S(HEAD BODY("apps.get_model('a', 'Pony'); apps.get_model('a', 'Cow');"
                     "apps.get_model('c', 'Rider')") CLASS("('a', '0001_one')", RUN))},
        {S("c/migrations/__init__.py"), S("")},
        {S("c/migrations/0001_one.py"),
         S(MIGRATION("", "migrations.CreateModel('Rider', [" ID "])"))},
    };
    state_of(&test, files, 7);
    assert_string_equal(lookups_in(&test), "a.pony a.cow:missing-in-ancestors c.rider:missing");
    assert_int_not_equal(test.state.lookups[1].provider, EVENT_NONE);
    assert_int_not_equal(test.state.lookups[2].later, EVENT_NONE);
    state_done(&test);
}

/* Code that calls itself, or more than is followed, comes to an end. */
static void many(void **state)
{
    (void)state;
    check("def f(a): g(a)\ndef g(a): f(a); a.get_model('a', 'G')\n", "migrations.RunPython(f)",
          "a.g:missing");
    TestState test = {0};
    StrBuf text = {0};
    strbuf_printf(&text, HEAD "def f(apps, e):\n");
    for (int i = 0; i < 500; i++)
        strbuf_printf(&text, "    apps.get_model('a', 'M')\n");
    strbuf_printf(&text, "class Migration(migrations.Migration):\n    operations = [\n");
    for (int i = 0; i < 500; i++)
        strbuf_printf(&text, "        migrations.RunPython(f),\n");
    strbuf_printf(&text, "    ]\n");
    const MemoryFile files[] = {{S("a/migrations/__init__.py"), S("")},
                                {S("a/migrations/0001_one.py"), strbuf_str(&text)}};
    state_of(&test, files, 2);
    assert_int_equal(test.state.lookup_count, 2000);
    state_done(&test);
    strbuf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names), cmocka_unit_test(points),  cmocka_unit_test(codes),
        cmocka_unit_test(calls), cmocka_unit_test(methods), cmocka_unit_test(other_apps),
        cmocka_unit_test(many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
