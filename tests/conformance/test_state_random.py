"""Random histories: the same models at every migration, a finding wherever
Django refuses an operation, and no error where its migrate goes through.

The names of the tests say the seeds.  CONFORMANCE_SEEDS=5000
CONFORMANCE_FIRST_SEED=1000 runs other and more of them, CONFORMANCE_STATES=100
asks for so many states of each (3, and the end).
"""

import os
from collections import Counter

import pytest

import harness
import state_harness
from random_histories import random_history
from state_projects import write_history
from test_random import SEEDS

STATES = int(os.environ.get("CONFORMANCE_STATES", "3"))
BATCHES = [range(at, min(at + 50, SEEDS.stop)) for at in range(SEEDS.start, SEEDS.stop, 50)]
ALL = pytest.mark.parametrize("seeds", BATCHES, ids=["seeds-%d-%d" % (b[0], b[-1]) for b in BATCHES])
# Expressions with operators, and bytes, are no values for migralint.
UNREAD = (".default", ":constraints")
needs_ours = pytest.mark.skipif(
    not state_harness.HAS_STATE, reason="MIGRALINT is not set, or has no states"
)


@pytest.fixture(scope="module")
def answers_of(tmp_path_factory):
    """Django's answers by seed; each batch is asked for once."""
    known = {}

    def ask(seeds):
        jobs = []
        for seed in seeds:
            folder = tmp_path_factory.mktemp("seed%d-" % seed)
            history = random_history(seed, harness.django_version())
            jobs.append(write_history(history, folder, states=STATES, migrate=True))
        return dict(zip(seeds, state_harness.ask_django(jobs)))

    def answers(seeds):
        if seeds not in known:
            known[seeds] = ask(seeds)
        return known[seeds]

    return answers


def test_the_histories_are_varied(answers_of):
    """A generator that makes only broken or only plain histories proves nothing."""
    seen, operations = Counter(), Counter()
    for answer in (answer for seeds in BATCHES for answer in answers_of(seeds).values()):
        seen["all"] += 1
        if answer["error"]:
            seen["does not load"] += 1
            continue
        seen["migrates"] += answer["migrated"] is None
        seen["refused"] += bool(answer["errors"])
        seen["refused alone"] += any(answer["ancestor_errors"].values())
        seen["only migrate fails"] += not answer["errors"] and answer["migrated"] is not None
        operations.update(answer["operations"])
    print(dict(seen), dict(operations))
    least = {"migrates": 0.3, "refused": 0.05, "refused alone": 0.05, "only migrate fails": 0.05}
    for name, share in least.items():
        assert seen[name] >= share * seen["all"], (name, seen)
    assert seen["does not load"] <= 0.1 * seen["all"], seen
    if seen["all"] >= 100:
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


@ALL
def test_the_comparison_takes_all_of_it(answers_of, seeds):
    collected(answers_of(seeds), state_harness.self_differences)


@ALL
@needs_ours
def test_same_states(answers_of, seeds):
    def lines_of(answer):
        comparison = state_harness.compare(answer)
        unread = [place for place in comparison.unread if not place.endswith(UNREAD)]
        return comparison.lines + ["not read: %s" % place for place in sorted(unread)]

    collected(answers_of(seeds), lines_of)


@ALL
@needs_ours
def test_findings(answers_of, seeds):
    def lines_of(answer):
        findings = state_harness.ask_findings(answer["dir"])
        return state_harness.unreported(answer, findings) + state_harness.unfounded(answer, findings)

    collected(answers_of(seeds), lines_of)
