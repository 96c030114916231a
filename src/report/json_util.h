#ifndef MIGRALINT_REPORT_JSON_UTIL_H
#define MIGRALINT_REPORT_JSON_UTIL_H

/*
 * jansson, given Strs. Bytes that are not UTF-8 become U+FFFD, one for each.
 * Objects keep the order in which their members were set. Everything returned
 * is a new reference, to be handed to a *_new() setter or json_decref().
 */

#include "base/str.h"

#include <jansson.h>

enum { JSON_SHAPE = 1 }; /* "version" of every JSON document; see docs/json.md */

json_t *json_text(Str text);
/* null for an empty text. */
json_t *json_text_or_null(Str text);

/* Writes the document, indented and with a newline behind it, and frees it. */
void json_write(json_t *document, StrBuf *out);
/* The same within a line, whose end is not written. */
void json_line(json_t *document, StrBuf *out);

#endif
