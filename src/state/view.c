#include "state/replay.h"

/* ---- things by name, in order ---- */

uint32_t slot_of(const Slots *slots, Sym name)
{
    uint32_t place = map_get(&slots->place, name, UINT32_MAX);
    return place != UINT32_MAX && slots->filled.items[place] && slots->names.items[place] == name
               ? place
               : UINT32_MAX;
}

static uint32_t slot_append(Slots *slots, Sym name)
{
    uint32_t place = slots->names.count;
    if (name && slot_of(slots, name) != UINT32_MAX)
        map_set(&slots->extra, name, map_get(&slots->extra, name, 0) + 1);
    array_push(&slots->names, name);
    array_push(&slots->filled, true);
    if (name)
        map_set(&slots->place, name, place);
    slots->live++;
    slots->nameless += !name;
    return place;
}

static void slot_empty(Slots *slots, uint32_t place)
{
    slots->filled.items[place] = false;
    slots->live--;
}

/* All of that name: an index may be there twice. */
static void slot_drop(Slots *slots, Sym name)
{
    uint32_t last = slot_of(slots, name);
    if (last == UINT32_MAX)
        return;
    uint32_t extra = map_get(&slots->extra, name, 0);
    slot_empty(slots, last);
    for (uint32_t place = last; extra && place-- > 0;)
        if (slots->filled.items[place] && slots->names.items[place] == name) {
            slot_empty(slots, place);
            extra--;
        }
    if (map_has(&slots->extra, name))
        map_set(&slots->extra, name, 0);
}

static void slot_rename(Slots *slots, uint32_t place, Sym to)
{
    slots->names.items[place] = to;
    map_set(&slots->place, to, place);
}

static void slots_free(Slots *slots)
{
    map_free(&slots->place);
    map_free(&slots->extra);
    array_free(&slots->names);
    array_free(&slots->filled);
}

/* ---- events ---- */

static void put_field(View *view, const StateField *field, Sym name, EventId id)
{
    uint32_t place = slot_of(&view->field_slots, name);
    EventId created = id;
    if (place == UINT32_MAX) {
        place = slot_append(&view->field_slots, name);
        array_push(&view->fields, *field);
    } else {
        created = view->fields.items[place].created;
    }
    view->fields.items[place] = *field;
    view->fields.items[place].name = name;
    view->fields.items[place].created = created;
    view->fields.items[place].last = id;
}

/* Python's dict: popped, then set; an existing key keeps its place. */
static void rename_field(View *view, Sym from, Sym to, EventId id)
{
    uint32_t place = slot_of(&view->field_slots, from);
    if (place == UINT32_MAX)
        return;
    StateField field = view->fields.items[place];
    EventId created = field.created;
    slot_drop(&view->field_slots, from);
    put_field(view, &field, to, id);
    view->fields.items[slot_of(&view->field_slots, to)].created = created;
}

static void repoint_target(StateTarget *target, const StateTarget *to, Sym from)
{
    if (target->app == to->app && target->model == from)
        *target = *to;
}

/* Only what the rename changed: with fewer migrations the field may be another one. */
static void repoint_field(View *view, const StateField *to, Sym name, EventId id)
{
    uint32_t place = slot_of(&view->field_slots, name);
    if (place == UINT32_MAX)
        return;
    StateField *field = &view->fields.items[place];
    if (to->repointed & REPOINTED_TO)
        repoint_target(&field->to, &to->to, to->repointed_from);
    if (to->repointed & REPOINTED_THROUGH)
        repoint_target(&field->through, &to->through, to->repointed_from);
    if (to->repointed & REPOINTED_TO_FIELD)
        field->to_field = to->to_field;
    field->repointed = to->repointed; /* the event keeps what it made of the field */
    field->repointed_from = to->repointed_from;
    field->last = id;
}

static void put_option(View *view, const StateOption *option, EventId id)
{
    uint32_t place = slot_of(&view->option_slots, option->name);
    if (place == UINT32_MAX) {
        place = slot_append(&view->option_slots, option->name);
        array_push(&view->options, *option);
    }
    view->options.items[place] = *option;
    view->options.items[place].event = id;
}

static void append_index(Slots *slots, View *view, bool constraint, const StateIndex *index,
                         EventId id)
{
    slot_append(slots, index->name);
    StateIndex added = *index;
    added.event = id;
    if (constraint)
        array_push(&view->constraints, added);
    else
        array_push(&view->indexes, added);
}

static void rename_index(View *view, Sym from, Sym to, EventId id)
{
    uint32_t place;
    if ((place = slot_of(&view->index_slots, from)) != UINT32_MAX) {
        slot_rename(&view->index_slots, place, to);
        view->indexes.items[place].name = to;
        view->indexes.items[place].event = id;
    }
}

static void alter_constraint(View *view, const StateIndex *index, Sym name, EventId id)
{
    uint32_t place = slot_of(&view->constraint_slots, name);
    if (place == UINT32_MAX)
        return;
    view->constraints.items[place] = *index;
    view->constraints.items[place].event = id;
    slot_rename(&view->constraint_slots, place, index->name);
}

static void apply_field(View *view, const Replay *replay, const StateEvent *event, EventId id)
{
    switch (event->kind) {
    case EVENT_FIELD_ADDED:
    case EVENT_FIELD_ALTERED:
        put_field(view, &replay->fields.items[event->payload], event->name, id);
        break;
    case EVENT_FIELD_REMOVED:
        slot_drop(&view->field_slots, event->name);
        break;
    case EVENT_FIELD_RENAMED:
        rename_field(view, event->from, event->to, id);
        break;
    case EVENT_FIELD_REPOINTED:
        repoint_field(view, &replay->fields.items[event->payload], event->name, id);
        break;
    }
}

static void apply_index(View *view, const Replay *replay, const StateEvent *event, EventId id)
{
    switch (event->kind) {
    case EVENT_INDEX_ADDED:
        append_index(&view->index_slots, view, false, &replay->indexes.items[event->payload], id);
        break;
    case EVENT_INDEX_REMOVED:
        slot_drop(&view->index_slots, event->name);
        break;
    case EVENT_INDEX_RENAMED:
        rename_index(view, event->from, event->to, id);
        break;
    case EVENT_CONSTRAINT_ADDED:
        append_index(&view->constraint_slots, view, true, &replay->indexes.items[event->payload],
                     id);
        break;
    case EVENT_CONSTRAINT_REMOVED:
        slot_drop(&view->constraint_slots, event->name);
        break;
    case EVENT_CONSTRAINT_ALTERED:
        alter_constraint(view, &replay->indexes.items[event->payload], event->name, id);
        break;
    }
}

static void apply_model(View *view, const Replay *replay, const StateEvent *event, EventId id)
{
    switch (event->kind) {
    case EVENT_MODEL_CREATED:
        view->created = id;
        view->name = event->to;
        view->lower = event->name;
        view->bases = event->payload;
        break;
    case EVENT_MODEL_RENAMED:
        view->name = event->to;
        view->lower = event->name;
        break;
    case EVENT_MANAGERS_SET:
        view->managers = event->payload;
        break;
    case EVENT_OPTION_SET:
        put_option(view, &replay->options.items[event->payload], id);
        break;
    case EVENT_OPTION_DROPPED:
        slot_drop(&view->option_slots, event->name);
        break;
    case EVENT_OPENED:
        view->opened = id;
        break;
    }
}

void view_apply(View *view, const Replay *replay, EventId id)
{
    const StateEvent *event = &replay->events.items[id];
    if (event->kind >= EVENT_FIELD_ADDED && event->kind <= EVENT_FIELD_REPOINTED)
        apply_field(view, replay, event, id);
    else if (event->kind >= EVENT_INDEX_ADDED && event->kind <= EVENT_CONSTRAINT_ALTERED)
        apply_index(view, replay, event, id);
    else
        apply_model(view, replay, event, id);
}

void view_free(View *view)
{
    slots_free(&view->field_slots);
    slots_free(&view->option_slots);
    slots_free(&view->index_slots);
    slots_free(&view->constraint_slots);
    array_free(&view->fields);
    array_free(&view->options);
    array_free(&view->indexes);
    array_free(&view->constraints);
}

/* ---- as a model ---- */

#define KEEP_FILLED(T, array, slots, out, out_count)                                               \
    do {                                                                                           \
        (out) = arena_array(arena, T, (slots).live);                                               \
        for (uint32_t i_ = 0; i_ < (array).count; i_++)                                            \
            if ((slots).filled.items[i_])                                                          \
                (out)[(out_count)++] = (array).items[i_];                                          \
    } while (0)

static bool option_is(const ModelState *model, const Replay *replay, Word name, bool otherwise)
{
    for (uint32_t i = 0; i < model->option_count; i++) {
        if (model->options[i].name != word(replay, name) || !model->options[i].value.id)
            continue;
        ValueRef ref = model->options[i].value;
        const Value *value = value_at(&ref.module->values, ref.id);
        if (value->kind == VALUE_BOOL)
            return value->u.boolean;
        return value->kind != VALUE_NONE && value->kind != VALUE_UNKNOWN;
    }
    return otherwise;
}

ModelState *view_model(const View *view, const Replay *replay, ModelId id, Arena *arena)
{
    ModelState *model = arena_new(arena, ModelState);
    const List *bases = &replay->lists.items[view->bases];
    const List *managers = &replay->lists.items[view->managers];
    *model = (ModelState){.id = id,
                          .app = replay->lives.items[id].app,
                          .name = view->name,
                          .lower = view->lower,
                          .bases = bases->items,
                          .base_targets = bases->targets,
                          .base_count = bases->count,
                          .managers = managers->items,
                          .manager_count = managers->count,
                          .created = view->created,
                          .open = view->opened != EVENT_NONE};
    KEEP_FILLED(StateField, view->fields, view->field_slots, model->fields, model->field_count);
    KEEP_FILLED(StateOption, view->options, view->option_slots, model->options,
                model->option_count);
    KEEP_FILLED(StateIndex, view->indexes, view->index_slots, model->indexes, model->index_count);
    KEEP_FILLED(StateIndex, view->constraints, view->constraint_slots, model->constraints,
                model->constraint_count);
    model->proxy = option_is(model, replay, WORD_PROXY, false);
    model->managed = option_is(model, replay, WORD_MANAGED, true);
    model->swappable = option_is(model, replay, WORD_SWAPPABLE, false);
    return model;
}
