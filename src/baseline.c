#include "handle.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "report/baseline.h"

#include <assert.h>
#include <stdlib.h>

/* Glue only: baselines behind the public face. */

MigralintBaseline *migralint_baseline_read(const MigralintBaselineFile *file, MigralintError *err)
{
    MigralintBaseline *made = xcalloc(1, sizeof *made);
    Error why = {0};
    made->read.path = str(file->path);
    made->read.prefix = str(file->prefix);
    if (baseline_read(&made->read, str(file->name), (Str){file->bytes, file->length}, &why))
        return made;
    free(made);
    handle_fail(err, &why);
    return NULL;
}

void migralint_baseline_free(MigralintBaseline *baseline)
{
    if (!baseline)
        return;
    baseline_free(&baseline->read);
    free(baseline);
}

static MigralintBaselineChanges changes_of(const Migralint *migralint, const BaselineRows *rows,
                                           const MigralintBaseline *baseline)
{
    return (MigralintBaselineChanges){
        .kept = rows->counts[FATE_KEPT],
        .moved = rows->counts[FATE_MOVED],
        .added = rows->counts[FATE_ADDED],
        .dropped = rows->counts[FATE_DROPPED],
        .left_out = rows->left_out,
        .broken = migralint->findings.stale_unknown,
        .other_run = baseline && !baseline_is_comparable(&baseline->read, &migralint->workspace),
    };
}

static void write_to(MigralintText *text, const BaselineRows *rows, const Workspace *workspace)
{
    StrBuf buffer = {text->bytes, text->length, text->capacity};
    if (workspace)
        baseline_json(rows, workspace, &buffer);
    else
        baseline_preview(rows, &buffer);
    *text = (MigralintText){buffer.ptr, buffer.len, buffer.capacity};
}

static bool fits(const BaselineRows *rows, const MigralintText *file, Error *why)
{
    uint32_t count = rows->list.count - rows->counts[FATE_DROPPED];
    if (count > LIMIT_BASELINE_ENTRIES || file->length > LIMIT_BASELINE_BYTES)
        return error_set(why, "%u findings are more than a baseline may hold: select fewer rules",
                         count);
    return true;
}

bool migralint_write_baseline(const Migralint *migralint, const MigralintBaseline *baseline,
                              MigralintBaselineWay way, bool add, const char *prefix,
                              MigralintText *file, MigralintText *preview,
                              MigralintBaselineChanges *changes, MigralintError *err)
{
    assert(migralint->checked && (baseline || way == MIGRALINT_BASELINE_CREATE));
    BaselineRows rows = {0};
    Error why = {0};
    if (way == MIGRALINT_BASELINE_CREATE)
        baseline_record(&rows, &migralint->findings, str(prefix));
    else
        baseline_shrink(&rows, &migralint->findings, &baseline->read,
                        way == MIGRALINT_BASELINE_UPDATE, add);
    write_to(file, &rows, &migralint->workspace);
    if (preview)
        write_to(preview, &rows, NULL);
    *changes = changes_of(migralint, &rows, baseline);
    bool ok = fits(&rows, file, &why);
    baseline_rows_free(&rows);
    return ok || handle_fail(err, &why);
}
