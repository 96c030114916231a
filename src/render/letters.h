#ifndef MIGRALINT_RENDER_LETTERS_H
#define MIGRALINT_RENDER_LETTERS_H

/* Private to render/: text of the project, letter by letter, before a format escapes it. */

#include "base/str.h"

/* Cuts the next letter off: one code point of UTF-8, U+FFFD for a byte that is none, '?' for a
 * control character. `rest->ptr` becomes NULL at the end, and the result is empty. */
Str letter_next(Str *rest);

#endif
