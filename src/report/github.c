#include "report/places.h"
#include "report/report.h"
#include "report/visible.h"

/*
 * Workflow commands of GitHub Actions, which become annotations: "::error file=…,line=…::text". A
 * command is one line; what would end a line, a property or the command is percent-encoded, and
 * control characters are shown as escapes before that.
 */

static void add_escaped(StrBuf *out, Str text, const char *special)
{
    StrBuf shown = {0};
    visible_add(&shown, text);
    for (size_t i = 0; i < shown.len; i++)
        if (strchr(special, shown.ptr[i]))
            strbuf_printf(out, "%%%02X", (unsigned char)shown.ptr[i]);
        else
            strbuf_byte(out, shown.ptr[i]);
    strbuf_free(&shown);
}

static void add_property(StrBuf *out, const char *name, Str text)
{
    strbuf_printf(out, "%s=", name);
    add_escaped(out, text, "%:,");
}

static void add_line(StrBuf *out, const char *label, Str text)
{
    strbuf_printf(out, "%%0A%s", label);
    add_escaped(out, text, "%");
}

static void add_place(const Report *report, const Finding *finding, Arena *scratch, StrBuf *out)
{
    Location at = finding->location;
    add_property(out, " file", place_path(report->repository_prefix, finding->place.path, scratch));
    strbuf_printf(out, ",line=%u", at.line);
    if (!finding->place.span.end)
        return;
    strbuf_printf(out, ",endLine=%u", at.end_line);
    if (at.line == at.end_line) /* GitHub takes columns in one line only */
        strbuf_printf(out, ",col=%u,endColumn=%u", at.column, at.end_column);
}

static void add_finding(const Report *report, const Finding *finding, Arena *scratch, StrBuf *out)
{
    bool info = finding->severity == SEVERITY_INFO;
    strbuf_printf(out, "::%s", info ? "notice" : severity_name(finding->severity));
    add_place(report, finding, scratch, out);
    add_property(out, ",title",
                 arena_printf(scratch, "%.*s %.*s", STR_ARG(finding->rule->code),
                              STR_ARG(finding->rule->name)));
    strbuf_add(out, S("::"));
    add_escaped(out, finding->message, "%");
    for (uint32_t i = 0; i < finding->note_count; i++)
        add_line(out, "note: ", finding->notes[i].text);
    const char *label = "help: ";
    for (Str rest = finding->help; rest.len; label = "  ")
        add_line(out, label, str_cut(&rest, '\n'));
    for (uint32_t i = 0; i < finding->consequence_count; i++)
        add_line(out, "therefore: ", finding->consequences[i]->message);
    strbuf_byte(out, '\n');
}

void report_github(const Report *report, StrBuf *out)
{
    Arena scratch = {0};
    for (uint32_t i = 0; i < report->findings->count; i++)
        if (report->findings->items[i]->severity >= report->level)
            add_finding(report, report->findings->items[i], &scratch, out);
    arena_free(&scratch);
}
