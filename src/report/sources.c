#include "report/sources.h"

#include "base/limits.h"
#include "report/lines.h"

Str sources_text(Sources *sources, Str path)
{
    for (uint32_t i = 0; i < SOURCES_KEPT; i++)
        if (sources->kept[i].path.len && str_eq(sources->kept[i].path, path))
            return sources->kept[i].text;
    Source *slot = &sources->kept[sources->next++ % SOURCES_KEPT];
    arena_free(&slot->arena);
    slot->path = arena_str(&slot->arena, path);
    slot->text = (Str){0};
    const Reader *reader = sources->reader;
    Str text;
    if (reader->read(reader->self, slot->path, LIMIT_FILE_BYTES, &slot->arena, &text, NULL) ==
        READ_OK)
        slot->text = text;
    return slot->text;
}

void sources_free(Sources *sources)
{
    for (uint32_t i = 0; i < SOURCES_KEPT; i++)
        arena_free(&sources->kept[i].arena);
}

Location sources_locate(Sources *sources, Place place, Location location)
{
    if (location.line || !place.span.end || !place.path.len)
        return location;
    Str text = sources_text(sources, place.path);
    if (!text.len)
        return location;
    Arena scratch = {0};
    Lines lines = lines_of(text, &scratch);
    location = lines_locate(&lines, place.span);
    arena_free(&scratch);
    return location;
}
