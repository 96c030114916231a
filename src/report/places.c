#include "report/places.h"

Str place_path(Str prefix, Str path, Arena *arena)
{
    if (!prefix.len && !path.len)
        return S(".");
    if (path.len && path.ptr[0] == '/')
        return path;
    while (prefix.len && str_starts(path, S("../"))) { /* above the root, of a baseline */
        Str above = str_head(str_sub(prefix, 0, prefix.len - 1), '/');
        prefix = str_sub(prefix, 0, above.len + (above.len > 0));
        path = str_sub(path, 3, path.len);
    }
    return arena_printf(arena, "%.*s%.*s", STR_ARG(prefix), STR_ARG(path));
}

/* Leaves out those that mean something at some place in a reference: a colon in the first segment
 * would make a scheme of it. */
static bool stands_for_itself(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || (byte && strchr("-._~/", byte));
}

void place_uri_add(StrBuf *out, Str path)
{
    if (path.len && path.ptr[0] == '/')
        strbuf_add(out, S("file://"));
    for (size_t i = 0; i < path.len; i++)
        if (stands_for_itself(path.ptr[i]))
            strbuf_byte(out, path.ptr[i]);
        else
            strbuf_printf(out, "%%%02X", (unsigned char)path.ptr[i]);
}
