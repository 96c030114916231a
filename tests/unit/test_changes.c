/* Several files, all or none: on a real disk. */

#include "cli/changes.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/migralint-changes-XXXXXX";

static const char *in_dir(const char *name)
{
    static char path[2][256];
    static int which;
    which = !which;
    snprintf(path[which], sizeof path[which], "%s/%s", dir, name);
    return path[which];
}

static void put(const char *name, const char *text)
{
    FILE *file = fopen(in_dir(name), "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void assert_holds(const char *name, const char *text)
{
    Arena arena = {0};
    Str now;
    assert_int_equal(changes_read(dir, name, &arena, &now, NULL), READ_OK);
    assert_string_equal(now.ptr, text);
    arena_free(&arena);
}

/* How many files and directories there are, at the top. */
static int entries(void)
{
    int count = 0;
    DIR *listing = opendir(dir);
    while (readdir(listing))
        count++;
    closedir(listing);
    return count - 2;
}

static int make_dir(void **state)
{
    (void)state;
    memcpy(strrchr(dir, '-'), "-XXXXXX", 8);
    return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
    char command[256];
    (void)state;
    snprintf(command, sizeof command, "rm -r '%s'", dir);
    return system(command);
}

static Changes three(const char *third)
{
    Changes changes = {.dir = dir};
    array_push(&changes.items, (Change){"deep/down/new", {0}, S("new\n")});
    array_push(&changes.items, (Change){"old", S("old\n"), S("other\n")});
    array_push(&changes.items, (Change){third, S("gone\n"), {0}});
    return changes;
}

static void all_are_written(void **state)
{
    (void)state;
    put("old", "old\n");
    put("gone", "gone\n");
    assert_false(chmod(in_dir("old"), 0640));
    Changes changes = three("gone");
    assert_true(changes_write(&changes, NULL));
    assert_holds("deep/down/new", "new\n");
    assert_holds("old", "other\n");
    assert_int_equal(entries(), 2);
    struct stat info;
    assert_false(stat(in_dir("old"), &info));
    assert_int_equal(info.st_mode & 07777, 0640);
    changes_free(&changes);
}

static void nothing_is_written_over_what_changed(void **state)
{
    (void)state;
    Error err = {{0}};
    put("old", "old\n");
    put("gone", "gone, but otherwise\n");
    Changes changes = three("gone");
    assert_false(changes_write(&changes, &err));
    assert_string_equal(err.text, "gone changed meanwhile");
    assert_holds("old", "old\n");
    assert_int_equal(access(in_dir("deep"), F_OK), -1);
    assert_int_equal(entries(), 2);
    changes_free(&changes);
}

/* Two new files of one name: the second finds that of the first in its place. */
static void what_was_done_is_taken_back(void **state)
{
    (void)state;
    Error err = {{0}};
    put("old", "old\n");
    put("gone", "gone\n");
    Changes changes = three("gone");
    array_push(&changes.items, (Change){"deep/down/new", {0}, S("again\n")});
    assert_false(changes_write(&changes, &err));
    assert_string_equal(err.text, "cannot write deep/down/new: File exists");
    assert_holds("old", "old\n");
    assert_holds("gone", "gone\n");
    assert_int_equal(access(in_dir("deep"), F_OK), -1);
    assert_int_equal(entries(), 2);
    changes_free(&changes);
}

static void links_are_not_followed(void **state)
{
    (void)state;
    Error err = {{0}};
    Arena arena = {0};
    Str text;
    put("old", "old\n");
    assert_false(symlink("old", in_dir("link")));
    assert_false(mkdir(in_dir("real"), 0777));
    assert_false(symlink("real", in_dir("deep")));
    assert_int_equal(changes_read(dir, "link", &arena, &text, &err), READ_FAILED);
    assert_string_equal(err.text, "link: a symbolic link, which is not followed");
    assert_int_equal(changes_read(dir, "deep/x", &arena, &text, &err), READ_FAILED);
    Changes changes = {.dir = dir};
    array_push(&changes.items, (Change){"deep/down/new", {0}, S("new\n")});
    assert_false(changes_write(&changes, &err));
    assert_int_equal(access(in_dir("real/down"), F_OK), -1);
    arena_free(&arena);
    changes_free(&changes);
}

static void a_new_file_spares_what_appears(void **state)
{
    (void)state;
    put("new", "somebody's\n");
    Changes changes = {.dir = dir};
    array_push(&changes.items, (Change){"new", {0}, S("ours\n")});
    assert_false(changes_write(&changes, NULL));
    assert_holds("new", "somebody's\n");
    assert_int_equal(entries(), 1);
    changes_free(&changes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(all_are_written, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(nothing_is_written_over_what_changed, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(what_was_done_is_taken_back, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(links_are_not_followed, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(a_new_file_spares_what_appears, make_dir, remove_dir),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
