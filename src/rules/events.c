#include "rules/events.h"

#include "rules/nodes.h"

const StateEvent *event_at(const RuleContext *context, EventId id)
{
    return id == EVENT_NONE ? NULL : &context->state->events[id];
}

const Operation *event_operation(const RuleContext *context, EventId id)
{
    const StateEvent *event = event_at(context, id);
    if (!event || event->migration == MIGRATION_NONE)
        return NULL;
    const Migration *migration = &context->project->migrations[event->migration];
    return event->operation < migration->operation_count ? &migration->operations[event->operation]
                                                         : NULL;
}

Place event_place(const RuleContext *context, EventId id)
{
    const Operation *operation = event_operation(context, id);
    return operation ? operation->place : (Place){0};
}

/* What the event did, before " in `app.name`". */
static const char *verb_of(const StateEvent *event)
{
    switch (event->kind) {
    case EVENT_MODEL_CREATED:
        return "is created";
    case EVENT_MODEL_DELETED:
        return "is deleted";
    case EVENT_MODEL_OVERWRITTEN:
        return "is created again";
    case EVENT_FIELD_ADDED:
    case EVENT_INDEX_ADDED:
    case EVENT_CONSTRAINT_ADDED:
        return "is added";
    case EVENT_FIELD_REMOVED:
    case EVENT_INDEX_REMOVED:
    case EVENT_CONSTRAINT_REMOVED:
        return "is removed";
    case EVENT_OPTION_SET:
    case EVENT_MANAGERS_SET:
        return "is set";
    case EVENT_OPTION_DROPPED:
        return "is dropped";
    case EVENT_OPENED:
        return "is no longer known";
    default:
        return "is changed";
    }
}

static bool is_of_model(const StateEvent *event)
{
    return event->kind <= EVENT_MODEL_RENAMED || event->kind == EVENT_OPENED;
}

/* A RenameModel that changes the case only takes the model away: such a deletion has a new name. */
static bool is_rename(const StateEvent *event)
{
    return event->kind == EVENT_MODEL_RENAMED ||
           (event->kind == EVENT_MODEL_DELETED && event->to) ||
           event->kind == EVENT_FIELD_RENAMED || event->kind == EVENT_INDEX_RENAMED;
}

/* What it happened to, as it was called then: "blog.Post", "blog.Post.title". */
static Str subject_of(const RuleContext *context, const StateEvent *event)
{
    Str app = context_str(context, event->app);
    if (event->model == MODEL_NONE)
        return app;
    bool ends = event->kind == EVENT_MODEL_DELETED || event->kind == EVENT_MODEL_OVERWRITTEN ||
                event->kind == EVENT_MODEL_RENAMED;
    StateAt then = {.step = event->step + !ends};
    Sym model = state_model_name(context->state, event->model, then);
    Str owner = arena_printf(context->scratch, "%.*s.%.*s", STR_ARG(app),
                             STR_ARG(context_str(context, model)));
    if (is_of_model(event))
        return owner;
    Sym name = is_rename(event) ? event->from : event->name;
    return arena_printf(context->scratch, "%.*s.%.*s", STR_ARG(owner),
                        STR_ARG(context_str(context, name)));
}

Str event_text(const RuleContext *context, EventId id)
{
    const StateEvent *event = event_at(context, id);
    Str subject = subject_of(context, event);
    Str node = node_text(context, event->node);
    if (is_rename(event))
        return arena_printf(
            context->scratch, "`%.*s` is renamed to `%.*s` in `%.*s`%s", STR_ARG(subject),
            STR_ARG(context_str(context, event->to)), STR_ARG(node),
            event->kind == EVENT_MODEL_DELETED ? ", which takes it away: they differ in case only"
                                               : "");
    return arena_printf(context->scratch, "`%.*s` %s in `%.*s`", STR_ARG(subject), verb_of(event),
                        STR_ARG(node));
}

void note_event(RuleContext *context, Finding *finding, EventId id)
{
    if (id != EVENT_NONE)
        finding_note(context, finding, event_place(context, id), "%.*s",
                     STR_ARG(event_text(context, id)));
}

Str model_text(const RuleContext *context, Sym app, Sym lower, Step step)
{
    Sym written = state_written(context->state, app, lower, step);
    return arena_printf(context->scratch, "%.*s.%.*s", STR_ARG(context_str(context, app)),
                        STR_ARG(context_str(context, written)));
}
