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
        array_push(&replay->names, (NameLine){.app = app, .lower = lower_name, .now = MODEL_NONE});
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

static void on_field(Replay *replay, ModelId model, Sym field, EventId id)
{
    uint64_t key = map_key(model, field);
    uint32_t index = map_get(&replay->field_index, key, UINT32_MAX);
    if (index == UINT32_MAX) {
        index = replay->field_lines.count;
        map_set(&replay->field_index, key, index);
        array_push(&replay->field_lines, (FieldLine){{0}});
    }
    array_push(&replay->field_lines.items[index].events, id);
}

static void on_lines(Replay *replay, const StateEvent *event, Sym lower_before, EventId id)
{
    switch (event->kind) {
    case EVENT_MODEL_CREATED:
        bind(replay, event->app, event->name, event->model, id);
        break;
    case EVENT_MODEL_DELETED:
    case EVENT_MODEL_OVERWRITTEN:
        bind(replay, event->app, lower_before, MODEL_NONE, id);
        break;
    case EVENT_MODEL_RENAMED:
        bind(replay, event->app, lower_before, MODEL_NONE, id);
        bind(replay, event->app, event->name, event->model, id);
        break;
    case EVENT_FIELD_RENAMED:
        on_field(replay, event->model, event->from, id);
        if (event->from != event->to)
            on_field(replay, event->model, event->to, id);
        break;
    case EVENT_FIELD_ADDED:
    case EVENT_FIELD_ALTERED:
    case EVENT_FIELD_REMOVED:
    case EVENT_FIELD_REPOINTED:
        on_field(replay, event->model, event->name, id);
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

void open_app_at(Replay *replay, Sym app, Step step)
{
    if (!map_has(&replay->open_apps, app))
        map_set(&replay->open_apps, app, step);
}

void open_app(Replay *replay, Sym app)
{
    open_app_at(replay, app, replay->step + 1);
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
