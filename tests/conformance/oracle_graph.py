"""What a real Django makes of the migrations of a project.

Runs under an interpreter that has Django and nothing else of ours.  Reads a
JSON list of jobs on stdin and writes one line of JSON for each, in order:

    {"dir": "/path/to/project", "apps": [["label", "module"], ...]}

`apps` is needed only by a project without a settings.py; where there is one it
is executed and its INSTALLED_APPS, MIGRATION_MODULES and AUTH_USER_MODEL hold.

Every job runs in a forked child, so that no module of one project is seen by
the next.  Nothing touches a database: the loader gets no connection.

Django stops at the first thing it cannot accept.  `error` says what that was;
the graph is then built a second time with the refusals taken out, so that
nodes, edges and missing nodes can still be compared.
"""

import importlib
import json
import os
import random
import resource
import runpy
import sys
from types import SimpleNamespace

sys.dont_write_bytecode = True

import django
from django.apps import AppConfig, apps
from django.conf import global_settings, settings
from django.core.exceptions import ImproperlyConfigured
from django.db.migrations import Migration, loader
from django.db.migrations.exceptions import BadMigrationError, NodeNotFoundError

CONTRIB = [
    "django.contrib." + name
    for name in ("admin", "auth", "contenttypes", "flatpages", "redirects", "sessions", "sites")
]
REAL_GRAPH = loader.MigrationGraph
SHUFFLES = 3


class PatientGraph(REAL_GRAPH):
    """Django's graph that goes on where Django would stop."""

    unfound = None

    def validate_consistency(self):
        pass

    def ensure_not_cyclic(self):
        pass

    def remove_replaced_nodes(self, replacement, replaced):
        try:
            super().remove_replaced_nodes(replacement, replaced)
        except NodeNotFoundError as error:
            self.unfound = (self.unfound or []) + [(replacement, str(error))]


class DiskOnce(loader.MigrationLoader):
    """A loader over migrations that are already read, in a chosen order.

    Django keeps file names in a set, so its own order changes from run to run;
    a result has to be reproducible to be compared.
    """

    def __init__(self, disk, order):
        self.disk = disk
        self.order = order
        super().__init__(None)

    def load_disk(self):
        self.disk_migrations = {key: self.disk.migrations[key] for key in self.order}
        self.migrated_apps = self.disk.migrated
        self.unmigrated_apps = self.disk.unmigrated


class PatientLoader(DiskOnce):
    def __init__(self, disk, order):
        self.unresolved = []
        super().__init__(disk, order)

    def check_key(self, key, current_app):
        try:
            return super().check_key(key, current_app)
        except ValueError as error:
            self.unresolved.append(str(error))
            return None


class Disk(loader.MigrationLoader):
    """Reads the files as Django does, keeping a stub for each that it refuses."""

    def __init__(self):
        super().__init__(None, load=False)
        self.refused = {}  # (label, name) -> exception
        self.files = {}  # (label, name) -> path
        packages = {}
        original = loader.import_module

        def patient_import(path):
            package, _, name = path.rpartition(".")
            if package not in packages.values():
                module = original(path)
                packages[path] = path
                return module
            try:
                module = original(path)
            except Exception as error:
                if isinstance(error, ImportError) and "bad magic number" in str(error):
                    error = ImportError(
                        "Couldn't import %r as it appears to be a stale .pyc file." % path
                    )
                module = SimpleNamespace(Migration=Migration, refusal=error, __file__=None)
            if not hasattr(module, "Migration"):
                error = BadMigrationError("Migration %s has no Migration class" % path)
                module = SimpleNamespace(Migration=Migration, refusal=error, __file__=None)
            self.modules[path] = module
            return module

        self.modules = {}
        loader.import_module = patient_import
        try:
            self.load_disk()
        finally:
            loader.import_module = original
        self.migrations = self.disk_migrations
        self.migrated = self.migrated_apps
        self.unmigrated = self.unmigrated_apps
        for label, name in self.migrations:
            package, _ = self.migrations_module(label)
            module = self.modules["%s.%s" % (package, name)]
            self.files[label, name] = module.__file__
            if hasattr(module, "refusal"):
                self.refused[label, name] = module.refusal


def install(entries):
    """Make `entries` the installed apps without importing their models."""
    configs = {}
    for entry in entries:
        config = AppConfig.create(entry)
        if config.label in configs:
            raise ImproperlyConfigured(
                "Application labels aren't unique, duplicates: %s" % config.label
            )
        config.apps = apps
        config.models = apps.all_models[config.label]
        configs[config.label] = config
    apps.app_configs = configs
    apps.clear_cache()


def strongly_connected(parents):
    """Sets of nodes that lie on a common cycle.  Small graphs: reachability will do."""
    reach = {}
    for start in parents:
        seen, todo = set(), list(parents[start])
        while todo:
            node = todo.pop()
            if node not in seen:
                seen.add(node)
                todo.extend(parents.get(node, ()))
        reach[start] = seen
    components = {
        frozenset(other for other in reach[node] if node in reach.get(other, ()))
        for node in reach
        if node in reach[node]
    }
    return sorted(sorted(component) for component in components)


def describe_graph(graph):
    parents = {
        key: {parent.key for parent in node.parents} for key, node in graph.node_map.items()
    }
    dangling = {p for found in parents.values() for p in found} - set(parents)
    leaves = graph.leaf_nodes()
    by_app = {}
    for label, name in leaves:
        by_app.setdefault(label, []).append(name)
    return {
        "nodes": sorted(graph.nodes),
        "missing": sorted(key for key, migration in graph.nodes.items() if migration is None),
        "edges": sorted([child, parent] for child in parents for parent in parents[child]),
        "leaves": leaves,
        "roots": graph.root_nodes(),
        "conflicts": {label: names for label, names in by_app.items() if len(names) > 1},
        "cycles": strongly_connected(parents),
        "dangling": sorted(dangling),
    }


def build(disk, order, patient):
    """(loader, error) - the loader is None when Django refuses to build it."""
    loader.MigrationGraph = PatientGraph if patient else REAL_GRAPH
    try:
        return (PatientLoader if patient else DiskOnce)(disk, order), None
    except Exception as error:
        return None, error
    finally:
        loader.MigrationGraph = REAL_GRAPH


def outcome(disk, order):
    """What Django itself says for one load order, for comparing orders."""
    built, error = build(disk, order, patient=False)
    if error is not None:
        return type(error).__name__
    return describe_graph(built.graph)


def full_plan(graph):
    """Not for a graph with cycles: Django's walk would never end."""
    return graph._generate_plan(graph.leaf_nodes(), at_end=True)


def as_error(error):
    return {"type": type(error).__name__, "message": str(error)}


def shuffled(disk, order, seed):
    """Another order Django may take: apps stay, the names within one move."""
    names = list(order)
    random.Random(seed).shuffle(names)
    labels = list(apps.app_configs)
    return sorted(names, key=lambda key: labels.index(key[0]))


def dotted(value):
    """Keys become "label.name" at every depth."""
    if isinstance(value, tuple) and len(value) == 2 and all(isinstance(v, str) for v in value):
        return "%s.%s" % value
    if isinstance(value, (list, tuple)):
        return [dotted(item) for item in value]
    if isinstance(value, dict):
        return {dotted(k): dotted(v) for k, v in value.items()}
    return value


def settings_of(job):
    found = {}
    path = os.path.join(job["dir"], "settings.py")
    if os.path.exists(path):
        found = runpy.run_path(path)
    elif os.path.exists(os.path.join(job["dir"], "config", "settings.py")):
        found = importlib.import_module("config.settings").__dict__
    entries = found.get("INSTALLED_APPS") or [module for _, module in job.get("apps", [])]
    settings.INSTALLED_APPS = list(entries)
    settings.MIGRATION_MODULES = found.get("MIGRATION_MODULES", {})
    settings.AUTH_USER_MODEL = found.get("AUTH_USER_MODEL", global_settings.AUTH_USER_MODEL)


def examine(job):
    sys.path.insert(0, job["dir"])
    settings_of(job)
    install(settings.INSTALLED_APPS)
    result = {"dir": job["dir"], "labels": sorted(apps.app_configs), "error": None, "plan": None}
    for label, module in job.get("apps", []):
        assert apps.app_configs[label].name == module, (label, module)
    try:
        disk = Disk()
    except Exception as error:
        result.update(error=as_error(error), readable=False)
        return result

    labels = list(apps.app_configs)
    order = sorted(disk.migrations, key=lambda key: (labels.index(key[0]), key[1]))
    strict, error = build(disk, order, patient=False)
    if disk.refused:
        error = disk.refused[min(disk.refused)]
    patient, patient_error = build(disk, order, patient=True)
    result.update(
        migrated=sorted(disk.migrated),
        refused=sorted(disk.refused),
        replaces={key: m.replaces for key, m in disk.migrations.items() if m.replaces},
        files={
            key: os.path.relpath(path, job["dir"]) if inside(path, job["dir"]) else None
            for key, path in disk.files.items()
        },
        error=as_error(error) if error else None,
        readable=patient is not None,
        order_matters=len({repr(outcome(disk, shuffled(disk, order, n))) for n in range(SHUFFLES)})
        > 1,
    )
    if patient is None:
        assert error is not None, patient_error
        return result
    result.update(
        unresolved=patient.unresolved,
        unfound=[key for key, _ in patient.graph.unfound or []],
        **describe_graph(patient.graph),
    )
    if error is None and not result["dangling"]:
        # With a dangling node even a cycle passes Django's own check.
        result["plan"] = full_plan(strict.graph)
        result["django_conflicts"] = strict.detect_conflicts()
        assert describe_graph(strict.graph) == describe_graph(patient.graph)
        assert not result["cycles"] and not result["missing"]
        assert result["django_conflicts"] == result["conflicts"]
    return result


def inside(path, directory):
    return path is not None and os.path.realpath(path).startswith(
        os.path.realpath(directory) + os.sep
    )


def in_child(job, answer_of):
    """Run one job in a forked process and return its line of JSON."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read_end)
        resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
        resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
        try:
            answer = answer_of(job)
        except BaseException as error:
            answer = {"dir": job["dir"], "oracle_failed": "%s: %s" % (type(error).__name__, error)}
        with os.fdopen(write_end, "w") as out:
            json.dump(answer, out)
        os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end) as answer:
        line = answer.read()
    os.waitpid(pid, 0)
    return line or json.dumps({"dir": job["dir"], "oracle_failed": "the child died"})


def warm_up():
    """Import what every child needs, except what depends on AUTH_USER_MODEL."""
    settings.configure(INSTALLED_APPS=CONTRIB, DATABASES={}, SECRET_KEY="x", USE_TZ=True)
    django.setup()
    for module in CONTRIB:
        importlib.import_module(module + ".migrations")
        if module != "django.contrib.admin":
            folder = sys.modules[module + ".migrations"].__path__[0]
            for entry in sorted(os.listdir(folder)):
                if entry.endswith(".py") and entry != "__init__.py":
                    importlib.import_module("%s.migrations.%s" % (module, entry[:-3]))


def main():
    if sys.argv[1:] == ["--version"]:
        print(django.get_version())
        return
    warm_up()
    for job in json.load(sys.stdin):
        print(in_child(job, lambda job: dotted(examine(job))), flush=True)


if __name__ == "__main__":
    main()
