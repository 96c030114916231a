"""One cause, one report: what follows from a finding is listed below it."""

import json

import pytest
from conftest import MIGRATION, run, write

BROKEN = "from django.db import migrations\n\n\nclass Migration(\n"


def project(directory, migrations, app="events"):
    """`migrations`: from a name to the names in the same app that it needs, or to a text."""
    write(directory, {"manage.py": "", "%s/models.py" % app: "", "%s/__init__.py" % app: "",
                      "%s/migrations/__init__.py" % app: ""})
    for name, needs in migrations.items():
        text = needs if isinstance(needs, str) else MIGRATION % ", ".join(
            '("%s", "%s")' % (app, need) for need in needs)
        write(directory, {"%s/migrations/%s.py" % (app, name): text})


def findings(directory, *options):
    done = run("check", "--format", "json", "--level", "info", *options, cwd=directory)
    return json.loads(done.out)["findings"]


def below(finding):
    return sorted(consequence["code"] for consequence in finding["consequences"])


def codes(found):
    return sorted(finding["code"] for finding in found)


def test_a_lost_file_is_one_report(tmp_path):
    project(tmp_path, {"0001_initial": [], "0002_a": ["0001_initial"], "0004_c": ["0003_b"],
                       "0005_d": ["0004_c"]})
    found = findings(tmp_path)
    assert codes(found) == ["MG101"]
    assert below(found[0]) == ["MG102", "MG103"]
    assert found[0]["path"] == "events/migrations/0004_c.py"
    assert found[0]["message"] == "`events.0004_c` depends on `events.0003_b`, which does not exist"


def test_the_gap_is_told_by_the_cause(tmp_path):
    project(tmp_path, {"0001_initial": [], "0002_a": ["0001_initial"], "0006_e": ["0005_d"]})
    notes = [note["message"] for note in findings(tmp_path)[0]["notes"]]
    assert "`events` jumps from 0002 to 0006; 0003 to 0005 are missing" in notes


def test_a_cause_that_is_not_selected_gives_its_consequences_back(tmp_path):
    project(tmp_path, {"0001_initial": [], "0003_b": ["0002_a"]})
    found = findings(tmp_path, "--ignore", "MG101")
    assert codes(found) == ["MG102", "MG103"]


def test_two_lost_files_are_two_reports(tmp_path):
    project(tmp_path, {"0001_initial": [], "0003_b": ["0002_a"], "0005_d": ["0004_c"]})
    found = findings(tmp_path)
    assert codes(found) == ["MG101", "MG101"]
    assert sorted(sum((below(finding) for finding in found), [])) == ["MG102", "MG103"]


def test_two_branches_are_one_report(tmp_path):
    project(tmp_path, {"0001_initial": [], "0002_a": ["0001_initial"], "0002_b": ["0001_initial"]})
    found = findings(tmp_path)
    assert codes(found) == ["MG103"]
    assert below(found[0]) == ["MG104"]
    assert found[0]["severity"] == "error"


def test_a_migration_that_lost_its_dependencies_is_one_report(tmp_path):
    project(tmp_path, {"0001_initial": [], "0002_a": ["0001_initial"], "0003_b": []})
    found = findings(tmp_path)
    assert codes(found) == ["MG103"]
    assert below(found[0]) == ["MG108"]


def test_a_conflict_besides_a_lost_file_stands_alone(tmp_path):
    project(tmp_path, {"0001_initial": [], "0002_a": ["0001_initial"], "0002_b": ["0001_initial"],
                       "0005_d": ["0004_c"]})
    assert codes(findings(tmp_path)) == ["MG101", "MG103"]


def test_many_leaves_are_one_report(tmp_path):
    project(tmp_path, {"m%03d" % i: [] for i in range(100)})
    found = findings(tmp_path)
    assert codes(found) == ["MG103"]
    assert "100 leaf migrations" in found[0]["message"]


def test_a_broken_file_explains_its_neighbours(tmp_path):
    project(tmp_path, {"0001_initial": [], "0002_a": ["0001_initial"], "0002_b": ["0001_initial"],
                       "0003_merge": BROKEN})
    assert codes(findings(tmp_path)) == ["MG001"]


def test_a_broken_file_does_not_hide_what_it_cannot_have_caused(tmp_path):
    project(tmp_path, {"0001_initial": BROKEN, "0002_a": ["0001_initial"],
                       "0002_b": ["0001_initial"]})
    assert codes(findings(tmp_path)) == ["MG001", "MG103"]


def test_an_emptied_folder_is_one_report(tmp_path):
    project(tmp_path, {"0001_initial": []})
    project(tmp_path, {"0001_initial": []}, app="tickets")
    (tmp_path / "events/migrations/__init__.py").unlink()
    write(tmp_path, {"tickets/migrations/0002_event.py":
                     MIGRATION % '("tickets", "0001_initial"), ("events", "0001_initial")'})
    found = findings(tmp_path)
    assert codes(found) == ["MG003"]
    assert below(found[0]) == ["MG101"]


@pytest.mark.parametrize("needs", [["0001_initial"], ["0002_a"]])
def test_a_circle_is_one_report(tmp_path, needs):
    project(tmp_path, {"0001_initial": needs, "0002_a": ["0001_initial"]})
    found = findings(tmp_path)
    assert len(found) == 1 and found[0]["code"] in ("MG105", "MG111")
    assert not found[0]["consequences"]


def test_settings_tell_which_of_two_apps_is_meant(tmp_path):
    """`extra` needs what only the real `cart` has, and lies beside a fork of `cart`."""
    project(tmp_path, {"0001_initial": [], "0002_a": ["0001_initial"]}, app="cart")
    project(tmp_path, {"0001_initial": []}, app="tests/_site/apps/cart")
    project(tmp_path, {"0001_initial": MIGRATION % '("cart", "0002_a")'},
            app="tests/_site/apps/extra")
    write(tmp_path, {
        "manage.py": "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'tests.settings')\n",
        "tests/__init__.py": "",
        "tests/settings.py": "INSTALLED_APPS = ['cart', 'tests._site.apps.extra']\n",
        "tests/_site/__init__.py": "", "tests/_site/apps/__init__.py": "",
    })
    assert findings(tmp_path, "--ignore", "MG106") == []
    write(tmp_path, {"tests/settings.py": "INSTALLED_APPS = []\n"})
    assert codes(findings(tmp_path, "--ignore", "MG106")) == ["MG101"], "without them, the fork beside it is meant"


def test_a_name_is_reported_once_per_file(tmp_path):
    text = MIGRATION % "" + "".join("%s = %s\n" % pair for pair in [
        ("x", "models.A"), ("y", "models.B"), ("z", "others"), ("w", "models"),
        ("v", "migrations.AddFeild"), ("u", "migrations.AddFeild")])
    project(tmp_path, {"0001_initial": text, "0002_a": text.replace(
        "dependencies = []", 'dependencies = [("events", "0001_initial")]')})
    found = findings(tmp_path)
    assert codes(found) == ["MG009"] * 6
    assert [(finding["line"], finding["message"]) for finding in found[:3]] == [
        (7, "`models` is used here and in 2 more places, "
            "but nothing in the file defines or imports it"),
        (9, "`others` is used here, but nothing in the file defines or imports it"),
        (11, "`django.db.migrations` has no attribute `AddFeild`, in no version of Django; "
             "used here and in 1 more place"),
    ]


INITIAL = """from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.CreateModel("Show", [("id", models.AutoField(primary_key=True, serialize=False)), ("slug", models.SlugField())])]
"""
MODELS = """from django.db import models


class Show(models.Model):
    id = models.AutoField(primary_key=True)
    slug = models.SlugField()
"""
SLUG = """from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [migrations.AddField("show", "slug", models.SlugField())]
"""


def test_a_file_that_came_back_is_one_report(tmp_path):
    project(tmp_path, {"0001_initial": INITIAL, "0002_show_slug": SLUG, "0003_b": ["0001_initial"]})
    write(tmp_path, {"events/models.py": MODELS})
    found = findings(tmp_path)
    assert codes(found) == ["MG010"]
    assert found[0]["severity"] == "error"
    assert below(found[0]) == ["MG103", "MG204"]
    assert codes(findings(tmp_path, "--ignore", "MG010")) == ["MG103", "MG204"]


def test_what_changes_nothing_in_a_file_that_came_back_follows(tmp_path):
    again = SLUG.replace('models.SlugField())]',
                         'models.SlugField()), migrations.AlterField("show", "slug", models.SlugField())]')
    project(tmp_path, {"0001_initial": INITIAL, "0002_show_slug": again})
    write(tmp_path, {"events/models.py": MODELS})
    found = findings(tmp_path)
    assert codes(found) == ["MG010"]
    assert below(found[0]) == ["MG204", "MG215"]
    assert codes(findings(tmp_path, "--ignore", "MG010")) == ["MG204", "MG215"]


OPERATIONS = """from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [%s]
    operations = [%s]
"""
CREATE_POST = 'migrations.CreateModel("Post", [("id", models.AutoField(primary_key=True))])'
ADD_SLUG = 'migrations.AddField("post", "slug", models.SlugField(null=True))'


def on_two_lines(directory, **more):
    project(directory, dict({
        "0001_initial": OPERATIONS % ("", CREATE_POST),
        "0002_slug": OPERATIONS % ('("events", "0001_initial")', ADD_SLUG),
        "0002_slug_too": OPERATIONS % ('("events", "0001_initial")', ADD_SLUG)}, **more))


def test_what_two_leaves_both_make_follows_from_them(tmp_path):
    on_two_lines(tmp_path)
    found = findings(tmp_path, "--ignore", "MG3")
    assert codes(found) == ["MG103"]
    assert below(found[0]) == ["MG104", "MG204"]


def test_once_they_are_merged_it_stands_alone(tmp_path):
    on_two_lines(tmp_path, **{"0003_merge": ["0002_slug", "0002_slug_too"]})
    found = findings(tmp_path, "--ignore", "MG3")
    assert codes(found) == ["MG104", "MG204"]
    notes = [note["message"] for note in found[-1]["notes"] + found[0]["notes"]]
    assert "the two are on different lines, which `events.0003_merge` joins" in notes


def test_two_leaves_explain_nothing_else(tmp_path):
    on_two_lines(tmp_path, **{
        "0002_slug_too": OPERATIONS % ('("events", "0001_initial")',
                                       'migrations.RemoveIndex("post", "by_slug")')})
    found = findings(tmp_path, "--ignore", "MG3")
    assert codes(found) == ["MG103", "MG209"]
    assert below(found[0] if found[0]["code"] == "MG103" else found[1]) == ["MG104"]


def test_what_is_made_twice_behind_a_lost_file_follows_from_it(tmp_path):
    project(tmp_path, {
        "0001_initial": OPERATIONS % ("", CREATE_POST),
        "0003_again": OPERATIONS % ('("events", "0002_gone")', CREATE_POST)})
    found = findings(tmp_path, "--ignore", "MG3")
    assert codes(found) == ["MG101"]
    assert "MG204" in below(found[0])


def test_a_model_that_a_renaming_loses_is_one_report(tmp_path):
    project(tmp_path, {
        "0001_initial": OPERATIONS % ("", CREATE_POST),
        "0002_case": OPERATIONS % ('("events", "0001_initial")',
                                   'migrations.RenameModel("Post", "POST")'),
        "0003_slug": OPERATIONS % ('("events", "0002_case")', ADD_SLUG)})
    found = findings(tmp_path, "--ignore", "MG3")
    assert codes(found) == ["MG217"]
    assert below(found[0]) == ["MG201"]


def test_a_number_before_the_first_leaves_no_gap(tmp_path):
    write(tmp_path, {"manage.py": "", "blog/__init__.py": "", "blog/models.py": "", "blog/migrations/__init__.py": "",
                     "blog/migrations/0001_initial.py": MIGRATION % '("blog", "0000_start")'})
    printed = run("check", cwd=tmp_path).out
    assert "`blog.0001_initial` depends on `blog.0000_start`, which does not exist" in printed
    assert "missing\n" not in printed
