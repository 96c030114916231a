#include "rules/condition.h"

#include <stdio.h>
#include <stdlib.h>

static const struct Kind {
    const char *name;
    unsigned bits;
} kinds[] = {
    {"none", 1u << VALUE_NONE},
    {"boolean", 1u << VALUE_BOOL},
    {"number", 1u << VALUE_INT | 1u << VALUE_FLOAT},
    {"string", 1u << VALUE_STRING},
    {"bytes", 1u << VALUE_BYTES},
    {"list", 1u << VALUE_LIST},
    {"tuple", 1u << VALUE_TUPLE},
    {"set", 1u << VALUE_SET},
    {"dict", 1u << VALUE_DICT},
    {"name", 1u << VALUE_NAME},
    {"call", 1u << VALUE_CALL},
    {"function", 1u << VALUE_FUNCTION},
    {"class", 1u << VALUE_CLASS},
};
enum { KIND_COUNT = sizeof kinds / sizeof *kinds };

static bool read_kind(const Yaml *yaml, const YamlNode *node, Str word, unsigned *bits, Error *err)
{
    const char *names[KIND_COUNT];
    for (uint32_t i = 0; i < KIND_COUNT; i++) {
        names[i] = kinds[i].name;
        if (str_eq(word, str(kinds[i].name))) {
            *bits |= kinds[i].bits;
            return true;
        }
    }
    Str near = yaml_nearest(word, names, KIND_COUNT);
    return yaml_error(yaml, node, err, "`%.*s` is no kind of value%s%.*s%s", STR_ARG(word),
                      near.len ? "; did you mean `" : "", STR_ARG(near), near.len ? "`?" : "");
}

static bool read_kinds(const Yaml *yaml, const YamlNode *node, Arena *arena, Condition *out,
                       Error *err)
{
    Str *words;
    uint32_t count;
    out->kind = CONDITION_KIND;
    if (!yaml_strings(yaml, node, "`kind`", arena, &words, &count, err))
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (!read_kind(yaml, node, words[i], &out->kinds, err))
            return false;
    return true;
}

static bool read_literal(const Yaml *yaml, const YamlNode *node, Literal *out, Error *err)
{
    bool flag;
    int64_t number;
    *out = (Literal){.kind = VALUE_NONE};
    if (yaml_is_null(node))
        return true;
    if (node->kind != YAML_SCALAR)
        return yaml_error(yaml, node, err,
                          "`equals` must be a text, a number, true, false or null");
    if (yaml_bool(yaml, node, "", &flag, NULL))
        *out = (Literal){.kind = VALUE_BOOL, .boolean = flag};
    else if (yaml_integer(yaml, node, "", &number, NULL))
        *out = (Literal){.kind = VALUE_INT, .integer = number};
    else
        *out = (Literal){.kind = VALUE_STRING, .text = node->u.text};
    return true;
}

static bool read_globs(const Yaml *yaml, const YamlPair *pair, ConditionKind kind, Arena *arena,
                       Condition *out, Error *err)
{
    char what[32];
    snprintf(what, sizeof what, "`%.*s`", STR_ARG(pair->key));
    out->kind = kind;
    return yaml_strings(yaml, pair->value, what, arena, &out->texts, &out->count, err);
}

/* One `key: …` of a condition in mapping form. */
static bool read_pair(const Yaml *yaml, const YamlPair *pair, Arena *arena, Condition *out,
                      Error *err)
{
    if (str_eq(pair->key, S("is")))
        return read_globs(yaml, pair, CONDITION_IS, arena, out, err);
    if (str_eq(pair->key, S("calls")))
        return read_globs(yaml, pair, CONDITION_CALLS, arena, out, err);
    if (str_eq(pair->key, S("matches")))
        return read_globs(yaml, pair, CONDITION_MATCHES, arena, out, err);
    if (str_eq(pair->key, S("kind")))
        return read_kinds(yaml, pair->value, arena, out, err);
    if (str_eq(pair->key, S("equals"))) {
        out->kind = CONDITION_EQUALS;
        return read_literal(yaml, pair->value, &out->literal, err);
    }
    out->kind = CONDITION_NOT;
    out->count = 1;
    out->parts = arena_new(arena, Condition);
    return condition_read(yaml, pair->value, "`not`", arena, out->parts, err);
}

static bool read_mapping(const Yaml *yaml, const YamlNode *node, const char *what, Arena *arena,
                         Condition *out, Error *err)
{
    static const char *const keys[] = {"is", "calls", "equals", "matches", "kind", "not"};
    if (!yaml_keys(yaml, node, keys, sizeof keys / sizeof *keys, err))
        return false;
    if (!node->count)
        return yaml_error(yaml, node, err, "%s demands nothing", what);
    out->kind = CONDITION_ALL;
    out->count = node->count;
    out->parts = arena_array(arena, Condition, node->count);
    for (uint32_t i = 0; i < node->count; i++)
        if (!read_pair(yaml, &node->u.pairs[i], arena, &out->parts[i], err))
            return false;
    return true;
}

static bool read_list(const Yaml *yaml, const YamlNode *node, const char *what, Arena *arena,
                      Condition *out, Error *err)
{
    if (!node->count)
        return yaml_error(yaml, node, err, "%s allows nothing", what);
    out->kind = CONDITION_ANY;
    out->count = node->count;
    out->parts = arena_array(arena, Condition, node->count);
    for (uint32_t i = 0; i < node->count; i++)
        if (!condition_read(yaml, node->u.items[i], what, arena, &out->parts[i], err))
            return false;
    return true;
}

static bool read_word(const Yaml *yaml, const YamlNode *node, const char *what, Condition *out,
                      Error *err)
{
    static const char *const words[] = {"absent", "present", "none"};
    for (uint32_t i = 0; i < 3; i++)
        if (str_eq(node->u.text, str(words[i]))) {
            out->kind = (ConditionKind)(CONDITION_ABSENT + i);
            return true;
        }
    out->kind = CONDITION_EQUALS;
    bool literal = read_literal(yaml, node, &out->literal, err);
    if (literal && out->literal.kind != VALUE_STRING && !yaml_is_null(node))
        return true;
    Str near = yaml_nearest(node->u.text, words, 3);
    return yaml_error(yaml, node, err,
                      "%s must be absent, present, none, true, false, a number or a mapping such "
                      "as {equals: …}, not `%.*s`%s%.*s%s",
                      what, STR_ARG(node->u.text), near.len ? "; did you mean `" : "",
                      STR_ARG(near), near.len ? "`?" : "");
}

bool condition_read(const Yaml *yaml, const YamlNode *node, const char *what, Arena *arena,
                    Condition *out, Error *err)
{
    *out = (Condition){0};
    switch (node->kind) {
    case YAML_MAPPING:
        return read_mapping(yaml, node, what, arena, out, err);
    case YAML_SEQUENCE:
        return read_list(yaml, node, what, arena, out, err);
    default:
        return read_word(yaml, node, what, out, err);
    }
}
