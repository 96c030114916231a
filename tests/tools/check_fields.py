"""Compares rules/data/fields.yaml with the field classes of the Django that is importable.

    check_fields.py [FIELDS_YAML]

Of every class of this Django that is a field:
  - the table takes each keyword of its constructors, and no other;
  - a keyword with the value that stands for one that is not given makes no difference to
    deconstruct(), one of the `flags` none but by its truth, one that is `ignored` none at all, and
    every other value of the rest does.
Every difference is printed; the exit code is 1 when there is one. Classes that this Django lacks are
left out.
"""

import importlib
import inspect
import json
import os
import re
import sys

sys.dont_write_bytecode = True

import django
from django.conf import settings

settings.configure(INSTALLED_APPS=[], DATABASES={}, SECRET_KEY="x", USE_TZ=True)
django.setup()

from django.db import models

FIELD = "django.db.models.Field"
# What a class cannot be made without, and what it cannot be given together with these.
NEEDED = {
    "DecimalField": {"max_digits": 5, "decimal_places": 2},
    "ForeignKey": {"to": "app.Model", "on_delete": models.CASCADE},
    "OneToOneField": {"to": "app.Model", "on_delete": models.CASCADE},
    "ManyToManyField": {"to": "app.Model"},
    "ForeignObject": {"to": "app.Model", "on_delete": models.CASCADE, "from_fields": ["a"], "to_fields": ["b"]},
    "AutoField": {"primary_key": True}, "BigAutoField": {"primary_key": True}, "SmallAutoField": {"primary_key": True},
    "GeneratedField": {"expression": models.F("a"), "output_field": models.TextField(), "db_persist": True},
    "ArrayField": {"base_field": models.TextField()},
}  # fmt: skip
# Arguments of constructors that Django's own code uses: no migration has them.
INTERNAL = {"args", "kwargs", "self", "rel", "rel_class", "name"}
# Another value where any of the kind will not do.
OTHER = {
    "choices": [("a", "b")], "validators": [print], "error_messages": {"null": "x"}, "help_text": "x",
    "decoder": json.JSONDecoder, "encoder": json.JSONEncoder, "protocol": "IPv4", "max_length": 77,
    "max_digits": 9, "decimal_places": 1, "size": 3, "db_table": "x", "unique_for_date": "x",
}  # fmt: skip


def flow(text):
    """A value written as JSON would be, but without quotation marks."""
    text = re.sub(r"([\w.]+)(?=:(\s|$))", r'"\1"', text.replace('"null":', "null_:"))
    text = text.replace('null_:', '"null":').replace('"null_":', '"null":')
    text = re.sub(r'(?<=[\[ ])(?!null\b|true\b|false\b)([A-Za-z_][\w.]*)(?=[,\]}])', r'"\1"', text)
    return json.loads(text.replace('""null""', '"null"'))


def read(path):
    """{class: {"keywords", "flags", "unset", "ignored", "base"}}"""
    with open(path, encoding="utf-8") as file:
        lines = [line.rstrip("\n") for line in file if line.strip() and not line.startswith("#")]
    found = {}
    for line in lines:
        indent, (key, rest) = len(line) - len(line.lstrip()), line.strip().split(":", 1)
        key, rest = key.strip('"'), rest.strip()
        if indent == 0:
            entry = found[key] = flow(rest) if rest else {}
        elif indent == 2:
            entry[key] = flow(rest) if rest.startswith(("{", "[")) else rest or {}
            inner = entry[key]
        else:
            inner[key] = json.loads(rest)
    return found


def meaning(table, name):
    """{keyword: (kind, default)}: what the class says itself goes before what its base says."""
    found = {}
    while name:
        entry = table[name]
        for keyword, default in entry.get("keywords", {}).items():
            kind = "flag" if keyword in entry.get("flags", ()) else "default"
            found.setdefault(keyword, (kind, default))
        for kind in "unset", "ignored":
            for keyword in entry.get(kind, ()):
                found.setdefault(keyword, (kind, None))
        name = entry.get("base", FIELD) if name != FIELD else None
    return found


def parameters(cls):
    found = set()
    for base in cls.__mro__:
        if "__init__" in vars(base) and base is not object:
            found |= set(inspect.signature(base.__init__).parameters)
    if issubclass(cls, models.ForeignKey):  # which gives them itself
        found -= {"from_fields", "to_fields"}
    return found - INTERNAL


def said(cls, **keywords):
    """What deconstruct() says; None when the class does not take it so."""
    try:
        _, path, args, kwargs = cls(**{**NEEDED.get(cls.__name__, {}), **keywords}).deconstruct()
    except (TypeError, ValueError, AssertionError):
        return None
    return path, args, kwargs


def other_than(keyword, default):
    if keyword in OTHER:
        return OTHER[keyword]
    return not default if isinstance(default, bool) else "other"


def differences(cls, means):
    takes = parameters(cls)
    known = {keyword for keyword in means if keyword != "name"}
    for keyword in sorted(takes - known):
        yield "%s is not in the table" % keyword
    plain = said(cls)
    for keyword in sorted(known & takes - set(NEEDED.get(cls.__name__, ()))):
        kind, default = means[keyword]
        same, changed = said(cls, **{keyword: default}), said(cls, **{keyword: other_than(keyword, default)})
        if kind in ("default", "flag") and same is not None and same != plain:
            yield "%s=%r is not the same as none" % (keyword, default)
        if kind in ("default", "flag") and changed is not None and changed == plain:
            yield "%s=%r makes no difference" % (keyword, other_than(keyword, default))
        if kind == "flag" and said(cls, **{keyword: 1}) != said(cls, **{keyword: True}):
            yield "%s counts by more than its truth" % keyword


def classes(table):
    for path in sorted(table):
        module, name = path.rsplit(".", 1)
        try:
            cls = getattr(importlib.import_module(module), name, None)
        except ImportError:
            continue
        if inspect.isclass(cls) and cls is not models.Field:
            yield path, cls
    for name, cls in vars(models).items():
        field = inspect.isclass(cls) and issubclass(cls, models.Field)
        if field and "django.db.models." + name not in table and name != "OrderWrt":  # Django's own
            yield "django.db.models." + name, cls


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    table = read(sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "../../rules/data/fields.yaml"))
    checked = wrong = 0
    for path, cls in classes(table):
        means = meaning(table, path if path in table else FIELD)
        checked += 1
        for text in differences(cls, means):
            print("%s: %s" % (path, text))
            wrong += 1
    print("%d classes, %d differences" % (checked, wrong))
    sys.exit(bool(wrong) or checked < 25)


if __name__ == "__main__":
    main()
