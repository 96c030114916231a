#ifndef MIGRALINT_RULES_CONDITION_H
#define MIGRALINT_RULES_CONDITION_H

/* What a rule demands of one value: "absent", {is: dotted.path}, {equals: 3}, … */

#include "base/truth.h"
#include "base/yaml.h"
#include "link/project.h"

typedef enum ConditionKind {
    CONDITION_ABSENT,  /* not written */
    CONDITION_PRESENT, /* written, whatever it is */
    CONDITION_NONE,    /* not written, or None */
    CONDITION_IS,      /* a name with one of these dotted paths (globs) */
    CONDITION_CALLS,   /* a call of such a name */
    CONDITION_EQUALS,  /* this literal */
    CONDITION_MATCHES, /* a text that matches one of these globs, ignoring case */
    CONDITION_KIND,    /* one of these kinds of value */
    CONDITION_NOT,
    CONDITION_ANY,
    CONDITION_ALL,
} ConditionKind;

typedef struct Literal {
    ValueKind kind; /* VALUE_NONE, VALUE_BOOL, VALUE_INT or VALUE_STRING */
    bool boolean;
    int64_t integer;
    Str text;
} Literal;

typedef struct Condition Condition;
struct Condition {
    ConditionKind kind;
    uint32_t count;
    Str *texts;       /* IS, CALLS, MATCHES */
    unsigned kinds;   /* KIND: bits by ValueKind */
    Literal literal;  /* EQUALS */
    Condition *parts; /* NOT (one), ANY, ALL */
};

/* A value where it is used: what an argument that is not written stands for
 * may be known. */
typedef struct Subject {
    const Module *module;
    const Interner *interner;
    ValueId value;            /* VALUE_ABSENT: not written, as far as can be seen */
    Truth given;              /* whether it is written */
    const Literal *otherwise; /* what holds when it is not; NULL: not known */
} Subject;

bool condition_read(const Yaml *yaml, const YamlNode *node, const char *what, Arena *arena,
                    Condition *out, Error *err);
Truth condition_test(const Condition *condition, const Subject *subject);

/* Whether `text` matches the pattern, in which '*' stands for any characters. */
bool glob_match(Str pattern, Str text);
/* The same with letters of either case alike. */
bool glob_match_folded(Str pattern, Str text);

#endif
