#include "models/same.h"

#include "base/digest.h"

/* Names of indexes and constraints: as they are written, or as Django makes one of the table, the
 * columns and a digest for an Index that has none. */

static Str text_of(const Comparison *c, Sym sym)
{
    return sym_str(&c->workspace->interner, sym);
}

static Sym word(const Comparison *c, const char *text)
{
    return intern(&c->workspace->interner, str(text));
}

static ValueRef keyword(const Comparison *c, const Plain *call, const char *name)
{
    const Values *values = &call->ref.module->values;
    return (ValueRef){call->ref.module,
                      value_keyword(values, read_value(call->ref), word(c, name))};
}

/* "%(app_label)s_%(class)s_x" */
static Sym filled_in(const Comparison *c, const Model *model, Str template)
{
    StrBuf out = {0};
    Str label = S("%(app_label)s"), class = S("%(class)s");
    for (size_t i = 0; i < template.len;) {
        Str rest = str_sub(template, i, template.len);
        bool is_label = str_starts(rest, label), is_class = str_starts(rest, class);
        if (is_label || is_class) {
            strbuf_add(&out,
                       text_of(c, is_label ? state_lower(c->workspace, model->app) : model->lower));
            i += is_label ? label.len : class.len;
        } else {
            strbuf_byte(&out, template.ptr[i++]);
        }
    }
    Sym sym = intern(&c->workspace->interner, strbuf_str(&out));
    strbuf_free(&out);
    return sym;
}

static Str suffix_of(Str path)
{
    static const struct {
        const char *class_name, *suffix;
    } known[] = {{"Index", "idx"},      {"BloomIndex", "bloom"},  {"BTreeIndex", "btree"},
                 {"BrinIndex", "brin"}, {"GinIndex", "gin"},      {"GistIndex", "gist"},
                 {"HashIndex", "hash"}, {"SpGistIndex", "spgist"}};
    for (size_t i = 0; str_starts(path, S("django.")) && i < sizeof known / sizeof *known; i++)
        if (str_eq(str_tail(path, '.'), str(known[i].class_name)))
            return str(known[i].suffix);
    return (Str){0};
}

static Str without_quotes(Str text)
{
    while (str_starts(text, S("\"")))
        text = str_sub(text, 1, text.len);
    while (str_ends(text, S("\"")))
        text = str_sub(text, 0, text.len - 1);
    return text;
}

/* `"schema"."table"` is the table. */
static Str without_schema(Str text)
{
    Str between = S("\".\"");
    for (size_t i = 0; i + between.len <= text.len; i++)
        if (str_starts(str_sub(text, i, text.len), between)) {
            Str rest = str_sub(text, i + between.len, text.len);
            return str_contains(rest, between) ? (Str){0} : without_quotes(rest);
        }
    return without_quotes(text);
}

/* db_table, or app_model where that fits every database. */
static Str table_of(const Comparison *c, const Model *model)
{
    enum { FITS = 60 };
    const ModelOption *option = model_option(model, word(c, "db_table"));
    if (option) {
        Plain table = plain_value(c, option->value);
        Str text = table.kind == PLAIN_STRING ? text_of(c, table.text) : (Str){0};
        return without_schema(text);
    }
    Str table = arena_printf(c->arena, "%.*s_%.*s", STR_ARG(text_of(c, model->app)),
                             STR_ARG(text_of(c, model->lower)));
    return model->options_open || table.len > FITS ? (Str){0} : table;
}

static Str column_of(const Comparison *c, const Model *model, Str name)
{
    const ModelField *field = model_field(model, intern(&c->workspace->interner, name));
    if (!field || field->there != YES ||
        !str_starts(text_of(c, field->field.class_path), S("django.db.models.")))
        return (Str){0};
    StateArguments arguments = state_field_arguments(c->state, &field->field, c->arena);
    if (arguments.open)
        return (Str){0};
    for (uint32_t i = 0; i < arguments.count; i++)
        if (arguments.items[i].name == word(c, "db_column")) {
            Plain column = plain_value(c, arguments.items[i].value);
            return column.kind == PLAIN_STRING ? text_of(c, column.text) : (Str){0};
        }
    return field->field.kind == FIELD_RELATION ? arena_printf(c->arena, "%.*s_id", STR_ARG(name))
                                               : name;
}

/* What Index.set_name_with_model() makes; SYM_NONE when something in it is not known. */
static Sym made_name(const Comparison *c, const Model *model, const Plain *call)
{
    Str table = table_of(c, model), suffix = suffix_of(text_of(c, call->text));
    Plain fields = plain_value(c, keyword(c, call, "fields"));
    if (!table.len || !suffix.len || (fields.kind != PLAIN_LIST && fields.kind != PLAIN_TUPLE) ||
        fields.open || !fields.count)
        return SYM_NONE;
    StrBuf hashed = {0};
    Str first = {0};
    bool known = true;
    strbuf_add(&hashed, table);
    for (uint32_t i = 0; i < fields.count && known; i++) {
        Str name =
            fields.items[i].kind == PLAIN_STRING ? text_of(c, fields.items[i].text) : (Str){0};
        bool down = str_starts(name, S("-"));
        Str column = column_of(c, model, down ? str_sub(name, 1, name.len) : name);
        known = column.len > 0;
        strbuf_add(&hashed, down ? S("-") : S(""));
        strbuf_add(&hashed, column);
        first = i ? first : column;
    }
    strbuf_add(&hashed, suffix);
    char hex[DIGEST_HEX];
    digest_md5(strbuf_str(&hashed), hex);
    strbuf_free(&hashed);
    Str made = arena_printf(c->arena, "%.*s_%.*s_%.6s_%.*s", STR_ARG(str_sub(table, 0, 11)),
                            STR_ARG(str_sub(first, 0, 7)), hex, STR_ARG(suffix));
    if (made.ptr[0] == '_' || (made.ptr[0] >= '0' && made.ptr[0] <= '9'))
        made = arena_printf(c->arena, "D%.*s", STR_ARG(str_sub(made, 1, made.len)));
    return known ? intern(&c->workspace->interner, made) : SYM_NONE;
}

Sym index_name(const Comparison *c, const Model *model, const Plain *call, bool constraint)
{
    const Value *value = read_value(call->ref);
    if (value->flags & VALUE_OPEN)
        return SYM_NONE;
    ValueRef written = keyword(c, call, "name");
    if (!written.id)
        return constraint ? SYM_NONE : made_name(c, model, call);
    Plain name = plain_value(c, written);
    return name.kind == PLAIN_STRING ? filled_in(c, model, text_of(c, name.text)) : SYM_NONE;
}
