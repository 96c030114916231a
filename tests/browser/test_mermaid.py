"""What `graph --format mermaid` writes, as the real mermaid package reads and draws it."""

import html
import json
import os
import subprocess
from pathlib import Path

import pytest
from conftest import PROGRAM, PROJECTS, git

VENVS = Path(os.environ.get("MIGRALINT_VENVS", PROJECTS.parent.parent / ".venvs"))
MERMAID = VENVS / "formats/npm/node_modules/mermaid/dist/mermaid.min.js"
READ = """
const done = arguments[arguments.length - 1];
mermaid.initialize({startOnLoad: false, maxEdges: 500});
(async () => {
  const chart = await mermaid.mermaidAPI.getDiagramFromText(arguments[0]);
  const drawn = await mermaid.render("chart", arguments[0]);
  document.body.innerHTML = drawn.svg;
  const nodes = [...chart.db.getVertices().values()];
  return {
    type: chart.type,
    nodes: nodes.map(node => ({id: node.id, text: node.text, classes: node.classes})),
    edges: chart.db.getEdges().map(edge => [edge.start, edge.end, edge.type, edge.text]),
    subgraphs: chart.db.getSubGraphs().map(group => ({title: group.title, nodes: group.nodes})),
    labels: [...document.querySelectorAll(".node .nodeLabel")].map(label => label.innerText),
    scripts: document.querySelectorAll(".node script, .node img, .cluster script, .cluster img").length,
  };
})().then(done, error => done({error: String(error)}));
"""
MIGRATION = "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n" \
            "    dependencies = [%s]\n"


@pytest.fixture
def mermaid(browser, tmp_path):
    if not MERMAID.is_file():
        pytest.skip("no mermaid in the environment `formats`: run ./dev setup")
    page = tmp_path / "page.html"
    page.write_text('<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body>'
                    "<script>%s</script>" % MERMAID.read_text(encoding="utf-8").replace("</script", "<\\/script"),
                    encoding="utf-8")
    browser.get(page.as_uri())
    browser.set_script_timeout(60)

    def read(text):
        chart = browser.execute_async_script(READ, text)
        assert "error" not in chart, chart
        assert browser.execute_script("return window.broken") is None
        assert chart["scripts"] == 0
        return chart

    return read


def graph(project, *words):
    if not PROGRAM:
        pytest.skip("MIGRALINT does not name the program")
    done = subprocess.run([PROGRAM, "graph", *words, project], timeout=120,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout.decode()


def unescaped(text):
    """Mermaid keeps what was escaped as ﬂ°°number¶ß until it draws."""
    return html.unescape(text.replace("ﬂ°°", "&#").replace("ﬂ°", "&").replace("¶ß", ";"))


def keys_of(chart):
    """From mermaid's ids to "app.name", or an app's label alone."""
    apps = {node: unescaped(group["title"]) for group in chart["subgraphs"] for node in group["nodes"]}
    keys = {}
    for node in chart["nodes"]:
        title = unescaped(node["text"].split("<br>")[0])
        keys[node["id"]] = "%s.%s" % (apps[node["id"]], title) if node["id"] in apps else title
    assert len(set(keys.values())) == len(keys)
    return keys


def whole(project):
    """Nodes, (child, parent) pairs and what is missing, as the tool's JSON has them: all of the
    project, and of other people's apps what it depends on."""
    (answer,) = json.loads(graph(project, "--format", "json"))["projects"]
    flags = {"%s.%s" % (node["app"], node["name"]): node for node in answer["nodes"]}
    own = {key for key, node in flags.items() if not node["external"]}
    nodes = own | {parent for child, parent in answer["edges"] if child in own}
    return (nodes, {tuple(edge) for edge in answer["edges"] if nodes.issuperset(edge)},
            {key for key, node in flags.items() if node["missing"]})


def project_of(directory, migrations):
    (directory / "manage.py").parent.mkdir(parents=True, exist_ok=True)
    (directory / "manage.py").touch()
    for (app, name), needs in migrations.items():
        package = directory / app / "migrations"
        package.mkdir(parents=True, exist_ok=True)
        (package / "__init__.py").touch()
        (package / (name + ".py")).write_text(MIGRATION % ", ".join(map(repr, needs)), encoding="utf-8")
    return directory


@pytest.mark.parametrize("name", ["broken-chain", "healthy", "moved-to-legacy"])
def test_the_chart_is_the_graph(mermaid, name):
    nodes, edges, missing = whole(PROJECTS / name)
    chart = mermaid(graph(PROJECTS / name, "--format", "mermaid", "--externals", "--collapse", "none"))
    keys = keys_of(chart)
    # The numbers between are drawn as ghosts, on lines without arrows; nothing refers to them.
    gaps = {keys[node] for edge in chart["edges"] if edge[2] == "arrow_open" for node in edge[:2]} - nodes
    assert set(keys.values()) - gaps == nodes
    assert {(keys[end], keys[start]) for start, end, kind, _ in chart["edges"]
            if kind != "arrow_open"} == edges
    assert {keys[node["id"]] for node in chart["nodes"] if "ghost" in node["classes"]} == missing | gaps
    assert gaps == ({"events.0014", "events.0015"} if name == "broken-chain" else set())


def test_one_node_an_app(mermaid):
    nodes, edges, _ = whole(PROJECTS / "broken-chain")
    chart = mermaid(graph(PROJECTS / "broken-chain", "--format", "mermaid", "--apps"))
    keys = keys_of(chart)
    assert set(keys.values()) == {node.split(".")[0] for node in nodes} 
    crossing = [(child.split(".")[0], parent.split(".")[0]) for child, parent in edges]
    drawn = {(keys[end], keys[start]): int(text or 1) for start, end, _, text in chart["edges"]}
    assert drawn == {pair: crossing.count(pair) for pair in crossing if pair[0] != pair[1]}


@pytest.mark.parametrize("words", [["--problems"], ["--collapse", "segments"], ["--collapse", "runs"],
                                   ["--focus", "events", "--depth", "1"], ["--app", "events"]])
def test_every_cut_is_a_chart(mermaid, words):
    chart = mermaid(graph(PROJECTS / "broken-chain", "--format", "mermaid", *words))
    assert chart["type"].startswith("flowchart")
    ids = {node["id"] for node in chart["nodes"]}
    assert ids and all(start in ids and end in ids for start, end, _, _ in chart["edges"])
    assert len(chart["labels"]) == len(ids)


def test_what_a_branch_changes(mermaid, tmp_path):
    """As the chart's own classes and links say it: 0003 is new, 0001 is edited, 0002 gone, and
    0004 names 0001 instead of 0002."""
    project_of(tmp_path, {("blog", "0001_a"): [], ("blog", "0002_b"): [("blog", "0001_a")],
                          ("blog", "0004_d"): [("blog", "0001_a"), ("blog", "0002_b")]})
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "first")
    git(tmp_path, "rm", "-q", "blog/migrations/0002_b.py")
    project_of(tmp_path, {("blog", "0003_c"): [("blog", "0001_a")], ("blog", "0004_d"): [("blog", "0003_c")]})
    with open(tmp_path / "blog/migrations/0001_a.py", "a", encoding="utf-8") as file:
        file.write("    atomic = False\n")
    chart = mermaid(graph(tmp_path, "--format", "mermaid", "--base", "main"))
    keys = {node: key.split("\xa0", 1)[1] for node, key in keys_of(chart).items()}
    assert {keys[node["id"]]: node["classes"] for node in chart["nodes"]} == {
        "0001_a": ["changed"], "0002_b": ["removed"], "0003_c": ["added"], "0004_d": ["changed"]}
    assert {(keys[end], keys[start], text) for start, end, _, text in chart["edges"]} == {
        ("0002_b", "0001_a", ""), ("0003_c", "0001_a", ""), ("0004_d", "0003_c", ""),
        ("0004_d", "0002_b", ""), ("0004_d", "0001_a", "−")}


HOSTILE = ["0002_<script>broken=1<", "0003_\"];x[\"", "0004_<img src=x onerror=broken=1>",
           "0005_%% comment", "0006_`code`", "0007_ende\u0301\u4e2d\u202e", "0008_#quot;#35;", "0009_&lt;b&gt;",
           "0010_:::wrong", "0011_{{x}}|y|", "0012_end", "0013_**bold** _it_", "0014_a\\nb", "0015_$$x^2$$"]


def test_hostile_names(mermaid, tmp_path):
    migrations = {("blog", "0001_initial"): []}
    for before, name in zip(["0001_initial", *HOSTILE], HOSTILE):
        migrations["blog", name] = [("blog", before)]
    migrations["end", "0001_initial"] = [("blog", HOSTILE[-1]), ("end", "0000_</script><b>")]
    project = project_of(tmp_path / "project", {key: needs for key, needs in migrations.items()
                                                if "/" not in key[1]})
    nodes, edges, missing = whole(project)
    chart = mermaid(graph(project, "--format", "mermaid", "--collapse", "none"))
    keys = keys_of(chart)
    assert set(keys.values()) == nodes == {"%s.%s" % key for key in migrations} | missing
    assert missing == {"end.0000_</script><b>"}
    assert {(keys[end], keys[start]) for start, end, _, _ in chart["edges"]} == edges
    shown = "\n".join(chart["labels"])
    for name in HOSTILE:
        assert name in shown
