#include "rules/schema.h"

#include "rules/events.h"
#include "rules/nodes.h"
#include "rules/problems.h"

static const Operation *operation_of(const RuleContext *context, const StateEvent *event)
{
    const Migration *migration = &context->project->migrations[event->migration];
    return event->operation < migration->operation_count ? &migration->operations[event->operation]
                                                         : NULL;
}

static bool is_of_creation(const RuleContext *context, const StateEvent *event)
{
    EventId created = state_created(context->state, event->model);
    return event_at(context, created)->step == event->step;
}

bool event_reaches_database(const RuleContext *context, EventId id)
{
    const StateEvent *event = event_at(context, id);
    const Operation *operation = operation_of(context, event);
    if (operation && !operation->database)
        return false;
    if ((event->kind != EVENT_OPTION_SET && event->kind != EVENT_OPTION_DROPPED) ||
        is_of_creation(context, event))
        return true;
    Str name = context_str(context, event->name);
    if (!operation)
        return false;
    switch (operation->kind) {
    case OPERATION_ALTER_MODEL_TABLE:
        return str_eq(name, S("db_table"));
    case OPERATION_ALTER_UNIQUE_TOGETHER:
        return str_eq(name, S("unique_together"));
    case OPERATION_ALTER_INDEX_TOGETHER:
        return str_eq(name, S("index_together"));
    default:
        return false;
    }
}

Str thing_text(const RuleContext *context, ModelId id, Sym field, EventId event)
{
    StateAt then = {.step = event_at(context, event)->step + 1};
    Sym app = event_at(context, state_created(context->state, id))->app;
    Str name = context_str(context, field);
    return arena_printf(context->scratch, "%.*s.%.*s%s%.*s", STR_ARG(context_str(context, app)),
                        STR_ARG(context_str(context, state_model_name(context->state, id, then))),
                        name.len ? "." : "", STR_ARG(name));
}

/* ---- meeting ---- */

/* Something of that app comes before the node. */
static bool follows_app(const RuleContext *context, NodeId node, Sym app)
{
    NodeSet above = graph_ancestors(context->graph, node, context->scratch);
    NodeRange range = app_nodes(context, app);
    for (NodeId n = range.first; n < range.end; n++)
        if (nodeset_has(&above, n))
            return true;
    return false;
}

/* Two apps need not be installed together, nor be sent to one database; and whether the user model
 * of django.contrib.auth has a table is not known without settings. */
static bool in_one_database(const RuleContext *context, const StateEvent *a, const StateEvent *b)
{
    if (a->app == b->app)
        return true;
    const Settings *settings = &context->project->settings;
    const App *left = node_app(context, a->node), *right = node_app(context, b->node);
    bool contrib = left->origin == APP_CONTRIB || right->origin == APP_CONTRIB;
    if (settings->routed || (contrib && !settings->path_count))
        return false;
    return (left->installed && right->installed) || follows_app(context, a->node, b->app) ||
           follows_app(context, b->node, a->app);
}

bool surely_meet(Meeting *meeting, Str name, EventId earlier, EventId later)
{
    RuleContext *context = meeting->context;
    const StateEvent *then = event_at(context, earlier), *now = event_at(context, later);
    StateAt here = {.step = now->step};
    if (!node_is_own(context, now->node) || meeting->told >= MOST_TOLD ||
        !in_one_database(context, then, now) ||
        state_may_differ(context->state, then->model, here) ||
        state_may_differ(context->state, now->model, here))
        return false;
    if (!meeting->unseen)
        meeting->unseen = unseen_read(context);
    Stretch stretch = {then->step, now->step, now->app, then->app};
    if (unseen_may_touch(meeting->unseen, name, stretch))
        return false;
    meeting->told++;
    return true;
}

void meeting_done(Meeting *meeting)
{
    if (meeting->unseen)
        unseen_free(meeting->unseen);
}
