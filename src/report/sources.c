#include "report/sources.h"

#include "base/limits.h"

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
