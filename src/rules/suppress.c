#include "rules/suppress.h"

#include "rules/peers.h"
#include "rules/select.h"

/* Where suppressions stand, and what they hide. */

typedef struct Gathering {
    const Workspace *workspace;
    const RuleSet *rules;
    Arena *arena;
    Array(Suppression) found;
    Map by_path;
} Gathering;

/* What begins on the lines is meant to its end. */
static void reach_to(Span *covers, Span part)
{
    if (part.start >= covers->start && part.start < covers->end && part.end > covers->end)
        covers->end = part.end;
}

static void reach_dependencies(Span *covers, const Dependencies *list)
{
    for (uint32_t i = 0; i < list->count; i++)
        reach_to(covers, list->items[i].place.span);
}

static Span span_of_operation(const Operation *operation, const Module *module)
{
    if (!operation->call.id || operation->call.module != module)
        return (Span){0, 0};
    return value_at(&module->values, operation->call.id)->span;
}

static Span covered(const Directive *directive, const Module *module, const Migration *migration)
{
    Span lines = directive->lines, covers = lines;
    if (!migration)
        return covers;
    for (uint32_t i = 0; i < migration->operation_count; i++) {
        Span span = span_of_operation(&migration->operations[i], module);
        if (span.start >= lines.start && span.start < lines.end)
            reach_to(&covers, span);
    }
    reach_dependencies(&covers, &migration->dependencies);
    reach_dependencies(&covers, &migration->run_before);
    reach_dependencies(&covers, &migration->replaces);
    return covers;
}

static void add(Gathering *gathering, Suppression suppression)
{
    uint64_t key = str_hash(suppression.module->path);
    if (!map_has(&gathering->by_path, key))
        map_set(&gathering->by_path, key, gathering->found.count);
    uint32_t most = suppression.selector_count ? suppression.selector_count : 1;
    suppression.used = arena_array(gathering->arena, bool, most);
    array_push(&gathering->found, suppression);
}

static void gather_from(Gathering *gathering, const Module *module, const Migration *migration,
                        uint32_t project)
{
    for (uint32_t i = 0; i < module->directive_count; i++) {
        const Directive *directive = &module->directives[i];
        Suppression read = {0};
        if (!suppression_read(gathering->rules, directive->text, gathering->arena, &read) &&
            !peer_comment(directive->text, gathering->arena, &read))
            continue;
        read.module = module;
        read.migration = migration;
        read.project = project;
        read.place = (Place){module->path,
                             {directive->span.start + read.place.span.start,
                              directive->span.start + read.place.span.end}};
        read.covers = read.covers.end ? covered(directive, module, migration) : (Span){0, 0};
        add(gathering, read);
    }
    Suppression whole = {.module = module, .migration = migration, .project = project};
    if (migration && peer_operation(gathering->workspace, migration, gathering->arena, &whole))
        add(gathering, whole);
}

static bool is_in(Str path, Str root)
{
    return !root.len || (str_starts(path, root) && path.ptr[root.len] == '/');
}

/* Of those that hold the file the innermost project. */
static uint32_t project_of(const Workspace *workspace, Str path)
{
    uint32_t best = 0;
    size_t longest = 0;
    for (uint32_t p = 0; p < workspace->project_count; p++) {
        Str root = workspace->projects[p].root;
        if (root.len > longest && is_in(path, root)) {
            best = p;
            longest = root.len;
        }
    }
    return best;
}

static void gather_migrations(Gathering *gathering, Map *seen)
{
    for (uint32_t p = 0; p < gathering->workspace->project_count; p++) {
        const Project *project = &gathering->workspace->projects[p];
        for (uint32_t i = 0; i < project->migration_count; i++) {
            const Migration *migration = &project->migrations[i];
            if (!migration->module || project->apps[migration->app].origin != APP_OWN ||
                map_has(seen, str_hash(migration->module->path)))
                continue;
            map_set(seen, str_hash(migration->module->path), 1);
            gather_from(gathering, migration->module, migration, p);
        }
    }
}

Suppressions suppressions_find(const Workspace *workspace, const RuleSet *rules, Arena *arena)
{
    Gathering gathering = {.workspace = workspace, .rules = rules, .arena = arena};
    Map seen = {0};
    gather_migrations(&gathering, &seen);
    Arena scratch = {0};
    uint32_t count;
    const Module **modules = workspace_modules(workspace, &scratch, &count);
    for (uint32_t i = 0; i < count && workspace->project_count; i++)
        if (modules[i]->directive_count && !map_has(&seen, str_hash(modules[i]->path)))
            gather_from(&gathering, modules[i], NULL, project_of(workspace, modules[i]->path));
    arena_free(&scratch);
    map_free(&seen);
    Suppressions out = {
        arena_keep(arena, Suppression, gathering.found.items, gathering.found.count),
        gathering.found.count, gathering.by_path};
    array_free(&gathering.found);
    return out;
}

void suppressions_free(Suppressions *suppressions)
{
    map_free(&suppressions->by_path);
    *suppressions = (Suppressions){0};
}

static bool covers(const Suppression *suppression, const Finding *finding)
{
    Span place = finding->place.span, covered = suppression->covers;
    if (suppression->fault)
        return false;
    return !covered.end || (place.end && place.start >= covered.start && place.start < covered.end);
}

/* Without codes, or with a prefix such as ALL, what is said about suppressions is not meant. */
static bool hides(const Suppression *suppression, const Rule *rule)
{
    bool linter = str_eq(rule->category, S("linter"));
    if (!suppression->selector_count && !linter)
        return suppression->used[0] = true;
    for (uint32_t i = 0; i < suppression->selector_count; i++) {
        Str selector = suppression->selectors[i];
        if (rule_selected(rule, selector) && (!linter || selector.len > 3))
            return suppression->used[i] = true;
    }
    return false;
}

const Suppression *suppression_of(Suppressions *suppressions, const Finding *finding)
{
    uint32_t i = map_get(&suppressions->by_path, str_hash(finding->place.path), UINT32_MAX);
    for (; i < suppressions->count; i++) {
        const Suppression *suppression = &suppressions->items[i];
        if (!str_eq(suppression->module->path, finding->place.path))
            break;
        if (covers(suppression, finding) && hides(suppression, finding->rule))
            return suppression;
    }
    return NULL;
}
