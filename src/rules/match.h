#ifndef MIGRALINT_RULES_MATCH_H
#define MIGRALINT_RULES_MATCH_H

/* Declarative rules: what `match:` means. Docs: docs/writing-rules.md. */

#include "base/yaml.h"
#include "rules/check.h"

/* Reads `match:` with the templates `message` and `help` (of which `message`
 * falls back to the summary). False with *err. */
bool match_read(const Yaml *yaml, const YamlNode *rule, Arena *arena, const struct Match **out,
                Error *err);

/* A check: reports every place in the project's own migrations that the
 * rule's match surely describes. */
void match_run(RuleContext *context);

#endif
