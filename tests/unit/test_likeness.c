#include "state_of.h"

#include "models/drift.h"

/* Fields of two points of the history, compared as the autodetector does. */

typedef struct TestLikeness {
    TestState at;
    Registry registry;
    Arena arena;
    Likeness likeness;
} TestLikeness;

static void likeness_of_two(TestLikeness *test, const char *first, const char *second)
{
    state_of_two(&test->at, first, second);
    registry_read(&test->registry, &test->at.at.workspace, &test->at.state, &test->arena);
    test->likeness = likeness_start(&test->registry, &test->at.state);
}

static void likeness_done(TestLikeness *test)
{
    registry_free(&test->registry);
    arena_free(&test->arena);
    state_done(&test->at);
}

/* What the last operation made of a field, beside what it was before. */
static Truth compared(TestLikeness *test, Details *details)
{
    const State *state = &test->at.state;
    const StateField *versions[2] = {NULL, NULL};
    for (EventId id = 0; id < state->event_count; id++) {
        const StateField *field = state_event_field(state, id);
        if (field && field->name == sym_in(&test->at, "x")) {
            versions[0] = versions[1];
            versions[1] = field;
        }
    }
    assert_non_null(versions[0]);
    return likeness_of_fields(&test->likeness, versions[0], versions[1], details, &test->arena);
}

static void same_as(const char *before, const char *after, Truth expected, const char *detail)
{
    TestLikeness test = {0};
    Details details = {0};
    Str first = arena_printf(&test.arena, "migrations.CreateModel('M', [('x', %s)]),", before);
    Str second = arena_printf(&test.arena, "migrations.AlterField('m', 'x', %s),", after);
    likeness_of_two(&test, first.ptr, second.ptr);
    assert_int_equal(compared(&test, &details), expected);
    assert_int_equal(details.count, detail ? 1 : 0);
    if (detail)
        assert_true(str_eq(text_in(&test.at, details.items[0].name), str(detail)));
    likeness_done(&test);
}

static void defaults_are_the_same_as_nothing(void **unused)
{
    (void)unused;
    same_as("models.CharField(max_length=5)", "models.CharField('x', max_length=5)", NO,
            "verbose_name");
    same_as("models.CharField(max_length=5)", "models.CharField(max_length=5, null=False)", YES,
            NULL);
    same_as("models.CharField(max_length=5)", "models.CharField(max_length=6)", NO, "max_length");
    same_as("models.CharField(max_length=5)", "models.CharField(max_length=f())", MAYBE, NULL);
}

static void relations_are_the_same_however_written(void **unused)
{
    (void)unused;
    same_as("models.ForeignKey('a.M', models.CASCADE)",
            "models.ForeignKey(on_delete=models.deletion.CASCADE, to='a.m')", YES, NULL);
    same_as("models.ForeignKey('a.M', models.CASCADE)", "models.ForeignKey('a.N', models.CASCADE)",
            NO, "to");
}

/* A migration spells what Django sets on its own in a class. */
static void keys_are_compared_as_written(void **unused)
{
    (void)unused;
    same_as("models.AutoField(primary_key=True)", "models.AutoField(primary_key=True)", YES, NULL);
}

static void shared_values_cost_what_is_looked_at(void **unused)
{
    (void)unused;
    TestLikeness test = {0};
    enum { DEPTH = 22 };
    Str text = S("\n    a0 = ['x', 'y']\n");
    for (int i = 1; i <= DEPTH; i++)
        text =
            arena_printf(&test.arena, "%.*s    a%d = [a%d, a%d]\n", STR_ARG(text), i, i - 1, i - 1);
    static const char migration[] = "from django.db import migrations, models\n\n\n"
                                    "class Migration(migrations.Migration):\n%.*s"
                                    "    operations = [\n"
                                    "        migrations.CreateModel('M', [('x', %s)]),\n"
                                    "        migrations.AlterField('m', 'x', %s),\n    ]\n";
    const char *field = "models.TextField(choices=a22)";
    MemoryFile files[] = {
        {S("a/migrations/__init__.py"), S("")},
        {S("a/migrations/0001_one.py"),
         arena_printf(&test.arena, migration, STR_ARG(text), field, field)},
    };
    state_of(&test.at, files, 2);
    registry_read(&test.registry, &test.at.at.workspace, &test.at.state, &test.arena);
    test.likeness = likeness_start(&test.registry, &test.at.state);
    uint32_t before = test.likeness.room;
    assert_int_equal(compared(&test, NULL), MAYBE);
    assert_true(before - test.likeness.room <= 1 << 16);
    likeness_done(&test);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_the_same_as_nothing),
        cmocka_unit_test(relations_are_the_same_however_written),
        cmocka_unit_test(keys_are_compared_as_written),
        cmocka_unit_test(shared_values_cost_what_is_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
