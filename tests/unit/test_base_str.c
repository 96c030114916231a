#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define SAME(actual, expected) assert_true(str_eq((actual), S(expected)))

static const Str NOTHING = {NULL, 0};

static void comparing(void **state)
{
    (void)state;
    assert_true(str_eq(NOTHING, S("")));
    assert_false(str_eq(S("a"), S("b")));
    assert_false(str_eq(S("a"), S("ab")));
    assert_true(str_eq(S("a\0b"), S("a\0b")));
    assert_false(str_eq(S("a\0b"), S("a\0c")));
    assert_true(str_cmp(S("a"), S("b")) < 0);
    assert_true(str_cmp(S("a"), S("ab")) < 0);
    assert_true(str_cmp(S("Z"), S("a")) < 0);
    assert_true(str_cmp(S("\xc3\xa9"), S("z")) > 0);
    assert_int_equal(str_cmp(NOTHING, S("")), 0);
    assert_true(str_cmp(NOTHING, S("a")) < 0);
}

static void parts(void **state)
{
    (void)state;
    assert_true(str_starts(S("abc"), S("ab")) && str_starts(S("abc"), S("")));
    assert_false(str_starts(S("a"), S("ab")));
    assert_true(str_ends(S("abc"), S("bc")) && str_ends(NOTHING, S("")));
    assert_false(str_ends(S("c"), S("bc")));
    assert_true(str_contains(S("a.b.c"), S(".b.")) && str_contains(NOTHING, S("")));
    assert_false(str_contains(NOTHING, S("a")));
    SAME(str_sub(S("abcd"), 1, 3), "bc");
    SAME(str_sub(S("abcd"), 2, 99), "cd");
    SAME(str_sub(S("abcd"), 3, 1), "");
    SAME(str_sub(S("abcd"), 98, 99), "");
    SAME(str_sub(NOTHING, 1, 2), "");
}

static void searching(void **state)
{
    (void)state;
    assert_int_equal(str_find(S("a.b.c"), '.'), 1);
    assert_int_equal(str_rfind(S("a.b.c"), '.'), 3);
    assert_int_equal(str_find(S("abc"), '.'), 3);
    assert_int_equal(str_rfind(NOTHING, '.'), 0);
    SAME(str_tail(S("a.b.c"), '.'), "c");
    SAME(str_head(S("a.b.c"), '.'), "a.b");
    SAME(str_tail(S("abc"), '.'), "abc");
    SAME(str_head(S("abc"), '.'), "");
    SAME(str_tail(S("a."), '.'), "");
}

static void cutting(void **state)
{
    (void)state;
    Str rest = S("a,,b");
    SAME(str_cut(&rest, ','), "a");
    SAME(str_cut(&rest, ','), "");
    assert_non_null(rest.ptr);
    SAME(str_cut(&rest, ','), "b");
    assert_null(rest.ptr);
    rest = S("a,");
    str_cut(&rest, ',');
    assert_non_null(rest.ptr);
    SAME(str_cut(&rest, ','), "");
    assert_null(rest.ptr);
}

static void distances(void **state)
{
    (void)state;
    assert_int_equal(str_distance(S(""), S("")), 0);
    assert_int_equal(str_distance(S(""), S("abc")), 3);
    assert_int_equal(str_distance(S("abc"), S("")), 3);
    assert_int_equal(str_distance(S("kitten"), S("sitting")), 3);
    assert_int_equal(str_distance(S("flaw"), S("lawn")), 2);
    assert_int_equal(str_distance(S("0001_initial"), S("0001_inital")), 1);
    static char longer[65], longest[65];
    memset(longer, 'a', sizeof longer);
    memset(longest, 'a', sizeof longest);
    assert_int_equal(str_distance((Str){longer, 64}, (Str){longest, 64}), 0);
    assert_int_equal(str_distance((Str){longer, 65}, (Str){longest, 65}), 0);
    longest[0] = 'b';
    assert_int_equal(str_distance((Str){longer, 64}, (Str){longest, 64}), 1);
    assert_int_equal(str_distance((Str){longer, 65}, (Str){longest, 65}), 64);
}

/* RFC 3629, written the other way round: from code points to bytes. */
static size_t encode(uint32_t point, unsigned char *out)
{
    if (point < 0x80) {
        out[0] = (unsigned char)point;
        return 1;
    }
    size_t more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    static const unsigned char leads[] = {0, 0xc0, 0xe0, 0xf0};
    out[0] = (unsigned char)(leads[more] | point >> (6 * more));
    for (size_t i = 1; i <= more; i++)
        out[i] = (unsigned char)(0x80 | (point >> (6 * (more - i)) & 0x3f));
    return more + 1;
}

static void every_code_point_is_utf8_but_surrogates(void **state)
{
    (void)state;
    unsigned char bytes[5] = {0};
    for (uint32_t point = 0; point < 0x110400; point++) {
        Str text = {(const char *)bytes, encode(point, bytes)};
        size_t bad = 99;
        bool valid = point < 0xd800 || (point > 0xdfff && point < 0x110000);
        assert_true(str_is_utf8(text, &bad) == valid);
        assert_int_equal(bad, valid ? 99 : 0);
    }
}

static void not_utf8(void **state)
{
    (void)state;
    const struct {
        Str text;
        size_t bad;
    } cases[] = {
        {S("ab\xff"), 2},           {S("\x80"), 0},         {S("a\xc3"), 1},
        {S("\xc0\x80"), 0},         {S("\xc1\xbf"), 0},     {S("\xe0\x9f\xbf"), 0},
        {S("\xf0\x8f\xbf\xbf"), 0}, {S("\xe2\x82"), 0},     {S("\xe2\x82z"), 0},
        {S("\xf5\x80\x80\x80"), 0}, {S("\xf0\x9f\x98"), 0}, {S("\xc3\xa9\xc3("), 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t bad = 99;
        assert_false(str_is_utf8(cases[i].text, &bad));
        assert_int_equal(bad, cases[i].bad);
    }
    assert_false(str_is_utf8(S("\xff"), NULL));
    assert_true(str_is_utf8(NOTHING, NULL));
}

static void columns(void **state)
{
    (void)state;
    assert_int_equal(str_columns(NOTHING), 0);
    assert_int_equal(str_columns(S("abc")), 3);
    assert_int_equal(str_columns(S("h\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80")), 4);
}

static void buffers(void **state)
{
    (void)state;
    StrBuf buf = {0};
    assert_string_equal(strbuf_str(&buf).ptr, "");
    strbuf_clear(&buf);
    strbuf_add(&buf, NOTHING);
    assert_string_equal(buf.ptr, "");
    for (int i = 0; i < 1000; i++)
        strbuf_printf(&buf, "%d,", i);
    strbuf_byte(&buf, '\0');
    strbuf_add(&buf, S("end"));
    assert_int_equal(buf.len, 10 * 2 + 90 * 3 + 900 * 4 + 1 + 3);
    assert_memory_equal(buf.ptr + buf.len - 8, "999,\0end", 9);
    strbuf_clear(&buf);
    assert_string_equal(buf.ptr, "");
    strbuf_free(&buf);
    assert_null(buf.ptr);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comparing), cmocka_unit_test(parts),
        cmocka_unit_test(searching), cmocka_unit_test(cutting),
        cmocka_unit_test(distances), cmocka_unit_test(every_code_point_is_utf8_but_surrogates),
        cmocka_unit_test(not_utf8),  cmocka_unit_test(columns),
        cmocka_unit_test(buffers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
