#include "report/places.h"
#include "report/report.h"
#include "report/sources.h"

/*
 * Markdown for the summary of a CI step or a comment on a pull request: the verdict, what a branch
 * changes in the graph, a table, and every finding as in text, folded in. Readers take no more than
 * 65,536 characters of a comment.
 *
 * Punctuation from messages becomes entities, which make no structure (CommonMark 0.31, 2.5), and
 * what would call somebody or refer to something has a zero-width space behind it.
 */

enum { TABLE_BYTES = 30000, ALL_BYTES = 60000 };

static bool is_plain(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || (unsigned char)byte >= 0x80 || strchr(" ,'()-/", byte);
}

static void add_entities(StrBuf *out, Str text, const char *calling)
{
    StrBuf shown = {0};
    visible_add(&shown, text);
    for (size_t i = 0; i < shown.len; i++)
        if (is_plain(shown.ptr[i]))
            strbuf_byte(out, shown.ptr[i]);
        else
            strbuf_printf(out, "&#%d;%s", shown.ptr[i],
                          strchr(calling, shown.ptr[i]) ? "&#8203;" : "");
    strbuf_free(&shown);
}

static void add_words(StrBuf *out, Str text)
{
    add_entities(out, text, "@#!~$%");
}

/* Nobody is called from within code. Between backquotes a | could not be written safely. */
static void add_code(StrBuf *out, Str text)
{
    strbuf_add(out, S("<code>"));
    add_entities(out, text, "");
    strbuf_add(out, S("</code>"));
}

/* A message: what it puts in backquotes is code. */
static void add_message(StrBuf *out, Str message)
{
    for (bool code = false; message.ptr; code = !code)
        (code ? add_code : add_words)(out, str_cut(&message, '`'));
}

static void add_place(const Report *report, const Finding *finding, Arena *scratch, StrBuf *out)
{
    Str path = place_path(report->path_prefix, finding->place.path, scratch);
    if (finding->place.span.end)
        path = arena_printf(scratch, "%.*s:%u", STR_ARG(path), finding->location.line);
    add_code(out, path);
}

static void add_row(const Report *report, const Finding *finding, Arena *scratch, StrBuf *out)
{
    strbuf_printf(out, "| %s | %.*s | ", severity_name(finding->severity),
                  STR_ARG(finding->rule->code));
    add_place(report, finding, scratch, out);
    strbuf_add(out, S(" | "));
    add_message(out, finding->message);
    strbuf_add(out, S(" |\n"));
}

/* Nothing in it ends the block but our own </pre>. */
static void add_preformatted(StrBuf *out, Str text)
{
    strbuf_add(out, S("<pre>\n"));
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '<' || text.ptr[i] == '>' || text.ptr[i] == '&')
            strbuf_printf(out, "&#%d;", text.ptr[i]);
        else
            strbuf_byte(out, text.ptr[i]);
    strbuf_add(out, S("</pre>\n"));
}

static void add_details(const Report *report, const Finding *finding, Sources *sources,
                        Arena *scratch, StrBuf *out)
{
    StrBuf text = {0};
    finding_text(report, finding, sources, &text);
    strbuf_printf(out, "\n<details>\n<summary>%.*s ", STR_ARG(finding->rule->code));
    add_place(report, finding, scratch, out);
    strbuf_add(out, S("</summary>\n\n"));
    add_preformatted(out, strbuf_str(&text));
    strbuf_add(out, S("\n</details>\n"));
    strbuf_free(&text);
}

/* One part for every finding that is shown, as long as there is room. */
static void add_parts(const Report *report, bool details, size_t room, StrBuf *out)
{
    Sources sources = {.reader = &report->workspace->reader};
    Arena scratch = {0};
    uint32_t left_out = 0;
    for (uint32_t i = 0; i < report->findings->count; i++) {
        const Finding *finding = report->findings->items[i];
        StrBuf part = {0};
        if (finding->severity < report->level)
            continue;
        if (!left_out && details)
            add_details(report, finding, &sources, &scratch, &part);
        else if (!left_out)
            add_row(report, finding, &scratch, &part);
        if (left_out || out->len + part.len > room)
            left_out++;
        else
            strbuf_add(out, strbuf_str(&part));
        strbuf_free(&part);
    }
    if (left_out)
        strbuf_printf(out, "\n%s of %u more are left out here.\n", details ? "Details" : "Rows",
                      left_out);
    arena_free(&scratch);
    sources_free(&sources);
}

static bool has_failed(const Report *report)
{
    uint32_t failing = 0;
    for (int severity = SEVERITY_INFO; severity <= SEVERITY_ERROR; severity++)
        if (report->fail_on != SEVERITY_OFF && severity >= (int)report->fail_on)
            failing += report->findings->by_severity[severity];
    return failing;
}

static bool shows_any(const Report *report)
{
    for (uint32_t i = 0; i < report->findings->count; i++)
        if (report->findings->items[i]->severity >= report->level)
            return true;
    return false;
}

/* Nothing in a chart can end the block: its texts are escaped, every line is its own. */
static void add_chart(const Report *report, StrBuf *out)
{
    if (report->no_chart)
        strbuf_add(out, S("\nWhat this branch changes in the migration graph is too much to be "
                          "drawn here: `migralint graph --base` does.\n"));
    if (!report->chart.len)
        return;
    strbuf_add(out, S("\n### What this branch changes in the migration graph\n\n```mermaid\n"));
    strbuf_add(out, report->chart);
    strbuf_add(out, S("```\n\n`+` added, `~` changed, `−` removed; grey: what these hang on, or "
                      "what hangs on them.\n"));
}

void report_markdown(const Report *report, StrBuf *out)
{
    Report plain = *report;
    StrBuf page = {0};
    plain.path_prefix = report->repository_prefix;
    plain.color = plain.statistics = false;
    strbuf_printf(&page, "## migralint: %s\n\n", has_failed(report) ? "failed" : "passed");
    report_summary(&plain, &page);
    add_chart(report, &page);
    if (shows_any(report)) {
        strbuf_add(&page, S("\n| | Rule | Place | What |\n|---|---|---|---|\n"));
        add_parts(&plain, false, TABLE_BYTES + report->chart.len, &page);
        add_parts(&plain, true, ALL_BYTES, &page);
    }
    strbuf_add(out, strbuf_str(&page));
    strbuf_free(&page);
}
