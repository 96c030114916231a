#ifndef MIGRALINT_BASE_ARENA_H
#define MIGRALINT_BASE_ARENA_H

/*
 * An arena hands out memory that is freed all at once. {0} is a valid empty
 * arena. What it returns is zeroed, so that {0} is a valid state of every
 * struct that lives in one.
 *
 * A project owns one permanent arena; passes that need working memory make
 * a second one on the stack and free it at the end.
 */

#include "base/str.h"

#include <stdalign.h>
#include <stddef.h>

typedef struct ArenaChunk ArenaChunk;

typedef struct Arena {
    ArenaChunk *chunks; /* newest first; each owns its bytes */
    char *next, *end;   /* free room of the newest chunk */
    size_t used;        /* bytes handed out, for statistics */
} Arena;

/* `size` zeroed bytes; `align` is a power of two. Never NULL. */
void *arena_alloc(Arena *arena, size_t size, size_t align);

/* Returns all memory to the heap; the arena is empty and usable again. */
void arena_free(Arena *arena);

/* A copy of the text with a NUL behind it. */
Str arena_str(Arena *arena, Str text);
/* The same in lower case, as far as it is ASCII. */
Str arena_lower(Arena *arena, Str text);
Str arena_printf(Arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* head + separator + tail, without the separator where head is empty: a path, a dotted name. */
Str arena_join(Arena *arena, Str head, char separator, Str tail);

/* A copy of `count` elements of `size` bytes; NULL when there are none. */
void *arena_copy(Arena *arena, const void *items, size_t count, size_t size, size_t align);

#define arena_new(arena, T) ((T *)arena_alloc((arena), sizeof(T), alignof(T)))
#define arena_array(arena, T, count)                                                               \
    ((T *)arena_alloc((arena), sizeof(T) * (size_t)(count), alignof(T)))
#define arena_keep(arena, T, items, count)                                                         \
    ((T *)arena_copy((arena), (items), (count), sizeof(T), alignof(T)))

#endif
