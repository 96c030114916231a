#include "facts/evaluate.h"

/*
 * What changes a dict or a list in place, item by item: `d["k"] = v`, `del d["k"]`, `d.update(…)`.
 * What is not understood leaves a dict unknown, for any of its values may be another one now.
 */

enum { PAIRS_LIMIT = 4096 }; /* beyond, keys are not looked for */

typedef struct Pairs {
    Array(ValueId) items; /* key, value, … */
    unsigned flags;
} Pairs;

static void add_pairs(Evaluator *ev, Pairs *pairs, const Value *dict)
{
    for (uint32_t i = 0; i < dict->u.items.count; i++)
        array_push(&pairs->items, ev->items.items[dict->u.items.first + i]);
    pairs->flags |= dict->flags & VALUE_OPEN;
}

/* Where the value of that key stands, or UINT32_MAX. */
static uint32_t find_key(Evaluator *ev, const Pairs *pairs, ValueId key)
{
    Values values = {ev->values.items, ev->values.count, ev->items.items, ev->items.count};
    for (uint32_t i = 0; i + 1 < pairs->items.count; i += 2)
        if (value_equal(&values, pairs->items.items[i], key))
            return i + 1;
    return UINT32_MAX;
}

static bool is_plain(Evaluator *ev, ValueId key)
{
    const Value *value = &ev->values.items[key];
    return (value->kind == VALUE_STRING || value->kind == VALUE_INT) && !value->flags;
}

/* False when it cannot be told which value it is. */
static bool set_pair(Evaluator *ev, Pairs *pairs, ValueId key, ValueId value)
{
    if (!is_plain(ev, key) || pairs->items.count > 2 * PAIRS_LIMIT)
        return false;
    uint32_t place = find_key(ev, pairs, key);
    if (place != UINT32_MAX) {
        pairs->items.items[place] = value;
        return true;
    }
    array_push(&pairs->items, key);
    array_push(&pairs->items, value);
    return true;
}

static bool set_default(Evaluator *ev, Pairs *pairs, ValueId key, ValueId value)
{
    bool looked_for = is_plain(ev, key) && pairs->items.count <= 2 * PAIRS_LIMIT;
    return looked_for &&
           (find_key(ev, pairs, key) != UINT32_MAX || set_pair(ev, pairs, key, value));
}

static bool drop_pair(Evaluator *ev, Pairs *pairs, ValueId key)
{
    bool looked_for = is_plain(ev, key) && pairs->items.count <= 2 * PAIRS_LIMIT;
    uint32_t place = looked_for ? find_key(ev, pairs, key) : UINT32_MAX;
    if (place == UINT32_MAX)
        return false;
    for (uint32_t i = place - 1; i + 2 < pairs->items.count; i++)
        pairs->items.items[i] = pairs->items.items[i + 2];
    pairs->items.count -= 2;
    return true;
}

/* ---- subscripts ----------------------------------------------------------- */

static ValueId changed_dict(Evaluator *ev, Value dict, ValueId key, ValueId value, Span span)
{
    Pairs pairs = {0};
    add_pairs(ev, &pairs, &dict);
    bool known = value ? set_pair(ev, &pairs, key, value) : drop_pair(ev, &pairs, key);
    ValueId id = known ? make_container(ev, VALUE_DICT, pairs.flags, pairs.items.items,
                                        pairs.items.count, dict.span)
                       : make_unknown(ev, REASON_OPERATOR, span);
    array_free(&pairs.items);
    return id;
}

/* Of a list only `list[2] = x` is followed; else any element may be another one. */
static ValueId changed_list(Evaluator *ev, Value list, ValueId at, ValueId value)
{
    Array(ValueId) items = {0};
    for (uint32_t i = 0; i < list.u.items.count; i++)
        array_push(&items, ev->items.items[list.u.items.first + i]);
    Value index = ev->values.items[at];
    int64_t place = index.kind == VALUE_INT ? index.u.integer : INT64_MAX;
    if (place < 0)
        place += items.count;
    unsigned flags = list.flags & VALUE_OPEN;
    if (value && !flags && place >= 0 && place < items.count) {
        items.items[place] = value;
    } else {
        flags |= VALUE_OPEN;
        for (uint32_t i = 0; i < items.count; i++)
            items.items[i] = copy_maybe(ev, items.items[i]);
    }
    ValueId id = make_container(ev, VALUE_LIST, flags, items.items, items.count, list.span);
    array_free(&items);
    return id;
}

void bind_item(Evaluator *ev, TSNode target, ValueId value)
{
    TSNode object = field_of(ev, target, FIELD_VALUE), at = field_of(ev, target, FIELD_SUBSCRIPT);
    SyntaxKind kind = kind_of(ev, object);
    if ((kind != SYNTAX_IDENTIFIER && kind != SYNTAX_ATTRIBUTE && kind != SYNTAX_SUBSCRIPT) ||
        ts_node_is_null(at))
        return;
    ValueId before = evaluate(ev, object), key = evaluate(ev, at), changed;
    Value container = ev->values.items[before];
    if (container.kind == VALUE_DICT)
        changed = changed_dict(ev, container, key, value, span_of(target));
    else if (container.kind == VALUE_LIST)
        changed = changed_list(ev, container, key, value);
    else if (kind == SYNTAX_SUBSCRIPT)
        changed =
            make_unknown(ev, REASON_ATTRIBUTE, span_of(target)); /* a value of a dict, maybe */
    else
        return;
    bind_target(ev, object, changed);
}

/* ---- methods -------------------------------------------------------------- */

static bool update(Evaluator *ev, Pairs *pairs, const Value *call, const Values *values)
{
    if (call->flags & VALUE_OPEN || call->u.call.count > 1)
        return false;
    ValueId first = value_positional(values, call, 0);
    Value more = first ? ev->values.items[first] : (Value){.kind = VALUE_DICT};
    if (more.kind != VALUE_DICT || more.flags & (VALUE_OPEN | VALUE_MAYBE))
        return false;
    for (uint32_t i = 0; i + 1 < more.u.items.count; i += 2)
        if (!set_pair(ev, pairs, ev->items.items[more.u.items.first + i],
                      ev->items.items[more.u.items.first + i + 1]))
            return false;
    const ValueId *row = &ev->items.items[call->u.call.first + 1 + call->u.call.count];
    for (uint32_t i = 0; i < call->keywords; i++)
        if (!set_pair(ev, pairs, row[2 * i], row[2 * i + 1]))
            return false;
    return true;
}

/* False when what it does is not known. */
static bool change(Evaluator *ev, Pairs *pairs, Str name, const Value *call, const Values *values)
{
    ValueId key = value_positional(values, call, 0), value = value_positional(values, call, 1);
    if (str_eq(name, S("update")))
        return update(ev, pairs, call, values);
    if (str_eq(name, S("pop")) && key)
        return drop_pair(ev, pairs, key);
    if (str_eq(name, S("setdefault")) && value && !pairs->flags)
        return set_default(ev, pairs, key, value);
    return false;
}

static bool only_reads(Str name)
{
    static const char *const names[] = {"copy", "get", "items", "keys", "values"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(name, str(names[i])))
            return true;
    return false;
}

void run_dict_method(Evaluator *ev, TSNode call, TSNode object, Str name, Value dict)
{
    if (only_reads(name))
        return;
    ValueId result = evaluate(ev, call);
    Value made = ev->values.items[result];
    Values values = {ev->values.items, ev->values.count, ev->items.items, ev->items.count};
    Pairs pairs = {0};
    add_pairs(ev, &pairs, &dict);
    ValueId id;
    if (made.kind == VALUE_CALL && change(ev, &pairs, name, &made, &values))
        id = make_container(ev, VALUE_DICT, pairs.flags, pairs.items.items, pairs.items.count,
                            dict.span);
    else
        id = make_unknown(ev, REASON_OPERATOR, span_of(call));
    array_free(&pairs.items);
    bind_target(ev, object, id);
}
