/* A three-way merge, file by file, and facts that versions share. */
#include "base/merge.h"
#include "facts/shared.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define TEXT(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    } /* S() is no constant expression */

/* "path=id path=id", sorted; "path=" has no id. */
static FileTree tree(Arena *arena, const char *text)
{
    FileTree made = {arena_array(arena, TreeFile, 8), 0};
    for (Str rest = str(text); rest.len;) {
        Str file = str_cut(&rest, ' ');
        made.files[made.count++] = (TreeFile){str_head(file, '='), str_tail(file, '=')};
    }
    return made;
}

static void merges(const char *fork, const char *ours, const char *theirs, const char *expected)
{
    Arena arena = {0};
    StrBuf text = {0};
    FileTree old = tree(&arena, fork), own = tree(&arena, ours), other = tree(&arena, theirs);
    MergedTree merged = merge_trees(&old, &own, &other, &arena);
    for (uint32_t i = 0; i < merged.count; i++) {
        TreeFile file = (merged.files[i].theirs ? &other : &own)->files[merged.files[i].index];
        strbuf_printf(&text, "%s%.*s=%.*s", i ? " " : "", STR_ARG(file.path), STR_ARG(file.id));
    }
    assert_string_equal(text.ptr ? text.ptr : "", expected);
    strbuf_free(&text);
    arena_free(&arena);
}

static void test_one_side_changes(void **state)
{
    (void)state;
    merges("a=1", "a=1", "a=2", "a=2");
    merges("a=1", "a=2", "a=1", "a=2");
    merges("a=1 b=1", "a=1", "a=1 b=1", "a=1");
    merges("a=1 b=1", "a=1 b=1", "b=1", "b=1");
    merges("b=1", "a=1 b=1", "b=1 c=1", "a=1 b=1 c=1");
    merges("", "", "", "");
}

static void test_both_sides_change(void **state)
{
    (void)state;
    merges("a=1", "a=2", "a=2", "a=2");
    merges("a=1", "a=2", "a=3", "a=2"); /* a conflict: ours */
    merges("a=1", "", "", "");
    merges("a=1", "", "a=2", ""); /* theirs changed what we removed */
    merges("a=1", "a=2", "", "a=2");
    merges("", "a=1", "a=2", "a=1");
}

static void test_no_id_is_equal_to_nothing(void **state)
{
    (void)state;
    merges("a=1", "a=", "a=2", "a=");
    merges("a=", "a=", "a=2", "a=");
}

static void test_equal_files_are_read_once(void **state)
{
    static const Str one = TEXT("x = 1\n"), two = TEXT("x = 2\n");
    SyntaxParser parser = syntax_parser_new();
    SharedFacts *shared = shared_facts_new();
    (void)state;
    const Module *first = shared_facts_read(shared, &parser, S("a.py"), one);
    const Module *changed = shared_facts_read(shared, &parser, S("a.py"), two);
    assert_ptr_not_equal(first, changed);
    assert_ptr_equal(shared_facts_read(shared, &parser, S("a.py"), one), first);
    assert_ptr_equal(shared_facts_read(shared, &parser, S("a.py"), two), changed);
    assert_ptr_not_equal(shared_facts_read(shared, &parser, S("b.py"), one), first);
    assert_int_equal(value_at(&changed->values, changed->bindings[0].value)->u.integer, 2);
    shared_facts_free(shared);
    syntax_parser_free(&parser);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_side_changes),
        cmocka_unit_test(test_both_sides_change),
        cmocka_unit_test(test_no_id_is_equal_to_nothing),
        cmocka_unit_test(test_equal_files_are_read_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
