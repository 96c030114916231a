#include "rules/baseline.h"

#include "rules/fingerprint.h"

#include <stdlib.h>

/* Which entry has which finding: several passes over what the ones before have left, from what is
 * the same in every respect to what is only alike. A pass pairs what has the same key, in order. */

BaselineEntry baseline_entry(const Finding *finding, Str prefix, Arena *arena)
{
    Str path = finding->place.path;
    return (BaselineEntry){
        .code = finding->rule->code,
        .app = finding->app,
        .migration = finding->migration,
        .path = prefix.len ? arena_printf(arena, "%.*s%.*s", STR_ARG(prefix), STR_ARG(path)) : path,
        .line = finding->location.line,
        .message = finding->message,
        .source = finding->line,
        .fingerprint = finding->fingerprint,
    };
}

int baseline_order(const void *a, const void *b)
{
    const BaselineEntry *left = a, *right = b;
    int order = str_cmp(left->path, right->path);
    if (!order)
        order = (left->line > right->line) - (left->line < right->line);
    if (!order)
        order = str_cmp(left->code, right->code);
    if (!order)
        order = str_cmp(left->message, right->message);
    return order ? order : str_cmp(left->fingerprint, right->fingerprint);
}

/* ---- keys ---- */

typedef enum Pass {
    PASS_PLACE,   /* the same fingerprint, but for its number, on the same line of the same file */
    PASS_FILE,    /* … in the same file */
    PASS_PRINT,   /* … anywhere */
    PASS_NAMES,   /* the same rule, app, migration and names */
    PASS_LINE,    /* the same line instead, and one of the names */
    PASS_RENAMED, /* all but the migration, which is gone */
    PASSES,
} Pass;

/* A file may say anything: bounds what is made of one entry. */
enum { MOST_NAMES = 16, MOST_SOURCE = 2048 };

typedef struct Key {
    uint64_t hash;
    uint32_t index;
    bool current; /* of a finding; else of an entry */
} Key;

typedef struct Matching {
    const BaselineEntry *entries, *found;
    uint32_t count, found_count;
    Finding **findings; /* by `found` */
    Finding **taken;    /* by entry */
    Map migrations;     /* that there are */
    Pass pass;
    Array(Key) keys;
} Matching;

static void add_text(StrBuf *out, Str text)
{
    strbuf_add(out, text);
    strbuf_byte(out, '\0');
}

static uint64_t migration_key(Str app, Str name)
{
    StrBuf text = {0};
    add_text(&text, app);
    strbuf_add(&text, name);
    uint64_t key = str_hash(strbuf_str(&text));
    strbuf_free(&text);
    return key;
}

static void push_key(Matching *matching, const StrBuf *text, uint32_t index, bool current)
{
    array_push(&matching->keys, (Key){str_hash(strbuf_str(text)), index, current});
}

static void add_print(StrBuf *out, const BaselineEntry *entry, Pass pass)
{
    Str rest = entry->fingerprint;
    add_text(out, str_cut(&rest, ':'));
    if (pass <= PASS_FILE)
        add_text(out, entry->path);
    if (pass == PASS_PLACE)
        strbuf_printf(out, "%u", entry->line);
}

static void add_subject(StrBuf *out, const BaselineEntry *entry, Str migration)
{
    add_text(out, entry->code);
    add_text(out, entry->app);
    add_text(out, migration);
}

/* A key for each name, or one where there is none. */
static void push_line_keys(Matching *matching, const BaselineEntry *entry, uint32_t index,
                           bool current)
{
    StrBuf names = {0}, text = {0};
    fingerprint_names(&names, entry->message);
    Str rest = strbuf_str(&names);
    uint32_t count = 0;
    do {
        Str name = str_cut(&rest, '\0');
        strbuf_clear(&text);
        add_subject(&text, entry, entry->migration);
        add_text(&text, entry->source);
        strbuf_add(&text, name);
        push_key(matching, &text, index, current);
    } while (rest.len && ++count < MOST_NAMES);
    strbuf_free(&names);
    strbuf_free(&text);
}

static bool is_itself(const BaselineEntry *entry, Str name)
{
    Str rest = name, app = str_cut(&rest, '.');
    return str_eq(name, entry->migration) ||
           (rest.ptr && str_eq(app, entry->app) && str_eq(rest, entry->migration));
}

/* The names without the migration's own. */
static void add_other_names(StrBuf *out, const BaselineEntry *entry)
{
    StrBuf names = {0};
    fingerprint_names(&names, entry->message);
    for (Str rest = strbuf_str(&names); rest.len;) {
        Str name = str_cut(&rest, '\0');
        add_text(out, is_itself(entry, name) ? S("") : name);
    }
    strbuf_free(&names);
}

static void push_keys(Matching *matching, const BaselineEntry *entry, uint32_t index, bool current)
{
    StrBuf text = {0};
    size_t subject = 0;
    if (matching->pass == PASS_LINE) {
        if (entry->source.len && entry->source.len <= MOST_SOURCE)
            push_line_keys(matching, entry, index, current);
        return;
    }
    if (matching->pass <= PASS_PRINT) {
        add_print(&text, entry, matching->pass);
    } else {
        add_subject(&text, entry, matching->pass == PASS_NAMES ? entry->migration : S(""));
        subject = text.len;
        if (matching->pass == PASS_NAMES) {
            fingerprint_names(&text, entry->message);
        } else {
            add_text(&text, entry->source);
            add_other_names(&text, entry);
            subject += !entry->source.len;
        }
    }
    if (text.len > subject)
        push_key(matching, &text, index, current);
    strbuf_free(&text);
}

/* ---- passes ---- */

static int by_key(const void *a, const void *b)
{
    const Key *left = a, *right = b;
    if (left->hash != right->hash)
        return left->hash < right->hash ? -1 : 1;
    if (left->current != right->current)
        return left->current ? 1 : -1;
    return (left->index > right->index) - (left->index < right->index);
}

static bool is_free(const Matching *matching, const Key *key)
{
    return key->current ? !matching->findings[key->index]->baselined : !matching->taken[key->index];
}

static void take(const Matching *matching, uint32_t entry, uint32_t found)
{
    matching->taken[entry] = matching->findings[found];
    matching->findings[found]->baselined = &matching->entries[entry];
}

/* Of one key: first the entries, then the findings. */
static void pair(const Matching *matching, const Key *keys, uint32_t count)
{
    uint32_t entry = 0, found = 0;
    while (found < count && !keys[found].current)
        found++;
    for (uint32_t end = found; found < count; found++) {
        if (!is_free(matching, &keys[found]))
            continue;
        while (entry < end && !is_free(matching, &keys[entry]))
            entry++;
        if (entry == end)
            return;
        take(matching, keys[entry].index, keys[found].index);
    }
}

static bool is_gone(const Matching *matching, const BaselineEntry *entry)
{
    return entry->migration.len &&
           !map_has(&matching->migrations, migration_key(entry->app, entry->migration));
}

static void run_pass(Matching *matching)
{
    array_clear(&matching->keys);
    for (uint32_t i = 0; i < matching->count; i++)
        if (!matching->taken[i] &&
            (matching->pass != PASS_RENAMED || is_gone(matching, &matching->entries[i])))
            push_keys(matching, &matching->entries[i], i, false);
    if (!matching->keys.count)
        return;
    for (uint32_t i = 0; i < matching->found_count; i++)
        if (!matching->findings[i]->baselined &&
            (matching->pass != PASS_RENAMED || matching->found[i].migration.len))
            push_keys(matching, &matching->found[i], i, true);
    qsort(matching->keys.items, matching->keys.count, sizeof *matching->keys.items, by_key);
    for (uint32_t i = 0, end; i < matching->keys.count; i = end) {
        for (end = i; end < matching->keys.count &&
                      matching->keys.items[end].hash == matching->keys.items[i].hash;)
            end++;
        pair(matching, &matching->keys.items[i], end - i);
    }
}

static void find_migrations(const Workspace *workspace, Map *out)
{
    for (uint32_t p = 0; p < workspace->project_count; p++) {
        const Project *project = &workspace->projects[p];
        for (uint32_t i = 0; i < project->migration_count; i++) {
            Sym label = project->apps[project->migrations[i].app].label;
            map_set(out,
                    migration_key(sym_str(&workspace->interner, label),
                                  sym_str(&workspace->interner, project->migrations[i].name)),
                    1);
        }
    }
}

void baseline_mark(const Baseline *baseline, const Workspace *workspace, Findings *findings,
                   Finding *const *tops, uint32_t count)
{
    Arena scratch = {0};
    Array(Finding *) all = {0};
    for (uint32_t i = 0; i < count; i++) {
        array_push(&all, tops[i]);
        for (uint32_t c = 0; c < tops[i]->consequence_count; c++)
            array_push(&all, tops[i]->consequences[c]);
    }
    BaselineEntry *found = arena_array(&scratch, BaselineEntry, all.count + 1);
    for (uint32_t i = 0; i < all.count; i++)
        found[i] = baseline_entry(all.items[i], baseline->prefix, &scratch);
    if (!findings->taken)
        findings->taken = arena_array(&findings->arena, Finding *, baseline->count + 1);
    Matching matching = {.entries = baseline->entries,
                         .found = found,
                         .count = baseline->count,
                         .found_count = all.count,
                         .findings = all.items,
                         .taken = findings->taken};
    find_migrations(workspace, &matching.migrations);
    for (; matching.pass < PASSES && all.count; matching.pass++)
        run_pass(&matching);
    array_free(&matching.keys);
    map_free(&matching.migrations);
    array_free(&all);
    arena_free(&scratch);
}

bool baseline_path(const Baseline *baseline, const BaselineEntry *entry, Str *path)
{
    if (!str_starts(entry->path, baseline->prefix))
        return false;
    *path = str_sub(entry->path, baseline->prefix.len, entry->path.len);
    for (Str rest = *path; rest.ptr;)
        if (str_eq(str_cut(&rest, '/'), S("..")))
            return false;
    return !str_starts(*path, S("/"));
}

bool baseline_is_comparable(const Baseline *baseline, const Workspace *workspace)
{
    const WorkspaceOptions *options = &workspace->options;
    return !baseline->django || (baseline->django == options->django &&
                                 baseline->installed == (options->site_package_count > 0));
}
