"""Operations that cannot be right: what Django does with each, and what migralint says.

Every row is an app whose second migration does something wrong.  `fails` tells how
far Django gets: "load" (the file cannot be imported), "state" (state_forwards
raises), "migrate" (the database or the model classes refuse; SQLite is asked),
"next" (it passes, but leaves models of which no classes can be built, so the next
migrate fails), or None.  `told` is the rule that must report it at the last operation.
"""

from dataclasses import dataclass

import pytest

import harness
import state_harness
from state_projects import History, Step, write_history

VERSION = harness.django_version()
ANY, CONDITION = (3, 2), "condition" if VERSION >= (5, 1) else "check"


@dataclass
class Row:
    name: str
    operations: list
    fails: str
    told: str
    error: str = None  # the exception, where it is the same in all versions
    since: tuple = ANY
    sqlite_since: tuple = ANY  # before, SQLite lets it pass

    def stage(self):
        return self.fails if VERSION >= self.sqlite_since else None


ID = '("id", models.AutoField(primary_key=True))'
TEXT = "models.TextField(null=True)"
FK = "models.ForeignKey(%r, models.CASCADE, null=True)"
BASE = [
    "migrations.CreateModel('Author', [%s, ('name', %s)])" % (ID, TEXT),
    "migrations.CreateModel('Book', [%s, ('name', %s), ('age', models.IntegerField()), "
    "('author', models.ForeignKey('Author', models.CASCADE)), "
    "('friends', models.ManyToManyField('self'))])" % (ID, TEXT),
]


def create(name, *fields, rest=""):
    return "migrations.CreateModel(%r, [%s]%s)" % (name, ", ".join([ID, *fields]), rest)


def add(field_source, model="Book", name="extra"):
    return "migrations.AddField(%r, %r, %s)" % (model, name, field_source)


def alter(field_source, name):
    return "migrations.AlterField('Book', %r, %s)" % (name, field_source)


INDEX = "migrations.AddIndex('Book', models.Index(fields=[%r], name=%r))"
UNIQUE = "migrations.AddConstraint('Book', models.UniqueConstraint(fields=[%r], name=%r))"
CHECK = "migrations.AddConstraint('Book', models.CheckConstraint(%s=models.Q(age__gt=0), name='c'))" % CONDITION
TOGETHER = "migrations.AlterUniqueTogether('Book', {('name', 'age')})"
ORDER = "migrations.AlterOrderWithRespectTo('Book', 'author')"
RENAME = "migrations.RenameField('Book', %r, %r)"
REMOVE = "migrations.RemoveField('Book', %r)"
CHILD = ("migrations.CreateModel('Novel', [('book_ptr', models.OneToOneField('Book', models.CASCADE, parent_link=True, "
         "auto_created=True, primary_key=True, serialize=False))], bases=('a.book',))")
PROXY = "migrations.CreateModel('Leaflet', [], options={'proxy': True, 'indexes': [], 'constraints': []}, bases=('a.book',))"
GENERATED = "models.GeneratedField(expression=models.F(%r), output_field=models.IntegerField(), db_persist=True)"

MISSING_MODEL = [
    "AddField('Ghost', 'x', %s)" % TEXT, "RemoveField('Ghost', 'x')", "AlterField('Ghost', 'x', %s)" % TEXT,
    "RenameField('Ghost', 'x', 'y')", "DeleteModel('Ghost')", "RenameModel('Ghost', 'Spirit')",
    "AlterModelTable('Ghost', 'x')", "AlterUniqueTogether('Ghost', set())", "AlterModelOptions('Ghost', {})",
    "AlterModelManagers('Ghost', [])", "AlterOrderWithRespectTo('Ghost', None)",
    "AddIndex('Ghost', models.Index(fields=['id'], name='i'))", "RemoveIndex('Ghost', 'i')",
    "AddConstraint('Ghost', models.UniqueConstraint(fields=['id'], name='c'))", "RemoveConstraint('Ghost', 'c')",
]
ROWS = [
    *(Row("no such model: " + text.split("(")[0], ["migrations." + text], "state", "MG201", "KeyError")
      for text in MISSING_MODEL),
    Row("no such model: AlterModelTableComment", ["migrations.AlterModelTableComment('Ghost', 'c')"], "state",
        "MG201", "KeyError", since=(4, 2)),
    Row("no such model: in state_operations",
        ["migrations.SeparateDatabaseAndState([], [migrations.DeleteModel('Ghost')])"], "state", "MG201", "KeyError"),
    Row("create what exists", [create("Book")], "migrate", "MG204"),
    Row("create what exists, in other letters", [create("bOOK")], "migrate", "MG204"),
    # Other databases refuse it always, SQLite does or not depending on the field: not told there.
    Row("add a field that exists", [add("models.IntegerField(null=True)", name="age")], "migrate", None,
        sqlite_since=(4, 0)),
    Row("remove a field that is not there", [REMOVE % "ghost"], "state", "MG202", "KeyError"),
    Row("remove a field, in other letters", [REMOVE % "Name"], "state", "MG202", "KeyError"),
    Row("alter a field that is not there", [alter(TEXT, "ghost")], "migrate", "MG202"),
    Row("alter a field, in other letters", [alter(TEXT, "Name")], "migrate", "MG202"),
    Row("rename a field that is not there", [RENAME % ("ghost", "x")], "state", "MG202", "FieldDoesNotExist"),
    Row("rename a field onto another", [RENAME % ("name", "age")], "migrate", "MG204"),
    Row("delete what is pointed at", ["migrations.DeleteModel('Author')"], "next", "MG208", "ValueError"),
    Row("point at nothing, in CreateModel", [create("Page", "('b', %s)" % (FK % "Ghost"))], "migrate", "MG203"),
    Row("point at nothing, in AddField", [add(FK % "Ghost")], "migrate", "MG203"),
    # The settings list nothing but `a`, which is there: no other app can have the label.
    Row("point at another app's nothing", [add(FK % "b.Ghost")], "migrate", "MG203"),
    Row("point at nothing, in AlterField", [alter(FK % "Ghost", "author")], "migrate", "MG203"),
    Row("many to nothing", [add("models.ManyToManyField('Ghost')")], "migrate", "MG203"),
    Row("many through nothing", [add("models.ManyToManyField('Author', through='Ghost')")], "migrate", "MG203"),
    Row("a base that is not there", ["migrations.CreateModel('Novel', [], bases=('a.ghost',))"], "migrate", "MG203"),
    Row("rename a parent", [CHILD, "migrations.RenameModel('Book', 'Tome')"], "migrate", "MG203"),
    Row("rename what has a proxy", [PROXY, "migrations.RenameModel('Book', 'Tome')"], "migrate", "MG203"),
    Row("rename only in case", ["migrations.RenameModel('Book', 'book')"], "migrate", "MG217"),
    Row("remove a field of unique_together", [TOGETHER, REMOVE % "age"], "migrate", "MG202"),
    # Django 3.2 leaves the index to the next operation that alters the table; PostgreSQL and MySQL drop
    # it with the column, so it is a warning (see WARNED).
    Row("remove a field of an index", [INDEX % ("age", "i"), REMOVE % "age"], "migrate", None,
        sqlite_since=(4, 0)),
    Row("remove a field of a constraint", [UNIQUE % ("age", "u"), REMOVE % "age"], "migrate", "MG202"),
    Row("remove the field of the order", [ORDER, REMOVE % "author"], "migrate", "MG202"),
    Row("rename the field of the order", [ORDER, RENAME % ("author", "writer")], "migrate", "MG202"),
    Row("rename a field of an index", [INDEX % ("age", "i"), RENAME % ("age", "years")], None, None),
    Row("unique_together of nothing", ["migrations.AlterUniqueTogether('Book', {('name', 'ghost')})"], "migrate",
        "MG202", "FieldDoesNotExist"),
    Row("an index of nothing", [INDEX % ("ghost", "i")], "migrate", "MG202", "FieldDoesNotExist"),
    Row("a constraint of nothing", [UNIQUE % ("ghost", "u")], "migrate", "MG202", "FieldDoesNotExist"),
    Row("order by nothing", ["migrations.AlterOrderWithRespectTo('Book', 'ghost')"], "migrate", "MG202"),
    Row("remove an index that is not there", ["migrations.RemoveIndex('Book', 'ghost')"], "migrate", "MG209", "ValueError"),
    Row("rename an index that is not there", ["migrations.RenameIndex('Book', new_name='i', old_name='ghost')"], "migrate",
        "MG209", "ValueError", since=(4, 1)),
    Row("name an index of fields that have none", ["migrations.RenameIndex('Book', new_name='i', old_fields=('name', 'age'))"],
        "migrate", "MG209", "ValueError", since=(4, 1)),
    Row("remove a constraint that is not there", ["migrations.RemoveConstraint('Book', 'ghost')"], "migrate", "MG209",
        "ValueError"),
    Row("alter a constraint that is not there",
        ["migrations.AlterConstraint('Book', 'ghost', models.UniqueConstraint(fields=['age'], name='ghost'))"], None, None,
        since=(5, 2)),
    Row("an index of a name that is taken", [INDEX % ("age", "i"), INDEX % ("name", "i")], "migrate", "MG209"),
    Row("an index without a name", ["migrations.AddIndex('Book', models.Index(fields=['age']))"], "load", "MG217",
        "ValueError"),
    Row("a field named twice", [create("Page", "('x', %s)" % TEXT, "('x', %s)" % TEXT)], "load", "MG217", "ValueError"),
    Row("two primary keys", [add("models.IntegerField(primary_key=True, default=1)")], "migrate", "MG217"),
    Row("many-to-many into a column", [alter("models.IntegerField(null=True)", "friends")], "migrate", "MG217", "ValueError"),
    Row("a column into many-to-many", [alter("models.ManyToManyField('Author')", "age")], "migrate", "MG217", "ValueError"),
    # Expressions are not compared.
    Row("another generated expression", [add(GENERATED % "age"), alter(GENERATED % "id", "extra")], "migrate", None,
        "ValueError", since=(5, 0)),
    Row("from generated to plain", [add(GENERATED % "age"), alter("models.IntegerField(null=True)", "extra")], "migrate",
        "MG217", "ValueError", since=(5, 0)),
    Row("a field of a base", [CHILD, add(TEXT, "Novel", "name")], "migrate", "MG217", "FieldError"),
    Row("code that looks up no model", ["migrations.RunPython(look_up_no_model)"], "migrate", "MG207", "LookupError"),
    # An app that is not at hand is unknown, and unknown is silent.
    Row("code that looks up no app", ["migrations.RunPython(look_up_no_app)"], "migrate", None, "LookupError"),
    # The same things done right.
    Row("a constraint", [CHECK, "migrations.RemoveConstraint('Book', 'c')"], None, None),
    Row("the model of another name", [create("Tome"), "migrations.RenameModel('Tome', 'Volume')", create("Tome")], None, None),
    Row("delete what is no longer pointed at", [REMOVE % "author", "migrations.DeleteModel('Author')"], None, None),
    Row("an index, renamed and removed",
        [INDEX % ("age", "i"), RENAME % ("name", "title"), "migrations.RemoveIndex('Book', 'i')"], None, None),
    Row("code that looks up a model", ["migrations.RunPython(look_up_book)"], None, None),
]  # fmt: skip
WARNED = {"remove a field of an index": "MG202"}
ROWS = [row for row in ROWS if row.since <= VERSION]
ALL = pytest.mark.parametrize("row", ROWS, ids=[row.name.replace(" ", "-") for row in ROWS])


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    jobs = []
    for row in ROWS:
        steps = {"0001": Step([], BASE)}
        before = "0001"
        for number, operation in enumerate(row.operations, 2):
            name = "%04d" % number
            steps[name] = Step([("a", before)], [operation])
            before = name
        top = tmp_path_factory.mktemp("bad")
        jobs.append(write_history(History({"a": steps}), top, migrate=True))
    return dict(zip((row.name for row in ROWS), state_harness.ask_django(jobs)))


def failure(answer):
    """(how far Django gets, what it says then)"""
    if answer["error"]:
        return "load", answer["error"]
    if answer["errors"]:
        return "state", answer["errors"][0]
    if answer["migrated"]:
        return "migrate", answer["migrated"]
    (node, error), = answer["rendered"].items()
    return ("next", {**error, "node": node}) if error else (None, None)


@ALL
def test_in_django(answers, row):
    stage, error = failure(answers[row.name])
    assert stage == row.stage(), error
    assert row.error in (None, error and error["type"]) or stage is None, error
    if error:
        assert error["node"] == "a.%04d" % (len(row.operations) + 1), error


@ALL
@pytest.mark.skipif(not state_harness.HAS_STATE, reason="MIGRALINT is not set, or has no states")
def test_in_migralint(answers, row):
    answer = answers[row.name]
    every = state_harness.ask_findings(answer["dir"])
    findings = [f for f in every if state_harness.is_refusal(f)]
    last = "a/migrations/%04d.py" % (len(row.operations) + 1)
    if row.name in WARNED:
        assert (WARNED[row.name], last) in {(f["code"], f["path"]) for f in every}
    assert {(f["code"], f["path"]) for f in findings} == ({(row.told, last)} if row.told else set())
