#include "cli/init.h"

bool edit_is_text(Str text)
{
    size_t bad;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if ((c < 0x20 && c != '\t' && c != '\r' && c != '\n') || c == 0x7f)
            return false;
    }
    return str_is_utf8(text, &bad);
}

static Str line_end(Str text)
{
    return str_contains(text, S("\r\n")) ? S("\r\n") : S("\n");
}

/* With the line ends of the text; behind an open last line, and as open itself. */
static void add_block(StrBuf *out, Str text, Str lines, bool blank, bool open)
{
    Str end = line_end(text);
    if (open)
        strbuf_add(out, end);
    if (blank)
        strbuf_add(out, end);
    while (lines.len) {
        strbuf_add(out, str_cut(&lines, '\n'));
        if (lines.len || !open)
            strbuf_add(out, end);
    }
}

Str edit_insert(Arena *arena, Str text, size_t at, Str lines, bool blank)
{
    StrBuf out = {0};
    bool open = at == text.len && text.len && !str_ends(text, S("\n"));
    strbuf_add(&out, str_sub(text, 0, at));
    add_block(&out, text, lines, blank, open);
    strbuf_add(&out, str_sub(text, at, text.len));
    Str edited = arena_str(arena, strbuf_str(&out));
    strbuf_free(&out);
    return edited;
}

static bool cut_block(Arena *arena, Str text, Str block, bool open, Str *out)
{
    for (size_t at = 0; (at = str_find_part(text, block, at)) < text.len; at++) {
        bool at_line = open ? at + block.len == text.len : !at || text.ptr[at - 1] == '\n';
        if (!at_line)
            continue;
        Str rest = str_sub(text, at + block.len, text.len);
        *out = arena_printf(arena, "%.*s%.*s", STR_ARG(str_sub(text, 0, at)), STR_ARG(rest));
        return true;
    }
    return false;
}

bool edit_cut(Arena *arena, Str text, Str lines, Str *out)
{
    bool found = false;
    for (int way = 0; way < 4 && !found; way++) {
        StrBuf block = {0};
        bool open = way & 1, blank = way < 2;
        add_block(&block, text, lines, blank, open);
        found = cut_block(arena, text, strbuf_str(&block), open, out);
        strbuf_free(&block);
    }
    return found;
}

/* ---- YAML by lines ---- */

static size_t start_of_line(Str text, uint32_t line)
{
    size_t at = str_starts(text, S("\xef\xbb\xbf")) ? 3 : 0;
    while (--line && at < text.len) {
        at += str_find(str_sub(text, at, text.len), '\n') + 1;
    }
    return at < text.len ? at : text.len;
}

static size_t indentation(Str line)
{
    size_t spaces = 0;
    while (spaces < line.len && line.ptr[spaces] == ' ')
        spaces++;
    return spaces;
}

static bool is_empty(Str line)
{
    for (size_t i = 0; i < line.len; i++)
        if (!strchr(" \t\r", line.ptr[i]))
            return false;
    return true;
}

/* Comments no deeper than the block's own items stand between it and what follows. */
static bool belongs(Str line, size_t depth)
{
    size_t spaces = indentation(line);
    return !is_empty(line) && (line.ptr[spaces] != '#' || spaces > depth);
}

size_t edit_end_of(Str text, const YamlNode *root, const char *key)
{
    const YamlPair *pair = yaml_pair(root, key);
    size_t stop = text.len, depth = pair->value->column ? pair->value->column - 1 : 0;
    for (uint32_t i = 0; i < root->count; i++)
        if (&root->u.pairs[i] == pair && i + 1 < root->count)
            stop = start_of_line(text, root->u.pairs[i + 1].line);
    size_t end = start_of_line(text, pair->line);
    for (size_t at = end; at < stop;) {
        Str line = str_sub(text, at, at + str_find(str_sub(text, at, stop), '\n'));
        at += line.len + 1;
        if (belongs(line, depth))
            end = at < stop ? at : stop;
    }
    return end;
}

Str edit_text_of(const YamlNode *node)
{
    return node && node->kind == YAML_SCALAR ? node->u.text : (Str){0};
}

static char byte_at(Str text, uint32_t line, uint32_t column)
{
    size_t at = start_of_line(text, line) + column - 1;
    return at < text.len ? text.ptr[at] : '\0';
}

bool edit_is_block(Str text, const YamlNode *sequence)
{
    if (!sequence || sequence->kind != YAML_SEQUENCE || !sequence->count ||
        byte_at(text, sequence->line, sequence->column) != '-')
        return false;
    const YamlNode *first = sequence->u.items[0];
    return first->line == sequence->line && first->column > sequence->column + 1;
}

/* Nothing but what is gone. */
static bool holds_only(const YamlNode *node, const YamlNode *const gone[2])
{
    if (node == gone[0] || node == gone[1])
        return true;
    if (node->kind == YAML_SCALAR || node->count != 1)
        return false;
    return holds_only(node->kind == YAML_SEQUENCE ? node->u.items[0] : node->u.pairs[0].value,
                      gone);
}

static bool lacks(const YamlNode *larger, const YamlNode *const gone[2], const YamlNode *smaller)
{
    uint32_t kept = 0;
    bool pairs = larger->kind == YAML_MAPPING;
    if (larger->kind != smaller->kind)
        return false;
    if (larger->kind == YAML_SCALAR)
        return larger->plain == smaller->plain && str_eq(larger->u.text, smaller->u.text);
    for (uint32_t i = 0; i < larger->count; i++) {
        const YamlNode *node = pairs ? larger->u.pairs[i].value : larger->u.items[i];
        bool fits = kept < smaller->count;
        if (fits && pairs)
            fits = str_eq(larger->u.pairs[i].key, smaller->u.pairs[kept].key) &&
                   lacks(node, gone, smaller->u.pairs[kept].value);
        else if (fits)
            fits = lacks(node, gone, smaller->u.items[kept]);
        if (fits)
            kept++;
        else if (!holds_only(node, gone))
            return false;
    }
    return kept == smaller->count;
}

bool edit_lacks(const YamlNode *larger, const YamlNode *node, const YamlNode *other,
                const YamlNode *smaller)
{
    const YamlNode *const gone[2] = {node, other};
    if (!larger || !node)
        return false;
    return smaller ? lacks(larger, gone, smaller) : holds_only(larger, gone);
}
