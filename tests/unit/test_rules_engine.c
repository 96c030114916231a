/* Selection, causes and consequences, places: what becomes of findings. */

#include "rules/check.h"
#include "rules/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const char path[] = "blog/migrations/0001_initial.py";

#define TEXT(literal)                                                                              \
    {                                                                                              \
        "" literal, sizeof(literal) - 1                                                            \
    }

static const MemoryFile files[] = {
    {TEXT("blog/__init__.py"), TEXT("")},
    {TEXT("blog/migrations/__init__.py"), TEXT("")},
    {TEXT("blog/migrations/0001_initial.py"),
     TEXT("\xef\xbb\xbfé = 1\r\nfrom django.db import migrations\n"
          "class Migration(migrations.Migration): pass\n")},
};

static Place at(uint32_t start, uint32_t end)
{
    return (Place){str(path), {start, end}};
}

/* A001 causes A002, which causes A003; A002 also says the same thing twice. */
static void cause(RuleContext *context)
{
    Finding *finding = report(context, at(3, 5), "cause");
    finding_explains(context, finding, 0);
    finding_note(context, finding, at(10, 14), "see %d", 1);
    finding_help(context, finding, "mend it");
}

static void middle(RuleContext *context)
{
    Finding *above = finding_explaining(context, 0);
    assert_non_null(above);
    assert_null(finding_explaining(context, 1));
    for (int i = 0; i < 2; i++) {
        Finding *finding = report(context, at(10, 14), "middle");
        finding_follows_from(context, finding, above);
        finding_follows_from(context, above, finding);
        finding_explains(context, finding, 1);
    }
}

static void last(RuleContext *context)
{
    Finding *finding = report(context, at(0, 0), "last");
    finding_follows_from(context, finding, finding_explaining(context, 1));
}

static Rule rules[] = {
    {.code = {"A001", 4},
     .name = {"one", 3},
     .severity = SEVERITY_ERROR,
     .kind = RULE_CHECK,
     .check = cause},
    {.code = {"A002", 4},
     .name = {"two", 3},
     .severity = SEVERITY_ERROR,
     .kind = RULE_CHECK,
     .check = middle},
    {.code = {"A003", 4},
     .name = {"three", 5},
     .severity = SEVERITY_WARNING,
     .kind = RULE_CHECK,
     .check = last},
};

/* What is shown, as "A001(A003 A002) …"; consequences in brackets. */
static void shows(const Selection *selection, const char *expected)
{
    RuleSet set = {.rules = rules, .count = 3};
    MemoryReader memory = {files, 3};
    WorkspaceOptions options = {.root_name = S("x"), .django = 502};
    Workspace workspace = {0};
    Error err = {{0}};
    if (!workspace_open(&workspace, reader_memory(&memory), &options, &err))
        fail_msg("%s", err.text);
    assert_int_equal(workspace.project_count, 1);
    Graph graph = {0};
    State replayed = {.graph = &graph};
    Analysis analysis = {.state = &replayed};
    Findings findings;
    engine_run(&set, &workspace, &analysis, selection, &findings);
    StrBuf text = {0};
    for (uint32_t i = 0; i < findings.count; i++) {
        const Finding *top = findings.items[i];
        strbuf_printf(&text, "%s%.*s", i ? " " : "", STR_ARG(top->rule->code));
        for (uint32_t j = 0; j < top->consequence_count; j++)
            strbuf_printf(&text, "%s%.*s%s", j ? " " : "(",
                          STR_ARG(top->consequences[j]->rule->code),
                          j + 1 == top->consequence_count ? ")" : "");
    }
    assert_string_equal(text.ptr ? text.ptr : "", expected);
    strbuf_free(&text);
    findings_free(&findings);
    workspace_close(&workspace);
}

static void one_cause_one_report(void **state)
{
    (void)state;
    shows(&(Selection){0}, "A001(A003 A002)");
    Str ignore[] = {S("A001"), S("A002")};
    shows(&(Selection){.ignore = ignore, .ignore_count = 1}, "A002(A003)");
    shows(&(Selection){.ignore = ignore, .ignore_count = 2}, "A003");
    shows(&(Selection){.ignore = ignore + 1, .ignore_count = 1}, "A001(A003)");
}

static void the_longer_selector_wins(void **state)
{
    (void)state;
    Str code[] = {S("a001")}, prefix[] = {S("A00")}, all[] = {S("ALL")}, name[] = {S("three")};
    shows(&(Selection){.select = code, .select_count = 1}, "A001");
    shows(&(Selection){.select = code, .select_count = 1, .ignore = prefix, .ignore_count = 1},
          "A001");
    shows(&(Selection){.select = prefix, .select_count = 1, .ignore = name, .ignore_count = 1},
          "A001(A002)");
    shows(&(Selection){.select = all, .select_count = 1, .ignore = all, .ignore_count = 1}, "");
    shows(&(Selection){.select = prefix, .select_count = 1, .ignore = all, .ignore_count = 1},
          "A001(A003 A002)");
    rules[0].opt_in = true;
    shows(&(Selection){0}, "A002(A003)");
    shows(&(Selection){.select = all, .select_count = 1}, "A001(A003 A002)");
    rules[0].opt_in = false;
}

static void severities(void **state)
{
    (void)state;
    SeverityOverride milder[] = {{S("A001"), SEVERITY_INFO}, {S("A"), SEVERITY_OFF}};
    /* Nothing hides behind a milder cause. */
    shows(&(Selection){.severities = milder, .severity_count = 1}, "A001 A002(A003)");
    shows(&(Selection){.severities = milder, .severity_count = 2}, "A001");
}

static void paths(void **state)
{
    (void)state;
    Str elsewhere[] = {S("shop")}, here[] = {S("blog/")}, codes[] = {S("A001"), S("A003")};
    PartIgnore ignore = {S("**/0001_initial.py"), codes, 2};
    shows(&(Selection){.only_paths = elsewhere, .only_path_count = 1}, "");
    shows(&(Selection){.only_paths = here, .only_path_count = 1}, "A001(A003 A002)");
    shows(&(Selection){.path_ignores = &ignore, .path_ignore_count = 1}, "A002");
}

static void places(void **state)
{
    (void)state;
    RuleSet set = {.rules = rules, .count = 1};
    MemoryReader memory = {files, 3};
    WorkspaceOptions options = {.root_name = S("x"), .django = 502};
    Workspace workspace = {0};
    Graph graph = {0};
    State replayed = {.graph = &graph};
    Analysis analysis = {.state = &replayed};
    Findings findings;
    Selection selection = {0};
    assert_true(workspace_open(&workspace, reader_memory(&memory), &options, NULL));
    engine_run(&set, &workspace, &analysis, &selection, &findings);
    workspace_close(&workspace); /* findings outlive it */
    assert_int_equal(findings.by_severity[SEVERITY_ERROR], 1);
    const Finding *finding = findings.items[0];
    assert_int_equal(finding->location.line, 1);
    assert_int_equal(finding->location.column, 1); /* the byte order mark is no column */
    assert_int_equal(finding->location.end_column, 2);
    assert_int_equal(finding->notes[0].location.line, 1);
    assert_int_equal(finding->notes[0].location.column, 7);
    assert_int_equal(finding->notes[0].location.end_line, 2);
    assert_string_equal(finding->notes[0].text.ptr, "see 1");
    assert_string_equal(finding->help.ptr, "mend it");
    findings_free(&findings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_cause_one_report),
        cmocka_unit_test(the_longer_selector_wins),
        cmocka_unit_test(severities),
        cmocka_unit_test(paths),
        cmocka_unit_test(places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
