#include "report/report.h"
#include "report/visible.h"
#include "rules/explain.h"

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

void explain_text(const Rule *rule, StrBuf *out)
{
    Arena scratch = {0};
    for (Str rest = rule_explain(rule, false, &scratch); rest.len;) {
        visible_add(out, str_cut(&rest, '\n'));
        strbuf_byte(out, '\n');
    }
    arena_free(&scratch);
}

void explain_markdown(const Rule *rule, StrBuf *out)
{
    Arena scratch = {0};
    strbuf_add(out, rule_explain(rule, true, &scratch));
    arena_free(&scratch);
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
