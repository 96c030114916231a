#include "rules/absent.h"

#include "rules/nodes.h"

Absent absent_of(RuleContext *context)
{
    return (Absent){.context = context,
                    .uses = {.context = context},
                    .proposals = {.context = context},
                    .similar = {.context = context}};
}

void absent_free(Absent *absent)
{
    uses_free(&absent->uses);
    proposals_free(&absent->proposals);
}

static void help_gone(Absent *absent, Finding *finding, const StateEvent *gone)
{
    RuleContext *context = absent->context;
    if (gone->kind == EVENT_MODEL_RENAMED || gone->kind == EVENT_FIELD_RENAMED)
        finding_help(context, finding, "name it `%.*s`, or take the operation out",
                     STR_ARG(context_str(context, gone->to)));
    else
        finding_help(context, finding,
                     "take the operation out, or put it before the one that takes it away");
}

void help_absent(Absent *absent, Finding *finding, const BadUse *bad)
{
    RuleContext *context = absent->context;
    const StateUse *use = bad->use;
    const StateEvent *gone = event_at(context, use->gone), *later = event_at(context, use->later);
    bool field = use->kind == USE_FIELD;
    if (bad->verdict == USE_LATE)
        help_dependency(&absent->proposals, finding, use->node, later->node);
    else if (bad->verdict == USE_TAKEN)
        finding_help(context, finding,
                     "let `%.*s` and `%.*s` follow one another, and the operation come first",
                     STR_ARG(node_text(context, use->node)),
                     STR_ARG(node_text(context, gone->node)));
    else if (later)
        finding_help(context, finding, "put the operation behind the one that %s it",
                     field ? "adds" : "creates");
    else if (gone)
        help_gone(absent, finding, gone);
    else {
        Str similar =
            field ? similar_field(&absent->similar, use->app, use->model, use->field, use->step)
                  : similar_model(&absent->similar, use->app, use->model, use->step);
        finding_help(context, finding, "%.*s",
                     STR_ARG(similar.len ? similar
                             : field ? S("restore the operation that adds it, or take this one out")
                                     : S("restore the migration that creates it, or take the "
                                         "operation out")));
    }
}
