#include "rules/made_names.h"

#include "base/digest.h"

typedef enum Flag { FLAG_NO, FLAG_YES, FLAG_UNKNOWN } Flag;

/* ---- which there are ---- */

static Flag flag_of(const RuleContext *context, const StateArguments *arguments, const char *name,
                    Flag otherwise)
{
    for (uint32_t i = 0; i < arguments->count; i++) {
        const StateArgument *argument = &arguments->items[i];
        if (!str_eq(context_str(context, argument->name), str(name)))
            continue;
        ValueRef found = state_value(context->state, argument->value);
        const Value *value = found.id ? value_at(&found.module->values, found.id) : NULL;
        bool known = value && value->kind == VALUE_BOOL && !(value->flags & VALUE_MAYBE);
        return !known ? FLAG_UNKNOWN : value->u.boolean ? FLAG_YES : FLAG_NO;
    }
    return otherwise;
}

static bool is_one_of(Str name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(name, str(names[i])))
            return true;
    return false;
}

/* Columns of text get an index for LIKE; of a collation of their own not always. */
static Flag is_text(const RuleContext *context, Str class_name, const StateArguments *arguments)
{
    static const char *const texts[] = {"CharField", "TextField", "EmailField",    "URLField",
                                        "SlugField", "FileField", "FilePathField", "ImageField"};
    if (!is_one_of(class_name, texts, sizeof texts / sizeof *texts))
        return FLAG_NO;
    for (uint32_t i = 0; i < arguments->count; i++)
        if (str_eq(context_str(context, arguments->items[i].name), S("db_collation")))
            return FLAG_UNKNOWN;
    return FLAG_YES;
}

static MadeIndex of_column(const RuleContext *context, const StateField *field, bool postgresql)
{
    Str name = str_tail(context_str(context, field->class_path), '.');
    StateArguments arguments = state_field_arguments(context->state, field, context->scratch);
    bool by_itself = str_eq(name, S("ForeignKey")) || str_eq(name, S("SlugField"));
    Flag indexed = flag_of(context, &arguments, "db_index", by_itself ? FLAG_YES : FLAG_NO);
    Flag unique = flag_of(context, &arguments, "unique",
                          str_eq(name, S("OneToOneField")) ? FLAG_YES : FLAG_NO);
    Flag key = flag_of(context, &arguments, "primary_key", FLAG_NO);
    if (arguments.open || indexed == FLAG_UNKNOWN || unique == FLAG_UNKNOWN || key == FLAG_UNKNOWN)
        return MADE_UNKNOWN;
    if (unique == FLAG_NO && key == FLAG_NO)
        return indexed == FLAG_YES ? MADE_PLAIN : MADE_NONE;
    Flag text = postgresql ? is_text(context, name, &arguments) : FLAG_NO;
    return text == FLAG_YES ? MADE_LIKE : text == FLAG_NO ? MADE_NONE : MADE_UNKNOWN;
}

MadeIndex made_index(const RuleContext *context, const StateField *field, bool postgresql)
{
    Str path = context_str(context, field->class_path);
    if (field->kind == FIELD_MANY && field->through.given)
        return MADE_NONE;
    if (!str_starts(path, S("django.db.models.")))
        return MADE_UNKNOWN;
    if (field->kind == FIELD_MANY)
        return postgresql ? MADE_MANY : MADE_NONE;
    bool column = field->kind == FIELD_PLAIN || field->kind == FIELD_RELATION;
    return column ? of_column(context, field, postgresql) : MADE_NONE;
}

/* ---- what they are called ---- */

enum { LONGEST = 63 };

Str made_name(const RuleContext *context, Str table, Str columns, Str hashed, const char *suffix)
{
    char hex[DIGEST_HEX];
    if (!table.len || table.len > LONGEST || !columns.len || str_find(table, '"') < table.len)
        return (Str){0};
    digest_md5(arena_printf(context->scratch, "%.*s%.*s", STR_ARG(table), STR_ARG(hashed)), hex);
    Str end = arena_printf(context->scratch, "%.8s%s", hex, suffix);
    Str name = arena_printf(context->scratch, "%.*s_%.*s_%.*s", STR_ARG(table), STR_ARG(columns),
                            STR_ARG(end));
    if (name.len <= LONGEST)
        return name;
    size_t each = (LONGEST - end.len) / 2 - 1;
    name = arena_printf(context->scratch, "%.*s_%.*s_%.*s", STR_ARG(str_sub(table, 0, each)),
                        STR_ARG(str_sub(columns, 0, each)), STR_ARG(end));
    bool digit = name.ptr[0] >= '0' && name.ptr[0] <= '9';
    return name.ptr[0] == '_' || digit
               ? arena_printf(context->scratch, "D%.*s", STR_ARG(str_sub(name, 0, name.len - 1)))
               : name;
}

/* The indexes of a many-to-many table are called after it and its two columns. */
static Str many_name(const RuleContext *context, const StateField *field, Str own, Sym model)
{
    Str table = state_many_table_of(context->state, own, field, context->scratch);
    const char *side = field->to.model == model ? "from_" : "";
    Str column =
        arena_printf(context->scratch, "%s%.*s_id", side, STR_ARG(context_str(context, model)));
    return field->to.app ? made_name(context, table, column, column, "") : (Str){0};
}

Str made_field_name(const RuleContext *context, const StateField *field, MadeIndex kind, Str table,
                    Sym model)
{
    if (kind == MADE_MANY)
        return many_name(context, field, table, model);
    if (kind != MADE_PLAIN && kind != MADE_LIKE)
        return (Str){0};
    Str column = state_column(context->state, field, context->scratch);
    return made_name(context, table, column, column, kind == MADE_LIKE ? "_like" : "");
}

Str filled_in(const RuleContext *context, Str text, Sym app, Sym model)
{
    Str label = S("%(app_label)s"), class = S("%(class)s");
    Str rest = text, out = {0};
    for (size_t i = str_find(rest, '%'); i < rest.len; i = str_find(rest, '%')) {
        Str from = str_sub(rest, i, rest.len);
        bool is_label = str_starts(from, label), is_class = str_starts(from, class);
        Str value = is_label   ? context_str(context, state_lowered(context->state, app))
                    : is_class ? context_str(context, model)
                               : S("%");
        size_t length = is_label ? label.len : is_class ? class.len : 1;
        out = arena_printf(context->scratch, "%.*s%.*s%.*s", STR_ARG(out),
                           STR_ARG(str_sub(rest, 0, i)), STR_ARG(value));
        rest = str_sub(rest, i + length, rest.len);
    }
    return out.len ? arena_printf(context->scratch, "%.*s%.*s", STR_ARG(out), STR_ARG(rest)) : text;
}
