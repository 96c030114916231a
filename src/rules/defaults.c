#include "rules/literals.h"
#include "rules/versions.h"

/* MG214: literals that a field cannot hold as its default. */

typedef struct FieldClass {
    const char *name;
    Holds holds;
    const char *instead;
} FieldClass;

static const FieldClass classes[] = {
    {"IntegerField", HOLDS_INTEGER, "a whole number"},
    {"SmallIntegerField", HOLDS_INTEGER, "a whole number"},
    {"BigIntegerField", HOLDS_INTEGER, "a whole number"},
    {"PositiveIntegerField", HOLDS_POSITIVE, "a whole number that is not negative"},
    {"PositiveSmallIntegerField", HOLDS_POSITIVE, "a whole number that is not negative"},
    {"PositiveBigIntegerField", HOLDS_POSITIVE, "a whole number that is not negative"},
    {"FloatField", HOLDS_FLOAT, "a number"},
    {"DecimalField", HOLDS_DECIMAL, "a number, or its text"},
    {"BooleanField", HOLDS_BOOLEAN, "`True` or `False`"},
    {"NullBooleanField", HOLDS_BOOLEAN, "`True`, `False` or `None`"},
    {"DateField", HOLDS_DATE, "a `datetime.date`, or a callable that returns one"},
    {"DateTimeField", HOLDS_DATETIME, "a `datetime.datetime`, or a callable that returns one"},
    {"TimeField", HOLDS_TIME, "a `datetime.time`, or a callable that returns one"},
    {"DurationField", HOLDS_DURATION, "a `datetime.timedelta`"},
    {"UUIDField", HOLDS_UUID, "a callable such as `uuid.uuid4`"},
    {"BinaryField", HOLDS_BINARY, "bytes"},
    {"ForeignKey", HOLDS_KEY, "the key of a row that is sure to be there"},
    {"OneToOneField", HOLDS_KEY, "the key of a row that is sure to be there"},
};

static const FieldClass *class_of(const RuleContext *context, const StateField *field)
{
    Str path = context_str(context, field->class_path);
    if (!str_starts(path, S("django.db.models.")))
        return NULL;
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (str_eq(str_sub(path, 17, path.len), str(classes[i].name)))
            return &classes[i];
    return NULL;
}

/* ---- MG214 ---- */

typedef struct Default {
    const FieldClass *of;
    ValueRef value;
    bool null; /* the field may be NULL, or it is not known */
    bool surely_null;
    bool automatic; /* auto_now, auto_now_add: saving does not look at it */
    bool other_key; /* to_field */
} Default;

static bool is_within(Span inner, Span outer)
{
    return inner.start >= outer.start && inner.end <= outer.end;
}

/* A literal that is written in the call itself: what a name stands for may be a member of an
 * enumeration. */
static bool is_written_there(ValueRef call, ValueRef value)
{
    if (!call.id || call.module != value.module)
        return false;
    const Value *at = value_at(&value.module->values, value.id);
    return !(at->flags & VALUE_MAYBE) &&
           is_within(at->span, value_at(&call.module->values, call.id)->span);
}

static void read_null(Default *out, ValueRef null)
{
    const Value *value = null.id ? value_at(&null.module->values, null.id) : NULL;
    out->null = value ? value->kind != VALUE_BOOL || value->u.boolean
                      : str_eq(str(out->of->name), S("NullBooleanField"));
    out->surely_null = value && value->kind == VALUE_BOOL && value->u.boolean;
}

/* What the call says of it, a default that is for one migration only included. */
static void read_arguments(const RuleContext *context, const StateField *field, Default *out)
{
    StateField whole = *field;
    whole.default_dropped = false;
    StateArguments arguments = state_field_arguments(context->state, &whole, context->scratch);
    read_null(out, (ValueRef){0});
    for (uint32_t i = 0; i < arguments.count; i++) {
        Str name = context_str(context, arguments.items[i].name);
        if (str_eq(name, S("default")))
            out->value = arguments.items[i].value;
        else if (str_eq(name, S("null")))
            read_null(out, state_value(context->state, arguments.items[i].value));
        else if (str_starts(name, S("auto_now")))
            out->automatic = true;
        else if (str_eq(name, S("to_field")))
            out->other_key = true;
    }
    out->null |= arguments.open;
}

/* Whether the event leaves a field with a default that it cannot hold. */
static bool read_default(const RuleContext *context, EventId id, Default *out)
{
    const StateField *field = state_event_field(context->state, id);
    *out = (Default){.of = field ? class_of(context, field) : NULL};
    if (!out->of)
        return false;
    read_arguments(context, field, out);
    if (!out->value.id || !is_written_there(field->call, out->value) ||
        literal_holds(context, out->of->holds, value_at(&out->value.module->values, out->value.id),
                      out->null))
        return false;
    Step behind = event_at(context, id)->step + 1;
    return out->of->holds != HOLDS_KEY ||
           (!out->other_key && has_integer_key(context, &field->to, behind));
}

static Str text_of(const RuleContext *context, const Value *value)
{
    Arena *arena = context->scratch;
    Str text;
    switch ((ValueKind)value->kind) {
    case VALUE_STRING:
        return arena_printf(arena, "\"%.*s\"", STR_ARG(context_str(context, value->u.text)));
    case VALUE_INT:
        return arena_printf(arena, "%lld", (long long)value->u.integer);
    case VALUE_BOOL:
        return value->u.boolean ? S("True") : S("False");
    case VALUE_FLOAT:
        text = context_str(context, value->u.text);
        return text;
    default:
        return value->kind == VALUE_LIST    ? S("[…]")
               : value->kind == VALUE_TUPLE ? S("(…)")
                                            : S("{…}");
    }
}

typedef struct Search {
    RuleContext *context;
    Versions versions;
} Search;

/* Whether it stays until the end, where rows are saved with it; another one may take its place. */
static bool stays(const Search *search, EventId id)
{
    const State *state = search->context->state;
    Default at;
    while (search->versions.next[id] != EVENT_NONE) {
        id = search->versions.next[id];
        if (!read_default(search->context, id, &at))
            return false;
    }
    return !search->versions.gone[state->events[id].model];
}

/* Whether the operation itself has to fill rows with it. */
static bool is_used(const Search *search, EventId id)
{
    const RuleContext *context = search->context;
    const State *state = context->state;
    const StateEvent *event = event_at(context, id);
    const Operation *operation = whole_operation(context, id);
    EventId before = search->versions.defined[id];
    Default now = {0}, then = {0};
    if (!operation ||
        (operation->kind != OPERATION_ADD_FIELD && operation->kind != OPERATION_ALTER_FIELD) ||
        state_managed_at(state, event->model, (StateAt){.step = event->step}) != STATE_YES)
        return false;
    if (operation->kind == OPERATION_ADD_FIELD)
        return event->kind == EVENT_FIELD_ADDED;
    if (before == EVENT_NONE || search->versions.open[id])
        return false;
    read_default(context, id, &now);
    read_default(context, before, &then);
    return then.surely_null && !now.null;
}

static void report_default(Search *search, EventId id, const Default *at, bool used)
{
    RuleContext *context = search->context;
    const StateEvent *event = event_at(context, id);
    const Value *value = value_at(&at->value.module->values, at->value.id);
    Finding *finding =
        report_migration(context, &context->project->migrations[event->migration],
                         (Place){at->value.module->path, value->span},
                         "the default of `%.*s` is `%.*s`, which %s %s cannot hold",
                         STR_ARG(event_field_text(context, id)), STR_ARG(text_of(context, value)),
                         at->of->name[0] == 'I' ? "an" : "a", at->of->name);
    bool raises = at->of->holds != HOLDS_POSITIVE || value->kind != VALUE_INT;
    if (used && raises)
        finding->severity = SEVERITY_ERROR; /* the migration fails, even on an empty table */
    finding_note(context, finding, event_place(context, id),
                 used ? "this operation gives it to the rows that are there"
                      : "saving a row without a value fails");
    finding_help(context, finding, "give it %s", at->of->instead);
}

enum { MOST_LOOKED_INTO = 1000 };

void check_default_type_mismatch(RuleContext *context)
{
    const State *state = context->state;
    Search search = {.context = context, .versions = versions_read(context)};
    uint32_t looked = 0;
    for (EventId id = 0; id < state->event_count && looked < MOST_LOOKED_INTO; id++) {
        Default at, before;
        if (state->events[id].kind == EVENT_FIELD_REPOINTED || !own_operation(context, id) ||
            !read_default(context, id, &at))
            continue;
        looked++;
        EventId earlier = search.versions.defined[id];
        bool goes_on = earlier != EVENT_NONE && read_default(context, earlier, &before);
        bool used = is_used(&search, id);
        if (used || (!goes_on && !at.automatic && stays(&search, id)))
            report_default(&search, id, &at, used);
    }
}
