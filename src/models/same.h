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
    PLAIN_DURATION,   /* a timedelta: number of seconds */
    PLAIN_CONDITION,  /* a Q: text is its connector, number whether it is negated, items are its
                         children; open: they may be grouped in another way */
    PLAIN_MEMBER,     /* of an enumeration whose members are no values: class and name */
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
/* The same, `depth` steps away from where somebody asked: names may go round in circles. */
Plain plain_at(const Comparison *comparison, ValueRef value, int depth);
enum { DEEPEST_VALUE = 24 };
Truth same_plain(const Comparison *comparison, const Plain *a, const Plain *b);

/* Of two PLAIN_CALLs of one class. */
Truth same_call_arguments(const Comparison *comparison, const Plain *a, const Plain *b);

/* ---- index_names.c ---- */
/* The name of what the call in Meta makes; SYM_NONE when something in it is not known. */
Sym index_name(const Comparison *comparison, const Model *model, const Plain *call,
               bool constraint);

/* ---- conditions.c ---- */
/* What Q(…), Q | Q, Q & Q, ~Q make, where `path` is what is called; false when it is none. */
bool condition_value(const Comparison *comparison, ValueRef call, Sym path, int depth, Plain *out);

/* ---- enumerations.c ---- */
/* X["NAME"] or X(value), where `path` is what is called; false when X is no enumeration. */
bool enumeration_item(const Comparison *comparison, ValueRef call, Sym path, int depth, Plain *out);
/* What a name like "Status.ACTIVE", "Status.choices" or "Status.ACTIVE.label" is, where the class
 * is an enumeration; false when it is nothing of the kind. */
bool enumeration_value(const Comparison *comparison, ValueRef name, int depth, Plain *out);
/* The choices that an enumeration class makes; false when it is none. */
bool enumeration_choices(const Comparison *comparison, ValueRef class_value, int depth, Plain *out);

#endif
