#include "rules/events.h"
#include "rules/nodes.h"
#include "rules/problems.h"

/*
 * MG208: models that are deleted while something points at them.
 *
 * Django notices when it renders a state: before the first migration of every `migrate`, and
 * before code runs once fields have changed. A single run may get past it: if the reference is
 * taken away by a later migration, and nothing in between makes Django look.
 */

typedef struct Deletions {
    Problems problems;
    Array(Step) code; /* of every RunPython, in plan order */
    Step delayed;     /* from where on Django renders anew before code runs */
} Deletions;

/* ---- which states are rendered ------------------------------------------- */

static bool is_column(const StateField *field)
{
    return field && field->kind == FIELD_PLAIN;
}

/* The first field that is added or altered by itself and is no relation. */
static Step first_delayed(const RuleContext *context)
{
    const State *state = context->state;
    for (EventId id = 0; id < state->event_count; id++) {
        const StateEvent *event = &state->events[id];
        bool alone = event->kind == EVENT_FIELD_ALTERED ||
                     (event->kind == EVENT_FIELD_ADDED &&
                      state->events[state_created(state, event->model)].step != event->step);
        if (alone && is_column(state_event_field(state, id)))
            return event->step;
    }
    return STEP_NONE;
}

static void find_code(Deletions *deletions)
{
    const RuleContext *context = deletions->problems.context;
    const State *state = context->state;
    for (uint32_t p = 0; p < state->plan.count; p++) {
        NodeId node = state->plan.items[p];
        MigrationId id = context->graph->nodes[node].migration;
        const Migration *migration =
            id == MIGRATION_NONE ? NULL : &context->project->migrations[id];
        for (uint32_t i = 0; migration && i < migration->operation_count; i++) {
            const Operation *operation = &migration->operations[i];
            if (operation->kind == OPERATION_RUN_PYTHON && operation->database && !operation->maybe)
                array_push(&deletions->code, state->first_step[node] + i);
        }
    }
}

static bool code_runs(const Deletions *deletions, Step from, Step to)
{
    uint32_t low = 0, high = deletions->code.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (deletions->code.items[middle] <= from)
            low = middle + 1;
        else
            high = middle;
    }
    return low < deletions->code.count && deletions->code.items[low] < to &&
           deletions->code.items[low] > deletions->delayed;
}

/* Whether the model that points there is rendered anew before the reference goes: what then takes
 * the field away finds no model behind it, and a child finds no parent. */
static bool is_rendered(const Deletions *deletions, const StateProblem *problem,
                        const StateEvent *end)
{
    const RuleContext *context = deletions->problems.context;
    bool by_field = end->kind == EVENT_FIELD_REMOVED || end->kind == EVENT_FIELD_ALTERED ||
                    end->kind == EVENT_FIELD_RENAMED;
    const StateField *field =
        problem->field ? state_event_field(context->state, problem->earlier) : NULL;
    if (problem->field && (!by_field || !field || field->kind != FIELD_RELATION))
        return false;
    Events events = state_history(context->state, problem->other_app, problem->other, SYM_NONE,
                                  context->scratch);
    for (uint32_t i = 0; i < events.count; i++) {
        const StateEvent *event = event_at(context, events.items[i]);
        if (event->step > problem->step && event->step < end->step &&
            event->kind != EVENT_FIELD_REPOINTED && event->kind != EVENT_OPENED)
            return true;
    }
    return false;
}

/* Whether every `migrate` from nothing fails, though the reference is taken away later. */
static bool fails_before(const Deletions *deletions, const StateProblem *problem)
{
    const StateEvent *end = event_at(deletions->problems.context, problem->later);
    return !end || code_runs(deletions, problem->step, end->step) ||
           (problem_is_told(&deletions->problems) && is_rendered(deletions, problem, end));
}

/* ---- telling ------------------------------------------------------------- */

/* All that points at the one model: problems [first, end). */
typedef struct Deletion {
    uint32_t first, end;
} Deletion;

static Deletion next_deletion(const State *state, uint32_t first)
{
    const StateProblem *one = &state->problems[first];
    uint32_t end = first + 1;
    while (end < state->problem_count && state->problems[end].kind == one->kind &&
           state->problems[end].step == one->step && state->problems[end].model == one->model)
        end++;
    return (Deletion){first, end};
}

/* "`blog.Post.author` points at it" */
static Str pointing_text(const Deletions *deletions, const StateProblem *problem)
{
    const RuleContext *context = deletions->problems.context;
    Str other = problem_other(&deletions->problems, problem);
    return problem->field
               ? arena_printf(context->scratch, "`%.*s.%.*s` points at it", STR_ARG(other),
                              STR_ARG(context_str(context, problem->field)))
               : arena_printf(context->scratch, "`%.*s` is built on it", STR_ARG(other));
}

static void note_pointing(const Deletions *deletions, Finding *finding, Deletion all)
{
    enum { MOST_SHOWN = 5 };
    RuleContext *context = deletions->problems.context;
    for (uint32_t i = all.first; i < all.end && i < all.first + MOST_SHOWN; i++) {
        const StateProblem *problem = &context->state->problems[i];
        finding_note(context, finding, event_place(context, problem->earlier), "%.*s",
                     STR_ARG(pointing_text(deletions, problem)));
        if (problem->later != EVENT_NONE)
            finding_note(context, finding, event_place(context, problem->later), "until %.*s",
                         STR_ARG(event_text(context, problem->later)));
    }
    if (all.end - all.first > MOST_SHOWN)
        finding_note(context, finding, (Place){0}, "and so do %u more",
                     all.end - all.first - MOST_SHOWN);
}

static void note_django(const Deletions *deletions, Finding *finding, const StateProblem *problem)
{
    RuleContext *context = deletions->problems.context;
    Str app = context_str(context, problem->app), model = context_str(context, problem->model);
    Str other = problem_other(&deletions->problems, problem);
    if (problem->field)
        finding_note(context, finding, (Place){0},
                     "Django: ValueError: The field %.*s.%.*s was declared with a lazy reference "
                     "to '%.*s.%.*s'",
                     STR_ARG(other), STR_ARG(context_str(context, problem->field)), STR_ARG(app),
                     STR_ARG(model));
    else
        finding_note(context, finding, (Place){0},
                     "Django: InvalidBasesError: Cannot resolve bases for [<ModelState: '%.*s'>]",
                     STR_ARG(other));
}

static void say_when(const Deletions *deletions, Finding *finding, const StateProblem *worst,
                     bool fails)
{
    RuleContext *context = deletions->problems.context;
    finding_note(context, finding, (Place){0}, "%s",
                 worst->later == EVENT_NONE
                     ? "the next `migrate` that has something to do fails, whatever it is"
                 : fails ? "`migrate` fails before it comes there"
                         : "a `migrate` that begins in between fails");
    NodeId before = could_follow(context, worst->node, worst->later);
    if (before != NODE_NONE)
        finding_help(context, finding, "let this migration depend on `%.*s`",
                     STR_ARG(node_text(context, before)));
    else
        finding_help(context, finding,
                     "remove or alter what points there before the model is deleted");
}

static void report_deletion(Deletions *deletions, Deletion all)
{
    Problems *problems = &deletions->problems;
    const State *state = problems->context->state;
    const StateProblem *worst = NULL;
    bool fails = false;
    for (uint32_t i = all.first; i < all.end; i++) {
        const StateProblem *problem = &state->problems[i];
        bool grave = fails_before(deletions, problem);
        if (!worst || (grave && !fails) ||
            (problem->later == EVENT_NONE && worst->later != EVENT_NONE))
            worst = problem;
        fails |= grave;
    }
    Finding *finding = problem_report(problems, worst, "`%.*s` is deleted while %.*s",
                                      STR_ARG(problem_model(problems, worst)),
                                      STR_ARG(pointing_text(deletions, worst)));
    if (!fails && finding->severity > SEVERITY_WARNING)
        finding->severity = SEVERITY_WARNING;
    if (!problem_is_told(problems))
        return;
    note_pointing(deletions, finding, all);
    note_django(deletions, finding, worst);
    say_when(deletions, finding, worst, fails);
}

/* A model that a renaming loses is MG217's to report. */
static bool is_lost(const Problems *problems, const StateProblem *problem)
{
    const Operation *operation = problem_operation(problems, problem);
    return operation && operation->kind == OPERATION_RENAME_MODEL;
}

void check_deleted_while_referenced(RuleContext *context)
{
    const State *state = context->state;
    Deletions deletions = {.problems = {.context = context, .quiet = true}, .delayed = STEP_NONE};
    for (uint32_t i = 0; i < state->problem_count;) {
        if (state->problems[i].kind != PROBLEM_DELETED_REFERENCED ||
            is_lost(&deletions.problems, &state->problems[i])) {
            i++;
            continue;
        }
        if (!deletions.problems.told) {
            deletions.delayed = first_delayed(context);
            find_code(&deletions);
        }
        Deletion all = next_deletion(state, i);
        report_deletion(&deletions, all);
        i = all.end;
    }
    array_free(&deletions.code);
}
