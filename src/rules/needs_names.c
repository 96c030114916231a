#include "rules/events.h"
#include "rules/needs_internal.h"

/* Names of models, tables, indexes and constraints: one gives them up, another takes them. */

enum { NOTHING = UINT32_MAX };

static Sym lowered(const Needs *needs, Sym name)
{
    Str text = context_str(needs->context, name);
    return intern_find(&needs->context->workspace->interner,
                       arena_lower(needs->context->scratch, text));
}

static Sym name_given_up(const Needs *needs, const StateEvent *event)
{
    switch (event->kind) {
    case EVENT_MODEL_DELETED:
    case EVENT_INDEX_REMOVED:
    case EVENT_CONSTRAINT_REMOVED:
        return event->name;
    case EVENT_MODEL_RENAMED:
        return lowered(needs, event->from);
    case EVENT_INDEX_RENAMED:
        return event->from;
    default:
        return SYM_NONE;
    }
}

void needs_index_names(Needs *needs)
{
    const State *state = needs->context->state;
    for (EventId id = 0; id < state->event_count; id++) {
        const StateEvent *event = &state->events[id];
        bool sets_table = event->kind == EVENT_OPTION_SET && event->name == needs->db_table;
        if (sets_table || event->kind == EVENT_MODEL_DELETED || event->kind == EVENT_MODEL_RENAMED)
            array_push(&needs->tables, id);
        Sym name = name_given_up(needs, event);
        if (!name)
            continue;
        array_push(&needs->names, (GivenUp){id, map_get(&needs->given_up, name, NOTHING)});
        map_set(&needs->given_up, name, needs->names.count - 1);
    }
}

static EventId latest_giving(Needs *needs, Sym name, Sym app, const NodeSet *within)
{
    uint32_t i = map_get(&needs->given_up, name, NOTHING);
    for (; i != NOTHING && needs_work(needs, 1); i = needs->names.items[i].before) {
        const StateEvent *event = event_at(needs->context, needs->names.items[i].event);
        if (event->app != app && nodeset_has(within, event->node))
            return needs->names.items[i].event;
    }
    return EVENT_NONE;
}

static EventId latest_table(Needs *needs, Sym app, const NodeSet *within)
{
    for (uint32_t i = needs->tables.count; i-- > 0 && needs_work(needs, 1);) {
        const StateEvent *event = event_at(needs->context, needs->tables.items[i]);
        if (event->app != app && nodeset_has(within, event->node))
            return needs->tables.items[i];
    }
    return EVENT_NONE;
}

/* A model that moves between apps has the same name in both, and perhaps the same table. */
static void need_name(Needs *needs, const StateEvent *event, const NodeSet *within, NeedList *out)
{
    switch (event->kind) {
    case EVENT_MODEL_CREATED:
    case EVENT_MODEL_RENAMED:
    case EVENT_INDEX_ADDED:
    case EVENT_CONSTRAINT_ADDED:
        needs_add(needs, latest_giving(needs, event->name, event->app, within), NULL, out);
        break;
    case EVENT_INDEX_RENAMED:
        needs_add(needs, latest_giving(needs, event->to, event->app, within), NULL, out);
        break;
    case EVENT_OPTION_SET:
        if (event->name == needs->db_table)
            needs_add(needs, latest_table(needs, event->app, within), NULL, out);
        break;
    default:
        break;
    }
}

void needs_of_names(Needs *needs, NodeId node, const NodeSet *within, NeedList *out)
{
    Range events = node_events(needs->context, node);
    for (EventId id = events.first; id < events.end && needs_work(needs, 1); id++)
        need_name(needs, event_at(needs->context, id), within, out);
}
