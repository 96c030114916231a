#ifndef MIGRALINT_BASE_MAP_H
#define MIGRALINT_BASE_MAP_H

/*
 * A hash map from a 64-bit key to a 32-bit value. Pairs of Syms or ids make
 * good keys: map_key(app, name). {0} is a valid empty map. Iteration order is
 * not offered: it would leak into output.
 */

#include "base/array.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct MapSlot {
    uint64_t key;
    uint32_t value;
    bool used;
} MapSlot;

typedef struct Map {
    MapSlot *slots; /* a power of two of them */
    uint32_t slot_count, count;
} Map;

static inline uint64_t map_key(uint32_t high, uint32_t low)
{
    return (uint64_t)high << 32 | low;
}

void map_set(Map *map, uint64_t key, uint32_t value);
/* The value, or `otherwise` when the key is absent. */
uint32_t map_get(const Map *map, uint64_t key, uint32_t otherwise);
bool map_has(const Map *map, uint64_t key);
void map_free(Map *map);

#endif
