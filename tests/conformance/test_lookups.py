"""Random data migrations: what MG207 reports is what Django does not find.

Every function looks up one model and is called once, so that the line of a look-up says which
function it was. Code that need not run (under a condition, with the exception caught) is written,
too: there migralint must be silent whether or not Django fails. A model of a many-to-many table that is
gone stays in the registry until Django makes it anew: about those it may be silent.
"""

import json
import os
import random
import re
import subprocess

import harness
import pytest
from test_random import SEEDS as ALL_SEEDS

SEEDS = ALL_SEEDS[::3]  # Django makes a registry for every operation, which takes its time
APPS = ("ant", "bee", "cat", "dog")
MODELS = ("Post", "Tag", "Item", "Old_Box")
NAMES = MODELS + ("Pots", "post", "TAG", "Post_tags", "post_Tags", "Item_tags")

# How the look-up `%(call)s` of a function `%(name)s` may be written.
SURE = (
    "def %(name)s(apps, schema_editor):\n    model = %(call)s\n",
    "def %(name)s(registry, editor):\n    for item in [%(registry)s]:\n        pass\n",
    "def %(name)s(apps, schema_editor):\n    return help_%(name)s(1, given=apps)\n\n\n"
    "def help_%(name)s(number, given):\n    %(given)s\n",
    "def %(name)s(apps, schema_editor):\n    if schema_editor.connection.alias != 'default':\n"
    "        return\n    with nullcontext():\n        pass\n    try:\n        %(call)s\n"
    "    finally:\n        pass\n",
    "%(name)s = lambda apps, schema_editor: %(call)s\n%(name)s.__name__ = '%(name)s'\n",
)
UNSURE = (
    "def %(name)s(apps, schema_editor):\n    if schema_editor:\n        %(call)s\n",
    "def %(name)s(apps, schema_editor):\n    try:\n        %(call)s\n    except LookupError:\n"
    "        pass\n",
    "def %(name)s(apps, schema_editor):\n    for model in (1, 2):\n        %(call)s\n",
    "def %(name)s(apps, schema_editor):\n    if not schema_editor:\n        return\n    %(call)s\n",
    "def %(name)s(apps, schema_editor):\n    with suppress(LookupError):\n        %(call)s\n",
    "def %(name)s(apps, schema_editor):\n    name = 'Po' + 'ts'\n"
    "    apps.get_model('ant', name)  # %(name)s\n",
)


class Writer:
    """One random project."""

    def __init__(self, seed):
        self.random = random.Random("lookups %d" % seed)
        self.sure, self.joined, self.count = {}, set(), 0
        self.models = {label: {} for label in APPS}
        self.texts = {}

    def code(self, own, definitions):
        """The name of a new function for the code of an operation in the app `own`."""
        self.count += 1
        name = "code_%d" % self.count
        label = self.random.choice(APPS + (own,) * 8 + ("zoo",))
        model = self.random.choice(NAMES)
        if self.models.get(label) and self.random.random() < 0.7:
            model = self.random.choice(sorted(self.models[label]))
        arguments = self.random.choice(("'%s', '%s'", "'%s.%s'", "app_label='%s', model_name='%s'"))
        call = "%%s.get_model(%s)" % (arguments % (label, model))
        sure = self.random.random() < 0.7
        parts = {"name": name, "call": call % "apps", "registry": call % "registry",
                 "given": call % "given"}
        text = self.random.choice(SURE if sure else UNSURE) % parts
        lines = [line + "  # " + name if ".get_model(" in line and "#" not in line else line
                 for line in text.splitlines()]
        definitions.append("\n".join(lines) + "\n")
        if sure:
            self.sure[name] = label
        if "_tags" in model.lower():
            self.joined.add(name)
        return name

    def create(self, label):
        free = [name for name in MODELS if name not in self.models[label]]
        if not free:
            return None
        name = self.random.choice(free)
        tags = self.random.random() < 0.5
        self.models[label][name] = tags
        more = ", ('tags', models.ManyToManyField('self'))" if tags else ""
        return "migrations.CreateModel('%s', [('id', models.AutoField(primary_key=True))%s])" % (
            name, more)

    def change(self, label):
        models = self.models[label]
        free = [name for name in MODELS if name not in models]
        if not models or self.random.random() < 0.4:
            return self.create(label)
        name = self.random.choice(sorted(models))
        tags = models.pop(name)
        if free and self.random.random() < 0.5:
            new = self.random.choice(free)
            models[new] = tags
            return "migrations.RenameModel('%s', '%s')" % (name, new)
        return "migrations.DeleteModel('%s')" % name

    def operation(self, label, definitions):
        if self.random.random() < 0.4:
            return self.change(label)
        codes = [self.code(label, definitions)]
        if self.random.random() < 0.4:
            codes.append(self.code(label, definitions))
        run = "migrations.RunPython(%s)" % ", ".join(codes)
        if self.random.random() < 0.2:
            made = self.create(label)
            run = "migrations.SeparateDatabaseAndState([%s], [%s])" % (run, made or "")
        return run

    def migration(self, dependencies, label):
        definitions = []
        operations = [self.create(label)] if not self.models[label] else []
        operations += [self.operation(label, definitions) for _ in range(self.random.randint(1, 5))]
        lines = ["from contextlib import nullcontext, suppress", "",
                 "from django.db import migrations, models", "", ""]
        lines += definitions
        lines += ["", "class Migration(migrations.Migration):",
                  "    dependencies = [%s]" % ", ".join("('%s', '%s')" % key for key in dependencies),
                  "    operations = ["]
        lines += ["        %s," % operation for operation in operations if operation]
        return "\n".join(lines + ["    ]", ""])

    def write(self, top):
        written, last = [], {}
        for number in range(self.random.randint(4, 12)):
            label = self.random.choice(APPS)
            name = "%04d_x" % (number + 1)
            dependencies = [last[label]] if label in last else []
            others = [key for key in written if key[0] != label]
            if others and self.random.random() < 0.5:
                dependencies.append(self.random.choice(others))
            self.texts[label, name] = self.migration(dependencies, label)
            written.append((label, name))
            last[label] = (label, name)
        for (label, name), text in self.texts.items():
            harness.write_package(top / label / "migrations", top)
            harness.write(top / label / "migrations" / (name + ".py"), text)
        labels = sorted(last)
        # Of an app that is not there nothing is known.
        self.sure = {name for name, label in self.sure.items() if label in last}
        harness.write(top / "manage.py", harness.MANAGE)
        harness.write(top / "settings.py", harness.settings_source(labels))
        return harness.job(top, [(label, label) for label in labels])


def ask_django(jobs):
    done = subprocess.run(
        [harness.DJANGO_PYTHON, str(harness.HERE / "oracle_lookups.py")], input=json.dumps(jobs),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": "", "PYTHONUTF8": "1"},
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0 and len(answers) == len(jobs), done.stderr
    for answer in answers:
        assert "oracle_failed" not in answer, answer
    return answers


def name_at(top, place):
    """The function whose look-up stands in that line."""
    if not place.get("path") or not place.get("line"):
        return None
    line = (top / place["path"]).read_text(encoding="utf-8").splitlines()[place["line"] - 1]
    found = re.search(r"# (code_\d+)$", line)
    return found and found.group(1)


def reported(top):
    """From functions to severities; and whether all there are were told."""
    command = [harness.MIGRALINT, "check", "--select", "MG207", "--format", "json", "."]
    done = subprocess.run(command, cwd=top, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    assert done.returncode in (0, 1), done.stderr
    names, whole = {}, True
    for finding in json.loads(done.stdout.decode("utf-8"))["findings"]:
        names[name_at(top, finding)] = finding["severity"]
        for note in finding["notes"]:
            whole &= "more operation" not in note["message"]
            if note["message"].startswith("`RunPython` looks up"):
                names.setdefault(name_at(top, note), None)
    return names, whole


def differences(writer, top, answer):
    ours, whole = reported(top)
    full, either = set(answer["full"]), {*answer["full"], *answer["alone"]}
    lines = ["reported, but found: %s" % name for name in sorted(set(ours) - either)]
    lines += ["reported, but need not run: %s" % name
              for name in sorted(ours) if name not in writer.sure]
    lines += ["not reported: %s" % name
              for name in sorted((either - set(ours)) & writer.sure - writer.joined) if whole]
    lines += ["an error, but works in the full plan: %s" % name
              for name, severity in sorted(ours.items()) if severity == "error" and name not in full]
    return lines


@pytest.mark.skipif(not harness.MIGRALINT, reason="MIGRALINT is not set")
def test_lookups(tmp_path):
    writers = [Writer(seed) for seed in SEEDS]
    jobs = [writer.write(tmp_path / str(at)) for at, writer in enumerate(writers)]
    failures, sure, failed = [], 0, 0
    for at, (writer, answer) in enumerate(zip(writers, ask_django(jobs))):
        lines = differences(writer, tmp_path / str(at), answer)
        sure += len(writer.sure)
        failed += len(writer.sure & {*answer["full"], *answer["alone"]})
        if lines:
            kept = harness.keep(answer["dir"], "lookups-seed%d" % SEEDS[at])
            failures.append("seed %d, kept in %s\n  %s" % (SEEDS[at], kept, "\n  ".join(lines)))
    assert not failures, "%d of %d projects\n%s" % (len(failures), len(jobs), "\n".join(failures[:10]))
    # A generator of projects that never fail, or always do, proves nothing.
    assert 0.2 * sure < failed < 0.8 * sure
