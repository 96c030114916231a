#include "rules/engine.h"

#include "rules/causes.h"
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

static void run_project(const Rule **order, uint32_t count, const Workspace *workspace,
                        uint32_t project, const Analysis *analyses, const Selection *selection,
                        Findings *out)
{
    Causes causes = {0};
    struct Shared shared = {0};
    out->causes = &causes;
    for (uint32_t i = 0; i < count; i++) {
        Arena scratch = {0};
        RuleContext context = {.rule = order[i],
                               .workspace = workspace,
                               .project = &workspace->projects[project],
                               .graph = analyses[project].state->graph,
                               .state = analyses[project].state,
                               .registry = analyses[project].registry,
                               .drift = analyses[project].drift,
                               .branches = selection->branches,
                               .branch_count = selection->branch_count,
                               .findings = out,
                               .shared = &shared,
                               .scratch = &scratch};
        (order[i]->kind == RULE_CHECK ? order[i]->check : match_run)(&context);
        arena_free(&scratch);
    }
    arena_free(&shared.arena);
    map_free(&causes.by_node);
    map_free(&causes.by_model);
    array_free(&causes.findings);
    out->causes = NULL;
}

/* Puts the severity in force on every finding; what is not to be seen gets
 * none. */
static void judge(const Selection *selection, Findings *findings)
{
    for (uint32_t i = 0; i < findings->reported.count; i++) {
        Finding *finding = findings->reported.items[i];
        finding->severity = select_severity(selection, finding->rule, finding->severity);
        if (finding->foreign || !select_place(selection, finding->rule, finding->place.path))
            finding->severity = SEVERITY_OFF;
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

/* Hangs consequences below what they are shown with. Two passes: counting,
 * then filling, so that each list is one array. */
static void hang(Findings *findings, Finding *const *shown, uint32_t count)
{
    Finding **tops = arena_array(&findings->arena, Finding *, count);
    for (uint32_t i = 0; i < count; i++) {
        tops[i] = shown_below(shown[i]);
        tops[i]->consequence_count += tops[i] != shown[i];
    }
    for (uint32_t i = 0; i < count; i++) {
        shown[i]->consequences =
            arena_array(&findings->arena, Finding *, shown[i]->consequence_count);
        shown[i]->consequence_count = 0;
    }
    findings->items = arena_array(&findings->arena, Finding *, count);
    for (uint32_t i = 0; i < count; i++) {
        if (tops[i] == shown[i])
            findings->items[findings->count++] = shown[i];
        else
            tops[i]->consequences[tops[i]->consequence_count++] = shown[i];
    }
}

static void collect(Findings *findings)
{
    Array(Finding *) shown = {0};
    for (uint32_t i = 0; i < findings->reported.count; i++)
        if (findings->reported.items[i]->severity != SEVERITY_OFF)
            array_push(&shown, findings->reported.items[i]);
    hang(findings, shown.items, shown.count);
    findings->count = sort_unique(findings->items, findings->count);
    for (uint32_t i = 0; i < findings->count; i++) {
        Finding *top = findings->items[i];
        top->consequence_count = sort_unique(top->consequences, top->consequence_count);
        findings->by_severity[top->severity]++;
    }
    array_free(&shown);
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

static void drop_known(Findings *findings, const Findings *earlier)
{
    Map known = {0};
    uint32_t kept = 0;
    for (uint32_t i = 0; i < earlier->count; i++) {
        add_known(&known, earlier->items[i]);
        for (uint32_t c = 0; c < earlier->items[i]->consequence_count; c++)
            add_known(&known, earlier->items[i]->consequences[c]);
    }
    for (uint32_t i = 0; i < findings->count; i++) {
        Finding *finding = findings->items[i];
        if (is_new(&known, finding))
            findings->items[kept++] = finding;
        else
            findings->by_severity[finding->severity]--;
    }
    findings->count = kept;
    map_free(&known);
}

void engine_run(const RuleSet *rules, const Workspace *workspace, const Analysis *analyses,
                const Selection *selection, Findings *out)
{
    Arena scratch = {0};
    uint32_t count;
    *out = (Findings){0};
    const Rule **order = rules_in_order(rules, selection, &scratch, &count);
    for (uint32_t i = 0; i < workspace->project_count; i++)
        run_project(order, count, workspace, i, analyses, selection, out);
    judge(selection, out);
    collect(out);
    locate_findings(workspace, out);
    fingerprint_findings(out);
    if (selection->known)
        drop_known(out, selection->known);
    array_free(&out->reported);
    arena_free(&scratch);
}

void findings_free(Findings *findings)
{
    array_free(&findings->reported);
    arena_free(&findings->arena);
    *findings = (Findings){0};
}
