#include "report/state_lines.h"

#include "report/values.h"
#include "report/visible.h"

static Str text_of(const State *state, Sym sym)
{
    return sym_str(state->graph->interner, sym);
}

void class_text_add(const State *state, Sym path, StrBuf *out)
{
    Str text = text_of(state, path), models = S("django.db.models.");
    if (str_starts(text, models))
        text = str_sub(text, models.len, text.len);
    visible_add(out, text.len ? text : S("?"));
}

void arguments_text_add(const State *state, StateArguments arguments, StrBuf *out)
{
    StrBuf text = {0};
    for (uint32_t i = 0; i < arguments.count; i++) {
        strbuf_add(&text, i ? S(", ") : S(""));
        if (arguments.items[i].name)
            strbuf_printf(&text, "%.*s=", STR_ARG(text_of(state, arguments.items[i].name)));
        argument_text_add(state, &arguments.items[i], &text);
    }
    if (arguments.open)
        strbuf_add(&text, arguments.count ? S(", ?") : S("?"));
    strbuf_byte(out, '(');
    visible_add(out, strbuf_str(&text));
    strbuf_byte(out, ')');
    strbuf_free(&text);
}

void field_text_add(const State *state, const StateField *field, size_t width, Arena *scratch,
                    StrBuf *out)
{
    strbuf_add(out, S("    "));
    visible_pad(out, text_of(state, field->name), width + 2);
    class_text_add(state, field->class_path, out);
    arguments_text_add(state, state_field_arguments(state, field, scratch), out);
}

size_t field_width(const State *state, const Sym *names, uint32_t count)
{
    enum { USUAL = 32 };
    size_t width = 0;
    for (uint32_t i = 0; i < count; i++) {
        size_t own = visible_width(text_of(state, names[i]));
        width = own > width && own <= USUAL ? own : width;
    }
    return width;
}

static void groups_add(const State *state, const StateOption *option, StrBuf *out)
{
    for (uint32_t g = 0; g < option->group_count; g++) {
        strbuf_add(out, g ? S(", (") : S("("));
        for (uint32_t i = 0; i < option->groups[g].count; i++) {
            strbuf_add(out, i ? S(", ") : S(""));
            strbuf_add(out, text_of(state, option->groups[g].items[i]));
        }
        strbuf_byte(out, ')');
    }
}

void option_text_add(const State *state, const StateOption *option, StrBuf *out)
{
    StrBuf text = {0};
    if (option->value.id)
        value_text_add(state, option->value, &text);
    else
        groups_add(state, option, &text);
    visible_add(out, strbuf_str(&text));
    strbuf_free(&text);
}
