#ifndef MIGRALINT_BASE_INTERN_H
#define MIGRALINT_BASE_INTERN_H

/*
 * An interner gives every distinct text a small number, so that labels, names
 * and keywords compare with ==. Sym 0 (SYM_NONE) stands for "no text" and is
 * what the empty string gets. Texts live as long as the interner and have a
 * NUL behind them (they may hold NULs too: any bytes are allowed).
 *
 * {0} is a valid empty interner. Once something was interned a copy of the struct
 * is the same interner; one of the copies is freed.
 */

#include "base/arena.h"
#include "base/array.h"
#include "base/str.h"

typedef uint32_t Sym;
enum { SYM_NONE = 0 };

typedef struct InternSlot {
    Sym sym;       /* SYM_NONE: free */
    uint32_t hash; /* of its text: most misses are seen without looking at it */
} InternSlot;

typedef struct InternTable {
    Arena texts;
    Array(Str) strs;   /* by Sym; [0] is the empty text */
    InternSlot *slots; /* open addressing by hash */
    uint32_t slot_count;
} InternTable;

typedef struct Interner {
    InternTable *table; /* NULL: empty */
} Interner;

Sym intern(Interner *interner, Str text);
/* Like intern(), but SYM_NONE for a text that was never interned. */
Sym intern_find(const Interner *interner, Str text);
Str sym_str(const Interner *interner, Sym sym);
void interner_free(Interner *interner);

#endif
