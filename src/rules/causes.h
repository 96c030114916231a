#ifndef MIGRALINT_RULES_CAUSES_H
#define MIGRALINT_RULES_CAUSES_H

/* Which finding explains what is wrong at a node or with a model: filled while the rules run
 * over one project, emptied before the next. */

#include "base/array.h"
#include "base/map.h"
#include "rules/finding.h"

typedef struct Causes {
    Map by_node;  /* NodeId → index in `findings` */
    Map by_model; /* (app, lower-cased model) → index in `findings` */
    Array(Finding *) findings;
} Causes;

#endif
