#include "handle.h"

#include "base/alloc.h"

#include <assert.h>
#include <stdlib.h>

/* Glue only: opening, rules and checking behind the public face. */

_Static_assert(sizeof(MigralintError) == sizeof(Error), "the texts are copied");

bool handle_fail(MigralintError *err, const Error *why)
{
    if (err)
        memcpy(err->text, why->text, sizeof err->text);
    return false;
}

const char *migralint_version(void)
{
    return MIGRALINT_VERSION;
}

Str *strs_of(MigralintList list, Arena *arena)
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

/* The public name of the inner type. */
MigralintShared *migralint_shared_new(void)
{
    return (MigralintShared *)shared_facts_new();
}

void migralint_shared_free(MigralintShared *shared)
{
    shared_facts_free((SharedFacts *)shared);
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
    for (uint32_t p = 0; migralint->registries && p < migralint->workspace.project_count; p++)
        registry_free(&migralint->registries[p]);
    for (uint32_t p = 0; migralint->states && p < migralint->workspace.project_count; p++)
        state_free(&migralint->states[p]);
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

static bool ask_trace(void *context, Str path, Arena *arena, Str *text, Str *help)
{
    const MigralintOptions *options = context;
    MigralintTrace trace = {{0}, {0}};
    if (!options->trace(options->trace_context, arena_str(arena, path).ptr, &trace))
        return false;
    *text = arena_str(arena, str(trace.text));
    *help = arena_str(arena, str(trace.help));
    return true;
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
        .shared = (SharedFacts *)options->shared,
        .untracked = strs_of(options->untracked, arena),
        .untracked_count = (uint32_t)options->untracked.count,
        .root_name = name_of_dir(root, arena),
        .django = options->django,
        .site_packages = site_packages_of(migralint),
        .site_package_count = (uint32_t)options->site_packages.count,
        .trace = options->trace ? ask_trace : NULL,
        .trace_context = &migralint->options,
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

const State *handle_states(Migralint *migralint)
{
    Workspace *workspace = &migralint->workspace;
    if (migralint->states)
        return migralint->states;
    migralint->states = arena_array(&migralint->arena, State, workspace->project_count + 1);
    for (uint32_t p = 0; p < workspace->project_count; p++)
        state_build(&migralint->states[p], workspace, &migralint->graphs[p], &migralint->arena);
    return migralint->states;
}

const Registry *handle_registries(Migralint *migralint)
{
    Workspace *workspace = &migralint->workspace;
    if (migralint->registries)
        return migralint->registries;
    const State *states = handle_states(migralint);
    migralint->registries = arena_array(&migralint->arena, Registry, workspace->project_count + 1);
    for (uint32_t p = 0; p < workspace->project_count; p++)
        registry_read(&migralint->registries[p], workspace, &states[p], &migralint->arena);
    return migralint->registries;
}

const Analysis *handle_analyses(Migralint *migralint)
{
    uint32_t count = migralint->workspace.project_count;
    if (migralint->analyses)
        return migralint->analyses;
    const State *states = handle_states(migralint);
    const Registry *registries = handle_registries(migralint);
    Drift *drifts = arena_array(&migralint->arena, Drift, count + 1);
    migralint->analyses = arena_array(&migralint->arena, Analysis, count + 1);
    for (uint32_t p = 0; p < count; p++) {
        drifts[p] = drift_find(&registries[p], &states[p], &migralint->arena);
        migralint->analyses[p] = (Analysis){&states[p], &registries[p], &drifts[p]};
    }
    return migralint->analyses;
}

static bool open_reader(Migralint *migralint, Reader inner, const char *root, MigralintError *err)
{
    assert(!migralint->opened);
    Error why = {0};
    migralint->counting = (CountingReader){inner, &migralint->options, 0};
    Reader reader = {&migralint->counting, counted_list, counted_read, counted_identity};
    WorkspaceOptions options = workspace_options(migralint, root);
    migralint->opened = true;
    if (!workspace_open(&migralint->workspace, reader, &options, &why))
        return handle_fail(err, &why);
    build_graphs(migralint);
    return true;
}

bool migralint_open(Migralint *migralint, const char *root, MigralintError *err)
{
    migralint->disk.root = root;
    return open_reader(migralint, reader_disk(&migralint->disk), root, err);
}

static ReadResult read_listed(void *context, uint32_t file, size_t limit, Arena *arena, Str *out,
                              Error *err)
{
    const Migralint *migralint = context;
    MigralintText text = {0};
    MigralintError why = {{0}};
    MigralintRead result = migralint->tree.read(migralint->tree.context, file, limit, &text, &why);
    *out = arena_str(arena, (Str){text.bytes, text.length});
    migralint_text_free(&text);
    if (result == MIGRALINT_UNREADABLE)
        error_set(err, "%s", why.text);
    return result == MIGRALINT_READ        ? READ_OK
           : result == MIGRALINT_TOO_LARGE ? READ_TOO_LARGE
                                           : READ_FAILED;
}

bool migralint_open_tree(Migralint *migralint, const MigralintTree *tree, MigralintError *err)
{
    migralint->disk.root = tree->name;
    migralint->tree = *tree;
    migralint->listed = (TreeReader){strs_of(tree->paths, &migralint->arena),
                                     (uint32_t)tree->paths.count, read_listed, migralint};
    return open_reader(migralint, reader_tree(&migralint->listed), tree->name, err);
}

/* ---- rules ---- */

bool load_own_rules(RuleSet *rules, MigralintList dirs, Error *why)
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

bool handle_load_rules(Migralint *migralint, bool examples, MigralintError *err)
{
    Error why = {0};
    if (migralint->rules_loaded)
        return true;
    if (!rules_load(&migralint->rules, examples, &why) ||
        !load_own_rules(&migralint->rules, migralint->options.rules, &why)) {
        rules_free(&migralint->rules);
        migralint->rules = (RuleSet){0};
        return handle_fail(err, &why);
    }
    migralint->rules_loaded = true;
    return true;
}

/* ---- checking ---- */

bool migralint_selection_holds(Migralint *migralint, const MigralintSelection *selection,
                               MigralintError *err)
{
    if (!handle_load_rules(migralint, false, err))
        return false;
    Arena scratch = {0};
    Selection read;
    Error why = {0};
    bool ok = selection_read(&migralint->rules, selection, &scratch, &read, &why);
    arena_free(&scratch);
    return ok || handle_fail(err, &why);
}

bool migralint_check(Migralint *migralint, const MigralintSelection *selection, MigralintError *err)
{
    assert(migralint->graphs);
    if (!handle_load_rules(migralint, false, err))
        return false;
    Arena scratch = {0};
    Selection read;
    Error why = {0};
    bool ok = selection_read(&migralint->rules, selection, &scratch, &read, &why);
    if (ok) {
        if (migralint->checked)
            findings_free(&migralint->findings);
        migralint->findings = (Findings){0};
        migralint->baseline = selection->baseline;
        engine_run(&migralint->rules, &migralint->workspace, handle_analyses(migralint), &read,
                   &migralint->findings);
        migralint->checked = true;
    }
    arena_free(&scratch);
    return ok || handle_fail(err, &why);
}

MigralintCounts migralint_counts(const Migralint *migralint)
{
    const uint32_t *by = migralint->findings.by_severity;
    return (MigralintCounts){by[SEVERITY_ERROR], by[SEVERITY_WARNING], by[SEVERITY_INFO]};
}
