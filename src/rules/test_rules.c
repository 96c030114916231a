#include "rules/engine.h"

#include "base/merge.h"
#include "rules/baseline.h"

#include <stdlib.h>

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
        if (findings->items[i]->rule != trials->rule || !is_at(findings->items[i], expected))
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
        if (findings->items[i]->rule == trials->rule)
            judge_finding(trials, findings->items[i]);
}

/* ---- versions of the example's project ----------------------------------- */

/* One of them, opened. */
typedef struct Opened {
    MemoryReader memory;
    Workspace workspace;
    Arena arena;
    Graph *graphs;
    State *states; /* these once somebody asked for them */
    Registry *registries;
    Drift *drifts;
    Analysis *analyses;
} Opened;

static bool open_files(Opened *opened, const MemoryFile *files, uint32_t count,
                       const Example *tracking, Error *err)
{
    WorkspaceOptions options = {.root_name = S("example"), .django = 502};
    if (tracking) {
        options.find.ignored = tracking->ignored;
        options.find.ignored_count = tracking->ignored_count;
        options.untracked = tracking->untracked;
        options.untracked_count = tracking->untracked_count;
    }
    GraphOptions graph_options = {.django = options.django};
    opened->memory = (MemoryReader){files, count};
    if (!workspace_open(&opened->workspace, reader_memory(&opened->memory), &options, err))
        return false;
    Workspace *workspace = &opened->workspace;
    opened->graphs = arena_array(&opened->arena, Graph, workspace->project_count);
    for (uint32_t i = 0; i < workspace->project_count; i++)
        graph_build(&opened->graphs[i], &workspace->projects[i], &workspace->interner,
                    &graph_options, &opened->arena);
    return true;
}

static const Analysis *analyse(void *self)
{
    Opened *opened = self;
    Arena *arena = &opened->arena;
    uint32_t count = opened->workspace.project_count;
    if (opened->analyses)
        return opened->analyses;
    opened->states = arena_array(arena, State, count);
    opened->registries = arena_array(arena, Registry, count);
    opened->drifts = arena_array(arena, Drift, count);
    opened->analyses = arena_array(arena, Analysis, count);
    for (uint32_t i = 0; i < count; i++) {
        State *state = &opened->states[i];
        state_build(state, &opened->workspace, &opened->graphs[i], arena);
        registry_read(&opened->registries[i], &opened->workspace, state, arena);
        opened->drifts[i] = drift_find(&opened->registries[i], state, arena);
        opened->analyses[i] = (Analysis){state, &opened->registries[i], &opened->drifts[i]};
    }
    return opened->analyses;
}

static void close_files(Opened *opened)
{
    for (uint32_t i = 0; opened->analyses && i < opened->workspace.project_count; i++) {
        registry_free(&opened->registries[i]);
        state_free(&opened->states[i]);
    }
    workspace_close(&opened->workspace);
    arena_free(&opened->arena);
}

static int by_path(const void *a, const void *b)
{
    const TreeFile *left = a, *right = b;
    return str_cmp(left->path, right->path);
}

/* Texts tell contents apart; an empty one needs another name, for it is equal to nothing. */
static FileTree tree_of(const MemoryFile *files, uint32_t count, Arena *arena)
{
    FileTree tree = {arena_array(arena, TreeFile, count + 1), count};
    for (uint32_t i = 0; i < count; i++)
        tree.files[i] =
            (TreeFile){files[i].path, arena_printf(arena, "+%.*s", STR_ARG(files[i].text))};
    if (count)
        qsort(tree.files, count, sizeof *tree.files, by_path);
    return tree;
}

static bool open_merged(Opened *opened, const Example *example, Error *err)
{
    Arena *arena = &opened->arena;
    FileTree fork = tree_of(example->fork, example->fork_count, arena);
    FileTree ours = tree_of(example->files, example->file_count, arena);
    FileTree theirs = tree_of(example->theirs, example->theirs_count, arena);
    MergedTree merged = merge_trees(&fork, &ours, &theirs, arena);
    MemoryFile *files = arena_array(arena, MemoryFile, merged.count + 1);
    for (uint32_t i = 0; i < merged.count; i++) {
        MergedFile from = merged.files[i];
        TreeFile file = (from.theirs ? &theirs : &ours)->files[from.index];
        files[i] = (MemoryFile){file.path, str_sub(file.id, 1, file.id.len)};
    }
    return open_files(opened, files, merged.count, NULL, err);
}

static Version version_of(Opened *opened)
{
    return (Version){&opened->workspace, opened->graphs, analyse, opened};
}

/* An example brings its baseline as a team does: as a file at the root. */
static bool read_baseline(const Example *example, Baseline *baseline, Error *err)
{
    baseline->path = S(".migralint-baseline.json");
    for (uint32_t i = 0; i < example->file_count; i++)
        if (str_eq(example->files[i].path, baseline->path))
            return baseline_read(baseline, baseline->path, example->files[i].text, err);
    return true;
}

static void run_example(Trials *trials, const RuleSet *rules)
{
    enum { OURS, FORK, THEIRS, MERGED, VERSIONS };
    const Example *example = trials->example;
    Opened opened[VERSIONS] = {0};
    /* What is about suppressions needs something that is suppressed. */
    const Str chosen[] = {trials->rule->code, S("ALL")};
    bool linter = str_eq(trials->rule->category, S("linter"));
    Selection selection = {.select = chosen, .select_count = linter ? 2 : 1};
    Error err = {{0}};
    Branch branch = {.name = S("main"), .base = true};
    Baseline baseline = {0};
    bool ok = read_baseline(example, &baseline, &err) &&
              open_files(&opened[OURS], example->files, example->file_count, example, &err);
    selection.baseline = &baseline;
    if (ok && example->fork) {
        ok = open_files(&opened[FORK], example->fork, example->fork_count, NULL, &err) &&
             open_files(&opened[THEIRS], example->theirs, example->theirs_count, NULL, &err) &&
             open_merged(&opened[MERGED], example, &err);
        branch.fork = version_of(&opened[FORK]);
        branch.theirs = version_of(&opened[THEIRS]);
        branch.merged = version_of(&opened[MERGED]);
        selection.branches = &branch;
        selection.branch_count = 1;
    }
    if (ok) {
        Findings findings;
        engine_run(rules, &opened[OURS].workspace, analyse(&opened[OURS]), &selection, &findings);
        judge(trials, &findings);
        findings_free(&findings);
    } else {
        fail(trials, arena_printf(trials->arena, "cannot be opened: %s", err.text));
    }
    baseline_free(&baseline);
    for (int i = 0; i < VERSIONS; i++)
        close_files(&opened[i]);
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
