#include "report/report.h"

#include <stdlib.h>

static bool counts(const Project *project, const App *app)
{
    (void)project;
    return app->origin == APP_OWN && app->migration_count;
}

Totals report_totals(const Workspace *workspace)
{
    Totals totals = {.projects = workspace->project_count, .files = workspace->module_count};
    for (uint32_t p = 0; p < workspace->project_count; p++) {
        const Project *project = &workspace->projects[p];
        for (uint32_t a = 0; a < project->app_count; a++)
            if (counts(project, &project->apps[a])) {
                totals.apps++;
                totals.migrations += project->apps[a].migration_count;
            }
    }
    return totals;
}

static void add_count(StrBuf *out, uint32_t count, const char *one, bool *first)
{
    if (!count)
        return;
    strbuf_printf(out, "%s%u %s%s", *first ? "" : ", ", count, one, count == 1 ? "" : "s");
    *first = false;
}

/* What the level keeps from being shown, with the option that shows it. */
static void add_hidden(const Report *report, StrBuf *out)
{
    const uint32_t *by = report->findings->by_severity;
    uint32_t warnings = report->level > SEVERITY_WARNING ? by[SEVERITY_WARNING] : 0;
    uint32_t infos = report->level > SEVERITY_INFO ? by[SEVERITY_INFO] : 0;
    if (!warnings && !infos)
        return;
    bool first = true;
    strbuf_add(out, S(" ("));
    add_count(out, warnings, "warning", &first);
    if (infos)
        strbuf_printf(out, "%s%u info", first ? "" : ", ", infos);
    strbuf_printf(out, " hidden, --level %s)", infos ? "info" : "warning");
}

static void add_suppressed(const Report *report, StrBuf *out)
{
    if (report->findings->hidden.count)
        strbuf_printf(out, ", %u suppressed", report->findings->hidden.count);
    if (report->findings->baselined.count)
        strbuf_printf(out, ", %u in the baseline", report->findings->baselined.count);
}

static void add_found(const Report *report, StrBuf *out)
{
    const uint32_t *by = report->findings->by_severity;
    StrBuf shown = {0};
    bool first = true;
    add_count(&shown, by[SEVERITY_ERROR], "error", &first);
    if (report->level <= SEVERITY_WARNING)
        add_count(&shown, by[SEVERITY_WARNING], "warning", &first);
    if (report->level <= SEVERITY_INFO && by[SEVERITY_INFO])
        strbuf_printf(&shown, "%s%u info", first ? "" : ", ", by[SEVERITY_INFO]);
    if (shown.len)
        strbuf_printf(out, "Found %s", shown.ptr);
    else
        strbuf_add(out, S("No problems found"));
    strbuf_free(&shown);
    add_hidden(report, out);
    add_suppressed(report, out);
}

typedef struct RuleCount {
    const Rule *rule;
    uint32_t count;
} RuleCount;

static int more_first(const void *a, const void *b)
{
    const RuleCount *left = a, *right = b;
    if (left->count != right->count)
        return left->count < right->count ? 1 : -1;
    return str_cmp(left->rule->code, right->rule->code);
}

static void add_statistics(const Report *report, StrBuf *out)
{
    Array(RuleCount) rows = {0};
    for (uint32_t i = 0; i < report->findings->count; i++) {
        const Finding *finding = report->findings->items[i];
        uint32_t row = 0;
        if (finding->severity < report->level)
            continue;
        while (row < rows.count && rows.items[row].rule != finding->rule)
            row++;
        if (row == rows.count)
            array_push(&rows, (RuleCount){finding->rule, 0});
        rows.items[row].count++;
    }
    if (rows.count)
        qsort(rows.items, rows.count, sizeof *rows.items, more_first);
    for (uint32_t i = 0; i < rows.count; i++)
        strbuf_printf(out, "%6u  %-7.*s %.*s\n", rows.items[i].count,
                      STR_ARG(rows.items[i].rule->code), STR_ARG(rows.items[i].rule->name));
    array_free(&rows);
}

static void add_seconds(double seconds, StrBuf *out)
{
    if (seconds < 0)
        return;
    if (seconds < 1)
        strbuf_printf(out, ", %.0f ms", seconds * 1000);
    else
        strbuf_printf(out, ", %.1f s", seconds);
}

ReportWriter *report_writer(Str format)
{
    static const struct {
        const char *name;
        ReportWriter *write;
    } formats[] = {
#define FORMAT(name) {#name, report_##name},
#include "report/formats.def"
#undef FORMAT
    };
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (str_eq(str(formats[i].name), format))
            return formats[i].write;
    return NULL;
}

void report_summary(const Report *report, StrBuf *out)
{
    Totals totals = report_totals(report->workspace);
    if (report->statistics)
        add_statistics(report, out);
    add_found(report, out);
    strbuf_printf(out, " in %u migration%s of %u app%s", totals.migrations,
                  totals.migrations == 1 ? "" : "s", totals.apps, totals.apps == 1 ? "" : "s");
    if (totals.projects > 1)
        strbuf_printf(out, " in %u projects", totals.projects);
    add_seconds(report->seconds, out);
    strbuf_byte(out, '\n');
}
