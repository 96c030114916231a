#ifndef MIGRALINT_RULES_ALIKE_H
#define MIGRALINT_RULES_ALIKE_H

/*
 * Private to the checks of values: whether what one operation says is what another one said. Every
 * "true" is sure; what cannot be read or compared is neither the same nor different.
 */

#include "rules/check.h"

/* Shared by the comparisons of a check: their work is bounded, beyond which nothing is sure. */
typedef struct Alike {
    const RuleContext *context;
    Likeness likeness;
} Alike;

Alike alike_start(const RuleContext *context);

/* The same to Django, and as far as calls and settings go written the same. */
bool fields_same(Alike *alike, const StateField *a, const StateField *b);
/* Whether the column, or what the database checks of it, is another. What only Python sees
 * (choices, help_text, default …) does not count. */
bool columns_differ(Alike *alike, const StateField *a, const StateField *b);

bool options_same(Alike *alike, const StateOption *a, const StateOption *b);
bool options_differ(Alike *alike, const StateOption *a, const StateOption *b);

/* Indexes or constraints: class, name and all. */
bool indexes_same(Alike *alike, const StateIndex *a, const StateIndex *b);

/* Whether both relations surely point at the same model. */
bool targets_same(const StateTarget *a, const StateTarget *b);

#endif
