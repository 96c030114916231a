#include "report/json_util.h"
#include "report/places.h"
#include "report/report.h"

/* GitLab's Code Quality report: what its documentation lists, and nothing else. */

static const char *severity_of(Severity severity)
{
    return severity == SEVERITY_ERROR     ? "critical"
           : severity == SEVERITY_WARNING ? "minor"
                                          : "info";
}

static json_t *issue_of(const Report *report, const Finding *finding, Arena *scratch)
{
    json_t *issue = json_object(), *location = json_object();
    Str path = place_path(report->repository_prefix, finding->place.path, scratch);
    json_object_set_new(issue, "description", json_text(finding->message));
    json_object_set_new(issue, "check_name", json_text(finding->rule->code));
    json_object_set_new(issue, "fingerprint", json_text(finding->fingerprint));
    json_object_set_new(issue, "severity", json_string(severity_of(finding->severity)));
    json_object_set_new(location, "path", json_text(path));
    json_object_set_new(location, "lines",
                        json_pack("{s:i}", "begin", (int)finding->location.line));
    json_object_set_new(issue, "location", location);
    return issue;
}

void report_gitlab(const Report *report, StrBuf *out)
{
    Arena scratch = {0};
    json_t *issues = json_array();
    for (uint32_t i = 0; i < report->findings->count; i++)
        if (report->findings->items[i]->severity >= report->level)
            json_array_append_new(issues, issue_of(report, report->findings->items[i], &scratch));
    json_write(issues, out);
    arena_free(&scratch);
}
