/* Bad input, row by row: what Django raises, or only fails on when the migration runs. */

#include "state_of.h"

#define FIRST                                                                                      \
    "migrations.CreateModel('Author', [('id', models.AutoField(primary_key=True))]),"              \
    "migrations.CreateModel('Book', [('id', models.AutoField(primary_key=True)),"                  \
    "  ('name', models.TextField()), ('age', models.IntegerField()),"                              \
    "  ('author', models.ForeignKey('a.Author', models.CASCADE))],"                                \
    "  options={'unique_together': {('name', 'age')},"                                             \
    "           'indexes': [models.Index(fields=['age'], name='by_age')],"                         \
    "           'constraints': [models.UniqueConstraint(fields=['age'], name='one')]}),"           \
    "migrations.CreateModel('Novel', [('pages', models.IntegerField())], bases=('a.Book',)),"

static const struct Row {
    const char *operations, *wrong;
} rows[] = {
    {"migrations.DeleteModel('Nothing')", "model-missing a.nothing"},
    {"migrations.AddField('nothing', 'x', models.TextField())", "model-missing a.nothing"},
    {"migrations.RenameModel('Nothing', 'Other')", "model-missing a.nothing"},
    {"migrations.AlterModelOptions('nothing', {})", "model-missing a.nothing"},
    {"migrations.AddIndex('nothing', models.Index(fields=['x'], name='i'))",
     "model-missing a.nothing"},
    {"migrations.RemoveConstraint('nothing', 'c')", "model-missing a.nothing"},
    {"migrations.CreateModel('Author', [])", "model-exists author"},
    {"migrations.CreateModel('AUTHOR', [])", "model-exists author"},
    {"migrations.CreateModel('Author', [], options={'db_table': 'other'})", ""},
    {"migrations.CreateModel('Author', [], options={'managed': False})", ""},
    {"migrations.AddField('book', 'name', models.TextField())", "field-exists~sqlite book.name"},
    {"migrations.AddField('book', 'name', models.ManyToManyField('author'))",
     "field-exists~all book.name"},
    {"migrations.AddField('book', 'author', models.IntegerField())",
     "field-exists~all book.author"},
    {"migrations.AddField('book', 'm', models.ManyToManyField('author')),"
     "migrations.AddField('book', 'm', models.ManyToManyField('author'))",
     "field-exists book.m"},
    {"migrations.AddField('book', 'm', models.ManyToManyField('author')),"
     "migrations.AddField('book', 'm', models.ManyToManyField('author', db_table='other'))",
     "field-exists~all book.m"},
    {"migrations.SeparateDatabaseAndState(state_operations=["
     "  migrations.RenameModel('Author', 'Writer')]),"
     "migrations.CreateModel('Writer', [])",
     ""},
    {"migrations.AlterModelOptions('book', {'managed': False}),"
     "migrations.AddField('book', 'name', models.TextField())",
     ""},
    {"migrations.RemoveField('book', 'x')", "field-missing a.book.x"},
    {"migrations.RemoveField('book', 'Author')", "field-missing a.book.Author"},
    {"migrations.AlterField('book', 'x', models.TextField())", "field-missing a.book.x"},
    {"migrations.RenameField('book', 'x', 'y')", "field-missing a.book.x"},
    {"migrations.RenameField('book', 'name', 'age')", "field-exists book.age"},
    {"migrations.RenameField('book', 'author', 'name')", "field-exists~all book.name"},
    {"migrations.DeleteModel('Author')", "deleted-referenced author.author<book"},
    {"migrations.DeleteModel('Author'), migrations.RemoveField('book', 'author')", ""},
    {"migrations.DeleteModel('Book')", "deleted-referenced book<novel"},
    {"migrations.AddField('book', 'x', models.ForeignKey('Missing', models.CASCADE))",
     "target-missing a.missing"},
    {"migrations.AlterField('book', 'author', models.ForeignKey('a.Missing', models.CASCADE))",
     "target-missing a.missing"},
    {"migrations.AddField('book', 'x', models.ManyToManyField('author', through='a.Missing'))",
     "through-missing a.missing"},
    {"migrations.AddField('book', 'x', models.ForeignKey('elsewhere.Thing', models.CASCADE))", ""},
    {"migrations.CreateModel('Poem', [], bases=('a.Missing',))", "base-missing a.missing"},
    {"migrations.SeparateDatabaseAndState([], [migrations.CreateModel('Poem', [], "
     "options={'proxy': True}, bases=('a.Text',)), migrations.CreateModel('Text', [])])",
     "base-missing a.text"},
    {"migrations.SeparateDatabaseAndState([], [migrations.AddField('book', 'x', "
     "models.ForeignKey('a.Text', models.CASCADE)), migrations.CreateModel('Text', [])])",
     ""},
    {"migrations.RenameModel('Book', 'Tome')", "renamed-parent book<novel"},
    {"migrations.RenameModel('Author', 'AUTHOR')",
     "case-only author:AUTHOR; deleted-referenced author.author<book"},
    {"migrations.RemoveField('book', 'name')", "field-in-option book.name:unique_together"},
    {"migrations.RemoveField('book', 'name'), migrations.AlterUniqueTogether('book', set())", ""},
    {"migrations.AlterUniqueTogether('book', None), migrations.RemoveField('book', 'age')",
     "field-in-index book.age:by_age; field-in-index book.age:one"},
    {"migrations.AlterOrderWithRespectTo('book', 'author'),"
     "migrations.RemoveField('book', 'author')",
     "field-in-option book.author:order_with_respect_to"},
    {"migrations.AlterOrderWithRespectTo('book', 'author'),"
     "migrations.RenameField('book', 'author', 'writer')",
     "field-in-option book.author:order_with_respect_to"},
    {"migrations.RenameField('book', 'age', 'years')",
     "renamed-in-index book.age:by_age; renamed-in-index book.age:one"},
    {"migrations.AlterUniqueTogether('book', [('name', 'x')])",
     "unknown-field book.x:unique_together"},
    {"migrations.AlterUniqueTogether('book', [('name', 'author_id')])", ""},
    {"migrations.AlterUniqueTogether('novel', [('name', 'pages')])", ""},
    {"migrations.AlterIndexTogether('book', [('name', 'x')])",
     "unknown-field book.x:index_together"},
    {"migrations.AddIndex('book', models.Index(fields=['-x'], name='i'))",
     "unknown-field book.x:i"},
    {"migrations.AddConstraint('book', models.UniqueConstraint(fields=['x'], name='c'))",
     "unknown-field book.x:c"},
    {"migrations.AlterOrderWithRespectTo('book', 'x')",
     "unknown-field book.x:order_with_respect_to"},
    {"migrations.RemoveIndex('book', 'i')", "index-missing book:i"},
    {"migrations.AddIndex('book', models.Index(fields=['name'], name=unknown())),"
     "migrations.RemoveIndex('book', 'i')",
     ""},
    {"migrations.RenameIndex('book', new_name='n', old_name='i')", "index-missing book:i"},
    {"migrations.RenameIndex('book', new_name='n', old_fields=('name', 'age'))",
     "index-together-missing book:n"},
    {"migrations.RenameIndex('book', new_name='n')", "rename-index-arguments book:n"},
    {"migrations.RenameIndex('book', new_name='n', old_name='by_age', old_fields=('age',))",
     "rename-index-arguments book:n"},
    {"migrations.RemoveConstraint('book', 'c')", "constraint-missing book:c"},
    {"migrations.AlterConstraint('book', 'c', models.UniqueConstraint(fields=['age'], name='c'))",
     ""},
    {"migrations.AddIndex('book', models.Index(fields=['name'], name='by_age'))",
     "index-exists book:by_age"},
    {"migrations.AddIndex('book', models.Index(fields=['name'], name='one'))",
     "index-exists~sqlite book:one"},
    {"migrations.AddConstraint('book', models.CheckConstraint(check=models.Q(), name='by_age'))",
     ""},
    {"migrations.AddConstraint('book', models.CheckConstraint(check=models.Q(), name='one'))",
     "constraint-exists~sqlite book:one"},
    {"migrations.AddConstraint('book', models.UniqueConstraint(fields=['age'], name='by_age'))",
     "constraint-exists~sqlite book:by_age"},
    {"migrations.AddConstraint('book', models.UniqueConstraint(fields=['age'], name='by_age',"
     "  condition=models.Q()))",
     "constraint-exists book:by_age"},
    {"migrations.AddConstraint('book', Mine(name='by_age'))", ""},
    {"migrations.CreateModel('View', [], options={"
     "  'indexes': [models.Index(fields=[], name='i'), models.Index(fields=[], name='i')]}),"
     "migrations.DeleteModel('view')",
     ""},
    {"migrations.SeparateDatabaseAndState(state_operations=["
     "  migrations.AddIndex('book', models.Index(fields=['age'], name='i')),"
     "  migrations.AddField('book', 'x', models.TextField())]),"
     "migrations.AddIndex('book', models.Index(fields=['age'], name='i')),"
     "migrations.AddField('book', 'x', models.TextField())",
     ""},
    {"migrations.RenameIndex('book', new_name='by_age', old_name='by_age')", ""},
    {"migrations.RenameIndex('book', new_name='n', old_fields=('age',))", ""},
    {"migrations.RenameIndex('book', new_name='by_age', old_fields=('age',))", ""},
    {"migrations.RenameIndex('book', new_name='by_age', old_fields=('name',))",
     "index-exists book:by_age"},
    {"migrations.AddIndex('book', models.Index(fields=['name', 'age'], name='i')),"
     "migrations.RenameIndex('book', new_name='n', old_fields=('name', 'age'))",
     ""},
    {"migrations.CreateModel('View', [], options={'managed': False}),"
     "migrations.RemoveIndex('view', 'i')",
     ""},
    {"migrations.CreateModel('View', [], options={"
     "  'indexes': [models.Index(fields=[], name='i'), models.Index(fields=[], name='i')],"
     "  'managed': False})",
     ""},
    {"migrations.CreateModel('View', [], options={'proxy': True}),"
     "migrations.RemoveConstraint('view', 'c')",
     ""},
    {"migrations.CreateModel('User', [], options={'swappable': 'AUTH_USER_MODEL'}),"
     "migrations.RemoveConstraint('user', 'c')",
     ""},
    {"migrations.AddIndex('book', models.Index(fields=['name']))", "unnamed-index book"},
    {"migrations.AddConstraint('book', models.UniqueConstraint(fields=['name']))",
     "unnamed-index book"},
    {"migrations.AddField('book', 'key', models.IntegerField(primary_key=True))",
     "primary-keys book.key:id"},
    {"migrations.AddField('book', 'key', models.IntegerField(primary_key=True)),"
     "migrations.RemoveField('book', 'id')",
     "primary-keys book.key:id"},
    {"migrations.RemoveField('book', 'id'),"
     "migrations.AddField('book', 'key', models.IntegerField(primary_key=True)),"
     "migrations.AlterField('book', 'key', models.BigIntegerField(primary_key=True))",
     ""},
    {"migrations.CreateModel('Key', [('a', models.UUIDField(primary_key=True)),"
     "  ('b', models.UUIDField(primary_key=True))])",
     "primary-keys key.b:a"},
    {"migrations.CreateModel('Key', [('a', models.UUIDField(primary_key=True)),"
     "  ('b', models.UUIDField(primary_key=True))], options={'managed': False})",
     ""},
    {"migrations.CreateModel('Key', [('a', models.UUIDField(primary_key=True))]),"
     "migrations.AddField('Key', 'b', models.UUIDField(primary_key=True))",
     "primary-keys~sqlite key.b:a"},
    {"migrations.AlterField('book', 'age', models.ManyToManyField('a.Author'))",
     "incompatible book.age"},
    {"migrations.AddField('book', 'm', models.ManyToManyField('author')),"
     "migrations.AlterField('book', 'm', models.ManyToManyField('author', through='a.Novel'))",
     "incompatible book.m"},
    {"migrations.AddField('book', 'm', models.ManyToManyField('author')),"
     "migrations.AlterField('book', 'm', models.ManyToManyField('author', through=unknown()))",
     ""},
    {"migrations.AddField('book', 'm', models.ManyToManyField('author')),"
     "migrations.AlterField('book', 'm', models.ManyToManyField('author', blank=True))",
     ""},
    {"migrations.AddField('book', 'g', models.GeneratedField(db_persist=True)),"
     "migrations.AlterField('book', 'g', models.GeneratedField(db_persist=False))",
     "generated-changed book.g"},
    {"migrations.AddField('book', 'g', models.GeneratedField(db_persist=True)),"
     "migrations.AlterField('book', 'g', models.IntegerField())",
     "generated-changed book.g"},
    {"migrations.AddField('novel', 'name', models.TextField())", "field-clash novel.name<book"},
    {"migrations.CreateModel('Poem', [('x', models.TextField()), ('x', models.TextField())])",
     "duplicate poem:x"},
    {"migrations.CreateModel('Poem', [], bases=('a.Book', 'A.book', 'a.book'))", NULL},
    /* What only reaches the state is only checked against the state. */
    {"migrations.SeparateDatabaseAndState(state_operations=["
     "migrations.RemoveField('book', 'x')])",
     "field-missing a.book.x"},
    {"migrations.SeparateDatabaseAndState(state_operations=["
     "migrations.AddField('book', 'name', models.TextField())])",
     ""},
    {"migrations.SeparateDatabaseAndState(database_operations=["
     "migrations.RemoveField('book', 'x')])",
     ""},
    {"migrations.RunSQL('', state_operations=[migrations.DeleteModel('Nothing')])",
     "model-missing a.nothing"},
    /* Unknown is silent. */
    {"unknown(), migrations.DeleteModel('Nothing')", ""},
    {"*unknown(), migrations.DeleteModel('Nothing')", ""},
    {"migrations.RunPython(migrations.RunPython.noop), migrations.DeleteModel('Nothing')",
     "model-missing a.nothing"},
    {"migrations.AddField('book', unknown(), models.TextField()),"
     "migrations.RemoveField('book', 'x')",
     ""},
    {"migrations.DeleteModel(unknown()), migrations.RemoveField('book', 'x')", ""},
};

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        TestState test = {0};
        state_of_two(&test, FIRST, rows[i].operations);
        const char *wrong = wrongs_in(&test);
        if (rows[i].wrong && strcmp(wrong, rows[i].wrong) != 0)
            fail_msg("%s\n  says \"%s\"\n   not \"%s\"", rows[i].operations, wrong, rows[i].wrong);
        state_done(&test);
    }
}

/* Every operation on what is there. */
static void test_nothing_wrong(void **state)
{
    (void)state;
    TestState test = {0};
    state_of_two(
        &test, FIRST,
        "migrations.AddField('Book', 'x', models.ForeignKey('self', models.CASCADE)),"
        "migrations.AlterField(model_name='BOOK', name='x', field=models.TextField()),"
        "migrations.RenameField('book', 'x', 'y'), migrations.RemoveField('book', 'y'),"
        "migrations.AddIndex('book', models.Index(fields=['-name'], name='i')),"
        "migrations.RenameIndex('book', new_name='j', old_name='i'),"
        "migrations.RemoveIndex('book', 'j'), migrations.AlterIndexTogether('book', "
        "[('name', 'author')]), migrations.RenameIndex('book', new_name='k', "
        "old_fields=('name', 'author')), migrations.RemoveConstraint('book', 'one'),"
        "migrations.AlterModelTable('book', 'b'), migrations.AlterModelManagers('book', []),"
        "migrations.DeleteModel('Novel'), migrations.RenameModel('Author', 'Writer'),"
        "migrations.RenameModel('Book', 'Tome'), migrations.DeleteModel('tome')");
    assert_string_equal(wrongs_in(&test), "");
    state_done(&test);
}

/* What the first use that does not hold is about: the text that names it, as written, and whether
 * something brings it later. */
static void test_use(void **state)
{
    (void)state;
    static const struct {
        const char *operations, *place, *text;
        bool later;
    } uses[] = {
        {"migrations.DeleteModel('Nothing')", "'Nothing'", "Nothing", false},
        {"migrations.AddField('book', 'x', models.ForeignKey(on_delete=1, to='a.Text'))",
         "'a.Text'", "a.Text", false},
        {"migrations.AddField('book', 'x', models.ForeignKey('Text', 1)),"
         "migrations.CreateModel('Text', [])",
         "'Text'", "Text", true},
        {"migrations.AddField('book', 'x', models.ManyToManyField('author', through='a.Text'))",
         "'a.Text'", "a.Text", false},
        {"migrations.CreateModel('Poem', [], bases=('a.Text',))", "'a.Text'", "a.Text", false},
        {"migrations.RemoveField('book', 'x')", "'x'", "", false},
        {"migrations.RemoveField('book', 'x'), migrations.AddField('book', 'x', "
         "models.TextField())",
         "'x'", "", true},
        {"migrations.RenameField('book', 'x', 'y'), migrations.RenameField('book', 'age', 'x')",
         "'x'", "", true},
    };
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
        TestState test = {0};
        state_of_two(&test, FIRST, uses[i].operations);
        const StateUse *use = test.state.uses;
        while (use->full != STATE_NO)
            use++;
        Span span = use->place.span;
        assert_int_equal(span.end - span.start, strlen(uses[i].place));
        assert_true(str_eq(text_in(&test, use->text), str(uses[i].text)));
        assert_int_equal(use->later != EVENT_NONE, uses[i].later);
        state_done(&test);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_nothing_wrong),
        cmocka_unit_test(test_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
