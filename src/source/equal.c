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

/* What is inside of the text of a string are only its escapes. */
static bool is_whole(const Walk *walk)
{
    return kind_at(walk) == SYNTAX_STRING_CONTENT;
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

/* "Rb" of `Rb"""`. */
static Str prefix_of(Str start)
{
    size_t length = 0;
    while (length < start.len && start.ptr[length] != '"' && start.ptr[length] != '\'')
        length++;
    return str_sub(start, 0, length);
}

static bool same_node(const Walk *a, const Walk *b)
{
    TSNode one = ts_tree_cursor_current_node(&a->cursor);
    TSNode other = ts_tree_cursor_current_node(&b->cursor);
    if (a->depth != b->depth || ts_node_symbol(one) != ts_node_symbol(other))
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
