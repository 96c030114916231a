#include "state/replay.h"

/* Options of Meta: CreateModel's, AlterModelOptions, and the operations that set one. */

static uint32_t kind_of(ValueRef ref)
{
    return ref.id ? value_at(&ref.module->values, ref.id)->kind : VALUE_NONE;
}

static bool is_sequence(uint32_t kind)
{
    return kind == VALUE_LIST || kind == VALUE_TUPLE || kind == VALUE_SET || kind == VALUE_JOIN;
}

static void put(Replay *replay, ModelId model, StateOption option)
{
    array_push(&replay->options, option);
    emit(replay, (StateEvent){.kind = EVENT_OPTION_SET,
                              .model = model,
                              .name = option.name,
                              .payload = replay->options.count - 1});
}

/* `set()`, which is a call. */
static bool is_empty_set(Replay *replay, ValueRef value)
{
    if (kind_of(value) != VALUE_CALL)
        return false;
    const Value *call = value_at(&value.module->values, value.id);
    Str path = text_of(replay, call_class(replay, value));
    return !call->keywords &&
           (str_eq(path, S("builtins.set")) || str_eq(path, S("builtins.frozenset")));
}

/* The one argument of set(…), or the value itself. */
static ValueRef inside_set(Replay *replay, ValueRef value)
{
    if (!is_empty_set(replay, value))
        return value;
    const Value *call = value_at(&value.module->values, value.id);
    ValueId inner = value_positional(&value.module->values, call, 0);
    return inner ? follow(replay, (ValueRef){value.module, inner}) : (ValueRef){0};
}

/* Tuples of names; one flat tuple is one group, as Django normalises it. */
static bool read_groups(Replay *replay, ValueRef written, StateOption *out)
{
    ValueRef value = inside_set(replay, written);
    out->together = true;
    if (kind_of(value) == VALUE_NONE)
        return out->groups_known = true;
    Refs refs = {0};
    bool known = is_sequence(kind_of(value)) && elements_of(replay, value, &refs);
    bool flat = known && refs.count && string_of(replay, refs.items[0]);
    out->groups = arena_array(replay->arena, StateNames, refs.count);
    if (flat) {
        out->group_count = 1;
        known = names_of(replay, value, &out->groups[0]);
    }
    for (uint32_t i = 0; known && !flat && i < refs.count; i++)
        known = names_of(replay, refs.items[i], &out->groups[out->group_count++]);
    array_free(&refs);
    if (!known)
        out->group_count = 0;
    return out->groups_known = known;
}

static bool is_together(const Replay *replay, Sym name)
{
    return name == word(replay, WORD_UNIQUE_TOGETHER) || name == word(replay, WORD_INDEX_TOGETHER);
}

void set_option(Replay *replay, ModelId model, Sym name, ValueRef value)
{
    StateOption option = {.name = name, .value = value};
    if (is_together(replay, name))
        read_groups(replay, value, &option);
    Place place = value_place(value);
    put(replay, model, option);
    for (uint32_t g = 0; g < option.group_count; g++)
        check_fields_exist(replay, model, &option.groups[g], name, place);
    if (name == word(replay, WORD_ORDER_WITH_RESPECT_TO)) {
        Sym field = string_of(replay, value);
        if (field)
            check_fields_exist(replay, model, &(StateNames){&field, 1}, name, place);
    }
}

void set_groups(Replay *replay, ModelId model, Sym name, StateNames *groups, uint32_t count)
{
    put(replay, model,
        (StateOption){.name = name,
                      .groups = groups,
                      .group_count = count,
                      .together = true,
                      .groups_known = true,
                      .lists = true});
}

static void read_indexes(Replay *replay, ModelId model, ValueRef list, bool constraint)
{
    Refs refs = {0};
    if (!elements_of(replay, list, &refs))
        open_model(replay, model);
    for (uint32_t i = 0; i < refs.count; i++)
        add_index(replay, model, refs.items[i], constraint);
    array_free(&refs);
}

static bool holds_indexes(const Replay *replay, Sym name)
{
    return name == word(replay, WORD_INDEXES) || name == word(replay, WORD_CONSTRAINTS);
}

void read_options(Replay *replay, ModelId model, ValueRef dict)
{
    Refs pairs = {0};
    if (kind_of(dict) != VALUE_DICT || !elements_of(replay, dict, &pairs))
        open_model(replay, model);
    for (uint32_t i = 0; i + 1 < pairs.count; i += 2) {
        Sym name = string_of(replay, pairs.items[i]);
        if (!name)
            open_model(replay, model);
        else if (!holds_indexes(replay, name))
            set_option(replay, model, name, follow(replay, pairs.items[i + 1]));
    }
    /* Last: whether they need a table is an option too. */
    for (uint32_t i = 0; i + 1 < pairs.count; i += 2) {
        Sym name = string_of(replay, pairs.items[i]);
        if (name && holds_indexes(replay, name))
            read_indexes(replay, model, follow(replay, pairs.items[i + 1]),
                         name == word(replay, WORD_CONSTRAINTS));
    }
    array_free(&pairs);
}

static void drop_unnamed(Replay *replay, ModelId model, const Map *given)
{
    static const char *const keys[] = {
#define KEY(name) name,
#include "state/option_keys.def"
#undef KEY
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        Sym key = intern(&replay->workspace->interner, str(keys[i]));
        const View *view = &replay->lives.items[model].view;
        if (!map_has(given, key) && slot_of(&view->option_slots, key) != UINT32_MAX)
            emit(replay, (StateEvent){.kind = EVENT_OPTION_DROPPED, .model = model, .name = key});
    }
}

static void alter_options(Replay *replay, ModelId model)
{
    Argument options = operation_arg(replay, WORD_OPTIONS);
    Refs pairs = {0};
    Map given = {0};
    bool known = kind_of(options.value) == VALUE_DICT && elements_of(replay, options.value, &pairs);
    for (uint32_t i = 0; i + 1 < pairs.count; i += 2) {
        Sym name = string_of(replay, pairs.items[i]);
        if (name)
            map_set(&given, name, 1);
    }
    if (known)
        drop_unnamed(replay, model, &given);
    else
        open_model(replay, model);
    for (uint32_t i = 0; i + 1 < pairs.count; i += 2) {
        Sym name = string_of(replay, pairs.items[i]);
        if (name)
            set_option(replay, model, name, follow(replay, pairs.items[i + 1]));
    }
    map_free(&given);
    array_free(&pairs);
}

static void set_from(Replay *replay, ModelId model, Word option, Word argument_name)
{
    Argument argument = operation_arg(replay, argument_name);
    if (!argument.value.id) {
        open_model(replay, model);
        return;
    }
    set_option(replay, model, word(replay, option), argument.value);
}

void option_operation(Replay *replay)
{
    ModelId model = use_model(replay, WORD_NAME);
    if (model == MODEL_NONE)
        return;
    switch (replay->operation->kind) {
    case OPERATION_ALTER_MODEL_TABLE:
        set_from(replay, model, WORD_DB_TABLE, WORD_TABLE);
        break;
    case OPERATION_ALTER_MODEL_TABLE_COMMENT:
        set_from(replay, model, WORD_DB_TABLE_COMMENT, WORD_TABLE_COMMENT);
        break;
    case OPERATION_ALTER_UNIQUE_TOGETHER:
        set_from(replay, model, WORD_UNIQUE_TOGETHER, WORD_UNIQUE_TOGETHER);
        break;
    case OPERATION_ALTER_INDEX_TOGETHER:
        set_from(replay, model, WORD_INDEX_TOGETHER, WORD_INDEX_TOGETHER);
        break;
    case OPERATION_ALTER_ORDER_WITH_RESPECT_TO:
        set_from(replay, model, WORD_ORDER_WITH_RESPECT_TO, WORD_ORDER_WITH_RESPECT_TO);
        break;
    default:
        alter_options(replay, model);
        break;
    }
}
