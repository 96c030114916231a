#ifndef MIGRALINT_MODELS_COMPARE_H
#define MIGRALINT_MODELS_COMPARE_H

/*
 * Private to models/: whether two things are the same to the autodetector, which compares what
 * deconstruct() says of them. YES and NO are certain; MAYBE is whatever cannot be read, and what
 * versions of Django judge differently.
 */

#include "models/drift.h"

/* A model or field that Django would ask about, and be told that it was renamed. */
typedef struct Renamed {
    Sym app, before, after; /* lower-cased */
} Renamed;

typedef struct Comparison {
    const Registry *registry;
    const State *state;
    Workspace *workspace;
    unsigned django; /* 502 for 5.2 */
    Arena *arena;    /* results */
    uint32_t *room;  /* values that may still be looked at: shared ones count where they are used.
                        Beyond, a value is not known */
    Array(Renamed) renamed;
    Map renamed_fields; /* (index of the model, old name) → new name */
    Map field_names;    /* (index of the model, new name) → old name */
} Comparison;

enum { ROOM_TO_COMPARE = 1 << 22 };

/* ---- values.c ---- */
/* Values of two files: names followed, enumeration members are their values, translated texts are
 * texts; functions and classes compare by where they are defined. */
Truth same_value(const Comparison *comparison, ValueRef a, ValueRef b);

/* ---- deconstruct.c ---- */
typedef struct FieldPair {
    const StateField *before;
    const ModelField *after;
    bool anywhere; /* what they point at does not matter */
    Sym but;       /* a keyword that may differ; SYM_NONE */
    int depth;     /* of fields in fields */
} FieldPair;

/* Whether deconstruct() of a field in the state and of one in a class are the same. Where they are
 * not, `details` (may be NULL) gets how. */
Truth same_field(const Comparison *comparison, const FieldPair *pair, Details *details);

/* ---- drift_fields.c ---- */
typedef Array(Change) Changes;
/* Adds the renames of a model's fields; before anything is compared, since relations to a renamed
 * field have not changed. */
void find_field_renames(Comparison *comparison, const ModelState *old, const Model *now,
                        Changes *out);
/* Adds the other changes of a model's fields. */
void compare_fields(const Comparison *comparison, const ModelState *old, const Model *now,
                    Changes *out);
/* What a field of the migrations is called in the class, or its own name. */
Sym renamed_to(const Comparison *comparison, const Model *now, Sym before);

/* ---- drift_models.c ---- */
/* A model that both sides have, under one name or two. */
typedef struct Kept {
    const ModelState *old;
    const Model *now;
} Kept;

typedef struct AppComparison {
    Array(Kept) kept;
} AppComparison;

/* Adds the changes of an app's models as such; what is left to be compared is in `app`. */
void split_app(Comparison *comparison, AppId id, const Models *models, AppComparison *app,
               Changes *out);
void find_kept_renames(Comparison *comparison, const Kept *kept, Changes *out);
void compare_kept(const Comparison *comparison, const Kept *kept, Changes *out);

/* ---- options.c ---- */
/* Adds the changes of a model's options, indexes, constraints and managers: its table too where
 * both sides are `kept` of one kind, and all of it where it is a `model` that has one. */
void compare_options(const Comparison *comparison, const ModelState *old, const Model *now,
                     bool kept, bool model, Changes *out);
/* A change of Meta; `option` (may be NULL) is the place. */
Change option_change(ChangeKind kind, const ModelState *old, const Model *now,
                     const ModelOption *option, EventId event);

/* ---- managers.c ---- */
void compare_managers(const Comparison *comparison, const ModelState *old, const Model *now,
                      Changes *out);

/* ---- indexes.c ---- */
void compare_indexes(const Comparison *comparison, const ModelState *old, const Model *now,
                     Changes *out);

#endif
