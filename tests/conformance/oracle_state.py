"""What a real Django makes of the operations: the models at every migration.

Runs under an interpreter that has Django; jobs and answers are as in
oracle_graph.py, and so is how projects are installed.  A job may also say

    "render": true     also build the model classes at every node of the plan
    "migrate": true    also apply everything to an empty SQLite database, and build the model
                       classes of the end from scratch as the next migrate would
    "states": 4        of so many of its own migrations, evenly chosen (all if absent)
    "real": true       the job's settings.py is Django's settings, and every app
                       is set up with its models; one such job for each process

An answer holds `plan`, `models` (every distinct model state once), and states
as lists of indices into it: `final`, and `ancestors[key]`, which is what
`migrate` to that node makes: its ancestors and itself in the order of the full
plan, which MigrationExecutor keeps.  (MigrationLoader.project_state walks from the node instead and may meet
two migrations that do not depend on each other the other way round.)  `errors`
and `ancestor_errors[key]` tell which operations Django refused.  It would stop
there; the oracle goes on without that operation, so only the first refusal is
Django's own word.  `migrated` is what stopped migrate on an empty database.

Keyword arguments are those that the migration wrote, with what the state
changed since: a plain deconstruct() leaves out every default that was written.
"""

import copy
import decimal
import enum
import importlib
import inspect
import json
import os
import runpy
import sys
from collections import Counter

sys.dont_write_bytecode = True

import django
import oracle_graph
from django.apps import AppConfig, apps
from django.conf import settings
from django.db import connections, models
from django.db.migrations import operations as ops
from django.db.migrations.state import ProjectState
from django.db.models import Field
from django.db.models.constraints import BaseConstraint
from django.db.models.indexes import Index
from django.utils.functional import Promise

WRITTEN = "_as_written"


# --- remembering what was written -----------------------------------------------------


def remember(base):
    """Keep the arguments of every instance of `base`, through copies and clones."""

    def new(cls, *args, **kwargs):
        made = object.__new__(cls)
        setattr(made, WRITTEN, (args, kwargs))
        return made

    base.__new__ = staticmethod(new)
    clone = base.__dict__.get("clone")
    if clone:

        def patient_clone(self):
            made = clone(self)
            setattr(made, WRITTEN, getattr(self, WRITTEN))
            return made

        base.clone = patient_clone


def bound(cls, args, kwargs):
    """Positional arguments by name, as far as signatures give them names."""
    named, rest = dict(kwargs), list(args)
    for owner in cls.__mro__:
        if not rest or "__init__" not in owner.__dict__:
            continue
        parameters = list(inspect.signature(owner.__init__).parameters.values())[1:]
        for parameter in parameters:
            if rest and parameter.kind is parameter.POSITIONAL_OR_KEYWORD:
                named[parameter.name] = rest.pop(0)
        if not any(p.kind is p.VAR_POSITIONAL for p in parameters):
            break
    return rest, named


def written_of(subject):
    args, kwargs = getattr(subject, WRITTEN, ((), {}))
    made = getattr(subject, "_constructor_args", None)  # what @deconstructible keeps
    return made if made and not (args or kwargs) else (args, kwargs)


def deconstructed(subject):
    found = subject.deconstruct()
    return found[-3], list(found[-2]), found[-1]


def described(subject):
    """(path, args, kwargs) as written, with what state operations changed."""
    args, kwargs = written_of(subject)
    path, args_now, kwargs_now = deconstructed(subject)
    rest, named = bound(type(subject), args, kwargs)
    try:
        _, args_then, kwargs_then = deconstructed(type(subject)(*args, **kwargs))
    except Exception:
        return path, rest, named
    if encoded(args_then) != encoded(args_now):
        rest = args_now
    for name in {*kwargs_then, *kwargs_now}:
        if name not in kwargs_now:
            named.pop(name, None)
        elif name not in kwargs_then or encoded(kwargs_then[name]) != encoded(kwargs_now[name]):
            named[name] = kwargs_now[name]
    return path, rest, named


# --- values as JSON -------------------------------------------------------------------


def dotted_path(thing):
    module = getattr(thing, "__module__", None) or "builtins"
    return "%s.%s" % (module, getattr(thing, "__qualname__", type(thing).__name__))


def encoded(value):
    if value is None or isinstance(value, (bool, int, float)) and not isinstance(value, enum.Enum):
        return value
    if isinstance(value, (str, Promise)) and not isinstance(value, enum.Enum):
        return str(value)
    if isinstance(value, bytes):
        return {"bytes": value.decode("latin-1")}
    if isinstance(value, (list, tuple)):
        return [encoded(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return {"set": sorted((encoded(item) for item in value), key=repr)}
    if isinstance(value, dict):
        return {"dict": sorted(([encoded(k), encoded(v)] for k, v in value.items()), key=repr)}
    if isinstance(value, (Field, Index, BaseConstraint)):
        path, args, kwargs = described(value)
        return {"call": path, "args": encoded(args), "kwargs": encode_named(kwargs)}
    if inspect.isfunction(value) and hasattr(value, "deconstruct"):  # what SET(x) returns
        path, args, kwargs = value.deconstruct()
        return {"call": path, "args": encoded(args), "kwargs": encode_named(kwargs)}
    if isinstance(value, type) or inspect.isroutine(value):
        return {"name": dotted_path(value)}
    if isinstance(value, decimal.Decimal):
        return {"call": "decimal.Decimal", "args": [str(value)], "kwargs": {}}
    if hasattr(value, "_constructor_args") and not isinstance(value, type):
        path, args, kwargs = value.deconstruct()
        return {"call": path, "args": encoded(args), "kwargs": encode_named(kwargs)}
    return {"opaque": dotted_path(type(value))}


def encode_named(kwargs):
    return {name: encoded(value) for name, value in sorted(kwargs.items())}


def encode_field(name, field):
    call = encoded(field)
    shown = {"name": name, "class": call["call"], "kwargs": call["kwargs"]}
    if call["args"]:
        shown["args"] = call["args"]
    return shown


def encode_base(base):
    if isinstance(base, str):
        return base
    return "django.db.models.Model" if base is models.Model else dotted_path(base)


def encode_together(value):
    """unique_together is a set in the state: any order will do. One flat tuple is one."""
    if value and all(isinstance(name, str) for name in value):
        value = [value]
    return sorted(list(names) for names in value or ())


class Encoder:
    """Model states as JSON, every distinct one once."""

    def __init__(self):
        self.found = {}
        self.fields = {}

    def field(self, name, field):
        remote = field.remote_field
        parts = ("default", "to_fields", "from_fields", "field_names")
        seen = [getattr(field, part, None) for part in parts]
        seen += [getattr(remote, part, None) for part in ("model", "through", "field_name")]
        key = (name, id(field), repr(seen))
        if key not in self.fields:
            self.fields[key] = (field, encode_field(name, field))  # keeps the id from being reused
        return self.fields[key][1]

    def model(self, model, created_in):
        options = {k: encoded(v) for k, v in sorted(model.options.items())}
        for name in ("unique_together", "index_together"):
            if name in options:
                options[name] = encode_together(model.options[name])
        shown = {
            "app": model.app_label,
            "name": model.name,
            "bases": [encode_base(base) for base in model.bases],
            "options": options,
            "managers": [[name, dotted_path(type(m))] for name, m in model.managers],
            "fields": [self.field(name, field) for name, field in model.fields.items()],
            "indexes": options.pop("indexes"),
            "constraints": options.pop("constraints"),
            "created_in": created_in,
        }
        return self.found.setdefault(json.dumps(shown), len(self.found))

    def state(self, state, created):
        """Indices of the models, in the order in which Django holds them."""
        return [self.model(model, created.get(key)) for key, model in state.models.items()]

    def models(self):
        return [json.loads(text) for text in self.found]


# --- replaying ------------------------------------------------------------------------


def flat(operation):
    """It and the operations that it applies to the state, in their order."""
    yield operation
    for inner in getattr(operation, "state_operations", None) or ():
        yield from flat(inner)


def unshare_fields(state):
    """RenameField changes relations in place, and operations own their fields:
    without this, one replay would be seen by the next."""
    for model in state.models.values():
        for name, field in list(model.fields.items()):
            field = model.fields[name] = copy.copy(field)
            if field.remote_field:
                field.remote_field = copy.copy(field.remote_field)


def apply(state, created, key, operation):
    """Apply one operation, keeping track of where each model was created."""
    if any(isinstance(part, ops.RenameField) for part in flat(operation)):
        unshare_fields(state)
    operation.state_forwards(key[0], state)
    for part in flat(operation):
        if isinstance(part, ops.CreateModel):
            created[key[0], part.name_lower] = "%s.%s" % key
        elif isinstance(part, ops.RenameModel):
            # What lived under the new name is gone; only in case: so is the model itself.
            created[key[0], part.new_name_lower] = created.pop((key[0], part.old_name_lower), None)
    for model in set(created) - set(state.models):
        del created[model]
    for model in set(state.models) - set(created):
        created[model] = "%s.%s" % key  # by an operation of the project's own


class Replay:
    """A project state and what went wrong on the way to it."""

    def __init__(self, real_apps):
        self.state = ProjectState(real_apps=set(real_apps))
        self.created = {}
        self.errors = []

    def run(self, migrations, key):
        for index, operation in enumerate(migrations[key].operations):
            try:
                apply(self.state, self.created, key, operation)
            except Exception as error:
                found = {**oracle_graph.as_error(error), "node": key, "operation": index}
                self.errors.append(found)


def render_error(state):
    """What Django says when the model classes of this state are built."""
    try:
        state.clone().apps
    except Exception as error:
        return oracle_graph.as_error(error)
    return None


class Watched(list):
    """Operations, and at which of them the one who walks through them is."""

    at = None

    def __iter__(self):
        for self.at, operation in enumerate(list.__iter__(self)):
            yield operation
        self.at = None


def migrate_error(loader, plan):
    """What MigrationExecutor and `migrate` meet on an empty SQLite database, and where.

    They build all model classes before the first migration and after the last."""
    connections.settings = connections.configure_settings(
        {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
    )
    connection = connections["default"] = connections.create_connection("default")
    state, key, operations = ProjectState(real_apps=set(loader.unmigrated_apps)), None, Watched()
    try:
        for key in plan:
            migration = loader.graph.nodes[key]
            operations = migration.operations = Watched(migration.operations)
            state.apps
            with connection.schema_editor(atomic=migration.atomic) as editor:
                state = migration.apply(state, editor)
        state.clear_delayed_apps_cache()
        state.apps
    except Exception as error:
        return {**oracle_graph.as_error(error), "node": key, "operation": operations.at}
    return None


def operation_names(migrations, plan):
    """How often each kind of operation occurs."""
    found = Counter()
    for key in plan:
        for operation in migrations[key].operations:
            found.update(type(part).__name__ for part in flat(operation))
    return dict(found)


def evenly(keys, count):
    """The last one and others at even distances, so that all parts of a history are seen."""
    if count is None or len(keys) <= count:
        return keys
    return [keys[int(len(keys) - 1 - n * len(keys) / count)] for n in range(count)]


def states_of(loader, job, own):
    graph, real = loader.graph, loader.unmigrated_apps
    plan = oracle_graph.full_plan(graph)
    wanted = set(evenly([key for key in plan if key in own], job.get("states")))
    encoder, whole = Encoder(), Replay(real)
    ancestors, rendered, ancestor_errors = {}, {}, {}
    for key in plan:
        whole.run(graph.nodes, key)
        if job.get("render") or job.get("migrate") and key == plan[-1]:
            rendered[key] = render_error(whole.state)
    for key in plan:
        # Of a project that is as long as a package only what is compared.
        if key not in wanted and job.get("real"):
            continue
        alone, needed = Replay(real), set(graph.forwards_plan(key))
        for other in plan:
            if other in needed:
                alone.run(graph.nodes, other)
        ancestor_errors[key] = alone.errors
        if key in wanted:
            ancestors[key] = encoder.state(alone.state, alone.created)
    return {
        "plan": plan,
        "final": encoder.state(whole.state, whole.created),
        "ancestors": ancestors,
        "errors": whole.errors,
        "ancestor_errors": ancestor_errors,
        "rendered": rendered,
        "operations": operation_names(graph.nodes, plan),
        "migrated": migrate_error(loader, plan) if job.get("migrate") else "not tried",
        "models": encoder.models(),
    }


def examine(job):
    if not job.get("real"):
        sys.path.insert(0, job["dir"])
        oracle_graph.settings_of(job)
        oracle_graph.install(settings.INSTALLED_APPS)
    result = {"dir": job["dir"], "labels": sorted(apps.app_configs), "error": None}
    try:
        disk = oracle_graph.Disk()
    except Exception as error:
        return {**result, "error": oracle_graph.as_error(error)}
    order = list(apps.app_configs)
    order = sorted(disk.migrations, key=lambda key: (order.index(key[0]), key[1]))
    loader, error = oracle_graph.build(disk, order, patient=False)
    if disk.refused:
        refused = min(disk.refused)
        error = {**oracle_graph.as_error(disk.refused[refused]), "node": refused}
        return {**result, "error": error}
    if error is not None:
        return {**result, "error": oracle_graph.as_error(error)}
    files = {
        key: os.path.relpath(path, job["dir"])
        for key, path in disk.files.items()
        if oracle_graph.inside(path, job["dir"])
    }
    return {**result, "files": files, **states_of(loader, job, files)}


def json_ready(value):
    """Keys become "label.name"; unlike oracle_graph.dotted this leaves models alone."""
    if isinstance(value, tuple):
        return "%s.%s" % value
    if isinstance(value, list):
        return [json_ready(item) for item in value]
    if isinstance(value, dict):
        return {
            json_ready(k): v if k == "models" else json_ready(v) for k, v in value.items()
        }
    return value


def without_ready(entry):
    """ready() starts views, signals and checks, which no migration needs."""
    config = CREATE(entry)
    config.ready = lambda: None
    return config


CREATE = AppConfig.create


def set_up_for_real(job):
    """The project with its settings and models as `manage.py` would see them."""
    AppConfig.create = staticmethod(without_ready)
    sys.path.insert(0, job["dir"])
    found = runpy.run_path(os.path.join(job["dir"], "settings.py"))
    settings.configure(**{name: value for name, value in found.items() if name.isupper()})
    django.setup()


def main():
    for base in (Field, Index, BaseConstraint):
        remember(base)
    jobs = json.load(sys.stdin)
    if any(job.get("real") for job in jobs):
        (job,) = jobs
        set_up_for_real(job)
        print(json.dumps(json_ready(examine(job))))
        return
    oracle_graph.warm_up()
    importlib.import_module("django.db.backends.sqlite3.base")
    for job in jobs:
        print(oracle_graph.in_child(job, lambda job: json_ready(examine(job))), flush=True)


if __name__ == "__main__":
    main()
