"""What the pages say, against the program itself. MIGRALINT names the program."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("MIGRALINT")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("tests/projects/*/*.md")])


def run(*words, cwd=ROOT):
    if not PROGRAM:
        pytest.skip("MIGRALINT does not name the program")
    done = subprocess.run([PROGRAM, *words], cwd=cwd, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    assert b"Sanitizer" not in done.stderr, done.stderr.decode(errors="replace")
    return done.stdout.decode()


def page_id(page):
    return str(page.relative_to(ROOT))


def without_code(text):
    """Fenced blocks become empty lines, so that lines keep their numbers; comments go."""
    lines, fenced = [], False
    for line in text.splitlines():
        if line.startswith("```"):
            fenced = not fenced
            line = ""
        lines.append("" if fenced else line)
    return re.sub(r"<!--.*?-->", "", "\n".join(lines), flags=re.S)
