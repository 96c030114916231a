"""What a user installs: the wheel in a new environment, the hook of a real pre-commit, the Debian package."""

import os
import pathlib
import shutil
import subprocess
import sys
import textwrap
import zipfile

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TOOLS = pathlib.Path(os.environ.get("MIGRALINT_VENVS", ROOT / ".venvs")) / "package" / "bin"
BROKEN = ROOT / "tests" / "projects" / "broken-chain"
HEALTHY = ROOT / "tests" / "projects" / "healthy"
IDENTITY = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgsign=false")

pytestmark = pytest.mark.skipif(not (TOOLS / "pip").exists(), reason="no environment `package`: run ./dev setup")


def clean(**more):
    """The environment without what this test runs in, and with the tools of `package`."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "VIRTUAL_ENV", "PYTHON"))}
    return {**kept, "PATH": "%s:%s" % (TOOLS, kept["PATH"]), **more}


def run(*words, cwd, ok=True, **env):
    done = subprocess.run([os.fspath(word) for word in words], cwd=cwd, env=clean(**env), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=900)
    assert not ok or done.returncode == 0, done.stdout
    return done


def git(*words, cwd, **options):
    return run("git", *IDENTITY, *words, cwd=cwd, **options)


@pytest.fixture(scope="session")
def source(tmp_path_factory):
    """The tree as it is now, committed: what pre-commit clones, and a build that leaves nothing here."""
    target = tmp_path_factory.mktemp("source") / "migralint"
    listing = subprocess.run(["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT, check=True,
                             stdout=subprocess.PIPE).stdout
    for name in filter(None, listing.decode().split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    git("init", "-q", "-b", "main", ".", cwd=target)
    git("add", "-A", cwd=target)
    git("commit", "-qm", "as it is", cwd=target)
    shutil.copytree(ROOT / "grammar" / "node_modules", target / "grammar" / "node_modules")
    return target


@pytest.fixture(scope="session")
def wheel(source, tmp_path_factory):
    work = tmp_path_factory.mktemp("wheel")
    run("pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", work / "made", ".", cwd=source)
    run("auditwheel", "repair", "-w", work / "repaired", *(work / "made").glob("*.whl"), cwd=work)
    (made,) = (work / "repaired").glob("*.whl")
    return made


def test_wheel_holds_the_program_and_needs_libc_only(wheel, tmp_path):
    name, version, python, abi, platform = wheel.stem.split("-")
    assert (name, python, abi) == ("migralint", "py3", "none")
    assert platform.startswith("manylinux_2_")
    with zipfile.ZipFile(wheel) as archive:
        files = [entry for entry in archive.namelist() if ".dist-info/" not in entry and not entry.endswith("/")]
        data = "migralint-%s.data/" % version
        assert sorted(files) == [data + name for name in (
            "data/share/bash-completion/completions/migralint",
            "data/share/fish/vendor_completions.d/migralint.fish",
            "data/share/man/man1/migralint.1",
            "data/share/zsh/site-functions/_migralint",
            "scripts/migralint")]
        program = archive.extract(data + "scripts/migralint", tmp_path)
    dynamic = run("readelf", "-d", program, cwd=tmp_path).stdout
    assert [line.split("[")[1] for line in dynamic.splitlines() if "(NEEDED)" in line] == ["libc.so.6]"]


def test_wheel_in_a_new_environment(wheel, tmp_path):
    run(sys.executable, "-m", "venv", tmp_path / "env", cwd=tmp_path)
    run(tmp_path / "env/bin/pip", "install", "--no-index", wheel, cwd=tmp_path)
    program = tmp_path / "env/bin/migralint"
    assert run(program, "--version", cwd=tmp_path).stdout == "migralint %s\n" % wheel.stem.split("-")[1]
    found = run(program, "check", ".", cwd=BROKEN, ok=False)
    assert found.returncode == 1 and "error MG101" in found.stdout
    assert run(program, "check", ".", cwd=HEALTHY).returncode == 0


def with_hook(project, source, hook, *arguments):
    """A repository of the healthy project whose pre-commit configuration names a hook of `source`."""
    shutil.copytree(HEALTHY, project)
    revision = git("rev-parse", "HEAD", cwd=source).stdout.strip()
    (project / ".pre-commit-config.yaml").write_text(
        "repos:\n- repo: %s\n  rev: %s\n  hooks:\n  - id: %s\n" % (source, revision, hook)
        + ("    args: [%s]\n" % ", ".join(arguments) if arguments else ""))
    git("init", "-q", "-b", "main", ".", cwd=project)
    git("add", "-A", cwd=project)
    git("commit", "-qm", "sound", cwd=project)
    return project


@pytest.fixture
def repository(source, tmp_path):
    return with_hook(tmp_path / "project", source, "migralint")


def test_action_installs_the_wheel(wheel, tmp_path):
    """The step of action.yml as a runner carries it out, with an index that has this wheel and nothing else."""
    text = (ROOT / "action.yml").read_text()
    script = textwrap.dedent(text.split("      run: |\n")[1].split("\n    - name:")[0])
    (tmp_path / "script.sh").write_text(script)
    runner = {"RUNNER_TEMP": str(tmp_path / "runner"), "GITHUB_PATH": str(tmp_path / "path"), "RUNNER_OS": "Linux",
              "PYTHON": sys.executable, "VERSION": wheel.stem.split("-")[1], "PIP_NO_INDEX": "1",
              "PIP_FIND_LINKS": str(wheel.parent)}

    def install(**more):
        return run("bash", "--noprofile", "--norc", "-eo", "pipefail", tmp_path / "script.sh", cwd=tmp_path, ok=False,
                   **{**runner, **more})

    for again in (False, True):
        assert install().returncode == 0, again
    directory = pathlib.Path((tmp_path / "path").read_text().splitlines()[0])
    assert [entry.name for entry in directory.iterdir()] == ["migralint"], "no python that later steps would find"
    assert run(directory / "migralint", "--version", cwd=tmp_path).stdout == "migralint %s\n" % runner["VERSION"]
    assert "Linux runners" in install(RUNNER_OS="Windows").stdout
    assert install(VERSION="0.0.0").returncode != 0
    assert install(VERSION='1"; touch x; "').returncode != 0 and not (tmp_path / "x").exists()


@pytest.fixture(scope="session")
def hooks(tmp_path_factory):
    """Where pre-commit keeps what it has built; unoptimised, since it is built for a single run."""
    return {"PRE_COMMIT_HOME": str(tmp_path_factory.mktemp("pre-commit")), "SKBUILD_CMAKE_BUILD_TYPE": "None"}


def break_it(project):
    """A migration whose parent was never committed."""
    (project / "catalog/migrations/0009_lost.py").write_text(
        "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
        "    dependencies = [('catalog', '0008_never_committed')]\n    operations = []\n")


def test_hook_of_a_real_pre_commit(repository, hooks):
    passed = run("pre-commit", "run", "--all-files", cwd=repository, **hooks)
    assert "Passed" in passed.stdout
    break_it(repository)
    git("add", "-A", cwd=repository)
    failed = run("pre-commit", "run", cwd=repository, ok=False, **hooks)
    assert failed.returncode == 1
    assert "MG101" in failed.stdout and "0008_never_committed" in failed.stdout


def test_hook_stops_a_commit(repository, hooks):
    run("pre-commit", "install", cwd=repository, **hooks)
    (repository / "notes.txt").write_text("nothing to lint\n")
    git("add", "-A", cwd=repository)
    git("commit", "-m", "notes", cwd=repository, **hooks)
    head = git("rev-parse", "HEAD", cwd=repository).stdout
    git("rm", "-q", "catalog/migrations/0003_book_isbn.py", cwd=repository)
    stopped = git("commit", "-m", "delete what others build on", cwd=repository, ok=False, **hooks)
    assert stopped.returncode == 1 and "MG101" in stopped.stdout
    assert git("rev-parse", "HEAD", cwd=repository).stdout == head


def second_leaf(project, name):
    """A migration beside the last one, staged."""
    (project / "catalog/migrations" / name).write_text(
        "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
        "    dependencies = [('catalog', '0001_initial')]\n    operations = []\n")
    git("add", "-A", cwd=project)


def commit(project, hooks, *words):
    return git("commit", "-qm", "change", *words, cwd=project, ok=False, **hooks)


def test_hook_of_what_a_branch_adds(source, hooks, tmp_path):
    """In a clone, whose origin/HEAD is the branch that work is merged into."""
    origin = with_hook(tmp_path / "origin", source, "migralint-base")
    break_it(origin)
    git("add", "-A", cwd=origin)
    git("commit", "-qm", "not sound", cwd=origin)
    clone = tmp_path / "clone"
    git("clone", "-q", origin, clone, cwd=tmp_path)
    git("checkout", "-q", "-b", "branch", cwd=clone)
    run("pre-commit", "install", cwd=clone, **hooks)
    assert "Passed" in run("pre-commit", "run", "--all-files", cwd=clone, **hooks).stdout
    (clone / "notes.txt").write_text("nothing to lint\n")
    git("add", "-A", cwd=clone)
    assert commit(clone, hooks).returncode == 0, "silent about what was there before the branch"
    head = git("rev-parse", "HEAD", cwd=clone).stdout
    second_leaf(clone, "0004_second.py")
    stopped = commit(clone, hooks)
    assert stopped.returncode == 1 and "MG103" in stopped.stdout and "MG101" not in stopped.stdout
    assert git("rev-parse", "HEAD", cwd=clone).stdout == head
    # The same as a part of the work tree, for which git makes an index of its own.
    stopped = commit(clone, hooks, "catalog/migrations/0004_second.py")
    assert stopped.returncode == 1 and "MG103" in stopped.stdout


def test_hook_of_what_is_staged(source, hooks, tmp_path):
    """A second leaf that lies there, unknown to git, is not in the commit. For a commit of a part of the work tree git
    makes an index of its own."""
    project = with_hook(tmp_path / "project", source, "migralint", "--staged")
    run("pre-commit", "install", cwd=project, **hooks)
    second_leaf(project, "0004_second.py")
    git("reset", "-q", cwd=project)
    (project / "notes.txt").write_text("nothing to lint\n")
    git("add", "notes.txt", cwd=project)
    assert commit(project, hooks).returncode == 0
    (project / "notes.txt").write_text("nothing either\n")
    git("add", "-A", cwd=project)
    assert commit(project, hooks, "notes.txt").returncode == 0
    stopped = commit(project, hooks)
    assert stopped.returncode == 1 and "MG103" in stopped.stdout


def test_hook_that_init_writes(source, hooks, tmp_path):
    """With git taking `source`, tagged as a release is, for the address of the project."""
    if "MIGRALINT" not in os.environ:
        pytest.skip("MIGRALINT does not name the program")
    version = run(os.environ["MIGRALINT"], "--version", cwd=tmp_path).stdout.split()[1]
    git("tag", "-f", "v" + version, cwd=source)
    project = tmp_path / "project"
    shutil.copytree(HEALTHY, project)
    git("init", "-q", "-b", "main", ".", cwd=project)
    run(os.environ["MIGRALINT"], "init", "--write", cwd=project)
    git("add", "-A", cwd=project)
    git("commit", "-qm", "sound", cwd=project)
    instead = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "url.%s.insteadOf" % source,
               "GIT_CONFIG_VALUE_0": "https://github.com/migralint/migralint"}
    run("pre-commit", "install", cwd=project, **hooks)
    assert "Passed" in run("pre-commit", "run", "--all-files", cwd=project, **hooks, **instead).stdout
    second_leaf(project, "0004_second.py")
    stopped = commit(project, {**hooks, **instead})
    assert stopped.returncode == 1 and "MG103" in stopped.stdout


def test_hook_of_what_a_branch_adds_before_a_push(source, hooks, tmp_path):
    """And with the branch named, and options behind it."""
    project = with_hook(tmp_path / "project", source, "migralint-base", "origin/develop", "--ignore=MG102")
    git("init", "-q", "--bare", tmp_path / "origin", cwd=tmp_path)
    git("remote", "add", "origin", tmp_path / "origin", cwd=project)
    git("push", "-q", "origin", "main:develop", cwd=project)
    run("pre-commit", "install", "--hook-type", "pre-push", cwd=project, **hooks)
    (project / "notes.txt").write_text("nothing to lint\n")
    git("add", "-A", cwd=project)
    git("commit", "-qm", "notes", cwd=project)
    assert "Passed" in git("push", "origin", "main", cwd=project, **hooks).stdout
    second_leaf(project, "0004_second.py")
    git("commit", "-qm", "a second leaf", cwd=project)
    stopped = git("push", "origin", "main", cwd=project, ok=False, **hooks)
    assert stopped.returncode == 1 and "MG103" in stopped.stdout
    pushed = git("ls-remote", "origin", "main", cwd=project).stdout.split()[0]
    assert pushed == git("rev-parse", "HEAD^", cwd=project).stdout.strip()


def test_hook_without_the_branch_says_what_is_missing(source, hooks, tmp_path):
    project = with_hook(tmp_path / "project", source, "migralint-base")
    failed = run("pre-commit", "run", "--all-files", cwd=project, ok=False, **hooks)
    assert failed.returncode == 1 and "migralint: git has no commit `origin/HEAD`" in failed.stdout
    git("remote", "add", "origin", tmp_path, cwd=project)
    failed = run("pre-commit", "run", "--all-files", cwd=project, ok=False, **hooks)
    assert "`git remote set-head origin --auto` finds out which branch that is" in failed.stdout


def test_debian_package(source, tmp_path):
    if not shutil.which("dpkg-shlibdeps"):
        pytest.skip("dpkg-shlibdeps is not installed")
    build = tmp_path / "build"
    run("cmake", "-G", "Ninja", "-S", source, "-B", build, "-DCMAKE_BUILD_TYPE=None",
        "-DBUILD_TESTING=OFF", cwd=tmp_path)
    run("cmake", "--build", build, "--target", "extras", cwd=tmp_path)
    run("cpack", "-G", "DEB", cwd=build)
    (package,) = build.glob("*.deb")
    fields = dict(line.strip().split(": ", 1) for line in
                  run("dpkg-deb", "-f", package, cwd=tmp_path).stdout.splitlines() if ": " in line)
    assert fields["Package"] == "migralint"
    needed = {entry.split()[0] for entry in fields["Depends"].split(",")}
    assert needed == {"libc6", "libyaml-0-2", "libjansson4", "libmd0"}
    assert fields["Recommends"] == "libgvc6"
    run("dpkg-deb", "-x", package, tmp_path / "root", cwd=tmp_path)
    for name in ("man/man1/migralint.1", "bash-completion/completions/migralint", "zsh/vendor-completions/_migralint",
                 "fish/vendor_completions.d/migralint.fish"):
        assert "migralint" in (tmp_path / "root/usr/share" / name).read_text()
    assert run(tmp_path / "root/usr/bin/migralint", "check", ".", cwd=BROKEN, ok=False).returncode == 1
