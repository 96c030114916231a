#include "models/same.h"

/*
 * Indexes and constraints of a model that both sides have. Django gives an Index that has no name
 * one of the table, the columns and a digest.
 */

static Str text_of(const Comparison *c, Sym sym)
{
    return sym_str(&c->workspace->interner, sym);
}

static Sym word(const Comparison *c, const char *text)
{
    return intern(&c->workspace->interner, str(text));
}

/* One index or constraint of either side. */
typedef struct Entry {
    Sym name;   /* SYM_NONE: not known */
    Plain call; /* PLAIN_UNKNOWN: not known */
    EventId event;
    bool settled; /* the other side has it, or may have it, or it was renamed or altered */
} Entry;

typedef struct Entries {
    Entry *items;
    uint32_t count;
    bool open; /* there may be others, or one has a name that is not known */
} Entries;

/* ---- the two lists ---- */

static Entries of_class(const Comparison *c, const Model *now, const char *option_name,
                        bool constraint)
{
    const ModelOption *option = model_option(now, word(c, option_name));
    if (!option)
        return (Entries){.open = now->options_open};
    Plain list = plain_value(c, option->value);
    bool sequence = list.kind == PLAIN_LIST || list.kind == PLAIN_TUPLE;
    Entries entries = {.open = !sequence || list.open};
    entries.items = arena_array(c->arena, Entry, list.count);
    for (uint32_t i = 0; sequence && i < list.count; i++) {
        const Plain *call = &list.items[i];
        Entry entry = {.event = EVENT_NONE};
        if (call->kind == PLAIN_CALL) {
            entry.call = *call;
            entry.name = index_name(c, now, call, constraint);
        }
        entries.open |= !entry.name;
        entries.items[entries.count++] = entry;
    }
    return entries;
}

static Entries of_state(const Comparison *c, const StateIndex *indexes, uint32_t count)
{
    Entries entries = {.items = arena_array(c->arena, Entry, count), .count = count};
    for (uint32_t i = 0; i < count; i++) {
        Entry *entry = &entries.items[i];
        *entry = (Entry){.name = indexes[i].name, .event = indexes[i].event};
        if (indexes[i].call.id)
            entry->call = plain_value(c, indexes[i].call);
        entries.open |= !entry->name;
    }
    return entries;
}

/* ---- contents ---- */

/* What may be told of two: their names, what the database makes of them, and the rest. */
typedef struct Alike {
    Truth name, content, message;
} Alike;

static bool is_empty(const Plain *value)
{
    bool sequence =
        value->kind == PLAIN_LIST || value->kind == PLAIN_TUPLE || value->kind == PLAIN_CONDITION;
    return value->kind == PLAIN_NONE || (sequence && !value->count && !value->open);
}

/* What Django says by default. */
static bool is_default_message(const Comparison *c, const Plain *value)
{
    return value->kind == PLAIN_STRING && str_starts(text_of(c, value->text), S("Constraint "));
}

/* What one that is given means where the other side has it not: None and nothing say nothing. */
static Truth same_as_absent(const Comparison *c, Sym name, const Plain *value)
{
    bool index_type = name == word(c, "index_type") && value->kind == PLAIN_STRING;
    if (is_empty(value))
        return YES;
    if (!value->kind || is_default_message(c, value) || index_type)
        return MAYBE;
    bool set = value->kind != PLAIN_PATH || str_starts(text_of(c, value->text), S("django."));
    return set && !(value->open && !value->count) ? NO : MAYBE;
}

static void as_list(Plain *plain)
{
    if (plain->kind == PLAIN_TUPLE)
        plain->kind = PLAIN_LIST;
}

/* `check` is what `condition` was called before 5.1. */
static ValueId argument_like(const Comparison *c, const Plain *call, Sym name)
{
    const Value *value = read_value(call->ref);
    ValueId found = value_keyword(&call->ref.module->values, value, name);
    const char *other = name == word(c, "check")       ? "condition"
                        : name == word(c, "condition") ? "check"
                                                       : NULL;
    if (!found && other)
        found = value_keyword(&call->ref.module->values, value, word(c, other));
    return found;
}

static Truth same_keyword(const Comparison *c, const Plain *a, ValueId id, const Plain *b, Sym name)
{
    Plain left = plain_value(c, (ValueRef){a->ref.module, id});
    ValueId other = argument_like(c, b, name);
    if (!other)
        return same_as_absent(c, name, &left);
    Plain right = plain_value(c, (ValueRef){b->ref.module, other});
    if (is_empty(&left) || is_empty(&right))
        return is_empty(&left) && is_empty(&right)
                   ? YES
                   : same_as_absent(c, name, is_empty(&left) ? &right : &left);
    as_list(&left);
    as_list(&right);
    return same_plain(c, &left, &right);
}

static void compare_keywords_of(const Comparison *c, const Plain *a, const Plain *b, Alike *like)
{
    const Value *call = read_value(a->ref);
    for (uint32_t i = 0; i < call->keywords; i++) {
        Sym name;
        ValueId id;
        value_keyword_at(&a->ref.module->values, call, i, &name, &id);
        Truth *part =
            str_starts(text_of(c, name), S("violation_error_")) ? &like->message : &like->content;
        if (name != word(c, "name"))
            *part = truth_and(*part, same_keyword(c, a, id, b, name));
    }
}

/* A name is F() of it. */
static Plain expression(const Comparison *c, ValueRef value)
{
    Plain plain = plain_value(c, value);
    if (plain.kind != PLAIN_CALL || !str_eq(text_of(c, plain.text), S("django.db.models.F")))
        return plain;
    const Value *call = read_value(plain.ref);
    ValueId name = value_argument(&plain.ref.module->values, call, 0, word(c, "name"));
    return name ? plain_value(c, (ValueRef){plain.ref.module, name}) : (Plain){0};
}

/* Expressions, which are given by position. */
static Truth same_expressions(const Comparison *c, const Plain *a, const Plain *b)
{
    const Value *x = read_value(a->ref), *y = read_value(b->ref);
    if (x->u.call.count != y->u.call.count)
        return x->u.call.count && y->u.call.count ? NO : MAYBE;
    Truth all = YES;
    for (uint32_t i = 0; i < x->u.call.count; i++) {
        ValueRef left = {a->ref.module, value_positional(&a->ref.module->values, x, i)};
        ValueRef right = {b->ref.module, value_positional(&b->ref.module->values, y, i)};
        Plain first = expression(c, left), second = expression(c, right);
        all = truth_and(all, same_plain(c, &first, &second));
    }
    return all;
}

/* A project's class is taken for what it inherits from Django, unless it says something else. */
static Truth same_entry_class(const Comparison *c, const Plain *a, const Plain *b)
{
    Str left = text_of(c, a->text), right = text_of(c, b->text);
    bool django[] = {str_starts(left, S("django.")), str_starts(right, S("django."))};
    if (django[0] && django[1])
        return truth(str_eq(str_tail(left, '.'), str_tail(right, '.')));
    const Plain *sides[] = {a, b};
    ClassId ids[2];
    for (int i = 0; i < 2; i++) {
        ValueRef callee = {sides[i]->ref.module,
                           value_callee(&sides[i]->ref.module->values, read_value(sides[i]->ref))};
        bool elsewhere = false;
        ids[i] = class_named(c->registry->reader, callee);
        if (!django[i] &&
            (ids[i] == CLASS_NONE ||
             class_lookup(c->registry->reader, ids[i], word(c, "deconstruct"), &elsewhere).id ||
             elsewhere))
            return MAYBE;
    }
    return truth(ids[0] == ids[1]);
}

static bool has_own_init(const Comparison *c, const Plain *call)
{
    ValueRef callee = {call->ref.module,
                       value_callee(&call->ref.module->values, read_value(call->ref))};
    ClassId id = class_named(c->registry->reader, callee);
    bool elsewhere = false;
    return id != CLASS_NONE &&
           (class_lookup(c->registry->reader, id, word(c, "__init__"), &elsewhere).id || elsewhere);
}

static Alike compare_entries(const Comparison *c, const Entry *before, const Entry *after)
{
    const Plain *a = &before->call, *b = &after->call;
    Alike like = {.name = before->name && after->name ? truth(before->name == after->name) : MAYBE,
                  .content = MAYBE,
                  .message = YES};
    if (a->kind != PLAIN_CALL || b->kind != PLAIN_CALL || !a->text || !b->text)
        return like;
    like.content = same_entry_class(c, a, b);
    const Value *x = read_value(a->ref), *y = read_value(b->ref);
    if (like.content != YES || (x->flags | y->flags) & VALUE_OPEN) {
        like.content = truth_and(like.content, MAYBE);
        return like;
    }
    like.content = same_expressions(c, a, b);
    compare_keywords_of(c, a, b, &like);
    compare_keywords_of(c, b, a, &like);
    if (like.content == NO && has_own_init(c, a))
        like.content = MAYBE; /* which may make the same of it */
    return like;
}

/* ---- changes ---- */

typedef struct Kinds {
    ChangeKind add, remove;
    ChangeKind rename, alter; /* CHANGE_KINDS: there is no such operation */
    const char *option;
} Kinds;

typedef struct Lists {
    const Kinds *kinds;
    const ModelState *old;
    const Model *now;
    Entries before, after;
} Lists;

static Change entry_change(const Comparison *c, ChangeKind kind, const Lists *lists,
                           const Entry *entry)
{
    EventId event = entry->event == EVENT_NONE ? lists->old->created : entry->event;
    Change change = option_change(kind, lists->old, lists->now,
                                  model_option(lists->now, word(c, lists->kinds->option)), event);
    change.name = entry->name;
    if (entry->event == EVENT_NONE && entry->call.kind == PLAIN_CALL)
        change.place = (Place){entry->call.ref.module->path, read_value(entry->call.ref)->span};
    return change;
}

/* Those that both sides have, or may have, are no change, however often they have them. */
static void settle_same(const Comparison *c, Lists *lists)
{
    for (uint32_t i = 0; i < lists->after.count; i++)
        for (uint32_t k = 0; k < lists->before.count; k++) {
            Entry *before = &lists->before.items[k], *after = &lists->after.items[i];
            if (before->name != after->name)
                continue;
            Alike like = compare_entries(c, before, after);
            if (truth_and(like.content, like.message) == NO)
                continue;
            before->settled = after->settled = true;
        }
}

/* Of one name, with another message only. */
static void find_altered(const Comparison *c, Lists *lists, Changes *out)
{
    for (uint32_t i = 0; lists->kinds->alter != CHANGE_KINDS && i < lists->after.count; i++)
        for (uint32_t k = 0; k < lists->before.count; k++) {
            Entry *before = &lists->before.items[k], *after = &lists->after.items[i];
            if (before->settled || after->settled || before->name != after->name)
                continue;
            Alike like = compare_entries(c, before, after);
            if (like.content == NO)
                continue;
            before->settled = after->settled = true;
            if (like.content == YES)
                array_push(out, entry_change(c, lists->kinds->alter, lists, after));
        }
}

/* Django takes every pair that differs in nothing but the name. */
static void find_renamed(const Comparison *c, Lists *lists, Changes *out)
{
    bool *renamed = arena_array(c->arena, bool, lists->before.count + lists->after.count);
    for (uint32_t i = 0; lists->kinds->rename != CHANGE_KINDS && i < lists->after.count; i++)
        for (uint32_t k = 0; k < lists->before.count; k++) {
            Entry *before = &lists->before.items[k], *after = &lists->after.items[i];
            if (before->settled || after->settled ||
                compare_entries(c, before, after).content != YES)
                continue;
            Change change = entry_change(c, lists->kinds->rename, lists, after);
            change.name = before->name;
            change.to = after->name;
            change.event = before->event;
            array_push(out, change);
            renamed[k] = renamed[lists->before.count + i] = true;
        }
    for (uint32_t k = 0; k < lists->before.count; k++)
        lists->before.items[k].settled |= renamed[k];
    for (uint32_t i = 0; i < lists->after.count; i++)
        lists->after.items[i].settled |= renamed[lists->before.count + i];
}

static bool has_name(const Entries *entries, Sym name)
{
    for (uint32_t i = 0; i < entries->count; i++)
        if (entries->items[i].name == name)
            return true;
    return false;
}

static void compare_list(const Comparison *c, Lists *lists, Changes *out)
{
    enum { MOST_ENTRIES = 128 };
    if (lists->before.count > MOST_ENTRIES || lists->after.count > MOST_ENTRIES)
        return;
    settle_same(c, lists);
    find_altered(c, lists, out);
    if (!lists->before.open && !lists->after.open)
        find_renamed(c, lists, out);
    for (uint32_t i = 0; i < lists->before.count; i++) {
        const Entry *entry = &lists->before.items[i];
        bool sure = !lists->after.open || has_name(&lists->after, entry->name);
        if (!entry->settled && entry->name && sure)
            array_push(out, entry_change(c, lists->kinds->remove, lists, entry));
    }
    for (uint32_t i = 0; i < lists->after.count; i++) {
        const Entry *entry = &lists->after.items[i];
        bool sure = !lists->before.open || has_name(&lists->before, entry->name);
        if (!entry->settled && entry->name && sure)
            array_push(out, entry_change(c, lists->kinds->add, lists, entry));
    }
}

void compare_indexes(const Comparison *c, const ModelState *old, const Model *now, Changes *out)
{
    Kinds indexes = {CHANGE_ADD_INDEX, CHANGE_REMOVE_INDEX,
                     c->django >= 401 ? CHANGE_RENAME_INDEX : CHANGE_KINDS, CHANGE_KINDS,
                     "indexes"};
    Kinds constraints = {CHANGE_ADD_CONSTRAINT, CHANGE_REMOVE_CONSTRAINT, CHANGE_KINDS,
                         c->django >= 502 ? CHANGE_ALTER_CONSTRAINT : CHANGE_KINDS, "constraints"};
    Lists lists[] = {
        {&indexes, old, now, of_state(c, old->indexes, old->index_count),
         of_class(c, now, "indexes", false)},
        {&constraints, old, now, of_state(c, old->constraints, old->constraint_count),
         of_class(c, now, "constraints", true)},
    };
    compare_list(c, &lists[0], out);
    compare_list(c, &lists[1], out);
}
