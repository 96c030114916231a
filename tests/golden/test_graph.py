"""Pictures: every format of `migralint graph`, on the broken sample and on hostile names."""

import re
import xml.etree.ElementTree as ElementTree

import pytest
from conftest import PROJECTS, run

BROKEN = PROJECTS / "broken-chain"
HOSTILE = "0002_<script>alert('x')</script>\\N\\l\"];"


def test_text_shows_the_hole():
    out = run("graph", cwd=BROKEN).out
    rows = [line.strip() for line in out.splitlines()]
    start = rows.index("events")
    assert [row.split()[1] for row in rows[start + 1 : start + 6]] == [
        "0017_ticketclass_has_quota", "0016_ticketclass_quota", "0015", "0014",
        "0013_geometry_from_coordinates",
    ]  # fmt: skip
    assert rows[start + 1].startswith("●") and "MG101" in rows[start + 1]
    assert all(row.startswith("◌") and "(missing)" in row for row in rows[start + 2 : start + 5])


def test_text_in_ascii():
    out = run("graph", "--ascii", cwd=BROKEN).out
    assert out.isascii() and "* 0017_ticketclass_has_quota" in out


@pytest.mark.parametrize("format, magic", [("png", b"\x89PNG\r\n"), ("pdf", b"%PDF-")])
def test_drawn_formats(tmp_path, format, magic):
    file = tmp_path / ("graph." + format)
    run("graph", "--format", format, "-o", file, cwd=BROKEN)
    assert file.read_bytes().startswith(magic) and file.stat().st_size > 2000


def test_svg_is_xml_and_says_what_is_wrong(tmp_path):
    file = tmp_path / "graph.svg"
    run("graph", "--format", "svg", "-o", file, cwd=BROKEN)
    root = ElementTree.parse(file).getroot()
    texts = [node.text for node in root.iter() if node.tag.endswith("}text")]
    assert "0016_ticketclass_quota" in texts and "missing" in texts and "conflict" in texts


def hostile_project(tmp_path):
    package = tmp_path / "blog" / "migrations"
    package.mkdir(parents=True)
    (tmp_path / "manage.py").touch()
    (package / "__init__.py").touch()
    (package / "0001_initial.py").write_text(
        "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
        "    dependencies = [('blog', %r)]\n" % HOSTILE
    )
    return tmp_path


@pytest.mark.parametrize("format", ["text", "dot", "svg", "mermaid"])
def test_names_are_data(tmp_path, format):
    file = tmp_path / "out"
    project = hostile_project(tmp_path / "project")
    run("graph", "--format", format, "-o", file, project)
    text = file.read_text()
    if format == "svg":
        root = ElementTree.fromstring(text)
        assert not [node for node in root.iter() if node.tag.endswith("}script")]
        assert any(node.text and "<script>" in node.text for node in root.iter())
    elif format == "mermaid":
        assert "<script>" not in text and '"];' not in text
    else:
        assert "<script>" in text
    if format == "dot":
        assert re.search(r'label="0002_<script>[^\n]*\\\\N', text)


def test_same_input_same_bytes():
    for format in ["dot", "mermaid", "text"]:
        one, two = (
            run("graph", "--format", format, cwd=BROKEN).out for _ in range(2)
        )
        assert one == two and one


def test_what_is_drawn():
    focus = run("graph", "--focus", "events.0016_ticketclass_quota", "--depth", "1", cwd=BROKEN).out
    assert "0017_ticketclass_has_quota" in focus and "0009_event_ordering" not in focus
    since = run("graph", "--since", "events.0011_longer_title", "--app", "events", cwd=BROKEN).out
    assert "0012_place_geometry" in since and "0004_event_ends" not in since
    apps = run("graph", "--apps", cwd=BROKEN).out
    assert re.search(r"^ledger  3 migrations  → events", apps, re.M)
    problems = run("graph", "--problems", cwd=BROKEN).out
    assert "0016_ticketclass_quota" in problems and "sign_in" not in problems
    nothing = run("graph", "--focus", "events.0999_x", cwd=BROKEN)
    assert nothing.returncode == 2 and "events.0999_x" in nothing.err


def test_without_graphviz_the_rest_works(tmp_path):
    (tmp_path / "libcgraph.so.6").write_bytes(b"this is no library")
    without = {"LD_LIBRARY_PATH": str(tmp_path)}
    drawn = run("graph", "--format", "svg", "broken-chain", env=without)
    assert (drawn.returncode, drawn.out) == (2, "")
    assert "libcgraph.so.6 is not to be had: install it" in drawn.err
    for format in "text", "mermaid", "json":
        assert run("graph", "--format", format, "broken-chain", env=without).out
