#include "rules/alike.h"

Alike alike_start(const RuleContext *context)
{
    return (Alike){context, likeness_start(context->registry, context->state)};
}

static Str text_of(const Alike *alike, Sym sym)
{
    return context_str(alike->context, sym);
}

static Truth values_alike(Alike *alike, ValueRef a, ValueRef b)
{
    Arena arena = {0};
    Truth same = likeness_of_values(&alike->likeness, a, b, &arena);
    arena_free(&arena);
    return same;
}

/* ---- values that stay what they are ---- */

enum { DEEPEST = 16, MOST_ARGUMENTS = 64 };

/* A function may return anything; a class makes an object of its arguments, and so does what is
 * named here. */
static bool makes_object(Str path)
{
    static const char *const functions[] = {
        "builtins.set",   "builtins.frozenset",        "builtins.dict", "builtins.list",
        "builtins.tuple", "django.utils.translation.", "datetime.",     "functools.partial",
    };
    Str name = str_tail(path, '.');
    if (name.len && name.ptr[0] >= 'A' && name.ptr[0] <= 'Z')
        return true;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (str_starts(path, str(functions[i])))
            return !str_eq(name, S("now")) && !str_eq(name, S("today")) &&
                   !str_eq(name, S("utcnow"));
    return false;
}

static bool is_fixed(Alike *alike, ValueRef ref, int depth);

static bool are_fixed(Alike *alike, ValueRef ref, uint32_t first, uint32_t count, int depth)
{
    for (uint32_t i = 0; i < count; i++)
        if (!is_fixed(alike, (ValueRef){ref.module, ref.module->values.items[first + i]}, depth))
            return false;
    return true;
}

/* Whether nothing in it is the result of a function. */
static bool is_fixed(Alike *alike, ValueRef ref, int depth)
{
    const Value *value = value_at(&ref.module->values, ref.id);
    if (depth > DEEPEST || !alike->likeness.room)
        return false;
    alike->likeness.room--;
    switch ((ValueKind)value->kind) {
    case VALUE_CALL:
        return makes_object(text_of(alike, state_path(alike->context->state, ref))) &&
               are_fixed(alike, ref, value->u.call.first + 1,
                         value->u.call.count + 2u * value->keywords, depth + 1);
    case VALUE_LIST:
    case VALUE_TUPLE:
    case VALUE_SET:
    case VALUE_DICT:
        return are_fixed(alike, ref, value->u.items.first, value->u.items.count, depth + 1);
    case VALUE_UNKNOWN:
    case VALUE_JOIN:
        return false;
    default:
        return true;
    }
}

/* ---- fields ---- */

bool targets_same(const StateTarget *a, const StateTarget *b)
{
    /* What the setting will say is not what it says now. */
    return a->given == b->given && a->app == b->app && a->model == b->model &&
           a->setting == b->setting && (a->app || !a->given);
}

static const StateArgument *argument_of(const Alike *alike, const StateArguments *arguments,
                                        Str name)
{
    for (uint32_t i = 0; i < arguments->count; i++)
        if (str_eq(text_of(alike, arguments->items[i].name), name))
            return &arguments->items[i];
    return NULL;
}

static bool is_one_of(Str text, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(text, str(names[i])))
            return true;
    return false;
}

/* What the autodetector of some Djangos does not look at, or tells lists from tuples in. */
static bool is_compared_strictly(Str name)
{
    static const char *const names[] = {"choices",      "through_fields",   "symmetrical",
                                        "to_field",     "limit_choices_to", "storage",
                                        "related_name", "swappable"};
    return is_one_of(name, names, sizeof names / sizeof *names);
}

/* One way: what is in `a` is in `b` as well, as far as the autodetector may not have looked. */
static bool written_alike(Alike *alike, const StateArguments *a, const StateArguments *b)
{
    for (uint32_t i = 0; i < a->count; i++) {
        const StateArgument *own = &a->items[i];
        Str name = text_of(alike, own->name);
        if (own->value.id && !is_fixed(alike, own->value, 0))
            return false;
        if (!is_compared_strictly(name))
            continue;
        const StateArgument *other = argument_of(alike, b, name);
        if (!other || own->text != other->text ||
            (!own->text && values_alike(alike, own->value, other->value) != YES))
            return false;
    }
    return !a->open && a->count <= MOST_ARGUMENTS;
}

bool fields_same(Alike *alike, const StateField *a, const StateField *b)
{
    const State *state = alike->context->state;
    Arena arena = {0};
    StateArguments of_a = state_field_arguments(state, a, &arena);
    StateArguments of_b = state_field_arguments(state, b, &arena);
    bool same = likeness_of_fields(&alike->likeness, a, b, NULL, &arena) == YES &&
                (!a->to.given || targets_same(&a->to, &b->to)) &&
                (!a->through.given || targets_same(&a->through, &b->through)) &&
                written_alike(alike, &of_a, &of_b) && written_alike(alike, &of_b, &of_a);
    arena_free(&arena);
    return same;
}

/* Classes of Django's whose columns are of one type: what else differs, keywords say. */
static bool is_same_type(Str a, Str b)
{
    static const char *const texts[] = {
        "CharField",     "EmailField", "URLField",   "SlugField",
        "FilePathField", "FileField",  "ImageField", "CommaSeparatedIntegerField"};
    static const char *const booleans[] = {"BooleanField", "NullBooleanField"};
    static const char *const relations[] = {"ForeignKey", "OneToOneField", "ForeignObject"};
#define BOTH_IN(names)                                                                             \
    (is_one_of(a, names, sizeof names / sizeof *names) &&                                          \
     is_one_of(b, names, sizeof names / sizeof *names))
    return BOTH_IN(texts) || BOTH_IN(booleans) || BOTH_IN(relations);
#undef BOTH_IN
}

static bool is_of_schema(const Alike *alike, const StateField *field, const Detail *detail)
{
    static const char *const keywords[] = {
        "null",         "unique",     "primary_key", "db_index",   "max_digits", "decimal_places",
        "db_collation", "db_default", "expression",  "db_persist", "db_table",   "db_constraint",
        "output_field", "base_field", "srid",        "dim",        "geography",
    };
    Str before = text_of(alike, detail->before), after = text_of(alike, detail->after);
    Str name = text_of(alike, detail->name), class = text_of(alike, field->class_path);
    Str models = S("django.db.models.");
    switch (detail->kind) {
    case DETAIL_CLASS:
        return str_starts(before, models) && str_starts(after, models) &&
               !is_same_type(str_sub(before, models.len, before.len),
                             str_sub(after, models.len, after.len));
    case DETAIL_TARGET:
        return true;
    case DETAIL_KEYWORD:
        return str_eq(name, S("max_length"))
                   ? str_eq(class, S("django.db.models.CharField"))
                   : is_one_of(name, keywords, sizeof keywords / sizeof *keywords);
    default:
        return false;
    }
}

bool columns_differ(Alike *alike, const StateField *a, const StateField *b)
{
    Arena arena = {0};
    Details details = {0};
    bool differ = false;
    if (likeness_of_fields(&alike->likeness, a, b, &details, &arena) == NO)
        for (uint32_t i = 0; i < details.count; i++)
            differ |= is_of_schema(alike, a, &details.items[i]);
    arena_free(&arena);
    return differ;
}

/* ---- options ---- */

enum { MOST_GROUPS = 64 };

static bool same_names(const StateNames *a, const StateNames *b)
{
    return a->count == b->count &&
           (!a->count || !memcmp(a->items, b->items, a->count * sizeof *a->items));
}

static bool has_group(const StateOption *option, const StateNames *group)
{
    for (uint32_t i = 0; i < option->group_count; i++)
        if (same_names(&option->groups[i], group))
            return true;
    return false;
}

/* unique_together and index_together are sets. */
static Truth groups_alike(const StateOption *a, const StateOption *b)
{
    if (!a->groups_known || !b->groups_known || a->group_count > MOST_GROUPS ||
        b->group_count > MOST_GROUPS)
        return MAYBE;
    bool same = true;
    for (uint32_t i = 0; i < a->group_count; i++)
        same &= has_group(b, &a->groups[i]);
    for (uint32_t i = 0; i < b->group_count; i++)
        same &= has_group(a, &b->groups[i]);
    return truth(same);
}

static Truth options_alike(Alike *alike, const StateOption *a, const StateOption *b)
{
    return a->together && b->together ? groups_alike(a, b)
                                      : values_alike(alike, a->value, b->value);
}

bool options_same(Alike *alike, const StateOption *a, const StateOption *b)
{
    return options_alike(alike, a, b) == YES && (!a->value.id || is_fixed(alike, a->value, 0));
}

bool options_differ(Alike *alike, const StateOption *a, const StateOption *b)
{
    return options_alike(alike, a, b) == NO;
}

/* ---- indexes ---- */

static bool arguments_same(Alike *alike, const StateArguments *a, const StateArguments *b)
{
    if (!a->items || !b->items || a->open || b->open || a->count != b->count ||
        a->count > MOST_ARGUMENTS)
        return false;
    for (uint32_t i = 0; i < a->count; i++) {
        const StateArgument *own = &a->items[i];
        const StateArgument *other =
            own->name ? argument_of(alike, b, text_of(alike, own->name)) : NULL;
        if (!other || own->text != other->text)
            return false;
        if (!own->text && values_alike(alike, own->value, other->value) != YES)
            return false;
    }
    return true;
}

bool indexes_same(Alike *alike, const StateIndex *a, const StateIndex *b)
{
    const State *state = alike->context->state;
    Arena arena = {0};
    if (!a->class_path || a->class_path != b->class_path || !a->name || a->name != b->name)
        return false;
    StateArguments of_a = state_index_arguments(state, a, &arena);
    StateArguments of_b = state_index_arguments(state, b, &arena);
    bool same = arguments_same(alike, &of_a, &of_b);
    arena_free(&arena);
    return same;
}
