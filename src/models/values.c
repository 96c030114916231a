#include "models/same.h"

#include <stdlib.h>

enum { DEEPEST = 24, MOST_ITEMS = 1 << 16 };

/* ---- from a value to what it plainly is ---- */

static Plain plain_at(const Comparison *c, ValueRef value, int depth);

static Plain number(double value)
{
    return (Plain){.kind = PLAIN_NUMBER, .number = value};
}

static Str text_of(const Comparison *c, Sym sym)
{
    return sym_str(&c->workspace->interner, sym);
}

static Plain number_of_text(Str text)
{
    char digits[64];
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '_' && len + 1 < sizeof digits)
            digits[len++] = text.ptr[i];
    digits[len] = 0;
    char *end = digits;
    double value = strtod(digits, &end);
    return len && !*end ? number(value) : (Plain){0};
}

static Plain container(const Comparison *c, ValueRef ref, PlainKind kind, int depth)
{
    const Value *value = read_value(ref);
    Plain plain = {.kind = kind, .open = (value->flags & VALUE_OPEN) != 0};
    if (value->u.items.count > MOST_ITEMS)
        return (Plain){0};
    plain.items = arena_array(c->arena, Plain, value->u.items.count);
    for (uint32_t i = 0; i < value->u.items.count; i++) {
        ValueRef item = {ref.module, value_item(&ref.module->values, value, i)};
        plain.open |= (read_value(item)->flags & VALUE_STAR) != 0;
        plain.items[plain.count++] = plain_at(c, item, depth + 1);
    }
    return plain;
}

static Plain add_plain(const Comparison *c, const Plain *a, const Plain *b)
{
    if (a->kind == PLAIN_NUMBER && b->kind == PLAIN_NUMBER)
        return number(a->number + b->number);
    if (a->kind != b->kind)
        return (Plain){0};
    if (a->kind == PLAIN_STRING) {
        Str left = text_of(c, a->text), right = text_of(c, b->text);
        Str both = arena_printf(c->arena, "%.*s%.*s", STR_ARG(left), STR_ARG(right));
        return (Plain){.kind = PLAIN_STRING, .text = intern(&c->workspace->interner, both)};
    }
    if (a->kind != PLAIN_LIST && a->kind != PLAIN_TUPLE)
        return (Plain){0};
    Plain sum = {.kind = a->kind, .open = a->open || b->open};
    sum.items = arena_array(c->arena, Plain, a->count + b->count);
    for (uint32_t i = 0; i < a->count; i++)
        sum.items[sum.count++] = a->items[i];
    for (uint32_t i = 0; i < b->count; i++)
        sum.items[sum.count++] = b->items[i];
    return sum;
}

static Plain joined(const Comparison *c, ValueRef ref, int depth)
{
    Plain parts = container(c, ref, PLAIN_LIST, depth);
    Plain sum = parts.count ? parts.items[0] : (Plain){0};
    for (uint32_t i = 1; i < parts.count; i++)
        sum = add_plain(c, &sum, &parts.items[i]);
    return sum;
}

/* gettext("x") and what else marks a text for translation: which argument the text is. */
static uint32_t translated(Str path)
{
    enum { NOT_AT_ALL = UINT32_MAX };
    Str package = S("django.utils.translation.");
    if (!str_starts(path, package))
        return NOT_AT_ALL;
    Str name = str_sub(path, package.len, path.len);
    if (name.len && name.ptr[0] == 'u')
        name = str_sub(name, 1, name.len);
    if (str_eq(name, S("gettext")) || str_eq(name, S("gettext_lazy")) ||
        str_eq(name, S("gettext_noop")))
        return 0;
    return str_eq(name, S("pgettext")) || str_eq(name, S("pgettext_lazy")) ? 1 : NOT_AT_ALL;
}

static Plain called(const Comparison *c, ValueRef ref, int depth)
{
    const Value *call = read_value(ref);
    const Values *values = &ref.module->values;
    ValueRef callee = {ref.module, value_callee(values, call)};
    Sym path = state_path(c->state, callee);
    uint32_t position = translated(text_of(c, path));
    if (position != UINT32_MAX) {
        ValueId text = value_positional(values, call, position);
        return text ? plain_at(c, (ValueRef){ref.module, text}, depth + 1) : (Plain){0};
    }
    if (str_eq(text_of(c, path), S("decimal.Decimal")) && call->u.call.count == 1) {
        Plain argument =
            plain_at(c, (ValueRef){ref.module, value_positional(values, call, 0)}, depth + 1);
        if (argument.kind == PLAIN_STRING)
            return number_of_text(text_of(c, argument.text));
        return argument.kind == PLAIN_NUMBER ? argument : (Plain){0};
    }
    return (Plain){.kind = PLAIN_CALL, .text = path, .ref = ref};
}

static Plain named(const Comparison *c, ValueRef ref, int depth)
{
    Plain member;
    if (enumeration_value(c, ref, &member))
        return member;
    ValueRef value = workspace_value(c->workspace, ref);
    if (!read_is(value, VALUE_NAME))
        return plain_at(c, value, depth + 1);
    Sym path = state_path(c->state, value);
    Str text = text_of(c, path), setting = S("django.conf.settings.");
    if (str_eq(text, S("django.conf.settings.AUTH_USER_MODEL"))) {
        StateTarget user = state_user_model(c->state);
        return user.text ? (Plain){.kind = PLAIN_STRING, .text = user.text} : (Plain){0};
    }
    return path && !str_starts(text, setting) ? (Plain){.kind = PLAIN_PATH, .text = path}
                                              : (Plain){0};
}

static Plain scalar(const Comparison *c, ValueRef ref)
{
    const Value *value = read_value(ref);
    switch (value->kind) {
    case VALUE_NONE:
        return (Plain){.kind = PLAIN_NONE};
    case VALUE_BOOL:
        return number(value->u.boolean);
    case VALUE_INT:
        return number((double)value->u.integer);
    case VALUE_FLOAT:
        return number_of_text(text_of(c, value->u.text));
    case VALUE_STRING:
        return (Plain){.kind = PLAIN_STRING, .text = value->u.text};
    case VALUE_BYTES:
        return (Plain){.kind = PLAIN_BYTES, .text = value->u.text};
    case VALUE_FUNCTION:
    case VALUE_CLASS:
        return (Plain){.kind = PLAIN_DEFINITION, .ref = ref};
    default:
        return (Plain){0};
    }
}

static Plain plain_at(const Comparison *c, ValueRef ref, int depth)
{
    if (!ref.id || depth > DEEPEST || !*c->room || read_value(ref)->flags & VALUE_MAYBE)
        return (Plain){0};
    --*c->room;
    switch (read_value(ref)->kind) {
    case VALUE_LIST:
        return container(c, ref, PLAIN_LIST, depth);
    case VALUE_TUPLE:
        return container(c, ref, PLAIN_TUPLE, depth);
    case VALUE_SET:
        return container(c, ref, PLAIN_SET, depth);
    case VALUE_DICT:
        return container(c, ref, PLAIN_DICT, depth);
    case VALUE_JOIN:
        return joined(c, ref, depth);
    case VALUE_CALL:
        return called(c, ref, depth);
    case VALUE_NAME:
        return named(c, ref, depth);
    default:
        return scalar(c, ref);
    }
}

Plain plain_value(const Comparison *comparison, ValueRef value)
{
    return plain_at(comparison, value, 0);
}

/* ---- whether two are the same ---- */

static Truth same_at(const Comparison *c, const Plain *a, const Plain *b, int depth);

static Truth same_items(const Comparison *c, const Plain *a, const Plain *b, int depth)
{
    if (a->open || b->open)
        return MAYBE;
    if (a->count != b->count)
        return NO;
    Truth all = YES;
    for (uint32_t i = 0; i < a->count; i++)
        all = truth_and(all, same_at(c, &a->items[i], &b->items[i], depth + 1));
    return all;
}

/* Whether something in the other set is the same; `step` 2 looks at the keys of a dict only. */
static Truth found_in(const Comparison *c, const Plain *item, const Plain *in, uint32_t step,
                      uint32_t *at, int depth)
{
    Truth found = NO;
    for (uint32_t i = 0; i < in->count && found != YES; i += step) {
        Truth same = same_at(c, item, &in->items[i], depth + 1);
        if (same > found) {
            found = same;
            *at = i;
        }
    }
    return found;
}

/* Sets and dicts: whatever order they are written in. */
static Truth same_unordered(const Comparison *c, const Plain *a, const Plain *b, int depth)
{
    enum { MOST_COMPARED = 512 };
    uint32_t step = a->kind == PLAIN_DICT ? 2 : 1;
    if (a->open || b->open || a->count > MOST_COMPARED || b->count > MOST_COMPARED)
        return MAYBE;
    Truth all = a->count == b->count ? YES : NO;
    for (uint32_t i = 0; i < a->count; i += step) {
        uint32_t at = 0;
        Truth found = found_in(c, &a->items[i], b, step, &at, depth);
        if (found == YES && step == 2)
            found = same_at(c, &a->items[i + 1], &b->items[at + 1], depth + 1);
        all = truth_and(all, found);
    }
    return all;
}

/* Whether the path is of something that Python or Django ship, so that another path is another
 * thing. What packages re-export under several paths is not known. */
static bool is_settled(Str path)
{
    static const char *const modules[] = {"django.",  "builtins.", "datetime.", "uuid.",
                                          "decimal.", "time.",     "random.",   "secrets."};
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
        if (str_starts(path, str(modules[i])))
            return true;
    return false;
}

static Truth same_paths(const Comparison *c, Sym a, Sym b)
{
    Str left = text_of(c, a), right = text_of(c, b);
    if (!a || !b)
        return MAYBE;
    bool models =
        str_starts(left, S("django.db.models.")) && str_starts(right, S("django.db.models."));
    if (a == b || (models && str_eq(str_tail(left, '.'), str_tail(right, '.'))))
        return YES; /* models.CASCADE is models.deletion.CASCADE */
    bool settled = is_settled(left) && is_settled(right);
    return settled && !str_eq(str_tail(left, '.'), str_tail(right, '.')) ? NO : MAYBE;
}

static Truth same_arguments(const Comparison *c, ValueRef a, ValueRef b, int depth)
{
    const Value *left = read_value(a), *right = read_value(b);
    const Values *from = &a.module->values, *in = &b.module->values;
    if ((left->flags | right->flags) & VALUE_OPEN || left->u.call.count != right->u.call.count ||
        left->keywords != right->keywords)
        return MAYBE;
    Truth all = YES;
    for (uint32_t i = 0; i < left->u.call.count; i++) {
        Plain x = plain_at(c, (ValueRef){a.module, value_positional(from, left, i)}, depth + 1);
        Plain y = plain_at(c, (ValueRef){b.module, value_positional(in, right, i)}, depth + 1);
        all = truth_and(all, same_at(c, &x, &y, depth + 1));
    }
    for (uint32_t i = 0; i < left->keywords; i++) {
        Sym name;
        ValueId id;
        value_keyword_at(from, left, i, &name, &id);
        ValueId other = value_keyword(in, right, name);
        if (!other)
            return MAYBE;
        Plain x = plain_at(c, (ValueRef){a.module, id}, depth + 1);
        Plain y = plain_at(c, (ValueRef){b.module, other}, depth + 1);
        all = truth_and(all, same_at(c, &x, &y, depth + 1));
    }
    return all;
}

/* Other arguments may still make equal objects, unless the class is one of Django's own that
 * compares what it was made with. */
static Truth same_calls(const Comparison *c, const Plain *a, const Plain *b, int depth)
{
    Truth path = same_paths(c, a->text, b->text);
    if (path != YES)
        return path == NO && is_settled(text_of(c, a->text)) ? NO : MAYBE;
    Truth arguments = same_arguments(c, a->ref, b->ref, depth);
    bool compares = str_starts(text_of(c, a->text), S("django.core.validators.")) ||
                    str_starts(text_of(c, a->text), S("django.db.models."));
    return arguments == NO && !compares ? MAYBE : arguments;
}

static Truth same_definitions(const Plain *a, const Plain *b)
{
    return truth(a->ref.module == b->ref.module &&
                 read_value(a->ref)->kind == read_value(b->ref)->kind &&
                 read_value(a->ref)->u.index == read_value(b->ref)->u.index);
}

/* Of literals those that Python compares; a text was bytes where Python 2 wrote the migration. */
static bool is_literal(PlainKind kind)
{
    return kind >= PLAIN_NONE && kind <= PLAIN_DICT && kind != PLAIN_BYTES;
}

static Truth same_at(const Comparison *c, const Plain *a, const Plain *b, int depth)
{
    if (!a->kind || !b->kind || depth > DEEPEST)
        return MAYBE;
    if (a->kind != b->kind) {
        bool literals = is_literal(a->kind) && is_literal(b->kind);
        bool definition = a->kind == PLAIN_DEFINITION || b->kind == PLAIN_DEFINITION;
        return literals || (definition && (is_literal(a->kind) || is_literal(b->kind))) ? NO
                                                                                        : MAYBE;
    }
    switch (a->kind) {
    case PLAIN_NONE:
        return YES;
    case PLAIN_NUMBER:
        return truth(a->number == b->number);
    case PLAIN_STRING:
    case PLAIN_BYTES:
        return truth(a->text == b->text);
    case PLAIN_LIST:
    case PLAIN_TUPLE:
        return same_items(c, a, b, depth);
    case PLAIN_SET:
    case PLAIN_DICT:
        return same_unordered(c, a, b, depth);
    case PLAIN_DEFINITION:
        return same_definitions(a, b);
    case PLAIN_PATH:
        return same_paths(c, a->text, b->text);
    default:
        return same_calls(c, a, b, depth);
    }
}

Truth same_plain(const Comparison *comparison, const Plain *a, const Plain *b)
{
    return same_at(comparison, a, b, 0);
}

Truth same_value(const Comparison *comparison, ValueRef a, ValueRef b)
{
    Plain left = plain_value(comparison, a), right = plain_value(comparison, b);
    return same_plain(comparison, &left, &right);
}
