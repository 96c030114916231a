#include "models/same.h"

/* Meta of a model that both sides have. Indexes and constraints are in indexes.c. */

static Sym word(const Comparison *c, const char *text)
{
    return intern(&c->workspace->interner, str(text));
}

static const StateOption *old_option(const ModelState *old, Sym name)
{
    for (uint32_t i = 0; i < old->option_count; i++)
        if (old->options[i].name == name)
            return &old->options[i];
    return NULL;
}

Change option_change(ChangeKind kind, const ModelState *old, const Model *now,
                     const ModelOption *option, EventId event)
{
    Change change = {.kind = kind,
                     .app = now->app,
                     .model = now->lower,
                     .model_name = now->name,
                     .now = now,
                     .before = old->id,
                     .place = now->place,
                     .event = event};
    if (option)
        change.place = (Place){option->value.module->path, read_value(option->value)->span};
    return change;
}

/* An option of both sides, and whether it is the same. */
typedef struct Both {
    const StateOption *before;
    const ModelOption *after;
    Truth same;
} Both;

/* `absent`: what one that is not given is the same as; NULL: nothing. */
static Both compare(const Comparison *c, const ModelState *old, const Model *now, Sym name,
                    const Plain *absent)
{
    Both both = {old_option(old, name), model_option(now, name), YES};
    if (!both.before && !both.after)
        return both;
    bool elsewhere = both.after && str_starts(both.after->value.module->path, S("<known>/"));
    if ((!both.after && now->options_open) || elsewhere)
        both.same = MAYBE;
    Plain before = both.before ? plain_value(c, both.before->value) : (Plain){0};
    Plain after = both.after ? plain_value(c, both.after->value) : (Plain){0};
    bool unread = (both.before && !before.kind) || (both.after && !after.kind);
    if (both.same == MAYBE || unread)
        both.same = MAYBE;
    else if (both.before && both.after)
        both.same = same_plain(c, &before, &after);
    else
        both.same = absent ? same_plain(c, absent, both.before ? &before : &after) : NO;
    return both;
}

static Detail detail_of(Sym name, const Both *both)
{
    Detail detail = {.kind = DETAIL_OPTION, .name = name};
    if (both->before)
        detail.from = both->before->value;
    if (both->after)
        detail.to = both->after->value;
    return detail;
}

/* ---- options that the autodetector compares as a dict: what is absent differs from what is given,
 * whatever it is ---- */

static void compare_plain_options(const Comparison *c, const ModelState *old, const Model *now,
                                  Changes *out)
{
    static const char *const keys[] = {
        "base_manager_name",
        "default_manager_name",
        "default_related_name",
        "get_latest_by",
        "managed",
        "ordering",
        "permissions",
        "default_permissions",
        "select_on_save",
        "verbose_name",
        "verbose_name_plural",
    };
    enum { KEYS = sizeof keys / sizeof *keys };
    Detail *details = arena_array(c->arena, Detail, KEYS);
    Change change = {0};
    for (int i = 0; i < KEYS; i++) {
        Sym name = word(c, keys[i]);
        Both both = compare(c, old, now, name, NULL);
        if (both.same != NO)
            continue;
        if (!change.details.count)
            change = option_change(CHANGE_ALTER_OPTIONS, old, now, both.after,
                                   both.before ? both.before->event : old->created);
        details[change.details.count++] = detail_of(name, &both);
        change.details.items = details;
    }
    if (change.details.count)
        array_push(out, change);
}

static void compare_single(const Comparison *c, const ModelState *old, const Model *now,
                           const char *key, ChangeKind kind, Changes *out)
{
    Plain none = {.kind = PLAIN_NONE};
    Sym name = word(c, key);
    Both both = compare(c, old, now, name, &none);
    if (both.same != NO)
        return;
    Change change =
        option_change(kind, old, now, both.after, both.before ? both.before->event : old->created);
    Detail *detail = arena_new(c->arena, Detail);
    *detail = detail_of(name, &both);
    change.details = (Details){detail, 1};
    array_push(out, change);
}

/* ---- unique_together and index_together: sets of tuples ---- */

static bool names_of(const Comparison *c, const Plain *plain, StateNames *out)
{
    out->items = arena_array(c->arena, Sym, plain->count);
    out->count = 0;
    for (uint32_t i = 0; i < plain->count; i++) {
        if (plain->items[i].kind != PLAIN_STRING)
            return false;
        out->items[out->count++] = plain->items[i].text;
    }
    return !plain->open;
}

/* As normalize_together() has it: a flat sequence of names is one group. */
static bool groups_of(const Comparison *c, ValueRef value, StateNames **groups, uint32_t *count)
{
    Plain plain = plain_value(c, value);
    bool sequence =
        plain.kind == PLAIN_LIST || plain.kind == PLAIN_TUPLE || plain.kind == PLAIN_SET;
    *count = 0;
    if (plain.kind == PLAIN_NONE || (sequence && !plain.count && !plain.open))
        return true;
    if (!sequence || plain.open)
        return false;
    *groups = arena_array(c->arena, StateNames, plain.count + 1);
    if (plain.items[0].kind == PLAIN_STRING)
        return names_of(c, &plain, &(*groups)[(*count)++]);
    for (uint32_t i = 0; i < plain.count; i++)
        if ((plain.items[i].kind != PLAIN_LIST && plain.items[i].kind != PLAIN_TUPLE) ||
            !names_of(c, &plain.items[i], &(*groups)[(*count)++]))
            return false;
    return true;
}

static bool holds_group(const StateNames *groups, uint32_t count, const StateNames *group)
{
    for (uint32_t i = 0; i < count; i++)
        if (groups[i].count == group->count &&
            (!group->count ||
             !memcmp(groups[i].items, group->items, group->count * sizeof *group->items)))
            return true;
    return false;
}

static bool hold_all(const StateNames *a, uint32_t a_count, const StateNames *b, uint32_t b_count)
{
    for (uint32_t i = 0; i < b_count; i++)
        if (!holds_group(a, a_count, &b[i]))
            return false;
    return true;
}

static void compare_together(const Comparison *c, const ModelState *old, const Model *now,
                             const char *key, ChangeKind kind, Changes *out)
{
    enum { MOST_GROUPS = 256 };
    Sym name = word(c, key);
    const StateOption *before = old_option(old, name);
    const ModelOption *after = model_option(now, name);
    StateNames *groups = NULL;
    uint32_t count = 0, old_count = before ? before->group_count : 0;
    if ((!after && now->options_open) || (before && !before->groups_known) ||
        (after && !groups_of(c, after->value, &groups, &count)) || count > MOST_GROUPS ||
        old_count > MOST_GROUPS)
        return;
    const StateNames *old_groups = before ? before->groups : NULL;
    if (hold_all(old_groups, old_count, groups, count) &&
        hold_all(groups, count, old_groups, old_count))
        return;
    Change change = option_change(kind, old, now, after, before ? before->event : old->created);
    Detail *detail = arena_new(c->arena, Detail);
    *detail = (Detail){.kind = DETAIL_OPTION, .name = name};
    if (before)
        detail->from = before->value;
    if (after)
        detail->to = after->value;
    change.details = (Details){detail, 1};
    array_push(out, change);
}

void compare_options(const Comparison *c, const ModelState *old, const Model *now, bool kept,
                     bool model, Changes *out)
{
    compare_plain_options(c, old, now, out);
    if (kept)
        compare_single(c, old, now, "db_table", CHANGE_ALTER_TABLE, out);
    if (kept && c->django >= 402)
        compare_single(c, old, now, "db_table_comment", CHANGE_ALTER_TABLE_COMMENT, out);
    if (!kept || !model)
        return;
    compare_single(c, old, now, "order_with_respect_to", CHANGE_ALTER_ORDER_WITH_RESPECT_TO, out);
    compare_together(c, old, now, "unique_together", CHANGE_ALTER_UNIQUE_TOGETHER, out);
    if (c->django < 501)
        compare_together(c, old, now, "index_together", CHANGE_ALTER_INDEX_TOGETHER, out);
    compare_indexes(c, old, now, out);
    compare_managers(c, old, now, out);
}
