"""`# migralint: ignore[…]` hides its line and its rule, neither more nor less."""

import json
import random
import re
import shutil

import pytest
from conftest import PROJECTS, run, shop_of, write

MODELS = """from django.db import models


class Item(models.Model):
    id = models.BigAutoField(primary_key=True)
"""

MIGRATION = """from django.db import migrations
%s

class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [
%s
    ]
"""


@pytest.fixture
def project(tmp_path):
    write(tmp_path, shop_of(MODELS))
    return tmp_path


def report(directory, *words):
    return json.loads(run("check", "--level", "info", "--format", "json", *words, cwd=directory).out)


def codes(directory, operations, before="", words=("--select", "MG602,MG701,MG702,MG9")):
    """What is found, as "code:line within the operations"."""
    write(directory, {"shop/migrations/0002_more.py": MIGRATION % (before, operations)})
    first = 7 + before.count("\n")
    return ["%s:%d" % (f["code"], f["line"] - first + 1) for f in report(directory, *words)["findings"]
            if f["code"] != "MG902"]


COLOUR = 'migrations.RemoveField("item", "colour"),'
PRICE = 'migrations.RemoveField("item", "price"),'


@pytest.mark.parametrize("operations, expected", [
    (COLOUR + "\n" + PRICE, ["MG602:1", "MG602:2"]),
    (COLOUR + "  # migralint: ignore[MG602] unused\n" + PRICE, ["MG602:2"]),
    ("# migralint: ignore[MG602] unused\n" + COLOUR + "\n" + PRICE, ["MG602:3"]),
    ("# migralint: ignore[MG602] unused\n# and more\n" + COLOUR + "\n" + PRICE, ["MG602:4"]),
    (COLOUR + "  # migralint: ignore[drop-column] unused\n" + PRICE, ["MG602:2"]),
    (COLOUR + "  # migralint: ignore[ mg6 , MG7] unused\n" + PRICE, ["MG602:2"]),
    (COLOUR + "  # migralint: ignore\n" + PRICE, ["MG602:2"]),
    (COLOUR + "  # noqa: E501  # migralint:ignore[MG602]\n" + PRICE, ["MG602:2"]),
    (COLOUR + "  # migralint: ignore[MG701] unused\n" + PRICE, ["MG602:1", "MG901:1", "MG602:2"]),
    (COLOUR + "  # migralint: ignore[MG701, MG901]\n" + PRICE, ["MG602:1", "MG602:2"]),
    (COLOUR + "  # migralint: ignore[MG6O2]\n" + PRICE, ["MG602:1", "MG903:1", "MG602:2"]),
    (COLOUR + "  # migralint: ignore MG602\n" + PRICE, ["MG602:1", "MG903:1", "MG602:2"]),
    (COLOUR + "\n" + 'migrations.RunSQL("-- # migralint: ignore[MG602]", ""),', ["MG602:1"]),
    ("# migralint: ignore[MG602] unused\n\n" + COLOUR, ["MG901:1", "MG602:3"]),
])
def test_what_a_comment_hides(project, operations, expected):
    assert codes(project, operations) == expected


def test_an_operation_is_meant_to_its_end(project):
    separate = ('migrations.SeparateDatabaseAndState(%s\n    database_operations=[\n        ' + COLOUR
                + "\n        " + PRICE + "\n    ],\n),\nmigrations.RunPython(print),")
    assert codes(project, separate % "") == ["MG602:3", "MG602:4", "MG701:7"]
    assert codes(project, separate % "  # migralint: ignore[MG602, MG701] x") == ["MG901:1", "MG701:7"]
    inner = separate.replace(COLOUR, COLOUR + "  # migralint: ignore[MG602] x") % ""
    assert codes(project, inner) == ["MG602:4", "MG701:7"]


@pytest.mark.parametrize("comment, expected", [
    ("# migralint: ignore-file[MG602] x", ["MG701:3"]),
    ("# migralint: ignore-file", []),
    ("# migralint: ignore-file[MG702] x", ["MG901:-4", "MG602:1", "MG602:2", "MG701:3"]),
])
def test_the_whole_file(project, comment, expected):
    found = codes(project, COLOUR + "\n" + PRICE + "\nmigrations.RunPython(print),", comment)
    assert [re.sub(":-.*", ":-4", f) for f in found] == expected


@pytest.mark.parametrize("words", [
    ["--select", "MG901"], ["--ignore", "MG602"], ["--severity", "MG602=off"],
    ["--per-path-ignores", "shop/**=MG602"], ["--per-app-ignores", "shop=MG602"],
    ["--per-app-ignores", "shop.0002_more=MG602"],
])
def test_a_rule_that_did_not_run_leaves_nothing_unused(project, words):
    comment = "\nmigrations.RunSQL('', ''),  # migralint: ignore[MG602] x"
    assert "MG901:2" in codes(project, COLOUR + comment)
    assert not [c for c in codes(project, COLOUR + comment, words=words) if c.startswith("MG901")]


def test_what_follows_from_something_suppressed_is_hidden_with_it(tmp_path):
    root = tmp_path / "broken"
    shutil.copytree(PROJECTS / "broken-chain", root)
    before = report(root)["findings"]
    cause = next(f for f in before if f["code"] == "MG101" and f["consequences"])
    path = root / cause["path"]
    lines = path.read_text().split("\n")
    lines[cause["line"] - 1] += "  # migralint: ignore[MG101] it comes back next week"
    path.write_text("\n".join(lines))
    after = report(root, "--show-suppressed")
    same = lambda f: (f["code"], f["path"], f["message"])
    assert sorted(map(same, after["findings"])) == sorted(same(f) for f in before if f is not cause)
    hidden = after["suppressed"]
    assert sorted(map(same, hidden)) == sorted(map(same, [cause, *cause["consequences"]]))
    assert {f["suppressed"]["reason"] for f in hidden} == {"it comes back next week"}
    assert after["summary"]["suppressed"] == len(hidden)


def test_others_are_understood_where_they_mean_the_same(project):
    operations = COLOUR + "%s\n" + PRICE
    both = ["MG602:1", "MG602:2"]
    assert codes(project, operations % "  # zdm: ignore R005") == both[1:]
    assert codes(project, operations % "  # safe-migrations: ignore SM002 -- known") == both[1:]
    assert codes(project, operations % "  # zdm: ignore") == both[1:]
    assert codes(project, operations % "  # zdm: ignore R010") == both
    assert codes(project, operations % "  # zdm: ignored R005") == both
    imported = "import django_migration_linter as linter"
    assert codes(project, operations % "\nlinter.IgnoreMigration(),", imported) == []
    write(project, {"shop/migrations/0003_lost.py": MIGRATION.replace("0001_initial", "0002_lost")
                    % (imported, "linter.IgnoreMigration(),")})
    assert "MG101" in {f["code"] for f in report(project)["findings"]}, "never of the graph"


def test_fingerprints_stay_when_another_is_suppressed(project):
    twice = COLOUR + "\n" + PRICE
    codes(project, twice)
    before = {f["message"]: f["fingerprint"] for f in report(project)["findings"]}
    codes(project, COLOUR + "  # migralint: ignore[MG602]\n" + PRICE)
    after = report(project, "--ignore", "MG9")["findings"]
    assert all(before[f["message"]] == f["fingerprint"] for f in after)


@pytest.mark.parametrize("name", ["broken-chain", "healthy", "moved-to-legacy"])
@pytest.mark.parametrize("seed", range(4))
def test_suppressions_at_random_findings(tmp_path, name, seed):
    """What a comment names is hidden, everything else stays as it was."""
    chance = random.Random("%s %d" % (name, seed))
    root = tmp_path / "project"
    shutil.copytree(PROJECTS / name, root)
    same = lambda f: (f["code"], f["path"], f["message"])
    tops = report(root, "--ignore", "MG9")["findings"]
    at_line = [f for f in tops if f["end_column"] > 1 and f["path"].endswith(".py")]
    chosen = [f for f in at_line if chance.random() < 0.4]
    by_line = {}
    for f in chosen:
        by_line.setdefault((f["path"], f["line"]), set()).add(f["code"])
    for (path, line), names in by_line.items():
        lines = (root / path).read_text().split("\n")
        lines[line - 1] += "  # migralint: ignore[%s] x" % ",".join(sorted(names))
        (root / path).write_text("\n".join(lines))
    after = {same(f) for f in report(root, "--ignore", "MG9")["findings"]}
    expected = {same(f) for f in tops if f["code"] not in by_line.get((f["path"], f["line"]), ())}
    assert after <= {same(f) for f in tops}, "nothing new"
    assert {same(f) for f in chosen}.isdisjoint(after), "not less"
    # An operation is meant to its end, so the same code may go from the same file; nothing else does.
    meant = {(path, code) for (path, _), names in by_line.items() for code in names}
    assert [f for f in expected - after if (f[1], f[0]) not in meant] == [], "not more"
