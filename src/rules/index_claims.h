#ifndef MIGRALINT_RULES_INDEX_CLAIMS_H
#define MIGRALINT_RULES_INDEX_CLAIMS_H

/*
 * Private to MG213: which model has an index of which name in the database, as events go by, and
 * what is told when two meet. Databases but MySQL keep the names of a schema's indexes in one list.
 */

#include "rules/schema.h"

typedef enum IndexMaker {
    MADE_BY_NAME,  /* AddIndex, AddConstraint, CreateModel's options: `subject` is its name */
    MADE_BY_FIELD, /* by Django for a field: `subject` is the field */
    MADE_BY_GROUP, /* by Django for unique_together or index_together: `subject` is the option */
    MAKERS,
} IndexMaker;

typedef struct IndexClaim {
    Str name; /* in the database; empty: not known */
    ModelId model;
    Sym subject;
    EventId event;           /* that made it */
    const StateIndex *index; /* MADE_BY_NAME */
    const StateNames *group; /* MADE_BY_GROUP */
    uint8_t maker;           /* IndexMaker */
    bool live;
    uint32_t next;
} IndexClaim;

typedef struct ModelClaims {
    uint32_t first[MAKERS];
    bool renamed; /* its table has been, since Django last named an index of it */
} ModelClaims;

typedef struct IndexClaims {
    RuleContext *context;
    Meeting meeting;
    bool postgresql; /* a database that keeps indexes as they are when a table changes; SQLite makes
                        the table and them anew */
    bool known;      /* the databases of the project are */
    Array(IndexClaim) claims;
    Array(ModelClaims) models;
    Map holders;           /* hash of a name → claim */
    Map by_subject[2];     /* MADE_BY_NAME, MADE_BY_FIELD: (model, subject) → claim */
    Map removed;           /* (model, field) → the event that took the column away */
    Finding *last;         /* told, about … */
    uint32_t last_pair[2]; /* … these two claims */
} IndexClaims;

/* False when the names of the project's databases are none of this. */
bool claims_start(IndexClaims *claims, RuleContext *context);
void claims_done(IndexClaims *claims);

/* Tells when another model has the name. */
void claims_add(IndexClaims *claims, IndexClaim claim);
/* The claim, or NULL. */
const IndexClaim *claims_get(const IndexClaims *claims, IndexMaker maker, ModelId model,
                             Sym subject);

/* Gives names back. */
void claims_drop(IndexClaims *claims, IndexMaker maker, ModelId model, Sym subject);
/* Those groups of the option that `kept` does not list; NULL: all. */
void claims_drop_groups(IndexClaims *claims, ModelId model, Sym option, const StateOption *kept);
void claims_drop_made(IndexClaims *claims, ModelId model);
void claims_drop_model(IndexClaims *claims, ModelId model);

/* A field is called otherwise, its index is not. */
void claims_rename_field(IndexClaims *claims, ModelId model, Sym from, Sym to);
/* Takes its own index with it, and those that hold it. */
void claims_remove_field(IndexClaims *claims, ModelId model, Sym field, EventId event);
void claims_rename_table(IndexClaims *claims, ModelId model);
/* Something changed the table in the database. */
void claims_change_table(IndexClaims *claims, ModelId model);

bool option_has_group(const StateOption *option, const StateNames *group);

#endif
