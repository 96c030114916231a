#include "rules/absent.h"
#include "rules/arguments.h"
#include "rules/in_models.h"
#include "rules/nodes.h"
#include "rules/problems.h"

/*
 * MG202: fields that are not there, named by operations on fields, by options, indexes and
 * constraints; and what goes on naming a field that is taken away or renamed.
 */

typedef struct Fields {
    Absent absent;
    Problems problems;
    Map models; /* (app, model) → a number for it */
    Map fields; /* (that number, field) → index in `findings` */
    Array(Finding *) findings;
} Fields;

/* ---- one cause, one report ---- */

static uint64_t field_key(Fields *fields, Sym app, Sym model, Sym field)
{
    uint64_t key = map_key(app, model);
    if (!map_has(&fields->models, key))
        map_set(&fields->models, key, fields->models.count);
    return map_key(map_get(&fields->models, key, 0), field);
}

static void explain_field(Fields *fields, Finding *finding, Sym app, Sym model, Sym field)
{
    uint64_t key = field_key(fields, app, model, field);
    if (!field || map_has(&fields->fields, key))
        return;
    map_set(&fields->fields, key, fields->findings.count);
    array_push(&fields->findings, finding);
}

static Finding *explaining_field(Fields *fields, Sym app, Sym model, Sym field)
{
    uint64_t key = field_key(fields, app, model, field);
    uint32_t index = map_get(&fields->fields, key, UINT32_MAX);
    return index == UINT32_MAX ? NULL : fields->findings.items[index];
}

/* ---- operations ---- */

static bool is_unknown_field(const BadUse *bad)
{
    return bad->use->kind == USE_FIELD && bad->verdict != USE_LUCKY;
}

static void note_django(RuleContext *context, Finding *finding, const StateUse *use)
{
    Str app = context_str(context, use->app), model = context_str(context, use->model);
    Str field = context_str(context, use->field);
    OperationKind kind = use_operation(context, use)->kind;
    if (kind == OPERATION_REMOVE_FIELD)
        finding_note(context, finding, (Place){0}, "Django: KeyError: '%.*s'", STR_ARG(field));
    else if (kind == OPERATION_RENAME_FIELD)
        finding_note(context, finding, (Place){0},
                     "Django: FieldDoesNotExist: %.*s.%.*s has no field named '%.*s'", STR_ARG(app),
                     STR_ARG(model), STR_ARG(field));
    else
        finding_note(context, finding, (Place){0},
                     "Django: FieldDoesNotExist: %.*s has no field named '%.*s'",
                     STR_ARG(str_tail(use_model_text(context, use), '.')), STR_ARG(field));
}

/* A RenameField that went wrong leaves no field of the new name. */
static void explain_renamed(Fields *fields, Finding *finding, const StateUse *use)
{
    const RuleContext *context = fields->absent.context;
    const Interner *interner = &context->workspace->interner;
    const Operation *operation = use_operation(context, use);
    if (operation->kind == OPERATION_RENAME_FIELD)
        explain_field(fields, finding, use->app, use->model,
                      intern_find(interner, operation_text(interner, operation, S("new_name"))));
}

static void report_operation(Fields *fields, const UseGroup *group)
{
    Absent *absent = &fields->absent;
    RuleContext *context = absent->context;
    const BadUse *bad = &group->items[0];
    const StateUse *use = bad->use;
    Finding *finding =
        report_migration(context, use_migration(context, use), use->place, "%.*s, %.*s",
                         STR_ARG(use_text(context, use)), STR_ARG(bad_use_text(context, bad)));
    note_django(context, finding, use);
    note_bad_use(context, finding, bad);
    note_field_in_models(context, finding, use->app, use->model, use->field);
    for (uint32_t i = 1; i < group->count; i++)
        note_further(context, finding, group->items[i].use, i, group->count - 1);
    help_absent(absent, finding, bad);
    Finding *cause = explaining_field(fields, use->app, use->model, use->field);
    if (cause)
        finding_follows_from(context, finding, cause);
    else
        follow_use_cause(context, finding, bad);
    explain_field(fields, finding, use->app, use->model, use->field);
    for (uint32_t i = 0; i < group->count; i++)
        explain_renamed(fields, finding, group->items[i].use);
}

static void check_operations(Fields *fields)
{
    BadUses bad = {0};
    UseGroups groups = {0};
    uses_find(&fields->absent.uses, is_unknown_field, &bad);
    uses_group(&bad, &groups);
    for (uint32_t i = 0; i < groups.count && i < MOST_ABSENT; i++)
        report_operation(fields, &groups.items[i]);
    array_free(&groups);
    array_free(&bad);
}

/* ---- options, indexes and constraints ---- */

static bool is_order(const RuleContext *context, const StateProblem *problem)
{
    return str_eq(context_str(context, problem->name), S("order_with_respect_to"));
}

static bool has_sqlite(const RuleContext *context)
{
    const Settings *settings = &context->project->settings;
    for (uint32_t i = 0; i < settings->engine_count && !settings->engines_open; i++)
        if (str_contains(settings->engines[i], S("sqlite")) ||
            str_contains(settings->engines[i], S("spatialite")))
            return true;
    return false;
}

static bool has_table(const RuleContext *context, const StateProblem *problem)
{
    StateAt after = {.step = problem->step + 1};
    ModelId model = state_model(context->state, problem->app, problem->model, after, NULL);
    return model != MODEL_NONE && state_managed_at(context->state, model, after) == STATE_YES;
}

/* A many-to-many field has no column that anything could hold. */
static bool had_column(const RuleContext *context, const StateProblem *problem)
{
    StateAt before = {.step = problem->step};
    ModelId model = state_model(context->state, problem->app, problem->model, before, NULL);
    StateField field;
    return model != MODEL_NONE &&
           state_field_at(context->state, model, problem->field, before, &field) == STATE_YES &&
           (field.kind == FIELD_PLAIN || field.kind == FIELD_RELATION);
}

/* SQLite drops no column that a constraint of the table names; the unique_together of a CreateModel
 * is made when its migration ends. Indexes go with the column where Django makes the table anew,
 * and an index_together has not been looked at since Django 5.1. */
static bool holds_on_sqlite(const Fields *fields, const StateProblem *problem)
{
    const RuleContext *context = fields->absent.context;
    const StateEvent *earlier = event_at(context, problem->earlier);
    if (!earlier || !had_column(context, problem))
        return false;
    if (problem->kind == PROBLEM_FIELD_IN_INDEX)
        return earlier->kind == EVENT_CONSTRAINT_ADDED;
    const Operation *operation = event_operation(context, problem->earlier);
    bool deferred =
        earlier->node == problem->node && operation && operation->kind == OPERATION_CREATE_MODEL;
    return !deferred && str_eq(context_str(context, problem->name), S("unique_together"));
}

/* What Django refuses always is an error; what some databases let pass a warning. The order of a
 * model is asked for when the model is made, with or without a table. */
static Severity severity_of(const Fields *fields, const StateProblem *problem)
{
    const RuleContext *context = fields->absent.context;
    const Operation *operation = problem_operation(&fields->problems, problem);
    bool unknown = problem->kind == PROBLEM_UNKNOWN_FIELD;
    if (is_order(context, problem))
        return SEVERITY_ERROR;
    if (!operation || !has_table(context, problem))
        return SEVERITY_OFF;
    if (problem->kind == PROBLEM_RENAMED_IN_INDEX || !operation->database ||
        (unknown && operation->kind == OPERATION_CREATE_MODEL &&
         str_eq(context_str(context, problem->name), S("index_together"))))
        return SEVERITY_WARNING;
    return unknown || (has_sqlite(context) && holds_on_sqlite(fields, problem)) ? SEVERITY_ERROR
                                                                                : SEVERITY_WARNING;
}

/* The last event before the step that took the field away, and the first that brings it later. */
static void field_events(const RuleContext *context, const StateProblem *problem, EventId *gone,
                         EventId *later)
{
    Arena arena = {0};
    Events events =
        state_history(context->state, problem->app, problem->model, problem->field, &arena);
    *gone = *later = EVENT_NONE;
    for (uint32_t i = 0; i < events.count; i++) {
        const StateEvent *event = event_at(context, events.items[i]);
        bool renamed = event->kind == EVENT_FIELD_RENAMED;
        bool takes = (event->kind == EVENT_FIELD_REMOVED && event->name == problem->field) ||
                     (renamed && event->from == problem->field);
        bool gives = (event->kind == EVENT_FIELD_ADDED && event->name == problem->field) ||
                     (renamed && event->to == problem->field);
        if (event->step <= problem->step && takes)
            *gone = events.items[i];
        else if (event->step > problem->step && gives && *later == EVENT_NONE)
            *later = events.items[i];
    }
    arena_free(&arena);
}

static Str field_text(const RuleContext *context, const StateProblem *problem)
{
    Str model = model_text(context, problem->app, problem->model, problem->step);
    return arena_printf(context->scratch, "%.*s.%.*s", STR_ARG(model),
                        STR_ARG(context_str(context, problem->field)));
}

static Finding *report_unknown(Fields *fields, const StateProblem *problem)
{
    RuleContext *context = fields->absent.context;
    Str field = context_str(context, problem->field);
    Str model = model_text(context, problem->app, problem->model, problem->step);
    Str name = problem->name ? context_str(context, problem->name) : S("an index");
    EventId gone, later;
    Finding *finding =
        report_migration(context, &context->project->migrations[problem->migration], problem->place,
                         "`%.*s` of `%.*s` names `%.*s`, which is no field of it", STR_ARG(name),
                         STR_ARG(model), STR_ARG(field));
    finding_note(context, finding, (Place){0},
                 "Django: FieldDoesNotExist: %.*s has no field named '%.*s'",
                 STR_ARG(str_tail(model, '.')), STR_ARG(field));
    field_events(context, problem, &gone, &later);
    if (gone == EVENT_NONE && later == EVENT_NONE)
        finding_note(context, finding, (Place){0},
                     "none of the migrations of `%.*s` adds it or renames a field to it",
                     STR_ARG(context_str(context, problem->app)));
    note_event(context, finding, gone);
    note_event(context, finding, later);
    note_field_in_models(context, finding, problem->app, problem->model, problem->field);
    Str similar = similar_field(&fields->absent.similar, problem->app, problem->model,
                                problem->field, problem->step + 1);
    finding_help(context, finding, "%.*s",
                 STR_ARG(similar.len           ? similar
                         : later != EVENT_NONE ? S("put the operation behind the one that adds it")
                                               : S("name a field that is there")));
    Finding *cause = explaining_field(fields, problem->app, problem->model, problem->field);
    if (cause)
        finding_follows_from(context, finding, cause);
    explain_field(fields, finding, problem->app, problem->model, problem->field);
    return finding;
}

static Finding *report_left(Fields *fields, const StateProblem *problem)
{
    RuleContext *context = fields->absent.context;
    bool renamed = problem_operation(&fields->problems, problem)->kind == OPERATION_RENAME_FIELD;
    Str name = problem->name ? context_str(context, problem->name) : S("an index");
    Finding *finding =
        report_migration(context, &context->project->migrations[problem->migration], problem->place,
                         renamed ? "`%.*s` is renamed, but `%.*s` keeps its old name"
                                 : "`%.*s` is removed, but `%.*s` still names it",
                         STR_ARG(field_text(context, problem)), STR_ARG(name));
    note_event(context, finding, problem->earlier);
    if (problem->kind == PROBLEM_RENAMED_IN_INDEX)
        finding_note(context, finding, (Place){0},
                     "the database follows, the state does not: what alters the table on SQLite "
                     "later fails with FieldDoesNotExist");
    else if (!is_order(context, problem))
        finding_note(context, finding, (Place){0},
                     "SQLite mostly refuses to drop a column that is in use; PostgreSQL drops "
                     "`%.*s` with it, and the state goes on having it",
                     STR_ARG(name));
    else
        finding_note(context, finding, (Place){0},
                     "Django: FieldDoesNotExist: %.*s has no field named '%.*s'",
                     STR_ARG(str_tail(
                         model_text(context, problem->app, problem->model, problem->step), '.')),
                     STR_ARG(context_str(context, problem->field)));
    finding_help(context, finding,
                 problem->kind == PROBLEM_FIELD_IN_OPTION
                     ? "let an operation that takes it out of `%.*s` come first"
                     : "remove `%.*s` first, and add it again afterwards if it is needed",
                 STR_ARG(name));
    return finding;
}

static bool is_about_fields(const StateProblem *problem)
{
    return problem->kind == PROBLEM_UNKNOWN_FIELD || problem->kind == PROBLEM_FIELD_IN_OPTION ||
           problem->kind == PROBLEM_FIELD_IN_INDEX || problem->kind == PROBLEM_RENAMED_IN_INDEX;
}

/* The same field in several indexes is one report. */
static bool goes_on(const StateProblem *last, const StateProblem *problem)
{
    return last && last->kind == problem->kind && last->step == problem->step &&
           last->field == problem->field;
}

static void check_problems(Fields *fields)
{
    RuleContext *context = fields->absent.context;
    uint32_t reported = 0;
    const StateProblem *last = NULL;
    Finding *above = NULL;
    for (uint32_t i = 0; i < context->state->problem_count && reported < MOST_ABSENT; i++) {
        const StateProblem *problem = &context->state->problems[i];
        if (!is_about_fields(problem) || !node_is_own(context, problem->node) ||
            context->project->migrations[problem->migration].status != MIGRATION_READ)
            continue;
        Severity severity = severity_of(fields, problem);
        if (severity == SEVERITY_OFF)
            continue;
        reported++;
        Finding *finding = problem->kind == PROBLEM_UNKNOWN_FIELD ? report_unknown(fields, problem)
                                                                  : report_left(fields, problem);
        finding->severity = severity;
        if (goes_on(last, problem))
            finding_follows_from(context, finding, above);
        else
            above = finding;
        last = problem;
    }
}

void check_unknown_field(RuleContext *context)
{
    Fields fields = {.absent = absent_of(context), .problems = {.context = context}};
    check_operations(&fields);
    check_problems(&fields);
    array_free(&fields.findings);
    map_free(&fields.models);
    map_free(&fields.fields);
    absent_free(&fields.absent);
}
