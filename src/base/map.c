#include "base/map.h"

#include "base/alloc.h"

#include <stdlib.h>

static uint64_t mix(uint64_t key)
{
    key = (key ^ key >> 32) * 0x9e3779b97f4a7c15u;
    return key ^ key >> 29;
}

static MapSlot *probe(const Map *map, uint64_t key)
{
    uint32_t mask = map->slot_count - 1;
    uint32_t at = (uint32_t)mix(key) & mask;
    while (map->slots[at].used && map->slots[at].key != key)
        at = (at + 1) & mask;
    return &map->slots[at];
}

static void grow(Map *map)
{
    Map old = *map;
    map->slot_count = old.slot_count ? old.slot_count * 2 : 16;
    map->slots = xcalloc(map->slot_count, sizeof *map->slots);
    for (uint32_t i = 0; i < old.slot_count; i++)
        if (old.slots[i].used)
            *probe(map, old.slots[i].key) = old.slots[i];
    free(old.slots);
}

void map_set(Map *map, uint64_t key, uint32_t value)
{
    if (map->count >= map->slot_count / 2)
        grow(map);
    MapSlot *slot = probe(map, key);
    map->count += !slot->used;
    *slot = (MapSlot){key, value, true};
}

uint32_t map_get(const Map *map, uint64_t key, uint32_t otherwise)
{
    if (!map->slot_count)
        return otherwise;
    const MapSlot *slot = probe(map, key);
    return slot->used ? slot->value : otherwise;
}

bool map_has(const Map *map, uint64_t key)
{
    return map->slot_count && probe(map, key)->used;
}

void map_free(Map *map)
{
    free(map->slots);
    *map = (Map){0};
}
