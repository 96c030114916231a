#include "rules/edits.h"

#include "base/limits.h"
#include "base/truth.h"
#include "rules/arguments.h"

enum { DEEPEST = 24, MOST_VALUES = 20000 };

/* One side of the comparison of two values. */
typedef struct From {
    Workspace *workspace;
    ValueRef ref;
} From;

typedef struct Comparing {
    Arena *arena;
    Edit edit;
    Str operation;                /* in which it is */
    Str name;                     /* of the argument, keyword or key that is compared */
    const Module *before, *after; /* of the two migrations */
    bool soft, code;              /* only Python sees it; it is code or SQL */
    bool foreign; /* an argument of a class that is not Django's: what it means is not known */
    uint32_t room;
} Comparing;

static const Value *value_of(From from)
{
    return value_at(&from.ref.module->values, from.ref.id);
}

static Str text_of(From from, Sym sym)
{
    return sym_str(&from.workspace->interner, sym);
}

static From item_of(From from, ValueId id)
{
    return (From){from.workspace, {from.ref.module, id}};
}

static From followed(From from)
{
    if (value_of(from)->kind == VALUE_NAME)
        from.ref = workspace_value(from.workspace, from.ref);
    return from;
}

/* ---- what is found ---- */

static Truth differ(Comparing *comparing, From after)
{
    Severity severity = comparing->soft || comparing->code ? SEVERITY_WARNING : SEVERITY_ERROR;
    if (severity <= comparing->edit.severity)
        return NO;
    comparing->edit = (Edit){
        .severity = severity,
        .place = {after.ref.module->path, value_of(after)->span},
        .what = comparing->name.len
                    ? arena_printf(comparing->arena, "`%.*s` in `%.*s`", STR_ARG(comparing->name),
                                   STR_ARG(comparing->operation))
                    : arena_printf(comparing->arena, "`%.*s`", STR_ARG(comparing->operation)),
    };
    return NO;
}

static Truth both(Truth a, Truth b)
{
    return a < b ? a : b;
}

/* What makes no difference to the database. */
static bool is_soft(Str name)
{
    static const char *const names[] = {
        "verbose_name",
        "verbose_name_plural",
        "help_text",
        "choices",
        "validators",
        "editable",
        "blank",
        "error_messages",
        "related_name",
        "related_query_name",
        "limit_choices_to",
        "default",
        "serialize",
        "upload_to",
        "storage",
        "on_delete",
        "auto_now",
        "auto_now_add",
        "auto_created",
        "ordering",
        "permissions",
        "default_permissions",
        "get_latest_by",
        "base_manager_name",
        "default_manager_name",
        "default_related_name",
        "managers",
        "unique_for_date",
        "swappable",
        "options",
        "bases",
        "path",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(name, str(names[i])))
            return true;
    return false;
}

/* What shapes a column whatever the class of its field is. */
static bool shapes_column(Str name)
{
    static const char *const names[] = {
        "null",          "unique",     "primary_key",    "db_index",  "db_column", "db_collation",
        "db_tablespace", "db_default", "db_constraint",  "db_table",  "to",        "to_field",
        "through",       "max_length", "decimal_places", "max_digits"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(name, str(names[i])))
            return true;
    return false;
}

/* ---- code ---- */

/* The function's text without layout, comments and docstring; ptr NULL: not at hand. */
static Str code_of(From from, Arena *arena)
{
    const Module *module = from.ref.module;
    const Function *function = &module->functions[value_of(from)->u.index];
    Reader *reader = &from.workspace->reader;
    Str text, body;
    Error err;
    StrBuf kept = {0};
    if (reader->read(reader->self, module->path, LIMIT_FILE_BYTES, arena, &text, &err) != READ_OK ||
        function->body.end > text.len)
        return (Str){0};
    if (function->docstring)
        return (Str){0};
    uint32_t comment = 0;
    for (uint32_t at = function->body.start; at < function->body.end; at++) {
        while (comment < module->comment_count && module->comments[comment].span.end <= at)
            comment++;
        if (comment < module->comment_count && module->comments[comment].span.start <= at)
            continue;
        char c = text.ptr[at];
        if (!strchr(" \t\r\n\\,()", c) || !c)
            strbuf_byte(&kept, c == '\'' ? '"' : c);
    }
    body = arena_str(arena, strbuf_str(&kept));
    strbuf_free(&kept);
    return body;
}

static Truth same_code(Comparing *comparing, From a, From b)
{
    Arena arena = {0};
    Str before = code_of(a, &arena), after = code_of(b, &arena);
    Truth same = !before.ptr || !after.ptr ? MAYBE : truth(str_eq(before, after));
    arena_free(&arena);
    return same == NO ? differ(comparing, b) : same;
}

/* ---- values ---- */

static Truth same_value(Comparing *comparing, From a, From b, int depth);

static Truth same_text(Comparing *comparing, From a, From b)
{
    Str before = text_of(a, value_of(a)->u.text), after = text_of(b, value_of(b)->u.text);
    size_t i = 0, j = 0;
    if (str_eq(before, after))
        return YES;
    /* Names of models in either case, SQL laid out anew. */
    for (;; i++, j++) {
        while (i < before.len && strchr(" \t\r\n;", before.ptr[i]))
            i++;
        while (j < after.len && strchr(" \t\r\n;", after.ptr[j]))
            j++;
        if (i == before.len || j == after.len)
            break;
        char c = before.ptr[i], d = after.ptr[j];
        if (c != d && ((c ^ d) != 0x20 || (c | 0x20) < 'a' || (c | 0x20) > 'z'))
            break;
    }
    return i == before.len && j == after.len ? MAYBE : differ(comparing, b);
}

static Truth same_items(Comparing *comparing, From a, From b, int depth)
{
    const Value *one = value_of(a), *other = value_of(b);
    Truth same = YES;
    if ((one->flags | other->flags) & VALUE_OPEN)
        return MAYBE;
    if (one->u.items.count != other->u.items.count)
        return differ(comparing, b);
    for (uint32_t i = 0; i < one->u.items.count; i++)
        same =
            both(same, same_value(comparing, item_of(a, value_item(&a.ref.module->values, one, i)),
                                  item_of(b, value_item(&b.ref.module->values, other, i)), depth));
    return same;
}

/* Compares what stands under a name; either may be absent. */
static Truth same_named(Comparing *comparing, Str name, From a, From b, From whole, int depth)
{
    Comparing outer = *comparing;
    comparing->name = name;
    comparing->soft |= is_soft(name) || (comparing->foreign && !shapes_column(name));
    comparing->foreign = false;
    Truth same;
    if (a.ref.id && b.ref.id)
        same = same_value(comparing, a, b, depth);
    else
        same = comparing->soft || str_eq(name, S("null")) ? MAYBE : differ(comparing, whole);
    comparing->name = outer.name;
    comparing->soft = outer.soft;
    comparing->foreign = outer.foreign;
    return same;
}

static ValueId under_key(From dict, Str key)
{
    const Value *value = value_of(dict);
    const Values *values = &dict.ref.module->values;
    for (uint32_t i = 0; i + 1 < value->u.items.count; i += 2) {
        const Value *at = value_at(values, value_item(values, value, i));
        if (at->kind == VALUE_STRING && str_eq(text_of(dict, at->u.text), key))
            return value_item(values, value, i + 1);
    }
    return VALUE_ABSENT;
}

static Truth same_dict(Comparing *comparing, From a, From b, int depth)
{
    const Value *one = value_of(a);
    const Values *values = &a.ref.module->values;
    Truth same = YES;
    if ((one->flags | value_of(b)->flags) & VALUE_OPEN)
        return MAYBE;
    for (uint32_t i = 0; i + 1 < one->u.items.count; i += 2) {
        From key = item_of(a, value_item(values, one, i));
        if (value_of(key)->kind != VALUE_STRING)
            return MAYBE;
        Str name = text_of(key, value_of(key)->u.text);
        From other = item_of(b, under_key(b, name));
        if (!other.ref.id)
            return MAYBE;
        same = both(same, same_named(comparing, name, item_of(a, value_item(values, one, i + 1)),
                                     other, b, depth));
    }
    return same;
}

/* The keyword argument of that name; VALUE_ABSENT. */
static From keyword(From call, Str name)
{
    Sym sym = intern_find(&call.workspace->interner, name);
    return item_of(call, sym ? value_keyword(&call.ref.module->values, value_of(call), sym)
                             : VALUE_ABSENT);
}

/* Every keyword of `a` against `b`; the other way round only those that `a` lacks. */
static Truth same_keywords(Comparing *comparing, From a, From b, bool forwards, int depth)
{
    const Value *call = value_of(forwards ? a : b);
    From own = forwards ? a : b, other = forwards ? b : a;
    Truth same = YES;
    for (uint32_t i = 0; i < call->keywords; i++) {
        Sym name;
        ValueId id;
        value_keyword_at(&own.ref.module->values, call, i, &name, &id);
        From there = keyword(other, text_of(own, name));
        if (!forwards && there.ref.id)
            continue;
        From here = item_of(own, id);
        same = both(same, same_named(comparing, text_of(own, name), forwards ? here : there,
                                     forwards ? there : here, b, depth));
    }
    return same;
}

static Truth same_path(Comparing *comparing, From a, From b, From shown)
{
    Str before = text_of(a, workspace_path(a.workspace, a.ref));
    Str after = text_of(b, workspace_path(b.workspace, b.ref));
    if (!before.len || !after.len)
        return MAYBE;
    if (str_eq(before, after))
        return YES;
    Str django = S("django.db.models.");
    return str_starts(before, django) && str_starts(after, django) ? differ(comparing, shown)
                                                                   : MAYBE;
}

static Truth same_arguments(Comparing *comparing, From a, From b, int depth)
{
    const Value *one = value_of(a), *other = value_of(b);
    bool soft = comparing->soft;
    Truth same = YES;
    comparing->soft |= comparing->foreign;
    for (uint32_t i = 0; i < one->u.call.count; i++)
        same = both(
            same, same_value(comparing, item_of(a, value_positional(&a.ref.module->values, one, i)),
                             item_of(b, value_positional(&b.ref.module->values, other, i)), depth));
    comparing->soft = soft;
    same = both(same, same_keywords(comparing, a, b, true, depth));
    return both(same, same_keywords(comparing, a, b, false, depth));
}

static Truth same_call(Comparing *comparing, From a, From b, int depth)
{
    const Value *one = value_of(a), *other = value_of(b);
    From callee = item_of(b, value_callee(&b.ref.module->values, other));
    if ((one->flags | other->flags) & VALUE_OPEN || one->u.call.count != other->u.call.count)
        return MAYBE;
    Truth same =
        same_path(comparing, item_of(a, value_callee(&a.ref.module->values, one)), callee, b);
    if (same != YES)
        return same;
    bool outer = comparing->foreign;
    comparing->foreign =
        !str_starts(text_of(b, workspace_path(b.workspace, callee.ref)), S("django."));
    same = same_arguments(comparing, a, b, depth);
    comparing->foreign = outer;
    return same;
}

static bool is_plain(ValueKind kind)
{
    return kind == VALUE_NONE || kind == VALUE_BOOL || kind == VALUE_INT || kind == VALUE_STRING;
}

static bool is_row(ValueKind kind)
{
    return kind == VALUE_LIST || kind == VALUE_TUPLE;
}

static Truth same_kind(Comparing *comparing, From a, From b, int depth)
{
    const Value *one = value_of(a), *other = value_of(b);
    switch ((ValueKind)one->kind) {
    case VALUE_NONE:
        return YES;
    case VALUE_BOOL:
        return one->u.boolean == other->u.boolean ? YES : differ(comparing, b);
    case VALUE_INT:
        return one->u.integer == other->u.integer ? YES : differ(comparing, b);
    case VALUE_STRING:
        return same_text(comparing, a, b);
    case VALUE_DICT:
        return same_dict(comparing, a, b, depth + 1);
    case VALUE_NAME:
        return same_path(comparing, a, b, b);
    case VALUE_CALL:
        return same_call(comparing, a, b, depth + 1);
    case VALUE_FUNCTION:
        return same_code(comparing, a, b);
    default:
        return MAYBE;
    }
}

static Truth same_followed(Comparing *comparing, From a, From b, int depth);

/* What another file says may be different: the migration itself is not. */
static Truth same_value(Comparing *comparing, From a, From b, int depth)
{
    Edit edit = comparing->edit;
    a = followed(a);
    b = followed(b);
    Truth same = same_followed(comparing, a, b, depth);
    if (same != NO || (a.ref.module == comparing->before && b.ref.module == comparing->after))
        return same;
    comparing->edit = edit;
    return MAYBE;
}

static Truth same_followed(Comparing *comparing, From a, From b, int depth)
{
    if (depth > DEEPEST || !comparing->room)
        return MAYBE;
    comparing->room--;
    ValueKind one = value_of(a)->kind, other = value_of(b)->kind;
    if ((value_of(a)->flags | value_of(b)->flags) & (VALUE_MAYBE | VALUE_STAR))
        return MAYBE;
    if (is_row(one) && is_row(other))
        return same_items(comparing, a, b, depth + 1);
    if (one == other)
        return same_kind(comparing, a, b, depth);
    return is_plain(one) && is_plain(other) ? differ(comparing, b) : MAYBE;
}

/* ---- operations ---- */

static bool is_code(OperationKind kind)
{
    return kind == OPERATION_RUN_PYTHON || kind == OPERATION_RUN_SQL;
}

/* What an operation does the other way round, and hints for routers, are nobody's schema. */
static bool is_aside(Str name)
{
    static const char *const names[] = {
        "elidable",         "reverse_sql", "reverse_code",        "hints",
        "preserve_default", "atomic",      "database_operations", "state_operations"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(name, str(names[i])))
            return true;
    return false;
}

static void compare_operation(Comparing *comparing, const MigrationVersion *before,
                              const Operation *one, const MigrationVersion *after,
                              const Operation *other)
{
    uint32_t count;
    const char *const *names = argument_names(one->kind, &count);
    comparing->operation = str(operation_name(one->kind));
    comparing->code = is_code(one->kind);
    for (uint32_t i = 0; i < count; i++) {
        Str name = str(names[i]);
        Subject a = operation_argument(&before->workspace->interner, one, name);
        Subject b = operation_argument(&after->workspace->interner, other, name);
        if (is_aside(name) || a.given != YES || b.given != YES)
            continue;
        same_named(comparing, name, (From){before->workspace, {a.module, a.value}},
                   (From){after->workspace, {b.module, b.value}},
                   (From){after->workspace, other->call}, 0);
    }
}

typedef Array(const Operation *) Operations;

/* False when not all of them are known. */
static bool list_operations(const Migration *migration, Operations *out)
{
    if (migration->status != MIGRATION_READ || migration->operations_open || !migration->module)
        return false;
    for (uint32_t i = 0; i < migration->operation_count; i++) {
        const Operation *operation = &migration->operations[i];
        if (operation->kind == OPERATION_OPAQUE || operation->maybe)
            return false;
        if (operation->kind != OPERATION_SEPARATE_DATABASE_AND_STATE)
            array_push(out, operation);
    }
    return true;
}

static int count_of(const Operations *operations, OperationKind kind)
{
    int count = 0;
    for (uint32_t i = 0; i < operations->count; i++)
        count += operations->items[i]->kind == kind;
    return count;
}

/* Operations that were added or taken out: those of the schema weigh more. */
static bool compare_counts(Comparing *comparing, const Operations *before, const Operations *after,
                           const Migration *migration)
{
    for (OperationKind kind = 0; kind < OPERATION_OPAQUE; kind++) {
        int was = count_of(before, kind), is = count_of(after, kind);
        Severity severity = is_code(kind) ? SEVERITY_WARNING : SEVERITY_ERROR;
        if (was == is || severity <= comparing->edit.severity)
            continue;
        comparing->edit =
            (Edit){severity, migration->class_place,
                   arena_printf(comparing->arena, "`%s`, %s", operation_name(kind),
                                is > was ? "which has been added" : "which has been taken out")};
    }
    return comparing->edit.severity == SEVERITY_OFF;
}

Edit edit_of(const MigrationVersion *before, const MigrationVersion *after, Arena *arena)
{
    Comparing comparing = {.arena = arena,
                           .before = before->migration->module,
                           .after = after->migration->module,
                           .room = MOST_VALUES};
    Operations one = {0}, other = {0};
    bool same_kinds = false;
    if (list_operations(before->migration, &one) && list_operations(after->migration, &other))
        same_kinds = compare_counts(&comparing, &one, &other, after->migration);
    for (uint32_t i = 0; same_kinds && i < one.count; i++)
        same_kinds = one.items[i]->kind == other.items[i]->kind;
    for (uint32_t i = 0; same_kinds && i < one.count; i++)
        compare_operation(&comparing, before, one.items[i], after, other.items[i]);
    array_free(&one);
    array_free(&other);
    return comparing.edit;
}
