#include "facts/evaluate.h"

#include <stdlib.h>

TSNode field_of(const Evaluator *ev, TSNode node, FieldName field)
{
    return ts_node_child_by_field_id(node, ev->parser->fields[field]);
}

uint32_t children_push(Evaluator *ev, TSNode node)
{
    uint32_t count = 0;
    ts_tree_cursor_reset(&ev->cursor, node);
    if (!ts_tree_cursor_goto_first_child(&ev->cursor))
        return 0;
    do {
        TSNode child = ts_tree_cursor_current_node(&ev->cursor);
        if (!ts_node_is_named(child) || kind_of(ev, child) == SYNTAX_COMMENT)
            continue;
        array_push(&ev->children, child);
        count++;
    } while (ts_tree_cursor_goto_next_sibling(&ev->cursor));
    return count;
}

void children_pop(Evaluator *ev, uint32_t count)
{
    ev->children.count -= count;
}

/* ---- numbers and names -------------------------------------------------- */

static ValueId evaluate_integer(Evaluator *ev, TSNode node)
{
    char digits[80];
    size_t len = 0;
    Str text = syntax_text(&ev->syntax, node);
    for (size_t i = 0; i < text.len && len + 1 < sizeof digits; i++)
        if (text.ptr[i] != '_' && text.ptr[i] != 'L' && text.ptr[i] != 'l')
            digits[len++] = text.ptr[i];
    digits[len] = '\0';
    bool prefixed = len > 1 && digits[0] == '0' && digits[1] > '9';
    char letter = prefixed ? (char)(digits[1] | 0x20) : 0;
    int base = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 10;
    char *end;
    unsigned long long number = strtoull(digits + (prefixed ? 2 : 0), &end, base);
    if (*end || number > INT64_MAX || text.len >= sizeof digits)
        return make_text(ev, VALUE_FLOAT, sym_of(ev, node), span_of(node));
    ValueId id = make_value(ev, VALUE_INT, span_of(node));
    ev->values.items[id].u.integer = (int64_t)number;
    return id;
}

static ValueId evaluate_name(Evaluator *ev, TSNode node)
{
    Sym name = sym_of(ev, node);
    Binding *binding = ev->class_names ? environment_find(ev->class_names, name) : NULL;
    if (!binding)
        binding = environment_find(&ev->module_names, name);
    if (binding && binding->value)
        return binding->value;
    Str text = sym_str(ev->interner, name);
    if (is_builtin_name(text)) {
        Str path = arena_join(ev->arena, S("builtins"), '.', text);
        return make_text(ev, VALUE_NAME, intern(ev->interner, path), span_of(node));
    }
    if (!ev->silent && !ev->inlining)
        array_push(&ev->unbound, (UnboundName){name, span_of(node)});
    ValueId id = make_text(ev, VALUE_NAME, name, span_of(node));
    ev->values.items[id].flags = VALUE_FREE;
    return id;
}

bool two_children(Evaluator *ev, TSNode node, TSNode *first, TSNode *second)
{
    uint32_t count = children_push(ev, node);
    if (count == 2) {
        *first = ev->children.items[ev->children.count - 2];
        *second = ev->children.items[ev->children.count - 1];
    }
    children_pop(ev, count);
    return count == 2;
}

static ValueId class_member(Evaluator *ev, uint32_t index, Sym name)
{
    const Class *class = &ev->classes.items[index];
    for (uint32_t i = 0; i < class->attribute_count; i++)
        if (class->attributes[i].name == name)
            return class->attributes[i].value;
    return VALUE_ABSENT;
}

/* Whether the class is called after an enumeration's base: its members are more than the values
 * that they are assigned, so they stay symbolic. */
static bool is_enumeration(Evaluator *ev, const Class *class)
{
    for (uint32_t i = 0; i < class->base_count; i++) {
        const Value *base = &ev->values.items[class->bases[i]];
        Str name = base->kind == VALUE_NAME ? sym_str(ev->interner, base->u.text)
                   : base->kind == VALUE_CLASS
                       ? sym_str(ev->interner, ev->classes.items[base->u.index].name)
                       : (Str){0};
        if (str_ends(name, S("Choices")) || str_ends(name, S("Enum")) || str_ends(name, S("Flag")))
            return true;
    }
    return false;
}

static ValueId evaluate_attribute(Evaluator *ev, TSNode node)
{
    TSNode object, attribute;
    if (!two_children(ev, node, &object, &attribute))
        return make_unknown(ev, REASON_SYNTAX, span_of(node));
    ValueId id = evaluate(ev, object);
    Value value = ev->values.items[id];
    if (value.kind == VALUE_CLASS) {
        const Class *class = &ev->classes.items[value.u.index];
        ValueId member = class_member(ev, value.u.index, sym_of(ev, attribute));
        if (member && !is_enumeration(ev, class))
            return member;
        /* Inherited, or made by a metaclass: link sees more. */
        value.u.text = class->path;
        value.flags |= VALUE_FREE;
    } else if (value.kind != VALUE_NAME) {
        return make_unknown(ev, REASON_ATTRIBUTE, span_of(node));
    }
    Str head = sym_str(ev->interner, value.u.text), tail = syntax_text(&ev->syntax, attribute);
    if (head.len + tail.len > 512)
        return make_unknown(ev, REASON_LIMIT, span_of(node));
    char path[520];
    memcpy(path, head.ptr, head.len);
    /* "from . import x" is ".x": no second dot behind leading ones. */
    size_t dot = head.len && head.ptr[head.len - 1] != '.';
    path[head.len] = '.';
    memcpy(path + head.len + dot, tail.ptr, tail.len);
    Sym sym = intern(ev->interner, (Str){path, head.len + dot + tail.len});
    ValueId made = make_text(ev, VALUE_NAME, sym, span_of(node));
    ev->values.items[made].flags = value.flags & (VALUE_FREE | VALUE_MAYBE);
    return made;
}

/* ---- operators ------------------------------------------------------------ */

static ValueId arithmetic(Evaluator *ev, ValueId a, ValueId b, char operator, Span span)
{
    Value x = ev->values.items[a], y = ev->values.items[b];
    int64_t result = 0;
    bool bad = x.kind != VALUE_INT || y.kind != VALUE_INT;
    if (!bad && operator== '*')
        bad = __builtin_mul_overflow(x.u.integer, y.u.integer, &result);
    else if (!bad && operator== '-')
        bad = __builtin_sub_overflow(x.u.integer, y.u.integer, &result);
    else
        bad = true;
    if (bad)
        return make_unknown(ev, REASON_OPERATOR, span);
    ValueId id = make_value(ev, VALUE_INT, span);
    ev->values.items[id].u.integer = result;
    return id;
}

/* What cannot be computed here is a call of the function in Python's `operator` module, which link
 * and later rooms may know more about: `Q(a=1) | Q(b=2)`. */
static ValueId operation(Evaluator *ev, const char *name, const ValueId *operands, uint32_t count,
                         Span span)
{
    for (uint32_t i = 0; i < count; i++)
        if (ev->values.items[operands[i]].kind == VALUE_UNKNOWN)
            return make_unknown(ev, REASON_OPERATOR, span);
    char path[32] = "operator.";
    strcat(path, name);
    ValueId callee = make_text(ev, VALUE_NAME, intern(ev->interner, str(path)), span);
    return make_plain_call(ev, callee, operands, count, span);
}

static const char *binary_function(Str operator)
{
    static const char *const functions[][2] = {
        {"|", "or_"},       {"&", "and_"}, {"^", "xor"},     {"+", "add"},
        {"-", "sub"},       {"*", "mul"},  {"/", "truediv"}, {"%", "mod"},
        {"//", "floordiv"}, {"**", "pow"}, {"<<", "lshift"}, {">>", "rshift"},
    };
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (str_eq(operator, str(functions[i][0])))
            return functions[i][1];
    return NULL;
}

static ValueId evaluate_binary(Evaluator *ev, TSNode node)
{
    ValueId left = evaluate(ev, field_of(ev, node, FIELD_LEFT));
    ValueId right = evaluate(ev, field_of(ev, node, FIELD_RIGHT));
    Str operator= syntax_text(&ev->syntax, field_of(ev, node, FIELD_OPERATOR));
    ValueId id = str_eq(operator, S("+"))
                     ? concatenate(ev, left, right, span_of(node))
                     : arithmetic(ev, left, right, operator.len == 1 ? operator.ptr[0] : '?',
                                  span_of(node));
    const char *function = binary_function(operator);
    Value value = ev->values.items[id];
    return function && value.kind == VALUE_UNKNOWN && value.u.reason == REASON_OPERATOR
               ? operation(ev, function, (ValueId[]){left, right}, 2, span_of(node))
               : id;
}

static ValueId evaluate_unary(Evaluator *ev, TSNode node)
{
    ValueId id = evaluate(ev, field_of(ev, node, FIELD_ARGUMENT));
    Value value = ev->values.items[id];
    Str operator= syntax_text(&ev->syntax, field_of(ev, node, FIELD_OPERATOR));
    if (str_eq(operator, S("-")) && value.kind == VALUE_INT) {
        ValueId negative = make_value(ev, VALUE_INT, span_of(node));
        ev->values.items[negative].u.integer = -value.u.integer;
        return negative;
    }
    if (str_eq(operator, S("-")) && value.kind == VALUE_FLOAT)
        return make_text(ev, VALUE_FLOAT, sym_of(ev, node), span_of(node));
    if (str_eq(operator, S("+")) && (value.kind == VALUE_INT || value.kind == VALUE_FLOAT))
        return id;
    const char *function = str_eq(operator, S("~"))   ? "invert"
                           : str_eq(operator, S("-")) ? "neg"
                                                      : NULL;
    return function ? operation(ev, function, &id, 1, span_of(node))
                    : make_unknown(ev, REASON_OPERATOR, span_of(node));
}

int truth_of(const Value *value)
{
    switch ((ValueKind)value->kind) {
    case VALUE_NONE:
        return 0;
    case VALUE_BOOL:
        return value->u.boolean;
    case VALUE_INT:
        return value->u.integer != 0;
    case VALUE_STRING:
    case VALUE_BYTES:
        return value->u.text != SYM_NONE;
    default:
        return -1;
    }
}

static ValueId evaluate_conditional(Evaluator *ev, TSNode node)
{
    uint32_t count = children_push(ev, node);
    ValueId parts[3] = {0};
    for (uint32_t i = 0; i < 3 && count == 3; i++)
        parts[i] = evaluate(ev, ev->children.items[ev->children.count - count + i]);
    children_pop(ev, count);
    if (count != 3)
        return make_unknown(ev, REASON_SYNTAX, span_of(node));
    int truth = truth_of(&ev->values.items[parts[1]]);
    if (truth >= 0)
        return truth ? parts[0] : parts[2];
    return merge_values(ev, parts[0], parts[2], span_of(node));
}

static ValueId evaluate_boolean(Evaluator *ev, TSNode node)
{
    ValueId left = evaluate(ev, field_of(ev, node, FIELD_LEFT));
    ValueId right = evaluate(ev, field_of(ev, node, FIELD_RIGHT));
    int truth = truth_of(&ev->values.items[left]);
    bool or = str_eq(syntax_text(&ev->syntax, field_of(ev, node, FIELD_OPERATOR)), S("or"));
    if (truth >= 0)
        return truth == (or ? 1 : 0) ? left : right;
    return make_unknown(ev, REASON_OPERATOR, span_of(node));
}

static ValueId evaluate_not(Evaluator *ev, TSNode node)
{
    ValueId argument = evaluate(ev, field_of(ev, node, FIELD_ARGUMENT));
    int truth = truth_of(&ev->values.items[argument]);
    if (truth < 0)
        return make_unknown(ev, REASON_OPERATOR, span_of(node));
    ValueId id = make_value(ev, VALUE_BOOL, span_of(node));
    ev->values.items[id].u.boolean = !truth;
    return id;
}

static ValueId evaluate_subscript(Evaluator *ev, TSNode node)
{
    ValueId object = evaluate(ev, field_of(ev, node, FIELD_VALUE));
    TSNode at = field_of(ev, node, FIELD_SUBSCRIPT);
    ValueId index = ts_node_is_null(at) ? VALUE_ABSENT : evaluate(ev, at);
    Value value = ev->values.items[object];
    if (index && (value.kind == VALUE_NAME || value.kind == VALUE_CLASS) &&
        ev->values.items[index].kind == VALUE_STRING)
        return operation(ev, "getitem", (ValueId[]){object, index}, 2, span_of(node));
    if (!index || !is_sequence((ValueKind)value.kind) || value.flags & VALUE_OPEN ||
        ev->values.items[index].kind != VALUE_INT)
        return make_unknown(ev, REASON_ATTRIBUTE, span_of(node));
    int64_t i = ev->values.items[index].u.integer;
    if (i < 0)
        i += value.u.items.count;
    if (i < 0 || i >= value.u.items.count)
        return make_unknown(ev, REASON_ATTRIBUTE, span_of(node));
    return ev->items.items[value.u.items.first + i];
}

static ValueId evaluate_inner(Evaluator *ev, TSNode node)
{
    uint32_t count = children_push(ev, node);
    ValueId id = count ? evaluate(ev, ev->children.items[ev->children.count - count])
                       : make_unknown(ev, REASON_SYNTAX, span_of(node));
    children_pop(ev, count);
    return id;
}

static ValueId evaluate_strings(Evaluator *ev, TSNode node)
{
    uint32_t count = children_push(ev, node);
    uint32_t base = ev->children.count - count;
    ValueId all = VALUE_ABSENT;
    for (uint32_t i = 0; i < count; i++) {
        ValueId next = evaluate(ev, ev->children.items[base + i]);
        all = all ? concatenate(ev, all, next, span_of(node)) : next;
    }
    children_pop(ev, count);
    return all ? all : make_unknown(ev, REASON_SYNTAX, span_of(node));
}

static ValueId evaluate_walrus(Evaluator *ev, TSNode node)
{
    ValueId value = evaluate(ev, field_of(ev, node, FIELD_VALUE));
    if (!ev->inlining) /* else it is a name of the function */
        bind_target(ev, field_of(ev, node, FIELD_NAME), value);
    return value;
}

static ValueId make_bool(Evaluator *ev, bool boolean, Span span)
{
    ValueId id = make_value(ev, VALUE_BOOL, span);
    ev->values.items[id].u.boolean = boolean;
    return id;
}

static ValueId evaluate_kind(Evaluator *ev, TSNode node)
{
    Span span = span_of(node);
    switch (kind_of(ev, node)) {
    case SYNTAX_IDENTIFIER:
        return evaluate_name(ev, node);
    case SYNTAX_STRING:
        return evaluate_string(ev, node);
    case SYNTAX_CONCATENATED_STRING:
        return evaluate_strings(ev, node);
    case SYNTAX_INTEGER:
        return evaluate_integer(ev, node);
    case SYNTAX_FLOAT:
        return make_text(ev, VALUE_FLOAT, sym_of(ev, node), span);
    case SYNTAX_TRUE:
    case SYNTAX_FALSE:
        return make_bool(ev, kind_of(ev, node) == SYNTAX_TRUE, span);
    case SYNTAX_NONE:
        return make_value(ev, VALUE_NONE, span);
    case SYNTAX_LIST:
        return evaluate_sequence(ev, node, VALUE_LIST);
    case SYNTAX_TUPLE:
    case SYNTAX_EXPRESSION_LIST:
        return evaluate_sequence(ev, node, VALUE_TUPLE);
    case SYNTAX_SET:
        return evaluate_sequence(ev, node, VALUE_SET);
    case SYNTAX_DICTIONARY:
        return evaluate_dictionary(ev, node);
    case SYNTAX_PARENTHESIZED_EXPRESSION:
        return evaluate_inner(ev, node);
    case SYNTAX_CALL:
        return evaluate_call(ev, node);
    case SYNTAX_ATTRIBUTE:
        return evaluate_attribute(ev, node);
    case SYNTAX_SUBSCRIPT:
        return evaluate_subscript(ev, node);
    case SYNTAX_BINARY_OPERATOR:
        return evaluate_binary(ev, node);
    case SYNTAX_UNARY_OPERATOR:
        return evaluate_unary(ev, node);
    case SYNTAX_NOT_OPERATOR:
        return evaluate_not(ev, node);
    case SYNTAX_BOOLEAN_OPERATOR:
        return evaluate_boolean(ev, node);
    case SYNTAX_CONDITIONAL_EXPRESSION:
        return evaluate_conditional(ev, node);
    case SYNTAX_NAMED_EXPRESSION:
        return evaluate_walrus(ev, node);
    case SYNTAX_LAMBDA:
        return make_function(ev, node, span);
    case SYNTAX_LIST_COMPREHENSION:
    case SYNTAX_SET_COMPREHENSION:
    case SYNTAX_DICTIONARY_COMPREHENSION:
    case SYNTAX_GENERATOR_EXPRESSION:
        return make_unknown(ev, REASON_COMPREHENSION, span);
    default:
        return make_unknown(ev, ts_node_is_error(node) ? REASON_SYNTAX : REASON_OPERATOR, span);
    }
}

ValueId evaluate(Evaluator *ev, TSNode node)
{
    if (ts_node_is_null(node))
        return make_unknown(ev, REASON_SYNTAX, (Span){0, 0});
    if (ev->depth >= LIMIT_NESTING || ev->values.count >= LIMIT_VALUES)
        return make_unknown(ev, REASON_LIMIT, span_of(node));
    ev->depth++;
    ValueId id = evaluate_kind(ev, node);
    ev->depth--;
    return id;
}
