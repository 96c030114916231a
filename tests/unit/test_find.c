#include "base/limits.h"
#include "source/find.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* A tree in memory, found with options, and what came out as text. */
typedef struct Found {
    Arena arena;
    SourceTree tree;
    StrBuf text;
} Found;

static void words(Str *list, uint32_t *count, const char *text)
{
    *count = 0;
    for (Str rest = str(text); rest.len;) {
        Str part = str_cut(&rest, ' ');
        if (part.len)
            list[(*count)++] = part;
    }
}

enum { MOST = 64 };

static Found find_with(const char *paths, const FindOptions *options)
{
    Str names[MOST];
    MemoryFile files[MOST];
    MemoryReader memory = {files, 0};
    words(names, &memory.count, paths);
    for (uint32_t i = 0; i < memory.count; i++)
        files[i] = (MemoryFile){names[i], S("")};
    Reader reader = reader_memory(&memory);
    Found found = {0};
    assert_true(source_find(&reader, options, &found.arena, &found.tree, NULL));
    return found;
}

static Found find(const char *paths)
{
    return find_with(paths, &(FindOptions){0});
}

static const char *text_of_files(Found *found)
{
    strbuf_clear(&found->text);
    for (uint32_t i = 0; i < found->tree.file_count; i++)
        strbuf_printf(&found->text, "%s%.*s", i ? " " : "", STR_ARG(found->tree.files[i].path));
    return strbuf_str(&found->text).ptr;
}

static void found_free(Found *found)
{
    strbuf_free(&found->text);
    arena_free(&found->arena);
}

static void expect_with(const char *paths, const FindOptions *options, const char *expected)
{
    Found found = find_with(paths, options);
    assert_string_equal(text_of_files(&found), expected);
    found_free(&found);
}

static void expect(const char *paths, const char *expected)
{
    expect_with(paths, &(FindOptions){0}, expected);
}

static void python_files_and_what_lies_in_migrations(void **state)
{
    (void)state;
    expect("b.py a.py README a/x.pyc a/x.py", "a.py b.py a/x.py");
    expect("a/migrations/0001.py a/migrations/0001.pyc a/migrations/0002.py.bak "
           "a/migrations/sql/x.sql a/migrations/__pycache__/0003.pyc a/y.txt",
           "a/migrations/0001.py a/migrations/0001.pyc a/migrations/0002.py.bak "
           "a/migrations/sql/x.sql");
    expect("", "");
}

static void packages(void **state)
{
    (void)state;
    Found found = find("a/__init__.py a/b/c.py");
    assert_true(found.tree.dirs[source_dir_at(&found.tree, S("a"))].package);
    assert_false(found.tree.dirs[source_dir_at(&found.tree, S("a/b"))].package);
    assert_false(found.tree.dirs[DIR_ROOT].package);
    found_free(&found);
}

static void passes_over(void **state)
{
    (void)state;
    expect(".git/x.py .semgrep/migrations/0001.py .hidden/x.py node_modules/x.py", "");
    expect("bower_components/x.py __pycache__/x.py lib/python3.9/site-packages/a/x.py", "");
    expect("{{cookiecutter.name}}/x.py my-{{name}}/x.py a.egg-info/x.py", "");
    expect("build/lib/a/x.py build/lib.linux-x86_64-3.8/x.py build/library/x.py",
           "build/library/x.py");
    expect("build/__init__.py build/lib/x.py lib/x.py",
           "build/__init__.py lib/x.py build/lib/x.py");
}

static void environments(void **state)
{
    (void)state;
    Found found = find(".venv/pyvenv.cfg .venv/lib/x.py env/pyvenv.cfg env/lib/x.py env/bin/y.py "
                       "env/project/manage.py miniconda/conda-meta/history miniconda/opt/x.py "
                       ".git/pyvenv.cfg .other/x");
    assert_string_equal(text_of_files(&found), "env/project/manage.py");
    assert_int_equal(found.tree.environment_count, 3);
    assert_string_equal(found.tree.environments[0].ptr, ".venv");
    assert_string_equal(found.tree.environments[1].ptr, "env");
    assert_string_equal(found.tree.environments[2].ptr, "miniconda");
    found_free(&found);
    expect("pyvenv.cfg lib/python3.9/x.py Scripts/y.py app/models.py manage.py",
           "manage.py app/models.py");
}

static void excludes(void **state)
{
    (void)state;
    Str patterns[] = {S("legacy"), S("a/*/old"), S("*_pb2.py"), S("__init__.py"), S("vendor/")};
    FindOptions options = {.exclude = patterns, .exclude_count = 5};
    expect_with(
        "legacy/x.py b/legacy/x.py a/b/old/x.py b/a/b/old/x.py c_pb2.py a/vendor/x.py vendor.py",
        &options, "vendor.py b/a/b/old/x.py");
    Found found = find_with("a/__init__.py a/x.py", &options);
    assert_string_equal(text_of_files(&found), "a/x.py");
    assert_true(found.tree.dirs[source_dir_at(&found.tree, S("a"))].package);
    found_free(&found);
}

static void what_git_ignores(void **state)
{
    (void)state;
    Str paths[] = {S("gen/"),       S("a/migrations/"),      S("b/migrations/0002_x.py"),
                   S("b/local.py"), S("c/migrations/deep/"), S("linked")};
    FindOptions options = {.ignored = paths, .ignored_count = 6};
    expect_with("gen/migrations/0001.py a/migrations/0001.py b/migrations/0002_x.py b/local.py "
                "b/models.py c/migrations/deep/x.py linked/x.py gen.py",
                &options,
                "gen.py b/models.py a/migrations/0001.py b/migrations/0002_x.py "
                "c/migrations/deep/x.py");
}

static void only_some(void **state)
{
    (void)state;
    const char *paths = "a/x.py a/b/y.py ab/z.py c/migrations/__init__.py c/migrations/1.py "
                        "c/migrations/2.py .h/i/x.py d.py";
    Str only[] = {S("./a/"), S("c/migrations/1.py"), S("nowhere")};
    Found found = find_with(paths, &(FindOptions){.only = only, .only_count = 3});
    assert_string_equal(text_of_files(&found), "a/x.py a/b/y.py c/migrations/1.py");
    assert_true(found.tree.dirs[source_dir_at(&found.tree, S("c/migrations"))].package);
    found_free(&found);
    Str all[] = {S(".")}, hidden[] = {S(".h")}, below[] = {S(".h/i")};
    expect_with("a.py b/c.py", &(FindOptions){.only = all, .only_count = 1}, "a.py b/c.py");
    expect_with(paths, &(FindOptions){.only = hidden, .only_count = 1}, ".h/i/x.py");
    expect_with(paths, &(FindOptions){.only = below, .only_count = 1}, ".h/i/x.py");
}

static void looking_up(void **state)
{
    (void)state;
    Found found = find("a/b/c.py a/d.py z.py m/k.py");
    const SourceTree *tree = &found.tree;
    DirId a = source_child(tree, DIR_ROOT, S("a"));
    assert_int_equal(source_dir_at(tree, S("")), DIR_ROOT);
    assert_int_equal(source_dir_at(tree, S("a")), a);
    assert_int_equal(source_dir_at(tree, S("a/b")), source_child(tree, a, S("b")));
    assert_true(source_dir_at(tree, S("a/x")) == DIR_NONE);
    assert_true(source_dir_at(tree, S("a/x/y")) == DIR_NONE);
    assert_string_equal(source_file(tree, a, S("d.py"))->path.ptr, "a/d.py");
    assert_string_equal(source_file_at(tree, S("a/b/c.py"))->name.ptr, "c.py");
    assert_string_equal(source_file_at(tree, S("z.py"))->path.ptr, "z.py");
    assert_null(source_file_at(tree, S("a/b")));
    assert_null(source_file_at(tree, S("x/c.py")));
    assert_null(source_file(tree, DIR_NONE, S("c.py")));
    found_free(&found);
    SourceTree empty = {0};
    assert_true(source_dir_at(&empty, S("")) == DIR_NONE);
}

/* A reader over another one that counts, and refuses what it is told to. */
typedef struct Watched {
    Reader inner;
    unsigned lists, reads, identities;
    const char *refuse;
} Watched;

static bool watched_list(void *self, Str path, Arena *arena, DirEntries *out, Error *err)
{
    Watched *watched = self;
    watched->lists++;
    if (watched->refuse && str_eq(path, str(watched->refuse)))
        return error_set(err, "/some/where: %.*s: Permission denied", STR_ARG(path));
    return watched->inner.list(watched->inner.self, path, arena, out, err);
}

static ReadResult watched_read(void *self, Str path, size_t limit, Arena *arena, Str *out,
                               Error *err)
{
    Watched *watched = self;
    watched->reads++;
    return watched->inner.read(watched->inner.self, path, limit, arena, out, err);
}

static uint64_t watched_identity(void *self, Str path)
{
    Watched *watched = self;
    watched->identities++;
    return watched->inner.identity(watched->inner.self, path);
}

static void asks_no_more_than_it_must(void **state)
{
    (void)state;
    const MemoryFile files[] = {{S("a/x.py"), S("")}, {S("a/b/c/y.py"), S("")}};
    MemoryReader memory = {files, 2};
    Watched watched = {.inner = reader_memory(&memory)};
    Reader reader = {&watched, watched_list, watched_read, watched_identity};
    Found found = {0};
    assert_true(source_find(&reader, &(FindOptions){0}, &found.arena, &found.tree, NULL));
    assert_int_equal(watched.lists, 4);
    assert_int_equal(watched.reads, 0);
    assert_int_equal(watched.identities, 0);
    found_free(&found);
}

static void unreadable(void **state)
{
    (void)state;
    const MemoryFile files[] = {{S("a/x.py"), S("")}, {S("b/y.py"), S("")}};
    MemoryReader memory = {files, 2};
    Watched watched = {.inner = reader_memory(&memory), .refuse = "a"};
    Reader reader = {&watched, watched_list, watched_read, watched_identity};
    Found found = {0};
    assert_true(source_find(&reader, &(FindOptions){0}, &found.arena, &found.tree, NULL));
    assert_string_equal(text_of_files(&found), "b/y.py");
    assert_int_equal(found.tree.skipped_count, 1);
    assert_string_equal(found.tree.skipped[0].path.ptr, "a");
    assert_int_equal(found.tree.skipped[0].reason, SKIP_UNREADABLE);
    assert_string_equal(found.tree.skipped[0].text.ptr, "Permission denied");
    found_free(&found);
    watched.refuse = "";
    Error err = {{0}};
    assert_false(source_find(&reader, &(FindOptions){0}, &found.arena, &found.tree, &err));
    assert_string_equal(err.text, "/some/where: : Permission denied");
    assert_int_equal(found.tree.dir_count, 0);
}

static void too_deep(void **state)
{
    (void)state;
    StrBuf path = {0};
    for (int i = 0; i < LIMIT_PATH_DEPTH; i++)
        strbuf_add(&path, S("d/"));
    Str deepest = {path.ptr, path.len - 1};
    StrBuf paths = {0};
    strbuf_printf(&paths, "%sx.py %sd/y.py", path.ptr, path.ptr);
    Found found = find(strbuf_str(&paths).ptr);
    assert_int_equal(found.tree.file_count, 1);
    assert_true(str_eq(found.tree.dirs[found.tree.files[0].dir].path, deepest));
    assert_int_equal(found.tree.skipped_count, 1);
    assert_int_equal(found.tree.skipped[0].reason, SKIP_TOO_DEEP);
    found_free(&found);
    strbuf_free(&path);
    strbuf_free(&paths);
}

enum { WIDE = 1 << 14 };

/* Everywhere the same: WIDE files that do not matter and two directories. */
static bool endless_list(void *self, Str path, Arena *arena, DirEntries *out, Error *err)
{
    (void)self, (void)path, (void)err;
    out->count = WIDE;
    out->items = arena_array(arena, DirEntry, WIDE);
    out->items[0] = (DirEntry){.name = S("a"), .kind = ENTRY_DIR};
    out->items[1] = (DirEntry){.name = S("b"), .kind = ENTRY_DIR};
    for (uint32_t i = 2; i < WIDE; i++)
        out->items[i] = (DirEntry){.name = S("c.txt"), .kind = ENTRY_FILE};
    return true;
}

static void too_many(void **state)
{
    (void)state;
    Reader reader = {NULL, endless_list, NULL, NULL};
    Found found = {0};
    assert_true(source_find(&reader, &(FindOptions){0}, &found.arena, &found.tree, NULL));
    assert_int_equal(found.tree.skipped_count, 1);
    assert_int_equal(found.tree.skipped[0].reason, SKIP_TOO_MANY);
    found_free(&found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(python_files_and_what_lies_in_migrations),
        cmocka_unit_test(packages),
        cmocka_unit_test(passes_over),
        cmocka_unit_test(environments),
        cmocka_unit_test(excludes),
        cmocka_unit_test(what_git_ignores),
        cmocka_unit_test(only_some),
        cmocka_unit_test(looking_up),
        cmocka_unit_test(asks_no_more_than_it_must),
        cmocka_unit_test(unreadable),
        cmocka_unit_test(too_deep),
        cmocka_unit_test(too_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
