#include "state/replay.h"

#include "state/lookup.h"

#include <stdlib.h>

/* What operations need to be there, with two answers each: of the full plan, and of ancestors. */

static StateAt here(const Replay *replay, Step step, bool ancestors)
{
    return (StateAt){step, ancestors ? &replay->reach.now : NULL, replay->node};
}

/* Whether what the ancestors do not provide may still be provided by some that are not known. */
static StateAnswer of_ancestors(const Replay *replay, StateAnswer answer, Sym app)
{
    if (answer != STATE_NO || !replay->reach.taint)
        return answer;
    if (replay->reach.taint & TAINT_ALL)
        return STATE_UNKNOWN;
    AppId id = project_app(replay->project, app);
    bool own = id != APP_NONE && replay->project->apps[id].origin == APP_OWN;
    return own && app != replay->user_app ? STATE_NO : STATE_UNKNOWN;
}

static StateUse blank_use(const Replay *replay, UseKind kind, Sym app, Sym model, Place place)
{
    return (StateUse){.kind = (uint8_t)kind,
                      .step = replay->step,
                      .node = replay->node,
                      .migration = replay->migration,
                      .operation = replay->operation_index,
                      .app = app,
                      .model = model,
                      .place = place,
                      .provider = EVENT_NONE,
                      .gone = EVENT_NONE,
                      .later = EVENT_NONE};
}

static StateUse *new_use(Replay *replay, UseKind kind, Sym app, Sym model, Place place)
{
    array_push(&replay->uses, blank_use(replay, kind, app, model, place));
    return array_last(&replay->uses);
}

/* The event that gave or took away, as far as it has come. */
static void set_events(const Replay *replay, StateUse *use, const NameLine *line)
{
    uint32_t count = line ? line->events.count : 0;
    if (!count)
        return;
    EventId last = line->events.items[count - 1];
    if (line_gives(replay, line, last))
        use->provider = last;
    else
        use->gone = last;
}

static void answer_model(Replay *replay, StateUse *use, Step step)
{
    const NameLine *line = find_name_line(replay, use->app, use->model);
    bool open = app_is_open(replay, use->app, step);
    bool there = line && line->now != MODEL_NONE;
    use->full = there ? STATE_YES : open ? STATE_UNKNOWN : STATE_NO;
    StateAnswer answer;
    find_model(replay, use->app, use->model, here(replay, step, true), &answer);
    use->ancestors = (uint8_t)of_ancestors(replay, answer, use->app);
    use->provider = use->gone = EVENT_NONE;
    set_events(replay, use, line);
}

ModelId use_model(Replay *replay, Word argument_name)
{
    Argument argument = operation_arg(replay, argument_name);
    Sym name = string_of(replay, argument.value);
    if (!name) {
        open_app(replay, replay->app);
        return MODEL_NONE;
    }
    StateUse *use =
        new_use(replay, USE_MODEL, replay->app, lower(replay, name), value_place(argument.written));
    use->text = name;
    answer_model(replay, use, replay->step);
    const NameLine *line = find_name_line(replay, use->app, use->model);
    return line ? line->now : MODEL_NONE;
}

bool use_field(Replay *replay, ModelId model, Sym field, Argument at)
{
    const Life *life = &replay->lives.items[model];
    bool there = slot_of(&life->view.field_slots, field) != UINT32_MAX;
    StateUse *use =
        new_use(replay, USE_FIELD, life->app, life->view.lower, value_place(at.written));
    use->field = field;
    use->full = there ? STATE_YES : is_open(replay, life->app, model) ? STATE_UNKNOWN : STATE_NO;
    StateAnswer model_answer;
    StateAt before = here(replay, replay->step, true);
    ModelId then = find_model(replay, use->app, use->model, before, &model_answer);
    StateAnswer answer =
        then == MODEL_NONE ? STATE_UNKNOWN : find_field(replay, then, field, before, NULL);
    use->ancestors = (uint8_t)of_ancestors(replay, answer, use->app);
    EventId last = EVENT_NONE;
    if (find_field(replay, model, field, here(replay, replay->step, false), &last) == STATE_YES)
        use->provider = last;
    else
        use->gone = last;
    return there || use->full == STATE_UNKNOWN;
}

void use_target(Replay *replay, UseKind kind, ModelId owner, Sym field, const StateTarget *target,
                Place place)
{
    if (!target->given || !target->app || target->text == word(replay, WORD_SELF))
        return;
    StateUse *use = new_use(replay, kind, target->app, target->model, place);
    use->field = field;
    use->owner = replay->lives.items[owner].view.lower;
    use->text = target->text;
    use->setting = target->setting;
    answer_model(replay, use, replay->step + 1);
    /* Bases are looked up when the model is made, whether or not it has a table. */
    if (!replay->operation->database && kind != USE_BASE &&
        (use->full == STATE_NO || use->ancestors == STATE_NO))
        array_push(&replay->pending,
                   (Pending){PENDING_USE, replay->uses.count - 1, owner, field, EVENT_NONE});
}

static void answer_joined(Replay *replay, StateUse *use)
{
    ModelId owner = MODEL_NONE;
    Sym field = SYM_NONE;
    use->full = (uint8_t)find_joined(replay, use->app, use->model, &owner, &field);
    if (use->full == STATE_UNKNOWN)
        use->ancestors = STATE_UNKNOWN;
    if (use->full != STATE_YES)
        return;
    StateAt before = here(replay, replay->step, true);
    StateAnswer answer = find_field(replay, owner, field, before, NULL);
    use->ancestors = (uint8_t)of_ancestors(replay, answer, use->app);
    find_field(replay, owner, field, here(replay, replay->step, false), &use->provider);
    use->gone = EVENT_NONE;
}

void use_lookup(Replay *replay, const StateTarget *target, Place place, bool reverse)
{
    StateUse use = blank_use(replay, USE_LOOKUP, target->app, target->model, place);
    use.text = target->text;
    use.setting = target->setting;
    use.reverse = reverse;
    answer_model(replay, &use, replay->step);
    if (use.full == STATE_NO)
        answer_joined(replay, &use);
    array_push(&replay->lookups, use);
}

/* Of the argument that names the target, else of the field, else of the operation. */
static Place place_of_target(Replay *replay, const StateField *field, Word name, uint32_t position)
{
    Str path = replay->operation->place.path;
    Place place = value_place(call_arg(replay, field->call, name, position).written);
    if (!str_eq(place.path, path))
        place = value_place(field->call);
    return str_eq(place.path, path) ? place : replay->operation->place;
}

void use_targets(Replay *replay, ModelId owner, const StateField *field)
{
    bool many = field->kind == FIELD_MANY;
    uint32_t to = many || field->kind == FIELD_RELATION ? TO_POSITION : UINT32_MAX;
    uint32_t through = many ? THROUGH_POSITION : UINT32_MAX;
    if (field->to.given)
        use_target(replay, USE_TARGET, owner, field->name, &field->to,
                   place_of_target(replay, field, WORD_TO, to));
    if (field->through.given)
        use_target(replay, USE_THROUGH, owner, field->name, &field->through,
                   place_of_target(replay, field, WORD_THROUGH, through));
}

/* ---- when the migration is through ---- */

bool is_alive(const Replay *replay, ModelId model)
{
    const Life *life = &replay->lives.items[model];
    const NameLine *line = find_name_line(replay, life->app, life->view.lower);
    return line && line->now == model;
}

static bool index_still_names(const View *view, Sym name, Sym field)
{
    uint32_t place = slot_of(&view->index_slots, name);
    const StateIndex *index = place == UINT32_MAX ? NULL : &view->indexes.items[place];
    if (!index) {
        place = slot_of(&view->constraint_slots, name);
        index = place == UINT32_MAX ? NULL : &view->constraints.items[place];
    }
    for (uint32_t i = 0; index && i < index->fields.count; i++)
        if (index->fields.items[i] == field)
            return true;
    return false;
}

static bool parent_has(const Replay *replay, const StateProblem *problem)
{
    const NameLine *line = find_name_line(replay, problem->other_app, problem->other);
    return line && line->now != MODEL_NONE &&
           slot_of(&replay->lives.items[line->now].view.field_slots, problem->field) != UINT32_MAX;
}

bool is_primary_key(const View *view, Sym field)
{
    uint32_t place = slot_of(&view->field_slots, field);
    return place != UINT32_MAX && view->fields.items[place].primary_key;
}

static bool option_untouched(const View *view, Sym name, EventId event)
{
    uint32_t place = slot_of(&view->option_slots, name);
    return place != UINT32_MAX && view->options.items[place].event == event;
}

static bool still_so(Replay *replay, const Pending *pending, const StateProblem *problem)
{
    const View *view = &replay->lives.items[pending->model].view;
    bool there = slot_of(&view->field_slots, problem->field) != UINT32_MAX;
    if (!is_alive(replay, pending->model) ||
        replay->lives.items[pending->model].opened != EVENT_NONE)
        return false;
    switch (problem->kind) {
    case PROBLEM_PRIMARY_KEYS:
        return has_table(replay, pending->model) && is_primary_key(view, problem->field) &&
               is_primary_key(view, problem->name);
    case PROBLEM_FIELD_CLASH:
        return there && parent_has(replay, problem);
    case PROBLEM_INDEX_EXISTS:
    case PROBLEM_CONSTRAINT_EXISTS:
        return true;
    case PROBLEM_UNKNOWN_FIELD:
        return can_name_field(replay, pending->model, problem->field) == STATE_NO;
    case PROBLEM_FIELD_IN_OPTION:
        return !there && option_untouched(view, problem->name, pending->event);
    default:
        return !there && index_still_names(view, problem->name, problem->field);
    }
}

void settle_pending(Replay *replay)
{
    for (uint32_t i = 0; i < replay->pending.count; i++) {
        const Pending *pending = &replay->pending.items[i];
        if (pending->what == PENDING_USE)
            answer_model(replay, &replay->uses.items[pending->index], replay->step + 1);
        else if (!still_so(replay, pending, &replay->problems.items[pending->index]))
            replay->problems.items[pending->index].kind = PROBLEM_COUNT;
    }
    array_clear(&replay->pending);
    check_gone(replay);
}

/* ---- when all is through ---- */

/* The first event behind the use that gives its model the field. */
static EventId first_later_field(const Replay *replay, const StateUse *use)
{
    ModelId model =
        find_model(replay, use->app, use->model, (StateAt){use->step, NULL, use->node}, NULL);
    uint64_t key = map_key(model, use->field);
    uint32_t index =
        model == MODEL_NONE ? UINT32_MAX : map_get(&replay->field_index, key, UINT32_MAX);
    const Line *line = index == UINT32_MAX ? NULL : &replay->lines.items[index];
    if (!line)
        return EVENT_NONE;
    const EventId *events = line->events.items;
    for (uint32_t i = events_before(replay, events, line->events.count, use->step + 1);
         i < line->events.count; i++) {
        const StateEvent *event = &replay->events.items[events[i]];
        if (event->kind == EVENT_FIELD_ADDED ||
            (event->kind == EVENT_FIELD_RENAMED && event->to == use->field))
            return events[i];
    }
    return EVENT_NONE;
}

static EventId first_later(const Replay *replay, const StateUse *use)
{
    if (use->kind == USE_FIELD)
        return first_later_field(replay, use);
    const NameLine *line = find_name_line(replay, use->app, use->model);
    if (!line)
        return EVENT_NONE;
    const EventId *events = line->events.items;
    for (uint32_t i = events_before(replay, events, line->events.count, use->step + 1);
         i < line->events.count; i++)
        if (line_gives(replay, line, events[i]))
            return events[i];
    return EVENT_NONE;
}

static int by_number(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return left < right ? -1 : left > right;
}

/* Those that still hold, by step, then as they were found: what a deletion leaves behind is found
 * only when its migration is through. */
static void keep_problems(Replay *replay)
{
    Arena scratch = {0};
    Array(uint64_t) order = {0};
    const StateProblem *found =
        arena_keep(&scratch, StateProblem, replay->problems.items, replay->problems.count);
    for (uint32_t i = 0; i < replay->problems.count; i++)
        if (replay->problems.items[i].kind != PROBLEM_COUNT)
            array_push(&order, (uint64_t)replay->problems.items[i].step << 32 | i);
    if (order.count)
        qsort(order.items, order.count, sizeof *order.items, by_number);
    array_clear(&replay->problems);
    for (uint32_t i = 0; i < order.count; i++)
        array_push(&replay->problems, found[(uint32_t)order.items[i]]);
    array_free(&order);
    arena_free(&scratch);
}

void finish_uses(Replay *replay)
{
    for (uint32_t i = 0; i < replay->problems.count; i++)
        if (replay->problems.items[i].kind == PROBLEM_DELETED_REFERENCED)
            replay->problems.items[i].later = first_mending(replay, &replay->problems.items[i]);
    for (uint32_t i = 0; i < replay->uses.count; i++) {
        StateUse *use = &replay->uses.items[i];
        if (use->full == STATE_NO)
            use->later = first_later(replay, use);
    }
    for (uint32_t i = 0; i < replay->lookups.count; i++) {
        StateUse *use = &replay->lookups.items[i];
        if (use->full == STATE_NO)
            use->later = first_later(replay, use);
    }
    keep_problems(replay);
}
