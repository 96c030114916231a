#include "rules/examples.h"
#include "base/array.h"
#include "rules/load.h"

#include <stdlib.h>

enum { MOST_FILES = 256 };

typedef struct Reading {
    const Yaml *yaml;
    Arena *arena;
    Error *err;
} Reading;

typedef struct Draft {
    Array(MemoryFile) files;
    Array(Expectation) expected;
} Draft;

/* --- "# expect" ----------------------------------------------------------- */

static Str trim(Str text)
{
    while (text.len && (text.ptr[0] == ' ' || text.ptr[0] == '\t'))
        text = str_sub(text, 1, text.len);
    while (text.len && strchr(" \t\r", text.ptr[text.len - 1]))
        text.len--;
    return text;
}

bool example_marker(Str line, size_t *start, Str *text)
{
    Str rest = line;
    for (size_t at; (at = str_find(rest, '#')) < rest.len;) {
        size_t hash = (size_t)(rest.ptr - line.ptr) + at;
        rest = str_sub(rest, at + 1, rest.len);
        Str word = trim(rest);
        if (!str_starts(word, S("expect")))
            continue;
        Str behind = str_sub(word, strlen("expect"), word.len);
        if (behind.len && behind.ptr[0] != ':')
            continue;
        *start = hash;
        *text = trim(str_sub(behind, 1, behind.len));
        return true;
    }
    return false;
}

static void expect_marked(const Reading *reading, Draft *draft, Str path, Str text)
{
    uint32_t number = 0;
    for (Str rest = text; rest.ptr;) {
        size_t start;
        Str line = str_cut(&rest, '\n'), wanted;
        number++;
        if (example_marker(line, &start, &wanted))
            array_push(&draft->expected,
                       (Expectation){path, number, arena_str(reading->arena, wanted)});
    }
}

/* --- files ---------------------------------------------------------------- */

static bool path_is_inside(Str path)
{
    for (Str rest = path; rest.ptr;) {
        Str part = str_cut(&rest, '/');
        if (!part.len || str_eq(part, S(".")) || str_eq(part, S("..")))
            return false;
    }
    return path.len > 0;
}

static void put_file(const Reading *reading, Draft *draft, Str path, Str text)
{
    for (uint32_t i = 0; i < draft->files.count; i++)
        if (str_eq(draft->files.items[i].path, path)) {
            draft->files.items[i].text = text;
            return;
        }
    (void)reading;
    array_push(&draft->files, (MemoryFile){path, text});
}

static bool read_files(const Reading *reading, const YamlNode *node, Draft *draft)
{
    if (!yaml_expect(reading->yaml, node, "`files`", YAML_MAPPING, reading->err))
        return false;
    if (node->count > MOST_FILES)
        return yaml_error(reading->yaml, node, reading->err, "more than %d files", MOST_FILES);
    for (uint32_t i = 0; i < node->count; i++) {
        const YamlPair *pair = &node->u.pairs[i];
        Str text = {0};
        if (!path_is_inside(pair->key))
            return yaml_error_at(reading->yaml, pair->line, pair->column, reading->err,
                                 "`%.*s` is no path inside the project", STR_ARG(pair->key));
        if (!yaml_is_null(pair->value) &&
            !yaml_string(reading->yaml, pair->value, "a file's text", &text, reading->err))
            return false;
        put_file(reading, draft, pair->key, text.ptr ? text : S(""));
    }
    return true;
}

static Str indented(Arena *arena, Str text)
{
    StrBuf out = {0};
    for (Str rest = text; rest.len;) {
        Str line = str_cut(&rest, '\n');
        if (line.len)
            strbuf_add(&out, S("        "));
        strbuf_add(&out, line);
        strbuf_byte(&out, '\n');
    }
    Str done = arena_str(arena, strbuf_str(&out));
    strbuf_free(&out);
    return done;
}

static void put_default(const Reading *reading, Draft *draft)
{
    for (uint32_t i = 0; i < example_project_count; i++)
        put_file(reading, draft, example_project[i].path, example_project[i].text);
}

static void put_operations(const Reading *reading, Draft *draft, Str operations)
{
    Str lines = indented(reading->arena, operations);
    Str text = arena_printf(reading->arena, "%.*s%.*s%.*s", STR_ARG(example_before_operations),
                            STR_ARG(lines), STR_ARG(example_after_operations));
    put_default(reading, draft);
    put_file(reading, draft, example_migration_path, text);
}

/* --- one example ---------------------------------------------------------- */

static bool read_expectation(const Reading *reading, const YamlNode *node, Draft *draft)
{
    static const char *const keys[] = {"path", "line", "text"};
    Expectation expected = {.text = S("")};
    int64_t line = 0;
    const YamlNode *number = yaml_get(node, "line"), *text = yaml_get(node, "text");
    if (!yaml_expect(reading->yaml, node, "an expectation", YAML_MAPPING, reading->err) ||
        !yaml_keys(reading->yaml, node, keys, 3, reading->err) ||
        !yaml_string(reading->yaml, yaml_get(node, "path"), "`path` of an expectation",
                     &expected.path, reading->err) ||
        (number && !yaml_integer(reading->yaml, number, "`line`", &line, reading->err)) ||
        (text && !yaml_string(reading->yaml, text, "`text`", &expected.text, reading->err)))
        return false;
    if (line < 0 || line > INT32_MAX)
        return yaml_error(reading->yaml, number, reading->err, "`line` must not be negative");
    expected.line = (uint32_t)line;
    array_push(&draft->expected, expected);
    return true;
}

static bool read_expect(const Reading *reading, const YamlNode *node, Draft *draft)
{
    if (!node)
        return true;
    if (!yaml_expect(reading->yaml, node, "`expect`", YAML_SEQUENCE, reading->err))
        return false;
    for (uint32_t i = 0; i < node->count; i++)
        if (!read_expectation(reading, node->u.items[i], draft))
            return false;
    return true;
}

static bool read_body(const Reading *reading, const YamlNode *node, Draft *draft, Example *out)
{
    const YamlNode *operations = yaml_get(node, "operations");
    const YamlNode *migration = yaml_get(node, "migration"), *files = yaml_get(node, "files");
    if ((operations && migration) || (!operations && !migration && !files))
        return yaml_error(reading->yaml, node, reading->err,
                          "an example has `operations`, `migration` or `files`");
    if (operations) {
        if (!yaml_string(reading->yaml, operations, "`operations`", &out->shown, reading->err))
            return false;
        put_operations(reading, draft, out->shown);
    } else if (migration) {
        if (!yaml_string(reading->yaml, migration, "`migration`", &out->shown, reading->err))
            return false;
        put_default(reading, draft);
        put_file(reading, draft, example_migration_path, out->shown);
    }
    return !files || read_files(reading, files, draft);
}

/* ---- another branch ------------------------------------------------------- */

static void drop_file(Draft *draft, Str path)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < draft->files.count; i++)
        if (!str_eq(draft->files.items[i].path, path))
            draft->files.items[kept++] = draft->files.items[i];
    draft->files.count = kept;
}

/* The files as they are, but for what `key` says: another text, or none. */
static bool read_version(const Reading *reading, const YamlNode *example, const char *key,
                         Draft *draft, MemoryFile **files, uint32_t *count)
{
    const YamlNode *node = yaml_get(example, key);
    if (node && !read_files(reading, node, draft))
        return false;
    for (uint32_t i = 0; node && i < node->count; i++)
        if (yaml_is_null(node->u.pairs[i].value))
            drop_file(draft, node->u.pairs[i].key);
    *files = arena_array(reading->arena, MemoryFile, draft->files.count + 1);
    *count = draft->files.count;
    for (uint32_t i = 0; i < draft->files.count; i++)
        (*files)[i] = draft->files.items[i];
    return true;
}

static bool read_branch(const Reading *reading, const YamlNode *node, const Draft *draft,
                        Example *out)
{
    Draft version = {0};
    if (!yaml_get(node, "fork") && !yaml_get(node, "theirs"))
        return true;
    for (uint32_t i = 0; i < draft->files.count; i++)
        array_push(&version.files, draft->files.items[i]);
    bool ok = read_version(reading, node, "fork", &version, &out->fork, &out->fork_count) &&
              read_version(reading, node, "theirs", &version, &out->theirs, &out->theirs_count);
    array_free(&version.files);
    return ok;
}

/* ---- version control ------------------------------------------------------ */

static bool read_paths(const Reading *reading, const YamlNode *example, const char *key,
                       Str **paths, uint32_t *count)
{
    const YamlNode *node = yaml_get(example, key);
    if (!node)
        return true;
    if (!yaml_expect(reading->yaml, node, key, YAML_SEQUENCE, reading->err))
        return false;
    *paths = arena_array(reading->arena, Str, node->count + 1);
    for (*count = 0; *count < node->count; ++*count)
        if (!yaml_string(reading->yaml, node->u.items[*count], "a path", &(*paths)[*count],
                         reading->err))
            return false;
    return true;
}

static bool read_tracking(const Reading *reading, const YamlNode *node, Example *out)
{
    return read_paths(reading, node, "ignored", &out->ignored, &out->ignored_count) &&
           read_paths(reading, node, "untracked", &out->untracked, &out->untracked_count);
}

static bool read_mapping(const Reading *reading, const YamlNode *node, Draft *draft, Example *out)
{
    static const char *const keys[] = {"name",   "operations", "migration", "files", "fork",
                                       "theirs", "ignored",    "untracked", "expect"};
    const YamlNode *name = yaml_get(node, "name");
    return yaml_expect(reading->yaml, node, "an example", YAML_MAPPING, reading->err) &&
           yaml_keys(reading->yaml, node, keys, 9, reading->err) &&
           (!name || yaml_string(reading->yaml, name, "`name`", &out->name, reading->err)) &&
           read_body(reading, node, draft, out) && read_branch(reading, node, draft, out) &&
           read_tracking(reading, node, out) &&
           read_expect(reading, yaml_get(node, "expect"), draft);
}

static bool read_draft(const Reading *reading, const YamlNode *node, Draft *draft, Example *out)
{
    if (node->kind == YAML_SCALAR) {
        if (!yaml_string(reading->yaml, node, "an example", &out->shown, reading->err))
            return false;
        put_operations(reading, draft, out->shown);
    } else if (!read_mapping(reading, node, draft, out)) {
        return false;
    }
    for (uint32_t i = 0; i < draft->files.count; i++)
        expect_marked(reading, draft, draft->files.items[i].path, draft->files.items[i].text);
    if (out->bad && !draft->expected.count)
        return yaml_error(reading->yaml, node, reading->err,
                          "this bad example marks no line with `# expect`");
    if (!out->bad && draft->expected.count)
        return yaml_error(reading->yaml, node, reading->err,
                          "a good example expects nothing, but one of its lines says `# expect`");
    return true;
}

static bool read_example(const Reading *reading, const YamlNode *node, Example *out)
{
    Draft draft = {0};
    out->line = node->line;
    bool good = read_draft(reading, node, &draft, out);
    out->files = arena_keep(reading->arena, MemoryFile, draft.files.items, draft.files.count);
    out->file_count = draft.files.count;
    out->expectations =
        arena_keep(reading->arena, Expectation, draft.expected.items, draft.expected.count);
    out->expectation_count = draft.expected.count;
    array_free(&draft.files);
    array_free(&draft.expected);
    return good;
}

static bool read_list(const Reading *reading, const YamlNode *rule, const char *key, Rule *out)
{
    const YamlNode *list = yaml_get(rule, key);
    if (!list)
        return yaml_error(reading->yaml, rule, reading->err,
                          "`%s` is missing: a rule has at least one bad and one good example", key);
    if (list->kind != YAML_SEQUENCE || !list->count)
        return yaml_error(reading->yaml, list, reading->err, "`%s` must be a list of examples",
                          key);
    for (uint32_t i = 0; i < list->count; i++) {
        Example *example = &out->examples[out->example_count++];
        example->bad = !strcmp(key, "bad");
        if (!read_example(reading, list->u.items[i], example))
            return false;
    }
    return true;
}

bool examples_read(const Yaml *yaml, const YamlNode *rule, Arena *arena, Rule *out, Error *err)
{
    Reading reading = {yaml, arena, err};
    const YamlNode *bad = yaml_get(rule, "bad"), *good = yaml_get(rule, "good");
    uint32_t most = (bad ? bad->count : 0) + (good ? good->count : 0);
    out->examples = arena_array(arena, Example, most);
    return read_list(&reading, rule, "bad", out) && read_list(&reading, rule, "good", out);
}
