#include "facts/evaluate.h"

/*
 * What a function is sure to do once it is called. Its statements are looked through in order;
 * `doubt` is raised below what may not run, and `left` once something may have ended the call.
 */

typedef struct Local {
    uint32_t parameter; /* its index, or PARAMETER_NONE */
    uint32_t times;     /* how often the body binds it */
    TSNode value;       /* of the last binding, when that is a literal */
} Local;

typedef struct Body {
    Evaluator *ev;
    uint32_t function;
    uint32_t first; /* of its drafts */
    int doubt;
    bool left;
    bool deferred; /* a call runs nothing of it, as with a generator; or it cannot be read */
    Map index;     /* Sym → index in names */
    Array(Local) names;
} Body;

static void look(Body *body, TSNode node);

static SyntaxKind kind_at(const Body *body, TSNode node)
{
    return ts_node_is_null(node) ? SYNTAX_OTHER : kind_of(body->ev, node);
}

/* The name when it is the function's own: a parameter, or bound in the body so far. */
static Local *local_of(const Body *body, TSNode node)
{
    if (kind_at(body, node) != SYNTAX_IDENTIFIER)
        return NULL;
    Sym name = intern_find(body->ev->interner, syntax_text(&body->ev->syntax, node));
    uint32_t index = name ? map_get(&body->index, name, UINT32_MAX) : UINT32_MAX;
    return index == UINT32_MAX ? NULL : &body->names.items[index];
}

static uint32_t parameter_of(const Body *body, TSNode node)
{
    const Local *local = local_of(body, node);
    return local ? local->parameter : PARAMETER_NONE;
}

/* ---- names that the function binds ---------------------------------------- */

static bool is_literal(Evaluator *ev, TSNode node)
{
    if (ts_node_is_null(node) || kind_of(ev, node) != SYNTAX_STRING)
        return false;
    uint32_t count = children_push(ev, node);
    bool plain = true;
    for (uint32_t i = 1; i <= count; i++)
        plain &= kind_of(ev, ev->children.items[ev->children.count - i]) != SYNTAX_INTERPOLATION;
    children_pop(ev, count);
    return plain;
}

static Local *add_name(Body *body, Sym name)
{
    uint32_t index = map_get(&body->index, name, UINT32_MAX);
    if (index == UINT32_MAX) {
        index = body->names.count;
        map_set(&body->index, name, index);
        array_push(&body->names, (Local){.parameter = PARAMETER_NONE});
    }
    return &body->names.items[index];
}

static void bind_local(Body *body, TSNode name, TSNode value)
{
    Local *local = add_name(body, sym_of(body->ev, name));
    local->value = is_literal(body->ev, value) ? value : (TSNode){0};
    local->times++;
}

/* Every name in a target. */
static void bind_locals(Body *body, TSNode target)
{
    Evaluator *ev = body->ev;
    SyntaxKind kind = kind_at(body, target);
    body->deferred |= ev->depth >= LIMIT_NESTING;
    if (kind == SYNTAX_IDENTIFIER)
        bind_local(body, target, (TSNode){0});
    if (ts_node_is_null(target) || kind == SYNTAX_IDENTIFIER || kind == SYNTAX_ATTRIBUTE ||
        kind == SYNTAX_SUBSCRIPT || ev->depth >= LIMIT_NESTING)
        return;
    ev->depth++;
    uint32_t count = children_push(ev, target);
    uint32_t base = ev->children.count - count;
    for (uint32_t i = 0; i < count; i++)
        bind_locals(body, ev->children.items[base + i]);
    children_pop(ev, count);
    ev->depth--;
}

static void bind_imports(Body *body, TSNode node)
{
    Evaluator *ev = body->ev;
    TSNode from = field_of(ev, node, FIELD_MODULE_NAME);
    uint32_t count = children_push(ev, node);
    uint32_t base = ev->children.count - count;
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = ev->children.items[base + i];
        if (!ts_node_is_null(from) && ts_node_eq(child, from))
            continue;
        bool aliased = kind_of(ev, child) == SYNTAX_ALIASED_IMPORT;
        bind_locals(body,
                    aliased ? field_of(ev, child, FIELD_ALIAS) : ts_node_named_child(child, 0));
    }
    children_pop(ev, count);
}

/* ---- calls ---------------------------------------------------------------- */

/* The name that `a.b.c` starts with is the file's, not the function's. */
static bool is_outer(const Body *body, TSNode node)
{
    while (kind_at(body, node) == SYNTAX_ATTRIBUTE)
        node = ts_node_named_child(node, 0);
    return kind_at(body, node) == SYNTAX_IDENTIFIER && !local_of(body, node);
}

/* An argument that is a literal, a name bound to one, or something of the file; null otherwise. */
static TSNode settled(const Body *body, TSNode node)
{
    const Local *local = local_of(body, node);
    if (local)
        return local->times == 1 && local->parameter == PARAMETER_NONE ? local->value : (TSNode){0};
    return is_literal(body->ev, node) || is_outer(body, node) ? node : (TSNode){0};
}

/* `get_model("blog", "Post")`, `get_model(app_label="blog", model_name="Post")`. */
static void take_label(const Evaluator *ev, Draft *draft, uint32_t position, Sym keyword,
                       TSNode value)
{
    Str name = sym_str(ev->interner, keyword);
    if (keyword ? str_eq(name, S("app_label")) : position == 0)
        draft->label = value;
    else if (keyword ? str_eq(name, S("model_name")) : position == 1)
        draft->model = value;
}

/* One argument; false when those behind it cannot be told. */
static bool take_argument(const Body *body, Draft *draft, uint32_t position, TSNode node)
{
    Evaluator *ev = body->ev;
    Sym keyword = SYM_NONE;
    if (kind_of(ev, node) == SYNTAX_LIST_SPLAT || ts_node_is_error(node))
        return false;
    if (kind_of(ev, node) == SYNTAX_KEYWORD_ARGUMENT) {
        keyword = sym_of(ev, field_of(ev, node, FIELD_NAME));
        node = field_of(ev, node, FIELD_VALUE);
        position = PARAMETER_NONE;
    }
    if (draft->receiver != PARAMETER_NONE) {
        take_label(ev, draft, position, keyword, node);
        return true;
    }
    uint32_t parameter = parameter_of(body, node);
    if (parameter != PARAMETER_NONE) {
        array_push(&ev->passed, (Passed){parameter, position, keyword});
        draft->passed_count++;
    }
    return true;
}

static void draft_call(const Body *body, TSNode node, TSNode callee, TSNode list)
{
    Evaluator *ev = body->ev;
    Draft draft = {.function = body->function,
                   .receiver = PARAMETER_NONE,
                   .span = span_of(node),
                   .callee = callee,
                   .first_passed = ev->passed.count};
    if (str_ends(syntax_text(&ev->syntax, callee), S(".get_model")))
        draft.receiver = parameter_of(body, ts_node_named_child(callee, 0));
    uint32_t count = children_push(ev, list);
    uint32_t base = ev->children.count - count;
    for (uint32_t i = 0; i < count; i++)
        if (!take_argument(body, &draft, i, ev->children.items[base + i]))
            break;
    children_pop(ev, count);
    if (draft.passed_count || !ts_node_is_null(draft.label))
        array_push(&ev->drafts, draft);
}

static void look_children(Body *body, TSNode node)
{
    Evaluator *ev = body->ev;
    uint32_t count = children_push(ev, node);
    uint32_t base = ev->children.count - count;
    for (uint32_t i = 0; i < count; i++)
        look(body, ev->children.items[base + i]);
    children_pop(ev, count);
}

static void look_call(Body *body, TSNode node)
{
    Evaluator *ev = body->ev;
    TSNode callee = ts_node_named_child(node, 0), list = field_of(ev, node, FIELD_ARGUMENTS);
    SyntaxKind kind = kind_at(body, callee);
    look_children(body, node);
    if (!body->doubt && !body->left && (kind == SYNTAX_IDENTIFIER || kind == SYNTAX_ATTRIBUTE) &&
        kind_at(body, list) == SYNTAX_ARGUMENT_LIST)
        draft_call(body, node, callee, list);
}

/* ---- statements ----------------------------------------------------------- */

/* The first `sure` children run whenever the node does. */
static void look_partly(Body *body, TSNode node, uint32_t sure)
{
    Evaluator *ev = body->ev;
    uint32_t count = children_push(ev, node);
    uint32_t base = ev->children.count - count;
    for (uint32_t i = 0; i < count; i++) {
        body->doubt += i >= sure;
        look(body, ev->children.items[base + i]);
        body->doubt -= i >= sure;
    }
    children_pop(ev, count);
}

/* `if schema_editor.connection.alias != "default": return`: on the database that it is about,
 * what follows runs. */
static bool asks_for_database(const Evaluator *ev, TSNode node)
{
    TSNode condition = field_of(ev, node, FIELD_CONDITION);
    if (ts_node_is_null(condition) || kind_of(ev, condition) != SYNTAX_COMPARISON_OPERATOR)
        return false;
    Str text = syntax_text(&ev->syntax, condition);
    Str left = syntax_text(&ev->syntax, ts_node_named_child(condition, 0));
    return str_ends(left, S(".connection.alias")) &&
           (str_contains(text, S("!=")) || str_contains(text, S("not in")));
}

static void look_if(Body *body, TSNode node)
{
    bool left = body->left, harmless = asks_for_database(body->ev, node);
    look_partly(body, node, 1);
    if (harmless)
        body->left = left;
}

static void look_for(Body *body, TSNode node)
{
    Evaluator *ev = body->ev;
    bind_locals(body, field_of(ev, node, FIELD_LEFT));
    look(body, field_of(ev, node, FIELD_RIGHT));
    body->doubt++;
    look(body, field_of(ev, node, FIELD_BODY));
    TSNode alternative = field_of(ev, node, FIELD_ALTERNATIVE);
    if (!ts_node_is_null(alternative))
        look(body, alternative);
    body->doubt--;
}

static void look_try(Body *body, TSNode node)
{
    Evaluator *ev = body->ev;
    uint32_t count = children_push(ev, node);
    uint32_t base = ev->children.count - count;
    bool caught = false;
    for (uint32_t i = 0; i < count; i++) {
        SyntaxKind kind = kind_of(ev, ev->children.items[base + i]);
        caught |= kind != SYNTAX_BLOCK && kind != SYNTAX_FINALLY_CLAUSE;
    }
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = ev->children.items[base + i];
        bool doubtful = caught && kind_of(ev, child) != SYNTAX_FINALLY_CLAUSE;
        body->doubt += doubtful;
        look(body, child);
        body->doubt -= doubtful;
    }
    children_pop(ev, count);
}

/* A context manager may swallow what happens in it; these do not. */
static bool lets_through(Evaluator *ev, TSNode clause)
{
    uint32_t count = children_push(ev, clause);
    uint32_t base = ev->children.count - count;
    bool all = true;
    for (uint32_t i = 0; i < count && all; i++) {
        Str text = syntax_text(&ev->syntax, ev->children.items[base + i]);
        text = str_sub(text, 0, str_find(text, '('));
        all = str_ends(text, S("atomic")) || str_ends(text, S(".cursor"));
    }
    children_pop(ev, count);
    return all;
}

static void look_with(Body *body, TSNode node)
{
    TSNode clause = ts_node_named_child(node, 0);
    bool sure = !ts_node_is_null(clause) && lets_through(body->ev, clause);
    look_partly(body, node, sure ? 2 : 1);
}

static void look_case(Body *body, TSNode node)
{
    Evaluator *ev = body->ev;
    uint32_t count = children_push(ev, node);
    uint32_t base = ev->children.count - count;
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = ev->children.items[base + i];
        if (kind_of(ev, child) == SYNTAX_CASE_PATTERN)
            bind_locals(body, child);
        else
            look(body, child);
    }
    children_pop(ev, count);
}

/* Nothing in the text can be a call of interest, or bind a name inside an expression: that is so
 * for most of it, and seen much faster than by a look at every node. */
static bool is_dull(const Body *body, Str text)
{
    enum { MOST_NAMES = 4 };
    const Function *function = &body->ev->functions.items[body->function];
    if (str_contains(text, S("get_model")) || str_contains(text, S(":=")) ||
        str_contains(text, S("yield")) || function->parameter_count > MOST_NAMES)
        return false;
    for (uint32_t i = 0; i < function->parameter_count; i++)
        if (str_contains(text, sym_str(body->ev->interner, function->parameters[i])))
            return false;
    return true;
}

static void look_assignment(Body *body, TSNode node)
{
    Evaluator *ev = body->ev;
    TSNode left = field_of(ev, node, FIELD_LEFT), right = field_of(ev, node, FIELD_RIGHT);
    if (!ts_node_is_null(right) && !is_dull(body, syntax_text(&ev->syntax, right)))
        look(body, right);
    if (kind_of(ev, node) == SYNTAX_ASSIGNMENT && kind_at(body, left) == SYNTAX_IDENTIFIER)
        bind_local(body, left, right);
    else
        bind_locals(body, left);
}

static void look_expression(Body *body, TSNode node)
{
    TSNode inner = ts_node_named_child(node, 0);
    SyntaxKind kind = kind_at(body, inner);
    bool binds = kind == SYNTAX_ASSIGNMENT || kind == SYNTAX_AUGMENTED_ASSIGNMENT;
    if (binds || !is_dull(body, syntax_text(&body->ev->syntax, node)))
        look_children(body, node);
}

/* What binds names, or ends the call; anything else is its children. */
static void look_other(Body *body, TSNode node)
{
    Evaluator *ev = body->ev;
    switch (kind_of(ev, node)) {
    case SYNTAX_ASSIGNMENT:
    case SYNTAX_AUGMENTED_ASSIGNMENT:
        look_assignment(body, node);
        break;
    case SYNTAX_EXPRESSION_STATEMENT:
        look_expression(body, node);
        break;
    case SYNTAX_NAMED_EXPRESSION:
        look(body, field_of(ev, node, FIELD_VALUE));
        bind_locals(body, field_of(ev, node, FIELD_NAME));
        break;
    case SYNTAX_IMPORT_STATEMENT:
    case SYNTAX_IMPORT_FROM_STATEMENT:
        bind_imports(body, node);
        break;
    case SYNTAX_GLOBAL_STATEMENT:
    case SYNTAX_NONLOCAL_STATEMENT:
    case SYNTAX_DELETE_STATEMENT:
    case SYNTAX_AS_PATTERN_TARGET:
        bind_locals(body, node);
        break;
    case SYNTAX_DECORATED_DEFINITION:
        look(body, field_of(ev, node, FIELD_DEFINITION));
        break;
    case SYNTAX_FUNCTION_DEFINITION:
    case SYNTAX_CLASS_DEFINITION:
        bind_locals(body, field_of(ev, node, FIELD_NAME));
        break;
    case SYNTAX_YIELD:
        body->deferred = true;
        break;
    default:
        look_children(body, node);
    }
}

static void look_kind(Body *body, TSNode node)
{
    switch (kind_of(body->ev, node)) {
    case SYNTAX_IDENTIFIER:
    case SYNTAX_STRING:
    case SYNTAX_LAMBDA:
    case SYNTAX_LIST_COMPREHENSION:
    case SYNTAX_SET_COMPREHENSION:
    case SYNTAX_DICTIONARY_COMPREHENSION:
    case SYNTAX_GENERATOR_EXPRESSION:
        break; /* little in them is sure to run */
    case SYNTAX_CALL:
        look_call(body, node);
        break;
    case SYNTAX_IF_STATEMENT:
        look_if(body, node);
        break;
    case SYNTAX_WHILE_STATEMENT:
    case SYNTAX_MATCH_STATEMENT:
    case SYNTAX_BOOLEAN_OPERATOR:
        look_partly(body, node, 1);
        break;
    case SYNTAX_ASSERT_STATEMENT:
    case SYNTAX_CONDITIONAL_EXPRESSION:
        look_partly(body, node, 0);
        break;
    case SYNTAX_COMPARISON_OPERATOR:
        look_partly(body, node, 2);
        break;
    case SYNTAX_FOR_STATEMENT:
        look_for(body, node);
        break;
    case SYNTAX_TRY_STATEMENT:
        look_try(body, node);
        break;
    case SYNTAX_WITH_STATEMENT:
        look_with(body, node);
        break;
    case SYNTAX_CASE_CLAUSE:
        look_case(body, node);
        break;
    case SYNTAX_RETURN_STATEMENT:
    case SYNTAX_RAISE_STATEMENT:
        look_children(body, node);
        body->left = true;
        break;
    default:
        look_other(body, node);
    }
}

static void look(Body *body, TSNode node)
{
    if (ts_node_is_null(node) || body->ev->depth >= LIMIT_NESTING) {
        body->deferred = true;
        return;
    }
    body->ev->depth++;
    look_kind(body, node);
    body->ev->depth--;
}

/* ---- once all names of the function are known ------------------------------ */

static bool is_rebound(const Body *body, uint32_t parameter)
{
    const Function *function = &body->ev->functions.items[body->function];
    uint32_t index = map_get(&body->index, function->parameters[parameter], UINT32_MAX);
    return body->names.items[index].times || body->names.items[index].parameter != parameter;
}

static bool keep_lookup(const Body *body, Draft *draft)
{
    bool single = ts_node_is_null(draft->model);
    draft->label = settled(body, draft->label);
    draft->model = settled(body, draft->model);
    return !is_rebound(body, draft->receiver) && !ts_node_is_null(draft->label) &&
           single == ts_node_is_null(draft->model);
}

static bool keep_call(const Body *body, Draft *draft)
{
    Passed *passed = body->ev->passed.items + draft->first_passed;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < draft->passed_count; i++)
        if (!is_rebound(body, passed[i].parameter))
            passed[kept++] = passed[i];
    draft->passed_count = kept;
    return kept && is_outer(body, draft->callee);
}

static void keep_drafts(const Body *body)
{
    Evaluator *ev = body->ev;
    uint32_t kept = body->first;
    for (uint32_t i = body->first; i < ev->drafts.count && !body->deferred; i++) {
        Draft draft = ev->drafts.items[i];
        bool keep =
            draft.receiver == PARAMETER_NONE ? keep_call(body, &draft) : keep_lookup(body, &draft);
        if (keep)
            ev->drafts.items[kept++] = draft;
    }
    ev->drafts.count = kept;
}

static bool has_lookups(Evaluator *ev)
{
    if (!ev->lookups_asked)
        ev->has_lookups = str_contains(ev->syntax.text, S("get_model"));
    ev->lookups_asked = true;
    return ev->has_lookups;
}

void draft_calls(Evaluator *ev, uint32_t index, TSNode node)
{
    if (ts_node_is_null(node) || !has_lookups(ev))
        return;
    const Function *function = &ev->functions.items[index];
    Str text = str_sub(ev->syntax.text, function->span.start, function->span.end);
    Body body = {.ev = ev,
                 .function = index,
                 .first = ev->drafts.count,
                 .deferred = str_starts(text, S("async"))};
    if (is_dull(&body, syntax_text(&ev->syntax, node)))
        return;
    for (uint32_t i = 0; i < function->parameter_count; i++)
        add_name(&body, function->parameters[i])->parameter = i;
    look(&body, node);
    keep_drafts(&body);
    map_free(&body.index);
    array_free(&body.names);
}

/* ---- once the file is through --------------------------------------------- */

static void settle_call(Evaluator *ev, const Draft *draft, Function *function)
{
    ValueId callee = evaluate(ev, draft->callee);
    ValueKind kind = (ValueKind)ev->values.items[callee].kind;
    if (kind != VALUE_FUNCTION && kind != VALUE_NAME)
        return;
    const Passed *passed = ev->passed.items + draft->first_passed;
    function->calls[function->call_count++] =
        (FunctionCall){callee, arena_keep(ev->arena, Passed, passed, draft->passed_count),
                       draft->passed_count, draft->span};
}

static void settle_lookup(Evaluator *ev, const Draft *draft, Function *function)
{
    ValueId label = evaluate(ev, draft->label);
    ValueId model = ts_node_is_null(draft->model) ? VALUE_ABSENT : evaluate(ev, draft->model);
    function->lookups[function->lookup_count++] =
        (Lookup){draft->receiver, label, model, draft->span};
}

void settle_calls(Evaluator *ev)
{
    ev->inlining++; /* a name that nobody binds is not read before the call */
    for (uint32_t i = 0, end; i < ev->drafts.count; i = end) {
        uint32_t index = ev->drafts.items[i].function;
        for (end = i; end < ev->drafts.count && ev->drafts.items[end].function == index;)
            end++;
        Function *function = &ev->functions.items[index];
        function->lookups = arena_array(ev->arena, Lookup, end - i);
        function->calls = arena_array(ev->arena, FunctionCall, end - i);
        for (uint32_t d = i; d < end; d++) {
            const Draft *draft = &ev->drafts.items[d];
            (draft->receiver == PARAMETER_NONE ? settle_call : settle_lookup)(ev, draft, function);
        }
    }
    ev->inlining--;
}
