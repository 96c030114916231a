#include "report/report.h"
#include "report/visible.h"

/* A team's rules are files too: what they hold is shown, not obeyed. */

static size_t widest_name(const RuleSet *rules)
{
    size_t width = 0;
    for (uint32_t i = 0; i < rules->count; i++)
        if (rules->rules[i].name.len > width)
            width = rules->rules[i].name.len;
    return width;
}

void rules_text(const RuleSet *rules, StrBuf *out)
{
    size_t width = widest_name(rules);
    Str category = {0};
    for (uint32_t i = 0; i < rules->count; i++) {
        const Rule *rule = &rules->rules[i];
        if (!str_eq(rule->category, category)) {
            strbuf_add(out, i ? S("\n") : S(""));
            visible_add(out, rule->category);
            strbuf_byte(out, '\n');
        }
        category = rule->category;
        strbuf_printf(out, "  %-7.*s ", STR_ARG(rule->code));
        visible_pad(out, rule->name, width);
        strbuf_printf(out, "  %-7s  ", rule->opt_in ? "opt-in" : severity_name(rule->severity));
        visible_add(out, rule->summary);
        strbuf_byte(out, '\n');
    }
}

static void add_indented(StrBuf *out, Str text)
{
    while (text.len) {
        Str line = str_cut(&text, '\n');
        strbuf_add(out, line.len ? S("  ") : S(""));
        visible_add(out, line);
        strbuf_byte(out, '\n');
    }
}

static void add_paragraph(StrBuf *out, const char *title, Str text)
{
    if (!text.len)
        return;
    strbuf_printf(out, "\n%s\n", title);
    add_indented(out, text);
}

static void add_example(StrBuf *out, const Example *example)
{
    strbuf_add(out, example->bad ? S("\nBad") : S("\nGood"));
    if (example->name.len) {
        strbuf_add(out, S(": "));
        visible_add(out, example->name);
    }
    strbuf_byte(out, '\n');
    for (uint32_t i = 0; i < example->file_count && !example->shown.len; i++) {
        strbuf_add(out, S("  # "));
        visible_add(out, example->files[i].path);
        strbuf_byte(out, '\n');
        add_indented(out, example->files[i].text);
    }
    add_indented(out, example->shown);
}

/* The first of each kind is enough to see what is meant. */
static void add_examples(StrBuf *out, const Rule *rule)
{
    bool seen[2] = {false, false};
    for (uint32_t i = 0; i < rule->example_count; i++) {
        const Example *example = &rule->examples[i];
        if (!seen[example->bad])
            add_example(out, example);
        seen[example->bad] = true;
    }
}

void explain_text(const Rule *rule, StrBuf *out)
{
    strbuf_printf(out, "%.*s ", STR_ARG(rule->code));
    visible_add(out, rule->name);
    strbuf_printf(out, " (%s, %.*s, since %.*s)\n\n", severity_name(rule->severity),
                  STR_ARG(rule->category), STR_ARG(rule->since));
    visible_add(out, rule->summary);
    strbuf_byte(out, '\n');
    add_paragraph(out, "Why", rule->why);
    add_paragraph(out, "How to mend it", rule->fix);
    add_examples(out, rule);
    for (uint32_t i = 0; i < rule->link_count; i++) {
        strbuf_add(out, i ? S("  ") : S("\nSee also\n  "));
        visible_add(out, rule->links[i]);
        strbuf_byte(out, '\n');
    }
}

void examples_text(const ExampleReport *examples, StrBuf *out)
{
    for (uint32_t i = 0; i < examples->count; i++) {
        const ExampleFailure *failure = &examples->items[i];
        visible_add(out, failure->rule->path);
        strbuf_printf(out, ":%u: %.*s: %s example ", failure->example->line,
                      STR_ARG(failure->rule->code), failure->example->bad ? "bad" : "good");
        if (failure->example->name.len) {
            strbuf_byte(out, '"');
            visible_add(out, failure->example->name);
            strbuf_add(out, S("\" "));
        }
        visible_add(out, failure->text);
        strbuf_byte(out, '\n');
    }
    strbuf_printf(out, "%u examples run, %u failed\n", examples->examples_run, examples->count);
}
