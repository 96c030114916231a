"""Compares the tables in rules/data/ with the Django that is importable.

    check_tables.py [RULES_DATA]

Every difference is printed; the exit code is 1 when there is one.  The table of contrib
migrations must be exactly what Django 3.2 and later have; older versions may lack some.
"""

import importlib
import os
import pkgutil
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True

import django_names


def read(path):
    with open(path, "rb") as file:
        text = file.read().decode("utf-8")
    return re.sub(r"(?m)^ *#.*\n", "", text)


def read_names(path):
    """{module: names} of a table made of flow lists."""
    lists = re.findall(r"(?m)^([\w.]+): \[([^\]]*)\]", read(path))
    return {module: [name for name in re.split(r",\s*", body.strip())] for module, body in lists}


def read_contrib(path):
    """{label: (module, {migration: dependencies})}."""
    found = {}
    for line in read(path).splitlines():
        app = re.match(r"(\w+):$", line)
        module = re.match(r"  module: (\S+)$", line)
        migration = re.match(r"    (\w+): \[(.*)\]$", line)
        if app:
            label = app.group(1)
            found[label] = [None, {}]
        elif module:
            found[label][0] = module.group(1)
        elif migration:
            found[label][1][migration.group(1)] = re.findall(r'"([^"]+)"', migration.group(2))
        elif line.strip() != "migrations:":
            sys.exit("%s: cannot read %r" % (path, line))
    return found


def written(dependency):
    """A dependency as the table spells it."""
    from django.conf import settings

    if getattr(dependency, "setting", None) == settings.AUTH_USER_MODEL:
        return "swappable:AUTH_USER_MODEL"
    return ".".join(dependency)


def migrations_of(module):
    """{name: dependencies} of the app, or None when it has no migrations package."""
    try:
        package = importlib.import_module(module + ".migrations")
    except ImportError:
        return None
    found = {}
    for _, name, is_package in pkgutil.iter_modules(package.__path__):
        if not is_package and name[0] not in "_~":
            migration = importlib.import_module("%s.%s" % (package.__name__, name)).Migration
            assert not migration.run_before and not migration.replaces, name
            found[name] = [written(dependency) for dependency in migration.dependencies]
    return found


def check_app(label, table, real, exact):
    for name in sorted(set(table) | set(real)):
        if name not in table:
            yield "contrib.yaml: %s.%s is not in the table" % (label, name)
        elif name not in real:
            if exact:
                yield "contrib.yaml: this Django has no %s.%s" % (label, name)
        elif sorted(table[name]) != sorted(real[name]):
            yield "contrib.yaml: %s.%s: %s, in Django %s" % (label, name, table[name], real[name])


def check_contrib(contrib):
    import django
    import django.contrib

    modules = {module: label for label, (module, _) in contrib.items()}
    for _, name, _ in pkgutil.iter_modules(django.contrib.__path__, "django.contrib."):
        real = migrations_of(name)
        if real and name not in modules:
            yield "contrib.yaml: %s has migrations" % name
        elif name in modules:
            table = contrib[modules[name]][1]
            for difference in check_app(modules[name], table, real or {}, django.VERSION >= (3, 2)):
                yield difference


def check_names(table):
    for module, names in table.items():
        if names != sorted(set(names)):
            yield "django-names.yaml: %s is not sorted" % module
    for module, names in sorted(django_names.dump().items()):
        for name in sorted(set(names or ()) - set(table.get(module, ()))):
            yield "django-names.yaml: %s.%s is not in the table" % (module, name)


def main():
    data = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "..", "..", "rules", "data")
    names = read_names(os.path.join(data, "django-names.yaml"))
    contrib = read_contrib(os.path.join(data, "contrib.yaml"))
    differences = list(check_names(names))  # sets Django up
    differences += check_contrib(contrib)
    for difference in differences:
        print(difference)
    import django

    print(
        "Django %s: %d modules, %d contrib apps, %d differences"
        % (django.get_version(), len(names), len(contrib), len(differences))
    )
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
