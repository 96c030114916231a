/* Loading rules: what is refused, and with which words. */

#include "rules/explain.h"
#include "rules/load.h"
#include "rules/rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const char good_rule[] = "code: ACME1\n"
                                "name: no-drop\n"
                                "severity: error\n"
                                "summary: \"`{model}` is dropped\"\n"
                                "match: {operation: DeleteModel}\n"
                                "bad: ['migrations.DeleteModel(\"Tag\"),  # expect: `Tag`']\n"
                                "good: ['migrations.RunSQL(\"\", \"\"),']\n";

/* The rule above with the line that begins with `key` replaced ("" takes it out). */
static Str changed(Arena *arena, const char *key, const char *line)
{
    StrBuf text = {0};
    for (Str rest = str(good_rule); rest.len;) {
        Str old = str_cut(&rest, '\n');
        bool hit = str_starts(old, str(key));
        if (hit && !line[0])
            continue;
        strbuf_add(&text, hit ? str(line) : old);
        strbuf_byte(&text, '\n');
    }
    Str done = arena_str(arena, strbuf_str(&text));
    strbuf_free(&text);
    return done;
}

static void refused(const char *key, const char *line, const char *error)
{
    Arena arena = {0};
    Error err = {{0}};
    Rule rule;
    assert_false(rule_read(S("r.yaml"), changed(&arena, key, line), true, &arena, &rule, &err));
    assert_string_equal(err.text, error);
    arena_free(&arena);
}

static void accepted(const char *key, const char *line)
{
    Arena arena = {0};
    Error err = {{0}};
    Rule rule;
    if (!rule_read(S("r.yaml"), changed(&arena, key, line), true, &arena, &rule, &err))
        fail_msg("%s", err.text);
    arena_free(&arena);
}

static void a_team_rule(void **state)
{
    (void)state;
    Arena arena = {0};
    Error err = {{0}};
    Rule rule;
    assert_true(rule_read(S("r.yaml"), str(good_rule), true, &arena, &rule, &err));
    assert_string_equal(rule.code.ptr, "ACME1");
    assert_string_equal(rule.category.ptr, "team");
    assert_int_equal(rule.severity, SEVERITY_ERROR);
    assert_int_equal(rule.kind, RULE_MATCH);
    assert_int_equal(rule.example_count, 2);
    assert_true(rule.examples[0].bad);
    assert_int_equal(rule.examples[0].expectation_count, 1);
    const Expectation *expected = &rule.examples[0].expectations[0];
    assert_string_equal(expected->path.ptr, "blog/migrations/0002_example.py");
    assert_string_equal(expected->text.ptr, "`Tag`");
    assert_true(rule_selected(&rule, S("acme")));
    assert_true(rule_selected(&rule, S("no-drop")));
    assert_true(rule_selected(&rule, S("all")));
    assert_false(rule_selected(&rule, S("ACME12")));
    assert_false(rule_selected(&rule, S("")));
    arena_free(&arena);
}

static void schema(void **state)
{
    (void)state;
    refused("code", "", "r.yaml:1:1: `code` is missing");
    refused("code", "code: acme1",
            "r.yaml:1:7: `acme1` is no code: two to eight capitals and one "
            "to four digits, MG being migralint's own");
    refused("code", "code: MG1",
            "r.yaml:1:7: `MG1` is no code: two to eight capitals and one to "
            "four digits, MG being migralint's own");
    refused("name", "name: No Drop",
            "r.yaml:2:7: `No Drop` is no name: small letters, digits and hyphens");
    refused("severity", "severity: warnin",
            "r.yaml:3:11: `severity` must be error, warning or info, not `warnin`; did you mean "
            "`warning`?");
    refused("severity", "severity: [error]", "r.yaml:3:11: `severity` must be a text, not a list");
    refused("summary", "sumary: x", "r.yaml:4:1: unknown key `sumary`; did you mean `summary`?");
    refused("good", "",
            "r.yaml:1:1: `good` is missing: a rule has at least one bad and one good example");
    refused("bad", "bad: []", "r.yaml:6:6: `bad` must be a list of examples");
    refused("bad", "bad: ['x,']", "r.yaml:6:7: this bad example marks no line with `# expect`");
    refused("good", "good: ['x,  # expect']",
            "r.yaml:7:8: a good example expects nothing, but one of its lines says `# expect`");
    refused("good", "good: [{files: {../x: a}}]",
            "r.yaml:7:17: `../x` is no path inside the project");
    refused("good", "good: [{name: x}]",
            "r.yaml:7:8: an example has `operations`, `migration` or `files`");
    refused("match", "", "r.yaml:1:1: a rule needs `match` or `check`");
    refused("match", "check: missing_parnt",
            "r.yaml:5:8: no check is called `missing_parnt`; did you mean `missing_parent`?");
    accepted("match", "check: missing_parent");
    accepted("severity",
             "severity: info\nopt_in: true\ncategory: policy\nlinks: https://a.example");
}

static void matches(void **state)
{
    (void)state;
    refused("match", "match: {}", "r.yaml:5:8: `match` needs either `operation` or `import`");
    refused("match", "match: {operation: DropModel}",
            "r.yaml:5:20: `DropModel` is no operation of Django (of others give the dotted path)");
    refused("match", "match: {operation: AddFild}",
            "r.yaml:5:20: `AddFild` is no operation of Django (of others give the dotted path); "
            "did you mean `AddField`?");
    refused("match", "match: {operation: RunSQL, argument: {code: absent}}",
            "r.yaml:5:39: no operation named here has an argument `code`");
    refused("match", "match: {operation: RunSQL, argument: {sql: abset}}",
            "r.yaml:5:44: argument `sql` must be absent, present, none, true, false, a number or "
            "a mapping such as {equals: …}, not `abset`; did you mean `absent`?");
    refused("match", "match: {operation: RunSQL, argument: {sql: {kind: strng}}}",
            "r.yaml:5:51: `strng` is no kind of value; did you mean `string`?");
    refused("match", "match: {operation: RunSQL, table: {new: no}}",
            "r.yaml:5:41: `new` must be true or false, not `no`");
    refused("match", "match: {import: {module: a}}",
            "r.yaml:4:10: no placeholder `{model}` here; did you mean `{module}`?");
    refused("summary", "summary: '{modl}'",
            "r.yaml:4:10: no placeholder `{modl}` here; did you mean `{model}`?");
    refused("summary", "summary: '{model'", "r.yaml:4:10: a `{` is not closed; `{{` is a brace");
    accepted("summary", "summary: '{{x} {argument:name} {operation}'");
    accepted("match", "match: {operation: ['*.SafeDrop', RunSQL], argument: {x: {not: none}}}");
    accepted("match",
             "match: {operation: AddField, field: {class: [CharField, a.b.C], column: true,"
             " null: false, default: {calls: uuid.uuid4}}, table: {name: blog.*}}");
}

static bool load_files(RuleSet *set, MemoryFile *files, uint32_t count, Error *err)
{
    MemoryReader memory = {files, count};
    Reader reader = reader_memory(&memory);
    return rules_load_dir(set, &reader, S("ours"), err);
}

static void directories(void **state)
{
    (void)state;
    RuleSet set;
    Arena arena = {0};
    Error err = {{0}};
    if (!rules_load(&set, true, &err))
        fail_msg("%s", err.text);
    uint32_t embedded = set.count;
    MemoryFile files[] = {{S("ours/a.yaml"), str(good_rule)},
                          {S("ours/sub/b.yml"), changed(&arena, "code", "code: ACME2")},
                          {S("ours/data/table.yaml"), S("not: a rule")},
                          {S("ours/README.md"), S("# rules")}};
    assert_false(load_files(&set, files, 4, &err));
    assert_string_equal(err.text, "ours/sub/b.yml: the name `no-drop` is taken by ours/a.yaml");
    assert_int_equal(set.count, embedded);
    files[1].text = changed(&arena, "name", "name: other");
    assert_false(load_files(&set, files, 4, &err));
    assert_string_equal(err.text, "ours/sub/b.yml: the code `ACME1` is taken by ours/a.yaml");
    assert_true(load_files(&set, files, 1, &err));
    assert_int_equal(set.count, embedded + 1);
    assert_non_null(rules_find(&set, S("acme1")));
    files[0].text = changed(&arena, "name", "name: again");
    assert_true(load_files(&set, files, 1, &err));
    assert_int_equal(set.count, embedded + 1);
    assert_string_equal(rules_find(&set, S("ACME1"))->name.ptr, "again");
    files[0].text = changed(&arena, "name", "name: drop-table");
    assert_false(load_files(&set, files, 1, &err));
    assert_string_equal(err.text, "ours/a.yaml: the name `drop-table` belongs to MG601");
    rules_free(&set);
    arena_free(&arena);
}

static void pages(void **state)
{
    (void)state;
    RuleSet set;
    Arena arena = {0};
    Error err = {{0}};
    assert_true(rules_load(&set, true, &err));
    for (uint32_t i = 0; i < set.count; i++) {
        Str page = rule_explain(&set.rules[i], true, &arena);
        assert_true(str_starts(page, S("# MG")));
        assert_true(str_contains(page, S("\n## What it leaves alone\n")));
        assert_true(str_ends(page, S("\n")) && !str_ends(page, S("\n\n")));
        assert_false(str_contains(page, S("# expect")));
        assert_true(rule_explain(&set.rules[i], false, &arena).len > 0);
    }
    rules_free(&set);
    arena_free(&arena);
}

/* What a rule says and does must not depend on whether its examples are read:
 * they come last in our own files. */
static void without_examples(void **state)
{
    (void)state;
    RuleSet whole, short_ones;
    Error err = {{0}};
    assert_true(rules_load(&whole, true, &err));
    assert_true(rules_load(&short_ones, false, &err));
    assert_int_equal(whole.count, short_ones.count);
    for (uint32_t i = 0; i < whole.count; i++) {
        const Rule *a = &whole.rules[i], *b = &short_ones.rules[i];
        assert_true(a->example_count > 0 && !b->example_count);
        assert_true(str_eq(a->code, b->code) && str_eq(a->name, b->name));
        assert_true(str_eq(a->summary, b->summary) && str_eq(a->fix, b->fix));
        assert_true(str_eq(a->why, b->why) && a->link_count == b->link_count);
        assert_int_equal(a->severity, b->severity);
        assert_ptr_equal(a->check, b->check);
        assert_int_equal(a->opt_in, b->opt_in);
    }
    rules_free(&whole);
    rules_free(&short_ones);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_team_rule), cmocka_unit_test(schema), cmocka_unit_test(matches),
        cmocka_unit_test(directories), cmocka_unit_test(pages),  cmocka_unit_test(without_examples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
