#include "workspace_of.h"

#define INIT(dir) FILE_OF(dir "/__init__.py", "")

static void labels_come_from_app_config(void **state)
{
    (void)state;
    TestWorkspace test;
    workspace_of(&test, FILES(INIT("shop"),
                              FILE_OF("shop/apps.py", "from django.apps import AppConfig\n"
                                                      "class ShopConfig(AppConfig):\n"
                                                      "    name = 'shop'\n    label = 'store'\n"),
                              INIT("shop/migrations"),
                              FILE_OF("shop/migrations/0001_initial.py", MIGRATION("", ""))));
    const Project *project = project_at(&test, "");
    assert_non_null(app_of(&test, project, "store"));
    assert_null(app_of(&test, project, "shop"));
    workspace_close(&test.workspace);
}

static void an_installed_config_may_lie_elsewhere(void **state)
{
    (void)state;
    TestWorkspace test;
    workspace_of(
        &test,
        FILES(FILE_OF(
                  "manage.py",
                  "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'proj.settings')\n"),
              INIT("proj"),
              FILE_OF("proj/settings.py", "INSTALLED_APPS = ['proj.configs.ShopConfig']\n"),
              FILE_OF("proj/configs.py", "from django.apps import AppConfig\n"
                                         "class ShopConfig(AppConfig):\n"
                                         "    name = 'shop'\n    label = 'store'\n"),
              INIT("shop"), INIT("shop/migrations"),
              FILE_OF("shop/migrations/0001_initial.py", MIGRATION("", ""))));
    const Project *project = project_at(&test, "");
    assert_non_null(app_of(&test, project, "store"));
    assert_null(app_of(&test, project, "shop"));
    workspace_close(&test.workspace);
}

static const Settings *settings_of(TestWorkspace *test, const char *text)
{
    MemoryFile files[] = {
        FILE_OF("manage.py",
                "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')\n"),
        {S("settings.py"), str(text)},
        FILE_OF("shop/migrations/__init__.py", ""),
        FILE_OF("shop/migrations/0001_initial.py", MIGRATION("", "")),
    };
    workspace_of(test, files, sizeof files / sizeof *files);
    return &project_at(test, "")->settings;
}

static void databases_may_be_urls(void **state)
{
    (void)state;
    TestWorkspace test;
    const Settings *settings = settings_of(
        &test, "import dj_database_url\n"
               "DATABASES = {'default': dj_database_url.config(default='postgres://h/d')}\n"
               "CACHE = 'redis://h'\nTEXT = 'mysql: a database'\n");
    assert_int_equal(settings->engine_count, 1);
    assert_true(str_eq(settings->engines[0], S("postgresql")));
    assert_false(settings->routed);
    workspace_close(&test.workspace);
}

static void routers_are_noticed(void **state)
{
    (void)state;
    TestWorkspace test;
    assert_true(settings_of(&test, "DATABASE_ROUTERS = ['a.Router']\n")->routed);
    workspace_close(&test.workspace);
    assert_false(settings_of(&test, "DATABASE_ROUTERS = []\n")->routed);
    workspace_close(&test.workspace);
    assert_true(settings_of(&test, "DATABASE_ROUTERS = routers()\n")->routed);
    workspace_close(&test.workspace);
}

static void siblings_overrule_a_stale_app_config(void **state)
{
    (void)state;
    TestWorkspace test;
    workspace_of(
        &test,
        FILES(INIT("shop"),
              FILE_OF("shop/apps.py", "from django.apps import AppConfig\n"
                                      "class C(AppConfig):\n    name = 'other'\n"),
              INIT("shop/migrations"),
              FILE_OF("shop/migrations/0001_initial.py", MIGRATION("", "")),
              FILE_OF("shop/migrations/0002_b.py", MIGRATION("('shop', '0001_initial')", "")),
              FILE_OF("shop/migrations/0003_c.py", MIGRATION("('shop', '0002_b')", ""))));
    const Project *project = project_at(&test, "");
    assert_non_null(app_of(&test, project, "shop"));
    assert_sym(&test, app_of(&test, project, "shop")->declared_label, "other");
    workspace_close(&test.workspace);
}

static void one_wrong_dependency_does_not_rename_an_app(void **state)
{
    (void)state;
    TestWorkspace test;
    workspace_of(
        &test,
        FILES(INIT("shop/migrations"),
              FILE_OF("shop/migrations/0001_initial.py", MIGRATION("", "")),
              FILE_OF("shop/migrations/0002_b.py", MIGRATION("('shop', '0001_initial')", "")),
              FILE_OF("shop/migrations/0003_c.py", MIGRATION("('shpo', '0002_b')", ""))));
    assert_non_null(app_of(&test, project_at(&test, ""), "shop"));
    workspace_close(&test.workspace);
}

static void labels_are_inherited_across_modules(void **state)
{
    (void)state;
    TestWorkspace test;
    workspace_of(&test,
                 FILES(INIT("core"),
                       FILE_OF("core/config.py", "from django.apps import AppConfig\n"
                                                 "class Base(AppConfig):\n    label = 'kernel'\n"),
                       INIT("shop"),
                       FILE_OF("shop/apps.py", "from core.config import Base\n"
                                               "class ShopConfig(Base):\n    name = 'shop'\n"),
                       INIT("shop/migrations"),
                       FILE_OF("shop/migrations/0001_initial.py", MIGRATION("", ""))));
    assert_non_null(app_of(&test, project_at(&test, ""), "kernel"));
    workspace_close(&test.workspace);
}

static void swappable_dependencies_follow_the_setting(void **state)
{
    (void)state;
    TestWorkspace test;
    workspace_of(
        &test,
        FILES(FILE_OF("manage.py",
                      "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'proj.settings')"),
              INIT("proj"), INIT("proj/settings"),
              FILE_OF("proj/settings/__init__.py", "from .base import *\n"),
              FILE_OF("proj/settings/base.py", "AUTH_USER_MODEL = 'people.Person'\n"),
              INIT("people/migrations"),
              FILE_OF("people/migrations/0001_initial.py", MIGRATION("", "")),
              INIT("shop/migrations"),
              FILE_OF("shop/migrations/0001_initial.py",
                      MIGRATION("migrations.swappable_dependency(settings.AUTH_USER_MODEL)", ""))));
    const Migration *migration = migration_of(&test, project_at(&test, ""), "shop", "0001_initial");
    assert_int_equal(migration->dependencies.count, 1);
    assert_int_equal(migration->dependencies.items[0].kind, DEPENDENCY_SWAPPABLE);
    assert_sym(&test, migration->dependencies.items[0].app, "people");
    workspace_close(&test.workspace);
}

/* Tests of a library have a user model of their own; what manage.py names has Django's. */
static void settings_for_tests_do_not_fill_gaps(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"INSTALLED_APPS = ['shop']\n", "auth"},
        {"INSTALLED_APPS = ['shop']\nfrom .local import *\n", "people"},
        {"DEBUG = True\n", "people"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        TestWorkspace test;
        MemoryFile files[] = {
            FILE_OF("manage.py",
                    "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'proj.settings')"),
            INIT("proj"),
            {S("proj/settings.py"), str(cases[i][0])},
            FILE_OF("tests/settings.py", "AUTH_USER_MODEL = 'people.Person'\n"),
            INIT("shop/migrations"),
            FILE_OF("shop/migrations/0001_initial.py",
                    MIGRATION("migrations.swappable_dependency(settings.AUTH_USER_MODEL)", "")),
        };
        workspace_of(&test, files, sizeof files / sizeof *files);
        const Migration *migration =
            migration_of(&test, project_at(&test, ""), "shop", "0001_initial");
        assert_sym(&test, migration->dependencies.items[0].app, cases[i][1]);
        workspace_close(&test.workspace);
    }
}

static void without_a_setting_the_user_is_djangos(void **state)
{
    (void)state;
    TestWorkspace test;
    workspace_of(&test,
                 FILES(INIT("shop/migrations"), FILE_OF("shop/migrations/0001_initial.py",
                                                        MIGRATION("migrations.swappable_dependency("
                                                                  "settings.AUTH_USER_MODEL)",
                                                                  ""))));
    const Project *project = project_at(&test, "");
    const Migration *migration = migration_of(&test, project, "shop", "0001_initial");
    assert_sym(&test, migration->dependencies.items[0].app, "auth");
    assert_non_null(app_of(&test, project, "auth"));
    assert_int_equal(app_of(&test, project, "auth")->origin, APP_CONTRIB);
    /* … and what auth needs itself */
    assert_non_null(app_of(&test, project, "contenttypes"));
    workspace_close(&test.workspace);
}

static void projects_with_the_same_labels_are_kept_apart(void **state)
{
    (void)state;
    TestWorkspace test;
    workspace_of(&test, FILES(FILE_OF("one/manage.py", "DJANGO_SETTINGS_MODULE"),
                              INIT("one/blog/migrations"),
                              FILE_OF("one/blog/migrations/0001_a.py", MIGRATION("", "")),
                              FILE_OF("two/manage.py", "DJANGO_SETTINGS_MODULE"),
                              INIT("two/blog/migrations"),
                              FILE_OF("two/blog/migrations/0001_b.py", MIGRATION("", ""))));
    assert_int_equal(test.workspace.project_count, 2);
    migration_of(&test, project_at(&test, "one"), "blog", "0001_a");
    migration_of(&test, project_at(&test, "two"), "blog", "0001_b");
    workspace_close(&test.workspace);
}

static void a_fork_below_tests_is_not_merged(void **state)
{
    (void)state;
    TestWorkspace test;
    workspace_of(
        &test,
        FILES(
            INIT("src/lib/cart/migrations"),
            FILE_OF("src/lib/cart/migrations/0001_initial.py", MIGRATION("", "")),
            FILE_OF("src/lib/cart/migrations/0002_b.py", MIGRATION("('cart', '0001_initial')", "")),
            INIT("src/lib/order/migrations"),
            FILE_OF("src/lib/order/migrations/0001_initial.py",
                    MIGRATION("('cart', '0002_b')", "")),
            INIT("tests/_site/cart/migrations"),
            FILE_OF("tests/_site/cart/migrations/0001_initial.py", MIGRATION("", "")),
            INIT("tests/_site/extra/migrations"),
            FILE_OF("tests/_site/extra/migrations/0001_initial.py",
                    MIGRATION("('cart', '0001_initial'), ('order', '0001_initial')", ""))));
    assert_int_equal(test.workspace.project_count, 2);
    const Project *main = project_at(&test, "");
    assert_string_equal(app_of(&test, main, "cart")->path.ptr, "src/lib/cart");
    assert_null(app_of(&test, main, "extra"));
    const Project *fork = project_at(&test, "tests");
    assert_int_equal(app_of(&test, fork, "cart")->origin, APP_OWN);
    assert_int_equal(app_of(&test, fork, "extra")->origin, APP_OWN);
    assert_int_equal(app_of(&test, fork, "order")->origin, APP_BORROWED);
    workspace_close(&test.workspace);
}

static void one_settings_module_installing_both_is_a_duplicate(void **state)
{
    (void)state;
    TestWorkspace test;
    workspace_of(&test, FILES(FILE_OF("manage.py", "'DJANGO_SETTINGS_MODULE', 'settings'"),
                              FILE_OF("settings.py", "INSTALLED_APPS = ['a.blog', 'b.blog']\n"),
                              INIT("a"), INIT("a/blog"), INIT("a/blog/migrations"),
                              FILE_OF("a/blog/migrations/0001_initial.py", MIGRATION("", "")),
                              INIT("b"), INIT("b/blog"), INIT("b/blog/migrations"),
                              FILE_OF("b/blog/migrations/0001_initial.py", MIGRATION("", ""))));
    assert_int_equal(project_at(&test, "")->duplicate_count, 1);
    workspace_close(&test.workspace);
}

static void base_classes_and_constants_are_followed(void **state)
{
    (void)state;
    TestWorkspace test;
    workspace_of(
        &test, FILES(INIT("shop"),
                     FILE_OF("shop/keys.py", "FIRST = ('shop', '0001_initial')\nMORE = [FIRST]\n"),
                     FILE_OF("shop/migrations/__init__.py",
                             "from django.db import migrations\n"
                             "class Migration(migrations.Migration):\n"
                             "    dependencies = [('auth', '0001_initial')]\n    atomic = False\n"),
                     FILE_OF("shop/migrations/0001_initial.py",
                             "from . import Migration as Base\n"
                             "class Migration(Base):\n    operations = []\n"),
                     FILE_OF("shop/migrations/0002_b.py",
                             "from django.db import migrations\nfrom shop.keys import FIRST, MORE\n"
                             "class Migration(migrations.Migration):\n"
                             "    dependencies = [FIRST, *MORE] + MORE\n    operations = []\n")));
    const Project *project = project_at(&test, "");
    const Migration *first = migration_of(&test, project, "shop", "0001_initial");
    assert_int_equal(first->dependencies.count, 1);
    assert_sym(&test, first->dependencies.items[0].app, "auth");
    assert_false(first->dependencies.open);
    const Migration *second = migration_of(&test, project, "shop", "0002_b");
    assert_int_equal(second->dependencies.count, 3);
    for (int i = 0; i < 3; i++)
        assert_sym(&test, second->dependencies.items[i].name, "0001_initial");
    workspace_close(&test.workspace);
}

static void operations_know_what_they_are(void **state)
{
    (void)state;
    TestWorkspace test;
    workspace_of(
        &test,
        FILES(INIT("shop"),
              FILE_OF("shop/db.py", "from django.db.migrations import AddField, RunPython\n"
                                    "class SafeAddField(AddField):\n    pass\n"
                                    "class Odd(AddField):\n"
                                    "    def __init__(self, x):\n        pass\n"
                                    "class Fill(RunPython):\n"
                                    "    def __init__(self, x):\n        pass\n"),
              INIT("shop/migrations"),
              FILE_OF("shop/migrations/0001_initial.py",
                      "from django.db import migrations as m\nfrom shop.db import Fill, Odd, "
                      "SafeAddField\n"
                      "class Migration(m.Migration):\n    operations = [\n"
                      "        SafeAddField('a', 'b', None), Odd(1),\n"
                      "        m.SeparateDatabaseAndState([m.RunSQL('x')], [m.DeleteModel('A')]),\n"
                      "        Fill(2),\n"
                      "    ]\n")));
    const Migration *migration = migration_of(&test, project_at(&test, ""), "shop", "0001_initial");
    assert_int_equal(migration->operation_count, 6);
    assert_int_equal(migration->operations[0].kind, OPERATION_ADD_FIELD);
    assert_sym(&test, migration->operations[0].class_path, "shop.db.SafeAddField");
    assert_int_equal(migration->operations[1].kind, OPERATION_OPAQUE);
    assert_int_equal(migration->operations[3].kind, OPERATION_RUN_SQL);
    assert_true(migration->operations[3].database);
    assert_false(migration->operations[3].state);
    assert_int_equal(migration->operations[4].kind, OPERATION_DELETE_MODEL);
    assert_false(migration->operations[4].database);
    assert_int_equal(migration->operations[4].parent, 2);
    assert_false(migration->operations[1].harmless);
    assert_int_equal(migration->operations[5].kind, OPERATION_OPAQUE);
    assert_true(migration->operations[5].harmless);
    workspace_close(&test.workspace);
}

static void folders_of_that_name_are_not_always_djangos(void **state)
{
    (void)state;
    TestWorkspace test;
    workspace_of(&test, FILES(INIT("tools/migrations"),
                              FILE_OF("tools/migrations/env.py", "x = 1\n"), INIT("old/migrations"),
                              FILE_OF("old/migrations/0001_initial.py",
                                      "from south.v2 import SchemaMigration\n"
                                      "class Migration(SchemaMigration):\n    depends_on = ()\n")));
    assert_int_equal(test.workspace.project_count, 0);
    workspace_close(&test.workspace);
}

static void migration_modules_name_other_packages(void **state)
{
    (void)state;
    TestWorkspace test;
    workspace_of(
        &test, FILES(FILE_OF("manage.py", "'DJANGO_SETTINGS_MODULE', 'settings'"),
                     FILE_OF("settings.py", "MIGRATION_MODULES = {'dojo': 'dojo.db_migrations'}\n"),
                     INIT("dojo"), INIT("dojo/db_migrations"),
                     FILE_OF("dojo/db_migrations/0001_initial.py", MIGRATION("", ""))));
    const Project *project = project_at(&test, "");
    assert_string_equal(app_of(&test, project, "dojo")->package_path.ptr, "dojo/db_migrations");
    migration_of(&test, project, "dojo", "0001_initial");
    workspace_close(&test.workspace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_come_from_app_config),
        cmocka_unit_test(databases_may_be_urls),
        cmocka_unit_test(routers_are_noticed),
        cmocka_unit_test(siblings_overrule_a_stale_app_config),
        cmocka_unit_test(an_installed_config_may_lie_elsewhere),
        cmocka_unit_test(one_wrong_dependency_does_not_rename_an_app),
        cmocka_unit_test(labels_are_inherited_across_modules),
        cmocka_unit_test(swappable_dependencies_follow_the_setting),
        cmocka_unit_test(settings_for_tests_do_not_fill_gaps),
        cmocka_unit_test(without_a_setting_the_user_is_djangos),
        cmocka_unit_test(projects_with_the_same_labels_are_kept_apart),
        cmocka_unit_test(a_fork_below_tests_is_not_merged),
        cmocka_unit_test(one_settings_module_installing_both_is_a_duplicate),
        cmocka_unit_test(base_classes_and_constants_are_followed),
        cmocka_unit_test(operations_know_what_they_are),
        cmocka_unit_test(folders_of_that_name_are_not_always_djangos),
        cmocka_unit_test(migration_modules_name_other_packages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
