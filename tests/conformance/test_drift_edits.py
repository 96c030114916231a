"""Random edits of the models of published packages, as a real autodetector sees them.

A change that Django does not have is a failure, however the models are written. Of what Django has,
migralint must tell nearly all, for each kind of edit, where the model can be read; what it cannot read
(`migralint models` says so) is counted and not held against it.

    CONFORMANCE_EDITS   rounds of edits for each package (3); one edit for each class
    CONFORMANCE_SEED    where the random numbers start (1)
"""

import collections
import os
import random
import shutil

import pytest

import drift_edits
import drift_harness
import harness
import state_harness
from test_state_packages import PACKAGES, PYTHON, VERSION, site_packages, write_package_project

ROUNDS = int(os.environ.get("CONFORMANCE_EDITS", "3"))
SEED = int(os.environ.get("CONFORMANCE_SEED", "1"))
RECALL = 0.97
pytestmark = [
    pytest.mark.skipif(not os.path.exists(PYTHON), reason="no published packages in %s" % PYTHON),
    pytest.mark.skipif(not state_harness.HAS_STATE, reason="MIGRALINT is not set"),
]


def model_files(top):
    """Sources of models and the edits that they allow."""
    found = {}
    for path in sorted(top.rglob("*.py")):
        if {"migrations", "testapp"} & set(path.parts) or not ("models" in path.stem or "models" in path.parts):
            continue
        edits = drift_edits.edits_of(str(path.relative_to(top)), path.read_text(encoding="utf-8"))
        edits = {name: made for name, made in edits.items() if made}
        if edits:
            found[str(path.relative_to(top))] = edits
    return found


def draw(chance, files):
    """One edit for each class: first the kind, then the place."""
    for classes in files.values():
        for name in sorted(classes):
            kinds = sorted({edit.kind for edit in classes[name]})
            kind = chance.choice(kinds)
            yield chance.choice([edit for edit in classes[name] if edit.kind == kind])


def only_python(folder, names):
    return [name for name in names if not name.endswith(".py") and not os.path.isdir(os.path.join(folder, name))]


def edited(top, edits, target):
    """A copy of the project in which all other files are links."""
    shutil.copytree(top, target, ignore=only_python, copy_function=os.link)
    for name in {edit.path for edit in edits}:
        path = target / name
        text = path.read_text(encoding="utf-8")
        path.unlink()
        for edit in sorted((edit for edit in edits if edit.path == name), key=lambda e: -e.start):
            text = edit.apply(text)
        path.write_text(text, encoding="utf-8")
    return target


def ask(top, batches, work):
    """(edits, directory, Django's changes) for each batch. One that cannot be imported is asked in
    quarters; a quarter that cannot either is dropped."""
    asked = []
    for attempt in "whole", "quarter":
        jobs = [(edits, edited(top, edits, work / ("%s%d" % (attempt, number))))
                for number, edits in enumerate(batches)]
        answers = drift_harness.ask_django([{"dir": str(path)} for _, path in jobs], PYTHON)
        batches = []
        for (edits, path), answer in zip(jobs, answers):
            if answer["error"] is None:
                asked.append((edits, path, drift_harness.changes_of_django(answer)))
            else:
                batches += [edits[first::4] for first in range(4) if edits[first::4]]
    return asked


def flat(changes):
    return {(label, *change) for label, group in changes.items() for change in group}


def unreadable(directory):
    """(app, model) that migralint says it cannot read wholly; (app, None) where it says so of a migration."""
    findings = state_harness.run_ours(directory, "check", "--select", "MG005", "--level", "info", version=VERSION)
    found = {(finding["app"], None) for finding in findings["findings"]}
    for project in state_harness.run_ours(directory, "models", version=VERSION)["projects"]:
        for model in project["models"]:
            if model["fields_open"] or model["options_open"] or model["there"] is not True:
                found.add((model["app"], model["name"].lower()))
    return found


def read_models(directory):
    return {(model["app"], model["name"].lower())
            for project in state_harness.run_ours(directory, "models", version=VERSION)["projects"]
            for model in project["models"]}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Of every batch: package, edits, Django's changes, ours, and the models that cannot be read."""
    found = []
    for package in PACKAGES:
        if any(not (site_packages() / name).exists() for name in package.copied()):
            continue
        work = tmp_path_factory.mktemp("edits")
        top = work / "original"
        top.mkdir()
        write_package_project(package, top)
        for folder in top.rglob("testapp"):  # installed by settings of its own
            shutil.rmtree(folder)
        chance, files = random.Random("%s %d" % (package.name, SEED)), model_files(top)
        batches = [[], *(list(draw(chance, files)) for _ in range(ROUNDS))]
        for edits, path, django in ask(top, batches, work):
            ours = flat(drift_harness.changes_of_ours(path, VERSION))
            found.append((package.name, edits, flat(django), ours, unreadable(path), read_models(path)))
        shutil.rmtree(work)
    if not found:
        pytest.skip("no published package is installed")
    return found


def test_nothing_but_what_django_has(results):
    wrong = []
    for package, edits, django, ours, _, _ in results:
        for change in sorted(ours - django, key=str):
            wrong.append("%s: %s\n    of %s" % (package, change, [e for e in edits if e.model.lower() == change[2]]))
    told = sum(len(ours) for _, _, _, ours, _, _ in results)
    print("precision %.4f of %d changes told" % (1 - len(wrong) / max(told, 1), told))
    assert told > 100 and not wrong, "\n".join(wrong[:40])


def test_nearly_all_that_django_has(results):
    rest = {package: django for package, edits, django, _, _, _ in results if not edits}
    seen, missed, unread, examples = (collections.Counter() for _ in range(3)), None, None, []
    seen, missed, unread = seen
    for package, edits, django, ours, opened, known in results:
        kinds = {edit.model.lower(): edit.kind for edit in edits}
        for change in django - rest[package]:
            label, operation, model, name = change
            kind = kinds.get(model) or ("add model" if operation == "CreateModel" else "of what it inherits")
            closed = operation == "CreateModel" or (label, model) in known - opened
            if not closed or (label, None) in opened:
                unread[kind] += change not in ours
                continue
            seen[kind] += 1
            if change not in ours:
                missed[kind] += 1
                examples.append("%s: %s: %s" % (package, kind, change))
    for kind in sorted(seen):
        print("recall %.3f of %3d  %s (%d more where the model cannot be read)"
              % (1 - missed[kind] / seen[kind], seen[kind], kind, unread[kind]))
    assert sum(seen.values()) > 120
    assert all(1 - missed[kind] / seen[kind] >= RECALL for kind in seen), "\n".join(examples[:60])
