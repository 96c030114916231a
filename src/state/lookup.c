#include "state/lookup.h"

#include <stdlib.h>

bool line_gives(const Replay *replay, const NameLine *line, EventId id)
{
    const StateEvent *event = &replay->events.items[id];
    return event->kind == EVENT_MODEL_CREATED ||
           (event->kind == EVENT_MODEL_RENAMED && event->name == line->lower);
}

bool event_counts(const Replay *replay, EventId id, StateAt at)
{
    const StateEvent *event = &replay->events.items[id];
    return event->step < at.step &&
           (!at.nodes || event->node == at.self || nodeset_has(at.nodes, event->node));
}

uint32_t events_before(const Replay *replay, const EventId *events, uint32_t count, Step step)
{
    uint32_t low = 0;
    while (low < count) {
        uint32_t middle = low + (count - low) / 2;
        if (replay->events.items[events[middle]].step < step)
            low = middle + 1;
        else
            count = middle;
    }
    return low;
}

ModelId find_model(const Replay *replay, Sym app, Sym lower_name, StateAt at, StateAnswer *answer)
{
    const NameLine *line = find_name_line(replay, app, lower_name);
    StateAnswer otherwise = app_is_open(replay, app, at.step) ? STATE_UNKNOWN : STATE_NO;
    uint32_t count =
        line ? events_before(replay, line->events.items, line->events.count, at.step) : 0;
    while (count-- > 0) {
        EventId id = line->events.items[count];
        if (!event_counts(replay, id, at))
            continue;
        if (!line_gives(replay, line, id))
            break;
        if (answer)
            *answer = STATE_YES;
        return replay->events.items[id].model;
    }
    if (answer)
        *answer = otherwise;
    return MODEL_NONE;
}

static bool is_opened(const Replay *replay, const Life *life, StateAt at)
{
    return life->opened != EVENT_NONE && replay->events.items[life->opened].step < at.step;
}

/* The latest event of the field or option that counts; EVENT_NONE. */
EventId last_on_line(const Replay *replay, const Map *of, ModelId model, Sym name, StateAt at,
                     bool repointed)
{
    uint32_t index = map_get(of, map_key(model, name), UINT32_MAX);
    const Line *line = index == UINT32_MAX ? NULL : &replay->lines.items[index];
    uint32_t count =
        line ? events_before(replay, line->events.items, line->events.count, at.step) : 0;
    while (count-- > 0) {
        EventId id = line->events.items[count];
        if (event_counts(replay, id, at) &&
            (repointed || replay->events.items[id].kind != EVENT_FIELD_REPOINTED))
            return id;
    }
    return EVENT_NONE;
}

StateAnswer find_field(const Replay *replay, ModelId model, Sym field, StateAt at, EventId *last)
{
    EventId id = last_on_line(replay, &replay->field_index, model, field, at, false);
    const StateEvent *event = id == EVENT_NONE ? NULL : &replay->events.items[id];
    if (event && last)
        *last = id;
    bool there = event && (event->kind == EVENT_FIELD_RENAMED ? event->to == field
                                                              : event->kind != EVENT_FIELD_REMOVED);
    const Life *life = &replay->lives.items[model];
    bool open = app_is_open(replay, life->app, at.step) || is_opened(replay, life, at);
    return there ? STATE_YES : open ? STATE_UNKNOWN : STATE_NO;
}

ModelId state_model(const State *state, Sym app, Sym lower_name, StateAt at, StateAnswer *answer)
{
    return find_model(state->replay, app, lower_name, at, answer);
}

StateAnswer state_has_field(const State *state, ModelId model, Sym field, StateAt at)
{
    return find_field(state->replay, model, field, at, NULL);
}

bool state_may_differ(const State *state, ModelId model, StateAt at)
{
    const Replay *replay = state->replay;
    const Life *life = &replay->lives.items[model];
    return is_opened(replay, life, at) || life->doubted <= at.step ||
           map_get(&replay->unread_apps, life->app, STEP_NONE) <= at.step;
}

EventId state_created(const State *state, ModelId model)
{
    return state->replay->lives.items[model].events.items[0];
}

Sym state_model_app(const State *state, ModelId model)
{
    return state->replay->lives.items[model].app;
}

Sym state_model_name(const State *state, ModelId model, StateAt at)
{
    const Replay *replay = state->replay;
    EventId named = last_on_line(replay, &replay->option_index, model, SYM_NONE, at, true);
    return named == EVENT_NONE ? SYM_NONE : replay->events.items[named].to;
}

Sym state_written(const State *state, Sym app, Sym lower_name, Step step)
{
    const Replay *replay = state->replay;
    const NameLine *line = find_name_line(replay, app, lower_name);
    uint32_t count =
        line ? events_before(replay, line->events.items, line->events.count, step + 1) : 0;
    while (count-- > 0)
        if (line_gives(replay, line, line->events.items[count]))
            return replay->events.items[line->events.items[count]].to;
    return lower_name;
}

/* With ancestors only, the field may have been another one than in the plan. */
static bool copy_field(const State *state, ModelId model, Sym field, StateAt at, StateField *out)
{
    Arena arena = {0};
    const ModelState *then = state_model_at(state, model, at, &arena);
    bool found = false;
    for (uint32_t i = 0; i < then->field_count && !found; i++)
        if ((found = then->fields[i].name == field))
            *out = then->fields[i];
    arena_free(&arena);
    return found;
}

StateAnswer state_field_at(const State *state, ModelId model, Sym field, StateAt at,
                           StateField *out)
{
    const Replay *replay = state->replay;
    StateAnswer answer = find_field(replay, model, field, at, NULL);
    if (answer != STATE_YES)
        return answer;
    if (at.nodes)
        return copy_field(state, model, field, at, out) ? STATE_YES : STATE_UNKNOWN;
    EventId last = last_on_line(replay, &replay->field_index, model, field, at, true);
    *out = replay->fields.items[replay->events.items[last].payload];
    return out->created != EVENT_NONE ? STATE_YES : STATE_UNKNOWN;
}

static StateAnswer option_says(const Replay *replay, ModelId model, Word name, StateAt at,
                               StateAnswer otherwise)
{
    EventId id = last_on_line(replay, &replay->option_index, model, word(replay, name), at, true);
    const StateEvent *event = id == EVENT_NONE ? NULL : &replay->events.items[id];
    if (!event || event->kind == EVENT_OPTION_DROPPED)
        return otherwise;
    ValueRef ref = replay->options.items[event->payload].value;
    const Value *value = ref.id ? value_at(&ref.module->values, ref.id) : NULL;
    bool known = value && value->kind == VALUE_BOOL && !(value->flags & VALUE_MAYBE);
    return !known ? STATE_UNKNOWN : value->u.boolean ? STATE_YES : STATE_NO;
}

StateAnswer state_managed_at(const State *state, ModelId model, StateAt at)
{
    StateAnswer proxy = option_says(state->replay, model, WORD_PROXY, at, STATE_NO);
    StateAnswer managed = option_says(state->replay, model, WORD_MANAGED, at, STATE_YES);
    if (proxy == STATE_YES || managed == STATE_NO)
        return STATE_NO;
    bool known = proxy == STATE_NO && managed == STATE_YES && !state_may_differ(state, model, at);
    return known ? STATE_YES : STATE_UNKNOWN;
}

Step state_app_open(const State *state, Sym app)
{
    return app_is_open(state->replay, app, 0) ? 0
                                              : map_get(&state->replay->open_apps, app, STEP_NONE);
}

/* ---- points ---- */

StateAt state_end(const State *state)
{
    return (StateAt){state->step_count, NULL, NODE_NONE};
}

StateAt state_before(const State *state, NodeId node, uint32_t operation)
{
    Step first = state->first_step[node], end = state->end_step[node];
    if (first == STEP_NONE)
        return (StateAt){STEP_NONE, NULL, node};
    return (StateAt){operation < end - first ? first + operation : end, NULL, node};
}

StateAt state_after(const State *state, NodeId node)
{
    return state_before(state, node, UINT32_MAX);
}

StateAt state_narrowed(StateAt at, NodeId node, const NodeSet *ancestors)
{
    return (StateAt){at.step, ancestors, node};
}

/* ---- models ---- */

ModelState *state_model_at(const State *state, ModelId model, StateAt at, Arena *arena)
{
    const Replay *replay = state->replay;
    const Life *life = &replay->lives.items[model];
    View view = {.created = EVENT_NONE, .opened = EVENT_NONE};
    for (uint32_t i = 0; i < life->events.count; i++) {
        EventId id = life->events.items[i];
        if (replay->events.items[id].step >= at.step)
            break;
        if (event_counts(replay, id, at))
            view_apply(&view, replay, id);
    }
    ModelState *made = view_model(&view, replay, model, arena);
    /* Only the first event that opens it is there: with `nodes` it may stand for another one. */
    made->open |= app_is_open(replay, life->app, at.step) || is_opened(replay, life, at);
    view_free(&view);
    return made;
}

typedef struct NamedModel {
    Str app, lower;
    ModelId model;
} NamedModel;

static int by_name(const void *a, const void *b)
{
    const NamedModel *left = a, *right = b;
    int order = str_cmp(left->app, right->app);
    return order ? order : str_cmp(left->lower, right->lower);
}

Models state_models(const State *state, StateAt at, Arena *arena)
{
    const Replay *replay = state->replay;
    Array(NamedModel) found = {0};
    for (uint32_t i = 0; i < replay->names.count; i++) {
        const NameLine *line = &replay->names.items[i];
        ModelId model = find_model(replay, line->app, line->lower, at, NULL);
        if (model != MODEL_NONE)
            array_push(&found, (NamedModel){text_of(replay, line->app),
                                            text_of(replay, line->lower), model});
    }
    if (found.count)
        qsort(found.items, found.count, sizeof *found.items, by_name);
    Models models = {arena_array(arena, ModelId, found.count), found.count};
    for (uint32_t i = 0; i < found.count; i++)
        models.items[i] = found.items[i].model;
    array_free(&found);
    return models;
}

/* ---- history ---- */

static int by_id(const void *a, const void *b)
{
    EventId left = *(const EventId *)a, right = *(const EventId *)b;
    return left < right ? -1 : left > right;
}

/* A field under the names it had: renames are followed to both sides. */
static bool about_field(Map *names, const StateEvent *event)
{
    if (event->kind < EVENT_FIELD_ADDED || event->kind > EVENT_FIELD_REPOINTED)
        return false;
    if (event->kind != EVENT_FIELD_RENAMED)
        return map_has(names, event->name);
    bool about = map_has(names, event->from) || map_has(names, event->to);
    if (about) {
        map_set(names, event->from, 1);
        map_set(names, event->to, 1);
    }
    return about;
}

static void add_life(const Replay *replay, ModelId model, Sym field, Events *out)
{
    const Life *life = &replay->lives.items[model];
    Map names = {0};
    if (field)
        map_set(&names, field, 1);
    /* Once backwards, for what it was called before; then forwards with all its names. */
    for (uint32_t i = life->events.count; field && i-- > 0;)
        about_field(&names, &replay->events.items[life->events.items[i]]);
    for (uint32_t i = 0; i < life->events.count; i++)
        if (!field || about_field(&names, &replay->events.items[life->events.items[i]]))
            out->items[out->count++] = life->events.items[i];
    map_free(&names);
}

Events state_history(const State *state, Sym app, Sym lower_name, Sym field, Arena *arena)
{
    const Replay *replay = state->replay;
    const NameLine *line = find_name_line(replay, app, lower_name);
    Map seen = {0};
    Events events = {0};
    uint32_t room = 0;
    for (int pass = 0; pass < 2; pass++) {
        if (pass)
            events.items = arena_array(arena, EventId, room);
        for (uint32_t i = 0; line && i < line->events.count; i++) {
            ModelId model = replay->events.items[line->events.items[i]].model;
            if (map_get(&seen, model, 0) > (uint32_t)pass)
                continue;
            map_set(&seen, model, (uint32_t)pass + 1);
            room += replay->lives.items[model].events.count;
            if (pass)
                add_life(replay, model, field, &events);
        }
    }
    map_free(&seen);
    if (events.count)
        qsort(events.items, events.count, sizeof *events.items, by_id);
    return events;
}

const StateField *state_event_field(const State *state, EventId id)
{
    const StateEvent *event = &state->events[id];
    bool brings = event->kind == EVENT_FIELD_ADDED || event->kind == EVENT_FIELD_ALTERED ||
                  event->kind == EVENT_FIELD_REPOINTED;
    return brings ? &state->replay->fields.items[event->payload] : NULL;
}

const StateOption *state_event_option(const State *state, EventId id)
{
    const StateEvent *event = &state->events[id];
    return event->kind == EVENT_OPTION_SET ? &state->replay->options.items[event->payload] : NULL;
}

const StateIndex *state_event_index(const State *state, EventId id)
{
    const StateEvent *event = &state->events[id];
    bool brings = event->kind == EVENT_INDEX_ADDED || event->kind == EVENT_CONSTRAINT_ADDED ||
                  event->kind == EVENT_CONSTRAINT_ALTERED;
    return brings ? &state->replay->indexes.items[event->payload] : NULL;
}
