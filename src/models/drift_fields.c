#include "models/same.h"

/* The fields of a model that both sides have: added, removed, renamed, altered. */

static Change field_change(ChangeKind kind, const ModelState *old, const StateField *before,
                           const Model *now, const ModelField *after)
{
    return (Change){.kind = kind,
                    .app = now->app,
                    .model = now->lower,
                    .model_name = now->name,
                    .name = before ? before->name : after->field.name,
                    .now = now,
                    .before = old->id,
                    .field = after,
                    .place = after ? after->place : now->place,
                    .event = before ? before->last : old->created};
}

static const StateField *old_field(const ModelState *old, Sym name)
{
    for (uint32_t i = 0; i < old->field_count; i++)
        if (old->fields[i].name == name)
            return &old->fields[i];
    return NULL;
}

static bool is_truthy(const Comparison *c, const StateField *field, const char *name)
{
    StateArguments arguments = state_field_arguments(c->state, field, c->arena);
    Sym sym = intern(&c->workspace->interner, str(name));
    for (uint32_t i = 0; i < arguments.count; i++)
        if (arguments.items[i].name == sym) {
            Plain value = plain_value(c, arguments.items[i].value);
            return value.kind == PLAIN_NUMBER && value.number != 0;
        }
    return false;
}

/* The primary key that nobody wrote, on both sides, of another class. */
static bool is_implicit_key(const Comparison *c, const StateField *before, const ModelField *after,
                            const Details *details)
{
    return after->implicit && after->field.primary_key && details->count == 1 &&
           details->items[0].kind == DETAIL_CLASS && is_truthy(c, before, "auto_created");
}

static void compare_field(const Comparison *c, const ModelState *old, const StateField *before,
                          const Model *now, const ModelField *after, Changes *out)
{
    Details details = {0};
    if (after->there != YES || after->from_table ||
        same_field(c, old, before, now, after, &details) != NO)
        return;
    Change change = field_change(CHANGE_ALTER_FIELD, old, before, now, after);
    change.details = details;
    change.implicit_key = is_implicit_key(c, before, after, &details);
    array_push(out, change);
}

/* ---- what only one side has ---- */

typedef struct OneSided {
    Array(const StateField *) gone;
    Array(const ModelField *) added;
} OneSided;

static bool is_same_column(const Comparison *c, const StateField *before, const ModelField *after)
{
    Str relation = sym_str(&c->workspace->interner, before->name);
    Str column = sym_str(&c->workspace->interner, after->field.name);
    return before->kind == FIELD_RELATION && after->field.kind == FIELD_PLAIN &&
           column.len == relation.len + 3 && str_starts(column, relation) &&
           str_ends(column, S("_id"));
}

/* A relation that became its plain column keeps its rows, so it is told as one change. */
static bool take_replaced(const Comparison *c, const ModelState *old, const Model *now,
                          OneSided *sides, uint32_t i, Changes *out)
{
    const StateField *before = sides->gone.items[i];
    for (uint32_t j = 0; j < sides->added.count; j++) {
        const ModelField *after = sides->added.items[j];
        if (!after || !is_same_column(c, before, after))
            continue;
        Change change = field_change(CHANGE_ALTER_FIELD, old, before, now, after);
        Detail *detail = arena_new(c->arena, Detail);
        *detail = (Detail){
            .kind = DETAIL_CLASS, .before = before->class_path, .after = after->field.class_path};
        change.to = after->field.name;
        change.details = (Details){detail, 1};
        array_push(out, change);
        sides->added.items[j] = NULL;
        return true;
    }
    return false;
}

/* What Django asks about: the only added field that is made like the removed one. */
static bool take_renamed(const Comparison *c, const ModelState *old, const Model *now,
                         OneSided *sides, uint32_t i, Changes *out)
{
    enum { MOST_COMPARED = 32 };
    const StateField *before = sides->gone.items[i];
    for (uint32_t j = 0; j < sides->added.count && j < MOST_COMPARED; j++) {
        const ModelField *after = sides->added.items[j];
        if (!after || same_field(c, old, before, now, after, NULL) != YES)
            continue;
        Change change = field_change(CHANGE_RENAME_FIELD, old, before, now, after);
        change.to = after->field.name;
        array_push(out, change);
        sides->added.items[j] = NULL;
        return true;
    }
    return false;
}

static void add_one_sided(const Comparison *c, const ModelState *old, const Model *now,
                          OneSided *sides, Changes *out)
{
    for (uint32_t i = 0; i < sides->gone.count; i++)
        if (!take_replaced(c, old, now, sides, i, out) && !take_renamed(c, old, now, sides, i, out))
            array_push(out,
                       field_change(CHANGE_REMOVE_FIELD, old, sides->gone.items[i], now, NULL));
    for (uint32_t i = 0; i < sides->added.count; i++)
        if (sides->added.items[i])
            array_push(out, field_change(CHANGE_ADD_FIELD, old, NULL, now, sides->added.items[i]));
}

static bool is_compared(const StateField *field)
{
    return field->kind != FIELD_VIRTUAL;
}

void compare_fields(const Comparison *c, const ModelState *old, const Model *now, Changes *out)
{
    OneSided sides = {0};
    for (uint32_t i = 0; i < old->field_count; i++) {
        const StateField *before = &old->fields[i];
        const ModelField *after = model_field(now, before->name);
        if (after)
            compare_field(c, old, before, now, after, out);
        else if (!now->fields_open && is_compared(before) &&
                 !registry_may_add(c->registry, now, before->name))
            array_push(&sides.gone, before);
    }
    for (uint32_t i = 0; i < now->field_count; i++) {
        const ModelField *after = &now->fields[i];
        if (after->there == YES && is_compared(&after->field) && !old_field(old, after->field.name))
            array_push(&sides.added, after);
    }
    add_one_sided(c, old, now, &sides, out);
    array_free(&sides.gone);
    array_free(&sides.added);
}
