#include "rules/absent.h"
#include "rules/arguments.h"
#include "rules/in_models.h"
#include "rules/nodes.h"

/*
 * MG201: operations on models that are not there. One that is missing is reported once, however
 * many operations name it.
 */

static bool is_orphan(const BadUse *bad)
{
    return bad->use->kind == USE_MODEL && bad->verdict != USE_LUCKY;
}

/* A model of which a RenameModel went wrong is not there under its new name either. */
static void explain_renamed(RuleContext *context, Finding *finding, const StateUse *use)
{
    const Interner *interner = &context->workspace->interner;
    const Operation *operation = use_operation(context, use);
    if (operation->kind != OPERATION_RENAME_MODEL)
        return;
    Sym name = intern_find(interner, operation_text(interner, operation, S("new_name")));
    if (name)
        finding_explains_model(context, finding, use->app, state_lowered(context->state, name));
}

/* Nothing orders a root: where it needs its own app, that is why. */
static void explain_root(RuleContext *context, Finding *finding, const BadUse *bad)
{
    EACH_PARENT_EDGE(context->graph, bad->use->node, edge)
    if (node_at(context, edge->parent)->app == bad->use->app)
        return;
    if (bad->verdict == USE_LATE)
        finding_explains(context, finding, bad->use->node);
}

static void report_orphan(Absent *absent, const UseGroup *group)
{
    RuleContext *context = absent->context;
    const BadUse *bad = &group->items[0];
    const StateUse *use = bad->use;
    Finding *finding =
        report_migration(context, use_migration(context, use), use->place, "%.*s, %.*s",
                         STR_ARG(use_text(context, use)), STR_ARG(bad_use_text(context, bad)));
    finding_note(context, finding, (Place){0}, "Django: KeyError: ('%.*s', '%.*s')",
                 STR_ARG(context_str(context, use->app)),
                 STR_ARG(context_str(context, use->model)));
    note_bad_use(context, finding, bad);
    note_in_models(context, finding, use->app, use->model);
    for (uint32_t i = 0; i < group->count; i++) {
        if (i)
            note_further(context, finding, group->items[i].use, i, group->count - 1);
        explain_renamed(context, finding, group->items[i].use);
    }
    help_absent(absent, finding, bad);
    follow_use_cause(context, finding, bad);
    finding_explains_model(context, finding, use->app, use->model);
    explain_root(context, finding, bad);
}

void check_orphaned_model_reference(RuleContext *context)
{
    Absent absent = absent_of(context);
    BadUses bad = {0};
    UseGroups groups = {0};
    uses_find(&absent.uses, is_orphan, &bad);
    uses_group(&bad, &groups);
    for (uint32_t i = 0; i < groups.count && i < MOST_ABSENT; i++)
        report_orphan(&absent, &groups.items[i]);
    array_free(&groups);
    array_free(&bad);
    absent_free(&absent);
}
