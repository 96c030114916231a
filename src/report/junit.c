#include "report/places.h"
#include "report/report.h"
#include "report/xml.h"

/*
 * JUnit's XML, for CI that shows test results: a test case for every finding. Those that make
 * `check` fail have failed, the others count as skipped; where nothing is shown, one has passed.
 */

static bool fails(const Report *report, const Finding *finding)
{
    return report->fail_on != SEVERITY_OFF && finding->severity >= report->fail_on;
}

static void add_line(StrBuf *out, Str text)
{
    xml_add(out, text);
    strbuf_byte(out, '\n');
}

static void add_details(const Finding *finding, Str path, StrBuf *out)
{
    xml_add(out, path);
    strbuf_printf(out, ":%u:%u: ", finding->location.line, finding->location.column);
    add_line(out, finding->message);
    for (uint32_t i = 0; i < finding->note_count; i++)
        add_line(out, finding->notes[i].text);
    for (Str rest = finding->help; rest.len;)
        add_line(out, str_cut(&rest, '\n'));
}

static void add_case(const Report *report, const Finding *finding, Arena *scratch, StrBuf *out)
{
    Str path = place_path(report->repository_prefix, finding->place.path, scratch);
    const char *verdict = fails(report, finding) ? "failure" : "skipped";
    strbuf_add(out, S("    <testcase"));
    xml_attribute(out, "classname", path);
    xml_attribute(out, "name",
                  arena_printf(scratch, "%.*s %.*s, line %u, column %u",
                               STR_ARG(finding->rule->code), STR_ARG(finding->rule->name),
                               finding->location.line, finding->location.column));
    xml_attribute(out, "file", path);
    strbuf_printf(out, " line=\"%u\" time=\"0\">\n      <%s", finding->location.line, verdict);
    if (fails(report, finding))
        xml_attribute(out, "type", str(severity_name(finding->severity)));
    xml_attribute(out, "message", finding->message);
    strbuf_byte(out, '>');
    add_details(finding, path, out);
    strbuf_printf(out, "</%s>\n    </testcase>\n", verdict);
}

void report_junit(const Report *report, StrBuf *out)
{
    Arena scratch = {0};
    uint32_t shown = 0, failed = 0;
    for (uint32_t i = 0; i < report->findings->count; i++) {
        const Finding *finding = report->findings->items[i];
        shown += finding->severity >= report->level;
        failed += finding->severity >= report->level && fails(report, finding);
    }
    strbuf_printf(out,
                  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
                  "  <testsuite name=\"migralint\" tests=\"%u\" failures=\"%u\" errors=\"0\" "
                  "skipped=\"%u\" time=\"0\">\n",
                  shown ? shown : 1, failed, shown - failed);
    for (uint32_t i = 0; i < report->findings->count; i++)
        if (report->findings->items[i]->severity >= report->level)
            add_case(report, report->findings->items[i], &scratch, out);
    if (!shown)
        strbuf_add(out, S("    <testcase classname=\"migralint\" name=\"check\" time=\"0\"/>\n"));
    strbuf_add(out, S("  </testsuite>\n</testsuites>\n"));
    arena_free(&scratch);
}
