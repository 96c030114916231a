#include "report/places.h"
#include "report/report.h"
#include "report/visible.h"

/* One line per finding, for editors and grep; consequences follow their cause. */

static void add_line(const Report *report, const Finding *finding, Arena *scratch, StrBuf *out)
{
    visible_add(out, place_path(report->path_prefix, finding->place.path, scratch));
    strbuf_printf(out, ":%u:%u: %s %.*s %.*s: ", finding->location.line, finding->location.column,
                  severity_name(finding->severity), STR_ARG(finding->rule->code),
                  STR_ARG(finding->rule->name));
    visible_add(out, finding->message);
    if (finding->consequence_count)
        strbuf_printf(out, " (and %u %s)", finding->consequence_count,
                      finding->consequence_count == 1 ? "consequence" : "consequences");
    strbuf_byte(out, '\n');
}

void report_concise(const Report *report, StrBuf *out)
{
    Arena scratch = {0};
    for (uint32_t i = 0; i < report->findings->count; i++)
        if (report->findings->items[i]->severity >= report->level)
            add_line(report, report->findings->items[i], &scratch, out);
    arena_free(&scratch);
    report_summary(report, out);
}
