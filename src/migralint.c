#include <migralint/migralint.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "report/report.h"

#include <assert.h>
#include <stdlib.h>

/* Glue only: the public, plain-C face over the rooms. */

/* A reader that counts, so that somebody can show that something happens. */
typedef struct CountingReader {
    Reader inner;
    const MigralintOptions *options;
    size_t files;
} CountingReader;

struct Migralint {
    MigralintOptions options;
    Arena arena; /* lists of texts and graphs */
    RuleSet rules;
    bool rules_loaded;
    DiskReader disk;
    CountingReader counting;
    Workspace workspace;
    bool opened;
    Graph *graphs;
    Findings findings;
    bool checked;
};

_Static_assert(sizeof(MigralintError) == sizeof(Error), "the texts are copied");

static bool fail(MigralintError *err, const Error *why)
{
    if (err)
        memcpy(err->text, why->text, sizeof err->text);
    return false;
}

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

const char *migralint_version(void)
{
    return MIGRALINT_VERSION;
}

static Str *strs_of(MigralintList list, Arena *arena)
{
    Str *strs = arena_array(arena, Str, list.count + 1);
    for (size_t i = 0; i < list.count; i++)
        strs[i] = str(list.items[i]);
    return strs;
}

/* ---- opening ---- */

static bool counted_list(void *self, Str path, Arena *arena, DirEntries *out, Error *err)
{
    CountingReader *counting = self;
    if (counting->options->progress)
        counting->options->progress(counting->options->progress_context, counting->files);
    return counting->inner.list(counting->inner.self, path, arena, out, err);
}

static ReadResult counted_read(void *self, Str path, size_t limit, Arena *arena, Str *out,
                               Error *err)
{
    CountingReader *counting = self;
    counting->files++;
    if (counting->options->progress)
        counting->options->progress(counting->options->progress_context, counting->files);
    return counting->inner.read(counting->inner.self, path, limit, arena, out, err);
}

static uint64_t counted_identity(void *self, Str path)
{
    CountingReader *counting = self;
    return counting->inner.identity(counting->inner.self, path);
}

Migralint *migralint_new(const MigralintOptions *options)
{
    Migralint *migralint = xcalloc(1, sizeof *migralint);
    migralint->options = *options;
    if (!migralint->options.django)
        migralint->options.django = 502;
    return migralint;
}

void migralint_free(Migralint *migralint)
{
    if (!migralint)
        return;
    if (migralint->checked)
        findings_free(&migralint->findings);
    if (migralint->opened)
        workspace_close(&migralint->workspace);
    if (migralint->rules_loaded)
        rules_free(&migralint->rules);
    arena_free(&migralint->arena);
    free(migralint);
}

static const SitePackages *site_packages_of(Migralint *migralint)
{
    MigralintList list = migralint->options.site_packages;
    SitePackages *made = arena_array(&migralint->arena, SitePackages, list.count + 1);
    DiskReader *disks = arena_array(&migralint->arena, DiskReader, list.count + 1);
    for (size_t i = 0; i < list.count; i++) {
        disks[i].root = list.items[i];
        made[i] = (SitePackages){str(list.items[i]), reader_disk(&disks[i])};
    }
    return made;
}

/* "." says nothing about what the directory is called. */
static Str name_of_dir(const char *path, Arena *arena)
{
    char *real = realpath(path, NULL);
    Str name = arena_str(arena, str_tail(str(real ? real : path), '/'));
    free(real);
    return name;
}

static WorkspaceOptions workspace_options(Migralint *migralint, const char *root)
{
    const MigralintOptions *options = &migralint->options;
    Arena *arena = &migralint->arena;
    return (WorkspaceOptions){
        .find = {.exclude = strs_of(options->exclude, arena),
                 .exclude_count = (uint32_t)options->exclude.count,
                 .ignored = strs_of(options->ignored, arena),
                 .ignored_count = (uint32_t)options->ignored.count},
        .root_name = name_of_dir(root, arena),
        .django = options->django,
        .site_packages = site_packages_of(migralint),
        .site_package_count = (uint32_t)options->site_packages.count,
    };
}

static void build_graphs(Migralint *migralint)
{
    const Workspace *workspace = &migralint->workspace;
    GraphOptions options = {.django = migralint->options.django};
    migralint->graphs = arena_array(&migralint->arena, Graph, workspace->project_count + 1);
    for (uint32_t p = 0; p < workspace->project_count; p++)
        graph_build(&migralint->graphs[p], &workspace->projects[p], &workspace->interner, &options,
                    &migralint->arena);
}

bool migralint_open(Migralint *migralint, const char *root, MigralintError *err)
{
    assert(!migralint->opened);
    Error why = {0};
    migralint->disk.root = root;
    migralint->counting = (CountingReader){reader_disk(&migralint->disk), &migralint->options, 0};
    Reader reader = {&migralint->counting, counted_list, counted_read, counted_identity};
    WorkspaceOptions options = workspace_options(migralint, root);
    migralint->opened = true;
    if (!workspace_open(&migralint->workspace, reader, &options, &why))
        return fail(err, &why);
    build_graphs(migralint);
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

/* ---- rules ---- */

static bool load_own(RuleSet *rules, MigralintList dirs, Error *why)
{
    for (size_t i = 0; i < dirs.count; i++) {
        Str dir = str(dirs.items[i]);
        DiskReader disk = {dirs.items[i][0] == '/' ? "" : "."};
        Reader reader = reader_disk(&disk);
        if (!rules_load_dir(rules, &reader, str_eq(dir, S(".")) ? S("") : dir, why))
            return false;
    }
    return true;
}

static bool load_rules(Migralint *migralint, MigralintError *err)
{
    Error why = {0};
    if (migralint->rules_loaded)
        return true;
    if (!rules_load(&migralint->rules, &why) ||
        !load_own(&migralint->rules, migralint->options.rules, &why)) {
        rules_free(&migralint->rules);
        migralint->rules = (RuleSet){0};
        return fail(err, &why);
    }
    migralint->rules_loaded = true;
    return true;
}

static bool unknown_rule(const RuleSet *rules, Str text, Error *why)
{
    unsigned best = 4; /* more edits than a slip of the hand makes */
    Str nearest = {0};
    for (uint32_t i = 0; i < rules->count; i++) {
        const Str known[] = {rules->rules[i].code, rules->rules[i].name};
        for (int k = 0; k < 2; k++)
            if (str_distance(known[k], text) < best && str_distance(known[k], text) < text.len) {
                best = str_distance(known[k], text);
                nearest = known[k];
            }
    }
    if (nearest.len)
        return error_set(why, "there is no rule `%.*s`; did you mean `%.*s`?", STR_ARG(text),
                         STR_ARG(nearest));
    return error_set(why, "there is no rule `%.*s`; `migralint rules` lists them", STR_ARG(text));
}

static bool known_selector(const RuleSet *rules, Str selector, Error *why)
{
    for (uint32_t i = 0; i < rules->count; i++)
        if (rule_selected(&rules->rules[i], selector))
            return true;
    return unknown_rule(rules, selector, why);
}

static bool known_selectors(const RuleSet *rules, const Str *selectors, size_t count, Error *why)
{
    for (size_t i = 0; i < count; i++)
        if (!known_selector(rules, selectors[i], why))
            return false;
    return true;
}

/* ---- checking ---- */

static bool read_severities(const RuleSet *rules, MigralintList list, Arena *arena,
                            Selection *selection, Error *why)
{
    SeverityOverride *overrides = arena_array(arena, SeverityOverride, list.count + 1);
    for (size_t i = 0; i < list.count; i++) {
        Str text = str(list.items[i]);
        overrides[i].selector = str_head(text, '=');
        if (!severity_from(str_tail(text, '='), &overrides[i].severity))
            return error_set(why, "severity `%s` is not of the form CODE=error|warning|info|off",
                             list.items[i]);
        if (!known_selector(rules, overrides[i].selector, why))
            return false;
    }
    selection->severities = overrides;
    selection->severity_count = (uint32_t)list.count;
    return true;
}

static bool read_path_ignores(const RuleSet *rules, MigralintList list, Arena *arena,
                              Selection *selection, Error *why)
{
    PathIgnore *ignores = arena_array(arena, PathIgnore, list.count + 1);
    for (size_t i = 0; i < list.count; i++) {
        Str text = str(list.items[i]), codes = str_tail(text, '=');
        Array(Str) selectors = {0};
        ignores[i].pattern = str_head(text, '=');
        while (codes.ptr)
            array_push(&selectors, str_cut(&codes, ','));
        ignores[i].selectors = arena_keep(arena, Str, selectors.items, selectors.count);
        ignores[i].selector_count = selectors.count;
        array_free(&selectors);
        if (!ignores[i].pattern.len)
            return error_set(why, "`%s` is not of the form PATTERN=CODE,CODE…", list.items[i]);
        if (!known_selectors(rules, ignores[i].selectors, ignores[i].selector_count, why))
            return false;
    }
    selection->path_ignores = ignores;
    selection->path_ignore_count = (uint32_t)list.count;
    return true;
}

static bool read_selection(const RuleSet *rules, const MigralintSelection *from, Arena *arena,
                           Selection *to, Error *why)
{
    *to = (Selection){
        .select = strs_of(from->select, arena),
        .select_count = (uint32_t)from->select.count,
        .ignore = strs_of(from->ignore, arena),
        .ignore_count = (uint32_t)from->ignore.count,
        .only_paths = strs_of(from->only_paths, arena),
        .only_path_count = (uint32_t)from->only_paths.count,
    };
    return known_selectors(rules, to->select, to->select_count, why) &&
           known_selectors(rules, to->ignore, to->ignore_count, why) &&
           read_severities(rules, from->severities, arena, to, why) &&
           read_path_ignores(rules, from->path_ignores, arena, to, why);
}

bool migralint_check(Migralint *migralint, const MigralintSelection *selection,
                     MigralintError *err)
{
    assert(migralint->graphs);
    if (!load_rules(migralint, err))
        return false;
    Arena scratch = {0};
    Selection read;
    Error why = {0};
    bool ok = read_selection(&migralint->rules, selection, &scratch, &read, &why);
    if (ok) {
        if (migralint->checked)
            findings_free(&migralint->findings);
        migralint->findings = (Findings){0};
        engine_run(&migralint->rules, &migralint->workspace, migralint->graphs, &read,
                   &migralint->findings);
        migralint->checked = true;
    }
    arena_free(&scratch);
    return ok || fail(err, &why);
}

MigralintCounts migralint_counts(const Migralint *migralint)
{
    const uint32_t *by = migralint->findings.by_severity;
    return (MigralintCounts){by[SEVERITY_ERROR], by[SEVERITY_WARNING], by[SEVERITY_INFO]};
}

/* ---- writing ---- */

static bool unknown_format(const char *format, MigralintError *err)
{
    Error why = {0};
    error_set(&why, "there is no format `%s` here", format);
    return fail(err, &why);
}

bool migralint_write_report(const Migralint *migralint, const char *format,
                            const MigralintReportOptions *options, MigralintText *out,
                            MigralintError *err)
{
    assert(migralint->checked);
    Report report = {
        .workspace = &migralint->workspace,
        .graphs = migralint->graphs,
        .findings = &migralint->findings,
        .level = SEVERITY_WARNING,
        .path_prefix = str(options->path_prefix),
        .color = options->color,
        .statistics = options->statistics,
        .seconds = options->seconds,
    };
    if (options->level)
        severity_from(str(options->level), &report.level);
    void (*const write)(const Report *, StrBuf *) = !strcmp(format, "text")      ? report_text
                                                    : !strcmp(format, "concise") ? report_concise
                                                    : !strcmp(format, "json")    ? report_json
                                                                                 : NULL;
    if (!write)
        return unknown_format(format, err);
    StrBuf buffer = buffer_of(out);
    write(&report, &buffer);
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
                 (uint32_t)apps.count};
    bool ok = known_apps(&view, &why);
    StrBuf buffer = buffer_of(out);
    if (ok)
        write(&view, &buffer);
    arena_free(&scratch);
    give(out, buffer);
    return ok || fail(err, &why);
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

bool migralint_write_graph(const Migralint *migralint, const char *format, MigralintList apps,
                           MigralintText *out, MigralintError *err)
{
    return write_view(migralint, format, apps, NULL, graph_json, out, err);
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
    Module *module;
    Str text = {0};
    Error why = {0};
    bool ok = read_facts(path, &arena, &interner, &module, &text, &why);
    StrBuf buffer = buffer_of(out);
    if (ok)
        (json ? facts_json : facts_text)(module, text, &interner, &buffer);
    give(out, buffer);
    interner_free(&interner);
    arena_free(&arena);
    return ok || fail(err, &why);
}

bool migralint_write_rules(Migralint *migralint, const char *format, MigralintText *out,
                           MigralintError *err)
{
    bool json = !strcmp(format, "json");
    if (!json && strcmp(format, "text"))
        return unknown_format(format, err);
    if (!load_rules(migralint, err))
        return false;
    StrBuf buffer = buffer_of(out);
    (json ? rules_json : rules_text)(&migralint->rules, &buffer);
    return give(out, buffer);
}

bool migralint_write_explanation(Migralint *migralint, const char *rule, const char *format,
                                 MigralintText *out, MigralintError *err)
{
    bool json = !strcmp(format, "json");
    Error why = {0};
    if (!json && strcmp(format, "text"))
        return unknown_format(format, err);
    if (!load_rules(migralint, err))
        return false;
    const Rule *found = rules_find(&migralint->rules, str(rule));
    if (!found) {
        unknown_rule(&migralint->rules, str(rule), &why);
        return fail(err, &why);
    }
    StrBuf buffer = buffer_of(out);
    (json ? explain_json : explain_text)(found, &buffer);
    return give(out, buffer);
}

bool migralint_test_rules(Migralint *migralint, bool own_only, size_t *failed, MigralintText *out,
                          MigralintError *err)
{
    RuleSet own = {0};
    Error why = {0};
    if (own_only ? !load_own(&own, migralint->options.rules, &why) : !load_rules(migralint, err)) {
        rules_free(&own);
        return own_only ? fail(err, &why) : false;
    }
    Arena scratch = {0};
    ExampleReport examples = {0};
    engine_test_rules(own_only ? &own : &migralint->rules, &scratch, &examples);
    StrBuf buffer = buffer_of(out);
    examples_text(&examples, &buffer);
    *failed = examples.count;
    arena_free(&scratch);
    rules_free(&own);
    return give(out, buffer);
}
