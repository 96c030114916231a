#ifndef MIGRALINT_REPORT_BASELINE_H
#define MIGRALINT_REPORT_BASELINE_H

/* A baseline as a file: one line a finding, so that a diff shows what was mended. */

#include "report/report.h"
#include "rules/baseline.h"

/* What becomes of an entry. */
typedef enum Fate { FATE_KEPT, FATE_MOVED, FATE_ADDED, FATE_DROPPED, FATES } Fate;

typedef struct BaselineRow {
    BaselineEntry entry;      /* as it is written */
    const BaselineEntry *was; /* FATE_MOVED: before */
    Fate fate;
} BaselineRow;

typedef struct BaselineRows {
    Arena arena;
    Array(BaselineRow) list; /* in the order of the file */
    uint32_t counts[FATES];
    uint32_t left_out; /* findings that no row has */
} BaselineRows;

/* Everything that was found. */
void baseline_record(BaselineRows *rows, const Findings *findings, Str prefix);
/* What became of the baseline in the run; `renew`: entries say where their findings are now;
 * `add`: and what is new becomes one. */
void baseline_shrink(BaselineRows *rows, const Findings *findings, const Baseline *baseline,
                     bool renew, bool add);
void baseline_rows_free(BaselineRows *rows);

void baseline_json(const BaselineRows *rows, const Workspace *workspace, StrBuf *out);
/* A line for each that changes. */
void baseline_preview(const BaselineRows *rows, StrBuf *out);

#endif
