"""What `check --base` says before the merges of a real history, against what came of them.

    MIGRALINT=build/release/migralint replay_merges.py REPOSITORY [MERGES]

Takes random merges with migrations on both sides: the second parent is checked
out in a clone, the first is the base. The merge commit tells the truth, unless
whoever merged mended migrations in it. The repository is read, never changed.
"""

import json
import os
import random
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(os.environ["MIGRALINT"])
PATHS = "*migrations/*.py"


def git(directory, *words):
    return subprocess.run(["git", "-C", directory, *words], check=True, stdout=subprocess.PIPE,
                          text=True).stdout.split("\n")[:-1]


def findings(clone, commit, *words):
    git(clone, "checkout", "-q", "-f", "--detach", commit)
    done = subprocess.run([PROGRAM, "check", "--format", "json", *words, clone],
                          stdout=subprocess.PIPE, check=False)
    return [finding["message"] for finding in json.loads(done.stdout)["findings"]]


def judge(clone, merge, first, second):
    """What was said, whether the merge is broken, and whether a side was before."""
    graph = ["--select", "MG101,MG103,MG105"]
    told = findings(clone, second, "--base", first, "--select", "MG403")
    before = findings(clone, first, *graph) + findings(clone, second, *graph)
    return told, findings(clone, merge, *graph), before


def replay(clone, most):
    merges = [line.split() for line in git(clone, "rev-list", "--merges", "--parents", "--all")]
    random.Random(1).shuffle(merges)
    seen = wrong = 0
    for merge, first, second in (m for m in merges if len(m) == 3):
        bases = git(clone, "merge-base", "--all", first, second)
        if seen == most or len(bases) != 1 or git(clone, "diff-tree", "--cc", "--name-only",
                                                  "--no-commit-id", merge, "--", PATHS):
            continue
        if not all(git(clone, "diff", "--name-only", bases[0], side, "--", PATHS)
                   for side in (first, second)):
            continue
        told, broken, before = judge(clone, merge, first, second)
        seen += 1
        if bool(told) != bool(broken) and not before:
            wrong += 1
            print(merge, "said:", told, "is:", broken)
    print(f"{seen} merges, {wrong} told wrongly")
    return wrong


def main():
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run(["git", "clone", "-q", "--shared", "--no-checkout", sys.argv[1], directory],
                       check=True)
        git(directory, "sparse-checkout", "set", "--no-cone", "*.py")
        sys.exit(bool(replay(directory, int(sys.argv[2]) if len(sys.argv) > 2 else 20)))


main()
