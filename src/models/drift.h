#ifndef MIGRALINT_MODELS_DRIFT_H
#define MIGRALINT_MODELS_DRIFT_H

/*
 * What `makemigrations` would write: the difference between the state at the end of the plan and
 * the models as their classes say them, in the terms of Django's operations. Rules of the
 * comparison: django/db/migrations/autodetector.py, without questions asked (a rename that Django
 * would ask about is told as a rename).
 *
 * Three-valued: only what certainly differs is a change. Whatever cannot be read on either side, a
 * model or app that is open, and what Django versions judge differently, is no change.
 */

#include "models/models.h"

typedef enum ChangeKind {
    CHANGE_CREATE_MODEL, /* only a class has it; of a proxy or an unmanaged model too */
    CHANGE_DELETE_MODEL, /* only the migrations have it */
    CHANGE_RENAME_MODEL,
    CHANGE_ADD_FIELD,
    CHANGE_REMOVE_FIELD,
    CHANGE_RENAME_FIELD,
    CHANGE_ALTER_FIELD,
    CHANGE_ALTER_OPTIONS, /* one of ALTER_OPTION_KEYS */
    CHANGE_ALTER_TABLE,
    CHANGE_ALTER_TABLE_COMMENT,
    CHANGE_ALTER_UNIQUE_TOGETHER,
    CHANGE_ALTER_INDEX_TOGETHER,
    CHANGE_ALTER_ORDER_WITH_RESPECT_TO,
    CHANGE_ALTER_MANAGERS,
    CHANGE_ADD_INDEX,
    CHANGE_REMOVE_INDEX,
    CHANGE_RENAME_INDEX,
    CHANGE_ADD_CONSTRAINT,
    CHANGE_REMOVE_CONSTRAINT,
    CHANGE_ALTER_CONSTRAINT,
    CHANGE_KINDS,
} ChangeKind;

/* How a field or an option differs. */
typedef enum DetailKind {
    DETAIL_CLASS,   /* the field's class: `before` and `after` are dotted paths */
    DETAIL_TARGET,  /* `to` or `through` (name): "app.model" */
    DETAIL_KEYWORD, /* a keyword argument */
    DETAIL_OPTION,  /* an option of Meta */
} DetailKind;

typedef struct Detail {
    DetailKind kind;
    Sym name;          /* of the keyword or option */
    Sym before, after; /* of DETAIL_CLASS and DETAIL_TARGET */
    ValueRef from, to; /* of the others; VALUE_ABSENT: not given */
} Detail;

typedef struct Details {
    Detail *items;
    uint32_t count;
} Details;

typedef struct Change {
    ChangeKind kind;
    Sym app, model;   /* `model` lower-cased; of a rename, the old one */
    Sym model_name;   /* as written: in the class, else in the migrations */
    Sym name;         /* of the field, index or constraint, as written; of a rename, the old one */
    Sym to;           /* of a rename, the new one; of a field that is remade, if it is not `name` */
    const Model *now; /* NULL: there is no class */
    ModelId before;   /* MODEL_NONE: no migration has it */
    const ModelField *field; /* as it is in the class; NULL */
    Details details;         /* of what is altered */
    Place place; /* in the class: of the field, of the option, of its name; else in the migration */
    EventId event;     /* the event that made the state what it is; EVENT_NONE */
    bool remade;       /* of an altered field: Django cannot alter it, and removes and adds it */
    bool implicit_key; /* an implicit primary key of another class than DEFAULT_AUTO_FIELD says */
} Change;

typedef struct Drift {
    Change *items; /* by app, then model, then kind, then name */
    uint32_t count;
} Drift;

/* A project as far as it was read: what rules and reports are given. */
typedef struct Analysis {
    const State *state;
    const Registry *registry;
    const Drift *drift;
} Analysis;

/* The changes of every own app that is migrated; in `arena`. */
Drift drift_find(const Registry *registry, const State *state, Arena *arena);
/* The same as the operations that makemigrations would write: a field that is remade as two. */
Drift drift_operations(const Drift *drift, Arena *arena);

/*
 * The same comparison of what the migrations say at two points. A Likeness is shared by many
 * comparisons and bounds their work: beyond, the answer is MAYBE.
 */
typedef struct Likeness {
    const Registry *registry;
    const State *state;
    uint32_t room; /* values that may still be looked at; see likeness_start() */
} Likeness;
Likeness likeness_start(const Registry *registry, const State *state);
/* Of a field; `details` (may be NULL) gets what certainly differs. In `arena`. */
Truth likeness_of_fields(Likeness *likeness, const StateField *before, const StateField *after,
                         Details *details, Arena *arena);
Truth likeness_of_values(Likeness *likeness, ValueRef before, ValueRef after, Arena *arena);

/* "AddField", as Django calls the operation. */
const char *change_operation(ChangeKind kind);

#endif
