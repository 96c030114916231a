#include "state/lookup.h"

/*
 * RunPython: the models that its code is sure to look up. Django gives code and reverse code the
 * same state, the one before the operation. `apps` is followed from the code into the functions
 * that it is handed on to, in any file.
 */

enum {
    MOST_FOLLOWED = 64,   /* functions that one code calls, and that these call */
    MOST_PARTIALS = 4,    /* functools.partial of a partial */
    MOST_PARAMETERS = 64, /* of a function, searched for a keyword */
};

/* A function whose parameter is given `apps`. */
typedef struct Code {
    const Module *module;
    uint32_t function, parameter;
} Code;

typedef struct Following {
    Replay *replay;
    bool reverse;
    Code queue[MOST_FOLLOWED];
    uint32_t count;
} Following;

static const Value *value_of(ValueRef ref)
{
    return value_at(&ref.module->values, ref.id);
}

static bool is_known(ValueRef ref, ValueKind kind)
{
    return ref.id && value_of(ref)->kind == kind && !(value_of(ref)->flags & VALUE_MAYBE);
}

/* ---- which functions are called ------------------------------------------- */

static bool is_partial(Replay *replay, ValueRef call)
{
    return is_known(call, VALUE_CALL) && !(value_of(call)->flags & VALUE_OPEN) &&
           value_of(call)->u.call.count &&
           str_eq(text_of(replay, call_class(replay, call)), S("functools.partial"));
}

/* The function that a value is; `*before` arguments are put before those it is called with. */
static const Function *function_of(Replay *replay, ValueRef *ref, uint32_t *before)
{
    *before = 0;
    for (int depth = 0; depth < MOST_PARTIALS; depth++) {
        if (!ref->id || value_of(*ref)->flags & (VALUE_MAYBE | VALUE_STAR))
            return NULL;
        *ref = follow(replay, *ref);
        if (is_known(*ref, VALUE_FUNCTION))
            return &ref->module->functions[value_of(*ref)->u.index];
        if (!is_partial(replay, *ref))
            return NULL;
        const Value *call = value_of(*ref);
        for (uint32_t i = 1; i < call->u.call.count; i++)
            if (value_at(&ref->module->values, value_positional(&ref->module->values, call, i))
                    ->flags &
                VALUE_STAR)
                return NULL;
        *before += call->u.call.count - 1;
        ref->id = value_positional(&ref->module->values, call, 0);
    }
    return NULL;
}

static uint32_t parameter_called(const Function *function, Sym keyword)
{
    for (uint32_t i = 0; i < function->parameter_count && i < MOST_PARAMETERS; i++)
        if (function->parameters[i] == keyword)
            return i;
    return PARAMETER_NONE;
}

static void enqueue(Following *following, Code code)
{
    for (uint32_t i = 0; i < following->count; i++) {
        const Code *other = &following->queue[i];
        if (other->module == code.module && other->function == code.function &&
            other->parameter == code.parameter)
            return;
    }
    if (following->count < MOST_FOLLOWED)
        following->queue[following->count++] = code;
}

/* `apps` is given to the function in that position, or by that keyword. */
static void follow_into(Following *following, ValueRef callee, uint32_t position, Sym keyword)
{
    uint32_t before;
    const Function *function = function_of(following->replay, &callee, &before);
    if (!function || function->decorated)
        return;
    uint32_t parameter = PARAMETER_NONE;
    if (keyword)
        parameter = parameter_called(function, keyword);
    else if (position + before < function->positional)
        parameter = position + before;
    if (parameter != PARAMETER_NONE)
        enqueue(following, (Code){callee.module, value_of(callee)->u.index, parameter});
}

static void follow_call(Following *following, const Code *code, const FunctionCall *call)
{
    for (uint32_t i = 0; i < call->passed_count; i++)
        if (call->passed[i].parameter == code->parameter)
            follow_into(following, (ValueRef){code->module, call->callee}, call->passed[i].position,
                        call->passed[i].keyword);
}

/* ---- what they look up ---------------------------------------------------- */

static StateTarget target_of(Replay *replay, const Code *code, const Lookup *lookup)
{
    ValueRef label = {code->module, lookup->label}, model = {code->module, lookup->model};
    if (!model.id)
        return read_target(replay, label, SYM_NONE, SYM_NONE);
    Sym name = string_of(replay, model);
    return (StateTarget){
        .app = string_of(replay, label), .model = lower(replay, name), .text = name, .given = true};
}

/* What str.lower() makes of it is known, and it is one name. */
static bool is_plain_name(Str name)
{
    for (size_t i = 0; i < name.len; i++)
        if ((unsigned char)name.ptr[i] >= 0x80 || name.ptr[i] == '.')
            return false;
    return name.len > 0;
}

static void visit(Following *following, const Code code)
{
    Replay *replay = following->replay;
    const Function *function = &code.module->functions[code.function];
    for (uint32_t i = 0; i < function->lookup_count && replay->lookups_left; i++) {
        const Lookup *lookup = &function->lookups[i];
        if (lookup->parameter != code.parameter)
            continue;
        replay->lookups_left--;
        StateTarget target = target_of(replay, &code, lookup);
        if (target.app && is_plain_name(text_of(replay, target.model)))
            use_lookup(replay, &target, (Place){code.module->path, lookup->span},
                       following->reverse);
    }
    for (uint32_t i = 0; i < function->call_count && replay->lookups_left; i++) {
        replay->lookups_left--;
        follow_call(following, &code, &function->calls[i]);
    }
}

static void follow_code(Replay *replay, Word name)
{
    Following following = {.replay = replay, .reverse = name == WORD_REVERSE_CODE};
    Argument code = operation_arg(replay, name);
    if (!code.written.id)
        return;
    follow_into(&following, code.written, 0, SYM_NONE);
    for (uint32_t i = 0; i < following.count; i++)
        visit(&following, following.queue[i]);
}

/* ---- the operation -------------------------------------------------------- */

/* Beside it in database_operations something may have changed the state that it is given: that
 * is not the one that is replayed. */
static bool is_overshadowed(const Replay *replay)
{
    uint32_t top = replay->operation_index;
    while (replay->operations[top].parent != UINT32_MAX)
        top = replay->operations[top].parent;
    return replay->overshadowing != UINT32_MAX && top < replay->overshadowing;
}

void python_operation(Replay *replay)
{
    const Operation *operation = replay->operation;
    const App *app = &replay->project->apps[replay->project->migrations[replay->migration].app];
    bool django = str_starts(text_of(replay, operation->class_path), S("django."));
    if (app->origin != APP_OWN || !operation->database || operation->maybe || !django ||
        is_overshadowed(replay))
        return;
    follow_code(replay, WORD_CODE);
    follow_code(replay, WORD_REVERSE_CODE);
}
