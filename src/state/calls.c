#include "state/replay.h"

/* What fields and indexes are made with, after all that happened to them. */

enum { MOST_POSITIONS = 12 };

static const struct Signature {
    const char *class_name;
    const char *names[MOST_POSITIONS + 1];
} signatures[] = {
#define FIELD(name, kind, ...) {name, {__VA_ARGS__}},
#include "state/field_kinds.def"
#undef FIELD
};

/* Of Django's class of that path; what is not listed takes what Field takes. */
static const struct Signature *signature_of(Str path)
{
    Str name = str_tail(path, '.');
    if (!str_starts(path, S("django.")))
        return NULL;
    for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++)
        if (str_eq(name, str(signatures[i].class_name)))
            return &signatures[i];
    return &signatures[0];
}

static void add_positional(Replay *replay, ValueRef ref, const struct Signature *signature,
                           StateArguments *out)
{
    const Values *values = &ref.module->values;
    const Value *call = value_at(values, ref.id);
    for (uint32_t i = 0; i < call->u.call.count; i++) {
        const char *name = signature && i < MOST_POSITIONS ? signature->names[i] : NULL;
        ValueRef value = {ref.module, value_positional(values, call, i)};
        if (value_at(values, value.id)->flags & VALUE_STAR) {
            out->open = true;
            return;
        }
        if (!name)
            signature = NULL;
        out->items[out->count++] = (StateArgument){
            name ? intern(&replay->workspace->interner, str(name)) : SYM_NONE, value, SYM_NONE};
    }
}

static StateArguments read_call(Replay *replay, ValueRef ref, const struct Signature *signature,
                                Arena *arena)
{
    StateArguments out = {0};
    const Value *call = ref.id ? value_at(&ref.module->values, ref.id) : NULL;
    if (!call || call->kind != VALUE_CALL)
        return (StateArguments){.open = true};
    out.items = arena_array(arena, StateArgument, call->u.call.count + call->keywords + 4u);
    out.open = (call->flags & VALUE_OPEN) != 0;
    add_positional(replay, ref, signature, &out);
    for (uint32_t i = 0; i < call->keywords; i++) {
        StateArgument argument = {.value = {ref.module, VALUE_ABSENT}};
        value_keyword_at(&ref.module->values, call, i, &argument.name, &argument.value.id);
        out.items[out.count++] = argument;
    }
    return out;
}

static void put_text(StateArguments *arguments, Sym name, Sym text, bool add)
{
    for (uint32_t i = 0; text && i < arguments->count; i++)
        if (arguments->items[i].name == name) {
            arguments->items[i].text = text;
            return;
        }
    if (text && add)
        arguments->items[arguments->count++] = (StateArgument){name, {0}, text};
}

StateArguments state_field_arguments(const State *state, const StateField *field, Arena *arena)
{
    Replay *replay = state->replay;
    Str path = text_of(replay, field->class_path);
    StateArguments out = read_call(replay, field->call, signature_of(path), arena);
    if (!out.items)
        return out;
    put_text(&out, word(replay, WORD_TO), field->to.text, false);
    put_text(&out, word(replay, WORD_THROUGH), field->through.text, false);
    put_text(&out, word(replay, WORD_TO_FIELD), field->to_field, true);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < out.count; i++)
        if (!field->default_dropped || out.items[i].name != word(replay, WORD_DEFAULT))
            out.items[kept++] = out.items[i];
    out.count = kept;
    return out;
}

StateArguments state_index_arguments(const State *state, const StateIndex *index, Arena *arena)
{
    Replay *replay = state->replay;
    if (!index->call.id)
        return (StateArguments){0};
    StateArguments out = read_call(replay, index->call, NULL, arena);
    if (out.items)
        put_text(&out, word(replay, WORD_NAME), index->name, true);
    return out;
}
