#ifndef MIGRALINT_RULES_MATCH_TYPES_H
#define MIGRALINT_RULES_MATCH_TYPES_H

/* A `match:` once read; shared by its reader and its runners only. */

#include "rules/check.h"
#include "rules/condition.h"
#include "rules/template.h"

/* A demand that is made of a yes-or-no fact, or not made. */
typedef enum Demand { DEMAND_NOTHING, DEMAND_FALSE, DEMAND_TRUE } Demand;

typedef struct NamedCondition {
    Str name;
    Condition condition;
} NamedCondition;

typedef struct NamedConditions {
    NamedCondition *items;
    uint32_t count;
} NamedConditions;

typedef struct Match {
    Str *apps; /* globs over labels; none: every app */
    uint32_t app_count;
    Demand atomic, initial; /* of the migration */

    uint64_t operations; /* bits by OperationKind; 0 with no classes: an import is meant */
    Str *classes;        /* dotted paths (globs) of operations that are not Django's */
    uint32_t class_count;
    NamedConditions arguments;
    Str at; /* the argument that is the place; empty: the operation's name */
    Demand database, state;

    bool field; /* `field:` is there */
    Str *field_classes;
    uint32_t field_class_count;
    Demand column;
    NamedConditions keywords; /* of the field's call */

    Demand table_new, managed;
    Str *tables; /* globs over "app.model" */
    uint32_t table_count;

    bool import;  /* `import:` is there */
    Str *modules; /* globs over dotted paths; none: any */
    uint32_t module_count;
    Demand project; /* the module lies in the project */
    Demand model;   /* the name is used as a model */

    Template message, help; /* help empty: none */
} Match;

_Static_assert(OPERATION_OPAQUE < 64, "operations are a bit set");

/* Whether the demand is met by what is known. */
static inline Truth demand(Demand wanted, Truth fact)
{
    return wanted == DEMAND_NOTHING ? YES : wanted == DEMAND_TRUE ? fact : truth_not(fact);
}

/* The two runners: every place in the migration that surely matches. */
void match_operations(RuleContext *context, const Match *match, const Migration *migration);
void match_imports(RuleContext *context, const Match *match, const Migration *migration);

#endif
