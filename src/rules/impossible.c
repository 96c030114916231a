#include "rules/arguments.h"
#include "rules/events.h"
#include "rules/problems.h"
#include "rules/unseen.h"

/* MG217: operations that Django refuses to make, or cannot carry out. */

static void say(Problems *problems, Finding *finding, const char *django, const char *help)
{
    finding_note(problems->context, finding, (Place){0}, "Django: %s", django);
    finding_help(problems->context, finding, "%s", help);
}

static void report_case_only(Problems *problems, const StateProblem *problem)
{
    RuleContext *context = problems->context;
    Finding *finding = problem_report(
        problems, problem, "`%.*s` is renamed to `%.*s`, which is the same name to Django",
        STR_ARG(problem_model(problems, problem)), STR_ARG(context_str(context, problem->name)));
    finding_note(context, finding, (Place){0},
                 "Django: KeyError: ('%.*s', '%.*s'), and the model is gone from the state",
                 STR_ARG(context_str(context, problem->app)),
                 STR_ARG(context_str(context, problem->model)));
    finding_explains_model(context, finding, problem->app, problem->model);
    finding_help(
        context, finding,
        "take the operation out: names of models that differ in case only need no migration");
}

static void report_unnamed(Problems *problems, const StateProblem *problem)
{
    Finding *finding =
        problem_report(problems, problem, "`%.*s` gets an index or constraint without a name",
                       STR_ARG(problem_model(problems, problem)));
    say(problems, finding, "ValueError or TypeError: in migrations they need a `name`",
        "write `name=` as `makemigrations` would");
}

static void report_duplicate(Problems *problems, const StateProblem *problem)
{
    RuleContext *context = problems->context;
    Str name = context_str(context, problem->name);
    Finding *finding = problem_report(problems, problem, "`%.*s` is created with `%.*s` twice",
                                      STR_ARG(problem_model(problems, problem)), STR_ARG(name));
    finding_note(context, finding, (Place){0},
                 "Django: ValueError: Found duplicate value %.*s in CreateModel", STR_ARG(name));
    finding_help(context, finding, "take one of the two out");
}

static void report_arguments(Problems *problems, const StateProblem *problem)
{
    Finding *finding = problem_report(
        problems, problem, "`RenameIndex` to `%.*s` needs one of `old_name` and `old_fields`",
        STR_ARG(context_str(problems->context, problem->name)));
    say(problems, finding,
        "ValueError: RenameIndex needs one of old_name and old_fields, and not both",
        "give `old_name` for an index with a name, `old_fields` for one of index_together");
}

static void report_keys(Problems *problems, const StateProblem *problem)
{
    RuleContext *context = problems->context;
    Finding *finding = problem_report(
        problems, problem, "`%.*s.%.*s` becomes a primary key while `%.*s` is one",
        STR_ARG(problem_model(problems, problem)), STR_ARG(context_str(context, problem->field)),
        STR_ARG(context_str(context, problem->name)));
    finding_note(context, finding, (Place){0}, "%s",
                 problem->tolerance == TOLERATED_BY_SQLITE
                     ? "databases refuse a second primary key; only SQLite takes it, where Django "
                       "makes the table anew"
                     : "databases refuse a second primary key");
    finding_help(context, finding, "remove or alter `%.*s` first",
                 STR_ARG(context_str(context, problem->name)));
}

static void report_incompatible(Problems *problems, const StateProblem *problem)
{
    Finding *finding = problem_report(
        problems, problem,
        "`%.*s.%.*s` cannot be altered: Django turns no many-to-many field into a column or back, "
        "and adds or removes no `through`",
        STR_ARG(problem_model(problems, problem)),
        STR_ARG(context_str(problems->context, problem->field)));
    say(problems, finding,
        "ValueError: they are not compatible types (you cannot alter to or from M2M fields, or add "
        "or remove through= on M2M fields)",
        "remove the field and add it anew; where the table can stay, alter the state alone with "
        "SeparateDatabaseAndState");
}

static void report_generated(Problems *problems, const StateProblem *problem)
{
    Finding *finding = problem_report(
        problems, problem, "`%.*s.%.*s` cannot be altered: generated fields stay as they are",
        STR_ARG(problem_model(problems, problem)),
        STR_ARG(context_str(problems->context, problem->field)));
    say(problems, finding, "ValueError: Modifying GeneratedFields is not supported",
        "remove the field and add it anew");
}

/* Where the parent got its field. */
static EventId event_of_parent(const Problems *problems, const StateProblem *problem)
{
    const RuleContext *context = problems->context;
    if (!problem_is_told(problems))
        return EVENT_NONE;
    Events events = state_history(context->state, problem->other_app, problem->other,
                                  problem->field, context->scratch);
    EventId found = EVENT_NONE;
    for (uint32_t i = 0; i < events.count; i++) {
        const StateEvent *event = event_at(context, events.items[i]);
        bool gives = event->kind == EVENT_FIELD_ADDED || event->kind == EVENT_FIELD_RENAMED;
        if (gives && event->name == problem->field && event->step <= problem->step)
            found = events.items[i];
    }
    return found;
}

static void report_clash(Problems *problems, const StateProblem *problem)
{
    RuleContext *context = problems->context;
    Str child = problem_model(problems, problem), parent = problem_other(problems, problem);
    Str field = context_str(context, problem->field);
    EventId earlier = event_of_parent(problems, problem);
    Finding *finding = problem_report(
        problems, problem, "`%.*s.%.*s` has the name of a field that `%.*s` inherits from `%.*s`",
        STR_ARG(child), STR_ARG(field), STR_ARG(str_tail(child, '.')), STR_ARG(parent));
    note_event(context, finding, earlier);
    finding_note(context, finding, (Place){0},
                 "Django: FieldError: Local field '%.*s' in class '%.*s' clashes with field of the "
                 "same name from base class '%.*s'",
                 STR_ARG(field), STR_ARG(str_tail(child, '.')), STR_ARG(str_tail(parent, '.')));
    finding_help(context, finding, "rename one of them, or remove the parent's first");
}

typedef void Report(Problems *problems, const StateProblem *problem);

/* SQL or code may have taken the first key away. */
static bool may_be_gone(RuleContext *context, const Problems *problems, Unseen **unseen,
                        const StateProblem *problem)
{
    const StateEvent *earlier = event_at(context, problem->earlier);
    if (problem->kind != PROBLEM_PRIMARY_KEYS || !earlier)
        return false;
    if (!*unseen)
        *unseen = unseen_read(context);
    Stretch stretch = {earlier->step, problem->step, problem->app, problem->app};
    return unseen_may_touch(*unseen, problem_table(problems, problem), stretch);
}

void check_impossible_operation(RuleContext *context)
{
    static Report *const reports[PROBLEM_COUNT] = {
        [PROBLEM_RENAME_CASE_ONLY] = report_case_only,
        [PROBLEM_UNNAMED_INDEX] = report_unnamed,
        [PROBLEM_DUPLICATE] = report_duplicate,
        [PROBLEM_RENAME_INDEX_ARGUMENTS] = report_arguments,
        [PROBLEM_PRIMARY_KEYS] = report_keys,
        [PROBLEM_INCOMPATIBLE] = report_incompatible,
        [PROBLEM_GENERATED_CHANGED] = report_generated,
        [PROBLEM_FIELD_CLASH] = report_clash,
    };
    const State *state = context->state;
    Problems problems = {.context = context};
    Unseen *unseen = NULL;
    for (uint32_t i = 0; i < state->problem_count; i++) {
        const StateProblem *problem = &state->problems[i];
        if (reports[problem->kind] && !may_be_gone(context, &problems, &unseen, problem))
            reports[problem->kind](&problems, problem);
    }
    if (unseen)
        unseen_free(unseen);
}
