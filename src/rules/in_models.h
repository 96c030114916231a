#ifndef MIGRALINT_RULES_IN_MODELS_H
#define MIGRALINT_RULES_IN_MODELS_H

/*
 * Private to the checks of the state: what models.py has of that which the migrations lack. Nothing
 * is said where that is not known.
 */

#include "rules/check.h"

/* Whether some model of the app has that lower-cased name, as a note. */
void note_in_models(RuleContext *context, Finding *finding, Sym app, Sym lower);
/* Whether it has the field. */
void note_field_in_models(RuleContext *context, Finding *finding, Sym app, Sym lower, Sym field);

#endif
