#include "rules/engine.h"

#include "rules/baseline.h"
#include "rules/causes.h"
#include "rules/check.h"
#include "rules/checks.h"
#include "rules/fingerprint.h"
#include "rules/locate.h"
#include "rules/match.h"
#include "rules/select.h"

#include <stdlib.h>

static int by_order(const void *a, const void *b)
{
    const Rule *left = *(const Rule *const *)a, *right = *(const Rule *const *)b;
    uint32_t first = check_order(left), second = check_order(right);
    return first != second ? (first < second ? -1 : 1) : str_cmp(left->code, right->code);
}

/* Causes before consequences. Checks run even when nobody selected them: what
 * they explain is not to be reported as something else. Matches explain
 * nothing. */
static const Rule **rules_in_order(const RuleSet *rules, const Selection *selection, Arena *arena,
                                   uint32_t *count)
{
    const Rule **order = arena_array(arena, const Rule *, rules->count);
    *count = 0;
    for (uint32_t i = 0; i < rules->count; i++) {
        const Rule *rule = &rules->rules[i];
        if (rule->kind == RULE_CHECK || select_severity(selection, rule, rule->severity))
            order[(*count)++] = rule;
    }
    if (*count)
        qsort(order, *count, sizeof *order, by_order);
    return order;
}

/* What is about the run itself comes when everything else is settled, each in its turn. */
static uint32_t stage_of(const Rule *rule)
{
    uint32_t order = check_order(rule);
    return order < CHECK_unused_suppression || order == CHECK_COUNT
               ? 0
               : order - CHECK_unused_suppression + 1;
}
enum { STAGES = CHECK_COUNT - CHECK_unused_suppression + 1 };

/* One run of the engine. */
typedef struct Run {
    const RuleSet *rules;
    const Workspace *workspace;
    const Analysis *analyses;
    const Selection *selection;
    const Rule **order;
    uint32_t count;
    Findings *out;
    Map known; /* fingerprints of Selection.known */
} Run;

static void run_rule(const Run *run, uint32_t project, const Rule *rule, struct Shared *shared)
{
    Arena scratch = {0};
    RuleContext context = {.rule = rule,
                           .rules = run->rules,
                           .selection = run->selection,
                           .workspace = run->workspace,
                           .project = &run->workspace->projects[project],
                           .graph = run->analyses[project].state->graph,
                           .state = run->analyses[project].state,
                           .registry = run->analyses[project].registry,
                           .drift = run->analyses[project].drift,
                           .branches = run->selection->branches,
                           .branch_count = run->selection->branch_count,
                           .findings = run->out,
                           .shared = shared,
                           .scratch = &scratch};
    (rule->kind == RULE_CHECK ? rule->check : match_run)(&context);
    arena_free(&scratch);
}

static void run_project(const Run *run, uint32_t project, uint32_t stage)
{
    Causes causes = {0};
    struct Shared shared = {0};
    run->out->causes = &causes;
    for (uint32_t i = 0; i < run->count; i++)
        if (stage_of(run->order[i]) == stage)
            run_rule(run, project, run->order[i], &shared);
    arena_free(&shared.arena);
    map_free(&causes.by_node);
    map_free(&causes.by_model);
    array_free(&causes.findings);
    run->out->causes = NULL;
}

/* Puts the severity in force on every finding; what is not to be seen gets
 * none. */
static void judge(const Selection *selection, Findings *findings, uint32_t first)
{
    for (uint32_t i = first; i < findings->reported.count; i++) {
        Finding *finding = findings->reported.items[i];
        finding->severity = select_severity(selection, finding->rule, finding->severity);
        if (finding->foreign || !select_place(selection, finding->rule, finding->place.path) ||
            !select_app(selection, finding->rule, finding->owner, finding->migration))
            finding->severity = SEVERITY_OFF;
        if (finding->severity)
            finding->suppression = suppression_of(&findings->suppressions, finding);
    }
}

/* The nearest cause that is shown; NULL when there is none, or when the
 * finding is graver than it. */
static Finding *shown_cause(const Finding *finding)
{
    Finding *cause = finding->cause;
    while (cause && cause->severity == SEVERITY_OFF)
        cause = cause->cause;
    return cause && cause->severity >= finding->severity ? cause : NULL;
}

/* The finding below which this one is listed; itself when it stands alone. */
static Finding *shown_below(Finding *finding)
{
    for (Finding *cause; (cause = shown_cause(finding));)
        finding = cause;
    return finding;
}

static int by_place(const void *a, const void *b)
{
    const Finding *left = *(const Finding *const *)a, *right = *(const Finding *const *)b;
    int order = str_cmp(left->place.path, right->place.path);
    if (!order)
        order = (left->place.span.start > right->place.span.start) -
                (left->place.span.start < right->place.span.start);
    if (!order)
        order = (left->place.span.end > right->place.span.end) -
                (left->place.span.end < right->place.span.end);
    if (!order)
        order = str_cmp(left->rule->code, right->rule->code);
    if (!order)
        order = str_cmp(left->message, right->message);
    return order ? order : str_cmp(left->project, right->project);
}

static bool alike(const Finding *a, const Finding *b)
{
    return a->rule == b->rule && str_eq(a->place.path, b->place.path) &&
           a->place.span.start == b->place.span.start && a->place.span.end == b->place.span.end &&
           str_eq(a->message, b->message);
}

static uint32_t sort_unique(Finding **items, uint32_t count)
{
    uint32_t kept = 0;
    if (count)
        qsort(items, count, sizeof *items, by_place);
    for (uint32_t i = 0; i < count; i++)
        if (!kept || !alike(items[kept - 1], items[i]))
            items[kept++] = items[i];
    return kept;
}

typedef Array(Finding *) List;

/* Hangs consequences below what they are shown with; `shown` becomes those that stand alone. Two
 * passes: counting, then filling, so that each list is one array. */
static void hang(Arena *arena, List *shown)
{
    Finding **tops = arena_array(arena, Finding *, shown->count);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < shown->count; i++) {
        tops[i] = shown_below(shown->items[i]);
        tops[i]->consequence_count += tops[i] != shown->items[i];
    }
    for (uint32_t i = 0; i < shown->count; i++) {
        Finding *finding = shown->items[i];
        finding->consequences = arena_array(arena, Finding *, finding->consequence_count);
        finding->consequence_count = 0;
    }
    for (uint32_t i = 0; i < shown->count; i++) {
        Finding *finding = shown->items[i];
        if (tops[i] == finding)
            shown->items[kept++] = finding;
        else
            tops[i]->consequences[tops[i]->consequence_count++] = finding;
    }
    shown->count = kept;
}

/* What follows from something suppressed has the same mend, so it is hidden with it. */
static const Suppression *suppressed_by(const Finding *finding)
{
    while (finding && !finding->suppression)
        finding = shown_cause(finding);
    return finding ? finding->suppression : NULL;
}

static void collect(Findings *findings, uint32_t first, List *shown)
{
    for (uint32_t i = first; i < findings->reported.count; i++) {
        Finding *finding = findings->reported.items[i];
        if (finding->severity == SEVERITY_OFF)
            continue;
        finding->suppression = suppressed_by(finding);
        if (finding->suppression)
            array_push(&findings->hidden, finding);
        else
            array_push(shown, finding);
    }
    hang(&findings->arena, shown);
    shown->count = sort_unique(shown->items, shown->count);
    for (uint32_t i = 0; i < shown->count; i++) {
        Finding *top = shown->items[i];
        top->consequence_count = sort_unique(top->consequences, top->consequence_count);
    }
}

static void add_known(Map *known, const Finding *finding)
{
    map_set(known, str_hash(finding->fingerprint), 1);
}

/* One that is known stays when something new follows from it. */
static bool is_new(const Map *known, const Finding *finding)
{
    bool new = !map_has(known, str_hash(finding->fingerprint));
    for (uint32_t c = 0; c < finding->consequence_count && !new; c++)
        new = !map_has(known, str_hash(finding->consequences[c]->fingerprint));
    return new;
}

static void note_known(const Findings *earlier, Map *known)
{
    for (uint32_t i = 0; i < earlier->count; i++) {
        add_known(known, earlier->items[i]);
        for (uint32_t c = 0; c < earlier->items[i]->consequence_count; c++)
            add_known(known, earlier->items[i]->consequences[c]);
    }
    for (uint32_t i = 0; i < earlier->baselined.count; i++)
        add_known(known, earlier->baselined.items[i]);
}

/* The cause is not reported, so the finding says itself where it is. */
static void stand_alone(Findings *out, Finding *finding, const Finding *cause)
{
    RuleContext context = {.findings = out};
    finding_note(&context, finding, cause->place, "it follows from %.*s, which the baseline has",
                 STR_ARG(cause->rule->code));
    finding->notes[finding->note_count - 1].location = cause->location;
}

/* Without those that the baseline has; below one of these nothing stays. */
static void put_aside_below(Findings *out, Finding *top, List *left)
{
    uint32_t kept = 0;
    for (uint32_t c = 0; c < top->consequence_count; c++) {
        Finding *below = top->consequences[c];
        if (below->baselined) {
            array_push(&out->baselined, below);
        } else if (top->baselined) {
            stand_alone(out, below, top);
            array_push(left, below);
        } else {
            top->consequences[kept++] = below;
        }
    }
    top->consequence_count = kept;
}

static void put_aside(const Run *run, List *shown)
{
    Findings *out = run->out;
    List left = {0};
    if (!run->selection->baseline)
        return;
    baseline_mark(run->selection->baseline, run->workspace, out, shown->items, shown->count);
    for (uint32_t i = 0; i < shown->count; i++) {
        Finding *top = shown->items[i];
        put_aside_below(out, top, &left);
        if (top->baselined)
            array_push(&out->baselined, top);
        else
            array_push(&left, top);
    }
    array_free(shown);
    *shown = left;
    shown->count = sort_unique(shown->items, shown->count);
}

/* What was reported from `first` on becomes what is shown and what is hidden. */
static void settle(Run *run, uint32_t first)
{
    Findings *out = run->out;
    List shown = {0};
    uint32_t hidden = out->hidden.count;
    judge(run->selection, out, first);
    collect(out, first, &shown);
    out->hidden.count =
        hidden + sort_unique(out->hidden.items + hidden, out->hidden.count - hidden);
    locate_findings(run->workspace, out, first);
    fingerprint_findings(shown.items, shown.count, out->hidden.items + hidden,
                         out->hidden.count - hidden, &out->arena);
    put_aside(run, &shown);
    for (uint32_t i = 0; i < shown.count; i++) {
        Finding *finding = shown.items[i];
        if (run->selection->known && !is_new(&run->known, finding))
            continue;
        array_push(&out->kept, finding);
        out->by_severity[finding->severity]++;
    }
    out->items = out->kept.items;
    out->count = out->kept.count;
    array_free(&shown);
}

void engine_run(const RuleSet *rules, const Workspace *workspace, const Analysis *analyses,
                const Selection *selection, Findings *out)
{
    Arena scratch = {0};
    Run run = {rules, workspace, analyses, selection, .out = out};
    *out = (Findings){0};
    run.order = rules_in_order(rules, selection, &scratch, &run.count);
    if (selection->known)
        note_known(selection->known, &run.known);
    for (uint32_t stage = 0; stage < STAGES; stage++) {
        uint32_t first = out->reported.count;
        for (uint32_t i = 0; i < workspace->project_count; i++)
            run_project(&run, i, stage);
        if (!stage) /* now every file has been read that anybody asked for */
            out->suppressions = suppressions_find(workspace, rules, &out->arena);
        settle(&run, first);
    }
    out->count = sort_unique(out->items, out->count);
    out->hidden.count = sort_unique(out->hidden.items, out->hidden.count);
    out->baselined.count = sort_unique(out->baselined.items, out->baselined.count);
    array_free(&out->reported);
    map_free(&run.known);
    arena_free(&scratch);
}

void findings_free(Findings *findings)
{
    array_free(&findings->reported);
    array_free(&findings->kept);
    array_free(&findings->hidden);
    array_free(&findings->baselined);
    suppressions_free(&findings->suppressions);
    arena_free(&findings->arena);
    *findings = (Findings){0};
}
