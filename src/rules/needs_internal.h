#ifndef MIGRALINT_RULES_NEEDS_INTERNAL_H
#define MIGRALINT_RULES_NEEDS_INTERNAL_H

/* Between the files of needs.h. */

#include "rules/needs.h"

/* Nothing for EVENT_NONE. */
void needs_add(const Needs *needs, EventId event, const StateUse *use, NeedList *out);

void needs_index_names(Needs *needs);
/* What the names that the node takes need. */
void needs_of_names(Needs *needs, NodeId node, const NodeSet *within, NeedList *out);

#endif
