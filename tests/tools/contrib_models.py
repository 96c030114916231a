"""Writes rules/data/contrib-models.yaml from the Django that is importable.

    contrib_models.py [--check FILE]

What is kept of an operation is what other migrations can refer to or clash with: models, fields
with their classes and plain arguments, relations, tables. Texts for people are left out.
"""

import importlib
import os
import pkgutil
import sys

sys.dont_write_bytecode = True

import django
from django.conf import settings

LABELS = ["admin", "auth", "contenttypes", "flatpages", "redirects", "sessions", "sites"]
TEXTS = {"verbose_name", "verbose_name_plural", "help_text", "error_messages", "validators", "serialize"}
HEAD = """\
# What the migrations of Django's own apps do to the state, as operations; texts for people are left
# out. The same in every Django from 3.2 on; written by tests/tools/contrib_models.py.
"""


def plain(value):
    return value is None or isinstance(value, (bool, int, str, list, tuple, set))


def spelled(value):
    if type(value).__name__ == "SettingsReference":
        return "settings.%s" % value.setting_name
    if callable(value):
        return value.__name__ if value.__module__ == "builtins" else "%s.%s" % (value.__module__, value.__name__)
    if isinstance(value, str):
        return '"%s"' % str(value)
    if isinstance(value, set):
        return "[%s]" % ", ".join(spelled(item) for item in sorted(value))
    if isinstance(value, (list, tuple)):
        return "[%s]" % ", ".join(spelled(item) for item in value)
    return repr(value)


def arguments(kwargs):
    kept = {k: v for k, v in kwargs.items() if k not in TEXTS and (plain(v) or callable(v))}
    return ", ".join("%s=%s" % (name, spelled(value)) for name, value in kept.items())


def field_text(field):
    _, path, args, kwargs = field.deconstruct()
    if "on_delete" in kwargs:
        kwargs["on_delete"] = getattr(__import__("django.db.models", fromlist=["x"]), kwargs["on_delete"].__name__)
    text = arguments(kwargs).replace("django.db.models.deletion.", "models.")
    return "%s(%s)" % (path.replace("django.db.models.", "models."), text)


def options_text(options):
    kept = {k: v for k, v in options.items() if k not in TEXTS and plain(v)}
    return "{%s}" % ", ".join('"%s": %s' % (name, spelled(value)) for name, value in kept.items())


def operation_lines(operation):
    name = type(operation).__name__
    if name in ("RunPython", "RunSQL"):
        return []
    if name == "CreateModel":
        lines = ['m.CreateModel("%s", [' % operation.name]
        lines += ['    ("%s", %s),' % (field, field_text(made)) for field, made in operation.fields]
        bases = [base if isinstance(base, str) else "%s.%s" % (base.__module__, base.__name__) for base in operation.bases]
        bases = "" if bases == ["django.db.models.base.Model"] else ", bases=[%s]" % ", ".join(bases)
        return lines + ["], options=%s%s)," % (options_text(operation.options), bases)]
    if name in ("AddField", "AlterField"):
        return ['m.%s("%s", "%s", %s),' % (name, operation.model_name, operation.name, field_text(operation.field))]
    if name == "RemoveField":
        return ['m.RemoveField("%s", "%s"),' % (operation.model_name, operation.name)]
    if name == "AlterModelOptions":
        return ['m.AlterModelOptions("%s", options=%s),' % (operation.name, options_text(operation.options))]
    if name == "AlterModelManagers":
        return ['m.AlterModelManagers("%s", managers=[]),' % operation.name]
    if name == "AlterUniqueTogether":
        return ['m.AlterUniqueTogether("%s", %s),' % (operation.name, spelled(operation.unique_together))]
    sys.exit("%s: not known here" % name)


def app_lines(label):
    package = importlib.import_module("django.contrib.%s.migrations" % label)
    yield "%s: |" % label
    yield "  import django.utils.timezone"
    yield "  from django.conf import settings"
    yield "  from django.db import migrations as m, models"
    yield "  operations = {"
    for name in sorted(module.name for module in pkgutil.iter_modules(package.__path__)):
        migration = importlib.import_module("%s.%s" % (package.__name__, name)).Migration(name, label)
        yield '  "%s": [' % name
        for operation in migration.operations:
            for line in operation_lines(operation):
                yield "      " + line
        yield "  ],"
    yield "  }"


def main():
    settings.configure(INSTALLED_APPS=["django.contrib.%s" % label for label in LABELS], USE_I18N=False, SITE_ID=1, SECRET_KEY="x")
    django.setup()
    text = HEAD + "".join("%s\n" % line for label in LABELS for line in app_lines(label))
    if len(sys.argv) < 3:
        sys.stdout.write(text)
        return 0
    with open(sys.argv[2], encoding="utf-8") as file:
        same = file.read() == text
    print("the table is what this Django says" if same else "%s differs" % sys.argv[2])
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
