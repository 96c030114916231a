"""Asking both tools what makemigrations would write, and comparing the answers.

Compared are sets of (operation, model in lower case, name). What both tell differently is brought
into one form, see common(). The environment is that of harness.py.
"""

import json
import os
import subprocess

import state_harness
from harness import DJANGO_PYTHON, HERE


def ask_django(jobs, python=DJANGO_PYTHON):
    """One answer of oracle_drift.py for each job."""
    if not jobs:
        return []
    done = subprocess.run(
        [python, str(HERE / "oracle_drift.py")], input=json.dumps(jobs), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": "", "PYTHONUTF8": "1"},
    )
    answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert done.returncode == 0 and len(answers) == len(jobs), done.stderr
    for answer in answers:
        assert "oracle_failed" not in answer, answer
    return answers


def changes_of_django(answer):
    """label -> set of changes."""
    return {label: common(map(tuple, changes)) for label, changes in answer["changes"].items()}


def changes_of_ours(directory, version):
    found = {}
    for project in state_harness.run_ours(directory, "drift", version=version)["projects"]:
        for change in project["changes"]:
            found.setdefault(change["app"], []).append(
                (change["operation"], change["model"].lower(), change["name"], change["to"]))
    return {label: common(asked(changes)) for label, changes in found.items()}


def asked(changes):
    """Django asks whether a removal and an addition are a renaming, and takes no for an answer."""
    for operation, model, name, to in changes:
        if operation == "RenameModel":
            yield "DeleteModel", model, None
            yield "CreateModel", to.lower(), None
        elif operation == "RenameField":
            yield "RemoveField", model, name
            yield "AddField", model, to
        else:
            yield operation, model, name


def common(changes):
    """A set without what goes with a model that is made or deleted as a whole: Django takes it apart
    into operations as their order demands."""
    changes = set(changes)
    whole = {model for operation, model, _ in changes if operation in ("CreateModel", "DeleteModel")}
    return {
        (operation, model, None if operation in ("CreateModel", "DeleteModel") else name)
        for operation, model, name in changes
        if model not in whole or operation in ("CreateModel", "DeleteModel")
    }
