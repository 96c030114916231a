#ifndef MIGRALINT_RULES_CHECK_H
#define MIGRALINT_RULES_CHECK_H

/*
 * What a check is given and how it speaks. A check looks at one project and
 * reports; it decides nothing about severities in force, suppression or
 * order: that is the engine's (rules/engine.h).
 */

#include "models/drift.h"
#include "rules/branch.h"
#include "rules/engine.h"

/* What several checks of a project ask for: worked out when the first of them does. */
struct Shared {
    Arena arena;
    const struct Pin **pins; /* by edge, see rules/pin.h; NULL: not asked for yet */
};

struct RuleContext {
    const Rule *rule;
    const RuleSet *rules;       /* all that there are */
    const Selection *selection; /* for rules that are about the run itself */
    const Workspace *workspace;
    const Project *project;
    const Graph *graph; /* of `state` */
    const State *state;
    const Registry *registry;
    const Drift *drift;
    const Branch *branches; /* what this will be merged with */
    uint32_t branch_count;
    Findings *findings;
    struct Shared *shared;
    Arena *scratch; /* for the check's own work; emptied afterwards */
};

/* The app with the longest path that holds the place; NULL: none does. */
const App *project_app_at(const Project *project, Str path);

/* Reports at the rule's severity. The returned finding may be given another
 * severity, notes, help and consequences. */
Finding *report(RuleContext *context, Place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same, with app and migration filled in. */
Finding *report_migration(RuleContext *context, const Migration *migration, Place place,
                          const char *format, ...) __attribute__((format(printf, 4, 5)));
Finding *report_app(RuleContext *context, const App *app, Place place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void finding_note(RuleContext *context, Finding *finding, Place place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void finding_help(RuleContext *context, Finding *finding, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * One cause, one report. A check that finds a cause says which node it
 * spoils; a later check (checks run in the order of checks.def: causes first)
 * asks whether what it sees is explained, and if so hangs its finding below
 * the cause. A cause that the user does not select gives its consequences
 * back: they are then reported on their own.
 */
void finding_explains(RuleContext *context, Finding *finding, NodeId node);
Finding *finding_explaining(const RuleContext *context, NodeId node); /* NULL: nothing does */
/* The same for a model that is not there, or with SYM_NONE for an app that is not known. */
void finding_explains_model(RuleContext *context, Finding *finding, Sym app, Sym lower);
Finding *finding_explaining_model(const RuleContext *context, Sym app, Sym lower);
void finding_follows_from(RuleContext *context, Finding *consequence, Finding *cause);

/* Text of a Sym, for "%.*s" with STR_ARG. */
Str context_str(const RuleContext *context, Sym sym);

#define CHECK(name) void check_##name(RuleContext *context);
#include "rules/checks.def"
#undef CHECK

#endif
