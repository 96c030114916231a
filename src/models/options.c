#include "models/same.h"

/* Meta of a model that both sides have: options, indexes, constraints, managers. */

void compare_options(const Comparison *c, const ModelState *old, const Model *now, Changes *out)
{
    (void)c;
    (void)old;
    (void)now;
    (void)out;
}
