"""`graph --base`: what a branch does to the graph, against what a real git says of its files."""

import ast
import json
import random
import re
import subprocess
import xml.etree.ElementTree as ElementTree
from collections import defaultdict

import pytest
from conftest import MIGRATION, Repository, chain, run, write

CHANGES = "added", "changed", "removed"


def migration(*parents, operations=""):
    keys = ", ".join('("%s", "%s")' % tuple(parent.split(".")) for parent in parents)
    return (MIGRATION % keys).replace("operations = []", "operations = [%s]" % operations)


def path_of(key):
    return "%s/migrations/%s.py" % tuple(key.split("."))


def graph(repository, *words, base="main"):
    done = run("graph", "--base", base, *words, cwd=repository.path)
    assert (done.returncode, done.err) == (0, "")
    return done.out


def differences(repository, *words, base="main"):
    """{"shop.0002_price": "changed"} and {("shop.0002_price", "shop.0001_initial"): "added"}."""
    project, = json.loads(graph(repository, "--format", "json", *words, base=base))["projects"]
    nodes = {"%s.%s" % (node["app"], node["name"]): node["change"]
             for node in project["nodes"] if node["change"]}
    edges = {(edge["child"], edge["parent"]): edge["change"] for edge in project["changed_edges"]}
    return nodes, edges


def drawn(repository, *words):
    """What DOT has: the attributes of each node by its id, and of each edge by its two."""
    text = graph(repository, "--format", "dot", *words)

    def attributes(words):
        """What is empty is not written."""
        found = re.findall(r'(\w+)=("(?:[^"\\]|\\.)*"|<[^>]*>|[^\s,\]]+)', words)
        return defaultdict(str, {name: value.strip('"') for name, value in found})

    nodes = {name: attributes(rest) for name, rest in re.findall(r"^\s*(p\d+n\d+)\s+\[(.*?)\];", text, re.M | re.S)}
    edges = {(nodes[child]["id"], nodes[parent]["id"]): attributes(rest) for child, parent, rest in
             re.findall(r"^\s*(p\d+n\d+) -> (p\d+n\d+)\s+\[(.*?)\];", text, re.M | re.S)}
    return {node["id"]: node for node in nodes.values()}, edges


@pytest.fixture
def branch(tmp_path):
    """
    blog   0001 ← 0002 ← 0003 ← 0004          shop   0001 ← 0002 ← 0003, 0002 needs blog.0003

    The branch renames blog.0004 and adds 0005, which is not committed, behind it; shop.0002 needs
    blog.0002 instead; shop.0003 is gone. Of blog.0001 only how it is written has changed.
    """
    repository = Repository(tmp_path)
    repository.commit({
        **chain("0001_initial", "0002_a", "0003_b", "0004_c", app="blog"),
        **chain("0001_initial", "0002_x", "0003_y"),
        path_of("shop.0002_x"): migration("shop.0001_initial", "blog.0003_b"),
    })
    repository.git("checkout", "-q", "-b", "branch")
    repository.git("mv", path_of("blog.0004_c"), path_of("blog.0004_renamed"))
    repository.git("rm", "-q", path_of("shop.0003_y"))
    first = repository.path / path_of("blog.0001_initial")
    repository.commit({
        path_of("shop.0002_x"): migration("shop.0001_initial", "blog.0002_a"),
        path_of("blog.0001_initial"): "# what this is for\n\n" + first.read_text().replace("[]", "[\n    ]"),
    })
    write(repository.path, {path_of("blog.0005_new"): migration("blog.0004_renamed")})
    return repository


NODES = {
    "blog.0004_c": "removed", "blog.0004_renamed": "added", "blog.0005_new": "added",
    "shop.0002_x": "changed", "shop.0003_y": "removed",
}
EDGES = {
    ("blog.0004_c", "blog.0003_b"): "removed",
    ("blog.0004_renamed", "blog.0003_b"): "added",
    ("blog.0005_new", "blog.0004_renamed"): "added",
    ("shop.0002_x", "blog.0003_b"): "removed",
    ("shop.0002_x", "blog.0002_a"): "added",
    ("shop.0003_y", "shop.0002_x"): "removed",
}


def test_what_differs(branch):
    assert differences(branch) == (NODES, EDGES)


def test_json_has_the_whole(branch):
    """What is gone is among the nodes, and nowhere else."""
    project, = json.loads(graph(branch, "--format", "json"))["projects"]
    plain, = json.loads(run("graph", "--format", "json", cwd=branch.path).out)["projects"]
    here = [node for node in project["nodes"] if node.pop("change") != "removed"]
    assert here == plain["nodes"]
    for name in set(plain) - {"nodes"}:
        assert project[name] == plain[name]


def test_what_is_drawn(branch):
    """What differs, what it needs or is needed by, and the ends of edges; blog.0001 is not."""
    nodes, edges = drawn(branch)
    context = {"blog.0002_a", "blog.0003_b", "shop.0001_initial"}
    assert {key: node["change"] for key, node in nodes.items()} == {**NODES, **dict.fromkeys(context, "")}
    assert {key for key, node in nodes.items() if "context" in node["marks"].split()} == context
    assert {key: edge["change"] for key, edge in edges.items() if edge["change"]} == EDGES
    assert {key for key, edge in edges.items() if not edge["change"]} == {
        ("blog.0003_b", "blog.0002_a"), ("shop.0002_x", "shop.0001_initial")}
    # Without colours: signs, and dashes for what is gone.
    for key, sign in ("blog.0005_new", "+"), ("shop.0002_x", "~"), ("blog.0004_c", "−"):
        assert nodes[key]["label"].startswith(sign + " ")
    assert "dashed" in nodes["blog.0004_c"]["style"] and "dashed" not in nodes["blog.0005_new"]["style"]
    assert edges["shop.0002_x", "blog.0003_b"]["label"] == "−"
    assert edges["shop.0002_x", "blog.0002_a"]["label"] == "+"


def test_text(branch):
    rows = [line.strip() for line in graph(branch).splitlines()]
    assert "● + 0005_new" in rows and "│ ● - 0004_c" in rows
    row, = [row for row in rows if "0002_x" in row]
    assert row.startswith("● ~ 0002_x  → now blog.0002_a") and "no more blog.0003_b" in row
    assert rows[-1] == "1 more migration as before"


def test_mermaid(branch):
    text = graph(branch, "--format", "mermaid")
    names = dict(re.findall(r'(p0n\d+)\("(?:[+~−]#160;)?(\w+)', text))
    classes = {names[node]: change for node, change in re.findall(r"(p0n\d+)\(.*\):::(\w+)", text)}
    assert {key.split(".")[1]: change for key, change in NODES.items()} == {
        name: change for name, change in classes.items() if change in CHANGES}
    links = [line for line in text.splitlines() if re.match(r"  p0n\d+ [-=]", line)]
    styled = {change: re.search(r"classDef %s .*stroke:(#\w+),.*\n  linkStyle ([\d,]+) stroke:\1" % change, text)
              for change in ("added", "removed")}
    for change, style in styled.items():
        ends = [re.findall(r"p0n\d+", links[int(number)]) for number in style[2].split(",")]
        assert {(names[child], names[parent]) for parent, child in ends} == {
            (child.split(".")[1], parent.split(".")[1]) for (child, parent), what in EDGES.items() if what == change}


def test_asked_for_a_part(branch):
    nodes, _ = drawn(branch, "--app", "shop")
    assert {key: node["change"] for key, node in nodes.items()} == {
        "shop.0002_x": "changed", "shop.0003_y": "removed", "shop.0001_initial": "", "blog.0002_a": "",
        "blog.0003_b": ""}
    apps, ties = drawn(branch, "--apps")
    assert {key: node["label"].split("\\n")[1] for key, node in apps.items()} == {
        "blog": "2 added, 1 removed", "shop": "1 changed, 1 removed"}
    assert list(ties) == [("shop", "blog")]
    focus, _ = drawn(branch, "--focus", "blog.0005_new", "--depth", "1")
    assert set(focus) == {"blog.0005_new", "blog.0004_renamed"}
    done = run("graph", "--base", "main", "--since", "blog.0002_a", cwd=branch.path)
    assert (done.returncode, done.out) == (2, "") and "--since" in done.err


def test_what_is_found_is_what_check_finds(branch):
    found = json.loads(run("check", "--base", "main", "--level", "info", "--format", "json", cwd=branch.path).out)["findings"]
    every = [f for top in found for f in (top, *top["consequences"])]
    nodes, _ = drawn(branch)
    told = sorted(code for node in nodes.values() for code in node["codes"].split())
    assert told == sorted(f["code"] for f in every if f["migration"])
    assert "MG106" in told and every


@pytest.mark.parametrize("format", ["text", "json", "dot", "mermaid", "svg"])
def test_same_bytes_twice(branch, format):
    assert graph(branch, "--format", format) == graph(branch, "--format", format)


# ---- nothing ----

NOTHING = "No migration is added, changed or removed."


def test_nothing_differs(tmp_path):
    repository = Repository(tmp_path)
    repository.commit(chain("0001_initial", "0002_price"))
    repository.git("checkout", "-q", "-b", "branch")
    assert graph(repository) == NOTHING + "\n"
    assert differences(repository) == ({}, {})
    svg = ElementTree.fromstring(graph(repository, "--format", "svg"))
    assert NOTHING in [node.text for node in svg.iter() if node.tag.endswith("}text")]
    assert 'note["%s"]' % NOTHING in graph(repository, "--format", "mermaid")
    assert "kind=note" in graph(repository, "--format", "dot")
    for format in "png", "pdf", "html":
        file = repository.path / ".git" / "picture"
        graph(repository, "--format", format, "-o", file)
        assert file.stat().st_size > 500
    assert NOTHING in file.read_text()


def test_errors(branch, tmp_path_factory):
    unknown = run("graph", "--base", "nowhere", cwd=branch.path)
    assert (unknown.returncode, unknown.out) == (2, "") and "git has no commit `nowhere`" in unknown.err
    plain = tmp_path_factory.mktemp("plain")
    write(plain, chain("0001_initial"))
    outside = run("graph", "--base", "main", cwd=plain)
    assert (outside.returncode, outside.out) == (2, "") and "not in a git work tree" in outside.err
    branch.git("checkout", "-q", "main")
    branch.commit({"README": "later"})
    branch.git("checkout", "-q", "branch")
    shallow = tmp_path_factory.mktemp("clones") / "shallow"
    subprocess.run(["git", "clone", "-q", "--depth", "1", "--no-single-branch", branch.path.as_uri(), shallow],
                   check=True)
    cut = run("graph", "--base", "origin/main", cwd=shallow)
    assert (cut.returncode, cut.out) == (2, "") and "shallow" in cut.err


# ---- what a change is ----

EDITED = migration("shop.0001_initial", operations='migrations.RunSQL("select 1"), ')


@pytest.mark.parametrize("text", [
    "# a word\n" + EDITED,
    EDITED.replace("    operations", "\n    # why\n    operations"),
    EDITED.replace('"', "'"),
    EDITED.replace("select 1\"), ", "select 1\")"),
    EDITED.replace('migrations.RunSQL(', "migrations.RunSQL(\n            "),
    EDITED.replace('"select 1"', '("select 1")'),
    EDITED.replace('"select 1"', '"sel" "ect 1"'),
    EDITED.replace("    ", "\t"),
    EDITED.replace("\n", "\r\n"),
    EDITED.replace("from django.db import migrations", "from django.db import (\n    migrations,\n)"),
])
def test_how_it_is_written_is_no_change(tmp_path, text):
    repository = edited(tmp_path, text)
    assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(EDITED))
    assert differences(repository) == ({}, {})


@pytest.mark.parametrize("text", [
    EDITED.replace("select 1", "select  1"),
    EDITED.replace('"select 1"', 'r"select 1"'),
    EDITED.replace("select 1\"", "select 1\", elidable=True"),
    EDITED.replace("class", "import os\n\n\nclass"),
    EDITED.replace("    operations", "    atomic = not True\n    operations"),
    EDITED.replace("    operations", "operations"),
    EDITED.replace('("select 1")', '(["select 1"])'),
    EDITED + "    x = 1\n",
    EDITED + "class\n",
])
def test_what_python_reads_is(tmp_path, text):
    repository = edited(tmp_path, text)
    assert differences(repository)[0] == {"shop.0002_price": "changed"}


def edited(path, text):
    repository = Repository(path)
    repository.commit({**chain("0001_initial"), path_of("shop.0002_price"): EDITED})
    repository.git("checkout", "-q", "-b", "branch")
    (path / path_of("shop.0002_price")).write_bytes(text.encode())
    return repository


# ---- special cases ----


def test_gone_though_another_needs_it(tmp_path):
    repository = Repository(tmp_path)
    repository.commit(chain("0001_initial", "0002_price", "0003_stock"))
    repository.git("checkout", "-q", "-b", "branch")
    repository.git("rm", "-q", path_of("shop.0002_price"))
    nodes, edges = drawn(repository)
    price = nodes["shop.0002_price"]
    assert (price["kind"], price["change"]) == ("missing", "removed")
    assert price["label"].startswith("− ") and "missing" in price["label"]
    assert edges["shop.0003_stock", "shop.0002_price"]["change"] == ""
    assert edges["shop.0002_price", "shop.0001_initial"]["change"] == "removed"
    # Nor is it new when it comes back.
    repository.commit({})
    repository.git("branch", "-q", "-f", "main")
    repository.commit({path_of("shop.0002_price"): migration("shop.0001_initial")})
    assert differences(repository)[0] == {"shop.0002_price": "added"}


def test_a_squash_and_then_what_it_replaces(tmp_path):
    repository = Repository(tmp_path)
    names = "0001_initial", "0002_price", "0003_stock"
    repository.commit(chain(*names, "0004_shelf"))
    repository.git("checkout", "-q", "-b", "branch")
    squash = migration() + "    replaces = %r\n" % [("shop", name) for name in names]
    repository.commit({path_of("shop.0001_squashed"): squash})
    nodes, edges = differences(repository)
    assert nodes == {"shop.0001_squashed": "added"}
    assert edges["shop.0004_shelf", "shop.0001_squashed"] == "added"
    assert set(drawn(repository)[0]) == {"shop.0001_squashed", "shop.0004_shelf"}
    repository.git("branch", "-q", "-f", "main")
    write(tmp_path, {path_of("shop.0002_price"): migration("shop.0001_initial", operations="migrations.RunSQL('')")})
    assert differences(repository) == ({"shop.0002_price": "changed"}, {})
    assert set(drawn(repository)[0]) == {"shop.0002_price"}
    repository.git("checkout", "-q", ".")
    repository.git("rm", "-q", *[path_of("shop." + name) for name in names])
    gone = {"shop." + name: "removed" for name in names}
    nodes, edges = differences(repository)
    assert nodes == gone
    assert edges["shop.0002_price", "shop.0001_initial"] == "removed"
    assert {key: node["change"] for key, node in drawn(repository)[0].items()} == gone


def test_a_history_made_anew_stands_as_two_lines(tmp_path):
    """Long ones stand together, those that are gone and those that are new by themselves."""
    repository = Repository(tmp_path)
    repository.commit(chain(*["%04d_old" % number for number in range(1, 71)]))
    repository.git("checkout", "-q", "-b", "branch")
    repository.git("rm", "-q", "-r", "shop/migrations")
    repository.commit(chain("0001_new", "0002_new"))
    nodes, _ = drawn(repository)
    assert {(node["label"], node["change"]) for node in nodes.values()} == {
        ("− 0001 … 0070\\n70 removed", "removed"), ("+ 0001_new", "added"), ("+ 0002_new", "added")}
    assert not any("conflict" in node["marks"] for node in nodes.values())


def test_a_project_that_is_new(tmp_path):
    repository = Repository(tmp_path)
    repository.commit({"README": ""})
    repository.git("checkout", "-q", "-b", "branch")
    repository.commit(chain("0001_initial", "0002_price"))
    assert differences(repository)[0] == {"shop.0001_initial": "added", "shop.0002_price": "added"}


def test_a_project_that_is_moved_is_the_same(tmp_path):
    repository = Repository(tmp_path)
    repository.commit({"back/" + name: text for name, text in chain("0001_initial", "0002_price").items()})
    repository.git("checkout", "-q", "-b", "branch")
    repository.git("mv", "back", "server")
    repository.commit({"server/" + path_of("shop.0003_stock"): migration("shop.0002_price")})
    assert differences(repository)[0] == {"shop.0003_stock": "added"}


def test_a_project_or_an_app_that_is_gone(tmp_path):
    repository = Repository(tmp_path)
    demo = {"demo/" + name: text for name, text in chain("0001_demo", app="blog").items()}  # the label is taken
    repository.commit({**chain("0001_initial", app="blog"), **chain("0001_initial", "0002_price"), **demo})
    repository.git("checkout", "-q", "-b", "branch")
    repository.git("rm", "-q", "-r", "demo", "shop")
    projects = json.loads(graph(repository, "--format", "json"))["projects"]
    told = {node["app"] + "." + node["name"]: (project["root"], node["change"])
            for project in projects for node in project["nodes"]}
    assert told == {"blog.0001_initial": ("", None), "shop.0001_initial": ("", "removed"),
                    "shop.0002_price": ("", "removed"), "blog.0001_demo": ("demo", "removed")}
    nodes, _ = drawn(repository)
    assert {key: node["change"] for key, node in nodes.items()} == {
        "shop.0001_initial": "removed", "shop.0002_price": "removed", "blog.0001_demo": "removed"}
    assert "- 0001_initial" in graph(repository)
    for format in "svg", "mermaid", "html":
        assert "demo" in graph(repository, "--format", format)


def test_what_is_not_drawn_between_is_counted(tmp_path):
    repository = Repository(tmp_path)
    names = ["%04d_m" % number for number in range(1, 8)]
    repository.commit(chain(*names))
    repository.git("checkout", "-q", "-b", "branch")
    repository.commit({
        path_of("shop.0002_m"): migration("shop.0001_m", operations="migrations.RunSQL('select 1')"),
        path_of("shop.0008_m"): migration("shop.0007_m")})
    nodes, edges = drawn(repository)
    assert {key for key, node in nodes.items() if not node["change"]} == {
        "shop.0001_m", "shop.0003_m", "shop.0007_m"}
    through, = [(key, edge) for key, edge in edges.items() if edge["kind"] == "through"]
    assert through[0] == ("shop.0007_m", "shop.0003_m")
    assert through[1]["label"] == "3 more"  # 0004, 0005, 0006
    assert "  ┆   3 more\n" in graph(repository)


# ---- in Markdown ----

CHART = re.compile("^```mermaid\n(.*?)^```$", re.M | re.S)


def markdown(repository, *words):
    done = run("check", "--format", "markdown", *words, cwd=repository.path)
    assert done.returncode in (0, 1) and len(done.out) < 65536, done.err
    return done.out


def test_markdown_shows_the_chart(branch):
    page = markdown(branch, "--base", "main", "--level", "info")
    assert CHART.findall(page) == [graph(branch, "--format", "mermaid")]
    assert page.index("## migralint: failed") < page.index("```mermaid") < page.index("\n| | Rule |")
    assert "```" not in markdown(branch)
    text = run("check", "--base", "main", cwd=branch.path).out
    assert "flowchart" not in text


def test_markdown_without_a_difference(tmp_path):
    repository = Repository(tmp_path)
    repository.commit(chain("0001_initial"))
    assert "```" not in markdown(repository, "--base", "main")
    assert "branch" not in markdown(repository, "--base", "main")


def crowd(path, apps, name):
    """Each app with three migrations, all of them new."""
    path.mkdir()
    repository = Repository(path)
    repository.commit({"manage.py": ""})
    repository.git("checkout", "-q", "-b", "branch")
    for number in range(apps):
        write(path, chain(*["%04d_%s" % (n, name) for n in (1, 2, 3)], app="app%d" % number))
    return repository


def test_markdown_of_many(tmp_path):
    """Migrations that are too many for a comment are drawn app by app, then not at all."""
    some = markdown(crowd(tmp_path / "some", 80, "x" * 120), "--base", "main")
    chart, = CHART.findall(some)
    assert chart.count("3 added") == 80 and "xxx" not in chart
    many = markdown(crowd(tmp_path / "many", 500, "x"), "--base", "main")
    assert "```" not in many and "too much to be drawn here" in many


HOSTILE = ["```\n<b>", "`", "\"]; end", "--> x", "%%{init: {}}%%", "<script>x</script>", "\u202egnp", "@octocat", "|a|b|"]


def test_markdown_of_hostile_names(tmp_path):
    repository = Repository(tmp_path)
    repository.commit(chain("0001_initial"))
    repository.git("checkout", "-q", "-b", "branch")
    for name in HOSTILE:
        if "/" not in name:
            write(tmp_path, {"shop/migrations/0002_%s.py" % name: MIGRATION % '("shop", "0001_initial")'})
    needs = ", ".join(repr(("shop", "0009_" + name)) for name in HOSTILE)
    write(tmp_path, {path_of("shop.0003_names"): MIGRATION % needs})
    page = markdown(repository, "--base", "main")
    chart, = CHART.findall(page)
    assert re.sub("<pre>.*?</pre>", "", page, flags=re.S).count("```") == 2 and "\u202e" not in page
    labels = re.findall(r'"([^\n]*?)"', chart)
    assert len(labels) > 2 * len(HOSTILE) - 2
    for label in labels:
        plain = re.sub(r"#\d+;|<br/>", "", label)
        assert re.fullmatch(r"[+~−]? ?[\w .,?-]*", plain), label


# ---- at random ----


def edits(random_, repository, keys, number):
    """Adds, removes, renames or edits one migration; returns the keys as they are then."""
    what = random_.choice(["add", "add", "remove", "rename", "edit", "comment"])
    app = random_.choice(["blog", "shop"])
    own = [key for key in keys if key.startswith(app)]
    key = random_.choice(own) if own else None
    path = repository.path / path_of(key) if key else None
    if what == "add" or not key:
        made = "%s.%04d_n%d" % (app, number + 10, number)
        parents = random_.sample(keys, min(len(keys), random_.randint(0, 2)))
        write(repository.path, {path_of(made): migration(*parents)})
        return keys + [made]
    if what == "edit":
        path.write_text(path.read_text() + "    atomic = %r\n" % number)
    elif what == "comment":
        path.write_text(path.read_text() + "# %d\n" % number)
    elif what == "remove":
        path.unlink()
        return [other for other in keys if other != key]
    elif what == "rename":
        made = "%s.%04d_r%d" % (app, number + 10, number)
        path.rename(repository.path / path_of(made))
        return [other for other in keys if other != key] + [made]
    return keys


def by_git(repository):
    """What differs in migrations, uncommitted work and new files too, but for comments."""
    repository.git("add", "-A", "-N")
    fork = repository.git("merge-base", "HEAD", "main")
    words = repository.git("diff", "--name-status", "--no-renames", fork, "--", "*/migrations/0*.py").split()
    told = dict(zip(words[1::2], words[::2]))
    result = {}
    for path, letter in told.items():
        app, _, name = path[:-3].split("/")
        if letter == "M":
            before = repository.git("show", "%s:%s" % (fork, path))
            if ast.dump(ast.parse(before)) == ast.dump(ast.parse((repository.path / path).read_text())):
                continue
        result["%s.%s" % (app, name)] = {"A": "added", "M": "changed", "D": "removed"}[letter]
    return result


def edges_of(key, text):
    """As Python reads the list of dependencies."""
    body = ast.parse(text).body[-1].body
    value, = [node.value for node in body if node.targets[0].id == "dependencies"]
    return {(key, "%s.%s" % parent) for parent in ast.literal_eval(value)}


def edges_in(repository, keys):
    return set().union(*(edges_of(key, (repository.path / path_of(key)).read_text()) for key in keys))


def edges_before(repository):
    fork = repository.git("merge-base", "HEAD", "main")
    paths = repository.git("ls-tree", "-r", "--name-only", fork).split()
    keys = ["%s.%s" % tuple(path[:-3].split("/migrations/")) for path in paths if "/migrations/0" in path]
    return set().union(*(edges_of(key, repository.git("show", "%s:%s" % (fork, path_of(key)))) for key in keys))


@pytest.mark.parametrize("seed", range(8))
def test_random_branches(tmp_path, seed):
    random_ = random.Random(seed)
    repository = Repository(tmp_path)
    names = ["%04d_m" % number for number in range(1, 7)]
    repository.commit({**chain(*names, app="blog"), **chain(*names)})
    keys = ["%s.%s" % (app, name) for app in ("blog", "shop") for name in names]
    repository.git("checkout", "-q", "-b", "branch")
    for number in range(10):
        keys = edits(random_, repository, keys, number)
        if random_.random() < 0.4:
            repository.git("add", "-A")
            repository.git("commit", "-q", "--allow-empty", "-m", "change")
        if random_.random() < 0.2:  # what main does meanwhile is none of the branch's
            repository.git("stash", "-q", "--include-untracked")
            repository.git("checkout", "-q", "main")
            repository.commit({"shop/migrations/0099_theirs%d.py" % number: migration("shop.0001_m")})
            repository.git("checkout", "-q", "branch")
            if repository.git("stash", "list"):
                repository.git("stash", "pop", "-q")
    expected = by_git(repository)
    nodes, edges = differences(repository)
    assert nodes == expected
    now, before = edges_in(repository, keys), edges_before(repository)
    assert edges == {**dict.fromkeys(now - before, "added"), **dict.fromkeys(before - now, "removed")}
    pictured, _ = drawn(repository, "--collapse", "none")
    assert {key: node["change"] for key, node in pictured.items() if node["change"]} == expected
