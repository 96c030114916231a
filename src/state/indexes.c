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

/* UniqueConstraint: what no constraint of SQL can say is made an index. */
static IndexKind kind_of_unique(Replay *replay, const StateIndex *index)
{
    static const Word words[] = {WORD_CONDITION, WORD_INCLUDE, WORD_OPCLASSES};
    bool partial = index->has_expressions;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        Argument argument = call_arg(replay, index->call, words[i], UINT32_MAX);
        if (argument.unknown)
            return INDEX_UNKNOWN;
        partial |= argument.written.id != VALUE_ABSENT;
    }
    return partial ? INDEX_PARTIAL : INDEX_UNIQUE;
}

static IndexKind kind_of(Replay *replay, const StateIndex *index)
{
    Str path = text_of(replay, index->class_path);
    if (str_eq(path, S("django.db.models.UniqueConstraint")))
        return kind_of_unique(replay, index);
    if (str_eq(path, S("django.db.models.CheckConstraint")))
        return INDEX_CHECK;
    if (str_eq(path, S("django.contrib.postgres.constraints.ExclusionConstraint")))
        return INDEX_EXCLUSION;
    bool plain = str_eq(path, S("django.db.models.Index")) ||
                 str_starts(path, S("django.contrib.postgres.indexes."));
    return plain ? INDEX_PLAIN : INDEX_UNKNOWN;
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
    index.kind = (uint8_t)kind_of(replay, &index);
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

static bool is_index(unsigned kind)
{
    return kind == INDEX_PLAIN || kind == INDEX_PARTIAL;
}

static bool is_constraint(unsigned kind)
{
    return kind == INDEX_CHECK || kind == INDEX_UNIQUE || kind == INDEX_EXCLUSION;
}

/* Two of one name in one table: constraints are in each other's way, and so is what makes an index.
 * SQLite knows its constraints by no name. */
static bool collide(unsigned a, unsigned b)
{
    if (a == INDEX_UNKNOWN || b == INDEX_UNKNOWN)
        return false;
    return (is_constraint(a) && is_constraint(b)) || (a != INDEX_CHECK && b != INDEX_CHECK);
}

static const StateIndex *index_of_name(const View *view, Sym name, unsigned kind)
{
    uint32_t place = slot_of(&view->index_slots, name);
    if (place != UINT32_MAX && collide(view->indexes.items[place].kind, kind))
        return &view->indexes.items[place];
    place = slot_of(&view->constraint_slots, name);
    if (place != UINT32_MAX && collide(view->constraints.items[place].kind, kind))
        return &view->constraints.items[place];
    return NULL;
}

static void check_taken(Replay *replay, ModelId model, Sym name, unsigned kind, bool constraint,
                        Place place)
{
    const StateIndex *taken =
        name ? index_of_name(&replay->lives.items[model].view, name, kind) : NULL;
    if (!taken || !replay->operation->database || is_open(replay, replay->app, model) ||
        !has_table(replay, model) || is_state_only(replay, taken->event))
        return;
    bool both = is_index(taken->kind) && is_index(kind);
    bool created = replay->operation->kind == OPERATION_CREATE_MODEL;
    EventId earlier = taken->event;
    ProblemKind which = constraint ? PROBLEM_CONSTRAINT_EXISTS : PROBLEM_INDEX_EXISTS;
    /* Indexes of a new table are made when the migration ends, if it is there then. */
    StateProblem *found = created ? problem_pending(replay, which, model, SYM_NONE, earlier)
                                  : problem(replay, which, model);
    found->name = name;
    found->earlier = earlier;
    found->tolerance = both ? TOLERATED_NOWHERE : TOLERATED_BY_SQLITE;
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
    if (unnamed && index.kind != INDEX_UNKNOWN) {
        StateProblem *found = problem(replay, PROBLEM_UNNAMED_INDEX, model);
        if (str_eq(place.path, found->place.path))
            found->place = place;
    }
    check_taken(replay, model, index.name, index.kind, constraint, place);
    put(replay, model, index, constraint);
    check_fields_exist(replay, model, &index.fields, index.name, place);
}

/* Whether the name is there; says so when not. */
static bool is_there(Replay *replay, ModelId model, const Slots *slots, Sym name, ProblemKind kind,
                     Argument argument)
{
    if (slot_of(slots, name) != UINT32_MAX)
        return true;
    if (!replay->operation->database || slots->nameless || is_open(replay, replay->app, model) ||
        !has_table(replay, model))
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

/* Whether the table may have just one index of these fields: Django looks for any, not only for
 * those of index_together. */
static bool may_be_indexed(const View *view, const StateNames *fields)
{
    enum { MOST_COMPARED = 1000 };
    if (fields->count < 2 || view->indexes.count > MOST_COMPARED)
        return true;
    for (uint32_t i = 0; i < view->indexes.count; i++) {
        const StateIndex *index = &view->indexes.items[i];
        if (view->index_slots.filled.items[i] &&
            (!index->fields_known || same_names(&index->fields, fields)))
            return true;
    }
    return false;
}

/* The unnamed index of an index_together gets a name, and leaves that option. */
static void name_index(Replay *replay, ModelId model, Sym new_name, Argument old_fields)
{
    StateIndex index = {.name = new_name, .kind = INDEX_PLAIN};
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
    if (!open && !unread && count == option.group_count && replay->operation->database &&
        has_table(replay, model) && !may_be_indexed(view, &index.fields)) {
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

/* The index of these fields that Django finds is called so already: nothing is renamed. */
static bool has_name_already(Replay *replay, ModelId model, Sym name, Argument old_fields)
{
    StateNames fields;
    const View *view = &replay->lives.items[model].view;
    uint32_t place = slot_of(&view->index_slots, name);
    if (place == UINT32_MAX)
        return false;
    const StateIndex *index = &view->indexes.items[place];
    return !names_of(replay, old_fields.value, &fields) || !index->fields_known ||
           same_names(&index->fields, &fields);
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
    if (new_name != old_name &&
        !(is_given(fields) && has_name_already(replay, model, new_name, fields)))
        check_taken(replay, model, new_name, INDEX_PLAIN, false, replay->operation->place);
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
