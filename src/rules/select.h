#ifndef MIGRALINT_RULES_SELECT_H
#define MIGRALINT_RULES_SELECT_H

/* What a selection says about a rule and about a place. */

#include "rules/engine.h"

/* SEVERITY_OFF: the rule is not selected. Otherwise the one in force for a finding that the rule
 * reported at `reported`. */
Severity select_severity(const Selection *selection, const Rule *rule, Severity reported);
/* Whether the rule is selected and does not depend on what there is to compare with: a branch, a
 * database. */
bool select_always(const Selection *selection, const Rule *rule);
/* Whether findings of the rule may be shown in that file. */
bool select_place(const Selection *selection, const Rule *rule, Str path);
/* The same of the app of that label (empty: of none), at one of its migrations or (empty) not. */
bool select_app(const Selection *selection, const Rule *rule, Str label, Str migration);
/* Whether something that no comment suppresses keeps a project from loading: other findings may be
 * behind it. While rules run. */
bool select_breaks(const Findings *findings, bool with_baselined);

#endif
