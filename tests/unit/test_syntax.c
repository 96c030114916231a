/* What Python would refuse, and where; what it takes must never be refused. */

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "source/equal.h"

typedef struct Case {
    const char *text;
    const char *at;       /* the text of the first offending token */
    uint32_t start;       /* its offset */
    const char *expected; /* what is missing there */
} Case;

static void check_refused(const Case *cases, size_t count)
{
    SyntaxParser parser = syntax_parser_new();
    for (size_t i = 0; i < count; i++) {
        Syntax syntax = syntax_parse(&parser, str(cases[i].text));
        uint32_t start = 0, end = 0;
        Str expected = {0};
        if (!syntax_error(&syntax, &start, &end, &expected))
            fail_msg("taken: %s", cases[i].text);
        Str at = str_sub(syntax.text, start, end);
        if (start != cases[i].start || !str_eq(at, str(cases[i].at)) ||
            !str_eq(expected, str(cases[i].expected)))
            fail_msg("%s: at %u \"%.*s\", expected \"%.*s\"", cases[i].text, start, STR_ARG(at),
                     STR_ARG(expected));
        syntax_free(&syntax);
    }
    syntax_parser_free(&parser);
}
#define REFUSED(...)                                                                               \
    check_refused((const Case[]){__VA_ARGS__}, sizeof((const Case[]){__VA_ARGS__}) / sizeof(Case))

static void check_taken(const char *const *texts, size_t count)
{
    SyntaxParser parser = syntax_parser_new();
    for (size_t i = 0; i < count; i++) {
        Syntax syntax = syntax_parse(&parser, str(texts[i]));
        uint32_t start = 0, end = 0;
        Str expected = {0};
        if (syntax_error(&syntax, &start, &end, &expected))
            fail_msg("refused at %u (%.*s): %s", start, STR_ARG(expected), texts[i]);
        syntax_free(&syntax);
    }
    syntax_parser_free(&parser);
}
#define TAKEN(...)                                                                                 \
    check_taken((const char *const[]){__VA_ARGS__},                                                \
                sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void takes_every_python(void **state)
{
    (void)state;
    TAKEN("try:\n    a\nexcept A, B, C:\n    b\n", "try:\n    a\nexcept* (A, B) as e:\n    b\n",
          "x = t\"a {b!r:>{w}} c\"\n", "type X[T] = list[T]\n", "print(type, match, case)\n",
          "match x:\n    case [1, *y] if y: pass\n    case {'a': b, **c} | None: pass\n",
          "x = f\"{a[\"b\"]} {f'{c:{d}}'} {{}}\"\n", "x = f'''{\n  a  # why\n}'''\n",
          "def f(a, /, b, *, c): pass\n", "print = exec = 1\nprint\nexec\n", "exec(a)\nprint (a)\n",
          "print >>f\n", "print -1\n", "print if a else b\n", "x = 0xFor y\n", "x = 1if a else 2\n",
          "x = 0_0 + 00 + 0e0 + 09.5 + 1_0j + .5\n", "x: int = 3\ny = a if b else c,\n",
          "lambda: (yield)\n", "async def f():\n    async for x in y: await z\n",
          "def f():\n    nonlocal_ = 1\n    def g():\n        nonlocal nonlocal_\n");
}

static void takes_odd_layout(void **state)
{
    (void)state;
    TAKEN("", "\n", "x = 1", "\xef\xbb\xbfx = 1\n", "if x:\r\n    y\r\n", "if x:\r    y\rz\r",
          "if x:\n\ty\n\tz\n", "\fx = 1\n\f\ny = 2\n", "x = \\\n    1\n",
          "if x:\n  # a\n# b\n    y\n", "x = (\n1,\n# c\n  2)\n", "def f():\n    (bar.\nbaz)\n",
          "from . import *\nx = ...\n", "x = '''\n=======\n<<<<<<< HEAD\n'''\n", "if x: pass; y\n");
}

static void knows_the_place(void **state)
{
    (void)state;
    REFUSED({"x = [1, 2\ny = 3\n", "[", 4, "]"}, {"x = (1]\n", "]", 6, ")"},
            {"x = 1)\n", ")", 5, ""}, {"x = 'a\ny = 1\n", "'", 4, "'"},
            {"x = \"\"\"a\n", "\"\"\"", 4, "\"\"\""},
            {"if x:\ny = 1\n", "y", 6, "an indented block"}, {"x = 1\n  y = 2\n", "y", 8, ""},
            {"if x:\n    y\n  z\n", "z", 14, "the indentation of an outer block"},
            {"x = = 1\n", "=", 4, ""}, {"x = \ny = 1\n", "\n", 4, ""},
            {"def f(:\n    pass\n", "(", 5, ")"}, {"class A(B)\n    x = 1\n", "\n", 10, ":"},
            {"try:\n    a\nb\n", "b", 11, "except or finally"}, {"x = 1 $ 2\n", "$", 6, ""});
}

static void knows_conflicts_and_python_2(void **state)
{
    (void)state;
    REFUSED({"x = 1\n<<<<<<< HEAD\ny = 1\n", "<<<<<<<", 6, "an end to the merge conflict"},
            {"x = [\n=======\n]\n", "=======", 6, "an end to the merge conflict"},
            {"print 'a'\n", "print", 0, "parentheses"}, {"exec code\n", "exec", 0, "parentheses"},
            {"raise A, 'b'\n", ",", 7, ""}, {"x = 0777\n", "0777", 4, "0o before an octal number"},
            {"x = 10L\n", "10L", 4, ""}, {"x = a <> b\n", "<>", 6, "!="},
            {"x = `a`\n", "`", 4, ""});
}

static void nesting_is_bounded(void **state)
{
    (void)state;
    enum { DEEP = 20000 };
    static char text[DEEP + 1];
    memset(text, '[', DEEP);
    REFUSED({text, "[", 200, "fewer brackets inside one another"});
}

static void finds_comments(void **state)
{
    (void)state;
    Scan scan = scan_text(S("#!x\na = '#' # one\nb = f\"{c['#']}#\"  # two\n"));
    assert_int_equal(scan.comments.count, 3);
    assert_int_equal(scan.comments.items[1].start, 12);
    assert_int_equal(scan.comments.items[1].end, 17);
    assert_false(scan.wrong);
    scan_free(&scan);
}

/* ---- the same Python ---- */

static void how_it_is_written_does_not_count(void **unused)
{
    (void)unused;
    static const char *const pairs[][2] = {
        {"x = 1\n", "x=1 # one\n"},
        {"x = 'a'\n", "x = \"a\"\n"},
        {"f(a, b)\n", "f(\n    a,\n    b,  # last\n)\n"},
        {"x = a + b\n", "x = (\n    a\n    + b\n)\n"},
        {"x = a + b\n", "x = a + \\\n    b\n"},
        {"if x:\n    a()\n", "if x:\n\n  a();\n"},
        {"from a import b, c\n", "from a import (b, c,)\n"},
        {"x = 'a\\n'\n", "x = '''a\\n'''\n"},
        {"x = 'a' 'b'\n", "x = (\"ab\")\n"},
        {"f('a'  # one\n  'b')\n", "f(\n'a' 'b')\n"},
        {"x = 'say \\'a\\''\n", "x = \"say 'a'\"\n"},
        {"x = f'{a}' 'b'\n", "x = f\"{a}\" \"b\"\n"},
        {"", "# nothing\n"},
        {"def (\n", "def (\n"},
    };
    SyntaxParser parser = syntax_parser_new();
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (!source_equal(&parser, str(pairs[i][0]), str(pairs[i][1])))
            fail_msg("not the same: %s", pairs[i][1]);
    syntax_parser_free(&parser);
}

static void what_python_reads_counts(void **unused)
{
    (void)unused;
    static const char *const pairs[][2] = {
        {"x = 1\n", "x = 2\n"},
        {"x = 'a b'\n", "x = 'ab'\n"},
        {"x = 'a'\n", "x = b'a'\n"},
        {"x = f'{a}'\n", "x = '{a}'\n"},
        {"x = a\n", "x = (a,)\n"},
        {"x = a - b\n", "x = a + b\n"},
        {"if x:\n    a()\n    b()\n", "if x:\n    a()\nb()\n"},
        {"x = (a + b) * c\n", "x = a + b * c\n"},
        {"x = a\n", "x = a\ny = b\n"},
        {"x = f(a)\n", "x = f[a]\n"},
        {"x = not a\n", "x = a\n"},
        {"x = 'a' 'b'\n", "x = 'a', 'b'\n"},
        {"x = 'a' 'b'\n", "x = 'a' 'c'\n"},
        {"x = r'\\''\n", "x = r\"'\"\n"},
        {"x = '\\\\n'\n", "x = '\\n'\n"},
        {"x = f'{a}' 'b'\n", "x = f'{a}' 'c'\n"},
        {"x = f'{a}' 'b'\n", "x = f'{c}' 'b'\n"},
        {"", "pass\n"},
        {"def (\n", "def  (\n"},
    };
    SyntaxParser parser = syntax_parser_new();
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (source_equal(&parser, str(pairs[i][0]), str(pairs[i][1])) ||
            source_equal(&parser, str(pairs[i][1]), str(pairs[i][0])))
            fail_msg("taken for the same: %s", pairs[i][1]);
    syntax_parser_free(&parser);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_every_python),
        cmocka_unit_test(takes_odd_layout),
        cmocka_unit_test(knows_the_place),
        cmocka_unit_test(knows_conflicts_and_python_2),
        cmocka_unit_test(nesting_is_bounded),
        cmocka_unit_test(finds_comments),
        cmocka_unit_test(how_it_is_written_does_not_count),
        cmocka_unit_test(what_python_reads_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
