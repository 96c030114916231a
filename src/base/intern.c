#include "base/intern.h"

#include "base/alloc.h"

#include <assert.h>
#include <stdlib.h>

static InternSlot *probe(const InternTable *in, Str text, uint32_t hash)
{
    uint32_t mask = in->slot_count - 1;
    uint32_t at = hash & mask;
    while (in->slots[at].sym &&
           (in->slots[at].hash != hash || !str_eq(in->strs.items[in->slots[at].sym], text)))
        at = (at + 1) & mask;
    return &in->slots[at];
}

static void grow(InternTable *in)
{
    InternSlot *old = in->slots;
    uint32_t count = in->slot_count;
    in->slot_count = count ? count * 2 : 1024;
    in->slots = xcalloc(in->slot_count, sizeof *in->slots);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = old[i].hash & (in->slot_count - 1);
        while (old[i].sym && in->slots[at].sym)
            at = (at + 1) & (in->slot_count - 1);
        if (old[i].sym)
            in->slots[at] = old[i];
    }
    free(old);
}

Sym intern(Interner *interner, Str text)
{
    if (!text.len)
        return SYM_NONE;
    if (!interner->table) {
        interner->table = xcalloc(1, sizeof *interner->table);
        array_push(&interner->table->strs, S(""));
    }
    InternTable *in = interner->table;
    if (in->strs.count >= in->slot_count / 2)
        grow(in);
    uint32_t hash = (uint32_t)str_hash(text);
    InternSlot *slot = probe(in, text, hash);
    if (!slot->sym) {
        *slot = (InternSlot){in->strs.count, hash};
        array_push(&in->strs, arena_str(&in->texts, text));
    }
    return slot->sym;
}

Sym intern_find(const Interner *interner, Str text)
{
    return text.len && interner->table ? probe(interner->table, text, (uint32_t)str_hash(text))->sym
                                       : SYM_NONE;
}

Str sym_str(const Interner *interner, Sym sym)
{
    if (sym == SYM_NONE)
        return S("");
    assert(sym < interner->table->strs.count);
    return interner->table->strs.items[sym];
}

void interner_free(Interner *interner)
{
    if (!interner->table)
        return;
    arena_free(&interner->table->texts);
    array_free(&interner->table->strs);
    free(interner->table->slots);
    free(interner->table);
    *interner = (Interner){0};
}
