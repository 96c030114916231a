#ifndef MIGRALINT_RULES_LOAD_H
#define MIGRALINT_RULES_LOAD_H

/* From the bytes of one YAML file to one rule. */

#include "base/yaml.h"
#include "rules/rule.h"

/* Everything is copied into `arena`. False with "path:line:column: text".
 * Without `examples` they are not looked at: for our own files, which the
 * tests have checked, since most of a rule's text is examples. */
bool rule_read(Str path, Str text, bool examples, Arena *arena, Rule *out, Error *err);

/* The `bad` and `good` lists of a rule (rules/examples.c). */
bool examples_read(const Yaml *yaml, const YamlNode *rule, Arena *arena, Rule *out, Error *err);

/* A rule of migralint's own: code MG and three digits. */
bool rule_is_ours(Str code);

#endif
