#include "rules/load.h"

#include "rules/checks.h"
#include "rules/match.h"

static const char *const rule_keys[] = {
    "code", "name", "category", "severity", "opt_in", "since", "summary", "message",
    "help", "why",  "fix",      "links",    "match",  "check", "bad",     "good",
};

static const char *const categories[] = {"files",   "graph",   "state", "drift",  "branches",
                                         "applied", "rollout", "data",  "squash", "linter"};

typedef struct Reading {
    const Yaml *yaml;
    Arena *arena;
    Error *err;
} Reading;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool rule_is_ours(Str code)
{
    return code.len == 5 && str_starts(code, S("MG")) && is_digit(code.ptr[2]) &&
           is_digit(code.ptr[3]) && is_digit(code.ptr[4]);
}

/* Two to eight capitals, one to four digits; MG only as ours. */
static bool is_code(Str code)
{
    size_t letters = 0;
    while (letters < code.len && code.ptr[letters] >= 'A' && code.ptr[letters] <= 'Z')
        letters++;
    size_t digits = letters;
    while (digits < code.len && is_digit(code.ptr[digits]))
        digits++;
    bool shaped = digits == code.len && letters >= 2 && letters <= 8 && digits > letters &&
                  digits - letters <= 4;
    return shaped && (letters != 2 || !str_starts(code, S("MG")) || rule_is_ours(code));
}

static bool is_word(Str name)
{
    bool good = name.len && name.len <= 64 && name.ptr[0] != '-' && name.ptr[name.len - 1] != '-';
    for (size_t i = 0; good && i < name.len; i++)
        good = (name.ptr[i] >= 'a' && name.ptr[i] <= 'z') || is_digit(name.ptr[i]) ||
               name.ptr[i] == '-';
    return good;
}

/* An error at the key's value, or at the rule's start where it is missing. */
static bool text_of(const Reading *reading, const YamlNode *rule, const char *key, bool needed,
                    Str *out)
{
    const YamlNode *node = yaml_get(rule, key);
    char what[32] = "`";
    if (!node && needed)
        return yaml_error(reading->yaml, rule, reading->err, "`%s` is missing", key);
    strncat(what, key, sizeof what - 3);
    strcat(what, "`");
    if (!node)
        return true;
    return yaml_string(reading->yaml, node, what, out, reading->err) &&
           (out->len || yaml_error(reading->yaml, node, reading->err, "%s is empty", what));
}

static bool read_identity(const Reading *reading, const YamlNode *rule, Rule *out)
{
    if (!text_of(reading, rule, "code", true, &out->code) ||
        !text_of(reading, rule, "name", true, &out->name))
        return false;
    if (!is_code(out->code))
        return yaml_error(reading->yaml, yaml_get(rule, "code"), reading->err,
                          "`%.*s` is no code: two to eight capitals and one to four digits, MG "
                          "being migralint's own",
                          STR_ARG(out->code));
    return is_word(out->name) ||
           yaml_error(reading->yaml, yaml_get(rule, "name"), reading->err,
                      "`%.*s` is no name: small letters, digits and hyphens", STR_ARG(out->name));
}

static bool read_category(const Reading *reading, const YamlNode *rule, bool ours, Rule *out)
{
    enum { COUNT = sizeof categories / sizeof *categories };
    out->category = S("team");
    if (!text_of(reading, rule, "category", ours, &out->category))
        return false;
    for (int i = 0; i < COUNT; i++)
        if (str_eq(out->category, str(categories[i])))
            return true;
    const YamlNode *node = yaml_get(rule, "category");
    Str near = yaml_nearest(out->category, categories, COUNT);
    if (!ours && (is_word(out->category) && (!near.len || !node)))
        return true;
    return yaml_error(reading->yaml, node, reading->err, "unknown category `%.*s`%s%.*s%s",
                      STR_ARG(out->category), near.len ? "; did you mean `" : "", STR_ARG(near),
                      near.len ? "`?" : "");
}

static bool read_severity(const Reading *reading, const YamlNode *rule, Rule *out)
{
    static const char *const names[] = {"info", "warning", "error"};
    Str word;
    if (!text_of(reading, rule, "severity", true, &word))
        return false;
    if (severity_from(word, &out->severity) && out->severity != SEVERITY_OFF)
        return true;
    Str near = yaml_nearest(word, names, 3);
    return yaml_error(reading->yaml, yaml_get(rule, "severity"), reading->err,
                      "`severity` must be error, warning or info, not `%.*s`%s%.*s%s",
                      STR_ARG(word), near.len ? "; did you mean `" : "", STR_ARG(near),
                      near.len ? "`?" : "");
}

static bool read_texts(const Reading *reading, const YamlNode *rule, bool ours, Rule *out)
{
    const YamlNode *opt_in = yaml_get(rule, "opt_in"), *links = yaml_get(rule, "links");
    return text_of(reading, rule, "since", ours, &out->since) &&
           text_of(reading, rule, "summary", true, &out->summary) &&
           (str_find(out->summary, '\n') == out->summary.len ||
            yaml_error(reading->yaml, yaml_get(rule, "summary"), reading->err,
                       "`summary` must be one line")) &&
           text_of(reading, rule, "why", ours, &out->why) &&
           text_of(reading, rule, "fix", ours, &out->fix) &&
           (!opt_in || yaml_bool(reading->yaml, opt_in, "`opt_in`", &out->opt_in, reading->err)) &&
           (!links || yaml_strings(reading->yaml, links, "`links`", reading->arena, &out->links,
                                   &out->link_count, reading->err));
}

static bool read_check(const Reading *reading, const YamlNode *rule, Rule *out)
{
    Str word;
    out->kind = RULE_CHECK;
    if (!text_of(reading, rule, "check", true, &word))
        return false;
    for (int i = 0; i < CHECK_COUNT; i++)
        if (str_eq(word, str(check_names[i])))
            out->check = check_functions[i];
    if (out->check) {
        const YamlNode *message = yaml_get(rule, yaml_get(rule, "help") ? "help" : "message");
        return !message ||
               yaml_error(reading->yaml, message, reading->err,
                          "`message` and `help` go with `match`: a check words its own");
    }
    Str near = yaml_nearest(word, check_names, CHECK_COUNT);
    return yaml_error(reading->yaml, yaml_get(rule, "check"), reading->err,
                      "no check is called `%.*s`%s%.*s%s", STR_ARG(word),
                      near.len ? "; did you mean `" : "", STR_ARG(near), near.len ? "`?" : "");
}

static bool read_logic(const Reading *reading, const YamlNode *rule, Rule *out)
{
    bool match = yaml_get(rule, "match"), check = yaml_get(rule, "check");
    if (match == check)
        return yaml_error(reading->yaml, rule, reading->err,
                          match ? "a rule has `match` or `check`, not both"
                                : "a rule needs `match` or `check`");
    out->kind = RULE_MATCH;
    return check ? read_check(reading, rule, out)
                 : match_read(reading->yaml, rule, reading->arena, &out->match, reading->err);
}

/* What stands before the examples: `bad:` and `good:` come last in our own files. */
static Str before_examples(Str text)
{
    Str key = S("\nbad:");
    const char *at = memmem(text.ptr, text.len, key.ptr, key.len);
    return at ? str_sub(text, 0, (size_t)(at - text.ptr) + 1) : text;
}

bool rule_read(Str path, Str text, bool examples, Arena *arena, Rule *out, Error *err)
{
    Yaml yaml;
    *out = (Rule){0};
    if (!examples)
        text = before_examples(text);
    if (!yaml_parse(&yaml, path, text, arena, err))
        return false;
    Reading reading = {&yaml, arena, err};
    const YamlNode *rule = yaml.root;
    out->path = yaml.path;
    return yaml_expect(&yaml, rule, "a rule", YAML_MAPPING, err) &&
           yaml_keys(&yaml, rule, rule_keys, sizeof rule_keys / sizeof *rule_keys, err) &&
           read_identity(&reading, rule, out) &&
           read_category(&reading, rule, rule_is_ours(out->code), out) &&
           read_severity(&reading, rule, out) &&
           read_texts(&reading, rule, rule_is_ours(out->code), out) &&
           read_logic(&reading, rule, out) &&
           (!examples || examples_read(&yaml, rule, arena, out, err));
}
