/* Arenas, arrays, maps, interning, errors. */
#include "base/arena.h"
#include "base/array.h"
#include "base/error.h"
#include "base/intern.h"
#include "base/map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void arenas_align_and_zero(void **state)
{
    (void)state;
    Arena arena = {0};
    for (size_t i = 1; i < 2000; i++) {
        size_t align = (size_t)1 << (i % 5);
        unsigned char *memory = arena_alloc(&arena, i, align);
        assert_int_equal((uintptr_t)memory % align, 0);
        for (size_t j = 0; j < i; j++)
            assert_int_equal(memory[j], 0);
        memset(memory, 0xff, i);
    }
    assert_true(arena.used >= 1999 * 1000);
    arena_free(&arena);
    assert_null(arena.chunks);
    arena_free(&arena);
    assert_non_null(arena_alloc(&arena, 0, 1));
    char *large = arena_alloc(&arena, 1 << 20, 16);
    large[(1 << 20) - 1] = 'x';
    arena_free(&arena);
}

static void arenas_keep_texts(void **state)
{
    (void)state;
    Arena arena = {0};
    Str text = arena_str(&arena, S("a\0b"));
    assert_int_equal(text.len, 3);
    assert_memory_equal(text.ptr, "a\0b", 4);
    assert_string_equal(arena_str(&arena, (Str){0}).ptr, "");
    Str printed = arena_printf(&arena, "%s-%d", "x", 7);
    assert_string_equal(printed.ptr, "x-7");
    assert_int_equal(printed.len, 3);
    const uint32_t numbers[] = {1, 2, 3};
    const uint32_t *kept = arena_keep(&arena, uint32_t, numbers, 3);
    assert_memory_equal(kept, numbers, sizeof numbers);
    assert_null(arena_keep(&arena, uint32_t, numbers, 0));
    arena_free(&arena);
}

static void arrays_grow(void **state)
{
    (void)state;
    Array(uint64_t) numbers = {0};
    for (uint64_t i = 0; i < 100000; i++)
        array_push(&numbers, i * i);
    assert_int_equal(numbers.count, 100000);
    for (uint64_t i = 0; i < 100000; i++)
        assert_int_equal(numbers.items[i], i * i);
    assert_int_equal(*array_last(&numbers), 99999ull * 99999ull);
    assert_int_equal(array_pop(&numbers), 99999ull * 99999ull);
    array_clear(&numbers);
    assert_int_equal(numbers.count, 0);
    array_reserve(&numbers, 500000);
    assert_true(numbers.capacity >= 500000);
    array_free(&numbers);
    assert_null(numbers.items);
}

static void maps_hold_any_key(void **state)
{
    (void)state;
    Map map = {0};
    assert_int_equal(map_get(&map, 0, 7), 7);
    assert_false(map_has(&map, 0));
    for (uint32_t i = 0; i < 50000; i++)
        map_set(&map, map_key(i % 224, i), i);
    assert_int_equal(map.count, 50000);
    for (uint32_t i = 0; i < 50000; i++)
        assert_int_equal(map_get(&map, map_key(i % 224, i), UINT32_MAX), i);
    assert_false(map_has(&map, map_key(1, 0)));
    map_set(&map, UINT64_MAX, 1);
    map_set(&map, 0, 2);
    map_set(&map, 0, 3);
    assert_int_equal(map_get(&map, UINT64_MAX, 0), 1);
    assert_int_equal(map_get(&map, 0, 0), 3);
    map_free(&map);
    assert_int_equal(map.count, 0);
}

static void interning(void **state)
{
    (void)state;
    Interner in = {0};
    assert_int_equal(intern_find(&in, S("a")), SYM_NONE);
    assert_int_equal(intern(&in, S("")), SYM_NONE);
    assert_string_equal(sym_str(&in, SYM_NONE).ptr, "");
    Sym first = intern(&in, S("first")), nul = intern(&in, S("a\0b"));
    assert_true(first != SYM_NONE && nul != first && nul != intern(&in, S("a")));
    char name[32];
    for (int i = 0; i < 20000; i++) {
        snprintf(name, sizeof name, "name%d", i);
        Sym sym = intern(&in, str(name));
        assert_int_equal(intern(&in, str(name)), sym);
        assert_int_equal(intern_find(&in, str(name)), sym);
        assert_string_equal(sym_str(&in, sym).ptr, name);
    }
    assert_int_equal(intern(&in, S("first")), first);
    assert_true(str_eq(sym_str(&in, nul), S("a\0b")));
    assert_int_equal(intern_find(&in, S("name20000")), SYM_NONE);
    interner_free(&in);
    assert_int_equal(intern_find(&in, S("first")), SYM_NONE);
}

static void errors_are_cut(void **state)
{
    (void)state;
    Error err;
    assert_false(error_set(&err, "%s: %d", "x", 1));
    assert_string_equal(err.text, "x: 1");
    assert_false(error_set(NULL, "nobody cares"));
    assert_false(error_set(&err, "%2000s", "x"));
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arenas_align_and_zero),
        cmocka_unit_test(arenas_keep_texts),
        cmocka_unit_test(arrays_grow),
        cmocka_unit_test(maps_hold_any_key),
        cmocka_unit_test(interning),
        cmocka_unit_test(errors_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
