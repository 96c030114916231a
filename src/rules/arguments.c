#include "rules/arguments.h"

#define KEYWORD_ONLY NULL

enum { MOST_ARGUMENTS = 6 };

typedef struct Signature {
    const char *model, *field;
    const char *names[MOST_ARGUMENTS + 1];
} Signature;

static const Signature signatures[OPERATION_OPAQUE + 1] = {
#define ARGUMENTS(kind, model, field, ...) [OPERATION_##kind] = {model, field, {__VA_ARGS__}},
#include "link/arguments.def"
#undef ARGUMENTS
    [OPERATION_OPAQUE] = {"", "", {NULL}},
};

/* What Django takes where an argument is not written. Those that are not here
 * have None, or no one default for every class. */
static const struct Default {
    const char *name;
    bool value;
} defaults[] = {
    {"elidable", false},     {"preserve_default", true}, {"null", false},
    {"blank", false},        {"unique", false},          {"primary_key", false},
    {"db_constraint", true}, {"editable", true},         {"deterministic", true},
};

static const Literal *default_of(Str name)
{
    static const Literal no = {.kind = VALUE_BOOL, .boolean = false};
    static const Literal yes = {.kind = VALUE_BOOL, .boolean = true};
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
        if (str_eq(name, str(defaults[i].name)))
            return defaults[i].value ? &yes : &no;
    return NULL;
}

const char *const *argument_names(OperationKind kind, uint32_t *count)
{
    const Signature *signature = &signatures[kind];
    *count = 0;
    while (*count < MOST_ARGUMENTS && signature->names[*count])
        ++*count;
    return signature->names;
}

bool argument_known(OperationKind kind, Str name)
{
    for (uint32_t i = 0; i < MOST_ARGUMENTS; i++)
        if (signatures[kind].names[i] && str_eq(name, str(signatures[kind].names[i])))
            return true;
    return false;
}

static uint32_t position_of(OperationKind kind, Str name)
{
    uint32_t count;
    const char *const *names = argument_names(kind, &count);
    for (uint32_t i = 0; i < count; i++)
        if (str_eq(name, str(names[i])))
            return i;
    return UINT32_MAX;
}

/* Whether some positional argument before `end` is an unread `*…`. */
static bool unpacks(const Values *values, const Value *call, uint32_t end)
{
    for (uint32_t i = 0; i < end && i < call->u.call.count; i++)
        if (value_at(values, value_positional(values, call, i))->flags & VALUE_STAR)
            return true;
    return false;
}

/* A positional argument counts only when nothing up to it is unpacked. */
static ValueId positional(const Values *values, const Value *call, uint32_t position)
{
    if (position >= call->u.call.count || unpacks(values, call, position + 1))
        return VALUE_ABSENT;
    return value_positional(values, call, position);
}

static Subject argument(const Interner *interner, ValueRef ref, uint32_t position, Str name)
{
    Subject subject = {.module = ref.module, .interner = interner, .given = MAYBE};
    if (!ref.module || ref.id == VALUE_ABSENT)
        return subject;
    const Values *values = &ref.module->values;
    const Value *call = value_at(values, ref.id);
    if (call->kind != VALUE_CALL)
        return subject;
    Sym keyword = intern_find(interner, name);
    if (keyword != SYM_NONE)
        subject.value = value_keyword(values, call, keyword);
    if (subject.value == VALUE_ABSENT)
        subject.value = positional(values, call, position);
    if (subject.value != VALUE_ABSENT)
        subject.given = YES;
    else if (!(call->flags & VALUE_OPEN) && !unpacks(values, call, UINT32_MAX))
        subject.given = NO;
    subject.otherwise = default_of(name);
    return subject;
}

Subject operation_argument(const Interner *interner, const Operation *operation, Str name)
{
    return argument(interner, operation->call, position_of(operation->kind, name), name);
}

Subject call_argument(const Interner *interner, ValueRef call, Str name)
{
    return argument(interner, call, UINT32_MAX, name);
}

static Sym value_sym(ValueRef ref)
{
    if (!ref.module || ref.id == VALUE_ABSENT)
        return SYM_NONE;
    const Value *value = value_at(&ref.module->values, ref.id);
    bool text = value->kind == VALUE_STRING && !(value->flags & VALUE_MAYBE);
    return text ? value->u.text : SYM_NONE;
}

Str value_text(const Interner *interner, ValueRef ref)
{
    return sym_str(interner, value_sym(ref));
}

static Sym argument_sym(const Interner *interner, const Operation *operation, Str name)
{
    if (!name.len)
        return SYM_NONE;
    Subject subject = operation_argument(interner, operation, name);
    return value_sym((ValueRef){subject.module, subject.value});
}

Sym operation_model_sym(const Interner *interner, const Operation *operation)
{
    return argument_sym(interner, operation, str(signatures[operation->kind].model));
}

Sym operation_field_sym(const Interner *interner, const Operation *operation)
{
    return argument_sym(interner, operation, str(signatures[operation->kind].field));
}

Str operation_text(const Interner *interner, const Operation *operation, Str name)
{
    return sym_str(interner, argument_sym(interner, operation, name));
}

Str operation_model(const Interner *interner, const Operation *operation)
{
    return sym_str(interner, operation_model_sym(interner, operation));
}

Str operation_field(const Interner *interner, const Operation *operation)
{
    return sym_str(interner, operation_field_sym(interner, operation));
}

Str call_path(const Interner *interner, ValueRef ref)
{
    if (!ref.module || ref.id == VALUE_ABSENT)
        return (Str){0};
    const Values *values = &ref.module->values;
    const Value *call = value_at(values, ref.id);
    if (call->kind != VALUE_CALL || call->flags & VALUE_MAYBE)
        return (Str){0};
    const Value *callee = value_at(values, value_callee(values, call));
    bool name = callee->kind == VALUE_NAME && !(callee->flags & (VALUE_FREE | VALUE_MAYBE));
    return name ? sym_str(interner, callee->u.text) : (Str){0};
}
