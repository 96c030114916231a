#include "rules/clashes.h"

typedef enum Thing { THING_MODEL, THING_FIELD, THING_OPTION } Thing;

static uint64_t key_of(Thing thing, ModelId model, Sym name)
{
    return map_key(model, name << 2 | thing);
}

bool ends_name(const StateEvent *event)
{
    return event->kind == EVENT_MODEL_DELETED || event->kind == EVENT_MODEL_RENAMED;
}

/* The last on each side counts, but that a model goes or gets another name outweighs all. */
static void touch(Clashes *clashes, uint64_t key, EventId id, uint32_t lines)
{
    uint32_t index = map_get(&clashes->touched_index, key, UINT32_MAX);
    if (index == UINT32_MAX) {
        index = clashes->touched.count;
        map_set(&clashes->touched_index, key, index);
        array_push(&clashes->touched, (Touched){.count = 0});
    }
    Touched *touched = &clashes->touched.items[index];
    uint32_t i = 0;
    while (i < touched->count && touched->sides[i].lines != lines)
        i++;
    if (i == MOST_SIDES)
        return;
    if (i == touched->count)
        touched->sides[touched->count++] = (ChangeSide){id, lines};
    else if (!ends_name(event_at(clashes->context, touched->sides[i].event)))
        touched->sides[i].event = id;
}

void clashes_touch(Clashes *clashes, EventId id, uint32_t lines)
{
    const StateEvent *event = event_at(clashes->context, id);
    const Operation *operation = whole_operation(clashes->context, id);
    if (!operation)
        return;
    switch (event->kind) {
    case EVENT_FIELD_ALTERED:
        if (operation->kind == OPERATION_ALTER_FIELD)
            touch(clashes, key_of(THING_FIELD, event->model, event->name), id, lines);
        break;
    case EVENT_FIELD_REMOVED:
        touch(clashes, key_of(THING_FIELD, event->model, event->name), id, lines);
        break;
    case EVENT_FIELD_RENAMED:
        touch(clashes, key_of(THING_FIELD, event->model, event->from), id, lines);
        break;
    case EVENT_OPTION_SET:
        touch(clashes, key_of(THING_OPTION, event->model, event->name), id, lines);
        break;
    case EVENT_FIELD_REPOINTED:
    case EVENT_OPENED:
    case EVENT_MODEL_CREATED:
    case EVENT_MODEL_OVERWRITTEN:
        return;
    }
    touch(clashes, key_of(THING_MODEL, event->model, SYM_NONE), id, lines);
}

/* ---- whether the order tells ---- */

static bool is_schema_option(Str name)
{
    return str_eq(name, S("unique_together")) || str_eq(name, S("index_together")) ||
           str_eq(name, S("order_with_respect_to")) || str_eq(name, S("db_table"));
}

/* What is said anew behind the lines no longer depends on their order. */
static bool is_settled(const Clashes *clashes, EventId later)
{
    const State *state = clashes->context->state;
    return clashes->versions.next[later] != EVENT_NONE ||
           clashes->versions.gone[state->events[later].model];
}

Clash clash_of(Clashes *clashes, EventId earlier, EventId later)
{
    const State *state = clashes->context->state;
    const StateEvent *first = &state->events[earlier], *second = &state->events[later];
    if (clashes->versions.open[earlier] || clashes->versions.open[later])
        return CLASH_NONE;
    if (ends_name(second))
        return CLASH_FAILS;
    if (first->name != (second->kind == EVENT_FIELD_RENAMED ? second->from : second->name))
        return CLASH_NONE; /* two things of one model */
    if (first->kind == EVENT_FIELD_ALTERED && second->kind == EVENT_FIELD_ALTERED)
        return !is_settled(clashes, later) &&
                       columns_differ(&clashes->alike, state_event_field(state, earlier),
                                      state_event_field(state, later))
                   ? CLASH_OVERWRITES
                   : CLASH_NONE;
    if (first->kind == EVENT_FIELD_ALTERED &&
        (second->kind == EVENT_FIELD_REMOVED || second->kind == EVENT_FIELD_RENAMED))
        return CLASH_FAILS;
    if (first->kind == EVENT_OPTION_SET && second->kind == EVENT_OPTION_SET &&
        is_schema_option(context_str(clashes->context, second->name)))
        return !is_settled(clashes, later) &&
                       options_differ(&clashes->alike, state_event_option(state, earlier),
                                      state_event_option(state, later))
                   ? CLASH_OVERWRITES
                   : CLASH_NONE;
    return CLASH_NONE;
}

bool is_apart(uint32_t a, uint32_t b)
{
    return (a & b) != a && (a & b) != b;
}

Str clash_thing(const RuleContext *context, EventId id)
{
    const StateEvent *event = event_at(context, id);
    if (event->kind == EVENT_OPTION_SET)
        return arena_printf(context->scratch, "`%.*s` of `%.*s`",
                            STR_ARG(context_str(context, event->name)),
                            STR_ARG(event_model_text(context, id)));
    if (event->kind >= EVENT_FIELD_ADDED && event->kind <= EVENT_FIELD_REPOINTED)
        return arena_printf(context->scratch, "`%.*s`", STR_ARG(event_field_text(context, id)));
    return arena_printf(context->scratch, "`%.*s`", STR_ARG(event_model_text(context, id)));
}

Clashes clashes_open(RuleContext *context)
{
    return (Clashes){
        .context = context, .versions = versions_read(context), .alike = alike_start(context)};
}

void clashes_clear(Clashes *clashes)
{
    array_clear(&clashes->touched);
    map_free(&clashes->touched_index);
}

void clashes_free(Clashes *clashes)
{
    array_free(&clashes->touched);
    map_free(&clashes->touched_index);
}
