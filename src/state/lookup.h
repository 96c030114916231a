#ifndef MIGRALINT_STATE_LOOKUP_H
#define MIGRALINT_STATE_LOOKUP_H

/* Private to state/: timelines asked at a point. */

#include "state/replay.h"

/* Whether the event of a name's line gives the name to a model (else it takes it away). */
bool line_gives(const Replay *replay, const NameLine *line, EventId id);
/* How many of the events are before the step: they are in plan order. */
uint32_t events_before(const Replay *replay, const EventId *events, uint32_t count, Step step);
bool event_counts(const Replay *replay, EventId id, StateAt at);
ModelId find_model(const Replay *replay, Sym app, Sym lower_name, StateAt at, StateAnswer *answer);
/* `*last` (may be NULL): the event that decides. */
StateAnswer find_field(const Replay *replay, ModelId model, Sym field, StateAt at, EventId *last);

/* The latest event of a model's field or option (in one of Replay's indexes) that counts, or
 * EVENT_NONE; without `repointed` those do not count. */
EventId last_on_line(const Replay *replay, const Map *of, ModelId model, Sym name, StateAt at,
                     bool repointed);

#endif
