#include "report/report.h"
#include "report/visible.h"
#include "rules/explain.h"

/* Every rule on one page: a table, and below it each rule in its family. docs/rules.md is this. */

typedef struct Family {
    const char *category, *title, *about;
} Family;

static const Family families[] = {
    {"files", "Files", "Is the package what Django's loader will see?"},
    {"graph", "Graph", "Does the dependency graph load, and does it have one way forward?"},
    {"state", "State",
     "Do the operations fit the models that exist at that point? [More about "
     "these](state-rules.md)."},
    {"drift", "Drift", "Do models.py and the migrations say the same?"},
    {"branches", "Branches",
     "Will it still be right after the merge? Only with `check --base` or `check --against`."},
    {"applied", "Applied", "Does the history that a database records agree?"},
    {"rollout", "Rollout", "Is the change safe while the previous release still runs?"},
    {"data", "Data migrations", "Code and SQL in migrations."},
    {"squash", "Squashes", "Are squashes whole, and are they still needed?"},
    {"linter", "The linter's own", "Are the [comments that suppress](suppressions.md) right?"},
};

static const char preface[] =
    "# Rules\n\n"
    "<!-- Written by `migralint rules --format markdown`; the texts are those of the rules' files. "
    "-->\n\n"
    "What each rule reports, why, and how to mend it; `migralint explain CODE` prints one, with "
    "all of\n"
    "its examples. The severity is the one that a finding has unless the text says otherwise:\n"
    "errors make `check` exit with 1, warnings are shown, info is shown with `--level info`\n"
    "([configuration](configuration.md)). What cannot be known without running Python is left "
    "alone\n"
    "everywhere.\n\n";

static void add_family(Str category, StrBuf *out)
{
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (str_eq(category, str(families[i].category))) {
            strbuf_printf(out, "## %s\n\n%s\n\n", families[i].title, families[i].about);
            return;
        }
    strbuf_printf(out, "## %.*s\n\n", STR_ARG(category));
}

/* A bar would end the cell. */
static void add_cell(Str text, StrBuf *out)
{
    while (text.len) {
        strbuf_add(out, str_cut(&text, '|'));
        strbuf_add(out, text.ptr ? S("\\|") : S(""));
    }
}

static void add_table(const RuleSet *rules, Arena *scratch, StrBuf *out)
{
    strbuf_add(out, S("| | rule | severity | |\n|---|---|---|---|\n"));
    for (uint32_t i = 0; i < rules->count; i++) {
        const Rule *rule = &rules->rules[i];
        strbuf_printf(out, "| [%.*s](#%.*s) | %.*s | %s | ", STR_ARG(rule->code),
                      STR_ARG(arena_lower(scratch, rule->code)), STR_ARG(rule->name),
                      rule->opt_in ? "opt-in" : severity_name(rule->severity));
        add_cell(rule->summary, out);
        strbuf_add(out, S(" |\n"));
    }
    strbuf_byte(out, '\n');
}

static void add_visibly(Str text, StrBuf *out)
{
    while (text.len) {
        visible_add(out, str_cut(&text, '\n'));
        strbuf_byte(out, '\n');
    }
}

void rules_markdown(const RuleSet *rules, StrBuf *out)
{
    Arena scratch = {0};
    StrBuf page = {0};
    Str category = {0};
    strbuf_add(&page, str(preface));
    add_table(rules, &scratch, &page);
    for (uint32_t i = 0; i < rules->count; i++) {
        const Rule *rule = &rules->rules[i];
        if (i && !str_eq(rule->category, category))
            strbuf_byte(&page, '\n');
        if (!i || !str_eq(rule->category, category))
            add_family(rule->category, &page);
        else
            strbuf_byte(&page, '\n');
        category = rule->category;
        strbuf_add(&page, rule_entry(rule, &scratch));
    }
    add_visibly(strbuf_str(&page), out);
    strbuf_free(&page);
    arena_free(&scratch);
}
