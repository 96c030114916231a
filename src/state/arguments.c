#include "state/replay.h"

static ValueRef at(ValueRef holder, ValueId id)
{
    return (ValueRef){holder.module, id};
}

static const Value *value_of(ValueRef ref)
{
    return value_at(&ref.module->values, ref.id);
}

/* A positional argument counts only when nothing up to it is unpacked. */
static ValueId positional(ValueRef call, uint32_t position, bool *unknown)
{
    const Value *value = value_of(call);
    for (uint32_t i = 0; i < value->u.call.count && i <= position; i++)
        if (value_of(at(call, value_positional(&call.module->values, value, i)))->flags &
            VALUE_STAR) {
            *unknown = true;
            return VALUE_ABSENT;
        }
    return value_positional(&call.module->values, value, position);
}

Argument call_arg(Replay *replay, ValueRef call, Word name, uint32_t position)
{
    Argument argument = {0};
    if (!call.id || value_of(call)->kind != VALUE_CALL)
        return (Argument){.unknown = true};
    const Value *value = value_of(call);
    ValueId found = value_keyword(&call.module->values, value, word(replay, name));
    if (!found && position != UINT32_MAX)
        found = positional(call, position, &argument.unknown);
    if (!found) {
        argument.unknown |= (value->flags & VALUE_OPEN) != 0;
        return argument;
    }
    argument.unknown = false;
    argument.written = at(call, found);
    argument.value = follow(replay, argument.written);
    return argument;
}

Argument operation_arg(Replay *replay, Word name)
{
    const Operation *operation = replay->operation;
    const Sym *names = replay->signatures[operation->kind];
    uint32_t position = 0;
    while (names[position] && names[position] != word(replay, name))
        position++;
    return call_arg(replay, operation->call, name, names[position] ? position : UINT32_MAX);
}

static bool add_elements(Replay *replay, ValueRef container, Refs *out, int depth)
{
    ValueRef ref = follow(replay, container);
    if (!ref.id || depth > 16 || out->count > LIMIT_VALUES)
        return false;
    const Value *value = value_of(ref);
    bool join = value->kind == VALUE_JOIN;
    if (!join && value->kind != VALUE_LIST && value->kind != VALUE_TUPLE &&
        value->kind != VALUE_SET && value->kind != VALUE_DICT)
        return false;
    bool whole = !(value->flags & (VALUE_OPEN | VALUE_MAYBE));
    for (uint32_t i = 0; i < value->u.items.count; i++) {
        ValueRef item = at(ref, value_item(&ref.module->values, value, i));
        unsigned flags = value_of(item)->flags;
        if (flags & VALUE_MAYBE)
            whole = false;
        else if (join || flags & VALUE_STAR)
            whole &= add_elements(replay, item, out, depth + 1);
        else
            array_push(out, item);
    }
    return whole;
}

static bool dict_pairs(ValueRef ref, Refs *out)
{
    const Value *dict = value_of(ref);
    bool whole = !(dict->flags & (VALUE_OPEN | VALUE_MAYBE));
    for (uint32_t i = 0; i + 1 < dict->u.items.count; i += 2) {
        ValueRef key = at(ref, value_item(&ref.module->values, dict, i));
        ValueRef item = at(ref, value_item(&ref.module->values, dict, i + 1));
        if ((value_of(key)->flags | value_of(item)->flags) & VALUE_MAYBE) {
            whole = false;
            continue;
        }
        array_push(out, key);
        array_push(out, item);
    }
    return whole;
}

bool elements_of(Replay *replay, ValueRef container, Refs *out)
{
    ValueRef ref = follow(replay, container);
    if (ref.id && value_of(ref)->kind == VALUE_DICT)
        return dict_pairs(ref, out);
    return add_elements(replay, container, out, 0);
}

bool names_of(Replay *replay, ValueRef container, StateNames *out)
{
    Refs refs = {0};
    bool whole = elements_of(replay, container, &refs);
    out->items = arena_array(replay->arena, Sym, refs.count);
    out->count = 0;
    for (uint32_t i = 0; i < refs.count; i++) {
        Sym name = string_of(replay, refs.items[i]);
        if (name)
            out->items[out->count++] = name;
        else
            whole = false;
    }
    array_free(&refs);
    return whole;
}
