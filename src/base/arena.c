#include "base/arena.h"

#include "base/alloc.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_SIZE = 64 * 1024 };

struct ArenaChunk {
    ArenaChunk *older;
    size_t size;
    _Alignas(max_align_t) char bytes[];
};

static void grow(Arena *arena, size_t least)
{
    size_t size = least > CHUNK_SIZE ? least : CHUNK_SIZE;
    ArenaChunk *chunk = xmalloc(sizeof *chunk + size);
    chunk->older = arena->chunks;
    chunk->size = size;
    arena->chunks = chunk;
    arena->next = chunk->bytes;
    arena->end = chunk->bytes + size;
}

void *arena_alloc(Arena *arena, size_t size, size_t align)
{
    assert(align && !(align & (align - 1)) && align <= alignof(max_align_t));
    size_t pad = arena->next ? (size_t)(-(uintptr_t)arena->next & (align - 1)) : 0;
    if (!arena->next || size + pad > (size_t)(arena->end - arena->next)) {
        grow(arena, size);
        pad = 0;
    }
    char *memory = arena->next + pad;
    arena->next = memory + size;
    arena->used += size + pad;
    memset(memory, 0, size);
    return memory;
}

void arena_free(Arena *arena)
{
    for (ArenaChunk *chunk = arena->chunks; chunk;) {
        ArenaChunk *older = chunk->older;
        free(chunk);
        chunk = older;
    }
    *arena = (Arena){0};
}

Str arena_str(Arena *arena, Str text)
{
    char *copy = arena_alloc(arena, text.len + 1, 1);
    if (text.len)
        memcpy(copy, text.ptr, text.len);
    return (Str){copy, text.len};
}

Str arena_lower(Arena *arena, Str text)
{
    char *copy = arena_alloc(arena, text.len + 1, 1);
    for (size_t i = 0; i < text.len; i++)
        copy[i] =
            (char)(text.ptr[i] >= 'A' && text.ptr[i] <= 'Z' ? text.ptr[i] | 0x20 : text.ptr[i]);
    return (Str){copy, text.len};
}

Str arena_printf(Arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    assert(len >= 0);
    char *text = arena_alloc(arena, (size_t)len + 1, 1);
    vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return (Str){text, (size_t)len};
}

Str arena_join(Arena *arena, Str head, char separator, Str tail)
{
    if (!head.len)
        return arena_str(arena, tail);
    char *text = arena_alloc(arena, head.len + 1 + tail.len + 1, 1);
    memcpy(text, head.ptr, head.len);
    text[head.len] = separator;
    if (tail.len)
        memcpy(text + head.len + 1, tail.ptr, tail.len);
    return (Str){text, head.len + 1 + tail.len};
}

void *arena_copy(Arena *arena, const void *items, size_t count, size_t size, size_t align)
{
    if (!count)
        return NULL;
    void *copy = arena_alloc(arena, count * size, align);
    memcpy(copy, items, count * size);
    return copy;
}
