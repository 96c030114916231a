#ifndef MIGRALINT_RULES_COMMENTED_H
#define MIGRALINT_RULES_COMMENTED_H

/* Private to the checks of the state: dependencies that were commented out in a migration. */

#include "rules/check.h"

typedef struct Commented {
    Place place;    /* of the comment */
    Str app, name;  /* `name` may be "__first__" */
    bool swappable; /* swappable_dependency(settings.`name`), `app` is empty */
} Commented;

typedef Array(Commented) CommentedList;

/* Reads the migration's text again. Texts are in `context->scratch`, the list on the heap. */
void commented_find(const RuleContext *context, const Migration *migration, CommentedList *out);

#endif
