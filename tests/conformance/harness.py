"""Writing projects, asking both tools about them, and comparing the answers.

Environment:
    DJANGO_PYTHON      interpreter with the Django to compare with (python3)
    DJANGO_SRC         unpacked source distribution of that version, for its tests
    MIGRALINT          the program; without it only Django's half is tested
    CONFORMANCE_KEEP   directory to which differing projects are copied
    CONFORMANCE_SEEDS  number of random projects (300), CONFORMANCE_FIRST_SEED (0)
"""

import functools
import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
DJANGO_PYTHON = os.environ.get("DJANGO_PYTHON", "python3")
MIGRALINT = os.environ.get("MIGRALINT")
CONTRIB = {
    name: "django.contrib." + name
    for name in ("admin", "auth", "contenttypes", "flatpages", "redirects", "sessions", "sites")
}
CONTRIB_NEEDS = {
    "admin": ("auth", "contenttypes"),
    "auth": ("contenttypes",),
    "flatpages": ("sites",),
    "redirects": ("sites",),
}
USER_MODEL = object()  # a dependency written swappable_dependency(settings.AUTH_USER_MODEL)


@functools.lru_cache(None)
def django_version():
    """(major, minor) of the Django compared with."""
    out = subprocess.run(
        [DJANGO_PYTHON, str(HERE / "oracle_graph.py"), "--version"],
        check=True, stdout=subprocess.PIPE, text=True,
    ).stdout
    return tuple(int(part) for part in out.split(".")[:2])


# --- projects -------------------------------------------------------------------------


@dataclass
class Node:
    """One migration file to be written."""

    dependencies: list = field(default_factory=list)
    run_before: list = field(default_factory=list)
    replaces: list = field(default_factory=list)


@dataclass
class App:
    """One app; `nodes` None means that it has no migrations package."""

    nodes: dict = field(default_factory=dict)
    module: str = None  # dotted path of the app, the label by default
    label_in_config: bool = False  # apps.py sets the label
    migration_module: str = None  # MIGRATION_MODULES entry


@dataclass
class Project:
    apps: dict = field(default_factory=dict)
    contrib: tuple = ()
    user_model: str = None
    settings: bool = True
    extra_files: dict = field(default_factory=dict)

    def module_of(self, label):
        return self.apps[label].module or label


def write(path, text=""):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def write_package(path, top):
    """A package at `path`, with an __init__.py in every folder below `top`."""
    while path != top:
        if not (path / "__init__.py").exists():
            write(path / "__init__.py")
        path = path.parent


def settings_source(entries, user_model=None, migration_modules=None):
    lines = ["SECRET_KEY = 'x'", "USE_TZ = True", "INSTALLED_APPS = ["]
    lines += ["    %r," % entry for entry in entries]
    lines.append("]")
    if user_model:
        lines.append("AUTH_USER_MODEL = %r" % user_model)
    if migration_modules:
        lines.append("MIGRATION_MODULES = %r" % migration_modules)
    return "\n".join(lines) + "\n"


MANAGE = """import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
"""
APP_CONFIG = """from django.apps import AppConfig


class ProjectAppConfig(AppConfig):
    name = %r
    label = %r
"""


def key_source(key):
    if key is USER_MODEL:
        return "migrations.swappable_dependency(settings.AUTH_USER_MODEL)"
    return "(%r, %r)" % tuple(key)


def migration_source(node):
    lines = ["from django.conf import settings"] if USER_MODEL in node.dependencies else []
    lines += ["from django.db import migrations", "", "", "class Migration(migrations.Migration):"]
    for name in ("replaces", "run_before", "dependencies"):
        keys = getattr(node, name)
        if keys:
            lines.append("    %s = [" % name)
            lines += ["        %s," % key_source(key) for key in keys]
            lines.append("    ]")
    lines.append("    operations = []")
    return "\n".join(lines) + "\n"


def installed_apps(project):
    """(label, module) sorted by label: the order in which both tools see the apps."""
    found = [(label, project.module_of(label)) for label in project.apps]
    found += [(label, CONTRIB[label]) for label in project.contrib]
    return sorted(found)


def write_project(project, top):
    """Write all files; return the oracle's job for it."""
    apps = installed_apps(project)
    write(top / "manage.py", MANAGE)
    if project.settings:
        overrides = {
            label: app.migration_module
            for label, app in project.apps.items()
            if app.migration_module
        }
        write(
            top / "settings.py",
            settings_source([module for _, module in apps], project.user_model, overrides),
        )
    for label, app in project.apps.items():
        module = project.module_of(label)
        folder = top.joinpath(*module.split("."))
        write_package(folder, top)
        write(folder / "models.py")
        if app.label_in_config:
            write(folder / "apps.py", APP_CONFIG % (module, label))
        if app.nodes is None:
            continue
        package = top.joinpath(*(app.migration_module or module + ".migrations").split("."))
        write_package(package, top)
        for name, node in app.nodes.items():
            write(package / (name + ".py"), migration_source(node))
    for path, text in project.extra_files.items():
        write(top / path, text)
    return job(top, apps)


def job(top, apps=()):
    return {"dir": str(top), "apps": [list(pair) for pair in apps]}


# --- asking ---------------------------------------------------------------------------


def ask_django(jobs):
    """One answer for each job, all from one Django process."""
    if not jobs:
        return []
    done = subprocess.run(
        [DJANGO_PYTHON, str(HERE / "oracle_graph.py")],
        input=json.dumps(jobs), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": "", "PYTHONUTF8": "1"},
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0 and len(answers) == len(jobs), done.stderr
    for answer in answers:
        assert "oracle_failed" not in answer, answer
    return answers


class Failed(Exception):
    """Our program crashed, or printed something else than was agreed."""


def ask_ours(directory):
    """The one project that `migralint graph` finds in `directory`."""
    command = [MIGRALINT, "graph", "--format", "json"]
    command += ["--django", "%d.%d" % django_version(), str(directory)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    if done.returncode not in (0, 1):
        raise Failed("exit code %d\n%s" % (done.returncode, done.stderr.decode(errors="replace")))
    try:
        projects = json.loads(done.stdout.decode("utf-8"))["projects"]
    except (ValueError, KeyError) as error:
        raise Failed("output is not the agreed JSON: %r\n%r" % (error, done.stdout[:500]))
    if len(projects) != 1:
        raise Failed("found %d projects, expected one" % len(projects))
    return projects[0]


# --- comparing ------------------------------------------------------------------------


def label_of(key):
    return key.split(".", 1)[0]


@dataclass
class View:
    """An answer of either tool, cut down to what can be compared."""

    nodes: set
    missing: set
    edges: set
    leaves: set
    roots: set
    conflicts: dict
    cycles: set
    plan: list
    replaces: dict
    files: dict
    labels: set


def conflicts_among(leaves):
    """Apps with several leaves; leaves that are missing migrations do not count."""
    found = {}
    for key in sorted(leaves):
        found.setdefault(label_of(key), []).append(key.split(".", 1)[1])
    return {label: names for label, names in found.items() if len(names) > 1}


def view_of_django(answer):
    """Django's side. Migrations of apps outside the project are left out (D1)."""
    drop = {key for key in answer["nodes"] if label_of(key) not in answer["labels"]}
    drop |= set(answer["refused"])
    missing = set(answer["missing"]) - drop
    leaves = set(answer["leaves"]) - drop - missing
    nodes = set(answer["nodes"]) - drop
    return View(
        nodes=nodes,
        missing=missing,
        edges={tuple(e) for e in answer["edges"] if not drop.intersection(e)},
        leaves=leaves,
        roots=set(answer["roots"]) - drop - missing,
        conflicts=conflicts_among(leaves),
        cycles={frozenset(cycle) for cycle in answer["cycles"]},
        plan=answer["plan"],
        replaces={key: answer["replaces"].get(key, []) for key in nodes - missing},
        files={key: answer["files"][key] for key in nodes - missing},
        labels={
            label
            for label in answer["migrated"]
            if any(path and label_of(key) == label for key, path in answer["files"].items())
        },
    )


def view_of_ours(project, answer):
    """Our side, cut down by the same rules."""
    name = lambda node: "%s.%s" % (node["app"], node["name"])
    nodes = {name(node): node for node in project["nodes"]}
    if len(nodes) != len(project["nodes"]):
        raise Failed("a node is listed twice")
    drop = {key for key in nodes if label_of(key) not in answer["labels"]}
    drop |= set(answer["refused"])
    missing = {key for key, node in nodes.items() if node["missing"]} - drop
    kept = set(nodes) - drop
    conflicts = {}
    for conflict in project["conflicts"]:
        names = [n for n in conflict["leaves"] if "%s.%s" % (conflict["app"], n) in kept - missing]
        if len(names) > 1:
            conflicts[conflict["app"]] = names
    return View(
        nodes=kept,
        missing=missing,
        edges={tuple(e) for e in project["edges"] if not drop.intersection(e)},
        leaves=set(project["leaves"]) - drop - missing,
        roots=set(project["roots"]) - drop - missing,
        conflicts=conflicts,
        cycles={frozenset(cycle) for cycle in project["cycles"]},
        plan=project["plan"],
        replaces={
            key: ["%s.%s" % tuple(r) if isinstance(r, list) else r for r in nodes[key]["replaces"]]
            for key in kept - missing
        },
        files={key: path_of(nodes[key], project, answer["dir"]) for key in kept - missing},
        labels={app["label"] for app in project["apps"]},
    )


def path_of(node, project, directory):
    """Path below the directory that was given; None for external nodes."""
    if node["external"]:
        return None if node["path"] is None else "external with a path"
    if node["path"] is None:
        return "own without a path"
    return os.path.relpath(os.path.join(directory, node["path"]), directory)


def compare(answer, project):
    """Differences between Django's answer and ours, as lines of text."""
    if not answer["readable"] or answer["dangling"]:
        return []  # D3, D4: Django has no graph, or a broken one
    django, ours = view_of_django(answer), view_of_ours(project, answer)
    lines = []
    names = ["nodes", "missing", "edges", "replaces", "files"]
    if not answer["refused"]:
        names += ["leaves", "roots", "conflicts", "cycles"]
        if answer["error"] is None:
            names.append("plan")
    for name in names:
        lines += difference(name, getattr(django, name), getattr(ours, name))
    if not django.labels <= ours.labels:
        lines.append("apps: not found: %s" % sorted(django.labels - ours.labels))
    return lines


def difference(name, django, ours):
    if django == ours:
        return []
    if isinstance(django, set):
        plain = lambda items: sorted(sorted(i) if isinstance(i, frozenset) else i for i in items)
        return [
            "%s: only %s: %s" % (name, who, item)
            for who, items in (("Django", django - ours), ("migralint", ours - django))
            for item in plain(items)
        ]
    if isinstance(django, dict):
        return [
            "%s[%s]: Django %s, migralint %s" % (name, key, django.get(key), ours.get(key))
            for key in sorted(set(django) | set(ours))
            if django.get(key) != ours.get(key)
        ]
    return ["%s: Django    %s" % (name, django), "%s: migralint %s" % (name, ours)]


def differences(answer):
    """Ask our program about the project of one of Django's answers, and compare."""
    try:
        return compare(answer, ask_ours(answer["dir"]))
    except (Failed, subprocess.TimeoutExpired) as error:
        return ["failed: %s" % error]
    except (KeyError, TypeError) as error:
        return ["output is not of the agreed shape: %r" % error]


def keep(directory, name):
    """Copy a project that differs to where it can be looked at."""
    place = os.environ.get("CONFORMANCE_KEEP") or tempfile.mkdtemp(prefix="conformance-")
    target = Path(place) / name
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(directory, target)
    return target
