#include "report/json_util.h"
#include "report/places.h"
#include "report/report.h"
#include "report/sources.h"

/* The Reviewdog Diagnostic Format. Its columns count bytes, so the lines are looked at again. */

static json_t *position(uint32_t line, Str text, uint32_t offset)
{
    Str before = str_sub(text, 0, offset);
    size_t newline = str_rfind(before, '\n');
    size_t start = newline < before.len ? newline + 1 : 0;
    if (offset > text.len)
        return json_pack("{s:i}", "line", (int)line);
    return json_pack("{s:i,s:i}", "line", (int)line, "column", (int)(offset - start) + 1);
}

static json_t *location_of(const Report *report, const Finding *finding, Sources *sources,
                           Arena *scratch)
{
    json_t *location = json_object();
    Str path = place_path(report->repository_prefix, finding->place.path, scratch);
    json_object_set_new(location, "path", json_text(path));
    if (!finding->place.span.end)
        return location;
    Str text = sources_text(sources, finding->place.path);
    Span span = finding->place.span;
    json_t *range = json_object();
    json_object_set_new(range, "start", position(finding->location.line, text, span.start));
    json_object_set_new(range, "end", position(finding->location.end_line, text, span.end));
    json_object_set_new(location, "range", range);
    return location;
}

static json_t *diagnostic_of(const Report *report, const Finding *finding, Sources *sources,
                             Arena *scratch)
{
    json_t *diagnostic = json_object(), *code = json_object();
    const char *severity = finding->severity == SEVERITY_ERROR     ? "ERROR"
                           : finding->severity == SEVERITY_WARNING ? "WARNING"
                                                                   : "INFO";
    json_object_set_new(diagnostic, "message", json_text(finding->message));
    json_object_set_new(diagnostic, "location", location_of(report, finding, sources, scratch));
    json_object_set_new(diagnostic, "severity", json_string(severity));
    json_object_set_new(code, "value", json_text(finding->rule->code));
    json_object_set_new(diagnostic, "code", code);
    return diagnostic;
}

void report_rdjson(const Report *report, StrBuf *out)
{
    Arena scratch = {0};
    Sources sources = {.reader = &report->workspace->reader};
    json_t *document = json_object(), *list = json_array();
    for (uint32_t i = 0; i < report->findings->count; i++)
        if (report->findings->items[i]->severity >= report->level)
            json_array_append_new(
                list, diagnostic_of(report, report->findings->items[i], &sources, &scratch));
    json_object_set_new(document, "source", json_pack("{s:s}", "name", "migralint"));
    json_object_set_new(document, "diagnostics", list);
    json_write(document, out);
    sources_free(&sources);
    arena_free(&scratch);
}
