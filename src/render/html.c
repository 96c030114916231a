#include "render/page.h"

#include "base/digest.h"
#include "base/embedded.h"
#include "render/letters.h"
#include "render/palette.h"

#include <stdlib.h>

/*
 * The page: page.html of src/render/html with its gaps filled. Everything that comes from the
 * project is text in the drawing, which Graphviz escapes, or in the data, which cannot end its
 * element; nothing but the two parts whose digests the page names may style it or run.
 */

typedef struct Parts {
    StrBuf title, policy, style, picture, data, script;
} Parts;

static Str page_file(const char *name)
{
    for (size_t i = 0; i < embedded_page_count; i++)
        if (!strcmp(embedded_page[i].path, name))
            return (Str){(const char *)embedded_page[i].bytes, embedded_page[i].len};
    abort(); /* the build embeds all of the directory */
}

/* ---- style and script ---- */

static void add_colors(StrBuf *out, bool dark)
{
    for (unsigned i = 0; i <= PALETTE_APPS; i++) {
        Colors colors = palette_colors(i, dark);
        strbuf_printf(out, "  --fill-%u: %s; --line-%u: %s;\n", i, colors.fill, i, colors.line);
    }
}

static void write_style(StrBuf *out)
{
    strbuf_add(out, S(":root {\n"));
    add_colors(out, false);
    strbuf_add(out, S("}\n@media screen { :root[data-theme=\"dark\"] {\n"));
    add_colors(out, true);
    strbuf_add(out, S("} }\n"));
    for (unsigned i = 0; i <= PALETTE_APPS; i++)
        strbuf_printf(out, ".app-%u { --fill: var(--fill-%u); --line: var(--line-%u); }\n", i, i,
                      i);
    strbuf_add(out, page_file("report.css"));
}

static void write_script(StrBuf *out)
{
    /* In the order in which they build on each other. */
    static const char *const files[] = {"data.js",  "dom.js",   "findings.js", "view.js",
                                        "panel.js", "lists.js", "report.js"};
    strbuf_add(out, S("\"use strict\";\n"));
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        strbuf_add(out, page_file(files[i]));
}

static void add_base64(StrBuf *out, const unsigned char *bytes, size_t count)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < count; i += 3) {
        unsigned group = (unsigned)bytes[i] << 16;
        group |= i + 1 < count ? (unsigned)bytes[i + 1] << 8 : 0;
        group |= i + 2 < count ? bytes[i + 2] : 0;
        strbuf_byte(out, digits[group >> 18]);
        strbuf_byte(out, digits[group >> 12 & 63]);
        strbuf_byte(out, i + 1 < count ? digits[group >> 6 & 63] : '=');
        strbuf_byte(out, i + 2 < count ? digits[group & 63] : '=');
    }
}

static void add_digest(StrBuf *out, const char *directive, const StrBuf *text)
{
    unsigned char bytes[DIGEST_SHA256];
    digest_sha256(strbuf_str(text), bytes);
    strbuf_printf(out, "; %s 'sha256-", directive);
    add_base64(out, bytes, sizeof bytes);
    strbuf_byte(out, '\'');
}

static void write_policy(Parts *parts)
{
    strbuf_add(&parts->policy, S("default-src 'none'; img-src data:"));
    add_digest(&parts->policy, "style-src", &parts->style);
    add_digest(&parts->policy, "script-src", &parts->script);
    strbuf_add(&parts->policy, S("; base-uri 'none'; form-action 'none'"));
}

/* ---- picture and data ---- */

/* What is before the element belongs to a file of its own. */
static bool write_picture(const Page *page, StrBuf *out, Error *why)
{
    StrBuf svg = {0};
    if (!page->pictures.count && page->pictures.note)
        return error_set(why, "%s", page->pictures.note);
    bool ok = render_layout(&page->pictures, "svg", &svg, why);
    if (ok) {
        Str text = strbuf_str(&svg);
        strbuf_add(out, str_sub(text, str_find_part(text, S("<svg"), 0), text.len));
    }
    strbuf_free(&svg);
    return ok;
}

static int add_escaped(const char *bytes, size_t size, void *context)
{
    StrBuf *out = context;
    for (size_t i = 0; i < size; i++)
        if (strchr("<>&", bytes[i]) && bytes[i])
            strbuf_printf(out, "\\u%04x", (unsigned)bytes[i]);
        else
            strbuf_byte(out, bytes[i]);
    return 0;
}

/* The signs of markup can only be inside of strings. U+2028 and U+2029 have been made visible. */
static void write_data(json_t *document, StrBuf *out)
{
    json_dump_callback(document, add_escaped, out, JSON_COMPACT);
    json_decref(document);
}

static void write_title(const Page *page, StrBuf *out)
{
    Str title = page->pictures.count ? page->whole[0].title : S("no migrations");
    for (Str letter; (letter = letter_next(&title)).len;)
        if (str_eq(letter, S("<")) || str_eq(letter, S("&")))
            strbuf_add(out, *letter.ptr == '<' ? S("&lt;") : S("&amp;"));
        else
            strbuf_add(out, letter);
}

/* ---- all ---- */

static const StrBuf *part_called(const Parts *parts, Str name)
{
    const struct {
        const char *name;
        const StrBuf *part;
    } all[] = {{"title", &parts->title}, {"policy", &parts->policy},
               {"style", &parts->style}, {"picture", &parts->picture},
               {"data", &parts->data},   {"script", &parts->script}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (str_eq(str(all[i].name), name))
            return all[i].part;
    abort();
}

/* What is put into the gaps is not looked at again. */
static void fill_in(const Parts *parts, StrBuf *out)
{
    Str page = page_file("page.html");
    for (;;) {
        size_t open = str_find_part(page, S("{{"), 0);
        strbuf_add(out, str_sub(page, 0, open));
        if (open == page.len)
            return;
        size_t close = str_find_part(page, S("}}"), open);
        strbuf_add(out, strbuf_str(part_called(parts, str_sub(page, open + 2, close))));
        page = str_sub(page, close + 2, page.len);
    }
}

void render_html(const Page *page, StrBuf *out)
{
    Parts parts = {0};
    Error why = {{0}};
    bool drawn = write_picture(page, &parts.picture, &why);
    write_title(page, &parts.title);
    write_style(&parts.style);
    write_script(&parts.script);
    write_policy(&parts);
    write_data(page_data(page, drawn ? "" : why.text), &parts.data);
    fill_in(&parts, out);
    StrBuf *all[] = {&parts.title,   &parts.policy, &parts.style,
                     &parts.picture, &parts.data,   &parts.script};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        strbuf_free(all[i]);
}
