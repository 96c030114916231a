#include "facts/evaluate.h"

/* Displays and calls: what has elements or arguments. */

enum { INLINE_LIMIT = 4 }; /* functions that call each other */

/* ---- displays ------------------------------------------------------------- */

typedef struct Gathering {
    Array(ValueId) items;
    unsigned flags;
} Gathering;

/* `*rest` inside a display or a call. */
static void gather_star(Evaluator *ev, TSNode node, Gathering *out)
{
    uint32_t count = children_push(ev, node);
    ValueId id = count ? evaluate(ev, ev->children.items[ev->children.count - 1])
                       : make_unknown(ev, REASON_SYNTAX, span_of(node));
    children_pop(ev, count);
    Value value = ev->values.items[id];
    if (is_sequence((ValueKind)value.kind) &&
        out->items.count + value.u.items.count < LIMIT_VALUES) {
        for (uint32_t i = 0; i < value.u.items.count; i++)
            array_push(&out->items, ev->items.items[value.u.items.first + i]);
        out->flags |= value.flags & VALUE_OPEN;
        return;
    }
    array_push(&out->items, copy_value(ev, id, VALUE_STAR));
    if (value.kind != VALUE_NAME && value.kind != VALUE_JOIN)
        out->flags |= VALUE_OPEN; /* a name may still be found by link */
}

ValueId evaluate_sequence(Evaluator *ev, TSNode node, ValueKind kind)
{
    Gathering all = {0};
    uint32_t count = children_push(ev, node);
    uint32_t base = ev->children.count - count;
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = ev->children.items[base + i];
        SyntaxKind child_kind = kind_of(ev, child);
        if (ts_node_is_error(child))
            all.flags |= VALUE_OPEN;
        else if (child_kind == SYNTAX_LIST_SPLAT || child_kind == SYNTAX_LIST_SPLAT_PATTERN)
            gather_star(ev, child, &all);
        else
            array_push(&all.items, evaluate(ev, child));
    }
    children_pop(ev, count);
    ValueId id =
        make_container(ev, kind, all.flags, all.items.items, all.items.count, span_of(node));
    array_free(&all.items);
    return id;
}

/* `**rest` inside a display or a call; `texts`: keys are names of arguments. */
static void gather_pairs(Evaluator *ev, TSNode node, bool texts, Gathering *out)
{
    uint32_t count = children_push(ev, node);
    ValueId id = count ? evaluate(ev, ev->children.items[ev->children.count - 1])
                       : make_unknown(ev, REASON_SYNTAX, span_of(node));
    children_pop(ev, count);
    Value value = ev->values.items[id];
    if (value.kind != VALUE_DICT || value.flags & (VALUE_OPEN | VALUE_MAYBE))
        out->flags |= VALUE_OPEN;
    if (value.kind != VALUE_DICT || out->items.count + value.u.items.count >= LIMIT_VALUES)
        return;
    for (uint32_t i = 0; i + 1 < value.u.items.count; i += 2) {
        const ValueId *pair = &ev->items.items[value.u.items.first + i];
        if (texts && ev->values.items[pair[0]].kind != VALUE_STRING) {
            out->flags |= VALUE_OPEN;
            continue;
        }
        array_push(&out->items, pair[0]);
        array_push(&out->items, pair[1]);
    }
}

ValueId evaluate_dictionary(Evaluator *ev, TSNode node)
{
    Gathering all = {0};
    uint32_t count = children_push(ev, node);
    uint32_t base = ev->children.count - count;
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = ev->children.items[base + i];
        if (kind_of(ev, child) == SYNTAX_DICTIONARY_SPLAT) {
            gather_pairs(ev, child, false, &all);
            continue;
        }
        if (kind_of(ev, child) != SYNTAX_PAIR) {
            all.flags |= VALUE_OPEN;
            continue;
        }
        TSNode key, value;
        if (!two_children(ev, child, &key, &value)) {
            all.flags |= VALUE_OPEN;
            continue;
        }
        array_push(&all.items, evaluate(ev, key));
        array_push(&all.items, evaluate(ev, value));
    }
    children_pop(ev, count);
    ValueId id =
        make_container(ev, VALUE_DICT, all.flags, all.items.items, all.items.count, span_of(node));
    array_free(&all.items);
    return id;
}

/* ---- calls ---------------------------------------------------------------- */

typedef struct Arguments {
    Gathering positional, keywords; /* keywords: name, value, name, value … */
} Arguments;

static void gather_arguments(Evaluator *ev, TSNode node, Arguments *out)
{
    uint32_t count = children_push(ev, node);
    uint32_t base = ev->children.count - count;
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = ev->children.items[base + i];
        switch (kind_of(ev, child)) {
        case SYNTAX_KEYWORD_ARGUMENT: {
            TSNode name, value;
            if (!two_children(ev, child, &name, &value)) {
                out->keywords.flags |= VALUE_OPEN;
                break;
            }
            array_push(&out->keywords.items,
                       make_text(ev, VALUE_STRING, sym_of(ev, name), span_of(name)));
            array_push(&out->keywords.items, evaluate(ev, value));
            break;
        }
        case SYNTAX_LIST_SPLAT:
            gather_star(ev, child, &out->positional);
            break;
        case SYNTAX_DICTIONARY_SPLAT:
            gather_pairs(ev, child, true, &out->keywords);
            break;
        default:
            if (ts_node_is_error(child))
                out->positional.flags |= VALUE_OPEN;
            else
                array_push(&out->positional.items, evaluate(ev, child));
        }
    }
    children_pop(ev, count);
}

static ValueId make_call(Evaluator *ev, ValueId callee, const Arguments *arguments, Span span)
{
    uint32_t keywords = arguments->keywords.items.count / 2;
    uint8_t depth = ev->depths.items[callee], deep[2];
    if (keywords > UINT16_MAX || depth + 1 >= LIMIT_NESTING ||
        !fits(ev, arguments->positional.items.items, arguments->positional.items.count, &deep[0]) ||
        !fits(ev, arguments->keywords.items.items, arguments->keywords.items.count, &deep[1]))
        return make_unknown(ev, REASON_LIMIT, span);
    for (int i = 0; i < 2; i++)
        depth = deep[i] > depth ? deep[i] : depth;
    ValueId id = make_value(ev, VALUE_CALL, span);
    ev->depths.items[id] = (uint8_t)(depth + 1);
    Value *call = &ev->values.items[id];
    call->flags = (uint8_t)((arguments->positional.flags | arguments->keywords.flags) & VALUE_OPEN);
    call->keywords = (uint16_t)keywords;
    call->u.call.first = ev->items.count;
    call->u.call.count = arguments->positional.items.count;
    array_push(&ev->items, callee);
    for (uint32_t i = 0; i < arguments->positional.items.count; i++)
        array_push(&ev->items, arguments->positional.items.items[i]);
    for (uint32_t i = 0; i < arguments->keywords.items.count; i++)
        array_push(&ev->items, arguments->keywords.items.items[i]);
    return id;
}

ValueId make_plain_call(Evaluator *ev, ValueId callee, const ValueId *positional, uint32_t count,
                        Span span)
{
    Arguments arguments = {0};
    for (uint32_t i = 0; i < count; i++)
        array_push(&arguments.positional.items, positional[i]);
    ValueId id = make_call(ev, callee, &arguments, span);
    array_free(&arguments.positional.items);
    return id;
}

/* list(x), tuple(x), set(x), dict(a=x) of something known. */
static ValueId convert(Evaluator *ev, Str builtin, const Arguments *arguments, Span span)
{
    ValueKind kind = str_eq(builtin, S("builtins.list"))    ? VALUE_LIST
                     : str_eq(builtin, S("builtins.tuple")) ? VALUE_TUPLE
                     : str_eq(builtin, S("builtins.set"))   ? VALUE_SET
                                                            : VALUE_UNKNOWN;
    if (str_eq(builtin, S("builtins.dict")) && !arguments->positional.items.count &&
        !arguments->positional.flags)
        return make_container(ev, VALUE_DICT, arguments->keywords.flags,
                              arguments->keywords.items.items, arguments->keywords.items.count,
                              span);
    if (kind == VALUE_UNKNOWN || arguments->keywords.items.count || arguments->keywords.flags ||
        arguments->positional.items.count > 1 || arguments->positional.flags)
        return VALUE_ABSENT;
    if (!arguments->positional.items.count)
        return make_container(ev, kind, 0, NULL, 0, span);
    Value value = ev->values.items[arguments->positional.items.items[0]];
    if (!is_sequence((ValueKind)value.kind))
        return VALUE_ABSENT;
    return make_container(ev, kind, value.flags & VALUE_OPEN, ev->items.items + value.u.items.first,
                          value.u.items.count, span);
}

/* A function of the file that only returns a value, called without arguments. */
static ValueId inline_call(Evaluator *ev, uint32_t function)
{
    TSNode result = ev->results.items[function];
    if (ts_node_is_null(result) || ev->functions.items[function].parameter_count ||
        ev->inlining >= INLINE_LIMIT)
        return VALUE_ABSENT;
    Environment *outer = ev->class_names;
    ev->class_names = NULL;
    ev->inlining++;
    ValueId id = evaluate(ev, result);
    ev->inlining--;
    ev->class_names = outer;
    return id;
}

ValueId evaluate_call(Evaluator *ev, TSNode node)
{
    Arguments arguments = {0};
    TSNode name, list;
    if (!two_children(ev, node, &name, &list))
        return make_unknown(ev, REASON_SYNTAX, span_of(node));
    ValueId callee = evaluate(ev, name);
    if (kind_of(ev, list) == SYNTAX_ARGUMENT_LIST)
        gather_arguments(ev, list, &arguments);
    else
        arguments.positional.flags = VALUE_OPEN; /* f(x for x in y) */
    Value function = ev->values.items[callee];
    ValueId id = VALUE_ABSENT;
    if (function.kind == VALUE_NAME)
        id = convert(ev, sym_str(ev->interner, function.u.text), &arguments, span_of(node));
    if (function.kind == VALUE_FUNCTION && !arguments.positional.items.count &&
        !arguments.keywords.items.count)
        id = inline_call(ev, function.u.index);
    if (!id)
        id = make_call(ev, callee, &arguments, span_of(node));
    array_free(&arguments.positional.items);
    array_free(&arguments.keywords.items);
    return id;
}
