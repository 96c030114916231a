#include "handle.h"

#include "base/limits.h"

#include <assert.h>
#include <stdlib.h>

/* Glue only: every write function of the public face. */

void migralint_text_free(MigralintText *text)
{
    free(text->bytes);
    *text = (MigralintText){0};
}

static StrBuf buffer_of(const MigralintText *text)
{
    return (StrBuf){text->bytes, text->length, text->capacity};
}

static bool give(MigralintText *text, StrBuf buffer)
{
    *text = (MigralintText){buffer.ptr, buffer.len, buffer.capacity};
    return true;
}

static void add_skipped(StrBuf *out, const Skipped *skipped)
{
    strbuf_printf(out, "%.*s: ", STR_ARG(skipped->path.len ? skipped->path : S(".")));
    if (skipped->reason == SKIP_TOO_DEEP)
        strbuf_printf(out, "not looked at: more than %d directories deep", LIMIT_PATH_DEPTH);
    else if (skipped->reason == SKIP_TOO_MANY)
        strbuf_printf(out, "not looked at: more than %d files", LIMIT_FILES);
    else
        strbuf_printf(out, "not looked at: %.*s", STR_ARG(skipped->text));
    strbuf_byte(out, '\n');
}

void migralint_write_warnings(const Migralint *migralint, MigralintText *out)
{
    const Workspace *workspace = &migralint->workspace;
    StrBuf buffer = buffer_of(out);
    for (uint32_t i = 0; i < workspace->tree.skipped_count; i++)
        add_skipped(&buffer, &workspace->tree.skipped[i]);
    if (!report_totals(workspace).migrations)
        strbuf_printf(&buffer, "no Django migrations found below %s\n", migralint->disk.root);
    give(out, buffer);
}

static bool unknown_format(const char *format, MigralintError *err)
{
    Error why = {0};
    error_set(&why, "there is no format `%s` here", format);
    return handle_fail(err, &why);
}

/* Only markdown shows it. */
static void add_chart(Migralint *migralint, Migralint *base, StrBuf *chart, Report *report)
{
    report->no_chart = !handle_chart_changes(migralint, base, REPORT_CHART_BYTES, chart);
    report->chart = report->no_chart ? (Str){0} : strbuf_str(chart);
}

bool migralint_write_report(Migralint *migralint, const char *format,
                            const MigralintReportOptions *options, MigralintText *out,
                            MigralintError *err)
{
    assert(migralint->checked);
    Report report = {
        .workspace = &migralint->workspace,
        .graphs = migralint->graphs,
        .findings = &migralint->findings,
        .level = SEVERITY_WARNING,
        .fail_on = SEVERITY_ERROR,
        .path_prefix = str(options->path_prefix),
        .repository_prefix = str(options->repository_prefix),
        .color = options->color,
        .statistics = options->statistics,
        .show_suppressed = options->show_suppressed,
        .baseline = migralint->baseline ? migralint->baseline->read.path : (Str){0},
        .seconds = options->seconds,
    };
    if (options->level)
        severity_from(str(options->level), &report.level);
    if (options->fail_on && !severity_from(str(options->fail_on), &report.fail_on))
        report.fail_on = SEVERITY_OFF;
    ReportWriter *write = report_writer(str(format));
    if (!write)
        return unknown_format(format, err);
    StrBuf buffer = buffer_of(out), chart = {0};
    if (options->base && write == report_markdown)
        add_chart(migralint, options->base, &chart, &report);
    write(&report, &buffer);
    strbuf_free(&chart);
    return give(out, buffer);
}

typedef void ViewWriter(const View *view, StrBuf *out);

static bool known_apps(const View *view, Error *why)
{
    for (uint32_t i = 0; i < view->app_count; i++) {
        Sym label = intern_find(&view->workspace->interner, view->apps[i]);
        bool found = false;
        for (uint32_t p = 0; p < view->workspace->project_count && label != SYM_NONE; p++)
            found |= project_app(&view->workspace->projects[p], label) != APP_NONE;
        if (!found)
            return error_set(why, "there is no app `%.*s`; `migralint status` lists them",
                             STR_ARG(view->apps[i]));
    }
    return true;
}

static bool write_view(const Migralint *migralint, const char *format, MigralintList apps,
                       ViewWriter *text, ViewWriter *json, MigralintText *out, MigralintError *err)
{
    assert(migralint->graphs);
    ViewWriter *write = !strcmp(format, "text") ? text : !strcmp(format, "json") ? json : NULL;
    if (!write)
        return unknown_format(format, err);
    Arena scratch = {0};
    Error why = {0};
    View view = {&migralint->workspace, migralint->graphs, strs_of(apps, &scratch),
                 (uint32_t)apps.count, NULL};
    bool ok = known_apps(&view, &why);
    StrBuf buffer = buffer_of(out);
    if (ok)
        write(&view, &buffer);
    arena_free(&scratch);
    give(out, buffer);
    return ok || handle_fail(err, &why);
}

bool migralint_write_status(const Migralint *migralint, const char *format, MigralintText *out,
                            MigralintError *err)
{
    return write_view(migralint, format, (MigralintList){0}, status_text, status_json, out, err);
}

bool migralint_write_plan(const Migralint *migralint, const char *format, MigralintList apps,
                          MigralintText *out, MigralintError *err)
{
    return write_view(migralint, format, apps, plan_text, plan_json, out, err);
}

static bool read_facts(const char *path, Arena *arena, Interner *interner, Module **module,
                       Str *text, Error *why)
{
    DiskReader disk = {path[0] == '/' ? "" : "."};
    Reader reader = reader_disk(&disk);
    switch (reader.read(reader.self, str(path), LIMIT_FILE_BYTES, arena, text, why)) {
    case READ_OK:
        break;
    case READ_ABSENT:
        return error_set(why, "%s: no such file", path);
    case READ_TOO_LARGE:
        return error_set(why, "%s: larger than %d bytes", path, LIMIT_FILE_BYTES);
    case READ_FAILED:
        return false;
    }
    SyntaxParser parser = syntax_parser_new();
    *module = module_read(&parser, str(path), *text, interner, arena);
    syntax_parser_free(&parser);
    return true;
}

bool migralint_write_facts(Migralint *migralint, const char *path, const char *format,
                           MigralintText *out, MigralintError *err)
{
    (void)migralint;
    bool json = !strcmp(format, "json");
    if (!json && strcmp(format, "text"))
        return unknown_format(format, err);
    Arena arena = {0};
    Interner interner = {0};
    Module *module = NULL;
    Str text = {0};
    Error why = {0};
    bool ok = read_facts(path, &arena, &interner, &module, &text, &why);
    StrBuf buffer = buffer_of(out);
    if (ok)
        (json ? facts_json : facts_text)(module, text, &interner, &buffer);
    give(out, buffer);
    interner_free(&interner);
    arena_free(&arena);
    return ok || handle_fail(err, &why);
}

bool migralint_write_rules(Migralint *migralint, const char *format, MigralintText *out,
                           MigralintError *err)
{
    void (*const write)(const RuleSet *, StrBuf *) = !strcmp(format, "text")       ? rules_text
                                                     : !strcmp(format, "markdown") ? rules_markdown
                                                     : !strcmp(format, "json")     ? rules_json
                                                                                   : NULL;
    if (!write)
        return unknown_format(format, err);
    if (!handle_load_rules(migralint, true, err))
        return false;
    StrBuf buffer = buffer_of(out);
    write(&migralint->rules, &buffer);
    return give(out, buffer);
}

bool migralint_write_explanation(Migralint *migralint, const char *rule, const char *format,
                                 MigralintText *out, MigralintError *err)
{
    Error why = {0};
    void (*const write)(const Rule *, StrBuf *) = !strcmp(format, "text")       ? explain_text
                                                  : !strcmp(format, "markdown") ? explain_markdown
                                                  : !strcmp(format, "json")     ? explain_json
                                                                                : NULL;
    if (!write)
        return unknown_format(format, err);
    if (!handle_load_rules(migralint, true, err))
        return false;
    const Rule *found = rules_find(&migralint->rules, str(rule));
    if (!found) {
        unknown_rule(&migralint->rules, str(rule), &why);
        return handle_fail(err, &why);
    }
    StrBuf buffer = buffer_of(out);
    write(found, &buffer);
    return give(out, buffer);
}

/* Rules of one's own may replace built-in ones, so they are loaded over those. */
static RuleSet own_rules(const Migralint *migralint, Arena *arena)
{
    const RuleSet *all = &migralint->rules;
    RuleSet own = {.rules = arena_array(arena, Rule, all->count + 1)};
    for (uint32_t r = 0; r < all->count; r++)
        if (all->rules[r].own)
            own.rules[own.count++] = all->rules[r];
    return own;
}

bool migralint_test_rules(Migralint *migralint, bool own_only, size_t *failed, MigralintText *out,
                          MigralintError *err)
{
    if (!handle_load_rules(migralint, true, err))
        return false;
    Arena scratch = {0};
    ExampleReport examples = {0};
    RuleSet own = own_only ? own_rules(migralint, &scratch) : migralint->rules;
    engine_test_rules(&own, &scratch, &examples);
    StrBuf buffer = buffer_of(out);
    examples_text(&examples, &buffer);
    *failed = examples.count;
    arena_free(&scratch);
    return give(out, buffer);
}
