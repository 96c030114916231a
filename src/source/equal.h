#ifndef MIGRALINT_SOURCE_EQUAL_H
#define MIGRALINT_SOURCE_EQUAL_H

/* Whether two texts are the same Python. */

#include "source/syntax.h"

/*
 * How they are written does not count: white space, comments, which quotes, a string in several
 * pieces, commas at ends, parentheses around one expression. Texts that cannot be parsed are the
 * same when their bytes are.
 */
bool source_equal(SyntaxParser *parser, Str a, Str b);

#endif
