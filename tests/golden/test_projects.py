"""What the commands print for the sample projects, to the byte."""

import json
import re

import pytest
from conftest import ITEM, PROJECTS, golden, run, write

SAMPLES = ["broken-chain", "healthy"]


def without_time(text):
    return re.sub(r", \d+ ms$|, \d+\.\d s$", "", text, flags=re.M)


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize("command", ["status", "plan"])
def test_text(sample, command):
    done = run(command, sample)
    assert (done.returncode, done.err) == (0, "")
    golden("%s-%s.txt" % (sample, command), done.out)


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize("command", ["status", "plan", "graph"])
def test_json(sample, command):
    done = run(command, "--format", "json", sample)
    assert (done.returncode, done.err) == (0, "")
    assert json.loads(done.out)["version"] == 1
    golden("%s-%s.json" % (sample, command), done.out)


@pytest.mark.parametrize("sample", SAMPLES)
def test_check(sample):
    done = run("check", "--no-git", "--level", "info", sample)
    golden("%s-check.txt" % sample, without_time(done.out))
    assert done.returncode == (1 if sample == "broken-chain" else 0)


@pytest.mark.parametrize("sample", SAMPLES)
def test_check_concise(sample):
    done = run("check", "--format", "concise", sample)
    golden("%s-check-concise.txt" % sample, without_time(done.out))


@pytest.mark.parametrize("sample", SAMPLES)
def test_check_json(sample):
    done = run("check", "--no-git", "--format", "json", "--level", "info", sample)
    golden("%s-check.json" % sample, done.out)
    again = run("check", "--no-git", "--format", "json", "--level", "info", ".",
                cwd=PROJECTS / sample)
    assert again.stdout == done.stdout, "paths are relative to the directory given"


def test_facts():
    path = "broken-chain/lakeside/events/migrations/0013_geometry_from_coordinates.py"
    golden("facts.txt", run("facts", path).out)
    golden("facts.json", run("facts", "--format", "json", path).out)


def test_broken_chain_names_the_absent_parent():
    findings = json.loads(run("check", "--format", "json", "broken-chain").out)["findings"]
    errors = [f for f in findings if f["severity"] == "error"]
    assert [(f["code"], f["app"], f["migration"]) for f in errors] == [
        ("MG101", "events", "0017_ticketclass_has_quota")
    ]
    assert "0016_ticketclass_quota" in errors[0]["message"]


def test_every_command_has_help():
    for command in ["check", "status", "plan", "graph", "state", "models", "drift", "history",
                    "why", "rules", "explain", "test-rules", "facts",
                    "config"]:
        done = run(command, "--help")
        assert (done.returncode, done.err) == (0, "")
        assert "Usage: migralint %s" % command in done.out
        assert all(len(line) <= 90 for line in done.out.splitlines())


def test_why_a_migration_and_itself():
    done = run("why", "loans.0001_initial", "loans.0001_initial", cwd=PROJECTS / "healthy")
    assert (done.returncode, done.err) == (0, "")
    assert done.out == "loans.0001_initial is one and the same migration\n"


@pytest.mark.parametrize("short, whole", [
    ("catalog.0003", "catalog.0003_book_isbn"),
    ("catalog.0003_book_isbn", "catalog.0003_book_isbn"),
    ("catalog.0001", "catalog.0001_squashed_0002_book"),  # the other one is replaced by it
])
def test_the_beginning_of_a_name_is_enough(short, whole):
    """As Django's get_migration_by_prefix()."""
    place = PROJECTS / "healthy"
    assert run("why", short, "catalog.0006", cwd=place).out == \
        run("why", whole, "catalog.0006_fill_slugs", cwd=place).out
    assert run("state", "catalog", "--at", short, cwd=place).out == \
        run("state", "catalog", "--at", whole, cwd=place).out
    for option in "--focus", "--since":
        there = run("graph", option, whole, cwd=place)
        assert there.returncode == 0 and run("graph", option, short, cwd=place).out == there.out


@pytest.mark.parametrize("words, message", [
    (["why", "catalog.0004", "catalog.0001"],
     "several migrations of `catalog` begin with `0004`: `0004_book_shelf`, `0004_book_slug`"),
    (["state", "--at", "catalog.0004"],
     "several migrations of `catalog` begin with `0004`: `0004_book_shelf`, `0004_book_slug`"),
    (["graph", "--since", "catalog.0004"],
     "several migrations of `catalog` begin with `0004`: `0004_book_shelf`, `0004_book_slug`"),
    (["state", "--at", "catalog.0009"], "no project applies a migration `catalog.0009`"),
    (["why", "catalog.", "catalog.0001"], "`catalog.` is not of the form app.name"),
])
def test_what_no_name_begins_with_or_several(words, message):
    done = run(*words, cwd=PROJECTS / "healthy")
    assert (done.returncode, done.out, done.err) == (2, "", "migralint: %s\n" % message)


def test_bytes_are_shown_as_python_writes_them(tmp_path):
    write(tmp_path, {"manage.py": "", "blog/__init__.py": "", "blog/models.py": "", "blog/migrations/__init__.py": "",
                     "blog/migrations/0001_initial.py": ITEM.replace(
                         'models.TextField()', r"""models.BinaryField(default=b'a"\\\x00\xff' b'c')""")})
    assert r"""BinaryField(default=b"a\"\\\x00\xffc")""" in run("state", "blog.item", cwd=tmp_path).out
    (project,) = json.loads(run("state", "blog.item", "--format", "json", cwd=tmp_path).out)["projects"]
    (colour,) = [field for field in project["models"][0]["fields"] if field["name"] == "colour"]
    assert colour["kwargs"]["default"]["bytes"].encode("latin-1") == b'a"\\\x00\xffc'


@pytest.mark.parametrize("command", ["state", "history"])
@pytest.mark.parametrize("what, message", [
    ("events.TicketClass", "`ticketclass`; named by `events.0017_ticketclass_has_quota`"),
    ("events.ticketclass.quota", "`ticketclass.quota`"),
    ("events.Speaker", "`speaker`"),
])
def test_what_no_migration_creates_is_perhaps_named(command, what, message):
    done = run(command, what, cwd=PROJECTS / "broken-chain")
    assert (done.returncode, done.out, done.err) == (2, "", "migralint: no migration of `events` has %s\n" % message)


def test_moved_to_legacy_names_both_places():
    """As the real makemigrations has it: the tournament is removed and added, the venue altered."""
    done = run("check", "--format", "json", "moved-to-legacy")
    assert done.returncode == 1
    found = {finding["message"].split("`")[1]: finding for finding in json.loads(done.out)["findings"]}
    assert {name: finding["code"] for name, finding in found.items()} == {
        "fixtures_list.Fixture.tournament": "MG203",
        "fixtures_list.Fixture.tournament_id": "MG305",
        "fixtures_list.Fixture.venue": "MG305",
    }
    assert found["fixtures_list.Fixture.tournament"]["severity"] == "error"
    for name, line, migration in ("tournament_id", 7, "0001_initial"), ("venue", 8, "0002_fixture_venue"):
        finding = found["fixtures_list.Fixture." + name]
        assert (finding["path"], finding["line"]) == ("fixtures_list/models.py", line)
        assert "`IntegerField` here, but `ForeignKey` in the migrations" in finding["message"]
        (note,) = finding["notes"]
        assert note["path"] == "fixtures_list/migrations/%s.py" % migration
    assert run("drift", cwd=PROJECTS / "moved-to-legacy").out.splitlines()[1:4] == [
        "    - Remove field tournament from fixture",
        "    + Add field tournament_id to fixture",
        "    ~ Alter field venue on fixture",
    ]
