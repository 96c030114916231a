#ifndef MIGRALINT_RULES_CLASHES_H
#define MIGRALINT_RULES_CLASHES_H

/*
 * Private to the checks of branches: what several lines of migrations change, and whether it
 * matters which of two changes of one thing comes first.
 */

#include "rules/alike.h"
#include "rules/versions.h"

enum { MOST_SIDES = 4 }; /* that change one thing, compared with one another */

/* Who changed a thing last, on each side: `lines` has a bit per line that leads to it. */
typedef struct ChangeSide {
    EventId event;
    uint32_t lines;
} ChangeSide;

typedef struct Touched {
    ChangeSide sides[MOST_SIDES];
    uint32_t count;
} Touched;

typedef struct Clashes {
    RuleContext *context;
    Versions versions;
    Alike alike;
    Array(Touched) touched;
    Map touched_index; /* what → index in `touched` */
} Clashes;

Clashes clashes_open(RuleContext *context);
void clashes_clear(Clashes *clashes); /* forgets what was touched */
void clashes_free(Clashes *clashes);
/* Takes what the event changes for changed on these lines. */
void clashes_touch(Clashes *clashes, EventId id, uint32_t lines);

typedef enum Clash {
    CLASH_NONE,
    CLASH_OVERWRITES, /* the later one in the plan undoes what the other did */
    CLASH_FAILS,      /* the other order does not go through */
} Clash;

Clash clash_of(Clashes *clashes, EventId earlier, EventId later);
/* Neither side leads to the other. */
bool is_apart(uint32_t a, uint32_t b);
/* Whether the model goes, or gets another name. */
bool ends_name(const StateEvent *event);
/* "`blog.Post.title`", "`unique_together` of `blog.Post`" */
Str clash_thing(const RuleContext *context, EventId id);

#endif
