#include "source/find.h"

#include "base/limits.h"
#include "base/map.h"

#include <stdlib.h>

typedef struct LateLink {
    DirId parent;
    Str name;
    uint64_t identity;
} LateLink;

typedef struct Walk {
    const Reader *reader;
    const FindOptions *options;
    Arena *arena;
    Interner ignored; /* the paths in options->ignored, without a trailing '/' */
    uint32_t seen;
    bool full; /* LIMIT_FILES was reached */
    Array(SourceDir) dirs;
    Array(SourceFile) files;
    Array(Skipped) skipped;
    Array(Str) environments;
    Array(LateLink) links;
} Walk;

static Str join(Arena *arena, Str dir, Str name)
{
    if (!dir.len)
        return arena_str(arena, name);
    return arena_printf(arena, "%.*s/%.*s", STR_ARG(dir), STR_ARG(name));
}

/* Directories that never hold a project's own apps. A hidden one cannot be a
 * Python package. */
static bool is_never_source(Str name, Str parent)
{
    static const char *const names[] = {"node_modules", "bower_components", "__pycache__",
                                        "site-packages", "dist-packages", "__pypackages__"};
    if (name.ptr[0] == '.' || str_contains(name, S("{{")) || str_ends(name, S(".egg-info")))
        return true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(name, str(names[i])))
            return true;
    return str_eq(name, S("lib")) && str_eq(parent, S("build"));
}

static bool is_environment(const DirEntries *entries)
{
    for (uint32_t i = 0; i < entries->count; i++)
        if (str_eq(entries->items[i].name, S("pyvenv.cfg")) ||
            str_eq(entries->items[i].name, S("conda-meta")))
            return true;
    return false;
}

/* Inside a folder called migrations everything counts: Django loads what git ignores. */
static bool in_migrations(const Walk *walk, DirId dir)
{
    return str_eq(walk->dirs.items[dir].name, S("migrations"));
}

static bool is_excluded(const Walk *walk, DirId parent, Str name, Str path)
{
    for (uint32_t i = 0; i < walk->options->exclude_count; i++)
        if (source_glob(walk->options->exclude[i], path))
            return true;
    return intern_find(&walk->ignored, path) && !str_eq(name, S("migrations")) &&
           !in_migrations(walk, parent);
}

static bool is_at_or_below(Str path, Str dir)
{
    return !dir.len || str_eq(path, dir) ||
           (str_starts(path, dir) && path.len > dir.len && path.ptr[dir.len] == '/');
}

/* Whether the path is, leads to, or lies below something that was asked for. */
static bool is_wanted(const Walk *walk, Str path)
{
    if (!walk->options->only_count)
        return true;
    for (uint32_t i = 0; i < walk->options->only_count; i++)
        if (is_at_or_below(path, walk->options->only[i]) ||
            is_at_or_below(walk->options->only[i], path))
            return true;
    return false;
}

static void skip(Walk *walk, Str path, SkipReason reason, Str text)
{
    array_push(&walk->skipped, (Skipped){path, reason, text});
}

static void add_dir(Walk *walk, DirId parent, Str name, Str path)
{
    array_push(&walk->dirs, (SourceDir){.name = name, .path = path, .parent = parent});
}

static void take_entry(Walk *walk, DirId dir, const DirEntry *entry)
{
    const SourceDir *parent = &walk->dirs.items[dir];
    bool migrations = in_migrations(walk, dir);
    if (entry->kind == ENTRY_FILE && !migrations && !str_ends(entry->name, S(".py")))
        return;
    if (entry->kind == ENTRY_OTHER ||
        (entry->kind == ENTRY_DIR && is_never_source(entry->name, parent->name)))
        return;
    Str path = join(walk->arena, parent->path, entry->name);
    if (is_excluded(walk, dir, entry->name, path) || !is_wanted(walk, path))
        return;
    if (entry->kind == ENTRY_FILE) {
        array_push(&walk->files, (SourceFile){str_tail(path, '/'), path, dir});
        walk->dirs.items[dir].package |= str_eq(entry->name, S("__init__.py"));
    } else if (entry->link) {
        array_push(&walk->links, (LateLink){dir, str_tail(path, '/'), entry->identity});
    } else {
        add_dir(walk, dir, str_tail(path, '/'), path);
    }
}

static uint32_t depth_of(const Walk *walk, DirId dir)
{
    uint32_t depth = 0;
    for (; dir != DIR_ROOT; dir = walk->dirs.items[dir].parent)
        depth++;
    return depth;
}

static void visit(Walk *walk, DirId dir, const DirEntries *entries)
{
    Str path = walk->dirs.items[dir].path;
    if (dir != DIR_ROOT && is_environment(entries)) {
        array_push(&walk->environments, path);
        return;
    }
    if (depth_of(walk, dir) >= LIMIT_PATH_DEPTH) {
        skip(walk, path, SKIP_TOO_DEEP, (Str){0});
        return;
    }
    walk->dirs.items[dir].first_file = walk->files.count;
    for (uint32_t i = 0; i < entries->count && !walk->full; i++) {
        if (++walk->seen > LIMIT_FILES) {
            walk->full = true;
            skip(walk, path, SKIP_TOO_MANY, (Str){0});
        } else {
            take_entry(walk, dir, &entries->items[i]);
        }
    }
    walk->dirs.items[dir].file_count = walk->files.count - walk->dirs.items[dir].first_file;
}

/* Lists the directories from `from` on; those found meanwhile are behind them. */
static void walk_dirs(Walk *walk, DirId from)
{
    for (DirId dir = from; dir < walk->dirs.count && !walk->full; dir++) {
        Arena scratch = {0};
        DirEntries entries = {0};
        Error err;
        Str path = walk->dirs.items[dir].path;
        if (walk->reader->list(walk->reader->self, path, &scratch, &entries, &err))
            visit(walk, dir, &entries);
        else
            skip(walk, path, SKIP_UNREADABLE, arena_str(walk->arena, str(err.text)));
        arena_free(&scratch);
    }
}

/* Links to directories come last, so that an app is found under its own path
 * where it has one, and no loop is ever entered. */
static void follow_links(Walk *walk)
{
    Map known = {0};
    DirId recorded = 0;
    for (uint32_t i = 0; i < walk->links.count && !walk->full; i++) {
        for (; recorded < walk->dirs.count; recorded++)
            map_set(&known,
                    walk->reader->identity(walk->reader->self, walk->dirs.items[recorded].path), 1);
        LateLink link = walk->links.items[i];
        if (!link.identity || map_has(&known, link.identity))
            continue;
        DirId next = walk->dirs.count;
        add_dir(walk, link.parent, link.name,
                join(walk->arena, walk->dirs.items[link.parent].path, link.name));
        walk_dirs(walk, next);
    }
    map_free(&known);
}

typedef struct ChildOrder {
    const SourceDir *dirs;
} ChildOrder;

static int by_parent_and_name(const void *a, const void *b, void *context)
{
    const SourceDir *dirs = ((const ChildOrder *)context)->dirs;
    const SourceDir *left = &dirs[*(const DirId *)a], *right = &dirs[*(const DirId *)b];
    if (left->parent != right->parent)
        return left->parent < right->parent ? -1 : 1;
    return str_cmp(left->name, right->name);
}

static void index_children(SourceTree *tree, Arena *arena)
{
    uint32_t count = tree->dir_count - 1;
    tree->child_dirs = arena_array(arena, DirId, count);
    for (uint32_t i = 0; i < count; i++)
        tree->child_dirs[i] = i + 1;
    ChildOrder order = {tree->dirs};
    if (count)
        qsort_r(tree->child_dirs, count, sizeof *tree->child_dirs, by_parent_and_name, &order);
    for (uint32_t i = 0; i < count; i++) {
        SourceDir *parent = &tree->dirs[tree->dirs[tree->child_dirs[i]].parent];
        if (!parent->dir_count++)
            parent->first_dir = i;
    }
}

static void finish(Walk *walk, SourceTree *out)
{
    Arena *arena = walk->arena;
    out->dirs = arena_keep(arena, SourceDir, walk->dirs.items, walk->dirs.count);
    out->dir_count = walk->dirs.count;
    out->files = arena_keep(arena, SourceFile, walk->files.items, walk->files.count);
    out->file_count = walk->files.count;
    out->skipped = arena_keep(arena, Skipped, walk->skipped.items, walk->skipped.count);
    out->skipped_count = walk->skipped.count;
    out->environments = arena_keep(arena, Str, walk->environments.items, walk->environments.count);
    out->environment_count = walk->environments.count;
    index_children(out, arena);
    array_free(&walk->dirs);
    array_free(&walk->files);
    array_free(&walk->skipped);
    array_free(&walk->environments);
    array_free(&walk->links);
    interner_free(&walk->ignored);
}

bool source_find(const Reader *reader, const FindOptions *options, Arena *arena, SourceTree *out,
                 Error *err)
{
    Walk walk = {.reader = reader, .options = options, .arena = arena};
    Arena scratch = {0};
    DirEntries entries = {0};
    if (!reader->list(reader->self, S(""), &scratch, &entries, err)) {
        arena_free(&scratch);
        return false;
    }
    for (uint32_t i = 0; i < options->ignored_count; i++) {
        Str path = options->ignored[i];
        intern(&walk.ignored, str_ends(path, S("/")) ? str_sub(path, 0, path.len - 1) : path);
    }
    add_dir(&walk, DIR_NONE, S(""), S(""));
    visit(&walk, DIR_ROOT, &entries);
    arena_free(&scratch);
    walk_dirs(&walk, 1);
    if (walk.links.count)
        follow_links(&walk);
    finish(&walk, out);
    return true;
}

DirId source_child(const SourceTree *tree, DirId dir, Str name)
{
    uint32_t low = tree->dirs[dir].first_dir, high = low + tree->dirs[dir].dir_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = str_cmp(tree->dirs[tree->child_dirs[middle]].name, name);
        if (!order)
            return tree->child_dirs[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return DIR_NONE;
}

const SourceFile *source_file(const SourceTree *tree, DirId dir, Str name)
{
    uint32_t low = tree->dirs[dir].first_file, high = low + tree->dirs[dir].file_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = str_cmp(tree->files[middle].name, name);
        if (!order)
            return &tree->files[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

DirId source_dir_at(const SourceTree *tree, Str path)
{
    DirId dir = DIR_ROOT;
    for (Str rest = path; rest.len && dir != DIR_NONE;)
        dir = source_child(tree, dir, str_cut(&rest, '/'));
    return dir;
}

const SourceFile *source_file_at(const SourceTree *tree, Str path)
{
    DirId dir = source_dir_at(tree, str_head(path, '/'));
    return dir == DIR_NONE ? NULL : source_file(tree, dir, str_tail(path, '/'));
}
