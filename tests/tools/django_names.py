"""Makes rules/data/django-names.yaml: what Django modules have ever been able to give.

    django_names.py dump           names that the Django which is importable has, as JSON
    django_names.py merge FILE...  the table, from what `dump` printed under every version

Run `dump` under each minor version of Django from 1.7 on (1.7 to 1.11 also under Python 2),
with psycopg2 or psycopg installed; `merge` writes the union.  A name too many costs nothing,
a name too few makes a false error: add versions, never take one away.
"""

import importlib
import io
import json
import pkgutil
import sys
import types

# Modules that migrations import from or reach through.  Not here: modules whose names depend on
# a database driver, and packages that other projects extend.
MODULES = """
django
django.apps django.apps.config django.apps.registry
django.conf
django.contrib.auth django.contrib.auth.base_user django.contrib.auth.hashers
django.contrib.auth.management django.contrib.auth.models django.contrib.auth.validators
django.contrib.contenttypes django.contrib.contenttypes.fields
django.contrib.contenttypes.management django.contrib.contenttypes.models
django.contrib.postgres django.contrib.postgres.constraints django.contrib.postgres.expressions
django.contrib.postgres.fields django.contrib.postgres.fields.array
django.contrib.postgres.fields.citext django.contrib.postgres.fields.hstore
django.contrib.postgres.fields.jsonb django.contrib.postgres.fields.ranges
django.contrib.postgres.functions django.contrib.postgres.indexes
django.contrib.postgres.operations django.contrib.postgres.search
django.contrib.postgres.validators
django.contrib.sites django.contrib.sites.managers django.contrib.sites.models
django.core django.core.exceptions django.core.files django.core.files.base
django.core.files.storage django.core.management django.core.serializers
django.core.serializers.json django.core.validators
django.db
django.db.migrations django.db.migrations.exceptions django.db.migrations.loader
django.db.migrations.migration django.db.migrations.operations
django.db.migrations.operations.base django.db.migrations.operations.fields
django.db.migrations.operations.models django.db.migrations.operations.special
django.db.migrations.recorder django.db.migrations.state django.db.migrations.writer
django.db.models django.db.models.aggregates django.db.models.base
django.db.models.constants django.db.models.constraints django.db.models.deletion
django.db.models.enums django.db.models.expressions django.db.models.fields
django.db.models.fields.composite django.db.models.fields.files
django.db.models.fields.generated django.db.models.fields.json
django.db.models.fields.proxy django.db.models.fields.related
django.db.models.functions django.db.models.functions.base
django.db.models.functions.comparison django.db.models.functions.datetime
django.db.models.functions.json django.db.models.functions.math
django.db.models.functions.mixins django.db.models.functions.text
django.db.models.functions.uuid django.db.models.functions.window
django.db.models.indexes django.db.models.lookups django.db.models.manager
django.db.models.options django.db.models.query django.db.models.query_utils
django.db.models.signals
django.db.transaction django.db.utils
django.utils django.utils.crypto django.utils.dateparse django.utils.deconstruct
django.utils.encoding django.utils.functional django.utils.html django.utils.module_loading
django.utils.safestring django.utils.text django.utils.timezone django.utils.translation
""".split()
APPS = "admin auth contenttypes flatpages redirects sessions sites".split()
SETTINGS = {
    "SECRET_KEY": "x",
    "INSTALLED_APPS": ["django.contrib." + app for app in APPS],
    "DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
}
# Their __getattr__ only gives a deprecated name that older versions have plainly.
DEPRECATING = ("django.db.models.enums", "django.utils.timezone")
WIDTH = 100


def set_up():
    import django
    from django.conf import settings

    settings.configure(**SETTINGS)
    django.setup()


def is_static(module):
    """Whether dir() tells everything: nothing is made up when it is asked for."""
    asks = hasattr(module, "__getattr__") and module.__name__ not in DEPRECATING
    return type(module) is types.ModuleType and not asks


def names_of(module):
    names = set(dir(module))
    names.update(name for _, name, _ in pkgutil.iter_modules(getattr(module, "__path__", [])))
    return {name for name in names if not name.startswith("__")}


def dump():
    """{module: names}; None for a module whose names cannot be told."""
    set_up()
    found = {}
    for name in MODULES:
        try:
            module = importlib.import_module(name)
        except ImportError as error:
            sys.stderr.write("%s: %s\n" % (name, error))
            continue
        found[name] = sorted(names_of(module)) if is_static(module) else None
    return found


def merged(dumps):
    names, unsafe = {}, set()
    for found in dumps:
        for module, has in found.items():
            names.setdefault(module, set()).update(has or ())
            if has is None:
                unsafe.add(module)
    return {module: names[module] for module in names if module not in unsafe}


def flow_list(head, names):
    """`head: [a, b, ...]`, wrapped."""
    lines, line = [], head + ": ["
    for index, name in enumerate(names):
        word = name + ("]" if index == len(names) - 1 else ",")
        if len(line) + 1 + len(word) > WIDTH:
            lines.append(line.rstrip())
            line = "  "
        line += word if line.endswith(("[", "  ")) else " " + word
    return lines + [line]


def table(names):
    lines = [
        "# Every name that a module of Django has, in any version from 1.7 on: attributes and",
        "# sub-modules, sorted by bytes. Names with two leading underscores are left out: every",
        "# module has those. Made by tests/tools/django_names.py.",
    ]
    for module in sorted(names):
        lines += flow_list(module, sorted(names[module]))
    return "\n".join(lines) + "\n"


def main():
    if sys.argv[1:] == ["dump"]:
        json.dump(dump(), sys.stdout, indent=1, sort_keys=True)
        return
    if sys.argv[1:2] != ["merge"] or not sys.argv[2:]:
        sys.exit(__doc__)
    dumps = []
    for path in sys.argv[2:]:
        with io.open(path, encoding="utf-8") as file:
            dumps.append(json.load(file))
    sys.stdout.write(table(merged(dumps)))


if __name__ == "__main__":
    main()
