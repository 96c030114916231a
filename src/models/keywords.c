#include "models/deconstruct.h"

#include "link/tables.h"

/*
 * Keywords of two fields. One that is not given stands for the default of its class
 * (rules/data/fields.yaml), and some are said in another way than they are written.
 */

static Str text_of(const Comparison *c, Sym sym)
{
    return sym_str(&c->workspace->interner, sym);
}

static Sym word(const Comparison *c, const char *text)
{
    return intern(&c->workspace->interner, str(text));
}

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

Given given(const Comparison *c, const StateArguments *arguments, Sym name)
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

/* ---- choices ---- */

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

static void read_choices(const Comparison *c, Given *choices)
{
    Plain made;
    if (choices->given && choices->value.kind == PLAIN_DEFINITION) {
        bool known = enumeration_choices(c, choices->value.ref, 0, &made);
        if (!read_is(choices->value.ref, VALUE_FUNCTION)) /* those are kept as they are */
            choices->value = known ? made : (Plain){0};
    } else if (choices->given && choices->value.kind == PLAIN_PATH) {
        choices->value = (Plain){0};
    }
    as_choices(c, &choices->value, 0);
}

/* ---- one keyword ---- */

/* A keyword of both fields, under the class that says what it means. */
typedef struct Pair {
    Str class;
    Sym name;
    Given before, after;
    int depth;
} Pair;

/* A flag is said by its truth, whatever it is written as. */
static void as_flag(Plain *value)
{
    bool empty = !value->count && !value->open;
    switch (value->kind) {
    case PLAIN_NONE:
        *value = (Plain){.kind = PLAIN_NUMBER};
        break;
    case PLAIN_NUMBER:
        value->number = value->number != 0;
        break;
    case PLAIN_LIST:
    case PLAIN_TUPLE:
    case PLAIN_SET:
    case PLAIN_DICT:
        *value = value->open && !value->count ? (Plain){0}
                                              : (Plain){.kind = PLAIN_NUMBER, .number = !empty};
        break;
    default:
        *value = (Plain){0};
    }
}

/* None stands for a default that the class has instead of Field's: max_length of a SlugField. */
static bool is_own_default(const Comparison *c, const Pair *pair, const Literal *otherwise)
{
    Literal of_field;
    FieldKeyword kind = tables_field_keyword(c->workspace->tables, S("django.db.models.Field"),
                                             text_of(c, pair->name), &of_field);
    return kind == KEYWORD_DEFAULT &&
           (otherwise->kind != of_field.kind || otherwise->number != of_field.number);
}

static Plain said(const Comparison *c, const Pair *pair, const Given *of, FieldKeyword kind,
                  const Literal *otherwise)
{
    Plain value = of->value;
    if (!of->given ||
        (value.kind == PLAIN_NONE && kind == KEYWORD_DEFAULT && is_own_default(c, pair, otherwise)))
        return plain_of_literal(c, otherwise);
    if (kind == KEYWORD_FLAG)
        as_flag(&value);
    if (value.kind == PLAIN_TUPLE && pair->name == word(c, "validators"))
        value.kind = PLAIN_LIST;
    return value;
}

/* Whether a storage is another than Django's default, and limit_choices_to is not empty: only then
 * they are said. */
static Truth says_something(const Comparison *c, Sym name, const Given *one)
{
    bool storage = name == word(c, "storage");
    const Plain *value = &one->value;
    switch (value->kind) {
    case PLAIN_NONE:
        return NO;
    case PLAIN_DEFINITION:
        return c->django >= 402 || !storage ? YES : MAYBE; /* it may make the default one */
    case PLAIN_DICT:
        return value->open && !value->count ? MAYBE : truth(value->count > 0);
    case PLAIN_CONDITION:
        return value->count ? YES : MAYBE;
    case PLAIN_CALL: {
        ValueRef callee = {value->ref.module,
                           value_callee(&value->ref.module->values, read_value(value->ref))};
        Str path = text_of(c, value->text);
        bool made = read_value(value->ref)->u.call.count || read_value(value->ref)->keywords;
        bool class = class_named(c->registry->reader, callee) != CLASS_NONE ||
                     str_eq(path, S("django.core.files.storage.FileSystemStorage"));
        return storage ? (class ? YES : MAYBE)
                       : (made && str_eq(path, S("django.db.models.Q")) ? YES : MAYBE);
    }
    default:
        return MAYBE;
    }
}

static Truth same_one_sided(const Comparison *c, const Pair *pair)
{
    const Given *one = pair->before.given ? &pair->before : &pair->after;
    if (read_value(one->written)->flags & VALUE_MAYBE || pair->name == word(c, "on_delete"))
        return MAYBE; /* CASCADE before 2.0 */
    if (pair->name == word(c, "limit_choices_to") || pair->name == word(c, "storage"))
        return truth_not(says_something(c, pair->name, one));
    return NO;
}

/* The fields of arrays. */
static Truth same_inner_field(const Comparison *c, const Pair *pair, int depth)
{
    enum { NESTED = 4 };
    ValueRef sides[] = {pair->before.written, pair->after.written};
    StateField fields[2];
    for (int i = 0; i < 2; i++) {
        sides[i] = workspace_value(c->workspace, sides[i]);
        if (!read_is(sides[i], VALUE_CALL) || depth >= NESTED)
            return MAYBE;
        fields[i] = state_field(c->state, sides[i], SYM_NONE, SYM_NONE, SYM_NONE);
        if (fields[i].kind != FIELD_PLAIN)
            return MAYBE;
    }
    ModelField after = {.field = fields[1], .there = YES};
    FieldPair inner = {.before = &fields[0], .after = &after, .depth = depth + 1};
    return same_field(c, &inner, NULL);
}

static Truth same_keyword(const Comparison *c, Pair *pair)
{
    Literal otherwise;
    FieldKeyword kind =
        tables_field_keyword(c->workspace->tables, pair->class, text_of(c, pair->name), &otherwise);
    if (kind == KEYWORD_IGNORED)
        return YES;
    if (kind == KEYWORD_UNKNOWN || pair->before.unread || pair->after.unread)
        return MAYBE;
    if (pair->before.given != pair->after.given && kind == KEYWORD_UNSET)
        return same_one_sided(c, pair);
    if (pair->name == word(c, "choices")) {
        read_choices(c, &pair->before);
        read_choices(c, &pair->after);
    }
    if (pair->name == word(c, "base_field") || pair->name == word(c, "output_field"))
        return same_inner_field(c, pair, pair->depth);
    if (kind == KEYWORD_UNSET)
        return same_plain(c, &pair->before.value, &pair->after.value);
    Plain before = said(c, pair, &pair->before, kind, &otherwise);
    Plain after = said(c, pair, &pair->after, kind, &otherwise);
    return same_plain(c, &before, &after);
}

/* Up to 3.2 templates in names of the way back were filled in, and hidden ones of many-to-many
 * fields got a name of their own: two that differ may mean the same. */
static bool is_made_up(const Comparison *c, const Pair *pair, const Given *related_name)
{
    if (!related_name->given || related_name->value.kind != PLAIN_STRING)
        return false;
    Str text = text_of(c, related_name->value.text);
    return str_contains(text, S("%(")) ||
           (str_ends(text, S("+")) && str_eq(pair->class, S("django.db.models.ManyToManyField")));
}

static bool is_lenient(const Comparison *c, const Pair *pair)
{
    bool name =
        pair->name == word(c, "related_name") || pair->name == word(c, "related_query_name");
    bool differs = pair->before.given != pair->after.given ||
                   pair->before.value.text != pair->after.value.text;
    return name && differs &&
           (is_made_up(c, pair, &pair->before) ||
            (pair->before.given && is_made_up(c, pair, &pair->after)));
}

/* ---- all keywords ---- */

static Plain number(double value)
{
    return (Plain){.kind = PLAIN_NUMBER, .number = value};
}

/* What Django sets on its own where a class is a model: the primary key is not serialised, the link
 * to a parent is one, and what is set on saving can neither be edited nor left blank. */
static void as_django_sets(const Comparison *c, const Sides *sides, bool class, Pair *pair)
{
    const StateArguments *arguments = class ? &sides->after : &sides->before;
    Given *of = class ? &pair->after : &pair->before;
    Given now = given(c, arguments, word(c, "auto_now"));
    Given add = given(c, arguments, word(c, "auto_now_add"));
    bool saved = (now.given && now.value.number != 0) || (add.given && add.value.number != 0);
    bool key = sides->key && (class || (c->django < 400 && !of->given));
    if (key && pair->name == word(c, "serialize"))
        *of = (Given){number(0), of->written, true, false};
    if (class && sides->promoted && pair->name == word(c, "primary_key"))
        *of = (Given){number(1), of->written, true, false};
    if (saved && (pair->name == word(c, "editable") || pair->name == word(c, "blank")))
        *of = (Given){.given = true};
}

static Truth compare_keyword(const Comparison *c, const Sides *sides, Sym name, Details *details)
{
    if (!name)
        return MAYBE;
    if (name == sides->but)
        return YES;
    Pair pair = {sides->class, name, given(c, &sides->before, name), given(c, &sides->after, name),
                 sides->depth};
    as_django_sets(c, sides, false, &pair);
    as_django_sets(c, sides, true, &pair);
    Truth same = is_lenient(c, &pair) ? MAYBE : same_keyword(c, &pair);
    if (same == NO)
        add_detail(c, details,
                   (Detail){.kind = DETAIL_KEYWORD,
                            .name = name,
                            .from = pair.before.written,
                            .to = pair.after.written});
    return same;
}

static bool has_name(const StateArguments *arguments, Sym name)
{
    for (uint32_t i = 0; i < arguments->count; i++)
        if (arguments->items[i].name == name)
            return true;
    return false;
}

Truth compare_keywords(const Comparison *c, const Sides *sides, Details *details)
{
    const StateArguments *before = &sides->before, *after = &sides->after;
    Sym set[] = {sides->key ? word(c, "serialize") : SYM_NONE,
                 sides->promoted ? word(c, "primary_key") : SYM_NONE};
    Truth all = YES;
    for (uint32_t i = 0; i < before->count; i++)
        all = truth_and(all, compare_keyword(c, sides, before->items[i].name, details));
    for (uint32_t i = 0; i < after->count; i++)
        if (!after->items[i].name || !has_name(before, after->items[i].name))
            all = truth_and(all, compare_keyword(c, sides, after->items[i].name, details));
    for (int i = 0; i < 2; i++)
        if (set[i] && !has_name(before, set[i]) && !has_name(after, set[i]))
            all = truth_and(all, compare_keyword(c, sides, set[i], details));
    return all;
}
