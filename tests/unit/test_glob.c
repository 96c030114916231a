#include "source/find.h"
#include "source/glob.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define YES(pattern, path) assert_true(source_glob(str(pattern), str(path)))
#define NO(pattern, path) assert_false(source_glob(str(pattern), str(path)))

static void names_match_anywhere(void **state)
{
    (void)state;
    YES("legacy", "legacy");
    YES("legacy", "a/legacy");
    YES("legacy", "a/legacy/b/c.py");
    NO("legacy", "a/legacy2/c.py");
    NO("legacy", "a/old_legacy");
    YES("*.pyc", "a/b.pyc");
    NO("*.pyc", "a/b.pyc.txt");
    YES("test_*", "app/test_models/x.py");
    NO("", "a");
    NO("/", "a");
    NO("a", "");
}

static void a_slash_anchors(void **state)
{
    (void)state;
    YES("a/b", "a/b");
    YES("a/b", "a/b/c/d.py");
    NO("a/b", "x/a/b");
    YES("/a", "a");
    YES("/a", "a/x.py");
    NO("/a", "b/a");
    YES("./a", "a/x.py");
    NO("./a", "b/a");
    NO("a/b", "a");
}

static void a_slash_at_the_end_means_directories(void **state)
{
    (void)state;
    YES("old/", "x/old/y.py");
    NO("old/", "x/old");
    YES("old/", "x/old/");
    YES("a/old/", "a/old/y.py");
    NO("a/old/", "b/a/old/y.py");
}

static void single_stars_stay_in_a_component(void **state)
{
    (void)state;
    YES("a/*.py", "a/b.py");
    NO("a/*.py", "a/b/c.py");
    YES("a/*/c.py", "a/b/c.py");
    NO("a/*/c.py", "a/c.py");
    NO("a/*/c.py", "a/b/b/c.py");
    YES("a*b*c", "axxbyyc");
    NO("a*b*c", "axxbyyd");
    YES("a?c", "abc");
    NO("a?c", "ac");
    NO("a?c/d", "a/c/d");
    YES("*", "anything");
}

static void double_stars_cross(void **state)
{
    (void)state;
    YES("**/tests", "tests/x.py");
    YES("**/tests", "a/b/tests/x.py");
    NO("**/tests", "a/mytests/x.py");
    YES("a/**/b", "a/b");
    YES("a/**/b", "a/x/b");
    YES("a/**/b", "a/x/y/b/z.py");
    NO("a/**/b", "a/xb");
    YES("a/**", "a/x/y.py");
    NO("a/**", "a");
    NO("a/**", "b/a/x");
    YES("a/**.py", "a/x/y.py");
    YES("**", "a/b");
    YES("a/**/*.py", "a/b.py");
    YES("a/**/b/*c/**/d", "a/b/xb/b/xc/y/d");
    NO("a/**/b/*c/**/d", "a/b/xb/b/xcy/d");
}

static void sets(void **state)
{
    (void)state;
    YES("[a-c]x", "bx");
    NO("[a-c]x", "dx");
    YES("[!a-c]x", "dx");
    NO("[^a-c]x", "bx");
    YES("[]]x", "]x");
    YES("[a-]x", "-x");
    YES("[\\]]x", "]x");
    NO("a[!b]c/d", "a/c/d");
    YES("[x", "[x");
    NO("[x", "x");
    YES("0[0-9][0-9][0-9]_*.py", "app/migrations/0001_initial.py");
}

static void backslashes(void **state)
{
    (void)state;
    YES("\\*", "*");
    NO("\\*", "a");
    YES("a\\", "a\\");
    YES("\\[a]", "[a]");
}

static void characters_are_code_points(void **state)
{
    (void)state;
    YES("?", "é");
    YES("a?b", "a€b");
    NO("?", "ab");
    YES("[à-ü]x", "éx");
    YES("?x", "\xffx");
    NO("[à-ü]x", "\xe9x");
    YES("*é", "caf\xc3\xa9");
    NO("??", "\xc3\xa9");
}

static void entries_only_match_themselves(void **state)
{
    (void)state;
    assert_true(glob_entry(S("a"), S("x/a"), false));
    assert_false(glob_entry(S("a"), S("a/x"), false));
    assert_false(glob_entry(S("a/"), S("a"), false));
    assert_true(glob_entry(S("a/"), S("a"), true));
}

/* The definition, in exponential time: tokens without sets and escapes. */
static bool naive(const char *p, const char *first, const char *t)
{
    if (!*p)
        return !*t;
    if (p[0] == '*' && p[1] == '*') {
        const char *rest = p + 2;
        if (*rest == '/' && (p == first || p[-1] == '/')) {
            for (const char *at = t; at; at = strchr(at, '/') ? strchr(at, '/') + 1 : NULL)
                if (naive(rest + 1, first, at))
                    return true;
            return false;
        }
        for (const char *at = t;; at++) {
            if (naive(rest, first, at))
                return true;
            if (!*at)
                return false;
        }
    }
    if (*p == '*') {
        for (const char *at = t;; at++) {
            if (naive(p + 1, first, at))
                return true;
            if (!*at || *at == '/')
                return false;
        }
    }
    return *t && (*p == '?' ? *t != '/' : *p == *t) && naive(p + 1, first, t + 1);
}

/* The number-th word over the alphabet, shortest first. */
static void word(const char *alphabet, unsigned number, char *out)
{
    unsigned size = (unsigned)strlen(alphabet), len = 0;
    for (; number; number = (number - 1) / size)
        out[len++] = alphabet[(number - 1) % size];
    out[len] = '\0';
}

static bool is_comparable(const char *pattern)
{
    size_t len = strlen(pattern);
    return len && pattern[0] != '/' && pattern[len - 1] != '/' && strchr(pattern, '/') &&
           !strstr(pattern, "***") && !strstr(pattern, "//");
}

static void agrees_with_the_definition(void **state)
{
    (void)state;
    char pattern[16], path[16];
    for (unsigned p = 1; p < 5460; p++) { /* up to six characters */
        word("a/*b", p, pattern);
        if (!is_comparable(pattern))
            continue;
        for (unsigned t = 1; t < 1092; t++) {
            word("a/b", t, path);
            if (path[0] == '/' || strstr(path, "//") || path[strlen(path) - 1] == '/')
                continue;
            if (glob_entry(str(pattern), str(path), false) != naive(pattern, pattern, path))
                fail_msg("%s on %s", pattern, path);
        }
    }
}

/* Nothing to time: with exponential work these would not end. */
static void hostile_patterns_end(void **state)
{
    (void)state;
    static char text[4096], pattern[1024];
    memset(text, 'a', sizeof text - 1);
    for (size_t i = 0; i + 2 < sizeof pattern; i += 2)
        memcpy(pattern + i, "*a", 2);
    pattern[sizeof pattern - 2] = 'b';
    NO(pattern, text);
    for (size_t i = 0; i + 4 < sizeof pattern; i += 4)
        memcpy(pattern + i, "**/*", 4);
    pattern[sizeof pattern - 2] = 'b';
    NO(pattern, text);
    for (size_t i = 1; i < sizeof text - 1; i += 2)
        text[i] = '/';
    NO(pattern, text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_match_anywhere),
        cmocka_unit_test(a_slash_anchors),
        cmocka_unit_test(a_slash_at_the_end_means_directories),
        cmocka_unit_test(single_stars_stay_in_a_component),
        cmocka_unit_test(double_stars_cross),
        cmocka_unit_test(sets),
        cmocka_unit_test(backslashes),
        cmocka_unit_test(characters_are_code_points),
        cmocka_unit_test(entries_only_match_themselves),
        cmocka_unit_test(agrees_with_the_definition),
        cmocka_unit_test(hostile_patterns_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
