#include "facts/evaluate.h"

#include <stdlib.h>

static Environment *current(Evaluator *ev)
{
    return ev->class_names ? ev->class_names : &ev->module_names;
}

/* ---- assignment ----------------------------------------------------------- */

static void bind_each(Evaluator *ev, TSNode target, ValueId value)
{
    Value known = ev->values.items[value];
    uint32_t count = children_push(ev, target);
    uint32_t base = ev->children.count - count;
    bool matches = is_sequence((ValueKind)known.kind) && !(known.flags & VALUE_OPEN) &&
                   known.u.items.count == count;
    for (uint32_t i = 0; i < count; i++)
        bind_target(ev, ev->children.items[base + i].node,
                    matches ? ev->items.items[known.u.items.first + i]
                            : make_unknown(ev, REASON_OPERATOR, span_of(target)));
    children_pop(ev, count);
}

/* `Migration.dependencies = …` behind the class statement. */
static void bind_attribute(Evaluator *ev, TSNode target, ValueId value)
{
    TSNode object = field_of(ev, target, FIELD_OBJECT);
    if (kind_of(ev, object) != SYNTAX_IDENTIFIER)
        return;
    Binding *binding = environment_find(current(ev), sym_of(ev, object));
    if (!binding || !binding->value || ev->values.items[binding->value].kind != VALUE_CLASS)
        return;
    Class *class = &ev->classes.items[ev->values.items[binding->value].u.index];
    Sym name = sym_of(ev, field_of(ev, target, FIELD_ATTRIBUTE));
    for (uint32_t i = 0; i < class->attribute_count; i++)
        if (class->attributes[i].name == name) {
            class->attributes[i].value = value;
            return;
        }
    Binding *grown = arena_array(ev->arena, Binding, class->attribute_count + 1);
    if (class->attribute_count)
        memcpy(grown, class->attributes, class->attribute_count * sizeof *grown);
    grown[class->attribute_count++] = (Binding){name, value, span_of(target), ev->conditional};
    class->attributes = grown;
}

void bind_target(Evaluator *ev, TSNode target, ValueId value)
{
    if (ts_node_is_null(target) || ev->depth >= LIMIT_NESTING)
        return;
    ev->depth++;
    switch (kind_of(ev, target)) {
    case SYNTAX_IDENTIFIER:
        bind(ev, sym_of(ev, target), value, span_of(target));
        break;
    case SYNTAX_PATTERN_LIST:
    case SYNTAX_TUPLE_PATTERN:
    case SYNTAX_LIST_PATTERN:
    case SYNTAX_TUPLE:
    case SYNTAX_LIST:
    case SYNTAX_EXPRESSION_LIST:
        bind_each(ev, target, value);
        break;
    case SYNTAX_ATTRIBUTE:
        bind_attribute(ev, target, value);
        break;
    case SYNTAX_LIST_SPLAT_PATTERN:
    case SYNTAX_LIST_SPLAT:
    case SYNTAX_PARENTHESIZED_EXPRESSION:
    case SYNTAX_AS_PATTERN_TARGET:
        bind_each(ev, target, make_unknown(ev, REASON_OPERATOR, span_of(target)));
        break;
    default:
        break;
    }
    ev->depth--;
}

static ValueId run_assignment(Evaluator *ev, TSNode node)
{
    TSNode right = field_of(ev, node, FIELD_RIGHT);
    TSNode left = field_of(ev, node, FIELD_LEFT);
    if (ts_node_is_null(right)) { /* `x: int`: declared, not bound; nobody misses it */
        if (kind_of(ev, left) == SYNTAX_IDENTIFIER)
            map_set(&ev->bound_ever, sym_of(ev, left), 1);
        return VALUE_ABSENT;
    }
    bool chained = kind_of(ev, right) == SYNTAX_ASSIGNMENT;
    if (ev->depth >= LIMIT_NESTING)
        return make_unknown(ev, REASON_LIMIT, span_of(node));
    ev->depth++;
    ValueId value = chained ? run_assignment(ev, right) : evaluate(ev, right);
    ev->depth--;
    if (!value)
        value = make_unknown(ev, REASON_SYNTAX, span_of(node));
    bind_target(ev, left, value);
    return value;
}

static void run_augmented(Evaluator *ev, TSNode node)
{
    TSNode left = field_of(ev, node, FIELD_LEFT);
    ValueId old = evaluate(ev, left);
    ValueId more = evaluate(ev, field_of(ev, node, FIELD_RIGHT));
    Str operator = syntax_text(&ev->syntax, field_of(ev, node, FIELD_OPERATOR));
    Value sequence = ev->values.items[old], tail = ev->values.items[more];
    /* A list takes any iterable: `list += (1, 2)`. */
    if (str_eq(operator, S("+=")) && sequence.kind == VALUE_LIST && tail.kind == VALUE_TUPLE) {
        tail.kind = VALUE_LIST;
        array_push(&ev->values, tail);
        more = ev->values.count - 1;
    }
    bind_target(ev, left,
                str_eq(operator, S("+=")) ? concatenate(ev, old, more, span_of(node))
                                          : make_unknown(ev, REASON_OPERATOR, span_of(node)));
}

/* ---- list methods --------------------------------------------------------- */

/* The list that `x.append(…)` makes of x; what a method is not known to do
 * leaves the list open. */
static ValueId apply_method(Evaluator *ev, Value list, Str method, TSNode arguments, Span span)
{
    uint32_t count = children_push(ev, arguments);
    uint32_t base = ev->children.count - count;
    ValueId first = count == 1 ? evaluate(ev, ev->children.items[base].node) : VALUE_ABSENT;
    if (count == 2 && str_eq(method, S("insert")))
        first = evaluate(ev, ev->children.items[base + 1].node);
    children_pop(ev, count);
    ValueId one = VALUE_ABSENT;
    if (first && (str_eq(method, S("append")) || str_eq(method, S("insert"))))
        one = make_container(ev, (ValueKind)list.kind, 0, &first, 1, span);
    else if (first && str_eq(method, S("extend")))
        one = first;
    else if (str_eq(method, S("sort")) || str_eq(method, S("copy")) || str_eq(method, S("index")) ||
             str_eq(method, S("count")))
        return VALUE_ABSENT;
    Value extra = one ? ev->values.items[one] : (Value){0};
    bool known = one && is_sequence((ValueKind)extra.kind);
    Array(ValueId) all = {0};
    for (uint32_t i = 0; i < list.u.items.count; i++)
        array_push(&all, ev->items.items[list.u.items.first + i]);
    for (uint32_t i = 0; known && i < extra.u.items.count; i++)
        array_push(&all, ev->items.items[extra.u.items.first + i]);
    unsigned flags = (list.flags | (known ? extra.flags : VALUE_OPEN)) & VALUE_OPEN;
    ValueId id = make_container(ev, (ValueKind)list.kind, flags, all.items, all.count, list.span);
    array_free(&all);
    return id;
}

/* `name.method(…)` or `Migration.dependencies.method(…)` as a statement. */
static bool run_method(Evaluator *ev, TSNode call)
{
    TSNode function = field_of(ev, call, FIELD_FUNCTION);
    if (kind_of(ev, function) != SYNTAX_ATTRIBUTE)
        return false;
    TSNode object = field_of(ev, function, FIELD_OBJECT);
    SyntaxKind kind = kind_of(ev, object);
    if (kind != SYNTAX_IDENTIFIER && kind != SYNTAX_ATTRIBUTE)
        return false;
    ValueId id = evaluate(ev, object);
    Value list = ev->values.items[id];
    TSNode arguments = field_of(ev, call, FIELD_ARGUMENTS);
    if (!is_sequence((ValueKind)list.kind) || kind_of(ev, arguments) != SYNTAX_ARGUMENT_LIST)
        return false;
    Str method = syntax_text(&ev->syntax, field_of(ev, function, FIELD_ATTRIBUTE));
    ValueId changed = apply_method(ev, list, method, arguments, span_of(call));
    if (changed)
        bind_target(ev, object, changed);
    return true;
}

static void run_expression(Evaluator *ev, TSNode node)
{
    uint32_t count = children_push(ev, node);
    uint32_t base = ev->children.count - count;
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = ev->children.items[base + i].node;
        SyntaxKind kind = kind_of(ev, child);
        if (kind == SYNTAX_ASSIGNMENT)
            run_assignment(ev, child);
        else if (kind == SYNTAX_AUGMENTED_ASSIGNMENT)
            run_augmented(ev, child);
        else if (kind != SYNTAX_CALL || !run_method(ev, child))
            evaluate(ev, child);
    }
    children_pop(ev, count);
}

/* ---- branches ------------------------------------------------------------- */

/* What the current scope's names held at some moment. */
typedef struct Snapshot {
    ValueId *values;
    uint32_t count;
} Snapshot;

static Snapshot snapshot(Evaluator *ev)
{
    Environment *environment = current(ev);
    Snapshot taken = {calloc(environment->bindings.count + 1, sizeof(ValueId)),
                      environment->bindings.count};
    if (!taken.values)
        abort();
    for (uint32_t i = 0; i < taken.count; i++)
        taken.values[i] = environment->bindings.items[i].value;
    return taken;
}

static void restore(Evaluator *ev, const Snapshot *taken)
{
    Environment *environment = current(ev);
    for (uint32_t i = 0; i < environment->bindings.count; i++)
        environment->bindings.items[i].value = i < taken->count ? taken->values[i] : VALUE_ABSENT;
}

/* The names hold what they hold now or what they held then. */
static void merge(Evaluator *ev, const Snapshot *other, Span span)
{
    Environment *environment = current(ev);
    for (uint32_t i = 0; i < environment->bindings.count; i++) {
        ValueId then = i < other->count ? other->values[i] : VALUE_ABSENT;
        ValueId now = environment->bindings.items[i].value;
        if (now != then)
            environment->bindings.items[i].value = merge_values(ev, now, then, span);
    }
}

/* Ways through a statement of which exactly one is taken. */
typedef struct Branches {
    Snapshot before, merged;
    bool any;
} Branches;

static void branch_start(Evaluator *ev, Branches *branches)
{
    restore(ev, &branches->before);
}

static void branch_end(Evaluator *ev, Branches *branches, Span span)
{
    if (branches->any) {
        merge(ev, &branches->merged, span);
        free(branches->merged.values);
    }
    branches->merged = snapshot(ev);
    branches->any = true;
}

static void branches_finish(Evaluator *ev, Branches *branches)
{
    restore(ev, &branches->merged);
    free(branches->before.values);
    free(branches->merged.values);
}

static bool is_type_checking(Evaluator *ev, TSNode condition)
{
    Str text = syntax_text(&ev->syntax, condition);
    return str_eq(text, S("TYPE_CHECKING")) || str_ends(text, S(".TYPE_CHECKING"));
}

static int condition_truth(Evaluator *ev, TSNode condition)
{
    if (is_type_checking(ev, condition))
        return 0;
    return truth_of(&ev->values.items[evaluate(ev, condition)]);
}

static void run_if(Evaluator *ev, TSNode node)
{
    Branches branches = {.before = snapshot(ev)};
    bool outer = ev->conditional, open = true;
    uint32_t count = children_push(ev, node);
    uint32_t base = ev->children.count - count;
    for (uint32_t i = 0; i < count && open; i++) {
        TSNode child = ev->children.items[base + i].node;
        SyntaxKind kind = kind_of(ev, child);
        bool first = kind == SYNTAX_BLOCK;
        if (!first && kind != SYNTAX_ELIF_CLAUSE && kind != SYNTAX_ELSE_CLAUSE)
            continue;
        branch_start(ev, &branches);
        int truth = kind == SYNTAX_ELSE_CLAUSE
                        ? 1
                        : condition_truth(ev, field_of(ev, first ? node : child, FIELD_CONDITION));
        if (!truth)
            continue;
        ev->conditional = outer || truth < 0 || branches.any;
        run_block(ev, first             ? child
                      : truth == 1 && kind == SYNTAX_ELSE_CLAUSE ? field_of(ev, child, FIELD_BODY)
                                                               : field_of(ev, child, FIELD_CONSEQUENCE));
        branch_end(ev, &branches, span_of(node));
        open = truth < 0;
    }
    children_pop(ev, count);
    ev->conditional = outer;
    if (open) {
        branch_start(ev, &branches);
        branch_end(ev, &branches, span_of(node));
    }
    branches_finish(ev, &branches);
}

static void run_try(Evaluator *ev, TSNode node)
{
    Branches branches = {.before = snapshot(ev)};
    bool outer = ev->conditional;
    TSNode finally = {0};
    ev->conditional = true;
    run_block(ev, field_of(ev, node, FIELD_BODY));
    uint32_t count = children_push(ev, node);
    uint32_t base = ev->children.count - count;
    for (uint32_t i = 0; i < count; i++)
        if (kind_of(ev, ev->children.items[base + i].node) == SYNTAX_ELSE_CLAUSE)
            run_block(ev, field_of(ev, ev->children.items[base + i].node, FIELD_BODY));
    branch_end(ev, &branches, span_of(node));
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = ev->children.items[base + i].node;
        if (kind_of(ev, child) == SYNTAX_FINALLY_CLAUSE)
            finally = child;
        if (kind_of(ev, child) != SYNTAX_EXCEPT_CLAUSE)
            continue;
        branch_start(ev, &branches);
        run_block(ev, child);
        branch_end(ev, &branches, span_of(node));
    }
    children_pop(ev, count);
    branches_finish(ev, &branches);
    ev->conditional = outer;
    if (!ts_node_is_null(finally))
        run_block(ev, finally);
}

/* A loop may run any number of times: what it changes is unknown afterwards,
 * lists keep what they had and may hold more. */
static void run_loop(Evaluator *ev, TSNode node)
{
    Snapshot before = snapshot(ev);
    bool outer = ev->conditional;
    ev->conditional = true;
    TSNode target = field_of(ev, node, FIELD_LEFT);
    if (!ts_node_is_null(target)) {
        evaluate(ev, field_of(ev, node, FIELD_RIGHT));
        bind_target(ev, target, make_unknown(ev, REASON_LOOP, span_of(target)));
    }
    run_block(ev, field_of(ev, node, FIELD_BODY));
    Environment *environment = current(ev);
    for (uint32_t i = 0; i < environment->bindings.count; i++) {
        ValueId then = i < before.count ? before.values[i] : VALUE_ABSENT;
        ValueId now = environment->bindings.items[i].value;
        if (now == then)
            continue;
        Value old = then ? ev->values.items[then] : (Value){0};
        environment->bindings.items[i].value =
            then && is_sequence((ValueKind)old.kind)
                ? make_container(ev, (ValueKind)old.kind, old.flags | VALUE_OPEN,
                                 ev->items.items + old.u.items.first, old.u.items.count, old.span)
                : make_unknown(ev, REASON_LOOP, span_of(node));
    }
    free(before.values);
    TSNode alternative = field_of(ev, node, FIELD_ALTERNATIVE);
    if (!ts_node_is_null(alternative))
        run_block(ev, field_of(ev, alternative, FIELD_BODY));
    ev->conditional = outer;
}

static void bind_patterns(Evaluator *ev, TSNode node)
{
    if (ev->depth >= LIMIT_NESTING)
        return;
    ev->depth++;
    uint32_t count = children_push(ev, node);
    uint32_t base = ev->children.count - count;
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = ev->children.items[base + i].node;
        SyntaxKind kind = kind_of(ev, child);
        if (kind == SYNTAX_IDENTIFIER)
            bind(ev, sym_of(ev, child), make_unknown(ev, REASON_CONDITION, span_of(child)),
                 span_of(child));
        else if (kind != SYNTAX_BLOCK)
            bind_patterns(ev, child);
    }
    children_pop(ev, count);
    ev->depth--;
}

static void run_match(Evaluator *ev, TSNode node)
{
    Branches branches = {.before = snapshot(ev)};
    bool outer = ev->conditional;
    ev->conditional = true;
    evaluate(ev, field_of(ev, node, FIELD_SUBJECT));
    TSNode body = field_of(ev, node, FIELD_BODY);
    uint32_t count = ts_node_is_null(body) ? 0 : children_push(ev, body);
    uint32_t base = ev->children.count - count;
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = ev->children.items[base + i].node;
        if (kind_of(ev, child) != SYNTAX_CASE_CLAUSE)
            continue;
        branch_start(ev, &branches);
        bind_patterns(ev, child);
        run_block(ev, field_of(ev, child, FIELD_CONSEQUENCE));
        branch_end(ev, &branches, span_of(node));
    }
    children_pop(ev, count);
    branch_start(ev, &branches);
    branch_end(ev, &branches, span_of(node));
    branches_finish(ev, &branches);
    ev->conditional = outer;
}

/* Names that `as` binds, anywhere below a with or an except. */
static void bind_aliases(Evaluator *ev, TSNode node)
{
    uint32_t count = children_push(ev, node);
    uint32_t base = ev->children.count - count;
    ev->depth++;
    for (uint32_t i = 0; i < count && ev->depth < LIMIT_NESTING; i++) {
        TSNode child = ev->children.items[base + i].node;
        SyntaxKind kind = kind_of(ev, child);
        if (kind == SYNTAX_AS_PATTERN_TARGET || ev->children.items[base + i].field == ev->parser->fields[FIELD_ALIAS])
            bind_target(ev, child, make_unknown(ev, REASON_LOOP, span_of(child)));
        if (kind != SYNTAX_BLOCK)
            bind_aliases(ev, child);
    }
    ev->depth--;
    children_pop(ev, count);
}

static void run_delete(Evaluator *ev, TSNode node)
{
    uint32_t count = children_push(ev, node);
    uint32_t base = ev->children.count - count;
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = ev->children.items[base + i].node;
        Binding *binding = kind_of(ev, child) == SYNTAX_IDENTIFIER
                               ? environment_find(current(ev), sym_of(ev, child))
                               : NULL;
        if (binding)
            binding->value = VALUE_ABSENT;
    }
    children_pop(ev, count);
}

static void run_decorated(Evaluator *ev, TSNode node)
{
    uint32_t count = children_push(ev, node);
    uint32_t base = ev->children.count - count;
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = ev->children.items[base + i].node;
        if (kind_of(ev, child) != SYNTAX_DECORATOR)
            continue;
        uint32_t inner = children_push(ev, child);
        if (inner)
            evaluate(ev, ev->children.items[ev->children.count - 1].node);
        children_pop(ev, inner);
    }
    children_pop(ev, count);
    TSNode definition = field_of(ev, node, FIELD_DEFINITION);
    if (kind_of(ev, definition) == SYNTAX_CLASS_DEFINITION)
        run_class(ev, definition, span_of(node));
    else if (!ts_node_is_null(definition))
        run_statement(ev, definition);
}

static void run_kind(Evaluator *ev, TSNode node)
{
    switch (kind_of(ev, node)) {
    case SYNTAX_EXPRESSION_STATEMENT:
        run_expression(ev, node);
        break;
    case SYNTAX_IMPORT_STATEMENT:
    case SYNTAX_IMPORT_FROM_STATEMENT:
    case SYNTAX_FUTURE_IMPORT_STATEMENT:
        run_import(ev, node, ev->class_names ? SCOPE_CLASS : SCOPE_MODULE);
        break;
    case SYNTAX_CLASS_DEFINITION:
        run_class(ev, node, span_of(node));
        break;
    case SYNTAX_FUNCTION_DEFINITION: {
        TSNode name = field_of(ev, node, FIELD_NAME);
        bind(ev, sym_of(ev, name), make_function(ev, node, span_of(node)), span_of(name));
        break;
    }
    case SYNTAX_DECORATED_DEFINITION:
        run_decorated(ev, node);
        break;
    case SYNTAX_IF_STATEMENT:
        run_if(ev, node);
        break;
    case SYNTAX_TRY_STATEMENT:
        run_try(ev, node);
        break;
    case SYNTAX_FOR_STATEMENT:
    case SYNTAX_WHILE_STATEMENT:
        run_loop(ev, node);
        break;
    case SYNTAX_WITH_STATEMENT:
        bind_aliases(ev, node);
        run_block(ev, field_of(ev, node, FIELD_BODY));
        break;
    case SYNTAX_MATCH_STATEMENT:
        run_match(ev, node);
        break;
    case SYNTAX_DELETE_STATEMENT:
        run_delete(ev, node);
        break;
    case SYNTAX_TYPE_ALIAS_STATEMENT:
        bind_patterns(ev, node);
        break;
    case SYNTAX_EXCEPT_CLAUSE:
        bind_aliases(ev, node);
        run_block(ev, node);
        break;
    case SYNTAX_BLOCK:
        run_block(ev, node);
        break;
    default:
        if (ts_node_is_error(node))
            run_broken(ev, node);
    }
}

void run_statement(Evaluator *ev, TSNode node)
{
    if (ev->depth >= LIMIT_NESTING)
        return;
    ev->depth++;
    run_kind(ev, node);
    ev->depth--;
}

void run_block(Evaluator *ev, TSNode node)
{
    if (ts_node_is_null(node))
        return;
    uint32_t count = children_push(ev, node);
    uint32_t base = ev->children.count - count;
    if (kind_of(ev, node) == SYNTAX_EXCEPT_CLAUSE)
        bind_aliases(ev, node);
    for (uint32_t i = 0; i < count; i++)
        run_statement(ev, ev->children.items[base + i].node);
    children_pop(ev, count);
}
