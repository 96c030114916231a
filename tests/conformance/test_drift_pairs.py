"""Models beside migrations, a row at a time: what differs, as a real autodetector has it.

A change that Django does not have is a failure. So is one that only Django has, unless the row is in
DIFFERENCES-drift.md, which says why nothing can be told of it.
"""

import re

import pytest

import drift_harness
import drift_pairs
import harness
import state_harness

VERSION = harness.django_version()
PER_APP = 50
pytestmark = pytest.mark.skipif(VERSION < (4, 2), reason="the models of the rows are of Django 4.2 and later")
LISTED = re.compile(r"^- `(.*)`$", re.MULTILINE)

SETTINGS = """SECRET_KEY = "x"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
%s]
"""


def undecidable():
    """Names of rows, or the beginning of names up to a `…`."""
    listed = LISTED.findall((harness.HERE / "DIFFERENCES-drift.md").read_text(encoding="utf-8"))
    return [re.compile(".*".join(map(re.escape, name.split("…"))) + r"\Z", re.DOTALL) for name in listed]


def apps_of(rows):
    """Rows by app: those that stand alone, and the others by the dozen."""
    together = [row for row in rows if not row.alone]
    groups = [together[i : i + PER_APP] for i in range(0, len(together), PER_APP)]
    groups += [[row] for row in rows if row.alone]
    return {"app%d" % number: group for number, group in enumerate(groups)}


def named(text, app, model):
    text = re.sub(r"\bAPP\.MODEL\b", "%s.%s" % (app, model.lower()), text)
    text = re.sub(r"\bmodelbase", model.lower() + "base", text)
    return re.sub(r"\bMODEL(Base|Middle)?\b", model + r"\1", re.sub(r"\bAPP\b", app, text))


def write_app(top, app, rows):
    models = {row: "Row%d" % number for number, row in enumerate(rows)}
    classes = [named(row.classes, app, model) for row, model in models.items()]
    operations = [named(text, app, model) for row, model in models.items() for text in row.operations]
    migration = "%sfrom django.db import migrations\n\n\nclass Migration(migrations.Migration):\n" % drift_pairs.IMPORTS
    migration += "    initial = True\n    dependencies = [('base', '0001_initial'), "
    migration += "migrations.swappable_dependency(settings.AUTH_USER_MODEL)]\n    operations = [\n"
    migration += "".join("        %s,\n" % text for text in operations) + "    ]\n"
    harness.write_package(top / app / "migrations", top)
    harness.write(top / app / "models.py", drift_pairs.IMPORTS + "\n\n" + "\n\n".join(classes))
    harness.write(top / app / "migrations/0001_initial.py", migration)
    return {(app, model.lower()): row for row, model in models.items()}


def write_base(top):
    harness.write(top / "manage.py", harness.MANAGE)
    harness.write_package(top / "base/migrations", top)
    harness.write(top / "base/models.py", drift_pairs.BASE_MODELS_PY)
    harness.write(top / "base/fields.py", drift_pairs.FIELDS_PY)
    harness.write(top / "base/helpers.py", drift_pairs.HELPERS_PY)
    harness.write(
        top / "base/migrations/0001_initial.py",
        "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n"
        "    initial = True\n    dependencies = []\n    operations = [\n%s    ]\n"
        % "".join("        %s,\n" % text for text in drift_pairs.BASE_OPERATIONS))


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """(rows by app and model, Django's changes, ours)."""
    top = tmp_path_factory.mktemp("pairs")
    apps = apps_of(drift_pairs.rows(VERSION))
    write_base(top)
    entries = ["django.contrib.auth", "django.contrib.contenttypes", "base", *apps]
    harness.write(top / "settings.py", SETTINGS % "".join("    %r,\n" % entry for entry in entries))
    known = {}
    for app, group in apps.items():
        known.update(write_app(top, app, group))
    (answer,) = drift_harness.ask_django([{"dir": str(top)}])
    assert answer["error"] is None
    django = drift_harness.changes_of_django(answer)
    ours = drift_harness.changes_of_ours(top, VERSION) if state_harness.HAS_STATE else None
    return known, django, ours


def by_row(known, changes):
    """row -> its changes; the helper models of a row count with it."""
    found = {row: set() for row in known.values()}
    for app, group in changes.items():
        for operation, model, name in group:
            row = known.get((app, model)) or known.get((app, model.removesuffix("base")))
            assert row or app == "base", (app, operation, model, name)
            if row:
                found[row].add((operation, name))
    return found


def test_django_sees_both_kinds(answers):
    known, django, _ = answers
    changed = sum(map(bool, by_row(known, django).values()))
    assert len(known) > 2000 and 0.3 < changed / len(known) < 0.95


@pytest.mark.skipif(not state_harness.HAS_STATE, reason="MIGRALINT is not set")
def test_same_verdicts(answers):
    known, django, ours = answers
    theirs, mine = by_row(known, django), by_row(known, ours)
    wrong, missed, silent = [], [], undecidable()
    listed = 0
    for row in known.values():
        if mine[row] == theirs[row]:
            continue
        exempt = any(pattern.match(row.name) for pattern in silent)
        listed += exempt
        if mine[row] - theirs[row]:
            wrong.append("%s: we say %s, Django %s" % (row.name, sorted(mine[row]), sorted(theirs[row])))
        elif not exempt:
            missed.append("%s: Django says %s, we %s" % (row.name, sorted(theirs[row]), sorted(mine[row])))
    print("%d rows, of %d nothing can be told" % (len(known), listed))
    assert not wrong and not missed, "%d wrong\n%s\n%d missed\n%s" % (
        len(wrong), "\n".join(wrong[:80]), len(missed), "\n".join(missed[:400]))


@pytest.mark.skipif(not state_harness.HAS_STATE, reason="MIGRALINT is not set")
def test_what_is_listed_is_not_told(answers):
    """An entry that is not needed any more, with the oldest Django that has all rows, is to be taken off."""
    known, django, ours = answers
    theirs, mine = by_row(known, django), by_row(known, ours)
    silent = [row.name for row in known.values() if theirs[row] - mine[row]]
    idle = [pattern.pattern for pattern in undecidable() if not any(map(pattern.match, silent))]
    assert VERSION != (4, 2) or not idle, idle
