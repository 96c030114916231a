#include "base/intern.h"

#include "base/alloc.h"

#include <assert.h>
#include <stdlib.h>

static uint32_t probe(const Interner *in, Str text)
{
    uint32_t mask = in->slot_count - 1;
    uint32_t slot = (uint32_t)str_hash(text) & mask;
    while (in->slots[slot] && !str_eq(in->strs.items[in->slots[slot]], text))
        slot = (slot + 1) & mask;
    return slot;
}

static void rehash(Interner *in)
{
    in->slot_count = in->slot_count ? in->slot_count * 2 : 1024;
    free(in->slots);
    in->slots = xcalloc(in->slot_count, sizeof *in->slots);
    for (Sym sym = 1; sym < in->strs.count; sym++)
        in->slots[probe(in, in->strs.items[sym])] = sym;
}

Sym intern(Interner *in, Str text)
{
    if (!text.len)
        return SYM_NONE;
    if (!in->strs.count)
        array_push(&in->strs, S(""));
    if (in->strs.count >= in->slot_count / 2)
        rehash(in);
    uint32_t slot = probe(in, text);
    if (!in->slots[slot]) {
        in->slots[slot] = in->strs.count;
        array_push(&in->strs, arena_str(&in->texts, text));
    }
    return in->slots[slot];
}

Sym intern_find(const Interner *in, Str text)
{
    return text.len && in->slot_count ? in->slots[probe(in, text)] : SYM_NONE;
}

Str sym_str(const Interner *in, Sym sym)
{
    if (sym == SYM_NONE)
        return S("");
    assert(sym < in->strs.count);
    return in->strs.items[sym];
}

void interner_free(Interner *in)
{
    arena_free(&in->texts);
    array_free(&in->strs);
    free(in->slots);
    *in = (Interner){0};
}
