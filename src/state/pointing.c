#include "state/replay.h"

#include "state/lookup.h"

/*
 * Who points at a name: relations by `to` and `through`, and models by their bases. What points
 * there is kept as the event by which it came to, and forgotten when somebody looks and it no
 * longer does; so that looking costs what is there, not what ever was.
 */

static Sym field_of(const Replay *replay, EventId event)
{
    return replay->events.items[event].name;
}

static uint32_t line_of_field(const Replay *replay, EventId event)
{
    uint64_t key = map_key(replay->events.items[event].model, field_of(replay, event));
    return map_get(&replay->field_index, key, UINT32_MAX);
}

/* The field of that event as it is now; NULL when it or its model is no more. */
static const StateField *field_now(const Replay *replay, EventId event)
{
    ModelId model = replay->events.items[event].model;
    const View *view = &replay->lives.items[model].view;
    uint32_t place = slot_of(&view->field_slots, field_of(replay, event));
    return place != UINT32_MAX && is_alive(replay, model) ? &view->fields.items[place] : NULL;
}

static bool is_at(const StateTarget *target, const NameLine *line)
{
    return target->app == line->app && target->model == line->lower;
}

static bool still_points(const Replay *replay, EventId event, const NameLine *line)
{
    const StateField *field = field_now(replay, event);
    return field && (is_at(&field->to, line) || is_at(&field->through, line));
}

static Sym to_field_of(Replay *replay, const StateField *field)
{
    if (field->to_field)
        return field->to_field;
    return string_of(replay, call_arg(replay, field->call, WORD_TO_FIELD, UINT32_MAX).value);
}

static uint32_t enter(Replay *replay, EventId event, const StateTarget *target)
{
    NameLine *line = name_line(replay, target->app, target->model);
    uint32_t index = (uint32_t)(line - replay->names.items);
    uint64_t key = map_key(index, line_of_field(replay, event));
    if (!map_get(&replay->pointed, key, 0))
        array_push(&line->pointing, event);
    map_set(&replay->pointed, key, 1);
    return index;
}

void point(Replay *replay, EventId event, const StateField *field)
{
    const StateField pointing = *field;
    if (pointing.through.app)
        enter(replay, event, &pointing.through);
    if (!pointing.to.app)
        return;
    uint32_t index = enter(replay, event, &pointing.to);
    Sym to_field = to_field_of(replay, &pointing);
    if (to_field)
        on_line(replay, &replay->to_fields, index, to_field, event);
}

/* ---- renaming ---- */

/* Takes out what no longer points at the name; what does keeps its order. */
static void forget_gone(Replay *replay, NameLine *line)
{
    uint32_t index = (uint32_t)(line - replay->names.items), kept = 0;
    for (uint32_t i = 0; i < line->pointing.count; i++) {
        EventId event = line->pointing.items[i];
        if (still_points(replay, event, line))
            line->pointing.items[kept++] = event;
        else
            map_set(&replay->pointed, map_key(index, line_of_field(replay, event)), 0);
    }
    line->pointing.count = kept;
}

void repoint(Replay *replay, Sym app, Sym old_lower, Sym new_name)
{
    Sym new_text = intern(&replay->workspace->interner,
                          arena_printf(replay->arena, "%.*s.%.*s", STR_ARG(text_of(replay, app)),
                                       STR_ARG(text_of(replay, new_name))));
    StateTarget target = target_from_text(replay, new_text, app, SYM_NONE);
    uint32_t index = (uint32_t)(name_line(replay, app, old_lower) - replay->names.items);
    forget_gone(replay, &replay->names.items[index]);
    uint32_t count = replay->names.items[index].pointing.count;
    for (uint32_t i = 0; i < count && !replay->overflow; i++) {
        const NameLine *line = &replay->names.items[index];
        EventId event = line->pointing.items[i];
        StateField field = *field_now(replay, event);
        bool to = is_at(&field.to, line) && field.to.text != word(replay, WORD_SELF);
        bool through = is_at(&field.through, line);
        field.repointed = (uint8_t)((to ? REPOINTED_TO : 0) | (through ? REPOINTED_THROUGH : 0));
        field.repointed_from = old_lower;
        if (to)
            field.to = target;
        if (through)
            field.through = target;
        if (to || through)
            add_field(replay, replay->events.items[event].model, &field, EVENT_FIELD_REPOINTED);
    }
}

void rename_in_pointing(Replay *replay, ModelId model, Sym from, Sym to)
{
    const Life *life = &replay->lives.items[model];
    uint32_t index =
        (uint32_t)(name_line(replay, life->app, life->view.lower) - replay->names.items);
    uint32_t at = map_get(&replay->to_fields, map_key(index, from), UINT32_MAX);
    uint32_t count = at == UINT32_MAX ? 0 : replay->lines.items[at].events.count;
    for (uint32_t i = 0; i < count && !replay->overflow; i++) {
        EventId event = replay->lines.items[at].events.items[i];
        const StateField *now = field_now(replay, event);
        if (!now || !is_at(&now->to, &replay->names.items[index]) ||
            to_field_of(replay, now) != from)
            continue;
        StateField field = *now;
        field.to_field = to;
        field.repointed = REPOINTED_TO_FIELD;
        add_field(replay, replay->events.items[event].model, &field, EVENT_FIELD_REPOINTED);
    }
    if (at != UINT32_MAX)
        array_clear(&replay->lines.items[at].events);
}

void check_children(Replay *replay, ModelId renamed)
{
    const Life *life = &replay->lives.items[renamed];
    const NameLine *line = find_name_line(replay, life->app, life->view.lower);
    uint32_t told = 0;
    for (uint32_t i = 0; i < line->children.count && i < MOST_LOOKED_AT && told < MOST_TOLD; i++) {
        ModelId child = line->children.items[i];
        const Life *of = &replay->lives.items[child];
        if (child == renamed || !is_alive(replay, child) || is_open(replay, of->app, child))
            continue;
        StateProblem *found = problem(replay, PROBLEM_RENAMED_PARENT, renamed);
        found->other_app = of->app;
        found->other = of->view.lower;
        told++;
    }
}

/* ---- deleting ---- */

/* `field` NULL: by its bases. Whether it is told. */
static bool report_pointing(Replay *replay, const NameLine *line, EventId deletion, ModelId model,
                            const StateField *field)
{
    const StateEvent event = replay->events.items[deletion];
    const Life *life = &replay->lives.items[model];
    if (!is_alive(replay, model) || is_open(replay, life->app, model))
        return false;
    array_push(&replay->problems,
               (StateProblem){.kind = PROBLEM_DELETED_REFERENCED,
                              .step = event.step,
                              .node = event.node,
                              .migration = event.migration,
                              .operation = event.operation,
                              .app = line->app,
                              .model = line->lower,
                              .field = field ? field->name : SYM_NONE,
                              .other_app = life->app,
                              .other = life->view.lower,
                              .place = replay->operations[event.operation].place,
                              .earlier = field ? field->last : life->view.created,
                              .later = model});
    return true;
}

static void check_references(Replay *replay, const NameLine *line, EventId deletion)
{
    uint32_t told = 0;
    for (uint32_t i = 0; i < line->pointing.count && i < MOST_LOOKED_AT && told < MOST_TOLD; i++) {
        EventId event = line->pointing.items[i];
        if (still_points(replay, event, line))
            told += report_pointing(replay, line, deletion, replay->events.items[event].model,
                                    field_now(replay, event));
    }
    for (uint32_t i = 0; i < line->children.count && i < MOST_LOOKED_AT && told < MOST_TOLD; i++)
        told += report_pointing(replay, line, deletion, line->children.items[i], NULL);
}

void check_gone(Replay *replay)
{
    for (uint32_t i = 0; i < replay->gone.count; i++) {
        NameLine *line = &replay->names.items[replay->gone.items[i]];
        EventId last = *array_last(&line->events);
        bool deleted = replay->events.items[last].kind == EVENT_MODEL_DELETED;
        if (line->now != MODEL_NONE || !deleted || line->looked_at == last ||
            app_is_open(replay, line->app, replay->step))
            continue;
        line->looked_at = last;
        check_references(replay, line, last);
    }
    array_clear(&replay->gone);
}

static EventId first_after(const Replay *replay, const EventId *events, uint32_t count, Step step)
{
    uint32_t at = events_before(replay, events, count, step + 1);
    return at < count ? events[at] : EVENT_NONE;
}

/* Something else that happens to the name, to the field, or the end of the model that refers. */
EventId first_mending(const Replay *replay, const StateProblem *problem)
{
    const NameLine *line = find_name_line(replay, problem->app, problem->model);
    const Life *life = &replay->lives.items[problem->later];
    uint32_t at =
        map_get(&replay->field_index, map_key(problem->later, problem->field), UINT32_MAX);
    EventId found = first_after(replay, line->events.items, line->events.count, problem->step);
    if (problem->field && at != UINT32_MAX) {
        const Line *of = &replay->lines.items[at];
        EventId id = first_after(replay, of->events.items, of->events.count, problem->step);
        found = id < found ? id : found;
    }
    EventId last = *array_last(&life->events);
    bool ends = replay->events.items[last].kind == EVENT_MODEL_DELETED;
    return ends && replay->events.items[last].step > problem->step && last < found ? last : found;
}
