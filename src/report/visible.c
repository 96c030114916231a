#include "report/visible.h"

#include <stdio.h>

typedef struct Range {
    uint32_t first, last;
} Range;

/* East Asian Wide and Fullwidth, emoji among them (Unicode TR 11), in blocks. */
static const Range wide[] = {
    {0x1100, 0x115f},   {0x231a, 0x231b},   {0x2329, 0x232a},   {0x23e9, 0x23ec},
    {0x25fd, 0x25fe},   {0x2614, 0x2615},   {0x2648, 0x2653},   {0x26aa, 0x26ab},
    {0x26bd, 0x26be},   {0x26c4, 0x26c5},   {0x2705, 0x2705},   {0x270a, 0x270b},
    {0x2728, 0x2728},   {0x274c, 0x274c},   {0x2753, 0x2755},   {0x2795, 0x2797},
    {0x2b1b, 0x2b1c},   {0x2b50, 0x2b50},   {0x2e80, 0x303e},   {0x3041, 0x33ff},
    {0x3400, 0x4dbf},   {0x4e00, 0xa4cf},   {0xa960, 0xa97f},   {0xac00, 0xd7a3},
    {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},
    {0x16fe0, 0x18aff}, {0x1b000, 0x1b2ff}, {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff},
    {0x1f7e0, 0x1f7eb}, {0x1f90c, 0x1f9ff}, {0x1fa70, 0x1faff}, {0x20000, 0x3fffd},
};

/* Combining marks and joiners that take no room of their own. */
static const Range narrowless[] = {
    {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x0610, 0x061a},   {0x064b, 0x065f},
    {0x0900, 0x0902}, {0x0e31, 0x0e31}, {0x0e34, 0x0e3a}, {0x1ab0, 0x1aff},   {0x1dc0, 0x1dff},
    {0x200b, 0x200d}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xe0100, 0xe01ef},
};

/* Reorder or hide what is around them: shown as escapes. */
static const Range treacherous[] = {
    {0x00, 0x1f},     {0x7f, 0x9f},     {0xad, 0xad},       {0x061c, 0x061c},
    {0x200e, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f},   {0xfeff, 0xfeff},
    {0xfff9, 0xfffb}, {0xfffe, 0xffff}, {0xe0000, 0xe007f},
};

#define IN(ranges, code) in_ranges((ranges), sizeof(ranges) / sizeof *(ranges), (code))

static bool in_ranges(const Range *ranges, size_t count, uint32_t code)
{
    for (size_t i = 0; i < count && ranges[i].first <= code; i++)
        if (code <= ranges[i].last)
            return true;
    return false;
}

static size_t sequence_length(Str text)
{
    unsigned char lead = (unsigned char)text.ptr[0];
    size_t len = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    return len <= text.len && str_is_utf8(str_sub(text, 0, len), NULL) ? len : 0;
}

static uint32_t code_point(const char *at, size_t len)
{
    unsigned char lead = (unsigned char)at[0];
    uint32_t code = len == 1 ? lead : lead & (0x7fu >> len);
    for (size_t i = 1; i < len; i++)
        code = code << 6 | ((unsigned char)at[i] & 0x3f);
    return code;
}

static Glyph escaped(size_t bytes, const char *format, unsigned code)
{
    Glyph glyph = {.bytes = bytes};
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    glyph.width = (unsigned)snprintf(glyph.shown, sizeof glyph.shown, format, code);
#pragma GCC diagnostic pop
    return glyph;
}

Glyph glyph_next(Str text)
{
    unsigned char byte = (unsigned char)text.ptr[0];
    if (byte >= 0x20 && byte < 0x7f)
        return (Glyph){1, 1, {(char)byte}};
    size_t len = sequence_length(text);
    if (!len)
        return escaped(1, "\\x%02x", byte);
    uint32_t code = code_point(text.ptr, len);
    if (code == '\n' || code == '\t' || code == '\r')
        return (Glyph){1, 2, {'\\', code == '\n' ? 'n' : code == '\t' ? 't' : 'r'}};
    if (IN(treacherous, code))
        return escaped(len, code < 0x80 ? "\\x%02x" : "\\u{%x}", code);
    Glyph glyph = {.bytes = len, .width = IN(narrowless, code) ? 0 : IN(wide, code) ? 2 : 1};
    memcpy(glyph.shown, text.ptr, len);
    return glyph;
}

void visible_add(StrBuf *out, Str text)
{
    while (text.len) {
        Glyph glyph = glyph_next(text);
        strbuf_add(out, str(glyph.shown));
        text = str_sub(text, glyph.bytes, text.len);
    }
}

size_t visible_width(Str text)
{
    size_t width = 0;
    while (text.len) {
        Glyph glyph = glyph_next(text);
        width += glyph.width;
        text = str_sub(text, glyph.bytes, text.len);
    }
    return width;
}

void visible_pad(StrBuf *out, Str text, size_t width)
{
    visible_add(out, text);
    for (size_t have = visible_width(text); have < width; have++)
        strbuf_byte(out, ' ');
}

void style_add(StrBuf *out, bool on, Style style)
{
    static const char *const codes[] = {
        [STYLE_NONE] = "\033[0m",       [STYLE_BOLD] = "\033[1m",    [STYLE_ERROR] = "\033[1;31m",
        [STYLE_WARNING] = "\033[1;33m", [STYLE_INFO] = "\033[1;36m", [STYLE_GUTTER] = "\033[34m",
        [STYLE_HELP] = "\033[32m",
    };
    if (on)
        strbuf_add(out, str(codes[style]));
}
