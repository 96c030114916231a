#include "rules/template.h"

#include "base/array.h"

enum { LONGEST_VALUE = 60 };

static bool placeholder(const Yaml *yaml, const YamlNode *node, Str inside,
                        const char *const *names, uint32_t count, TemplatePart *out, Error *err)
{
    Str rest = inside;
    out->name = str_cut(&rest, ':');
    out->text = rest;
    bool known = false;
    for (uint32_t i = 0; i < count && !known; i++)
        known = str_eq(out->name, str(names[i]));
    if (!known) {
        Str near = yaml_nearest(out->name, names, count);
        return yaml_error(yaml, node, err, "no placeholder `{%.*s}` here%s%.*s%s", STR_ARG(inside),
                          near.len ? "; did you mean `{" : "", STR_ARG(near),
                          near.len ? "}`?" : "");
    }
    bool argument = str_eq(out->name, S("argument"));
    if (argument != (rest.len > 0))
        return yaml_error(yaml, node, err, "write `{argument:name}`, and the others without `:`");
    return true;
}

bool template_read(const Yaml *yaml, const YamlNode *node, Str text, const char *const *names,
                   uint32_t count, Arena *arena, Template *out, Error *err)
{
    Array(TemplatePart) parts = {0};
    bool good = true;
    while (good && text.len) {
        size_t brace = str_find(text, '{');
        if (brace)
            array_push(&parts, (TemplatePart){.text = str_sub(text, 0, brace)});
        text = str_sub(text, brace, text.len);
        if (str_starts(text, S("{{"))) {
            array_push(&parts, (TemplatePart){.text = str_sub(text, 0, 1)});
            text = str_sub(text, 2, text.len);
        } else if (text.len) {
            size_t end = str_find(text, '}');
            TemplatePart part = {0};
            good = end < text.len
                       ? placeholder(yaml, node, str_sub(text, 1, end), names, count, &part, err)
                       : yaml_error(yaml, node, err, "a `{` is not closed; `{{` is a brace");
            array_push(&parts, part);
            text = str_sub(text, end + 1, text.len);
        }
    }
    out->parts = arena_keep(arena, TemplatePart, parts.items, parts.count);
    out->count = parts.count;
    array_free(&parts);
    return good;
}

/* A value as part of one line: its first line, cut at a code point. */
static Str fit(Str value)
{
    size_t end = str_find(value, '\n');
    if (end > LONGEST_VALUE)
        end = LONGEST_VALUE;
    while (end < value.len && end && ((unsigned char)value.ptr[end] & 0xc0) == 0x80)
        end--;
    return str_sub(value, 0, end);
}

Str template_render(const Template *text, TemplateValue value, const void *self, Arena *arena)
{
    StrBuf out = {0};
    for (uint32_t i = 0; i < text->count; i++) {
        const TemplatePart *part = &text->parts[i];
        Str whole = part->name.len ? value(self, part, arena) : part->text;
        Str shown = part->name.len ? fit(whole) : whole;
        strbuf_add(&out, shown);
        if (!whole.len || shown.len < whole.len)
            strbuf_add(&out, S("…"));
    }
    Str done = arena_str(arena, strbuf_str(&out));
    strbuf_free(&out);
    return done;
}
