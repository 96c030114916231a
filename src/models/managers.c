#include "models/same.h"

/*
 * Managers as ModelState has them: those that say use_in_migrations, and plain ones in place of the
 * default and the base manager; nothing when that is only the default one, called objects.
 */

typedef struct Listed {
    Sym name;
    ValueRef call; /* VALUE_ABSENT: a plain Manager */
} Listed;

/* False when something about them is not known. */
static bool list_managers(const Comparison *c, const Model *now, Listed *list, uint32_t *count)
{
    *count = 0;
    if (now->managers_open || now->fields_open)
        return false;
    bool plain_default = false;
    for (uint32_t i = 0; i < now->manager_count; i++) {
        const ModelManager *manager = &now->managers[i];
        if (manager->in_migrations == MAYBE)
            return false;
        if (manager->in_migrations == NO && !manager->is_default && !manager->is_base)
            continue;
        plain_default |= manager->in_migrations == NO && manager->is_default;
        list[(*count)++] =
            (Listed){manager->name, manager->in_migrations == YES ? manager->value : (ValueRef){0}};
    }
    Sym objects = intern(&c->workspace->interner, S("objects"));
    if (*count == 1 && plain_default && list[0].name == objects)
        *count = 0;
    return true;
}

static ValueRef callee_of(ValueRef call)
{
    return (ValueRef){call.module, value_callee(&call.module->values, read_value(call))};
}

static bool is_plain_manager(const Comparison *c, ValueRef call)
{
    Sym path = state_path(c->state, callee_of(call));
    Str text = sym_str(&c->workspace->interner, path);
    return str_eq(text, S("django.db.models.Manager")) ||
           str_eq(text, S("django.db.models.manager.Manager"));
}

/* Of one class, and made with the same arguments. */
static Truth same_manager(const Comparison *c, ValueRef before, const Listed *after)
{
    before = workspace_value(c->workspace, before);
    if (!read_is(before, VALUE_CALL))
        return MAYBE;
    ClassId old = class_named(c->registry->reader, callee_of(before));
    if (!after->call.id)
        return is_plain_manager(c, before) ? YES : old != CLASS_NONE ? NO : MAYBE;
    ClassId now = class_named(c->registry->reader, callee_of(after->call));
    if (old == CLASS_NONE && now == CLASS_NONE)
        return same_value(c, before, after->call) == YES ? YES : MAYBE;
    if (old != now)
        return (old != CLASS_NONE || is_plain_manager(c, before)) && now != CLASS_NONE ? NO : MAYBE;
    Plain left = {.kind = PLAIN_CALL, .ref = before},
          right = {.kind = PLAIN_CALL, .ref = after->call};
    return same_call_arguments(c, &left, &right);
}

/* The name and the value of a pair in the state. */
static bool pair_of(const Comparison *c, ValueRef pair, Sym *name, ValueRef *manager)
{
    pair = workspace_value(c->workspace, pair);
    if ((!read_is(pair, VALUE_TUPLE) && !read_is(pair, VALUE_LIST)) ||
        read_value(pair)->u.items.count != 2 || read_value(pair)->flags & VALUE_OPEN)
        return false;
    const Values *values = &pair.module->values;
    Plain text = plain_value(c, (ValueRef){pair.module, value_item(values, read_value(pair), 0)});
    *name = text.kind == PLAIN_STRING ? text.text : SYM_NONE;
    *manager = (ValueRef){pair.module, value_item(values, read_value(pair), 1)};
    return *name != SYM_NONE;
}

static Truth same_managers(const Comparison *c, const ModelState *old, const Listed *list,
                           uint32_t count)
{
    if (old->manager_count != count)
        return NO;
    Truth all = YES;
    for (uint32_t i = 0; i < count; i++) {
        Sym name;
        ValueRef manager;
        if (!pair_of(c, old->managers[i], &name, &manager))
            return MAYBE;
        all = truth_and(all, name == list[i].name ? same_manager(c, manager, &list[i]) : NO);
    }
    return all;
}

void compare_managers(const Comparison *c, const ModelState *old, const Model *now, Changes *out)
{
    Listed *list = arena_array(c->arena, Listed, now->manager_count);
    uint32_t count;
    if (list_managers(c, now, list, &count) && same_managers(c, old, list, count) == NO)
        array_push(out, option_change(CHANGE_ALTER_MANAGERS, old, now, NULL, old->created));
}
