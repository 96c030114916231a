#ifndef MIGRALINT_RULES_LABELS_H
#define MIGRALINT_RULES_LABELS_H

/* Private to the checks: labels that no app of the project has. */

#include "rules/check.h"

/* Whether some installed app could have that label, as far as the settings tell: they do not list
 * their apps completely, one of these is called alike, or it is a widely used package's. */
bool label_may_be_installed(const RuleContext *context, Str label);
/* How sure a report about a label that no app has is: an error where all that is installed is at
 * hand, else a warning, for an app may have any label. */
Severity label_severity(const RuleContext *context);
/* An app of the project that the label is a misspelling of, or NULL. */
const App *label_near_miss(const RuleContext *context, Str label);

#endif
