"""`migralint init`: what it writes is read back by the parsers of others, and nothing else changes."""

import os
import re
import resource
import subprocess
from pathlib import Path

import pytest
from conftest import FORMATS, MIGRATION, VENVS, Repository, misfit, parsed, run, write

URL = "https://github.com/migralint/migralint"
VERSION = re.search(r"project\(migralint VERSION ([0-9.]+)",
                    (Path(__file__).parents[2] / "CMakeLists.txt").read_text()).group(1)
HOOKS, WORKFLOW, PIPELINE = ".pre-commit-config.yaml", ".github/workflows/migralint.yml", ".gitlab-ci.yml"
ENTRY = {"repo": URL, "rev": "v" + VERSION, "hooks": [{"id": "migralint"}]}

pytestmark = pytest.mark.skipif(not (FORMATS / "check-jsonschema").exists(),
                                reason="no environment `formats`: run ./dev setup")

SOUND = {
    "manage.py": "",
    "shop/__init__.py": "",
    "shop/models.py": "",
    "shop/migrations/__init__.py": "",
    "shop/migrations/0001_initial.py": MIGRATION % "",
}
BROKEN = {"shop/migrations/0002_broken.py": MIGRATION % '("shop", "0001_gone")'}

BLACK = """repos:
- repo: https://github.com/psf/black
  rev: 24.1.0
  hooks:
  - id: black
"""
# pre-commit's own way to write it, with what people add.
SAMPLE = """# See https://pre-commit.com
exclude: ^vendor/

repos:
-   repo: https://github.com/pre-commit/pre-commit-hooks
    rev: v4.6.0
    hooks:
    -   id: trailing-whitespace   # é
    -   id: check-yaml
        args: ["--unsafe"]

-   repo: local
    hooks:
    -   id: hello
        name: hello
        language: system
        entry: |
          sh -c '
          # not a comment
          echo hello
          '
        # a comment of hello

# a comment of ci
ci:
    autofix_prs: false
"""


@pytest.fixture
def project(tmp_path):
    made = Repository(tmp_path / "project") if (tmp_path / "project").mkdir() is None else None
    made.commit(SOUND)
    return made.path


def bytes_of(directory):
    """Every file but git's, links as what they say."""
    found = {}
    for path in sorted(directory.rglob("*")):
        name = path.relative_to(directory).as_posix()
        if name.split("/")[0] != ".git" and not path.is_dir():
            found[name] = path.read_bytes() if path.is_file() and not path.is_symlink() else path.lstat().st_mode
    return found


def init(directory, *words, code=0):
    done = run("init", *words, cwd=directory)
    assert done.returncode == code, done.err + done.out
    return done.out


def goes_and_comes_back(directory, *words, code=0):
    """What was written; the preview was that as a patch, a second run has nothing to do, --undo leaves no trace."""
    before = bytes_of(directory)
    patch = init(directory, *words, code=code)
    assert bytes_of(directory) == before, "a preview writes nothing"
    said = init(directory, "--write", *words, code=code)
    written = bytes_of(directory)
    assert patch[patch.index("diff --git"):] == said[said.index("diff --git"):]
    again = init(directory, "--write", *words, code=code)
    assert "Nothing to do:" in again and "diff --git" not in again
    assert bytes_of(directory) == written
    assert "To be taken back" in init(directory, "--undo", *words)
    assert bytes_of(directory) == written, "a preview writes nothing"
    init(directory, "--undo", "--write", *words)
    assert bytes_of(directory) == before
    subprocess.run(["git", "apply"], cwd=directory, input=patch.encode(), check=True)
    assert bytes_of(directory) == written
    return written


def keeps_lines(before, after):
    """Every line of the one stands in the other, in order."""
    rest = iter(after.splitlines())
    return all(line in rest for line in before.splitlines())


# ---- a project with nothing, one with everything ----


def test_a_project_with_nothing(project):
    written = goes_and_comes_back(project)
    assert sorted(set(written) - set(SOUND)) == [".migralint.yml", HOOKS]
    assert parsed(written[HOOKS]) == {"repos": [ENTRY]}
    assert parsed(written[".migralint.yml"]) is None, "no Django is known: all is a comment"
    assert "CI: neither GitHub nor GitLab" in init(project)


def test_a_project_on_github(project):
    write(project, {
        "pyproject.toml": '[project]\nname = "shop"  # why\n\n[tool.ruff]\nline-length = 100\n',
        HOOKS: SAMPLE, "requirements.txt": "# pins\nDjango==4.2.7  # LTS\n", ".github/dependabot.yml": "version: 2\n",
    })
    written = goes_and_comes_back(project)
    assert parsed(written["pyproject.toml"], "toml") == {
        "project": {"name": "shop"}, "tool": {"ruff": {"line-length": 100}, "migralint": {"django": "4.2"}}}
    before, after = parsed(SAMPLE), parsed(written[HOOKS])
    assert after == {**before, "repos": before["repos"] + [ENTRY]}
    assert keeps_lines(SAMPLE, written[HOOKS].decode())
    assert "\n\n-   repo: %s\n    rev: v%s\n    hooks:\n    -   id: migralint\n\n# a comment of ci" % (URL, VERSION) \
        in written[HOOKS].decode(), "as the others are written"
    workflow = parsed(written[WORKFLOW])
    assert workflow["true"] == {"pull_request": None, "push": {"branches": ["main"]}}  # `on` is true in YAML 1.1
    assert workflow["jobs"]["migralint"]["steps"][-1] == {"uses": "migralint/migralint@v" + VERSION}
    assert misfit(project / WORKFLOW, "github-workflows") == ""
    settings = run("config", cwd=project).out
    assert re.search(r"^django +4\.2 +# pyproject\.toml:", settings, re.M)


def test_pre_commit_takes_what_is_written(project):
    if not (VENVS / "package/bin/pre-commit").exists():
        pytest.skip("no environment `package`: run ./dev setup")
    for text in (None, BLACK, SAMPLE):
        if text:
            write(project, {HOOKS: text})
        init(project, "--write", "--part", "hook")
        subprocess.run([VENVS / "package/bin/pre-commit", "validate-config", HOOKS], cwd=project, check=True)


def test_the_version_of_django_in_pyproject(project):
    write(project, {"pyproject.toml": '[project]\ndependencies = [\n    "django-environ==0.11",\n    "django~=5.2.13",\n]\n'})
    written = goes_and_comes_back(project, "--part", "config")["pyproject.toml"]
    assert parsed(written, "toml")["tool"] == {"migralint": {"django": "5.2"}}


def test_what_is_wrong_today_stops_nobody(project):
    """With errors: only what a branch adds, against the branch that origin calls its default."""
    write(project, {**BROKEN, ".github/x": ""})
    said = init(project)
    assert "finds 1 error today" in said and "id: migralint\n" in said, "origin is not known"
    for words in [["remote", "add", "origin", "."], ["update-ref", "refs/remotes/origin/trunk", "HEAD"],
                  ["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk"]]:
        subprocess.run(["git", *words], cwd=project, check=True)
    written = goes_and_comes_back(project)
    assert parsed(written[HOOKS])["repos"][0]["hooks"] == [{"id": "migralint-base", "args": ["origin/trunk"]}]
    assert parsed(written[WORKFLOW])["true"] == {"pull_request": None}


def test_what_a_baseline_has_is_not_wrong_today(project):
    write(project, BROKEN)
    assert run("baseline", "create", cwd=project).returncode == 0
    assert "today" not in init(project)


@pytest.mark.parametrize("branch", ["x'y", 'a"b', "a;b", "$(id)", "{a}", "a,b", "-x"])
def test_a_branch_that_is_no_plain_word_is_left_out(project, branch):
    (project / ".github").mkdir()
    (project / ".git/refs/remotes/origin").mkdir(parents=True)
    (project / ".git/refs/remotes/origin/HEAD").write_text("ref: refs/remotes/origin/%s\n" % branch)
    init(project, "--write")
    assert parsed((project / WORKFLOW).read_bytes())["true"] == {"pull_request": None}


@pytest.mark.parametrize("name, text, version", [
    ("requirements.txt", "django==5.1\n", "5.1"),
    ("requirements/base.txt", "DJANGO==3.2.25 ; python_version < '3.12'\n", "3.2"),
    ("requirements.txt", "Django[argon2] ~= 4.2.7\n", "4.2"),
    ("requirements.txt", "Django~=4.2\n", None),
    ("requirements.txt", "django>=4.2\ndjango-filter==24.1\n", None),
    ("requirements.txt", "django==5.0rc1.post\n", "5.0"),
    ("uv.lock", '[[package]]\nname = "django-filter"\nversion = "24.3"\n\n'
                '[[package]]\nname = "django"\nversion = "5.2.1"\nsource = 1\n', "5.2"),
    ("poetry.lock", '[[package]]\nname = "Django"\nversion = "4.2.16"\n', "4.2"),
    ("poetry.lock", '[[package]]\nname = "django"\nversion = "x', None),
])
def test_the_version_of_django(project, name, text, version):
    write(project, {name: text})
    init(project, "--write", "--part", "config")
    options = parsed((project / ".migralint.yml").read_bytes())
    assert options == ({"django": version} if version else None)
    assert run("check", cwd=project).returncode == 0


# ---- files as they are found ----


CLOSED = {
    "plain": BLACK,
    "no newline at the end": BLACK.rstrip("\n"),
    "CRLF": BLACK.replace("\n", "\r\n"),
    "CRLF, open": BLACK.replace("\n", "\r\n").rstrip("\r\n"),
    "empty lines at the end": BLACK + "\n\n",
    "byte order mark": "\ufeff" + BLACK,
    "indented": BLACK.replace("\n-", "\n  -").replace("\n  rev", "\n    rev").replace("\n  hooks", "\n    hooks")
                     .replace("\n  - id", "\n      - id"),
    "sample": SAMPLE,
    "sample, CRLF": SAMPLE.replace("\n", "\r\n"),
    "an anchor": BLACK.replace("rev: 24.1.0", "rev: &rev 24.1.0") + "- repo: local\n  rev: *rev\n  hooks: []\n",
    "a comment at the end": BLACK + "# the end",
    "a comment inside at the end": BLACK + "    # of black",
    "flow hooks": "repos:\n  - repo: x\n    rev: y\n    hooks: [{id: z}]\n",
    "a hook that is nothing": "repos:\n- repo: x\n  hooks:\n  -\n",
    "document markers": "---\n" + BLACK,
    "keys behind": BLACK + "default_stages: [pre-commit]\n# x\n\nfail_fast: true\n",
}


@pytest.mark.parametrize("name", CLOSED)
def test_hooks_are_added_to(project, name):
    text = CLOSED[name]
    (project / HOOKS).write_bytes(text.encode())
    written = goes_and_comes_back(project, "--part", "hook")[HOOKS]
    before = parsed(text.encode())
    assert parsed(written) == {**before, "repos": before["repos"] + [ENTRY]}
    assert keeps_lines(text, written.decode())
    assert ("\r\n" in text) == (b"\r\n" in written) and (b"\r\n" not in written or not re.search(rb"[^\r]\n", written))
    assert text.endswith("\n") == written.endswith(b"\n")


REFUSED = {
    "repos is empty": "repos: []\n",
    "repos is nothing": "repos:\n",
    "flow": "repos: [{repo: x, hooks: []}]\n",
    "no repos": "ci: {}\n",
    "a list": "- repo: x\n",
    "a text": "hello\n",
    "nothing": "",
    "a comment": "# none yet\n",
    "tabs": "repos:\n\t- repo: x\n",
    "no YAML": "repos: [\n",
    "two documents": BLACK + "---\n" + BLACK,
    "a document that ends": BLACK + "...\n",
    "a key twice": BLACK + BLACK,
    "a bell": BLACK + "# \a\n",
}


@pytest.mark.parametrize("name", REFUSED)
def test_hooks_that_cannot_be_added_to_are_left_alone(project, name):
    write(project, {HOOKS: REFUSED[name]})
    said = init(project, "--write", "--part", "hook", code=1)
    assert (project / HOOKS).read_text() == REFUSED[name]
    assert "To be done by hand:\n  %s: " % HOOKS in said
    assert parsed(said[said.index("- repo:"):]) == [ENTRY], "what belongs there"


@pytest.mark.parametrize("content", [b"\x00\x01\x02", b"repos:\n- repo: \xff\n", BLACK.encode("utf-16")])
def test_what_is_no_text_is_left_alone(project, content):
    (project / HOOKS).write_bytes(content)
    (project / "pyproject.toml").write_bytes(b"# caf\xe9\n")
    init(project, "--write", code=1)
    assert (project / HOOKS).read_bytes() == content
    assert (project / "pyproject.toml").read_bytes() == b"# caf\xe9\n"


PYPROJECTS = {
    "plain": '[project]\nname = "shop"\n',
    "open": '[project]\nname = "shop"',
    "CRLF": '[project]\r\nname = "shop"\r\n',
    "empty": "",
    "a table of tools": '[tool.black]\nline-length = 99\n\n[tool]\nx = 1\n',
    "an array of tables": '[[tool.mypy.overrides]]\nmodule = "x"\n# the end\n',
    "a string of lines": 'x = """\n[tool.other]\n"""\n',
}


@pytest.mark.parametrize("name", PYPROJECTS)
def test_pyproject_is_added_to(project, name):
    text = PYPROJECTS[name]
    (project / "pyproject.toml").write_bytes(text.encode())
    write(project, {"requirements.txt": "django==5.2\n"})
    written = goes_and_comes_back(project, "--part", "config")["pyproject.toml"]
    before = parsed(text.encode(), "toml")
    tools = {**before.get("tool", {}), "migralint": {"django": "5.2"}}
    assert parsed(written, "toml") == {**before, "tool": tools}
    assert written.startswith(text.encode())


@pytest.mark.parametrize("text", ["tool = {}\n", "tool.x = 1\n[a\n", "[project\n", "tool = 3\n"])
def test_pyproject_that_cannot_be_added_to(project, text):
    write(project, {"pyproject.toml": text})
    assert "[tool.migralint]\n" in init(project, "--write", "--part", "config", code=1)
    assert (project / "pyproject.toml").read_text() == text


@pytest.mark.parametrize("files, where", [
    ({".migralint.yml": "level: info\n"}, ".migralint.yml"),
    ({"pyproject.toml": "[tool.migralint]\nlevel = 'info'\n"}, "pyproject.toml"),
])
def test_a_configuration_that_is_there_stays(project, files, where):
    write(project, files)
    assert "Nothing to do:\n  %s: " % where in init(project, "--write", "--part", "config")
    assert (project / where).read_text() == files[where]


@pytest.mark.parametrize("text", [
    BLACK.replace("black", "migralint-base"),
    BLACK + "- repo: %s\n  rev: v0.0.1\n  hooks: []\n" % URL,
])
def test_a_hook_that_is_there_stays(project, text):
    write(project, {HOOKS: text})
    assert "Nothing to do:\n  %s: " % HOOKS in init(project, "--write", "--part", "hook")
    assert (project / HOOKS).read_text() == text


def test_a_workflow_that_is_there_stays(project):
    write(project, {".github/workflows/lint.yaml": "# runs migralint check\n"})
    assert "Nothing to do:\n  .github/workflows/lint.yaml: " in init(project, "--write", "--part", "ci")
    assert not (project / WORKFLOW).exists()


# ---- GitLab ----


TESTS = "tests:\n  script: [pytest]\n"
PIPELINES = {
    "plain": (TESTS, {}),
    "open": (TESTS.rstrip("\n"), {}),
    "CRLF": (TESTS.replace("\n", "\r\n"), {}),
    "stages": ("stages: [build, lint]\n" + TESTS.replace("script", "stage: lint\n  script"), {"stage": "build"}),
    "stages with test": ("stages:\n- build\n- test\n" + TESTS, {}),
    "anchors": (".default: &default\n  image: x\n\ntests:\n  <<: *default\n  script: !reference [.a, script]\n", {}),
    "merge requests": ("workflow:\n  rules:\n  - if: $CI_PIPELINE_SOURCE == 'merge_request_event'\n" + TESTS, {"rules": [
        {"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'}, {"if": "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"}]}),
    "include": ("include:\n  - local: a.yml\n  - template: b.yml\n\n" + TESTS, {}),
}


@pytest.mark.parametrize("name", PIPELINES)
def test_gitlab(project, name):
    text, own = PIPELINES[name]
    (project / PIPELINE).write_bytes(text.encode())
    written = goes_and_comes_back(project, "--part", "ci")[PIPELINE]
    assert keeps_lines(text, written.decode())
    if name == "anchors":
        return  # with tags that PyYAML does not know
    before, after = parsed(text.encode()), parsed(written)
    url = "https://raw.githubusercontent.com/migralint/migralint/v%s/templates/gitlab.yml" % VERSION
    include = before.get("include", []) + [{"remote": url}]
    assert after == {**before, "include": include, **({"migralint": own} if own else {})}
    assert misfit(project / PIPELINE, "gitlab-ci") == ""


def test_gitlab_with_errors_today(project):
    write(project, {**BROKEN, PIPELINE: TESTS})
    written = goes_and_comes_back(project, "--part", "ci")[PIPELINE]
    rules = [{"if": "$CI_COMMIT_BRANCH && $CI_COMMIT_BRANCH != $CI_DEFAULT_BRANCH"}]
    assert parsed(written)["migralint"] == {"rules": rules}
    assert misfit(project / PIPELINE, "gitlab-ci") == ""


@pytest.mark.parametrize("text", ["include: a.yml\n" + TESTS, "include: [a.yml]\n" + TESTS, "- x\n",
                                  "{tests: {script: pytest}}\n", "stages: [lint]\ninclude:\n- local: a.yml\n"])
def test_gitlab_that_cannot_be_added_to(project, text):
    write(project, {PIPELINE: text})
    said = init(project, "--write", "--part", "ci", code=1)
    assert (project / PIPELINE).read_text() == text
    assert "remote" in said


def test_which_ci(project):
    def ci(**files):
        return re.findall(r"^  (\S+): (?:a workflow|an include)", init(project, "--part", "ci"), re.M)

    assert ci() == []
    subprocess.run(["git", "remote", "add", "origin", "git@github.com:acme/shop.git"], cwd=project, check=True)
    assert ci() == [WORKFLOW]
    subprocess.run(["git", "remote", "set-url", "origin", "https://gitlab.acme.example/shop.git"], cwd=project, check=True)
    assert ci() == [PIPELINE]
    write(project, {PIPELINE: TESTS, ".github/CODEOWNERS": ""})
    assert ci() == [PIPELINE], "both are there, and origin decides"
    subprocess.run(["git", "remote", "set-url", "origin", "git@github.com:acme/shop.git"], cwd=project, check=True)
    assert ci() == [WORKFLOW]


# ---- what must not happen ----


def test_links_lead_nowhere(project, tmp_path):
    outside = tmp_path / "outside"
    (outside / "workflows").mkdir(parents=True)
    (outside / "hooks.yaml").write_text(BLACK)
    (outside / "pyproject.toml").write_text("[project]\n")
    (project / HOOKS).symlink_to(outside / "hooks.yaml")
    (project / "pyproject.toml").symlink_to(outside / "pyproject.toml")
    (project / ".github").symlink_to(outside)
    before = bytes_of(outside), bytes_of(project)
    said = init(project, "--write", code=1)
    assert said.count("a symbolic link") == 3
    assert (bytes_of(outside), bytes_of(project)) == before


def test_what_is_no_file(project):
    os.mkfifo(project / HOOKS)
    (project / ".github").write_text("")
    before = bytes_of(project)
    said = init(project, "--write", "--part", "hook,ci", code=1)
    assert "%s: not a regular file" % HOOKS in said and "%s: a symbolic link or no directory" % WORKFLOW in said
    assert bytes_of(project) == before


def test_a_write_that_fails_half_way_leaves_nothing(project):
    """Files may not become large: the second of three cannot be written."""
    write(project, {HOOKS: SAMPLE + "# %s\n" % ("x" * 8000), "pyproject.toml": "[project]\n", ".github/x": ""})
    before = bytes_of(project)
    done = run("init", "--write", cwd=project, restore_signals=False,
               preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)))
    assert (done.returncode, done.out) == (3, "")
    assert done.err == "migralint: cannot write %s: File too large; nothing was written\n" % HOOKS
    assert bytes_of(project) == before and not (project / ".github/workflows").exists()
    assert sorted(p.name for p in project.iterdir()) == sorted(
        [".git", ".github", HOOKS, "manage.py", "pyproject.toml", "shop"])


def test_modes_stay(project):
    write(project, {HOOKS: BLACK})
    (project / HOOKS).chmod(0o600)
    init(project, "--write")
    assert (project / HOOKS).stat().st_mode & 0o777 == 0o600


def test_undo_leaves_alone_what_was_changed_since(project):
    write(project, {HOOKS: BLACK, ".github/x": "", "pyproject.toml": "[project]\n"})
    init(project, "--write")
    for name, old, new in [(HOOKS, "id: migralint", "id: migralint\n    verbose: true"),
                           ("pyproject.toml", "[tool.migralint]\n", "[tool.migralint]\nlevel = 'info'\n"),
                           (WORKFLOW, "contents: read", "contents: write")]:
        path = project / name
        path.write_text(path.read_text().replace(old, new))
    before = bytes_of(project)
    said = init(project, "--undo", "--write", code=1)
    assert "Taken back" not in said and said.count("by hand") == 1 and said.count("\n  ") == 3
    assert bytes_of(project) == before


def test_undo_does_not_give_to_others_what_was_put_below(project):
    """The next table, and the next entry, would get it."""
    write(project, {"pyproject.toml": "[tool.ruff]\nline-length = 99\n", PIPELINE: TESTS + "stages: [x]\n"})
    init(project, "--write")
    for name, more in [("pyproject.toml", "level = 'info'\n"), (PIPELINE, "  allow_failure: true\n")]:
        with open(project / name, "a") as file:
            file.write(more)
    before = bytes_of(project)
    init(project, "--undo", "--write", "--part", "config,ci", code=1)
    assert bytes_of(project) == before


def test_undo_takes_back_what_another_version_wrote(project):
    write(project, {HOOKS: BLACK, ".github/x": "", "pyproject.toml": "[project]\n"})
    before = bytes_of(project)
    init(project, "--write")
    for name in (HOOKS, WORKFLOW):
        path = project / name
        path.write_text(path.read_text().replace("v" + VERSION, "v9.8.7"))
    (project / HOOKS).write_text((project / HOOKS).read_text() + "- repo: local\n  hooks: []\n")
    init(project, "--undo", "--write")
    assert bytes_of(project) == {**before, HOOKS: before[HOOKS] + b"- repo: local\n  hooks: []\n"}


def test_below_the_top_only_the_configuration(project):
    (project / "sub").mkdir()
    write(project / "sub", SOUND)
    said = init(project / "sub", "--write")
    assert said.count("belongs to the top of the git work tree") == 2
    assert sorted(set(bytes_of(project / "sub")) - set(SOUND)) == [".migralint.yml"]
    assert init(project, "sub", "--undo", "--write")
    assert set(bytes_of(project / "sub")) == set(SOUND)


def test_outside_of_git(tmp_path):
    write(tmp_path, SOUND)
    assert "pre-commit needs git" in init(tmp_path, "--write")
    assert sorted(set(bytes_of(tmp_path)) - set(SOUND)) == [".migralint.yml"]


def test_usage(project):
    assert "one of config|hook|ci" in run("init", "--part", "all", cwd=project).err
    assert run("init", "no-such-dir", cwd=project).returncode == 2
    write(project, {".migralint.yml": "levle: info\n"})
    done = run("init", cwd=project)
    assert done.returncode == 2 and "did you mean `level`?" in done.err
