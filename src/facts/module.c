#include "facts/evaluate.h"

#include <stdlib.h>

/* ---- bytes to text -------------------------------------------------------- */

/* The codec that a PEP 263 line names in one of the first two lines. */
static Str coding_of(Str text)
{
    for (int line = 0; line < 2; line++) {
        Str current = str_cut(&text, '\n');
        const char *at = current.len ? memmem(current.ptr, current.len, "coding", 6) : NULL;
        if (!at || !current.len || current.ptr[0] != '#')
            continue;
        Str rest = str_sub(current, (size_t)(at - current.ptr) + 6, current.len);
        if (!rest.len || (rest.ptr[0] != ':' && rest.ptr[0] != '='))
            continue;
        rest = str_sub(rest, 1, rest.len);
        while (rest.len && (rest.ptr[0] == ' ' || rest.ptr[0] == '\t'))
            rest = str_sub(rest, 1, rest.len);
        size_t end = 0;
        while (end < rest.len && rest.ptr[end] > ' ')
            end++;
        return str_sub(rest, 0, end);
    }
    return (Str){0};
}

static bool is_one_of(Str coding, const char *names)
{
    char normal[32];
    if (coding.len >= sizeof normal)
        return false;
    for (size_t i = 0; i < coding.len; i++) {
        char byte = coding.ptr[i];
        normal[i] = byte == '_' ? '-' : byte >= 'A' && byte <= 'Z' ? (char)(byte | 0x20) : byte;
    }
    Str all = str(names);
    while (all.ptr)
        if (str_eq(str_cut(&all, ' '), (Str){normal, coding.len}))
            return true;
    return false;
}

/* Python decodes a file that declares no other codec token by token: comments never. */
static bool is_bad_in_comments_only(Str text, size_t bad)
{
    Scan scan = scan_text(text);
    bool only = !scan.wrong, more = true;
    uint32_t comment = 0;
    while (only && more) {
        while (comment < scan.comments.count && scan.comments.items[comment].end <= bad)
            comment++;
        only = comment < scan.comments.count && scan.comments.items[comment].start <= bad;
        if (only) {
            size_t end = scan.comments.items[comment].end;
            more = !str_is_utf8(str_sub(text, end, text.len), &bad);
            bad += end;
        }
    }
    scan_free(&scan);
    return only;
}

/* False, with the reason in the module, when the bytes are not Python. */
static bool is_readable(Str text, Module *module, Arena *arena, Encoding *encoding)
{
    size_t bad;
    *encoding = ENCODING_UTF8;
    if (text.len > LIMIT_FILE_BYTES)
        module->unreadable = S("it is too large");
    else if (str_find(text, '\0') < text.len)
        module->unreadable = S("it holds NUL bytes");
    if (module->unreadable.len || str_is_utf8(text, &bad))
        return !module->unreadable.len;
    Str coding = coding_of(text);
    if (is_one_of(coding, "latin-1 latin1 iso-8859-1 iso8859-1 l1 8859 cp819"))
        *encoding = ENCODING_LATIN1;
    else if (is_one_of(coding, "cp1252 windows-1252 1252"))
        *encoding = ENCODING_CP1252;
    else
        *encoding = ENCODING_UNKNOWN;
    if ((!coding.len || is_one_of(coding, "utf-8 utf-8-sig")) && is_bad_in_comments_only(text, bad))
        *encoding = ENCODING_UTF8;
    else if (!coding.len || is_one_of(coding, "utf-8 utf8 u8 utf-8-sig ascii us-ascii"))
        module->unreadable = arena_printf(arena, "byte %zu is not UTF-8", bad);
    return !module->unreadable.len;
}

/* ---- result --------------------------------------------------------------- */

enum { WALRUS_LIMIT = 64 }; /* names that the text is searched for */

/* `name :=` anywhere: in a comprehension, which is not read, it binds here. */
static bool is_walrus_target(Str text, Str name)
{
    while (text.len) {
        const char *at = memmem(text.ptr, text.len, ":=", 2);
        if (!at)
            return false;
        Str before = str_sub(text, 0, (size_t)(at - text.ptr));
        while (before.len && before.ptr[before.len - 1] == ' ')
            before.len--;
        if (str_ends(before, name))
            return true;
        text = str_sub(text, (size_t)(at - text.ptr) + 2, text.len);
    }
    return false;
}

/* Names may come into being that no statement binds. */
static bool is_dynamic(Str text)
{
    return str_contains(text, S("globals()")) || str_contains(text, S("exec(")) ||
           str_contains(text, S("locals()")) || str_contains(text, S("vars()"));
}

static void settle_unbound(Evaluator *ev, Module *module)
{
    uint32_t kept = 0;
    bool dynamic = ev->star_import || (ev->unbound.count && is_dynamic(ev->syntax.text));
    for (uint32_t i = 0; i < ev->unbound.count && !dynamic && !module->syntax_error; i++)
        if (!map_has(&ev->bound_ever, ev->unbound.items[i].name) &&
            (i < WALRUS_LIMIT &&
             !is_walrus_target(ev->syntax.text, sym_str(ev->interner, ev->unbound.items[i].name))))
            ev->unbound.items[kept++] = ev->unbound.items[i];
    module->unbound = arena_keep(ev->arena, UnboundName, ev->unbound.items, kept);
    module->unbound_count = kept;
}

static bool hides_a_name(Evaluator *ev, const Function *function)
{
    for (uint32_t i = 0; i < function->parameter_count; i++)
        if (environment_find(&ev->module_names, function->parameters[i]))
            return true;
    return false;
}

/* What the functions of the file return that do nothing else; their parameters are names that
 * nothing binds. */
static void settle_results(Evaluator *ev)
{
    for (uint32_t i = 0; i < ev->module_names.bindings.count; i++) {
        ValueId id = ev->module_names.bindings.items[i].value;
        if (!id || ev->values.items[id].kind != VALUE_FUNCTION)
            continue;
        uint32_t index = ev->values.items[id].u.index;
        if (ts_node_is_null(ev->results.items[index]) ||
            hides_a_name(ev, &ev->functions.items[index]))
            continue;
        ev->inlining++;
        ValueId result = evaluate(ev, ev->results.items[index]); /* may read lambdas: arrays move */
        ev->inlining--;
        ev->functions.items[index].result = result;
    }
}

static void keep_all(Evaluator *ev, Module *module)
{
    Arena *arena = ev->arena;
    settle_calls(ev);
    settle_results(ev);
    module->values =
        (Values){arena_keep(arena, Value, ev->values.items, ev->values.count), ev->values.count,
                 arena_keep(arena, ValueId, ev->items.items, ev->items.count), ev->items.count};
    module->binding_count = ev->module_names.bindings.count;
    module->bindings =
        arena_keep(arena, Binding, ev->module_names.bindings.items, module->binding_count);
    module->classes = arena_keep(arena, Class, ev->classes.items, ev->classes.count);
    module->class_count = ev->classes.count;
    module->functions = arena_keep(arena, Function, ev->functions.items, ev->functions.count);
    module->function_count = ev->functions.count;
    module->imports = arena_keep(arena, Import, ev->imports.items, ev->imports.count);
    module->import_count = ev->imports.count;
    module->star_import = ev->star_import;
    module->comment_count = ev->syntax.scan.comments.count;
    module->comments = arena_array(arena, Comment, module->comment_count);
    for (uint32_t i = 0; i < module->comment_count; i++) {
        ScanSpan span = ev->syntax.scan.comments.items[i];
        module->comments[i].span = (Span){span.start, span.end};
    }
    keep_directives(ev, module);
    settle_unbound(ev, module);
}

static void free_evaluator(Evaluator *ev)
{
    array_free(&ev->values);
    array_free(&ev->items);
    array_free(&ev->depths);
    array_free(&ev->trail);
    array_free(&ev->children);
    array_free(&ev->module_names.bindings);
    map_free(&ev->module_names.by_name);
    map_free(&ev->bound_ever);
    array_free(&ev->classes);
    array_free(&ev->functions);
    array_free(&ev->results);
    array_free(&ev->drafts);
    array_free(&ev->passed);
    array_free(&ev->imports);
    array_free(&ev->unbound);
    ts_tree_cursor_delete(&ev->cursor);
}

Module *module_read(SyntaxParser *parser, Str path, Str text, Interner *interner, Arena *arena)
{
    Module *module = arena_new(arena, Module);
    Encoding encoding;
    module->path = path;
    module->size = (uint32_t)text.len;
    module->values = (Values){arena_new(arena, Value), 1, NULL, 0};
    if (is_readable(text, module, arena, &encoding)) {
        Syntax syntax = syntax_parse(parser, text);
        TSNode root = ts_tree_root_node(syntax.tree);
        Evaluator ev = {.parser = parser,
                        .syntax = syntax,
                        .foreign = encoding,
                        .interner = interner,
                        .arena = arena,
                        .cursor = ts_tree_cursor_new(root)};
        make_value(&ev, VALUE_UNKNOWN, (Span){0, 0}); /* id 0 is never a value */
        module->syntax_error = syntax_error(&syntax, &module->error_span.start,
                                            &module->error_span.end, &module->error_expected);
        if (ts_node_is_error(root))
            run_broken(&ev, root);
        else
            run_block(&ev, root);
        keep_all(&ev, module);
        free_evaluator(&ev);
        module->error_expected = arena_str(arena, module->error_expected);
        syntax_free(&syntax);
    }
    return module;
}

static const Binding *find(const Binding *bindings, uint32_t count, Sym name)
{
    for (uint32_t i = 0; i < count; i++)
        if (bindings[i].name == name)
            return &bindings[i];
    return NULL;
}

const Binding *module_binding(const Module *module, Sym name)
{
    return find(module->bindings, module->binding_count, name);
}

const Binding *class_attribute(const Class *class, Sym name)
{
    return find(class->attributes, class->attribute_count, name);
}

const Class *module_class(const Module *module, Sym name)
{
    for (uint32_t i = module->class_count; i-- > 0;)
        if (module->classes[i].name == name && !module->classes[i].inner)
            return &module->classes[i];
    return NULL;
}
