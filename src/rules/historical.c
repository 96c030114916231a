#include "rules/absent.h"
#include "rules/nodes.h"

#include <stdlib.h>

/*
 * MG207: models that the code of a RunPython looks up and that are not in the state it is given.
 * A model that nothing brings is reported once, whoever looks it up; one that only the order of
 * migrations brings or takes away once for each migration, which lacks the dependency.
 */

typedef struct Missed {
    BadUse bad;
    NodeId node;  /* the migration that lacks a dependency; NODE_NONE with USE_ABSENT */
    NodeId other; /* the migration that brings the model, or with USE_TAKEN takes it away */
} Missed;

typedef Array(Missed) MissedList;

typedef struct Historical {
    RuleContext *context;
    Absent absent;
    Sym migration_class;
} Historical;

/* ---- collecting ---- */

static EventId other_event(const BadUse *bad)
{
    return bad->verdict == USE_LUCKY   ? bad->use->provider
           : bad->verdict == USE_LATE  ? bad->use->later
           : bad->verdict == USE_TAKEN ? bad->use->gone
                                       : EVENT_NONE;
}

/* Whether Django's own Migration applies it: one with methods or bases of its own may not run its
 * operations, or run them against another state. */
static bool is_plain(const Historical *historical, const Migration *migration)
{
    static const char *const methods[] = {"__init__", "apply", "unapply", "mutate_state"};
    const RuleContext *context = historical->context;
    const Class *class = module_class(migration->module, historical->migration_class);
    if (!class || class->base_count != 1)
        return false;
    ValueRef base = {migration->module, class->bases[0]};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        Sym name = intern_find(&context->workspace->interner, str(methods[i]));
        if (name && class_attribute(class, name))
            return false;
    }
    return str_starts(context_str(context, state_path(context->state, base)),
                      S("django.db.migrations."));
}

static int order_of(uint32_t a, uint32_t b)
{
    return a < b ? -1 : a > b;
}

static int by_cause(const Missed *a, const Missed *b)
{
    bool absent = a->node == NODE_NONE;
    const StateUse *x = a->bad.use, *y = b->bad.use;
    const uint32_t left[] = {a->node,
                             a->other,
                             absent ? x->app : 0,
                             absent ? x->model : 0,
                             absent ? x->gone : 0,
                             absent ? x->later : 0};
    const uint32_t right[] = {b->node,
                              b->other,
                              absent ? y->app : 0,
                              absent ? y->model : 0,
                              absent ? y->gone : 0,
                              absent ? y->later : 0};
    int order = 0;
    for (size_t i = 0; i < sizeof left / sizeof *left && !order; i++)
        order = order_of(left[i], right[i]);
    return order;
}

/* Within a cause what runs forwards stands first; look-ups stand in the state by step. */
static int by_cause_and_step(const void *a, const void *b)
{
    const Missed *left = a, *right = b;
    const StateUse *x = left->bad.use, *y = right->bad.use;
    int order = by_cause(left, right);
    if (!order)
        order = order_of(x->reverse, y->reverse);
    return order ? order : x < y ? -1 : x > y;
}

static void find_missed(Historical *historical, MissedList *out)
{
    RuleContext *context = historical->context;
    BadUses bad = {0};
    uses_find_lookups(&historical->absent.uses, &bad);
    for (uint32_t i = 0; i < bad.count; i++) {
        const StateUse *use = bad.items[i].use;
        const StateEvent *other = event_at(context, other_event(&bad.items[i]));
        if (is_plain(historical, use_migration(context, use)))
            array_push(out, (Missed){bad.items[i], other ? use->node : NODE_NONE,
                                     other ? other->node : NODE_NONE});
    }
    array_free(&bad);
    if (out->count)
        qsort(out->items, out->count, sizeof *out->items, by_cause_and_step);
}

/* ---- texts ---- */

/* What Django raises: it knows an app by its models. */
static void note_error(RuleContext *context, Finding *finding, const StateUse *use)
{
    Arena arena = {0};
    StateAt at = {.step = use->step};
    Models models = state_models(context->state, at, &arena);
    Sym label = SYM_NONE;
    for (uint32_t i = 0; i < models.count && label != use->app; i++)
        label = event_at(context, state_created(context->state, models.items[i]))->app;
    arena_free(&arena);
    Str app = context_str(context, use->app);
    if (label == use->app)
        finding_note(context, finding, (Place){0},
                     "Django: LookupError: App '%.*s' doesn't have a '%.*s' model.", STR_ARG(app),
                     STR_ARG(str_tail(context_str(context, use->text), '.')));
    else
        finding_note(context, finding, (Place){0},
                     "Django: LookupError: No installed app with label '%.*s'.", STR_ARG(app));
}

/* "`blog.0002_fill`", "the reverse code of `blog.0002_fill`" */
static Str code_text(const RuleContext *context, const StateUse *use)
{
    return arena_printf(context->scratch, "%s`%.*s`", use->reverse ? "the reverse code of " : "",
                        STR_ARG(node_text(context, use->node)));
}

static void help_lookup(Historical *historical, Finding *finding, const BadUse *bad)
{
    RuleContext *context = historical->context;
    const StateEvent *gone = event_at(context, bad->use->gone);
    if (bad->use->later != EVENT_NONE)
        finding_help(context, finding, "put the RunPython behind the operation that creates it");
    else if (gone && gone->kind == EVENT_MODEL_RENAMED)
        finding_help(context, finding, "look up `%.*s`", STR_ARG(context_str(context, gone->to)));
    else if (gone)
        finding_help(context, finding, "put the RunPython before the operation that deletes it");
    else {
        Str similar = similar_model(&historical->absent.similar, bad->use->app, bad->use->model,
                                    bad->use->step);
        finding_help(context, finding, "%.*s",
                     STR_ARG(similar.len ? similar
                                         : S("restore the migration that creates it, or take the "
                                             "look-up out")));
    }
}

/* A dependency on the one that brings it; of the one that takes it away. */
static void help_order(Historical *historical, Finding *finding, const Missed *missed)
{
    RuleContext *context = historical->context;
    const StateUse *use = missed->bad.use;
    Str line = dependency_line(context, missed->other, use->setting);
    if (missed->bad.verdict == USE_TAKEN)
        help_dependency(&historical->absent.proposals, finding, missed->other, missed->node);
    else if (use->setting && str_starts(line, S("migrations.")))
        finding_help(context, finding, "add %.*s to the dependencies of `%.*s`", STR_ARG(line),
                     STR_ARG(node_text(context, missed->node)));
    else
        help_dependency(&historical->absent.proposals, finding, missed->node, missed->other);
}

/* ---- reporting ---- */

static Finding *report_absent(Historical *historical, const Missed *missed)
{
    RuleContext *context = historical->context;
    const BadUse *bad = &missed->bad;
    const StateUse *use = bad->use;
    Finding *finding = report_migration(
        context, use_migration(context, use), use->place, "%.*s looks up `%.*s`, %.*s",
        STR_ARG(code_text(context, use)), STR_ARG(use_model_text(context, use)),
        STR_ARG(bad_use_text(context, bad)));
    if (use->reverse)
        finding->severity = SEVERITY_WARNING;
    note_error(context, finding, use);
    note_bad_use(context, finding, bad);
    help_lookup(historical, finding, bad);
    follow_use_cause(context, finding, bad);
    return finding;
}

/* An app that is not the project's own may come earlier, for another one that is not at hand. */
static bool is_sure_to_fail(const RuleContext *context, const Missed *missed)
{
    return missed->bad.verdict != USE_LUCKY && !missed->bad.use->reverse &&
           node_is_own(context, missed->other);
}

static Finding *report_order(Historical *historical, const Missed *missed)
{
    RuleContext *context = historical->context;
    const BadUse *bad = &missed->bad;
    const StateUse *use = bad->use;
    bool taken = bad->verdict == USE_TAKEN, lucky = bad->verdict == USE_LUCKY;
    Str other = node_text(context, missed->other);
    Finding *finding = report_migration(
        context, use_migration(context, use), use->place, "%.*s looks up `%.*s` %s`%.*s`%s",
        STR_ARG(code_text(context, use)), STR_ARG(use_model_text(context, use)),
        taken ? "while nothing keeps " : "without depending on ", STR_ARG(other),
        taken ? " from taking it away before" : ", which brings it");
    if (!is_sure_to_fail(context, missed))
        finding->severity = SEVERITY_WARNING;
    note_event(context, finding, other_event(bad));
    if (lucky)
        finding_note(context, finding, (Place){0},
                     "it works by luck: the plan happens to have `%.*s` before, but nothing makes "
                     "it so",
                     STR_ARG(other));
    else {
        finding_note(context, finding, (Place){0}, "the plan has `%.*s` %s", STR_ARG(other),
                     taken ? "before" : "only later");
        note_error(context, finding, use);
    }
    help_order(historical, finding, missed);
    follow_use_cause(context, finding, bad);
    return finding;
}

static void report_group(Historical *historical, const Missed *items, uint32_t count)
{
    Finding *finding = items->node == NODE_NONE ? report_absent(historical, items)
                                                : report_order(historical, items);
    for (uint32_t i = 1; i < count; i++)
        note_further(historical->context, finding, items[i].bad.use, i, count - 1);
}

void check_historical_model_missing(RuleContext *context)
{
    Historical historical = {.context = context,
                             .absent = absent_of(context),
                             .migration_class =
                                 intern_find(&context->workspace->interner, S("Migration"))};
    MissedList missed = {0};
    find_missed(&historical, &missed);
    for (uint32_t i = 0, end, told = 0; i < missed.count && told < MOST_ABSENT; i = end, told++) {
        for (end = i + 1; end < missed.count && !by_cause(&missed.items[i], &missed.items[end]);)
            end++;
        report_group(&historical, &missed.items[i], end - i);
    }
    array_free(&missed);
    absent_free(&historical.absent);
}
