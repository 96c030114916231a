#include "base/limits.h"
#include "base/yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

typedef struct Case {
    Arena arena;
    Error err;
    Yaml yaml;
} Case;

static bool parse_str(Case *given, Str text)
{
    given->err.text[0] = '\0';
    return yaml_parse(&given->yaml, S("f.yaml"), text, &given->arena, &given->err);
}

static bool parse(Case *given, const char *text)
{
    return parse_str(given, str(text));
}

static void refused(const char *text, const char *error)
{
    Case given = {0};
    assert_false(parse(&given, text));
    assert_string_equal(given.err.text, error);
    arena_free(&given.arena);
}

static void tree_with_places(void **state)
{
    (void)state;
    Case given = {0};
    assert_true(parse(&given, "\xef\xbb\xbf# c\nä: 1\nlist:\n  - a\n  - b: |\n      x\n      y\n"));
    const YamlNode *root = given.yaml.root;
    assert_int_equal(root->kind, YAML_MAPPING);
    assert_int_equal(root->count, 2);
    assert_int_equal(yaml_get(root, "ä")->line, 2);
    assert_int_equal(yaml_get(root, "ä")->column, 4);
    assert_int_equal(yaml_pair(root, "list")->line, 3);
    const YamlNode *list = yaml_get(root, "list");
    assert_int_equal(list->count, 2);
    const YamlNode *b = yaml_get(list->u.items[1], "b");
    assert_string_equal(b->u.text.ptr, "x\ny\n");
    assert_false(b->plain);
    assert_null(yaml_get(list, "b"));
    assert_null(yaml_get(NULL, "b"));
    arena_free(&given.arena);
}

static void nothing_is_no_root(void **state)
{
    (void)state;
    Case given = {0};
    const char *empty[] = {"", "# only\n", "---\n", "~\n", "\xef\xbb\xbf"};
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
        assert_true(parse(&given, empty[i]));
        assert_null(given.yaml.root);
    }
    arena_free(&given.arena);
}

static void refusals(void **state)
{
    (void)state;
    const char *decorated = "anchors, aliases and tags are not supported";
    char error[128];
    snprintf(error, sizeof error, "f.yaml:1:4: %s", decorated);
    refused("a: &x 1\nb: *x\n", error);
    refused("a: !!str 1\n", error);
    refused("a: *x\n", error);
    refused("a: 1\n---\nb: 2\n", "f.yaml:2:1: a second document in one file");
    refused("a: 1\nb: 2\na: 3\n", "f.yaml:3:1: `a` is already given on line 1");
    refused("[a, b]: 1\n", "f.yaml:1:1: a key must be a plain text");
    refused("a: 1\nb: caf\xe9\n", "f.yaml:2:7: not UTF-8");
    refused("a: [1\n", "f.yaml:2:1: did not find expected ',' or ']'");
    refused("a: \x01\n", "f.yaml:1:4: control characters are not allowed");
}

static void limits(void **state)
{
    (void)state;
    Case given = {0};
    StrBuf text = {0};
    for (int i = 0; i < 1000; i++)
        strbuf_byte(&text, '[');
    assert_false(parse_str(&given, strbuf_str(&text)));
    assert_non_null(strstr(given.err.text, "nested too deeply"));
    for (int i = 0; i < LIMIT_YAML_BYTES; i++)
        strbuf_byte(&text, ' ');
    assert_false(parse_str(&given, strbuf_str(&text)));
    assert_non_null(strstr(given.err.text, "larger than"));
    strbuf_free(&text);
    arena_free(&given.arena);
}

static void typed(void **state)
{
    (void)state;
    Case given = {0};
    assert_true(
        parse(&given, "t: true\nq: 'true'\nn: -12\nx: 12x\nl: [a, 2]\ns: one\nm: {}\nz:\n"));
    const Yaml *yaml = &given.yaml;
    const YamlNode *root = yaml->root;
    bool flag;
    int64_t number;
    Str text, *texts;
    uint32_t count;
    assert_true(yaml_bool(yaml, yaml_get(root, "t"), "`t`", &flag, &given.err) && flag);
    assert_false(yaml_bool(yaml, yaml_get(root, "q"), "`q`", &flag, &given.err));
    assert_string_equal(given.err.text, "f.yaml:2:4: `q` must be true or false, not `true`");
    assert_true(yaml_integer(yaml, yaml_get(root, "n"), "`n`", &number, &given.err));
    assert_int_equal(number, -12);
    assert_false(yaml_integer(yaml, yaml_get(root, "x"), "`x`", &number, &given.err));
    assert_true(yaml_strings(yaml, yaml_get(root, "l"), "`l`", &given.arena, &texts, &count, NULL));
    assert_int_equal(count, 2);
    assert_true(yaml_strings(yaml, yaml_get(root, "s"), "`s`", &given.arena, &texts, &count, NULL));
    assert_string_equal(texts[0].ptr, "one");
    assert_false(yaml_string(yaml, yaml_get(root, "m"), "`m`", &text, &given.err));
    assert_string_equal(given.err.text, "f.yaml:7:4: `m` must be a text, not a mapping");
    assert_false(yaml_string(yaml, yaml_get(root, "z"), "`z`", &text, &given.err));
    assert_non_null(strstr(given.err.text, "not nothing"));
    arena_free(&given.arena);
}

static void unknown_keys(void **state)
{
    (void)state;
    Case given = {0};
    const char *allowed[] = {"select", "ignore"};
    assert_true(parse(&given, "select: a\nselct: b\n"));
    assert_false(yaml_keys(&given.yaml, given.yaml.root, allowed, 2, &given.err));
    assert_string_equal(given.err.text, "f.yaml:2:1: unknown key `selct`; did you mean `select`?");
    assert_true(parse(&given, "\"wholly\\nother\": b\n"));
    assert_false(yaml_keys(&given.yaml, given.yaml.root, allowed, 2, &given.err));
    assert_string_equal(given.err.text, "f.yaml:1:1: unknown key `wholly other`");
    arena_free(&given.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tree_with_places),
        cmocka_unit_test(nothing_is_no_root),
        cmocka_unit_test(refusals),
        cmocka_unit_test(limits),
        cmocka_unit_test(typed),
        cmocka_unit_test(unknown_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
