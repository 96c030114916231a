#include "state/lookup.h"

static const StateOption *option_of(const ModelState *model, Sym name)
{
    for (uint32_t i = 0; i < model->option_count; i++)
        if (model->options[i].name == name)
            return &model->options[i];
    return NULL;
}

Str state_table(const State *state, const ModelState *model, Arena *arena)
{
    Replay *replay = state->replay;
    const StateOption *table = option_of(model, word(replay, WORD_DB_TABLE));
    if (model->proxy)
        return S("");
    if (table && table->value.id) {
        ValueRef value = follow(replay, table->value);
        Sym text = string_of(replay, value);
        if (text || value_at(&value.module->values, value.id)->kind != VALUE_NONE)
            return text_of(replay, text);
    }
    return arena_printf(arena, "%.*s_%.*s", STR_ARG(text_of(replay, model->app)),
                        STR_ARG(text_of(replay, model->lower)));
}

Str state_column(const State *state, const StateField *field, Arena *arena)
{
    Replay *replay = state->replay;
    bool relation = field->kind == FIELD_RELATION;
    bool object = str_eq(text_of(replay, field->class_path), S("django.db.models.ForeignObject"));
    if (object || (!relation && field->kind != FIELD_PLAIN))
        return S("");
    Argument column = call_arg(replay, field->call, WORD_DB_COLUMN, UINT32_MAX);
    Sym text = string_of(replay, column.value);
    bool none = column.value.id &&
                value_at(&column.value.module->values, column.value.id)->kind == VALUE_NONE;
    if (text || column.unknown || (column.value.id && !none))
        return text_of(replay, text);
    Str name = text_of(replay, field->name);
    return relation ? arena_printf(arena, "%.*s_id", STR_ARG(name)) : name;
}

/* Whether the setting that may swap a model out names this one, so that it has a table. */
static bool names_model(Replay *replay, ValueRef setting, Sym app, Sym lower_name)
{
    StateTarget user = user_target(replay);
    return str_eq(text_of(replay, string_of(replay, setting)), S("AUTH_USER_MODEL")) &&
           user.app == app && user.model == lower_name;
}

bool has_table(Replay *replay, ModelId model)
{
    const Life *life = &replay->lives.items[model];
    const View *view = &life->view;
    static const Word words[] = {WORD_PROXY, WORD_MANAGED, WORD_SWAPPABLE};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        uint32_t place = slot_of(&view->option_slots, word(replay, words[i]));
        if (place == UINT32_MAX)
            continue;
        const StateOption *option = &view->options.items[place];
        const Value *value =
            option->value.id ? value_at(&option->value.module->values, option->value.id) : NULL;
        bool is = words[i] == WORD_SWAPPABLE
                      ? names_model(replay, option->value, life->app, life->view.lower)
                      : value && value->kind == VALUE_BOOL &&
                            value->u.boolean == (words[i] == WORD_MANAGED);
        if (!is)
            return false;
    }
    return true;
}

/* The value of an option then; VALUE_ABSENT where it is not set. */
static ValueRef option_at(Replay *replay, ModelId model, Word name, StateAt at)
{
    EventId id = last_on_line(replay, &replay->option_index, model, word(replay, name), at, true);
    const StateEvent *event = id == EVENT_NONE ? NULL : &replay->events.items[id];
    return event && event->kind == EVENT_OPTION_SET
               ? follow(replay, replay->options.items[event->payload].value)
               : (ValueRef){0};
}

Str state_table_at(const State *state, ModelId model, StateAt at, Arena *arena)
{
    Replay *replay = state->replay;
    const Life *life = &replay->lives.items[model];
    EventId named = last_on_line(replay, &replay->option_index, model, SYM_NONE, at, true);
    if (named == EVENT_NONE || state_managed_at(state, model, at) != STATE_YES)
        return S("");
    Sym lower_name = replay->events.items[named].name;
    ValueRef swappable = option_at(replay, model, WORD_SWAPPABLE, at);
    if (swappable.id && !names_model(replay, swappable, life->app, lower_name))
        return S("");
    ValueRef table = option_at(replay, model, WORD_DB_TABLE, at);
    if (table.id && value_at(&table.module->values, table.id)->kind != VALUE_NONE)
        return text_of(replay, string_of(replay, table));
    return arena_printf(arena, "%.*s_%.*s", STR_ARG(text_of(replay, life->app)),
                        STR_ARG(text_of(replay, lower_name)));
}

Str state_many_table_of(const State *state, Str own, const StateField *field, Arena *arena)
{
    Replay *replay = state->replay;
    if (field->kind != FIELD_MANY || field->through.given)
        return S("");
    Argument table = call_arg(replay, field->call, WORD_DB_TABLE, UINT32_MAX);
    Sym text = string_of(replay, table.value);
    bool none =
        table.value.id && value_at(&table.value.module->values, table.value.id)->kind == VALUE_NONE;
    if (text || table.unknown || (table.value.id && !none))
        return text_of(replay, text);
    return own.len ? arena_printf(arena, "%.*s_%.*s", STR_ARG(own),
                                  STR_ARG(text_of(replay, field->name)))
                   : S("");
}

Str state_many_table(const State *state, const ModelState *model, const StateField *field,
                     Arena *arena)
{
    return state_many_table_of(state, state_table(state, model, arena), field, arena);
}
