#include "rules/absent.h"
#include "rules/in_models.h"
#include "rules/labels.h"
#include "rules/nodes.h"
#include "rules/problems.h"

#include <stdlib.h>

/*
 * MG203: relations and bases that lead to no model. A model that is missing is reported once,
 * however many fields point at it.
 */

/* ---- models that are not there ---- */

static bool is_unresolved(const BadUse *bad)
{
    return use_is_relation(bad->use) && bad->verdict == USE_ABSENT;
}

static bool leads_there(const StateTarget *target, const StateUse *use)
{
    return target->given && target->app == use->app && target->model == use->model;
}

/* Whether the field is still there, and still leads nowhere, when all is through. */
static bool dangles(const RuleContext *context, const StateUse *use)
{
    const State *state = context->state;
    Sym app = node_at(context, use->node)->app;
    StateAt end = state_end(state);
    StateField field;
    ModelId owner = state_model(state, app, use->owner, (StateAt){.step = use->step + 1}, NULL);
    if (owner == MODEL_NONE || state_field_at(state, owner, use->field, end, &field) != STATE_YES ||
        state_model(state, use->app, use->model, end, NULL) != MODEL_NONE)
        return false;
    Sym name = state_lowered(state, state_model_name(state, owner, end));
    return state_model(state, app, name, end, NULL) == owner &&
           (leads_there(&field.to, use) || leads_there(&field.through, use));
}

/* What no database asks for fails once the models are made from the state: with the next `migrate`,
 * or before a RunPython. If it is gone by then, a fresh database sees nothing of it. */
static bool is_fatal(const RuleContext *context, const StateUse *use)
{
    return !use_is_light(context, use) || dangles(context, use);
}

static Severity severity_of(const RuleContext *context, const UseGroup *group)
{
    for (uint32_t i = 0; i < group->count; i++)
        if (is_fatal(context, group->items[i].use))
            return SEVERITY_ERROR;
    return SEVERITY_WARNING;
}

static void report_unresolved(Absent *absent, const UseGroup *group)
{
    RuleContext *context = absent->context;
    const BadUse *bad = &group->items[0];
    const StateUse *use = bad->use;
    Finding *finding =
        report_migration(context, use_migration(context, use), use->place, "%.*s, %.*s",
                         STR_ARG(use_text(context, use)), STR_ARG(bad_use_text(context, bad)));
    finding->severity = severity_of(context, group);
    finding_note(context, finding, (Place){0}, "Django: %.*s",
                 STR_ARG(use_error_text(context, use)));
    note_bad_use(context, finding, bad);
    note_in_models(context, finding, use->app, use->model);
    for (uint32_t i = 1; i < group->count; i++)
        note_further(context, finding, group->items[i].use, i, group->count - 1);
    help_absent(absent, finding, bad);
    follow_use_cause(context, finding, bad);
    finding_explains_model(context, finding, use->app, use->model);
}

static void check_absent(Absent *absent)
{
    BadUses bad = {0};
    UseGroups groups = {0};
    uses_find(&absent->uses, is_unresolved, &bad);
    uses_group(&bad, &groups);
    for (uint32_t i = 0; i < groups.count && i < MOST_ABSENT; i++)
        report_unresolved(absent, &groups.items[i]);
    array_free(&groups);
    array_free(&bad);
}

/* ---- apps that are not known ---- */

/* An app that is gone but whose migrations a squash stands for was renamed. */
static bool is_replaced(const Project *project, Sym app)
{
    for (MigrationId id = 0; id < project->migration_count; id++)
        for (uint32_t i = 0; i < project->migrations[id].replaces.count; i++)
            if (project->migrations[id].replaces.items[i].app == app)
                return true;
    return false;
}

/* The model of that name in an app that the label is a misspelling of. */
static bool is_misspelt(const RuleContext *context, const StateUse *use, const App *near)
{
    StateAnswer answer = STATE_NO;
    if (near)
        state_model(context->state, near->label, use->model, state_end(context->state), &answer);
    return answer == STATE_YES;
}

static Severity unknown_app_severity(const RuleContext *context, const StateUse *const *uses,
                                     uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (is_fatal(context, uses[i]))
            return label_severity(context);
    return SEVERITY_WARNING;
}

/* `uses` are of one app. */
static Finding *report_unknown_app(RuleContext *context, const StateUse *const *uses,
                                   uint32_t count)
{
    const StateUse *use = uses[0];
    Str label = context_str(context, use->app);
    const App *near = label_near_miss(context, label);
    bool expected = !context->project->settings.path_count ||
                    label_may_be_installed(context, label) ||
                    is_replaced(context->project, use->app);
    if (expected)
        return NULL;
    Finding *finding = report_migration(context, use_migration(context, use), use->place,
                                        "%.*s, but no app of this project has the label `%.*s`",
                                        STR_ARG(use_text(context, use)), STR_ARG(label));
    finding_note(context, finding, (Place){0}, "INSTALLED_APPS lists nothing that looks like it");
    if (is_misspelt(context, use, near))
        finding_help(context, finding, "did you mean `%.*s`?",
                     STR_ARG(context_str(context, near->label)));
    else
        finding_help(context, finding,
                     "put the app back, or change the relation before the app is taken out");
    finding->severity = is_misspelt(context, use, near)
                            ? SEVERITY_ERROR
                            : unknown_app_severity(context, uses, count);
    Finding *cause = finding_explaining_model(context, use->app, SYM_NONE);
    if (cause)
        finding_follows_from(context, finding, cause);
    return finding;
}

static bool is_judged(const RuleContext *context, const StateUse *use)
{
    return use->full == STATE_UNKNOWN && use_is_relation(use) && !use->setting &&
           project_app(context->project, use->app) == APP_NONE && node_is_own(context, use->node) &&
           node_is_live(context, use->node) &&
           use_migration(context, use)->status == MIGRATION_READ;
}

static int by_app(const void *a, const void *b)
{
    const StateUse *left = *(const StateUse *const *)a, *right = *(const StateUse *const *)b;
    if (left->app != right->app)
        return left->app < right->app ? -1 : 1;
    return left < right ? -1 : left > right;
}

static void check_unknown_apps(RuleContext *context)
{
    const State *state = context->state;
    Array(const StateUse *) uses = {0};
    for (uint32_t i = 0; i < state->use_count; i++)
        if (is_judged(context, &state->uses[i]))
            array_push(&uses, &state->uses[i]);
    if (uses.count)
        qsort(uses.items, uses.count, sizeof *uses.items, by_app);
    for (uint32_t first = 0, end, labels = 0; first < uses.count && labels < MOST_LABELS;
         first = end, labels++) {
        for (end = first + 1; end < uses.count && uses.items[end]->app == uses.items[first]->app;)
            end++;
        Finding *finding = report_unknown_app(context, uses.items + first, end - first);
        for (uint32_t i = first + 1; finding && i < end; i++)
            note_further(context, finding, uses.items[i], i - first, end - first - 1);
    }
    array_free(&uses);
}

/* ---- parents that are renamed ---- */

static void report_renamed_parent(RuleContext *context, const StateProblem *problem)
{
    const Migration *migration = &context->project->migrations[problem->migration];
    const Operation *operation = &migration->operations[problem->operation];
    Str parent = model_text(context, problem->app, problem->model, problem->step - 1);
    Str child = model_text(context, problem->other_app, problem->other, problem->step);
    Finding *finding = report_migration(context, migration, operation->place,
                                        "`%.*s` is renamed, but `%.*s` stays based on the old name",
                                        STR_ARG(parent), STR_ARG(child));
    finding_note(context, finding, (Place){0},
                 "Django: InvalidBasesError: Cannot resolve bases for [<ModelState: '%.*s'>]",
                 STR_ARG(child));
    note_event(context, finding, problem->earlier);
    finding_help(context, finding,
                 "Django cannot rename a model that others are based on: keep the name and set "
                 "`db_table` or `verbose_name`, or delete `%.*s` before and create it again after",
                 STR_ARG(child));
    follow_cause(context, finding, problem->node, EVENT_NONE);
}

static void check_renamed_parents(RuleContext *context)
{
    uint32_t reported = 0;
    for (uint32_t i = 0; i < context->state->problem_count && reported < MOST_ABSENT; i++) {
        const StateProblem *problem = &context->state->problems[i];
        if (problem->kind != PROBLEM_RENAMED_PARENT || !node_is_own(context, problem->node) ||
            context->project->migrations[problem->migration].status != MIGRATION_READ)
            continue;
        report_renamed_parent(context, problem);
        reported++;
    }
}

void check_unresolved_relation(RuleContext *context)
{
    Absent absent = absent_of(context);
    check_absent(&absent);
    absent_free(&absent);
    check_unknown_apps(context);
    check_renamed_parents(context);
}
