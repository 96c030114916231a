#ifndef MIGRALINT_BASE_STR_H
#define MIGRALINT_BASE_STR_H

/*
 * A Str is a slice of bytes that somebody else owns: never freed through
 * the slice, not NUL-terminated unless its maker says so, any bytes allowed.
 * A StrBuf owns its bytes on the heap and always keeps a NUL behind them.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct Str {
    const char *ptr;
    size_t len;
} Str;

/* A string literal as a Str. */
#define S(literal) ((Str){"" literal, sizeof(literal) - 1})
/* For printf's "%.*s". */
#define STR_ARG(text) (int)(text).len, (text).ptr ? (text).ptr : ""

static inline Str str(const char *text)
{
    return (Str){text, text ? strlen(text) : 0};
}

static inline bool str_eq(Str a, Str b)
{
    return a.len == b.len && (!a.len || !memcmp(a.ptr, b.ptr, a.len));
}

/* Byte-wise order, as Python orders ASCII text and Django its keys. */
int str_cmp(Str a, Str b);

bool str_starts(Str text, Str prefix);
bool str_ends(Str text, Str suffix);
bool str_contains(Str text, Str part);

/* The slice [from, to), with both ends clamped to the text. */
Str str_sub(Str text, size_t from, size_t to);

/* Index of the first / last such byte, or `text.len` when there is none. */
size_t str_find(Str text, char byte);
size_t str_rfind(Str text, char byte);
/* Where the part, which is not empty, first stands at or behind `from`; `text.len`: nowhere. */
size_t str_find_part(Str text, Str part, size_t from);

/* What is behind the last `byte` (all of it when absent), and what is before
 * (empty when absent): "a.b.c" splits into "c" and "a.b". */
Str str_tail(Str text, char byte);
Str str_head(Str text, char byte);

/* Cuts the part before the next `byte` off `rest` and returns it; `rest`
 * becomes what follows the byte, with ptr NULL once nothing is left. */
Str str_cut(Str *rest, char byte);

uint64_t str_hash(Str text);

/* Smallest number of single-character edits that turns a into b, for "did you
 * mean"; texts above 64 bytes compare as far apart. */
unsigned str_distance(Str a, Str b);

/* Whether the bytes are valid UTF-8 (no surrogates, no overlong forms);
 * on failure `*bad` is the offset of the first offending byte. */
bool str_is_utf8(Str text, size_t *bad);

/* Number of Unicode code points in valid UTF-8; counts bytes elsewhere. */
size_t str_columns(Str text);

typedef struct StrBuf {
    char *ptr;
    size_t len, capacity;
} StrBuf;

void strbuf_add(StrBuf *buf, Str text);
void strbuf_byte(StrBuf *buf, char byte);
void strbuf_printf(StrBuf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void strbuf_clear(StrBuf *buf);
void strbuf_free(StrBuf *buf);

static inline Str strbuf_str(const StrBuf *buf)
{
    return (Str){buf->ptr ? buf->ptr : "", buf->len};
}

#endif
