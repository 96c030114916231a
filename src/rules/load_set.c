#include "base/embedded.h"
#include "base/limits.h"
#include "rules/load.h"

#include <stdlib.h>

typedef struct Loading {
    RuleSet *set;
    Array(Rule) fresh; /* what this source holds */
    bool examples;     /* are read too */
    Error *err;
} Loading;

static int by_code(const void *a, const void *b)
{
    const Rule *left = a, *right = b;
    int order = str_cmp(left->code, right->code);
    return order ? order : str_cmp(left->path, right->path);
}

static bool load_one(Loading *loading, Str path, Str text)
{
    Rule rule;
    if (!rule_read(path, text, loading->examples, &loading->set->arena, &rule, loading->err))
        return false;
    array_push(&loading->fresh, rule);
    return true;
}

/* No two rules of one source share a code or a name; whichever comes last is
 * the one in error. */
static bool all_differ(const Loading *loading)
{
    for (uint32_t i = 0; i < loading->fresh.count; i++)
        for (uint32_t j = 0; j < i; j++) {
            const Rule *a = &loading->fresh.items[j], *b = &loading->fresh.items[i];
            bool code = str_eq(a->code, b->code);
            if (code || str_eq(a->name, b->name))
                return error_set(loading->err, "%.*s: the %s `%.*s` is taken by %.*s",
                                 STR_ARG(b->path), code ? "code" : "name",
                                 STR_ARG(code ? b->code : b->name), STR_ARG(a->path));
        }
    return true;
}

/* A rule of the same code is replaced; nobody may have its name otherwise. */
static bool fits(const Loading *loading, const Rule *rule, bool embedded)
{
    bool replaces = false;
    for (uint32_t i = 0; i < loading->set->count; i++) {
        const Rule *there = &loading->set->rules[i];
        bool same_code = str_eq(there->code, rule->code);
        replaces |= same_code;
        if (!same_code && str_eq(there->name, rule->name))
            return error_set(loading->err, "%.*s: the name `%.*s` belongs to %.*s",
                             STR_ARG(rule->path), STR_ARG(rule->name), STR_ARG(there->code));
    }
    if (embedded || replaces || !rule_is_ours(rule->code))
        return true;
    return error_set(loading->err,
                     "%.*s: there is no %.*s to replace; codes MG… are migralint's own",
                     STR_ARG(rule->path), STR_ARG(rule->code));
}

static void merge(Loading *loading)
{
    RuleSet *set = loading->set;
    Rule *all = arena_array(&set->arena, Rule, set->count + loading->fresh.count);
    uint32_t count = 0;
    for (uint32_t i = 0; i < set->count; i++) {
        bool replaced = false;
        for (uint32_t j = 0; j < loading->fresh.count && !replaced; j++)
            replaced = str_eq(set->rules[i].code, loading->fresh.items[j].code);
        if (!replaced)
            all[count++] = set->rules[i];
    }
    for (uint32_t i = 0; i < loading->fresh.count; i++)
        all[count++] = loading->fresh.items[i];
    if (count)
        qsort(all, count, sizeof *all, by_code);
    set->rules = all;
    set->count = count;
}

static bool finish(Loading *loading, bool good, bool embedded)
{
    if (good && loading->fresh.count)
        qsort(loading->fresh.items, loading->fresh.count, sizeof(Rule), by_code);
    good = good && all_differ(loading);
    for (uint32_t i = 0; good && i < loading->fresh.count; i++) {
        loading->fresh.items[i].own = !embedded;
        good = fits(loading, &loading->fresh.items[i], embedded);
    }
    if (good)
        merge(loading);
    array_free(&loading->fresh);
    return good;
}

bool rules_load(RuleSet *rules, bool examples, Error *err)
{
    *rules = (RuleSet){0};
    Loading loading = {.set = rules, .err = err, .examples = examples};
    bool good = true;
    for (size_t i = 0; good && i < embedded_files_count; i++) {
        const EmbeddedFile *file = &embedded_files[i];
        if (str_starts(str(file->path), S("data/")))
            continue;
        Str path = arena_printf(&rules->arena, "rules/%s", file->path);
        good = load_one(&loading, path, (Str){(const char *)file->bytes, file->len});
    }
    return finish(&loading, good, true);
}

/* --- a directory --------------------------------------------------------- */

static bool is_yaml(Str name)
{
    return str_ends(name, S(".yaml")) || str_ends(name, S(".yml"));
}

static bool load_file(Loading *loading, const Reader *reader, Str path)
{
    Arena arena = {0};
    Str text = {0};
    bool good = false;
    switch (reader->read(reader->self, path, LIMIT_YAML_BYTES, &arena, &text, loading->err)) {
    case READ_OK:
        good = load_one(loading, path, text);
        break;
    case READ_TOO_LARGE:
        error_set(loading->err, "%.*s: larger than %d bytes", STR_ARG(path), LIMIT_YAML_BYTES);
        break;
    case READ_ABSENT:
    case READ_FAILED:
        break; /* the reader said why */
    }
    arena_free(&arena);
    return good;
}

static bool load_below(Loading *loading, const Reader *reader, Str dir, int depth)
{
    Arena arena = {0};
    DirEntries entries = {0};
    bool good = reader->list(reader->self, dir, &arena, &entries, loading->err);
    for (uint32_t i = 0; good && i < entries.count; i++) {
        const DirEntry *entry = &entries.items[i];
        if (str_starts(entry->name, S(".")))
            continue;
        Str path = arena_printf(&arena, "%.*s%s%.*s", STR_ARG(dir), dir.len ? "/" : "",
                                STR_ARG(entry->name));
        if (entry->kind == ENTRY_FILE && is_yaml(entry->name))
            good = load_file(loading, reader, path);
        bool tables = !depth && str_eq(entry->name, S("data"));
        if (entry->kind == ENTRY_DIR && !entry->link && !tables && depth < LIMIT_PATH_DEPTH)
            good = load_below(loading, reader, path, depth + 1);
    }
    arena_free(&arena);
    return good;
}

bool rules_load_dir(RuleSet *rules, const Reader *reader, Str dir, Error *err)
{
    Loading loading = {.set = rules, .err = err, .examples = true};
    bool good = load_below(&loading, reader, dir, 0);
    if (good && !loading.fresh.count)
        good = error_set(err, "%.*s: no rule files (*.yaml, *.yml) in it",
                         STR_ARG(dir.len ? dir : S(".")));
    return finish(&loading, good, false);
}
