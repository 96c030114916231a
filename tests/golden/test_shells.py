"""The manual page before its formatters, and completions in the shells themselves."""

import os
import pty
import re
import select
import shutil
import subprocess
import time

import pytest
from conftest import PROGRAM, run, write


def need(program):
    if not shutil.which(program):
        pytest.skip("%s is not installed: run ./dev setup" % program)
    return program


def names(section, listing):
    """The commands or options that --help shows."""
    lines = listing.split("%s:\n" % section)[1].split("\n\n")[0].splitlines()
    return [line.split()[0] for line in lines if line.startswith("  ") and line[2] != " "]


COMMANDS = names("Commands", run("--help").out) if PROGRAM else []


def options_of(command):
    words = run(command, "--help").out.split("Options:\n")[1].split("\n\n")[0].split()
    return sorted({word for word in words if word.startswith("--")} & set(
        word for line in run(command, "--help").out.splitlines() if line.lstrip().startswith("-")
        for word in line.replace(",", " ").split()[:2] if word.startswith("--")))


@pytest.fixture
def place(tmp_path):
    """A directory with something to complete, and `migralint` on PATH."""
    write(tmp_path, {"work/blog/models.py": "", "work/setup file.py": "", "bin/migralint":
                     "#!/bin/sh\nexec '%s' \"$@\"\n" % PROGRAM})
    (tmp_path / "bin/migralint").chmod(0o755)
    for shell in ("bash", "zsh", "fish"):
        (tmp_path / shell).write_bytes(run("completion", shell).stdout)
    git = ["git", "-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgsign=false"]
    for words in (["init", "-q", "-b", "trunk"], ["commit", "-q", "--allow-empty", "-m", "first"]):
        subprocess.run(git + words, cwd=tmp_path / "work", check=True)
    return tmp_path


def in_place(place, *words):
    env = {**os.environ, "PATH": "%s:%s" % (place / "bin", os.environ["PATH"]), "HOME": str(place),
           "XDG_CONFIG_HOME": str(place)}
    done = subprocess.run(words, cwd=place / "work", env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=60, text=True)
    assert done.stderr == ""
    return done.stdout.splitlines()


# ---- the manual page ----


def test_manual_page_is_clean(tmp_path):
    page = tmp_path / "migralint.1"
    page.write_bytes(run("manual").stdout)
    done = subprocess.run([need("mandoc"), "-Tlint", "-Wwarning", page], stdout=subprocess.PIPE, text=True)
    # A date would make the page differ from build to build.
    assert [line for line in done.stdout.splitlines() if "missing date" not in line] == []
    done = subprocess.run([need("groff"), "-man", "-ww", "-Tutf8", page], stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_manual_page_has_everything(tmp_path):
    page = tmp_path / "migralint.1"
    page.write_bytes(run("manual").stdout)
    text = subprocess.run([need("mandoc"), "-Tutf8", "-O", "width=500", page], stdout=subprocess.PIPE, text=True,
                          env={**os.environ, "LC_ALL": "C.UTF-8"}).stdout
    text = text.replace("\b", "\0")
    while "\0" in text:  # overstrikes
        at = text.index("\0")
        text = text[:at - 1] + text[at + 1:]
    for command in COMMANDS:
        assert "\n   %s" % command in text, command
        for option in options_of(command):
            assert option in text, option


# ---- bash ----

BASH = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_migralint migralint "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""


def bash(place, *words):
    found = in_place(place, need("bash"), "-c", BASH, "bash", str(place / "bash"), "migralint", *words)
    return [word for word in found if word]


def test_bash_offers_commands_and_options(place):
    assert set(COMMANDS) <= set(bash(place, ""))
    assert bash(place, "chec") == ["check"]
    assert bash(place, "help", "explai") == ["explain"]
    for command in COMMANDS:
        assert sorted(bash(place, command, "--")) == options_of(command), command


def test_bash_offers_values(place):
    assert bash(place, "check", "--level", "") == ["error", "warning", "info"]
    assert bash(place, "check", "--format", "j") == ["json", "junit"]
    assert bash(place, "status", "-f", "") == ["text", "json"]
    assert bash(place, "check", "--format", "=", "sa") == ["sarif"]
    assert "sarif" in bash(place, "check", "--format", "=")
    assert bash(place, "check", "--base", "tr") == ["trunk"]
    assert bash(place, "completion", "z") == ["zsh"]


def test_bash_offers_rules(place):
    listed = run("rules").out.split()
    codes = [word for word in listed if word.startswith("MG") and word[2:].isdigit()]
    assert sorted(bash(place, "explain", "MG")) == sorted(set(codes))
    assert bash(place, "check", "--select", "MG102,MG101") == ["MG102,MG101"]


def test_bash_offers_files_where_they_belong(place):
    assert sorted(bash(place, "check", "")) == [".git", "blog", "setup file.py"]
    assert sorted(bash(place, "status", "")) == [".git", "blog"]
    assert bash(place, "facts", "blog/") == ["blog/models.py"]
    assert bash(place, "baseline", "") == ["create", "update", "prune"]
    assert bash(place, "baseline", "create", "blog/") == ["blog/models.py"]
    assert bash(place, "explain", "blog") == [] and bash(place, "rules", "") == []


def test_bash_takes_it_by_eval(place):
    line = 'eval "$(migralint completion bash)"; complete -p migralint'
    assert in_place(place, need("bash"), "-c", line) == ["complete -F _migralint migralint"]


# ---- fish ----


def fish(place, line):
    found = in_place(place, need("fish"), "--no-config", "-c",
                     "source %s; complete -C '%s'" % (place / "fish", line))
    return [entry.split("\t")[0] for entry in found]


def test_fish(place):
    assert set(COMMANDS) <= set(fish(place, "migralint "))
    for command in COMMANDS:
        offered = {word for word in fish(place, "migralint %s --" % command) if word.startswith("--")}
        assert sorted(offered) == options_of(command), command
    assert sorted(fish(place, "migralint check --level ")) == ["error", "info", "warning"]
    assert sorted(fish(place, "migralint check --format=j")) == ["--format=json", "--format=junit"]
    assert sorted(fish(place, "migralint status -f ")) == ["json", "text"]
    assert fish(place, "migralint check --base tr") == ["trunk"]
    assert "MG101" in fish(place, "migralint explain MG10")
    assert fish(place, "migralint check --select MG102,MG101") == ["MG102,MG101"]
    assert fish(place, "migralint check blog/mo") == ["blog/models.py"]
    assert fish(place, "migralint status b") == ["blog/"]
    assert fish(place, "migralint rules b") == []
    assert fish(place, "migralint baseline pr") == ["prune"]
    assert fish(place, "migralint baseline create blog/mo") == ["blog/models.py"]


# ---- zsh ----


def zsh(place, line):
    """What a terminal's zsh makes of the keys: `migralint` is a function there that prints its words."""
    try:
        child, terminal = pty.fork()
    except OSError as error:
        pytest.skip("zsh completes in a terminal only, and there is none to be had: %s" % error)
    if not child:
        os.chdir(place / "work")
        os.environ.update(PATH="%s:%s" % (place / "bin", os.environ["PATH"]), HOME=str(place), TERM="dumb", PS1="> ")
        os.execvp("zsh", ["zsh", "-f", "-i"])
    start = ("unsetopt zle_bracketed_paste; unset zle_bracketed_paste; autoload -Uz compinit && compinit -u -D; "
             "source %s; migralint() { print -r -- \"GO\"T\":${(j:|:)@}:\" }; print REA\"\"DY\n" % (place / "zsh"))
    seen = b""

    def wait(pattern):
        nonlocal seen
        end = time.monotonic() + 60
        while not re.search(pattern, seen):
            assert time.monotonic() < end, seen
            if select.select([terminal], [], [], 1)[0]:
                seen += os.read(terminal, 4096)
        return re.search(pattern, seen)

    try:
        os.write(terminal, start.encode())
        wait(b"READY")
        os.write(terminal, line.encode() + b"\n")
        return wait(b"GOT:([^:]*):").group(1).decode().split("|")
    finally:
        os.close(terminal)
        os.waitpid(child, 0)


@pytest.mark.parametrize("keys, words", [
    ("migralint chec\t--stat\t", ["check", "--statistics"]),
    ("migralint check --format sari\t", ["check", "--format", "sarif"]),
    ("migralint check --forma\tsari\t", ["check", "--format=sarif"]),
    ("migralint status -f j\t", ["status", "-f", "json"]),
    ("migralint check --base tr\t", ["check", "--base", "trunk"]),
    ("migralint explain MG101\t", ["explain", "MG101"]),
    ("migralint explain MG11\t4\t", ["explain", "MG114"]),
    ("migralint check --select MG102,MG114\t", ["check", "--select", "MG102,MG114"]),
    ("migralint check blog/mo\t", ["check", "blog/models.py"]),
    ("migralint status b\t", ["status", "blog"]),  # zsh takes the slash back at the line's end
    ("migralint completion fi\t", ["completion", "fish"]),
    ("migralint baseline cr\tblog/mo\t", ["baseline", "create", "blog/models.py"]),
    ("migralint help expl\t", ["help", "explain"]),
])
def test_zsh(place, keys, words):
    need("zsh")
    assert zsh(place, keys) == words


def test_zsh_finds_no_fault_in_it(place):
    assert in_place(place, need("zsh"), "-fn", str(place / "zsh")) == []


def test_other_shells_are_refused():
    done = run("completion", "tcsh")
    assert done.returncode == 2 and "one of bash|zsh|fish" in done.err
