"""Options, paths, output, exit codes, and what happens to wrong input."""

import json
import os
import subprocess

import pytest
from conftest import MIGRATION, PROGRAM, run, write


def findings_in(directory, *words):
    return json.loads(run("check", "--format", "json", *words, cwd=directory).out)["findings"]


# ---- usage ----


@pytest.mark.parametrize("words, said", [
    (["chek"], "did you mean `check`?"),
    (["check", "--selct", "MG1"], "did you mean `--select`?"),
    (["check", "--select"], "--select needs a value"),
    (["check", "--select", "MG999"], "there is no rule `MG999`"),
    (["check", "--select", "missing-initt"], "did you mean `missing-init`?"),
    (["check", "--level", "loud"], "one of error|warning|info"),
    (["check", "--format", "xml"], "one of text|concise|json"),
    (["check", "--django", "five"], "no version of Django"),
    (["check", "--severity", "MG001=loud"], "error|warning|info|off"),
    (["check", "--statistics=yes"], "--statistics takes no value"),
    (["check", "no-such-thing"], "no-such-thing: no such file or directory"),
    (["check", "--rules", "no-such-dir"], "no-such-dir: no such directory"),
    (["check", "--rules", "healthy"], "healthy: no rule files"),
    (["rules", "--rules", "healthy"], "healthy: no rule files"),
    (["check", "--config", "no-such.toml"], "no-such.toml: no such file"),
    (["status", "--select", "MG1"], "`status` has no option"),
    (["plan", "--app", "nobody", "healthy"], "there is no app `nobody`"),
    (["explain"], "needs RULE"),
    (["explain", "MG9999"], "there is no rule `MG9999`"),
    (["facts", "a", "b"], "no further argument `b`"),
    (["facts", "no-such.py"], "no-such.py: no such file"),
    (["--select", "MG1"], "stands before a command"),
    (["healthy"], "did you mean `migralint check healthy`?"),
])
def test_wrong_usage(words, said):
    done = run(*words)
    assert done.returncode == 2
    assert done.out == ""
    assert said in done.err
    assert done.err.count("\n") == 1 and done.err.startswith("migralint: ")


def test_alone_it_helps():
    for words in [[], ["--help"], ["help"]]:
        done = run(*words)
        assert done.returncode == 0
        assert "migralint check" in done.out
    assert run("help", "plan").out == run("plan", "--help").out
    assert run("--version").out.startswith("migralint ")


# ---- exit codes ----


def test_exit_codes(shop):
    assert run("check", cwd=shop).returncode == 1
    assert run("check", "--fail-on", "never", cwd=shop).returncode == 0
    assert run("check", "--ignore", "MG0", cwd=shop).returncode == 0
    assert run("check", "--severity", "MG001=warning", cwd=shop).returncode == 0
    assert run("check", "--severity", "MG001=warning", "--fail-on", "warning",
               cwd=shop).returncode == 1


def test_standard_output_that_cannot_be_written(shop):
    with open("/dev/full", "wb") as full:
        done = subprocess.run([PROGRAM, "check"], cwd=shop, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 3
    assert done.stderr == b"migralint: cannot write to standard output: No space left on device\n"
    done = subprocess.run(["sh", "-c", '"$0" check >&-', PROGRAM], cwd=shop,
                          stderr=subprocess.PIPE)
    assert done.returncode == 3


# ---- output ----


def test_a_file_that_may_not_grow_leaves_nothing(shop):
    before = sorted(shop.iterdir())
    done = subprocess.run(["sh", "-c", 'ulimit -f 0; "$0" check -o report.txt', PROGRAM], cwd=shop,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert (done.returncode, done.stdout) == (3, b"")
    assert done.stderr == b"migralint: cannot write to report.txt: File too large\n"
    assert sorted(shop.iterdir()) == before


def test_output_file_is_all_or_nothing(shop):
    target = shop / "out.json"
    target.write_text("old")
    done = run("check", "--format", "json", "--output", target, cwd=shop)
    assert (done.returncode, done.out) == (1, "")
    assert json.loads(target.read_text())["summary"]["errors"] == 1
    assert sorted(p.name for p in shop.iterdir()) == ["manage.py", "out.json", "shop"]
    done = run("check", "--output", "no/such/dir/out", cwd=shop)
    assert done.returncode == 3 and "cannot write to no/such/dir/out" in done.err


def test_output_follows_links_and_devices(shop):
    (shop / "real.txt").write_text("old")
    (shop / "link.txt").symlink_to("real.txt")
    run("check", "--output", "link.txt", cwd=shop)
    assert (shop / "link.txt").is_symlink() and "Found" in (shop / "real.txt").read_text()
    assert "Found" in run("check", "--output", "/dev/stdout", cwd=shop).out


def test_several_outputs(shop):
    done = run("check", "--output", "sarif=out.sarif", "-o", "junit=out.xml", cwd=shop)
    assert done.returncode == 1
    assert done.out.startswith("shop/migrations/0002_broken.py:1:"), "as ever on standard output"
    assert (shop / "out.sarif").read_text() == run("check", "-f", "sarif", cwd=shop).out
    assert (shop / "out.xml").read_text() == run("check", "-f", "junit", cwd=shop).out
    done = run("check", "--output", "github=-", "--output", "json=out.json", cwd=shop)
    assert done.out == run("check", "-f", "github", cwd=shop).out
    assert json.loads((shop / "out.json").read_text())["summary"]["errors"] == 1
    done = run("check", "-f", "concise", "-o", "rest.txt", "-o", "gitlab=q.json", cwd=shop)
    assert done.out == "" and "MG001" in (shop / "rest.txt").read_text()


def test_a_file_whose_name_has_an_equals_sign(shop):
    assert run("check", "--output", "a=b", cwd=shop).out == ""
    assert "MG001" in (shop / "a=b").read_text()
    run("check", "--output", "text=a=c", cwd=shop)
    assert "MG001" in (shop / "a=c").read_text()


@pytest.mark.parametrize("words, said", [
    (["-o", "sarif=-", "-o", "github=-"], "standard output cannot get both sarif and github"),
    (["-o", "sarif=x", "-o", "json=x"], "x cannot get both sarif and json"),
    (["-f", "json", "-o", "github=-"], "standard output cannot get both github and json"),
    (["-f", "json", "-o", "-", "-o", "github=-"], "standard output cannot get both github and json"),
    (["-o", "sarif="], "--output: sarif= names no file"),
])
def test_outputs_that_want_the_same_place(shop, words, said):
    before = sorted(shop.iterdir())
    done = run("check", *words, cwd=shop)
    assert (done.returncode, done.out, done.err) == (2, "", "migralint: %s\n" % said)
    assert sorted(shop.iterdir()) == before, "nothing was written"


def test_one_output_that_fails_does_not_keep_the_others(shop):
    done = run("check", "-o", "sarif=no/such/dir", "-o", "json=out.json", cwd=shop)
    assert done.returncode == 3 and "cannot write to no/such/dir" in done.err
    assert "MG001" in done.out and (shop / "out.json").exists()


def test_color(shop):
    assert "\033[" not in run("check", cwd=shop).out
    colored = run("check", "--color", "always", cwd=shop, env={"NO_COLOR": "1"}).out
    assert "\033[1;31m" in colored


def test_statistics(shop):
    assert "     1  MG001   syntax-error\n" in run("check", "--statistics", cwd=shop).out


def test_same_input_same_bytes(shop):
    outs = {run("check", "--format", "json", cwd=shop).stdout for _ in range(3)}
    assert len(outs) == 1


# ---- paths ----


def test_paths_in_text_can_be_opened_from_here(shop):
    out = run("check", "--format", "concise", shop.name, cwd=shop.parent).out
    assert out.startswith("%s/shop/migrations/0002_broken.py:1:" % shop.name)
    out = run("check", "--format", "concise", "..", cwd=shop / "shop").out
    assert out.startswith("../shop/migrations/0002_broken.py:1:")


def test_files_limit_findings_not_the_analysis(shop):
    broken = "shop/migrations/0002_broken.py"
    findings = json.loads(run("check", "--format", "json", broken, cwd=shop).out)["findings"]
    assert {f["path"] for f in findings} == {broken}
    done = run("check", "--format", "json", "shop/migrations/0001_initial.py", cwd=shop)
    assert json.loads(done.out)["findings"] == []
    assert json.loads(done.out)["summary"]["migrations"] == 2
    assert run("check", "shop/migrations/0001_initial.py", broken, cwd=shop).returncode == 1
    done = run("check", "notes.txt", cwd=shop)
    (shop / "notes.txt").write_text("")
    assert "neither a directory nor a .py file" in run("check", "notes.txt", cwd=shop).err


def test_a_migrations_folder_is_half_of_an_app(shop):
    folder = shop / "shop/migrations"
    expected = findings_in(shop)
    assert expected
    assert findings_in(shop, "shop/migrations") == findings_in(shop, folder) == expected
    assert findings_in(folder) == findings_in(folder, ".") == expected
    (shop / "manage.py").unlink()  # nothing says where the project begins
    assert len(findings_in(folder)) == len(findings_in(shop, "shop/migrations")) == 1


def test_paths_with_nothing_in_common(shop):
    done = run("check", "shop", "/usr", cwd=shop)
    assert (done.returncode, done.out) == (2, "")
    assert done.err == "migralint: the paths given have no directory in common but /\n"


def test_nothing_to_check_is_said(tmp_path):
    done = run("check", tmp_path)
    assert done.returncode == 0
    assert "no Django migrations found" in done.err


def test_exclude(shop):
    assert run("check", "--exclude", "shop", cwd=shop).returncode == 0
    assert run("check", "--exclude", "*_broken.py", cwd=shop).returncode == 0


def test_git_ignored(shop):
    write(shop, {".gitignore": "/old/\n"})
    for name in ["__init__.py", "models.py", "migrations/__init__.py",
                 "migrations/0001_initial.py"]:
        write(shop, {"old/deep/" + name: "("})
    subprocess.run(["git", "init", "-q"], cwd=shop, check=True)
    status = json.loads(run("status", "--format", "json", cwd=shop).out)
    assert [a["label"] for p in status["projects"] for a in p["apps"]] == ["shop"]
    # Named on the command line, an ignored directory is looked at.
    assert run("check", "old", cwd=shop).returncode == 1


def test_git_that_does_not_answer_is_said(shop):
    (shop / ".git").mkdir()
    said = "migralint: warning: git does not say which files it ignores; none are left out\n"
    for env in [{}, {"PATH": "/nowhere"}]:
        done = run("check", cwd=shop, env=env)
        assert (done.returncode, done.err) == (1, said)
        assert run("check", "--no-git", cwd=shop, env=env).err == ""
    subprocess.run(["git", "init", "-q"], cwd=shop, check=True)
    assert run("check", cwd=shop).err == ""
    assert run("check", cwd=shop, env={"PATH": "/nowhere"}).err == said


def test_unreadable_directory_is_said(shop):
    if os.geteuid() == 0:
        pytest.skip("root can read everything")
    write(shop, {"locked/a.py": ""})
    (shop / "locked").chmod(0)
    try:
        assert "locked: not looked at" in run("check", cwd=shop).err
    finally:
        (shop / "locked").chmod(0o755)


# ---- hostile input ----


def test_terminal_escapes_do_not_get_through(shop):
    bad = shop / "shop/migrations"
    (bad / "0003_\033[31mred.py").write_text("class Migration(\033]0;title\007\n")
    (bad / "0004_b.py").write_bytes(b"x = (\xe2\x80\xae\xff\x00\n")
    for form in ["text", "concise"]:
        out = run("check", "--format", form, "--level", "info", cwd=shop).stdout
        assert b"\033" not in out and b"\007" not in out and b"\xe2\x80\xae" not in out
    assert "\033" not in run("status", cwd=shop).out + run("plan", cwd=shop).out


def test_names_that_are_not_utf8(shop):
    name = os.fsencode(shop / "shop/migrations") + b"/0003_\xff\xfe.py"
    with open(name, "w") as file:
        file.write("class Migration(")
    for command in ["check", "status", "plan", "graph"]:
        done = run(command, "--format", "json", cwd=shop)
        json.loads(done.out)
    assert "0003_\\xff\\xfe" in run("graph", cwd=shop).out


@pytest.mark.parametrize("content", [b"x = '\xff\xfe'\n", b"x = 1\0\n"])
def test_an_only_migration_that_cannot_be_read(tmp_path, content):
    write(tmp_path, {"shop/__init__.py": "", "shop/models.py": "",
                     "shop/migrations/__init__.py": ""})
    (tmp_path / "shop/migrations/0001_initial.py").write_bytes(content)
    findings = findings_in(tmp_path)
    assert [(f["code"], f["path"]) for f in findings] == [
        ("MG001", "shop/migrations/0001_initial.py")]


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("nowhere"),
                                  lambda path: path.symlink_to(path.name), os.mkdir],
                         ids=["pipe", "dangling", "loop", "directory"])
def test_migrations_that_are_no_files(shop, make):
    odd = shop / "shop/migrations/0002_broken.py"
    odd.unlink()
    make(odd)
    finding, = findings_in(shop)
    assert (finding["code"], finding["path"]) == ("MG001", "shop/migrations/0002_broken.py")
    assert str(shop) not in json.dumps(finding), "the same on every machine"
    for command in ["status", "plan", "graph"]:
        assert run(command, cwd=shop).returncode == 0


def test_long_lines_are_cut_around_the_span(shop):
    text = "x = [" + "1, " * 50000 + "class, " + "2, " * 50000 + "]\n"
    write(shop, {"shop/migrations/0003_long.py": text})
    out = run("check", cwd=shop).out
    assert max(len(line) for line in out.splitlines()) < 200


def test_facts_of_anything(tmp_path):
    for i, content in enumerate([b"", b"\0", b"\xef\xbb\xbfx = 1\r\n", b"x = " + b"[" * 10000,
                                 b"\xff\xfe"]):
        path = tmp_path / ("%d.py" % i)
        path.write_bytes(content)
        assert run("facts", path).returncode == 0
        json.loads(run("facts", "--format", "json", path).out)


def test_many_projects_are_kept_apart(tmp_path):
    for name in ["one", "two"]:
        write(tmp_path, {
            name + "/manage.py": 'os.environ["DJANGO_SETTINGS_MODULE"] = "settings"\n',
            name + "/shop/__init__.py": "",
            name + "/shop/models.py": "",
            name + "/shop/migrations/__init__.py": "",
            name + "/shop/migrations/0001_initial.py": MIGRATION % "",
        })
    projects = json.loads(run("graph", "--format", "json", tmp_path).out)["projects"]
    assert [p["root"] for p in projects] == ["one", "two"]
    assert "# project two\nshop.0001_initial\n" in run("plan", tmp_path).out


OWN_RULE = """code: ACME1
name: raw-sql
severity: warning
summary: "SQL"
match: {operation: RunSQL}
bad:
  - |
    migrations.RunSQL("SELECT 1"),  # expect
good:
  - |
    migrations.RunPython(forwards),
"""


@pytest.mark.parametrize("below, words", [("rules", ["rules"]), ("rules", ["./rules/"]), (".", ["."]), ("acme", ["acme"])])
def test_only_rules_of_the_directory_are_tested(tmp_path, below, words):
    """Whatever it is called: migralint's own lie below rules/, too."""
    write(tmp_path, {"%s/own.yaml" % below: OWN_RULE})
    done = run("test-rules", *words, cwd=tmp_path)
    assert (done.returncode, done.out) == (0, "2 examples run, 0 failed\n")
