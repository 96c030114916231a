#include "base/str.h"

#include "base/alloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int str_cmp(Str a, Str b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter ? memcmp(a.ptr, b.ptr, shorter) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

bool str_starts(Str text, Str prefix)
{
    return text.len >= prefix.len && str_eq(str_sub(text, 0, prefix.len), prefix);
}

bool str_ends(Str text, Str suffix)
{
    return text.len >= suffix.len && str_eq(str_sub(text, text.len - suffix.len, text.len), suffix);
}

bool str_contains(Str text, Str part)
{
    return !part.len || (text.len && memmem(text.ptr, text.len, part.ptr, part.len));
}

Str str_sub(Str text, size_t from, size_t to)
{
    if (to > text.len)
        to = text.len;
    if (from > to)
        from = to;
    return (Str){text.ptr ? text.ptr + from : NULL, to - from};
}

size_t str_find(Str text, char byte)
{
    const char *at = text.len ? memchr(text.ptr, byte, text.len) : NULL;
    return at ? (size_t)(at - text.ptr) : text.len;
}

size_t str_find_part(Str text, Str part, size_t from)
{
    const char *at =
        from < text.len ? memmem(text.ptr + from, text.len - from, part.ptr, part.len) : NULL;
    return at ? (size_t)(at - text.ptr) : text.len;
}

size_t str_rfind(Str text, char byte)
{
    const char *at = text.len ? memrchr(text.ptr, byte, text.len) : NULL;
    return at ? (size_t)(at - text.ptr) : text.len;
}

Str str_tail(Str text, char byte)
{
    size_t at = str_rfind(text, byte);
    return at == text.len ? text : str_sub(text, at + 1, text.len);
}

Str str_head(Str text, char byte)
{
    size_t at = str_rfind(text, byte);
    return at == text.len ? (Str){0} : str_sub(text, 0, at);
}

Str str_cut(Str *rest, char byte)
{
    size_t at = str_find(*rest, byte);
    Str part = str_sub(*rest, 0, at);
    *rest = at == rest->len ? (Str){0} : str_sub(*rest, at + 1, rest->len);
    return part;
}

/* Eight bytes at a time; the tail is filled up with zeros. */
uint64_t str_hash(Str text)
{
    uint64_t hash = 0x9e3779b97f4a7c15u ^ text.len, word = 0;
    size_t i = 0;
    for (; i + 8 <= text.len; i += 8) {
        memcpy(&word, text.ptr + i, 8);
        hash = (hash ^ word) * 0xff51afd7ed558ccdu;
        hash ^= hash >> 32;
    }
    word = 0;
    if (i < text.len)
        memcpy(&word, text.ptr + i, text.len - i);
    hash = (hash ^ word) * 0xff51afd7ed558ccdu;
    return hash ^ hash >> 32;
}

unsigned str_distance(Str a, Str b)
{
    enum { LONGEST = 64 };
    if (a.len > LONGEST || b.len > LONGEST)
        return str_eq(a, b) ? 0 : LONGEST;
    unsigned row[LONGEST + 1];
    for (unsigned j = 0; j <= b.len; j++)
        row[j] = j;
    for (unsigned i = 1; i <= a.len; i++) {
        unsigned diagonal = row[0];
        row[0] = i;
        for (unsigned j = 1; j <= b.len; j++) {
            unsigned best = diagonal + (a.ptr[i - 1] != b.ptr[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[b.len];
}

/* Length of the well-formed sequence at `at`, 0 when there is none. */
static size_t utf8_sequence(const unsigned char *at, size_t left)
{
    unsigned char lead = at[0];
    if (lead < 0x80)
        return 1;
    size_t len = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || len > left)
        return 0;
    unsigned char low = 0x80, high = 0xbf;
    if (lead == 0xe0)
        low = 0xa0; /* overlong */
    else if (lead == 0xed)
        high = 0x9f; /* surrogates */
    else if (lead == 0xf0)
        low = 0x90; /* overlong */
    else if (lead == 0xf4)
        high = 0x8f; /* above U+10FFFF */
    if (at[1] < low || at[1] > high)
        return 0;
    for (size_t i = 2; i < len; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    return len;
}

/* Whole words of ASCII from here on: source text is little else. */
static size_t ascii_run(const unsigned char *at, size_t left)
{
    size_t run = 0;
    for (uint64_t word; run + 8 <= left; run += 8) {
        memcpy(&word, at + run, 8);
        if (word & 0x8080808080808080u)
            break;
    }
    return run;
}

bool str_is_utf8(Str text, size_t *bad)
{
    const unsigned char *bytes = (const unsigned char *)text.ptr;
    for (size_t i = 0; i < text.len;) {
        i += ascii_run(bytes + i, text.len - i);
        if (i == text.len)
            break;
        size_t len = utf8_sequence(bytes + i, text.len - i);
        if (!len) {
            if (bad)
                *bad = i;
            return false;
        }
        i += len;
    }
    return true;
}

size_t str_columns(Str text)
{
    size_t columns = 0;
    for (size_t i = 0; i < text.len; i++)
        columns += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
    return columns;
}

static void strbuf_reserve(StrBuf *buf, size_t more)
{
    if (buf->len + more + 1 <= buf->capacity)
        return;
    size_t grown = buf->capacity * 2;
    if (grown < buf->len + more + 1)
        grown = buf->len + more + 1;
    if (grown < 64)
        grown = 64;
    buf->ptr = xrealloc(buf->ptr, grown);
    buf->capacity = grown;
}

void strbuf_add(StrBuf *buf, Str text)
{
    strbuf_reserve(buf, text.len);
    if (text.len)
        memcpy(buf->ptr + buf->len, text.ptr, text.len);
    buf->len += text.len;
    buf->ptr[buf->len] = '\0';
}

void strbuf_byte(StrBuf *buf, char byte)
{
    strbuf_add(buf, (Str){&byte, 1});
}

void strbuf_printf(StrBuf *buf, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len > 0) {
        strbuf_reserve(buf, (size_t)len);
        vsnprintf(buf->ptr + buf->len, (size_t)len + 1, format, again);
        buf->len += (size_t)len;
    }
    va_end(again);
}

void strbuf_clear(StrBuf *buf)
{
    buf->len = 0;
    if (buf->ptr)
        buf->ptr[0] = '\0';
}

void strbuf_free(StrBuf *buf)
{
    free(buf->ptr);
    *buf = (StrBuf){0};
}
