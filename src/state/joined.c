#include "state/replay.h"

/*
 * Django has a model for the table of a many-to-many field without `through`, too: that of
 * Post.tags is called "Post_tags". It stays in the registry that RunPython is given when the field
 * or its model goes, until the registry is made anew; when that is depends on what ran before.
 */

enum { MOST_LIVES = 64 }; /* of one name, looked into */

/* What the model with that field says about the name that is put together from the two. */
static StateAnswer answer_of(Replay *replay, const NameLine *line, ModelId model, Str rest,
                             Sym *field)
{
    const View *view = &replay->lives.items[model].view;
    StateAnswer answer = STATE_NO;
    for (uint32_t i = 0; i < view->fields.count; i++) {
        const StateField *at = &view->fields.items[i];
        if (at->through.given || !str_eq(text_of(replay, lower(replay, at->name)), rest))
            continue;
        bool there = line->now == model && slot_of(&view->field_slots, at->name) == i;
        if (there && at->kind == FIELD_MANY) {
            *field = at->name;
            return STATE_YES;
        }
        if (at->kind == FIELD_MANY || at->kind == FIELD_UNKNOWN)
            answer = STATE_UNKNOWN;
    }
    return answer;
}

static StateAnswer answer_of_line(Replay *replay, const NameLine *line, Str rest, Sym *field)
{
    uint32_t count = line->events.count;
    StateAnswer answer = count > MOST_LIVES ? STATE_UNKNOWN : STATE_NO;
    for (uint32_t i = 0; i < count && i < MOST_LIVES; i++) {
        ModelId model = replay->events.items[line->events.items[i]].model;
        StateAnswer one = is_open(replay, line->app, model)
                              ? STATE_UNKNOWN
                              : answer_of(replay, line, model, rest, field);
        if (one == STATE_YES)
            return STATE_YES;
        answer = one == STATE_UNKNOWN ? STATE_UNKNOWN : answer;
    }
    return answer;
}

StateAnswer find_joined(Replay *replay, Sym app, Sym name, ModelId *owner, Sym *field)
{
    Str text = text_of(replay, name);
    StateAnswer answer = STATE_NO;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '_')
            continue;
        Sym model = intern_find(&replay->workspace->interner, str_sub(text, 0, i));
        const NameLine *line = model ? find_name_line(replay, app, model) : NULL;
        if (!line)
            continue;
        StateAnswer one = answer_of_line(replay, line, str_sub(text, i + 1, text.len), field);
        *owner = line->now;
        if (one == STATE_YES)
            return STATE_YES;
        answer = one == STATE_UNKNOWN ? STATE_UNKNOWN : answer;
    }
    return answer;
}
