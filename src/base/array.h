#ifndef MIGRALINT_BASE_ARRAY_H
#define MIGRALINT_BASE_ARRAY_H

/*
 * A growable array of any type: `Array(Edge) edges = {0};`. The elements are
 * on the heap and move when the array grows, so keep indices, not pointers.
 * Counts are 32 bits: an index is the id of what it points at.
 */

#include <stddef.h>
#include <stdint.h>

/* clang-format off */
#define Array(T) struct { T *items; uint32_t count, capacity; }
/* clang-format on */

#define array_push(array, ...)                                                                     \
    (array_reserve((array), 1), (array)->items[(array)->count++] = (__VA_ARGS__))

/* Makes room for `more` further elements. */
#define array_reserve(array, more)                                                                 \
    ((array)->items = array_grow_((array)->items, (array)->count, &(array)->capacity, (more),      \
                                  sizeof *(array)->items))

#define array_pop(array) ((array)->items[--(array)->count])
#define array_last(array) (&(array)->items[(array)->count - 1])
#define array_clear(array) ((void)((array)->count = 0))
#define array_free(array) array_free_((void **)&(array)->items, &(array)->count, &(array)->capacity)

/* Private. */
void *array_grow_(void *items, uint32_t count, uint32_t *capacity, uint32_t more, size_t size);
void array_free_(void **items, uint32_t *count, uint32_t *capacity);

#endif
