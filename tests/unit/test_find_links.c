/* Links and odd names exist on disk only. */
#include "source/find.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* <top>/outside and <top>/project, which is what is looked through. */
typedef struct Disk {
    char top[64], root[80];
    Arena arena;
    SourceTree tree;
    StrBuf text;
} Disk;

static const char *at(const Disk *disk, const char *path)
{
    static char full[512];
    snprintf(full, sizeof full, "%s/%s", disk->top, path);
    return full;
}

static void make_dir(const Disk *disk, const char *path)
{
    assert_int_equal(mkdir(at(disk, path), 0755), 0);
}

static void make_file(const Disk *disk, const char *path)
{
    FILE *file = fopen(at(disk, path), "w");
    assert_non_null(file);
    fclose(file);
}

static void make_link(const Disk *disk, const char *path, const char *target)
{
    assert_int_equal(symlink(target, at(disk, path)), 0);
}

static int set_up(void **state)
{
    static Disk disk;
    disk = (Disk){.top = "/tmp/migralint-XXXXXX"};
    if (!mkdtemp(disk.top))
        return -1;
    snprintf(disk.root, sizeof disk.root, "%s/project", disk.top);
    make_dir(&disk, "project");
    make_dir(&disk, "project/app");
    make_file(&disk, "project/app/x.py");
    make_dir(&disk, "outside");
    make_dir(&disk, "outside/inner");
    make_file(&disk, "outside/inner/y.py");
    *state = &disk;
    return 0;
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *place)
{
    (void)info, (void)kind, (void)place;
    return remove(path);
}

static int tear_down(void **state)
{
    Disk *disk = *state;
    arena_free(&disk->arena);
    strbuf_free(&disk->text);
    return nftw(disk->top, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static const char *found(Disk *disk)
{
    DiskReader on_disk = {disk->root};
    Reader reader = reader_disk(&on_disk);
    assert_true(source_find(&reader, &(FindOptions){0}, &disk->arena, &disk->tree, NULL));
    strbuf_clear(&disk->text);
    for (uint32_t i = 0; i < disk->tree.file_count; i++)
        strbuf_printf(&disk->text, "%s%.*s", i ? " " : "", STR_ARG(disk->tree.files[i].path));
    return strbuf_str(&disk->text).ptr;
}

static void links_are_followed_once(void **state)
{
    Disk *disk = *state;
    make_link(disk, "project/b", "../outside");
    make_link(disk, "project/a", "../outside/inner");
    make_link(disk, "project/c", "b");
    assert_string_equal(found(disk), "app/x.py a/y.py");
    DirId b = source_dir_at(&disk->tree, S("b"));
    assert_true(b != DIR_NONE && source_child(&disk->tree, b, S("inner")) == DIR_NONE);
    assert_true(source_dir_at(&disk->tree, S("c")) == DIR_NONE);
}

static void links_to_what_is_there_are_not(void **state)
{
    Disk *disk = *state;
    make_link(disk, "project/a", "app");
    make_link(disk, "project/app/self", ".");
    make_link(disk, "project/app/root", "..");
    assert_string_equal(found(disk), "app/x.py");
}

static void links_to_directories_around_are_not(void **state)
{
    Disk *disk = *state;
    make_link(disk, "project/loop", "..");
    make_link(disk, "project/app/loop", "../../..");
    make_link(disk, "project/slash", "/");
    assert_string_equal(found(disk), "app/x.py");
}

static void the_root_is_not_entered_from_outside(void **state)
{
    Disk *disk = *state;
    make_link(disk, "outside/back", "../project");
    make_link(disk, "project/out", "../outside");
    assert_string_equal(found(disk), "app/x.py out/inner/y.py");
}

static void the_root_may_be_a_link(void **state)
{
    Disk *disk = *state;
    make_link(disk, "link", "project");
    make_link(disk, "project/loop", "../link");
    snprintf(disk->root, sizeof disk->root, "%s/link", disk->top);
    assert_string_equal(found(disk), "app/x.py");
}

static void other_links(void **state)
{
    Disk *disk = *state;
    make_link(disk, "project/app/z.py", "../../outside/inner/y.py");
    make_link(disk, "project/app/gone.py", "nowhere");
    make_link(disk, "project/app/knot.py", "knot.py");
    make_link(disk, "project/node_modules", "../outside");
    assert_int_equal(mkfifo(at(disk, "project/app/pipe.py"), 0644), 0);
    assert_string_equal(found(disk), "app/x.py app/z.py");
}

static void children_are_sorted_with_links(void **state)
{
    Disk *disk = *state;
    make_dir(disk, "project/b");
    make_link(disk, "project/aa", "../outside");
    found(disk);
    const SourceDir *root = &disk->tree.dirs[DIR_ROOT];
    assert_int_equal(root->dir_count, 3);
    const char *const names[] = {"aa", "app", "b"};
    for (uint32_t i = 0; i < 3; i++) {
        DirId child = disk->tree.child_dirs[root->first_dir + i];
        assert_string_equal(disk->tree.dirs[child].name.ptr, names[i]);
    }
    assert_non_null(source_file_at(&disk->tree, S("aa/inner/y.py")));
}

static void any_bytes_in_names(void **state)
{
    Disk *disk = *state;
    make_dir(disk, "project/new\nline");
    make_file(disk, "project/new\nline/\xff\xfe.py");
    make_file(disk, "project/%s.py");
    assert_string_equal(found(disk), "%s.py app/x.py new\nline/\xff\xfe.py");
}

static void no_such_root(void **state)
{
    Disk *disk = *state;
    DiskReader on_disk = {"/nowhere/at/all"};
    Reader reader = reader_disk(&on_disk);
    Error err = {{0}};
    assert_false(source_find(&reader, &(FindOptions){0}, &disk->arena, &disk->tree, &err));
    assert_string_equal(err.text, "/nowhere/at/all: No such file or directory");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(links_are_followed_once),
        TEST(links_to_what_is_there_are_not),
        TEST(links_to_directories_around_are_not),
        TEST(the_root_is_not_entered_from_outside),
        TEST(the_root_may_be_a_link),
        TEST(other_links),
        TEST(children_are_sorted_with_links),
        TEST(any_bytes_in_names),
        TEST(no_such_root),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
