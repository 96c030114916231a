#include "source/equal.h"

/* Both trees are walked in step, without recursion; what does not count is passed over. */
typedef struct Walk {
    const SyntaxParser *parser;
    const Syntax *syntax;
    TSTreeCursor cursor;
    uint32_t depth; /* of the node, of those above that count */
} Walk;

static SyntaxKind kind_at(const Walk *walk)
{
    return syntax_kind(walk->parser, ts_tree_cursor_current_node(&walk->cursor));
}

/* Kinds of node say where brackets and commas are. */
static bool counts(const Walk *walk)
{
    TSNode node = ts_tree_cursor_current_node(&walk->cursor);
    const char *type = ts_node_type(node);
    if (ts_node_is_named(node))
        return kind_at(walk) != SYNTAX_COMMENT &&
               kind_at(walk) != SYNTAX_PARENTHESIZED_EXPRESSION &&
               kind_at(walk) != SYNTAX_STRING_END && strcmp(type, "line_continuation");
    return strlen(type) != 1 || !strchr("(),;", *type);
}

/* "Rb" of `Rb"""`. */
static Str prefix_of(Str start)
{
    size_t length = 0;
    while (length < start.len && start.ptr[length] != '"' && start.ptr[length] != '\'')
        length++;
    return str_sub(start, 0, length);
}

static bool is_raw(Str prefix)
{
    return str_find(prefix, 'r') < prefix.len || str_find(prefix, 'R') < prefix.len;
}

/* A quote needs no backslash where another quote stands around the string. */
static void add_content(StrBuf *out, Str content, bool raw)
{
    for (size_t i = 0; i < content.len; i++) {
        bool escape = !raw && content.ptr[i] == '\\' && i + 1 < content.len;
        if (escape && content.ptr[i + 1] != '"' && content.ptr[i + 1] != '\'')
            strbuf_byte(out, content.ptr[i]);
        i += escape;
        strbuf_byte(out, content.ptr[i]);
    }
}

/* Appends what the string says; false when something is put into it, or when its prefix is not the
 * one of those before it. */
static bool add_string(const Walk *walk, TSNode string, Str *prefix, StrBuf *out)
{
    bool plain = true;
    for (uint32_t i = 0; plain && i < ts_node_child_count(string); i++) {
        TSNode child = ts_node_child(string, i);
        SyntaxKind kind = syntax_kind(walk->parser, child);
        Str text = syntax_text(walk->syntax, child);
        if (kind == SYNTAX_STRING_CONTENT)
            add_content(out, text, is_raw(*prefix));
        else if (kind == SYNTAX_STRING_START && (!prefix->ptr || str_eq(*prefix, prefix_of(text))))
            *prefix = prefix_of(text);
        else
            plain = kind == SYNTAX_STRING_END;
    }
    return plain;
}

/* The same of several side by side. */
static bool add_strings(const Walk *walk, TSNode strings, Str *prefix, StrBuf *out)
{
    bool plain = true;
    for (uint32_t i = 0; plain && i < ts_node_child_count(strings); i++) {
        TSNode child = ts_node_child(strings, i);
        SyntaxKind kind = syntax_kind(walk->parser, child);
        plain = kind == SYNTAX_COMMENT ||
                (kind == SYNTAX_STRING && add_string(walk, child, prefix, out));
    }
    return plain;
}

/* False when it is no string that says all by itself. */
static bool read_string(const Walk *walk, Str *prefix, StrBuf *out)
{
    TSNode node = ts_tree_cursor_current_node(&walk->cursor);
    if (kind_at(walk) == SYNTAX_STRING)
        return add_string(walk, node, prefix, out);
    return kind_at(walk) == SYNTAX_CONCATENATED_STRING && add_strings(walk, node, prefix, out);
}

static bool is_string(const Walk *walk)
{
    StrBuf text = {0};
    Str prefix = {0};
    bool plain = read_string(walk, &prefix, &text);
    strbuf_free(&text);
    return plain;
}

static bool same_string(const Walk *a, const Walk *b)
{
    StrBuf texts[2] = {{0}, {0}};
    Str prefixes[2] = {{0}, {0}};
    bool same = read_string(a, &prefixes[0], &texts[0]) &&
                read_string(b, &prefixes[1], &texts[1]) && str_eq(prefixes[0], prefixes[1]) &&
                str_eq(strbuf_str(&texts[0]), strbuf_str(&texts[1]));
    strbuf_free(&texts[0]);
    strbuf_free(&texts[1]);
    return same;
}

/* What is inside is not looked at by itself. */
static bool is_whole(const Walk *walk)
{
    return kind_at(walk) == SYNTAX_STRING_CONTENT || is_string(walk);
}

static bool step(Walk *walk)
{
    bool counted = counts(walk);
    if (!is_whole(walk) && ts_tree_cursor_goto_first_child(&walk->cursor)) {
        walk->depth += counted;
        return true;
    }
    while (!ts_tree_cursor_goto_next_sibling(&walk->cursor)) {
        if (!ts_tree_cursor_goto_parent(&walk->cursor))
            return false;
        walk->depth -= counts(walk);
    }
    return true;
}

/* On to the next node that counts; false behind the last. */
static bool advance(Walk *walk)
{
    do
        if (!step(walk))
            return false;
    while (!counts(walk));
    return true;
}

static bool same_node(const Walk *a, const Walk *b)
{
    TSNode one = ts_tree_cursor_current_node(&a->cursor);
    TSNode other = ts_tree_cursor_current_node(&b->cursor);
    if (a->depth == b->depth && is_string(a) && is_string(b))
        return same_string(a, b);
    if (a->depth != b->depth || ts_node_symbol(one) != ts_node_symbol(other) ||
        is_string(a) != is_string(b))
        return false;
    bool leaf = is_whole(a) || (!ts_node_child_count(one) && !ts_node_child_count(other));
    Str text = syntax_text(a->syntax, one), other_text = syntax_text(b->syntax, other);
    if (kind_at(a) == SYNTAX_STRING_START)
        return str_eq(prefix_of(text), prefix_of(other_text));
    return !leaf || str_eq(text, other_text);
}

static bool same_trees(const SyntaxParser *parser, const Syntax *a, const Syntax *b)
{
    TSNode roots[] = {ts_tree_root_node(a->tree), ts_tree_root_node(b->tree)};
    if (ts_node_has_error(roots[0]) || ts_node_has_error(roots[1]))
        return false;
    Walk one = {parser, a, ts_tree_cursor_new(roots[0]), 0};
    Walk other = {parser, b, ts_tree_cursor_new(roots[1]), 0};
    bool more[] = {true, true}, same = true;
    while (same && more[0] && more[1]) {
        same = same_node(&one, &other);
        more[0] = advance(&one);
        more[1] = advance(&other);
    }
    ts_tree_cursor_delete(&one.cursor);
    ts_tree_cursor_delete(&other.cursor);
    return same && more[0] == more[1];
}

bool source_equal(SyntaxParser *parser, Str a, Str b)
{
    uint32_t start, end;
    Str expected;
    if (str_eq(a, b))
        return true;
    Syntax one = syntax_parse(parser, a), other = syntax_parse(parser, b);
    bool same = !syntax_error(&one, &start, &end, &expected) &&
                !syntax_error(&other, &start, &end, &expected) && same_trees(parser, &one, &other);
    syntax_free(&one);
    syntax_free(&other);
    return same;
}
