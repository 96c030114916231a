#include "base/array.h"

#include "base/alloc.h"

#include <stdlib.h>

void *array_grow_(void *items, uint32_t count, uint32_t *capacity, uint32_t more, size_t size)
{
    if (more > UINT32_MAX - count)
        abort();
    uint32_t need = count + more;
    if (need <= *capacity)
        return items;
    uint32_t grown = *capacity > UINT32_MAX / 2 ? UINT32_MAX : *capacity * 2;
    if (grown < 8)
        grown = 8;
    if (grown < need)
        grown = need;
    *capacity = grown;
    return xrealloc(items, (size_t)grown * size);
}

void array_free_(void **items, uint32_t *count, uint32_t *capacity)
{
    free(*items);
    *items = NULL;
    *count = *capacity = 0;
}
