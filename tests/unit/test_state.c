/* The facts of Django's own tests of its project state and operations. */

#include "state_of.h"

#define ID "('id', models.AutoField(primary_key=True))"
#define RIDER                                                                                      \
    "migrations.CreateModel('Pony', [" ID ", ('pink', models.IntegerField(default=3)),"            \
    "  ('weight', models.FloatField())]),"                                                         \
    "migrations.CreateModel('Rider', [" ID ","                                                     \
    "  ('pony', models.ForeignKey('a.Pony', models.CASCADE)),"                                     \
    "  ('friend', models.ForeignKey('self', models.CASCADE)),"                                     \
    "  ('all', models.ManyToManyField(to='pony', through='a.Tie'))]),"

static void assert_fields(const char *first, const char *second, const char *model,
                          const char *fields)
{
    TestState test = {0};
    state_of_two(&test, first, second);
    const char *found = fields_in(&test, final_model(&test, model));
    if (strcmp(found, fields) != 0)
        fail_msg("%s\n  makes \"%s\"\n   not \"%s\"", second, found, fields);
    state_done(&test);
}

static void assert_options(const char *first, const char *second, const char *options)
{
    TestState test = {0};
    state_of_two(&test, first, second);
    const char *found = options_in(&test, final_model(&test, "pony"));
    if (strcmp(found, options) != 0)
        fail_msg("%s\n  makes \"%s\"\n   not \"%s\"", second, found, options);
    state_done(&test);
}

static void test_fields(void **state)
{
    (void)state;
    assert_fields(RIDER, "migrations.AddField('pony', 'x', models.TextField())", "pony",
                  "id pink weight x");
    assert_fields(RIDER, "migrations.AddField('pony', 'pink', models.TextField())", "pony",
                  "id pink weight");
    assert_fields(RIDER, "migrations.AlterField('pony', 'x', models.TextField())", "pony",
                  "id pink weight x");
    assert_fields(RIDER, "migrations.RemoveField('PONY', 'pink')", "pony", "id weight");
    assert_fields(RIDER, "migrations.RenameField('pony', 'pink', 'Pink')", "pony",
                  "id weight Pink");
    assert_fields(RIDER, "migrations.RenameField('pony', 'pink', 'weight')", "pony", "id weight");
    assert_fields(RIDER, "migrations.RenameField('pony', 'pink', 'pink')", "pony",
                  "id weight pink");
}

static void test_rename_model_repoints(void **state)
{
    (void)state;
    const char *tie = "migrations.CreateModel('Tie', [" ID
                      ", ('r', models.ForeignKey('rider', models.CASCADE))]),";
    assert_fields(RIDER, "migrations.RenameModel('Pony', 'Horse')", "rider",
                  "id pony>a.Horse friend>self all>a.Horse/a.Tie");
    assert_fields(RIDER, "migrations.RenameModel('Rider', 'Jockey')", "jockey",
                  "id pony>a.Pony friend>self all>pony/a.Tie");
    assert_fields(RIDER, "migrations.RenameModel('Rider', 'Jockey')", "rider", "no model");
    TestState test = {0};
    Str second = arena_printf(&test.arena, "%smigrations.RenameModel('Tie', 'Bond')", tie);
    state_of_two(&test, RIDER, second.ptr);
    assert_string_equal(fields_in(&test, final_model(&test, "rider")),
                        "id pony>a.Pony friend>self all>pony/a.Bond");
    state_done(&test);
    /* There and back, and the last name is the one that counts. */
    assert_fields(RIDER,
                  "migrations.RenameModel('Pony', 'Horse'), migrations.RenameModel('Horse', "
                  "'Mare'), migrations.RenameModel('Mare', 'PONY')",
                  "rider", "id pony>a.PONY friend>self all>a.PONY/a.Tie");
}

static void test_case_only_rename_deletes(void **state)
{
    (void)state;
    assert_fields(RIDER, "migrations.RenameModel('Pony', 'PONY')", "pony", "no model");
}

static void test_options(void **state)
{
    (void)state;
    assert_options("migrations.CreateModel('Pony', [" ID "], options={'ordering': ['id'], "
                   "'db_table': 'p', 'permissions': []})",
                   "migrations.AlterModelOptions('Pony', {'verbose_name': 'x'})",
                   "db_table verbose_name");
    assert_options(RIDER, "migrations.AlterModelTable('Pony', None)", "db_table");
    assert_options(RIDER, "migrations.AlterUniqueTogether('Pony', ['pink', 'weight'])",
                   "unique_together(pink,weight)");
    assert_options(RIDER,
                   "migrations.AlterUniqueTogether('Pony', {('pink', 'weight')}),"
                   "migrations.AlterIndexTogether('Pony', [['weight', 'pink']]),"
                   "migrations.RenameField('Pony', 'pink', 'blue')",
                   "unique_together(blue,weight) index_together(weight,blue)");
    assert_options(RIDER, "migrations.AlterUniqueTogether('Pony', set())", "unique_together");
}

static void test_default_is_dropped(void **state)
{
    (void)state;
    TestState test = {0};
    state_of_two(&test, RIDER,
                 "migrations.AddField('pony', 'x', models.IntegerField(default=4, null=True), "
                 "preserve_default=False)");
    const ModelState *pony = final_model(&test, "pony");
    const StateField *field = &pony->fields[pony->field_count - 1];
    assert_true(field->default_dropped);
    StateArguments arguments = state_field_arguments(&test.state, field, &test.arena);
    assert_int_equal(arguments.count, 1);
    assert_sym(&test.at, arguments.items[0].name, "null");
    state_done(&test);
}

static void test_to_field_follows(void **state)
{
    (void)state;
    TestState test = {0};
    state_of_two(&test,
                 "migrations.CreateModel('Pony', [" ID ", ('tag', models.TextField(unique=True))]),"
                 "migrations.CreateModel('Rider', [" ID
                 ", ('pony', models.ForeignKey('a.Pony', models.CASCADE, to_field='tag'))])",
                 "migrations.RenameField('pony', 'tag', 'mark')");
    const ModelState *rider = final_model(&test, "rider");
    assert_sym(&test.at, rider->fields[1].to_field, "mark");
    assert_string_equal(wrongs_in(&test), "");
    state_done(&test);
}

static void test_any_point(void **state)
{
    (void)state;
    TestState test = {0};
    state_of_two(&test, RIDER,
                 "migrations.AddField('pony', 'x', models.TextField()),"
                 "migrations.RenameModel('Pony', 'Horse'), migrations.DeleteModel('Horse')");
    NodeId node = graph_node(&test.graph, sym_in(&test, "a"), sym_in(&test, "0002_two"));
    StateAt at = state_before(&test.state, node, 0);
    assert_string_equal(fields_in(&test, model_in(&test, "a", "pony", at)), "id pink weight");
    at = state_before(&test.state, node, 1);
    assert_string_equal(fields_in(&test, model_in(&test, "a", "pony", at)), "id pink weight x");
    at = state_before(&test.state, node, 2);
    assert_null(model_in(&test, "a", "pony", at));
    assert_string_equal(fields_in(&test, model_in(&test, "a", "horse", at)), "id pink weight x");
    assert_null(model_in(&test, "a", "horse", state_after(&test.state, node)));
    Events events = state_history(&test.state, sym_in(&test, "a"), sym_in(&test, "horse"), SYM_NONE,
                                  &test.arena);
    assert_int_equal(events.count, 7); /* model and three fields, x, renamed, deleted */
    events = state_history(&test.state, sym_in(&test, "a"), sym_in(&test, "pony"),
                           sym_in(&test, "x"), &test.arena);
    assert_int_equal(events.count, 1);
    state_done(&test);
}

static void test_history_of_a_renamed_field(void **state)
{
    (void)state;
    TestState test = {0};
    state_of_two(&test, RIDER,
                 "migrations.RenameField('pony', 'pink', 'blue'),"
                 "migrations.AlterField('pony', 'blue', models.TextField())");
    Events events = state_history(&test.state, sym_in(&test, "a"), sym_in(&test, "pony"),
                                  sym_in(&test, "blue"), &test.arena);
    assert_int_equal(events.count, 3);
    assert_int_equal(test.state.events[events.items[0]].kind, EVENT_FIELD_ADDED);
    assert_int_equal(test.state.events[events.items[2]].kind, EVENT_FIELD_ALTERED);
    state_done(&test);
}

/* Two apps; `b` uses what only the order of the plan provides. */
static void test_ancestors_only(void **state)
{
    (void)state;
    TestState test = {0};
    state_of(
        &test,
        FILES(FILE_OF("a/migrations/__init__.py", ""),
              FILE_OF("a/migrations/0001_one.py",
                      MIGRATION("", "migrations.CreateModel('Pony', [" ID "])")),
              FILE_OF("a/migrations/0002_two.py",
                      MIGRATION("('a', '0001_one')", "migrations.CreateModel('Cow', [" ID "])")),
              FILE_OF("b/migrations/__init__.py", ""),
              FILE_OF("b/migrations/0001_one.py",
                      MIGRATION("('a', '0001_one')",
                                "migrations.CreateModel('Rider', [" ID
                                ", ('pony', models.ForeignKey('a.Pony', models.CASCADE)),"
                                " ('cow', models.ForeignKey('a.Cow', models.CASCADE))])"))));
    assert_string_equal(wrongs_in(&test), "target-missing-in-ancestors a.cow");
    NodeId node = graph_node(&test.graph, sym_in(&test, "b"), sym_in(&test, "0001_one"));
    NodeSet ancestors = graph_ancestors(&test.graph, node, &test.arena);
    StateAt at = state_narrowed(state_after(&test.state, node), node, &ancestors);
    assert_non_null(model_in(&test, "a", "pony", at));
    assert_null(model_in(&test, "a", "cow", at));
    assert_non_null(model_in(&test, "b", "rider", at));
    state_done(&test);
}

/* 0002 renames what the field points at, 0003 what it goes through; neither knows of the other. */
static void test_parallel_renames(void **state)
{
    (void)state;
    TestState test = {0};
    state_of(
        &test,
        FILES(FILE_OF("a/migrations/__init__.py", ""),
              FILE_OF("a/migrations/0001_one.py",
                      MIGRATION("", "migrations.CreateModel('Pony', [" ID "]),"
                                    "migrations.CreateModel('Tie', [" ID "]),"
                                    "migrations.CreateModel('Rider', [" ID
                                    ", ('all', models.ManyToManyField('Pony', through='Tie'))])")),
              FILE_OF("a/migrations/0002_two.py",
                      MIGRATION("('a', '0001_one')", "migrations.RenameModel('Pony', 'Horse')")),
              FILE_OF("a/migrations/0003_three.py",
                      MIGRATION("('a', '0001_one')", "migrations.RenameModel('Tie', 'Bond')"))));
    assert_string_equal(fields_in(&test, final_model(&test, "rider")), "id all>a.Horse/a.Bond");
    NodeId node = graph_node(&test.graph, sym_in(&test, "a"), sym_in(&test, "0003_three"));
    NodeSet ancestors = graph_ancestors(&test.graph, node, &test.arena);
    StateAt at = state_narrowed(state_after(&test.state, node), node, &ancestors);
    assert_string_equal(fields_in(&test, model_in(&test, "a", "rider", at)), "id all>Pony/a.Bond");
    State until;
    state_build_until(&until, &test.at.workspace, &test.graph, node, &test.arena);
    StateAt end = state_end(&until);
    ModelId rider = state_model(&until, sym_in(&test, "a"), sym_in(&test, "rider"), end, NULL);
    ModelState *model = state_model_at(&until, rider, end, &test.arena);
    assert_string_equal(fields_in(&test, model), "id all>Pony/a.Bond");
    state_free(&until);
    state_done(&test);
}

static void test_contrib(void **state)
{
    (void)state;
    TestState test = {0};
    state_of(&test, FILES(FILE_OF("a/migrations/__init__.py", ""),
                          FILE_OF("a/migrations/0001_one.py",
                                  MIGRATION("migrations.swappable_dependency("
                                            "settings.AUTH_USER_MODEL), "
                                            "('contenttypes', '0002_remove_content_type_name')",
                                            "migrations.CreateModel('Pony', [" ID ","
                                            "('user', models.ForeignKey("
                                            "settings.AUTH_USER_MODEL, models.CASCADE)),"
                                            "('kind', models.ForeignKey("
                                            "'contenttypes.Kind', models.CASCADE))])"))));
    assert_string_equal(wrongs_in(&test), "target-missing contenttypes.kind");
    StateAt end = state_end(&test.state);
    assert_string_equal(fields_in(&test, model_in(&test, "contenttypes", "contenttype", end)),
                        "id app_label model");
    assert_string_equal(
        fields_in(&test, model_in(&test, "auth", "user", end)),
        "id password last_login is_superuser username first_name last_name email is_staff "
        "is_active date_joined groups>auth.group user_permissions>auth.permission");
    state_done(&test);
}

static void test_tables(void **state)
{
    (void)state;
    TestState test = {0};
    state_of_two(&test, RIDER,
                 "migrations.AddField('rider', 'plain', models.ManyToManyField('pony')),"
                 "migrations.AddField('rider', 'named', models.ManyToManyField('pony', "
                 "db_table='t')), migrations.AlterModelTable('pony', 'horses')");
    const ModelState *rider = final_model(&test, "rider");
    assert_true(str_eq(state_table(&test.state, rider, &test.arena), S("a_rider")));
    assert_true(
        str_eq(state_table(&test.state, final_model(&test, "pony"), &test.arena), S("horses")));
    assert_true(str_eq(state_many_table(&test.state, rider, &rider->fields[4], &test.arena),
                       S("a_rider_plain")));
    assert_true(
        str_eq(state_many_table(&test.state, rider, &rider->fields[5], &test.arena), S("t")));
    assert_true(
        str_eq(state_many_table(&test.state, rider, &rider->fields[3], &test.arena), S("")));
    state_done(&test);
}

static const char *table_in(TestState *test, const char *lower, Step before_end)
{
    StateAt at = {.step = test->state.step_count - before_end};
    ModelId model = state_model(&test->state, sym_in(test, "a"), sym_in(test, lower), at, NULL);
    return arena_str(&test->arena, state_table_at(&test->state, model, at, &test->arena)).ptr;
}

static void test_tables_at(void **state)
{
    (void)state;
    TestState test = {0};
    state_of_two(&test, RIDER,
                 "migrations.CreateModel('Fan', [], bases=('a.rider',), options={'proxy': True}),"
                 "migrations.CreateModel('View', [], options={'managed': False, 'db_table': 'v'}),"
                 "migrations.CreateModel('User', [], options={'swappable': 'AUTH_USER_MODEL'}),"
                 "migrations.AlterModelTable('pony', 'horses'),"
                 "migrations.RenameModel('rider', 'Jockey'),"
                 "migrations.AlterModelTable('pony', None),"
                 "migrations.AlterModelTable('pony', unknown())");
    assert_string_equal(table_in(&test, "fan", 0), "");
    assert_string_equal(table_in(&test, "view", 0), "");
    assert_string_equal(table_in(&test, "user", 0), "");
    assert_string_equal(table_in(&test, "rider", 3), "a_rider");
    assert_string_equal(table_in(&test, "jockey", 0), "a_jockey");
    assert_string_equal(table_in(&test, "pony", 4), "a_pony");
    assert_string_equal(table_in(&test, "pony", 3), "horses");
    assert_string_equal(table_in(&test, "pony", 1), "a_pony");
    assert_string_equal(table_in(&test, "pony", 0), "");
    state_done(&test);
}

static void test_own_operation_classes(void **state)
{
    (void)state;
    TestState test = {0};
    state_of(&test, FILES(FILE_OF("a/__init__.py", ""),
                          FILE_OF("a/operations.py", "from django.db.migrations import AddField\n"
                                                     "class Careful(AddField):\n    pass\n"),
                          FILE_OF("a/migrations/__init__.py", ""),
                          FILE_OF("a/migrations/0001_one.py",
                                  "from django.db import migrations, models\n"
                                  "from a.operations import Careful\n\n"
                                  "class Migration(migrations.Migration):\n    operations = [\n"
                                  "migrations.CreateModel('Pony', [" ID "]),\n"
                                  "Careful('pony', 'x', models.TextField())]\n")));
    assert_string_equal(fields_in(&test, final_model(&test, "pony")), "id x");
    assert_false(final_model(&test, "pony")->open);
    state_done(&test);
}

static void test_open_from_there_on(void **state)
{
    (void)state;
    TestState test = {0};
    state_of_two(&test, RIDER, "migrations.AlterModelTable('pony', 'p'), somehow()");
    NodeId node = graph_node(&test.graph, sym_in(&test, "a"), sym_in(&test, "0002_two"));
    StateAt at = state_before(&test.state, node, 1);
    StateAnswer answer;
    state_model(&test.state, sym_in(&test, "a"), sym_in(&test, "other"), at, &answer);
    assert_int_equal(answer, STATE_NO);
    state_model(&test.state, sym_in(&test, "a"), sym_in(&test, "other"), state_end(&test.state),
                &answer);
    assert_int_equal(answer, STATE_UNKNOWN);
    assert_true(final_model(&test, "pony")->open);
    assert_false(model_in(&test, "a", "pony", at)->open);
    state_done(&test);
}

static void test_settings_are_the_projects(void **state)
{
    (void)state;
    TestState test = {0};
    state_of(
        &test,
        FILES(
            FILE_OF("manage.py", "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')"),
            FILE_OF("settings.py", "INSTALLED_APPS = ['a']\nAUTO = 'django.db.models.AutoField'\n"
                                   "CART_MODEL = 'a.Cart'\n"),
            FILE_OF("a/migrations/__init__.py", ""),
            FILE_OF("a/migrations/0001_one.py",
                    "from django.conf import settings\n"
                    "from django.db import migrations, models\n"
                    "from django.utils.module_loading import import_string\n"
                    "Auto = import_string(settings.AUTO)\n"
                    "Other = import_string(settings.OTHER)\n"
                    "class Migration(migrations.Migration):\n"
                    "    operations = [migrations.CreateModel('Cart', [('id', Auto()),\n"
                    "        ('x', Other()), ('up', models.ForeignKey(settings.CART_MODEL))])]")));
    ModelState *cart = final_model(&test, "cart");
    assert_string_equal(fields_in(&test, cart), "id x up>a.Cart");
    assert_sym(&test.at, cart->fields[0].class_path, "django.db.models.AutoField");
    assert_int_equal(cart->fields[1].class_path, SYM_NONE);
    assert_sym(&test.at, cart->fields[2].to.setting, "CART_MODEL");
    state_done(&test);
}

/* Of operations that one branch has, all that may happen is listed: only their models are open. */
static void test_conditional_operations(void **state)
{
    (void)state;
    TestState test = {0};
    state_of(&test,
             FILES(FILE_OF("a/migrations/__init__.py", ""),
                   FILE_OF("a/migrations/0001_one.py",
                           "from django.conf import settings\n"
                           "from django.db import migrations, models\n"
                           "class Migration(migrations.Migration):\n"
                           "    operations = [migrations.CreateModel('Pony', [" ID "]),\n"
                           "                  migrations.CreateModel('Cart', [" ID "])]\n"
                           "    if settings.X:\n"
                           "        operations += [migrations.AlterModelTable('pony', 'p')]\n"
                           "    else:\n"
                           "        operations.append(migrations.RunPython(x))\n")));
    StateAnswer answer;
    assert_true(final_model(&test, "pony")->open);
    assert_false(final_model(&test, "cart")->open);
    state_model(&test.state, sym_in(&test, "a"), sym_in(&test, "other"), state_end(&test.state),
                &answer);
    assert_int_equal(answer, STATE_NO);
    state_done(&test);
}

/* "TextField", or what is known of the field. */
static void assert_field_at(TestState *test, uint32_t operation, const char *model,
                            const char *field, const char *class_name)
{
    NodeId node = graph_node(&test->graph, sym_in(test, "a"), sym_in(test, "0002_two"));
    NodeSet ancestors = graph_ancestors(&test->graph, node, &test->arena);
    StateAt full = state_before(&test->state, node, operation);
    StateAt points[] = {full, state_narrowed(full, node, &ancestors)};
    static const char *const answers[] = {"not there", "there", "unknown"};
    for (int i = 0; i < 2; i++) {
        StateField found;
        ModelId id =
            state_model(&test->state, sym_in(test, "a"), sym_in(test, model), points[i], NULL);
        StateAnswer answer =
            state_field_at(&test->state, id, sym_in(test, field), points[i], &found);
        Str text = answer == STATE_YES ? str_tail(text_in(test, found.class_path), '.')
                                       : str(answers[answer]);
        assert_string_equal(arena_str(&test->arena, text).ptr, class_name);
        if (answer == STATE_YES)
            assert_sym(&test->at, found.name, field);
    }
}

static void test_one_field(void **state)
{
    (void)state;
    TestState test = {0};
    state_of_two(&test, RIDER,
                 "migrations.AlterField('pony', 'pink', models.TextField()),"
                 "migrations.RenameField('pony', 'pink', 'weight'),"
                 "migrations.RenameModel('Pony', 'Horse'),"
                 "migrations.RemoveField('horse', 'weight'), somehow(),"
                 "migrations.RenameField('horse', 'ghost', 'soul')");
    assert_field_at(&test, 0, "pony", "pink", "IntegerField");
    assert_field_at(&test, 1, "pony", "pink", "TextField");
    assert_field_at(&test, 1, "pony", "weight", "FloatField");
    assert_field_at(&test, 2, "pony", "pink", "not there");
    assert_field_at(&test, 2, "pony", "weight", "TextField");
    assert_field_at(&test, 3, "rider", "pony", "ForeignKey");
    assert_field_at(&test, 3, "horse", "weight", "TextField");
    assert_field_at(&test, 4, "horse", "weight", "not there");
    assert_field_at(&test, 5, "horse", "weight", "unknown");
    assert_field_at(&test, 6, "horse", "soul", "unknown");
    state_done(&test);
}

static void assert_managed(const char *second, StateAnswer wanted)
{
    TestState test = {0};
    state_of_two(&test, RIDER, second);
    StateAt end = state_end(&test.state);
    ModelId id = state_model(&test.state, sym_in(&test, "a"), sym_in(&test, "pony"), end, NULL);
    if (state_managed_at(&test.state, id, end) != wanted)
        fail_msg("%s: not %d", second, wanted);
    state_done(&test);
}

static void test_managed(void **state)
{
    (void)state;
    assert_managed("migrations.AlterModelOptions('pony', {'ordering': ['id']})", STATE_YES);
    assert_managed("migrations.AlterModelOptions('pony', {'managed': False})", STATE_NO);
    assert_managed("migrations.AlterModelOptions('pony', {'managed': False}),"
                   "migrations.AlterModelOptions('pony', {})",
                   STATE_YES);
    assert_managed("migrations.AlterModelOptions('pony', {'proxy': True})", STATE_NO);
    assert_managed("migrations.AlterModelOptions('pony', {'managed': settings.M})", STATE_UNKNOWN);
    assert_managed("migrations.AlterModelOptions('pony', settings.OPTIONS)", STATE_UNKNOWN);
    assert_managed("somehow()", STATE_UNKNOWN);
    assert_managed("audit.Watch('rider')", STATE_YES);
    assert_managed("audit.Watch('a.Pony')", STATE_UNKNOWN);
    assert_managed("audit.Watch(models=['rider', 'pony'])", STATE_UNKNOWN);
    assert_managed("audit.Watch(**settings.AUDIT)", STATE_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_rename_model_repoints),
        cmocka_unit_test(test_case_only_rename_deletes),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_default_is_dropped),
        cmocka_unit_test(test_to_field_follows),
        cmocka_unit_test(test_any_point),
        cmocka_unit_test(test_history_of_a_renamed_field),
        cmocka_unit_test(test_ancestors_only),
        cmocka_unit_test(test_parallel_renames),
        cmocka_unit_test(test_contrib),
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_tables_at),
        cmocka_unit_test(test_own_operation_classes),
        cmocka_unit_test(test_open_from_there_on),
        cmocka_unit_test(test_settings_are_the_projects),
        cmocka_unit_test(test_conditional_operations),
        cmocka_unit_test(test_one_field),
        cmocka_unit_test(test_managed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
