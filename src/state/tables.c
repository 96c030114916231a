#include "state/replay.h"

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

/* A model that a setting may swap out has a table only where the setting names it. */
static bool is_swapped_in(Replay *replay, ModelId model, const StateOption *swappable)
{
    const Life *life = &replay->lives.items[model];
    StateTarget user = user_target(replay);
    return str_eq(text_of(replay, string_of(replay, swappable->value)), S("AUTH_USER_MODEL")) &&
           user.app == life->app && user.model == life->view.lower;
}

bool has_table(Replay *replay, ModelId model)
{
    const View *view = &replay->lives.items[model].view;
    static const Word words[] = {WORD_PROXY, WORD_MANAGED, WORD_SWAPPABLE};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        uint32_t place = slot_of(&view->option_slots, word(replay, words[i]));
        if (place == UINT32_MAX)
            continue;
        const StateOption *option = &view->options.items[place];
        const Value *value =
            option->value.id ? value_at(&option->value.module->values, option->value.id) : NULL;
        bool is = words[i] == WORD_SWAPPABLE ? is_swapped_in(replay, model, option)
                                             : value && value->kind == VALUE_BOOL &&
                                                   value->u.boolean == (words[i] == WORD_MANAGED);
        if (!is)
            return false;
    }
    return true;
}

Str state_many_table(const State *state, const ModelState *model, const StateField *field,
                     Arena *arena)
{
    Replay *replay = state->replay;
    if (field->kind != FIELD_MANY || field->through.given)
        return S("");
    Argument table = call_arg(replay, field->call, WORD_DB_TABLE, UINT32_MAX);
    Sym text = string_of(replay, table.value);
    if (text || table.unknown)
        return text_of(replay, text);
    Str own = state_table(state, model, arena);
    return own.len ? arena_printf(arena, "%.*s_%.*s", STR_ARG(own),
                                  STR_ARG(text_of(replay, field->name)))
                   : S("");
}
