#ifndef MIGRALINT_HANDLE_H
#define MIGRALINT_HANDLE_H

/*
 * What is behind the public handle, shared by the files that implement the
 * public header: migralint.c opens and checks, selection.c reads what to
 * report, writing.c writes. Nothing below src/ may include this.
 */

#include "graph/compare.h"
#include "models/drift.h"
#include "report/report.h"
#include "rules/baseline.h"
#include "state/state.h"

#include <migralint/migralint.h>

/* A reader that counts, so that somebody can show that something happens. */
typedef struct CountingReader {
    Reader inner;
    const MigralintOptions *options;
    size_t files;
} CountingReader;

struct Migralint {
    MigralintOptions options;
    Arena arena; /* lists of texts and graphs */
    RuleSet rules;
    bool rules_loaded;
    DiskReader disk;
    CountingReader counting;
    MigralintTree tree; /* instead of `disk` */
    TreeReader listed;
    Workspace workspace;
    bool opened;
    Graph *graphs;
    State *states;        /* one per graph, once somebody asked for them */
    Registry *registries; /* one per state, once somebody asked for them */
    Analysis *analyses;   /* the same */
    Findings findings;
    const MigralintBaseline *baseline; /* that they were checked with; NULL: none */
    bool checked;
};

struct MigralintBaseline {
    Baseline read;
};

/* Copies the reason out and returns false. */
bool handle_fail(MigralintError *err, const Error *why);
/* Loads the built-in rules and one's own, once. */
bool handle_load_rules(Migralint *migralint, bool examples, MigralintError *err);
/* The states of every project, replayed once. */
const State *handle_states(Migralint *migralint);
/* The models of every project, read once. */
const Registry *handle_registries(Migralint *migralint);
/* Everything about every project, done once. */
const Analysis *handle_analyses(Migralint *migralint);
/* What has changed since `base`, which is open and shares its names; in `arena`. NULL without a
 * base. */
const Comparisons *handle_compare(Migralint *migralint, Migralint *base, Arena *arena);
/* A Mermaid chart of that, with one node an app where it would be longer than `most` bytes
 * otherwise. Empty when nothing has changed; false when even that would be longer. */
bool handle_chart_changes(Migralint *migralint, Migralint *base, size_t most, StrBuf *out);
/* Adds the rules of the directories, given from the working directory. */
bool load_own_rules(RuleSet *rules, MigralintList dirs, Error *why);

/* In `arena`; the bytes are borrowed. */
Str *strs_of(MigralintList list, Arena *arena);

/* False with *why for a selector that means no rule. `*to` is in `arena`. */
bool selection_read(const RuleSet *rules, const MigralintSelection *from, Arena *arena,
                    Selection *to, Error *why);
/* Sets *why to "there is no rule …", with the nearest there is; false. */
bool unknown_rule(const RuleSet *rules, Str text, Error *why);

#endif
