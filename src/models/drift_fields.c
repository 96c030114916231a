#include "models/same.h"

#include <stdlib.h>

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
    FieldPair pair = {.before = before, .after = after};
    Details details = {0};
    if (after->there != YES || after->from_table || same_field(c, &pair, &details) != NO)
        return;
    Change change = field_change(CHANGE_ALTER_FIELD, old, before, now, after);
    change.details = details;
    change.remade = (before->kind == FIELD_MANY) != (after->field.kind == FIELD_MANY);
    change.implicit_key = is_implicit_key(c, before, after, &details);
    array_push(out, change);
}

/* ---- what only one side has ---- */

typedef struct Gone {
    Str name;
    const StateField *field;
} Gone;

typedef struct Added {
    Str name;
    const ModelField *field;
} Added;

/* Each in the order of the names, as Django asks. */
typedef struct OneSided {
    Array(Gone) gone;
    Array(Added) added;
} OneSided;

static int by_gone_name(const void *a, const void *b)
{
    return str_cmp(((const Gone *)a)->name, ((const Gone *)b)->name);
}

static int by_added_name(const void *a, const void *b)
{
    return str_cmp(((const Added *)a)->name, ((const Added *)b)->name);
}

/* A GenericForeignKey is no field to migrations; a primary key of several columns is. */
static bool is_compared(const Comparison *c, const StateField *field)
{
    return field->kind != FIELD_VIRTUAL ||
           str_eq(sym_str(&c->workspace->interner, field->class_path),
                  S("django.db.models.CompositePrimaryKey"));
}

static uint64_t field_key(const Comparison *c, const Model *now, Sym name)
{
    return map_key((uint32_t)(now - c->registry->models), name);
}

Sym renamed_to(const Comparison *c, const Model *now, Sym before)
{
    return map_get(&c->renamed_fields, field_key(c, now, before), before);
}

/* What the class has of that name, but for what is no field to migrations. */
static const ModelField *new_field(const Comparison *c, const Model *now, Sym name)
{
    const ModelField *field = model_field(now, name);
    return field && is_compared(c, &field->field) ? field : NULL;
}

static OneSided one_sided(const Comparison *c, const ModelState *old, const Model *now)
{
    const Interner *in = &c->workspace->interner;
    OneSided sides = {0};
    for (uint32_t i = 0; i < old->field_count; i++) {
        const StateField *before = &old->fields[i];
        if (!now->fields_open && is_compared(c, before) && !new_field(c, now, before->name) &&
            renamed_to(c, now, before->name) == before->name &&
            !registry_may_add(c->registry, now, before->name))
            array_push(&sides.gone, (Gone){sym_str(in, before->name), before});
    }
    for (uint32_t i = 0; i < now->field_count; i++) {
        const ModelField *after = &now->fields[i];
        Sym name = after->field.name;
        if (after->there == YES && is_compared(c, &after->field) && !old_field(old, name) &&
            !map_has(&c->field_names, field_key(c, now, name)))
            array_push(&sides.added, (Added){sym_str(in, name), after});
    }
    if (sides.gone.count)
        qsort(sides.gone.items, sides.gone.count, sizeof *sides.gone.items, by_gone_name);
    if (sides.added.count)
        qsort(sides.added.items, sides.added.count, sizeof *sides.added.items, by_added_name);
    return sides;
}

static void free_sides(OneSided *sides)
{
    array_free(&sides->gone);
    array_free(&sides->added);
}

/* ---- renames ---- */

static Sym text_argument(const Comparison *c, const StateField *field, const char *name)
{
    StateArguments arguments = state_field_arguments(c->state, field, c->arena);
    Sym sym = intern(&c->workspace->interner, str(name));
    for (uint32_t i = 0; i < arguments.count; i++)
        if (arguments.items[i].name == sym) {
            Plain value = plain_value(c, arguments.items[i].value);
            return value.kind == PLAIN_STRING ? value.text : SYM_NONE;
        }
    return SYM_NONE;
}

static Sym column_of(const Comparison *c, const StateField *field)
{
    Sym given = text_argument(c, field, "db_column");
    if (given || field->kind != FIELD_RELATION)
        return given ? given : field->name;
    Str name = sym_str(&c->workspace->interner, field->name);
    return intern(&c->workspace->interner, arena_printf(c->arena, "%.*s_id", STR_ARG(name)));
}

/* Made in the same way, or but for a db_column that keeps the old column. */
static bool is_renamed(const Comparison *c, const StateField *before, const ModelField *after)
{
    FieldPair pair = {.before = before, .after = after};
    if (same_field(c, &pair, NULL) == YES)
        return true;
    pair.but = intern(&c->workspace->interner, S("db_column"));
    Sym column = text_argument(c, &after->field, "db_column");
    return column && column == column_of(c, before) && same_field(c, &pair, NULL) == YES;
}

void find_field_renames(Comparison *c, const ModelState *old, const Model *now, Changes *out)
{
    enum { MOST_COMPARED = 1024 };
    OneSided sides = one_sided(c, old, now);
    uint32_t compared = 0;
    for (uint32_t j = 0; j < sides.added.count; j++) {
        const ModelField *after = sides.added.items[j].field;
        for (uint32_t i = 0; i < sides.gone.count && compared < MOST_COMPARED; i++) {
            const StateField *before = sides.gone.items[i].field;
            if (!before || !(++compared, is_renamed(c, before, after)))
                continue;
            Change change = field_change(CHANGE_RENAME_FIELD, old, before, now, after);
            change.to = after->field.name;
            array_push(out, change);
            map_set(&c->renamed_fields, field_key(c, now, before->name), after->field.name);
            map_set(&c->field_names, field_key(c, now, after->field.name), before->name);
            sides.gone.items[i].field = NULL;
            break;
        }
    }
    free_sides(&sides);
}

/* ---- what is left ---- */

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
                          OneSided *sides, const StateField *before, Changes *out)
{
    for (uint32_t j = 0; j < sides->added.count; j++) {
        const ModelField *after = sides->added.items[j].field;
        if (!after || !is_same_column(c, before, after))
            continue;
        Change change = field_change(CHANGE_ALTER_FIELD, old, before, now, after);
        Detail *detail = arena_new(c->arena, Detail);
        *detail = (Detail){
            .kind = DETAIL_CLASS, .before = before->class_path, .after = after->field.class_path};
        change.to = after->field.name;
        change.remade = true;
        change.details = (Details){detail, 1};
        array_push(out, change);
        sides->added.items[j].field = NULL;
        return true;
    }
    return false;
}

static void add_one_sided(const Comparison *c, const ModelState *old, const Model *now,
                          Changes *out)
{
    OneSided sides = one_sided(c, old, now);
    for (uint32_t i = 0; i < sides.gone.count; i++)
        if (!take_replaced(c, old, now, &sides, sides.gone.items[i].field, out))
            array_push(
                out, field_change(CHANGE_REMOVE_FIELD, old, sides.gone.items[i].field, now, NULL));
    for (uint32_t i = 0; i < sides.added.count; i++)
        if (sides.added.items[i].field)
            array_push(out,
                       field_change(CHANGE_ADD_FIELD, old, NULL, now, sides.added.items[i].field));
    free_sides(&sides);
}

void compare_fields(const Comparison *c, const ModelState *old, const Model *now, Changes *out)
{
    for (uint32_t i = 0; i < old->field_count; i++) {
        const ModelField *after = new_field(c, now, old->fields[i].name);
        if (after)
            compare_field(c, old, &old->fields[i], now, after, out);
    }
    add_one_sided(c, old, now, out);
}
