"""Findings about the state: how grave they are, and what hangs below what."""

import json

import pytest
from conftest import run, write

HEAD = """from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [%s]
    operations = [
%s
    ]
"""
POST = 'migrations.CreateModel("Post", [("id", models.AutoField(primary_key=True)), ' \
       '("title", models.TextField())])'
TAG = 'migrations.CreateModel("Tag", [("id", models.AutoField(primary_key=True))])'


def migration(needs, *operations):
    return HEAD % (", ".join('("%s", "%s")' % key for key in needs),
                   "".join("        %s,\n" % operation for operation in operations))


def project(directory, migrations, engine="postgresql"):
    """`migrations`: from "app.name" to a text."""
    apps = sorted({key.split(".")[0] for key in migrations})
    write(directory, {
        "manage.py": "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings')\n",
        "config/__init__.py": "",
        "config/settings.py": "INSTALLED_APPS = %r\nDATABASES = {'default': {'ENGINE': "
                              "'django.db.backends.%s'}}\n" % (apps, engine)})
    for key, text in migrations.items():
        app, name = key.split(".")
        write(directory, {"%s/__init__.py" % app: "", "%s/migrations/__init__.py" % app: "",
                          "%s/migrations/%s.py" % (app, name): text})


def findings(directory, *options):
    done = run("check", "--format", "json", "--select", "MG1,MG2", "--ignore", "MG106",
               *options, cwd=directory)
    return json.loads(done.out)["findings"]


def summary(found):
    """[("error", "MG201", ["MG203"]), …]"""
    return [(f["severity"], f["code"], sorted(c["code"] for c in f["consequences"]))
            for f in found]


def test_a_lost_file_explains_its_models(tmp_path):
    """In its own app, and in another that points at what was in it."""
    project(tmp_path, {
        "blog.0001_initial": migration([], POST),
        "blog.0003_text": migration(
            [("blog", "0002_tag")],
            'migrations.AddField("tag", "text", models.TextField(null=True))'),
        "shop.0001_initial": migration(
            [("blog", "0003_text")],
            'migrations.CreateModel("Shelf", [("tag", models.ForeignKey("blog.Tag", models.CASCADE))])'),
    })
    found = findings(tmp_path)
    assert summary(found) == [("error", "MG101", ["MG102", "MG103", "MG201", "MG203"])]


def test_what_a_lost_file_cannot_explain_stands_alone(tmp_path):
    project(tmp_path, {
        "blog.0001_initial": migration([], POST),
        "shop.0002_shelf": migration(
            [("shop", "0001_initial"), ("blog", "0001_initial")],
            'migrations.CreateModel("Shelf", [("tag", models.ForeignKey("blog.Tag", models.CASCADE))])'),
    })
    assert summary(findings(tmp_path)) == [("error", "MG101", []), ("error", "MG203", [])]


def test_a_model_that_is_missing_is_one_report(tmp_path):
    project(tmp_path, {
        "blog.0001_initial": migration([], POST),
        "blog.0002_text": migration(
            [("blog", "0001_initial")],
            'migrations.AddField("tag", "text", models.TextField())',
            'migrations.AddField("post", "tag", models.ForeignKey("blog.Tag", models.CASCADE))',
            'migrations.AlterModelOptions("tag", {})'),
    })
    found = findings(tmp_path)
    assert summary(found) == [("error", "MG201", ["MG203"])]
    assert "`AlterModelOptions` names `blog.tag` too" in [n["message"] for n in found[0]["notes"]]


def test_the_order_decides_how_grave_it_is(tmp_path):
    """`books` is planned before `people`, `shop` behind it."""
    order = migration([], 'migrations.CreateModel("Order", [("id", models.AutoField(primary_key='
                          'True)), ("by", models.ForeignKey("people.Post", models.CASCADE))])')
    project(tmp_path, {"books.0001_initial": order, "people.0001_initial": migration([], POST),
                       "shop.0001_initial": order})
    found = findings(tmp_path)
    assert summary(found) == [("error", "MG205", []), ("warning", "MG205", [])]
    assert [f["app"] for f in found] == ["books", "shop"]


def test_what_only_reaches_the_state_is_not_asked_for_at_once(tmp_path):
    project(tmp_path, {
        "books.0001_initial": migration(
            [], POST, "migrations.SeparateDatabaseAndState(state_operations=[migrations.AddField("
                      '"post", "by", models.ForeignKey("people.Tag", models.CASCADE))])'),
        "people.0001_initial": migration([], TAG)})
    assert summary(findings(tmp_path)) == [("warning", "MG205", [])]


def test_a_root_that_needs_its_own_app(tmp_path):
    project(tmp_path, {
        "blog.0001_initial": migration([], POST),
        "blog.0002_text": migration([], 'migrations.AddField("post", "text", models.TextField())'),
        "blog.0003_merge": migration([("blog", "0001_initial"), ("blog", "0002_text")]),
    })
    assert summary(findings(tmp_path)) == [("error", "MG201", ["MG108"])]


def test_leaves_explain_what_their_order_breaks(tmp_path):
    project(tmp_path, {
        "blog.0001_initial": migration([], POST),
        "blog.0002_drop": migration([("blog", "0001_initial")], 'migrations.DeleteModel("Post")'),
        "blog.0002_text": migration(
            [("blog", "0001_initial")],
            'migrations.AddField("post", "text", models.TextField())',
            'migrations.AddField("tag", "text", models.TextField())'),
    })
    assert summary(findings(tmp_path)) == [("error", "MG103", ["MG104", "MG201"]),
                                           ("error", "MG201", [])]


@pytest.mark.parametrize("left, on_sqlite", [
    ('migrations.AlterUniqueTogether("post", {("title", "id")})', "error"),
    ('migrations.AddConstraint("post", models.UniqueConstraint(fields=["title"], name="t"))',
     "error"),
    ('migrations.AddIndex("post", models.Index(fields=["title"], name="t"))', "warning"),
    ('migrations.AlterIndexTogether("post", {("title", "id")})', "warning"),
])
def test_databases_differ_in_what_they_drop(tmp_path, left, on_sqlite):
    texts = {"blog.0001_initial": migration([], POST, left),
             "blog.0002_drop": migration([("blog", "0001_initial")],
                                         'migrations.RemoveField("post", "title")')}
    project(tmp_path, texts)
    assert summary(findings(tmp_path)) == [("warning", "MG202", [])]
    project(tmp_path, texts, engine="sqlite3")
    assert summary(findings(tmp_path)) == [(on_sqlite, "MG202", [])]


def test_an_unknown_app_is_one_report(tmp_path):
    shelf = 'migrations.CreateModel("Shelf", [("tag", models.ForeignKey("gone.Tag", models.CASCADE))])'
    project(tmp_path, {"blog.0001_initial": migration([("gone", "0001_initial")], POST),
                       "shop.0001_initial": migration([], shelf)})
    assert summary(findings(tmp_path)) == [("error", "MG110", ["MG203"])]


LIGHT = ('migrations.SeparateDatabaseAndState(state_operations=['
         'migrations.AddField("post", "game", models.ForeignKey("games.Game", models.CASCADE))])',
         'migrations.SeparateDatabaseAndState(state_operations=['
         'migrations.RemoveField("post", "game")])')
GAME = 'migrations.AddField("post", "game", models.ForeignKey("games.Game", models.CASCADE))'


@pytest.mark.parametrize("settings, operations, severity", [
    ({}, (GAME,), "error"),
    ({}, LIGHT, "warning"),
    ({}, LIGHT[:1], "error"),
    ({"config/settings.py": "INSTALLED_APPS = ['blog', 'elsewhere']\n"}, (GAME,), "warning"),
    ({"config/settings.py": "import os\nINSTALLED_APPS = ['blog']\n"
                            "if os.environ.get('MORE'):\n    INSTALLED_APPS += ['elsewhere']\n"},
     (GAME,), None),
    ({"config/settings.py": "INSTALLED_APPS = ['django.contrib.auth', 'blog']\n"}, (GAME,), "error"),
    ({"config/settings.py": "from elsewhere import *\nINSTALLED_APPS = ['blog']\n"}, (GAME,),
     "warning"),
    ({"manage.py": "", "config/settings.py": "INSTALLED_APPS = ['blog']\n"}, (GAME,), "warning"),
], ids=["all at hand", "gone before a database asks", "in the state at the end", "one not at hand",
        "perhaps one more", "Django's own", "settings not read wholly", "nothing names the settings"])
def test_an_app_that_is_gone_is_an_error_where_no_other_can_have_its_label(
        tmp_path, settings, operations, severity):
    project(tmp_path, {"blog.0001_initial": migration([], POST, *operations)})
    write(tmp_path, settings)
    assert summary(findings(tmp_path)) == ([(severity, "MG203", [])] if severity else [])


def test_a_rename_in_case_only_takes_the_model_away(tmp_path):
    project(tmp_path, {"blog.0001_initial": migration(
        [], TAG, 'migrations.RenameModel("Tag", "TAG")', 'migrations.DeleteModel("Tag")')})
    found = findings(tmp_path, "--ignore", "MG217")
    notes = [n["message"] for f in found if f["code"] == "MG201" for n in f["notes"]]
    assert "`blog.Tag` is renamed to `TAG` in `blog.0001_initial`, which takes it away: they " \
           "differ in case only" in notes
