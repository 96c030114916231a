#include "report/places.h"
#include "report/report.h"
#include "report/sources.h"

/* The long form: what, where with the source line, notes, help, and what else
 * the same cause brings about. */

typedef struct Writer {
    const Report *report;
    Sources *sources;
    Arena scratch;
    StrBuf *out;
} Writer;

static Style style_of(Severity severity)
{
    return severity == SEVERITY_ERROR     ? STYLE_ERROR
           : severity == SEVERITY_WARNING ? STYLE_WARNING
                                          : STYLE_INFO;
}

static void styled(const Writer *writer, Style style, Str text)
{
    style_add(writer->out, writer->report->color, style);
    visible_add(writer->out, text);
    style_add(writer->out, writer->report->color, STYLE_NONE);
}

static void indent(const Writer *writer, unsigned depth)
{
    while (depth--)
        strbuf_add(writer->out, S("  "));
}

static void add_place(Writer *writer, Place place, Location location)
{
    const Report *report = writer->report;
    style_add(writer->out, report->color, STYLE_BOLD);
    visible_add(writer->out, place_path(report->path_prefix, place.path, &writer->scratch));
    style_add(writer->out, report->color, STYLE_NONE);
    if (place.span.end)
        strbuf_printf(writer->out, ":%u:%u", location.line, location.column);
}

static size_t digits(uint32_t number)
{
    size_t count = 1;
    while (number /= 10)
        count++;
    return count;
}

static size_t gutter_of(const Finding *finding)
{
    size_t gutter = digits(finding->location.line);
    for (uint32_t i = 0; i < finding->note_count; i++)
        if (digits(finding->notes[i].location.line) > gutter)
            gutter = digits(finding->notes[i].location.line);
    return gutter + 1;
}

/* Continuation lines of a text of several lines stand below its first word. */
static void add_lines(Writer *writer, Str text)
{
    for (bool first = true; text.ptr; first = false) {
        Str line = str_cut(&text, '\n');
        if (!first) {
            strbuf_byte(writer->out, '\n');
            indent(writer, 3);
        }
        visible_add(writer->out, line);
    }
    strbuf_byte(writer->out, '\n');
}

static void add_note(Writer *writer, const Note *note, size_t gutter)
{
    indent(writer, 1);
    styled(writer, STYLE_INFO, S("note: "));
    add_lines(writer, note->text);
    if (!note->place.path.len)
        return;
    indent(writer, 1);
    style_add(writer->out, writer->report->color, STYLE_GUTTER);
    strbuf_add(writer->out, S("--> "));
    style_add(writer->out, writer->report->color, STYLE_NONE);
    add_place(writer, note->place, note->location);
    strbuf_byte(writer->out, '\n');
    excerpt_add(writer->out, writer->sources, note->place, note->location, gutter,
                writer->report->color, STYLE_INFO);
}

static void add_headline(Writer *writer, const Finding *finding)
{
    add_place(writer, finding->place, finding->location);
    strbuf_add(writer->out, S(": "));
    styled(writer, style_of(finding->severity), str(severity_name(finding->severity)));
    strbuf_byte(writer->out, ' ');
    styled(writer, STYLE_BOLD, finding->rule->code);
    strbuf_byte(writer->out, ' ');
    visible_add(writer->out, finding->rule->name);
    strbuf_add(writer->out, S(": "));
    visible_add(writer->out, finding->message);
    strbuf_byte(writer->out, '\n');
}

/* Consequences are not filtered by level: they cost a line, and explain. */
static void add_consequences(Writer *writer, const Finding *finding)
{
    if (!finding->consequence_count)
        return;
    indent(writer, 1);
    styled(writer, STYLE_INFO, S("therefore:"));
    strbuf_byte(writer->out, '\n');
    for (uint32_t i = 0; i < finding->consequence_count; i++) {
        indent(writer, 2);
        add_headline(writer, finding->consequences[i]);
    }
}

static void add_finding(Writer *writer, const Finding *finding)
{
    size_t gutter = gutter_of(finding);
    add_headline(writer, finding);
    excerpt_add(writer->out, writer->sources, finding->place, finding->location, gutter,
                writer->report->color, style_of(finding->severity));
    for (uint32_t i = 0; i < finding->note_count; i++)
        add_note(writer, &finding->notes[i], gutter);
    if (finding->help.len) {
        indent(writer, 1);
        styled(writer, STYLE_HELP, S("help: "));
        add_lines(writer, finding->help);
    }
    add_consequences(writer, finding);
}

void finding_text(const Report *report, const Finding *finding, Sources *sources, StrBuf *out)
{
    Writer writer = {.report = report, .sources = sources, .out = out};
    add_finding(&writer, finding);
    arena_free(&writer.scratch);
}

void report_text(const Report *report, StrBuf *out)
{
    Sources sources = {.reader = &report->workspace->reader};
    for (uint32_t i = 0; i < report->findings->count; i++) {
        if (report->findings->items[i]->severity < report->level)
            continue;
        finding_text(report, report->findings->items[i], &sources, out);
        strbuf_byte(out, '\n');
    }
    sources_free(&sources);
    report_summary(report, out);
}
