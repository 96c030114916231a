#include "facts/evaluate.h"

#include <stdlib.h>

Binding *environment_find(Environment *environment, Sym name)
{
    uint32_t index = map_get(&environment->by_name, name, UINT32_MAX);
    return index == UINT32_MAX ? NULL : &environment->bindings.items[index];
}

void environment_bind(Evaluator *ev, Environment *environment, Sym name, ValueId value, Span span)
{
    Binding *binding = environment_find(environment, name);
    map_set(&ev->bound_ever, name, 1);
    if (!binding) {
        map_set(&environment->by_name, name, environment->bindings.count);
        array_push(&environment->bindings, (Binding){.name = name});
        binding = array_last(&environment->bindings);
        binding->conditional = ev->conditional;
    }
    set_binding(ev, (uint32_t)(binding - environment->bindings.items), value);
    binding->span = span;
    binding->conditional = binding->conditional && ev->conditional;
}

void bind(Evaluator *ev, Sym name, ValueId value, Span span)
{
    environment_bind(ev, current_names(ev), name, value, span);
}

static int by_text(const void *key, const void *item)
{
    return str_cmp(*(const Str *)key, str(*(const char *const *)item));
}

bool is_builtin_name(Str name)
{
    static const char *const names[] = {
#define BUILTIN(name) #name,
#include "facts/builtins.def"
#undef BUILTIN
    };
    return bsearch(&name, names, sizeof names / sizeof *names, sizeof *names, by_text);
}

ValueId make_value(Evaluator *ev, ValueKind kind, Span span)
{
    array_push(&ev->values, (Value){.kind = (uint8_t)kind, .span = span});
    array_push(&ev->depths, 0);
    return ev->values.count - 1;
}

ValueId make_unknown(Evaluator *ev, Reason reason, Span span)
{
    ValueId id = make_value(ev, VALUE_UNKNOWN, span);
    ev->values.items[id].u.reason = reason;
    return id;
}

ValueId make_text(Evaluator *ev, ValueKind kind, Sym text, Span span)
{
    ValueId id = make_value(ev, kind, span);
    ev->values.items[id].u.text = text;
    return id;
}

bool fits(Evaluator *ev, const ValueId *items, uint32_t count, uint8_t *depth)
{
    *depth = 0;
    if (ev->items.count + count > LIMIT_VALUES)
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (ev->depths.items[items[i]] >= *depth)
            *depth = (uint8_t)(ev->depths.items[items[i]] + 1);
    return *depth < LIMIT_NESTING;
}

ValueId make_container(Evaluator *ev, ValueKind kind, unsigned flags, const ValueId *items,
                       uint32_t count, Span span)
{
    uint8_t depth;
    if (!fits(ev, items, count, &depth))
        return make_unknown(ev, REASON_LIMIT, span);
    ValueId id = make_value(ev, kind, span);
    ev->depths.items[id] = depth;
    Value *value = &ev->values.items[id];
    value->flags = (uint8_t)flags;
    value->u.items.first = ev->items.count;
    value->u.items.count = count;
    /* `items` may lie in the very array that grows. */
    bool own =
        ev->items.count && items >= ev->items.items && items < ev->items.items + ev->items.count;
    size_t offset = own ? (size_t)(items - ev->items.items) : 0;
    array_reserve(&ev->items, count);
    if (count)
        memcpy(ev->items.items + ev->items.count, own ? ev->items.items + offset : items,
               count * sizeof *items);
    ev->items.count += count;
    return id;
}

ValueId copy_value(Evaluator *ev, ValueId id, unsigned flags)
{
    Value copy = ev->values.items[id];
    uint8_t depth = ev->depths.items[id];
    copy.flags |= (uint8_t)flags;
    if (flags & VALUE_OPEN)
        copy.flags &= (uint8_t)~VALUE_CHOICE;
    array_push(&ev->values, copy);
    array_push(&ev->depths, depth);
    return ev->values.count - 1;
}

ValueId copy_maybe(Evaluator *ev, ValueId id)
{
    return ev->values.items[id].flags & VALUE_MAYBE ? id : copy_value(ev, id, VALUE_MAYBE);
}

static ValueId join_sequences(Evaluator *ev, const Value *a, const Value *b, Span span)
{
    Array(ValueId) all = {0};
    for (uint32_t i = 0; i < a->u.items.count; i++)
        array_push(&all, ev->items.items[a->u.items.first + i]);
    for (uint32_t i = 0; i < b->u.items.count; i++)
        array_push(&all, ev->items.items[b->u.items.first + i]);
    ValueKind kind = (ValueKind)a->kind;
    unsigned flags = (a->flags | b->flags) & VALUE_OPEN;
    ValueId id = make_container(ev, kind, flags, all.items, all.count, span);
    array_free(&all);
    return id;
}

static ValueId join_texts(Evaluator *ev, const Value *a, const Value *b, Span span)
{
    Str left = sym_str(ev->interner, a->u.text), right = sym_str(ev->interner, b->u.text);
    ValueKind kind = (ValueKind)a->kind;
    ev->text_made += left.len + right.len;
    if (left.len + right.len > LIMIT_TEXT_BYTES || ev->text_made > LIMIT_TEXT_TOTAL)
        return make_unknown(ev, REASON_LIMIT, span);
    StrBuf text = {0};
    strbuf_add(&text, left);
    strbuf_add(&text, right);
    ValueId id = make_text(ev, kind, intern(ev->interner, strbuf_str(&text)), span);
    strbuf_free(&text);
    return id;
}

/* A list with something that cannot be read: what can be is kept. */
static ValueId open_copy(Evaluator *ev, const Value *sequence, Span span)
{
    const ValueId *items = ev->items.items + sequence->u.items.first;
    unsigned flags = (sequence->flags | VALUE_OPEN) & ~(unsigned)VALUE_CHOICE;
    return make_container(ev, (ValueKind)sequence->kind, flags, items, sequence->u.items.count,
                          span);
}

ValueId concatenate(Evaluator *ev, ValueId a, ValueId b, Span span)
{
    Value x = ev->values.items[a], y = ev->values.items[b];
    bool sequences = is_sequence((ValueKind)x.kind) || is_sequence((ValueKind)y.kind);
    if (x.kind == y.kind && is_sequence((ValueKind)x.kind))
        return join_sequences(ev, &x, &y, span);
    if (x.kind == y.kind && (x.kind == VALUE_STRING || x.kind == VALUE_BYTES))
        return join_texts(ev, &x, &y, span);
    if (x.kind == VALUE_INT && y.kind == VALUE_INT) {
        int64_t sum;
        if (__builtin_add_overflow(x.u.integer, y.u.integer, &sum))
            return make_unknown(ev, REASON_LIMIT, span);
        ValueId id = make_value(ev, VALUE_INT, span);
        ev->values.items[id].u.integer = sum;
        return id;
    }
    bool symbolic = x.kind == VALUE_NAME || x.kind == VALUE_JOIN || y.kind == VALUE_NAME ||
                    y.kind == VALUE_JOIN;
    if (symbolic && x.kind != VALUE_UNKNOWN && y.kind != VALUE_UNKNOWN)
        return make_container(ev, VALUE_JOIN, 0, (ValueId[]){a, b}, 2, span);
    if (sequences)
        return open_copy(ev, is_sequence((ValueKind)x.kind) ? &x : &y, span);
    return make_unknown(ev, REASON_OPERATOR, span);
}

enum { MERGE_LIMIT = 256 }; /* elements compared with one another */

/* How many of the first `count` elements are equal to the item. */
static uint32_t count_equal(Evaluator *ev, const Value *container, uint32_t count, ValueId item)
{
    Values values = {ev->values.items, ev->values.count, ev->items.items, ev->items.count};
    uint32_t equal = 0;
    for (uint32_t i = 0; i < count; i++) {
        ValueId other = ev->items.items[container->u.items.first + i];
        equal += other == item || value_equal(&values, other, item);
    }
    return equal;
}

/* Whether the other container has the element as well: as often as this one has had it by then. */
static bool in_both(Evaluator *ev, const Value *container, uint32_t i, const Value *other)
{
    ValueId item = ev->items.items[container->u.items.first + i];
    return count_equal(ev, container, i + 1, item) <=
           count_equal(ev, other, other->u.items.count, item);
}

static bool lists_all(Value sequence)
{
    return !(sequence.flags & VALUE_OPEN) || sequence.flags & VALUE_CHOICE;
}

static ValueId merge_sequences(Evaluator *ev, Value x, Value y, Span span)
{
    bool compare = x.u.items.count < MERGE_LIMIT && y.u.items.count < MERGE_LIMIT;
    Array(ValueId) all = {0};
    for (uint32_t i = 0; i < x.u.items.count; i++) {
        ValueId item = ev->items.items[x.u.items.first + i];
        bool both = compare && in_both(ev, &x, i, &y);
        array_push(&all, both ? item : copy_maybe(ev, item));
    }
    for (uint32_t i = 0; i < y.u.items.count; i++) {
        ValueId item = ev->items.items[y.u.items.first + i];
        if (!compare || !in_both(ev, &y, i, &x))
            array_push(&all, copy_maybe(ev, item));
    }
    unsigned flags = VALUE_OPEN | (lists_all(x) && lists_all(y) ? VALUE_CHOICE : 0);
    ValueId id = make_container(ev, (ValueKind)x.kind, flags, all.items, all.count, span);
    array_free(&all);
    return id;
}

ValueId merge_values(Evaluator *ev, ValueId a, ValueId b, Span span)
{
    if (a == b)
        return a;
    if (!a || !b)
        return copy_maybe(ev, a ? a : b);
    Values values = {ev->values.items, ev->values.count, ev->items.items, ev->items.count};
    if (value_equal(&values, a, b))
        return a;
    Value x = ev->values.items[a], y = ev->values.items[b];
    if (x.kind == y.kind && is_sequence((ValueKind)x.kind))
        return merge_sequences(ev, x, y, span);
    return make_unknown(ev, REASON_CONDITION, span);
}
