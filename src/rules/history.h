#ifndef MIGRALINT_RULES_HISTORY_H
#define MIGRALINT_RULES_HISTORY_H

/*
 * What an app's migrations say about a model or a field that an operation
 * names, without replaying them: every operation that defines it counts,
 * wherever it stands, and only what all of them agree on is known.
 */

#include "rules/condition.h"

typedef struct Definitions {
    ValueRef *items; /* field: the calls that define it. model: its CreateModel calls */
    uint32_t count;
    bool incomplete; /* there may be others */
} Definitions;

typedef struct History {
    const Project *project;
    const Interner *interner;
    const Migration *migration; /* that holds the operation in question */
    const Operation *operation;
    Arena *scratch;
} History;

/* Of the field that the operation names, renames followed back. */
Definitions history_field(const History *history);
/* Whether Django makes a table for the model that the operation names: it is
 * neither a proxy nor unmanaged. */
Truth history_managed(const History *history);
/* Whether the table is made by the same migration. */
Truth history_new(const History *history);

/* Whether a field class has a column of its own. */
Truth field_has_column(Str class_path);
/* Whether the class is the one meant: a dotted path (glob), or the bare name
 * of one of Django's. */
Truth field_is_class(Str class_path, Str wanted);

/* Names of models: Django compares them without regard to case. */
bool same_model(Str a, Str b);

#endif
