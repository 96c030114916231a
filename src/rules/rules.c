#include "rules/rule.h"

#include <strings.h>

static const char *const severity_names[] = {"off", "info", "warning", "error"};

const char *severity_name(Severity severity)
{
    return severity_names[severity];
}

bool severity_from(Str name, Severity *out)
{
    for (int i = SEVERITY_OFF; i <= SEVERITY_ERROR; i++)
        if (str_eq(name, str(severity_names[i]))) {
            *out = (Severity)i;
            return true;
        }
    return false;
}

static bool same_word(Str a, Str b)
{
    return a.len == b.len && (!a.len || !strncasecmp(a.ptr, b.ptr, a.len));
}

const Rule *rules_find(const RuleSet *rules, Str code_or_name)
{
    for (uint32_t i = 0; i < rules->count; i++)
        if (same_word(rules->rules[i].code, code_or_name) ||
            same_word(rules->rules[i].name, code_or_name))
            return &rules->rules[i];
    return NULL;
}

bool rule_selected(const Rule *rule, Str selector)
{
    return selector.len && (same_word(selector, S("ALL")) || same_word(selector, rule->name) ||
                            same_word(selector, str_sub(rule->code, 0, selector.len)));
}

void rules_free(RuleSet *rules)
{
    arena_free(&rules->arena);
    *rules = (RuleSet){0};
}
