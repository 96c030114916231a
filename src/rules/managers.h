#ifndef MIGRALINT_RULES_MANAGERS_H
#define MIGRALINT_RULES_MANAGERS_H

/*
 * Which names a migration's module uses as models: `Post.objects`, `models.Post._default_manager`.
 * Only models have managers. The module is parsed again for it, once and only if a manager's name
 * occurs in it at all.
 */

#include "rules/check.h"

typedef struct ManagerUses {
    bool read;
    Map rebound; /* names that stand for something else somewhere: `Post = apps.get_model(…)` */
    Map used;    /* "Post" of `Post.objects` */
    Map holders; /* "models" of `models.Post.objects` → index in models */
    Array(Str) models;
} ManagerUses;

/* False when the file cannot be read. Freed by its owner. */
bool manager_uses_read(ManagerUses *uses, RuleContext *context, const Migration *migration);
void manager_uses_free(ManagerUses *uses);

/* Whether the word may be a class: a model's name, no constant. */
bool is_class_name(Str word);

#endif
