#include "state/replay.h"

/* AddField, RemoveField, AlterField, RenameField, and what a field is. */

/* Of Django's own class; everything else of Django's is a plain column. */
static FieldKind kind_of_django(Str path)
{
    static const struct {
        const char *name;
        FieldKind kind;
    } known[] = {
#define FIELD(name, kind, ...) {name, FIELD_##kind},
#include "state/field_kinds.def"
#undef FIELD
    };
    Str name = str_tail(path, '.');
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq(name, str(known[i].name)))
            return known[i].kind;
    return FIELD_PLAIN;
}

static FieldKind kind_of(Replay *replay, ValueRef call, Sym class_path)
{
    if (!class_path)
        return FIELD_UNKNOWN;
    uint32_t known = map_get(&replay->fixed_kinds, class_path, 0);
    if (known)
        return (FieldKind)(known - 1);
    Str path = text_of(replay, class_path);
    if (!str_starts(path, S("django."))) {
        const Value *value = value_at(&call.module->values, call.id);
        ValueRef callee = {call.module, value_callee(&call.module->values, value)};
        path = text_of(replay, workspace_ancestor(replay->workspace, callee));
    }
    FieldKind kind = str_starts(path, S("django.")) ? kind_of_django(path) : FIELD_UNKNOWN;
    map_set(&replay->fixed_kinds, class_path, kind + 1);
    return kind;
}

StateField read_field(Replay *replay, ValueRef written, Sym name, Sym app, Sym model_lower)
{
    ValueRef call = follow(replay, written);
    StateField field = {.name = name, .call = call, .created = EVENT_NONE, .last = EVENT_NONE};
    field.class_path = call_class(replay, call);
    field.kind = kind_of(replay, call, field.class_path);
    const Value *value = call.id ? value_at(&call.module->values, call.id) : NULL;
    if (!value || value->kind != VALUE_CALL || value->flags & VALUE_MAYBE)
        return field;
    bool relation = field.kind == FIELD_RELATION || field.kind == FIELD_MANY;
    if (field.kind == FIELD_VIRTUAL)
        return field;
    Argument to = call_arg(replay, call, WORD_TO, relation ? TO_POSITION : UINT32_MAX);
    Argument through = call_arg(replay, call, WORD_THROUGH,
                                field.kind == FIELD_MANY ? THROUGH_POSITION : UINT32_MAX);
    field.to = read_target(replay, to.written, app, model_lower);
    field.through = read_target(replay, through.written, app, model_lower);
    field.to.given |= to.unknown && relation;
    field.through.given |= through.unknown && field.kind == FIELD_MANY;
    field.primary_key = is_true(replay, call_arg(replay, call, WORD_PRIMARY_KEY, UINT32_MAX).value);
    return field;
}

/* ---- adding ---- */

void add_field(Replay *replay, ModelId model, StateField *field, EventKind kind)
{
    bool was_key = is_primary_key(&replay->lives.items[model].view, field->name);
    array_push(&replay->fields, *field);
    EventId id = emit(replay, (StateEvent){.kind = (uint8_t)kind,
                                           .model = model,
                                           .name = field->name,
                                           .payload = replay->fields.count - 1});
    if (id == EVENT_NONE)
        return;
    point(replay, id, field);
    if (kind == EVENT_FIELD_REPOINTED)
        return;
    use_targets(replay, model, field);
    if (field->primary_key && !was_key)
        check_primary_keys(replay, model, field);
    if (kind == EVENT_FIELD_ADDED)
        check_clash(replay, model, field);
}

/* ---- what names of fields may mean ---- */

static bool has(const View *view, Sym name)
{
    return slot_of(&view->field_slots, name) != UINT32_MAX;
}

/* "author_id" for a relation called author. */
static StateAnswer as_attname(Replay *replay, const View *view, Sym name)
{
    Str text = text_of(replay, name);
    if (!str_ends(text, S("_id")))
        return STATE_NO;
    Sym stem = intern_find(&replay->workspace->interner, str_sub(text, 0, text.len - 3));
    uint32_t place = stem ? slot_of(&view->field_slots, stem) : UINT32_MAX;
    if (place == UINT32_MAX)
        return STATE_NO;
    FieldKind kind = view->fields.items[place].kind;
    return kind == FIELD_RELATION ? STATE_YES : kind == FIELD_UNKNOWN ? STATE_UNKNOWN : STATE_NO;
}

static bool is_plain_base(Str path)
{
    return str_eq(path, S("django.db.models.Model")) ||
           str_eq(path, S("django.db.models.base.Model")) || str_eq(path, S("builtins.object"));
}

static StateAnswer name_at(Replay *replay, ModelId model, Sym name, int depth)
{
    const Life *life = &replay->lives.items[model];
    if (is_open(replay, life->app, model) || depth > LIMIT_BASES)
        return STATE_UNKNOWN;
    if (has(&life->view, name) || name == word(replay, WORD_ID) || name == word(replay, WORD_PK) ||
        name == word(replay, WORD_ORDER))
        return STATE_YES;
    StateAnswer answer = as_attname(replay, &life->view, name);
    const List bases = replay->lists.items[life->view.bases];
    for (uint32_t i = 0; i < bases.count && answer == STATE_NO; i++) {
        const StateTarget *base = &bases.targets[i];
        const NameLine *line = base->given ? find_name_line(replay, base->app, base->model) : NULL;
        if (line && line->now != MODEL_NONE && line->now != model)
            answer = name_at(replay, line->now, name, depth + 1);
        else if (base->given ||
                 !is_plain_base(text_of(replay, workspace_path(replay->workspace, bases.items[i]))))
            answer = STATE_UNKNOWN;
    }
    return answer;
}

StateAnswer can_name_field(Replay *replay, ModelId model, Sym field)
{
    return name_at(replay, model, field, 0);
}

void check_fields_exist(Replay *replay, ModelId model, const StateNames *names, Sym in, Place place)
{
    for (uint32_t i = 0; i < names->count; i++) {
        if (can_name_field(replay, model, names->items[i]) != STATE_NO)
            continue;
        bool wait = !replay->operation->database;
        StateProblem *found = wait ? problem_pending(replay, PROBLEM_UNKNOWN_FIELD, model,
                                                     names->items[i], EVENT_NONE)
                                   : problem(replay, PROBLEM_UNKNOWN_FIELD, model);
        found->field = names->items[i];
        found->name = in;
        if (place.path.len)
            found->place = place;
    }
}

/* ---- operations ---- */

static bool drops_default(Replay *replay)
{
    ValueRef keep = operation_arg(replay, WORD_PRESERVE_DEFAULT).value;
    const Value *value = keep.id ? value_at(&keep.module->values, keep.id) : NULL;
    return value && value->kind == VALUE_BOOL && !value->u.boolean;
}

static void define_field(Replay *replay, ModelId model, Sym name, EventKind kind)
{
    const Life *life = &replay->lives.items[model];
    StateField field = read_field(replay, operation_arg(replay, WORD_FIELD).written, name,
                                  life->app, life->view.lower);
    field.default_dropped = drops_default(replay);
    add_field(replay, model, &field, kind);
}

static void add(Replay *replay, ModelId model, Sym name)
{
    const View *view = &replay->lives.items[model].view;
    uint32_t place = slot_of(&view->field_slots, name);
    if (place == UINT32_MAX) {
        define_field(replay, model, name, EVENT_FIELD_ADDED);
        return;
    }
    StateField before = view->fields.items[place];
    define_field(replay, model, name, EVENT_FIELD_ALTERED);
    StateField after = replay->lives.items[model].view.fields.items[place];
    check_taken_field(replay, model, &before, &after);
}

static void alter(Replay *replay, ModelId model, Sym name)
{
    const View *view = &replay->lives.items[model].view;
    uint32_t place = slot_of(&view->field_slots, name);
    if (place == UINT32_MAX) {
        define_field(replay, model, name, EVENT_FIELD_ADDED);
        return;
    }
    StateField before = view->fields.items[place];
    define_field(replay, model, name, EVENT_FIELD_ALTERED);
    StateField after = replay->lives.items[model].view.fields.items[place];
    check_altered(replay, model, &before, &after);
}

static bool names_has(const StateNames *names, Sym name)
{
    for (uint32_t i = 0; i < names->count; i++)
        if (names->items[i] == name)
            return true;
    return false;
}

static bool option_names(Replay *replay, const StateOption *option, Sym field)
{
    if (option->name == word(replay, WORD_ORDER_WITH_RESPECT_TO))
        return string_of(replay, option->value) == field;
    for (uint32_t i = 0; option->groups_known && i < option->group_count; i++)
        if (names_has(&option->groups[i], field))
            return true;
    return false;
}

static void left_behind(Replay *replay, ModelId model, Sym field, ProblemKind kind, Sym in,
                        EventId event)
{
    StateProblem *found = problem_pending(replay, kind, model, field, event);
    found->name = in;
    found->earlier = event;
}

/* What still names a field that is gone or is called otherwise now. */
static void check_left(Replay *replay, ModelId model, Sym field, bool renamed)
{
    const View *view = &replay->lives.items[model].view;
    if (is_open(replay, replay->app, model))
        return;
    for (uint32_t i = latest(view->options.count); i < view->options.count; i++) {
        const StateOption *option = &view->options.items[i];
        if (view->option_slots.filled.items[i] && option_names(replay, option, field) &&
            !(renamed && option->together))
            left_behind(replay, model, field, PROBLEM_FIELD_IN_OPTION, option->name, option->event);
    }
    ProblemKind kind = renamed ? PROBLEM_RENAMED_IN_INDEX : PROBLEM_FIELD_IN_INDEX;
    for (uint32_t i = latest(view->indexes.count); i < view->indexes.count; i++)
        if (view->index_slots.filled.items[i] && names_has(&view->indexes.items[i].fields, field))
            left_behind(replay, model, field, kind, view->indexes.items[i].name,
                        view->indexes.items[i].event);
    for (uint32_t i = latest(view->constraints.count); i < view->constraints.count; i++)
        if (view->constraint_slots.filled.items[i] &&
            names_has(&view->constraints.items[i].fields, field))
            left_behind(replay, model, field, kind, view->constraints.items[i].name,
                        view->constraints.items[i].event);
}

static void remove_field(Replay *replay, ModelId model, Sym name)
{
    emit(replay, (StateEvent){.kind = EVENT_FIELD_REMOVED, .model = model, .name = name});
    check_left(replay, model, name, false);
}

static void rename_in_groups(Replay *replay, ModelId model, Word option_name, Sym from, Sym to)
{
    const View *view = &replay->lives.items[model].view;
    uint32_t place = slot_of(&view->option_slots, word(replay, option_name));
    if (place == UINT32_MAX || !view->options.items[place].groups_known)
        return;
    StateOption option = view->options.items[place];
    bool changed = false;
    StateNames *groups = arena_array(replay->arena, StateNames, option.group_count);
    for (uint32_t g = 0; g < option.group_count; g++) {
        const StateNames *old = &option.groups[g];
        groups[g] =
            (StateNames){arena_keep(replay->arena, Sym, old->items, old->count), old->count};
        for (uint32_t i = 0; i < old->count; i++)
            if (old->items[i] == from) {
                groups[g].items[i] = to;
                changed = true;
            }
    }
    if (changed)
        set_groups(replay, model, option.name, groups, option.group_count);
}

static void rename_field(Replay *replay, ModelId model, Sym from)
{
    Sym to = string_of(replay, operation_arg(replay, WORD_NEW_NAME).value);
    if (!to) {
        open_model(replay, model);
        return;
    }
    const View *view = &replay->lives.items[model].view;
    uint32_t place = slot_of(&view->field_slots, to);
    uint32_t old_place = slot_of(&view->field_slots, from);
    if (place != UINT32_MAX && to != from && old_place != UINT32_MAX) {
        StateField existing = view->fields.items[place], renamed = view->fields.items[old_place];
        renamed.name = to;
        check_taken_field(replay, model, &existing, &renamed);
    }
    array_push(&replay->fields, (StateField){.created = EVENT_NONE});
    EventId id = emit(replay, (StateEvent){.kind = EVENT_FIELD_RENAMED,
                                           .model = model,
                                           .name = to,
                                           .from = from,
                                           .to = to,
                                           .payload = replay->fields.count - 1});
    if (id == EVENT_NONE)
        return;
    view = &replay->lives.items[model].view;
    place = slot_of(&view->field_slots, to);
    if (place != UINT32_MAX)
        point(replay, id, &view->fields.items[place]);
    if (to == from)
        return;
    rename_in_groups(replay, model, WORD_UNIQUE_TOGETHER, from, to);
    rename_in_groups(replay, model, WORD_INDEX_TOGETHER, from, to);
    rename_in_pointing(replay, model, from, to);
    check_left(replay, model, from, true);
}

void field_operation(Replay *replay)
{
    OperationKind kind = replay->operation->kind;
    ModelId model = use_model(replay, WORD_MODEL_NAME);
    if (model == MODEL_NONE)
        return;
    Argument argument =
        operation_arg(replay, kind == OPERATION_RENAME_FIELD ? WORD_OLD_NAME : WORD_NAME);
    Sym name = string_of(replay, argument.value);
    if (!name) {
        open_model(replay, model);
        return;
    }
    if (kind == OPERATION_ADD_FIELD)
        add(replay, model, name);
    else if (!use_field(replay, model, name, argument) && kind != OPERATION_ALTER_FIELD)
        return;
    else if (kind == OPERATION_ALTER_FIELD)
        alter(replay, model, name);
    else if (kind == OPERATION_REMOVE_FIELD)
        remove_field(replay, model, name);
    else
        rename_field(replay, model, name);
}
