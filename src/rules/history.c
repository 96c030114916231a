#include "rules/history.h"

#include "rules/arguments.h"

#include <strings.h>

enum { MOST_RENAMES = 16, MOST_DEFINITIONS = 64 };

/* A model and, unless it is the model that is asked for, a field. */
typedef struct Thing {
    Str model, field;
} Thing;

bool same_model(Str a, Str b)
{
    return a.len == b.len && a.len && !strncasecmp(a.ptr, b.ptr, a.len);
}

static void define(Definitions *out, ValueRef ref)
{
    if (out->count < MOST_DEFINITIONS)
        out->items[out->count++] = ref;
    else
        out->incomplete = true;
}

/* The field's call in CreateModel's list of (name, field) pairs. */
static void defined_in_list(const Interner *interner, Subject list, Str field, Definitions *out)
{
    if (list.given != YES) {
        out->incomplete = true;
        return;
    }
    const Values *values = &list.module->values;
    const Value *fields = value_at(values, list.value);
    if ((fields->kind != VALUE_LIST && fields->kind != VALUE_TUPLE) || fields->flags & VALUE_OPEN) {
        out->incomplete = true;
        return;
    }
    for (uint32_t i = 0; i < fields->u.items.count; i++) {
        const Value *pair = value_at(values, value_item(values, fields, i));
        bool readable =
            (pair->kind == VALUE_TUPLE || pair->kind == VALUE_LIST) && pair->u.items.count == 2;
        Str name = {0};
        if (readable)
            name = value_text(interner, (ValueRef){list.module, value_item(values, pair, 0)});
        if (!name.len)
            out->incomplete = true;
        else if (str_eq(name, field))
            define(out, (ValueRef){list.module, value_item(values, pair, 1)});
    }
}

/* What one operation adds to the definitions of the thing; the name it had
 * before when the operation renames something into it. */
static void define_from(const History *history, const Operation *operation, Thing thing,
                        Definitions *out, Thing *before)
{
    const Interner *interner = history->interner;
    Str model = operation_model(interner, operation);
    switch (operation->kind) {
    case OPERATION_CREATE_MODEL:
        if (same_model(model, thing.model) && thing.field.len)
            defined_in_list(interner, operation_argument(interner, operation, S("fields")),
                            thing.field, out);
        else if (same_model(model, thing.model))
            define(out, operation->call);
        break;
    case OPERATION_ADD_FIELD:
    case OPERATION_ALTER_FIELD:
        if (same_model(model, thing.model) &&
            str_eq(operation_field(interner, operation), thing.field)) {
            Subject field = operation_argument(interner, operation, S("field"));
            define(out, (ValueRef){field.module, field.value});
        }
        break;
    case OPERATION_RENAME_MODEL:
        if (same_model(operation_text(interner, operation, S("new_name")), thing.model))
            before->model = model;
        break;
    case OPERATION_RENAME_FIELD:
        if (thing.field.len && same_model(model, thing.model) &&
            str_eq(operation_text(interner, operation, S("new_name")), thing.field))
            before->field = operation_field(interner, operation);
        break;
    default:
        break;
    }
}

static Definitions history_of(const History *history, Thing thing)
{
    const App *app = &history->project->apps[history->migration->app];
    Definitions out = {.items = arena_array(history->scratch, ValueRef, MOST_DEFINITIONS)};
    for (int renames = 0; renames < MOST_RENAMES; renames++) {
        Thing before = thing;
        for (uint32_t i = 0; i < app->migration_count; i++) {
            const Migration *migration = &history->project->migrations[app->first_migration + i];
            for (uint32_t j = 0; j < migration->operation_count; j++)
                define_from(history, &migration->operations[j], thing, &out, &before);
        }
        if (same_model(before.model, thing.model) && str_eq(before.field, thing.field))
            return out;
        if (!before.model.len || (thing.field.len && !before.field.len))
            break; /* renamed from something that cannot be read */
        thing = before;
    }
    out.incomplete = true;
    return out;
}

Definitions history_field(const History *history)
{
    Thing thing = {operation_model(history->interner, history->operation),
                   operation_field(history->interner, history->operation)};
    if (!thing.model.len || !thing.field.len)
        return (Definitions){.incomplete = true};
    return history_of(history, thing);
}

/* Whether `options` says `key: value`; `otherwise` when it does not have it. */
static Truth option_is(const Interner *interner, Subject options, Str key, bool wanted,
                       bool otherwise)
{
    if (options.given == NO)
        return truth(wanted == otherwise);
    if (options.given != YES)
        return MAYBE;
    const Values *values = &options.module->values;
    const Value *dict = value_at(values, options.value);
    if (dict->kind == VALUE_NONE)
        return truth(wanted == otherwise);
    if (dict->kind != VALUE_DICT || dict->flags & (VALUE_OPEN | VALUE_MAYBE))
        return MAYBE;
    for (uint32_t i = 0; i + 1 < dict->u.items.count; i += 2) {
        ValueRef name = {options.module, value_item(values, dict, i)};
        const Value *value = value_at(values, value_item(values, dict, i + 1));
        if (!str_eq(value_text(interner, name), key))
            continue;
        bool known = value->kind == VALUE_BOOL && !(value->flags & VALUE_MAYBE);
        return known ? truth(value->u.boolean == wanted) : MAYBE;
    }
    return truth(wanted == otherwise);
}

/* AlterModelOptions may have said `managed` since. */
static Truth managed_later(const History *history, Str model)
{
    const App *app = &history->project->apps[history->migration->app];
    Truth managed = YES;
    for (uint32_t i = 0; i < app->migration_count; i++) {
        const Migration *migration = &history->project->migrations[app->first_migration + i];
        for (uint32_t j = 0; j < migration->operation_count; j++) {
            const Operation *operation = &migration->operations[j];
            if (operation->kind != OPERATION_ALTER_MODEL_OPTIONS ||
                !same_model(operation_model(history->interner, operation), model))
                continue;
            Subject options = operation_argument(history->interner, operation, S("options"));
            if (option_is(history->interner, options, S("managed"), true, true) != YES)
                managed = MAYBE;
        }
    }
    return managed;
}

Truth history_managed(const History *history)
{
    const Interner *interner = history->interner;
    Thing thing = {operation_model(interner, history->operation), {0}};
    if (!thing.model.len)
        return MAYBE;
    Definitions created = history_of(history, thing);
    Truth managed = created.count && !created.incomplete ? YES : MAYBE;
    for (uint32_t i = 0; i < created.count; i++) {
        Operation create = {.kind = OPERATION_CREATE_MODEL, .call = created.items[i]};
        Subject options = operation_argument(interner, &create, S("options"));
        managed = truth_and(managed, option_is(interner, options, S("proxy"), false, false));
        managed = truth_and(managed, option_is(interner, options, S("managed"), true, true));
    }
    return truth_and(managed, managed_later(history, thing.model));
}

/* An operation that is not known may make the table that it names. */
static bool names_model(const Interner *interner, const Operation *operation, Str model)
{
    if (!operation->call.module || operation->call.id == VALUE_ABSENT)
        return true;
    const Values *values = &operation->call.module->values;
    const Value *call = value_at(values, operation->call.id);
    if (call->kind != VALUE_CALL || call->flags & VALUE_OPEN)
        return true;
    uint32_t row = call->u.call.first + 1, end = row + call->u.call.count + 2u * call->keywords;
    for (uint32_t i = row; i < end; i++)
        if (same_model(value_text(interner, (ValueRef){operation->call.module, values->items[i]}),
                       model))
            return true;
    return false;
}

Truth history_new(const History *history)
{
    const Interner *interner = history->interner;
    const Migration *migration = history->migration;
    Str model = operation_model(interner, history->operation);
    Truth made = migration->operations_open ? MAYBE : NO;
    if (!model.len)
        return MAYBE;
    for (uint32_t i = migration->operation_count; i-- > 0;) {
        const Operation *operation = &migration->operations[i];
        Str name = operation_model(interner, operation);
        if (operation == history->operation)
            continue;
        if (operation->kind == OPERATION_CREATE_MODEL && same_model(name, model))
            return operation->maybe ? MAYBE : YES;
        if (operation->kind == OPERATION_CREATE_MODEL && !name.len)
            made = MAYBE;
        if (operation->kind == OPERATION_RENAME_MODEL && operation < history->operation &&
            same_model(operation_text(interner, operation, S("new_name")), model) && name.len)
            model = name;
        if (operation->kind == OPERATION_OPAQUE && names_model(interner, operation, model))
            made = MAYBE;
    }
    return made;
}
