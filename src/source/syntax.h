#ifndef MIGRALINT_SOURCE_SYNTAX_H
#define MIGRALINT_SOURCE_SYNTAX_H

/*
 * Bytes to a concrete syntax tree, through tree-sitter and its Python
 * grammar. A tree takes about 25 times its text: drop it as soon as the facts
 * are out of it.
 */

#include "base/str.h"
#include "source/scan.h"

#include <tree_sitter/api.h>

/* The kinds of node that facts are read from; every other one is SYNTAX_OTHER. */
typedef enum SyntaxKind {
    SYNTAX_OTHER,
#define NODE(id, name) SYNTAX_##id,
#include "source/nodes.def"
#undef NODE
} SyntaxKind;

typedef enum FieldName {
#define FIELD(id, name) FIELD_##id,
#include "source/fields.def"
#undef FIELD
    FIELD_COUNT
} FieldName;

/* A parser and the grammar's numbers, looked up once. */
typedef struct SyntaxParser {
    TSParser *parser; /* owned */
    uint8_t *kinds;   /* TSSymbol → SyntaxKind; owned */
    uint32_t kind_count;
    TSFieldId fields[FIELD_COUNT];
} SyntaxParser;

typedef struct Syntax {
    Str text;     /* borrowed, from its first byte (a BOM is blank to the grammar) */
    TSTree *tree; /* owned; never NULL */
    Scan scan;    /* comments and the first thing that Python would refuse; owned */
} Syntax;

SyntaxParser syntax_parser_new(void);
void syntax_parser_free(SyntaxParser *parser);

/* Any bytes give a tree; errors in the text are nodes in it. */
Syntax syntax_parse(SyntaxParser *parser, Str text);
void syntax_free(Syntax *syntax);

static inline SyntaxKind syntax_kind(const SyntaxParser *parser, TSNode node)
{
    TSSymbol symbol = ts_node_symbol(node);
    return symbol < parser->kind_count ? (SyntaxKind)parser->kinds[symbol] : SYNTAX_OTHER;
}

/* The source text of a node. */
Str syntax_text(const Syntax *syntax, TSNode node);

/*
 * Whether Python would refuse the text: `*start`/`*end` are the bytes of the
 * first offending token and `*expected` a word for what is missing there
 * (empty when something is there that should not be). What newer Pythons
 * accept and the grammar does not yet is no error.
 */
bool syntax_error(const Syntax *syntax, uint32_t *start, uint32_t *end, Str *expected);

#endif
