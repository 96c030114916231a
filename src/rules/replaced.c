#include "rules/alike.h"
#include "rules/nodes.h"
#include "rules/versions.h"

/*
 * MG216: a column that is dropped and made again. Said only where AlterField (with RenameField)
 * would have kept the values: of kinds that the one can be read as the other. What a RunPython or
 * RunSQL nearby may have saved is left alone.
 */

typedef struct Search {
    RuleContext *context;
    Versions versions;
    Map dropped; /* (model, column) → the last removal of it */
    bool *data;  /* by node: it holds what may carry data, or cannot be read wholly */
    uint32_t looked;
} Search;

/* ---- columns ---- */

static Str column_of(const RuleContext *context, const StateField *field, Sym name)
{
    StateArguments arguments = state_field_arguments(context->state, field, context->scratch);
    Str own = context_str(context, name);
    if (arguments.open || (field->kind != FIELD_PLAIN && field->kind != FIELD_RELATION))
        return (Str){0};
    for (uint32_t i = 0; i < arguments.count; i++) {
        if (!str_eq(context_str(context, arguments.items[i].name), S("db_column")))
            continue;
        ValueRef ref = state_value(context->state, arguments.items[i].value);
        const Value *value = value_at(&ref.module->values, ref.id);
        return value->kind == VALUE_STRING ? context_str(context, value->u.text) : (Str){0};
    }
    return field->kind == FIELD_RELATION ? arena_printf(context->scratch, "%.*s_id", STR_ARG(own))
                                         : own;
}

/* ---- what the one can be read as ---- */

typedef enum Family {
    FAMILY_OTHER,
    FAMILY_BOOLEAN,
    FAMILY_INTEGER,
    FAMILY_POSITIVE,
    FAMILY_DECIMAL,
    FAMILY_DATE,
    FAMILY_TEXT,
    FAMILY_RELATION,
} Family;

/* `size` orders what a family's members can hold. */
typedef struct Kind {
    const char *name;
    Family family;
    int size;
} Kind;

static Kind kind_of(const RuleContext *context, const StateField *field)
{
    static const Kind known[] = {
        {"BooleanField", FAMILY_BOOLEAN, 0},
        {"NullBooleanField", FAMILY_BOOLEAN, 0},
        {"SmallIntegerField", FAMILY_INTEGER, 1},
        {"IntegerField", FAMILY_INTEGER, 2},
        {"BigIntegerField", FAMILY_INTEGER, 3},
        {"PositiveSmallIntegerField", FAMILY_POSITIVE, 1},
        {"PositiveIntegerField", FAMILY_POSITIVE, 2},
        {"PositiveBigIntegerField", FAMILY_POSITIVE, 3},
        {"DecimalField", FAMILY_DECIMAL, 0},
        {"DateField", FAMILY_DATE, 1},
        {"DateTimeField", FAMILY_DATE, 2},
        {"SlugField", FAMILY_TEXT, 50},
        {"FileField", FAMILY_TEXT, 100},
        {"ImageField", FAMILY_TEXT, 100},
        {"FilePathField", FAMILY_TEXT, 100},
        {"URLField", FAMILY_TEXT, 200},
        {"EmailField", FAMILY_TEXT, 254},
        {"CharField", FAMILY_TEXT, 0},
        {"TextField", FAMILY_TEXT, INT32_MAX},
        {"ForeignKey", FAMILY_RELATION, 0},
        {"OneToOneField", FAMILY_RELATION, 0},
        {"FloatField", FAMILY_OTHER, 0},
        {"TimeField", FAMILY_OTHER, 0},
        {"DurationField", FAMILY_OTHER, 0},
        {"UUIDField", FAMILY_OTHER, 0},
        {"JSONField", FAMILY_OTHER, 0},
        {"BinaryField", FAMILY_OTHER, 0},
        {"GenericIPAddressField", FAMILY_OTHER, 0},
    };
    Str path = context_str(context, field->class_path);
    for (size_t i = 0; str_starts(path, S("django.db.models.")) && i < sizeof known / sizeof *known;
         i++)
        if (str_eq(str_sub(path, 17, path.len), str(known[i].name)))
            return known[i];
    return (Kind){NULL, FAMILY_OTHER, 0};
}

/* A literal number among the arguments, or `otherwise`. */
static int64_t number_of(const RuleContext *context, const StateField *field, Str name,
                         int64_t otherwise)
{
    StateArguments arguments = state_field_arguments(context->state, field, context->scratch);
    for (uint32_t i = 0; i < arguments.count; i++) {
        if (!str_eq(context_str(context, arguments.items[i].name), name))
            continue;
        ValueRef ref = state_value(context->state, arguments.items[i].value);
        const Value *value = value_at(&ref.module->values, ref.id);
        return value->kind == VALUE_INT ? value->u.integer : -1;
    }
    return otherwise;
}

static bool keeps_text(const RuleContext *context, const StateField *from, const StateField *to)
{
    Kind old = kind_of(context, from), new = kind_of(context, to);
    int64_t room = number_of(context, to, S("max_length"), new.size);
    int64_t most = number_of(context, from, S("max_length"), old.size);
    return new.size == INT32_MAX || (most > 0 && old.size != INT32_MAX && room >= most);
}

static bool keeps_decimal(const RuleContext *context, const StateField *from, const StateField *to)
{
    int64_t digits[2], places[2];
    const StateField *fields[] = {from, to};
    for (int i = 0; i < 2; i++) {
        digits[i] = number_of(context, fields[i], S("max_digits"), -1);
        places[i] = number_of(context, fields[i], S("decimal_places"), -1);
    }
    return digits[0] > 0 && places[0] >= 0 && places[1] >= places[0] &&
           digits[1] - places[1] >= digits[0] - places[0];
}

static bool is_integer(Family family)
{
    return family == FAMILY_INTEGER || family == FAMILY_POSITIVE;
}

/* Whether every value of the one is a value of the other. */
static bool keeps_values(const RuleContext *context, const StateField *from, const StateField *to,
                         Step step)
{
    Kind old = kind_of(context, from), new = kind_of(context, to);
    if (!old.name || !new.name || from->primary_key || to->primary_key)
        return false;
    if (old.family == FAMILY_RELATION && new.family == FAMILY_RELATION)
        return targets_same(&from->to, &to->to);
    if (old.family == FAMILY_RELATION || new.family == FAMILY_RELATION) {
        const StateField *relation = old.family == FAMILY_RELATION ? from : to;
        return is_integer(old.family == FAMILY_RELATION ? new.family : old.family) &&
               has_integer_key(context, &relation->to, step);
    }
    if (new.family == FAMILY_TEXT)
        return is_integer(old.family) ? new.size == INT32_MAX
                                      : old.family == FAMILY_TEXT &&keeps_text(context, from, to);
    if (new.family == FAMILY_OTHER)
        return old.name == new.name;
    if (new.family == FAMILY_DECIMAL)
        return old.family == FAMILY_DECIMAL && keeps_decimal(context, from, to);
    bool wider = new.size >= old.size;
    return (old.family == new.family &&wider) ||
           (new.family == FAMILY_INTEGER &&
            (old.family == FAMILY_BOOLEAN || (old.family == FAMILY_POSITIVE && wider)));
}

/* ---- data ---- */

static bool may_carry_data(const Migration *migration)
{
    bool may = migration->operations_open || migration->status != MIGRATION_READ;
    for (uint32_t i = 0; i < migration->operation_count && !may; i++) {
        OperationKind kind = migration->operations[i].kind;
        may = kind == OPERATION_RUN_PYTHON || kind == OPERATION_RUN_SQL || kind == OPERATION_OPAQUE;
    }
    return may;
}

static void find_data(Search *search)
{
    const RuleContext *context = search->context;
    search->data = arena_array(context->scratch, bool, context->graph->node_count);
    for (NodeId node = 0; node < context->graph->node_count; node++) {
        const Migration *migration = node_migration(context, node);
        search->data[node] = !migration || may_carry_data(migration);
    }
}

/* In one of the two, right before the one or right behind the other. */
static bool data_nearby(const Search *search, NodeId from, NodeId to)
{
    const Graph *graph = search->context->graph;
    bool data = search->data[from] || search->data[to];
    EACH_PARENT_EDGE(graph, from, edge)
    data |= search->data[edge->parent] && graph->nodes[edge->parent].app == graph->nodes[from].app;
    EACH_CHILD_EDGE(graph, to, i)
    {
        NodeId child = graph->edges[graph->by_parent[i]].child;
        data |= search->data[child] && graph->nodes[child].app == graph->nodes[to].app;
    }
    return data;
}

/* ---- MG216 ---- */

enum { MOST_LOOKED_INTO = 1000 };

/* The column of that name of the model. What is derived, "author_id", need not be interned. */
static uint64_t column_key(const RuleContext *context, ModelId model, Str column)
{
    const Interner *interner = &context->workspace->interner;
    Sym stem = str_ends(column, S("_id"))
                   ? intern_find(interner, str_sub(column, 0, column.len - 3))
                   : SYM_NONE;
    return stem ? map_key(model, stem << 1 | 1)
                : map_key(model, intern_find(interner, column) << 1);
}

static void help_keep(Search *search, Finding *finding, const StateEvent *old,
                      const StateEvent *new, Str column)
{
    RuleContext *context = search->context;
    Str from = context_str(context, old->name), to = context_str(context, new->name);
    if (old->name == new->name)
        finding_help(context, finding, "one AlterField of `%.*s` keeps the values", STR_ARG(to));
    else
        finding_help(context, finding,
                     "to keep the values, let AlterField make `%.*s` what `%.*s` is, with "
                     "`db_column=\"%.*s\"`, and RenameField call it `%.*s`",
                     STR_ARG(from), STR_ARG(to), STR_ARG(column), STR_ARG(to));
}

static void check_added(Search *search, EventId id)
{
    RuleContext *context = search->context;
    const State *state = context->state;
    const StateEvent *event = event_at(context, id);
    const Operation *operation = whole_operation(context, id);
    const StateField *field = state_event_field(state, id);
    Str column = column_of(context, field, event->name);
    EventId dropped = column.len ? map_get(&search->dropped,
                                           column_key(context, event->model, column), EVENT_NONE)
                                 : EVENT_NONE;
    if (dropped == EVENT_NONE || !operation || operation->kind != OPERATION_ADD_FIELD ||
        !whole_operation(context, dropped) || search->looked++ >= MOST_LOOKED_INTO)
        return;
    const StateEvent *removal = event_at(context, dropped);
    NodeId made = state->events[state_created(state, event->model)].node;
    const StateField *before = state_event_field(state, search->versions.defined[dropped]);
    if (!lines_touch(context, removal->node, event->node) || made == removal->node ||
        made == event->node || data_nearby(search, removal->node, event->node) ||
        state_managed_at(state, event->model, (StateAt){.step = event->step}) != STATE_YES ||
        !keeps_values(context, before, field, event->step))
        return;
    Finding *finding = report_migration(
        context, &context->project->migrations[event->migration], operation->place,
        "`%.*s` is made in the column `%.*s` that was just dropped: the values are lost",
        STR_ARG(event_field_text(context, id)), STR_ARG(column));
    note_event(context, finding, dropped);
    help_keep(search, finding, removal, event, column);
}

void check_column_replaced(RuleContext *context)
{
    const State *state = context->state;
    Search search = {.context = context, .versions = versions_read(context)};
    find_data(&search);
    for (EventId id = 0; id < state->event_count; id++) {
        const StateEvent *event = &state->events[id];
        EventId defined = search.versions.defined[id];
        if (event->kind == EVENT_FIELD_ADDED)
            check_added(&search, id);
        if (event->kind != EVENT_FIELD_REMOVED || defined == EVENT_NONE)
            continue;
        Str column = column_of(context, state_event_field(state, defined), event->name);
        if (column.len)
            map_set(&search.dropped, column_key(context, event->model, column), id);
    }
    map_free(&search.dropped);
}
