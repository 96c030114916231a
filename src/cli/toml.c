#include "cli/toml.h"

#include "base/limits.h"

#include <tree_sitter/api.h>

const TSLanguage *tree_sitter_toml(void);

/* Tables grow while the file is read, so they are lists until the end. */
typedef struct Entry Entry;
typedef struct Table {
    Entry *first, *last;
    uint32_t count, line, column;
    bool closed;  /* written as a whole: a header or an inline table */
    bool element; /* of an array of tables */
} Table;

struct Entry {
    Entry *next;
    Str key;
    uint32_t line, column;
    Table *table;          /* a table, or the last one of an array of tables */
    const YamlNode *value; /* anything else */
    Entry *elements;       /* array of tables: the others, newest first; `next` links them */
    bool array;
};

typedef struct Reading {
    Yaml *document;
    Str text;
    Arena *arena;
    Error *err;
} Reading;

static void place_of(const Reading *reading, TSNode node, uint32_t *line, uint32_t *column)
{
    TSPoint point = ts_node_start_point(node);
    uint32_t start = ts_node_start_byte(node);
    *line = point.row + 1;
    *column = (uint32_t)str_columns(str_sub(reading->text, start - point.column, start)) + 1;
}

static bool refuse_node(Reading *reading, TSNode node, const char *what)
{
    uint32_t line, column;
    place_of(reading, node, &line, &column);
    return yaml_error_at(reading->document, line, column, reading->err, "%s", what);
}

static Str text_of(const Reading *reading, TSNode node)
{
    return str_sub(reading->text, ts_node_start_byte(node), ts_node_end_byte(node));
}

static bool is(TSNode node, const char *type)
{
    return !strcmp(ts_node_type(node), type);
}

/* ---- strings ---- */

static void add_code_point(StrBuf *out, uint32_t code)
{
    if (code < 0x80) {
        strbuf_byte(out, (char)code);
        return;
    }
    unsigned more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const unsigned char lead[] = {0, 0xc0, 0xe0, 0xf0};
    strbuf_byte(out, (char)(lead[more] | code >> 6 * more));
    while (more--)
        strbuf_byte(out, (char)(0x80 | (code >> 6 * more & 0x3f)));
}

static uint32_t hex_value(Str digits)
{
    uint32_t value = 0;
    for (size_t i = 0; i < digits.len; i++) {
        unsigned char c = (unsigned char)digits.ptr[i];
        value = value << 4 | (unsigned)(c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
    }
    return value;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* Takes one escape off the front of `rest` (its backslash is gone already). */
static void add_escape(StrBuf *out, Str *rest)
{
    static const char letters[] = "btnfr\"\\", meanings[] = "\b\t\n\f\r\"\\";
    char letter = rest->ptr[0];
    size_t length = letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
    *rest = str_sub(*rest, 1, rest->len);
    if (length) {
        uint32_t code = hex_value(str_sub(*rest, 0, length));
        bool character = code < 0x110000 && (code < 0xd800 || code > 0xdfff);
        add_code_point(out, character ? code : 0xfffd);
        *rest = str_sub(*rest, length, rest->len);
    } else if (is_blank(letter)) { /* the line goes on behind the next indentation */
        while (rest->len && is_blank(rest->ptr[0]))
            *rest = str_sub(*rest, 1, rest->len);
    } else {
        const char *at = strchr(letters, letter);
        strbuf_byte(out, at && letter ? meanings[at - letters] : letter);
    }
}

/* Quotes off, escapes resolved; a bare key comes back as it is. */
static Str unquoted(const Reading *reading, Str text)
{
    char quote = text.len ? text.ptr[0] : 0;
    if ((quote != '"' && quote != '\'') || text.len < 2)
        return arena_str(reading->arena, text);
    bool tripled = text.len >= 6 && text.ptr[1] == quote && text.ptr[2] == quote;
    size_t marks = tripled ? 3 : 1;
    text = str_sub(text, marks, text.len - marks);
    if (tripled && str_starts(text, S("\r\n")))
        text = str_sub(text, 2, text.len);
    else if (tripled && str_starts(text, S("\n")))
        text = str_sub(text, 1, text.len);
    if (quote == '\'')
        return arena_str(reading->arena, text);
    StrBuf out = {0};
    while (text.len) {
        size_t plain = str_find(text, '\\');
        strbuf_add(&out, str_sub(text, 0, plain));
        text = str_sub(text, plain + 1, text.len);
        if (text.len)
            add_escape(&out, &text);
    }
    Str kept = arena_str(reading->arena, strbuf_str(&out));
    strbuf_free(&out);
    return kept;
}

/* ---- tables ---- */

static Entry *find(const Table *table, Str key)
{
    for (Entry *entry = table->first; entry; entry = entry->next)
        if (str_eq(entry->key, key))
            return entry;
    return NULL;
}

static Entry *append(const Reading *reading, Table *table, Str key, TSNode node)
{
    Entry *entry = arena_new(reading->arena, Entry);
    entry->key = key;
    place_of(reading, node, &entry->line, &entry->column);
    if (table->last)
        table->last->next = entry;
    else
        table->first = entry;
    table->last = entry;
    table->count++;
    return entry;
}

static Table *new_table(const Reading *reading, TSNode node)
{
    Table *table = arena_new(reading->arena, Table);
    place_of(reading, node, &table->line, &table->column);
    return table;
}

typedef struct Keys {
    TSNode items[LIMIT_YAML_DEPTH];
    uint32_t count;
} Keys;

/* a.b.c is ((a.b).c) to the grammar. */
static bool keys_of(Reading *reading, TSNode node, Keys *keys)
{
    keys->count = 0;
    while (is(node, "dotted_key")) {
        uint32_t parts = ts_node_named_child_count(node);
        if (parts < 2 || keys->count + 1 == LIMIT_YAML_DEPTH)
            return refuse_node(reading, node, "nested too deeply");
        keys->items[keys->count++] = ts_node_named_child(node, parts - 1);
        node = ts_node_named_child(node, 0);
    }
    keys->items[keys->count++] = node;
    for (uint32_t i = 0; i < keys->count / 2; i++) {
        TSNode swapped = keys->items[i];
        keys->items[i] = keys->items[keys->count - 1 - i];
        keys->items[keys->count - 1 - i] = swapped;
    }
    return true;
}

/* The table that all but the last key lead to, made where it is not there yet. */
static Table *descend(Reading *reading, Table *table, const Keys *keys)
{
    for (uint32_t i = 0; i + 1 < keys->count; i++) {
        Str key = unquoted(reading, text_of(reading, keys->items[i]));
        Entry *entry = find(table, key);
        if (!entry) {
            entry = append(reading, table, key, keys->items[i]);
            entry->table = new_table(reading, keys->items[i]);
        }
        if (!entry->table) {
            refuse_node(reading, keys->items[i], "this key is no table");
            return NULL;
        }
        table = entry->table;
    }
    return table;
}

static Str last_key(const Reading *reading, const Keys *keys)
{
    return unquoted(reading, text_of(reading, keys->items[keys->count - 1]));
}

static bool read_value(Reading *reading, TSNode node, Entry *into, unsigned depth);

static bool read_pair(Reading *reading, Table *table, TSNode pair, unsigned depth)
{
    Keys keys;
    uint32_t parts = ts_node_named_child_count(pair);
    if (parts < 2 || !keys_of(reading, ts_node_named_child(pair, 0), &keys))
        return parts >= 2 ? false : refuse_node(reading, pair, "not TOML");
    Table *holder = descend(reading, table, &keys);
    if (!holder)
        return false;
    Str key = last_key(reading, &keys);
    if (find(holder, key))
        return refuse_node(reading, keys.items[keys.count - 1], "this key stands here twice");
    Entry *entry = append(reading, holder, key, keys.items[keys.count - 1]);
    return read_value(reading, ts_node_named_child(pair, 1), entry,
                      depth); /* a comment may follow */
}

static bool read_pairs(Reading *reading, Table *table, TSNode node, unsigned depth)
{
    for (uint32_t i = 0; i < ts_node_named_child_count(node); i++) {
        TSNode child = ts_node_named_child(node, i);
        if (is(child, "pair") && !read_pair(reading, table, child, depth))
            return false;
    }
    return true;
}

/* ---- values ---- */

static const YamlNode *frozen(const Reading *reading, const Entry *entry);

static const YamlNode *frozen_table(const Reading *reading, const Table *table)
{
    YamlNode *node = arena_new(reading->arena, YamlNode);
    YamlPair *pairs = arena_array(reading->arena, YamlPair, table->count + 1);
    *node = (YamlNode){.kind = YAML_MAPPING, .line = table->line, .column = table->column};
    for (const Entry *entry = table->first; entry; entry = entry->next)
        pairs[node->count++] =
            (YamlPair){entry->key, entry->line, entry->column, frozen(reading, entry)};
    node->u.pairs = pairs;
    return node;
}

static const YamlNode *frozen(const Reading *reading, const Entry *entry)
{
    if (!entry->array)
        return entry->value ? entry->value : frozen_table(reading, entry->table);
    uint32_t count = 1;
    for (const Entry *other = entry->elements; other; other = other->next)
        count++;
    const YamlNode **items = arena_array(reading->arena, const YamlNode *, count);
    YamlNode *node = arena_new(reading->arena, YamlNode);
    *node = (YamlNode){.kind = YAML_SEQUENCE, .line = entry->line, .column = entry->column};
    node->count = count;
    node->u.items = items;
    items[--count] = frozen_table(reading, entry->table);
    for (const Entry *other = entry->elements; other; other = other->next)
        items[--count] = frozen_table(reading, other->table);
    return node;
}

static bool read_array(Reading *reading, TSNode node, Entry *into, unsigned depth)
{
    uint32_t most = ts_node_named_child_count(node);
    YamlNode *list = arena_new(reading->arena, YamlNode);
    const YamlNode **items = arena_array(reading->arena, const YamlNode *, most + 1);
    list->kind = YAML_SEQUENCE;
    place_of(reading, node, &list->line, &list->column);
    for (uint32_t i = 0; i < most; i++) {
        TSNode child = ts_node_named_child(node, i);
        Entry item = {0};
        if (is(child, "comment"))
            continue;
        if (!read_value(reading, child, &item, depth + 1))
            return false;
        items[list->count++] = frozen(reading, &item);
    }
    list->u.items = items;
    into->value = list;
    return true;
}

static bool read_value(Reading *reading, TSNode node, Entry *into, unsigned depth)
{
    if (depth > LIMIT_YAML_DEPTH)
        return refuse_node(reading, node, "nested too deeply");
    if (is(node, "array"))
        return read_array(reading, node, into, depth);
    if (is(node, "inline_table")) {
        into->table = new_table(reading, node);
        into->table->closed = true;
        if (!read_pairs(reading, into->table, node, depth + 1))
            return false;
        into->value = frozen_table(reading, into->table);
        into->table = NULL; /* nothing may be added to it */
        return true;
    }
    YamlNode *scalar = arena_new(reading->arena, YamlNode);
    *scalar = (YamlNode){.kind = YAML_SCALAR, .plain = !is(node, "string")};
    place_of(reading, node, &scalar->line, &scalar->column);
    scalar->u.text = unquoted(reading, text_of(reading, node));
    into->value = scalar;
    return true;
}

/* ---- documents ---- */

static Table *open_table(Reading *reading, Table *root, TSNode node)
{
    Keys keys;
    TSNode name = ts_node_named_child(node, 0);
    if (!keys_of(reading, name, &keys))
        return NULL;
    Table *holder = descend(reading, root, &keys);
    if (!holder)
        return NULL;
    Str key = last_key(reading, &keys);
    Entry *entry = find(holder, key);
    bool array = is(node, "table_array_element");
    if (entry && (entry->value || entry->array != array || (!array && entry->table->closed))) {
        refuse_node(reading, name, "this table stands here twice");
        return NULL;
    }
    if (!entry)
        entry = append(reading, holder, key, keys.items[keys.count - 1]);
    if (array && entry->array) {
        Entry *before = arena_new(reading->arena, Entry);
        before->table = entry->table;
        before->next = entry->elements;
        entry->elements = before;
        entry->table = NULL;
    }
    if (!entry->table)
        entry->table = new_table(reading, name);
    entry->array = array;
    entry->table->closed = true;
    return entry->table;
}

/* The first place that the grammar could not read; whether there is one. */
static bool find_error(TSNode root, TSNode *found)
{
    TSTreeCursor cursor = ts_tree_cursor_new(root);
    bool any = ts_node_has_error(root);
    for (bool down = any; down;) {
        *found = ts_tree_cursor_current_node(&cursor);
        if (ts_node_is_error(*found) || ts_node_is_missing(*found))
            break;
        down = ts_tree_cursor_goto_first_child(&cursor);
        while (down && !ts_node_has_error(ts_tree_cursor_current_node(&cursor)))
            down = ts_tree_cursor_goto_next_sibling(&cursor);
    }
    ts_tree_cursor_delete(&cursor);
    return any;
}

static bool read_document(Reading *reading, TSNode root, Table *top)
{
    TSNode wrong;
    if (find_error(root, &wrong))
        return refuse_node(reading, wrong, "not TOML from here on");
    if (!read_pairs(reading, top, root, 0))
        return false;
    for (uint32_t i = 0; i < ts_node_named_child_count(root); i++) {
        TSNode child = ts_node_named_child(root, i);
        if (!is(child, "table") && !is(child, "table_array_element"))
            continue;
        Table *table = open_table(reading, top, child);
        if (!table || !read_pairs(reading, table, child, 0))
            return false;
    }
    return true;
}

bool toml_parse(Yaml *document, Str path, Str text, Arena *arena, Error *err)
{
    *document = (Yaml){.path = arena_str(arena, path)};
    if (text.len > LIMIT_YAML_BYTES)
        return error_set(err, "%.*s: larger than %d bytes", STR_ARG(path), LIMIT_YAML_BYTES);
    if (str_starts(text, S("\xef\xbb\xbf")))
        text = str_sub(text, 3, text.len);
    Reading reading = {document, text, arena, err};
    Table top = {.line = 1, .column = 1};
    TSParser *parser = ts_parser_new();
    ts_parser_set_language(parser, tree_sitter_toml());
    TSTree *tree =
        ts_parser_parse_string(parser, NULL, text.ptr ? text.ptr : "", (uint32_t)text.len);
    bool ok = read_document(&reading, ts_tree_root_node(tree), &top);
    if (ok)
        document->root = frozen_table(&reading, &top);
    ts_tree_delete(tree);
    ts_parser_delete(parser);
    return ok;
}
