#include "rules/events.h"
#include "rules/problems.h"
#include "rules/schema.h"

/*
 * MG206: two models, or many-to-many fields, that end on one table. Events are followed in plan
 * order; each says which tables its model has from then on, and every table knows who has it.
 */

enum {
    NONE = UINT32_MAX,
    /* Tables of many-to-many fields that follow the table of their model, in a project. Beyond,
     * nothing is said about them. */
    MOST_MOVED = 100000,
};

typedef struct Claim {
    Str table;
    ModelId model;
    Sym field;     /* SYM_NONE: the model's own table */
    EventId event; /* that made it so */
    bool sure;     /* made in the database by that event; else only told to the state */
    bool live;
    uint32_t next; /* of the same model */
} Claim;

typedef struct Holding {
    Str table;
    uint32_t first; /* claim of the model */
    bool clashes;
} Holding;

typedef struct Tables {
    RuleContext *context;
    Meeting meeting;
    Array(Claim) claims;
    Array(Holding) holdings; /* by model */
    Map holders;             /* hash of a table's name → claim that has it */
    Map by_field;            /* (model, field) → claim */
    uint32_t moved;
} Tables;

/* ---- telling ------------------------------------------------------------- */

/* Where the table is written; the operation where it follows from a name. */
static Place place_of(const Tables *tables, const Claim *claim)
{
    const RuleContext *context = tables->context;
    const State *state = context->state;
    Step step = event_at(context, claim->event)->step;
    Place place = event_place(context, claim->event);
    for (EventId id = claim->event;
         !claim->field && id < state->event_count && state->events[id].step == step; id++) {
        const StateOption *option = state_event_option(state, id);
        if (!option || state->events[id].model != claim->model || !option->value.id ||
            !str_eq(context_str(context, option->name), S("db_table")) ||
            !str_eq(option->value.module->path, place.path))
            continue;
        place.span = value_at(&option->value.module->values, option->value.id)->span;
    }
    return place;
}

static void report_clash(Tables *tables, const Claim *claim, const Claim *holder)
{
    RuleContext *context = tables->context;
    const StateEvent *event = event_at(context, claim->event);
    Finding *finding =
        report_migration(context, &context->project->migrations[event->migration],
                         place_of(tables, claim), "`%.*s` gets the table `%.*s`, which `%.*s` has",
                         STR_ARG(thing_text(context, claim->model, claim->field, claim->event)),
                         STR_ARG(claim->table),
                         STR_ARG(thing_text(context, holder->model, holder->field, holder->event)));
    note_event(context, finding, holder->event);
    finding_note(context, finding, (Place){0},
                 "the database refuses it: the table is there already");
    finding_help(context, finding,
                 "give it another `db_table`; if the model has only moved, tell it to the state "
                 "alone, with SeparateDatabaseAndState");
    follow_cause(context, finding, event->node, holder->event);
}

/* ---- who has what -------------------------------------------------------- */

static Holding *holding_of(Tables *tables, ModelId model)
{
    while (tables->holdings.count <= model)
        array_push(&tables->holdings, (Holding){.first = NONE});
    return &tables->holdings.items[model];
}

static void release(Tables *tables, uint32_t index)
{
    Claim *claim = &tables->claims.items[index];
    uint64_t key = str_hash(claim->table);
    if (claim->live && map_get(&tables->holders, key, NONE) == index)
        map_set(&tables->holders, key, NONE);
    claim->live = false;
}

/* The claim that has the table, or NULL. */
static const Claim *holder_of(const Tables *tables, Str table)
{
    uint32_t index = map_get(&tables->holders, str_hash(table), NONE);
    const Claim *claim = index == NONE ? NULL : &tables->claims.items[index];
    return claim && str_eq(claim->table, table) ? claim : NULL;
}

static void add_claim(Tables *tables, Claim claim)
{
    if (!claim.table.len)
        return;
    Holding *holding = holding_of(tables, claim.model);
    const Claim *holder = holder_of(tables, claim.table);
    if (holder && holder->sure && claim.sure && !(claim.field && holding->clashes)) {
        holding->clashes |= !claim.field;
        if (surely_meet(&tables->meeting, claim.table, holder->event, claim.event))
            report_clash(tables, &claim, holder);
    }
    claim.live = true;
    claim.next = holding->first;
    holding->first = tables->claims.count;
    if (!holder || (claim.sure && !holder->sure))
        map_set(&tables->holders, str_hash(claim.table), holding->first);
    if (claim.field)
        map_set(&tables->by_field, map_key(claim.model, claim.field), holding->first);
    array_push(&tables->claims, claim);
}

/* ---- events -------------------------------------------------------------- */

static StateAt behind(const Tables *tables, EventId event)
{
    return (StateAt){.step = event_at(tables->context, event)->step + 1};
}

static void drop_field(Tables *tables, ModelId model, Sym field)
{
    uint64_t key = map_key(model, field);
    uint32_t index = map_get(&tables->by_field, key, NONE);
    if (index == NONE)
        return;
    release(tables, index);
    map_set(&tables->by_field, key, NONE);
}

static void claim_field(Tables *tables, ModelId model, Sym name, EventId event, bool sure)
{
    const RuleContext *context = tables->context;
    StateField field;
    Str own = holding_of(tables, model)->table, table = {0};
    if (own.len &&
        state_field_at(context->state, model, name, behind(tables, event), &field) == STATE_YES &&
        str_eq(context_str(context, field.class_path), S("django.db.models.ManyToManyField")))
        table = state_many_table_of(context->state, own, &field, context->scratch);
    uint32_t before = map_get(&tables->by_field, map_key(model, name), NONE);
    if (before != NONE && tables->claims.items[before].live &&
        str_eq(tables->claims.items[before].table, table))
        return;
    drop_field(tables, model, name);
    add_claim(tables, (Claim){table, model, name, event, sure, false, NONE});
}

static void drop_model(Tables *tables, ModelId model)
{
    Holding *holding = holding_of(tables, model);
    for (uint32_t i = holding->first; i != NONE; i = tables->claims.items[i].next)
        release(tables, i);
    *holding = (Holding){.first = NONE};
}

/* The model's table may be another from here on, and those of its many-to-many fields with it. */
static void claim_model(Tables *tables, ModelId model, EventId event)
{
    const RuleContext *context = tables->context;
    Str table = state_table_at(context->state, model, behind(tables, event), context->scratch);
    Holding before = *holding_of(tables, model);
    if (str_eq(before.table, table))
        return;
    bool sure = event_reaches_database(context, event);
    drop_model(tables, model);
    holding_of(tables, model)->table = table;
    add_claim(tables, (Claim){table, model, SYM_NONE, event, sure, false, NONE});
    for (uint32_t i = before.first; i != NONE; i = tables->claims.items[i].next) {
        Claim claim = tables->claims.items[i];
        bool current =
            claim.field && map_get(&tables->by_field, map_key(model, claim.field), NONE) == i;
        if (current && tables->moved++ < MOST_MOVED)
            claim_field(tables, model, claim.field, event, sure && claim.sure);
    }
}

static bool is_about_table(const RuleContext *context, const StateEvent *event)
{
    static const char *const names[] = {"db_table", "managed", "proxy", "swappable"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(context_str(context, event->name), str(names[i])))
            return true;
    return false;
}

static void follow(Tables *tables, EventId id)
{
    const StateEvent *event = event_at(tables->context, id);
    bool sure = event_reaches_database(tables->context, id);
    switch (event->kind) {
    case EVENT_MODEL_CREATED:
    case EVENT_MODEL_RENAMED:
        claim_model(tables, event->model, id);
        break;
    case EVENT_OPTION_SET:
    case EVENT_OPTION_DROPPED:
        if (is_about_table(tables->context, event))
            claim_model(tables, event->model, id);
        break;
    case EVENT_FIELD_RENAMED:
        drop_field(tables, event->model, event->from);
        claim_field(tables, event->model, event->to, id, sure);
        break;
    case EVENT_FIELD_ADDED:
    case EVENT_FIELD_ALTERED:
    case EVENT_FIELD_REMOVED:
        claim_field(tables, event->model, event->name, id, sure);
        break;
    case EVENT_MODEL_DELETED:
    case EVENT_MODEL_OVERWRITTEN:
    case EVENT_OPENED:
        drop_model(tables, event->model);
        break;
    }
}

void check_table_name_clash(RuleContext *context)
{
    Tables tables = {.context = context, .meeting = {.context = context}};
    for (EventId id = 0; id < context->state->event_count; id++)
        if (context->state->events[id].model != MODEL_NONE)
            follow(&tables, id);
    meeting_done(&tables.meeting);
    array_free(&tables.claims);
    array_free(&tables.holdings);
    map_free(&tables.holders);
    map_free(&tables.by_field);
}
