#include "models/same.h"

#include "base/digest.h"

/*
 * Indexes and constraints of a model that both sides have. They are told apart by their names;
 * Django gives an Index that has none one of the table, the columns and a digest.
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
    bool matched;
} Entry;

typedef struct Entries {
    Entry *items;
    uint32_t count;
    bool open; /* there may be others, or one has a name that is not known */
} Entries;

static ValueRef keyword(const Comparison *c, const Plain *call, const char *name)
{
    const Values *values = &call->ref.module->values;
    return (ValueRef){call->ref.module,
                      value_keyword(values, read_value(call->ref), word(c, name))};
}

/* ---- names ---- */

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

/* db_table, or app_model where that fits every database. */
static Str table_of(const Comparison *c, const Model *model)
{
    enum { FITS = 60 };
    const ModelOption *option = model_option(model, word(c, "db_table"));
    if (option) {
        Plain table = plain_value(c, option->value);
        Str text = table.kind == PLAIN_STRING ? text_of(c, table.text) : (Str){0};
        bool plain = str_find(text, '"') == text.len && str_find(text, '.') == text.len;
        return plain ? text : (Str){0};
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

static Sym name_of(const Comparison *c, const Model *model, const Plain *call, bool constraint)
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
            entry.name = name_of(c, now, call, constraint);
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

/* Whether one that is given although the other side has it not makes a difference for sure. */
static bool matters(const Comparison *c, Sym name, const Plain *value)
{
    static const char *const names[] = {"condition", "check",      "fields",     "include",
                                        "opclasses", "deferrable", "expressions"};
    if (value->kind == PLAIN_NONE || !value->kind ||
        ((value->kind == PLAIN_LIST || value->kind == PLAIN_TUPLE) && !value->count))
        return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (name == word(c, names[i]))
            return true;
    return false;
}

static Truth same_keywords(const Comparison *c, const Plain *a, const Plain *b)
{
    const Value *call = read_value(a->ref);
    Truth all = YES;
    for (uint32_t i = 0; i < call->keywords; i++) {
        Sym name;
        ValueId id;
        value_keyword_at(&a->ref.module->values, call, i, &name, &id);
        if (name == word(c, "name"))
            continue;
        Plain left = plain_value(c, (ValueRef){a->ref.module, id});
        ValueId other = argument_like(c, b, name);
        Plain right = other ? plain_value(c, (ValueRef){b->ref.module, other}) : (Plain){0};
        as_list(&left);
        as_list(&right);
        all = truth_and(all, other                     ? same_plain(c, &left, &right)
                             : matters(c, name, &left) ? NO
                                                       : MAYBE);
    }
    return all;
}

static Truth same_entry(const Comparison *c, const Plain *a, const Plain *b)
{
    if (a->kind != PLAIN_CALL || b->kind != PLAIN_CALL || !a->text || !b->text)
        return MAYBE;
    Str left = text_of(c, a->text), right = text_of(c, b->text);
    if (!str_starts(left, S("django.")) || !str_starts(right, S("django.")))
        return MAYBE;
    if (!str_eq(str_tail(left, '.'), str_tail(right, '.')))
        return NO;
    const Value *x = read_value(a->ref), *y = read_value(b->ref);
    if ((x->flags | y->flags) & VALUE_OPEN || x->u.call.count || y->u.call.count)
        return MAYBE;
    return truth_and(same_keywords(c, a, b), same_keywords(c, b, a));
}

/* ---- changes ---- */

typedef struct Kinds {
    ChangeKind add, remove, rename; /* rename CHANGE_KINDS: there is no such operation */
    const char *option;
} Kinds;

static Change entry_change(const Comparison *c, ChangeKind kind, const ModelState *old,
                           const Model *now, const Entry *entry, const char *option_name)
{
    Change change = option_change(kind, old, now, model_option(now, word(c, option_name)),
                                  entry->event == EVENT_NONE ? old->created : entry->event);
    change.name = entry->name;
    if (entry->event == EVENT_NONE && entry->call.kind == PLAIN_CALL)
        change.place = (Place){entry->call.ref.module->path, read_value(entry->call.ref)->span};
    return change;
}

static Entry *find_entry(const Entries *entries, Sym name)
{
    for (uint32_t i = 0; i < entries->count; i++)
        if (entries->items[i].name == name && !entries->items[i].matched)
            return &entries->items[i];
    return NULL;
}

/* Those of one name: matched, and changed when what they hold differs. */
static void match(const Comparison *c, const Kinds *kinds, const ModelState *old, const Model *now,
                  Entries *before, Entries *after, Changes *out)
{
    for (uint32_t i = 0; i < after->count; i++) {
        Entry *entry = &after->items[i];
        Entry *other = entry->name ? find_entry(before, entry->name) : NULL;
        if (!other)
            continue;
        entry->matched = other->matched = true;
        if (same_entry(c, &other->call, &entry->call) != NO)
            continue;
        array_push(out, entry_change(c, kinds->remove, old, now, other, kinds->option));
        array_push(out, entry_change(c, kinds->add, old, now, entry, kinds->option));
    }
}

static bool take_renamed(const Comparison *c, const Kinds *kinds, const ModelState *old,
                         const Model *now, Entry *entry, Entries *after, Changes *out)
{
    for (uint32_t i = 0; kinds->rename != CHANGE_KINDS && i < after->count; i++) {
        Entry *other = &after->items[i];
        if (other->matched || same_entry(c, &entry->call, &other->call) != YES)
            continue;
        Change change = entry_change(c, kinds->rename, old, now, other, kinds->option);
        change.name = entry->name;
        change.to = other->name;
        change.event = entry->event;
        array_push(out, change);
        other->matched = true;
        return true;
    }
    return false;
}

static void compare_list(const Comparison *c, const Kinds *kinds, const ModelState *old,
                         const Model *now, Entries before, Entries after, Changes *out)
{
    enum { MOST_ENTRIES = 512 };
    if (before.count > MOST_ENTRIES || after.count > MOST_ENTRIES)
        return;
    match(c, kinds, old, now, &before, &after, out);
    for (uint32_t i = 0; !after.open && i < before.count; i++) {
        Entry *entry = &before.items[i];
        if (!entry->matched && entry->name && !take_renamed(c, kinds, old, now, entry, &after, out))
            array_push(out, entry_change(c, kinds->remove, old, now, entry, kinds->option));
    }
    for (uint32_t i = 0; !before.open && i < after.count; i++)
        if (!after.items[i].matched && after.items[i].name)
            array_push(out, entry_change(c, kinds->add, old, now, &after.items[i], kinds->option));
}

void compare_indexes(const Comparison *c, const ModelState *old, const Model *now, Changes *out)
{
    Kinds indexes = {CHANGE_ADD_INDEX, CHANGE_REMOVE_INDEX,
                     c->django >= 401 ? CHANGE_RENAME_INDEX : CHANGE_KINDS, "indexes"};
    Kinds constraints = {CHANGE_ADD_CONSTRAINT, CHANGE_REMOVE_CONSTRAINT, CHANGE_KINDS,
                         "constraints"};
    compare_list(c, &indexes, old, now, of_state(c, old->indexes, old->index_count),
                 of_class(c, now, "indexes", false), out);
    compare_list(c, &constraints, old, now, of_state(c, old->constraints, old->constraint_count),
                 of_class(c, now, "constraints", true), out);
}
