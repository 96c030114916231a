#include "rules/versions.h"

#include "rules/nodes.h"

/* ---- before and after ---- */

typedef struct Reading {
    const State *state;
    Versions versions;
    Map defined; /* (model, name) → event that says what a field is like */
    Map removed; /* the same → the last removal */
    Map given;   /* the same → the last renaming to it */
    Map options, indexes, constraints, index_removed, index_given;
    Map models; /* (app, lower) → the last deletion */
    Map names;  /* model → the last renaming */
} Reading;

static uint64_t key_of(const StateEvent *event, Sym name)
{
    return map_key(event->model, name);
}

static void read_field(Reading *reading, const StateEvent *event, EventId id)
{
    uint64_t key = key_of(event, event->name);
    EventId *defined = &reading->versions.defined[id], *earlier = &reading->versions.earlier[id];
    switch (event->kind) {
    case EVENT_FIELD_ADDED:
        *earlier = map_get(&reading->removed, key, EVENT_NONE);
        map_set(&reading->defined, key, id);
        map_set(&reading->given, key, EVENT_NONE);
        break;
    case EVENT_FIELD_ALTERED:
    case EVENT_FIELD_REPOINTED:
        *defined = map_get(&reading->defined, key, EVENT_NONE);
        map_set(&reading->defined, key, id);
        break;
    case EVENT_FIELD_REMOVED:
        *defined = map_get(&reading->defined, key, EVENT_NONE);
        map_set(&reading->defined, key, EVENT_NONE);
        map_set(&reading->removed, key, id);
        break;
    case EVENT_FIELD_RENAMED:
        *defined = map_get(&reading->defined, key_of(event, event->from), EVENT_NONE);
        *earlier = map_get(&reading->given, key_of(event, event->from), EVENT_NONE);
        map_set(&reading->defined, key_of(event, event->from), EVENT_NONE);
        map_set(&reading->defined, key, *defined);
        map_set(&reading->given, key, id);
        break;
    }
}

static void read_index(Reading *reading, const StateEvent *event, EventId id)
{
    uint64_t key = key_of(event, event->name);
    EventId *defined = &reading->versions.defined[id], *earlier = &reading->versions.earlier[id];
    bool index = event->kind <= EVENT_INDEX_RENAMED;
    Map *now = index ? &reading->indexes : &reading->constraints;
    switch (event->kind) {
    case EVENT_INDEX_ADDED:
    case EVENT_CONSTRAINT_ADDED:
        *earlier = map_get(&reading->index_removed, key, EVENT_NONE);
        map_set(now, key, id);
        map_set(&reading->index_given, key, EVENT_NONE);
        break;
    case EVENT_INDEX_REMOVED:
    case EVENT_CONSTRAINT_REMOVED:
        *defined = map_get(now, key, EVENT_NONE);
        map_set(now, key, EVENT_NONE);
        map_set(&reading->index_removed, key, id);
        break;
    case EVENT_CONSTRAINT_ALTERED:
        *defined = map_get(now, key, EVENT_NONE);
        map_set(now, key, id);
        break;
    case EVENT_INDEX_RENAMED:
        *defined = map_get(now, key_of(event, event->from), EVENT_NONE);
        *earlier = map_get(&reading->index_given, key_of(event, event->from), EVENT_NONE);
        map_set(now, key, *defined);
        map_set(&reading->index_given, key, id);
        break;
    }
}

static void read_model(Reading *reading, const StateEvent *event, EventId id)
{
    EventId *defined = &reading->versions.defined[id], *earlier = &reading->versions.earlier[id];
    switch (event->kind) {
    case EVENT_MODEL_CREATED:
        *earlier = map_get(&reading->models, map_key(event->app, event->name), EVENT_NONE);
        break;
    case EVENT_MODEL_DELETED:
        map_set(&reading->models, map_key(event->app, event->name), id);
        break;
    case EVENT_MODEL_RENAMED:
        *earlier = map_get(&reading->names, event->model, EVENT_NONE);
        map_set(&reading->names, event->model, id);
        break;
    case EVENT_OPTION_SET:
    case EVENT_OPTION_DROPPED:
        *defined = map_get(&reading->options, key_of(event, event->name), EVENT_NONE);
        map_set(&reading->options, key_of(event, event->name),
                event->kind == EVENT_OPTION_SET ? id : EVENT_NONE);
        break;
    }
}

static void read_event(Reading *reading, const StateEvent *event, EventId id)
{
    Versions *versions = &reading->versions;
    if (event->kind >= EVENT_FIELD_ADDED && event->kind <= EVENT_FIELD_REPOINTED)
        read_field(reading, event, id);
    else if (event->kind >= EVENT_INDEX_ADDED && event->kind <= EVENT_CONSTRAINT_ALTERED)
        read_index(reading, event, id);
    else
        read_model(reading, event, id);
    bool renames = event->kind == EVENT_FIELD_RENAMED || event->kind == EVENT_INDEX_RENAMED;
    if (versions->defined[id] != EVENT_NONE && !renames)
        versions->next[versions->defined[id]] = id;
}

static void versions_alloc(Versions *versions, const State *state, Arena *arena)
{
    ModelId models = 0;
    for (EventId id = 0; id < state->event_count; id++)
        if (state->events[id].model >= models)
            models = state->events[id].model + 1;
    versions->defined = arena_array(arena, EventId, state->event_count);
    versions->earlier = arena_array(arena, EventId, state->event_count);
    versions->next = arena_array(arena, EventId, state->event_count);
    versions->open = arena_array(arena, bool, state->event_count);
    versions->gone = arena_array(arena, bool, models);
    for (EventId id = 0; id < state->event_count; id++)
        versions->defined[id] = versions->earlier[id] = versions->next[id] = EVENT_NONE;
}

Versions versions_read(const RuleContext *context)
{
    const State *state = context->state;
    Reading reading = {.state = state};
    Versions *versions = &reading.versions;
    versions_alloc(versions, state, context->scratch);
    for (EventId id = 0; id < state->event_count; id++) {
        const StateEvent *event = &state->events[id];
        versions->open[id] = state_may_differ(state, event->model, (StateAt){.step = event->step});
        if (event->kind == EVENT_MODEL_DELETED || event->kind == EVENT_MODEL_OVERWRITTEN)
            versions->gone[event->model] = true;
        read_event(&reading, event, id);
    }
    Map *maps[] = {&reading.defined, &reading.removed,     &reading.given,
                   &reading.options, &reading.indexes,     &reading.constraints,
                   &reading.models,  &reading.index_given, &reading.index_removed,
                   &reading.names};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
        map_free(maps[i]);
    return reading.versions;
}

bool versions_last(const Versions *versions, const State *state, EventId id)
{
    if (versions->gone[state->events[id].model])
        return false;
    EventId next = versions->next[id];
    while (next != EVENT_NONE && state->events[next].kind == EVENT_FIELD_REPOINTED)
        next = versions->next[next];
    return next == EVENT_NONE;
}

const Operation *own_operation(const RuleContext *context, EventId id)
{
    const StateEvent *event = event_at(context, id);
    if (!event || event->migration == MIGRATION_NONE || !node_is_own(context, event->node))
        return NULL;
    const Migration *migration = &context->project->migrations[event->migration];
    return event->operation < migration->operation_count ? &migration->operations[event->operation]
                                                         : NULL;
}

const Operation *whole_operation(const RuleContext *context, EventId id)
{
    const Operation *operation = own_operation(context, id);
    return operation && operation->database && operation->state && !operation->maybe ? operation
                                                                                     : NULL;
}

static bool is_integer_class(Str path)
{
    static const char *const names[] = {
        "AutoField",
        "BigAutoField",
        "SmallAutoField",
        "IntegerField",
        "BigIntegerField",
        "SmallIntegerField",
        "PositiveIntegerField",
        "PositiveBigIntegerField",
        "PositiveSmallIntegerField",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_starts(path, S("django.db.models.")) && str_eq(str_tail(path, '.'), str(names[i])))
            return true;
    return false;
}

bool has_integer_key(const RuleContext *context, const StateTarget *target, Step step)
{
    StateAt then = {.step = step};
    ModelId id = target->app && target->model
                     ? state_model(context->state, target->app, target->model, then, NULL)
                     : MODEL_NONE;
    Arena arena = {0};
    bool integer = false;
    const ModelState *model =
        id == MODEL_NONE ? NULL : state_model_at(context->state, id, then, &arena);
    for (uint32_t i = 0; model && i < model->field_count; i++)
        if (model->fields[i].primary_key)
            integer = is_integer_class(context_str(context, model->fields[i].class_path));
    arena_free(&arena);
    return integer;
}

Str event_model_text(const RuleContext *context, EventId id)
{
    const StateEvent *event = event_at(context, id);
    Sym name = state_model_name(context->state, event->model, (StateAt){.step = event->step + 1});
    return arena_printf(context->scratch, "%.*s.%.*s", STR_ARG(context_str(context, event->app)),
                        STR_ARG(context_str(context, name)));
}

Str event_field_text(const RuleContext *context, EventId id)
{
    return arena_printf(context->scratch, "%.*s.%.*s", STR_ARG(event_model_text(context, id)),
                        STR_ARG(context_str(context, event_at(context, id)->name)));
}

/* ---- lines ---- */

enum { WORK_ON_LINES = 1 << 25 };

void lines_init(Lines *lines, const RuleContext *context)
{
    *lines = (Lines){
        .context = context,
        .round = arena_array(context->scratch, uint32_t, context->graph->node_count),
        .work_left = WORK_ON_LINES,
    };
}

void lines_free(Lines *lines)
{
    map_free(&lines->known);
    array_free(&lines->open);
}

/* Breadth first towards the past, no further than where `from` stands in the plan. */
static bool walk(Lines *lines, NodeId from, NodeId to)
{
    const State *state = lines->context->state;
    const Graph *graph = lines->context->graph;
    lines->rounds++;
    array_clear(&lines->open);
    array_push(&lines->open, to);
    for (uint32_t i = 0; i < lines->open.count; i++)
        EACH_PARENT_EDGE(graph, lines->open.items[i], edge)
        {
            NodeId parent = edge->parent;
            if (!lines->work_left)
                return false;
            lines->work_left--;
            if (parent == from && !edge->maybe)
                return true;
            if (edge->maybe || lines->round[parent] == lines->rounds ||
                state->first_step[parent] == STEP_NONE ||
                state->first_step[parent] < state->first_step[from])
                continue;
            lines->round[parent] = lines->rounds;
            array_push(&lines->open, parent);
        }
    return false;
}

bool lines_lead(Lines *lines, NodeId from, NodeId to)
{
    enum { NOT_ASKED = 2 };
    if (from == to)
        return true;
    uint32_t known = map_get(&lines->known, map_key(from, to), NOT_ASKED);
    if (known == NOT_ASKED) {
        known = walk(lines, from, to);
        map_set(&lines->known, map_key(from, to), known);
    }
    return known;
}

bool lines_touch(const RuleContext *context, NodeId from, NodeId to)
{
    if (from == to)
        return true;
    EACH_PARENT_EDGE(context->graph, to, edge)
    if (edge->parent == from && !edge->maybe)
        return node_at(context, from)->app == node_at(context, to)->app;
    return false;
}
