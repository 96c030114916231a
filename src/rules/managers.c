#include "rules/managers.h"

#include "base/limits.h"

static const char *const managers[] = {"objects", "_default_manager", "_base_manager"};

enum { MANAGERS = sizeof managers / sizeof *managers };

bool is_class_name(Str word)
{
    bool lower = false;
    for (size_t i = 0; i < word.len; i++) {
        char c = word.ptr[i];
        lower |= c >= 'a' && c <= 'z';
        if (c == '.' || c == '(' || c == ' ' || c == '\n')
            return false;
    }
    return word.len && word.ptr[0] >= 'A' && word.ptr[0] <= 'Z' && lower;
}

typedef struct Reading {
    ManagerUses *uses;
    const RuleContext *context;
    const Syntax *syntax;
} Reading;

/* Names that were never interned are none that an import binds. */
static Sym sym_of(const Reading *reading, Str text)
{
    return intern_find(&reading->context->workspace->interner, text);
}

static Str text_of(const Reading *reading, TSNode node)
{
    return ts_node_is_null(node) ? (Str){0} : syntax_text(reading->syntax, node);
}

static Str child_text(const Reading *reading, TSNode node, const char *field)
{
    return text_of(reading, ts_node_child_by_field_name(node, field, (uint32_t)strlen(field)));
}

static void rebind(Reading *reading, Str name)
{
    Sym sym = sym_of(reading, name);
    if (sym)
        map_set(&reading->uses->rebound, sym, 1);
}

static void read_attribute(Reading *reading, TSNode node)
{
    ManagerUses *uses = reading->uses;
    Str manager = child_text(reading, node, "attribute");
    bool is_manager = false;
    for (size_t i = 0; i < MANAGERS; i++)
        is_manager |= str_eq(manager, str(managers[i]));
    if (!is_manager)
        return;
    Str object = child_text(reading, node, "object"), model = str_tail(object, '.');
    Sym sym = sym_of(reading, object), holder = sym_of(reading, str_head(object, '.'));
    if (sym)
        map_set(&uses->used, sym, 1);
    if (!holder || !is_class_name(model) || map_has(&uses->holders, holder))
        return;
    map_set(&uses->holders, holder, uses->models.count);
    array_push(&uses->models, arena_str(reading->context->scratch, model));
}

static void read_node(Reading *reading, TSNode node)
{
    const char *type = ts_node_type(node);
    if (!strcmp(type, "attribute")) {
        read_attribute(reading, node);
    } else if (!strcmp(type, "assignment") || !strcmp(type, "for_statement")) {
        rebind(reading, child_text(reading, node, "left"));
    } else if (!strcmp(type, "parameters") || !strcmp(type, "lambda_parameters")) {
        for (uint32_t i = 0; i < ts_node_named_child_count(node); i++)
            rebind(reading, text_of(reading, ts_node_named_child(node, i)));
    }
}

static bool next_node(TSTreeCursor *cursor)
{
    if (ts_tree_cursor_goto_first_child(cursor))
        return true;
    while (!ts_tree_cursor_goto_next_sibling(cursor))
        if (!ts_tree_cursor_goto_parent(cursor))
            return false;
    return true;
}

static void read_text(ManagerUses *uses, const RuleContext *context, Str text)
{
    SyntaxParser parser = context->workspace->parser;
    Syntax syntax = syntax_parse(&parser, text);
    Reading reading = {uses, context, &syntax};
    TSTreeCursor cursor = ts_tree_cursor_new(ts_tree_root_node(syntax.tree));
    do
        read_node(&reading, ts_tree_cursor_current_node(&cursor));
    while (next_node(&cursor));
    ts_tree_cursor_delete(&cursor);
    syntax_free(&syntax);
}

bool manager_uses_read(ManagerUses *uses, RuleContext *context, const Migration *migration)
{
    const Reader *reader = &context->workspace->reader;
    Str text;
    if (uses->read)
        return true;
    if (reader->read(reader->self, migration->path, LIMIT_FILE_BYTES, context->scratch, &text,
                     NULL) != READ_OK)
        return false;
    uses->read = true;
    bool occurs = false;
    for (size_t i = 0; i < MANAGERS; i++)
        occurs |= str_contains(text, str(managers[i]));
    if (occurs)
        read_text(uses, context, text);
    return true;
}

void manager_uses_free(ManagerUses *uses)
{
    map_free(&uses->rebound);
    map_free(&uses->used);
    map_free(&uses->holders);
    array_free(&uses->models);
}
