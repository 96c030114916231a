#include "rules/code.h"

#include "rules/nodes.h"

static bool runs_code(const Operation *operation)
{
    switch (operation->kind) {
    case OPERATION_OPAQUE:
    case OPERATION_RUN_PYTHON:
    case OPERATION_RUN_SQL:
        return true;
    default:
        return operation->maybe || operation->database != operation->state;
    }
}

/* What others can be in need of without naming a model. */
static bool changes_database(const Operation *operation)
{
    return operation->kind >= OPERATION_CREATE_EXTENSION &&
           operation->kind <= OPERATION_REMOVE_COLLATION;
}

static bool any_opened(const RuleContext *context, NodeId node)
{
    Range events = node_events(context, node);
    for (EventId id = events.first; id < events.end; id++)
        if (context->state->events[id].kind == EVENT_OPENED)
            return true;
    return false;
}

static bool asks_code(const RuleContext *context, NodeId node, bool of_others)
{
    const Migration *migration = node_migration(context, node);
    if (!migration || migration->operations_open || migration_is_open(migration))
        return true;
    for (uint32_t i = 0; i < migration->operation_count; i++)
        if (runs_code(&migration->operations[i]) ||
            (of_others && changes_database(&migration->operations[i])))
            return true;
    return any_opened(context, node);
}

bool code_is_relied_on(const RuleContext *context, NodeId node)
{
    return asks_code(context, node, true);
}

bool code_needs_unread(const RuleContext *context, NodeId node)
{
    return asks_code(context, node, false);
}

static bool relation_unknown(const StateField *field)
{
    if (field->kind == FIELD_UNKNOWN)
        return !field->class_path || (field->to.given && !field->to.app);
    bool relation = field->kind == FIELD_RELATION || field->kind == FIELD_MANY;
    return (relation && !field->to.app) || (field->through.given && !field->through.app);
}

/* Whether the migration may need more of the app than its uses say. */
bool needs_are_unread(Needs *needs, NodeId node, Sym app)
{
    const RuleContext *context = needs->context;
    const State *state = context->state;
    Range uses = node_uses(context, node), events = node_events(context, node);
    if (code_needs_unread(context, node))
        return true;
    for (uint32_t i = uses.first; i < uses.end && needs_work(needs, 1); i++) {
        const StateUse *use = &state->uses[i];
        if (use->full != STATE_YES && (use->kind == USE_MODEL || use->app == app))
            return true;
    }
    for (EventId id = events.first; id < events.end && needs_work(needs, 1); id++) {
        const StateField *field = state_event_field(state, id);
        if (field && state->events[id].kind != EVENT_FIELD_REPOINTED && relation_unknown(field))
            return true;
    }
    return false;
}

Place code_place(const RuleContext *context, NodeId node)
{
    const Migration *migration = node_migration(context, node);
    for (uint32_t i = 0; i < migration->operation_count; i++)
        if (runs_code(&migration->operations[i]) || changes_database(&migration->operations[i]))
            return migration->operations[i].place;
    return node_place(context, node);
}
