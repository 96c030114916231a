#include "rules/nodes.h"
#include "rules/uses.h"

/* How uses that do not hold are told. */

/* What the model was called when the event happened; SYM_NONE: not known from it. */
static Sym event_name(const StateEvent *event)
{
    if (!event)
        return SYM_NONE;
    switch (event->kind) {
    case EVENT_MODEL_CREATED:
        return event->to;
    case EVENT_MODEL_DELETED:
        return event->from;
    default:
        return SYM_NONE;
    }
}

/* The event that says best what the model is called. */
static Sym model_name(const RuleContext *context, const StateUse *use)
{
    const EventId ids[] = {use->provider, use->gone, use->later};
    for (size_t i = 0; use->kind != USE_FIELD && i < sizeof ids / sizeof *ids; i++) {
        const StateEvent *event = event_at(context, ids[i]);
        Sym name = event_name(event);
        if (event && event->kind == EVENT_MODEL_RENAMED)
            name = event->name == use->model ? event->to : event->from;
        if (name)
            return name;
    }
    return SYM_NONE;
}

Str use_model_text(const RuleContext *context, const StateUse *use)
{
    if (use->kind == USE_FIELD)
        return model_text(context, use->app, use->model, use->step);
    Sym name = model_name(context, use);
    Str written = str_tail(context_str(context, use->text), '.');
    return arena_printf(context->scratch, "%.*s.%.*s", STR_ARG(context_str(context, use->app)),
                        STR_ARG(name ? context_str(context, name) : written));
}

static Str owner_text(const RuleContext *context, const StateUse *use)
{
    Sym app = node_at(context, use->node)->app;
    Str owner = model_text(context, app, use->owner, use->step);
    if (!use->field)
        return owner;
    return arena_printf(context->scratch, "%.*s.%.*s", STR_ARG(owner),
                        STR_ARG(context_str(context, use->field)));
}

Str use_text(const RuleContext *context, const StateUse *use)
{
    static const char *const verbs[] = {
        [USE_TARGET] = "points at", [USE_THROUGH] = "goes through", [USE_BASE] = "is based on"};
    Str model = use_model_text(context, use);
    if (use_is_relation(use))
        return arena_printf(context->scratch, "`%.*s` %s `%.*s`", STR_ARG(owner_text(context, use)),
                            verbs[use->kind], STR_ARG(model));
    const char *operation = operation_name(use_operation(context, use)->kind);
    if (use->kind != USE_FIELD)
        return arena_printf(context->scratch, "`%s` %s `%.*s`", operation,
                            use->kind == USE_LOOKUP ? "looks up" : "names", STR_ARG(model));
    return arena_printf(context->scratch, "`%s` names `%.*s.%.*s`", operation, STR_ARG(model),
                        STR_ARG(context_str(context, use->field)));
}

static Str absent_text(const RuleContext *context, const StateUse *use)
{
    const StateEvent *gone = event_at(context, use->gone);
    bool field = use->kind == USE_FIELD;
    if (use->later != EVENT_NONE)
        return field ? S("which is added only further down")
                     : S("which is created only further down");
    if (!gone)
        return field ? S("which no migration adds") : S("which no migration creates");
    if (gone->kind == EVENT_MODEL_RENAMED || gone->kind == EVENT_FIELD_RENAMED)
        return arena_printf(context->scratch, "which was renamed to `%.*s` before",
                            STR_ARG(context_str(context, gone->to)));
    return field ? S("which was removed before") : S("which was deleted before");
}

Str use_error_text(const RuleContext *context, const StateUse *use)
{
    Str app = context_str(context, use->app), model = context_str(context, use->model);
    if (use->kind == USE_BASE)
        return arena_printf(
            context->scratch, "InvalidBasesError: Cannot resolve bases for [<ModelState: '%.*s'>]",
            STR_ARG(model_text(context, node_at(context, use->node)->app, use->owner, use->step)));
    return arena_printf(context->scratch,
                        "ValueError: Related model '%.*s.%.*s' cannot be resolved", STR_ARG(app),
                        STR_ARG(model));
}

Str bad_use_text(const RuleContext *context, const BadUse *bad)
{
    const StateUse *use = bad->use;
    bool field = use->kind == USE_FIELD;
    const StateEvent *event = event_at(context, bad->verdict == USE_LATE ? use->later : use->gone);
    if (bad->verdict == USE_ABSENT || !event)
        return absent_text(context, use);
    if (bad->verdict == USE_LATE)
        return arena_printf(context->scratch, "which is %s only later, in `%.*s`",
                            field ? "added" : "created", STR_ARG(node_text(context, event->node)));
    bool renamed = event->kind == EVENT_MODEL_RENAMED || event->kind == EVENT_FIELD_RENAMED;
    return arena_printf(context->scratch, "which `%.*s` has %s before",
                        STR_ARG(node_text(context, event->node)),
                        renamed ? "renamed"
                        : field ? "removed"
                                : "deleted");
}

void note_bad_use(RuleContext *context, Finding *finding, const BadUse *bad)
{
    note_event(context, finding, bad->use->gone);
    note_event(context, finding, bad->use->later);
}

void note_further(RuleContext *context, Finding *finding, const StateUse *use, uint32_t index,
                  uint32_t count)
{
    enum { MOST_FURTHER = 4 };
    if (index <= MOST_FURTHER)
        finding_note(context, finding, use->place, "%.*s too", STR_ARG(use_text(context, use)));
    else if (index == count)
        finding_note(context, finding, (Place){0}, "%u more operation%s name%s it",
                     count - MOST_FURTHER, count - MOST_FURTHER == 1 ? "" : "s",
                     count - MOST_FURTHER == 1 ? "s" : "");
}
