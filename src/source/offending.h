#ifndef MIGRALINT_SOURCE_OFFENDING_H
#define MIGRALINT_SOURCE_OFFENDING_H

/*
 * Private to source/: the first token of a text that the grammar has no use
 * for. Parses the text again up to there, so only for texts with an error.
 */

#include "base/str.h"

#include <tree_sitter/api.h>

/* False when the parser never got stuck. `*at` is where the token starts;
 * the end of a line counts as one. */
bool offending_token(TSParser *parser, Str text, uint32_t *at);

#endif
