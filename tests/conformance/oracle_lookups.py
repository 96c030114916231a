"""Which code of RunPython fails to find a model, as a real Django has it.

Runs under an interpreter that has Django; jobs come and answers go as in oracle_graph.py. An answer
holds two lists of the functions whose LookupError nothing caught: `full` with the state of the full
plan, `alone` with that of the migration's ancestors. Django would stop at the first; the oracle goes
on, as if the others had been mended.
"""

import json
import sys

sys.dont_write_bytecode = True

import oracle_graph
from django.apps import apps
from django.conf import settings
from django.db.migrations import operations as ops
from django.db.migrations.state import ProjectState


class Editor:
    """What the code of these projects asks of a schema editor."""

    class connection:
        alias = "default"
        vendor = "sqlite"


def fails(code, state):
    try:
        code(state.apps, Editor)
    except LookupError:
        return True
    return False


def run(label, operation, state, failed):
    """One operation: its code against the state before it, then the state behind it."""
    if isinstance(operation, ops.RunPython):
        for code in (operation.code, operation.reverse_code):
            if code and fails(code, state):
                failed.add(code.__name__)
    elif isinstance(operation, ops.SeparateDatabaseAndState):
        inner = state.clone()  # as database_forwards() and database_backwards() do
        for part in operation.database_operations:
            run(label, part, inner, failed)
    operation.state_forwards(label, state)


def replay(loader, keys, watched):
    state, failed = ProjectState(real_apps=set(loader.unmigrated_apps)), set()
    for key in keys:
        ignored = set()
        for operation in loader.graph.nodes[key].operations:
            run(key[0], operation, state, failed if watched in (None, key) else ignored)
    return failed


def examine(job):
    sys.path.insert(0, job["dir"])
    oracle_graph.settings_of(job)
    oracle_graph.install(settings.INSTALLED_APPS)
    disk = oracle_graph.Disk()
    labels = list(apps.app_configs)
    order = sorted(disk.migrations, key=lambda key: (labels.index(key[0]), key[1]))
    loader, error = oracle_graph.build(disk, order, patient=False)
    if error or disk.refused:
        raise error or disk.refused[min(disk.refused)]
    plan, alone = oracle_graph.full_plan(loader.graph), set()
    for key in plan:
        needed = set(loader.graph.forwards_plan(key))
        alone |= replay(loader, [other for other in plan if other in needed], key)
    return {"dir": job["dir"], "full": sorted(replay(loader, plan, None)), "alone": sorted(alone)}


def main():
    oracle_graph.warm_up()
    for job in json.load(sys.stdin):
        print(oracle_graph.in_child(job, examine), flush=True)


if __name__ == "__main__":
    main()
