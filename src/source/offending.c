#include "source/offending.h"

#include <stdio.h>
#include <string.h>

/*
 * A tree says what was skipped to go on, which may start long before the token
 * that did not fit. The parser's log says where it was when it first had
 * nowhere to go; the parse is given up there.
 */
typedef struct Watch {
    unsigned row, column; /* where the last token was looked for */
    size_t stop;          /* the parser's cancellation flag */
    bool at_newline;      /* the token that did not fit was the end of the line */
    bool found;
} Watch;

static void watch(void *payload, TSLogType type, const char *message)
{
    Watch *seen = payload;
    unsigned row, column;
    if (type != TSLogTypeParse || seen->found)
        return;
    const char *at = strstr(message, ", row:");
    if (!strncmp(message, "lex_", 4) && at) {
        if (sscanf(at, ", row:%u, column:%u", &row, &column) == 2 &&
            (row > seen->row || (row == seen->row && column >= seen->column))) {
            seen->row = row;
            seen->column = column;
        }
    } else if (!strncmp(message, "detect_error", 12)) {
        seen->at_newline = strstr(message, "newline") != NULL;
    } else if (!strncmp(message, "resume version", 14)) {
        seen->found = true;
        seen->stop = 1;
    }
}

static uint32_t offset_of(Str text, unsigned row, unsigned column)
{
    size_t at = 0;
    for (; row && at < text.len; row--) {
        const char *end = memchr(text.ptr + at, '\n', text.len - at);
        if (!end)
            return (uint32_t)text.len;
        at = (size_t)(end - text.ptr) + 1;
    }
    return (uint32_t)(at + column < text.len ? at + column : text.len);
}

/* Over blanks, line ends and continuations to the token itself. */
static uint32_t token_start(Str text, uint32_t at, bool stop_at_newline)
{
    for (; at < text.len; at++) {
        char byte = text.ptr[at];
        bool end = byte == '\n' || byte == '\r';
        if (!(byte == ' ' || byte == '\t' || byte == '\f' || byte == '\\' ||
              (end && !stop_at_newline)))
            break;
    }
    return at;
}

bool offending_token(TSParser *parser, Str text, uint32_t *at)
{
    Watch seen = {0};
    ts_parser_reset(parser);
    ts_parser_set_logger(parser, (TSLogger){.payload = &seen, .log = watch});
    ts_parser_set_cancellation_flag(parser, &seen.stop);
    TSTree *tree = ts_parser_parse_string(parser, NULL, text.ptr, (uint32_t)text.len);
    ts_parser_set_cancellation_flag(parser, NULL);
    ts_parser_set_logger(parser, (TSLogger){0});
    ts_parser_reset(parser);
    if (tree)
        ts_tree_delete(tree);
    if (seen.found)
        *at = token_start(text, offset_of(text, seen.row, seen.column), seen.at_newline);
    return seen.found;
}
