#ifndef MIGRALINT_FACTS_VALUE_H
#define MIGRALINT_FACTS_VALUE_H

/*
 * What an expression amounts to without running Python. Values of one file
 * stand in one array and refer to each other by index; a value may be shared
 * (a name used twice), so values form a graph without cycles, not a tree.
 *
 * Unknown is a value: it says where and why knowledge ended, and whoever
 * reads it stays silent.
 */

#include "base/intern.h"

typedef uint32_t ValueId;
enum { VALUE_ABSENT = 0 }; /* id 0 is never a value */

/* Bytes [start, end) of the file that holds the value. */
typedef struct Span {
    uint32_t start, end;
} Span;

typedef enum ValueKind {
    VALUE_UNKNOWN, /* u.reason */
    VALUE_NONE,
    VALUE_BOOL,     /* u.boolean */
    VALUE_INT,      /* u.integer; one that does not fit 64 bits is VALUE_FLOAT */
    VALUE_FLOAT,    /* u.text: as written */
    VALUE_STRING,   /* u.text: decoded, UTF-8 */
    VALUE_BYTES,    /* u.text: decoded */
    VALUE_LIST,     /* u.items */
    VALUE_TUPLE,    /* u.items */
    VALUE_SET,      /* u.items */
    VALUE_DICT,     /* u.items: key, value, key, value … */
    VALUE_NAME,     /* u.text: dotted path, see below */
    VALUE_CALL,     /* u.call; an operator that is not followed calls Python's `operator` module */
    VALUE_JOIN,     /* u.items, added together: at least one is a name that only link can resolve */
    VALUE_FUNCTION, /* u.index in Module.functions: a def or a lambda */
    VALUE_CLASS,    /* u.index in Module.classes */
} ValueKind;

/*
 * Paths of names are resolved through the file's imports, so `models.CASCADE`,
 * `m.CASCADE` and an aliased import all are "django.db.models.CASCADE".
 * Relative imports keep their dots: "from ..models import X" is "..models.X".
 * Built-ins are "builtins.int". A name the file does not bind is VALUE_FREE and
 * holds what was written: it may come from a star import. So is what a class of
 * the file is asked for but does not hold itself ("Post.Kind.choices"), and every
 * member of an enumeration.
 */
enum {
    VALUE_OPEN = 1 << 0,   /* a container that may hold more than is listed */
    VALUE_MAYBE = 1 << 1,  /* holds only under a condition that is not known (an element that
                              one branch adds, a name that one branch binds) */
    VALUE_FREE = 1 << 2,   /* a name to be looked up from the file, not from what it imports */
    VALUE_STAR = 1 << 3,   /* an element of a container or call that is unpacked there and could
                              not be read: `*helper()`; the container is open too */
    VALUE_CHOICE = 1 << 4, /* an open container that holds no more than is listed: what one branch
                              or another has is VALUE_MAYBE in it */
};

/* Why something is not known. The text in value_reason() completes "cannot
 * be read without running Python: …". */
typedef enum Reason {
    REASON_CALL,          /* the result of a call */
    REASON_COMPREHENSION, /* a comprehension or generator */
    REASON_OPERATOR,      /* an operator that is not followed */
    REASON_CONDITION,     /* different values under a condition that is not known */
    REASON_LOOP,          /* bound in a loop, a with or an except */
    REASON_ATTRIBUTE,     /* an attribute or item of something not known */
    REASON_UNBOUND,       /* a name that is not bound where it is used */
    REASON_SYNTAX,        /* the text there is not Python */
    REASON_LIMIT,         /* too deep or too large to read */
    REASON_OTHER,         /* await, yield, …: see the place */
} Reason;

typedef struct Value {
    uint8_t kind; /* ValueKind */
    uint8_t flags;
    uint16_t keywords; /* VALUE_CALL: how many of the items are keyword arguments, at the end */
    Span span;
    union {
        bool boolean;
        int64_t integer;
        Sym text;
        Reason reason;
        uint32_t index;
        struct {
            uint32_t first, count; /* in Values.items */
        } items;
        struct {
            uint32_t first; /* in Values.items: the callee, positional arguments, then per
                               keyword argument a VALUE_STRING with its name and the value */
            uint32_t count; /* positional arguments */
        } call;
    } u;
} Value;

typedef struct Values {
    Value *all; /* [0] is unused */
    uint32_t count;
    ValueId *items;
    uint32_t item_count;
} Values;

static inline const Value *value_at(const Values *values, ValueId id)
{
    return &values->all[id];
}

/* Element `i` of a list, tuple, set, join (or of a dict's key/value row). */
static inline ValueId value_item(const Values *values, const Value *container, uint32_t i)
{
    return values->items[container->u.items.first + i];
}

static inline ValueId value_callee(const Values *values, const Value *call)
{
    return values->items[call->u.call.first];
}

/* Positional argument `i`, or VALUE_ABSENT. */
ValueId value_positional(const Values *values, const Value *call, uint32_t i);
/* The keyword argument, or VALUE_ABSENT. `**unread` makes a call VALUE_OPEN. */
ValueId value_keyword(const Values *values, const Value *call, Sym name);
/* By keyword, else by position. */
ValueId value_argument(const Values *values, const Value *call, uint32_t position, Sym name);
/* The i-th keyword argument's name and value. */
void value_keyword_at(const Values *values, const Value *call, uint32_t i, Sym *name,
                      ValueId *value);

/* Same kind and contents, wholly known; places do not count. Unknown is equal to nothing. */
bool value_equal(const Values *values, ValueId a, ValueId b);

const char *value_kind_name(ValueKind kind);
const char *value_reason(Reason reason);

#endif
