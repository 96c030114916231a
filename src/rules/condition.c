#include "rules/condition.h"

#include <stdio.h>

static char fold(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Goes back to the last star only: linear for one star, at worst quadratic. */
static bool glob(Str pattern, Str text, bool folded)
{
    size_t p = 0, t = 0, star = SIZE_MAX, resume = 0;
    while (t < text.len) {
        if (p < pattern.len && pattern.ptr[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.len && (pattern.ptr[p] == text.ptr[t] ||
                                       (folded && fold(pattern.ptr[p]) == fold(text.ptr[t])))) {
            p++;
            t++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.ptr[p] == '*')
        p++;
    return p == pattern.len;
}

bool glob_match(Str pattern, Str text)
{
    return glob(pattern, text, false);
}

bool glob_match_folded(Str pattern, Str text)
{
    return glob(pattern, text, true);
}

static bool any_glob(const Condition *condition, Str text, bool folded)
{
    for (uint32_t i = 0; i < condition->count; i++)
        if (glob(condition->texts[i], text, folded))
            return true;
    return false;
}

/* --- testing ------------------------------------------------------------ */

/* Whether two literals are the same. */
static Truth literals_equal(const Literal *a, const Literal *b)
{
    if (a->kind != b->kind)
        return NO;
    switch (a->kind) {
    case VALUE_BOOL:
        return truth(a->boolean == b->boolean);
    case VALUE_INT:
        return truth(a->integer == b->integer);
    case VALUE_STRING:
        return truth(str_eq(a->text, b->text));
    default:
        return YES;
    }
}

static Truth value_equals(const Value *value, const Interner *interner, const Literal *literal)
{
    Literal own = {.kind = (ValueKind)value->kind};
    switch (value->kind) {
    case VALUE_UNKNOWN:
    case VALUE_JOIN:
    case VALUE_NAME:
    case VALUE_CALL:
        return MAYBE;
    case VALUE_BOOL:
        own.boolean = value->u.boolean;
        break;
    case VALUE_INT:
        own.integer = value->u.integer;
        break;
    case VALUE_STRING:
        own.text = sym_str(interner, value->u.text);
        break;
    default:
        break;
    }
    return literals_equal(&own, literal);
}

/* A name of the project may be another name for what is asked; one of Django
 * is what it says. */
static Truth value_is(const Condition *condition, const Value *value, const Interner *interner)
{
    if (value->kind == VALUE_UNKNOWN)
        return MAYBE;
    if (value->kind != VALUE_NAME)
        return NO;
    Str path = sym_str(interner, value->u.text);
    if (!(value->flags & VALUE_FREE) && any_glob(condition, path, false))
        return YES;
    return str_starts(path, S("django.")) || str_starts(path, S("builtins.")) ? NO : MAYBE;
}

static Truth value_calls(const Condition *condition, const Subject *subject, const Value *value)
{
    if (value->kind != VALUE_CALL)
        return value->kind == VALUE_UNKNOWN || value->kind == VALUE_NAME ? MAYBE : NO;
    const Values *values = &subject->module->values;
    return value_is(condition, value_at(values, value_callee(values, value)), subject->interner);
}

static Truth value_matches(const Condition *condition, const Value *value, const Interner *interner)
{
    switch (value->kind) {
    case VALUE_STRING:
        return truth(any_glob(condition, sym_str(interner, value->u.text), true));
    case VALUE_UNKNOWN:
    case VALUE_JOIN:
    case VALUE_NAME:
    case VALUE_CALL:
        return MAYBE;
    default:
        return NO;
    }
}

static Truth value_is_kind(unsigned kinds, const Value *value)
{
    if (kinds >> value->kind & 1)
        return YES;
    bool open = value->kind == VALUE_UNKNOWN || value->kind == VALUE_NAME ||
                value->kind == VALUE_CALL || value->kind == VALUE_JOIN;
    return open ? MAYBE : NO;
}

/* What a written value says to the condition. */
static Truth test_value(const Condition *condition, const Subject *subject, const Value *value)
{
    switch (condition->kind) {
    case CONDITION_NONE:
        return value_equals(value, subject->interner, &(Literal){.kind = VALUE_NONE});
    case CONDITION_EQUALS:
        return value_equals(value, subject->interner, &condition->literal);
    case CONDITION_IS:
        return value_is(condition, value, subject->interner);
    case CONDITION_CALLS:
        return value_calls(condition, subject, value);
    case CONDITION_MATCHES:
        return value_matches(condition, value, subject->interner);
    case CONDITION_KIND:
        return value_is_kind(condition->kinds, value);
    default:
        return MAYBE;
    }
}

/* What a value that is not written says to the condition. */
static Truth test_absent(const Condition *condition, const Subject *subject)
{
    if (condition->kind == CONDITION_NONE)
        return YES;
    if (!subject->otherwise)
        return condition->kind == CONDITION_EQUALS ? MAYBE : NO;
    const Literal *literal = subject->otherwise;
    switch (condition->kind) {
    case CONDITION_EQUALS:
        return literals_equal(literal, &condition->literal);
    case CONDITION_KIND:
        return truth(condition->kinds >> literal->kind & 1);
    default:
        return NO;
    }
}

static Truth test_leaf(const Condition *condition, const Subject *subject)
{
    if (condition->kind == CONDITION_PRESENT)
        return subject->given;
    if (condition->kind == CONDITION_ABSENT)
        return truth_not(subject->given);
    if (subject->given == MAYBE)
        return MAYBE;
    if (subject->given == NO)
        return test_absent(condition, subject);
    const Value *value = value_at(&subject->module->values, subject->value);
    return value->flags & VALUE_MAYBE ? MAYBE : test_value(condition, subject, value);
}

Truth condition_test(const Condition *condition, const Subject *subject)
{
    Truth all = YES, any = NO;
    switch (condition->kind) {
    case CONDITION_NOT:
        return truth_not(condition_test(&condition->parts[0], subject));
    case CONDITION_ANY:
    case CONDITION_ALL:
        for (uint32_t i = 0; i < condition->count; i++) {
            Truth part = condition_test(&condition->parts[i], subject);
            all = truth_and(all, part);
            any = truth_or(any, part);
        }
        return condition->kind == CONDITION_ANY ? any : all;
    default:
        return test_leaf(condition, subject);
    }
}
