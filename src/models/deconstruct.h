#ifndef MIGRALINT_MODELS_DECONSTRUCT_H
#define MIGRALINT_MODELS_DECONSTRUCT_H

/* Private to models/: the keywords of two fields, as deconstruct() says them. */

#include "models/same.h"

/* A keyword of one field. */
typedef struct Given {
    Plain value;
    ValueRef written;
    bool given;
    bool unread; /* may be given, in a way that cannot be read */
} Given;

/* Two fields whose keywords mean the same. */
typedef struct Sides {
    StateArguments before, after;
    Str class;     /* of Django, which says what they mean */
    bool key;      /* the class's field is the primary key … */
    bool promoted; /* … because Django makes it one */
    Sym but;       /* a keyword that may differ; SYM_NONE */
    int depth;     /* of fields in fields */
} Sides;

Given given(const Comparison *comparison, const StateArguments *arguments, Sym name);
Truth compare_keywords(const Comparison *comparison, const Sides *sides, Details *details);
void add_detail(const Comparison *comparison, Details *details, Detail detail);

#endif
