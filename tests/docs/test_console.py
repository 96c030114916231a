"""What blocks marked `console` show is what the commands in them print.

`<!-- project: NAME -->` before the first of them says in which sample the commands run; `<!-- project: NAME, in git -->`
that it is committed there. The blocks of a page run one after the other in a copy, until another such comment. A
line that holds only `…` stands for any lines; times and names of commits are not compared.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import PAGES, PROGRAM, ROOT, page_id

GIT = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "Ann", "GIT_AUTHOR_EMAIL": "ann@example.org",
       "GIT_COMMITTER_NAME": "Ann", "GIT_COMMITTER_EMAIL": "ann@example.org",
       "GIT_AUTHOR_DATE": "2026-03-02T12:00:00Z", "GIT_COMMITTER_DATE": "2026-03-02T12:00:00Z"}
MARK = re.compile(r"^<!-- project: ([\w-]+)(, in git)? -->\n|^```console\n(.*?)^```$", flags=re.M | re.S)


def steps(page):
    """(project, in git, None) and (None, False, block), in the order of the page."""
    return [match.groups() for match in MARK.finditer(page.read_text(encoding="utf-8"))]


SHOWING = [page for page in PAGES if "```console" in page.read_text(encoding="utf-8")]


def commands(block):
    """What follows `$ ` or `> `, and the lines that it prints."""
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        lines = part.rstrip("\n").split("\n")
        more = 1
        while more < len(lines) and lines[more].startswith("> "):
            more += 1
        yield "\n".join([lines[0], *(line[2:] for line in lines[1:more])]), lines[more:]


def same_everywhere(text):
    text = re.sub(r"\b\d+(\.\d)? m?s$", "TIME", text, flags=re.M)
    return re.sub(r"\b(?=[0-9a-f]*\d)[0-9a-f]{7,40}\b", "COMMIT", text)


def matches(expected, printed):
    pattern = ""
    for line in same_everywhere("\n".join(expected)).split("\n"):
        pattern += "(?:.*\n)*?" if line.strip() == "…" else re.escape(line) + "\n"
    return re.fullmatch(pattern if expected else "", same_everywhere(printed))


@pytest.fixture
def place(tmp_path):
    program = tmp_path / "bin" / "migralint"
    program.parent.mkdir()
    program.symlink_to(Path(PROGRAM or pytest.skip("MIGRALINT does not name the program")).resolve())
    env = {**os.environ, **GIT, "HOME": str(tmp_path), "PATH": "%s:%s" % (program.parent, os.environ["PATH"])}
    for name in ("VIRTUAL_ENV", "NO_COLOR"):
        env.pop(name, None)

    def shell(command, cwd):
        done = subprocess.run(["sh", "-c", command], cwd=cwd, env=env, stdin=subprocess.DEVNULL, timeout=60,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.stdout.decode("utf-8")

    def project(name, in_git):
        copy = tmp_path / name
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(ROOT / "tests" / "projects" / name, copy)
        if in_git:
            shell("git init -q -b main && git add -A && git commit -q -m start", copy)
        return copy

    return shell, project


@pytest.mark.parametrize("page", SHOWING, ids=page_id)
def test_output_is_what_the_commands_print(page, place):
    shell, project = place
    cwd, shown = None, 0
    for name, in_git, block in steps(page):
        if name:
            cwd = project(name, in_git)
            continue
        assert cwd, "no <!-- project: … --> before the first block"
        for command, expected in commands(block):
            printed = shell(command, cwd)
            assert matches(expected, printed), "$ %s\n%s" % (command, printed)
            shown += len(expected)
    assert shown, "nothing is shown"


def test_pages_that_show_output_are_found():
    assert {"README.md", "docs/start.md"} <= set(map(page_id, SHOWING))
    for page in SHOWING:
        blocks = [block for _, _, block in steps(page) if block is not None]
        assert len(blocks) == page.read_text(encoding="utf-8").count("```console\n"), page


@pytest.mark.parametrize("expected, printed, same", [
    (["a", "…", "c"], "a\nb\nb\nc\n", True),
    (["a", "…", "c"], "a\nb\n", False),
    (["a"], "a\nb\n", False),
    (["took 12 ms"], "took 1.5 s\n", True),
    (["got 0a1b2c3d"], "got 4d5e6f70\n", True),
    (["got deadbeef"], "got feedface\n", False),
    ([], "", True),
    ([], "a\n", False),
])
def test_comparing(expected, printed, same):
    assert bool(matches(expected, printed)) == same
