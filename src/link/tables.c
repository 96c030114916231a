#include "link/tables.h"

#include "base/embedded.h"
#include "base/yaml.h"

#include <stdlib.h>

struct Tables {
    ContribApp *contrib; /* sorted by label */
    uint32_t contrib_count;
    /* Keys and lists are sorted by bytes, so that they are searched as they are. */
    const YamlNode *modules;    /* module → list of names */
    const YamlNode *known_apps; /* label → distribution */
    const YamlNode *fields;     /* path of a field class → what deconstruct() says of it */
};

static bool open_table(const char *path, Yaml *yaml, Arena *arena, Error *err)
{
    for (size_t i = 0; i < embedded_files_count; i++) {
        const EmbeddedFile *file = &embedded_files[i];
        if (!strcmp(file->path, path))
            return yaml_parse(yaml, str(path), (Str){(const char *)file->bytes, file->len}, arena,
                              err);
    }
    return error_set(err, "%s is not embedded", path);
}

static ContribKey read_key(Str text)
{
    Str prefix = S("swappable:");
    if (str_starts(text, prefix))
        return (ContribKey){.setting = str_sub(text, prefix.len, text.len)};
    size_t dot = str_find(text, '.');
    return (ContribKey){.app = str_sub(text, 0, dot), .name = str_sub(text, dot + 1, text.len)};
}

static bool read_migration(const Yaml *yaml, const YamlPair *pair, ContribMigration *out,
                           Arena *arena, Error *err)
{
    Str *keys;
    out->name = pair->key;
    if (!yaml_strings(yaml, pair->value, "dependencies", arena, &keys, &out->dependency_count, err))
        return false;
    out->dependencies = arena_array(arena, ContribKey, out->dependency_count);
    for (uint32_t i = 0; i < out->dependency_count; i++)
        out->dependencies[i] = read_key(keys[i]);
    return true;
}

static bool read_contrib_app(const Yaml *yaml, const YamlPair *pair, ContribApp *out, Arena *arena,
                             Error *err)
{
    const YamlNode *migrations = yaml_get(pair->value, "migrations");
    out->label = pair->key;
    if (!yaml_string(yaml, yaml_get(pair->value, "module"), "`module`", &out->module, err) ||
        !yaml_expect(yaml, migrations, "`migrations`", YAML_MAPPING, err))
        return false;
    out->migration_count = migrations->count;
    out->migrations = arena_array(arena, ContribMigration, migrations->count);
    for (uint32_t i = 0; i < migrations->count; i++)
        if (!read_migration(yaml, &migrations->u.pairs[i], &out->migrations[i], arena, err))
            return false;
    return true;
}

static bool read_contrib(Tables *tables, Arena *arena, Error *err)
{
    Yaml yaml;
    if (!open_table("data/contrib.yaml", &yaml, arena, err) ||
        !yaml_expect(&yaml, yaml.root, "the table", YAML_MAPPING, err))
        return false;
    tables->contrib_count = yaml.root->count;
    tables->contrib = arena_array(arena, ContribApp, yaml.root->count);
    for (uint32_t i = 0; i < yaml.root->count; i++)
        if (!read_contrib_app(&yaml, &yaml.root->u.pairs[i], &tables->contrib[i], arena, err))
            return false;
    return true;
}

static bool is_sorted_list(const Yaml *yaml, const YamlNode *list, Error *err)
{
    if (!yaml_expect(yaml, list, "names", YAML_SEQUENCE, err))
        return false;
    for (uint32_t i = 0; i < list->count; i++) {
        const YamlNode *item = list->u.items[i];
        if (!yaml_expect(yaml, item, "a name", YAML_SCALAR, err))
            return false;
        if (i && str_cmp(list->u.items[i - 1]->u.text, item->u.text) >= 0)
            return yaml_error(yaml, item, err, "`%.*s` is out of order", STR_ARG(item->u.text));
    }
    return true;
}

/* A mapping with its keys in order, of lists in order where `lists` says so. */
static bool open_sorted(const char *path, bool lists, const YamlNode **out, Arena *arena,
                        Error *err)
{
    Yaml yaml;
    if (!open_table(path, &yaml, arena, err) ||
        !yaml_expect(&yaml, yaml.root, "the table", YAML_MAPPING, err))
        return false;
    for (uint32_t i = 0; i < yaml.root->count; i++) {
        const YamlPair *pair = &yaml.root->u.pairs[i];
        if (i && str_cmp(pair[-1].key, pair->key) >= 0)
            return yaml_error_at(&yaml, pair->line, pair->column, err, "`%.*s` is out of order",
                                 STR_ARG(pair->key));
        if (lists && !is_sorted_list(&yaml, pair->value, err))
            return false;
    }
    *out = yaml.root;
    return true;
}

bool tables_known_modules(MemoryReader *out, Arena *arena, Error *err)
{
    Yaml yaml;
    if (!open_table("data/known-models.yaml", &yaml, arena, err) ||
        !yaml_expect(&yaml, yaml.root, "the table", YAML_MAPPING, err))
        return false;
    MemoryFile *files = arena_array(arena, MemoryFile, yaml.root->count);
    for (uint32_t i = 0; i < yaml.root->count; i++) {
        const YamlPair *pair = &yaml.root->u.pairs[i];
        files[i].path = pair->key;
        if (!yaml_string(&yaml, pair->value, "a module", &files[i].text, err))
            return false;
    }
    *out = (MemoryReader){files, yaml.root->count};
    return true;
}

const Tables *tables_load(Arena *arena, Error *err)
{
    Tables *tables = arena_new(arena, Tables);
    if (!read_contrib(tables, arena, err) ||
        !open_sorted("data/django-names.yaml", true, &tables->modules, arena, err) ||
        !open_sorted("data/known-apps.yaml", false, &tables->known_apps, arena, err) ||
        !open_sorted("data/fields.yaml", false, &tables->fields, arena, err))
        return NULL;
    return tables;
}

const ContribApp *tables_contrib(const Tables *tables, Str label)
{
    for (uint32_t i = 0; i < tables->contrib_count; i++)
        if (str_eq(tables->contrib[i].label, label))
            return &tables->contrib[i];
    return NULL;
}

static int by_text(const void *key, const void *item)
{
    const YamlNode *node = *(const YamlNode *const *)item;
    return str_cmp(*(const Str *)key, node->u.text);
}

static int by_key(const void *key, const void *item)
{
    return str_cmp(*(const Str *)key, ((const YamlPair *)item)->key);
}

static const YamlNode *find_key(const YamlNode *mapping, Str key)
{
    const YamlPair *pair = bsearch(&key, mapping->u.pairs, mapping->count, sizeof *pair, by_key);
    return pair ? pair->value : NULL;
}

bool tables_django_module_has(const Tables *tables, Str module, Str name, bool *module_known)
{
    const YamlNode *names = find_key(tables->modules, module);
    *module_known = names != NULL;
    if (!names)
        return false;
    return str_starts(name, S("__")) ||
           bsearch(&name, names->u.items, names->count, sizeof *names->u.items, by_text);
}

bool tables_known_app(const Tables *tables, Str label)
{
    return find_key(tables->known_apps, label) != NULL;
}

static bool lists(const YamlNode *class, const char *key, Str keyword)
{
    const YamlNode *list = yaml_get(class, key);
    for (uint32_t i = 0; list && i < list->count; i++)
        if (str_eq(list->u.items[i]->u.text, keyword))
            return true;
    return false;
}

static Literal literal_of(const YamlNode *node)
{
    if (node->kind == YAML_SEQUENCE)
        return (Literal){.kind = LITERAL_EMPTY_LIST};
    if (yaml_is_null(node))
        return (Literal){.kind = LITERAL_NONE};
    Str text = node->u.text;
    int64_t number;
    if (node->plain && (str_eq(text, S("true")) || str_eq(text, S("false"))))
        return (Literal){.kind = LITERAL_BOOL, .number = str_eq(text, S("true"))};
    Yaml nowhere = {0};
    Error ignored;
    if (node->plain && yaml_integer(&nowhere, node, "", &number, &ignored))
        return (Literal){.kind = LITERAL_INT, .number = number};
    return (Literal){.kind = LITERAL_TEXT, .text = text};
}

FieldKeyword tables_field_keyword(const Tables *tables, Str class_path, Str keyword,
                                  Literal *otherwise)
{
    enum { DEEPEST = 8 };
    Str root = S("django.db.models.Field"), path = class_path;
    char name[64];
    if (keyword.len >= sizeof name)
        return KEYWORD_UNKNOWN;
    memcpy(name, keyword.ptr, keyword.len);
    name[keyword.len] = 0;
    for (int depth = 0; depth < DEEPEST; depth++) {
        const YamlNode *class = find_key(tables->fields, path);
        const YamlNode *value = yaml_get(yaml_get(class, "keywords"), name);
        if (value)
            *otherwise = literal_of(value);
        if (value || lists(class, "unset", keyword) || lists(class, "ignored", keyword))
            return value ? lists(class, "flags", keyword) ? KEYWORD_FLAG : KEYWORD_DEFAULT
                   : lists(class, "unset", keyword) ? KEYWORD_UNSET
                                                    : KEYWORD_IGNORED;
        if (str_eq(path, root))
            break;
        const YamlNode *base = yaml_get(class, "base");
        path = base ? base->u.text : root;
    }
    return KEYWORD_UNKNOWN;
}
