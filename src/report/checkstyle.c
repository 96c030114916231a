#include "report/places.h"
#include "report/report.h"
#include "report/xml.h"

/* Checkstyle's XML, which many programs read: errors grouped by file. */

static void add_error(const Finding *finding, StrBuf *out)
{
    strbuf_printf(out, "    <error line=\"%u\" column=\"%u\"", finding->location.line,
                  finding->location.column);
    xml_attribute(out, "severity", str(severity_name(finding->severity)));
    xml_attribute(out, "message", finding->message);
    strbuf_add(out, S(" source=\"migralint."));
    xml_add(out, finding->rule->code);
    strbuf_add(out, S("\"/>\n"));
}

void report_checkstyle(const Report *report, StrBuf *out)
{
    Arena scratch = {0};
    const Finding *before = NULL;
    strbuf_add(out,
               S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n"));
    for (uint32_t i = 0; i < report->findings->count; i++) {
        const Finding *finding = report->findings->items[i];
        if (finding->severity < report->level)
            continue;
        if (!before || !str_eq(before->place.path, finding->place.path)) {
            strbuf_add(out, before ? S("  </file>\n  <file") : S("  <file"));
            xml_attribute(out, "name",
                          place_path(report->repository_prefix, finding->place.path, &scratch));
            strbuf_add(out, S(">\n"));
        }
        add_error(finding, out);
        before = finding;
    }
    strbuf_add(out, before ? S("  </file>\n</checkstyle>\n") : S("</checkstyle>\n"));
    arena_free(&scratch);
}
