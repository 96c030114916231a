"""Pictures: every format of `migralint graph`, on the broken sample and on hostile names."""

import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from collections import Counter

import pytest
from conftest import ITEM, MIGRATION, PROJECTS, Repository, chain, run

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


# ---- DOT, as Graphviz's own gvpr reads it ----

READ = r"""
N { printf("node\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", $.name, $.id, $.app, $.kind, $.stands_for,
           $.severity, $.codes, $.path); }
E { printf("edge\t%s\t%s\t%s\t%s\n", $.tail.name, $.head.name, $.kind, $.stands_for); }
"""


def gvpr(program, dot):
    if not shutil.which("gvpr"):
        pytest.skip("DOT is not read back: gvpr is not installed")
    done = subprocess.run(["gvpr", program], input=dot, timeout=60, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return [line.split("\t") for line in done.stdout.splitlines()]


def read_back(project, *words):
    """Nodes by name, as gvpr has them, and edges."""
    rows = gvpr(READ, run("graph", "--format", "dot", *words, project).out)
    columns = "name", "id", "app", "kind", "stands_for", "severity", "codes", "path"
    nodes = {row[1]: dict(zip(columns, row[1:])) for row in rows if row[0] == "node"}
    return nodes, [row[1:] for row in rows if row[0] == "edge"]


def own_json(project):
    """The nodes that are drawn with --externals, and the edges between them."""
    (answer,) = json.loads(run("graph", "--format", "json", project).out)["projects"]
    nodes = {"%s.%s" % (node["app"], node["name"]): node for node in answer["nodes"]}
    own = {key for key in nodes if not nodes[key]["external"]}
    drawn = own | {parent for child, parent in answer["edges"] if child in own}
    return {key: nodes[key] for key in drawn}, [edge for edge in answer["edges"] if drawn.issuperset(edge)]


@pytest.mark.parametrize("name", ["broken-chain", "healthy", "moved-to-legacy", "everything"])
def test_dot_is_the_json(name, everything):
    project = everything if name == "everything" else PROJECTS / name
    nodes, edges = read_back(project, "--externals", "--collapse", "none")
    expected, expected_edges = own_json(project)
    gaps = {end for child, parent, kind, _ in edges if kind == "gap" for end in (child, parent)}
    unnamed = {nodes[name]["id"] for name in gaps} - set(expected)  # absent numbers that nothing names
    assert {node["id"] for node in nodes.values()} - unnamed == set(expected)
    assert sorted([nodes[child]["id"], nodes[parent]["id"]] for child, parent, kind, _ in edges
                  if kind != "gap") == sorted(expected_edges)
    for node in nodes.values():
        told = expected.get(node["id"], {"missing": True, "path": None})
        assert (node["kind"] == "missing") == told["missing"]
        assert node["path"] == (told["path"] or "")


@pytest.mark.parametrize("name", ["broken-chain", "healthy", "moved-to-legacy"])
def test_dot_of_apps_counts_dependencies(name):
    nodes, edges = read_back(PROJECTS / name, "--apps")
    assert {node["kind"] for node in nodes.values()} == {"app"}
    expected = Counter((child.split(".")[0], parent.split(".")[0])
                       for child, parent in own_json(PROJECTS / name)[1])
    assert {(nodes[child]["id"], nodes[parent]["id"]): int(count) for child, parent, _, count in edges} == {
        pair: count for pair, count in expected.items() if pair[0] != pair[1]}


def test_an_app_has_a_colour_of_its_own_in_every_picture():
    drawn = []
    for words in [], ["--problems"], ["--app", "users,sign_in"]:
        rows = gvpr('N[app!="auth" && kind!="missing"] {print($.app, "\\t", $.fillcolor)}',
                    run("graph", "--format", "dot", *words, BROKEN).out)
        drawn.append({app.strip(): color.strip() for app, color in rows if color.strip() != "#f7f7f7"})
    whole = drawn[0]
    assert len(whole) == len(set(whole.values())) == 7
    assert all(whole[app] == color for picture in drawn for app, color in picture.items())


@pytest.mark.parametrize("how", ["runs", "segments"])
def test_dot_of_what_is_collapsed_keeps_the_rest(how):
    """Every migration stands in one node; an edge between two nodes stands for those between theirs."""
    nodes, edges = read_back(BROKEN, "--externals", "--collapse", how)
    expected, expected_edges = own_json(BROKEN)
    within = {}
    for name, node in nodes.items():
        if node["id"] in expected:  # of one app, in order: nothing here branches
            keys = sorted(key for key in expected if key.split(".")[0] == node["app"])
            start = keys.index(node["id"])
            for key in keys[start : start + max(1, int(node["stands_for"]))]:
                assert key not in within
                within[key] = name
    assert set(within) == set(expected)
    across = Counter((within[child], within[parent]) for child, parent in expected_edges
                     if within[child] != within[parent])
    assert {(child, parent): int(count) for child, parent, kind, count in edges if kind != "gap"} == across


def test_findings_are_attributes():
    """The query of docs/commands.md, and what `check` says."""
    found = {}
    for finding in json.loads(run("check", "--format", "json", "--level", "info", BROKEN).out)["findings"]:
        for each in (finding, *finding["consequences"]):
            if each["migration"]:
                found.setdefault("%s.%s" % (each["app"], each["migration"]), []).append(each)
    nodes, _ = read_back(BROKEN, "--collapse", "none")
    assert {node["id"]: sorted(node["codes"].split()) for node in nodes.values() if node["codes"]} == {
        key: sorted(each["code"] for each in findings) for key, findings in found.items()}
    wrong = gvpr('N[severity=="error"] {print($.id, " ", $.codes)}', run("graph", "--format", "dot", BROKEN).out)
    assert sorted(row[0].split()[0] for row in wrong) == sorted(
        key for key, findings in found.items() if any(each["severity"] == "error" for each in findings))


def test_names_do_not_move_the_cursor(tmp_path):
    files = chain("0001_initial", "0002_\x1b[31m\u202egnp\u2069")
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    out = run("graph", tmp_path).out
    assert "0002_\\x1b[31m\\u{202e}gnp\\u{2069}" in out
    assert not set(out) & {"\x1b", "\u202e", "\u2069"}


def structure(svg):
    """What is drawn, whatever the version of Graphviz and the fonts make of it."""
    drawn = []
    for group in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}g"):
        texts = [node.text.strip() for node in group.iter() if node.tag.endswith(("}text", "}title"))]
        if group.get("class") in ("node", "edge", "cluster"):
            drawn.append((group.get("class"), *texts))
    return sorted(drawn)


def test_the_picture_of_the_readme_is_current():
    kept = (PROJECTS.parent.parent / "docs/images/broken-chain.svg").read_text(encoding="utf-8")
    made = run("graph", "--problems", "--format", "svg", BROKEN).out
    assert structure(kept) == structure(made)
    assert [row[0] for row in structure(kept)].count("node") == 9


# ---- legend ----

NODES = {"missing": "no file: others depend on it, or its number is absent",
         "conflict": "one of several leaves of its app",
         "cycle": "depends on itself through others",
         "detached": "a second root of its app",
         "unreadable": "could not be read wholly",
         "error": "has a finding that is an error",
         "warning": "has a finding that is a warning",
         "added": "added since the base",
         "changed": "changed since the base",
         "removed": "removed since the base",
         "run": "migrations drawn as one",
         "squash": "a squash",
         "data": "runs Python",
         "sql": "runs SQL",
         "pale": "not asked for, but next to it"}
EDGES = {"same": "depends on one of its own app",
         "cross": "depends on another app",
         "swappable": "depends through a setting (swappable)",
         "run_before": "depends because of run_before",
         "pinned": "depends on a later one than it needs (MG106)",
         "lost": "depends on what is missing",
         "circle": "part of a circle",
         "maybe": "depends under a condition",
         "new": "a dependency that is new",
         "gone": "a dependency that is gone",
         "through": "through others that are not drawn",
         "gap": "numbers that follow: no dependency",
         "weight": "so many dependencies"}
AGAINST_BASE = {"added", "changed", "removed", "new", "gone", "through"}
MODULE = "import os\n\nfrom django.conf import settings\nfrom django.db import migrations, models\n\n\n" \
         "class Migration(migrations.Migration):\n%s"
PERSON = 'migrations.CreateModel("Person", [("id", models.AutoField(primary_key=True))])'
OF_PERSON = 'migrations.CreateModel("%s", [("id", models.AutoField(primary_key=True)), ' \
            '("person", models.ForeignKey("people.Person", models.CASCADE))])'


def migration_of(needs=(), operations="", more=""):
    return MODULE % ("    dependencies = [%s]\n    operations = [%s]\n%s" % (
        ", ".join(need if need.startswith("migrations.") else '("%s", "%s")' % tuple(need.split("."))
                  for need in needs), operations, more))


EVERYTHING = {
    "people.0001_initial": migration_of([], PERSON),
    "people.0002_a": migration_of(["people.0001_initial"]),
    "people.0003_b": migration_of(["people.0002_a"]),
    "shop.0001_initial": migration_of(["people.0003_b"], OF_PERSON % "Order"),  # later than it needs
    "shop.0002_sql": migration_of(["shop.0001_initial"], 'migrations.RunSQL("SELECT 1")'),
    "shop.0003_python": migration_of(["shop.0002_sql", "shop.0002_gone"],
                                     "migrations.RunPython(migrations.RunPython.noop)"),
    "shop.0006_fork": migration_of(["shop.0005_gone"]),
    "shop.0007_other": migration_of([]),  # a second root, and a third leaf
    "loop.0001_a": migration_of(["loop.0002_b"]),
    "loop.0002_b": migration_of(["loop.0001_a"]),
    "packed.0001_squashed": migration_of(
        ["migrations.swappable_dependency(settings.AUTH_USER_MODEL)"], "",
        '    replaces = [("packed", "0001_a"), ("packed", "0002_b")]\n'),
    "packed.0003_before": migration_of(["packed.0001_squashed"], "",
                                       '    run_before = [("shop", "0001_initial")]\n'),
    "packed.0004_if": migration_of(["packed.0003_before"], "",
                                   '    if os.environ.get("X"):\n'
                                   '        dependencies += [("people", "0001_initial")]\n'),
    "packed.0005_cut": "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
                       '    dependencies = [("packed", "0004_if"), ("people", "0001_initial")]\n'
                       "    operations = [migrations.RunSQL(\n",
}


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    root = tmp_path_factory.mktemp("everything")
    (root / "manage.py").write_text("os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')\n")
    (root / "settings.py").write_text("AUTH_USER_MODEL = 'people.Person'\n")
    for key, text in EVERYTHING.items():
        app, name = key.split(".")
        package = root / app / "migrations"
        package.mkdir(parents=True, exist_ok=True)
        (package / "__init__.py").touch()
        (package / (name + ".py")).write_text(text)
    return root


def meanings(project, *words):
    out = run("graph", "--format", "svg", *words, project).out
    texts = {(node.text or "").replace("\xa0", " ").strip() for node in ElementTree.fromstring(out).iter()
             if node.tag.endswith("}text")}
    return {name for name, meaning in {**NODES, **EDGES}.items() if meaning in texts}


def test_legend_explains_every_mark(everything):
    drawn = meanings(everything, "--collapse", "none")
    assert drawn == (set(NODES) | set(EDGES)) - {"run", "pale", "weight", *AGAINST_BASE}


def test_legend_explains_what_there_is_only():
    assert meanings(PROJECTS / "healthy") == {"squash", "data", "same", "cross", "swappable"}
    assert meanings(PROJECTS / "healthy", "--collapse", "segments") == {"run", "data", "cross", "swappable"}
    assert meanings(BROKEN) == {"missing", "conflict", "error", "warning", "data", "same", "cross",
                                "swappable", "pinned", "lost", "gap"}
    assert {"pale", "conflict"} < meanings(BROKEN, "--problems")
    assert {"weight"} < meanings(BROKEN, "--apps")
    assert meanings(BROKEN, "--no-legend") == set()


def test_legend_explains_what_a_branch_does(tmp_path):
    repository = Repository(tmp_path)
    names = ["%04d_a" % number for number in range(1, 8)]
    repository.commit(chain(*names))
    repository.git("checkout", "-q", "-b", "branch")
    repository.git("rm", "-q", "shop/migrations/0007_a.py")
    repository.commit({"shop/migrations/0001_a.py": ITEM,
                       "shop/migrations/0007_b.py": MIGRATION % '("shop", "0006_a")'})
    assert meanings(tmp_path, "--base", "main") >= AGAINST_BASE


def test_legend_is_no_node_and_only_where_graphviz_draws():
    with_legend, without = (run("graph", "--format", "dot", *words, cwd=BROKEN).out
                            for words in ([], ["--no-legend"]))
    assert "label=<<TABLE" in with_legend and "<TABLE" not in without
    assert re.findall(r"^\t+p\d+n\d+\t", with_legend, re.M) == re.findall(r"^\t+p\d+n\d+\t", without, re.M)
    for format in "text", "mermaid", "json":
        assert run("graph", "--format", format, cwd=BROKEN).out == \
            run("graph", "--format", format, "--no-legend", cwd=BROKEN).out
