#ifndef MIGRALINT_REPORT_STATE_H
#define MIGRALINT_REPORT_STATE_H

/* Models at a migration, what happened to them, and how two migrations hang together. */

#include "report/report.h"
#include "state/state.h"

/* What is asked about. Empty texts: not restricted. */
typedef struct Question {
    const Workspace *workspace;
    const State *states; /* one per project, in project order; with `at_name` of its projects only
                            until there (state_build_until()) */
    Str app, model, field;
    Str at_app, at_name; /* this migration; else everything */
} Question;

void state_json(const Question *question, StrBuf *out);
void state_text(const Question *question, StrBuf *out);
void history_json(const Question *question, StrBuf *out);
void history_text(const Question *question, StrBuf *out);

/* The path from one migration to one that it depends on, in either direction. */
typedef struct Chain {
    const Graph *graph;
    NodeId from, to; /* `from` depends on `to` when there is a path */
    Path path;
} Chain;
/* The project that has both. False when none has. In `arena`. */
bool chain_between(const Workspace *workspace, const Graph *graphs, Str a_app, Str a_name,
                   Str b_app, Str b_name, Arena *arena, Chain *out);
void why_text(const Chain *chain, const Workspace *workspace, StrBuf *out);
void why_json(const Chain *chain, const Workspace *workspace, StrBuf *out);

/* Which models to show of a project, and at which point. False when the project does not have what
 * is asked for. */
typedef struct Shown {
    StateAt at;
    Models models;
} Shown;
bool question_models(const Question *question, const State *state, Arena *arena, Shown *out);
/* The migration asked about; NODE_NONE when the project applies no such. */
NodeId question_node(const Question *question, const State *state);

/* "added", "altered", … and a line for people: "field `x` added". */
const char *event_verb(EventKind kind);
Str change_text(const Question *question, const State *state, const StateEvent *event,
                Arena *arena);

#endif
