#include "state/replay.h"

/* ---- timelines ---- */

const NameLine *find_name_line(const Replay *replay, Sym app, Sym lower_name)
{
    uint32_t index = map_get(&replay->name_index, map_key(app, lower_name), UINT32_MAX);
    return index == UINT32_MAX ? NULL : &replay->names.items[index];
}

NameLine *name_line(Replay *replay, Sym app, Sym lower_name)
{
    uint64_t key = map_key(app, lower_name);
    uint32_t index = map_get(&replay->name_index, key, UINT32_MAX);
    if (index == UINT32_MAX) {
        index = replay->names.count;
        map_set(&replay->name_index, key, index);
        array_push(&replay->names, (NameLine){.app = app,
                                              .lower = lower_name,
                                              .now = MODEL_NONE,
                                              .looked_at = EVENT_NONE});
    }
    return &replay->names.items[index];
}

static void bind(Replay *replay, Sym app, Sym lower_name, ModelId now, EventId id)
{
    NameLine *line = name_line(replay, app, lower_name);
    line->now = now;
    array_push(&line->events, id);
    if (now == MODEL_NONE)
        array_push(&replay->gone, (uint32_t)(line - replay->names.items));
}

void on_line(Replay *replay, Map *of, uint32_t owner, Sym name, EventId id)
{
    uint64_t key = map_key(owner, name);
    uint32_t index = map_get(of, key, UINT32_MAX);
    if (index == UINT32_MAX) {
        index = replay->lines.count;
        map_set(of, key, index);
        array_push(&replay->lines, (Line){{0}});
    }
    array_push(&replay->lines.items[index].events, id);
}

/* The payload of a field's event is what the field has become, all of it: the last event on its
 * line answers for it. */
static void on_field(Replay *replay, const StateEvent *event, Sym field, EventId id)
{
    on_line(replay, &replay->field_index, event->model, field, id);
    const View *view = &replay->lives.items[event->model].view;
    uint32_t place = slot_of(&view->field_slots, field);
    if (place != UINT32_MAX)
        replay->fields.items[event->payload] = view->fields.items[place];
}

static void on_lines(Replay *replay, const StateEvent *event, Sym lower_before, EventId id)
{
    switch (event->kind) {
    case EVENT_MODEL_CREATED:
        bind(replay, event->app, event->name, event->model, id);
        on_line(replay, &replay->option_index, event->model, SYM_NONE, id);
        break;
    case EVENT_MODEL_DELETED:
    case EVENT_MODEL_OVERWRITTEN:
        bind(replay, event->app, lower_before, MODEL_NONE, id);
        break;
    case EVENT_MODEL_RENAMED:
        bind(replay, event->app, lower_before, MODEL_NONE, id);
        bind(replay, event->app, event->name, event->model, id);
        on_line(replay, &replay->option_index, event->model, SYM_NONE, id);
        break;
    case EVENT_FIELD_RENAMED:
        on_field(replay, event, event->from, id);
        if (event->from != event->to)
            on_field(replay, event, event->to, id);
        break;
    case EVENT_FIELD_ADDED:
    case EVENT_FIELD_ALTERED:
    case EVENT_FIELD_REMOVED:
    case EVENT_FIELD_REPOINTED:
        on_field(replay, event, event->name, id);
        break;
    case EVENT_OPTION_SET:
    case EVENT_OPTION_DROPPED:
        on_line(replay, &replay->option_index, event->model, event->name, id);
        break;
    }
}

EventId emit(Replay *replay, StateEvent event)
{
    if (replay->events.count >= LIMIT_EVENTS) {
        replay->overflow = true;
        return EVENT_NONE;
    }
    event.step = replay->step;
    event.node = replay->node;
    event.migration = replay->migration;
    event.operation = replay->operation_index;
    EventId id = replay->events.count;
    Life *life = &replay->lives.items[event.model];
    event.app = life->app;
    Sym lower_before = life->view.lower;
    array_push(&replay->events, event);
    array_push(&life->events, id);
    view_apply(&life->view, replay, id);
    on_lines(replay, &event, lower_before, id);
    return id;
}

/* ---- what is not known ---- */

static void open_from(Map *apps, Sym app, Step step)
{
    if (!map_has(apps, app))
        map_set(apps, app, step);
}

void open_app_at(Replay *replay, Sym app, Step step)
{
    open_from(&replay->open_apps, app, step);
    open_from(&replay->unread_apps, app, step);
}

void open_app(Replay *replay, Sym app)
{
    open_app_at(replay, app, replay->step + 1);
}

/* "Post" or "blog.Post" */
static void doubt(Replay *replay, Sym text)
{
    Str name = str_tail(text_of(replay, text), '.');
    Sym lower_name = lower(replay, intern(&replay->workspace->interner, name));
    const NameLine *line = find_name_line(replay, replay->app, lower_name);
    Life *life = line && line->now != MODEL_NONE ? &replay->lives.items[line->now] : NULL;
    if (life && life->doubted == STEP_NONE)
        life->doubted = replay->step + 1;
}

/* Adds to `names` how many texts there are; false when it cannot be told what is named. */
static bool doubt_named(Replay *replay, ValueRef ref, int depth, uint32_t *names)
{
    ValueRef found = follow(replay, ref);
    const Value *value = found.id ? value_at(&found.module->values, found.id) : NULL;
    if (!value || value->kind == VALUE_UNKNOWN || value->kind == VALUE_JOIN ||
        value->flags & VALUE_OPEN)
        return false;
    if (value->kind == VALUE_STRING) {
        doubt(replay, value->u.text);
        ++*names;
    }
    if (value->kind < VALUE_LIST || value->kind > VALUE_DICT)
        return true;
    bool read = depth < 2;
    for (uint32_t i = 0; read && i < value->u.items.count; i++) {
        ValueRef item = {found.module, value_item(&found.module->values, value, i)};
        read = doubt_named(replay, item, depth + 1, names);
    }
    return read;
}

void open_app_naming(Replay *replay, ValueRef call)
{
    const Value *value = call.id ? value_at(&call.module->values, call.id) : NULL;
    bool read = value && value->kind == VALUE_CALL && !(value->flags & VALUE_OPEN);
    uint32_t row = read ? value->u.call.first + 1 : 0;
    uint32_t end = read ? row + value->u.call.count + 2u * value->keywords : 0;
    uint32_t names = 0;
    for (uint32_t i = row; read && i < end; i++)
        read =
            doubt_named(replay, (ValueRef){call.module, call.module->values.items[i]}, 0, &names);
    if (read && names > value->keywords)
        open_from(&replay->open_apps, replay->app, replay->step + 1);
    else
        open_app(replay, replay->app);
}

void open_model(Replay *replay, ModelId model)
{
    if (replay->lives.items[model].opened != EVENT_NONE)
        return;
    EventId id = emit(replay, (StateEvent){.kind = EVENT_OPENED, .model = model});
    replay->lives.items[model].opened = id;
}

bool app_is_open(const Replay *replay, Sym app, Step step)
{
    AppId id = project_app(replay->project, app);
    if (replay->overflow || id == APP_NONE || !replay->project->apps[id].migration_count ||
        replay->project->apps[id].package != PACKAGE_MIGRATED)
        return true;
    return map_get(&replay->open_apps, app, STEP_NONE) <= step;
}

bool is_open(const Replay *replay, Sym app, ModelId model)
{
    return app_is_open(replay, app, replay->step) ||
           (model != MODEL_NONE && replay->lives.items[model].opened != EVENT_NONE);
}

/* ---- problems ---- */

bool is_state_only(const Replay *replay, EventId id)
{
    if (id == EVENT_NONE)
        return false;
    const StateEvent *event = &replay->events.items[id];
    const Migration *migration = &replay->project->migrations[event->migration];
    return event->operation < migration->operation_count &&
           !migration->operations[event->operation].database;
}

StateProblem *problem(Replay *replay, ProblemKind kind, ModelId model)
{
    array_push(&replay->problems, (StateProblem){.kind = (uint8_t)kind,
                                                 .step = replay->step,
                                                 .node = replay->node,
                                                 .migration = replay->migration,
                                                 .operation = replay->operation_index,
                                                 .app = replay->app,
                                                 .place = replay->operation->place,
                                                 .earlier = EVENT_NONE,
                                                 .later = EVENT_NONE});
    StateProblem *made = array_last(&replay->problems);
    if (model != MODEL_NONE) {
        made->app = replay->lives.items[model].app;
        made->model = replay->lives.items[model].view.lower;
    }
    return made;
}

StateProblem *problem_pending(Replay *replay, ProblemKind kind, ModelId model, Sym field,
                              EventId event)
{
    StateProblem *made = problem(replay, kind, model);
    made->field = field;
    array_push(&replay->pending,
               (Pending){PENDING_PROBLEM, replay->problems.count - 1, model, field, event});
    return made;
}
