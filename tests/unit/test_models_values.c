/* Values of two files, and keywords of fields, compared as the autodetector does. */

#include "models_of.h"

#define CHAR(more) "models.CharField(max_length=9" more ")"

static void literals(void **state)
{
    (void)state;
    check_field(CHAR(", default='a'"), CHAR(", default=\"a\""), "");
    check_field(CHAR(", default='a'"), CHAR(", default='b'"), "default");
    check_field("models.IntegerField(default=0)", "models.IntegerField(default=False)", "");
    check_field("models.IntegerField(default=0)", "models.IntegerField(default=None)", "default");
    check_field("models.IntegerField(default=1)", "models.IntegerField(default='1')", "default");
    check_field("models.FloatField(default=1e3)", "models.FloatField(default=1000)", "");
    check_field("models.DecimalField(default=Decimal('0.10'))",
                "models.DecimalField(default=Decimal('0.1'))", "");
    check_field("models.DecimalField(default=Decimal('1'))", "models.DecimalField(default=2)",
                "default");
    check_field("models.JSONField(default={'a': 1, 'b': 2})",
                "models.JSONField(default={'b': 2, 'a': 1})", "");
    check_field("models.JSONField(default={1, 2})", "models.JSONField(default={2, 1, 1})", "");
    check_field("models.JSONField(default=[1])", "models.JSONField(default=(1,))", "default");
    check_field("models.DurationField(default=datetime.timedelta(days=1))",
                "models.DurationField(default=datetime.timedelta(hours=24))", "");
    check_field("models.DurationField(default=datetime.timedelta(days=1))",
                "models.DurationField(default=datetime.timedelta(2))", "default");
    check_field("models.DateField(default=datetime.date(2020, 1, 1))",
                "models.DateField(default=datetime.date(2020, 1, 2))", "default");
    /* More digits than can be told apart. */
    check_field("models.IntegerField(default=9007199254740993)",
                "models.IntegerField(default=9007199254740992)", "");
}

static void callables(void **state)
{
    (void)state;
    static const char things[] = "def one():\n    return {}\ndef two():\n    return {}\n"
                                 "class Made:\n    pass\n";
    check_field("models.JSONField(default=dict)", "models.JSONField(default=list)", "default");
    check_field("models.JSONField(default=dict)", "models.JSONField(default={})", "default");
    check_field("models.JSONField(default=dict)", "models.JSONField(default=lambda: {})",
                "default");
    check_field_with(things, "models.JSONField(default=b.things.one)",
                     "models.JSONField(default=b.things.one)", "");
    check_field_with(things, "models.JSONField(default=b.things.one)",
                     "models.JSONField(default=b.things.two)", "default");
    check_field_with(things, "models.JSONField(default=dict)",
                     "models.JSONField(default=b.things.one)", "default");
    check_field("models.UUIDField(default=uuid.uuid4)", "models.UUIDField(default=uuid.uuid1)",
                "default");
    /* What is not at hand may be the same thing under another name. */
    check_field("models.JSONField(default=far.away)", "models.JSONField(default=far.other)", "");
    check_field_with(things, "models.JSONField(default=b.things.Made())",
                     "models.JSONField(default=b.things.Made(1))", "");
}

static void enumerations(void **state)
{
    (void)state;
    static const char things[] =
        "import enum\nfrom django.db import models\nfrom django.utils.translation import "
        "gettext_lazy as _\n"
        "class Status(models.TextChoices):\n    ACTIVE = 'a', _('Active')\n    NOT_THERE = 'n'\n"
        "class Plain(enum.Enum):\n    ONE = 1\n    TWO = 2\n"
        "class Number(enum.IntEnum):\n    ONE = 1\n";
#define CHOICES(list) CHAR(", choices=" list)
#define OF_STATUS CHOICES("b.things.Status.choices")
    check_field_with(things, CHOICES("[('a', 'Active'), ('n', 'Not There')]"), OF_STATUS, "");
    check_field_with(things, CHOICES("[('a', 'Active')]"), OF_STATUS, "choices");
    check_field_with(things, CHOICES("[('a', 'Active'), ('n', 'Gone')]"), OF_STATUS, "choices");
    check_field_with(things, CHAR(", default='a'"), CHAR(", default=b.things.Status.ACTIVE"), "");
    check_field_with(things, CHAR(", default='n'"), CHAR(", default=b.things.Status.ACTIVE"),
                     "default");
    check_field_with(things, CHAR(", default='a'"), CHAR(", default=b.things.Status.ACTIVE.value"),
                     "");
    check_field_with(things, CHAR(", default='a'"), CHAR(", default=b.things.Status('a')"), "");
    check_field_with(things, CHAR(", default=1"), CHAR(", default=b.things.Number.ONE"), "");
    /* A member of a plain enumeration equals nothing but itself. */
    check_field_with(things, CHAR(", default=1"), CHAR(", default=b.things.Plain.ONE"), "default");
    check_field_with(things, CHAR(", default=b.things.Plain['ONE']"),
                     CHAR(", default=b.things.Plain.ONE"), "");
    check_field_with(things, CHAR(", default=b.things.Plain['ONE']"),
                     CHAR(", default=b.things.Plain.TWO"), "default");
    check_field_with(things, CHAR(", default=1"), CHAR(", default=b.things.Plain.ONE.value"), "");
    /* Members that go round in circles. */
    check_field_with("from django.db import models\n"
                     "class A(models.TextChoices):\n    X = 'x'\n    Y = 'y'\n"
                     "class B(models.TextChoices):\n    Y = A.Y\n    Z = C.Z\n"
                     "class C(models.TextChoices):\n    Z = B.Z\n",
                     CHAR(", default='x'"), CHAR(", default=b.things.C.Z"), "");
}

static void deconstructed(void **state)
{
    (void)state;
    static const char things[] =
        "from django.utils.deconstruct import deconstructible\n"
        "@deconstructible\nclass Validator:\n    def __init__(self, n=1):\n        self.n = n\n"
        "    def __call__(self, value):\n        pass\n";
#define VALIDATED(list) "models.IntegerField(validators=" list ")"
    check_field_with(things, VALIDATED("[b.things.Validator(1)]"),
                     VALIDATED("[b.things.Validator(1)]"), "");
    check_field_with(things, VALIDATED("(b.things.Validator(1),)"),
                     VALIDATED("[b.things.Validator(1)]"), "");
    check_field_with(things, VALIDATED("[b.things.Validator(1)]"),
                     VALIDATED("[b.things.Validator(2)]"), "validators");
    check_field_with(things, VALIDATED("[b.things.Validator(1)]"),
                     VALIDATED("[b.things.Validator(n=1)]"), "validators");
    check_field_with(things, VALIDATED("[b.things.Validator(1)]"), "models.IntegerField()",
                     "validators");
}

/* What a class makes of a keyword. */
static void keywords(void **state)
{
    (void)state;
    check_field("models.SlugField(max_length=50)", "models.SlugField()", "");
    check_field("models.SlugField(max_length=None)", "models.SlugField()", "");
    check_field("models.SlugField(db_index=None)", "models.SlugField()", "");
    check_field("models.SlugField()", "models.SlugField(db_index=False)", "db_index");
    check_field("models.EmailField(max_length=75)", "models.EmailField()", "max_length");
    check_field("models.DateField(auto_now=None)", "models.DateField()", "");
    check_field("models.DateField(auto_now=True)",
                "models.DateField(auto_now=True, editable=False, blank=True)", "");
    check_field("models.TimeField(auto_now=None)", "models.TimeField()", "auto_now");
    check_field("models.GenericIPAddressField(max_length=9)", "models.GenericIPAddressField()", "");
    check_field("models.IntegerField(null=None)", "models.IntegerField()", "null");
    check_field("models.IntegerField(choices=[])", "models.IntegerField()", "choices");
    check_field("models.FileField(storage=None)", "models.FileField()", "");
}

static void relations(void **state)
{
    (void)state;
#define KEY(more) "models.ForeignKey('auth.User', models.CASCADE" more ")"
    check_field("models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.user')",
                KEY(""), "");
    check_field("models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)", KEY(""), "");
    check_field(KEY(""), "models.ForeignKey('auth.User', models.PROTECT)", "on_delete");
    check_field(KEY(""), "models.ForeignKey('auth.Group', models.CASCADE)", "to");
    check_field(KEY(", related_name='+'"), KEY(""), "related_name");
    check_field(KEY(", related_name='%(class)s_x'"), KEY(", related_name='post_x'"), "");
    check_field(KEY(", limit_choices_to={}"), KEY(""), "");
    check_field(KEY(", limit_choices_to={'a': 1}"), KEY(""), "limit_choices_to");
    check_field(KEY(", parent_link=False"), KEY(""), "");
    check_field(KEY(", unique=True"), "models.OneToOneField('auth.User', models.CASCADE)", "class");
    check_field("models.ForeignKey('a.Post', models.CASCADE, to_field='x')",
                "models.ForeignKey('self', models.CASCADE)", "to_field");
    /* Whether the primary key is said depends on the version. */
    check_field("models.ForeignKey('a.Post', models.CASCADE, to_field='id')",
                "models.ForeignKey('self', models.CASCADE)", "");
    check_field("models.ForeignKey('a.Post', models.CASCADE)",
                "models.ForeignKey('self', models.CASCADE, to_field='id')", "");
}

/* Fields of classes that the project defines. */
static void own_classes(void **state)
{
    (void)state;
    static const char things[] =
        "from django.db import models\nclass Plain(models.IntegerField):\n    pass\n"
        "class Told(models.IntegerField):\n    def deconstruct(self):\n        return 1, 2, 3, 4\n";
    check_field_with(things, "b.things.Plain()", "b.things.Plain(null=True)", "null");
    check_field_with(things, "b.things.Plain()", "models.IntegerField()", "class");
    check_field_with(things, "models.IntegerField()", "b.things.Told()", "");
    check_field_with(things, "b.things.Told()", "b.things.Told(null=True)", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(literals),     cmocka_unit_test(callables),
        cmocka_unit_test(enumerations), cmocka_unit_test(deconstructed),
        cmocka_unit_test(keywords),     cmocka_unit_test(relations),
        cmocka_unit_test(own_classes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
