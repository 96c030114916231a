#include "facts/evaluate.h"

/* What cp1252 has between 0x80 and 0x9f. */
static const uint16_t cp1252[32] = {
    0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178,
};

static void add_code_point(StrBuf *out, uint32_t code)
{
    if (code < 0x80) {
        strbuf_byte(out, (char)code);
    } else if (code < 0x800) {
        strbuf_byte(out, (char)(0xc0 | code >> 6));
        strbuf_byte(out, (char)(0x80 | (code & 0x3f)));
    } else if (code < 0x10000) {
        if (code >= 0xd800 && code < 0xe000)
            code = 0xfffd; /* a lone surrogate has no UTF-8 */
        strbuf_byte(out, (char)(0xe0 | code >> 12));
        strbuf_byte(out, (char)(0x80 | (code >> 6 & 0x3f)));
        strbuf_byte(out, (char)(0x80 | (code & 0x3f)));
    } else if (code < 0x110000) {
        strbuf_byte(out, (char)(0xf0 | code >> 18));
        strbuf_byte(out, (char)(0x80 | (code >> 12 & 0x3f)));
        strbuf_byte(out, (char)(0x80 | (code >> 6 & 0x3f)));
        strbuf_byte(out, (char)(0x80 | (code & 0x3f)));
    }
}

static int digit_of(char byte)
{
    return byte >= '0' && byte <= '9'   ? byte - '0'
           : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10
           : byte >= 'A' && byte <= 'F' ? byte - 'A' + 10
                                        : 16;
}

/* Reads up to `most` digits of the base at `*at`. */
static uint32_t number_at(Str text, size_t *at, int most, int base)
{
    uint32_t number = 0;
    for (int i = 0; i < most && *at < text.len && digit_of(text.ptr[*at]) < base; i++)
        number = number * (uint32_t)base + (uint32_t)digit_of(text.ptr[(*at)++]);
    return number;
}

/* The escape whose letter is at `*at`, which moves behind it. */
static void add_escape(StrBuf *out, Str text, size_t *at)
{
    static const char letters[] = "n\nt\tr\r\\\\'\'\"\"a\ab\bf\fv\v";
    char letter = text.ptr[*at];
    for (size_t i = 0; i + 1 < sizeof letters; i += 2)
        if (letters[i] == letter) {
            strbuf_byte(out, letters[i + 1]);
            ++*at;
            return;
        }
    if (letter >= '0' && letter <= '7') {
        add_code_point(out, number_at(text, at, 3, 8));
    } else if (letter == 'x' || letter == 'u' || letter == 'U') {
        ++*at;
        add_code_point(out, number_at(text, at, letter == 'x' ? 2 : letter == 'u' ? 4 : 8, 16));
    } else if (letter == '\n' || letter == '\r') {
        *at += letter == '\r' && *at + 1 < text.len && text.ptr[*at + 1] == '\n' ? 2 : 1;
    } else {
        strbuf_byte(out, '\\'); /* not an escape: Python keeps the backslash */
    }
}

static void add_text(StrBuf *out, Str text, bool raw)
{
    for (size_t i = 0; i < text.len;) {
        char byte = text.ptr[i++];
        if (byte == '\\' && !raw && i < text.len) {
            add_escape(out, text, &i);
        } else if (byte == '\r') { /* Python reads every line end as "\n" */
            strbuf_byte(out, '\n');
            i += i < text.len && text.ptr[i] == '\n';
        } else {
            strbuf_byte(out, byte);
        }
    }
}

/* Text of a file in another encoding, as UTF-8. */
static void add_foreign(StrBuf *out, Str text, Encoding encoding)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];
        add_code_point(out, byte < 0x80                                  ? byte
                            : encoding == ENCODING_CP1252 && byte < 0xa0 ? cp1252[byte - 0x80]
                            : encoding == ENCODING_UNKNOWN               ? 0xfffd
                                                                         : byte);
    }
}

static void add_content(Evaluator *ev, StrBuf *out, Str text, bool raw)
{
    if (!ev->foreign) {
        add_text(out, text, raw);
        return;
    }
    StrBuf decoded = {0};
    add_foreign(&decoded, text, ev->foreign);
    add_text(out, strbuf_str(&decoded), raw);
    strbuf_free(&decoded);
}

static bool has_prefix(Str opening, char lower)
{
    for (size_t i = 0; i < opening.len; i++)
        if ((opening.ptr[i] | 0x20) == lower)
            return true;
    return false;
}

/* `{name}` in an f-string, when it is a text or a number. */
static bool add_interpolation(Evaluator *ev, TSNode node, StrBuf *out)
{
    uint32_t count = children_push(ev, node);
    ValueId value = VALUE_ABSENT;
    if (count == 1)
        value = evaluate(ev, ev->children.items[ev->children.count - 1]);
    children_pop(ev, count);
    if (!value)
        return false;
    Value known = ev->values.items[value];
    if (known.kind == VALUE_STRING)
        strbuf_add(out, sym_str(ev->interner, known.u.text));
    else if (known.kind == VALUE_INT)
        strbuf_printf(out, "%lld", (long long)known.u.integer);
    return known.kind == VALUE_STRING || known.kind == VALUE_INT;
}

/* "text" without a prefix, an escape or a line end is what stands there: nearly
 * every string, and no node has to be visited for it. */
static bool plain_string(const Evaluator *ev, TSNode node, Str *contents)
{
    Str text = syntax_text(&ev->syntax, node);
    if (text.len < 2 || (*text.ptr != '\'' && *text.ptr != '"') ||
        text.ptr[text.len - 1] != *text.ptr || ev->foreign)
        return false;
    *contents = str_sub(text, 1, text.len - 1);
    for (size_t i = 0; i < contents->len; i++)
        if (contents->ptr[i] == '\\' || contents->ptr[i] == *text.ptr || contents->ptr[i] == '\r')
            return false;
    return true;
}

ValueId evaluate_string(Evaluator *ev, TSNode node)
{
    Str plain;
    if (plain_string(ev, node, &plain))
        return make_text(ev, VALUE_STRING, intern(ev->interner, plain), span_of(node));
    StrBuf out = {0};
    bool raw = false, bytes = false, known = true;
    uint32_t count = children_push(ev, node);
    uint32_t base = ev->children.count - count;
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = ev->children.items[base + i];
        Str text = syntax_text(&ev->syntax, child);
        SyntaxKind kind = kind_of(ev, child);
        if (kind == SYNTAX_STRING_START) {
            raw = has_prefix(text, 'r');
            bytes = has_prefix(text, 'b');
        } else if (kind == SYNTAX_STRING_CONTENT) {
            add_content(ev, &out, text, raw);
        } else if (kind == SYNTAX_INTERPOLATION) {
            known &= add_interpolation(ev, child, &out);
        }
    }
    children_pop(ev, count);
    ValueId id = !known ? make_unknown(ev, REASON_OPERATOR, span_of(node))
                 : out.len > LIMIT_TEXT_BYTES
                     ? make_unknown(ev, REASON_LIMIT, span_of(node))
                     : make_text(ev, bytes ? VALUE_BYTES : VALUE_STRING,
                                 intern(ev->interner, strbuf_str(&out)), span_of(node));
    strbuf_free(&out);
    return id;
}
