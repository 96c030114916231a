#include "link/tables.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static int set_up(void **state)
{
    static Arena arena;
    Error err = {{0}};
    const Tables *tables = tables_load(&arena, &err);
    if (!tables)
        print_error("%s\n", err.text);
    *state = &arena;
    return tables ? 0 : -1;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

static const Tables *load(void **state)
{
    const Tables *tables = tables_load(*state, NULL);
    assert_non_null(tables);
    return tables;
}

static bool provides(const ContribApp *app, Str name)
{
    for (uint32_t i = 0; i < app->migration_count; i++)
        if (str_eq(app->migrations[i].name, name))
            return true;
    return false;
}

static void contrib(void **state)
{
    const Tables *tables = load(state);
    assert_null(tables_contrib(tables, S("messages")));
    const ContribApp *auth = tables_contrib(tables, S("auth"));
    assert_string_equal(auth->module.ptr, "django.contrib.auth");
    assert_int_equal(auth->migration_count, 12);
    assert_string_equal(auth->migrations[11].name.ptr, "0012_alter_user_first_name_max_length");
    const ContribApp *admin = tables_contrib(tables, S("admin"));
    const ContribMigration *initial = &admin->migrations[0];
    assert_int_equal(initial->dependency_count, 2);
    assert_true(str_eq(initial->dependencies[0].setting, S("AUTH_USER_MODEL")));
    assert_true(str_eq(initial->dependencies[1].app, S("contenttypes")));
    assert_true(str_eq(initial->dependencies[1].name, S("__first__")));
}

/* Every dependency of the table leads into the table. */
static void contrib_is_whole(void **state)
{
    const Tables *tables = load(state);
    const char *const labels[] = {"admin",     "auth",     "contenttypes", "flatpages",
                                  "redirects", "sessions", "sites"};
    unsigned count = 0;
    for (size_t a = 0; a < sizeof labels / sizeof *labels; a++) {
        const ContribApp *app = tables_contrib(tables, str(labels[a]));
        assert_non_null(app);
        for (uint32_t i = 0; i < app->migration_count; i++, count++)
            for (uint32_t j = 0; j < app->migrations[i].dependency_count; j++) {
                ContribKey key = app->migrations[i].dependencies[j];
                if (key.setting.len || str_eq(key.name, S("__first__")))
                    continue;
                const ContribApp *other = tables_contrib(tables, key.app);
                assert_true(other && provides(other, key.name));
            }
    }
    assert_int_equal(count, 23);
}

static void check(const Tables *tables, const char *module, const char *name, bool has, bool known)
{
    bool is_known = !known;
    assert_true(tables_django_module_has(tables, str(module), str(name), &is_known) == has);
    assert_true(is_known == known);
}

static void names_of_modules(void **state)
{
    const Tables *tables = load(state);
    check(tables, "django.db.models", "AutoField", true, true);
    check(tables, "django.db.models", "NullBooleanField", true, true);
    check(tables, "django.db.models", "GeneratedField", true, true);
    check(tables, "django.db.models", "models", false, true);
    check(tables, "django.db.models", "Charfield", false, true);
    check(tables, "django.db.models", "", false, true);
    check(tables, "django.db", "models", true, true);
    check(tables, "django.db", "__file__", true, true);
    check(tables, "django.utils.timezone", "utc", true, true);
    check(tables, "django.contrib.postgres.fields", "JSONField", true, true);
    check(tables, "django.contrib.gis.db.models", "PointField", false, false);
    check(tables, "", "django", false, false);
}

static void known_apps(void **state)
{
    const Tables *tables = load(state);
    assert_true(tables_known_app(tables, S("taggit")));
    assert_true(tables_known_app(tables, S("account")));
    assert_true(tables_known_app(tables, S("zinnia")));
    assert_false(tables_known_app(tables, S("tagit")));
    assert_false(tables_known_app(tables, S("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contrib),
        cmocka_unit_test(contrib_is_whole),
        cmocka_unit_test(names_of_modules),
        cmocka_unit_test(known_apps),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
