#include "models/same.h"

#include <stdlib.h>

enum { MOST_ITEMS = 1 << 16 };

/* ---- from a value to what it plainly is ---- */

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

/* Elements that are unpacked there: `*BASE`. */
static Plain unpack(const Comparison *c, ValueRef ref, const Plain *plain)
{
    const Value *value = read_value(ref);
    uint32_t count = 0;
    for (uint32_t i = 0; i < plain->count; i++)
        count += plain->items[i].count + 1;
    Plain all = {.kind = plain->kind, .open = plain->open};
    all.items = arena_array(c->arena, Plain, count);
    for (uint32_t i = 0; i < plain->count; i++) {
        const Plain *item = &plain->items[i];
        bool star =
            value_at(&ref.module->values, value_item(&ref.module->values, value, i))->flags &
            VALUE_STAR;
        if (!star) {
            all.items[all.count++] = *item;
            continue;
        }
        bool sequence = item->kind == PLAIN_LIST || item->kind == PLAIN_TUPLE;
        all.open |= !sequence || item->open;
        for (uint32_t k = 0; sequence && k < item->count; k++)
            all.items[all.count++] = item->items[k];
    }
    return all;
}

static Plain container(const Comparison *c, ValueRef ref, PlainKind kind, int depth)
{
    const Value *value = read_value(ref);
    Plain plain = {.kind = kind, .open = (value->flags & VALUE_OPEN) != 0};
    if (value->u.items.count > MOST_ITEMS)
        return (Plain){0};
    plain.items = arena_array(c->arena, Plain, value->u.items.count);
    bool unpacked = false;
    for (uint32_t i = 0; i < value->u.items.count; i++) {
        ValueRef item = {ref.module, value_item(&ref.module->values, value, i)};
        unpacked |= (read_value(item)->flags & VALUE_STAR) != 0;
        plain.items[plain.count++] = plain_at(c, item, depth + 1);
    }
    return unpacked ? unpack(c, ref, &plain) : plain;
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

/* What modules of Django define, by the path that they hand it on under. */
static Sym public_path(const Comparison *c, Sym path)
{
    static const struct {
        const char *module, *package;
    } known[] = {{"django.db.models.deletion.", "django.db.models."},
                 {"django.db.models.expressions.", "django.db.models."},
                 {"django.db.models.query_utils.", "django.db.models."},
                 {"django.db.models.enums.", "django.db.models."},
                 {"django.db.models.indexes.", "django.db.models."},
                 {"django.db.models.constraints.", "django.db.models."},
                 {"django.db.models.manager.", "django.db.models."},
                 {"django.db.models.functions.comparison.", "django.db.models.functions."},
                 {"django.db.models.functions.datetime.", "django.db.models.functions."},
                 {"django.db.models.functions.math.", "django.db.models.functions."},
                 {"django.db.models.functions.text.", "django.db.models.functions."},
                 {"django.core.files.storage.filesystem.", "django.core.files.storage."}};
    Str text = text_of(c, path);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        Str module = str(known[i].module);
        if (str_starts(text, module))
            return intern(&c->workspace->interner,
                          arena_printf(c->arena, "%s%.*s", known[i].package,
                                       STR_ARG(str_sub(text, module.len, text.len))));
    }
    return path;
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

/* datetime.timedelta(days=1, hours=2) is as long as it is, however it is put. */
static bool duration_value(const Comparison *c, ValueRef ref, Sym path, int depth, Plain *out)
{
    static const struct {
        const char *name;
        double seconds;
    } units[] = {{"days", 86400}, {"seconds", 1},  {"microseconds", 1e-6}, {"milliseconds", 1e-3},
                 {"minutes", 60}, {"hours", 3600}, {"weeks", 604800}};
    enum { UNITS = sizeof units / sizeof *units };
    const Value *call = read_value(ref);
    const Values *values = &ref.module->values;
    if (!str_eq(text_of(c, path), S("datetime.timedelta")))
        return false;
    double sum = 0;
    uint32_t read = 0;
    for (uint32_t i = 0; i < UNITS && !(call->flags & VALUE_OPEN); i++) {
        Sym name = intern(&c->workspace->interner, str(units[i].name));
        ValueId id = value_argument(values, call, i, name);
        Plain amount = id ? plain_at(c, (ValueRef){ref.module, id}, depth + 1) : (Plain){0};
        read += amount.kind == PLAIN_NUMBER;
        sum += amount.kind == PLAIN_NUMBER ? amount.number * units[i].seconds : 0;
    }
    bool known = !(call->flags & VALUE_OPEN) && read == call->u.call.count + call->keywords;
    *out = known ? (Plain){.kind = PLAIN_DURATION, .number = sum} : (Plain){0};
    return true;
}

static Plain called(const Comparison *c, ValueRef ref, int depth)
{
    const Value *call = read_value(ref);
    const Values *values = &ref.module->values;
    ValueRef callee = {ref.module, value_callee(values, call)};
    Sym path = public_path(c, state_path(c->state, callee));
    uint32_t position = translated(text_of(c, path));
    if (position != UINT32_MAX) {
        ValueId text = value_positional(values, call, position);
        return text ? plain_at(c, (ValueRef){ref.module, text}, depth + 1) : (Plain){0};
    }
    Plain made = {0};
    if (condition_value(c, ref, path, depth, &made) ||
        enumeration_item(c, ref, path, depth, &made) || duration_value(c, ref, path, depth, &made))
        return made;
    if (str_eq(text_of(c, path), S("decimal.Decimal")) && call->u.call.count == 1) {
        Plain argument =
            plain_at(c, (ValueRef){ref.module, value_positional(values, call, 0)}, depth + 1);
        if (argument.kind == PLAIN_STRING)
            return number_of_text(text_of(c, argument.text));
        return argument.kind == PLAIN_NUMBER ? argument : (Plain){0};
    }
    if (str_starts(text_of(c, path), S("operator.")))
        return (Plain){0};
    return (Plain){.kind = PLAIN_CALL, .text = path, .ref = ref};
}

static Plain named(const Comparison *c, ValueRef ref, int depth)
{
    Plain member;
    if (enumeration_value(c, ref, depth, &member))
        return member;
    ValueRef value = workspace_value(c->workspace, ref);
    if (!read_is(value, VALUE_NAME))
        return plain_at(c, value, depth + 1);
    Sym path = public_path(c, state_path(c->state, value));
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

Plain plain_at(const Comparison *c, ValueRef ref, int depth)
{
    if (!ref.id || depth > DEEPEST_VALUE || !*c->room || read_value(ref)->flags & VALUE_MAYBE)
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
