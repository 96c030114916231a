#ifndef MIGRALINT_RULES_EXAMPLES_H
#define MIGRALINT_RULES_EXAMPLES_H

/* The project in which examples stand that bring no whole one of their own:
 * an app `blog` whose 0001_initial makes some models. */

#include "base/reader.h"

extern const MemoryFile example_project[];
extern const uint32_t example_project_count;

/* Where an example's migration lies, and what stands around bare operations. */
extern const Str example_migration_path;
extern const Str example_before_operations, example_after_operations;

/* Whether the line ends in "# expect" or "# expect: text"; `*start` is where
 * the comment begins. */
bool example_marker(Str line, size_t *start, Str *text);

#endif
