#include "source/scanner.h"

bool scan_is_prefix(Str word)
{
    if (word.len > 2)
        return false;
    for (size_t i = 0; i < word.len; i++)
        if (!strchr("rRbBuUfFtT", word.ptr[i]) || !word.ptr[i])
            return false;
    return true;
}

bool scan_in_field(const Scanner *sc)
{
    return sc->brackets.count && array_last(&sc->brackets)->quote;
}

static bool has_letter(const Scanner *sc, uint32_t start, uint32_t end, char lower)
{
    for (; start < end; start++)
        if ((sc->text[start] | 0x20) == lower)
            return true;
    return false;
}

static void unterminated(Scanner *sc, const Bracket *string)
{
    uint32_t end = string->string;
    while (end < sc->len && scan_in_word(sc->text[end]))
        end++;
    char quote[2] = {string->quote, '\0'};
    Str missing = string->triple ? (*quote == '"' ? S("\"\"\"") : S("'''"))
                                 : (*quote == '"' ? S("\"") : S("'"));
    scan_refuse(sc, string->string, end + (string->triple ? 3 : 1), missing);
}

static bool closes(const Scanner *sc, const Bracket *string)
{
    if (sc->text[sc->at] != string->quote)
        return false;
    return !string->triple || (sc->len - sc->at >= 3 && sc->text[sc->at + 1] == string->quote &&
                               sc->text[sc->at + 2] == string->quote);
}

static void skip_escape(Scanner *sc, bool field, bool raw)
{
    uint32_t newline = scan_newline(sc, sc->at + 1);
    char next = sc->at + 1 < sc->len ? sc->text[sc->at + 1] : '\0';
    if (field && (next == '{' || next == '}')) {
        sc->at++; /* the brace is one, whatever stands before it */
    } else if (field && !raw && next == 'N' && sc->at + 2 < sc->len &&
               sc->text[sc->at + 2] == '{') {
        while (sc->at < sc->len && sc->text[sc->at] != '}' && !scan_newline(sc, sc->at))
            sc->at++;
    } else {
        sc->at += newline ? 1 + newline : 2;
    }
}

/* Deeper than Python goes: nothing behind it can be told. */
static bool too_deep(Scanner *sc)
{
    if (sc->brackets.count < 200)
        return false;
    scan_refuse(sc, sc->at, sc->at + 1, S("fewer brackets inside one another"));
    sc->at = sc->len;
    sc->brackets.count = 0;
    return true;
}

/* Opens a replacement field: tokens until its brace closes. */
static void open_field(Scanner *sc, Bracket string, bool spec)
{
    if (too_deep(sc))
        return;
    string.at = sc->at++;
    string.close = '}';
    string.spec = spec;
    array_push(&sc->brackets, string);
}

/*
 * The inside of a string from `at` on, up to its end or to the next
 * replacement field. `spec`: a format specification, which ends at a brace.
 */
static void contents(Scanner *sc, Bracket string, bool field, bool spec)
{
    while (sc->at < sc->len) {
        char byte = sc->text[sc->at];
        char next = sc->at + 1 < sc->len ? sc->text[sc->at + 1] : '\0';
        if (byte == '\\') {
            skip_escape(sc, field, string.raw);
        } else if (byte == string.quote && closes(sc, &string)) {
            if (spec)
                scan_refuse(sc, sc->at, sc->at + 1, S("}"));
            sc->at += string.triple ? 3 : 1;
            return;
        } else if ((byte == '\n' || byte == '\r') && !string.triple) {
            unterminated(sc, &string);
            return;
        } else if (field && spec && byte == '}') {
            scan_close(sc, '}');
            return;
        } else if (field && byte == '{') {
            if (next != '{' || spec) {
                open_field(sc, string, spec);
                return;
            }
            sc->at += 2;
        } else {
            sc->at++;
        }
    }
    unterminated(sc, &string);
}

void scan_string(Scanner *sc, uint32_t start, uint32_t quote)
{
    Bracket string = {.quote = sc->text[quote], .string = start};
    string.triple = sc->len - quote >= 3 && sc->text[quote + 1] == string.quote &&
                    sc->text[quote + 2] == string.quote;
    string.raw = has_letter(sc, start, quote, 'r');
    bool field = has_letter(sc, start, quote, 'f') || has_letter(sc, start, quote, 't');
    sc->at = quote + (string.triple ? 3 : 1);
    contents(sc, string, field, false);
}

void scan_specification(Scanner *sc)
{
    Bracket string = *array_last(&sc->brackets);
    contents(sc, string, true, true);
}

void scan_open(Scanner *sc, char byte)
{
    char close = byte == '(' ? ')' : byte == '[' ? ']' : '}';
    if (too_deep(sc))
        return;
    array_push(&sc->brackets, (Bracket){.at = sc->at, .close = close});
    sc->at++;
}

void scan_close(Scanner *sc, char byte)
{
    uint32_t at = sc->at++;
    sc->colon = false;
    if (!sc->brackets.count) {
        scan_refuse(sc, at, at + 1, (Str){0});
        return;
    }
    Bracket top = array_pop(&sc->brackets);
    if (top.close != byte)
        scan_refuse(sc, at, at + 1, top.close == ')' ? S(")") : top.close == ']' ? S("]") : S("}"));
    if (!top.quote)
        return;
    /* Back in the string that the field stands in. */
    contents(sc, top, true, top.spec);
}

void scan_unclosed(Scanner *sc)
{
    const Bracket *top = array_last(&sc->brackets);
    scan_refuse(sc, top->at, top->at + 1,
                top->close == ')'   ? S(")")
                : top->close == ']' ? S("]")
                                    : S("}"));
}
