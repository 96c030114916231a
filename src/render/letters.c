#include "render/letters.h"

static size_t length_of(unsigned char first)
{
    return first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
}

Str letter_next(Str *rest)
{
    size_t bad;
    if (!rest->ptr || !rest->len) {
        *rest = (Str){0};
        return (Str){0};
    }
    unsigned char first = (unsigned char)rest->ptr[0];
    Str letter = str_sub(*rest, 0, length_of(first));
    bool control = first < 0x20 || first == 0x7f;
    bool whole = letter.len == length_of(first) && str_is_utf8(letter, &bad);
    size_t used = whole ? letter.len : 1;
    *rest = str_sub(*rest, used, rest->len);
    return control ? S("?") : whole ? letter : S("\xef\xbf\xbd");
}
