#ifndef MIGRALINT_RULES_EVENTS_H
#define MIGRALINT_RULES_EVENTS_H

/*
 * Private to the checks of the state: events of the replay, as people are told of them. Every
 * finding about a state quotes two places: what does not hold, and what made or took away the
 * thing it needs. Texts are in the context's scratch arena.
 */

#include "rules/check.h"

/* NULL for EVENT_NONE. */
const StateEvent *event_at(const RuleContext *context, EventId id);
/* The operation; NULL, or path empty, when the event is of a Django app that is known from a table.
 */
const Operation *event_operation(const RuleContext *context, EventId id);
Place event_place(const RuleContext *context, EventId id);
/* "`blog.Post` is created in `blog.0001_initial`" */
Str event_text(const RuleContext *context, EventId id);
/* The same as a note at the operation; nothing for EVENT_NONE. */
void note_event(RuleContext *context, Finding *finding, EventId id);

/* "blog.Post": as the last event before `step` wrote it; in lower case when there was none. */
Str model_text(const RuleContext *context, Sym app, Sym lower, Step step);

#endif
