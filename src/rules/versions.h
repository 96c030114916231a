#ifndef MIGRALINT_RULES_VERSIONS_H
#define MIGRALINT_RULES_VERSIONS_H

/*
 * Private to the checks of values: what things were before an event changed them, for every event
 * of the replay at once, and whether two migrations stand on one line. Reading costs what the
 * events cost; questions about lines share a budget, beyond which the answer is "no".
 */

#include "rules/events.h"

/* By event; EVENT_NONE where there is no such. */
typedef struct Versions {
    EventId *defined; /* of what is altered, renamed, removed or set again: the event that said what
                         it was like; state_event_field() and its like tell */
    EventId *earlier; /* what it may undo or repeat. Of an addition: the last removal of that name.
                         Of a renaming: the last one that gave the name it takes away */
    EventId *next; /* what ends that: the event that alters, repoints or removes the field, option
                      or constraint. A renaming does not */
    bool *open; /* the model or its app was not wholly known then: others may have come between */
    bool *gone; /* by ModelId: the life has ended */
} Versions;

/* In the context's scratch arena. */
Versions versions_read(const RuleContext *context);

/* Whether what the event said of a field is still so when all is through, but for renames. */
bool versions_last(const Versions *versions, const State *state, EventId id);

/* The operation of an event of the project's own; NULL for others'. */
const Operation *own_operation(const RuleContext *context, EventId id);
/* The same when it surely happens, to the database and to the state alike. */
const Operation *whole_operation(const RuleContext *context, EventId id);

/* Whether the model's primary key is surely a whole number, before the step. Costs as much as
 * state_model_at(). */
bool has_integer_key(const RuleContext *context, const StateTarget *target, Step step);

/* "blog.Post" and "blog.Post.title", as they are called once the event has happened. */
Str event_model_text(const RuleContext *context, EventId id);
Str event_field_text(const RuleContext *context, EventId id);

typedef struct Lines {
    const RuleContext *context;
    uint32_t *round; /* by node: the last walk that reached it */
    uint32_t rounds, work_left;
    Map known; /* (from, to) → answer */
    Array(NodeId) open;
} Lines;

void lines_init(Lines *lines, const RuleContext *context);
void lines_free(Lines *lines);
/* Whether the node is the other one, or among what it depends on. */
bool lines_lead(Lines *lines, NodeId from, NodeId to);
/* Whether they are the same, or one is a parent of the other in its app. */
bool lines_touch(const RuleContext *context, NodeId from, NodeId to);

#endif
