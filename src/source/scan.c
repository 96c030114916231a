#include "source/scanner.h"

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\f';
}

void scan_refuse(Scanner *sc, uint32_t start, uint32_t end, Str expected)
{
    if (sc->out.wrong)
        return;
    sc->out.wrong = true;
    sc->out.place = (ScanSpan){start, end > start ? end : start + 1};
    if (sc->out.place.end > sc->len)
        sc->out.place.end = sc->len;
    sc->out.expected = expected;
}

uint32_t scan_word_end(const Scanner *sc, uint32_t at)
{
    while (at < sc->len && scan_in_word(sc->text[at]))
        at++;
    return at;
}

/* The end of the token at `at`, to underline it. */
static uint32_t token_end(const Scanner *sc, uint32_t at)
{
    uint32_t end = scan_word_end(sc, at);
    return end > at ? end : at + 1;
}

static bool word_is(const Scanner *sc, uint32_t start, uint32_t end, const char *word)
{
    return end - start == strlen(word) && !memcmp(sc->text + start, word, end - start);
}

/* ---- indentation ------------------------------------------------------------ */

/* Python measures twice, with tabs of eight columns and of one, and refuses
 * what compares differently. */
static void measure(Scanner *sc, Indent *indent)
{
    *indent = (Indent){0};
    for (; sc->at < sc->len; sc->at++) {
        char byte = sc->text[sc->at];
        if (byte == ' ') {
            indent->columns++;
            indent->narrow++;
        } else if (byte == '\t') {
            indent->columns = (indent->columns / 8 + 1) * 8;
            indent->narrow++;
        } else if (byte == '\f') {
            *indent = (Indent){0};
        } else if (byte == '\\' && scan_newline(sc, sc->at + 1)) {
            /* The first line's indentation counts. */
            sc->at += 1 + scan_newline(sc, sc->at + 1);
            while (sc->at < sc->len && is_blank(sc->text[sc->at]))
                sc->at++;
            return;
        } else {
            return;
        }
    }
}

static void deeper(Scanner *sc, Indent indent, const Indent *top)
{
    if (!sc->colon)
        scan_refuse(sc, sc->at, token_end(sc, sc->at), (Str){0});
    else if (indent.narrow <= top->narrow)
        scan_refuse(sc, sc->at, token_end(sc, sc->at), S("consistent tabs and spaces"));
    array_push(&sc->indents, indent);
}

/* The first word of a line on the level of a `try`. */
static void check_try(Scanner *sc)
{
    Indent *top = array_last(&sc->indents);
    uint32_t end = scan_word_end(sc, sc->at);
    if (top->trying && !word_is(sc, sc->at, end, "except") && !word_is(sc, sc->at, end, "finally"))
        scan_refuse(sc, sc->at, token_end(sc, sc->at), S("except or finally"));
    top->trying = word_is(sc, sc->at, end, "try");
}

static void leave_indent(Scanner *sc)
{
    if (array_pop(&sc->indents).trying)
        scan_refuse(sc, sc->at, token_end(sc, sc->at), S("except or finally"));
}

static void check_indent(Scanner *sc, Indent indent)
{
    const Indent *top = array_last(&sc->indents);
    if (indent.columns > top->columns) {
        deeper(sc, indent, top);
        return;
    }
    if (sc->colon)
        scan_refuse(sc, sc->at, token_end(sc, sc->at), S("an indented block"));
    while (indent.columns < array_last(&sc->indents)->columns)
        leave_indent(sc);
    top = array_last(&sc->indents);
    if (indent.columns != top->columns)
        scan_refuse(sc, sc->at, token_end(sc, sc->at), S("the indentation of an outer block"));
    else if (indent.narrow != top->narrow)
        scan_refuse(sc, sc->at, token_end(sc, sc->at), S("consistent tabs and spaces"));
}

/* Markers that git leaves in a file; nothing in Python begins like them. */
static bool at_conflict(const Scanner *sc)
{
    static const char marks[] = "<>=|";
    const char *at = sc->text + sc->at;
    if (sc->len - sc->at < 7 || !strchr(marks, *at) || !*at)
        return false;
    for (int i = 1; i < 7; i++)
        if (at[i] != *at)
            return false;
    return sc->len - sc->at == 7 || strchr(" \r\n", at[7]);
}

static void conflict(Scanner *sc)
{
    if (at_conflict(sc))
        scan_refuse(sc, sc->at, sc->at + 7, S("an end to the merge conflict"));
}

/* At the first byte of a line: its indentation counts unless the line is
 * blank, a comment, or inside brackets. */
static void start_line(Scanner *sc)
{
    Indent indent;
    conflict(sc);
    sc->line_start = false;
    if (sc->brackets.count) {
        return;
    }
    measure(sc, &indent);
    if (sc->at >= sc->len || sc->text[sc->at] == '#' || scan_newline(sc, sc->at))
        return;
    check_indent(sc, indent);
    check_try(sc);
    sc->importing = sc->wants_colon = false;
    sc->colon = false;
    sc->statement = STATEMENT_NEW;
}

/* ---- words ------------------------------------------------------------------- */

static bool continues_expression(const Scanner *sc, uint32_t start, uint32_t end)
{
    static const char *const words[] = {"and",  "or",  "in",  "is", "if",
                                        "else", "not", "for", "as", "async"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (word_is(sc, start, end, words[i]))
            return true;
    return false;
}

/* Reserved in every Python, and something must follow on the same line. */
static bool wants_more(const Scanner *sc, uint32_t start, uint32_t end)
{
    static const char *const words[] = {"and",  "or",     "in",   "is",     "not", "if",  "import",
                                        "from", "lambda", "def",  "class",  "del", "for", "while",
                                        "elif", "global", "with", "assert", "as"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (word_is(sc, start, end, words[i]))
            return true;
    return false;
}

static bool starts_block(const Scanner *sc, uint32_t start, uint32_t end)
{
    static const char *const words[] = {"class", "def", "if",     "elif",    "else", "for",
                                        "while", "try", "except", "finally", "with"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (word_is(sc, start, end, words[i]))
            return true;
    return false;
}

/* A statement cannot end behind an operator or such a word. */
static void check_line_end(Scanner *sc)
{
    uint32_t start = sc->last, end = sc->behind;
    if (end <= start || sc->out.wrong)
        return;
    if (sc->wants_colon)
        scan_refuse(sc, sc->at, sc->at + 1, S(":"));
    char first = sc->text[start], byte = sc->text[end - 1];
    bool bad;
    if (scan_in_word(first))
        bad = wants_more(sc, start, end);
    else if (end - start > 1)
        bad = false;
    else if (byte == '.')
        bad = start < 2 || sc->text[start - 1] != '.' || sc->text[start - 2] != '.';
    else if (byte == ',')
        bad = sc->importing;
    else
        bad = byte && (strchr("=+-/%&|^~<>@", byte) || (byte == '*' && !sc->wildcard));
    if (bad)
        scan_refuse(sc, sc->at, sc->at + 1, (Str){0});
}

/* `print x`, `exec "code"`: two operands side by side. */
static void operand(Scanner *sc, uint32_t start, uint32_t end)
{
    if (sc->statement == STATEMENT_PRINT && !continues_expression(sc, start, end))
        scan_refuse(sc, sc->keyword.start, sc->keyword.end, S("parentheses"));
}

static void word(Scanner *sc)
{
    uint32_t start = sc->at, end = scan_word_end(sc, start);
    if (end < sc->len && (sc->text[end] == '"' || sc->text[end] == '\'') &&
        scan_is_prefix((Str){sc->text + start, end - start})) {
        operand(sc, start, end + 1);
        scan_string(sc, start, end);
        sc->statement = STATEMENT_IN;
        return;
    }
    operand(sc, start, end);
    bool first = sc->statement == STATEMENT_NEW;
    if (sc->statement != STATEMENT_RAISE)
        sc->statement = STATEMENT_IN;
    if (first) {
        sc->importing = word_is(sc, start, end, "from") || word_is(sc, start, end, "import");
        sc->wants_colon = starts_block(sc, start, end);
    }
    if (first && !sc->brackets.count) {
        if (word_is(sc, start, end, "print") || word_is(sc, start, end, "exec"))
            sc->statement = STATEMENT_PRINT;
        else if (word_is(sc, start, end, "raise"))
            sc->statement = STATEMENT_RAISE;
    }
    if (first)
        sc->keyword = (ScanSpan){start, end};
    sc->at = end;
}

/* ---- numbers ----------------------------------------------------------------- */

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static uint32_t digits(const Scanner *sc, uint32_t at)
{
    while (at < sc->len && (is_digit(sc->text[at]) || sc->text[at] == '_'))
        at++;
    return at;
}

/* `1if x`, `0or y`: Python still takes a keyword right behind a number. */
static bool keyword_follows(const Scanner *sc, uint32_t at)
{
    uint32_t end = scan_word_end(sc, at);
    return continues_expression(sc, at, end);
}

static uint32_t exponent(const Scanner *sc, uint32_t at)
{
    if (at >= sc->len || (sc->text[at] | 0x20) != 'e')
        return at;
    uint32_t sign = at + 1 < sc->len && (sc->text[at + 1] == '+' || sc->text[at + 1] == '-');
    uint32_t end = digits(sc, at + 1 + sign);
    return end > at + 1 + sign ? end : at;
}

/* Behind a number with a base prefix. */
static uint32_t based(const Scanner *sc, uint32_t at)
{
    while (at < sc->len && ((sc->text[at] | 0x20) >= 'a' && (sc->text[at] | 0x20) <= 'f'))
        at++;
    return at;
}

static uint32_t prefixed_end(const Scanner *sc, uint32_t start)
{
    char base = (char)(sc->text[start + 1] | 0x20);
    uint32_t at = digits(sc, start + 2), next;
    while (base == 'x' && (next = digits(sc, based(sc, at))) > at)
        at = next;
    return at;
}

static void number(Scanner *sc)
{
    uint32_t start = sc->at, at = digits(sc, start);
    char next = at < sc->len ? sc->text[at] : '\0';
    operand(sc, start, at);
    sc->statement = STATEMENT_IN;
    if (at == start + 1 && sc->text[start] == '0' && next && strchr("xXoObB", next)) {
        at = prefixed_end(sc, start);
    } else {
        uint32_t whole = at;
        if (next == '.')
            at = digits(sc, at + 1);
        at = exponent(sc, at);
        bool imaginary = at < sc->len && (sc->text[at] | 0x20) == 'j';
        at += imaginary;
        bool zeros = at == whole && sc->text[start] == '0';
        for (uint32_t i = start; zeros && i < whole; i++)
            if (sc->text[i] > '0' && sc->text[i] <= '9')
                scan_refuse(sc, start, whole, S("0o before an octal number"));
    }
    sc->at = at;
    if (at < sc->len && scan_in_word(sc->text[at]) && (unsigned char)sc->text[at] < 0x80 &&
        !keyword_follows(sc, at))
        scan_refuse(sc, start, scan_word_end(sc, at), (Str){0});
}

/* ---- the rest ---------------------------------------------------------------- */

static void comment(Scanner *sc)
{
    const char *end = sc->text + sc->at;
    const char *stop = sc->text + sc->len;
    while (end < stop && *end != '\n' && *end != '\r')
        end++;
    array_push(&sc->out.comments, (ScanSpan){sc->at, (uint32_t)(end - sc->text)});
    if (sc->flat && sc->brackets.count)
        memset(sc->flat + sc->at, ' ', (size_t)(end - sc->text) - sc->at);
    sc->at = (uint32_t)(end - sc->text);
}

static void backslash(Scanner *sc)
{
    uint32_t newline = scan_newline(sc, sc->at + 1);
    if (!newline && sc->at + 1 < sc->len)
        scan_refuse(sc, sc->at, sc->at + 1, S("the end of the line behind the backslash"));
    if (sc->flat && sc->brackets.count && newline)
        memset(sc->flat + sc->at, ' ', 1 + newline);
    sc->at += 1 + newline;
    if (newline)
        conflict(sc);
}

static void punctuation(Scanner *sc)
{
    char byte = sc->text[sc->at];
    char next = sc->at + 1 < sc->len ? sc->text[sc->at + 1] : '\0';
    uint32_t start = sc->at++;
    bool outside = !sc->brackets.count;
    if (byte == '<' && next == '>')
        scan_refuse(sc, start, start + 2, S("!="));
    else if (byte == ',' && outside && sc->statement == STATEMENT_RAISE)
        scan_refuse(sc, start, start + 1, (Str){0});
    else if (strchr("$?`", byte) || (byte == '!' && next != '=' && !scan_in_field(sc)) ||
             (unsigned char)byte < 0x20)
        scan_refuse(sc, start, start + 1, (Str){0});
    if (byte == ':' && scan_in_field(sc))
        scan_specification(sc);
    sc->colon = outside && byte == ':' && next != '=';
    sc->wants_colon = sc->wants_colon && !sc->colon;
    if (outside && (sc->colon || byte == ';'))
        sc->statement = STATEMENT_NEW;
    else if (sc->statement != STATEMENT_RAISE)
        sc->statement = STATEMENT_IN;
}

static void token(Scanner *sc)
{
    char byte = sc->text[sc->at];
    bool point = byte == '.' && sc->at + 1 < sc->len && is_digit(sc->text[sc->at + 1]);
    bool raising = sc->statement == STATEMENT_RAISE;
    if (byte == '\\') {
        backslash(sc);
        return;
    }
    if (!byte) { /* strchr() would find it everywhere */
        scan_refuse(sc, sc->at, sc->at + 1, (Str){0});
        sc->at++;
        return;
    }
    if (byte == '"' || byte == '\'') {
        operand(sc, sc->at, sc->at + 1);
        scan_string(sc, sc->at, sc->at);
    } else if (byte == '(' || byte == '[' || byte == '{') {
        scan_open(sc, byte);
    } else if (byte == ')' || byte == ']' || byte == '}') {
        scan_close(sc, byte);
    } else if (is_digit(byte) || point) {
        number(sc);
    } else if (scan_in_word(byte)) {
        word(sc);
        sc->colon = false;
        return;
    } else {
        punctuation(sc);
        return;
    }
    sc->colon = false;
    sc->statement = STATEMENT_IN;
    if (raising)
        sc->statement = STATEMENT_RAISE;
}

static void end_line(Scanner *sc, uint32_t newline)
{
    if (!sc->brackets.count) {
        check_line_end(sc);
        sc->statement = STATEMENT_NEW;
    } else if (sc->flat) {
        memset(sc->flat + sc->at, ' ', newline);
    }
    sc->at += newline;
    sc->line_start = true;
}

static void step(Scanner *sc)
{
    char byte = sc->text[sc->at];
    uint32_t newline = scan_newline(sc, sc->at);
    if (newline) {
        end_line(sc, newline);
    } else if (is_blank(byte)) {
        sc->at++;
    } else if (byte == '#') {
        comment(sc);
    } else {
        sc->wildcard = word_is(sc, sc->last, sc->behind, "import");
        sc->last = sc->at;
        token(sc);
        sc->behind = sc->at;
    }
}

static void finish(Scanner *sc)
{
    if (sc->brackets.count)
        scan_unclosed(sc);
    else if (sc->colon)
        scan_refuse(sc, sc->last, sc->last + 1, S("an indented block"));
    check_line_end(sc);
    while (sc->indents.count)
        leave_indent(sc);
    array_free(&sc->indents);
    array_free(&sc->brackets);
}

static Scan scan(Str text, char *flat)
{
    Scanner sc = {.text = text.ptr ? text.ptr : "",
                  .len = (uint32_t)text.len,
                  .line_start = true,
                  .flat = flat};
    array_push(&sc.indents, (Indent){0});
    if (str_starts(text, S("\xef\xbb\xbf")))
        sc.at = 3;
    while (sc.at < sc.len) {
        if (sc.line_start)
            start_line(&sc);
        else
            step(&sc);
    }
    finish(&sc);
    return sc.out;
}

Scan scan_text(Str text)
{
    return scan(text, NULL);
}

void scan_flatten(Str text, char *copy)
{
    Scan found = scan(text, copy);
    scan_free(&found);
}

void scan_free(Scan *scan_result)
{
    array_free(&scan_result->comments);
}
