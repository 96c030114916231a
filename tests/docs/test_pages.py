"""Links lead somewhere, what is named exists, and what exists is named."""

import json
import re

import pytest
from conftest import PAGES, PROGRAM, ROOT, page_id, run, without_code

pages = pytest.mark.parametrize("page", PAGES, ids=page_id)
DOCS = [page for page in PAGES if page.parent == ROOT / "docs"]


def anchors(page):
    """As GitHub makes them of headings, and those that are written."""
    text = without_code(page.read_text(encoding="utf-8"))
    found = set(re.findall(r'<a id="([^"]+)"></a>', text))
    for title in re.findall(r"^#+ +(.+)$", text, flags=re.M):
        name = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title).lower()).replace(" ", "-")
        while name in found:
            name += "-1"
        found.add(name)
    return found


def links(page):
    text = re.sub(r"`[^`\n]*`", "", without_code(page.read_text(encoding="utf-8")))
    return re.findall(r"\]\(([^)\s]+)\)", text)


@pages
def test_links_lead_somewhere(page):
    for link in links(page):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists() and target.is_relative_to(ROOT), link
        assert not anchor or anchor in anchors(target), link


def test_the_guide_leads_to_every_page():
    linked = {link.partition("#")[0] for link in links(ROOT / "docs" / "README.md")}
    assert {page.name for page in DOCS} - {"README.md"} <= linked


def codes():
    return re.findall(r"^  (MG\d{3}) ", run("rules"), flags=re.M)


@pages
def test_rules_that_are_named_exist(page):
    existing = codes()
    assert len(existing) > 60
    text = page.read_text(encoding="utf-8")
    for first, last in re.findall(r"\b(MG\d{3})–(?:MG)?(\d{3})\b", text):
        text += " MG" + last
    for code in set(re.findall(r"\bMG\d{1,3}\b", text)):
        assert any(rule.startswith(code) for rule in existing), code


def test_rules_page_is_what_the_program_writes():
    """Write it anew with `migralint rules --format markdown -o docs/rules.md`."""
    page = ROOT / "docs" / "rules.md"
    assert page.read_text(encoding="utf-8") == run("rules", "--format", "markdown", "--isolated")


def test_rules_page_shows_what_the_rules_say():
    text = without_code((ROOT / "docs" / "rules.md").read_text(encoding="utf-8"))
    for code in codes():
        assert text.count('<a id="%s"></a>' % code.lower()) == 1
        assert "| [%s](#%s) |" % (code, code.lower()) in text
    bare = re.sub(r"`[^`\n]*`", "", text)
    assert "__" not in bare, "would be read as bold: put it into backquotes"
    assert "# expect" not in (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")


# ---- commands and options ----


def commands():
    listing = run("--help").split("Commands:\n")[1].split("\n\n")[0]
    return [line.split()[0] for line in listing.splitlines()]


def options(command):
    listing = run(command, "--help").split("\nOptions:\n")[1].split("\n\n")[0]
    return re.findall(r"^ +(?:-\w, )?--([a-z-]+)", listing, flags=re.M)


@pytest.mark.parametrize("command", commands() if PROGRAM else [])
def test_commands_are_described(command):
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert re.search(r"^\| `%s[ `]" % command, text, flags=re.M)


@pytest.mark.parametrize("command", commands() if PROGRAM else [])
def test_options_are_described(command):
    text = "\n".join(page.read_text(encoding="utf-8") for page in DOCS if page.name != "rules.md")
    described = set(re.findall(r"--([a-z][a-z-]*)", text)) | set(re.findall(r"^\| `([a-z-]+)` \|", text, flags=re.M))
    assert set(options(command)) - {"help", "version"} <= described


# ---- what may be copied ----


def fenced(page, language):
    return re.findall(r"^```%s\n(.*?)^```$" % language, page.read_text(encoding="utf-8"), flags=re.M | re.S)


def test_keys_of_the_configuration_are_listed():
    settings = json.loads(run("config", "--isolated", "--format", "json"))["settings"]
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([a-z-]+)` \|", text, flags=re.M)) == {setting["key"] for setting in settings}


def test_both_configurations_hold_and_say_the_same(tmp_path):
    page = ROOT / "docs" / "configuration.md"
    said = []
    for name, language in ("pyproject.toml", "toml"), (".migralint.yml", "yaml"):
        place = tmp_path / language
        place.mkdir()
        (place / name).write_text(fenced(page, language)[0], encoding="utf-8")
        settings = json.loads(run("config", "--format", "json", cwd=place))["settings"]
        said.append({setting["key"]: setting["value"] for setting in settings})
    assert said[0] == said[1]
    assert said[0]["fail-on"] == "warning"


def test_the_rule_that_is_shown_passes_its_examples(tmp_path):
    (tmp_path / "rule.yaml").write_text(fenced(ROOT / "docs" / "writing-rules.md", "yaml")[0], encoding="utf-8")
    assert run("test-rules", ".", cwd=tmp_path) == "2 examples run, 0 failed\n"


# ---- other linters ----


def test_suppressions_of_others_that_are_named_are_understood():
    table = (ROOT / "src" / "rules" / "peers.def").read_text(encoding="utf-8")
    understood = set(re.findall(r'PEER\("(\w+)"', table))
    assert len(understood) > 40
    for page in DOCS:
        text = page.read_text(encoding="utf-8")
        named = re.findall(r"# (?:zdm|safe-migrations): ignore ((?:R|SM)\d{3})", text)
        assert set(named) <= understood, page


def test_rules_of_others_mean_the_same_in_comments_and_on_the_page():
    """peers.def knows what will mean the same, too: such a rule is "not yet" until ours is there."""
    table = (ROOT / "src" / "rules" / "peers.def").read_text(encoding="utf-8")
    page = (ROOT / "docs" / "peers.md").read_text(encoding="utf-8")
    existing, ours = set(codes()), {}
    for theirs, code in re.findall(r'PEER\("(\w+)", "(\w+)"\)', table):
        ours.setdefault(theirs, set()).add(code)
    for theirs in ours:
        rows = [row for row in page.splitlines() if row.startswith("|") and "`%s`" % theirs in row]
        assert len(rows) == 1, theirs
        named = set(re.findall(r"\bMG\d{3}\b", rows[0]))
        assert named >= ours[theirs] & existing, theirs
        assert named or "not yet" in rows[0], theirs


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_files_that_are_named_exist(name):
    text = without_code((ROOT / name).read_text(encoding="utf-8"))
    for path in re.findall(r"`([a-z_.]+/[\w./*-]*)`", text):
        places = [ROOT, ROOT / "src", ROOT / "tests"]
        assert any(True for place in places for _ in place.glob(path.rstrip("/") + ("" if "." in path else "*"))), path


def test_rooms_are_those_of_the_sources():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rooms = {path.name for path in (ROOT / "src").iterdir() if path.is_dir()}
    assert set(re.findall(r"^\| `(\w+)/` \|", text, flags=re.M)) == rooms
