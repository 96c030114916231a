#ifndef MIGRALINT_LINK_TABLES_H
#define MIGRALINT_LINK_TABLES_H

/*
 * Facts about Django that are data: the files of rules/data/, embedded at build time.
 * Everything is in the arena given to tables_load().
 */

#include "base/reader.h"

/* A dependency as Django writes it: a key, or a swappable one with `setting`. */
typedef struct ContribKey {
    Str app, name;
    Str setting; /* "AUTH_USER_MODEL", empty for a key */
} ContribKey;

typedef struct ContribMigration {
    Str name;
    ContribKey *dependencies;
    uint32_t dependency_count;
} ContribMigration;

typedef struct ContribApp {
    Str label, module;            /* "auth", "django.contrib.auth" */
    ContribMigration *migrations; /* sorted by name */
    uint32_t migration_count;
} ContribApp;

typedef struct Tables Tables;

/* NULL with *err when an embedded table is wrong (a test sees to it that none is). */
const Tables *tables_load(Arena *arena, Error *err);

/* The contrib app of that label, or NULL. */
const ContribApp *tables_contrib(const Tables *tables, Str label);

/* Whether some version of Django has that name in that module (sub-modules and
 * names with two leading underscores count). `*module_known` says whether the tables know the
 * module at all. */
bool tables_django_module_has(const Tables *tables, Str module, Str name, bool *module_known);

/* What deconstruct() says of a keyword of a field class ("django.db.models.SlugField"). */
typedef enum FieldKeyword {
    KEYWORD_UNKNOWN, /* the class does not take it */
    KEYWORD_DEFAULT, /* not given is the same as `*otherwise` */
    KEYWORD_FLAG,    /* the same, and only its truth counts */
    KEYWORD_UNSET,   /* not given is different from every value */
    KEYWORD_IGNORED, /* never said, or compared in another way */
} FieldKeyword;
typedef struct Literal {
    enum { LITERAL_NONE, LITERAL_BOOL, LITERAL_INT, LITERAL_TEXT, LITERAL_EMPTY_LIST } kind;
    int64_t number; /* of a bool, too */
    Str text;
} Literal;
FieldKeyword tables_field_keyword(const Tables *tables, Str class_path, Str keyword,
                                  Literal *otherwise);

/* Python sources that stand for packages that are not at hand, by path ("model_utils/models.py"):
 * what their classes add to models. Everything is in `arena`. */
bool tables_known_modules(MemoryReader *out, Arena *arena, Error *err);

/* Whether the label is that of a well-known third-party app. */
bool tables_known_app(const Tables *tables, Str label);

#endif
