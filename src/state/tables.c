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
