#include "models/same.h"

#include <stdlib.h>

/* The models of an app: those that only one side has, renames among them, and of which kind the
 * others are. */

static Str text_of(const Comparison *c, Sym sym)
{
    return sym_str(&c->workspace->interner, sym);
}

/* ---- models that one side has ---- */

static Change change_of(ChangeKind kind, const ModelState *old, const Model *now)
{
    Change change = {.kind = kind, .now = now, .before = MODEL_NONE, .event = EVENT_NONE};
    change.app = now ? now->app : old->app;
    change.model = now ? now->lower : old->lower;
    change.model_name = now ? now->name : old->name;
    if (old) {
        change.before = old->id;
        change.event = old->created;
    }
    if (now)
        change.place = now->place;
    return change;
}

static bool is_made_by_django(const Model *model)
{
    for (uint32_t i = 0; i < model->option_count; i++)
        if (read_is(model->options[i].value, VALUE_CLASS))
            return true;
    return false;
}

/* Whether Django would make it, were it not in the migrations. What a base that is not at hand
 * makes of its subclasses, proxies say, is not known. */
static bool is_surely_new(const Comparison *c, const Model *now)
{
    Sym auto_created = intern(&c->workspace->interner, S("auto_created"));
    return now->there == YES && !now->fields_open && !model_option(now, auto_created) &&
           !is_made_by_django(now);
}

/* A model whose base comes from a package that is not at hand may be made by that package. */
static bool may_be_made(const Comparison *c, const ModelState *old)
{
    for (uint32_t i = 0; i < old->base_count; i++) {
        if (old->base_targets[i].given)
            continue;
        Str path = text_of(c, state_path(c->state, old->bases[i]));
        if (!str_starts(path, S("django.")) && !str_starts(path, S("builtins.")) &&
            class_named(c->registry->reader, old->bases[i]) == CLASS_NONE)
            return true;
    }
    return false;
}

static bool is_surely_gone(const Comparison *c, const ModelState *old)
{
    const AppModels *app = &c->registry->apps[project_app(c->registry->project, old->app)];
    return !app->open && !may_be_made(c, old) &&
           !registry_may_hold(c->registry, old->app, old->lower);
}

/* ---- a model that both have ---- */

/* The autodetector compares models of one kind only; one that became of another is made anew. */
typedef enum Partition { PARTITION_MODEL, PARTITION_PROXY, PARTITION_UNMANAGED } Partition;

static Partition partition_of(bool managed, bool proxy)
{
    return !managed ? PARTITION_UNMANAGED : proxy ? PARTITION_PROXY : PARTITION_MODEL;
}

static bool is_known(const Kept *kept)
{
    const Model *now = kept->now;
    return now->there == YES && !kept->old->open && now->proxy != MAYBE && now->managed != MAYBE;
}

static Partition before_of(const Kept *kept)
{
    return partition_of(kept->old->managed, kept->old->proxy);
}

static Partition after_of(const Kept *kept)
{
    return partition_of(kept->now->managed == YES, kept->now->proxy == YES);
}

void find_kept_renames(Comparison *c, const Kept *kept, Changes *out)
{
    if (is_known(kept) && before_of(kept) == PARTITION_MODEL && after_of(kept) == PARTITION_MODEL)
        find_field_renames(c, kept->old, kept->now, out);
}

void compare_kept(const Comparison *c, const Kept *kept, Changes *out)
{
    const ModelState *old = kept->old;
    const Model *now = kept->now;
    if (!is_known(kept))
        return;
    Partition before = before_of(kept), after = after_of(kept);
    if (before != after && (before == PARTITION_PROXY || after == PARTITION_PROXY)) {
        if (now->remade || now->fields_open)
            return;
        array_push(out, change_of(CHANGE_DELETE_MODEL, old, now));
        array_push(out, change_of(CHANGE_CREATE_MODEL, old, now));
        return;
    }
    if (before == after && after == PARTITION_MODEL)
        compare_fields(c, old, now, out);
    if (!now->remade)
        compare_options(c, old, now, before == after, after == PARTITION_MODEL, out);
}

/* ---- renames ---- */

/* One app's models that only one side has. */
typedef struct OneSided {
    Array(const ModelState *) gone;
    Array(const Model *) made;
} OneSided;

typedef struct NamedField {
    Str name;
    const StateField *before;
    const ModelField *after;
} NamedField;

static int by_field_name(const void *a, const void *b)
{
    return str_cmp(((const NamedField *)a)->name, ((const NamedField *)b)->name);
}

static NamedField *sorted_fields(const Comparison *c, const ModelState *old, const Model *now)
{
    uint32_t count = old ? old->field_count : now->field_count;
    NamedField *fields = arena_array(c->arena, NamedField, count);
    for (uint32_t i = 0; i < count; i++) {
        if (old)
            fields[i].before = &old->fields[i];
        else
            fields[i].after = &now->fields[i];
        fields[i].name = text_of(c, old ? old->fields[i].name : now->fields[i].field.name);
    }
    if (count)
        qsort(fields, count, sizeof *fields, by_field_name);
    return fields;
}

/* What Django asks about: fields that are made in the same way, in the order of their names; what
 * they are called and what they point at does not matter. */
static bool same_fields(const Comparison *c, const ModelState *old, const Model *now)
{
    if (now->fields_open || old->open || old->field_count != now->field_count)
        return false;
    NamedField *before = sorted_fields(c, old, NULL), *after = sorted_fields(c, NULL, now);
    for (uint32_t i = 0; i < old->field_count; i++)
        if (after[i].after->there != YES ||
            same_field(
                c,
                &(FieldPair){.before = before[i].before, .after = after[i].after, .anywhere = true},
                NULL) != YES)
            return false;
    return true;
}

static bool may_be_renamed(const ModelState *old, const Model *now)
{
    return old && old->managed && !old->proxy && now->managed == YES && now->proxy == NO;
}

static void add_renamed(Comparison *c, const ModelState *old, const Model *now, Changes *out)
{
    Change change = change_of(CHANGE_RENAME_MODEL, old, now);
    change.model = old->lower;
    change.name = old->name;
    change.to = now->name;
    array_push(out, change);
    Renamed renamed = {now->app, old->lower, now->lower};
    array_push(&c->renamed, renamed);
}

/* In the order in which Django asks: by new name, then by old name. */
static void find_renames(Comparison *c, OneSided *sides, AppComparison *app, Changes *out)
{
    enum { MOST_COMPARED = 256 };
    uint32_t compared = 0;
    for (uint32_t j = 0; j < sides->made.count; j++) {
        const Model *now = sides->made.items[j];
        for (uint32_t i = 0; i < sides->gone.count && compared < MOST_COMPARED; i++) {
            const ModelState *old = sides->gone.items[i];
            if (!may_be_renamed(old, now) || !(++compared, same_fields(c, old, now)))
                continue;
            add_renamed(c, old, now, out);
            array_push(&app->kept, ((Kept){old, now}));
            sides->gone.items[i] = NULL;
            sides->made.items[j] = NULL;
            break;
        }
    }
}

/* ---- one app ---- */

typedef struct Keyed {
    Str lower;
    const ModelState *state;
} Keyed;

static int by_lower(const void *a, const void *b)
{
    return str_cmp(((const Keyed *)a)->lower, ((const Keyed *)b)->lower);
}

static void sort_gone(const Comparison *c, OneSided *sides)
{
    Keyed *keyed = arena_array(c->arena, Keyed, sides->gone.count);
    for (uint32_t i = 0; i < sides->gone.count; i++)
        keyed[i] = (Keyed){text_of(c, sides->gone.items[i]->lower), sides->gone.items[i]};
    if (sides->gone.count)
        qsort(keyed, sides->gone.count, sizeof *keyed, by_lower);
    for (uint32_t i = 0; i < sides->gone.count; i++)
        sides->gone.items[i] = keyed[i].state;
}

static OneSided one_sided(const Comparison *c, AppId id, const Models *models, AppComparison *app)
{
    const AppModels *has = &c->registry->apps[id];
    Sym label = c->registry->project->apps[id].label;
    OneSided sides = {0};
    Map seen = {0};
    for (uint32_t i = 0; i < models->count; i++) {
        if (state_model_app(c->state, models->items[i]) != label)
            continue;
        ModelState *old = state_model_at(c->state, models->items[i], state_end(c->state), c->arena);
        map_set(&seen, old->lower, 1);
        const Model *now = registry_model(c->registry, old->app, old->lower);
        if (now)
            array_push(&app->kept, ((Kept){old, now}));
        else if (is_surely_gone(c, old))
            array_push(&sides.gone, old);
    }
    for (uint32_t i = has->first; i < has->first + has->count; i++)
        if (!map_has(&seen, c->registry->models[i].lower) &&
            is_surely_new(c, &c->registry->models[i]))
            array_push(&sides.made, &c->registry->models[i]);
    map_free(&seen);
    sort_gone(c, &sides);
    return sides;
}

void split_app(Comparison *c, AppId id, const Models *models, AppComparison *app, Changes *out)
{
    OneSided sides = one_sided(c, id, models, app);
    find_renames(c, &sides, app, out);
    for (uint32_t i = 0; i < sides.gone.count; i++)
        if (sides.gone.items[i])
            array_push(out, change_of(CHANGE_DELETE_MODEL, sides.gone.items[i], NULL));
    for (uint32_t i = 0; i < sides.made.count; i++)
        if (sides.made.items[i])
            array_push(out, change_of(CHANGE_CREATE_MODEL, NULL, sides.made.items[i]));
    array_free(&sides.gone);
    array_free(&sides.made);
}
