/* What makemigrations would write: models and fields that one side has, renames, Meta. */

#include "models_of.h"

#define POST(fields) "migrations.CreateModel('Post', [" ID fields "])"
#define A_X "('x', models.IntegerField())"
#define X "    x = models.IntegerField()\n"
#define CLASS "class Post(models.Model):\n"

static void models(void **state)
{
    (void)state;
    check_drift(POST(A_X), CLASS X, "");
    check_drift(POST(A_X), CLASS X "class Tag(models.Model):\n    pass\n", "CreateModel tag");
    check_drift(POST(A_X) ", migrations.CreateModel('Tag', [" ID "('t', models.TextField())])",
                CLASS X, "DeleteModel tag");
    check_drift(POST(A_X), "class Note(models.Model):\n" X, "RenameModel post.Post>Note");
    check_drift(POST(A_X), "class POST(models.Model):\n" X, "");
    check_drift(POST(A_X), "class Note(models.Model):\n    x = models.TextField()\n",
                "CreateModel note, DeleteModel post");
    /* Names of fields do not count, only their order by name. */
    check_drift(POST(A_X), "class Note(models.Model):\n    y = models.IntegerField()\n",
                "RenameField note.x>y, RenameModel post.Post>Note");
    /* What points at the model that was renamed has not changed. */
    check_drift(POST(A_X) ", migrations.CreateModel('Tag', [" ID
                          "('p', models.ForeignKey('a.post', models.CASCADE))])",
                "class Note(models.Model):\n" X
                "class Tag(models.Model):\n    p = models.ForeignKey(Note, models.CASCADE)\n",
                "RenameModel post.Post>Note");
    /* A renamed model is compared like any other. */
    check_drift(POST(A_X),
                "class Note(models.Model):\n" X "    class Meta:\n"
                "        ordering = ['x']\n",
                "AlterModelOptions note[ordering], RenameModel post.Post>Note");
}

static void partitions(void **state)
{
    (void)state;
    static const char unmanaged[] =
        "migrations.CreateModel('Post', [" ID A_X "], options={'managed': False})";
    static const char proxy[] = POST(A_X) ", migrations.CreateModel('Shown', [], "
                                          "options={'proxy': True}, bases=('a.post',))";
#define META(option) "    class Meta:\n        " option "\n"
    /* Of unmanaged models only options are compared; nor are they renamed. */
    check_drift(unmanaged, CLASS "    y = models.TextField()\n" META("managed = False"), "");
    check_drift(unmanaged, "class Note(models.Model):\n" X META("managed = False"),
                "CreateModel note, DeleteModel post");
    /* The table of one that becomes managed is no matter of migrations. */
    check_drift(unmanaged, CLASS X META("db_table = 'posts'"), "AlterModelOptions post[managed]");
    check_drift(unmanaged, CLASS X META("managed = False; db_table = 'posts'"),
                "AlterModelTable post[db_table]");
    /* A proxy that becomes a model is made anew, and the other way round. */
    check_drift(proxy, CLASS X "class Shown(Post):\n" META("proxy = True"), "");
    check_drift(proxy, CLASS X "class Shown(Post):\n    pass\n",
                "CreateModel shown, DeleteModel shown");
    check_drift(POST(A_X), CLASS X META("managed = False; proxy = True"),
                "AlterModelOptions post[managed]");
}

static void fields(void **state)
{
    (void)state;
    check_drift(POST(A_X), CLASS X "    y = models.TextField()\n", "AddField post.y");
    check_drift(POST(A_X ", ('y', models.TextField())"), CLASS X, "RemoveField post.y");
    check_drift(POST(A_X), CLASS "    y = models.IntegerField()\n", "RenameField post.x>y");
    check_drift(POST(A_X), CLASS "    y = models.IntegerField(null=True)\n",
                "AddField post.y, RemoveField post.x");
    /* A rename that keeps the column is one. */
    check_drift(POST(A_X), CLASS "    y = models.IntegerField(db_column='x')\n",
                "RenameField post.x>y");
    check_drift(POST(A_X), CLASS "    y = models.IntegerField(db_column='z')\n",
                "AddField post.y, RemoveField post.x");
    /* Django asks in the order of names. */
    check_drift(POST(A_X ", ('y', models.IntegerField())"),
                CLASS "    b = models.IntegerField()\n    a = models.IntegerField()\n",
                "RenameField post.x>a, RenameField post.y>b");
    check_drift(POST("('x', models.ForeignKey('auth.User', models.CASCADE))"),
                CLASS "    x_id = models.IntegerField()\n", "AlterField post.x>x_id[class]");
    /* A GenericForeignKey is no field to migrations. */
    check_drift(POST(A_X),
                "from django.contrib.contenttypes.fields import GenericForeignKey\n" CLASS
                "    x = GenericForeignKey()\n",
                "RemoveField post.x");
    check_drift(POST("('renamed', models.IntegerField())"),
                CLASS "    x = models.IntegerField(name='renamed')\n", "");
    check_drift(POST("('_Post__x', models.IntegerField())"),
                CLASS "    __x = models.IntegerField()\n", "");
}

/* What code adds from outside is in no class body. */
static void additions(void **state)
{
    (void)state;
    static const char both[] = POST(A_X ", ('late', models.TextField())");
    static const char priced[] = POST(A_X ", ('x_currency', models.TextField())");
    check_drift(both, CLASS X "Post.add_to_class('late', models.TextField())\n", "");
    check_drift(both, CLASS X "Post.add_to_class('other', models.TextField())\n",
                "RemoveField post.late");
    check_drift(both, CLASS X "models.TextField().contribute_to_class(Post, 'late')\n", "");
    check_drift(both, CLASS X "class Tag:\n    pass\nTag.add_to_class('late', 1)\n",
                "RemoveField post.late");
    check_drift(both, CLASS X "def add(model):\n    model.add_to_class('late', 1)\n", "");
    check_drift(both, CLASS X "for n in ['late']:\n    Post.add_to_class(n, models.TextField())\n",
                "");
    check_drift(priced,
                CLASS X "def add(model, name):\n"
                        "    model.add_to_class('%s_currency' % name, models.TextField())\n",
                "");
    check_drift(priced,
                CLASS X "def add(model, name):\n"
                        "    model.add_to_class(name + '_currency', models.TextField())\n",
                "");
    /* `Post.late = …` adds nothing. */
    check_drift(POST(A_X), CLASS X "Post.late = models.TextField()\n", "");
}

static void together(void **state)
{
    (void)state;
#define TOGETHER(value)                                                                            \
    "migrations.CreateModel('Post', [" ID A_X ", ('y', models.IntegerField())], "                  \
    "options={'unique_together': " value "})"
#define Y "    y = models.IntegerField()\n"
    static const char changed[] = "AlterUniqueTogether post[unique_together]";
    check_drift(TOGETHER("{('x', 'y')}"), CLASS X Y META("unique_together = ['x', 'y']"), "");
    check_drift(TOGETHER("{('x', 'y')}"), CLASS X Y META("unique_together = [('y', 'x')]"),
                changed);
    check_drift(TOGETHER("{('x', 'y')}"), CLASS X Y, changed);
    check_drift(TOGETHER("set()"), CLASS X Y, "");
    check_drift(TOGETHER("{('x', 'y')}"), CLASS X Y META("unique_together = [['x', 'y']]"), "");
}

#define INDEX(index) POST(A_X) ", migrations.AddIndex('post', " index ")"
#define INDEXES(list) CLASS X "    y = models.IntegerField()\n" META("indexes = [" list "]")

static void indexes(void **state)
{
    (void)state;
    static const char i[] = "migrations.CreateModel('Post', [" ID A_X
                            ", ('y', models.IntegerField())]), migrations.AddIndex('post', "
                            "models.Index(fields=['x'], name='i'))";
    check_drift(i, INDEXES("models.Index(fields=['x'], name='i')"), "");
    check_drift(i, INDEXES("models.Index(fields=('x',), name='i')"), "");
    check_drift(i, INDEXES("models.Index(fields=['y'], name='i')"),
                "AddIndex post.i, RemoveIndex post.i");
    check_drift(i, INDEXES("models.Index(fields=['x'], name='j')"), "RenameIndex post.i>j");
    check_drift(
        i, INDEXES("models.Index(fields=['x'], name='j'), models.Index(fields=['x'], name='k')"),
        "RenameIndex post.i>j, RenameIndex post.i>k");
    check_drift(i, INDEXES("models.Index(fields=['x'], name='i', condition=models.Q(x=1))"),
                "AddIndex post.i, RemoveIndex post.i");
    check_drift(i, INDEXES("models.Index(fields=['x'], name='i', include=None)"), "");
    check_drift(i, INDEXES("models.Index('x', name='i')"), "AddIndex post.i, RemoveIndex post.i");
    static const char things[] = "from django.db import models\n"
                                 "INDEXES = [models.Index(fields=['x'], name='i')]\n";
    static const char more[] = INDEXES("*b.things.INDEXES, models.Index(fields=['y'], name='j')");
    check_drift_with(things, i, INDEXES("*b.things.INDEXES"), "");
    check_drift_with(things, i, more, "AddIndex post.j");
    check_drift(i, more, "AddIndex post.j"); /* what is unpacked there is not known */
    check_drift(INDEX("models.Index(fields=['x'], name='i')"), CLASS X, "RemoveIndex post.i");
}

static void constraints(void **state)
{
    (void)state;
#define UNIQUE(more) "models.UniqueConstraint(fields=['x'], name='u'" more ")"
#define CHECK(condition) "models.CheckConstraint(condition=" condition ", name='u')"
#define WITH(constraint)                                                                           \
    "migrations.CreateModel('Post', [" ID A_X ", ('y', models.IntegerField())]), "                 \
    "migrations.AddConstraint('post', " constraint ")"
#define CONSTRAINTS(list) CLASS X "    y = models.IntegerField()\n" META("constraints = [" list "]")
    static const char anew[] = "AddConstraint post.u, RemoveConstraint post.u";
    check_drift(WITH(UNIQUE("")), CONSTRAINTS(UNIQUE("")), "");
    check_drift(WITH(UNIQUE("")), CONSTRAINTS(UNIQUE(", condition=models.Q(y=1)")), anew);
    check_drift(WITH(UNIQUE("")), CONSTRAINTS(UNIQUE(", violation_error_message='no'")),
                "AlterConstraint post.u");
    check_drift(WITH(UNIQUE(", deferrable=models.Deferrable['DEFERRED']")),
                CONSTRAINTS(UNIQUE(", deferrable=models.Deferrable.DEFERRED")), "");
    check_drift(WITH(UNIQUE(", deferrable=models.Deferrable['DEFERRED']")),
                CONSTRAINTS(UNIQUE(", deferrable=models.Deferrable.IMMEDIATE")), anew);
    check_drift(WITH(CHECK("models.Q(('x', 1), ('y', 2))")),
                CONSTRAINTS(CHECK("models.Q(y=2, x=1)")), "");
    check_drift(WITH(CHECK("models.Q(('x', 1), ('y', 2))")),
                CONSTRAINTS(CHECK("models.Q(x=1) & models.Q(y=2)")), "");
    check_drift(WITH(CHECK("models.Q(('x', 1), ('y', 2))")),
                CONSTRAINTS(CHECK("models.Q(x=1) | models.Q(y=2)")), anew);
    check_drift(WITH(CHECK("models.Q(('x', 1), ('y', 2), _connector='OR')")),
                CONSTRAINTS(CHECK("models.Q(x=1) | models.Q(y=2)")), "");
    check_drift(WITH(CHECK("models.Q(('x', 1), _negated=True)")),
                CONSTRAINTS(CHECK("~models.Q(x=1)")), "");
    check_drift(WITH(CHECK("models.Q(('x', 1))")), CONSTRAINTS(CHECK("~models.Q(x=1)")), anew);
    /* Whether a list and a tuple are the same depends on the version. */
    check_drift(WITH(CHECK("models.Q(('x__in', [1, 2]))")),
                CONSTRAINTS(CHECK("models.Q(x__in=(1, 2))")), "");
    check_drift(WITH(CHECK("models.Q(('x__in', [1, 2]))")),
                CONSTRAINTS(CHECK("models.Q(x__in=(1, 3))")), anew);
}

static void managers(void **state)
{
    (void)state;
    static const char things[] =
        "from django.db import models\nclass Plain(models.Manager):\n    pass\n"
        "class Kept(models.Manager):\n    use_in_migrations = True\n"
        "class Made(models.Manager.from_queryset(models.QuerySet)):\n    pass\n";
#define MANAGED(list) "migrations.CreateModel('Post', [" ID A_X "], managers=[" list "])"
    static const char changed[] = "AlterModelManagers post";
    check_drift_with(things, POST(A_X), CLASS X "    objects = b.things.Plain()\n", "");
    check_drift_with(things, POST(A_X), CLASS X "    objects = b.things.Made()\n", "");
    check_drift_with(things, POST(A_X), CLASS X "    objects = b.things.Kept()\n", changed);
    /* A default manager of another name is kept as a plain one. */
    check_drift_with(things, POST(A_X), CLASS X "    shown = b.things.Plain()\n", changed);
    check_drift_with(things, MANAGED("('shown', models.manager.Manager())"),
                     CLASS X "    shown = b.things.Plain()\n", "");
    check_drift_with(things, MANAGED("('shown', models.manager.Manager())"),
                     CLASS X "    objects = models.Manager()\n    shown = b.things.Plain()\n",
                     changed);
    check_drift_with(things, MANAGED("('objects', b.things.Kept())"),
                     CLASS X "    objects = b.things.Kept()\n", "");
    check_drift_with(things, MANAGED("('objects', b.things.Kept(1))"),
                     CLASS X "    objects = b.things.Kept()\n", changed);
    check_drift_with(things, MANAGED("('objects', b.things.Kept())"), CLASS X, changed);
    check_drift_with(things,
                     MANAGED("('objects', models.manager.Manager()), ('kept', b.things.Kept())"),
                     CLASS X "    objects = b.things.Plain()\n    kept = b.things.Kept()\n", "");
    check_drift_with(things, MANAGED("('objects', b.things.Kept())"),
                     "class Base(models.Model):\n    objects = b.things.Kept()\n"
                     "    class Meta:\n        abstract = True\nclass Post(Base):\n" X,
                     "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(models),      cmocka_unit_test(partitions), cmocka_unit_test(fields),
        cmocka_unit_test(additions),   cmocka_unit_test(together),   cmocka_unit_test(indexes),
        cmocka_unit_test(constraints), cmocka_unit_test(managers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
