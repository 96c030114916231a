#include "source/find.h"

#include "base/limits.h"
#include "base/map.h"
#include "source/find_internal.h"
#include "source/glob.h"

#include <stdlib.h>

/* What the walk knows about a directory beside what the tree tells. */
typedef struct Mark {
    uint16_t depth;
    bool inside;      /* at or below one of `only` */
    bool named;       /* one of `only`, or above one, or the root: entered whatever it is called */
    bool migrations;  /* at or below a directory called "migrations" */
    bool environment; /* some of what is in it belongs to a virtual environment */
} Mark;

typedef struct Link {
    DirId parent;
    Str path;
    uint64_t identity;
} Link;

typedef struct Walk {
    const Reader *reader;
    const FindOptions *options;
    PathSet only, ignored;
    Arena *arena;  /* of the tree */
    Arena working; /* until the end of the walk */
    Arena scratch; /* until the end of a directory */
    Array(SourceDir) dirs;
    Array(Mark) marks; /* by DirId */
    Array(SourceFile) files;
    Array(Skipped) skipped;
    Array(Str) environments;
    Array(Link) links; /* met, not yet followed */
    Map visited;       /* identities; kept only once links are followed */
    bool following;
    uint32_t seen; /* entries */
} Walk;

static void skip(Walk *walk, Str path, SkipReason reason, Str text)
{
    array_push(&walk->skipped, (Skipped){path, reason, text});
}

/* An error of the reader without the path, which is told otherwise. */
static Str reason_of(const Error *err)
{
    Str text = str(err->text);
    for (size_t at = text.len; at-- > 1;)
        if (text.ptr[at] == ' ' && text.ptr[at - 1] == ':')
            return str_sub(text, at + 1, text.len);
    return text;
}

static bool excluded(const Walk *walk, Str path, bool directory)
{
    for (uint32_t i = 0; i < walk->options->exclude_count; i++)
        if (glob_entry(walk->options->exclude[i], path, directory))
            return true;
    return false;
}

static bool has_entry(const DirEntries *entries, Str name, EntryKind kind)
{
    uint32_t low = 0, high = entries->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = str_cmp(entries->items[middle].name, name);
        if (!order)
            return entries->items[middle].kind == kind;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static bool is_environment(const DirEntries *entries)
{
    return has_entry(entries, S("pyvenv.cfg"), ENTRY_FILE) ||
           has_entry(entries, S("conda-meta"), ENTRY_DIR);
}

/* A hidden directory is not entered, but ".venv" is worth knowing. */
static void look_for_environment(Walk *walk, Str path, Str name)
{
    DirEntries entries;
    if (str_eq(name, S(".git")) || !str_starts(name, S(".")))
        return;
    if (!walk->reader->list(walk->reader->self, path, &walk->scratch, &entries, NULL))
        return;
    if (is_environment(&entries))
        array_push(&walk->environments, arena_str(walk->arena, path));
}

/* Whether version control's word that the directory does not count holds. */
static bool is_ignored_dir(Walk *walk, Str path, const Mark *mark)
{
    if (!walk->ignored.count || mark->migrations)
        return false;
    Str slashed = arena_printf(&walk->scratch, "%.*s/", STR_ARG(path));
    return path_set_has(&walk->ignored, slashed) || path_set_has(&walk->ignored, path);
}

static Mark mark_of(Walk *walk, DirId parent, Str path, Str name)
{
    const Mark *above = &walk->marks.items[parent];
    Mark mark = {.depth = (uint16_t)(above->depth + 1), .inside = above->inside};
    mark.migrations = above->migrations || str_eq(name, S("migrations"));
    if (walk->only.count && !mark.inside) {
        mark.inside = path_set_has(&walk->only, path);
        mark.named = mark.inside || path_set_below(&walk->only, path, &walk->scratch);
    } else if (walk->only.count && path_set_has(&walk->only, path)) {
        mark.named = true;
    }
    return mark;
}

static bool is_wanted(Walk *walk, DirId parent, Str path, Str name, const Mark *mark)
{
    if (!mark->inside && !mark->named)
        return false;
    if (excluded(walk, path, true))
        return false;
    if (mark->named)
        return true;
    if (find_passes_over(name)) {
        look_for_environment(walk, path, name);
        return false;
    }
    if (walk->marks.items[parent].environment && find_made_by_environment(name))
        return false;
    const SourceDir *above = &walk->dirs.items[parent];
    if (str_eq(above->name, S("build")) && !above->package && find_made_by_setuptools(name))
        return false;
    return !is_ignored_dir(walk, path, mark);
}

/* Whether the walk has been in this directory; from now on it has. */
static bool visit(Walk *walk, uint64_t identity)
{
    if (!identity)
        return false;
    if (map_has(&walk->visited, identity))
        return true;
    map_set(&walk->visited, identity, 1);
    return false;
}

static uint64_t identity_at(const Walk *walk, Str path)
{
    return walk->reader->identity(walk->reader->self, path);
}

/* Appends a directory, to be listed when its turn comes. `path` is in the
 * tree's arena. */
static void add_dir(Walk *walk, DirId parent, Str path, Mark mark)
{
    array_push(&walk->dirs,
               (SourceDir){.name = str_tail(path, '/'), .path = path, .parent = parent});
    array_push(&walk->marks, mark);
}

static void take_dir(Walk *walk, DirId parent, Str path, const DirEntry *entry)
{
    Mark mark = mark_of(walk, parent, path, entry->name);
    if (!is_wanted(walk, parent, path, entry->name, &mark))
        return;
    path = arena_str(walk->arena, path);
    if (mark.depth > LIMIT_PATH_DEPTH)
        skip(walk, path, SKIP_TOO_DEEP, (Str){0});
    else if (entry->link)
        array_push(&walk->links, (Link){parent, path, entry->identity});
    else if (!walk->following || !visit(walk, identity_at(walk, path)))
        add_dir(walk, parent, path, mark);
}

static void take_file(Walk *walk, DirId parent, Str path, Str name)
{
    const Mark *mark = &walk->marks.items[parent];
    if (!mark->migrations && !str_ends(name, S(".py")))
        return;
    if (!mark->inside && !path_set_has(&walk->only, path))
        return;
    if (!mark->migrations && path_set_has(&walk->ignored, path))
        return;
    if (excluded(walk, path, false))
        return;
    path = arena_str(walk->arena, path);
    array_push(&walk->files, (SourceFile){str_tail(path, '/'), path, parent});
}

/* False when the directory is somebody's environment and nothing else. */
static bool enter_environment(Walk *walk, DirId dir, const DirEntries *entries)
{
    if (!is_environment(entries))
        return true;
    array_push(&walk->environments, walk->dirs.items[dir].path);
    /* `python -m venv .` and a project made inside of its own environment are
     * common; conda's are never that. */
    walk->marks.items[dir].environment = true;
    return walk->marks.items[dir].named || has_entry(entries, S("pyvenv.cfg"), ENTRY_FILE);
}

/* A pipe, a dangling link, even a directory among migrations: Django tries to
 * import it, but for what shares its name with a package. */
static bool is_listed_by_python(const Walk *walk, DirId dir, const DirEntries *entries, Str name)
{
    return str_eq(walk->dirs.items[dir].name, S("migrations")) && str_ends(name, S(".py")) &&
           !has_entry(entries, str_sub(name, 0, name.len - 3), ENTRY_DIR);
}

static void take_entries(Walk *walk, DirId dir, const DirEntries *entries)
{
    walk->dirs.items[dir].package = has_entry(entries, S("__init__.py"), ENTRY_FILE);
    walk->dirs.items[dir].first_file = walk->files.count;
    if (!enter_environment(walk, dir, entries))
        return;
    Str at = walk->dirs.items[dir].path;
    for (uint32_t i = 0; i < entries->count; i++) {
        const DirEntry *entry = &entries->items[i];
        Str path = arena_join(&walk->scratch, at, '/', entry->name);
        if (entry->kind == ENTRY_DIR)
            take_dir(walk, dir, path, entry);
        if (entry->kind == ENTRY_FILE || is_listed_by_python(walk, dir, entries, entry->name))
            take_file(walk, dir, path, entry->name);
    }
    walk->dirs.items[dir].file_count = walk->files.count - walk->dirs.items[dir].first_file;
}

static bool list_dir(Walk *walk, DirId dir, Error *err)
{
    DirEntries entries;
    Str path = walk->dirs.items[dir].path;
    bool listed = walk->reader->list(walk->reader->self, path, &walk->scratch, &entries, err);
    if (listed) {
        walk->seen += entries.count;
        take_entries(walk, dir, &entries);
    }
    arena_free(&walk->scratch);
    return listed;
}

/* Lists every directory from `next` on, those found on the way too. Returns
 * false when there were too many entries. */
static bool walk_dirs(Walk *walk, DirId next)
{
    for (; next < walk->dirs.count; next++) {
        Error err = {{0}};
        if (walk->seen >= LIMIT_FILES) {
            skip(walk, walk->dirs.items[next].path, SKIP_TOO_MANY, (Str){0});
            return false;
        }
        if (!list_dir(walk, next, &err))
            skip(walk, walk->dirs.items[next].path, SKIP_UNREADABLE,
                 arena_str(walk->arena, reason_of(&err)));
    }
    return true;
}

/* Links that lead to where the walk has been are not followed; nor are those
 * that lead out of the root to a directory which holds the root. */
static void remember_dirs(Walk *walk)
{
    Str up = S("..");
    for (unsigned i = 0; i < LIMIT_PATH_DEPTH; i++) {
        if (visit(walk, identity_at(walk, up)))
            break;
        up = arena_printf(&walk->working, "%.*s/..", STR_ARG(up));
    }
    for (DirId dir = 0; dir < walk->dirs.count; dir++)
        visit(walk, identity_at(walk, walk->dirs.items[dir].path));
}

static void follow_links(Walk *walk)
{
    if (walk->links.count)
        remember_dirs(walk);
    walk->following = true;
    for (uint32_t i = 0; i < walk->links.count; i++) {
        Link link = walk->links.items[i];
        DirId next = walk->dirs.count;
        if (!link.identity || visit(walk, link.identity))
            continue;
        add_dir(walk, link.parent, link.path,
                mark_of(walk, link.parent, link.path, str_tail(link.path, '/')));
        if (!walk_dirs(walk, next))
            return;
    }
}

typedef struct Child {
    DirId parent, dir;
    Str name;
} Child;

static int by_parent_and_name(const void *a, const void *b)
{
    const Child *left = a, *right = b;
    if (left->parent != right->parent)
        return left->parent < right->parent ? -1 : 1;
    return str_cmp(left->name, right->name);
}

static void link_children(SourceTree *tree, Arena *arena, Arena *working)
{
    uint32_t count = tree->dir_count - 1;
    Child *children = arena_array(working, Child, count);
    for (DirId dir = 1; dir < tree->dir_count; dir++)
        children[dir - 1] = (Child){tree->dirs[dir].parent, dir, tree->dirs[dir].name};
    qsort(children, count, sizeof *children, by_parent_and_name);
    tree->child_dirs = arena_array(arena, DirId, count);
    for (uint32_t i = 0; i < count; i++) {
        SourceDir *parent = &tree->dirs[children[i].parent];
        tree->child_dirs[i] = children[i].dir;
        if (!parent->dir_count++)
            parent->first_dir = i;
    }
}

static void keep(Walk *walk, SourceTree *out)
{
    Arena *arena = walk->arena;
    *out = (SourceTree){
        .dirs = arena_keep(arena, SourceDir, walk->dirs.items, walk->dirs.count),
        .dir_count = walk->dirs.count,
        .files = arena_keep(arena, SourceFile, walk->files.items, walk->files.count),
        .file_count = walk->files.count,
        .skipped = arena_keep(arena, Skipped, walk->skipped.items, walk->skipped.count),
        .skipped_count = walk->skipped.count,
        .environments = arena_keep(arena, Str, walk->environments.items, walk->environments.count),
        .environment_count = walk->environments.count,
    };
    link_children(out, arena, &walk->working);
}

static void walk_free(Walk *walk)
{
    arena_free(&walk->working);
    arena_free(&walk->scratch);
    array_free(&walk->dirs);
    array_free(&walk->marks);
    array_free(&walk->files);
    array_free(&walk->skipped);
    array_free(&walk->environments);
    array_free(&walk->links);
    map_free(&walk->visited);
}

bool source_find(const Reader *reader, const FindOptions *options, Arena *arena, SourceTree *out,
                 Error *err)
{
    Walk walk = {.reader = reader, .options = options, .arena = arena};
    walk.only = path_set(options->only, options->only_count, true, &walk.working);
    walk.ignored = path_set(options->ignored, options->ignored_count, false, &walk.working);
    bool inside = !walk.only.count || path_set_has(&walk.only, S(""));
    add_dir(&walk, DIR_NONE, S(""), (Mark){.inside = inside, .named = true});
    bool listed = list_dir(&walk, DIR_ROOT, err);
    *out = (SourceTree){0};
    if (listed) {
        if (walk_dirs(&walk, DIR_ROOT + 1))
            follow_links(&walk);
        keep(&walk, out);
    }
    walk_free(&walk);
    return listed;
}
