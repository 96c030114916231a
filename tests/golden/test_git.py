"""What migralint asks of git, in repositories that a real git makes."""

import json
import subprocess

import pytest
from conftest import MIGRATION, PROGRAM, Repository, chain, run, write

FIRST = chain("0001_initial", "0002_price", "0003_stock")
LOST = "shop/migrations/0002_price.py"


@pytest.fixture
def repository(tmp_path):
    made = Repository(tmp_path)
    made.commit(FIRST)
    return made


def missing_parent(directory, *words, cwd=None):
    done = run("check", "--format", "json", "--select", "MG101", *words, cwd=cwd or directory)
    findings = json.loads(done.out)["findings"]
    assert len(findings) == 1
    return [note["message"] for note in findings[0]["notes"]], findings[0]["help"]


def restores(repository, help):
    """The command that the help quotes brings the file back."""
    start, command = help.split("`")[:2]
    assert start == "get it back: "
    repository.git(*command.split()[1:])
    assert (repository.path / LOST).read_text() == FIRST[LOST]
    assert run("check", "--select", "MG101", cwd=repository.path).returncode == 0


def test_deleted_in_a_commit(repository):
    repository.git("rm", "-q", LOST)
    commit = repository.commit({})
    repository.commit({"README": "later"})
    notes, help = missing_parent(repository.path)
    assert "git: deleted in %s (2024-05-06)" % commit in notes
    restores(repository, help)


def test_deleted_on_a_side_that_a_merge_took(repository):
    repository.git("checkout", "-q", "-b", "side")
    repository.git("rm", "-q", LOST)
    commit = repository.commit({})
    repository.git("checkout", "-q", "main")
    repository.commit({"README": "meanwhile"})
    repository.git("merge", "-q", "--no-edit", "side")
    notes, help = missing_parent(repository.path)
    assert "git: deleted in %s (2024-05-06)" % commit in notes
    restores(repository, help)


def test_renamed_in_a_commit(repository):
    repository.git("mv", LOST, "shop/migrations/0002_cost.py")
    commit = repository.commit({})
    notes, help = missing_parent(repository.path)
    assert "git: renamed to `shop/migrations/0002_cost.py` in %s (2024-05-06)" % commit in notes
    restores(repository, help)


def test_deleted_but_not_committed(repository):
    (repository.path / LOST).unlink()
    notes, help = missing_parent(repository.path)
    assert "git: the file is in the index; only the work tree lacks it" in notes
    restores(repository, help)


def test_on_another_branch_only(tmp_path):
    repository = Repository(tmp_path)
    repository.commit({name: text for name, text in FIRST.items() if name != LOST})
    repository.git("checkout", "-q", "-b", "prices")
    repository.commit({LOST: FIRST[LOST]})
    repository.git("checkout", "-q", "main")
    notes, help = missing_parent(repository.path)
    assert "git: `prices` has the file" in notes
    restores(repository, help)


def test_below_the_top_the_command_works_where_one_stands(tmp_path):
    repository = Repository(tmp_path)
    repository.commit({"backend/" + name: text for name, text in FIRST.items()})
    repository.git("rm", "-q", "backend/" + LOST)
    commit = repository.commit({})
    _, from_top = missing_parent(repository.path, "backend")
    _, from_below = missing_parent(repository.path, cwd=repository.path / "backend")
    assert from_top == "get it back: `git checkout %s^ -- backend/%s`" % (commit, LOST)
    assert from_below == "get it back: `git checkout %s^ -- %s`" % (commit, LOST)


def test_never_there_says_nothing(tmp_path):
    repository = Repository(tmp_path)
    repository.commit({name: text for name, text in FIRST.items() if name != LOST})
    notes, help = missing_parent(repository.path)
    assert not [note for note in notes if note.startswith("git: ")]
    assert "git" not in help


def test_a_shallow_clone_says_that_it_cannot_tell(repository, tmp_path_factory):
    repository.git("rm", "-q", LOST)
    repository.commit({})
    clone = tmp_path_factory.mktemp("clones") / "shallow"
    repository.git("clone", "-q", "--depth", "1", "file://%s" % repository.path, str(clone))
    notes, _ = missing_parent(clone)
    assert [note for note in notes if "this clone is shallow" in note]


def test_no_git_asks_nothing(repository):
    repository.git("rm", "-q", LOST)
    repository.commit({})
    notes, _ = missing_parent(repository.path, "--no-git")
    assert not [note for note in notes if note.startswith("git: ")]


def test_a_path_that_a_shell_would_read_is_put_into_no_command(tmp_path):
    repository = Repository(tmp_path)
    repository.commit({"a $(b)/" + name: text for name, text in FIRST.items()})
    repository.git("rm", "-q", "a $(b)/" + LOST)
    commit = repository.commit({})
    notes, help = missing_parent(repository.path)
    assert "git: deleted in %s (2024-05-06)" % commit in notes
    assert "$(" not in help


def codes(directory, *words):
    done = run("check", "--format", "json", *words, cwd=directory)
    return [f["code"] for f in json.loads(done.out)["findings"] if f["code"] in ("MG101", "MG103")]


def test_changed_shows_the_packages_that_changed(repository):
    repository.commit({
        "stock/__init__.py": "",
        "stock/models.py": "",
        "stock/migrations/__init__.py": "",
        "stock/migrations/0001_initial.py": MIGRATION % '("stock", "0000_gone")',
    })
    assert codes(repository.path) == ["MG101"]
    assert codes(repository.path, "--changed") == []
    # A new file, not even added, that makes a second leaf beside one that is unchanged.
    write(repository.path, {"shop/migrations/0003_a.py": MIGRATION % '("shop", "0002_price")'})
    assert sorted(codes(repository.path)) == ["MG101", "MG103"]
    assert codes(repository.path, "--changed") == ["MG103"]
    assert codes(repository.path, "--changed", "stock") == []
    assert codes(repository.path, "--changed", "shop/migrations/0003_stock.py", "stock") == ["MG103"]
    repository.git("add", "-A")
    assert codes(repository.path, "--changed") == ["MG103"]


def test_changed_shows_what_a_deletion_leaves_behind(repository):
    (repository.path / LOST).unlink()
    assert codes(repository.path, "--changed") == ["MG101"]


def test_changed_needs_git_and_a_commit(tmp_path):
    write(tmp_path, FIRST)
    for prepare in [lambda: None, lambda: Repository(tmp_path)]:
        prepare()
        done = run("check", "--changed", cwd=tmp_path)
        assert done.returncode == 2
        assert "--changed: git does not say what differs" in done.err


def test_what_git_does_not_have(repository):
    def told(*words):
        done = run("check", "--format", "json", "--select", "MG006", *words, cwd=repository.path)
        return [(f["path"], f["message"].split("`")[0]) for f in json.loads(done.out)["findings"]]

    assert told() == []
    write(repository.path, {"shop/migrations/0004_new.py": MIGRATION % '("shop", "0003_stock")'})
    assert told() == []
    repository.git("rm", "-q", "--cached", LOST)
    assert told() == [(LOST, "git does not have ")]
    assert told("--base", "HEAD") == told()
    write(repository.path, {".gitignore": "0004_*\n"})
    assert told() == [(LOST, "git does not have "), ("shop/migrations/0004_new.py", "git ignores ")]
    assert told("--no-git") == told("--staged") == []


BROKEN = {
    "stock/__init__.py": "",
    "stock/models.py": "",
    "stock/migrations/__init__.py": "",
    "stock/migrations/0001_initial.py": MIGRATION % '("stock", "0000_gone")',
}


def test_base_shows_what_the_branch_adds(repository):
    repository.commit(BROKEN)
    repository.git("checkout", "-q", "-b", "branch")
    assert codes(repository.path) == ["MG101"]
    assert codes(repository.path, "--base", "main") == []
    write(repository.path, {"shop/migrations/0003_a.py": MIGRATION % '("shop", "0002_price")'})
    assert codes(repository.path, "--base", "main") == ["MG103"]
    repository.commit({})
    assert codes(repository.path, "--base", "main") == ["MG103"]
    done = run("check", "--base", "main", "--select", "MG101", cwd=repository.path)
    assert done.returncode == 0
    # Moving a file is not adding what was wrong with it.
    repository.git("rm", "-q", "shop/migrations/0003_a.py")
    (repository.path / "apps").mkdir()
    repository.git("mv", "stock", "apps/stock")
    assert codes(repository.path, "--base", "main") == []


def test_base_is_where_the_branches_parted(repository):
    repository.git("checkout", "-q", "-b", "branch")
    repository.git("checkout", "-q", "main")
    repository.commit(BROKEN)  # after the branch began: no excuse for the same on the branch
    repository.git("checkout", "-q", "branch")
    write(repository.path, BROKEN)
    assert codes(repository.path, "--base", "main") == ["MG101"]


def test_base_below_the_top_and_in_another_work_tree(repository, tmp_path_factory):
    repository.commit({"backend/" + name: text for name, text in BROKEN.items()})
    other = tmp_path_factory.mktemp("other") / "tree"
    repository.git("worktree", "add", "-q", "-b", "branch", str(other))
    assert codes(other, "backend") == ["MG101"]
    assert codes(other, "--base", "main", "backend") == []
    assert codes(other / "backend", "--base", "main") == []


def test_base_that_cannot_be_had_is_said(repository, tmp_path_factory):
    def refused(directory, ref):
        done = run("check", "--base", ref, cwd=directory)
        assert (done.returncode, done.out) == (2, "")
        return done.err

    assert "git has no commit `nowhere`" in refused(repository.path, "nowhere")
    assert "git has no commit `--help`" in refused(repository.path, "--help")
    repository.git("checkout", "-q", "--orphan", "alone")
    repository.commit({"README": "alone"})
    assert "HEAD and `main` have no commit in common" in refused(repository.path, "main")
    repository.git("checkout", "-q", "main")
    repository.commit({"README": "one more"})
    repository.git("branch", "old", "HEAD^")
    clone = tmp_path_factory.mktemp("clones") / "shallow"
    repository.git("clone", "-q", "--depth", "1", "--no-single-branch",
                   "file://%s" % repository.path, str(clone))
    assert "this clone is shallow" in refused(clone, "origin/old")
    assert "is not in a git work tree" in refused(tmp_path_factory.mktemp("bare"), "main")


def test_base_in_a_partial_clone(repository, tmp_path_factory):
    repository.commit(BROKEN)
    repository.git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path_factory.mktemp("clones") / "partial"
    repository.git("clone", "-q", "--filter=blob:none", "file://%s" % repository.path, str(clone))
    assert codes(clone) == ["MG101"]
    assert codes(clone, "--base", "origin/main") == []


def test_staged_is_the_index_not_the_disk(repository):
    second_leaf = {"shop/migrations/0003_a.py": MIGRATION % '("shop", "0002_price")'}
    write(repository.path, second_leaf)
    assert codes(repository.path) == ["MG103"]
    assert codes(repository.path, "--staged") == []
    repository.git("add", "-A")
    (repository.path / "shop/migrations/0003_a.py").unlink()
    assert codes(repository.path) == []
    assert codes(repository.path, "--staged") == ["MG103"]
    assert codes(repository.path, "--staged", "--base", "HEAD") == ["MG103"]
    assert codes(repository.path / "shop", "--staged") == ["MG103"]


def test_staged_in_a_hook(repository):
    """git gives a hook an index of its own when a commit names paths."""
    hook = repository.path / ".git/hooks/pre-commit"
    hook.write_text('#!/bin/sh\nexec "%s" check --staged --select MG103\n' % PROGRAM)
    hook.chmod(0o755)
    write(repository.path, {"shop/migrations/0003_a.py": MIGRATION % '("shop", "0002_price")',
                            "README": "harmless"})
    repository.git("add", "-N", ".")
    repository.git("commit", "-q", "-m", "harmless", "README")
    with pytest.raises(subprocess.CalledProcessError):
        repository.git("commit", "-q", "-m", "two leaves", "shop/migrations/0003_a.py")


def test_base_that_was_not_fetched_comes_with_the_command_that_brings_it(repository, tmp_path_factory):
    """As in a clone by CI: of the remote there is one branch, and nobody asked which is its default."""
    repository.git("checkout", "-q", "-b", "branch")
    clone = tmp_path_factory.mktemp("clones") / "single"
    repository.git("clone", "-q", "--single-branch", "--branch", "branch", str(repository.path), str(clone))
    subprocess.run(["git", "remote", "set-head", "origin", "--delete"], cwd=clone, check=True)
    repository.git("checkout", "-q", "main")
    for ref, command in [("origin/main", "git fetch origin main:refs/remotes/origin/main"),
                         ("origin/HEAD", "git remote set-head origin --auto")]:
        done = run("check", "--base", ref, cwd=clone)
        assert (done.returncode, done.out) == (2, "")
        assert "git has no commit `%s`; `%s` " % (ref, command) in done.err
        subprocess.run(command.split(), cwd=clone, check=True)
        assert run("check", "--base", ref, cwd=clone).returncode == 0
    done = run("check", "--base", "origin/$(id)", cwd=clone)
    assert done.err == "migralint: git has no commit `origin/$(id)`\n"
