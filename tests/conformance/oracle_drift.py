"""What a real makemigrations would write: the autodetector, without questions asked.

Runs under an interpreter that has Django; jobs come and answers go as in oracle_graph.py. A job's
project has a settings.py and can be imported: its models are those of the app registry. The answer
holds `changes`, of each app a list of [operation, model in lower case, name]: the name of a field,
index or constraint as written, or None. `error` tells why there is no answer.
"""

import json
import os
import sys

sys.dont_write_bytecode = True

import django
import oracle_graph
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.questioner import MigrationQuestioner
from django.db.migrations.state import ProjectState

# Where an operation keeps the name of what it is about, besides the model.
NAMES = ("index", "constraint", "old_name", "name")


def described(operation):
    kind = type(operation).__name__
    model = getattr(operation, "model_name", None)
    if model is None:
        return [kind, operation.name.lower(), None]
    for attribute in NAMES:
        value = getattr(operation, attribute, None)
        if value is not None:
            return [kind, model.lower(), getattr(value, "name", value)]
    raise ValueError(kind)


def examine(job):
    sys.path.insert(0, job["dir"])
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
    try:
        django.setup()
    except Exception as error:  # of a random edit: whatever the project raises
        return {"error": "%s: %s" % (type(error).__name__, error), "changes": {}}
    loader = MigrationLoader(None)
    questioner = MigrationQuestioner({"ask_initial": False}, set(), dry_run=True)
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps), questioner)
    changes = detector.changes(graph=loader.graph)
    return {
        "error": None,
        "changes": {
            label: [described(operation) for migration in migrations for operation in migration.operations]
            for label, migrations in changes.items()
        },
    }


def main():
    for job in json.load(sys.stdin):
        print(oracle_graph.in_child(job, examine), flush=True)


if __name__ == "__main__":
    main()
