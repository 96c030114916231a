#include "rules/match.h"

#include "rules/arguments.h"
#include "rules/match_types.h"

#include <stdio.h>

typedef struct Reading {
    const Yaml *yaml;
    Arena *arena;
    Error *err;
    Match *match;
} Reading;

static bool read_demand(const Reading *reading, const YamlNode *mapping, const char *key,
                        Demand *out)
{
    const YamlNode *node = yaml_get(mapping, key);
    bool wanted;
    char what[32];
    if (!node)
        return true;
    snprintf(what, sizeof what, "`%s`", key);
    if (!yaml_bool(reading->yaml, node, what, &wanted, reading->err))
        return false;
    *out = wanted ? DEMAND_TRUE : DEMAND_FALSE;
    return true;
}

static bool read_texts(const Reading *reading, const YamlNode *mapping, const char *key, Str **out,
                       uint32_t *count)
{
    const YamlNode *node = yaml_get(mapping, key);
    char what[32];
    snprintf(what, sizeof what, "`%s`", key);
    return !node ||
           yaml_strings(reading->yaml, node, what, reading->arena, out, count, reading->err);
}

static bool read_mapping(const Reading *reading, const YamlNode *node, const char *what,
                         const char *const *keys, uint32_t count)
{
    return yaml_expect(reading->yaml, node, what, YAML_MAPPING, reading->err) &&
           yaml_keys(reading->yaml, node, keys, count, reading->err);
}

static bool unknown_operation(const Reading *reading, const YamlNode *node, Str word)
{
    const char *names[OPERATION_OPAQUE];
    for (int i = 0; i < OPERATION_OPAQUE; i++)
        names[i] = operation_name((OperationKind)i);
    Str near = yaml_nearest(word, names, OPERATION_OPAQUE);
    return yaml_error(reading->yaml, node, reading->err,
                      "`%.*s` is no operation of Django (of others give the dotted path)%s%.*s%s",
                      STR_ARG(word), near.len ? "; did you mean `" : "", STR_ARG(near),
                      near.len ? "`?" : "");
}

static bool read_operations(const Reading *reading, const YamlNode *node)
{
    Match *match = reading->match;
    Str *words;
    uint32_t count;
    if (!yaml_strings(reading->yaml, node, "`operation`", reading->arena, &words, &count,
                      reading->err))
        return false;
    match->classes = arena_array(reading->arena, Str, count);
    for (uint32_t i = 0; i < count; i++) {
        int kind = 0;
        while (kind < OPERATION_OPAQUE &&
               !str_eq(words[i], str(operation_name((OperationKind)kind))))
            kind++;
        if (kind < OPERATION_OPAQUE)
            match->operations |= (uint64_t)1 << kind;
        else if (str_find(words[i], '.') < words[i].len)
            match->classes[match->class_count++] = words[i];
        else
            return unknown_operation(reading, node, words[i]);
    }
    return true;
}

static bool argument_of_match(const Match *match, Str name)
{
    if (match->class_count)
        return true;
    for (int kind = 0; kind < OPERATION_OPAQUE; kind++)
        if (match->operations >> kind & 1 && argument_known((OperationKind)kind, name))
            return true;
    return false;
}

static bool read_conditions(const Reading *reading, const YamlNode *mapping, const char *label,
                            const char *const *skip, uint32_t skip_count, NamedConditions *out)
{
    out->items = arena_array(reading->arena, NamedCondition, mapping->count);
    for (uint32_t i = 0; i < mapping->count; i++) {
        const YamlPair *pair = &mapping->u.pairs[i];
        bool skipped = false;
        for (uint32_t j = 0; j < skip_count && !skipped; j++)
            skipped = str_eq(pair->key, str(skip[j]));
        if (skipped)
            continue;
        char what[64];
        snprintf(what, sizeof what, "%s `%.*s`", label, STR_ARG(pair->key));
        NamedCondition *named = &out->items[out->count++];
        named->name = pair->key;
        if (!condition_read(reading->yaml, pair->value, what, reading->arena, &named->condition,
                            reading->err))
            return false;
    }
    return true;
}

static bool check_argument(const Reading *reading, Str name, uint32_t line, uint32_t column)
{
    return argument_of_match(reading->match, name) ||
           yaml_error_at(reading->yaml, line, column, reading->err,
                         "no operation named here has an argument `%.*s`", STR_ARG(name));
}

static bool read_arguments(const Reading *reading, const YamlNode *node)
{
    if (!node)
        return true;
    if (!yaml_expect(reading->yaml, node, "`argument`", YAML_MAPPING, reading->err))
        return false;
    for (uint32_t i = 0; i < node->count; i++)
        if (!check_argument(reading, node->u.pairs[i].key, node->u.pairs[i].line,
                            node->u.pairs[i].column))
            return false;
    return read_conditions(reading, node, "argument", NULL, 0, &reading->match->arguments);
}

static bool read_field(const Reading *reading, const YamlNode *node)
{
    static const char *const own[] = {"class", "column"};
    Match *match = reading->match;
    match->field = node != NULL;
    return !node ||
           (yaml_expect(reading->yaml, node, "`field`", YAML_MAPPING, reading->err) &&
            read_texts(reading, node, "class", &match->field_classes, &match->field_class_count) &&
            read_demand(reading, node, "column", &match->column) &&
            read_conditions(reading, node, "keyword", own, 2, &match->keywords));
}

static bool read_table(const Reading *reading, const YamlNode *node)
{
    static const char *const keys[] = {"new", "managed", "name"};
    Match *match = reading->match;
    return !node || (read_mapping(reading, node, "`table`", keys, 3) &&
                     read_demand(reading, node, "new", &match->table_new) &&
                     read_demand(reading, node, "managed", &match->managed) &&
                     read_texts(reading, node, "name", &match->tables, &match->table_count));
}

static bool read_migration(const Reading *reading, const YamlNode *node)
{
    static const char *const keys[] = {"atomic", "initial"};
    return !node || (read_mapping(reading, node, "`migration`", keys, 2) &&
                     read_demand(reading, node, "atomic", &reading->match->atomic) &&
                     read_demand(reading, node, "initial", &reading->match->initial));
}

static bool read_import(const Reading *reading, const YamlNode *node)
{
    static const char *const keys[] = {"module", "project", "model"};
    Match *match = reading->match;
    match->import = true;
    return read_mapping(reading, node, "`import`", keys, 3) &&
           read_texts(reading, node, "module", &match->modules, &match->module_count) &&
           read_demand(reading, node, "project", &match->project) &&
           read_demand(reading, node, "model", &match->model);
}

static bool read_at(const Reading *reading, const YamlPair *pair)
{
    if (!pair)
        return true;
    return yaml_string(reading->yaml, pair->value, "`at`", &reading->match->at, reading->err) &&
           check_argument(reading, reading->match->at, pair->value->line, pair->value->column);
}

static bool read_operation_match(const Reading *reading, const YamlNode *node)
{
    static const char *const keys[] = {"operation", "argument", "at",        "field", "table",
                                       "database",  "state",    "migration", "app"};
    return yaml_keys(reading->yaml, node, keys, sizeof keys / sizeof *keys, reading->err) &&
           read_operations(reading, yaml_get(node, "operation")) &&
           read_arguments(reading, yaml_get(node, "argument")) &&
           read_at(reading, yaml_pair(node, "at")) &&
           read_field(reading, yaml_get(node, "field")) &&
           read_table(reading, yaml_get(node, "table")) &&
           read_demand(reading, node, "database", &reading->match->database) &&
           read_demand(reading, node, "state", &reading->match->state);
}

static bool read_import_match(const Reading *reading, const YamlNode *node)
{
    static const char *const keys[] = {"import", "migration", "app"};
    return yaml_keys(reading->yaml, node, keys, sizeof keys / sizeof *keys, reading->err) &&
           read_import(reading, yaml_get(node, "import"));
}

static bool read_template(const Reading *reading, const YamlNode *node, Template *out)
{
    static const char *const of_operation[] = {"app",   "migration", "operation",
                                               "model", "field",     "argument"};
    static const char *const of_import[] = {"app", "migration", "module", "name"};
    bool import = reading->match->import;
    Str text;
    return !node ||
           (yaml_string(reading->yaml, node, "a message", &text, reading->err) &&
            (str_find(text, '\n') == text.len ||
             yaml_error(reading->yaml, node, reading->err, "a message must be one line")) &&
            template_read(reading->yaml, node, text, import ? of_import : of_operation,
                          import ? 4 : 6, reading->arena, out, reading->err));
}

bool match_read(const Yaml *yaml, const YamlNode *rule, Arena *arena, const Match **out, Error *err)
{
    const YamlNode *node = yaml_get(rule, "match");
    Reading reading = {yaml, arena, err, arena_new(arena, Match)};
    *out = reading.match;
    if (!yaml_expect(yaml, node, "`match`", YAML_MAPPING, err))
        return false;
    bool operation = yaml_get(node, "operation"), import = yaml_get(node, "import");
    if (operation == import)
        return yaml_error(yaml, node, err, "`match` needs either `operation` or `import`");
    const YamlNode *message = yaml_get(rule, "message");
    return (operation ? read_operation_match : read_import_match)(&reading, node) &&
           read_migration(&reading, yaml_get(node, "migration")) &&
           read_texts(&reading, node, "app", &reading.match->apps, &reading.match->app_count) &&
           read_template(&reading, message ? message : yaml_get(rule, "summary"),
                         &reading.match->message) &&
           read_template(&reading, yaml_get(rule, "help"), &reading.match->help);
}
