"""Runs the program as a user would, away from the surrounding environment.

MIGRALINT names the program. UPDATE_GOLDEN=1 writes the expected outputs anew;
look at the difference before committing it.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
PROJECTS = HERE.parent / "projects"
PROGRAM = os.environ.get("MIGRALINT")
VENVS = Path(os.environ.get("MIGRALINT_VENVS", HERE.parent.parent / ".venvs"))
# Parsers and schemas that the suite itself does without.
FORMATS = VENVS / "formats" / "bin"


def run(*words, cwd=PROJECTS, env=None, **options):
    if not PROGRAM:
        pytest.skip("MIGRALINT does not name the program")
    clean = {k: v for k, v in os.environ.items() if k not in ("VIRTUAL_ENV", "NO_COLOR")}
    done = subprocess.run(
        [PROGRAM, *map(os.fspath, words)], cwd=cwd, env={**clean, **(env or {})},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60,
        **options,
    )
    assert b"Sanitizer" not in done.stderr, done.stderr.decode(errors="replace")
    done.out = done.stdout.decode("utf-8")
    done.err = done.stderr.decode("utf-8")
    return done


def golden(name, text):
    path = HERE / "expected" / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.exists(), "no %s: run with UPDATE_GOLDEN=1" % path
    assert text == path.read_text(encoding="utf-8")


def write(directory, files):
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def parsed(text, language="yaml"):
    """YAML as PyYAML reads it, TOML as Python does."""
    code = {"yaml": "yaml.safe_load(sys.stdin.buffer)", "toml": "tomllib.loads(sys.stdin.buffer.read().decode())"}
    program = "import json, sys, %s; json.dump(%s, sys.stdout)" % (
        {"yaml": "yaml", "toml": "tomllib"}[language], code[language])
    done = subprocess.run([FORMATS / "python", "-c", program], input=text if isinstance(text, bytes) else text.encode(),
                          stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def misfit(path, schema):
    """What does not fit the schema that check-jsonschema brings; nothing when it does."""
    done = subprocess.run([FORMATS / "check-jsonschema", "--builtin-schema", "vendor." + schema, path],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return "" if done.returncode == 0 else done.stdout


MIGRATION = """from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [%s]
    operations = []
"""


def chain(*names, app="shop"):
    """The files of a project with one app whose migrations follow each other."""
    files = {"manage.py": "", app + "/__init__.py": "", app + "/models.py": "",
             app + "/migrations/__init__.py": ""}
    for parent, name in zip((None, *names), names):
        files["%s/migrations/%s.py" % (app, name)] = MIGRATION % ('("%s", "%s")' % (app, parent) if parent else "")
    return files


# The first migration of an app with one model.
ITEM = """from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel("Item", [
            ("id", models.BigAutoField(primary_key=True, serialize=False)),
            ("colour", models.TextField()),
            ("price", models.IntegerField()),
        ]),
    ]
"""


def shop_of(models):
    """The files of a project with one app, whose models.py that is, and the migration above."""
    return {
        "manage.py": 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")\n',
        "settings.py": 'INSTALLED_APPS = ["shop"]\n',
        "shop/__init__.py": "",
        "shop/models.py": models,
        "shop/migrations/__init__.py": "",
        "shop/migrations/0001_initial.py": ITEM,
    }


class Repository:
    """A git repository; every commit is made on the same day."""

    def __init__(self, path):
        self.path = path
        self.git("init", "-q", "-b", "main")

    def git(self, *words):
        environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(self.path),
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org",
            "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org",
            "GIT_AUTHOR_DATE": "2024-05-06T12:00:00Z", "GIT_COMMITTER_DATE": "2024-05-06T12:00:00Z",
        }
        done = subprocess.run(["git", *words], cwd=self.path, env=environment, check=True,
                              stdout=subprocess.PIPE, text=True)
        return done.stdout.strip()

    def commit(self, files):
        write(self.path, files)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "change")
        return self.git("rev-parse", "--short", "HEAD")


@pytest.fixture
def shop(tmp_path):
    """A project with one error: 0002 needs a migration that is not there."""
    write(tmp_path, {
        "manage.py": "",
        "shop/__init__.py": "",
        "shop/models.py": "",
        "shop/migrations/__init__.py": "",
        "shop/migrations/0001_initial.py": MIGRATION % "",
        "shop/migrations/0002_broken.py": "class Migration(\n",
    })
    return tmp_path
