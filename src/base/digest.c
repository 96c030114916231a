#include "base/digest.h"

#include <md5.h>

void digest_md5(Str text, char hex[DIGEST_HEX])
{
    MD5Data((const uint8_t *)(text.ptr ? text.ptr : ""), text.len, hex);
}
