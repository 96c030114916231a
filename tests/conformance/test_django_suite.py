"""The packages of Django's own migration tests, copied when the test runs.

Every row states facts that Django's tests rely on.  They are checked against
Django itself, so that a wrong oracle is noticed, and against migralint, whose
whole graph is then compared with Django's.
"""

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import harness
from harness import APP_CONFIG, CONTRIB, MANAGE, job, settings_source, write

DJANGO_SRC = os.environ.get("DJANGO_SRC")
pytestmark = pytest.mark.skipif(not DJANGO_SRC, reason="DJANGO_SRC is not set")

LABEL = "migrations"  # the label under which Django's tests use most packages


@dataclass
class Row:
    name: str
    packages: dict = field(default_factory=dict)  # label -> migrations package below tests/
    whole: dict = field(default_factory=dict)  # label -> app folder below tests/
    contrib: tuple = ()
    plan: list = None
    nodes: list = None
    leaves: list = None
    roots: list = None
    conflicts: dict = field(default_factory=dict)
    missing: list = field(default_factory=list)
    cycles: list = field(default_factory=list)
    error: tuple = None  # (exception, part of its message)
    since: tuple = (3, 2)


def single(package, *names, **facts):
    """A package with label `migrations`; `names` is its plan unless facts say otherwise."""
    facts.setdefault("plan", list(names))
    return Row(package, {LABEL: "migrations/" + package}, **facts)


def apps_of_tests(*labels, below="", **facts):
    folder = "migrations/migrations_test_apps/" + below
    return Row(" ".join(labels), whole={label: folder + label for label in labels}, **facts)


FORK = {LABEL: ["0002_conflicting_second", "0002_second"]}
TWO = ("0001_initial", "0002_second")
SQUASHED_APPS = ["app1.1_auto", "app2.1_squashed_2", "app1.2_squashed_3", "app1.4_auto"]
LONG = "0002_conflicting_second_migration_with_long_name"

ROWS = [
    single("test_migrations", *TWO, leaves=["0002_second"], roots=["0001_initial"]),
    single("test_migrations_empty"),
    single("test_migrations_no_init"),
    single("test_migrations_namespace_package"),
    single("test_migrations_backwards_deps_1"),
    Row("without_init_file", {LABEL: "migrations/migrations_test_apps/without_init_file/migrations"},
        plan=[]),
    Row("namespace", {LABEL: "migrations/faulty_migrations/namespace"}, plan=[]),
    Row("file", {LABEL: "migrations/faulty_migrations/file.py"}, plan=[]),
    single("test_migrations_private", "0001_initial"),
    single("test_migrations_bad_pyc", plan=None, error=("ImportError", "stale .pyc file")),
    single("test_migrations_clashing_prefix", "a", "ab", leaves=["ab"]),
    single("test_migrations_conflict", "0001_initial", "0002_conflicting_second", "0002_second",
           conflicts=FORK, leaves=FORK[LABEL]),
    single("test_migrations_conflict_long_name", plan=None, nodes=[*TWO, LONG],
           conflicts={LABEL: [LONG, "0002_second"]}),
    single("test_migrations_no_ancestor", "0002_conflicting_second", *TWO, conflicts=FORK,
           roots=["0001_initial", "0002_conflicting_second"]),
    single("test_migrations_run_before", "0001_initial", "0003_third", "0002_second",
           leaves=["0002_second"]),
    single("test_migrations_first", plan=None, nodes=["thefirst", "second", "migrations2.0002_second"],
           missing=["migrations2.0002_second"],
           error=("NodeNotFoundError", "parent node ('migrations2', '0002_second')")),
    single("test_migrations_unmigdep", contrib=("auth", "contenttypes"), plan=None,
           leaves=["0001_initial", "auth.0012_alter_user_first_name_max_length",
                   "contenttypes.0002_remove_content_type_name"]),
    single("test_migrations_custom_user", contrib=("auth", "contenttypes"), plan=None,
           roots=["0001_initial", "auth.0001_initial", "contenttypes.0001_initial"]),
    single("test_migrations_squashed", "0001_squashed_0002", nodes=["0001_squashed_0002"]),
    single("test_migrations_squashed_complex", "1_auto", "2_auto", "3_squashed_5", "6_auto", "7_auto",
           leaves=["7_auto"]),
    single("test_migrations_squashed_erroneous", "1_auto", "2_auto", "3_squashed_5", "6_auto",
           "7_auto", leaves=["7_auto"]),
    single("test_migrations_squashed_extra", "0001_squashed_0002", "0003_third"),
    single("test_migrations_squashed_no_replaces", "0001_squashed_0002", since=(4, 1)),
    single("test_migrations_manual_porting", *TWO, "0004_fourth", leaves=["0004_fourth"], since=(4, 1)),
    single("test_migrations_no_changes", *TWO, "0003_third"),
    single("test_migrations_plan", *TWO, "0003_third", "0004_fourth", "0005_fifth"),
    single("test_migrations_initial_false", "0001_not_initial"),
    single("test_migrations_atomic_operation", "0001_initial"),
    single("test_migrations_non_atomic", "0001_initial"),
    single("test_migrations_order", "0001"),
    single("test_migrations_noop", "0001_initial", since=(4, 2)),
    single("test_migrations_no_operations", "0001_initial"),
    single("test_migrations_no_default", "0001_initial"),
    single("test_migrations_fake_split_initial", *TWO),
    single("test_auto_now_add", "0001_initial"),
    single("test_add_many_to_many_field_initial", "0001_initial", "0002_initial"),
    single("test_fake_initial_case_insensitive/initial", "0001_initial"),
    single("test_fake_initial_case_insensitive/fake_initial", "0001_initial"),
    single("deprecated_field_migrations", "0001_initial", "0002_remove_ipaddressfield_ip"),
    single("test_migrations_squashed_double", "0005_squashed_0003_and_0004",
           nodes=["0005_squashed_0003_and_0004"], since=(6, 0)),
    single("test_migrations_squashed_loop", plan=None, since=(6, 0),
           error=("CommandError", "Cyclical squash replacement found, starting at")),
    single("test_migrations_squashed_partially_applied", plan=None, since=(6, 0),
           leaves=["0004_remove_mymodel1_field_1_mymodel1_field_3_and_more"]),
    # several apps
    Row("2", {LABEL: "migrations/test_migrations", "migrations2": "migrations2/test_migrations_2"},
        plan=[*TWO, "migrations2.0001_initial"]),
    Row("2 alone", {"migrations2": "migrations2/test_migrations_2"},
        nodes=["migrations2.0001_initial", "migrations.0002_second"],
        missing=["migrations.0002_second"],
        error=("NodeNotFoundError", "parent node ('migrations', '0002_second')")),
    Row("first", {LABEL: "migrations/test_migrations_first",
                  "migrations2": "migrations2/test_migrations_2_first"},
        plan=["thefirst", "migrations2.0001_initial", "migrations2.0002_second", "second"]),
    Row("2 no deps", {LABEL: "migrations/test_migrations",
                      "migrations2": "migrations2/test_migrations_2_no_deps"},
        plan=[*TWO, "migrations2.0001_initial"]),
    Row("2 squashed", {LABEL: "migrations/test_migrations",
                       "migrations2": "migrations2/test_migrations_2_squashed_with_replaces"},
        plan=[*TWO, "migrations2.0001_squashed_0002"], since=(6, 0)),
    Row("multi apps", {a: "migrations/test_migrations_squashed_complex_multi_apps/" + a
                       for a in ("app1", "app2")}, nodes=SQUASHED_APPS),
    Row("ref squashed", {a: "migrations/test_migrations_squashed_ref_squashed/" + a
                         for a in ("app1", "app2")}, nodes=SQUASHED_APPS),
    apps_of_tests("author_app", "book_app", below="alter_fk/",
              plan=["author_app.0001_initial", "book_app.0001_initial", "author_app.0002_alter_id"],
              leaves=["author_app.0002_alter_id", "book_app.0001_initial"]),
    apps_of_tests("lookuperror_a", "lookuperror_b", "lookuperror_c",
              leaves=["lookuperror_a.0004_a4", "lookuperror_b.0003_b3", "lookuperror_c.0003_c3"],
              plan=["lookuperror_c.0001_initial", "lookuperror_a.0001_initial",
                    "lookuperror_a.0002_a2", "lookuperror_c.0002_c2", "lookuperror_b.0001_initial",
                    "lookuperror_b.0002_b2", "lookuperror_a.0003_a3", "lookuperror_a.0004_a4",
                    "lookuperror_b.0003_b3", "lookuperror_c.0003_c3"]),
    apps_of_tests("mutate_state_a", "mutate_state_b",
              plan=["mutate_state_b.0001_initial", "mutate_state_a.0001_initial",
                    "mutate_state_b.0002_add_field"]),
    apps_of_tests("migrated_app", "conflicting_app_with_dependencies",
              conflicts={"conflicting_app_with_dependencies": FORK[LABEL]}),
    apps_of_tests("unspecified_app_with_conflict",
              conflicts={"unspecified_app_with_conflict": FORK[LABEL]}),
    apps_of_tests("migrated_app", "migrated_unapplied_app", "unmigrated_app",
              plan=["migrated_app.0001_initial", "migrated_unapplied_app.0001_initial"]),
    apps_of_tests("with_generic_model", since=(6, 0),
              plan=["with_generic_model.0001_initial", "with_generic_model.0002_customgenericmodel"]),
    Row("data persistence", whole={"migration_test_data_persistence": "migration_test_data_persistence"},
        plan=["migration_test_data_persistence.0001_initial",
              "migration_test_data_persistence.0002_add_book"]),
    Row("sites framework", whole={"sites_framework": "sites_framework"}, contrib=("sites",),
        plan=["sites.0001_initial", "sites.0002_alter_domain_unique",
              "sites_framework.0001_initial"]),
]  # fmt: skip
CURRENT = [row for row in ROWS if row.since <= harness.django_version()]

LAYOUTS = ("package", "setting", "bare")


def fits(row, layout):
    """setting is about MIGRATION_MODULES; without settings no contrib app is installed."""
    return bool(row.packages) if layout == "setting" else layout == "package" or not row.contrib


CASES = [(row, layout) for row in CURRENT for layout in LAYOUTS if fits(row, layout)]
NAMES = ["%s-%s" % (row.name.replace(" ", "+"), layout) for row, layout in CASES]


def copied(source, target):
    """Copy a package or module of Django's tests, giving templates their real names."""
    if source.suffix == ".py":
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target.with_suffix(".py"))
        return
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    for template in target.glob("*.pyc-tpl"):
        template.rename(template.with_suffix(".pyc"))


def write_row(row, layout, top):
    """Write the project of a row.

    package: each package is the `migrations` folder of its app
    setting: MIGRATION_MODULES names it, and it lies elsewhere
    bare:    as the first, but there is no settings module
    """
    tests = Path(DJANGO_SRC) / "tests"
    apps, overrides = [(label, CONTRIB[label]) for label in row.contrib], {}
    for label, package in row.packages.items():
        app = "subject_" + label
        apps.append((label, app))
        write(top / app / "__init__.py")
        write(top / app / "models.py")
        write(top / app / "apps.py", APP_CONFIG % (app, label))
        if layout == "setting":
            write(top / "history" / "__init__.py")
            copied(tests / package, top / "history" / ("of_" + label))
            overrides[label] = "history.of_" + label
        else:
            copied(tests / package, top / app / "migrations")
    for label, folder in row.whole.items():
        apps.append((label, label))
        copied(tests / folder, top / label)
    write(top / "manage.py", MANAGE)
    entries = [module for _, module in sorted(apps)]
    if layout != "bare":
        write(top / "settings.py", settings_source(entries, None, overrides))
    return job(top, sorted(apps))


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    top = tmp_path_factory.mktemp("suite")
    jobs = {}
    for number, (row, layout) in enumerate(CASES):
        folder = top / ("case%d_%s" % (number, layout))
        folder.mkdir()
        jobs[row.name, layout] = write_row(row, layout, folder)
    return dict(zip(jobs, harness.ask_django(list(jobs.values()))))


def full(key):
    """Facts name migrations of the label `migrations` without it."""
    return key if key.split(".")[0] in KNOWN_LABELS else "%s.%s" % (LABEL, key)


KNOWN_LABELS = {label for row in ROWS for label in (*row.packages, *row.whole, *row.contrib)}


def wrong_facts(row, view, loads):
    """Facts of the row that do not hold in an answer of either tool."""
    expected = {
        "nodes": row.nodes if row.nodes is not None else row.plan,
        "leaves": row.leaves,
        "roots": row.roots,
    }
    wrong = []
    for name, keys in expected.items():
        found = getattr(view, name)
        if keys is not None and {full(key) for key in keys} != found:
            wrong.append("%s: expected %s, found %s" % (name, sorted(keys), sorted(found)))
    if loads and row.plan is not None and [full(key) for key in row.plan] != view.plan:
        wrong.append("plan: expected %s, found %s" % (row.plan, view.plan))
    if view.missing != {full(key) for key in row.missing}:
        wrong.append("missing: expected %s, found %s" % (row.missing, sorted(view.missing)))
    if view.conflicts != row.conflicts:
        wrong.append("conflicts: expected %s, found %s" % (row.conflicts, view.conflicts))
    if view.cycles != {frozenset(map(full, cycle)) for cycle in row.cycles}:
        wrong.append("cycles: found %s" % view.cycles)
    return wrong


def facts_of_django(answer, row):
    # With the other app's migrations absent Django drops it as outside the project, and so does
    # the comparison; the facts of such a row are about that very node.
    outside = {key.split(".")[0] for key in map(full, row.missing)}
    return harness.view_of_django({**answer, "labels": [*answer["labels"], *outside]})


def test_every_package_has_a_row():
    """A new Django may bring new packages; they must not go unnoticed."""
    used = [path for row in ROWS for path in (*row.packages.values(), *row.whole.values())]
    tests = Path(DJANGO_SRC) / "tests"
    for folder in sorted((tests / "migrations").iterdir()):
        if folder.is_dir() and folder.name.startswith("test_"):
            assert any("migrations/" + folder.name in path for path in used), folder.name


@pytest.mark.parametrize("row, layout", CASES, ids=NAMES)
def test_facts_hold_in_django(answers, row, layout):
    answer = answers[row.name, layout]
    if row.error:
        assert answer["error"]["type"] == row.error[0]
        assert row.error[1] in answer["error"]["message"]
    else:
        assert answer["error"] is None
    if answer["readable"]:
        assert wrong_facts(row, facts_of_django(answer, row), loads=not row.error) == []


@pytest.mark.skipif(not harness.MIGRALINT, reason="MIGRALINT is not set")
@pytest.mark.parametrize("row, layout", CASES, ids=NAMES)
def test_same_graph(answers, row, layout):
    answer = answers[row.name, layout]
    assert harness.differences(answer) == []
    if answer["readable"] and not answer["refused"] and not row.missing:
        ours = harness.view_of_ours(harness.ask_ours(answer["dir"]), answer)
        assert wrong_facts(row, ours, loads=not row.error) == []
