#ifndef MIGRALINT_RULES_RULE_H
#define MIGRALINT_RULES_RULE_H

/*
 * Rules are data: one YAML file each, embedded in the binary; a team's own
 * are read from a directory. This header is what a rule is once loaded;
 * docs/writing-rules.md is the schema.
 */

#include "base/error.h"
#include "base/reader.h"
#include "rules/finding.h"

typedef struct RuleContext RuleContext;
typedef void (*CheckFunction)(RuleContext *context);

typedef enum RuleKind { RULE_MATCH, RULE_CHECK } RuleKind;

/* A line that a bad example marks with "# expect", with what must stand in
 * the finding's message or consequences there (may be empty). */
typedef struct Expectation {
    Str path;
    uint32_t line; /* 1-based; 0: the file as a whole */
    Str text;
} Expectation;

/* A tiny project that a rule must report (bad) or must not (good). */
typedef struct Example {
    bool bad;
    Str name;
    uint32_t line; /* in the rule's file */
    Str shown;     /* the Python as written in the rule; empty when `files` says it all */
    MemoryFile *files;
    uint32_t file_count;
    MemoryFile *fork, *theirs; /* where a branch parted, and what it has now; NULL: no branch */
    uint32_t fork_count, theirs_count;
    Str *ignored, *untracked; /* by version control */
    uint32_t ignored_count, untracked_count;
    Expectation *expectations;
    uint32_t expectation_count;
} Example;

typedef struct Rule {
    Str code;     /* "MG101" */
    Str name;     /* "missing-parent" */
    Str category; /* "files", "graph", "state", "drift", "branches", "applied", "rollout", "data",
                     "squash", "linter"; a team's own: any word */
    Severity severity;
    bool opt_in; /* runs only when selected by name */
    bool own;    /* a team's: from a directory, not embedded */
    Str since, summary, why, fix;
    Str *links;
    uint32_t link_count;
    RuleKind kind;
    CheckFunction check;       /* RULE_CHECK */
    const struct Match *match; /* RULE_MATCH, private to rules/match.c */
    Example *examples;
    uint32_t example_count;
    Str path; /* of its YAML file */
} Rule;

typedef struct RuleSet {
    Arena arena;
    Rule *rules; /* sorted by code */
    uint32_t count;
} RuleSet;

/* The embedded rules. They load or the build is broken (a test sees to it).
 * Running them takes no examples; explaining and testing them does. */
bool rules_load(RuleSet *rules, bool examples, Error *err);
/* Adds those of every *.yaml / *.yml below `dir` (but not of its "data" directory, which holds
 * tables); one with the code of a rule that is there takes its place. *err names file, line and
 * column; the set is then unchanged. */
bool rules_load_dir(RuleSet *rules, const Reader *reader, Str dir, Error *err);
void rules_free(RuleSet *rules);

/* By code or name, case-insensitively; NULL when there is none. */
const Rule *rules_find(const RuleSet *rules, Str code_or_name);
/* The code or name nearest to a mistyped one; empty when none is near. */
Str rules_nearest(const RuleSet *rules, Str text);
/* Whether the selector ("MG101", "MG1", "MG", "ALL", or a name) means the rule. */
bool rule_selected(const Rule *rule, Str selector);

#endif
