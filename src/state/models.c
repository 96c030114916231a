#include "state/lookup.h"

/* CreateModel, DeleteModel, RenameModel, AlterModelManagers. */

static ModelId new_life(Replay *replay)
{
    array_push(&replay->lives, (Life){.app = replay->app,
                                      .opened = EVENT_NONE,
                                      .doubted = STEP_NONE,
                                      .view = {.created = EVENT_NONE, .opened = EVENT_NONE}});
    return replay->lives.count - 1;
}

static void end_life(Replay *replay, ModelId model, EventKind kind, Sym from, Sym to)
{
    emit(replay, (StateEvent){.kind = (uint8_t)kind,
                              .model = model,
                              .name = replay->lives.items[model].view.lower,
                              .from = from,
                              .to = to});
}

static void overwrite(Replay *replay, ModelId existing)
{
    if (existing != MODEL_NONE)
        end_life(replay, existing, EVENT_MODEL_OVERWRITTEN, SYM_NONE, SYM_NONE);
}

/* A model as it is now, in the arena. */
static ModelState *model_now(Replay *replay, ModelId model)
{
    return view_model(&replay->lives.items[model].view, replay, model, replay->arena);
}

/* Two lives of one name clash where both have their table, and it is the same. */
static bool same_table(Replay *replay, ModelId a, ModelId b)
{
    const ModelState *left = model_now(replay, a), *right = model_now(replay, b);
    Str table = state_table(replay->state, left, replay->arena);
    return state_has_table(left) && state_has_table(right) && table.len &&
           str_eq(table, state_table(replay->state, right, replay->arena));
}

/* Only the state was told of the model, or of the table that it has now. */
static bool has_table_in_state_only(const Replay *replay, ModelId model)
{
    StateAt now = {.step = replay->step};
    const Map *of = &replay->option_index;
    Sym table = word(replay, WORD_DB_TABLE);
    return is_state_only(replay, replay->lives.items[model].view.created) ||
           is_state_only(replay, last_on_line(replay, of, model, SYM_NONE, now, true)) ||
           is_state_only(replay, last_on_line(replay, of, model, table, now, true));
}

static void check_overwritten(Replay *replay, ModelId existing, ModelId model, Place place)
{
    if (existing == MODEL_NONE || app_is_open(replay, replay->app, replay->step) ||
        !replay->operation->database || replay->lives.items[model].opened != EVENT_NONE ||
        has_table_in_state_only(replay, existing) || !same_table(replay, existing, model))
        return;
    StateProblem *found = problem(replay, PROBLEM_MODEL_EXISTS, model);
    found->earlier = replay->lives.items[existing].view.created;
    found->place = place;
}

static void duplicate(Replay *replay, ModelId model, Sym name, ValueRef where)
{
    StateProblem *found = problem(replay, PROBLEM_DUPLICATE, model);
    found->name = name;
    found->place = value_place(where);
}

static void create_fields(Replay *replay, ModelId model, Argument fields)
{
    Refs pairs = {0};
    Map seen = {0};
    bool whole = fields.value.id && elements_of(replay, fields.value, &pairs);
    for (uint32_t i = 0; i < pairs.count; i++) {
        Refs pair = {0};
        elements_of(replay, pairs.items[i], &pair);
        Sym name = pair.count == 2 ? string_of(replay, pair.items[0]) : SYM_NONE;
        if (name) {
            Life *life = &replay->lives.items[model];
            if (map_has(&seen, name))
                duplicate(replay, model, name, pair.items[0]);
            map_set(&seen, name, 1);
            StateField field = read_field(replay, pair.items[1], name, life->app, life->view.lower);
            add_field(replay, model, &field, EVENT_FIELD_ADDED);
        } else {
            whole = false;
        }
        array_free(&pair);
    }
    if (!whole)
        open_model(replay, model);
    map_free(&seen);
    array_free(&pairs);
}

/* The bases as a list of its own; strings among them are references. */
static uint32_t read_bases(Replay *replay, Sym lower_name, Argument bases, bool *whole)
{
    Refs refs = {0};
    *whole = !bases.unknown && (!bases.value.id || elements_of(replay, bases.value, &refs));
    if (bases.value.id && value_at(&bases.value.module->values, bases.value.id)->kind == VALUE_NONE)
        *whole = true;
    List list = {.items = arena_keep(replay->arena, ValueRef, refs.items, refs.count),
                 .targets = arena_array(replay->arena, StateTarget, refs.count),
                 .count = refs.count};
    for (uint32_t i = 0; i < refs.count; i++) {
        Sym text = string_of(replay, refs.items[i]);
        if (text)
            list.targets[i] = target_from_text(replay, text, replay->app, lower_name);
    }
    array_free(&refs);
    if (!list.count)
        return 0;
    array_push(&replay->lists, list);
    return replay->lists.count - 1;
}

static void use_bases(Replay *replay, ModelId model)
{
    List list = replay->lists.items[replay->lives.items[model].view.bases];
    Map seen = {0};
    for (uint32_t i = 0; i < list.count; i++) {
        const StateTarget *target = &list.targets[i];
        if (!target->given)
            continue;
        uint64_t key = map_key(target->app, target->model);
        if (map_has(&seen, key))
            duplicate(replay, model, target->text, list.items[i]);
        map_set(&seen, key, 1);
        array_push(&name_line(replay, target->app, target->model)->children, model);
        use_target(replay, USE_BASE, model, SYM_NONE, target, value_place(list.items[i]));
    }
    map_free(&seen);
}

static void set_managers(Replay *replay, ModelId model, Argument managers)
{
    Refs refs = {0};
    Map seen = {0};
    if (!elements_of(replay, managers.value, &refs))
        open_model(replay, model);
    for (uint32_t i = 0; i < refs.count; i++) {
        Refs pair = {0};
        elements_of(replay, refs.items[i], &pair);
        Sym name = pair.count == 2 ? string_of(replay, pair.items[0]) : SYM_NONE;
        if (name && map_has(&seen, name) && replay->operation->kind == OPERATION_CREATE_MODEL)
            duplicate(replay, model, name, pair.items[0]);
        if (name)
            map_set(&seen, name, 1);
        array_free(&pair);
    }
    map_free(&seen);
    List list = {arena_keep(replay->arena, ValueRef, refs.items, refs.count), NULL, refs.count};
    array_push(&replay->lists, list);
    array_free(&refs);
    emit(replay, (StateEvent){.kind = EVENT_MANAGERS_SET,
                              .model = model,
                              .payload = replay->lists.count - 1});
}

static bool is_given(Argument argument)
{
    return argument.value.id &&
           value_at(&argument.value.module->values, argument.value.id)->kind != VALUE_NONE;
}

static void create_model(Replay *replay)
{
    Argument name_arg = operation_arg(replay, WORD_NAME);
    Sym name = string_of(replay, name_arg.value);
    if (!name) {
        open_app(replay, replay->app);
        return;
    }
    Sym lower_name = lower(replay, name);
    ModelId existing = name_line(replay, replay->app, lower_name)->now;
    overwrite(replay, existing);
    bool whole;
    uint32_t bases = read_bases(replay, lower_name, operation_arg(replay, WORD_BASES), &whole);
    ModelId model = new_life(replay);
    EventId made = emit(replay, (StateEvent){.kind = EVENT_MODEL_CREATED,
                                             .model = model,
                                             .name = lower_name,
                                             .to = name,
                                             .payload = bases});
    if (made == EVENT_NONE)
        return;
    if (!whole)
        open_model(replay, model);
    use_bases(replay, model);
    create_fields(replay, model, operation_arg(replay, WORD_FIELDS));
    Argument options = operation_arg(replay, WORD_OPTIONS);
    Argument managers = operation_arg(replay, WORD_MANAGERS);
    if (is_given(options))
        read_options(replay, model, options.value);
    if (is_given(managers))
        set_managers(replay, model, managers);
    if (options.unknown || managers.unknown)
        open_model(replay, model);
    check_overwritten(replay, existing, model, value_place(name_arg.written));
}

static void rename_model(Replay *replay)
{
    ModelId model = use_model(replay, WORD_OLD_NAME);
    Argument new_arg = operation_arg(replay, WORD_NEW_NAME);
    Sym new_name = string_of(replay, new_arg.value);
    if (model == MODEL_NONE || !new_name) {
        if (!new_name)
            open_app(replay, replay->app);
        return;
    }
    Sym from = replay->lives.items[model].view.name;
    Sym old_lower = replay->lives.items[model].view.lower;
    Sym new_lower = lower(replay, new_name);
    if (new_lower == old_lower) {
        problem(replay, PROBLEM_RENAME_CASE_ONLY, model)->name = new_name;
        end_life(replay, model, EVENT_MODEL_DELETED, from, new_name);
        return;
    }
    ModelId existing = name_line(replay, replay->app, new_lower)->now;
    overwrite(replay, existing);
    check_children(replay, model);
    emit(replay, (StateEvent){.kind = EVENT_MODEL_RENAMED,
                              .model = model,
                              .name = new_lower,
                              .from = from,
                              .to = new_name});
    check_overwritten(replay, existing, model, value_place(new_arg.written));
    repoint(replay, replay->app, old_lower, new_name);
}

static void delete_model(Replay *replay)
{
    ModelId model = use_model(replay, WORD_NAME);
    if (model != MODEL_NONE)
        end_life(replay, model, EVENT_MODEL_DELETED, replay->lives.items[model].view.name,
                 SYM_NONE);
}

static void alter_managers(Replay *replay)
{
    ModelId model = use_model(replay, WORD_NAME);
    if (model != MODEL_NONE)
        set_managers(replay, model, operation_arg(replay, WORD_MANAGERS));
}

void model_operation(Replay *replay)
{
    switch (replay->operation->kind) {
    case OPERATION_CREATE_MODEL:
        create_model(replay);
        break;
    case OPERATION_DELETE_MODEL:
        delete_model(replay);
        break;
    case OPERATION_RENAME_MODEL:
        rename_model(replay);
        break;
    default:
        alter_managers(replay);
        break;
    }
}
