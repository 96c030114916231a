#include "state/replay.h"

/* What a database, or Django itself, refuses when fields are added and altered. */

/* ---- adding ---- */

/* SQLite makes the table anew, with one key less; only a key that counts up is in its way. */
static Tolerance two_keys_tolerated(Replay *replay, const StateField *other)
{
    bool created = replay->operation->kind == OPERATION_CREATE_MODEL;
    return created || str_ends(text_of(replay, other->class_path), S("AutoField"))
               ? TOLERATED_NOWHERE
               : TOLERATED_BY_SQLITE;
}

void check_primary_keys(Replay *replay, ModelId model, const StateField *field)
{
    View *view = &replay->lives.items[model].view;
    bool created = replay->operation->kind == OPERATION_CREATE_MODEL;
    if (is_open(replay, replay->app, model) || !replay->operation->database ||
        (!created && !has_table(replay, model)))
        return;
    for (uint32_t i = latest(view->fields.count); i < view->fields.count; i++) {
        const StateField *other = &view->fields.items[i];
        if (!view->field_slots.filled.items[i] || !other->primary_key ||
            other->name == field->name || is_state_only(replay, other->last))
            continue;
        StateField before = *other;
        /* Whether it has a table is only known behind CreateModel's options. */
        StateProblem *found =
            created ? problem_pending(replay, PROBLEM_PRIMARY_KEYS, model, field->name, before.last)
                    : problem(replay, PROBLEM_PRIMARY_KEYS, model);
        found->field = field->name;
        found->name = before.name;
        found->earlier = before.last;
        found->tolerance = (uint8_t)two_keys_tolerated(replay, &before);
        return;
    }
}

void check_clash(Replay *replay, ModelId model, const StateField *field)
{
    Place place = value_place(field->call);
    const List *bases = &replay->lists.items[replay->lives.items[model].view.bases];
    for (uint32_t i = 0; i < bases->count; i++) {
        const StateTarget *base = &bases->targets[i];
        const NameLine *line = base->given ? find_name_line(replay, base->app, base->model) : NULL;
        if (!line || line->now == MODEL_NONE || line->now == model ||
            is_open(replay, base->app, line->now))
            continue;
        const View *parent = &replay->lives.items[line->now].view;
        if (slot_of(&parent->field_slots, field->name) == UINT32_MAX)
            continue;
        StateProblem *found =
            problem_pending(replay, PROBLEM_FIELD_CLASH, model, field->name, EVENT_NONE);
        found->other_app = base->app;
        found->other = base->model;
        if (str_eq(place.path, found->place.path))
            found->place = place;
    }
}

/* A column of that name, or a table of a many-to-many field, is in the way of another; of what lies
 * in different places only the state knows one name twice. */
static Tolerance taken_tolerated(Replay *replay, ModelId model, const StateField *old,
                                 const StateField *new)
{
    if (old->kind == FIELD_MANY && new->kind == FIELD_MANY) {
        StateAt now = {.step = replay->step + 1};
        Str own = state_table_at(replay->state, model, now, replay->arena);
        Str table = state_many_table_of(replay->state, own, old, replay->arena);
        return table.len &&
                       str_eq(table, state_many_table_of(replay->state, own, new, replay->arena))
                   ? TOLERATED_NOWHERE
                   : TOLERATED;
    }
    Str column = state_column(replay->state, old, replay->arena);
    if (!column.len || !str_eq(column, state_column(replay->state, new, replay->arena)))
        return TOLERATED;
    return replay->operation->kind == OPERATION_ADD_FIELD ? TOLERATED_BY_SQLITE : TOLERATED_NOWHERE;
}

void check_taken_field(Replay *replay, ModelId model, const StateField *old, const StateField *new)
{
    if (!replay->operation->database || is_open(replay, replay->app, model) ||
        !has_table(replay, model) || is_state_only(replay, old->created) ||
        is_state_only(replay, old->last))
        return;
    StateProblem *found = problem(replay, PROBLEM_FIELD_EXISTS, model);
    found->field = old->name;
    found->earlier = old->created;
    found->tolerance = (uint8_t)taken_tolerated(replay, model, old, new);
}

/* ---- altering ---- */

static bool is_column(FieldKind kind)
{
    return kind == FIELD_PLAIN || kind == FIELD_RELATION;
}

static bool is_class(Replay *replay, const StateField *field, Str path)
{
    return str_eq(text_of(replay, field->class_path), path);
}

/* Django alters no many-to-many field into a column, and none that has a `through` into one that
 * has none. */
static bool is_incompatible(Replay *replay, const StateField *a, const StateField *b)
{
    if ((a->kind == FIELD_MANY && is_column(b->kind)) ||
        (is_column(a->kind) && b->kind == FIELD_MANY))
        return true;
    Str many = S("django.db.models.ManyToManyField");
    return is_class(replay, a, many) && is_class(replay, b, many) &&
           a->through.given != b->through.given && (a->through.app || b->through.app);
}

static const Value *persist_of(Replay *replay, const StateField *field)
{
    ValueRef value = call_arg(replay, field->call, WORD_DB_PERSIST, UINT32_MAX).value;
    const Value *at = value.id ? value_at(&value.module->values, value.id) : NULL;
    return at && at->kind == VALUE_BOOL ? at : NULL;
}

static bool is_generated_anew(Replay *replay, const StateField *a, const StateField *b)
{
    Str generated = S("django.db.models.GeneratedField");
    bool was = is_class(replay, a, generated), is = is_class(replay, b, generated);
    if (was != is)
        return is_column(a->kind) && is_column(b->kind);
    const Value *before = was ? persist_of(replay, a) : NULL;
    const Value *after = is ? persist_of(replay, b) : NULL;
    return before && after && before->u.boolean != after->u.boolean;
}

void check_altered(Replay *replay, ModelId model, const StateField *before, const StateField *after)
{
    bool incompatible = is_incompatible(replay, before, after);
    if (!replay->operation->database || is_open(replay, replay->app, model) ||
        !has_table(replay, model) || (!incompatible && !is_generated_anew(replay, before, after)))
        return;
    StateProblem *found =
        problem(replay, incompatible ? PROBLEM_INCOMPATIBLE : PROBLEM_GENERATED_CHANGED, model);
    found->field = after->name;
    found->earlier = before->last;
}
