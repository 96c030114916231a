#include "facts/evaluate.h"

static void add_import(Evaluator *ev, Sym module, Sym name, Sym bound, Span span, Scope scope)
{
    array_push(&ev->imports, (Import){module, name, bound, span, scope, ev->conditional});
    if (scope == SCOPE_FUNCTION || !bound)
        return;
    Str head = sym_str(ev->interner, module), tail = sym_str(ev->interner, name);
    const char *dot = !name || (head.len && head.ptr[head.len - 1] == '.') ? "" : ".";
    Str path = arena_printf(ev->arena, "%.*s%s%.*s", STR_ARG(head), dot, STR_ARG(tail));
    bind(ev, bound, make_text(ev, VALUE_NAME, intern(ev->interner, path), span), span);
}

/* One name of an import statement: "a.b", "a.b as c", "x", "x as y". */
static void import_name(Evaluator *ev, TSNode node, Sym module, Scope scope)
{
    bool aliased = kind_of(ev, node) == SYNTAX_ALIASED_IMPORT;
    TSNode name_node = aliased ? field_of(ev, node, FIELD_NAME) : node;
    Sym name = sym_of(ev, name_node);
    Sym alias = aliased ? sym_of(ev, field_of(ev, node, FIELD_ALIAS)) : SYM_NONE;
    if (module) {
        add_import(ev, module, name, aliased ? alias : name, span_of(node), scope);
        return;
    }
    Str path = sym_str(ev->interner, name);
    Sym first = intern(ev->interner, str_sub(path, 0, str_find(path, '.')));
    if (aliased) {
        add_import(ev, name, SYM_NONE, alias, span_of(node), scope);
        return;
    }
    /* `import a.b` binds a, and makes a.b reachable through it. */
    array_push(&ev->imports,
               (Import){name, SYM_NONE, first, span_of(node), scope, ev->conditional});
    if (scope != SCOPE_FUNCTION)
        bind(ev, first, make_text(ev, VALUE_NAME, first, span_of(node)), span_of(node));
}

static void import_star(Evaluator *ev, TSNode node, Sym module, Scope scope)
{
    add_import(ev, module, intern(ev->interner, S("*")), SYM_NONE, span_of(node), scope);
    ev->star_import |= scope != SCOPE_FUNCTION;
}

void run_import(Evaluator *ev, TSNode node, Scope scope)
{
    TSNode from = field_of(ev, node, FIELD_MODULE_NAME);
    Sym module = kind_of(ev, node) == SYNTAX_FUTURE_IMPORT_STATEMENT
                     ? intern(ev->interner, S("__future__"))
                 : ts_node_is_null(from) ? SYM_NONE
                                         : sym_of(ev, from);
    uint32_t count = children_push(ev, node);
    uint32_t base = ev->children.count - count;
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = ev->children.items[base + i];
        if (kind_of(ev, child) == SYNTAX_WILDCARD_IMPORT)
            import_star(ev, child, module, scope);
        else if (ts_node_is_null(from) || !ts_node_eq(child, from))
            import_name(ev, child, module, scope);
    }
    children_pop(ev, count);
}

/* ---- functions ------------------------------------------------------------ */

/* Looks for what matters below a function: imports, and names it makes global. */
void scan_function(Evaluator *ev, TSNode node)
{
    if (ts_node_is_null(node) || ev->depth >= LIMIT_NESTING)
        return;
    ev->depth++;
    uint32_t count = children_push(ev, node);
    uint32_t base = ev->children.count - count;
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = ev->children.items[base + i];
        switch (kind_of(ev, child)) {
        case SYNTAX_IMPORT_STATEMENT:
        case SYNTAX_IMPORT_FROM_STATEMENT:
            run_import(ev, child, SCOPE_FUNCTION);
            break;
        case SYNTAX_GLOBAL_STATEMENT: {
            uint32_t names = children_push(ev, child);
            for (uint32_t n = 0; n < names; n++)
                map_set(&ev->bound_ever,
                        sym_of(ev, ev->children.items[ev->children.count - names + n]), 1);
            children_pop(ev, names);
            break;
        }
        case SYNTAX_BLOCK:
        case SYNTAX_IF_STATEMENT:
        case SYNTAX_ELIF_CLAUSE:
        case SYNTAX_ELSE_CLAUSE:
        case SYNTAX_FOR_STATEMENT:
        case SYNTAX_WHILE_STATEMENT:
        case SYNTAX_TRY_STATEMENT:
        case SYNTAX_EXCEPT_CLAUSE:
        case SYNTAX_FINALLY_CLAUSE:
        case SYNTAX_WITH_STATEMENT:
        case SYNTAX_MATCH_STATEMENT:
        case SYNTAX_CASE_CLAUSE:
        case SYNTAX_FUNCTION_DEFINITION:
        case SYNTAX_CLASS_DEFINITION:
        case SYNTAX_DECORATED_DEFINITION:
            scan_function(ev, child);
            break;
        default:
            break;
        }
    }
    children_pop(ev, count);
    ev->depth--;
}

static Sym parameter_name(Evaluator *ev, TSNode node)
{
    switch (kind_of(ev, node)) {
    case SYNTAX_IDENTIFIER:
        return sym_of(ev, node);
    case SYNTAX_DEFAULT_PARAMETER:
    case SYNTAX_TYPED_DEFAULT_PARAMETER:
        return sym_of(ev, field_of(ev, node, FIELD_NAME));
    default: {
        TSNode first = ts_node_named_child(node, 0);
        return ts_node_is_null(first) ? sym_of(ev, node) : sym_of(ev, first);
    }
    }
}

/* Neither `*args`, `**options` nor a bare `*` or `/`. */
static bool is_plain_parameter(const Evaluator *ev, TSNode node)
{
    if (kind_of(ev, node) == SYNTAX_TYPED_PARAMETER)
        node = ts_node_named_child(node, 0);
    SyntaxKind kind = ts_node_is_null(node) ? SYNTAX_OTHER : kind_of(ev, node);
    return kind == SYNTAX_IDENTIFIER || kind == SYNTAX_DEFAULT_PARAMETER ||
           kind == SYNTAX_TYPED_DEFAULT_PARAMETER;
}

static void read_parameters(Evaluator *ev, TSNode node, Function *function)
{
    if (ts_node_is_null(node))
        return;
    uint32_t count = children_push(ev, node);
    uint32_t base = ev->children.count - count;
    function->parameters = arena_array(ev->arena, Sym, count);
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = ev->children.items[base + i];
        if (function->positional == i && is_plain_parameter(ev, child))
            function->positional++;
        function->parameters[function->parameter_count++] = parameter_name(ev, child);
    }
    children_pop(ev, count);
}

/* The docstring, and the expression when the rest is only `return …`. */
static TSNode read_body(Evaluator *ev, TSNode body, Function *function)
{
    TSNode result = {0};
    uint32_t count = children_push(ev, body);
    uint32_t base = ev->children.count - count;
    uint32_t at = 0;
    TSNode first = count ? ev->children.items[base] : (TSNode){0};
    if (count && kind_of(ev, first) == SYNTAX_EXPRESSION_STATEMENT) {
        TSNode text = ts_node_named_child(first, 0);
        if (!ts_node_is_null(text) && kind_of(ev, text) == SYNTAX_STRING) {
            ValueId id = evaluate_string(ev, text);
            Value value = ev->values.items[id];
            function->docstring = value.kind == VALUE_STRING ? value.u.text : SYM_NONE;
            at = 1;
        }
    }
    if (count == at + 1 && kind_of(ev, ev->children.items[base + at]) == SYNTAX_RETURN_STATEMENT)
        result = ts_node_named_child(ev->children.items[base + at], 0);
    children_pop(ev, count);
    return result;
}

ValueId make_function(Evaluator *ev, TSNode node, Span span)
{
    TSNode name = field_of(ev, node, FIELD_NAME), body = field_of(ev, node, FIELD_BODY);
    bool lambda = kind_of(ev, node) == SYNTAX_LAMBDA;
    Function function = {.name = ts_node_is_null(name) ? SYM_NONE : sym_of(ev, name), .span = span};
    TSNode result = {0};
    read_parameters(ev, field_of(ev, node, FIELD_PARAMETERS), &function);
    if (!ts_node_is_null(body)) {
        function.body = span_of(body);
        result = lambda ? body : read_body(ev, body, &function);
    }
    array_push(&ev->functions, function);
    array_push(&ev->results, result);
    uint32_t index = ev->functions.count - 1;
    if (!lambda)
        scan_function(ev, body);
    draft_calls(ev, index, body);
    ValueId id = make_value(ev, VALUE_FUNCTION, span);
    ev->values.items[id].u.index = index;
    return id;
}

/* ---- classes -------------------------------------------------------------- */

/* "Post.Kind" */
static Sym path_of_class(Evaluator *ev, Sym name)
{
    Str outer = sym_str(ev->interner, ev->class_path), own = sym_str(ev->interner, name);
    if (!outer.len || outer.len + own.len > 512)
        return name;
    return intern(ev->interner, arena_printf(ev->arena, "%.*s.%.*s", STR_ARG(outer), STR_ARG(own)));
}

static void read_class_keyword(Evaluator *ev, TSNode node, Class *class)
{
    TSNode name = ts_node_named_child(node, 0), value = ts_node_named_child(node, 1);
    if (ts_node_named_child_count(node) == 2 &&
        sym_of(ev, name) == intern(ev->interner, S("metaclass")))
        class->metaclass = evaluate(ev, value);
}

static void read_bases(Evaluator *ev, TSNode list, Class *class)
{
    if (ts_node_is_null(list))
        return;
    uint32_t count = children_push(ev, list);
    uint32_t base = ev->children.count - count;
    ValueId *bases = arena_array(ev->arena, ValueId, count);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = ev->children.items[base + i];
        SyntaxKind kind = kind_of(ev, child);
        if (kind == SYNTAX_KEYWORD_ARGUMENT)
            read_class_keyword(ev, child, class);
        else if (kind != SYNTAX_DICTIONARY_SPLAT)
            bases[kept++] = evaluate(ev, child);
    }
    children_pop(ev, count);
    class->bases = bases;
    class->base_count = kept;
}

/* A class whose body was read into `names`; `names` is emptied. */
static void add_class(Evaluator *ev, Class class, Environment *names)
{
    class.attributes = arena_keep(ev->arena, Binding, names->bindings.items, names->bindings.count);
    class.attribute_count = names->bindings.count;
    array_free(&names->bindings);
    map_free(&names->by_name);
    array_push(&ev->classes, class);
    ValueId id = make_value(ev, VALUE_CLASS, class.name_span);
    ev->values.items[id].u.index = ev->classes.count - 1;
    bind(ev, class.name, id, class.name_span);
}

void run_class(Evaluator *ev, TSNode node, Span span, ValueId *decorators, uint32_t decorator_count)
{
    TSNode name = field_of(ev, node, FIELD_NAME);
    Class class = {.name = ts_node_is_null(name) ? SYM_NONE : sym_of(ev, name),
                   .name_span = ts_node_is_null(name) ? span : span_of(name),
                   .span = span,
                   .decorators = decorators,
                   .decorator_count = decorator_count,
                   .conditional = ev->conditional,
                   .inner = ev->class_names != NULL};
    read_bases(ev, field_of(ev, node, FIELD_SUPERCLASSES), &class);
    Environment names = {0}, *outer = ev->class_names;
    Sym outer_path = ev->class_path;
    bool conditional = ev->conditional;
    uint32_t mark = ev->trail.count;
    class.path = ev->class_path = path_of_class(ev, class.name);
    ev->class_names = &names;
    ev->conditional = false;
    run_block(ev, field_of(ev, node, FIELD_BODY));
    ev->trail.count = mark; /* changes of names that are gone */
    ev->class_names = outer;
    ev->class_path = outer_path;
    ev->conditional = conditional;
    add_class(ev, class, &names);
}

/* ---- recovery ------------------------------------------------------------- */

/* What was read inside a damaged class may not be all of it. */
static void open_sequences(Evaluator *ev, Environment *names)
{
    for (uint32_t i = 0; i < names->bindings.count; i++) {
        Binding *binding = &names->bindings.items[i];
        if (!binding->value || !is_sequence((ValueKind)ev->values.items[binding->value].kind))
            continue;
        binding->value = copy_value(ev, binding->value, VALUE_OPEN);
    }
}

/*
 * Inside an ERROR node statements stand loose: run those that are whole, and
 * take what follows `class X …` for that class's body.
 */
void run_broken(Evaluator *ev, TSNode node)
{
    Environment names = {0}, *outer = ev->class_names;
    Class class = {0};
    uint32_t count = ts_node_child_count(node);
    uint32_t most = count < LIMIT_VALUES ? count : LIMIT_VALUES;
    TSTreeCursor cursor = ts_tree_cursor_new(node);
    bool more = ts_tree_cursor_goto_first_child(&cursor);
    bool keyword = false;
    uint32_t mark = ev->trail.count;
    for (uint32_t i = 0; more && i < most; i++, more = ts_tree_cursor_goto_next_sibling(&cursor)) {
        TSNode child = ts_tree_cursor_current_node(&cursor);
        SyntaxKind kind = kind_of(ev, child);
        if (keyword && kind == SYNTAX_IDENTIFIER && !class.name) {
            class = (Class){.name = sym_of(ev, child),
                            .path = path_of_class(ev, sym_of(ev, child)),
                            .name_span = span_of(child),
                            .span = span_of(node),
                            .conditional = ev->conditional,
                            .inner = outer != NULL};
            ev->class_names = &names;
        } else if (class.name && kind == SYNTAX_ARGUMENT_LIST && !class.base_count) {
            read_bases(ev, child, &class);
        } else if (kind == SYNTAX_ASSIGNMENT) {
            TSNode left = field_of(ev, child, FIELD_LEFT);
            bind_target(ev, left, evaluate(ev, field_of(ev, child, FIELD_RIGHT)));
        } else if (ts_node_is_named(child)) {
            run_statement(ev, child);
        }
        keyword = !ts_node_is_named(child) && str_eq(str(ts_node_type(child)), S("class"));
    }
    ts_tree_cursor_delete(&cursor);
    if (class.name)
        ev->trail.count = mark;
    ev->class_names = outer;
    open_sequences(ev, class.name ? &names : outer ? outer : &ev->module_names);
    if (class.name)
        add_class(ev, class, &names);
}
