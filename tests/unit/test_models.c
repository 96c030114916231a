/* Which classes are models, which fields they have, and which Meta is theirs. */

#include "models_of.h"

#define BASE                                                                                       \
    "class Base(models.Model):\n    x = models.IntegerField()\n    y = models.TextField()\n"       \
    "    class Meta:\n        abstract = True\n"
#define OTHER                                                                                      \
    "class Other(models.Model):\n    x = models.FloatField()\n    z = models.TextField()\n"        \
    "    class Meta:\n        abstract = True\n"
#define PARENT "class Parent(models.Model):\n    p = models.IntegerField()\n"
#define ABSTRACT "    class Meta:\n        abstract = True\n"

static void which(void **state)
{
    (void)state;
    check_fields("class Post(models.Model):\n    x = models.IntegerField()\n", "post", "(id) x");
    check_fields("class Post:\n    x = models.IntegerField()\n", "post", "no model");
    check_fields(BASE, "base", "no model");
    check_fields("M = models.Model\nclass Post(M):\n    x = models.IntegerField()\n", "post",
                 "(id) x");
    check_fields("class Post(b.things.Model):\n    pass\n", "post", "no model");
    check_fields("class Post(models.Model):\n    pass\n    class Meta:\n        app_label = 'b'\n",
                 "post", "no model");
}

static void inherited(void **state)
{
    (void)state;
    check_fields(BASE "class Post(Base):\n    z = models.IntegerField()\n", "post", "(id) x y z");
    /* The first in the order of bases that has the name, and the class itself before them. */
    check_fields(BASE OTHER "class Post(Base, Other):\n    pass\n", "post", "(id) x y z");
    /* Anything of the name takes a field away. */
    check_fields(BASE "class Post(Base):\n    y = None\n", "post", "(id) x");
    check_fields(BASE "class Post(Base):\n    def y(self):\n        pass\n", "post", "(id) x");
    check_fields(BASE "class Post(Base):\n    y = 1\n", "post", "(id) x");
    check_fields(BASE "class Post(Base):\n    y: int\n", "post", "(id) x y");
    check_fields("class Mixin:\n    y = None\n" BASE "class Post(Mixin, Base):\n    pass\n", "post",
                 "(id) x");
    check_fields("class Mixin:\n    y = None\n" BASE "class Post(Base, Mixin):\n    pass\n", "post",
                 "(id) x y");
    /* Fields of what is no model are none. */
    check_fields("class Mixin:\n    m = models.TextField()\n"
                 "class Post(Mixin, models.Model):\n    pass\n",
                 "post", "(id)");
    /* A diamond: Right comes before Base. */
    check_fields(BASE "class Left(Base):\n" ABSTRACT "class Right(Base):\n    y = None\n" ABSTRACT
                      "class Post(Left, Right):\n    pass\n",
                 "post", "(id) x y");
}

static void keys(void **state)
{
    (void)state;
    check_fields("class Post(models.Model):\n    x = models.IntegerField(primary_key=True)\n",
                 "post", "x");
    check_fields("class Post(models.Model):\n    x = models.IntegerField(primary_key=1)\n", "post",
                 "x");
    check_fields("class Post(models.Model):\n    x = b.things.OtherField()\n", "post",
                 "(id:maybe) x:maybe ?");
    check_fields("class Post(models.Model):\n    x = models.IntegerField()\n"
                 "    pk = models.CompositePrimaryKey('x', 'y')\n",
                 "post", "x pk");
}

static void parents(void **state)
{
    (void)state;
    check_fields(PARENT "class Child(Parent):\n    c = models.IntegerField()\n", "child",
                 "(parent_ptr) c");
    /* A link that is written out is the primary key instead. */
    check_fields(PARENT "class Child(Parent):\n"
                        "    up = models.OneToOneField(Parent, models.CASCADE, parent_link=True)\n",
                 "child", "up");
    check_fields(PARENT "class Child(Parent):\n    k = models.AutoField(primary_key=True)\n",
                 "child", "(parent_ptr) k");
    /* The link of a proxy's child points at what the proxy stands for. */
    check_fields(PARENT "class Shown(Parent):\n    class Meta:\n        proxy = True\n"
                        "class Child(Shown):\n    c = models.IntegerField()\n",
                 "child", "(parent_ptr) c");
    check_fields(PARENT "class Shown(Parent):\n    class Meta:\n        proxy = True\n", "shown",
                 "");
    check_fields(PARENT "class Middle(Parent):\n    m = models.TextField()\n" ABSTRACT
                        "class Child(Middle):\n    c = models.IntegerField()\n",
                 "child", "(parent_ptr) m c");
}

static void open(void **state)
{
    (void)state;
    check_fields("class Post(b.things.Base, models.Model):\n    x = models.IntegerField()\n",
                 "post", "(id:maybe) x ?");
    check_fields("class Post(models.Model, metaclass=b.things.Meta):\n    pass\n", "post",
                 "(id:maybe) ?");
    check_fields("class Post(models.Model):\n    x = b.things.Anything()\n", "post",
                 "(id:maybe) x:maybe ?");
    check_fields("class Post(models.Model):\n    x = models.TextField()\nPost.x = 1\n", "post",
                 "(id) x:maybe");
    check_fields(BASE "class Post(Base):\n    pass\ndef f(self):\n    pass\nPost.x = f\n", "post",
                 "(id) x y");
    check_fields("class Posts(models.Manager.from_queryset(models.QuerySet)):\n    pass\n"
                 "class Post(models.Model):\n    objects = Posts()\n",
                 "post", "(id)");
    check_fields("class Post(models.Model):\n    objects = models.QuerySet.as_manager()\n", "post",
                 "(id)");
    check_fields("Posts = models.Manager.from_queryset(models.QuerySet)\n"
                 "class Post(models.Model):\n    objects = Posts()\n",
                 "post", "(id)");
}

static void meta(void **state)
{
    (void)state;
#define ORDERED                                                                                    \
    "class Base(models.Model):\n    class Meta:\n        abstract = True\n"                        \
    "        ordering = ['id']\n"
    check_options(ORDERED "class Post(Base):\n    pass\n", "post", "ordering abstract");
    check_options(ORDERED "class Post(Base):\n    class Meta:\n        verbose_name = 'x'\n",
                  "post", "verbose_name");
    check_options(ORDERED
                  "class Post(Base):\n    class Meta(Base.Meta):\n        verbose_name = 'x'\n",
                  "post", "verbose_name ordering abstract");
    /* A concrete parent's is its own. */
    check_options("class Parent(models.Model):\n    class Meta:\n        ordering = ['id']\n"
                  "class Child(Parent):\n    pass\n",
                  "child", "");
    check_options("class M:\n    ordering = ['id']\nclass Post(models.Model):\n    Meta = M\n",
                  "post", "ordering");
    /* A Meta that is not at hand may say anything, even of which app it is. */
    check_fields("class Post(models.Model):\n    class Meta(b.things.Meta):\n"
                 "        ordering = ['id']\n",
                 "post", "no model");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(which),   cmocka_unit_test(inherited), cmocka_unit_test(keys),
        cmocka_unit_test(parents), cmocka_unit_test(open),      cmocka_unit_test(meta),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
