#ifndef MIGRALINT_REPORT_XML_H
#define MIGRALINT_REPORT_XML_H

/* Text of any bytes as XML 1.0 content or attribute. What XML cannot hold, and what a terminal
 * should not see, comes out as visible escapes. */

#include "base/str.h"

void xml_add(StrBuf *out, Str text);
/* ` name="text"` */
void xml_attribute(StrBuf *out, const char *name, Str text);

#endif
