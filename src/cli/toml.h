#ifndef MIGRALINT_CLI_TOML_H
#define MIGRALINT_CLI_TOML_H

/*
 * TOML (pyproject.toml) as the same tree that YAML becomes, so that whoever
 * reads configuration knows one kind of tree. Tables are mappings, arrays and
 * arrays of tables are sequences, strings are quoted scalars; numbers,
 * booleans and dates are plain scalars with their text.
 */

#include "base/yaml.h"

/* False with *err ("path:line:column: …") when the text is not TOML or defines something twice.
 * Above LIMIT_YAML_BYTES or LIMIT_YAML_DEPTH it is refused. All is in `arena`. */
bool toml_parse(Yaml *document, Str path, Str text, Arena *arena, Error *err);

#endif
