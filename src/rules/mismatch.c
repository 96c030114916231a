#include "rules/events.h"
#include "rules/nodes.h"
#include "rules/problems.h"
#include "rules/unseen.h"

/* MG209: indexes and constraints that are not there, or there already. */

typedef struct Mismatch {
    Problems problems;
    Unseen *unseen; /* NULL: not read yet */
} Mismatch;

static bool is_constraint(const StateProblem *problem)
{
    return problem->kind == PROBLEM_CONSTRAINT_MISSING ||
           problem->kind == PROBLEM_CONSTRAINT_EXISTS;
}

static const char *what(const StateProblem *problem)
{
    return is_constraint(problem) ? "constraint" : "index";
}

/* ---- not there ----------------------------------------------------------- */

typedef struct Whereabouts {
    EventId gone;  /* took the name away, or gave it to something else */
    EventId later; /* brings it behind the problem */
    EventId
        other; /* it is there, as a constraint where an index is meant, or the other way round */
} Whereabouts;

static bool is_about_constraint(const StateEvent *event)
{
    return event->kind >= EVENT_CONSTRAINT_ADDED && event->kind <= EVENT_CONSTRAINT_ALTERED;
}

static void follow_name(const StateProblem *problem, const StateEvent *event, EventId id,
                        Whereabouts *out)
{
    bool renamed = event->kind == EVENT_INDEX_RENAMED;
    bool gives = event->kind == EVENT_INDEX_ADDED || event->kind == EVENT_CONSTRAINT_ADDED ||
                 (renamed && event->to == problem->name);
    if (event->name != problem->name && !(renamed && event->from == problem->name))
        return;
    if (is_about_constraint(event) != is_constraint(problem)) {
        if (event->step < problem->step)
            out->other = gives ? id : EVENT_NONE;
    } else if (event->step > problem->step) {
        if (gives && out->later == EVENT_NONE)
            out->later = id;
    } else if (event->step < problem->step) {
        out->gone = gives ? EVENT_NONE : id;
    }
}

static Whereabouts whereabouts(const Mismatch *mismatch, const StateProblem *problem)
{
    const RuleContext *context = mismatch->problems.context;
    Whereabouts found = {EVENT_NONE, EVENT_NONE, EVENT_NONE};
    if (!problem_is_told(&mismatch->problems))
        return found;
    Events events =
        state_history(context->state, problem->app, problem->model, SYM_NONE, context->scratch);
    for (uint32_t i = 0; i < events.count; i++) {
        const StateEvent *event = event_at(context, events.items[i]);
        if (event->kind >= EVENT_INDEX_ADDED && event->kind <= EVENT_CONSTRAINT_ALTERED)
            follow_name(problem, event, events.items[i], &found);
    }
    return found;
}

/* A name that the model has and that is likely meant, or empty. */
static Str nearest(const Mismatch *mismatch, const StateProblem *problem)
{
    RuleContext *context = mismatch->problems.context;
    StateAt then = {.step = problem->step};
    ModelId id = problem_is_told(&mismatch->problems)
                     ? state_model(context->state, problem->app, problem->model, then, NULL)
                     : MODEL_NONE;
    Str best = {0}, wanted = context_str(context, problem->name);
    unsigned best_distance = 1 + (unsigned)wanted.len / 4;
    if (id == MODEL_NONE)
        return best;
    const ModelState *model = state_model_at(context->state, id, then, context->scratch);
    const StateIndex *all = is_constraint(problem) ? model->constraints : model->indexes;
    uint32_t count = is_constraint(problem) ? model->constraint_count : model->index_count;
    for (uint32_t i = 0; i < count; i++) {
        Str name = context_str(context, all[i].name);
        unsigned distance = str_distance(name, wanted);
        if (name.len && distance < best_distance) {
            best = name;
            best_distance = distance;
        }
    }
    return best;
}

static void help_missing(const Mismatch *mismatch, Finding *finding, const StateProblem *problem,
                         const Whereabouts *found)
{
    RuleContext *context = mismatch->problems.context;
    Str near = nearest(mismatch, problem);
    const StateEvent *later = event_at(context, found->later);
    NodeId before = could_follow(context, problem->node, found->later);
    if (found->other != EVENT_NONE)
        finding_help(context, finding, "it is %s: use the operation for it",
                     is_constraint(problem) ? "an index" : "a constraint");
    else if (near.len)
        finding_help(context, finding, "did you mean `%.*s`?", STR_ARG(near));
    else if (before != NODE_NONE)
        finding_help(context, finding, "let this migration depend on `%.*s`",
                     STR_ARG(node_text(context, before)));
    else if (later && later->node == problem->node)
        finding_help(context, finding, "put the operation behind the one that brings it");
    else
        finding_help(context, finding,
                     "take the operation out, or add the %s in an earlier migration, in the state "
                     "alone if the database has it",
                     what(problem));
}

static void report_missing(Mismatch *mismatch, const StateProblem *problem)
{
    RuleContext *context = mismatch->problems.context;
    const Operation *operation = problem_operation(&mismatch->problems, problem);
    Str model = problem_model(&mismatch->problems, problem);
    Str name = context_str(context, problem->name);
    Whereabouts found = whereabouts(mismatch, problem);
    const char *verb = !operation                                         ? "changed"
                       : operation->kind == OPERATION_RENAME_INDEX        ? "renamed"
                       : operation->kind == OPERATION_VALIDATE_CONSTRAINT ? "validated"
                                                                          : "removed";
    Finding *finding =
        problem_report(&mismatch->problems, problem, "%s `%.*s` is %s, which `%.*s` does not have",
                       what(problem), STR_ARG(name), verb, STR_ARG(model));
    note_event(context, finding, found.other != EVENT_NONE ? found.other : found.gone);
    note_event(context, finding, found.later);
    if (!operation || operation->kind != OPERATION_VALIDATE_CONSTRAINT)
        finding_note(context, finding, (Place){0},
                     "Django: ValueError: No %s named %.*s on model %.*s", what(problem),
                     STR_ARG(name), STR_ARG(str_tail(model, '.')));
    help_missing(mismatch, finding, problem, &found);
}

/* ---- there already ------------------------------------------------------- */

/* SQL or code may have made it, or taken it away. */
static bool may_differ(Mismatch *mismatch, const StateProblem *problem, Str name)
{
    RuleContext *context = mismatch->problems.context;
    const StateEvent *earlier = event_at(context, problem->earlier);
    if (!mismatch->unseen)
        mismatch->unseen = unseen_read(context);
    Stretch stretch = {earlier ? earlier->step : 0, problem->step, problem->app, problem->app};
    return unseen_may_touch(mismatch->unseen, name, stretch);
}

static void report_exists(Mismatch *mismatch, const StateProblem *problem)
{
    RuleContext *context = mismatch->problems.context;
    if (may_differ(mismatch, problem, context_str(context, problem->name)))
        return;
    Finding *finding = problem_report(&mismatch->problems, problem,
                                      "%s `%.*s` is added to `%.*s`, which has one of that name",
                                      what(problem), STR_ARG(context_str(context, problem->name)),
                                      STR_ARG(problem_model(&mismatch->problems, problem)));
    finding_note(context, finding, (Place){0}, "%s",
                 problem->tolerance == TOLERATED_BY_SQLITE
                     ? "PostgreSQL and MySQL refuse the name; SQLite gives constraints none"
                     : "the database refuses it: the name is taken");
    finding_help(context, finding, "give it another name, or remove the first one before");
}

/* ---- RenameIndex(old_fields=…) ------------------------------------------- */

static void report_together(Mismatch *mismatch, const StateProblem *problem)
{
    RuleContext *context = mismatch->problems.context;
    if (may_differ(mismatch, problem, problem_table(&mismatch->problems, problem)))
        return;
    Finding *finding =
        problem_report(&mismatch->problems, problem,
                       "`%.*s` has no index of these fields that could be renamed to `%.*s`",
                       STR_ARG(problem_model(&mismatch->problems, problem)),
                       STR_ARG(context_str(context, problem->name)));
    finding_note(context, finding, (Place){0},
                 "Django: ValueError: Found wrong number (0) of indexes");
    finding_help(context, finding, "add the index with AddIndex instead");
}

void check_index_or_constraint_mismatch(RuleContext *context)
{
    const State *state = context->state;
    Mismatch mismatch = {.problems = {.context = context}};
    for (uint32_t i = 0; i < state->problem_count; i++) {
        const StateProblem *problem = &state->problems[i];
        switch (problem->kind) {
        case PROBLEM_INDEX_MISSING:
        case PROBLEM_CONSTRAINT_MISSING:
            report_missing(&mismatch, problem);
            break;
        case PROBLEM_INDEX_EXISTS:
        case PROBLEM_CONSTRAINT_EXISTS:
            report_exists(&mismatch, problem);
            break;
        case PROBLEM_INDEX_TOGETHER_MISSING:
            report_together(&mismatch, problem);
            break;
        }
    }
    if (mismatch.unseen)
        unseen_free(mismatch.unseen);
}
