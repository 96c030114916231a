#ifndef MIGRALINT_BASE_DIGEST_H
#define MIGRALINT_BASE_DIGEST_H

/* Through libmd. */

#include "base/str.h"

enum { DIGEST_HEX = 33 }; /* 32 digits and a NUL */

/* MD5, as Django uses it to make names: no secret depends on it. */
void digest_md5(Str text, char hex[DIGEST_HEX]);

enum { DIGEST_SHA256 = 32 };

void digest_sha256(Str text, unsigned char bytes[DIGEST_SHA256]);

#endif
