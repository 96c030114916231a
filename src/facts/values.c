#include "facts/value.h"

ValueId value_positional(const Values *values, const Value *call, uint32_t i)
{
    return i < call->u.call.count ? values->items[call->u.call.first + 1 + i] : VALUE_ABSENT;
}

void value_keyword_at(const Values *values, const Value *call, uint32_t i, Sym *name,
                      ValueId *value)
{
    const ValueId *row = &values->items[call->u.call.first + 1 + call->u.call.count + 2 * i];
    *name = value_at(values, row[0])->u.text;
    *value = row[1];
}

ValueId value_keyword(const Values *values, const Value *call, Sym name)
{
    for (uint32_t i = 0; i < call->keywords; i++) {
        Sym keyword;
        ValueId value;
        value_keyword_at(values, call, i, &keyword, &value);
        if (keyword == name)
            return value;
    }
    return VALUE_ABSENT;
}

ValueId value_argument(const Values *values, const Value *call, uint32_t position, Sym name)
{
    ValueId value = value_keyword(values, call, name);
    return value ? value : value_positional(values, call, position);
}

enum { EQUAL_DEPTH = 64, EQUAL_WORK = 1 << 16 };

typedef struct Comparison {
    const Values *values;
    uint32_t work; /* shared values could be compared exponentially often */
} Comparison;

static bool equal_at(Comparison *comparison, ValueId a, ValueId b, int depth);

static bool equal_items(Comparison *comparison, uint32_t a, uint32_t b, uint32_t count, int depth)
{
    const ValueId *items = comparison->values->items;
    for (uint32_t i = 0; i < count; i++)
        if (!equal_at(comparison, items[a + i], items[b + i], depth + 1))
            return false;
    return true;
}

static bool equal_at(Comparison *comparison, ValueId a, ValueId b, int depth)
{
    const Value *x = value_at(comparison->values, a), *y = value_at(comparison->values, b);
    if (depth > EQUAL_DEPTH || comparison->work++ > EQUAL_WORK || x->kind != y->kind ||
        x->flags != y->flags || x->flags & VALUE_OPEN)
        return false;
    switch ((ValueKind)x->kind) {
    case VALUE_UNKNOWN:
        return false;
    case VALUE_NONE:
        return true;
    case VALUE_BOOL:
        return x->u.boolean == y->u.boolean;
    case VALUE_INT:
        return x->u.integer == y->u.integer;
    case VALUE_FLOAT:
    case VALUE_STRING:
    case VALUE_BYTES:
    case VALUE_NAME:
        return x->u.text == y->u.text;
    case VALUE_FUNCTION:
    case VALUE_CLASS:
        return x->u.index == y->u.index;
    case VALUE_LIST:
    case VALUE_TUPLE:
    case VALUE_SET:
    case VALUE_DICT:
    case VALUE_JOIN:
        return x->u.items.count == y->u.items.count &&
               equal_items(comparison, x->u.items.first, y->u.items.first, x->u.items.count, depth);
    case VALUE_CALL:
        return x->u.call.count == y->u.call.count && x->keywords == y->keywords &&
               equal_items(comparison, x->u.call.first, y->u.call.first,
                           1 + x->u.call.count + 2 * x->keywords, depth);
    }
    return false;
}

bool value_equal(const Values *values, ValueId a, ValueId b)
{
    Comparison comparison = {values, 0};
    return equal_at(&comparison, a, b, 0);
}

const char *value_kind_name(ValueKind kind)
{
    static const char *const names[] = {
        [VALUE_UNKNOWN] = "unknown", [VALUE_NONE] = "none",   [VALUE_BOOL] = "bool",
        [VALUE_INT] = "int",         [VALUE_FLOAT] = "float", [VALUE_STRING] = "string",
        [VALUE_BYTES] = "bytes",     [VALUE_LIST] = "list",   [VALUE_TUPLE] = "tuple",
        [VALUE_SET] = "set",         [VALUE_DICT] = "dict",   [VALUE_NAME] = "name",
        [VALUE_CALL] = "call",       [VALUE_JOIN] = "join",   [VALUE_FUNCTION] = "function",
        [VALUE_CLASS] = "class",
    };
    return names[kind];
}

const char *value_reason(Reason reason)
{
    static const char *const texts[] = {
        [REASON_CALL] = "it is the result of a call",
        [REASON_COMPREHENSION] = "it is a comprehension",
        [REASON_OPERATOR] = "it is computed",
        [REASON_CONDITION] = "it depends on a condition",
        [REASON_LOOP] = "it is bound in a loop, a with or an except",
        [REASON_ATTRIBUTE] = "it is part of something that is not known",
        [REASON_UNBOUND] = "the name is not bound there",
        [REASON_SYNTAX] = "the text there is not Python",
        [REASON_LIMIT] = "it is too deep or too large",
        [REASON_OTHER] = "it depends on more than the text says",
    };
    return texts[reason];
}
