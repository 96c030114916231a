#ifndef MIGRALINT_RULES_EXPLAIN_H
#define MIGRALINT_RULES_EXPLAIN_H

/* A rule as a page: what it means, why, how to mend it, and its examples.
 * Markdown, or plain text for a terminal. The lines that an example expects to be reported carry
 * the rule's code. */

#include "rules/rule.h"

Str rule_explain(const Rule *rule, bool markdown, Arena *arena);
/* Only why, how to mend it and the links: no title, and no examples, which may not be loaded. */
Str rule_help(const Rule *rule, bool markdown, Arena *arena);
/* The same in short, as a section of a Markdown page with all rules, with one example of each
 * kind. Its anchor is the code in small letters. */
Str rule_entry(const Rule *rule, Arena *arena);

#endif
