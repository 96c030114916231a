#include "report/xml.h"

#include "report/visible.h"

void xml_add(StrBuf *out, Str text)
{
    StrBuf shown = {0};
    visible_add(&shown, text);
    for (size_t i = 0; i < shown.len; i++)
        switch (shown.ptr[i]) {
        case '&':
            strbuf_add(out, S("&amp;"));
            break;
        case '<':
            strbuf_add(out, S("&lt;"));
            break;
        case '>':
            strbuf_add(out, S("&gt;"));
            break;
        case '"':
            strbuf_add(out, S("&quot;"));
            break;
        default:
            strbuf_byte(out, shown.ptr[i]);
        }
    strbuf_free(&shown);
}

void xml_attribute(StrBuf *out, const char *name, Str text)
{
    strbuf_printf(out, " %s=\"", name);
    xml_add(out, text);
    strbuf_byte(out, '"');
}
