"""Small projects for the corners of the loader that random ones rarely reach,
and a check that the comparison notices every kind of difference.

Each case states the interesting part of what Django does; migralint is then
compared with all of it.
"""

import copy

import pytest

import harness
from harness import USER_MODEL, App, Node, Project

VERSION = harness.django_version()



def chain(label, *names):
    """Migrations of `label`, each on top of the one before."""
    nodes, previous = {}, []
    for name in names:
        nodes[name] = Node(list(previous))
        previous = [(label, name)]
    return nodes


def project(**apps):
    return Project({label: App(nodes) for label, nodes in apps.items()})


def squash_of_squash(inner, outer):
    nodes = chain("a", "0001", "0002", "0003")
    nodes[inner] = Node(replaces=[("a", "0001"), ("a", "0002")])
    nodes[outer] = Node(replaces=[("a", inner), ("a", "0003")])
    return project(a=nodes)


def case_own_latest_is_literal():
    nodes = chain("a", "0001", "0002")
    nodes["0002"].dependencies.append(("a", "__latest__"))
    return project(a=nodes), {"missing": ["a.__latest__"], "error": "NodeNotFoundError"}


def case_literal_latest_catches_others():
    """Once a.__latest__ is a (missing) node, other apps' __latest__ means that node."""
    nodes = chain("a", "0001", "0002")
    nodes["0002"].dependencies.append(("a", "__latest__"))
    made = project(a=nodes, b={"0001": Node([("a", "__latest__")])})
    return made, {"edges": [("b.0001", "a.__latest__")]}


def case_own_first_is_ignored():
    return project(a={"0001": Node([("a", "__first__")])}), {"plan": ["a.0001"]}


def case_run_before_own_symbolic_is_ignored():
    nodes = chain("a", "0001", "0002")
    nodes["0002"].run_before.append(("a", "__first__"))
    return project(a=nodes), {"plan": ["a.0001", "a.0002"]}


def run_before_moves_the_root():
    nodes = {"0001": Node(), "0002": Node(run_before=[("a", "0001")])}
    return project(a=nodes, b={"0001": Node([("a", "__first__")])})


def case_run_before_in_own_app_moves_the_root():
    """run_before is an external edge: b, installed later, sees the root it makes."""
    return run_before_moves_the_root(), {"edges": [("b.0001", "a.0002")]}


def case_installed_order_counts():
    """The same with b installed first: its __first__ is looked up too early."""
    made = run_before_moves_the_root()
    made.extra_files["settings.py"] = harness.settings_source(["b", "a"])
    return made, {"edges": [("b.0001", "a.0001")]}


def case_symbolic_target_of_run_before():
    made = project(a=chain("a", "0001", "0002"), b={"0001": Node(run_before=[("a", "__latest__")])})
    return made, {"plan": ["b.0001", "a.0001", "a.0002"]}


def case_first_takes_the_smallest_root():
    nodes = {"0002": Node(), "0001": Node([("a", "0002")]), "0003": Node()}
    made = project(a=nodes, b={"0001": Node([("a", "__first__")])})
    return made, {"edges": [("b.0001", "a.0002")]}


def case_first_of_a_squashed_app():
    nodes = chain("a", "0001_initial", "0002")
    nodes["0001_squashed"] = Node(replaces=[("a", "0001_initial"), ("a", "0002")])
    made = project(a=nodes, b={"0001": Node([("a", "__first__")])})
    return made, {"edges": [("b.0001", "a.0001_squashed")]}


def case_first_of_an_empty_app():
    made = project(a={}, b={"0001": Node([("a", "__first__")])})
    return made, {"error": "ValueError"}


def case_first_of_an_unmigrated_app():
    made = project(a=None, b={"0001": Node([("a", "__first__"), ("a", "__latest__")])})
    return made, {"plan": ["b.0001"]}


def case_name_in_an_unmigrated_app_is_missing():
    made = project(a=None, b={"0001": Node([("a", "0001_initial")])})
    return made, {"missing": ["a.0001_initial"]}


def case_symbolic_in_an_unknown_app():
    return project(b={"0001": Node([("zzz", "__first__")])}), {"error": "ValueError"}


def case_self_dependency():
    return project(a={"0001": Node([("a", "0001")])}), {"cycles": [["a.0001"]]}


def case_two_cycles():
    nodes = {"1": Node([("a", "2")]), "2": Node([("a", "1")]), "3": Node([("a", "2"), ("a", "4")])}
    nodes["4"] = Node([("a", "3")])
    return project(a=nodes), {"cycles": [["a.1", "a.2"], ["a.3", "a.4"]]}


def case_missing_child():
    made = project(a={"0001": Node(run_before=[("a", "0002")])})
    return made, {"missing": ["a.0002"], "edges": [("a.0002", "a.0001")]}


def case_squash_repairs_deleted_originals():
    nodes = {"s": Node(replaces=[("a", "1"), ("a", "2")]), "3": Node([("a", "2")])}
    return project(a=nodes), {"plan": ["a.s", "a.3"], "missing": []}


def case_squash_stands_for_another_app():
    nodes = {"1": Node(replaces=[("old", "1")])}
    made = project(a=nodes, b={"1": Node([("old", "1")])})
    return made, {"edges": [("b.1", "a.1")], "missing": []}


def case_squash_closes_a_cycle():
    nodes = chain("a", "1", "2")
    nodes["2"].dependencies.append(("b", "1"))
    nodes["s"] = Node(replaces=[("a", "1"), ("a", "2")])
    made = project(a=nodes, b={"1": Node([("a", "1")])})
    return made, {"cycles": [["a.s", "b.1"]], "error": "CircularDependencyError"}


def case_squash_within_its_own_replaced_edges():
    """An edge between the squash and what it replaces becomes an edge to itself."""
    nodes = chain("a", "1", "2")
    nodes["s"] = Node([("a", "2")], replaces=[("a", "1"), ("a", "2")])
    return project(a=nodes), {"cycles": [["a.s"]], "error": "CircularDependencyError"}


def case_inner_squash_first():
    return squash_of_squash("0001_inner", "0002_outer"), {"plan": ["a.0002_outer"]}


def case_outer_squash_first():
    facts = {"plan": ["a.0001_outer"]}
    if VERSION < (6, 0):
        # The inner one is gone when its turn comes, so what it stands for stays.
        facts = {"error": "NodeNotFoundError", "nodes": ["a.0001", "a.0001_outer", "a.0002"]}
    return squash_of_squash("0002_inner", "0001_outer"), facts


def case_overlapping_squashes():
    nodes = chain("a", "1", "2", "3")
    nodes["s12"] = Node(replaces=[("a", "1"), ("a", "2")])
    nodes["s23"] = Node(replaces=[("a", "2"), ("a", "3")])
    return project(a=nodes), {"plan": ["a.s12", "a.s23"]}


def case_one_key_replaced_twice():
    nodes = {"s1": Node(replaces=[("a", "1")]), "s2": Node(replaces=[("a", "1")])}
    nodes["1"] = Node()
    made = project(a=nodes, b={"1": Node([("a", "1")])})
    return made, {"edges": [("b.1", "a.s1")], "leaves": ["a.s1", "a.s2", "b.1"]}


def case_user_model_of_the_project():
    made = project(a={"0001": Node([USER_MODEL])}, users=chain("users", "0001", "0002"))
    made.user_model = "users.Person"
    return made, {"edges": [("a.0001", "users.0001"), ("users.0002", "users.0001")]}


def case_user_model_in_its_own_app():
    made = project(users={"0001": Node([USER_MODEL])})
    made.user_model = "users.Person"
    return made, {"edges": []}


def case_default_user_model():
    made = project(a={"0001": Node([USER_MODEL])})
    made.contrib = ("auth", "contenttypes")
    return made, {"edges_of": {"a.0001": ["auth.0001_initial"]}}


def case_admin_follows_the_user_model():
    """The contrib admin depends on the swapped user model, wherever it lives."""
    made = project(users=chain("users", "0001", "0002"))
    made.user_model, made.contrib = "users.Person", ("admin", "auth", "contenttypes")
    return made, {
        "edges_of": {"admin.0001_initial": ["contenttypes.0001_initial", "users.0001"]}
    }


def case_all_contrib_apps():
    made = project(a={"0001": Node([(label, "__latest__") for label in harness.CONTRIB])})
    made.contrib = tuple(sorted(harness.CONTRIB))
    return made, {"missing": []}


def case_missing_name_in_contrib():
    made = project(a={"0001": Node([("auth", "0099_gone")])})
    made.contrib = ("auth", "contenttypes")
    return made, {"missing": ["auth.0099_gone"]}


def case_files_the_loader_skips():
    made = project(a=chain("a", "0001", "0002"))
    for name in ("_private.py", "~tilde.py", "0003.orig.py", "0004.txt", "0005.py.bak", ".hid.py"):
        made.extra_files["a/migrations/" + name] = "raise RuntimeError\n"
    made.extra_files["a/migrations/0006/__init__.py"] = ""
    made.extra_files["a/migrations/0007/0001.py"] = "raise RuntimeError\n"
    return made, {"plan": ["a.0001", "a.0002"]}


def case_names_need_no_number():
    made = project(a=chain("a", "B", "a-b", "é", "0", "zz"))
    return made, {"plan": ["a.B", "a.a-b", "a.é", "a.0", "a.zz"]}


def case_unmigrated_by_setting():
    made = project(a=chain("a", "0001"), b={"0001": Node([("a", "__first__")])})
    made.extra_files["settings.py"] = harness.settings_source(["a", "b"], None, {"a": None})
    return made, {"nodes": ["b.0001"]}


def case_last_binding_wins():
    made = project(a=chain("a", "0001", "0002"))
    source = harness.migration_source
    second = source(Node([("a", "0001")])).split("migrations\n", 1)[1]
    made.extra_files["a/migrations/0002.py"] = source(Node([("a", "gone")])) + second
    return made, {"plan": ["a.0001", "a.0002"]}


def case_migration_by_import():
    made = project(a=chain("a", "0001"))
    made.extra_files["a/base.py"] = harness.migration_source(Node([("a", "0001")]))
    made.extra_files["a/migrations/0002.py"] = "from a.base import Migration\n"
    return made, {"plan": ["a.0001", "a.0002"]}


def case_inherited_dependencies():
    made = project(a=chain("a", "0001", "0002"))
    made.extra_files["a/migrations/0003.py"] = (
        "from django.db import migrations\n\n\n"
        "class Base(migrations.Migration):\n    dependencies = [('a', '0002')]\n\n\n"
        "class Migration(Base):\n    run_before = ()\n"
    )
    return made, {"plan": ["a.0001", "a.0002", "a.0003"]}


def case_computed_dependencies():
    made = project(a=chain("a", "0001", "0002"), b=chain("b", "0001"))
    made.extra_files["a/migrations/0003.py"] = (
        "from django.db.migrations import Migration as M\n\n"
        "APP = 'a'\nOTHERS = (('b', '0001'),)\n\n\n"
        "class Migration(M):\n"
        "    dependencies = [(APP, '000' + '2'), *OTHERS]\n"
        "    dependencies += [('a', '0001')]\n"
    )
    return made, {"edges_of": {"a.0003": ["a.0001", "a.0002", "b.0001"]}}


def case_syntax_error():
    made = project(a=chain("a", "0001", "0002"))
    made.extra_files["a/migrations/0003.py"] = "class Migration(:\n"
    return made, {"error": "SyntaxError", "nodes": ["a.0001", "a.0002"]}


def case_no_migration_class():
    made = project(a=chain("a", "0001", "0002"))
    made.extra_files["a/migrations/0003.py"] = "x = 1\n"
    return made, {"error": "BadMigrationError", "nodes": ["a.0001", "a.0002"]}


def case_long_chain():
    made = project(a=chain("a", *["%04d" % n for n in range(1200)]))
    return made, {"leaves": ["a.1199"], "roots": ["a.0000"]}


def case_diamonds():
    nodes = {"a0": Node()}
    for n in range(50):
        nodes["b%d" % n] = Node([("a", "a%d" % n)])
        nodes["c%d" % n] = Node([("a", "a%d" % n)])
        nodes["a%d" % (n + 1)] = Node([("a", "b%d" % n), ("a", "c%d" % n)])
    return project(a=nodes), {"leaves": ["a.a50"], "roots": ["a.a0"]}


def case_replacement_ring():
    nodes = {"r1": Node(replaces=[("a", "r2")]), "r2": Node(replaces=[("a", "r1")])}
    return project(a=nodes), {"error": "CommandError" if VERSION >= (6, 0) else "NodeNotFoundError"}


def case_self_replacing():
    nodes = {"1": Node(), "s": Node(replaces=[("a", "1"), ("a", "s")]), "2": Node([("a", "s")])}
    return project(a=nodes), {"error": "CommandError"} if VERSION >= (6, 0) else {}


CASES = {name[5:]: make for name, make in sorted(globals().items()) if name.startswith("case_")}


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    top = tmp_path_factory.mktemp("cases")
    jobs = []
    for name, make in CASES.items():
        folder = top / name
        folder.mkdir()
        jobs.append(harness.write_project(make()[0], folder))
    return dict(zip(CASES, harness.ask_django(jobs)))


@pytest.mark.parametrize("name", CASES)
def test_facts_hold_in_django(answers, name):
    answer, facts = answers[name], dict(CASES[name]()[1])
    error = answer["error"] and answer["error"]["type"]
    if "error" in facts or "plan" in facts:
        assert error == facts.pop("error", None), answer["error"]
    view = answer["readable"] and harness.view_of_django(answer)
    for child, parents in facts.pop("edges_of", {}).items():
        assert sorted(p for c, p in view.edges if c == child) == parents
    for key, expected in facts.items():
        found = getattr(view, key)
        if key == "plan":
            assert found == expected
        elif key == "edges":
            assert set(expected) <= found and (expected or not found)
        elif key == "cycles":
            assert found == {frozenset(cycle) for cycle in expected}
        else:
            assert found == set(expected), key


@pytest.mark.skipif(not harness.MIGRALINT, reason="MIGRALINT is not set")
@pytest.mark.parametrize("name", CASES)
def test_same_graph(answers, name):
    assert harness.differences(answers[name]) == []


# --- the comparison itself ------------------------------------------------------------


def mirrored(answer):
    """The answer migralint should give, made from Django's."""
    split = lambda key: key.split(".", 1)
    return {
        "root": ".",
        "apps": [{"label": label, "path": label} for label in answer["migrated"]],
        "nodes": [
            {
                "app": split(key)[0],
                "name": split(key)[1],
                "path": answer["files"].get(key),
                "missing": key in answer["missing"],
                "external": answer["files"].get(key) is None,
                "replaces": answer["replaces"].get(key, []),
            }
            for key in answer["nodes"]
        ],
        "edges": answer["edges"],
        "leaves": answer["leaves"],
        "roots": answer["roots"],
        "conflicts": [
            {"app": label, "leaves": names} for label, names in answer["conflicts"].items()
        ],
        "cycles": answer["cycles"],
        "plan": answer["plan"],
    }


@pytest.mark.parametrize("name", CASES)
def test_the_right_answer_passes(answers, name):
    if answers[name]["readable"]:
        assert harness.compare(answers[name], mirrored(answers[name])) == []


def test_wrong_answers_are_noticed(answers):
    answer = answers["overlapping_squashes"]
    right = mirrored(answer)
    for name in ("nodes", "edges", "leaves", "roots", "plan", "apps"):
        wrong = copy.deepcopy(right)
        wrong[name].pop()
        assert harness.compare(answer, wrong), name
    for name, value in (("missing", True), ("external", True), ("path", None), ("replaces", [])):
        wrong = copy.deepcopy(right)
        wrong["nodes"][0][name] = value
        assert harness.compare(answer, wrong), name
    for name, value in (
        ("cycles", [["a.s12", "a.s23"]]),
        ("conflicts", [{"app": "a", "leaves": ["s12", "s23"]}]),
        ("plan", right["plan"][::-1]),
        ("edges", [edge[::-1] for edge in right["edges"]]),
    ):
        assert harness.compare(answer, {**right, name: value}), name
