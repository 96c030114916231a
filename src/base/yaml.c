#include "base/yaml.h"

#include "base/array.h"
#include "base/limits.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

typedef struct Build {
    const Yaml *yaml;
    yaml_parser_t parser;
    Arena *arena;
    Error *err;
    bool foreign;
} Build;

/* Where a byte offset is, for errors that libyaml places by offset only. */
static bool error_at_offset(const Yaml *yaml, Str text, size_t offset, Error *err, const char *what)
{
    Str before = str_sub(text, 0, offset);
    uint32_t line = 1;
    for (size_t i = 0; i < before.len; i++)
        line += before.ptr[i] == '\n';
    Str last = str_tail(before, '\n');
    return yaml_error_at(yaml, line, (uint32_t)str_columns(last) + 1, err, "%s", what);
}

static bool refuse(Build *build, yaml_mark_t mark, const char *what)
{
    return yaml_error_at(build->yaml, (uint32_t)mark.line + 1, (uint32_t)mark.column + 1,
                         build->err, "%s", what);
}

static bool next_event(Build *build, Str text, yaml_event_t *event)
{
    yaml_parser_t *parser = &build->parser;
    if (yaml_parser_parse(parser, event))
        return true;
    const char *problem = parser->problem ? parser->problem : "not YAML";
    if (parser->error == YAML_READER_ERROR)
        return error_at_offset(build->yaml, text, parser->problem_offset, build->err, problem);
    return refuse(build, parser->problem_mark, problem);
}

static bool decorated(const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return event->data.scalar.anchor || event->data.scalar.tag;
    case YAML_SEQUENCE_START_EVENT:
        return event->data.sequence_start.anchor || event->data.sequence_start.tag;
    case YAML_MAPPING_START_EVENT:
        return event->data.mapping_start.anchor || event->data.mapping_start.tag;
    default:
        return false;
    }
}

static YamlNode *node_new(Build *build, YamlKind kind, yaml_mark_t mark)
{
    YamlNode *node = arena_new(build->arena, YamlNode);
    node->kind = kind;
    node->line = (uint32_t)mark.line + 1;
    node->column = (uint32_t)mark.column + 1;
    return node;
}

static Str scalar_text(Build *build, const yaml_event_t *event)
{
    Str text = {(const char *)event->data.scalar.value, event->data.scalar.length};
    return arena_str(build->arena, text);
}

static const YamlNode *build_node(Build *build, Str text, const yaml_event_t *event, int depth);

/* The node that the next event begins; NULL with *err, or NULL with `*end` set
 * when the event closes a container. */
static const YamlNode *next_node(Build *build, Str text, int depth, bool *end)
{
    yaml_event_t event;
    *end = false;
    if (!next_event(build, text, &event))
        return NULL;
    *end = event.type == YAML_SEQUENCE_END_EVENT || event.type == YAML_MAPPING_END_EVENT;
    const YamlNode *node = *end ? NULL : build_node(build, text, &event, depth);
    yaml_event_delete(&event);
    return node;
}

static const YamlNode *build_sequence(Build *build, Str text, YamlNode *node, int depth)
{
    Array(const YamlNode *) items = {0};
    bool end;
    for (const YamlNode *item; (item = next_node(build, text, depth + 1, &end));)
        array_push(&items, item);
    node->u.items = arena_keep(build->arena, const YamlNode *, items.items, items.count);
    node->count = items.count;
    array_free(&items);
    return end ? node : NULL;
}

static int by_key(const void *a, const void *b)
{
    const YamlPair *left = *(const YamlPair *const *)a, *right = *(const YamlPair *const *)b;
    int order = str_cmp(left->key, right->key);
    return order ? order : left < right ? -1 : left > right;
}

static bool keys_differ(Build *build, const YamlNode *node)
{
    Array(const YamlPair *) sorted = {0};
    const YamlPair *first = NULL, *again = NULL;
    for (uint32_t i = 0; i < node->count; i++)
        array_push(&sorted, &node->u.pairs[i]);
    if (sorted.count)
        qsort(sorted.items, sorted.count, sizeof *sorted.items, by_key);
    for (uint32_t i = 1; i < sorted.count && !again; i++)
        if (str_eq(sorted.items[i - 1]->key, sorted.items[i]->key)) {
            first = sorted.items[i - 1];
            again = sorted.items[i];
        }
    array_free(&sorted);
    return !again ||
           yaml_error_at(build->yaml, again->line, again->column, build->err,
                         "`%.*s` is already given on line %u", STR_ARG(again->key), first->line);
}

static bool build_pair(Build *build, Str text, const YamlNode *key, int depth, YamlPair *out)
{
    bool end;
    if (key->kind != YAML_SCALAR)
        return yaml_error(build->yaml, key, build->err, "a key must be a plain text");
    *out = (YamlPair){key->u.text, key->line, key->column, next_node(build, text, depth + 1, &end)};
    return out->value != NULL;
}

static const YamlNode *build_mapping(Build *build, Str text, YamlNode *node, int depth)
{
    Array(YamlPair) pairs = {0};
    bool end, good = true;
    for (const YamlNode *key; good && (key = next_node(build, text, depth + 1, &end));) {
        YamlPair pair;
        good = build_pair(build, text, key, depth, &pair);
        if (good)
            array_push(&pairs, pair);
    }
    node->u.pairs = arena_keep(build->arena, YamlPair, pairs.items, pairs.count);
    node->count = pairs.count;
    array_free(&pairs);
    return good && end && keys_differ(build, node) ? node : NULL;
}

/* Of another program's file: as a text that says whom it means. */
static const YamlNode *build_alias(Build *build, const yaml_event_t *event)
{
    YamlNode *node = node_new(build, YAML_SCALAR, event->start_mark);
    node->plain = true;
    node->u.text = arena_printf(build->arena, "*%s", (const char *)event->data.alias.anchor);
    return node;
}

static const YamlNode *build_node(Build *build, Str text, const yaml_event_t *event, int depth)
{
    YamlNode *node;
    if (build->foreign && event->type == YAML_ALIAS_EVENT)
        return build_alias(build, event);
    if (!build->foreign && (event->type == YAML_ALIAS_EVENT || decorated(event))) {
        refuse(build, event->start_mark, "anchors, aliases and tags are not supported");
        return NULL;
    }
    if (depth >= LIMIT_YAML_DEPTH) {
        refuse(build, event->start_mark, "nested too deeply");
        return NULL;
    }
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        node = node_new(build, YAML_SCALAR, event->start_mark);
        node->u.text = scalar_text(build, event);
        node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
        return node;
    case YAML_SEQUENCE_START_EVENT:
        return build_sequence(build, text, node_new(build, YAML_SEQUENCE, event->start_mark),
                              depth);
    case YAML_MAPPING_START_EVENT:
        return build_mapping(build, text, node_new(build, YAML_MAPPING, event->start_mark), depth);
    default:
        refuse(build, event->start_mark, "not YAML");
        return NULL;
    }
}

/* Takes the next event, which must not be of a second document. */
static bool build_document(Build *build, Str text, const YamlNode **root)
{
    for (bool more = true; more;) {
        yaml_event_t event;
        if (!next_event(build, text, &event))
            return false;
        bool good = true;
        more = event.type != YAML_STREAM_END_EVENT;
        if (event.type == YAML_DOCUMENT_START_EVENT && *root)
            good = refuse(build, event.start_mark, "a second document in one file");
        else if (more && event.type != YAML_STREAM_START_EVENT &&
                 event.type != YAML_DOCUMENT_START_EVENT && event.type != YAML_DOCUMENT_END_EVENT)
            good = (*root = build_node(build, text, &event, 0)) != NULL;
        yaml_event_delete(&event);
        if (!good)
            return false;
    }
    return true;
}

static bool parse(Yaml *yaml, Str path, Str text, bool foreign, Arena *arena, Error *err)
{
    *yaml = (Yaml){.path = arena_str(arena, path)};
    size_t bad;
    if (str_starts(text, S("\xef\xbb\xbf")))
        text = str_sub(text, 3, text.len);
    if (text.len > LIMIT_YAML_BYTES)
        return error_set(err, "%.*s: larger than %d bytes", STR_ARG(path), LIMIT_YAML_BYTES);
    if (!str_is_utf8(text, &bad))
        return error_at_offset(yaml, text, bad, err, "not UTF-8");
    Build build = {.yaml = yaml, .arena = arena, .err = err, .foreign = foreign};
    if (!yaml_parser_initialize(&build.parser))
        return error_set(err, "%.*s: out of memory", STR_ARG(path));
    yaml_parser_set_encoding(&build.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&build.parser, (const unsigned char *)(text.ptr ? text.ptr : ""),
                                 text.len);
    const YamlNode *root = NULL;
    bool good = build_document(&build, text, &root);
    yaml_parser_delete(&build.parser);
    if (good && !yaml_is_null(root))
        yaml->root = root;
    return good;
}

bool yaml_parse(Yaml *yaml, Str path, Str text, Arena *arena, Error *err)
{
    return parse(yaml, path, text, false, arena, err);
}

bool yaml_parse_foreign(Yaml *yaml, Str path, Str text, Arena *arena, Error *err)
{
    return parse(yaml, path, text, true, arena, err);
}

const YamlPair *yaml_pair(const YamlNode *node, const char *key)
{
    if (!node || node->kind != YAML_MAPPING)
        return NULL;
    for (uint32_t i = 0; i < node->count; i++)
        if (str_eq(node->u.pairs[i].key, str(key)))
            return &node->u.pairs[i];
    return NULL;
}

const YamlNode *yaml_get(const YamlNode *node, const char *key)
{
    const YamlPair *pair = yaml_pair(node, key);
    return pair ? pair->value : NULL;
}

bool yaml_is_null(const YamlNode *node)
{
    return !node ||
           (node->kind == YAML_SCALAR && node->plain &&
            (!node->u.text.len || str_eq(node->u.text, S("~")) || str_eq(node->u.text, S("null"))));
}

static bool error_args(const Yaml *yaml, uint32_t line, uint32_t column, Error *err,
                       const char *format, va_list args)
{
    char text[sizeof err->text];
    vsnprintf(text, sizeof text, format, args);
    for (char *at = text; *at; at++)
        if ((unsigned char)*at < ' ')
            *at = ' '; /* an error is one line, whatever a key holds */
    return error_set(err, "%.*s:%u:%u: %s", STR_ARG(yaml->path), line, column, text);
}

bool yaml_error_at(const Yaml *yaml, uint32_t line, uint32_t column, Error *err, const char *format,
                   ...)
{
    va_list args;
    va_start(args, format);
    error_args(yaml, line, column, err, format, args);
    va_end(args);
    return false;
}

bool yaml_error(const Yaml *yaml, const YamlNode *node, Error *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    error_args(yaml, node ? node->line : 1, node ? node->column : 1, err, format, args);
    va_end(args);
    return false;
}

static const char *kind_name(const YamlNode *node)
{
    if (yaml_is_null(node))
        return "nothing";
    return node->kind == YAML_SEQUENCE  ? "a list"
           : node->kind == YAML_MAPPING ? "a mapping"
                                        : "a text";
}

static bool mistyped(const Yaml *yaml, const YamlNode *node, const char *what, const char *wanted,
                     Error *err)
{
    return yaml_error(yaml, node, err, "%s must be %s, not %s", what, wanted, kind_name(node));
}

bool yaml_expect(const Yaml *yaml, const YamlNode *node, const char *what, YamlKind kind,
                 Error *err)
{
    if (node && node->kind == kind && (kind != YAML_SCALAR || !yaml_is_null(node)))
        return true;
    const char *wanted = kind == YAML_SEQUENCE  ? "a list"
                         : kind == YAML_MAPPING ? "a mapping"
                                                : "a text";
    return mistyped(yaml, node, what, wanted, err);
}

bool yaml_string(const Yaml *yaml, const YamlNode *node, const char *what, Str *out, Error *err)
{
    if (!yaml_expect(yaml, node, what, YAML_SCALAR, err))
        return false;
    *out = node->u.text;
    return true;
}

bool yaml_bool(const Yaml *yaml, const YamlNode *node, const char *what, bool *out, Error *err)
{
    if (!node || node->kind != YAML_SCALAR || yaml_is_null(node))
        return mistyped(yaml, node, what, "true or false", err);
    *out = str_eq(node->u.text, S("true"));
    if (node->plain && (*out || str_eq(node->u.text, S("false"))))
        return true;
    return yaml_error(yaml, node, err, "%s must be true or false, not `%.*s`", what,
                      STR_ARG(node->u.text));
}

bool yaml_integer(const Yaml *yaml, const YamlNode *node, const char *what, int64_t *out,
                  Error *err)
{
    if (!node || node->kind != YAML_SCALAR || yaml_is_null(node))
        return mistyped(yaml, node, what, "a whole number", err);
    char *end;
    const char *text = node->u.text.ptr;
    errno = 0;
    *out = strtoll(text, &end, 10);
    bool digits = (text[0] >= '0' && text[0] <= '9') || text[0] == '-';
    if (node->plain && digits && !errno && end == text + node->u.text.len)
        return true;
    return yaml_error(yaml, node, err, "%s must be a whole number, not `%.*s`", what,
                      STR_ARG(node->u.text));
}

bool yaml_strings(const Yaml *yaml, const YamlNode *node, const char *what, Arena *arena, Str **out,
                  uint32_t *count, Error *err)
{
    bool list = node && node->kind == YAML_SEQUENCE;
    if (!list && (!node || node->kind != YAML_SCALAR || yaml_is_null(node)))
        return mistyped(yaml, node, what, "a text or a list of texts", err);
    *count = list ? node->count : 1;
    *out = arena_array(arena, Str, *count);
    for (uint32_t i = 0; i < *count; i++) {
        const YamlNode *item = list ? node->u.items[i] : node;
        if (!yaml_expect(yaml, item, what, YAML_SCALAR, err))
            return false;
        (*out)[i] = item->u.text;
    }
    return true;
}

Str yaml_nearest(Str text, const char *const *words, uint32_t count)
{
    Str best = S("");
    unsigned least = text.len < 5 ? 2 : 3;
    for (uint32_t i = 0; i < count; i++) {
        unsigned distance = str_distance(text, str(words[i]));
        if (distance < least && distance < text.len) {
            least = distance;
            best = str(words[i]);
        }
    }
    return best;
}

bool yaml_keys(const Yaml *yaml, const YamlNode *mapping, const char *const *allowed,
               uint32_t count, Error *err)
{
    for (uint32_t i = 0; i < mapping->count; i++) {
        const YamlPair *pair = &mapping->u.pairs[i];
        bool known = false;
        for (uint32_t j = 0; j < count && !known; j++)
            known = str_eq(pair->key, str(allowed[j]));
        if (known)
            continue;
        Str near = yaml_nearest(pair->key, allowed, count);
        if (near.len)
            return yaml_error_at(yaml, pair->line, pair->column, err,
                                 "unknown key `%.*s`; did you mean `%.*s`?", STR_ARG(pair->key),
                                 STR_ARG(near));
        return yaml_error_at(yaml, pair->line, pair->column, err, "unknown key `%.*s`",
                             STR_ARG(pair->key));
    }
    return true;
}
