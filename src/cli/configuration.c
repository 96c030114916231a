#include "cli/cli.h"
#include "cli/toml.h"

#include "base/limits.h"
#include "base/reader.h"
#include "base/yaml.h"

/* One configuration file holds; the nearest above the target, never beyond the
 * top of a git work tree. */
typedef struct Source {
    const char *dir;  /* absolute */
    const char *path; /* as messages name it */
    Yaml file;
    const YamlNode *options; /* NULL: nothing set */
} Source;

static ReadResult read_text(const char *path, Arena *arena, Str *text, Error *err)
{
    DiskReader disk = {path[0] == '/' ? "" : "."};
    Reader reader = reader_disk(&disk);
    ReadResult result = reader.read(reader.self, str(path), LIMIT_YAML_BYTES, arena, text, err);
    if (result == READ_TOO_LARGE)
        error_set(err, "%s: larger than %d bytes", path, LIMIT_YAML_BYTES);
    return result;
}

static bool is_toml(const char *path)
{
    return str_ends(str(path), S(".toml"));
}

/* [tool.migralint] of pyproject.toml, the top level of any other TOML file. */
static const YamlNode *options_in_toml(const Source *source)
{
    if (!str_eq(str_tail(str(source->path), '/'), S("pyproject.toml")))
        return source->file.root;
    return yaml_get(yaml_get(source->file.root, "tool"), "migralint");
}

static bool parse(Source *source, Str text, Arena *arena, Error *err)
{
    bool ok = is_toml(source->path)
                  ? toml_parse(&source->file, str(source->path), text, arena, err)
                  : yaml_parse(&source->file, str(source->path), text, arena, err);
    if (ok)
        source->options = is_toml(source->path) ? options_in_toml(source) : source->file.root;
    return ok;
}

/* A pyproject.toml that others cannot read either stops us only if it means us. */
static bool tolerable(const Source *source, Str text)
{
    return is_toml(source->path) && !str_contains(text, S("tool.migralint"));
}

static bool look_in(Source *source, const char *here, Arena *arena, bool *found, Error *err)
{
    static const char *const names[] = {".migralint.yml", "pyproject.toml"};
    for (int i = 0; i < 2; i++) {
        Str text;
        Error why = {0};
        const char *path = path_join(arena, source->dir, names[i]);
        ReadResult result = read_text(path, arena, &text, &why);
        source->path = path_relative(arena, here, path);
        if (result == READ_ABSENT)
            continue;
        if (result != READ_OK)
            return error_set(err, "%s", why.text);
        if (!parse(source, text, arena, &why)) {
            if (!tolerable(source, text))
                return error_set(err, "%s", why.text);
            complain("warning: %s", why.text);
            continue;
        }
        *found = !i || source->options;
        if (*found)
            return true;
    }
    return true;
}

static bool look_above(Source *source, const Target *target, Arena *arena, bool *found, Error *err)
{
    *found = false;
    for (const char *at = target->real_root; at; at = path_parent(arena, at)) {
        source->dir = at;
        if (!look_in(source, target->here, arena, found, err))
            return false;
        if (*found || (target->in_git && !strcmp(at, target->top)))
            break;
    }
    return true;
}

static bool read_named(Source *source, const char *path, Arena *arena, Error *err)
{
    Str text, dir = str_head(str(path), '/');
    source->path = path;
    source->dir = dir.len ? arena_str(arena, dir).ptr : path[0] == '/' ? "/" : ".";
    ReadResult result = read_text(path, arena, &text, err);
    if (result == READ_ABSENT)
        return error_set(err, "%s: no such file", path);
    return result == READ_OK && parse(source, text, arena, err);
}

/* ---- from the file to settings ---- */

/* Patterns in a file count from its directory; the analysis may begin below. */
static const char *rebased_pattern(const Source *source, const Target *target, Str pattern,
                                   Arena *arena)
{
    size_t above = strlen(source->dir);
    Str below = str(target->real_root);
    below = str_starts(below, str(source->dir)) ? str_sub(below, above, below.len) : S("");
    if (below.len && below.ptr[0] == '/')
        below = str_sub(below, 1, below.len);
    Str prefix = arena_printf(arena, "%.*s/", STR_ARG(below));
    if (below.len && str_starts(pattern, prefix))
        pattern = str_sub(pattern, prefix.len, pattern.len);
    return arena_str(arena, pattern).ptr;
}

static Str rebased(const Source *source, const Target *target, OptionId id, Str text, Arena *arena)
{
    OptionKind kind = option_specs[id].kind;
    if (kind == OPTION_IS_PATTERNS || id == OPTION_PER_PATH_IGNORES)
        return str(rebased_pattern(source, target, text, arena));
    if (kind == OPTION_IS_PATHS && text.len && text.ptr[0] != '/')
        return str(path_join(arena, source->dir, arena_str(arena, text).ptr));
    return text;
}

static const char *place(Settings *settings, const Source *source, uint32_t line, uint32_t column)
{
    return arena_printf(&settings->arena, "%s:%u:%u", source->path, line, column).ptr;
}

static bool add_at(Settings *settings, const Source *source, const YamlNode *node, OptionId id,
                   Str value, Error *err)
{
    Error why = {0};
    OptionValue *to = &settings->values[id];
    if (!option_add(settings, id, value, &why))
        return yaml_error(&source->file, node, err, "%s", why.text);
    const char *at = place(settings, source, node->line, node->column);
    while (to->places.count < to->items.count)
        array_push(&to->places, at);
    return true;
}

/* {MG103: warning} and {"tests": [MG1, MG7]} become "key=a,b". */
static bool add_pairs(Settings *settings, const Source *source, const Target *target,
                      const YamlNode *node, OptionId id, Error *err)
{
    Arena *arena = &settings->arena;
    if (!yaml_expect(&source->file, node, option_specs[id].name, YAML_MAPPING, err))
        return false;
    for (uint32_t i = 0; i < node->count; i++) {
        const YamlPair *pair = &node->u.pairs[i];
        Str *items, key = rebased(source, target, id, pair->key, arena);
        uint32_t count;
        if (!yaml_strings(&source->file, pair->value, option_specs[id].name, arena, &items, &count,
                          err))
            return false;
        StrBuf text = {0};
        strbuf_printf(&text, "%.*s=", STR_ARG(key));
        for (uint32_t k = 0; k < count; k++)
            strbuf_printf(&text, "%s%.*s", k ? "," : "", STR_ARG(items[k]));
        bool ok = add_at(settings, source, pair->value, id, strbuf_str(&text), err);
        strbuf_free(&text);
        if (!ok)
            return false;
        if (id == OPTION_SEVERITY) /* the rule is the key */
            *array_last(&settings->values[id].places) =
                place(settings, source, pair->line, pair->column);
    }
    return true;
}

static bool add_list(Settings *settings, const Source *source, const Target *target,
                     const YamlNode *node, OptionId id, Error *err)
{
    Str *items;
    uint32_t count;
    if (!yaml_strings(&source->file, node, option_specs[id].name, &settings->arena, &items, &count,
                      err))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        Str text = rebased(source, target, id, items[i], &settings->arena);
        const YamlNode *item = node->kind == YAML_SEQUENCE ? node->u.items[i] : node;
        if (!add_at(settings, source, item, id, text, err))
            return false;
    }
    return true;
}

static bool add_single(Settings *settings, const Source *source, const YamlNode *node, OptionId id,
                       Error *err)
{
    bool on;
    Str text;
    if (!option_specs[id].argument) {
        if (!yaml_bool(&source->file, node, option_specs[id].name, &on, err))
            return false;
        return !on || option_add(settings, id, S("true"), err);
    }
    return yaml_string(&source->file, node, option_specs[id].name, &text, err) &&
           add_at(settings, source, node, id, text, err);
}

/* `format` speaks of check's formats; `status` has others. */
static bool applies(const Settings *settings, OptionId id)
{
    if (settings->values[id].origin == FROM_COMMAND_LINE)
        return false;
    if (settings->command == COMMAND_config)
        return true;
    if (id == OPTION_FORMAT)
        return settings->command == COMMAND_check;
    return option_specs[id].commands & 1u << settings->command;
}

static bool apply(Settings *settings, const Source *source, const Target *target,
                  const YamlPair *pair, OptionId id, Error *err)
{
    OptionValue *value = &settings->values[id];
    if (!applies(settings, id))
        return true;
    value->origin = FROM_FILE;
    value->where = place(settings, source, pair->line, pair->column);
    switch (option_specs[id].kind) {
    case OPTION_IS_PAIRS:
        return add_pairs(settings, source, target, pair->value, id, err);
    case OPTION_IS_LIST:
    case OPTION_IS_PATHS:
    case OPTION_IS_PATTERNS:
        return add_list(settings, source, target, pair->value, id, err);
    case OPTION_IS_FLAG:
    case OPTION_IS_VALUE:
        break;
    }
    return add_single(settings, source, pair->value, id, err);
}

static bool apply_all(Settings *settings, const Source *source, const Target *target, Error *err)
{
    const char *allowed[OPTION_COUNT];
    uint32_t count = 0;
    for (int i = 0; i < OPTION_COUNT; i++)
        if (option_specs[i].configurable)
            allowed[count++] = option_specs[i].name;
    if (!source->options)
        return true;
    if (!yaml_expect(&source->file, source->options, "the configuration", YAML_MAPPING, err) ||
        !yaml_keys(&source->file, source->options, allowed, count, err))
        return false;
    for (int i = 0; i < OPTION_COUNT; i++) {
        const YamlPair *pair = yaml_pair(source->options, option_specs[i].name);
        if (pair && !apply(settings, source, target, pair, (OptionId)i, err))
            return false;
    }
    return true;
}

bool configuration_read(Settings *settings, const Target *target, Error *err)
{
    Source source = {0};
    const char *named = option_value(settings, OPTION_CONFIG);
    bool found = true;
    if (option_on(settings, OPTION_ISOLATED))
        return true;
    if (named ? !read_named(&source, named, &settings->arena, err)
              : !look_above(&source, target, &settings->arena, &found, err))
        return false;
    return !found || apply_all(settings, &source, target, err);
}

bool configuration_find(Settings *settings, const Target *target, const char **path, Error *err)
{
    Source source = {0};
    bool found;
    if (!look_above(&source, target, &settings->arena, &found, err))
        return false;
    *path = found ? source.path : NULL;
    return true;
}
