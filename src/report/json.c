#include "report/json_util.h"
#include "report/report.h"

/* The shape is documented, field by field, in docs/json.md. */

static void set_place(json_t *object, Place place, Location location)
{
    json_object_set_new(object, "path", json_text(place.path));
    json_object_set_new(object, "line", json_integer(location.line));
    json_object_set_new(object, "column", json_integer(location.column));
    json_object_set_new(object, "end_line", json_integer(location.end_line));
    json_object_set_new(object, "end_column", json_integer(location.end_column));
}

static json_t *notes_of(const Finding *finding)
{
    json_t *notes = json_array();
    for (uint32_t i = 0; i < finding->note_count; i++) {
        const Note *note = &finding->notes[i];
        json_t *object = json_object();
        json_object_set_new(object, "message", json_text(note->text));
        if (note->place.path.len)
            set_place(object, note->place, note->location);
        json_array_append_new(notes, object);
    }
    return notes;
}

static json_t *finding_object(const Finding *finding)
{
    json_t *object = json_object();
    json_object_set_new(object, "code", json_text(finding->rule->code));
    json_object_set_new(object, "name", json_text(finding->rule->name));
    json_object_set_new(object, "severity", json_string(severity_name(finding->severity)));
    set_place(object, finding->place, finding->location);
    json_object_set_new(object, "project", json_text(finding->project));
    json_object_set_new(object, "app", json_text_or_null(finding->app));
    json_object_set_new(object, "migration", json_text_or_null(finding->migration));
    json_object_set_new(object, "message", json_text(finding->message));
    json_object_set_new(object, "notes", notes_of(finding));
    json_object_set_new(object, "help", json_text_or_null(finding->help));
    json_object_set_new(object, "fingerprint", json_text(finding->fingerprint));
    return object;
}

static json_t *hidden_object(const Finding *finding)
{
    json_t *object = finding_object(finding), *by = json_object();
    const Suppression *suppression = finding->suppression;
    json_object_set_new(by, "kind", json_string("comment"));
    json_object_set_new(by, "path", json_text(suppression->module->path));
    json_object_set_new(by, "reason", json_text_or_null(suppression->reason));
    json_object_set_new(object, "suppressed", by);
    return object;
}

static json_t *baselined_object(const Report *report, const Finding *finding)
{
    json_t *object = finding_object(finding), *by = json_object();
    json_object_set_new(by, "kind", json_string("baseline"));
    json_object_set_new(by, "path", json_text(report->baseline));
    json_object_set_new(by, "reason", json_null());
    json_object_set_new(object, "suppressed", by);
    return object;
}

static json_t *hidden_of(const Report *report)
{
    const Findings *findings = report->findings;
    json_t *list = json_array();
    for (uint32_t i = 0; i < findings->hidden.count; i++)
        json_array_append_new(list, hidden_object(findings->hidden.items[i]));
    for (uint32_t i = 0; i < findings->baselined.count; i++)
        json_array_append_new(list, baselined_object(report, findings->baselined.items[i]));
    return list;
}

static json_t *with_consequences(const Finding *finding)
{
    json_t *object = finding_object(finding), *list = json_array();
    for (uint32_t i = 0; i < finding->consequence_count; i++)
        json_array_append_new(list, finding_object(finding->consequences[i]));
    json_object_set_new(object, "consequences", list);
    return object;
}

static json_t *summary_of(const Report *report, uint32_t hidden)
{
    const uint32_t *by = report->findings->by_severity;
    Totals totals = report_totals(report->workspace);
    json_t *object = json_object();
    json_object_set_new(object, "errors", json_integer(by[SEVERITY_ERROR]));
    json_object_set_new(object, "warnings", json_integer(by[SEVERITY_WARNING]));
    json_object_set_new(object, "infos", json_integer(by[SEVERITY_INFO]));
    json_object_set_new(object, "hidden", json_integer(hidden));
    json_object_set_new(object, "suppressed", json_integer(report->findings->hidden.count));
    json_object_set_new(object, "baselined", json_integer(report->findings->baselined.count));
    json_object_set_new(object, "projects", json_integer(totals.projects));
    json_object_set_new(object, "apps", json_integer(totals.apps));
    json_object_set_new(object, "migrations", json_integer(totals.migrations));
    json_object_set_new(object, "files", json_integer(totals.files));
    return object;
}

void report_json(const Report *report, StrBuf *out)
{
    json_t *document = json_object(), *findings = json_array();
    uint32_t hidden = 0;
    for (uint32_t i = 0; i < report->findings->count; i++) {
        const Finding *finding = report->findings->items[i];
        if (finding->severity < report->level)
            hidden++;
        else
            json_array_append_new(findings, with_consequences(finding));
    }
    json_object_set_new(document, "version", json_integer(JSON_SHAPE));
    json_object_set_new(document, "findings", findings);
    if (report->show_suppressed)
        json_object_set_new(document, "suppressed", hidden_of(report));
    json_object_set_new(document, "summary", summary_of(report, hidden));
    json_write(document, out);
}
