#include "source/syntax.h"

#include "base/alloc.h"

#include <assert.h>
#include <stdlib.h>

const TSLanguage *tree_sitter_python(void);

static void look_up_kinds(SyntaxParser *parser, const TSLanguage *language)
{
    static const char *const names[] = {
        [SYNTAX_OTHER] = "",
#define NODE(id, name) [SYNTAX_##id] = name,
#include "source/nodes.def"
#undef NODE
    };
    parser->kind_count = ts_language_symbol_count(language);
    parser->kinds = xcalloc(parser->kind_count, 1);
    for (TSSymbol symbol = 0; symbol < parser->kind_count; symbol++)
        for (unsigned kind = 1; kind < sizeof names / sizeof *names; kind++)
            if (ts_language_symbol_type(language, symbol) == TSSymbolTypeRegular &&
                !strcmp(ts_language_symbol_name(language, symbol), names[kind]))
                parser->kinds[symbol] = (uint8_t)kind;
}

static void look_up_fields(SyntaxParser *parser, const TSLanguage *language)
{
    static const char *const names[] = {
#define FIELD(id, name) name,
#include "source/fields.def"
#undef FIELD
    };
    for (unsigned field = 0; field < FIELD_COUNT; field++)
        parser->fields[field] = ts_language_field_id_for_name(language, names[field],
                                                              (uint32_t)strlen(names[field]));
}

SyntaxParser syntax_parser_new(void)
{
    SyntaxParser parser = {.parser = ts_parser_new()};
    const TSLanguage *language = tree_sitter_python();
    bool set = ts_parser_set_language(parser.parser, language);
    assert(set);
    (void)set;
    look_up_kinds(&parser, language);
    look_up_fields(&parser, language);
    return parser;
}

void syntax_parser_free(SyntaxParser *parser)
{
    if (parser->parser)
        ts_parser_delete(parser->parser);
    free(parser->kinds);
    *parser = (SyntaxParser){0};
}

Syntax syntax_parse(SyntaxParser *parser, Str text)
{
    const char *bytes = text.ptr ? text.ptr : "";
    return (Syntax){text, ts_parser_parse_string(parser->parser, NULL, bytes, (uint32_t)text.len),
                    scan_text(text)};
}

void syntax_free(Syntax *syntax)
{
    if (syntax->tree)
        ts_tree_delete(syntax->tree);
    syntax->tree = NULL;
    scan_free(&syntax->scan);
}

Str syntax_text(const Syntax *syntax, TSNode node)
{
    return str_sub(syntax->text, ts_node_start_byte(node), ts_node_end_byte(node));
}

/* The first node in the text that is an error or had to be made up. */
bool syntax_error(const Syntax *syntax, uint32_t *start, uint32_t *end, Str *expected)
{
    TSNode node = ts_tree_root_node(syntax->tree);
    if (syntax->scan.wrong) {
        *start = syntax->scan.place.start;
        *end = syntax->scan.place.end;
        *expected = syntax->scan.expected;
        return true;
    }
    if (!ts_node_has_error(node))
        return false;
    for (;;) {
        TSNode next = {0};
        uint32_t count = ts_node_child_count(node);
        for (uint32_t i = 0; i < count && ts_node_is_null(next); i++) {
            TSNode child = ts_node_child(node, i);
            if (ts_node_has_error(child) || ts_node_is_missing(child))
                next = child;
        }
        if (ts_node_is_null(next))
            break;
        node = next;
        if (ts_node_is_error(node) || ts_node_is_missing(node))
            break;
    }
    *start = ts_node_start_byte(node);
    *end = ts_node_end_byte(node);
    *expected = ts_node_is_missing(node) ? str(ts_node_type(node)) : (Str){0};
    Str line = str_sub(syntax->text, *start, *end);
    *end = *start + (uint32_t)str_find(line, '\n');
    return true;
}
