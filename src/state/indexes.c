#include "state/replay.h"

/* Indexes and constraints. */

/* `fields`, "-" of descending order taken off. */
static void read_fields(Replay *replay, StateIndex *index)
{
    Argument fields = call_arg(replay, index->call, WORD_FIELDS, UINT32_MAX);
    Argument expressions = call_arg(replay, index->call, WORD_EXPRESSIONS, UINT32_MAX);
    const Value *call = value_at(&index->call.module->values, index->call.id);
    index->has_expressions = call->u.call.count > 0 || expressions.written.id;
    index->fields_known = !fields.unknown;
    if (!fields.value.id)
        return;
    index->fields_known = names_of(replay, fields.value, &index->fields);
    for (uint32_t i = 0; i < index->fields.count; i++) {
        Str text = text_of(replay, index->fields.items[i]);
        if (str_starts(text, S("-")))
            index->fields.items[i] =
                intern(&replay->workspace->interner, str_sub(text, 1, text.len));
    }
}

static StateIndex read_index(Replay *replay, ValueRef written, bool *unnamed)
{
    StateIndex index = {.call = follow(replay, written)};
    index.class_path = call_class(replay, index.call);
    *unnamed = false;
    if (!index.class_path)
        return index;
    Argument name = call_arg(replay, index.call, WORD_NAME, UINT32_MAX);
    index.name = string_of(replay, name.value);
    const Value *call = value_at(&index.call.module->values, index.call.id);
    *unnamed = !name.written.id && !name.unknown && !call->u.call.count;
    read_fields(replay, &index);
    return index;
}

static void put(Replay *replay, ModelId model, StateIndex index, bool constraint)
{
    array_push(&replay->indexes, index);
    emit(replay,
         (StateEvent){.kind = (uint8_t)(constraint ? EVENT_CONSTRAINT_ADDED : EVENT_INDEX_ADDED),
                      .model = model,
                      .name = index.name,
                      .payload = replay->indexes.count - 1});
}

static EventId event_of_name(const View *view, Sym name)
{
    uint32_t place = slot_of(&view->index_slots, name);
    if (place != UINT32_MAX)
        return view->indexes.items[place].event;
    place = slot_of(&view->constraint_slots, name);
    return place == UINT32_MAX ? EVENT_NONE : view->constraints.items[place].event;
}

static void check_taken(Replay *replay, ModelId model, Sym name, bool constraint, Place place)
{
    EventId earlier = name ? event_of_name(&replay->lives.items[model].view, name) : EVENT_NONE;
    if (earlier == EVENT_NONE || !replay->operation->database ||
        is_open(replay, replay->app, model))
        return;
    StateProblem *found =
        problem(replay, constraint ? PROBLEM_CONSTRAINT_EXISTS : PROBLEM_INDEX_EXISTS, model);
    found->name = name;
    found->earlier = earlier;
    if (str_eq(place.path, found->place.path))
        found->place = place;
}

void add_index(Replay *replay, ModelId model, ValueRef written, bool constraint)
{
    bool unnamed;
    StateIndex index = read_index(replay, written, &unnamed);
    Place place = value_place(index.call);
    if (!index.call.id || !index.class_path) {
        open_model(replay, model);
        return;
    }
    if (unnamed && !constraint &&
        str_eq(text_of(replay, index.class_path), S("django.db.models.Index"))) {
        StateProblem *found = problem(replay, PROBLEM_UNNAMED_INDEX, model);
        if (str_eq(place.path, found->place.path))
            found->place = place;
    }
    check_taken(replay, model, index.name, constraint, place);
    put(replay, model, index, constraint);
    check_fields_exist(replay, model, &index.fields, index.name, place);
}

/* Whether the name is there; says so when not. */
static bool is_there(Replay *replay, ModelId model, const Slots *slots, Sym name, ProblemKind kind,
                     Argument argument)
{
    if (slot_of(slots, name) != UINT32_MAX)
        return true;
    if (!replay->operation->database || is_open(replay, replay->app, model))
        return false;
    StateProblem *found = problem(replay, kind, model);
    found->name = name;
    found->place = value_place(argument.written);
    return false;
}

static void remove_index(Replay *replay, ModelId model, bool constraint)
{
    Argument argument = operation_arg(replay, WORD_NAME);
    Sym name = string_of(replay, argument.value);
    View *view = &replay->lives.items[model].view;
    if (!name) {
        open_model(replay, model);
        return;
    }
    if (is_there(replay, model, constraint ? &view->constraint_slots : &view->index_slots, name,
                 constraint ? PROBLEM_CONSTRAINT_MISSING : PROBLEM_INDEX_MISSING, argument))
        emit(replay, (StateEvent){.kind = (uint8_t)(constraint ? EVENT_CONSTRAINT_REMOVED
                                                               : EVENT_INDEX_REMOVED),
                                  .model = model,
                                  .name = name});
}

static bool same_names(const StateNames *a, const StateNames *b)
{
    return a->count == b->count &&
           (!a->count || !memcmp(a->items, b->items, a->count * sizeof *a->items));
}

/* The unnamed index of an index_together gets a name, and leaves that option. */
static void name_index(Replay *replay, ModelId model, Sym new_name, Argument old_fields)
{
    StateIndex index = {.name = new_name};
    index.class_path = intern(&replay->workspace->interner, S("django.db.models.Index"));
    index.fields_known = names_of(replay, old_fields.value, &index.fields);
    const View *view = &replay->lives.items[model].view;
    Sym option_name = word(replay, WORD_INDEX_TOGETHER);
    uint32_t place = slot_of(&view->option_slots, option_name);
    bool open = is_open(replay, replay->app, model) || !index.fields_known;
    StateOption option = {0};
    if (place != UINT32_MAX)
        option = view->options.items[place];
    StateNames *left = arena_array(replay->arena, StateNames, option.group_count);
    uint32_t count = 0;
    for (uint32_t g = 0; g < option.group_count; g++)
        if (!same_names(&option.groups[g], &index.fields))
            left[count++] = option.groups[g];
    bool unread = place != UINT32_MAX && !option.groups_known;
    if (!open && !unread && count == option.group_count && replay->operation->database) {
        StateProblem *found = problem(replay, PROBLEM_INDEX_TOGETHER_MISSING, model);
        found->name = new_name;
        found->place = value_place(old_fields.written);
    }
    if (count != option.group_count)
        set_groups(replay, model, option_name, left, count);
    put(replay, model, index, false);
}

static bool is_given(Argument argument)
{
    return argument.unknown ||
           (argument.value.id &&
            value_at(&argument.value.module->values, argument.value.id)->kind != VALUE_NONE);
}

static void rename_index(Replay *replay, ModelId model)
{
    Argument new_arg = operation_arg(replay, WORD_NEW_NAME);
    Argument old_arg = operation_arg(replay, WORD_OLD_NAME);
    Argument fields = operation_arg(replay, WORD_OLD_FIELDS);
    Sym new_name = string_of(replay, new_arg.value);
    if (!new_name || old_arg.unknown || fields.unknown) {
        open_model(replay, model);
        return;
    }
    if (is_given(old_arg) == is_given(fields)) {
        problem(replay, PROBLEM_RENAME_INDEX_ARGUMENTS, model)->name = new_name;
        return;
    }
    Sym old_name = string_of(replay, old_arg.value);
    check_taken(replay, model, new_name, false, replay->operation->place);
    if (is_given(fields))
        name_index(replay, model, new_name, fields);
    else if (!old_name)
        open_model(replay, model);
    else if (is_there(replay, model, &replay->lives.items[model].view.index_slots, old_name,
                      PROBLEM_INDEX_MISSING, old_arg))
        emit(replay, (StateEvent){.kind = EVENT_INDEX_RENAMED,
                                  .model = model,
                                  .name = new_name,
                                  .from = old_name,
                                  .to = new_name});
}

static void alter_constraint(Replay *replay, ModelId model)
{
    Sym name = string_of(replay, operation_arg(replay, WORD_NAME).value);
    bool unnamed;
    StateIndex index = read_index(replay, operation_arg(replay, WORD_CONSTRAINT).written, &unnamed);
    if (!name || !index.class_path) {
        open_model(replay, model);
        return;
    }
    array_push(&replay->indexes, index);
    emit(replay, (StateEvent){.kind = EVENT_CONSTRAINT_ALTERED,
                              .model = model,
                              .name = name,
                              .payload = replay->indexes.count - 1});
}

static void validate_constraint(Replay *replay, ModelId model)
{
    Argument argument = operation_arg(replay, WORD_NAME);
    Sym name = string_of(replay, argument.value);
    if (name)
        is_there(replay, model, &replay->lives.items[model].view.constraint_slots, name,
                 PROBLEM_CONSTRAINT_MISSING, argument);
}

void index_operation(Replay *replay)
{
    ModelId model = use_model(replay, WORD_MODEL_NAME);
    if (model == MODEL_NONE)
        return;
    switch (replay->operation->kind) {
    case OPERATION_ADD_INDEX:
    case OPERATION_ADD_INDEX_CONCURRENTLY:
        add_index(replay, model, operation_arg(replay, WORD_INDEX).written, false);
        break;
    case OPERATION_ADD_CONSTRAINT:
    case OPERATION_ADD_CONSTRAINT_NOT_VALID:
        add_index(replay, model, operation_arg(replay, WORD_CONSTRAINT).written, true);
        break;
    case OPERATION_RENAME_INDEX:
        rename_index(replay, model);
        break;
    case OPERATION_ALTER_CONSTRAINT:
        alter_constraint(replay, model);
        break;
    case OPERATION_VALIDATE_CONSTRAINT:
        validate_constraint(replay, model);
        break;
    default:
        remove_index(replay, model, replay->operation->kind == OPERATION_REMOVE_CONSTRAINT);
        break;
    }
}
