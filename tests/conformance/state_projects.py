"""Projects whose migrations have operations, which are source text."""

from dataclasses import dataclass, field

from harness import CONTRIB, MANAGE, job, settings_source, write, write_package

HEADER = """import datetime
from decimal import Decimal

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.utils.translation import gettext_lazy as _


def default_text():
    return "x"


def nothing(apps, schema_editor):
    pass


def look_up_book(apps, schema_editor):
    apps.get_model("a", "Book").objects.count()
    apps.get_model("a.book")


def look_up_no_model(apps, schema_editor):
    Ghost = apps.get_model("a", "Ghost")
    Ghost.objects.count()


def look_up_no_app(apps, schema_editor):
    Book = apps.get_model("ghosts", "Book")
    Book.objects.count()


class LiveManager(models.Manager):
    use_in_migrations = True


class Migration(migrations.Migration):
"""


# What `migrated` is asked of; some rules are about some databases only.
DATABASES = "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': ':memory:'}}\n"


@dataclass
class Step:
    """One migration; dependencies are keys, operations source text."""

    dependencies: list = field(default_factory=list)
    operations: list = field(default_factory=list)
    replaces: list = field(default_factory=list)


@dataclass
class History:
    """apps: label -> {migration name: Step}; contrib: labels of Django's own."""

    apps: dict
    user_model: str = None
    contrib: tuple = ()


def source_of(step):
    lines = ["    replaces = %r" % step.replaces] if step.replaces else []
    lines.append("    dependencies = [")
    for key in step.dependencies:
        plain = isinstance(key, tuple)
        lines.append("        %s," % (repr(key) if plain else key))
    lines += ["    ]", "    operations = ["]
    lines += ["        %s," % operation for operation in step.operations]
    return HEADER + "\n".join([*lines, "    ]"]) + "\n"


def write_history(history, top, **options):
    """Write the project; the oracle's job for it."""
    entries = [CONTRIB[label] for label in sorted(history.contrib)] + sorted(history.apps)
    write(top / "manage.py", MANAGE)
    write(top / "settings.py", settings_source(entries, history.user_model) + DATABASES)
    for label, steps in history.apps.items():
        package = top / label / "migrations"
        write_package(package, top)
        write(top / label / "models.py")
        for name, step in steps.items():
            write(package / (name + ".py"), source_of(step))
    return {**job(top, ()), **options}
