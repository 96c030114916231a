#ifndef MIGRALINT_RULES_MADE_NAMES_H
#define MIGRALINT_RULES_MADE_NAMES_H

/*
 * The indexes that Django makes without being told to, and the names that it gives them: those of
 * columns, of unique_together and index_together, and of the tables of many-to-many fields. Rules:
 * django/db/backends/base/schema.py and django/db/backends/postgresql/schema.py.
 */

#include "rules/check.h"

typedef enum MadeIndex {
    MADE_NONE,
    MADE_PLAIN,   /* of the column */
    MADE_LIKE,    /* of a unique column of text, on PostgreSQL */
    MADE_MANY,    /* of the column in a many-to-many table that points at the model */
    MADE_UNKNOWN, /* perhaps one, perhaps not */
} MadeIndex;

/* What is made for a field that is told to the database; without `postgresql` only what every
 * database makes, and keeps under its name. */
MadeIndex made_index(const RuleContext *context, const StateField *field, bool postgresql);

/* The name of what made_index() says, for a field of a model with that table and lower-cased name;
 * empty: none, or not known. In the scratch arena, like those below. */
Str made_field_name(const RuleContext *context, const StateField *field, MadeIndex kind, Str table,
                    Sym model);

/* "blog_post_title_body_5dd5ad16_uniq"; `columns` joined with '_', `hashed` without anything
 * between them. As PostgreSQL shortens it. Empty where a table lies in another schema. */
Str made_name(const RuleContext *context, Str table, Str columns, Str hashed, const char *suffix);

/* A name as an index has it in Meta: "%(app_label)s" and "%(class)s" filled in. */
Str filled_in(const RuleContext *context, Str text, Sym app, Sym model);

#endif
