#include "rules/arguments.h"
#include "rules/events.h"
#include "rules/problems.h"
#include "rules/unseen.h"

/* MG204: models and fields that are made twice. */

typedef struct Twice {
    Problems problems;
    Unseen *unseen; /* NULL: not read yet */
} Twice;

static bool is_rename(const Operation *operation)
{
    return operation &&
           (operation->kind == OPERATION_RENAME_MODEL || operation->kind == OPERATION_RENAME_FIELD);
}

/* SQL or code in between may have taken the first one away. */
static bool may_be_gone(Twice *twice, const StateProblem *problem)
{
    RuleContext *context = twice->problems.context;
    const StateEvent *earlier = event_at(context, problem->earlier);
    if (!earlier)
        return false;
    if (!twice->unseen)
        twice->unseen = unseen_read(context);
    Stretch stretch = {earlier->step, problem->step, problem->app, earlier->app};
    Str table = problem_table(&twice->problems, problem);
    return unseen_may_touch(twice->unseen, table, stretch) ||
           (problem->field &&
            unseen_may_touch(twice->unseen, context_str(context, problem->field), stretch));
}

static void report_model(Twice *twice, const StateProblem *problem)
{
    Problems *problems = &twice->problems;
    RuleContext *context = problems->context;
    const Operation *operation = problem_operation(problems, problem);
    Str model = problem_model(problems, problem);
    Finding *finding;
    if (is_rename(operation))
        finding = problem_report(
            problems, problem, "`%.*s.%.*s` is renamed to `%.*s`, which exists already",
            STR_ARG(context_str(context, problem->app)),
            STR_ARG(operation_text(&context->workspace->interner, operation, S("old_name"))),
            STR_ARG(str_tail(model, '.')));
    else
        finding = problem_report(problems, problem, "`%.*s` is created, though it exists already",
                                 STR_ARG(model));
    finding_note(context, finding, (Place){0},
                 "the database refuses it: the table is there already");
    finding_help(context, finding,
                 "take the operation out; or delete the first one before, if it is to start anew");
}

static void note_column(Twice *twice, Finding *finding, const StateProblem *problem)
{
    RuleContext *context = twice->problems.context;
    if (problem->tolerance == TOLERATED)
        finding_note(context, finding, (Place){0},
                     "the first one stays behind in the database, and no migration knows of it any "
                     "more");
    else if (problem->tolerance == TOLERATED_BY_SQLITE)
        finding_note(context, finding, (Place){0},
                     "the database refuses it: the column is there already; only SQLite takes it "
                     "where Django makes the table anew");
    else
        finding_note(context, finding, (Place){0}, "the database refuses it: it is there already");
}

static void report_field(Twice *twice, const StateProblem *problem)
{
    Problems *problems = &twice->problems;
    RuleContext *context = problems->context;
    const Operation *operation = problem_operation(problems, problem);
    Str model = problem_model(problems, problem), field = context_str(context, problem->field);
    Finding *finding;
    if (is_rename(operation))
        finding = problem_report(
            problems, problem, "`%.*s.%.*s` is renamed to `%.*s`, which exists already",
            STR_ARG(model),
            STR_ARG(operation_text(&context->workspace->interner, operation, S("old_name"))),
            STR_ARG(field));
    else
        finding =
            problem_report(problems, problem, "`%.*s.%.*s` is added, though it exists already",
                           STR_ARG(model), STR_ARG(field));
    note_column(twice, finding, problem);
    finding_help(context, finding, "%s",
                 is_rename(operation) ? "remove the other field first"
                                      : "take the operation out, or make it an AlterField");
}

void check_already_exists(RuleContext *context)
{
    const State *state = context->state;
    Twice twice = {.problems = {.context = context}};
    for (uint32_t i = 0; i < state->problem_count; i++) {
        const StateProblem *problem = &state->problems[i];
        bool model = problem->kind == PROBLEM_MODEL_EXISTS;
        if ((!model && problem->kind != PROBLEM_FIELD_EXISTS) || may_be_gone(&twice, problem))
            continue;
        if (model)
            report_model(&twice, problem);
        else
            report_field(&twice, problem);
    }
    if (twice.unseen)
        unseen_free(twice.unseen);
}
