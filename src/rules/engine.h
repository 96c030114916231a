#ifndef MIGRALINT_RULES_ENGINE_H
#define MIGRALINT_RULES_ENGINE_H

/*
 * Runs rules over a workspace and keeps what they find: the selected, at the
 * severity in force, each once, sorted by path, line, column and code.
 */

#include "models/drift.h"
#include "rules/branch.h"
#include "rules/rule.h"
#include "rules/suppress.h"

typedef struct SeverityOverride {
    Str selector; /* code, prefix or name */
    Severity severity;
} SeverityOverride;

/* Rules that are ignored in a part of the project. */
typedef struct PartIgnore {
    Str pattern; /* of paths: as in source_glob(); of apps: "label" or "label.migration", with '*'
                  */
    Str *selectors;
    uint32_t selector_count;
} PartIgnore;

typedef struct Selection {
    const Str *select; /* none: every rule that is on by default */
    uint32_t select_count;
    const Str *ignore; /* the longer selector wins, as in ruff; ignore wins a tie */
    uint32_t ignore_count;
    const SeverityOverride *severities;
    uint32_t severity_count;
    const PartIgnore *path_ignores;
    uint32_t path_ignore_count;
    const PartIgnore *app_ignores;
    uint32_t app_ignore_count;
    const Str *only_paths; /* report only findings in these files or below these directories */
    uint32_t only_path_count;
    const Branch *branches; /* what this will be merged with */
    uint32_t branch_count;
    const struct Findings *known;    /* report only what these do not have; NULL: all */
    const struct Baseline *baseline; /* put aside what this has; NULL: nothing */
} Selection;

typedef struct Findings {
    Arena arena;
    Finding **items; /* top-level ones, sorted */
    uint32_t count;
    uint32_t by_severity[4];    /* top-level findings, by Severity */
    Array(Finding *) hidden;    /* what comments suppress, with what follows from it; sorted */
    Suppressions suppressions;  /* the comments */
    Array(Finding *) baselined; /* what the baseline has, with what follows from it; sorted */
    Finding **taken;            /* by entry of the baseline: which of these it is; NULL: none */
    bool *stale;        /* by entry of the baseline: looked for, and surely no longer there */
    bool stale_unknown; /* … which cannot be told, for something new keeps a project from loading */
    struct Causes *causes;     /* private, while rules run */
    Array(Finding *) reported; /* private, while rules run */
    Array(Finding *) kept;     /* private: what `items` is */
} Findings;

/*
 * One analysis per project, in project order. What a comment suppresses is hidden together with
 * what follows from it, for both are mended at once. A cause that is not selected, is
 * ignored or lies outside only_paths gives its consequences back; so does one
 * whose consequence is graver than itself: nothing hides behind a milder one. What the baseline has
 * is put aside one by one, so that something new is reported even where its cause is known.
 */
void engine_run(const RuleSet *rules, const Workspace *workspace, const Analysis *analyses,
                const Selection *selection, Findings *out);
void findings_free(Findings *findings);

/* An example that did not behave as it must. */
typedef struct ExampleFailure {
    const Rule *rule;
    const Example *example;
    Str text; /* "reports nothing on line 7", "reports MG101 on line 3, which no line expects" */
} ExampleFailure;

typedef struct ExampleReport {
    ExampleFailure *items;
    uint32_t count;
    uint32_t examples_run;
} ExampleReport;

/*
 * Runs every rule's examples, each as a workspace in memory with only that
 * rule selected. Failures are sorted by rule, then line of the example.
 */
void engine_test_rules(const RuleSet *rules, Arena *arena, ExampleReport *out);

#endif
