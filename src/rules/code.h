#ifndef MIGRALINT_RULES_CODE_H
#define MIGRALINT_RULES_CODE_H

/*
 * Private to the checks of dependencies between apps: migrations that do what the state does not
 * tell. Code is RunPython, RunSQL, operations that are not Django's, what is there under a
 * condition only, and what is done to the state or to the database alone.
 */

#include "rules/needs.h"

/* Whether others may be in need of something it does without naming it: code, and extensions and
 * collations of the database. */
bool code_is_relied_on(const RuleContext *context, NodeId node);
/* Whether its code may need anything. */
bool code_needs_unread(const RuleContext *context, NodeId node);
/* The same, or whether it points at what is not known, as far as that may be of the app. */
bool needs_are_unread(Needs *needs, NodeId node, Sym app);

/* The first such operation of the node, or its class. */
Place code_place(const RuleContext *context, NodeId node);

#endif
