#include "rules/events.h"
#include "rules/index_claims.h"
#include "rules/made_names.h"

/*
 * MG213: two tables that get an index of one name. Events are followed in plan order. What comes
 * with a table or a field Django makes when the migration ends, under the names that table and
 * columns have then.
 */

enum { MOST_GROUPS = 64 };

typedef struct Waiting {
    uint8_t maker; /* IndexMaker */
    ModelId model;
    Sym subject;
    EventId event;
} Waiting;

typedef struct Following {
    RuleContext *context;
    IndexClaims claims;
    Array(Waiting) waiting; /* until the migration ends */
    Map gone; /* (model, index or option), (model, SYM_NONE): the event that took it away last */
    Map together; /* (model, option) → the event that set it last */
    NodeId node;  /* whose events are followed */
} Following;

/* ---- making -------------------------------------------------------------- */

static void claim_name(Following *following, ModelId model, EventId event, StateAt at)
{
    RuleContext *context = following->context;
    const StateIndex *index = state_event_index(context->state, event);
    Sym lower = state_lowered(context->state, state_model_name(context->state, model, at));
    Str name = context_str(context, index->name);
    claims_add(&following->claims,
               (IndexClaim){.name = filled_in(context, name, event_at(context, event)->app, lower),
                            .model = model,
                            .subject = index->name,
                            .event = event,
                            .index = index,
                            .maker = MADE_BY_NAME});
}

static void claim_field(Following *following, ModelId model, Sym name, EventId event, StateAt at)
{
    RuleContext *context = following->context;
    StateField field;
    if (claims_get(&following->claims, MADE_BY_FIELD, model, name) ||
        state_field_at(context->state, model, name, at, &field) != STATE_YES)
        return;
    Str table = state_table_at(context->state, model, at, context->scratch);
    Sym lower = state_lowered(context->state, state_model_name(context->state, model, at));
    MadeIndex kind = made_index(context, &field, following->claims.postgresql);
    claims_add(&following->claims,
               (IndexClaim){.name = made_field_name(context, &field, kind, table, lower),
                            .model = model,
                            .subject = name,
                            .event = event,
                            .maker = MADE_BY_FIELD});
}

static Str group_name(const Following *following, ModelId model, Sym option,
                      const StateNames *group, StateAt at)
{
    const RuleContext *context = following->context;
    bool unique = str_eq(context_str(context, option), S("unique_together"));
    Str columns = {0}, hashed = {0};
    for (uint32_t i = 0; i < group->count; i++) {
        StateField field;
        Str column = {0};
        if (state_field_at(context->state, model, group->items[i], at, &field) == STATE_YES)
            column = state_column(context->state, &field, context->scratch);
        if (!column.len)
            return (Str){0};
        columns = arena_printf(context->scratch, "%.*s%s%.*s", STR_ARG(columns), i ? "_" : "",
                               STR_ARG(column));
        hashed = arena_printf(context->scratch, "%.*s%.*s", STR_ARG(hashed), STR_ARG(column));
    }
    Str table = state_table_at(context->state, model, at, context->scratch);
    return made_name(context, table, columns, hashed, unique ? "_uniq" : "_idx");
}

/* Those groups that were not there before. */
static void claim_groups(Following *following, ModelId model, EventId event,
                         const StateOption *before, StateAt at)
{
    const StateOption *option = state_event_option(following->context->state, event);
    for (uint32_t i = 0; i < option->group_count && i < MOST_GROUPS; i++)
        if (!option_has_group(before, &option->groups[i]))
            claims_add(&following->claims,
                       (IndexClaim){.name = group_name(following, model, option->name,
                                                       &option->groups[i], at),
                                    .model = model,
                                    .subject = option->name,
                                    .event = event,
                                    .group = &option->groups[i],
                                    .maker = MADE_BY_GROUP});
}

/* ---- when the migration ends --------------------------------------------- */

static bool is_gone(const Following *following, const Waiting *waiting)
{
    EventId model = map_get(&following->gone, map_key(waiting->model, SYM_NONE), 0);
    EventId itself = map_get(&following->gone, map_key(waiting->model, waiting->subject), 0);
    return model > waiting->event || (waiting->maker != MADE_BY_FIELD && itself > waiting->event);
}

static void finish_migration(Following *following)
{
    const State *state = following->context->state;
    StateAt end = {.step = following->waiting.count ? state->end_step[following->node] : 0};
    for (uint32_t i = 0; i < following->waiting.count; i++) {
        Waiting waiting = following->waiting.items[i];
        if (is_gone(following, &waiting))
            continue;
        if (waiting.maker == MADE_BY_NAME)
            claim_name(following, waiting.model, waiting.event, end);
        else if (waiting.maker == MADE_BY_FIELD)
            claim_field(following, waiting.model, waiting.subject, waiting.event, end);
        else
            claim_groups(following, waiting.model, waiting.event, NULL, end);
    }
    array_clear(&following->waiting);
}

/* ---- events -------------------------------------------------------------- */

static StateAt behind(const Following *following, EventId id)
{
    return (StateAt){.step = event_at(following->context, id)->step + 1};
}

static bool is_creation(const Following *following, const StateEvent *event)
{
    const RuleContext *context = following->context;
    return event_at(context, state_created(context->state, event->model))->step == event->step;
}

/* Whether something happens to a table; in another schema names do not count. */
static bool is_real(const Following *following, EventId id)
{
    const RuleContext *context = following->context;
    ModelId model = event_at(context, id)->model;
    Str table = state_table_at(context->state, model, behind(following, id), context->scratch);
    return table.len && event_reaches_database(context, id) && str_find(table, '"') == table.len;
}

static void wait_for_end(Following *following, IndexMaker maker, ModelId model, Sym subject,
                         EventId id)
{
    array_push(&following->waiting, (Waiting){(uint8_t)maker, model, subject, id});
}

static void take_away(Following *following, ModelId model, Sym subject, EventId id)
{
    map_set(&following->gone, map_key(model, subject), id);
}

static void on_index_added(Following *following, EventId id, const StateEvent *event)
{
    const StateIndex *index = state_event_index(following->context->state, id);
    bool as_index = index->kind == INDEX_PLAIN || index->kind == INDEX_PARTIAL;
    bool as_constraint = index->kind == INDEX_UNIQUE || index->kind == INDEX_EXCLUSION;
    if (!index->name || !(as_index || (as_constraint && following->claims.postgresql)) ||
        !is_real(following, id))
        return;
    if (as_index && is_creation(following, event))
        wait_for_end(following, MADE_BY_NAME, event->model, index->name, id);
    else
        claim_name(following, event->model, id, behind(following, id));
}

static void on_index_renamed(Following *following, EventId id, const StateEvent *event)
{
    const IndexClaim *claim =
        claims_get(&following->claims, MADE_BY_NAME, event->model, event->from);
    take_away(following, event->model, event->from, id);
    if (!claim)
        return;
    IndexClaim renamed = *claim;
    renamed.name = context_str(following->context, event->to);
    renamed.subject = event->to;
    renamed.event = id;
    claims_drop(&following->claims, MADE_BY_NAME, event->model, event->from);
    if (is_real(following, id))
        claims_add(&following->claims, renamed);
}

static void on_index(Following *following, EventId id, const StateEvent *event)
{
    if (event->kind == EVENT_INDEX_ADDED || event->kind == EVENT_CONSTRAINT_ADDED) {
        on_index_added(following, id, event);
    } else if (event->kind == EVENT_INDEX_RENAMED) {
        on_index_renamed(following, id, event);
    } else {
        claims_drop(&following->claims, MADE_BY_NAME, event->model, event->name);
        take_away(following, event->model, event->name, id);
    }
}

static void on_field_altered(Following *following, EventId id, const StateEvent *event)
{
    RuleContext *context = following->context;
    bool postgresql = following->claims.postgresql;
    StateField before, after;
    StateAt then = {.step = event->step};
    bool known =
        state_field_at(context->state, event->model, event->name, then, &before) == STATE_YES &&
        state_field_at(context->state, event->model, event->name, behind(following, id), &after) ==
            STATE_YES;
    MadeIndex old = known ? made_index(context, &before, postgresql) : MADE_UNKNOWN;
    MadeIndex new = known ? made_index(context, &after, postgresql) : MADE_UNKNOWN;
    bool same_target = known && before.to.app == after.to.app && before.to.model == after.to.model;
    if (new != old || new == MADE_UNKNOWN || (new == MADE_MANY && !same_target))
        claims_drop(&following->claims, MADE_BY_FIELD, event->model, event->name);
    /* To take one away Django drops every index of the column that it does not know from Meta. */
    if (old == MADE_PLAIN && new != MADE_PLAIN)
        claims_remove_field(&following->claims, event->model, event->name, id);
    if (old == MADE_NONE && is_real(following, id))
        wait_for_end(following, MADE_BY_FIELD, event->model, event->name, id);
}

static void on_field_renamed(Following *following, EventId id, const StateEvent *event)
{
    RuleContext *context = following->context;
    StateField field;
    claims_rename_field(&following->claims, event->model, event->from, event->to);
    if (state_field_at(context->state, event->model, event->to, behind(following, id), &field) ==
            STATE_YES &&
        event_at(context, field.created)->node == event->node && is_real(following, field.created))
        wait_for_end(following, MADE_BY_FIELD, event->model, event->to, id);
}

static void on_field(Following *following, EventId id, const StateEvent *event)
{
    if (event->kind == EVENT_FIELD_ADDED && is_real(following, id))
        wait_for_end(following, MADE_BY_FIELD, event->model, event->name, id);
    else if (event->kind == EVENT_FIELD_ALTERED)
        on_field_altered(following, id, event);
    else if (event->kind == EVENT_FIELD_RENAMED)
        on_field_renamed(following, id, event);
    else if (event->kind == EVENT_FIELD_REMOVED)
        claims_remove_field(&following->claims, event->model, event->name, id);
    if (!is_creation(following, event) && event_reaches_database(following->context, id))
        claims_change_table(&following->claims, event->model);
}

static void on_together(Following *following, EventId id, const StateEvent *event)
{
    const State *state = following->context->state;
    const StateOption *option = state_event_option(state, id);
    uint64_t key = map_key(event->model, event->name);
    EventId last = map_get(&following->together, key, EVENT_NONE);
    const StateOption *before = last == EVENT_NONE ? NULL : state_event_option(state, last);
    bool known = option && option->groups_known && (!before || before->groups_known);
    bool real = known && is_real(following, id);
    take_away(following, event->model, event->name, id);
    map_set(&following->together, key, id);
    claims_drop_groups(&following->claims, event->model, event->name, real ? option : NULL);
    if (real && is_creation(following, event))
        wait_for_end(following, MADE_BY_GROUP, event->model, event->name, id);
    else if (real)
        claim_groups(following, event->model, id, before, behind(following, id));
    if (real && !is_creation(following, event))
        claims_change_table(&following->claims, event->model);
}

static void on_model_gone(Following *following, EventId id, const StateEvent *event)
{
    claims_drop_model(&following->claims, event->model);
    take_away(following, event->model, SYM_NONE, id);
}

static void on_table(Following *following, EventId id, const StateEvent *event)
{
    if (event_reaches_database(following->context, id))
        claims_rename_table(&following->claims, event->model);
    else
        claims_drop_made(&following->claims, event->model);
}

static void on_option(Following *following, EventId id, const StateEvent *event)
{
    Str name = context_str(following->context, event->name);
    if (str_eq(name, S("unique_together")) || str_eq(name, S("index_together")))
        on_together(following, id, event);
    else if (is_creation(following, event))
        return;
    else if (str_eq(name, S("db_table")))
        on_table(following, id, event);
    else if (str_eq(name, S("managed")) || str_eq(name, S("proxy")) || str_eq(name, S("swappable")))
        on_model_gone(following, id, event);
}

static void follow(Following *following, EventId id)
{
    const StateEvent *event = event_at(following->context, id);
    if (event->node != following->node)
        finish_migration(following);
    following->node = event->node;
    if (event->kind >= EVENT_INDEX_ADDED && event->kind <= EVENT_CONSTRAINT_ALTERED)
        on_index(following, id, event);
    else if (event->kind >= EVENT_FIELD_ADDED && event->kind <= EVENT_FIELD_REPOINTED)
        on_field(following, id, event);
    else if (event->kind == EVENT_OPTION_SET || event->kind == EVENT_OPTION_DROPPED)
        on_option(following, id, event);
    else if (event->kind == EVENT_MODEL_RENAMED)
        on_table(following, id, event);
    else if (event->kind == EVENT_MODEL_DELETED || event->kind == EVENT_MODEL_OVERWRITTEN ||
             event->kind == EVENT_OPENED)
        on_model_gone(following, id, event);
}

void check_schema_object_name_clash(RuleContext *context)
{
    Following following = {.context = context, .node = NODE_NONE};
    if (claims_start(&following.claims, context)) {
        for (EventId id = 0; id < context->state->event_count; id++)
            if (context->state->events[id].model != MODEL_NONE)
                follow(&following, id);
        finish_migration(&following);
    }
    claims_done(&following.claims);
    array_free(&following.waiting);
    map_free(&following.gone);
    map_free(&following.together);
}
