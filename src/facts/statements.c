#include "facts/evaluate.h"

/* ---- assignment ----------------------------------------------------------- */

static void bind_each(Evaluator *ev, TSNode target, ValueId value)
{
    Value known = ev->values.items[value];
    uint32_t count = children_push(ev, target);
    uint32_t base = ev->children.count - count;
    bool matches = is_sequence((ValueKind)known.kind) && !(known.flags & VALUE_OPEN) &&
                   known.u.items.count == count;
    for (uint32_t i = 0; i < count; i++)
        bind_target(ev, ev->children.items[base + i],
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
    Binding *binding = environment_find(current_names(ev), sym_of(ev, object));
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
    case SYNTAX_SUBSCRIPT:
        bind_item(ev, target, value);
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
    Str operator= syntax_text(&ev->syntax, field_of(ev, node, FIELD_OPERATOR));
    Value sequence = ev->values.items[old], tail = ev->values.items[more];
    /* A list takes any iterable: `list += (1, 2)`. */
    if (str_eq(operator, S("+=")) && sequence.kind == VALUE_LIST && tail.kind == VALUE_TUPLE) {
        more = copy_value(ev, more, 0);
        ev->values.items[more].kind = VALUE_LIST;
    }
    bind_target(ev, left,
                str_eq(operator, S("+=")) ? concatenate(ev, old, more, span_of(node))
                                          : make_unknown(ev, REASON_OPERATOR, span_of(node)));
}

static void run_expression(Evaluator *ev, TSNode node)
{
    uint32_t count = children_push(ev, node);
    uint32_t base = ev->children.count - count;
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = ev->children.items[base + i];
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

/* A way that ends in an exception leads nowhere. */
static bool gives_up(Evaluator *ev, TSNode block)
{
    uint32_t count = ts_node_is_null(block) ? 0 : children_push(ev, block);
    bool raises =
        count && kind_of(ev, ev->children.items[ev->children.count - 1]) == SYNTAX_RAISE_STATEMENT;
    children_pop(ev, count);
    return raises;
}

static void end_way(Evaluator *ev, Branches *branches, TSNode block)
{
    if (gives_up(ev, block))
        branch_drop(ev, branches);
    else
        branch_end(ev, branches);
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
    ValueId id = evaluate(ev, condition);
    return truth_of(&ev->values.items[id]);
}

static TSNode clause_block(Evaluator *ev, TSNode clause)
{
    switch (kind_of(ev, clause)) {
    case SYNTAX_ELSE_CLAUSE:
        return field_of(ev, clause, FIELD_BODY);
    case SYNTAX_ELIF_CLAUSE:
        return field_of(ev, clause, FIELD_CONSEQUENCE);
    default:
        return clause;
    }
}

/* One clause of an if; false when no later one can be reached. */
static bool run_clause(Evaluator *ev, TSNode node, TSNode clause, Branches *branches, bool outer)
{
    SyntaxKind kind = kind_of(ev, clause);
    TSNode condition = field_of(ev, kind == SYNTAX_BLOCK ? node : clause, FIELD_CONDITION);
    int truth = kind == SYNTAX_ELSE_CLAUSE ? 1 : condition_truth(ev, condition);
    /* A condition may bind, too (`if x := …`), for all that follows. */
    if (!truth)
        return true;
    TSNode block = clause_block(ev, clause);
    ev->conditional = outer || truth < 0 || branches->ways;
    run_block(ev, block);
    end_way(ev, branches, block);
    return truth < 0;
}

static void run_if(Evaluator *ev, TSNode node)
{
    Branches branches = branches_start(ev);
    bool outer = ev->conditional, open = true;
    uint32_t count = children_push(ev, node);
    uint32_t base = ev->children.count - count;
    for (uint32_t i = 0; i < count && open; i++) {
        TSNode child = ev->children.items[base + i];
        SyntaxKind kind = kind_of(ev, child);
        if (kind == SYNTAX_BLOCK || kind == SYNTAX_ELIF_CLAUSE || kind == SYNTAX_ELSE_CLAUSE)
            open = run_clause(ev, node, child, &branches, outer);
    }
    children_pop(ev, count);
    ev->conditional = outer;
    if (open)
        branch_end(ev, &branches);
    branches_finish(ev, &branches, span_of(node));
}

static void run_handlers(Evaluator *ev, uint32_t base, uint32_t count, Branches *branches)
{
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = ev->children.items[base + i];
        if (kind_of(ev, child) != SYNTAX_EXCEPT_CLAUSE)
            continue;
        uint32_t inner = children_push(ev, child);
        TSNode block = inner ? ev->children.items[ev->children.count - 1] : child;
        children_pop(ev, inner);
        run_block(ev, child);
        end_way(ev, branches, block);
    }
}

static void run_try(Evaluator *ev, TSNode node)
{
    Branches branches = branches_start(ev);
    bool outer = ev->conditional;
    TSNode finally = {0};
    ev->conditional = true;
    ev->silent++; /* `try: NAME` may be there to find out */
    run_block(ev, field_of(ev, node, FIELD_BODY));
    ev->silent--;
    uint32_t count = children_push(ev, node);
    uint32_t base = ev->children.count - count;
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = ev->children.items[base + i];
        if (kind_of(ev, child) == SYNTAX_ELSE_CLAUSE)
            run_block(ev, field_of(ev, child, FIELD_BODY));
        else if (kind_of(ev, child) == SYNTAX_FINALLY_CLAUSE)
            finally = child;
    }
    branch_end(ev, &branches);
    run_handlers(ev, base, count, &branches);
    children_pop(ev, count);
    branches_finish(ev, &branches, span_of(node));
    ev->conditional = outer;
    if (!ts_node_is_null(finally))
        run_block(ev, finally);
}

static void run_loop(Evaluator *ev, TSNode node)
{
    bool outer = ev->conditional;
    TSNode target = field_of(ev, node, FIELD_LEFT), body = field_of(ev, node, FIELD_BODY);
    evaluate(ev, field_of(ev, node, ts_node_is_null(target) ? FIELD_CONDITION : FIELD_RIGHT));
    Branches branches = branches_start(ev);
    ev->conditional = true;
    bind_target(ev, target, make_unknown(ev, REASON_LOOP, span_of(node)));
    run_block(ev, body);
    branches_loop(ev, &branches, span_of(node));
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
        TSNode child = ev->children.items[base + i];
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
    Branches branches = branches_start(ev);
    bool outer = ev->conditional;
    ev->conditional = true;
    evaluate(ev, field_of(ev, node, FIELD_SUBJECT));
    TSNode body = field_of(ev, node, FIELD_BODY);
    uint32_t count = ts_node_is_null(body) ? 0 : children_push(ev, body);
    uint32_t base = ev->children.count - count;
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = ev->children.items[base + i];
        if (kind_of(ev, child) != SYNTAX_CASE_CLAUSE)
            continue;
        bind_patterns(ev, child);
        run_block(ev, field_of(ev, child, FIELD_CONSEQUENCE));
        end_way(ev, &branches, field_of(ev, child, FIELD_CONSEQUENCE));
    }
    children_pop(ev, count);
    branch_end(ev, &branches);
    branches_finish(ev, &branches, span_of(node));
    ev->conditional = outer;
}

/* Names that `as` binds, anywhere below a with or an except. */
static void bind_aliases(Evaluator *ev, TSNode node)
{
    uint32_t count = children_push(ev, node);
    uint32_t base = ev->children.count - count;
    ev->depth++;
    for (uint32_t i = 0; i < count && ev->depth < LIMIT_NESTING; i++) {
        TSNode child = ev->children.items[base + i];
        SyntaxKind kind = kind_of(ev, child);
        TSNode alias = field_of(ev, node, FIELD_ALIAS);
        if (kind == SYNTAX_AS_PATTERN_TARGET ||
            (!ts_node_is_null(alias) && ts_node_eq(child, alias)))
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
        TSNode child = ev->children.items[base + i];
        if (kind_of(ev, child) == SYNTAX_SUBSCRIPT)
            bind_item(ev, child, VALUE_ABSENT);
        Binding *binding = kind_of(ev, child) == SYNTAX_IDENTIFIER
                               ? environment_find(current_names(ev), sym_of(ev, child))
                               : NULL;
        if (binding)
            set_binding(ev, (uint32_t)(binding - current_names(ev)->bindings.items), VALUE_ABSENT);
    }
    children_pop(ev, count);
}

/* `@staticmethod`, `@transaction.atomic`: what is called stays what is written. */
static bool is_transparent(const Evaluator *ev, ValueId decorator)
{
    const Value *value = &ev->values.items[decorator];
    if (value->kind == VALUE_CALL)
        value = &ev->values.items[ev->items.items[value->u.call.first]];
    Str path = value->kind == VALUE_NAME ? sym_str(ev->interner, value->u.text) : S("");
    return str_eq(path, S("builtins.staticmethod")) ||
           str_eq(path, S("django.db.transaction.atomic"));
}

typedef struct Decorators {
    ValueId *items; /* topmost first */
    uint32_t count;
    bool transparent; /* all of them */
} Decorators;

static Decorators run_decorators(Evaluator *ev, TSNode node)
{
    uint32_t count = children_push(ev, node);
    uint32_t base = ev->children.count - count;
    Decorators found = {arena_array(ev->arena, ValueId, count), 0, true};
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = ev->children.items[base + i];
        if (kind_of(ev, child) != SYNTAX_DECORATOR)
            continue;
        uint32_t inner = children_push(ev, child);
        if (inner) {
            ValueId decorator = evaluate(ev, *array_last(&ev->children));
            found.items[found.count++] = decorator;
            found.transparent &= is_transparent(ev, decorator);
        }
        children_pop(ev, inner);
    }
    children_pop(ev, count);
    return found;
}

static void run_decorated(Evaluator *ev, TSNode node)
{
    Decorators decorators = run_decorators(ev, node);
    uint32_t functions = ev->functions.count;
    TSNode definition = field_of(ev, node, FIELD_DEFINITION);
    if (kind_of(ev, definition) == SYNTAX_CLASS_DEFINITION)
        run_class(ev, definition, span_of(node), decorators.items, decorators.count);
    else if (!ts_node_is_null(definition))
        run_statement(ev, definition);
    if (kind_of(ev, definition) == SYNTAX_FUNCTION_DEFINITION && functions < ev->functions.count)
        ev->functions.items[functions].decorated = !decorators.transparent;
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
        run_class(ev, node, span_of(node), NULL, 0);
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
        run_statement(ev, ev->children.items[base + i]);
    children_pop(ev, count);
}
