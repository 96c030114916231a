#include "report/json_util.h"
#include "report/places.h"
#include "report/report.h"
#include "rules/explain.h"

#include <stdlib.h>

/*
 * SARIF 2.1.0 (OASIS), for code scanning: one run, the rules that report something, and a result
 * for every finding shown. URIs are relative to the top of the repository. Section numbers below
 * are the standard's.
 */

typedef struct Writer {
    const Report *report;
    Array(const Rule *) rules; /* sorted by code, each once */
    Arena scratch;
} Writer;

/* {"text": …}. In a message braces stand for arguments and are doubled to be meant (3.11.5);
 * "[a](b)" would be a link (3.11.6), which nothing from an analysed file is to make. */
static json_t *message(Str text)
{
    StrBuf escaped = {0};
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.ptr[i];
        if (byte == '{' || byte == '}')
            strbuf_byte(&escaped, byte);
        strbuf_byte(&escaped, byte);
        if (byte == ']' && i + 1 < text.len && text.ptr[i + 1] == '(')
            strbuf_byte(&escaped, ' ');
    }
    json_t *object = json_object();
    json_object_set_new(object, "text", json_text(strbuf_str(&escaped)));
    strbuf_free(&escaped);
    return object;
}

/* ---- rules ---- */

static int by_code(const void *a, const void *b)
{
    return str_cmp((*(const Rule *const *)a)->code, (*(const Rule *const *)b)->code);
}

static void collect_rules(Writer *writer)
{
    const Findings *findings = writer->report->findings;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < findings->count; i++)
        if (findings->items[i]->severity >= writer->report->level)
            array_push(&writer->rules, findings->items[i]->rule);
    for (uint32_t i = 0; writer->report->show_suppressed && i < findings->hidden.count; i++)
        array_push(&writer->rules, findings->hidden.items[i]->rule);
    for (uint32_t i = 0; writer->report->show_suppressed && i < findings->baselined.count; i++)
        array_push(&writer->rules, findings->baselined.items[i]->rule);
    if (writer->rules.count)
        qsort(writer->rules.items, writer->rules.count, sizeof *writer->rules.items, by_code);
    for (uint32_t i = 0; i < writer->rules.count; i++)
        if (!kept || writer->rules.items[kept - 1] != writer->rules.items[i])
            writer->rules.items[kept++] = writer->rules.items[i];
    writer->rules.count = kept;
}

static uint32_t rule_index(const Writer *writer, const Rule *rule)
{
    const Rule *const *found = bsearch(&rule, writer->rules.items, writer->rules.count,
                                       sizeof *writer->rules.items, by_code);
    return (uint32_t)(found - (const Rule *const *)writer->rules.items);
}

static const char *level_of(Severity severity)
{
    return severity == SEVERITY_ERROR ? "error" : severity == SEVERITY_WARNING ? "warning" : "note";
}

static json_t *help_of(const Rule *rule, Arena *scratch)
{
    json_t *help = message(rule_help(rule, false, scratch));
    json_object_set_new(help, "markdown", json_text(rule_help(rule, true, scratch)));
    return help;
}

/* A team's rules may have anything below `links`. */
static bool is_web_address(Str text)
{
    if (!str_starts(text, S("https://")) && !str_starts(text, S("http://")))
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] <= ' ' || text.ptr[i] > '~' || strchr("\"<>\\^`{|}", text.ptr[i]))
            return false;
    return true;
}

static json_t *rule_object(const Rule *rule, Arena *scratch)
{
    json_t *object = json_object(), *defaults = json_object(), *properties = json_object();
    json_object_set_new(object, "id", json_text(rule->code));
    json_object_set_new(object, "name", json_text(rule->name));
    json_object_set_new(object, "shortDescription", message(rule->summary));
    json_object_set_new(object, "fullDescription",
                        message(rule->why.len ? rule->why : rule->summary));
    if (rule->why.len || rule->fix.len || rule->link_count)
        json_object_set_new(object, "help", help_of(rule, scratch));
    if (rule->link_count && is_web_address(rule->links[0]))
        json_object_set_new(object, "helpUri", json_text(rule->links[0]));
    json_object_set_new(defaults, "level", json_string(level_of(rule->severity)));
    json_object_set_new(object, "defaultConfiguration", defaults);
    json_object_set_new(properties, "tags", json_pack("[o]", json_text(rule->category)));
    json_object_set_new(object, "properties", properties);
    return object;
}

static json_t *tool_of(Writer *writer)
{
    json_t *rules = json_array();
    for (uint32_t i = 0; i < writer->rules.count; i++)
        json_array_append_new(rules, rule_object(writer->rules.items[i], &writer->scratch));
    return json_pack("{s:{s:s,s:s,s:s,s:o}}", "driver", "name", "migralint", "version",
                     MIGRALINT_VERSION, "semanticVersion", MIGRALINT_VERSION, "rules", rules);
}

/* ---- results ---- */

static json_t *artifact(Writer *writer, Str path)
{
    StrBuf uri = {0};
    Str named = place_path(writer->report->repository_prefix, path, &writer->scratch);
    place_uri_add(&uri, named);
    json_t *object = json_object();
    json_object_set_new(object, "uri", json_text(strbuf_str(&uri)));
    if (named.ptr[0] != '/')
        json_object_set_new(object, "uriBaseId", json_string("%SRCROOT%"));
    strbuf_free(&uri);
    return object;
}

static json_t *region(Place place, Location location)
{
    if (!place.span.end)
        return json_pack("{s:i}", "startLine", 1);
    return json_pack("{s:i,s:i,s:i,s:i}", "startLine", (int)location.line, "startColumn",
                     (int)location.column, "endLine", (int)location.end_line, "endColumn",
                     (int)location.end_column);
}

static json_t *location_of(Writer *writer, Place place, Location location)
{
    json_t *object = json_object(), *physical = json_object();
    json_object_set_new(physical, "artifactLocation", artifact(writer, place.path));
    json_object_set_new(physical, "region", region(place, location));
    json_object_set_new(object, "physicalLocation", physical);
    return object;
}

static json_t *locations_of(Writer *writer, const Finding *finding)
{
    json_t *location = location_of(writer, finding->place, finding->location);
    if (finding->app.len) {
        json_t *logical = json_object();
        Str name = finding->migration.len
                       ? arena_join(&writer->scratch, finding->app, '.', finding->migration)
                       : finding->app;
        json_object_set_new(logical, "fullyQualifiedName", json_text(name));
        json_object_set_new(logical, "kind",
                            json_string(finding->migration.len ? "module" : "namespace"));
        json_object_set_new(location, "logicalLocations", json_pack("[o]", logical));
    }
    return json_pack("[o]", location);
}

static void add_related(json_t *list, json_t *location, json_t *text)
{
    json_object_set_new(location, "id", json_integer((json_int_t)json_array_size(list)));
    json_object_set_new(location, "message", text);
    json_array_append_new(list, location);
}

/* Notes with a place, and what else the cause brings about. */
static json_t *related_of(Writer *writer, const Finding *finding)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < finding->note_count; i++) {
        const Note *note = &finding->notes[i];
        if (note->place.path.len)
            add_related(list, location_of(writer, note->place, note->location),
                        message(note->text));
    }
    for (uint32_t i = 0; i < finding->consequence_count; i++) {
        const Finding *below = finding->consequences[i];
        Str text = arena_printf(&writer->scratch, "therefore: %s %.*s %.*s: %.*s",
                                severity_name(below->severity), STR_ARG(below->rule->code),
                                STR_ARG(below->rule->name), STR_ARG(below->message));
        add_related(list, location_of(writer, below->place, below->location), message(text));
    }
    return list;
}

/* The message, notes that have no place, and what to do. */
static json_t *message_of(const Finding *finding)
{
    StrBuf text = {0};
    strbuf_add(&text, finding->message);
    for (uint32_t i = 0; i < finding->note_count; i++)
        if (!finding->notes[i].place.path.len)
            strbuf_printf(&text, "\n%.*s", STR_ARG(finding->notes[i].text));
    if (finding->help.len)
        strbuf_printf(&text, "\nHelp: %.*s", STR_ARG(finding->help));
    json_t *object = message(strbuf_str(&text));
    strbuf_free(&text);
    return object;
}

static json_t *result_of(Writer *writer, const Finding *finding)
{
    json_t *object = json_object(), *related = related_of(writer, finding);
    json_object_set_new(object, "ruleId", json_text(finding->rule->code));
    json_object_set_new(object, "ruleIndex", json_integer(rule_index(writer, finding->rule)));
    json_object_set_new(object, "level", json_string(level_of(finding->severity)));
    json_object_set_new(object, "message", message_of(finding));
    json_object_set_new(object, "locations", locations_of(writer, finding));
    if (json_array_size(related))
        json_object_set(object, "relatedLocations", related);
    json_decref(related);
    json_object_set_new(object, "partialFingerprints",
                        json_pack("{s:o}", "migralint/v1", json_text(finding->fingerprint)));
    return object;
}

/* 3.35: suppressed in the source, or by a file beside it. */
static json_t *hidden_result(Writer *writer, const Finding *finding)
{
    json_t *object = result_of(writer, finding), *by = json_object();
    json_object_set_new(by, "kind", json_string(finding->suppression ? "inSource" : "external"));
    if (finding->suppression && finding->suppression->reason.len)
        json_object_set_new(by, "justification", json_text(finding->suppression->reason));
    json_object_set_new(object, "suppressions", json_pack("[o]", by));
    return object;
}

static json_t *run_of(Writer *writer)
{
    const Report *report = writer->report;
    json_t *run = json_object(), *results = json_array();
    for (uint32_t i = 0; i < report->findings->count; i++)
        if (report->findings->items[i]->severity >= report->level)
            json_array_append_new(results, result_of(writer, report->findings->items[i]));
    for (uint32_t i = 0; report->show_suppressed && i < report->findings->hidden.count; i++)
        json_array_append_new(results, hidden_result(writer, report->findings->hidden.items[i]));
    for (uint32_t i = 0; report->show_suppressed && i < report->findings->baselined.count; i++)
        json_array_append_new(results, hidden_result(writer, report->findings->baselined.items[i]));
    json_object_set_new(run, "tool", tool_of(writer));
    json_object_set_new(run, "columnKind", json_string("unicodeCodePoints"));
    json_object_set_new(run, "results", results);
    return run;
}

void report_sarif(const Report *report, StrBuf *out)
{
    Writer writer = {.report = report};
    collect_rules(&writer);
    json_t *document = json_object();
    json_object_set_new(document, "$schema",
                        json_string("https://json.schemastore.org/sarif-2.1.0.json"));
    json_object_set_new(document, "version", json_string("2.1.0"));
    json_object_set_new(document, "runs", json_pack("[o]", run_of(&writer)));
    json_write(document, out);
    array_free(&writer.rules);
    arena_free(&writer.scratch);
}
