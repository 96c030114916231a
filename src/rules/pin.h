#ifndef MIGRALINT_RULES_PIN_H
#define MIGRALINT_RULES_PIN_H

/*
 * Private to MG106 and MG113. A pin is a dependency, written by name, on a later migration of
 * another app of the project. Judged is whether it could name an earlier one: the earliest that
 * has all the migration needs of that app, as long as nothing else is lost with it.
 *
 * Pins are judged one after the other, each as if the earlier ones that could be loosened were, so
 * that all of them may be loosened together.
 */

#include "rules/code.h"
#include "rules/mentions.h"

typedef struct Pin {
    const Edge *edge;
    bool needed;       /* nothing earlier will do */
    NodeId sufficient; /* else: the earliest that has what is needed, or the app's first */
    bool initial;      /* `sufficient` begins its app … */
    bool first;        /* … and is what `__first__` means */
    bool idle;         /* nothing of the app is used, and other dependencies lead there too */
    Need *needs;       /* of that app; the latest first */
    uint32_t need_count;

    /* What makes it doubtful: NODE_NONE when there is nothing. */
    bool unread;    /* what the migration itself needs cannot be told wholly */
    NodeId code;    /* one that runs code, which would not be guaranteed any more */
    NodeId sibling; /* one of its own app that would not */
    Need *third;    /* of third apps: what this one needs and would not follow any more */
    uint32_t third_count;
    NodeId heir; /* one that needs something which it follows only through this pin … */
    Need heir_need;
} Pin;

/* Whether the edge ties two apps of the project: one names a later migration of the other. */
bool edge_ties(const RuleContext *context, const Edge *edge);
/* The verdict on an edge: NULL when it is no pin (a tie in the dependencies of its child as
 * written), or is not judged: at most MOST_PINS are, and none when work runs out. */
const Pin *pin_of(RuleContext *context, const Edge *edge);

static inline bool pin_is_doubtful(const Pin *pin)
{
    return pin->unread || pin->code != NODE_NONE || pin->sibling != NODE_NONE || pin->third_count ||
           pin->heir != NODE_NONE;
}

/* `("blog", "__first__")`, and `("blog", "0002_author")`. */
Str node_pair(const RuleContext *context, NodeId node);
Str pin_replacement(const RuleContext *context, const Pin *pin);

#endif
