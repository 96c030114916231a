#ifndef MIGRALINT_BASE_YAML_H
#define MIGRALINT_BASE_YAML_H

/*
 * YAML as data: bytes become a read-only tree in which everything knows where
 * it stands, so that every complaint about a rule, a table or a configuration
 * can say "file:line:column: text".
 *
 * Less than all of YAML, on purpose: one document, keys are plain texts and
 * stand once, no anchors, aliases or tags. Above LIMIT_YAML_BYTES or
 * LIMIT_YAML_DEPTH a file is refused. A byte order mark is skipped.
 *
 * Lines and columns are 1-based; columns count code points. Everything is in
 * the arena given; nothing points into the bytes.
 */

#include "base/arena.h"
#include "base/error.h"

typedef enum YamlKind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING } YamlKind;

typedef struct YamlNode YamlNode;
typedef struct YamlPair YamlPair;

struct YamlNode {
    YamlKind kind;
    bool plain; /* a scalar without quotes: may be a number, a bool or null */
    uint32_t line, column;
    uint32_t count; /* of items or pairs */
    union {
        Str text; /* YAML_SCALAR, NUL-terminated */
        const YamlNode *const *items;
        const YamlPair *pairs; /* in file order */
    } u;
};

struct YamlPair {
    Str key;
    uint32_t line, column; /* of the key */
    const YamlNode *value;
};

typedef struct Yaml {
    Str path;             /* as errors print it */
    const YamlNode *root; /* NULL: nothing in the file */
} Yaml;

/* False with *err when the text is refused. */
bool yaml_parse(Yaml *yaml, Str path, Str text, Arena *arena, Error *err);
/* The same of a file that other programs read: anchors and tags are passed over, an alias is the
 * plain text "*name". */
bool yaml_parse_foreign(Yaml *yaml, Str path, Str text, Arena *arena, Error *err);

/* The value or the pair of a key; NULL when it is absent or `node` is NULL or
 * no mapping. */
const YamlNode *yaml_get(const YamlNode *node, const char *key);
const YamlPair *yaml_pair(const YamlNode *node, const char *key);
/* `~`, `null` or nothing at all. */
bool yaml_is_null(const YamlNode *node);

/* Sets "path:line:column: text" and returns false. */
bool yaml_error(const Yaml *yaml, const YamlNode *node, Error *err, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
bool yaml_error_at(const Yaml *yaml, uint32_t line, uint32_t column, Error *err, const char *format,
                   ...) __attribute__((format(printf, 5, 6)));

/*
 * Typed readers. `what` names the thing in the error: "`severity`" gives
 * "`severity` must be a string, not a list". A string is any scalar but null.
 */
bool yaml_string(const Yaml *yaml, const YamlNode *node, const char *what, Str *out, Error *err);
bool yaml_bool(const Yaml *yaml, const YamlNode *node, const char *what, bool *out, Error *err);
bool yaml_integer(const Yaml *yaml, const YamlNode *node, const char *what, int64_t *out,
                  Error *err);
/* A list of strings, or one string alone. `*out` is in `arena`. */
bool yaml_strings(const Yaml *yaml, const YamlNode *node, const char *what, Arena *arena, Str **out,
                  uint32_t *count, Error *err);
bool yaml_expect(const Yaml *yaml, const YamlNode *node, const char *what, YamlKind kind,
                 Error *err);

/* The mapping has no other keys than these; what is nearly one of them gets a
 * "did you mean". */
bool yaml_keys(const Yaml *yaml, const YamlNode *mapping, const char *const *allowed,
               uint32_t count, Error *err);

/* The word nearest to `text` that a slip of the hand could explain, or empty. */
Str yaml_nearest(Str text, const char *const *words, uint32_t count);

#endif
