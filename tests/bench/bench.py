"""Speed as ratios, measured side by side in one run on the same files.

    ./dev bench              two generated projects, Django beside us on the smaller one; then
                             how time and memory grow with the project
    ./dev bench DIRECTORY    any project, parsed and never executed

Each command runs in turn, several rounds, and the best round of each counts:
what disturbs a round only ever makes it slower. Times are processor time, all
of it on one thread.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

import projects

PICTURES = "json", "dot", "svg", "html"
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))


def run(helper, command, cwd, stdin=None):
    """Seconds and peak memory in MB of one run."""
    done = subprocess.run([helper, "run", *command], cwd=cwd, input=stdin or b"", stdout=subprocess.PIPE)
    code, seconds, memory = done.stdout.split()
    if int(code) not in (0, 1):
        sys.exit(f"{command[0]} ended with {int(code)}")
    return float(seconds), int(memory) / 1024


def programs():
    program = os.path.abspath(os.environ["MIGRALINT"])
    return program, os.path.abspath(os.path.join(os.environ["BENCH_PROGRAMS"], "bench_files"))


def compare(title, root, django=None):
    program, helper = programs()
    listing = subprocess.run([helper, "list", str(root)], stdout=subprocess.PIPE, check=True).stdout
    files = listing.decode().splitlines()
    size = sum(os.path.getsize(path) for path in files)
    commands = {
        "bare reading": ([helper, "read"], listing),
        "bare parsing": ([helper, "parse"], listing),
        "migralint plan": ([program, "plan", "--format", "json", str(root)], None),
        "migralint check": ([program, "check", "--format", "json", str(root)], None),
    }
    for picture in PICTURES:
        commands["graph " + picture] = ([program, "graph", "--format", picture, str(root)], None)
    if (pathlib.Path(root) / ".git").exists():  # what the versions of a merge cost beside one
        commands["check --base HEAD^"] = ([program, "check", "--base", "HEAD^", str(root)], None)
    if django:
        commands["makemigrations --check"] = ([django, "manage.py", "makemigrations", "--check"], None)
    best = {}
    for round_number in range(ROUNDS):
        for name, (command, stdin) in commands.items():
            if name.startswith("make") and round_number:
                continue
            seconds, memory = run(helper, command, root, stdin)
            if name not in best or seconds < best[name][0]:
                best[name] = (seconds, memory)
    parsing = best["bare parsing"][0]
    print(f"\n{title}: {len(files)} files, {size / 1e6:.1f} MB, best of {ROUNDS}")
    for name, (seconds, memory) in best.items():
        print(
            f"  {name:24} {seconds * 1000:9.1f} ms   {seconds / parsing:8.2f} x parsing"
            f"   {memory:7.1f} MB peak"
        )
    checking = best["migralint check"][0]
    print("  against check:", ", ".join(
        f"{picture} {best['graph ' + picture][0] / checking:.2f} x" for picture in PICTURES), end="; ")
    page = subprocess.run([program, "graph", "--format", "html", str(root)], stdout=subprocess.PIPE, check=True)
    print(f"the HTML report has {len(page.stdout) / 1e6:.2f} MB")


def scale(title, generate, size):
    """Twice as large, twice as long: `size` of something against half of it."""
    program, helper = programs()
    best = {}
    with tempfile.TemporaryDirectory() as directory:
        for part in (size // 2, size):
            root = pathlib.Path(directory) / str(part)
            root.mkdir()
            generate(root, part)
        for _ in range(ROUNDS):
            for part in (size // 2, size):
                command = [program, "check", "--format", "json", str(part)]
                best[part] = min(best.get(part, (1e9, 0)), run(helper, command, directory))
    print(f"\n{title}, best of {ROUNDS}")
    for part, (seconds, memory) in best.items():
        print(f"  {part:24} {seconds * 1000:9.1f} ms   {memory:7.1f} MB peak")
    time, memory = (best[size][i] / best[size // 2][i] for i in (0, 1))
    print(f"  {'twice the size':24} {time:9.2f} x    {memory:7.2f} x")


def main():
    if len(sys.argv) > 1:
        for name in sys.argv[1:]:
            compare(name, pathlib.Path(name).resolve())
        return
    django = os.environ.get("DJANGO_PYTHON")
    for apps, migrations in ((25, 40), (250, 40)):
        with tempfile.TemporaryDirectory() as directory:
            root = pathlib.Path(directory)
            projects.many_apps(root, apps, migrations)
            compare(f"{apps} apps x {migrations} migrations", root, django)
    scale("one line of migrations, 200 models", projects.long_chain, 20000)
    scale("operations on 200 models of 20 apps", projects.many_operations, 100000)


if __name__ == "__main__":
    main()
