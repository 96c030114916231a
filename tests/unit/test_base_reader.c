/* All readers keep the same promises. */
#include "base/reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define TEXT(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    } /* S() is no constant expression */

static const MemoryFile FILES[] = {
    {TEXT("b/y.py"), TEXT("y = 1\n")},
    {TEXT("a.py"), TEXT("")},
    {TEXT("b/c/z.py"), TEXT("\xff\0z")},
    {TEXT("ba"), TEXT("not below b")},
};
enum { FILE_COUNT = sizeof FILES / sizeof *FILES };

static void make(const char *top, const char *path, bool dir)
{
    char full[256];
    snprintf(full, sizeof full, "%s/%s", top, path);
    if (dir) {
        assert_int_equal(mkdir(full, 0755), 0);
        return;
    }
    for (size_t i = 0; i < FILE_COUNT; i++) {
        if (!str_eq(FILES[i].path, str(path)))
            continue;
        FILE *file = fopen(full, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(FILES[i].text.ptr, 1, FILES[i].text.len, file), FILES[i].text.len);
        fclose(file);
    }
}

static const char *const DIRS[] = {"b", "b/c"};

static void make_all(const char *top)
{
    for (size_t i = 0; i < 2; i++)
        make(top, DIRS[i], true);
    for (size_t i = 0; i < FILE_COUNT; i++)
        make(top, FILES[i].path.ptr, false);
}

static void remove_all(const char *top)
{
    char full[256];
    for (size_t i = 0; i < FILE_COUNT; i++) {
        snprintf(full, sizeof full, "%s/%s", top, FILES[i].path.ptr);
        remove(full);
    }
    for (size_t i = 2; i-- > 0;) {
        snprintf(full, sizeof full, "%s/%s", top, DIRS[i]);
        remove(full);
    }
    assert_int_equal(remove(top), 0);
}

static void check_list(const Reader *reader, const char *path, const char *expected)
{
    Arena arena = {0};
    DirEntries entries = {0};
    StrBuf names = {0};
    assert_true(reader->list(reader->self, str(path), &arena, &entries, NULL));
    for (uint32_t i = 0; i < entries.count; i++) {
        const DirEntry *entry = &entries.items[i];
        assert_int_equal(entry->name.ptr[entry->name.len], '\0');
        assert_false(entry->link);
        strbuf_printf(&names, "%s%s ", entry->name.ptr, entry->kind == ENTRY_DIR ? "/" : "");
    }
    assert_string_equal(strbuf_str(&names).ptr, expected);
    strbuf_free(&names);
    arena_free(&arena);
}

static void check_read(const Reader *reader, Str path, size_t limit, ReadResult result, Str text)
{
    Arena arena = {0};
    Str got = {0};
    Error err = {{0}};
    assert_int_equal(reader->read(reader->self, path, limit, &arena, &got, &err), result);
    if (result == READ_OK) {
        assert_true(str_eq(got, text));
        assert_int_equal(got.ptr[got.len], '\0');
    } else if (result != READ_TOO_LARGE) {
        assert_true(err.text[0] != '\0');
    }
    arena_free(&arena);
}

static void check_promises(const Reader *reader)
{
    Error err = {{0}};
    Arena arena = {0};
    DirEntries entries;
    check_list(reader, "", "a.py b/ ba ");
    check_list(reader, "b", "c/ y.py ");
    check_list(reader, "b/c", "z.py ");
    assert_false(reader->list(reader->self, S("nowhere"), &arena, &entries, &err));
    assert_true(str_contains(str(err.text), S("nowhere: No such")));
    check_read(reader, S("a.py"), 0, READ_OK, S(""));
    check_read(reader, S("b/y.py"), 6, READ_OK, S("y = 1\n"));
    check_read(reader, S("b/y.py"), 5, READ_TOO_LARGE, S(""));
    check_read(reader, S("b/c/z.py"), 100, READ_OK, S("\xff\0z"));
    check_read(reader, S("nowhere.py"), 100, READ_ABSENT, S(""));
    check_read(reader, S("nowhere/x.py"), 100, READ_ABSENT, S(""));
    uint64_t b = reader->identity(reader->self, S("b"));
    assert_true(b && b == reader->identity(reader->self, S("b")));
    assert_true(b != reader->identity(reader->self, S("b/c")));
    arena_free(&arena);
}

static void memory(void **state)
{
    (void)state;
    MemoryReader memory = {FILES, FILE_COUNT};
    Reader reader = reader_memory(&memory);
    check_promises(&reader);
    MemoryReader nothing = {NULL, 0};
    reader = reader_memory(&nothing);
    check_list(&reader, "", "");
}

static void disk(void **state)
{
    (void)state;
    char top[] = "/tmp/migralint-XXXXXX", fifo[64];
    assert_non_null(mkdtemp(top));
    make_all(top);
    DiskReader disk = {top};
    Reader reader = reader_disk(&disk);
    check_promises(&reader);
    snprintf(fifo, sizeof fifo, "%s/b/p.py", top);
    assert_int_equal(mkfifo(fifo, 0644), 0);
    check_read(&reader, S("b/p.py"), 100, READ_FAILED, S("")); /* and does not wait */
    check_read(&reader, S("b"), 100, READ_FAILED, S(""));
    remove(fifo);
    remove_all(top);
    assert_int_equal(reader.identity(reader.self, S("")), 0);
}

static ReadResult read_listed(void *context, uint32_t file, size_t limit, Arena *arena, Str *out,
                              Error *err)
{
    const MemoryReader *memory = context;
    Reader reader = reader_memory(context);
    Str paths[] = {S("a.py"), S("b/c/z.py"), S("b/y.py"), S("ba")};
    assert_true(file < memory->count);
    return reader.read(reader.self, paths[file], limit, arena, out, err);
}

static void tree(void **state)
{
    (void)state;
    Str paths[] = {S("a.py"), S("b/c/z.py"), S("b/y.py"), S("ba")};
    MemoryReader memory = {FILES, FILE_COUNT};
    TreeReader tree = {paths, FILE_COUNT, read_listed, &memory};
    Reader reader = reader_tree(&tree);
    check_promises(&reader);
    TreeReader nothing = {NULL, 0, read_listed, &memory};
    reader = reader_tree(&nothing);
    check_list(&reader, "", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory),
        cmocka_unit_test(disk),
        cmocka_unit_test(tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
