#ifndef MIGRALINT_MODELS_SAME_H
#define MIGRALINT_MODELS_SAME_H

/*
 * Private to models/: a value as the autodetector has it when it compares, whatever way it was
 * written: names followed, members of enumerations their values, translated texts plain ones.
 */

#include "models/compare.h"
#include "models/read.h"

typedef enum PlainKind {
    PLAIN_UNKNOWN,
    PLAIN_NONE,
    PLAIN_NUMBER, /* True, 1, 1.0 and Decimal("1") are the same */
    PLAIN_STRING,
    PLAIN_BYTES,
    PLAIN_LIST,
    PLAIN_TUPLE,
    PLAIN_SET,
    PLAIN_DICT,       /* items: key, value, … */
    PLAIN_DEFINITION, /* a class or function at hand: module and index tell which */
    PLAIN_PATH,       /* something that is not at hand, by its dotted path */
    PLAIN_CALL,       /* of what is not one of the above; `ref` is the call */
} PlainKind;

typedef struct Plain {
    PlainKind kind;
    double number;
    Sym text; /* of a string, or the path */
    ValueRef ref;
    struct Plain *items;
    uint32_t count;
    bool open; /* a container that may hold more */
} Plain;

/* In the comparison's arena. */
Plain plain_value(const Comparison *comparison, ValueRef value);
Truth same_plain(const Comparison *comparison, const Plain *a, const Plain *b);

/* ---- enumerations.c ---- */
/* What a name like "Status.ACTIVE", "Status.choices" or "Status.ACTIVE.label" is, where the class
 * is an enumeration; false when it is nothing of the kind. */
bool enumeration_value(const Comparison *comparison, ValueRef name, Plain *out);
/* The choices that an enumeration class makes; false when it is none. */
bool enumeration_choices(const Comparison *comparison, ValueRef class_value, Plain *out);

#endif
