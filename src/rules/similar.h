#ifndef MIGRALINT_RULES_SIMILAR_H
#define MIGRALINT_RULES_SIMILAR_H

/* Private to the checks of the state: what may have been meant by a name that is not there. */

#include "rules/check.h"

typedef struct Similar {
    RuleContext *context; /* {.context = context} */
    uint32_t asked;       /* beyond a limit nothing is suggested */
} Similar;

/* "did you mean `blog.Post`?", "`people.Person` exists: is the app label right?"; empty when
 * nothing is like it at that step. */
Str similar_model(Similar *similar, Sym app, Sym lower, Step step);
Str similar_field(Similar *similar, Sym app, Sym lower, Sym field, Step step);

#endif
