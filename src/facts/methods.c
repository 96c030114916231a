#include "facts/evaluate.h"

/*
 * Methods that change a list in place, as statements. A list that may have
 * lost an element keeps it as VALUE_MAYBE; what is not understood leaves the
 * list open and all of it VALUE_MAYBE.
 */

typedef struct Method {
    Value list;
    ValueId arguments[2];
    uint32_t count;       /* of arguments; 3 when they cannot be told */
    Array(ValueId) items; /* the new elements */
    unsigned flags;
} Method;

static void add_all(Evaluator *ev, Method *method, const Value *more)
{
    if (!is_sequence((ValueKind)more->kind)) {
        method->flags |= VALUE_OPEN;
        return;
    }
    for (uint32_t i = 0; i < more->u.items.count; i++)
        array_push(&method->items, ev->items.items[more->u.items.first + i]);
    method->flags |= more->flags & VALUE_OPEN;
}

static void forget(Evaluator *ev, Method *method)
{
    for (uint32_t i = 0; i < method->items.count; i++)
        method->items.items[i] = copy_maybe(ev, method->items.items[i]);
    method->flags |= VALUE_OPEN;
}

static void insert(Evaluator *ev, Method *method)
{
    Value at = ev->values.items[method->arguments[0]];
    int64_t place = at.kind == VALUE_INT ? at.u.integer : 0, count = method->items.count;
    array_push(&method->items, VALUE_ABSENT);
    if (place < 0)
        place += count;
    place = place < 0 ? 0 : place > count ? count : place;
    for (int64_t i = count; i > place; i--)
        method->items.items[i] = method->items.items[i - 1];
    method->items.items[place] = method->arguments[1];
}

static void drop(Method *method, uint32_t index)
{
    for (uint32_t i = index; i + 1 < method->items.count; i++)
        method->items.items[i] = method->items.items[i + 1];
    method->items.count--;
}

static void take_out(Evaluator *ev, Method *method)
{
    for (uint32_t i = 0; i < method->items.count; i++) {
        Values values = {ev->values.items, ev->values.count, ev->items.items, ev->items.count};
        if (value_equal(&values, method->items.items[i], method->arguments[0])) {
            drop(method, i);
            return;
        }
    }
    forget(ev, method);
}

static void pop(Evaluator *ev, Method *method)
{
    int64_t count = method->items.count, at = count - 1;
    if (method->count) {
        Value index = ev->values.items[method->arguments[0]];
        at = index.kind != VALUE_INT ? -1
             : index.u.integer < 0   ? index.u.integer + count
                                     : index.u.integer;
    }
    if (at < 0 || at >= count || method->flags & VALUE_OPEN)
        forget(ev, method);
    else
        drop(method, (uint32_t)at);
}

/* False when the list stays as it is. */
static bool apply(Evaluator *ev, Method *method, Str name)
{
    if (str_eq(name, S("copy")) || str_eq(name, S("index")) || str_eq(name, S("count")))
        return false;
    if (str_eq(name, S("append")) && method->count == 1)
        array_push(&method->items, method->arguments[0]);
    else if (str_eq(name, S("extend")) && method->count == 1)
        add_all(ev, method, &ev->values.items[method->arguments[0]]);
    else if (str_eq(name, S("insert")) && method->count == 2)
        insert(ev, method);
    else if (str_eq(name, S("remove")) && method->count == 1)
        take_out(ev, method);
    else if (str_eq(name, S("pop")) && method->count < 2)
        pop(ev, method);
    else if (str_eq(name, S("clear")) && !method->count)
        method->items.count = method->flags = 0;
    else if (!str_eq(name, S("sort")) && !str_eq(name, S("reverse")))
        forget(ev, method);
    return true;
}

static void read_arguments(Evaluator *ev, Method *method, TSNode arguments)
{
    uint32_t count = children_push(ev, arguments);
    uint32_t base = ev->children.count - count;
    method->count = count < 3 ? count : 3;
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = ev->children.items[base + i];
        SyntaxKind kind = kind_of(ev, child);
        if (kind == SYNTAX_LIST_SPLAT || kind == SYNTAX_DICTIONARY_SPLAT ||
            kind == SYNTAX_KEYWORD_ARGUMENT || ts_node_is_error(child))
            method->count = 3;
        else if (i < 2)
            method->arguments[i] = evaluate(ev, child);
    }
    children_pop(ev, count);
}

bool run_method(Evaluator *ev, TSNode call)
{
    TSNode function = field_of(ev, call, FIELD_FUNCTION);
    if (kind_of(ev, function) != SYNTAX_ATTRIBUTE)
        return false;
    TSNode object = field_of(ev, function, FIELD_OBJECT);
    SyntaxKind kind = kind_of(ev, object);
    if (kind != SYNTAX_IDENTIFIER && kind != SYNTAX_ATTRIBUTE)
        return false;
    ValueId id = evaluate(ev, object);
    Method method = {.list = ev->values.items[id]};
    TSNode arguments = field_of(ev, call, FIELD_ARGUMENTS);
    Str name = syntax_text(&ev->syntax, field_of(ev, function, FIELD_ATTRIBUTE));
    if (method.list.kind == VALUE_DICT) {
        run_dict_method(ev, call, object, name, method.list);
        return true;
    }
    if ((method.list.kind != VALUE_LIST && method.list.kind != VALUE_SET) ||
        ts_node_is_null(arguments))
        return false;
    if (kind_of(ev, arguments) == SYNTAX_ARGUMENT_LIST)
        read_arguments(ev, &method, arguments);
    else
        method.count = 3;
    add_all(ev, &method, &method.list);
    method.flags = method.list.flags & VALUE_OPEN;
    if (apply(ev, &method, name))
        bind_target(ev, object,
                    make_container(ev, (ValueKind)method.list.kind, method.flags,
                                   method.items.items, method.items.count, method.list.span));
    array_free(&method.items);
    return true;
}
