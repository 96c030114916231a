#include "rules/baseline.h"

#include "base/limits.h"

#include <jansson.h>

/* jansson says what is in the file but not where, and takes many times its size: so the bytes are
 * looked through before, for how many findings there are and where each begins. */

static const char kind[] = "migralint-baseline";
enum { NEWEST = 1, MOST_MEMBERS = 32 };

typedef struct Mark {
    Span span;
    Location location;
} Mark;

typedef struct Survey {
    Str name, text;
    Error *err;
    uint32_t at, line;
    uint32_t counted, columns; /* up to where columns of the line are counted, and how many */
    uint32_t depth;
    uint32_t values;  /* containers and commas */
    Str word;         /* the last string that stood directly in the document's object */
    bool in_findings; /* in the array of that name */
    Array(Mark) marks;
} Survey;

static bool refuse(const Survey *survey, Location at, const char *what)
{
    return error_set(survey->err, "%.*s:%u:%u: %s", STR_ARG(survey->name), at.line, at.column,
                     what);
}

/* Everything may be on one line, so columns are counted on from the last that was asked for. */
static Location here(Survey *survey)
{
    Str since = str_sub(survey->text, survey->counted, survey->at);
    survey->columns += (uint32_t)str_columns(since);
    survey->counted = survey->at;
    uint32_t column = survey->columns + 1;
    return (Location){survey->line, column, survey->line, column};
}

static void skip_string(Survey *survey)
{
    uint32_t start = ++survey->at;
    while (survey->at < survey->text.len && survey->text.ptr[survey->at] != '"')
        survey->at += survey->text.ptr[survey->at] == '\\' ? 2 : 1;
    if (survey->depth == 1)
        survey->word = str_sub(survey->text, start, survey->at);
}

static void open_container(Survey *survey, char byte)
{
    if (survey->depth == 1)
        survey->in_findings = byte == '[' && str_eq(survey->word, S("findings"));
    if (survey->depth == 2 && survey->in_findings && byte == '{')
        array_push(&survey->marks, (Mark){{survey->at, survey->at + 1}, here(survey)});
    survey->depth++;
    survey->values++;
}

static void close_container(Survey *survey)
{
    survey->depth -= survey->depth > 0;
    if (survey->depth != 2 || !survey->in_findings || !survey->marks.count)
        return;
    Mark *mark = array_last(&survey->marks);
    mark->span.end = survey->at + 1;
    mark->location.end_line = survey->line;
    mark->location.end_column = here(survey).column + 1;
}

static bool scan_all(Survey *survey)
{
    for (survey->line = 1; survey->at < survey->text.len; survey->at++) {
        char byte = survey->text.ptr[survey->at];
        if (byte == '\n') {
            survey->line++;
            survey->counted = survey->at + 1;
            survey->columns = 0;
        } else if (byte == '"') {
            skip_string(survey);
        } else if (byte == '{' || byte == '[') {
            open_container(survey, byte);
        } else if (byte == '}' || byte == ']') {
            close_container(survey);
        }
        survey->values += byte == ',';
        if (survey->marks.count > LIMIT_BASELINE_ENTRIES ||
            survey->values > LIMIT_BASELINE_ENTRIES * MOST_MEMBERS)
            return refuse(survey, here(survey), "more findings than a baseline may hold (65,536)");
    }
    return true;
}

/* ---- members ---- */

typedef struct Member {
    const char *name;
    Str *to;
    bool needed;
} Member;

static bool read_text(const Survey *survey, Location at, const json_t *object, const Member *member,
                      Arena *arena)
{
    const json_t *value = json_object_get(object, member->name);
    char what[64];
    if (!member->needed && (!value || json_is_null(value)))
        return true;
    snprintf(what, sizeof what, value ? "`%s` must be a string" : "`%s` is missing", member->name);
    if (!json_is_string(value))
        return refuse(survey, at, what);
    *member->to = arena_str(arena, (Str){json_string_value(value), json_string_length(value)});
    return true;
}

static bool read_line(const Survey *survey, Location at, const json_t *object, uint32_t *line)
{
    const json_t *value = json_object_get(object, "line");
    json_int_t number = json_integer_value(value);
    *line = (uint32_t)number;
    return !value || (json_is_integer(value) && number >= 0 && number <= INT32_MAX) ||
           refuse(survey, at, "`line` must be a number of a line");
}

static bool read_entry(const Survey *survey, Mark mark, const json_t *object, Arena *arena,
                       BaselineEntry *out)
{
    const Member members[] = {
        {"code", &out->code, true},
        {"app", &out->app, false},
        {"migration", &out->migration, false},
        {"path", &out->path, true},
        {"message", &out->message, false},
        {"source", &out->source, false},
        {"fingerprint", &out->fingerprint, true},
    };
    out->span = mark.span;
    out->location = mark.location;
    if (!json_is_object(object))
        return refuse(survey, mark.location, "a finding must be an object");
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (!read_text(survey, mark.location, object, &members[i], arena))
            return false;
    return read_line(survey, mark.location, object, &out->line);
}

static bool read_entries(const Survey *survey, const json_t *document, Baseline *out)
{
    const json_t *list = json_object_get(document, "findings");
    Location top = {1, 1, 1, 1};
    if (!json_is_array(list))
        return refuse(survey, top, "`findings` must be a list");
    out->count = (uint32_t)json_array_size(list);
    out->entries = arena_array(&out->arena, BaselineEntry, out->count + 1);
    bool placed = survey->marks.count == out->count; /* not where keys are written with escapes */
    for (uint32_t i = 0; i < out->count; i++) {
        Mark mark = placed ? survey->marks.items[i] : (Mark){{0, 0}, top};
        if (!read_entry(survey, mark, json_array_get(list, i), &out->arena, &out->entries[i]))
            return false;
    }
    return true;
}

/* "5.2" to 502. */
static bool read_django(const Survey *survey, const json_t *document, unsigned *out)
{
    const json_t *value = json_object_get(document, "django");
    unsigned major = 0, minor = 0;
    char rest;
    if (!value)
        return true;
    bool ok = json_is_string(value) &&
              sscanf(json_string_value(value), "%2u.%2u%c", &major, &minor, &rest) == 2;
    *out = major * 100 + minor;
    return ok ||
           refuse(survey, (Location){1, 1, 1, 1}, "`django` must be a version such as \"5.2\"");
}

static bool read_document(const Survey *survey, const json_t *document, Baseline *out)
{
    Location top = {1, 1, 1, 1};
    const json_t *said = json_object_get(document, "kind");
    const json_t *version = json_object_get(document, "version");
    if (!json_is_string(said) || strcmp(json_string_value(said), kind) != 0)
        return refuse(survey, top, "this is no baseline of migralint");
    if (!json_is_integer(version) || json_integer_value(version) < 1)
        return refuse(survey, top, "`version` must be a number");
    if (json_integer_value(version) > NEWEST)
        return refuse(survey, top, "a newer migralint wrote this baseline");
    out->installed = json_is_true(json_object_get(document, "installed_apps"));
    return read_django(survey, document, &out->django) && read_entries(survey, document, out);
}

static bool parse(const Survey *survey, Baseline *out)
{
    json_error_t why;
    json_t *document = json_loadb(survey->text.ptr, survey->text.len,
                                  JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &why);
    if (!document)
        return error_set(survey->err, "%.*s:%d:%d: %s", STR_ARG(survey->name),
                         why.line > 0 ? why.line : 1, why.column > 0 ? why.column : 1, why.text);
    bool ok = read_document(survey, document, out);
    json_decref(document);
    return ok;
}

bool baseline_read(Baseline *baseline, Str name, Str text, Error *err)
{
    Survey survey = {.name = name, .text = text, .err = err};
    Baseline read = {.path = baseline->path, .prefix = baseline->prefix};
    bool ok = text.len <= LIMIT_BASELINE_BYTES ? scan_all(&survey) && parse(&survey, &read)
                                               : error_set(err, "%.*s: larger than %d bytes",
                                                           STR_ARG(name), LIMIT_BASELINE_BYTES);
    array_free(&survey.marks);
    if (ok)
        *baseline = read;
    else
        arena_free(&read.arena);
    return ok;
}

void baseline_free(Baseline *baseline)
{
    arena_free(&baseline->arena);
    *baseline = (Baseline){0};
}
