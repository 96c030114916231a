"""The action for GitHub and the job for GitLab: held against the schemas of both, and their shell carried out as there.

What a runner does is put together here: the environment it sets, the shell it starts, the clone it makes.
"""

import functools
import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from conftest import FORMATS, MIGRATION, PROGRAM, Repository, misfit, parsed, write

ROOT = Path(__file__).resolve().parent.parent.parent
ACTION = ROOT / "action.yml"
JOB = ROOT / "templates/gitlab.yml"
PAGE = ROOT / "docs/ci.md"
VERSION = re.search(r"VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text().split("project(", 1)[1]).group(1)

pytestmark = [
    pytest.mark.skipif(not (FORMATS / "check-jsonschema").exists(),
                       reason="no environment `formats`: run ./dev setup"),
    pytest.mark.skipif(not PROGRAM, reason="MIGRALINT does not name the program"),
]


@functools.lru_cache(maxsize=None)
def read_yaml(path):
    return parsed(path.read_bytes())


# ---- what is written there ----


def test_schemas(tmp_path):
    assert misfit(ACTION, "github-actions") == ""
    assert misfit(JOB, "gitlab-ci") == ""
    (tmp_path / "a.yml").write_text(ACTION.read_text().replace("using: composite", "using: compost"))
    (tmp_path / "b.yml").write_text(JOB.read_text().replace("codequality:", "quality:"))
    assert misfit(tmp_path / "a.yml", "github-actions") and misfit(tmp_path / "b.yml", "gitlab-ci")


def test_examples_of_the_page(tmp_path):
    kinds = []
    for i, text in enumerate(re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text(), re.S | re.M)):
        path = tmp_path / ("%d.yml" % i)
        path.write_text(text)
        example = read_yaml(path)
        if isinstance(example, dict) and "jobs" in example:
            kinds.append("github-workflows")
        elif isinstance(example, dict) and {"include", "migralint"} & set(example):
            kinds.append("gitlab-ci")
        else:
            continue
        assert misfit(path, kinds[-1]) == "", text
    assert {"github-workflows", "gitlab-ci"} <= set(kinds)


def test_versions_are_those_of_the_program():
    assert read_yaml(ACTION)["inputs"]["version"]["default"] == VERSION
    assert read_yaml(JOB)["migralint"]["variables"]["MIGRALINT_VERSION"] == VERSION
    for page in (PAGE, ROOT / "README.md", ROOT / "docs/install.md"):
        for found in re.findall(r"(?:migralint[@/=]+|rev: )v?([0-9]+\.[0-9.]*[0-9])", page.read_text()):
            assert found == VERSION, page


def test_nothing_is_put_into_the_text_of_a_script():
    for step in read_yaml(ACTION)["runs"]["steps"]:
        assert step["shell"] == "bash" and "${{" not in step["run"]
        assert all(re.fullmatch(r"\$\{\{ inputs\.\w+ \}\}", value) for value in step["env"].values())


# ---- carrying it out ----


@pytest.fixture
def programs(tmp_path_factory):
    """A PATH on which `migralint` is the one under test."""
    made = tmp_path_factory.mktemp("programs")
    (made / "migralint").symlink_to(PROGRAM)
    return "%s:/usr/local/bin:/usr/bin:/bin" % made


def environment(home, path, **more):
    kept = {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
    return {**kept, "HOME": str(home), "PATH": path, "GIT_CONFIG_NOSYSTEM": "1", "CI": "true", **more}


class Outcome:
    def __init__(self, done):
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr
        assert "Sanitizer" not in self.err, self.err
        self.annotations = [line for line in self.out.splitlines() if line.startswith("::")]
        self.summary = ""


def run_action(workspace, tmp_path, programs, base_branch="", **inputs):
    """The step that checks, as a runner carries it out in a job of a pull request to `base_branch`."""
    temporary = tmp_path / "runner"
    (temporary / "migralint").mkdir(parents=True, exist_ok=True)
    summary = temporary / "summary.md"
    summary.write_text("")
    action = read_yaml(ACTION)
    given = {name: spec["default"] for name, spec in action["inputs"].items()}
    assert given["base"] == "${{ github.base_ref || github.event.merge_group.base_ref }}"
    given = {**given, "base": base_branch, **inputs}
    step = action["runs"]["steps"][-1]
    names = {name: given[re.search(r"inputs\.(\w+)", value).group(1)] for name, value in step["env"].items()}
    script = temporary / "script.sh"
    script.write_text(step["run"])
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", script], cwd=workspace, stdin=subprocess.DEVNULL,
        env=environment(tmp_path, programs, GITHUB_ACTIONS="true", GITHUB_WORKSPACE=str(workspace), RUNNER_OS="Linux",
                        RUNNER_TEMP=str(temporary), GITHUB_STEP_SUMMARY=str(summary), **names),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    outcome = Outcome(done)
    outcome.summary = summary.read_text()
    return outcome


def run_job(workspace, tmp_path, programs, shell="bash", **variables):
    """The script of the job, but for the line that installs, as GitLab's runner carries it out."""
    job = read_yaml(JOB)["migralint"]
    first, *lines = job["script"]
    assert first.startswith("python3 -m pip install ")
    script = tmp_path / "job.sh"
    script.write_text("\n".join(["set -eo pipefail" if shell == "bash" else "set -e", *lines]))
    done = subprocess.run(
        [shell, script], cwd=workspace, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, env=environment(tmp_path, programs, GITLAB_CI="true", CI_PROJECT_DIR=str(workspace),
                                   CI_DEFAULT_BRANCH="main", **{**job["variables"], **variables}))
    outcome = Outcome(done)
    outcome.quality = json.loads((workspace / "gl-code-quality-report.json").read_text())
    return outcome


FIRST = {
    "manage.py": "",
    "shop/__init__.py": "",
    "shop/models.py": "",
    "shop/migrations/__init__.py": "",
    "shop/migrations/0001_initial.py": MIGRATION % "",
    "shop/migrations/0002_old.py": MIGRATION % '("shop", "0001_initial")',
    "stock/__init__.py": "",
    "stock/models.py": "",
    "stock/migrations/__init__.py": "",
    "stock/migrations/0001_initial.py": MIGRATION % '("stock", "0000_gone")',
}
LEAF = {"shop/migrations/0002_new.py": MIGRATION % '("shop", "0001_initial")'}


@pytest.fixture
def origin(tmp_path):
    """On main something old that is wrong; the pull request, and its merge with main, add a second leaf."""
    (tmp_path / "origin").mkdir()
    made = Repository(tmp_path / "origin")
    made.commit({"README": "first"})
    made.commit(FIRST)
    made.git("checkout", "-q", "-b", "pull")
    made.commit(LEAF)
    made.git("checkout", "-q", "main")
    made.commit({"README": "meanwhile"})
    made.git("checkout", "-q", "--detach", "main")
    made.git("merge", "-q", "--no-edit", "pull")
    made.git("update-ref", "refs/pull/1/merge", "HEAD")
    made.git("checkout", "-q", "main")
    return made


def checked_out(origin, tmp_path, ref, depth=1, name="workspace"):
    """As actions/checkout does it: one commit, detached, and no other branch."""
    workspace = tmp_path / name
    subprocess.run(["git", "init", "-q", workspace], check=True)
    for words in [["remote", "add", "origin", "file://%s" % origin.path],
                  ["fetch", "-q", "--no-tags", *(["--depth=%d" % depth] if depth else []), "origin",
                   "+%s:refs/remotes/pull/1/merge" % ref],
                  ["checkout", "-q", "--detach", "refs/remotes/pull/1/merge"]]:
        subprocess.run(["git", *words], cwd=workspace, check=True)
    return workspace


def codes(annotations):
    return [re.search(r"title=(MG\d+)", line).group(1) for line in annotations]


@pytest.mark.parametrize("base", ["main", "origin/main", "refs/heads/main"])
def test_a_pull_request(origin, tmp_path, programs, base):
    workspace = checked_out(origin, tmp_path, "refs/pull/1/merge")
    done = run_action(workspace, tmp_path, programs, base)
    assert done.code == 1 and codes(done.annotations) == ["MG103"], done.err
    assert "file=shop/migrations/0002_" in done.annotations[0]
    assert done.out.splitlines() == done.annotations, "the log holds nothing but annotations"
    assert done.summary.startswith("## migralint: failed\n") and "MG103" in done.summary
    assert "MG101" not in done.summary
    again = run_action(workspace, tmp_path, programs, base, args="--ignore  MG103\n--ignore MG104")
    assert again.code == 0, again.out


def test_everything(origin, tmp_path, programs):
    """A push to the branch itself has no base; neither has who asks for none."""
    workspace = checked_out(origin, tmp_path, "refs/pull/1/merge")
    done = run_action(workspace, tmp_path, programs)
    assert done.code == 1 and {"MG103", "MG101"} <= set(codes(done.annotations))


@pytest.mark.parametrize("ref, depth", [("refs/heads/pull", 1), ("refs/heads/pull", 0), ("refs/pull/1/merge", 0)])
def test_history_is_brought(origin, tmp_path, programs, ref, depth):
    """The head of the pull request instead of its merge has more to fetch; who has fetched everything, nothing."""
    workspace = checked_out(origin, tmp_path, ref, depth)
    done = run_action(workspace, tmp_path, programs, "main")
    assert (done.code, codes(done.annotations)) == (1, ["MG103"]), done.err


def test_the_base_went_on(origin, tmp_path, programs):
    workspace = checked_out(origin, tmp_path, "refs/pull/1/merge")
    for i in range(4):
        origin.commit({"README": "on and on %d" % i})
    done = run_action(workspace, tmp_path, programs, "main")
    assert (done.code, codes(done.annotations)) == (1, ["MG103"]), done.err


def test_a_base_that_is_a_commit(origin, tmp_path, programs):
    workspace = checked_out(origin, tmp_path, "refs/pull/1/merge")
    done = run_action(workspace, tmp_path, programs, origin.git("rev-parse", "main^"))
    assert (done.code, codes(done.annotations)) == (1, ["MG103"]), done.err


def test_a_base_that_is_not_there(origin, tmp_path, programs):
    workspace = checked_out(origin, tmp_path, "refs/pull/1/merge")
    done = run_action(workspace, tmp_path, programs, "mian")
    assert done.code == 2 and "git has no commit `mian`" in done.err
    assert "fetch-depth: 0" in done.annotations[0] and done.summary == ""


def test_code_scanning_gets_everything(origin, tmp_path, programs):
    workspace = checked_out(origin, tmp_path, "refs/pull/1/merge")
    run_action(workspace, tmp_path, programs, "main", sarif="a b.sarif")
    results = json.loads((workspace / "a b.sarif").read_text())["runs"][0]["results"]
    assert {"MG103", "MG101"} <= {result["ruleId"] for result in results}
    assert "SARIF" not in run_action(workspace, tmp_path, programs, "main").out


def test_a_directory_below(origin, tmp_path, programs):
    origin.git("checkout", "-q", "pull")
    for name in list(FIRST) + list(LEAF):
        (origin.path / "back end" / name).parent.mkdir(parents=True, exist_ok=True)
        origin.git("mv", name, "back end/" + name)
    origin.commit({})
    workspace = checked_out(origin, tmp_path, "refs/heads/pull")
    done = run_action(workspace, tmp_path, programs, "main", path="back end")
    assert (done.code, codes(done.annotations)) == (1, ["MG103", "MG101"]), "all is new below: %s" % done.err
    assert "file=back end/shop/migrations/0002_" in done.annotations[0]


def test_wrong_options_fail_without_a_summary(origin, tmp_path, programs):
    workspace = checked_out(origin, tmp_path, "refs/pull/1/merge")
    done = run_action(workspace, tmp_path, programs, args="--no-such-option")
    assert (done.code, done.summary) == (2, "") and "has no option" in done.err


HOSTILE = ['"; touch x; "', "$(touch x)", "`touch x`", "a\ntouch x", "' ; touch x ; '", "${IFS}touch${IFS}x",
           "--output=x", "*", "x:refs/heads/main"]


@pytest.mark.parametrize("text", HOSTILE)
def test_inputs_are_never_run(origin, tmp_path, programs, text):
    workspace = checked_out(origin, tmp_path, "refs/pull/1/merge")
    for name in ("path", "base", "sarif") if text == "--output=x" else ("path", "base", "sarif", "args"):
        run_action(workspace, tmp_path, programs, **{"base": "main", name: text})
        assert not (workspace / "x").exists(), name
    heads = subprocess.run(["git", "for-each-ref", "refs/heads"], cwd=workspace, stdout=subprocess.PIPE, check=True)
    assert heads.stdout == b""


# ---- GitLab ----


def clone(origin, tmp_path, branch):
    workspace = tmp_path / "build"
    subprocess.run(["git", "clone", "-q", "--branch", branch, "--single-branch", "file://%s" % origin.path, workspace],
                   check=True)
    return workspace


@pytest.mark.parametrize("shell", ["bash", "sh"])
def test_a_merge_request(origin, tmp_path, programs, shell):
    """In an image without bash the runner takes sh."""
    workspace = clone(origin, tmp_path, "pull")
    done = run_job(workspace, tmp_path, programs, shell, CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main",
                   CI_MERGE_REQUEST_DIFF_BASE_SHA=origin.git("merge-base", "main", "pull"))
    assert done.code == 1 and "MG103" in done.out and "MG101" not in done.out
    assert {"MG103", "MG101"} <= {issue["check_name"] for issue in done.quality}, "GitLab compares"


def test_a_merge_request_of_a_fork(origin, tmp_path, programs):
    workspace = clone(origin, tmp_path, "pull")
    done = run_job(workspace, tmp_path, programs, CI_MERGE_REQUEST_TARGET_BRANCH_NAME="elsewhere",
                   CI_MERGE_REQUEST_DIFF_BASE_SHA=origin.git("merge-base", "main", "pull"))
    assert done.code == 1 and "MG103" in done.out and "MG101" not in done.out


def test_pipelines_of_branches(origin, tmp_path, programs):
    workspace = clone(origin, tmp_path, "pull")
    done = run_job(workspace, tmp_path, programs, CI_COMMIT_BRANCH="pull")
    assert done.code == 1 and "MG103" in done.out and "MG101" not in done.out
    done = run_job(workspace, tmp_path, programs, CI_COMMIT_BRANCH="pull", MIGRALINT_ARGS="--ignore MG103 --ignore MG104")
    assert done.code == 0 and done.quality
    done = run_job(workspace, tmp_path, programs, CI_COMMIT_BRANCH="main")
    assert done.code == 1 and "MG101" in done.out


@pytest.mark.parametrize("text", HOSTILE)
def test_variables_are_never_run(origin, tmp_path, programs, text):
    workspace = clone(origin, tmp_path, "pull")
    for name in ("MIGRALINT_PATH", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"):
        (workspace / "gl-code-quality-report.json").write_text("[]")
        run_job(workspace, tmp_path, programs, CI_COMMIT_BRANCH="pull", **{name: text})
        assert not (workspace / "x").exists(), name
