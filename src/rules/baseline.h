#ifndef MIGRALINT_RULES_BASELINE_H
#define MIGRALINT_RULES_BASELINE_H

/*
 * A baseline: the findings that a team lives with for now. What it has is put aside, whatever is
 * new is reported, and what it has and nobody finds any more is stale (MG904), so that it only
 * shrinks. It is a JSON file; docs/baseline.md tells its shape and how findings are known again.
 */

#include "rules/engine.h"

typedef struct BaselineEntry {
    Str code;
    Str app, migration; /* empty: about neither */
    Str path;           /* from where the baseline's paths count, see Baseline.prefix */
    uint32_t line;
    Str message;
    Str source; /* Finding.line */
    Str fingerprint;
    Span span; /* in the file; {0, 0} of one that was not read from it */
    Location location;
} BaselineEntry;

typedef struct Baseline {
    Arena arena;
    Str path;        /* of the file, as its findings name it */
    Str prefix;      /* what leads from where its paths count to the root: "" or "backend/" */
    unsigned django; /* 502: the Django that it was made for; 0: not said */
    bool installed;  /* … with installed apps at hand */
    BaselineEntry *entries;
    uint32_t count;
} Baseline;

/* Reads the text of a file; errors call it `name`. False with *err, which says line and column, for
 * what is none; nothing is to be freed then. */
bool baseline_read(Baseline *baseline, Str name, Str text, Error *err);
void baseline_free(Baseline *baseline);

/* A finding as an entry. Texts are borrowed but for those in `arena`. */
BaselineEntry baseline_entry(const Finding *finding, Str prefix, Arena *arena);
int baseline_order(const void *a, const void *b); /* of entries in a file, for qsort() */

/*
 * Sets Finding.baselined of these and of their consequences where an entry has them, and
 * Findings.entries accordingly. Each entry has one finding. To be called once a stage: entries that
 * earlier stages have taken stay taken.
 */
void baseline_mark(const Baseline *baseline, const Workspace *workspace, Findings *findings,
                   Finding *const *tops, uint32_t count);

/* The path of an entry from the root; false for one that lies outside of it. */
bool baseline_path(const Baseline *baseline, const BaselineEntry *entry, Str *path);
/* Whether the run looked for nothing else than the one that the baseline was made by. */
bool baseline_is_comparable(const Baseline *baseline, const Workspace *workspace);

#endif
