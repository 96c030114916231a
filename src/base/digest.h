#ifndef MIGRALINT_BASE_DIGEST_H
#define MIGRALINT_BASE_DIGEST_H

/* MD5, as Django uses it to make names (no secret depends on it). Through libmd. */

#include "base/str.h"

enum { DIGEST_HEX = 33 }; /* 32 digits and a NUL */

void digest_md5(Str text, char hex[DIGEST_HEX]);

#endif
