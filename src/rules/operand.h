#ifndef MIGRALINT_RULES_OPERAND_H
#define MIGRALINT_RULES_OPERAND_H

/*
 * What the model and field that an operation names are in the state before the operation. What
 * cannot be told is MAYBE: of a migration that is in no plan, of a model or app that has met
 * something that could not be read.
 */

#include "base/truth.h"
#include "rules/check.h"

typedef struct Operand {
    const RuleContext *context;
    const Operation *operation;
    NodeId node;
    StateAt before;
    ModelId model; /* MODEL_NONE: none, or not known which */
} Operand;

Operand operand_of(const RuleContext *context, const Migration *migration,
                   const Operation *operation);
/* The field as it was; false when it is not known. */
bool operand_field(const Operand *operand, StateField *out);
/* Whether migrations make a table for the model: neither a proxy nor unmanaged. */
Truth operand_managed(const Operand *operand);
/* Whether the table is made by the same migration. */
Truth operand_new(const Operand *operand);

#endif
