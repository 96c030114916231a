#ifndef MIGRALINT_RULES_LITERALS_H
#define MIGRALINT_RULES_LITERALS_H

/*
 * Private to MG214: which literals Django can turn into a value of a field. It was asked of 3.2,
 * 4.2, 5.2 and 6.0, with get_db_prep_save(get_default()) of every class; where they disagree, or
 * the databases do, the literal is held.
 */

#include "rules/check.h"

typedef enum Holds {
    HOLDS_INTEGER,
    HOLDS_POSITIVE,
    HOLDS_FLOAT,
    HOLDS_DECIMAL,
    HOLDS_BOOLEAN,
    HOLDS_DATE,
    HOLDS_DATETIME,
    HOLDS_TIME,
    HOLDS_DURATION,
    HOLDS_UUID,
    HOLDS_BINARY,
    HOLDS_KEY, /* of a row whose key is a whole number; "" stands for none */
} Holds;

/* False only when no Django can. `null`: the field may be NULL, or it is not known. */
bool literal_holds(const RuleContext *context, Holds holds, const Value *value, bool null);

#endif
