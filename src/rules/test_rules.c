#include "rules/engine.h"

typedef struct Trials {
    Arena *arena;
    Array(ExampleFailure) failures;
    const Rule *rule; /* being tried */
    const Example *example;
} Trials;

static void fail(Trials *trials, Str text)
{
    array_push(&trials->failures, (ExampleFailure){trials->rule, trials->example, text});
}

/* "line 7 of blog/migrations/0002.py", or "blog/migrations" for a whole file. */
static Str where(Arena *arena, Str path, uint32_t line)
{
    if (!line)
        return arena_printf(arena, "`%.*s` as a whole", STR_ARG(path));
    return arena_printf(arena, "line %u of `%.*s`", line, STR_ARG(path));
}

static uint32_t line_of(const Finding *finding)
{
    return finding->place.span.end ? finding->location.line : 0;
}

static bool says(const Finding *finding, Str text)
{
    if (str_contains(finding->message, text) || str_contains(finding->help, text))
        return true;
    for (uint32_t i = 0; i < finding->note_count; i++)
        if (str_contains(finding->notes[i].text, text))
            return true;
    for (uint32_t i = 0; i < finding->consequence_count; i++)
        if (says(finding->consequences[i], text))
            return true;
    return false;
}

static bool is_at(const Finding *finding, const Expectation *expected)
{
    return str_eq(finding->place.path, expected->path) && line_of(finding) == expected->line;
}

static void judge_expectation(Trials *trials, const Findings *findings, const Expectation *expected)
{
    const Finding *near = NULL;
    for (uint32_t i = 0; i < findings->count; i++) {
        if (!is_at(findings->items[i], expected))
            continue;
        if (says(findings->items[i], expected->text))
            return;
        near = findings->items[i];
    }
    Str at = where(trials->arena, expected->path, expected->line);
    if (near)
        fail(trials, arena_printf(trials->arena, "says \"%.*s\" for %.*s, not \"%.*s\"",
                                  STR_ARG(near->message), STR_ARG(at), STR_ARG(expected->text)));
    else
        fail(trials, arena_printf(trials->arena, "reports nothing for %.*s", STR_ARG(at)));
}

static void judge_finding(Trials *trials, const Finding *finding)
{
    const Example *example = trials->example;
    for (uint32_t i = 0; i < example->expectation_count; i++)
        if (is_at(finding, &example->expectations[i]))
            return;
    Str at = where(trials->arena, finding->place.path, line_of(finding));
    fail(trials, arena_printf(trials->arena, "reports \"%.*s\" for %.*s, which %s",
                              STR_ARG(finding->message), STR_ARG(at),
                              example->bad ? "no line expects" : "is good"));
}

static void judge(Trials *trials, const Findings *findings)
{
    for (uint32_t i = 0; i < trials->example->expectation_count; i++)
        judge_expectation(trials, findings, &trials->example->expectations[i]);
    for (uint32_t i = 0; i < findings->count; i++)
        judge_finding(trials, findings->items[i]);
}

/* What the rules say about a workspace that is open. */
static void run_rules(Trials *trials, const RuleSet *rules, Workspace *workspace)
{
    Selection selection = {.select = &trials->rule->code, .select_count = 1};
    GraphOptions options = {.django = workspace->options.django};
    Findings findings;
    Arena arena = {0};
    uint32_t count = workspace->project_count;
    Graph *graphs = arena_array(&arena, Graph, count);
    State *states = arena_array(&arena, State, count);
    Registry *registries = arena_array(&arena, Registry, count);
    Drift *drifts = arena_array(&arena, Drift, count);
    Analysis *analyses = arena_array(&arena, Analysis, count);
    for (uint32_t i = 0; i < count; i++) {
        graph_build(&graphs[i], &workspace->projects[i], &workspace->interner, &options, &arena);
        state_build(&states[i], workspace, &graphs[i], &arena);
        registry_read(&registries[i], workspace, &states[i], &arena);
        drifts[i] = drift_find(&registries[i], &states[i], &arena);
        analyses[i] = (Analysis){&states[i], &registries[i], &drifts[i]};
    }
    engine_run(rules, workspace, analyses, &selection, &findings);
    judge(trials, &findings);
    findings_free(&findings);
    for (uint32_t i = 0; i < count; i++) {
        registry_free(&registries[i]);
        state_free(&states[i]);
    }
    arena_free(&arena);
}

static void run_example(Trials *trials, const RuleSet *rules)
{
    MemoryReader memory = {trials->example->files, trials->example->file_count};
    WorkspaceOptions options = {.root_name = S("example"), .django = 502};
    Workspace workspace = {0};
    Error err = {{0}};
    if (workspace_open(&workspace, reader_memory(&memory), &options, &err))
        run_rules(trials, rules, &workspace);
    else
        fail(trials, arena_printf(trials->arena, "cannot be opened: %s", err.text));
    workspace_close(&workspace);
}

void engine_test_rules(const RuleSet *rules, Arena *arena, ExampleReport *out)
{
    Trials trials = {.arena = arena};
    *out = (ExampleReport){0};
    for (uint32_t i = 0; i < rules->count; i++) {
        trials.rule = &rules->rules[i];
        for (uint32_t j = 0; j < trials.rule->example_count; j++) {
            trials.example = &trials.rule->examples[j];
            run_example(&trials, rules);
            out->examples_run++;
        }
    }
    out->items = arena_keep(arena, ExampleFailure, trials.failures.items, trials.failures.count);
    out->count = trials.failures.count;
    array_free(&trials.failures);
}
