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

Str rules_nearest(const RuleSet *rules, Str text)
{
    unsigned best = 4; /* more edits than a slip of the hand makes */
    Str nearest = {0};
    for (uint32_t i = 0; i < rules->count; i++) {
        const Str known[] = {rules->rules[i].code, rules->rules[i].name};
        for (int k = 0; k < 2; k++)
            if (str_distance(known[k], text) < best && str_distance(known[k], text) < text.len) {
                best = str_distance(known[k], text);
                nearest = known[k];
            }
    }
    return nearest;
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
