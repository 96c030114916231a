#include "source/syntax.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "source/offending.h"

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
        parser->fields[field] =
            ts_language_field_id_for_name(language, names[field], (uint32_t)strlen(names[field]));
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

/* The grammar knows two line ends, Python three: a lone CR becomes LF. NULL
 * when there is none. */
static char *with_line_ends(Str text)
{
    char *copy = NULL;
    for (size_t i = str_find(text, '\r'); i < text.len; i++) {
        bool lone = text.ptr[i] == '\r' && (i + 1 == text.len || text.ptr[i + 1] != '\n');
        if (lone && !copy) {
            copy = xmalloc(text.len);
            memcpy(copy, text.ptr, text.len);
        }
        if (lone)
            copy[i] = '\n';
    }
    return copy;
}

static bool is_word_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || (unsigned char)byte >= 0x80;
}

/* The earlier complaint is nearer to the cause. */
static void locate_error(SyntaxParser *parser, Syntax *syntax, Str source)
{
    uint32_t at;
    if (!offending_token(parser->parser, source, &at) ||
        (syntax->scan.wrong && syntax->scan.place.start <= at))
        return;
    uint32_t end = at;
    while (end < source.len && is_word_byte(source.ptr[end]))
        end++;
    syntax->scan.wrong = true;
    syntax->scan.place = (ScanSpan){at, end > at || at == source.len ? end : at + 1};
    syntax->scan.expected = S("");
}

static TSTree *parse(SyntaxParser *parser, Str source)
{
    return ts_parser_parse_string(parser->parser, NULL, source.ptr, (uint32_t)source.len);
}

/* The grammar stumbled where the tokenizer did not. Line ends inside brackets
 * are one thing it stumbles over for no reason. */
static void parse_flat(SyntaxParser *parser, Syntax *syntax, Str source)
{
    char *flat = xmalloc(source.len);
    memcpy(flat, source.ptr, source.len);
    scan_flatten(source, flat);
    bool same = !memcmp(flat, source.ptr, source.len);
    TSTree *tree = same ? NULL : parse(parser, (Str){flat, source.len});
    if (tree && !ts_node_has_error(ts_tree_root_node(tree))) {
        ts_tree_delete(syntax->tree);
        syntax->tree = tree;
    } else if (tree) {
        ts_tree_delete(tree);
    }
    free(flat);
}

/* The grammar's recovery takes time that grows with the square of the damage:
 * of a large broken file only what stands before the first damage is parsed. */
static Str parsed_part(Str source, const Scan *scan)
{
    if (!scan->wrong || source.len <= LIMIT_BROKEN_BYTES)
        return source;
    Str sound = str_sub(source, 0, scan->place.start);
    size_t line = str_rfind(sound, '\n');
    return str_sub(sound, 0, line == sound.len ? 0 : line + 1);
}

Syntax syntax_parse(SyntaxParser *parser, Str text)
{
    char *copy = with_line_ends(text);
    Str source = {copy ? copy : text.ptr ? text.ptr : "", text.len};
    Syntax syntax = {.text = text, .scan = scan_text(source)};
    bool sound = !syntax.scan.wrong;
    source = parsed_part(source, &syntax.scan);
    syntax.tree = parse(parser, source);
    if (sound && ts_node_has_error(ts_tree_root_node(syntax.tree)))
        parse_flat(parser, &syntax, source);
    if (ts_node_has_error(ts_tree_root_node(syntax.tree)))
        locate_error(parser, &syntax, source);
    free(copy);
    return syntax;
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

bool syntax_error(const Syntax *syntax, uint32_t *start, uint32_t *end, Str *expected)
{
    if (!syntax->scan.wrong)
        return false;
    *start = syntax->scan.place.start;
    *end = syntax->scan.place.end;
    *expected = syntax->scan.expected;
    return true;
}
