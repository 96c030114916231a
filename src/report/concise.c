#include "report/report.h"
#include "report/sources.h"

/* One line per finding, for editors and grep; consequences follow their cause. */

static void add_line(const Report *report, Sources *sources, const Finding *finding, StrBuf *out)
{
    Location location = sources_locate(sources, finding->place, finding->location);
    Str path = finding->place.path;
    visible_add(out, report->path_prefix);
    visible_add(out, path.len || report->path_prefix.len ? path : S("."));
    if (location.line)
        strbuf_printf(out, ":%u:%u", location.line, location.column);
    strbuf_printf(out, ": %s %.*s %.*s: ", severity_name(finding->severity),
                  STR_ARG(finding->rule->code), STR_ARG(finding->rule->name));
    visible_add(out, finding->message);
    if (finding->consequence_count)
        strbuf_printf(out, " (and %u %s)", finding->consequence_count,
                      finding->consequence_count == 1 ? "consequence" : "consequences");
    strbuf_byte(out, '\n');
}

void report_concise(const Report *report, StrBuf *out)
{
    Sources sources = {.reader = &report->workspace->reader};
    for (uint32_t i = 0; i < report->findings->count; i++)
        if (report->findings->items[i]->severity >= report->level)
            add_line(report, &sources, report->findings->items[i], out);
    sources_free(&sources);
    report_summary(report, out);
}
