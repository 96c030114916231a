#include "models/same.h"

#include "link/tables.h"

/*
 * Whether deconstruct() of two fields says the same: class, target, keywords. A keyword that is not
 * given stands for the default of its class (rules/data/fields.yaml).
 */

static Str text_of(const Comparison *c, Sym sym)
{
    return sym_str(&c->workspace->interner, sym);
}

static Sym word(const Comparison *c, const char *text)
{
    return intern(&c->workspace->interner, str(text));
}

static void add_detail(const Comparison *c, Details *details, Detail detail)
{
    if (!details)
        return;
    Detail *grown = arena_array(c->arena, Detail, details->count + 1);
    if (details->count)
        memcpy(grown, details->items, details->count * sizeof *grown);
    grown[details->count++] = detail;
    details->items = grown;
}

/* ---- classes ---- */

/* A field class of the files at hand, or of packages that are known. */
static ClassId class_of_field(const Comparison *c, const StateField *field)
{
    if (!read_is(field->call, VALUE_CALL))
        return CLASS_NONE;
    ValueRef callee = {field->call.module,
                       value_callee(&field->call.module->values, read_value(field->call))};
    return class_named(c->registry->reader, callee);
}

static bool defines(const Comparison *c, ClassId id, const char *method)
{
    bool elsewhere = false;
    return class_lookup(c->registry->reader, id, word(c, method), &elsewhere).id || elsewhere;
}

/* A class of Django's own by the name that its modules agree on: what re-exports it, and where it
 * is defined, differ for contrib.postgres and GIS. */
static bool same_django_class(Str a, Str b)
{
    Str left = str_tail(a, '.'), right = str_tail(b, '.');
    bool gis = str_starts(a, S("django.contrib.gis.")) == str_starts(b, S("django.contrib.gis."));
    bool postgres = str_starts(a, S("django.contrib.postgres.")) ==
                    str_starts(b, S("django.contrib.postgres."));
    return str_eq(left, right) && gis && postgres;
}

static Truth same_class(const Comparison *c, const StateField *before, const StateField *after)
{
    Str left = text_of(c, before->class_path), right = text_of(c, after->class_path);
    if (!left.len || !right.len)
        return MAYBE;
    if (str_eq(left, right))
        return YES;
    bool django[] = {str_starts(left, S("django.")), str_starts(right, S("django."))};
    if (django[0] && django[1])
        return truth(same_django_class(left, right));
    ClassId ids[] = {class_of_field(c, before), class_of_field(c, after)};
    for (int i = 0; i < 2; i++)
        if (!django[i] && (ids[i] == CLASS_NONE || defines(c, ids[i], "deconstruct")))
            return MAYBE;
    return NO;
}

/* The class of Django's that says what the field's keywords mean; empty when a class in between
 * may change them. */
static Str meaning_of(const Comparison *c, const StateField *field)
{
    Str path = text_of(c, field->class_path);
    if (str_starts(path, S("django.db.models.")))
        return path;
    ClassId id = class_of_field(c, field);
    if (id == CLASS_NONE || defines(c, id, "deconstruct") || defines(c, id, "__init__"))
        return (Str){0};
    const ModelReader *reader = c->registry->reader;
    ClassIds mro = reader->classes.items[id].mro;
    for (uint32_t i = 0; i < mro.count; i++) {
        const ClassInfo *info = &reader->classes.items[mro.items[i]];
        for (uint32_t b = 0; b < info->class->base_count; b++) {
            ValueRef base = {info->module, info->class->bases[b]};
            Str outside = text_of(c, state_path(c->state, base));
            if (str_starts(outside, S("django.db.models.")))
                return outside;
        }
    }
    return (Str){0};
}

/* ---- targets ---- */

static Truth same_target(const StateTarget *before, const StateTarget *after)
{
    if (!before->given && !after->given)
        return YES;
    if (!before->given || !after->given)
        return NO;
    if (!before->app || !after->app)
        return MAYBE;
    return truth(before->app == after->app && before->model == after->model);
}

static Sym target_text(const Comparison *c, const StateTarget *target)
{
    if (!target->app)
        return SYM_NONE;
    return intern(&c->workspace->interner,
                  arena_printf(c->arena, "%.*s.%.*s", STR_ARG(text_of(c, target->app)),
                               STR_ARG(text_of(c, target->model))));
}

static Truth compare_target(const Comparison *c, const char *name, const StateTarget *before,
                            const StateTarget *after, Details *details)
{
    Truth same = same_target(before, after);
    if (same == NO)
        add_detail(c, details,
                   (Detail){.kind = DETAIL_TARGET,
                            .name = word(c, name),
                            .before = target_text(c, before),
                            .after = target_text(c, after)});
    return same;
}

/* ---- keywords ---- */

typedef struct Given {
    Plain value;
    ValueRef written;
    bool given;
    bool unread; /* may be given, in a way that cannot be read */
} Given;

static Plain plain_of_literal(const Comparison *c, const Literal *literal)
{
    switch (literal->kind) {
    case LITERAL_BOOL:
    case LITERAL_INT:
        return (Plain){.kind = PLAIN_NUMBER, .number = (double)literal->number};
    case LITERAL_TEXT:
        return (Plain){.kind = PLAIN_STRING,
                       .text = intern(&c->workspace->interner, literal->text)};
    case LITERAL_EMPTY_LIST:
        return (Plain){.kind = PLAIN_LIST};
    default:
        return (Plain){.kind = PLAIN_NONE};
    }
}

static Given given(const Comparison *c, const StateArguments *arguments, Sym name)
{
    for (uint32_t i = 0; i < arguments->count; i++) {
        const StateArgument *argument = &arguments->items[i];
        if (argument->name != name)
            continue;
        Plain plain = argument->text ? (Plain){.kind = PLAIN_STRING, .text = argument->text}
                                     : plain_value(c, argument->value);
        return (Given){plain, argument->value, true, false};
    }
    bool nameless = false;
    for (uint32_t i = 0; i < arguments->count; i++)
        nameless |= !arguments->items[i].name;
    return (Given){.unread = arguments->open || nameless};
}

/* Lists and tuples are the same in choices, and a mapping is a list of pairs; before 5.0 some of
 * these differ, which is left alone. */
static void as_choices(const Comparison *c, Plain *plain, int depth)
{
    enum { GROUPS = 4 };
    if (plain->kind == PLAIN_DICT) {
        Plain *pairs = arena_array(c->arena, Plain, plain->count / 2);
        for (uint32_t i = 0; i + 1 < plain->count; i += 2)
            pairs[i / 2] = (Plain){.kind = PLAIN_LIST, .items = plain->items + i, .count = 2};
        plain->items = pairs;
        plain->count /= 2;
        plain->kind = PLAIN_LIST;
    }
    if (plain->kind == PLAIN_TUPLE)
        plain->kind = PLAIN_LIST;
    for (uint32_t i = 0; plain->kind == PLAIN_LIST && depth < GROUPS && i < plain->count; i++)
        as_choices(c, &plain->items[i], depth + 1);
}

/* Field keeps its validators in a list, whatever they were given in. */
static void as_list(Plain *plain)
{
    if (plain->kind == PLAIN_TUPLE)
        plain->kind = PLAIN_LIST;
}

static void read_choices(const Comparison *c, Given *choices)
{
    Plain made;
    if (choices->given && choices->value.kind == PLAIN_DEFINITION) {
        bool known = enumeration_choices(c, choices->value.ref, &made);
        choices->value = known ? made : (Plain){0};
    } else if (choices->given && choices->value.kind == PLAIN_PATH) {
        choices->value = (Plain){0};
    }
    as_choices(c, &choices->value, 0);
}

/* One keyword of both fields, under the class that says what it means. */
typedef struct Pair {
    Str class;
    Sym name;
    Given before, after;
} Pair;

static Truth same_keyword(const Comparison *c, Pair *pair)
{
    Literal otherwise;
    FieldKeyword kind =
        tables_field_keyword(c->workspace->tables, pair->class, text_of(c, pair->name), &otherwise);
    if (kind == KEYWORD_IGNORED)
        return YES;
    if (kind == KEYWORD_UNKNOWN || pair->before.unread || pair->after.unread)
        return MAYBE;
    if (pair->before.given != pair->after.given && kind == KEYWORD_UNSET) {
        const Given *one = pair->before.given ? &pair->before : &pair->after;
        return read_value(one->written)->flags & VALUE_MAYBE ? MAYBE : NO;
    }
    if (pair->name == word(c, "choices")) {
        read_choices(c, &pair->before);
        read_choices(c, &pair->after);
    }
    if (pair->name == word(c, "validators")) {
        as_list(&pair->before.value);
        as_list(&pair->after.value);
    }
    if (!pair->before.given)
        pair->before.value = plain_of_literal(c, &otherwise);
    if (!pair->after.given)
        pair->after.value = plain_of_literal(c, &otherwise);
    return same_plain(c, &pair->before.value, &pair->after.value);
}

/* What Django's versions say differently, or may leave out. */
static bool is_lenient(const Comparison *c, const Pair *pair)
{
    bool one = pair->before.given != pair->after.given;
    return one && (pair->name == word(c, "limit_choices_to") || pair->name == word(c, "storage") ||
                   pair->name == word(c, "on_delete")); /* CASCADE before 2.0 */
}

/* Up to 3.2 a template is filled in, and what hides the way back gets a name of its own. */
static bool is_made_up(const Comparison *c, const Given *related_name)
{
    if (!related_name->given || related_name->value.kind != PLAIN_STRING)
        return false;
    Str text = text_of(c, related_name->value.text);
    return str_contains(text, S("%(")) || str_ends(text, S("+"));
}

/* What Django sets on its own where a class is a model: the primary key is not serialised, and what
 * is set on saving can neither be edited nor left blank. */
static void as_django_sets(const Comparison *c, const StateArguments *arguments, bool key,
                           Pair *pair, Given *of)
{
    Given now = given(c, arguments, word(c, "auto_now"));
    Given add = given(c, arguments, word(c, "auto_now_add"));
    bool saved = (now.given && now.value.number != 0) || (add.given && add.value.number != 0);
    if (key && pair->name == word(c, "serialize") && !of->given)
        *of = (Given){.value = {.kind = PLAIN_NUMBER}, .given = true};
    if (saved && (pair->name == word(c, "editable") || pair->name == word(c, "blank")))
        *of = (Given){.value = {.kind = PLAIN_UNKNOWN}, .given = true};
}

typedef struct Sides {
    StateArguments before, after;
    Str class;
    bool key; /* the class's field is a primary key */
} Sides;

static Truth compare_keyword(const Comparison *c, const Sides *sides, Sym name, Details *details)
{
    Pair pair = {sides->class, name, given(c, &sides->before, name), given(c, &sides->after, name)};
    as_django_sets(c, &sides->before, false, &pair, &pair.before);
    as_django_sets(c, &sides->after, sides->key, &pair, &pair.after);
    bool lenient = is_lenient(c, &pair) ||
                   ((name == word(c, "related_name") || name == word(c, "related_query_name")) &&
                    (is_made_up(c, &pair.before) || is_made_up(c, &pair.after)));
    Truth same = lenient ? MAYBE : same_keyword(c, &pair);
    if (same == NO)
        add_detail(c, details,
                   (Detail){.kind = DETAIL_KEYWORD,
                            .name = name,
                            .from = pair.before.written,
                            .to = pair.after.written});
    return same;
}

static bool has_name(const StateArguments *arguments, uint32_t until, Sym name)
{
    for (uint32_t i = 0; i < until; i++)
        if (arguments->items[i].name == name)
            return true;
    return false;
}

static Truth compare_keywords(const Comparison *c, const Sides *sides, Details *details)
{
    Truth all = YES;
    for (uint32_t i = 0; i < sides->before.count; i++)
        all = sides->before.items[i].name
                  ? truth_and(all, compare_keyword(c, sides, sides->before.items[i].name, details))
                  : truth_and(all, MAYBE);
    for (uint32_t i = 0; i < sides->after.count; i++) {
        Sym name = sides->after.items[i].name;
        if (!name)
            all = truth_and(all, MAYBE);
        else if (!has_name(&sides->before, sides->before.count, name))
            all = truth_and(all, compare_keyword(c, sides, name, details));
    }
    Sym serialize = word(c, "serialize");
    if (sides->key && !has_name(&sides->before, sides->before.count, serialize) &&
        !has_name(&sides->after, sides->after.count, serialize))
        all = truth_and(all, compare_keyword(c, sides, serialize, details));
    return all;
}

/* ---- fields ---- */

/* The class says to_field only where it is not the target's primary key. */
static Truth same_to_field(const Comparison *c, const Sides *sides, const StateField *after)
{
    Sym name = word(c, "to_field");
    Given before = given(c, &sides->before, name), now = given(c, &sides->after, name);
    if (!before.given && !now.given && !before.unread && !now.unread)
        return YES;
    const Model *target = after->to.app && after->to.model
                              ? registry_model(c->registry, after->to.app, after->to.model)
                              : NULL;
    if (before.value.kind == PLAIN_STRING && now.value.kind == PLAIN_STRING)
        return before.value.text == now.value.text ? YES : MAYBE;
    if (!target || target->fields_open || before.given || now.value.kind != PLAIN_STRING)
        return MAYBE;
    const ModelField *field = model_field(target, now.value.text);
    return field && field->there == YES && !field->field.primary_key ? NO : MAYBE;
}

static Truth compare_relation(const Comparison *c, const Sides *sides, const StateField *before,
                              const StateField *after, Details *details)
{
    Truth same = compare_target(c, "to", &before->to, &after->to, details);
    if (before->kind == FIELD_MANY)
        return truth_and(same,
                         compare_target(c, "through", &before->through, &after->through, details));
    Truth to_field = same_to_field(c, sides, after);
    if (to_field == NO)
        add_detail(c, details, (Detail){.kind = DETAIL_KEYWORD, .name = word(c, "to_field")});
    return truth_and(same, to_field);
}

Truth same_field(const Comparison *c, const ModelState *old, const StateField *before,
                 const Model *now, const ModelField *after, Details *details)
{
    (void)old;
    (void)now;
    Truth class = same_class(c, before, &after->field);
    if (class == NO)
        add_detail(c, details,
                   (Detail){.kind = DETAIL_CLASS,
                            .before = before->class_path,
                            .after = after->field.class_path});
    if (class != YES)
        return class;
    Sides sides = {.class = meaning_of(c, &after->field), .key = after->field.primary_key};
    sides.before = state_field_arguments(c->state, before, c->arena);
    sides.after = state_field_arguments(c->state, &after->field, c->arena);
    if (!sides.class.len)
        return MAYBE;
    Truth same = compare_keywords(c, &sides, details);
    if (before->kind == FIELD_RELATION || before->kind == FIELD_MANY)
        same = truth_and(same, compare_relation(c, &sides, before, &after->field, details));
    return same;
}
