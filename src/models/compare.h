#ifndef MIGRALINT_MODELS_COMPARE_H
#define MIGRALINT_MODELS_COMPARE_H

/*
 * Private to models/: whether two things are the same to the autodetector, which compares what
 * deconstruct() says of them. YES and NO are certain; MAYBE is whatever cannot be read, and what
 * versions of Django judge differently.
 */

#include "models/drift.h"

typedef struct Comparison {
    const Registry *registry;
    const State *state;
    Workspace *workspace;
    unsigned django; /* 502 for 5.2 */
    Arena *arena;    /* results */
    uint32_t *room;  /* values that may still be looked at: shared ones count where they are used.
                        Beyond, a value is not known */
} Comparison;

enum { ROOM_TO_COMPARE = 1 << 22 };

/* ---- values.c ---- */
/* Values of two files: names followed, enumeration members are their values, translated texts are
 * texts; functions and classes compare by where they are defined. */
Truth same_value(const Comparison *comparison, ValueRef a, ValueRef b);

/* ---- deconstruct.c ---- */
/* Whether deconstruct() of a field in the state and of one in a class are the same. Where they are
 * not, `details` (may be NULL) gets how. `before` belongs to `old`, `after` to `now`. */
Truth same_field(const Comparison *comparison, const ModelState *old, const StateField *before,
                 const Model *now, const ModelField *after, Details *details);

/* ---- drift_fields.c ---- */
typedef Array(Change) Changes;
/* Adds the changes of a model's fields. */
void compare_fields(const Comparison *comparison, const ModelState *old, const Model *now,
                    Changes *out);

/* ---- options.c ---- */
/* Adds the changes of a model's options, indexes, constraints and managers. */
void compare_options(const Comparison *comparison, const ModelState *old, const Model *now,
                     Changes *out);
/* A change of Meta; `option` (may be NULL) is the place. */
Change option_change(ChangeKind kind, const ModelState *old, const Model *now,
                     const ModelOption *option, EventId event);

/* ---- indexes.c ---- */
void compare_indexes(const Comparison *comparison, const ModelState *old, const Model *now,
                     Changes *out);

#endif
