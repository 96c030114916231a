"""Models beside migrations: the rows that test_drift_pairs.py asks both tools about.

A row is one class and what the migrations say of it. Rows come from combinations (of two ways to
declare a field, of two Metas) and from a list of those that combinations do not reach.
"""

from dataclasses import dataclass
from itertools import product

IMPORTS = """import datetime
import decimal
import uuid
from decimal import Decimal

import django.core.validators
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import base.fields
import base.helpers
from base import helpers
from base.helpers import EPOCH, LENGTH, Color, Size
"""
FIELDS_PY = """from django.db import models


class MyChar(models.CharField):
    pass


class Fixed(models.CharField):
    def __init__(self, *args, **kwargs):
        kwargs["max_length"] = 7
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs
"""
HELPERS_PY = """import datetime
import uuid

from django.contrib.auth.models import UserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

LENGTH = 10
EPOCH = datetime.datetime.fromtimestamp(0, datetime.timezone.utc).replace(tzinfo=None)
COLORS = [("r", "Red"), ("g", "Green")]


class Color(models.TextChoices):
    RED = "r", "Red"
    GREEN = "g", "Green"


class Size(models.IntegerChoices):
    SMALL = 1
    VERY_LARGE = 2, _("huge")


def make():
    return "x"


def other():
    return "y"


def where(instance, name):
    return name


def check_it(value):
    pass


class Manager(models.Manager):
    use_in_migrations = True


class Quiet(models.Manager):
    pass


class Counting(models.QuerySet):
    pass


class MadeOfOurs(Manager.from_queryset(Counting)):
    pass


class MadeOfDjangos(UserManager.from_queryset(Counting)):
    pass


class Stamped(models.Model):
    created = models.DateTimeField(auto_now_add=True)
    label = models.CharField(max_length=5)

    class Meta:
        abstract = True
        ordering = ["created"]


class Plain(models.Model):
    note = models.TextField()

    class Meta:
        abstract = True


class Mixin:
    def shout(self):
        return "!"
"""
BASE_MODELS_PY = """from django.db import models


class Person(models.Model):
    code = models.CharField(max_length=5, unique=True)


class Place(models.Model):
    pass


class Link(models.Model):
    person = models.ForeignKey(Person, models.CASCADE)
    place = models.ForeignKey(Place, models.CASCADE)
"""
KEY = ('("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, '
       'verbose_name="ID"))')
BASE_OPERATIONS = [
    'migrations.CreateModel("Person", [%s, ("code", models.CharField(max_length=5, unique=True))])' % KEY,
    'migrations.CreateModel("Place", [%s])' % KEY,
    'migrations.CreateModel("Link", [%s, ("person", models.ForeignKey(on_delete=models.CASCADE, '
    'to="base.person")), ("place", models.ForeignKey(on_delete=models.CASCADE, to="base.place"))])' % KEY,
]


@dataclass(frozen=True)
class Row:
    """`classes`: source of models.py below the imports; `operations`: of the migration. MODEL stands
    for the row's own name. `alone`: in an app of its own, since other rows would be taken for
    what it was before."""

    name: str
    classes: str
    operations: tuple
    since: tuple = (4, 2)
    alone: bool = False


# ---- fields -------------------------------------------------------------------------------

NUMBER = ["", "default=0", "default=1", "null=True", "unique=True"]
MOMENT = ["", "auto_now=True", "auto_now_add=True", "auto_now_add=True, editable=False",
          "auto_now=True, blank=True", "null=True"]
VARIANTS = {
    "BigIntegerField": NUMBER,
    "BinaryField": ["", "editable=True", "max_length=5"],
    "BooleanField": ["", "default=False", "default=True", "null=True"],
    "CharField": ["max_length=10", "max_length=20", 'max_length=10, db_collation="nocase"'],
    "DateField": MOMENT,
    "DateTimeField": [*MOMENT, "default=timezone.now"],
    "DecimalField": ["max_digits=5, decimal_places=2", "max_digits=6, decimal_places=2",
                     "max_digits=5, decimal_places=1", "decimal_places=2, max_digits=5, null=True"],
    "DurationField": ["", "default=datetime.timedelta(days=1)", "default=datetime.timedelta(days=2)"],
    "EmailField": ["", "max_length=254", "max_length=100"],
    "FileField": ["", 'upload_to="a"', 'upload_to="b"', 'upload_to="a", max_length=100',
                  'upload_to="a", max_length=50', "upload_to=helpers.where"],
    "FilePathField": ['path="/a"', 'path="/b"', 'path="/a", match=".*"', 'path="/a", recursive=True',
                      'path="/a", allow_folders=True', 'path="/a", max_length=100'],
    "FloatField": NUMBER,
    "GenericIPAddressField": ["", 'protocol="IPv4"', 'protocol="both"', "unpack_ipv4=True", "max_length=39"],
    "ImageField": ['upload_to="a"', 'upload_to="a", width_field="id"', 'upload_to="a", max_length=100'],
    "IntegerField": NUMBER,
    "JSONField": ["", "default=dict", "default=list", "encoder=DjangoJSONEncoder", "null=True"],
    "PositiveBigIntegerField": NUMBER,
    "PositiveIntegerField": NUMBER,
    "PositiveSmallIntegerField": NUMBER,
    "SlugField": ["", "max_length=50", "max_length=60", "db_index=False", "db_index=True",
                  "allow_unicode=True", "unique=True"],
    "SmallIntegerField": NUMBER,
    "TextField": ["", "max_length=10", 'db_collation="nocase"'],
    "TimeField": MOMENT,
    "URLField": ["", "max_length=200", "max_length=300"],
    "UUIDField": ["", "default=uuid.uuid4", "default=uuid.uuid1", "editable=False", "unique=True"],
    "ForeignKey": [
        '"base.Person", models.CASCADE', '"base.Place", models.CASCADE', '"base.Person", models.PROTECT',
        '"base.Person", models.SET_NULL, null=True', '"base.Person", models.CASCADE, related_name="a"',
        '"base.Person", models.CASCADE, related_name="+"', '"base.Person", models.CASCADE, to_field="code"',
        '"base.Person", models.CASCADE, db_constraint=False', '"base.Person", models.CASCADE, db_index=False',
        '"base.Person", models.CASCADE, db_index=True', '"base.Person", models.CASCADE, unique=True',
        '"base.Person", models.CASCADE, related_query_name="q"',
        '"base.Person", models.CASCADE, limit_choices_to={"code": "a"}',
        '"base.Person", models.SET(helpers.make)', "settings.AUTH_USER_MODEL, models.CASCADE",
    ],
    "OneToOneField": ['"base.Person", models.CASCADE', '"base.Place", models.CASCADE',
                      '"base.Person", models.DO_NOTHING', '"base.Person", models.CASCADE, unique=True',
                      '"base.Person", models.CASCADE, null=True'],
    "ManyToManyField": ['"base.Person"', '"base.Person", related_name="+"', '"base.Place"', '"base.Person", blank=True',
                        '"base.Person", related_name="a"', '"base.Person", db_table="t"',
                        '"base.Person", symmetrical=False', '"base.Person", db_constraint=False',
                        '"base.Place", through="base.Link"', '"base.Place", through="base.link"'],
}  # fmt: skip
# Keywords of every field: what they may be set to, and the spellings of what they are anyway.
GENERIC = [
    "null=True", "null=False", "null=None", "blank=True", "blank=False", "unique=True", "unique=False",
    "db_index=True", "db_index=False", "editable=False", "editable=True", "serialize=False",
    "serialize=True", 'verbose_name="thing"', 'verbose_name="f"', "verbose_name=None",
    'verbose_name=_("thing")', 'help_text="read me"', 'help_text=""', 'help_text="read " "me"',
    'db_column="col"', "db_column=None", 'db_tablespace="space"', "db_tablespace=None",
    "validators=[helpers.check_it]", "validators=[]", "validators=[MinValueValidator(1)]",
    "validators=[MinValueValidator(2)]", "validators=[django.core.validators.MinValueValidator(1)]",
    'error_messages={"null": "no"}', 'unique_for_date="day"', 'unique_for_month="day"',
    "default=None", "default=helpers.make", "default=base.helpers.make", "default=helpers.other",
    "choices=None", "choices=[]", 'db_comment="words"', "primary_key=False",
]
GENERIC_SINCE = {
    "db_default=1": (5, 0), "db_default=2": (5, 0), 'db_default=models.Value(1)': (5, 0),
}
CHOICES = [
    'choices=[("r", "Red"), ("g", "Green")]', 'choices=(("r", "Red"), ("g", "Green"))',
    'choices=[("g", "Green"), ("r", "Red")]', 'choices=[("r", _("Red")), ("g", "Green")]',
    "choices=Color.choices", "choices=helpers.COLORS", "choices=helpers.Color.choices",
    'choices=[("warm", [("r", "Red")]), ("g", "Green")]', "choices=Color.choices, default=Color.RED",
    'choices=[("r", "Red"), ("g", "Green")], default="r"', "choices=Color.choices, default=Color.RED.value",
    'choices=[["r", "Red"], ["g", "Green"]]',
]
VALUES = [
    "default=0", "default=False", "default=0.0", 'default=Decimal("0")', 'default=decimal.Decimal("0.0")',
    "default=1", "default=1.0", "default=True", 'default=""', "default=b''", 'default="1"', "default=-1",
    "default=+1", "default=10", "default=5 * 2", "default=LENGTH", "default=helpers.LENGTH", "default=1e1",
    "default=Size.SMALL", "default=Size.VERY_LARGE", "default=Size.SMALL.value", "default=0x0A", "default=1_0",
    "default=datetime.date(2020, 1, 1)", "default=datetime.date(2020, 1, 2)", "default=dict", "default=list",
]


def declared(name, kind, keywords):
    return "%s = models.%s(%s)" % (name, kind, keywords)


def field_row(name, before, now, since=(4, 2)):
    """`before` and `now`: (class, arguments), or None where that side has no such field."""
    classes = "class MODEL(models.Model):\n    %s\n" % (
        "f = models.%s(%s)" % now if now else "pass")
    fields = ', ("f", models.%s(%s))' % before if before else ""
    return Row(name, classes, ('migrations.CreateModel("MODEL", [%s%s])' % (KEY, fields),), since)


def named(before, now):
    text = lambda side: "%s(%s)" % side if side else "none"
    return "%s → %s" % (text(before), text(now))


def pairs_of(sides, since=(4, 2)):
    for before, now in product(sides, sides):
        yield field_row(named(before, now), before, now, since)


def spelled(kind, base, keywords):
    return (kind, ", ".join(filter(None, [base, keywords])))


def field_rows():
    for kind, variants in VARIANTS.items():
        yield from pairs_of([(kind, variant) for variant in variants])
        yield field_row(named(None, (kind, variants[0])), None, (kind, variants[0]))
        yield field_row(named((kind, variants[0]), None), (kind, variants[0]), None)
    firsts = [(kind, variants[0]) for kind, variants in VARIANTS.items()]
    for before, now in product(firsts, firsts):
        if before[0] != now[0]:
            yield field_row(named(before, now), before, now)
    for kind, base in (("CharField", "max_length=10"), ("IntegerField", ""), ("ForeignKey", '"base.Person", models.CASCADE')):
        plain = (kind, base)
        for keywords, since in [*((keywords, (4, 2)) for keywords in GENERIC), *GENERIC_SINCE.items()]:
            given = spelled(kind, base, keywords)
            for before, now in (plain, given), (given, plain), (given, given):
                yield field_row(named(before, now), before, now, since)
    yield from pairs_of([spelled("CharField", "max_length=10", keywords) for keywords in CHOICES])
    yield from pairs_of([spelled("IntegerField", "", keywords) for keywords in VALUES])
    for one, two in (("MinValueValidator(1)", "MinValueValidator(limit_value=1)"),
                     ('RegexValidator("^a$")', 'RegexValidator(r"^a$")'),
                     ('RegexValidator("^a$")', 'RegexValidator("^b$")'),
                     ("MinValueValidator(1), MaxValueValidator(2)", "MaxValueValidator(2), MinValueValidator(1)")):
        sides = [("IntegerField", "validators=[%s]" % text) for text in (one, two)]
        yield from pairs_of(sides)


# ---- Meta ---------------------------------------------------------------------------------

OPTIONS = [
    ("ordering", ['["a"]', '["-a"]', '("a",)', "[]", '["a", "b"]', "()"]),
    ("verbose_name", ['"thing"', '"other"', '_("thing")']),
    ("verbose_name_plural", ['"things"', '"others"']),
    ("get_latest_by", ['"a"', '["a"]']),
    ("permissions", ['[("can_fly", "Can fly")]', '(("can_fly", "Can fly"),)', "[]"]),
    ("default_permissions", ['("add",)', "()", '["add"]']),
    ("default_related_name", ['"things"']),
    ("managed", ["True", "False"]),
    ("base_manager_name", ['"objects"']),
    ("default_manager_name", ['"objects"']),
    ("db_table", ['"tab"', '"other_tab"', '"Tab"']),
    ("db_table_comment", ['"words"', '"other words"']),
    ("unique_together", ['{("a", "b")}', '[("a", "b")]', '(("a", "b"),)', '("a", "b")', '[("b", "a")]', "[]"]),
    ("select_on_save", ["True"]),
    ("db_tablespace", ['"space"']),
    ("required_db_features", ['["x"]']),
    ("order_with_respect_to", ['"owner"']),
    ("app_label", []),
]  # fmt: skip
INDEXES = [
    'models.Index(fields=["a"], name="by_a")', 'models.Index(fields=["-a"], name="by_a")',
    'models.Index(fields=["a", "b"], name="by_a")', 'models.Index(fields=("a",), name="by_a")',
    'models.Index(fields=["a"], name="by_other")', 'models.Index("a", name="by_a")',
    'models.Index(models.F("a").desc(), name="by_a")', 'models.Index(fields=["a"], name="by_a", include=["b"])',
    'models.Index(fields=["a"], name="by_a", condition=models.Q(b="x"))',
    'models.Index(fields=["a"], name="by_a", condition=models.Q(b="y"))',
]  # fmt: skip
CONSTRAINTS = [
    'models.UniqueConstraint(fields=["a"], name="one_a")', 'models.UniqueConstraint(fields=("a",), name="one_a")',
    'models.UniqueConstraint(fields=["a", "b"], name="one_a")', 'models.UniqueConstraint(fields=["a"], name="one_b")',
    'models.UniqueConstraint(fields=["a"], name="one_a", condition=models.Q(b="x"))',
    'models.UniqueConstraint(fields=["a"], name="one_a", deferrable=models.Deferrable.DEFERRED)',
]  # fmt: skip
FIELDS = """    a = models.CharField(max_length=5)
    b = models.CharField(max_length=5)
    owner = models.ForeignKey("base.Person", models.CASCADE)
"""
STATE_FIELDS = ('%s, ("a", models.CharField(max_length=5)), ("b", models.CharField(max_length=5)), ("owner", '
                'models.ForeignKey(on_delete=models.CASCADE, to="base.person"))' % KEY)


def meta_row(name, before, now, since=(4, 2)):
    """`before`: entries of `options`; `now`: lines of Meta."""
    meta = "".join("        %s\n" % line for line in now)
    classes = "class MODEL(models.Model):\n" + FIELDS + ("\n    class Meta:\n" + meta if meta else "")
    options = ", ".join("%r: %s" % entry for entry in before.items())
    return Row(name, classes, (
        'migrations.CreateModel("MODEL", [%s], options={%s})' % (STATE_FIELDS, options),), since)


def meta_rows():
    for option, values in OPTIONS:
        sides = [None, *values]
        for before, now in product(sides, sides):
            yield meta_row("Meta.%s: %s → %s" % (option, before, now), {option: before} if before else {},
                           ["%s = %s" % (option, now)] if now else [])
    for option, values in (("indexes", INDEXES), ("constraints", CONSTRAINTS)):
        for before, now in product([None, *values], [None, *values]):
            yield meta_row("Meta.%s: %s → %s" % (option, before, now), {option: "[%s]" % before} if before else {},
                           ["%s = [%s]" % (option, now)] if now else [])


# ---- whole models -------------------------------------------------------------------------

def create(name="MODEL", fields="", more="", key=KEY):
    return 'migrations.CreateModel(name="%s", fields=[%s]%s)' % (name, ", ".join(filter(None, [key, fields])), more)


TITLE = '("title", models.CharField(max_length=5))'
STAMPED = ('("created", models.DateTimeField(auto_now_add=True)), ("label", models.CharField(max_length=5))')
CASES = [
    ("a class that no migration makes", "class MODEL(models.Model):\n    pass\n", ()),
    ("a model without a class", "", (create(),)),
    ("a model that is deleted, without a class", "", (create(), 'migrations.DeleteModel("MODEL")')),
    ("made twice as one", "class MODEL(models.Model):\n    title = models.CharField(max_length=5)\n",
     (create(), 'migrations.AddField("MODEL", "title", models.CharField(max_length=5))')),
    ("altered in between", "class MODEL(models.Model):\n    title = models.CharField(max_length=9)\n",
     (create(fields=TITLE), 'migrations.AlterField("MODEL", "title", models.CharField(max_length=9))')),
    ("altered in between, to something else", "class MODEL(models.Model):\n    title = models.CharField(max_length=9)\n",
     (create(fields=TITLE), 'migrations.AlterField("MODEL", "title", models.CharField(max_length=8))')),
    ("an abstract base", "class MODEL(helpers.Stamped):\n    pass\n",
     (create(fields=STAMPED, more=', options={"ordering": ["created"], "abstract": False}'),)),
    ("an abstract base whose Meta is not inherited", "class MODEL(helpers.Stamped):\n    class Meta:\n        verbose_name = 'x'\n",
     (create(fields=STAMPED, more=', options={"verbose_name": "x"}'),)),
    ("an abstract base whose Meta is inherited", "class MODEL(helpers.Stamped):\n    class Meta(helpers.Stamped.Meta):\n        verbose_name = 'x'\n",
     (create(fields=STAMPED, more=', options={"verbose_name": "x", "ordering": ["created"], "abstract": False}'),)),
    ("an abstract base, its ordering forgotten", "class MODEL(helpers.Stamped):\n    pass\n", (create(fields=STAMPED),)),
    ("a field of an abstract base overridden", "class MODEL(helpers.Stamped):\n    label = models.TextField()\n",
     (create(fields=STAMPED, more=', options={"ordering": ["created"], "abstract": False}'),)),
    ("a field of an abstract base taken away", "class MODEL(helpers.Stamped):\n    label = None\n",
     (create(fields=STAMPED, more=', options={"ordering": ["created"], "abstract": False}'),)),
    ("a field of an abstract base hidden by a method", "class MODEL(helpers.Stamped):\n    def label(self):\n        return 1\n",
     (create(fields='("created", models.DateTimeField(auto_now_add=True))', more=', options={"ordering": ["created"]}'),)),
    ("Meta of a concrete model, which is that of its abstract base",
     "class MODELBase(helpers.Stamped):\n    class Meta:\n        ordering = ['-id']\n        verbose_name = 'x'\n\n\nclass MODEL(MODELBase):\n    class Meta(MODELBase.Meta):\n        proxy = True\n",
     (create("MODELBase", fields=STAMPED, more=', options={"ordering": ["-id"], "verbose_name": "x"}'),
      'migrations.CreateModel("MODEL", [], options={"proxy": True, "abstract": False, "ordering": ["created"], "indexes": [], "constraints": []}, bases=("APP.modelbase",))')),
    ("two abstract bases", "class MODEL(helpers.Plain, helpers.Stamped):\n    pass\n",
     (create(fields=STAMPED + ', ("note", models.TextField())'),)),
    ("two abstract bases, the other Meta", "class MODEL(helpers.Stamped, helpers.Plain):\n    pass\n",
     (create(fields=STAMPED + ', ("note", models.TextField())'),)),
    ("a mixin", "class MODEL(helpers.Mixin, models.Model):\n    title = models.CharField(max_length=5)\n",
     (create(fields=TITLE, more=", bases=(helpers.Mixin, models.Model)"),)),
    ("a mixin that the migration does not name", "class MODEL(helpers.Mixin, models.Model):\n    title = models.CharField(max_length=5)\n",
     (create(fields=TITLE),)),
    ("an own key", "class MODEL(models.Model):\n    code = models.CharField(max_length=5, primary_key=True)\n",
     (create(key='("code", models.CharField(max_length=5, primary_key=True, serialize=False))'),)),
    ("an own key, `serialize` forgotten", "class MODEL(models.Model):\n    code = models.CharField(max_length=5, primary_key=True)\n",
     (create(key='("code", models.CharField(max_length=5, primary_key=True))'),)),
    ("a key of the old kind", "class MODEL(models.Model):\n    pass\n",
     (create(key='("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))'),)),
    ("a key that is written out", "class MODEL(models.Model):\n    id = models.BigAutoField(primary_key=True)\n",
     (create(key='("id", models.BigAutoField(primary_key=True, serialize=False))'),)),
    ("a key that is written out on one side", "class MODEL(models.Model):\n    id = models.BigAutoField(primary_key=True)\n", (create(),)),
    ("no key in the migration", "class MODEL(models.Model):\n    title = models.CharField(max_length=5)\n", (create(fields=TITLE, key=""),)),
    ("a uuid key", "class MODEL(models.Model):\n    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)\n",
     (create(key='("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False))'),)),
    ("a proxy", "class MODELBase(models.Model):\n    pass\n\n\nclass MODEL(MODELBase):\n    class Meta:\n        proxy = True\n",
     (create("MODELBase"), 'migrations.CreateModel("MODEL", [], options={"proxy": True, "indexes": [], "constraints": []}, bases=("APP.modelbase",))')),
    ("a proxy that no migration makes", "class MODELBase(models.Model):\n    pass\n\n\nclass MODEL(MODELBase):\n    class Meta:\n        proxy = True\n", (create("MODELBase"),)),
    ("a proxy whose ordering is new", "class MODELBase(models.Model):\n    pass\n\n\nclass MODEL(MODELBase):\n    class Meta:\n        proxy = True\n        ordering = ['id']\n",
     (create("MODELBase"), 'migrations.CreateModel("MODEL", [], options={"proxy": True, "indexes": [], "constraints": []}, bases=("APP.modelbase",))')),
    ("a child table", "class MODELBase(models.Model):\n    pass\n\n\nclass MODEL(MODELBase):\n    title = models.CharField(max_length=5)\n",
     (create("MODELBase"), create(fields=TITLE, key='("modelbase_ptr", models.OneToOneField(auto_created=True, on_delete=models.CASCADE, parent_link=True, primary_key=True, serialize=False, to="APP.modelbase"))', more=', bases=("APP.modelbase",)'))),
    ("a child table without its link", "class MODELBase(models.Model):\n    pass\n\n\nclass MODEL(MODELBase):\n    title = models.CharField(max_length=5)\n",
     (create("MODELBase"), create(fields=TITLE, more=', bases=("APP.modelbase",)'))),
    ("unmanaged, fields differ", "class MODEL(models.Model):\n    title = models.TextField()\n\n    class Meta:\n        managed = False\n",
     (create(fields=TITLE, more=', options={"managed": False}'),)),
    ("unmanaged, a field is new", "class MODEL(models.Model):\n    title = models.TextField()\n\n    class Meta:\n        managed = False\n",
     (create(more=', options={"managed": False}'),)),
    ("unmanaged, no migration", "class MODEL(models.Model):\n    class Meta:\n        managed = False\n", ()),
    ("a manager for migrations", "class MODEL(models.Model):\n    objects = helpers.Manager()\n",
     (create(more=', managers=[("objects", helpers.Manager())]'),)),
    ("a manager for migrations that no migration has", "class MODEL(models.Model):\n    objects = helpers.Manager()\n", (create(),)),
    ("a manager that the class lost", "class MODEL(models.Model):\n    pass\n", (create(more=', managers=[("objects", helpers.Manager())]'),)),
    ("a quiet manager", "class MODEL(models.Model):\n    objects = helpers.Quiet()\n", (create(),)),
    ("a quiet manager of another name", "class MODEL(models.Model):\n    things = helpers.Quiet()\n", (create(),)),
    ("a quiet manager before the usual one", "class MODEL(models.Model):\n    things = helpers.Quiet()\n    objects = models.Manager()\n", (create(),)),
    ("a manager made of another", "class MODEL(models.Model):\n    objects = helpers.MadeOfOurs()\n",
     (create(more=', managers=[("objects", helpers.MadeOfOurs())]'),)),
    ("a manager made of another, which no migration has", "class MODEL(models.Model):\n    objects = helpers.MadeOfOurs()\n", (create(),)),
    ("a manager made of one of Django's", "class MODEL(models.Model):\n    objects = helpers.MadeOfDjangos()\n",
     (create(more=', managers=[("objects", helpers.MadeOfDjangos())]'),)),
    ("an abstract class", "class MODEL(models.Model):\n    class Meta:\n        abstract = True\n", ()),
    ("not a model", "class MODEL(helpers.Mixin):\n    title = 5\n", ()),
    ("to itself", "class MODEL(models.Model):\n    parent = models.ForeignKey('self', models.CASCADE, null=True)\n",
     (create(fields='("parent", models.ForeignKey(null=True, on_delete=models.CASCADE, to="APP.MODEL"))'),)),
    ("to itself, by its name", "class MODEL(models.Model):\n    parent = models.ForeignKey('MODEL', models.CASCADE, null=True)\n",
     (create(fields='("parent", models.ForeignKey(null=True, on_delete=models.CASCADE, to="APP.MODEL"))'),)),
    ("to itself in the migration", "class MODEL(models.Model):\n    parent = models.ForeignKey('self', models.CASCADE, null=True)\n",
     (create(fields='("parent", models.ForeignKey(null=True, on_delete=models.CASCADE, to="self"))'),)),
    ("to a class", "from base.models import Person\n\n\nclass MODEL(models.Model):\n    owner = models.ForeignKey(Person, on_delete=models.CASCADE)\n",
     (create(fields='("owner", models.ForeignKey(on_delete=models.CASCADE, to="base.person"))'),)),
    ("to the user, by its name", "class MODEL(models.Model):\n    owner = models.ForeignKey('auth.User', on_delete=models.CASCADE)\n",
     (create(fields='("owner", models.ForeignKey(on_delete=models.CASCADE, to=settings.AUTH_USER_MODEL))'),)),
    ("to the user model", "from django.contrib.auth import get_user_model\n\n\nclass MODEL(models.Model):\n    owner = models.ForeignKey(get_user_model(), on_delete=models.CASCADE)\n",
     (create(fields='("owner", models.ForeignKey(on_delete=models.CASCADE, to=settings.AUTH_USER_MODEL))'),)),
    ("a name for the way back, from a template", "class MODEL(models.Model):\n    owner = models.ForeignKey('base.Person', models.CASCADE, related_name='%(app_label)s_%(class)s')\n",
     (create(fields='("owner", models.ForeignKey(on_delete=models.CASCADE, related_name="%(app_label)s_%(class)s", to="base.person"))'),)),
    ("a field of the project", "class MODEL(models.Model):\n    f = base.fields.MyChar(max_length=5)\n", (create(fields='("f", base.fields.MyChar(max_length=5))'),)),
    ("a field of the project, longer", "class MODEL(models.Model):\n    f = base.fields.MyChar(max_length=6)\n", (create(fields='("f", base.fields.MyChar(max_length=5))'),)),
    ("a field of the project, plain before", "class MODEL(models.Model):\n    f = base.fields.MyChar(max_length=5)\n", (create(fields='("f", models.CharField(max_length=5))'),)),
    ("a field that takes itself apart", "class MODEL(models.Model):\n    f = base.fields.Fixed()\n", (create(fields='("f", base.fields.Fixed())'),)),
    ("a field that takes itself apart, with what it drops", "class MODEL(models.Model):\n    f = base.fields.Fixed(max_length=9)\n", (create(fields='("f", base.fields.Fixed())'),)),
    ("a verbose name in front", "class MODEL(models.Model):\n    f = models.CharField('thing', max_length=5)\n", (create(fields='("f", models.CharField(max_length=5, verbose_name="thing"))'),)),
    ("a length from a constant", "class MODEL(models.Model):\n    f = models.CharField(max_length=LENGTH)\n", (create(fields='("f", models.CharField(max_length=10))'),)),
    ("a length from a constant of the class", "class MODEL(models.Model):\n    N = 6\n    f = models.CharField(max_length=N)\n", (create(fields='("f", models.CharField(max_length=5))'),)),
    ("choices of the class", "class MODEL(models.Model):\n    A, B = 'a', 'b'\n    KINDS = [(A, 'one'), (B, 'two')]\n    f = models.CharField(max_length=5, choices=KINDS, default=A)\n",
     (create(fields='("f", models.CharField(choices=[("a", "one"), ("b", "two")], default="a", max_length=5))'),)),
    ("choices of the class, one is new", "class MODEL(models.Model):\n    A, B = 'a', 'b'\n    KINDS = [(A, 'one'), (B, 'two')]\n    f = models.CharField(max_length=5, choices=KINDS, default=A)\n",
     (create(fields='("f", models.CharField(choices=[("a", "one")], default="a", max_length=5))'),)),
    ("choices from an inner enumeration", "class MODEL(models.Model):\n    class Kind(models.TextChoices):\n        A = 'a', 'one'\n        LONG_NAME = 'b'\n\n    f = models.CharField(max_length=5, choices=Kind.choices, default=Kind.A)\n",
     (create(fields='("f", models.CharField(choices=[("a", "one"), ("b", "Long Name")], default="a", max_length=5))'),)),
    ("an index without a name", "class MODEL(models.Model):\n    title = models.CharField(max_length=5)\n\n    class Meta:\n        db_table = 'blog_post'\n        indexes = [models.Index(fields=['title'])]\n",
     (create(fields=TITLE, more=', options={"db_table": "blog_post", "indexes": [models.Index(fields=["title"], name="blog_post_title_e1c6f7_idx")]}'),)),
    ("an index whose name is made otherwise", "class MODEL(models.Model):\n    title = models.CharField(max_length=5)\n\n    class Meta:\n        db_table = 'blog_post'\n        indexes = [models.Index(fields=['title'])]\n",
     (create(fields=TITLE, more=', options={"db_table": "blog_post", "indexes": [models.Index(fields=["title"], name="blog_post_title_000000_idx")]}'),)),
    ("an index that the migrations make twice", "class MODEL(models.Model):\n    title = models.CharField(max_length=5)\n\n    class Meta:\n        indexes = [models.Index(fields=['title'], name='twice')]\n",
     (create(fields=TITLE), *['migrations.AddIndex("MODEL", models.Index(fields=["title"], name="twice"))'] * 2)),
    ("a child table whose link an abstract base spells", "class MODELBase(models.Model):\n    pass\n\n\nclass MODELMiddle(MODELBase):\n    modelbase_ptr = models.OneToOneField('APP.MODELBase', models.CASCADE, parent_link=True)\n\n    class Meta:\n        abstract = True\n\n\nclass MODEL(MODELMiddle):\n    title = models.CharField(max_length=5)\n",
     (create("MODELBase"), create(fields=TITLE, key='("modelbase_ptr", models.OneToOneField(on_delete=models.CASCADE, parent_link=True, primary_key=True, serialize=False, to="APP.modelbase"))', more=', bases=("APP.modelbase",)'))),
    ("a table of the migration's own", "class MODEL(models.Model):\n    pass\n", (create(), 'migrations.AlterModelTable("MODEL", "elsewhere")')),
    ("ordered by another model", "class MODEL(models.Model):\n    owner = models.ForeignKey('base.Person', models.CASCADE)\n\n    class Meta:\n        order_with_respect_to = 'owner'\n",
     (create(fields='("owner", models.ForeignKey(on_delete=models.CASCADE, to="base.person"))'), 'migrations.AlterOrderWithRespectTo("MODEL", "owner")')),
    ("a field under a condition", "class MODEL(models.Model):\n    if LENGTH > 5:\n        title = models.CharField(max_length=5)\n", (create(fields=TITLE),)),
    ("a moment that a function makes", "class MODEL(models.Model):\n    at = models.DateTimeField(default=EPOCH)\n",
     (create(fields='("at", models.DateTimeField(default=datetime.datetime(1970, 1, 1)))'),)),
    ("a field that is annotated", "class MODEL(models.Model):\n    title: str = models.CharField(max_length=6)\n", (create(fields=TITLE),)),
    ("a renamed field", "class MODEL(models.Model):\n    heading = models.CharField(max_length=5)\n", (create(fields=TITLE),)),
    ("many to many and back", "class MODEL(models.Model):\n    title = models.ManyToManyField('base.Person')\n", (create(fields=TITLE),)),
    ("computed", "class MODEL(models.Model):\n    title = models.CharField(max_length=5)\n    low = models.GeneratedField(expression=models.F('title'), output_field=models.TextField(), db_persist=True)\n",
     (create(fields=TITLE + ', ("low", models.GeneratedField(db_persist=True, expression=models.F("title"), output_field=models.TextField()))'),), (5, 0)),
    ("a key of two fields", "class MODEL(models.Model):\n    pk = models.CompositePrimaryKey('a', 'b')\n    a = models.IntegerField()\n    b = models.IntegerField()\n",
     (create(key='("pk", models.CompositePrimaryKey("a", "b", blank=True, editable=False, primary_key=True, serialize=False)), ("a", models.IntegerField()), ("b", models.IntegerField())'),), (5, 2)),
]  # fmt: skip


def case_rows():
    for name, classes, operations, *since in CASES:
        yield Row(name, classes, operations, since[0] if since else (4, 2), alone=True)


def rows(version):
    seen, found = set(), []
    for row in [*field_rows(), *meta_rows(), *case_rows()]:
        if row.since <= version and row.name not in seen:
            seen.add(row.name)
            found.append(row)
    return found
