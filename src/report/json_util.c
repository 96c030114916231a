#include "report/json_util.h"

/* The bad bytes are rare, so what is between them is looked for anew. */
static void add_replaced(StrBuf *out, Str text)
{
    size_t bad;
    while (!str_is_utf8(text, &bad)) {
        strbuf_add(out, str_sub(text, 0, bad));
        strbuf_add(out, S("\xef\xbf\xbd"));
        text = str_sub(text, bad + 1, text.len);
    }
    strbuf_add(out, text);
}

json_t *json_text(Str text)
{
    if (!text.len)
        return json_string("");
    if (str_is_utf8(text, NULL))
        return json_stringn_nocheck(text.ptr, text.len);
    StrBuf replaced = {0};
    add_replaced(&replaced, text);
    json_t *made = json_stringn_nocheck(replaced.ptr, replaced.len);
    strbuf_free(&replaced);
    return made;
}

json_t *json_text_or_null(Str text)
{
    return text.len ? json_text(text) : json_null();
}

static int add_bytes(const char *bytes, size_t size, void *out)
{
    strbuf_add(out, (Str){bytes, size});
    return 0;
}

void json_write(json_t *document, StrBuf *out)
{
    json_dump_callback(document, add_bytes, out, JSON_INDENT(2));
    strbuf_byte(out, '\n');
    json_decref(document);
}

void json_line(json_t *document, StrBuf *out)
{
    json_dump_callback(document, add_bytes, out, 0);
    json_decref(document);
}
