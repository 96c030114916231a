#include "models/deconstruct.h"

/* Whether deconstruct() of two fields says the same: class and target; keywords are in keywords.c.
 */

static Str text_of(const Comparison *c, Sym sym)
{
    return sym_str(&c->workspace->interner, sym);
}

static Sym word(const Comparison *c, const char *text)
{
    return intern(&c->workspace->interner, str(text));
}

void add_detail(const Comparison *c, Details *details, Detail detail)
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
    if (ids[0] == ids[1] && ids[0] != CLASS_NONE)
        return YES; /* by what re-exports it */
    for (int i = 0; i < 2; i++)
        if (!django[i] && (ids[i] == CLASS_NONE || defines(c, ids[i], "deconstruct")))
            return MAYBE;
    return NO;
}

/* By the name that its modules agree on. */
static Str postgres_class(const Comparison *c, Str path)
{
    Str name = str_tail(path, '.');
    Str module = str_starts(path, S("django.contrib.postgres.search.")) ? S("search") : S("fields");
    return arena_printf(c->arena, "django.contrib.postgres.%.*s.%.*s", STR_ARG(module),
                        STR_ARG(name));
}

/* The class of Django's that says what the field's keywords mean; empty when a class in between
 * may change them. */
static Str meaning_of(const Comparison *c, const StateField *field)
{
    Str path = text_of(c, field->class_path);
    if (str_starts(path, S("django.db.models.")))
        return path;
    if (str_starts(path, S("django.contrib.postgres.")))
        return postgres_class(c, path);
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

/* A model that was renamed is the same one. */
static StateTarget renamed_target(const Comparison *c, const StateTarget *target)
{
    StateTarget found = *target;
    for (uint32_t i = 0; i < c->renamed.count; i++)
        if (c->renamed.items[i].app == target->app && c->renamed.items[i].before == target->model)
            found.model = c->renamed.items[i].after;
    return found;
}

static Truth compare_target(const Comparison *c, const char *name, const StateTarget *before,
                            const StateTarget *after, Details *details)
{
    StateTarget old = renamed_target(c, before);
    Truth same = same_target(&old, after);
    const Model *target =
        after->app && after->model ? registry_model(c->registry, after->app, after->model) : NULL;
    if (same == NO && old.model == after->model && target && target->fields_open)
        return MAYBE; /* what a base that is not at hand calls its app */
    if (same == NO)
        add_detail(c, details,
                   (Detail){.kind = DETAIL_TARGET,
                            .name = word(c, name),
                            .before = target_text(c, before),
                            .after = target_text(c, after)});
    return same;
}

/* ---- fields ---- */

/* Whether that field of the target is its primary key, as far as its class is at hand. */
static Truth is_key_of(const Comparison *c, const StateTarget *to, Sym name)
{
    const Model *target =
        to->app && to->model ? registry_model(c->registry, to->app, to->model) : NULL;
    const ModelField *field = target ? model_field(target, name) : NULL;
    if (!target || target->there != YES || (!field && target->fields_open))
        return MAYBE;
    return field && field->there == YES ? truth(field->field.primary_key || field->promoted)
                                        : MAYBE;
}

/* The class says to_field only where it is not the target's primary key; up to 3.2, the state
 * too. */
static Truth same_to_field(const Comparison *c, const Sides *sides, const StateField *after)
{
    Sym name = word(c, "to_field");
    Given before = given(c, &sides->before, name), now = given(c, &sides->after, name);
    bool said[] = {before.given && before.value.kind != PLAIN_NONE,
                   now.given && now.value.kind != PLAIN_NONE};
    if (before.unread || now.unread || (said[0] && before.value.kind != PLAIN_STRING) ||
        (said[1] && now.value.kind != PLAIN_STRING))
        return MAYBE;
    if (!said[0] && !said[1])
        return YES;
    const Model *target = registry_model(c->registry, after->to.app, after->to.model);
    Sym old = !said[0] ? SYM_NONE
              : target ? renamed_to(c, target, before.value.text)
                       : before.value.text;
    if (said[0] && said[1])
        return old != now.value.text                            ? NO
               : truth_not(is_key_of(c, &after->to, old)) == NO ? MAYBE
                                                                : YES;
    Truth key = is_key_of(c, &after->to, said[0] ? old : now.value.text);
    return key == YES ? (said[0] ? MAYBE : YES) : key == NO ? NO : MAYBE;
}

/* Of CompositePrimaryKey only the names count: the rest cannot be given another value. */
static Truth same_positional(const Comparison *c, ValueRef a, ValueRef b)
{
    const Value *x = read_value(a), *y = read_value(b);
    if ((x->flags | y->flags) & VALUE_OPEN)
        return MAYBE;
    Truth all = truth(x->u.call.count == y->u.call.count);
    for (uint32_t i = 0; all != NO && i < x->u.call.count; i++)
        all = truth_and(
            all, same_value(c, (ValueRef){a.module, value_positional(&a.module->values, x, i)},
                            (ValueRef){b.module, value_positional(&b.module->values, y, i)}));
    return all;
}

static Truth compare_relation(const Comparison *c, const FieldPair *pair, const Sides *sides,
                              Details *details)
{
    const StateField *before = pair->before, *after = &pair->after->field;
    Truth same = pair->anywhere ? YES : compare_target(c, "to", &before->to, &after->to, details);
    if (before->kind == FIELD_MANY)
        return truth_and(same,
                         compare_target(c, "through", &before->through, &after->through, details));
    Truth to_field = same_to_field(c, sides, after);
    if (to_field == NO)
        add_detail(c, details, (Detail){.kind = DETAIL_KEYWORD, .name = word(c, "to_field")});
    return truth_and(same, to_field);
}

Truth same_field(const Comparison *c, const FieldPair *pair, Details *details)
{
    const StateField *before = pair->before, *after = &pair->after->field;
    Truth class = same_class(c, before, after);
    if (class == NO)
        add_detail(c, details,
                   (Detail){.kind = DETAIL_CLASS,
                            .before = before->class_path,
                            .after = after->class_path});
    if (class != YES)
        return class;
    if (before->kind == FIELD_VIRTUAL)
        return same_positional(c, before->call, after->call);
    Sides sides = {.class = meaning_of(c, after),
                   .key = after->primary_key || pair->after->promoted,
                   .promoted = pair->after->promoted,
                   .but = pair->but,
                   .depth = pair->depth};
    sides.before = state_field_arguments(c->state, before, c->arena);
    sides.after = state_field_arguments(c->state, after, c->arena);
    if (!sides.class.len)
        return MAYBE;
    Truth same = compare_keywords(c, &sides, details);
    if (before->kind == FIELD_RELATION || before->kind == FIELD_MANY)
        same = truth_and(same, compare_relation(c, pair, &sides, details));
    return same;
}
