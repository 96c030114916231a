#include "models/read.h"

/* What the attributes of a class body contribute to a model: fields and managers are instances of
 * certain classes, and anything with contribute_to_class() may do as it likes. */

/* What X.from_queryset(Q) asks for a class of managers: "X.from_queryset"; absent when it is none.
 */
ValueRef manager_factory(ModelReader *reader, ValueRef class)
{
    class = class.id ? workspace_value(reader->workspace, class) : class;
    if (!read_is(class, VALUE_CALL))
        return (ValueRef){0};
    ValueRef factory = {class.module, value_callee(&class.module->values, read_value(class))};
    Str path = read_text(reader, workspace_path(reader->workspace, factory));
    return str_ends(path, S(".from_queryset")) ? factory : (ValueRef){0};
}

/* Manager.from_queryset(X)(), QuerySet.as_manager() */
static bool is_manager_call(ModelReader *reader, ValueRef callee, Str path)
{
    return str_ends(path, S(".as_manager")) || manager_factory(reader, callee).id;
}

static Contribution of_instance(ModelReader *reader, ValueRef call)
{
    ValueRef callee = {call.module, value_callee(&call.module->values, read_value(call))};
    ClassId id = class_named(reader, callee);
    Str path =
        id == CLASS_NONE ? read_text(reader, workspace_path(reader->workspace, callee)) : (Str){0};
    Root root = id == CLASS_NONE ? root_of(path) : ROOT_NONE;
    Truth field = id == CLASS_NONE ? truth(root == ROOT_FIELD) : reader->classes.items[id].field;
    Truth manager =
        id == CLASS_NONE ? truth(root == ROOT_MANAGER) : reader->classes.items[id].manager;
    if (field == YES)
        return CONTRIBUTES_FIELD;
    if (manager == YES || is_manager_call(reader, callee, path))
        return CONTRIBUTES_MANAGER;
    if (id == CLASS_NONE)
        return root == ROOT_NONE ? CONTRIBUTES_UNKNOWN : CONTRIBUTES_NOTHING;
    bool elsewhere = false;
    ValueRef hook = class_lookup(reader, id, read_word(reader, "contribute_to_class"), &elsewhere);
    return hook.id || elsewhere ? CONTRIBUTES_UNKNOWN : CONTRIBUTES_NOTHING;
}

Contribution contribution_of(ModelReader *reader, ValueRef value)
{
    const Value *at = read_value(value);
    switch (at->kind) {
    case VALUE_CALL:
        return of_instance(reader, value);
    case VALUE_UNKNOWN:
        return at->u.reason == REASON_CALL ? CONTRIBUTES_UNKNOWN
               : at->u.reason == REASON_CONDITION || at->u.reason == REASON_LOOP ||
                       at->u.reason == REASON_ATTRIBUTE || at->u.reason == REASON_LIMIT
                   ? CONTRIBUTES_MAYBE
                   : CONTRIBUTES_NOTHING;
    default:
        return CONTRIBUTES_NOTHING;
    }
}

Besides besides(ModelReader *reader, ValueRef call)
{
    ValueRef callee = {call.module, value_callee(&call.module->values, read_value(call))};
    ClassId id = class_named(reader, callee);
    Besides out = {0};
    if (id == CLASS_NONE)
        return out;
    bool elsewhere = false;
    ValueRef hook = class_lookup(reader, id, read_word(reader, "contribute_to_class"), &elsewhere);
    out.adds = class_lookup(reader, id, read_word(reader, "adds"), &elsewhere);
    out.makes_models =
        class_lookup(reader, id, read_word(reader, "makes_models"), &elsewhere).id != 0;
    out.unknown = hook.id || elsewhere;
    return out;
}
