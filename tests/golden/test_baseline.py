"""A baseline hides what it has and nothing else, and only shrinks."""

import json
import os
import random
import re
import shutil

import pytest
from conftest import ITEM, PROJECTS, Repository, run, shop_of, write

NAME = ".migralint-baseline.json"

# Of a base that is not at hand nobody knows the fields, so no drift is found.
MODELS = """from elsewhere.models import Base


class Item(Base):
    pass
"""

MIGRATION = """from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "%s")]

    operations = [
%s
    ]
"""

COLOUR = 'migrations.RemoveField("item", "colour"),'
PRICE = 'migrations.RemoveField("item", "price"),'
SQL = 'migrations.RunSQL("UPDATE shop_item SET id = %d"),'


def operations(*lines, parent="0001_initial"):
    return MIGRATION % (parent, "\n".join("        " + line for line in lines))


def shop_files(*lines):
    return {**shop_of(MODELS), "shop/migrations/0002_more.py": operations(*lines)}


@pytest.fixture
def project(tmp_path):
    write(tmp_path / "site", shop_files(COLOUR, SQL % 1))
    return tmp_path / "site"


MORE = "shop/migrations/0002_more.py"


def report(directory, *words):
    done = run("check", "--level", "info", "--format", "json", *words, cwd=directory)
    assert done.returncode in (0, 1), done.err
    return json.loads(done.out)


def found(directory, *words):
    """What is reported, in the order of places, as "code name"."""
    findings = report(directory, *words)["findings"]
    return [f["code"] + (" " + re.findall("`([^`]*)`", f["message"])[0] if "`" in f["message"] else "")
            for top in findings for f in [top, *top["consequences"]]]


def baseline(directory, word, *words):
    done = run("baseline", word, *words, cwd=directory)
    assert done.returncode == 0, done.err
    return done.out


def entries(directory):
    return json.loads((directory / NAME).read_text())["findings"]


def rewrite(directory, change):
    document = json.loads((directory / NAME).read_text())
    document["findings"] = change(document["findings"])
    (directory / NAME).write_text(json.dumps(document))


# ---- what it is ----


def test_recorded_and_silent(project):
    before = report(project)["findings"]
    assert [f["code"] for f in before] == ["MG602", "MG702"]
    assert baseline(project, "create") == "Recorded 2 findings in %s\n" % NAME
    done = run("check", cwd=project)
    assert done.returncode == 0
    assert done.out.startswith("No problems found, 2 in the baseline in 2 migrations of 1 app, ")
    after = report(project, "--show-suppressed")
    assert after["findings"] == [] and after["summary"]["baselined"] == 2
    assert after["summary"]["warnings"] == 0 and after["summary"]["suppressed"] == 0
    for f in before:
        del f["consequences"]
        f["suppressed"] = {"kind": "baseline", "path": NAME, "reason": None}
    assert after["suppressed"] == before
    assert found(project, "--no-baseline") == [f["code"] + " " + f["message"].split("`")[1] for f in before]


def test_the_file(project):
    before = report(project)["findings"]
    baseline(project, "create")
    text = (project / NAME).read_text()
    head = ('{\n  "version": 1,\n  "kind": "migralint-baseline",\n  "django": "5.2",\n'
            '  "installed_apps": false,\n  "findings": [\n')
    assert text.startswith(head) and text.endswith("\n  ]\n}\n")
    lines = text[len(head):].splitlines()[:-2]
    assert len(lines) == 2, "one line a finding"
    for line, f in zip(lines, before):
        members = ["code", "app", "migration", "path", "line", "message", "fingerprint"]
        entry = json.loads(line.rstrip(","))
        assert {k: entry[k] for k in members} == {k: f[k] for k in members}
        assert sorted(entry) == sorted([*members, "source"])
    assert json.loads(lines[0].rstrip(","))["source"] == 'migrations.RemoveField("item","colour")'
    baseline(project, "create", "--force")
    assert (project / NAME).read_text() == text, "the same bytes"


def test_sarif_lists_it_as_suppressed_elsewhere(project):
    baseline(project, "create")
    assert json.loads(run("check", "-f", "sarif", cwd=project).out)["runs"][0]["results"] == []
    results = json.loads(run("check", "-f", "sarif", "--show-suppressed", cwd=project).out)["runs"][0]["results"]
    assert [r["ruleId"] for r in results] == ["MG602", "MG702"]
    assert {json.dumps(r["suppressions"]) for r in results} == {'[{"kind": "external"}]'}


# ---- which file ----


def test_named_files(project):
    baseline(project, "create", "--baseline", "../known.json")
    assert not (project / NAME).exists()
    assert len(found(project)) == 2
    assert found(project, "--baseline", "../known.json") == []
    write(project, {".migralint.yml": "baseline: ../known.json\n"})
    assert found(project) == []
    assert found(project / "shop", "..") == [], "from the configuration, wherever one stands"
    assert found(project, "--no-baseline") != [] and found(project, "--isolated") != []
    (project.parent / "known.json").unlink()
    done = run("check", cwd=project)
    assert (done.returncode, done.out) == (2, "")
    assert done.err == "migralint: ../known.json: no such baseline; `migralint baseline create` makes one\n"


def test_nearest_above_up_to_the_top_of_the_work_tree(tmp_path):
    write(tmp_path / "work/site", shop_files(COLOUR))
    site = tmp_path / "work/site"
    baseline(tmp_path / "work", "create")
    assert found(site) == ["MG602 item.colour"], "others may leave files above what is no work tree"
    (tmp_path / "work" / NAME).rename(tmp_path / NAME)
    Repository(tmp_path / "work")
    assert found(site) == ["MG602 item.colour"], "nor above the top"
    (tmp_path / NAME).rename(tmp_path / "work" / NAME)
    assert found(site) == [] and found(tmp_path / "work") == [] and found(site, "shop") == []
    assert [e["path"] for e in entries(tmp_path / "work")] == ["site/" + MORE]
    baseline(site, "create")
    assert [e["path"] for e in entries(site)] == [MORE]
    rewrite(site, lambda all_of: [])
    assert found(site) == ["MG602 item.colour"], "the nearest holds"


def test_from_below_the_paths_still_count_from_the_file(tmp_path):
    for name in ("one", "two"):
        write(tmp_path / name, shop_files(COLOUR))
    Repository(tmp_path)
    baseline(tmp_path, "create")
    text = (tmp_path / NAME).read_text()
    assert found(tmp_path / "two") == [], "nothing is said about what lies elsewhere"
    write(tmp_path / "two", {MORE: operations(PRICE)})
    assert baseline(tmp_path / "two", "update") == \
        "../%s: 1 dropped, 1 as before; 1 new is not in it\n" % NAME
    assert [e["path"] for e in entries(tmp_path)] == ["one/" + MORE]
    (tmp_path / NAME).write_text(text)
    stale, = [f for f in report(tmp_path / "two")["findings"] if f["code"] == "MG904"]
    assert stale["path"] == "../" + NAME
    assert stale["line"] == [n for n, line in enumerate(text.splitlines(), 1) if "two/" in line][0]
    assert run("check", "-f", "concise", "two", cwd=tmp_path).out.startswith(NAME + ":")
    sarif = json.loads(run("check", "-f", "sarif", "two", cwd=tmp_path).out)["runs"][0]["results"]
    uris = [r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in sarif]
    assert uris == [NAME, "two/" + MORE]


# ---- known again ----


def test_lines_move(project):
    baseline(project, "create")
    write(project, {MORE: operations("# Nothing reads it.", "", COLOUR, "", SQL % 1)})
    assert found(project) == []
    assert baseline(project, "prune").endswith(": 2 as before\n"), "where they are is not its business"
    assert baseline(project, "update", "--dry-run").splitlines()[0] == \
        "~ shop/migrations/0002_more.py:10 MG602: `item.colour` is dropped while code that selects " \
        "it may still run (was shop/migrations/0002_more.py:8)"
    assert baseline(project, "update").endswith(": 2 moved\n")
    assert [e["line"] for e in entries(project)] == [10, 12]
    assert baseline(project, "update").endswith(": 2 as before\n")


def test_another_formatter(project):
    baseline(project, "create")
    write(project, {MORE: operations("migrations.RemoveField(", "    'item',", "    'colour',", "),", SQL % 1)})
    assert found(project) == [], "the names are the same"


def test_another_wording(project):
    baseline(project, "create")
    rewrite(project, lambda all_of: [{**e, "message": "`item.colour` of `old.words` goes", "fingerprint": "0:1"}
                                     for e in all_of if e["code"] == "MG602"])
    write(project, {MORE: operations(COLOUR)})
    assert found(project) == [], "the line and one name are the same"
    rewrite(project, lambda all_of: [{**e, "message": "`old.words`"} for e in all_of])
    assert found(project) == ["MG904 old.words", "MG602 item.colour"]


def test_a_second_of_the_same_shape_is_new(project):
    write(project, {MORE: operations(SQL % 1, SQL % 1)})
    baseline(project, "create")
    assert found(project) == []
    write(project, {MORE: operations(SQL % 1, SQL % 1, SQL % 1)})
    assert found(project) == ["MG702 RunSQL"]
    write(project, {MORE: operations(SQL % 1)})
    assert found(project) == ["MG904 RunSQL"]


def test_migrations_are_renamed(project):
    baseline(project, "create")
    (project / MORE).rename(project / "shop/migrations/0002_drop.py")
    assert found(project) == []
    assert baseline(project, "update").endswith(": 2 moved\n")
    assert {e["migration"] for e in entries(project)} == {"0002_drop"}
    write(project, {"shop/migrations/0003_b.py": operations(PRICE, SQL % 1, parent="0002_drop")})
    assert found(project) == ["MG602 item.price", "MG702 RunSQL"], "both are there: the second is new"


def test_an_app_moves(project):
    write(project, {MORE: operations(COLOUR, "migrations.RunPython(print),")})
    baseline(project, "create")
    (project / "apps").mkdir()
    write(project, {"apps/__init__.py": "", "settings.py": 'INSTALLED_APPS = ["apps.shop"]\n'})
    (project / "shop").rename(project / "apps/shop")
    assert found(project) == []


def test_consequences(tmp_path):
    root = tmp_path / "broken"
    shutil.copytree(PROJECTS / "broken-chain", root)
    before = report(root)["findings"]
    cause = next(f for f in before if f["code"] == "MG101")
    below = [f["code"] for f in cause["consequences"]]
    assert below == ["MG102", "MG103", "MG201"]
    baseline(root, "create")
    assert len(entries(root)) == len(before) + len(below)
    rewrite(root, lambda all_of: [e for e in all_of if e["code"] != "MG201"])
    only, = report(root)["findings"]
    assert only["code"] == "MG201"
    note = only["notes"][-1]
    assert note["message"] == "it follows from MG101, which the baseline has"
    assert (note["path"], note["line"], note["column"]) == (cause["path"], cause["line"], cause["column"])
    baseline(root, "create", "--force")
    rewrite(root, lambda all_of: [e for e in all_of if e["code"] != "MG101"])
    only, = report(root)["findings"]
    assert only["code"] == "MG101" and only["consequences"] == []


# ---- only shrinks ----


def test_update_adds_nothing_unless_asked(project):
    baseline(project, "create")
    write(project, {MORE: operations(SQL % 1, PRICE)})
    text = (project / NAME).read_text()
    shown = baseline(project, "update", "--dry-run")
    assert [line.split()[0] + line.split()[2] for line in shown.splitlines()[:-1]] == ["-MG602:", "~MG702:"]
    assert shown.splitlines()[-1] == "Would change %s: 1 dropped, 1 moved; 1 new is not in it" % NAME
    assert (project / NAME).read_text() == text
    baseline(project, "update")
    assert found(project) == ["MG602 item.price"]
    assert baseline(project, "update", "--add-new") == "%s: 1 added, 1 as before\n" % NAME
    assert found(project) == []


def test_prune_only_takes_out(project):
    baseline(project, "create")
    write(project, {MORE: operations("", SQL % 1, PRICE)})
    old = entries(project)
    assert found(project) == ["MG904 item.colour", "MG602 item.price"]
    assert baseline(project, "prune") == "%s: 1 dropped, 1 as before; 1 new is not in it\n" % NAME
    assert entries(project) == old[1:]
    assert found(project) == ["MG602 item.price"]


def test_create_does_not_overwrite(project):
    baseline(project, "create")
    text = (project / NAME).read_text()
    write(project, {MORE: operations(COLOUR)})
    done = run("baseline", "create", cwd=project)
    assert done.returncode == 2 and done.err == (
        "migralint: %s is there: `migralint baseline update` shrinks it, --force replaces it\n" % NAME)
    assert (project / NAME).read_text() == text
    baseline(project, "create", "--force", "--dry-run")
    assert (project / NAME).read_text() == text
    baseline(project, "create", "--force")
    assert len(entries(project)) == 1


@pytest.mark.parametrize("words, said", [
    (["grow"], "`grow` is nothing to do with a baseline: one of create|update|prune"),
    ([], "`baseline` needs create|update|prune"),
    (["update"], "there is no .migralint-baseline.json; `migralint baseline create` makes one"),
    (["prune", "--baseline", "no.json"], "no.json: no such baseline"),
    (["create", "--baseline", "no/such/dir.json"], "no/such/dir.json: its directory does not exist"),
    (["create", "--baseline", "shop"], "shop is there"),
    (["create", "--force", "--baseline", "shop"], "shop: not a regular file"),
])
def test_wrong_usage(project, words, said):
    before = sorted(project.rglob("*"))
    done = run("baseline", *words, cwd=project)
    assert (done.returncode, done.out) == (2, "")
    assert said in done.err and done.err.count("\n") == 1
    assert sorted(project.rglob("*")) == before


def test_written_as_a_whole_in_its_place(project):
    (project / "kept").mkdir()
    (project / NAME).symlink_to("kept/known.json")
    baseline(project, "create", "--baseline", "kept/known.json")
    (project / "kept/known.json").chmod(0o640)
    write(project, {MORE: operations(COLOUR)})
    baseline(project, "prune")
    assert (project / NAME).is_symlink() and len(entries(project)) == 1
    assert (project / "kept/known.json").stat().st_mode & 0o7777 == 0o640
    assert [p.name for p in (project / "kept").iterdir()] == ["known.json"], "no temporary file stays"


def test_a_project_does_not_send_us_elsewhere(project):
    """Neither a link nor a configuration makes us write outside of it."""
    victim = project.parent / "victim"
    victim.write_text("precious")
    (project / NAME).symlink_to(victim)
    done = run("baseline", "create", "--force", cwd=project)
    assert done.returncode == 2 and "lies outside of the project: name it with --baseline" in done.err
    (project / NAME).unlink()
    write(project, {".migralint.yml": "baseline: %s\n" % victim})
    done = run("baseline", "create", "--force", cwd=project)
    assert done.returncode == 2 and "lies outside of the project" in done.err
    assert victim.read_text() == "precious"
    baseline(project, "create", "--force", "--baseline", victim)
    assert json.loads(victim.read_text())["version"] == 1


def test_a_directory_that_cannot_be_written(project):
    if os.geteuid() == 0:
        pytest.skip("root writes everywhere")
    project.chmod(0o555)
    try:
        done = run("baseline", "create", cwd=project)
        assert done.returncode == 3 and "cannot write to " + NAME in done.err
    finally:
        project.chmod(0o755)


def test_only_below_the_paths_given(project):
    files = shop_files(COLOUR)
    write(project, {name.replace("shop/", "blog/"): text.replace('"shop"', '"blog"')
                    for name, text in files.items() if name.startswith("shop/")})
    write(project, {"settings.py": 'INSTALLED_APPS = ["shop", "blog"]\n'})
    baseline(project, "create", "blog/migrations/0002_more.py")
    assert [e["app"] for e in entries(project)] == ["blog"]
    assert baseline(project, "update", "--add-new", MORE) == "%s: 2 added, 1 as before\n" % NAME
    assert found(project) == []
    for app in ("shop", "blog"):
        write(project, {app + "/migrations/0002_more.py": MIGRATION.replace('"shop"', '"%s"' % app) % (
            "0001_initial", "")})
    assert baseline(project, "prune", MORE) == "%s: 2 dropped, 1 as before\n" % NAME
    assert [e["app"] for e in entries(project)] == ["blog"]


# ---- MG904 ----


@pytest.fixture
def mended(project):
    """The baseline has MG602, which is mended, and MG702, which is not."""
    baseline(project, "create")
    write(project, {MORE: operations(SQL % 1)})
    return project


def test_stale(mended):
    stale, = report(mended)["findings"]
    assert (stale["code"], stale["severity"], stale["path"], stale["line"]) == ("MG904", "warning", NAME, 7)
    assert stale["message"].startswith("MG602 of the baseline is no longer found: `item.colour` is dropped")
    assert (stale["app"], stale["migration"]) == ("shop", "0002_more")
    line = (mended / NAME).read_text().splitlines()[6].rstrip(",")
    assert (stale["column"], stale["end_line"], stale["end_column"]) == (5, 7, len(line) + 1)
    assert run("check", cwd=mended).returncode == 0
    assert run("check", "--fail-on", "warning", cwd=mended).returncode == 1
    (mended / MORE).unlink()
    assert found(mended) == ["MG904 item.colour", "MG904 RunSQL"]


@pytest.mark.parametrize("words", [
    ["--select", "MG7,MG904"], ["--ignore", "MG602"], ["--severity", "MG602=off"],
    ["--per-path-ignores", "shop/**=MG602"], ["--per-app-ignores", "shop=MG602"],
    ["--per-app-ignores", "shop.0002_*=MG602"], ["--exclude", "0002_*"], ["--exclude", "shop"],
    ["--django", "3.2"], ["shop/migrations/0001_initial.py"], ["--ignore", "MG904"],
])
def test_nothing_is_said_about_what_was_not_looked_for(mended, words):
    assert found(mended, *words) == []


def test_nothing_is_said_while_a_new_error_may_hide_it(mended):
    write(mended, {"shop/migrations/0003_broken.py": "class Migration(\n"})
    assert found(mended) == ["MG001"]
    done = run("baseline", "prune", cwd=mended)
    assert done.err == "migralint: warning: nothing is dropped, for a new error keeps a project from loading\n"
    assert done.out == "%s: 2 as before; 1 new is not in it\n" % NAME
    baseline(mended, "update", "--add-new")
    assert found(mended) == ["MG904 item.colour"], "a known one hides nothing that was there before"


def test_another_django_is_said(mended):
    done = run("baseline", "prune", "--django", "4.2", cwd=mended)
    assert "was made for another Django" in done.err
    assert json.loads((mended / NAME).read_text())["django"] == "4.2"


def test_a_comment_takes_the_place_of_an_entry(project):
    baseline(project, "create")
    write(project, {MORE: operations(COLOUR + "  # migralint: ignore[MG602] nobody reads it", SQL % 1)})
    assert found(project) == ["MG904 item.colour"]


def test_a_comment_that_an_error_may_need_is_left_alone(project):
    """MG901 stays silent while an error is there, known or not."""
    write(project, {MORE: operations(COLOUR, "migrations.RunPython(print, print),  # migralint: ignore[MG602] x"),
                    "shop/migrations/0003_broken.py": "class Migration(\n"})
    assert found(project) == ["MG602 item.colour", "MG001"]
    baseline(project, "create")
    assert found(project) == []


# ---- together with git ----


def test_with_a_base(tmp_path):
    repository = Repository(tmp_path)
    write(tmp_path, shop_files(COLOUR, SQL % 1, SQL % 2))
    baseline(tmp_path, "create")
    repository.commit({MORE: operations(COLOUR, SQL % 1)})
    assert found(tmp_path) == ["MG904 RunSQL"]
    repository.git("checkout", "-q", "-b", "topic")
    assert found(tmp_path, "--base", "main") == [], "stale before"
    repository.commit({MORE: operations(SQL % 1, PRICE)})
    assert found(tmp_path, "--base", "main", "--ignore", "MG4") == ["MG904 item.colour", "MG602 item.price"]
    assert found(tmp_path, "--base", "main", "--ignore", "MG4", "--no-baseline") == ["MG602 item.price"]


def test_staged_and_changed(tmp_path):
    repository = Repository(tmp_path)
    write(tmp_path, shop_files(COLOUR, SQL % 1))
    baseline(tmp_path, "create")
    repository.commit({})
    assert found(tmp_path, "--staged") == [] and found(tmp_path, "--changed") == []
    write(tmp_path, {MORE: operations(PRICE, SQL % 1)})
    assert found(tmp_path, "--changed") == ["MG602 item.price"]
    assert found(tmp_path, "--staged") == []
    repository.git("add", "-A")
    assert found(tmp_path, "--staged") == ["MG904 item.colour", "MG602 item.price"]


def test_what_only_this_work_tree_lacks(tmp_path):
    """MG006 is found by `create` as it is by `check`, and without git nobody knows."""
    repository = Repository(tmp_path)
    repository.commit(shop_files(SQL % 1))
    write(tmp_path, {"shop/migrations/0003_a.py": operations(parent="0002_more"),
                     "shop/migrations/0004_b.py": operations(parent="0003_a")})
    repository.git("add", "shop/migrations/0004_b.py")
    assert "MG006 shop.0003_a" in found(tmp_path)
    baseline(tmp_path, "create")
    assert found(tmp_path) == [] and found(tmp_path, "--no-git") == []


# ---- files that are none ----

ENTRY = '{"code": "MG602", "path": "a.py", "fingerprint": "0:1"%s}'
HEAD = '{"version": 1, "kind": "migralint-baseline", "findings": [\n%s]}'


@pytest.mark.parametrize("text, said", [
    ("", ":1:1: "),
    ("[]", ":1:1: this is no baseline"),
    ("not json", ":1:"),
    ('{"version": 1, "findings": []}', "this is no baseline of migralint"),
    ('{"kind": "migralint-baseline", "findings": []}', "`version` must be a number"),
    ('{"version": 2, "kind": "migralint-baseline", "findings": []}', "a newer migralint wrote this"),
    ('{"version": 1, "kind": "migralint-baseline"}', "`findings` must be a list"),
    (HEAD % "1", ":1:1: a finding must be an object"),
    (HEAD % (ENTRY % "" + ",\n" + ENTRY % ', "app": 7'), ":3:1: `app` must be a string"),
    (HEAD % ("  " + ENTRY % ', "line": "7"'), ":2:3: `line` must be a number of a line"),
    (HEAD % (ENTRY % ', "line": -1'), "`line` must be a number of a line"),
    (HEAD % (ENTRY % ', "line": 99999999999999999999'), ":2:"),
    (HEAD % '{"path": "a", "fingerprint": "0:1"}', ":2:1: `code` is missing"),
    (HEAD % '{"code": "MG602", "path": "a", "fingerprint": null}', ":2:1: `fingerprint` must be a string"),
    (HEAD % (ENTRY % ', "code": "MG603"'), ":2:"),
    (HEAD % (ENTRY % "") + "}", ":2:"),
    ((HEAD % "")[:-2] + '], "django": 5}', "`django` must be a version"),
    ("[" * 100000, ":1:"),
    (HEAD % ",".join(["{}"] * 70000), "more findings than a baseline may hold"),
    (HEAD % "" + " " * (32 << 20), "larger than 33554432 bytes"),
    ('{"a": "\\ud800"}', ":1:"),
    ('{"a": "\x00"}', ":1:"),
])
def test_what_is_no_baseline_is_refused(project, text, said):
    (project / NAME).write_text(text)
    for words in (["check"], ["baseline", "update"], ["baseline", "prune"]):
        done = run(*words, cwd=project)
        assert (done.returncode, done.out) == (2, "")
        assert done.err.startswith("migralint: %s:" % NAME) and done.err.count("\n") == 1
        assert said in done.err
    assert (project / NAME).read_text() == text
    assert run("check", "--no-baseline", cwd=project).returncode == 0


def test_it_is_no_device_or_directory(project):
    (project / NAME).mkdir()
    assert "not a regular file" in run("check", cwd=project).err
    (project / NAME).rmdir()
    os.mkfifo(project / NAME)
    assert "not a regular file" in run("check", cwd=project).err
    assert run("baseline", "create", "--force", cwd=project).returncode == 2


def test_further_members_are_left_alone(project):
    baseline(project, "create")
    document = json.loads((project / NAME).read_text())
    document = {"later": [{"x": []}], **document}
    document["findings"][1]["later"] = {"findings": [{}]}
    (project / NAME).write_text(json.dumps(document, indent=1))
    assert found(project) == []
    write(project, {MORE: operations(COLOUR)})
    stale, = report(project)["findings"]
    lines = (project / NAME).read_text().splitlines()
    assert lines[stale["line"]].strip() == '"code": "MG702",'


@pytest.mark.parametrize("seed", range(20))
def test_mutated_bytes(project, seed):
    """Whatever the file holds, it is read or refused in one line."""
    chance = random.Random(seed)
    baseline(project, "create")
    data = bytearray((project / NAME).read_bytes())
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data))
        how = chance.randrange(4)
        if how == 0:
            data[at] = chance.randrange(256)
        elif how == 1:
            del data[at:at + chance.randint(1, 40)]
        elif how == 2:
            data[at:at] = data[chance.randrange(len(data)):][:chance.randint(1, 60)]
        else:
            data[at:at] = chance.choice([b'"', b"{", b"[", b"]", b"\\u0000", b",", b"null", b"\xff", b"1e999"])
    (project / NAME).write_bytes(data)
    done = run("check", cwd=project)
    assert done.returncode in (0, 2)
    if done.returncode == 2:
        assert done.err.startswith("migralint: " + NAME) and done.err.count("\n") == 1


# ---- any run ----

NUMBERS = ["0001_initial", "0002_a", "0003_b", "0004_c", "0005_d"]
PIECES = [
    COLOUR, PRICE, SQL % 1, SQL % 1, "migrations.RunPython(print),", 'migrations.DeleteModel("Item"),',
    'migrations.AddField("item", "size", models.IntegerField()),', 'migrations.RemoveField("thing", "x"),',
    'migrations.AlterField("item", "colour", models.TextField(null=True)),', "*more(),",
    'migrations.RenameField("item", "colour", "paint"),', 'migrations.CreateModel("Item", []),',
    'migrations.AddIndex("item", models.Index(fields=["price"], name="one")),',
    'migrations.AddField("item", "owner", models.ForeignKey("users.User", models.CASCADE)),',
]


def broken_project(chance, root):
    """Apps whose histories have every kind of hole."""
    labels = ["shop", "blog", "core"][:chance.randint(1, 3)]
    write(root, {"manage.py": "", "settings.py": "INSTALLED_APPS = %r\n" % labels})
    for label in labels:
        write(root, {"%s/__init__.py" % label: "", "%s/models.py" % label: MODELS,
                     "%s/migrations/__init__.py" % label: "",
                     "%s/migrations/0001_initial.py" % label: ITEM})
        for number, name in enumerate(NUMBERS[1:], 1):
            if chance.random() < 0.2:
                continue
            parent = NUMBERS[number - 1 if chance.random() < 0.7 else chance.randrange(5)]
            text = operations(*(chance.choice(PIECES) for _ in range(chance.randrange(5))), parent=parent)
            text = text.replace('("shop", ', '("%s", ' % label)
            if chance.random() < 0.3:
                text = text.replace("dependencies = [", 'dependencies = [("%s", "%s"), ' % (
                    chance.choice(labels + ["gone"]), chance.choice(NUMBERS)))
            if chance.random() < 0.1:
                text = text[:chance.randrange(len(text))]
            write(root, {"%s/migrations/%s.py" % (label, name): text})


def as_lines(findings):
    return sorted((f["code"], f["path"], f["line"], f["message"]) for top in findings
                  for f in [top, *top["consequences"]])


def hold(root, chance):
    """A baseline silences the run it is made from; without one entry, all but that one; and an update
    is the same as making it anew."""
    before = as_lines(report(root)["findings"])
    baseline(root, "create")
    assert found(root) == []
    assert len(entries(root)) == len(before)
    text = (root / NAME).read_text()
    assert baseline(root, "update", "--dry-run").count("\n") == 1, "nothing changes"
    baseline(root, "update")
    assert (root / NAME).read_text() == text
    all_of = entries(root)
    for gone in chance.sample(range(len(all_of)), min(3, len(all_of))):
        rewrite(root, lambda old: all_of[:gone] + all_of[gone + 1:])
        one, = as_lines(report(root)["findings"])
        assert one in before
        assert (one[0], one[3]) == (all_of[gone]["code"], all_of[gone]["message"])
    (root / NAME).write_text(text)
    for path in sorted(root.glob("**/*.py")):
        if path.parent.name == "migrations" and path.name != "__init__.py":
            lines = path.read_text().split("\n")
            path.write_text("\n".join(["# moved"] * chance.randint(1, 3) + lines))
    assert found(root) == [], "lines move"
    baseline(root, "update")
    moved = (root / NAME).read_text()
    baseline(root, "create", "--force")
    assert (root / NAME).read_text() == moved
    add_one(root, chance)


def add_one(root, chance):
    """What was not there before is reported, and nothing else: an operation that cannot be undone, and what
    comes of it, for what it does to the database may be anything."""
    begin = "    operations = [\n"
    paths = [p for p in sorted(root.glob("**/migrations/*.py")) if begin in p.read_text()]
    before = report(root, "--no-baseline")["findings"]
    broken = {f["path"] for f in before if f["code"] == "MG001"}
    paths = [p for p in paths if str(p.relative_to(root)) not in broken]
    for path in chance.sample(paths, min(2, len(paths))):
        text = path.read_text()
        path.write_text(text.replace(begin, begin + "        migrations.RunSQL('UPDATE x SET y = 7'),\n", 1))
        new = [f for f in without_lines(report(root)["findings"]) if f[0] != "MG904"]
        after = without_lines(report(root, "--no-baseline")["findings"])
        for f in without_lines(before):
            if f in after:
                after.remove(f)
        assert new == after
        assert [f[:2] for f in new if f[0] == "MG702"] == [("MG702", str(path.relative_to(root)))]
        path.write_text(text)


def without_lines(findings):
    return [(code, path, message) for code, path, _, message in as_lines(findings)]


@pytest.mark.parametrize("name", sorted(p.name for p in PROJECTS.iterdir() if p.is_dir()))
def test_of_any_project(tmp_path, name):
    shutil.copytree(PROJECTS / name, tmp_path / "project")
    hold(tmp_path / "project", random.Random(name))


@pytest.mark.parametrize("seed", range(12))
def test_of_random_broken_projects(tmp_path, seed):
    chance = random.Random(seed)
    broken_project(chance, tmp_path)
    hold(tmp_path, chance)
