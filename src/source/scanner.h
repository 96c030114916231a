#ifndef MIGRALINT_SOURCE_SCANNER_H
#define MIGRALINT_SOURCE_SCANNER_H

/*
 * Private to scan.c and scan_strings.c: where the scan of one text stands.
 */

#include "source/scan.h"

/* How wide a line is indented, with tabs of eight columns and of one, and
 * whether a `try` on this level still wants its `except` or `finally`. */
typedef struct Indent {
    uint32_t columns, narrow;
    bool trying;
} Indent;

/* An open bracket. A replacement field of an f-string is one, too: behind it
 * the string goes on. */
typedef struct Bracket {
    uint32_t at;
    char close;  /* the byte that closes it */
    char quote;  /* of a replacement field: the string's quote; else 0 */
    bool triple; /* of that string */
    bool raw;
    bool spec;       /* a field inside a format specification */
    uint32_t string; /* where that string starts */
} Bracket;

typedef enum StatementState {
    STATEMENT_IN,    /* nothing to say */
    STATEMENT_NEW,   /* the next token is a statement's first */
    STATEMENT_PRINT, /* directly behind `print` or `exec` */
    STATEMENT_RAISE, /* somewhere in a raise statement */
} StatementState;

typedef struct Scanner {
    const char *text;
    uint32_t len, at;
    bool line_start; /* `at` is the first byte of a line */
    bool colon;      /* the last token is a colon outside brackets */
    StatementState statement;
    ScanSpan keyword;      /* print, exec or raise */
    bool importing;        /* in an import statement */
    bool wants_colon;      /* in the head of a compound statement */
    bool wildcard;         /* the last token is `import`: a star may end the line */
    uint32_t last, behind; /* where the last token starts and ends */
    char *flat;            /* see scan_flatten(), or NULL */
    Array(Indent) indents;
    Array(Bracket) brackets;
    Scan out;
} Scanner;

/* Letters, digits, '_' and everything that is not ASCII. */
static inline bool scan_in_word(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || (unsigned char)byte >= 0x80;
}

/* How many bytes the newline there has; 0 when there is none. */
static inline uint32_t scan_newline(const Scanner *sc, uint32_t at)
{
    if (at >= sc->len)
        return 0;
    if (sc->text[at] == '\n')
        return 1;
    if (sc->text[at] != '\r')
        return 0;
    return at + 1 < sc->len && sc->text[at + 1] == '\n' ? 2 : 1;
}

uint32_t scan_word_end(const Scanner *sc, uint32_t at);

/* Keeps the first complaint. */
void scan_refuse(Scanner *sc, uint32_t start, uint32_t end, Str expected);

bool scan_is_prefix(Str word);
/* A string from its prefix at `start` with the quote at `quote`. */
void scan_string(Scanner *sc, uint32_t start, uint32_t quote);
/* Whether the innermost bracket is a replacement field. */
bool scan_in_field(const Scanner *sc);
/* Behind the colon of a replacement field: up to its end. */
void scan_specification(Scanner *sc);
void scan_open(Scanner *sc, char byte);
void scan_close(Scanner *sc, char byte);
void scan_unclosed(Scanner *sc);

#endif
