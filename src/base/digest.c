#include "base/digest.h"

#include <md5.h>
#include <sha2.h>

void digest_md5(Str text, char hex[DIGEST_HEX])
{
    MD5Data((const uint8_t *)(text.ptr ? text.ptr : ""), text.len, hex);
}

void digest_sha256(Str text, unsigned char bytes[DIGEST_SHA256])
{
    SHA2_CTX context;
    SHA256Init(&context);
    SHA256Update(&context, (const uint8_t *)(text.ptr ? text.ptr : ""), text.len);
    SHA256Final(bytes, &context);
}
