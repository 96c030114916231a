"""A seeded generator of projects whose migrations have operations, healthy and
broken ones.

It keeps a rough picture of the models so that most operations fit; a broken
project then gets operations that do not.  What Django really makes of a project
is always asked of Django.
"""

import random
from dataclasses import dataclass, field

from state_projects import History, Step

USER = "migrations.swappable_dependency(settings.AUTH_USER_MODEL)"
AUTH = ("auth", "0001_initial")
LABELS = ["alpha", "beta", "Gamma", "delta_1"]
NAMES = ["Author", "Book", "Cover", "Draft", "Edition", "Film", "GenreTag", "House", "item", "JSONDoc"]
FIELDS = ["title", "slug", "age", "rating", "is_live", "Body", "born", "price", "code", "x1", "note"]
BASE = '("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))'
PLAIN = [
    "models.CharField(max_length=%(n)d)",
    'models.CharField("Label", max_length=%(n)d, blank=True, null=False, default="")',
    "models.TextField(null=True)",
    "models.TextField(default=default_text)",
    "models.IntegerField(default=%(n)d, db_index=False)",
    "models.IntegerField(default=-1, choices=[(1, 'one'), (-1, 'minus')])",
    "models.BooleanField(default=False, editable=True)",
    "models.DecimalField('Price', 'price', 8, 2, default=Decimal('0.10'))",
    "models.DateTimeField(default=django.utils.timezone.now)",
    "models.DateField(auto_now_add=True)",
    "models.DurationField(default=datetime.timedelta(days=1))",
    "models.EmailField(max_length=254, unique=True)",
    "models.EmailField()",
    "models.SlugField(max_length=50, help_text='é \"quoted\"')",
    "models.URLField(_('link'), db_column='l_%(n)d', null=True)",
    "models.FloatField(null=True, default=None)",
    "models.FloatField(default=1.5)",
    "models.JSONField(default=dict)",
    "models.UUIDField(null=True, unique=False)",
    "models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(%(n)d)], default=1)",
    "models.FileField(upload_to='f/%%Y', max_length=100)",
    "models.GenericIPAddressField(blank=True, null=True)",
    "models.BinaryField(editable=True, default=b'a\\xff')",
]  # fmt: skip
ON_DELETE = ["models.CASCADE", "django.db.models.deletion.CASCADE", "models.SET_NULL", "models.PROTECT"]
OPTIONS = [
    "'verbose_name': 'thing %(n)d'", "'ordering': ['id']", "'verbose_name_plural': _('things')",
    "'db_table': 'T_%(n)d'", "'get_latest_by': 'id'", "'permissions': [('can', 'Can do')]",
    "'abstract': False", "'managed': True", "'default_related_name': 'r%(n)d'",
]  # fmt: skip
ALTERABLE = [option for option in OPTIONS if "db_table" not in option and "abstract" not in option]


@dataclass
class Picture:
    """What the generator believes about a model."""

    app: str
    name: str
    fields: dict = field(default_factory=dict)  # name -> "plain", "fk", "m2m", "pk"
    indexes: list = field(default_factory=list)  # (name, fields)
    constraints: list = field(default_factory=list)
    together: list = field(default_factory=list)
    proxy: bool = False
    child: bool = False
    ordered: bool = False
    users: set = field(default_factory=set)  # apps that point here

    @property
    def key(self):
        return self.app, self.name.lower()

    @property
    def dotted(self):
        return "%s.%s" % (self.app, self.name)

    def columns(self):
        return [name for name, kind in self.fields.items() if kind == "plain"]

    def bound(self):
        """Fields that options, indexes or constraints name."""
        named = {name for names in self.together for name in names}
        for _, fields in (*self.indexes, *self.constraints):
            named.update(fields)
        return named


def random_history(seed, version=(5, 2)):
    return Generator(seed, version).history


class Generator:
    def __init__(self, seed, version):
        self.rng = rng = random.Random("state %d" % seed)
        self.version = version
        self.labels = rng.sample(LABELS, rng.randint(1, 4))
        self.history = History({label: {} for label in self.labels})
        self.live = {}  # key -> Picture
        self.last = {}  # label -> last key
        self.leaves = {}  # label -> keys that nothing of the app follows
        self.number = 0
        self.user = None  # key of the swappable user model
        self.careless = self.chance(0.25)  # forgets dependencies now and then
        self.branchy = self.chance(0.2)  # several lines in one app, merged now and then
        self.broken = self.chance(0.5)
        if self.chance(0.1):
            self.history.contrib = ("auth", "contenttypes")
        for turn in range(rng.randint(2, 14)):
            self.migration(self.labels[turn] if turn < len(self.labels) else rng.choice(self.labels))
        if self.broken:
            for _ in range(rng.randint(1, 2)):
                self.damage()
        if self.chance(0.15):
            self.squash(rng.choice(self.labels))

    def chance(self, probability):
        return self.rng.random() < probability

    def fresh(self):
        self.number += 1
        return self.number

    def migration(self, label):
        rng, steps = self.rng, self.history.apps[label]
        self.label, self.step = label, Step()
        name = "%04d_%s" % (len(steps) + 1, rng.choice(["initial", "more", "Other"]))
        self.step.dependencies += self.parents(label)
        count = rng.randint(1, 5)
        for _ in range(count):
            operation = None
            while not operation:
                operation = rng.choice(self.OPERATIONS)(self)
            self.step.operations.append(self.wrapped(operation))
        steps[name] = self.step
        key = self.last[label] = (label, name)
        self.leaves[label] = self.leaves.get(label, set()) - set(self.step.dependencies) | {key}

    def parents(self, label):
        """Of the same app: the last one, or one of many, or all leaves at once."""
        if label not in self.last:
            return []
        if self.branchy and self.chance(0.3):
            return [(label, self.rng.choice(list(self.history.apps[label])))]
        return sorted(self.leaves[label]) if self.chance(0.3) else [self.last[label]]

    def squash(self, label):
        """One migration for the first ones, if those are a line."""
        steps = self.history.apps[label]
        names = list(steps)[: self.rng.randint(2, 4)]
        keys = [(label, name) for name in names]
        for before, name in zip([None, *names], names):
            own = [key for key in steps[name].dependencies if isinstance(key, tuple) and key[0] == label]
            if own != ([(label, before)] if before else []):
                return
        if len(names) < 2:
            return
        made = Step([], [], keys)
        for name in names:
            made.operations += steps[name].operations
            made.dependencies += [
                key for key in steps[name].dependencies
                if key not in keys and key not in made.dependencies]
        steps["%s_squashed_%s" % (names[0], names[-1])] = made

    def wrapped(self, operation):
        if self.chance(0.06):
            return "migrations.SeparateDatabaseAndState(state_operations=[%s], database_operations=[%s])" % (
                operation, operation)
        if self.chance(0.03):
            return "migrations.SeparateDatabaseAndState([%s], [migrations.SeparateDatabaseAndState([], [%s])])" % (
                operation, operation)
        if self.chance(0.2) and "AlterModelOptions" in operation:
            return "migrations.RunSQL(migrations.RunSQL.noop, '', [%s])" % operation
        return operation

    def need(self, label):
        """The migration uses something of another app as it is now."""
        if label != self.label and label in self.last and not (self.careless and self.chance(0.3)):
            if self.last[label] not in self.step.dependencies:
                self.step.dependencies.append(self.last[label])

    def call(self, operation, **arguments):
        """Arguments by position or by name, as both are common."""
        if self.chance(0.2):
            return "migrations.%s(%s)" % (operation, ", ".join(arguments.values()))
        pairs = ("%s=%s" % pair for pair in arguments.items())
        return "migrations.%s(%s)" % (operation, ", ".join(pairs))

    # picking

    def own(self, proxy=False):
        found = [m for m in self.live.values() if m.app == self.label and m.proxy <= proxy]
        return self.rng.choice(found) if found else None

    def other(self):
        found = [m for m in self.live.values() if not m.proxy]
        return self.rng.choice(found) if found else None

    def new_name(self, taken, names):
        free = [n for n in names if n not in taken and n.lower() not in {t.lower() for t in taken}]
        return self.rng.choice(free) if free else "%s_%d" % (names[0], self.fresh())

    def cased(self, name):
        """Model names may be written in any case."""
        return repr(self.rng.choice([name, name, name.lower(), name.upper() if self.chance(0.2) else name]))

    # fields

    def plain_field(self):
        return self.rng.choice(PLAIN) % {"n": self.rng.randint(10, 60)}

    def relation(self, owner, new_model):
        """(source, kind) of a relation, or a plain field where there is nothing to point at."""
        target = self.other()
        if target is None or target.key == owner and new_model:
            return self.plain_field(), "plain"
        target.users.add(self.label)
        names = [target.dotted, target.dotted.lower() if target.app.islower() else target.dotted]
        if target.app == self.label:
            names.append(target.name)
        to = repr("self" if target.key == owner else self.rng.choice(names))
        if target.key == self.user and self.chance(0.7):
            to = "settings.AUTH_USER_MODEL"
            self.step.dependencies += [USER] * (USER not in self.step.dependencies)
        elif self.history.contrib and self.chance(0.3):
            to = "'auth.User'"
            self.step.dependencies += [AUTH] * (AUTH not in self.step.dependencies)
        else:
            self.need(target.app)
        related = "related_name='r%d'" % self.fresh()
        if self.chance(0.3):
            return "models.ManyToManyField(to=%s, blank=True, %s)" % (to, related), "m2m"
        delete = self.rng.choice(ON_DELETE)
        kind = self.rng.choice(["ForeignKey", "ForeignKey", "OneToOneField"])
        shape = self.rng.choice(["models.%s(%s, %s, null=True, %s)", "models.%s(to=%s, on_delete=%s, null=True, %s)"])
        return shape % (kind, to, delete, related), "fk"

    def some_field(self, owner=None, new_model=False):
        if self.chance(0.3):
            return self.relation(owner, new_model)
        return self.plain_field(), "plain"

    # operations: each returns source, or None where it does not fit

    def create(self):
        taken = [m.name for m in self.live.values() if m.app == self.label]
        made = Picture(self.label, self.new_name(taken, NAMES))
        fields, extra = [], ""
        bases = [m for m in self.live.values() if m.app == self.label]
        draw = self.rng.random()
        if bases and draw < 0.1:
            base = self.rng.choice(bases)
            made.proxy = True
            extra = ", options={'proxy': True, 'indexes': [], 'constraints': []}, bases=(%r,)" % base.dotted.lower().replace(
                base.app.lower(), base.app, 1)
        elif bases and draw < 0.2 and (parent := self.rng.choice(bases)) and not parent.proxy:
            fields.append('("%s_ptr", models.OneToOneField(auto_created=True, on_delete=models.CASCADE, '
                          'parent_link=True, primary_key=True, serialize=False, to=%r))'
                          % (parent.name.lower(), parent.dotted))
            made.child = True
            extra = ", bases=(%r,)" % parent.dotted
        else:
            fields.append(BASE if self.chance(0.8) else '("id", models.AutoField(primary_key=True))')
            made.fields["id"] = "pk"
        if not made.proxy:
            inherited = {name for m in bases for name in m.fields} if made.child else set()
            for name in self.rng.sample(FIELDS, self.rng.randint(0, 5)):
                if name in inherited:
                    continue
                source, kind = self.some_field(made.key, new_model=True)
                fields.append('("%s", %s)' % (name, source))
                made.fields[name] = kind
            if not extra:
                extra = self.options_of(made)
        self.live[made.key] = made
        plain = not made.proxy and not made.child and not self.history.contrib
        if plain and not self.user and self.label not in self.last and self.chance(0.2):
            self.user, self.history.user_model = made.key, made.dotted
            made.users.add(self.label)
        return "migrations.CreateModel(name=%r, fields=[%s]%s)" % (made.name, ", ".join(fields), extra)

    def options_of(self, made):
        parts = [o % {"n": self.fresh()} for o in self.rng.sample(OPTIONS, self.rng.randint(0, 3))]
        columns = made.columns()
        if len(columns) > 1 and self.chance(0.4):
            made.together = [tuple(columns[:2])]
            shape = self.rng.choice(["{%r}", "[%r]", "(%r,)"])
            parts.append("'unique_together': " + shape % (made.together[0],))
        if columns and self.chance(0.2):
            made.indexes.append(("ix%d" % self.fresh(), columns[:1]))
            parts.append("'indexes': [models.Index(fields=%r, name=%r)]" % (columns[:1], made.indexes[-1][0]))
        source = ", options={%s}" % ", ".join(parts) if parts or self.chance(0.3) else ""
        if self.chance(0.2):
            source += ", bases=(models.Model,)"
        if self.chance(0.2):
            source += ", managers=[('objects', models.Manager()), ('live', LiveManager())]"
        return source

    def through(self):
        """A many-to-many field with a model of its own in between."""
        left, right = self.own(), self.other()
        if not left or right.key == left.key or "linked" in left.fields:
            return None
        self.need(right.app)
        right.users.add(self.label)
        made = Picture(self.label, "Link%d" % self.fresh(), {"id": "pk", "a": "fk", "b": "fk"})
        self.live[made.key] = made
        left.fields["linked"] = "through"
        self.step.operations.append(
            "migrations.CreateModel(%r, [%s, ('a', models.ForeignKey(%r, models.CASCADE, related_name='+')), "
            "('b', models.ForeignKey(%r, models.CASCADE, related_name='+'))])"
            % (made.name, BASE, left.dotted, right.dotted))
        return "migrations.AddField(%r, 'linked', models.ManyToManyField(related_name='+', through=%r, to=%r))" % (
            left.name, self.rng.choice([made.dotted, made.name]), right.dotted)

    def delete(self):
        model = self.own(proxy=True)
        if not model or self.chance(0.6) or self.pointed_at(model):
            return None
        del self.live[model.key]
        return "migrations.DeleteModel(name=%s)" % self.cased(model.name)

    def pointed_at(self, model):
        return model.users or any(m.proxy or m.child or "fk" in m.fields.values() for m in self.live.values())

    def rename_model(self):
        model = self.own()
        related = any(m.proxy or m.child for m in self.live.values() if m.app == self.label)
        if not model or related or model.key == self.user:
            return None
        for app in model.users:
            self.need(app)
        old, name = model.name, self.new_name([m.name for m in self.live.values() if m.app == self.label], NAMES)
        del self.live[model.key]
        model.name = name
        self.live[model.key] = model
        return self.call("RenameModel", old_name=self.cased(old), new_name=repr(name))

    def add_field(self):
        model = self.own()
        if not model or model.child:
            return None
        name = self.new_name(model.fields, FIELDS)
        source, kind = self.some_field(model.key)
        model.fields[name] = kind
        keep = {} if self.chance(0.7) else {"preserve_default": "False"}
        return self.call("AddField", model_name=self.cased(model.name), name=repr(name), field=source, **keep)

    def free_field(self, model, *kinds):
        names = [n for n, kind in model.fields.items() if kind in kinds and n not in model.bound()]
        return self.rng.choice(names) if names and not model.ordered else None

    def remove_field(self):
        model = self.own()
        name = model and self.free_field(model, "plain", "fk", "m2m", "through")
        if not name:
            return None
        del model.fields[name]
        return self.call("RemoveField", model_name=self.cased(model.name), name=repr(name))

    def alter_field(self):
        model = self.own()
        name = model and self.free_field(model, "plain")
        if not name:
            return None
        keep = {} if self.chance(0.7) else {"preserve_default": self.rng.choice(["False", "True"])}
        return self.call("AlterField", model_name=self.cased(model.name), name=repr(name),
                         field=self.plain_field(), **keep)

    def alter_relation(self):
        model = self.own()
        name = model and self.free_field(model, "fk")
        if not name:
            return None
        source, kind = self.relation(model.key, new_model=False)
        return kind == "fk" and self.call(
            "AlterField", model_name=self.cased(model.name), name=repr(name), field=source)

    def rename_field(self):
        model = self.own()
        names = [n for n, kind in model.fields.items() if kind in ("plain", "fk", "m2m")] if model else ()
        indexed = {n for _, fields in (*model.indexes, *model.constraints) for n in fields} if model else ()
        names = [n for n in names if n not in indexed]
        if not names or model.child or model.ordered:
            return None
        old = self.rng.choice(names)
        new = old.swapcase() if self.chance(0.1) else self.new_name(model.fields, FIELDS)
        model.fields[new] = model.fields.pop(old)
        model.together = [tuple(new if n == old else n for n in names) for names in model.together]
        return self.call("RenameField", model_name=self.cased(model.name), old_name=repr(old), new_name=repr(new))

    def unique_together(self):
        model = self.own()
        columns = model.columns() if model and not model.child else ()
        if len(columns) < 2:
            return None
        model.together = [tuple(self.rng.sample(columns, 2))] if self.chance(0.7) else []
        value = self.rng.choice(["{%r}", "%r"]) % (model.together[0],) if model.together else self.rng.choice(["set()", "[]"])
        return self.call("AlterUniqueTogether", name=self.cased(model.name), unique_together=value)

    def index_together(self):
        model = self.own()
        columns = model.columns() if model and not model.child else ()
        if len(columns) < 2 or self.chance(0.7):
            return None
        names = columns[:2]
        for value in ("{%r}" % (tuple(names),), "set()"):
            self.step.operations.append(
                "migrations.AlterIndexTogether(name=%r, index_together=%s)" % (model.name, value))
        return "migrations.RunPython(nothing, migrations.RunPython.noop)"

    def add_index(self):
        model = self.own()
        columns = model.columns() if model and not model.child else ()
        if not columns:
            return None
        name, fields = "ix%d" % self.fresh(), self.rng.sample(columns, 1)
        model.indexes.append((name, fields))
        shown = [self.rng.choice(["", "-"]) + f for f in fields]
        return self.call("AddIndex", model_name=self.cased(model.name),
                         index="models.Index(fields=%r, name=%r)" % (shown, name))

    def remove_index(self):
        model = self.own()
        if not model or not model.indexes:
            return None
        name, _ = model.indexes.pop()
        return self.call("RemoveIndex", model_name=self.cased(model.name), name=repr(name))

    def rename_index(self):
        model = self.own()
        if not model or not model.indexes or self.version < (4, 1):
            return None
        old, fields = model.indexes.pop()
        model.indexes.append(("ix%d" % self.fresh(), fields))
        return "migrations.RenameIndex(%r, new_name=%r, old_name=%r)" % (model.name, model.indexes[-1][0], old)

    def add_constraint(self):
        model = self.own()
        columns = model.columns() if model and not model.child else ()
        if not columns:
            return None
        name = "c%d" % self.fresh()
        model.constraints.append((name, columns[:1]))
        check = "condition" if self.version >= (5, 1) else "check"
        shape = self.rng.choice([
            "models.UniqueConstraint(fields=%r, name=%r)",
            "models.UniqueConstraint(fields=%r, name=%r, condition=models.Q(id__gt=0))"])
        source = shape % (columns[:1], name)
        if self.chance(0.4):
            source = "models.CheckConstraint(%s=models.Q(id__gte=0) | ~models.Q(id=5), name=%r)" % (check, name)
            model.constraints[-1] = (name, [])
        return self.call("AddConstraint", model_name=self.cased(model.name), constraint=source)

    def remove_constraint(self):
        model = self.own()
        if not model or not model.constraints:
            return None
        name, _ = model.constraints.pop()
        return self.call("RemoveConstraint", model_name=self.cased(model.name), name=repr(name))

    def alter_constraint(self):
        model = self.own()
        if not model or not model.constraints or self.version < (5, 2):
            return None
        name, fields = self.rng.choice(model.constraints)
        if not fields:
            return None
        source = "models.UniqueConstraint(fields=%r, name=%r, violation_error_message='no')" % (fields, name)
        return self.call("AlterConstraint", model_name=self.cased(model.name), name=repr(name), constraint=source)

    def alter_options(self):
        model = self.own(proxy=True)
        parts = [o % {"n": self.fresh()} for o in self.rng.sample(ALTERABLE, self.rng.randint(0, 3))]
        return model and self.call("AlterModelOptions", name=self.cased(model.name), options="{%s}" % ", ".join(parts))

    def alter_table(self):
        model = self.own()
        table = self.rng.choice([repr("t%d" % self.fresh()), "None"])
        return model and self.call("AlterModelTable", name=self.cased(model.name), table=table)

    def alter_comment(self):
        model = self.own()
        if not model or self.version < (4, 2):
            return None
        return self.call("AlterModelTableComment", name=self.cased(model.name), table_comment="'c'")

    def alter_managers(self):
        model = self.own(proxy=True)
        value = self.rng.choice(["[]", "[('objects', models.Manager())]", "[('live', LiveManager())]"])
        return model and self.call("AlterModelManagers", name=self.cased(model.name), managers=value)

    def order(self):
        model = self.own()
        name = model and not model.child and self.free_field(model, "fk")
        if not name:
            return None
        model.ordered = True
        return self.call("AlterOrderWithRespectTo", name=self.cased(model.name), order_with_respect_to=repr(name))

    def run(self):
        return self.rng.choice([
            "migrations.RunPython(nothing)", "migrations.RunSQL('SELECT 1', reverse_sql='')",
            "migrations.RunSQL([('SELECT 1', None)])"])

    OPERATIONS = [
        create, create, create, create, through, delete, rename_model, add_field, add_field, add_field,
        remove_field, alter_field, alter_field, alter_relation, rename_field, rename_field, unique_together,
        index_together, add_index, remove_index, rename_index, add_constraint, remove_constraint, alter_constraint,
        alter_options, alter_table, alter_comment, alter_managers, order, run,
    ]  # fmt: skip

    # damage: an operation is put in, taken out, or written wrongly

    WRONG = [
        "migrations.AddField('Ghost', 'x', models.TextField(null=True))",
        "migrations.RemoveField(%(model)r, 'ghost')",
        "migrations.RemoveField(%(model)r, 'ID')",
        "migrations.RenameField(%(model)r, 'ghost', 'gone')",
        "migrations.AlterField(%(model)r, 'ghost', models.TextField(null=True))",
        "migrations.DeleteModel('Ghost')",
        "migrations.DeleteModel(%(model)r)",
        "migrations.RenameModel('Ghost', 'Spirit')",
        "migrations.RenameModel(%(model)r, 'Renamed')",
        "migrations.RenameModel(%(model)r, %(swapped)r)",
        "migrations.AlterModelOptions('Ghost', {})",
        "migrations.AlterUniqueTogether('ghost', {('a', 'b')})",
        "migrations.AlterModelTable('ghost', 'x')",
        "migrations.AddIndex('ghost', models.Index(fields=['id'], name='gix'))",
        "migrations.RemoveIndex(%(model)r, 'ghost_ix')",
        "migrations.RemoveConstraint(%(model)r, 'ghost_c')",
        "migrations.AddIndex(%(model)r, models.Index(fields=['ghost'], name='gix'))",
        "migrations.AddField(%(model)r, 'g', models.ForeignKey('%(app)s.Ghost', models.CASCADE, null=True))",
        "migrations.AddField(%(model)r, 'g', models.ForeignKey('nowhere.Ghost', models.CASCADE, null=True))",
        "migrations.CreateModel('Haunted', [('id', models.AutoField(primary_key=True))], bases=('%(app)s.ghost',))",
        "migrations.CreateModel(%(model)r, [('id', models.AutoField(primary_key=True))])",
        "migrations.AddField(%(model)r, 'id', models.TextField(null=True))",
        "migrations.AlterOrderWithRespectTo(%(model)r, 'ghost')",
        "migrations.SeparateDatabaseAndState([], [migrations.DeleteModel('Ghost')])",
        "migrations.RunSQL('SELECT 1', None, [migrations.RemoveField(%(model)r, 'ghost')])",
        "migrations.CreateModel('Twice', [('id', models.AutoField(primary_key=True)), ('id', models.TextField())])",
        "migrations.AddIndex(%(model)r, models.Index(fields=['id']))",
    ]  # fmt: skip

    def damage(self):
        label = self.rng.choice([label for label in self.labels if self.history.apps[label]])
        step = self.rng.choice(list(self.history.apps[label].values()))
        draw = self.rng.random()
        if draw < 0.25 and step.operations:
            step.operations.pop(self.rng.randrange(len(step.operations)))
        elif draw < 0.4 and len(step.operations) > 1:
            self.rng.shuffle(step.operations)
        elif draw < 0.5 and step.dependencies:
            step.dependencies.pop(self.rng.randrange(len(step.dependencies)))
        else:
            names = [m.name for m in self.live.values() if m.app == label] or ["Ghost"]
            model = self.rng.choice(names)
            wrong = self.rng.choice(self.WRONG) % {"model": model, "app": label, "swapped": model.swapcase()}
            step.operations.insert(self.rng.randint(0, len(step.operations)), wrong)
