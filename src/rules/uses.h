#ifndef MIGRALINT_RULES_USES_H
#define MIGRALINT_RULES_USES_H

/*
 * Private to the checks of the state: which uses of models and fields (StateUse) do not hold, why
 * not, and how people are told. Texts are in the context's scratch arena.
 *
 * Judged are the project's own migrations that can be read. What an unread dependency, a missing
 * migration or a cycle may still bring about is not known, and holds.
 */

#include "rules/events.h"

typedef enum UseVerdict {
    USE_HOLDS,  /* or it is not known */
    USE_ABSENT, /* not there, and no order of the migrations makes it be there */
    USE_LATE,   /* the plan has it later, and no dependency makes it come before */
    USE_TAKEN,  /* the ancestors have it, but the plan takes it away before */
    USE_LUCKY,  /* the plan has it, but no dependency makes it so */
} UseVerdict;

typedef struct BadUse {
    const StateUse *use;
    UseVerdict verdict;
    Finding *cause; /* a missing migration that may have brought it; NULL */
} BadUse;

typedef Array(BadUse) BadUses;

/* What is asked again and again while one check runs. */
typedef struct Uses {
    RuleContext *context;
    NodeId of; /* whose ancestors `above` are */
    NodeSet above;
    uint32_t looked;
    Map lost;    /* app → what may be missing of it, see uses.c */
    NodeId node; /* whether this one, or one before it, … */
    Sym setting; /* … lists the setting as a dependency */
    bool listed;
} Uses;

/* Those that `wanted` accepts, by step. On the heap: array_free(). Uses begin as
 * {.context = context}. */
void uses_find(Uses *uses, bool (*wanted)(const BadUse *bad), BadUses *out);
/* All look-ups that do not hold (State.lookups), by step. */
void uses_find_lookups(Uses *uses, BadUses *out);
void uses_free(Uses *uses);
/* Bad uses of one thing that is not there for one reason, by step. */
typedef struct UseGroup {
    BadUse *items;
    uint32_t count;
} UseGroup;
typedef Array(UseGroup) UseGroups;
/* Sorts `uses`, which the groups point into; groups by their first step. On the heap. */
void uses_group(BadUses *uses, UseGroups *out);

bool uses_is_ancestor(Uses *uses, NodeId node, NodeId of);

/* What the database does not ask for when the use is replayed: of an operation that only reaches
 * the state, of a model without a table, or the target of a many-to-many field with `through`.
 * Bases are looked up when the model is made, whatever the database does. */
bool use_is_light(const RuleContext *context, const StateUse *use);
const Operation *use_operation(const RuleContext *context, const StateUse *use);
const Migration *use_migration(const RuleContext *context, const StateUse *use);
bool use_is_relation(const StateUse *use);

/* "blog.Post": as its last event has it, else as it is written. */
Str use_model_text(const RuleContext *context, const StateUse *use);
/* "`blog.Post.author` points at `people.Person`", "`AddField` names `blog.Post`" */
Str use_text(const RuleContext *context, const StateUse *use);
/* "which no migration creates", "which was renamed to `Label` before" … */
Str bad_use_text(const RuleContext *context, const BadUse *bad);
/* What Django raises for a relation or a base that is not there. */
Str use_error_text(const RuleContext *context, const StateUse *use);
/* What took it away and what brings it later; nothing when there is neither. */
void note_bad_use(RuleContext *context, Finding *finding, const BadUse *bad);
/* Further places of the same: some as notes, then how many more. `index` counts from 1. */
void note_further(RuleContext *context, Finding *finding, const StateUse *use, uint32_t index,
                  uint32_t count);

/* Hangs a finding below the one that explains it, if any does. */
void follow_use_cause(RuleContext *context, Finding *finding, const BadUse *bad);

#endif
