#ifndef MIGRALINT_MODELS_ADDITIONS_H
#define MIGRALINT_MODELS_ADDITIONS_H

/*
 * Private to models/: names of fields that some code of the project may add to a class from
 * outside: those that it spells, and where it computes them, whatever its file has the parts of.
 */

#include "base/array.h"
#include "base/intern.h"
#include "base/map.h"

/* A file that computes names, and the class of that file that it adds to; SYM_NONE: to any. */
typedef struct Computing {
    Str text;
    Sym target;
} Computing;

typedef struct Additions {
    Map names; /* (name of the class or SYM_NONE, name of the field) → 1 */
    Array(Computing) computing;
} Additions;

/* `text` is a Python file; what is kept of it is copied into `arena`. */
void additions_note(Additions *additions, Interner *interner, Arena *arena, Str text);
/* Whether the field may be added to a class of that name; SYM_NONE: to one whose name nobody says.
 */
bool additions_may_have(const Additions *additions, Sym class, Sym field, Str name);
void additions_free(Additions *additions);

#endif
