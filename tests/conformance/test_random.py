"""Random projects: Django and migralint must see the same graph in each.

CONFORMANCE_SEEDS=5000 CONFORMANCE_FIRST_SEED=1000 runs other and more of them.
"""

import os
from collections import Counter

import pytest

import harness
from random_projects import random_project

SEEDS = range(
    int(os.environ.get("CONFORMANCE_FIRST_SEED", "0")),
    int(os.environ.get("CONFORMANCE_FIRST_SEED", "0"))
    + int(os.environ.get("CONFORMANCE_SEEDS", "300")),
)


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    top = tmp_path_factory.mktemp("random")
    jobs = []
    for seed in SEEDS:
        folder = top / ("seed%d" % seed)
        folder.mkdir()
        jobs.append(harness.write_project(random_project(seed), folder))
    return dict(zip(SEEDS, harness.ask_django(jobs)))


def test_the_projects_are_varied(answers):
    """A generator that makes only broken or only plain projects proves nothing."""
    seen = Counter()
    for answer in answers.values():
        seen[answer["error"]["type"] if answer["error"] else "loads"] += 1
        if answer["readable"]:
            seen["missing"] += bool(answer["missing"])
            seen["cycles"] += bool(answer["cycles"])
            seen["conflicts"] += bool(answer["conflicts"])
            seen["order matters"] += answer["order_matters"]
    print(dict(seen))
    total = len(answers)
    assert seen["loads"] >= 0.4 * total
    for name in ("missing", "cycles", "conflicts"):
        assert seen[name] >= 0.08 * total, (name, seen)
    unreadable = total - sum(a["readable"] and not a["dangling"] for a in answers.values())
    assert unreadable <= 0.1 * total


@pytest.mark.skipif(not harness.MIGRALINT, reason="MIGRALINT is not set")
def test_same_graph(answers):
    failures = []
    for seed, answer in answers.items():
        lines = harness.differences(answer)
        if lines:
            kept = harness.keep(answer["dir"], "seed%d" % seed)
            failures.append("seed %d, kept in %s\n  %s" % (seed, kept, "\n  ".join(lines[:20])))
    shown = "\n".join(failures[:10])
    assert not failures, "%d of %d projects differ\n%s" % (len(failures), len(answers), shown)
