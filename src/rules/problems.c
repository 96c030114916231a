#include "rules/problems.h"

#include "rules/events.h"
#include "rules/nodes.h"

#include <stdarg.h>
#include <stdio.h>

bool only_sqlite(const RuleContext *context)
{
    const Settings *settings = &context->project->settings;
    for (uint32_t i = 0; i < settings->engine_count; i++)
        if (!str_contains(settings->engines[i], S("sqlite")) &&
            !str_contains(settings->engines[i], S("spatialite")))
            return false;
    return settings->engine_count > 0 && !settings->engines_open;
}

const Operation *problem_operation(const Problems *problems, const StateProblem *problem)
{
    const Migration *migration = &problems->context->project->migrations[problem->migration];
    return problem->operation < migration->operation_count
               ? &migration->operations[problem->operation]
               : NULL;
}

bool problem_is_told(const Problems *problems)
{
    return problems->told <= MOST_TOLD;
}

static Str name_of(const Problems *problems, Sym app, Sym lower, Step step)
{
    const RuleContext *context = problems->context;
    if (problem_is_told(problems))
        return model_text(context, app, lower, step);
    return arena_printf(context->scratch, "%.*s.%.*s", STR_ARG(context_str(context, app)),
                        STR_ARG(context_str(context, lower)));
}

Str problem_model(const Problems *problems, const StateProblem *problem)
{
    return name_of(problems, problem->app, problem->model, problem->step);
}

Str problem_other(const Problems *problems, const StateProblem *problem)
{
    return name_of(problems, problem->other_app, problem->other, problem->step);
}

Str problem_table(const Problems *problems, const StateProblem *problem)
{
    const RuleContext *context = problems->context;
    StateAt then = {.step = problem->step};
    ModelId id = problem_is_told(problems)
                     ? state_model(context->state, problem->app, problem->model, then, NULL)
                     : MODEL_NONE;
    Str table = {0};
    if (id != MODEL_NONE)
        table = state_table_at(context->state, id, then, context->scratch);
    return table.len ? table
                     : arena_printf(context->scratch, "%.*s_%.*s",
                                    STR_ARG(context_str(context, problem->app)),
                                    STR_ARG(context_str(context, problem->model)));
}

/* ---- causes ---- */

static bool is_about_leaves(const Finding *finding)
{
    return finding->rule->check == check_multiple_leaves;
}

/* What tells that the app has several leaves. */
static Finding *finding_of_leaves(const RuleContext *context, Sym app)
{
    Nodes leaves = graph_leaves(context->graph, app, context->scratch);
    for (uint32_t i = 0; i < leaves.count; i++) {
        Finding *finding = finding_explaining(context, leaves.items[i]);
        if (finding && is_about_leaves(finding))
            return finding;
    }
    return NULL;
}

/* The first in the plan that follows both. */
static NodeId joining(const RuleContext *context, NodeId a, NodeId b)
{
    NodeSet below_a = graph_descendants(context->graph, a, context->scratch);
    NodeSet below_b = graph_descendants(context->graph, b, context->scratch);
    const Nodes *plan = &context->state->plan;
    for (uint32_t i = 0; i < plan->count; i++)
        if (nodeset_has(&below_a, plan->items[i]) && nodeset_has(&below_b, plan->items[i]))
            return plan->items[i];
    return NODE_NONE;
}

static Finding *cause_of_lines(RuleContext *context, Finding *finding, NodeId node, NodeId before)
{
    if (node_at(context, node)->app != node_at(context, before)->app)
        return NULL;
    NodeId join = joining(context, node, before);
    if (join == NODE_NONE)
        return finding_of_leaves(context, node_at(context, node)->app);
    finding_note(context, finding, node_place(context, join),
                 "the two are on different lines, which `%.*s` joins",
                 STR_ARG(node_text(context, join)));
    return NULL;
}

void follow_cause(RuleContext *context, Finding *finding, NodeId node, EventId earlier)
{
    Finding *cause = finding_explaining(context, node);
    if (cause && is_about_leaves(cause))
        cause = NULL; /* only if the two leaves are what does not fit */
    NodeId before = earlier == EVENT_NONE ? node : event_at(context, earlier)->node;
    if (!cause && before != node) {
        NodeSet above = graph_ancestors(context->graph, node, context->scratch);
        if (!nodeset_has(&above, before))
            cause = cause_of_lines(context, finding, node, before);
    }
    if (cause)
        finding_follows_from(context, finding, cause);
}

NodeId could_follow(const RuleContext *context, NodeId node, EventId later)
{
    const StateEvent *event = event_at(context, later);
    if (!event || event->node == node)
        return NODE_NONE;
    NodeSet above = graph_ancestors(context->graph, event->node, context->scratch);
    return nodeset_has(&above, node) ? NODE_NONE : event->node;
}

/* ---- reporting ---- */

static Severity severity_of(const Problems *problems, const StateProblem *problem)
{
    Severity severity = problems->context->rule->severity;
    bool mild = problem->tolerance == TOLERATED ||
                (problem->tolerance == TOLERATED_BY_SQLITE && only_sqlite(problems->context));
    return mild && severity > SEVERITY_WARNING ? SEVERITY_WARNING : severity;
}

Finding *problem_report(Problems *problems, const StateProblem *problem, const char *format, ...)
{
    RuleContext *context = problems->context;
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = arena_alloc(context->scratch, (size_t)len + 1, 1);
    va_start(args, format);
    vsnprintf(text, (size_t)len + 1, format, args);
    va_end(args);
    Finding *finding = report_migration(context, &context->project->migrations[problem->migration],
                                        problem->place, "%s", text);
    finding->severity = severity_of(problems, problem);
    problems->told++;
    if (problem_is_told(problems)) {
        if (!problems->quiet)
            note_event(context, finding, problem->earlier);
        follow_cause(context, finding, problem->node, problem->earlier);
    }
    return finding;
}
