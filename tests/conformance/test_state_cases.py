"""States of Django's own test packages and contrib apps, and histories written
for the corners of the operations.

Facts are stated where Django's behaviour is easy to get wrong; they are checked
against Django itself, then all of its states against migralint.
"""

import copy
import shutil
import subprocess
from pathlib import Path

import pytest

import harness
import state_harness
import test_django_suite as suite
from harness import APP_CONFIG, CONTRIB, MANAGE, job, settings_source, write
from state_projects import History, Step, write_history

needs_ours = pytest.mark.skipif(
    not state_harness.HAS_STATE, reason="MIGRALINT is not set, or has no states"
)
VERSION = harness.django_version()


# --- Django's own packages ------------------------------------------------------------

SUITE = [row for row in suite.CURRENT if row.error is None] if suite.DJANGO_SRC else []
# Fields of every model of the project at the end of the plan, in their order.
FINAL = {
    "test_migrations": {"author": "id name slug age rating", "book": "id author"},
    "test_migrations_no_changes": {"modelwithcustombase": "id", "unmigratedmodel": "id"},
    "test_add_many_to_many_field_initial": {"project": "id tasks", "task": "id projects"},
    "test_migrations_unmigdep": {"book": "id user"},
    "deprecated_field_migrations": {"ipaddressfield": "id"},
    "lookuperror_a lookuperror_b lookuperror_c": {"a3": "id b2 c2"},
    "mutate_state_a mutate_state_b": {"b": "id added"},
}


@pytest.fixture(scope="module")
def suite_answers(tmp_path_factory):
    top = tmp_path_factory.mktemp("suite")
    jobs = []
    for number, row in enumerate(SUITE):
        folder = top / ("case%d" % number)
        folder.mkdir()
        jobs.append({**suite.write_row(row, "package", folder), "render": True})
    return dict(zip((row.name for row in SUITE), state_harness.ask_django(jobs)))


def final_fields(answer):
    models = [answer["models"][index] for index in answer["final"]]
    return {m["name"].lower(): " ".join(f["name"] for f in m["fields"]) for m in models}


@pytest.mark.parametrize("row", SUITE, ids=[row.name.replace(" ", "+") for row in SUITE])
def test_suite_in_django(suite_answers, row):
    answer = suite_answers[row.name]
    assert answer["error"] is None
    for name, fields in FINAL.get(row.name, {}).items():
        assert final_fields(answer)[name] == fields
    if row.name == "test_migrations":
        assert "tribble" not in final_fields(answer)
    if row.name == "test_migrations_no_ancestor":
        refused = [(e["type"], e["node"], e["operation"]) for e in answer["errors"]]
        node = "migrations.0002_conflicting_second"
        assert refused == [("KeyError", node, n) for n in (0, 1, 2)]
    elif "no_ancestor" not in row.name:
        assert answer["errors"] == []


@needs_ours
@pytest.mark.parametrize("row", SUITE, ids=[row.name.replace(" ", "+") for row in SUITE])
def test_suite_same_states(suite_answers, row):
    answer = suite_answers[row.name]
    assert state_harness.differences(answer) == []
    assert state_harness.unreported(answer, state_harness.ask_findings(answer["dir"])) == []


# --- contrib apps, as if they were the project's own ----------------------------------


def django_folder():
    out = subprocess.run(
        [harness.DJANGO_PYTHON, "-c", "import django; print(django.__path__[0])"],
        check=True, stdout=subprocess.PIPE, text=True,
    ).stdout
    return Path(out.strip())


@pytest.fixture(scope="module")
def contrib_answer(tmp_path_factory):
    top = tmp_path_factory.mktemp("contrib")
    for label in CONTRIB:
        app = "own_" + label
        write(top / app / "__init__.py")
        write(top / app / "models.py")
        write(top / app / "apps.py", APP_CONFIG % (app, label))
        shutil.copytree(
            django_folder() / "contrib" / label / "migrations", top / app / "migrations",
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    write(top / "manage.py", MANAGE)
    write(top / "settings.py", settings_source(["own_" + label for label in sorted(CONTRIB)]))
    return state_harness.ask_django([{**job(top), "render": True, "migrate": True}])[0]


def test_contrib_in_django(contrib_answer):
    assert contrib_answer["error"] is None and contrib_answer["errors"] == []
    assert not any(contrib_answer["ancestor_errors"].values())
    assert len(contrib_answer["plan"]) == len(contrib_answer["files"]) == 23
    fields = final_fields(contrib_answer)
    assert fields["permission"] == "id name content_type codename"
    assert fields["contenttype"] == "id app_label model"


@needs_ours
def test_contrib_same_states(contrib_answer):
    assert state_harness.differences(contrib_answer) == []
    findings = state_harness.ask_findings(contrib_answer["dir"])
    assert [f for f in findings if state_harness.is_refusal(f)] == []


# --- corners --------------------------------------------------------------------------

ID = '("id", models.AutoField(primary_key=True))'


def model(name, *fields, rest=""):
    return "migrations.CreateModel(%r, [%s]%s)" % (name, ", ".join([ID, *fields]), rest)


def one(*operations):
    """One app `a`, its first operation in one migration and the others in the next."""
    steps = {"0001": Step([], [operations[0]]), "0002": Step([("a", "0001")], list(operations[1:]))}
    return History({"a": steps})


NAME = '("name", models.CharField(max_length=5))'
FK = '("%s", models.ForeignKey(%r, models.CASCADE))'
USER = "migrations.swappable_dependency(settings.AUTH_USER_MODEL)"
# name: (history, facts); facts are final fields by model, `errors` or `render`.
CASES = {
    "case-only rename removes the model": (
        one(model("Book"), "migrations.RenameModel('Book', 'book')"), {"absent": "book"}),
    "create over a living model": (
        one(model("Book", NAME), model("bOOK")), {"book": "id"}),
    "rename over a living model": (
        one(model("Book", NAME), model("Film"), "migrations.RenameModel('Book', 'Film')"),
        {"film": "id name", "absent": "book"}),
    "add an existing field keeps its place": (
        one(model("Book", NAME, '("age", models.IntegerField())'),
            "migrations.AddField('book', 'name', models.TextField(null=True))"), {"book": "id name age"}),
    "alter adds a missing field": (
        one(model("Book"), "migrations.AlterField('Book', 'x', models.TextField())"), {"book": "id x"}),
    "field names are exact": (
        one(model("Book", NAME), "migrations.RemoveField('book', 'Name')"), {"errors": "KeyError"}),
    "model names are not": (
        one(model("Book", NAME), "migrations.RemoveField('BOOK', 'name')"), {"book": "id"}),
    "rename field to the end": (
        one(model("Book", NAME, '("age", models.IntegerField())'),
            "migrations.RenameField('book', 'name', 'title')"), {"book": "id age title"}),
    "rename field over another": (
        one(model("Book", NAME, '("age", models.IntegerField())'),
            "migrations.RenameField('book', 'name', 'age')"), {"book": "id age"}),
    "rename a missing field": (
        one(model("Book"), "migrations.RenameField('Book', 'x', 'y')"), {"errors": "FieldDoesNotExist"}),
    "rename field in unique_together only": (
        one(model("Book", NAME, '("age", models.IntegerField())',
                  rest=", options={'unique_together': {('name', 'age')}, 'ordering': ['name'], "
                       "'indexes': [models.Index(fields=['name'], name='ix')]}"),
            "migrations.RenameField('book', 'name', 'title')"), {"book": "id age title"}),
    "rename field repoints to_field": (
        one(model("Book", '("code", models.IntegerField(unique=True))'),
            model("Page", '("book", models.ForeignKey("a.Book", models.CASCADE, to_field="code"))'),
            "migrations.RenameField('book', 'code', 'number')"), {"page": "id book", "book": "id number"}),
    "rename model repoints relations": (
        one(model("Book"), model("Page", FK % ("book", "Book"), FK % ("other", "a.book"),
                                 '("many", models.ManyToManyField("Book", related_name="+"))'),
            "migrations.AddField('Book', 'parent', models.ForeignKey('self', models.CASCADE))",
            "migrations.RenameModel('book', 'Tome')"), {"tome": "id parent"}),
    "rename model repoints through": (
        one(model("Book"), model("Link", FK % ("book", "a.Book")),
            "migrations.AddField('Book', 'many', models.ManyToManyField('self', through='Link'))",
            "migrations.RenameModel('Link', 'Chain')"), {"chain": "id book"}),
    "rename of a parent leaves bases": (
        one(model("Book"), "migrations.CreateModel('Novel', [], options={'proxy': True}, bases=('a.book',))",
            "migrations.RenameModel('Book', 'Tome')"), {"render": "InvalidBasesError"}),
    "delete what is pointed at": (
        one(model("Book"), model("Page", FK % ("book", "a.Book")), "migrations.DeleteModel('Book')"),
        {"render": "ValueError", "absent": "book"}),
    "options are merged, then those not given are dropped": (
        one(model("Book", rest=", options={'ordering': ['id'], 'verbose_name': 'b', 'db_table': 'T'}"),
            "migrations.AlterModelOptions('book', {'verbose_name': 'c', 'get_latest_by': 'id'})",
            "migrations.AlterModelTable('book', None)"), {"book": "id"}),
    "indexes come and go by name": (
        one(model("Book", NAME), "migrations.AddIndex('Book', models.Index(fields=['-name'], name='one'))",
            "migrations.AddIndex('Book', models.Index(fields=['name'], name='two'))",
            "migrations.RemoveIndex('Book', 'one')", "migrations.RemoveIndex('Book', 'never')"), {"book": "id name"}),
    "preserve_default false drops the default": (
        one(model("Book"), "migrations.AddField('book', 'n', models.IntegerField(default=1), preserve_default=False)",
            "migrations.AddField('book', 'm', models.IntegerField(null=True, default=None), False)"), {"book": "id n m"}),
    "state operations": (
        one(model("Book"), "migrations.SeparateDatabaseAndState([migrations.DeleteModel('Book')], [])",
            "migrations.SeparateDatabaseAndState(state_operations=[migrations.RunSQL('', state_operations=["
            "migrations.AddField('book', 'x', models.TextField())])])"), {"book": "id x"}),
    "no such model in nested operations": (
        one(model("Book"), "migrations.SeparateDatabaseAndState([], [migrations.SeparateDatabaseAndState("
                           "state_operations=[migrations.DeleteModel('Film')])])"), {"errors": "KeyError"}),
    "a field named twice": (
        one(model("Book"), model("Film", NAME, NAME)), {"error": "ValueError"}),
    "an index without a name": (
        one(model("Book"), "migrations.AddIndex('book', models.Index(fields=['id']))"), {"error": "ValueError"}),
    "not among the ancestors": (
        History({"a": {"0001": Step([], [model("Book")])},
                 "b": {"0001": Step([], [model("Page", FK % ("book", "a.Book"))])}}), {"page": "id book"}),
    "the user model of the settings": (
        History({"a": {"0001": Step([], [model("Person", NAME)]),
                       "0002": Step([("a", "0001"), ("b", "0001")], [
                           "migrations.RenameModel('Person', 'Human')"])},
                 "b": {"0001": Step([USER], [
                     model("Page", '("who", models.ForeignKey(to=settings.AUTH_USER_MODEL, on_delete=models.CASCADE))')])}},
                user_model="a.Person"), {"page": "id who", "human": "id name"}),
    "another branch makes the model anew": (
        History({"a": {"0001": Step([], [model("Book", NAME)]),
                       "0002_a": Step([("a", "0001")], ["migrations.DeleteModel('Book')", model("Book")]),
                       "0002_b": Step([("a", "0001")], ["migrations.RemoveField('Book', 'name')"])}}),
        {"errors": "KeyError", "book": "id"}),
    "another app's model by luck of order": (
        History({"a": {"0001": Step([], [model("Book")])},
                 "b": {"0001": Step([], ["migrations.RunPython(nothing)"]),
                       "0002": Step([("b", "0001")], [
                           "migrations.SeparateDatabaseAndState([], [])", model("Page", FK % ("book", "a.Book"))])}}),
        {"page": "id book"}),
}  # fmt: skip


@pytest.fixture(scope="module")
def case_answers(tmp_path_factory):
    top = tmp_path_factory.mktemp("cases")
    jobs = []
    for number, (history, _) in enumerate(CASES.values()):
        folder = top / ("case%d" % number)
        folder.mkdir()
        jobs.append(write_history(history, folder, render=True, migrate=True))
    return dict(zip(CASES, state_harness.ask_django(jobs)))


@pytest.mark.parametrize("name", CASES)
def test_case_in_django(case_answers, name):
    answer, facts = case_answers[name], dict(CASES[name][1])
    if "error" in facts:
        assert answer["error"]["type"] == facts["error"]
        return
    assert answer["error"] is None
    assert {error["type"] for error in answer["errors"]} == {facts.pop("errors", None)} - {None}
    rendered = {error["type"] for error in answer["rendered"].values() if error}
    assert rendered == {facts.pop("render", None)} - {None}
    fields = final_fields(answer)
    absent = facts.pop("absent", None)
    assert absent not in fields
    for model_name, expected in facts.items():
        assert fields[model_name] == expected


@needs_ours
@pytest.mark.parametrize("name", CASES)
def test_case_same_states(case_answers, name):
    answer = case_answers[name]
    assert state_harness.differences(answer) == []
    findings = state_harness.ask_findings(answer["dir"])
    assert state_harness.unreported(answer, findings) == []
    assert state_harness.unfounded(answer, findings) == []


# --- the comparison itself ------------------------------------------------------------


def test_every_kind_of_difference_is_noticed(case_answers):
    answer = case_answers["rename field in unique_together only"]
    labels = state_harness.compared_labels(answer)
    theirs = [answer["models"][index] for index in answer["final"]]

    def lines(change):
        ours = copy.deepcopy(theirs)
        change(ours)
        comparison = state_harness.Comparison()
        comparison.models(state_harness.by_key(theirs, labels), state_harness.by_key(ours, labels))
        return comparison.lines

    assert lines(lambda ours: None) == []
    changes = [
        lambda m: m["fields"].reverse(),
        lambda m: m["fields"][1].update({"class": "django.db.models.TextField"}),
        lambda m: m["fields"][-1]["kwargs"].update(max_length=6),
        lambda m: m["fields"][-1]["kwargs"].update(null=False),
        lambda m: m["fields"][-1]["kwargs"].pop("max_length"),
        lambda m: m["options"].pop("ordering"),
        lambda m: m["options"].update(unique_together=[["age", "name"]]),
        lambda m: m["options"].update(db_table="x"),
        lambda m: m["indexes"].clear(),
        lambda m: m["indexes"][0]["kwargs"].update(fields=["title"]),
        lambda m: m["managers"].append(["objects", "django.db.models.Manager"]),
        lambda m: m.update(bases=["a.other"]),
        lambda m: m.update(created_in="a.0002"),
        lambda m: m.update(name="BOOK"),
    ]
    for number, change in enumerate(changes):
        assert len(lines(lambda ours: change(ours[0]))) == 1, number
    assert lines(lambda ours: ours.clear()) == ["a.book: only Django has this model"]
    extra = {**theirs[0], "name": "New"}
    assert lines(lambda ours: ours.append(extra)) == ["a.new: only migralint has this model"]
    unknown = lambda ours: ours[0]["fields"][-1]["kwargs"].update(max_length={"unknown": "call"})
    assert lines(unknown) == []
