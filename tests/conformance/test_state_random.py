"""Random histories: the same models at every migration, and a finding wherever
Django refuses an operation.

CONFORMANCE_SEEDS=5000 CONFORMANCE_FIRST_SEED=1000 runs other and more of them.
"""

from collections import Counter

import pytest

import harness
import state_harness
from state_projects import random_history, write_history
from test_random import SEEDS

BATCH = 50


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    top = tmp_path_factory.mktemp("states")
    found = {}
    for start in range(SEEDS.start, SEEDS.stop, BATCH):
        jobs = {}
        for seed in range(start, min(start + BATCH, SEEDS.stop)):
            folder = top / ("seed%d" % seed)
            folder.mkdir()
            history = random_history(seed, harness.django_version())
            jobs[seed] = write_history(history, folder, render=True, migrate=True)
        found.update(zip(jobs, state_harness.ask_django(list(jobs.values()))))
    return found


def test_the_histories_are_varied(answers):
    """A generator that makes only broken or only plain histories proves nothing."""
    seen, operations = Counter(), Counter()
    for answer in answers.values():
        if answer["error"]:
            seen["does not load"] += 1
            continue
        seen["loads"] += 1
        seen["migrates"] += answer["migrated"] is None
        seen["refused"] += bool(answer["errors"])
        seen["refused alone"] += any(answer["ancestor_errors"].values())
        seen["cannot be rendered"] += any(answer["rendered"].values())
        operations.update(answer["operations"])
    print(dict(seen), dict(operations))
    total = len(answers)
    for name, least in (("migrates", 0.3), ("refused", 0.05), ("cannot be rendered", 0.05)):
        assert seen[name] >= least * total, (name, seen)
    assert seen["does not load"] <= 0.1 * total, seen
    if total >= 100:
        assert len(operations) >= 20, operations


def collected(answers, lines_of):
    """Failures over all projects, the first ones told in full."""
    failures = []
    for seed, answer in answers.items():
        lines = lines_of(answer)
        if lines:
            kept = harness.keep(answer["dir"], "state-seed%d" % seed)
            failures.append("seed %d, kept in %s\n  %s" % (seed, kept, "\n  ".join(lines[:15])))
    shown = "\n".join(failures[:10])
    assert not failures, "%d of %d projects\n%s" % (len(failures), len(answers), shown)


def test_the_comparison_takes_all_of_it(answers):
    collected(answers, state_harness.self_differences)


@pytest.mark.skipif(not state_harness.HAS_STATE, reason="MIGRALINT is not set, or has no states")
def test_same_states(answers):
    counts = Counter()
    collected(answers, lambda answer: state_harness.differences(answer, counts=counts))
    print(dict(counts))
    assert counts["open"] == 0
    assert counts["fields"] > 0


@pytest.mark.skipif(not state_harness.HAS_STATE, reason="MIGRALINT is not set, or has no states")
def test_refusals_are_reported(answers):
    if not state_harness.has_state_rules():
        pytest.skip("no rules about the state yet: what Django refuses is not reported")
    collected(answers, lambda a: state_harness.unreported(a, state_harness.ask_findings(a["dir"])))


@pytest.mark.skipif(not state_harness.HAS_STATE, reason="MIGRALINT is not set, or has no states")
def test_what_migrates_is_not_called_broken(answers):
    collected(answers, lambda a: state_harness.unfounded(a, state_harness.ask_findings(a["dir"])))
