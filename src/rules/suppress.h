#ifndef MIGRALINT_RULES_SUPPRESS_H
#define MIGRALINT_RULES_SUPPRESS_H

/*
 * Comments that hide findings: `# migralint: ignore[MG701] reason` for its line, or alone for the
 * line below, and `# migralint: ignore-file[MG701] reason`. A line stands for the operation and the
 * dependency that begin on it, to their ends. Without codes every rule is meant but those of MG9,
 * which are about suppressions.
 *
 * Suppressions of django-migration-linter, zdm and django-safe-migrations hide what they mean among
 * our own rules; nothing is ever said about them.
 */

#include "base/array.h"
#include "rules/rule.h"

typedef enum SuppressionFault {
    SUPPRESSION_SOUND,
    SUPPRESSION_UNCLOSED, /* no `]` */
    SUPPRESSION_EMPTY,    /* `[]` */
    SUPPRESSION_BARE,     /* `ignore MG701` */
    SUPPRESSION_WORD,     /* `disable[…]` */
} SuppressionFault;

typedef struct Suppression {
    const Module *module;
    const Migration *migration; /* whose file it is; NULL: another one */
    uint32_t project;           /* index in the workspace: who tells what is wrong with it */
    Place place;                /* of the words, without the reason */
    Span covers;                /* findings that begin there; {0, 0}: the whole file */
    Str word;                   /* "ignore", as written */
    Str *selectors;             /* none: every rule */
    bool *used;                 /* one per selector, at least one */
    uint32_t selector_count;
    Str reason;
    SuppressionFault fault; /* with one it hides nothing */
    bool peer;              /* another linter's */
} Suppression;

typedef struct Suppressions {
    Suppression *items; /* by file, each file's in order */
    uint32_t count;
    Map by_path; /* hash of the path → index of the first */
} Suppressions;

/* All that stand in files of the repository. Texts and lists are in `arena`, the map is not. */
Suppressions suppressions_find(const Workspace *workspace, const RuleSet *rules, Arena *arena);
void suppressions_free(Suppressions *suppressions);

/* The first that hides the finding, and marks it as used; NULL: none does. */
const Suppression *suppression_of(Suppressions *suppressions, const Finding *finding);

/* One comment. False when it is no suppression of ours. `text` is borrowed, lists are in `arena`;
 * place and covers are relative to the text. */
bool suppression_read(const RuleSet *rules, Str text, Arena *arena, Suppression *out);

#endif
