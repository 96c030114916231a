#ifndef MIGRALINT_RULES_SCHEMA_H
#define MIGRALINT_RULES_SCHEMA_H

/*
 * Private to the checks of what lies in the database under one name: tables (MG206) and indexes
 * (MG213). What an event of the replay does there, and whether two of them meet.
 */

#include "rules/check.h"
#include "rules/unseen.h"

/* Whether the event happens in the database too. Options are only told to the state, but for
 * those of CreateModel and of the operations that are there for one option. */
bool event_reaches_database(const RuleContext *context, EventId id);

/* "blog.Post", or "blog.Post.tags": as it is called behind the event. */
Str thing_text(const RuleContext *context, ModelId model, Sym field, EventId event);

typedef struct Meeting {
    RuleContext *context;
    Unseen *unseen; /* NULL: not read yet */
    uint32_t told;
} Meeting;

/*
 * Whether what the earlier event left under that name is surely in the way of what the later one
 * makes: both in one database, nothing in between that may have taken it away. Of the project's own
 * migrations only; silent from MOST_TOLD on.
 */
bool surely_meet(Meeting *meeting, Str name, EventId earlier, EventId later);
void meeting_done(Meeting *meeting);

#endif
