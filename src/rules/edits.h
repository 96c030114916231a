#ifndef MIGRALINT_RULES_EDITS_H
#define MIGRALINT_RULES_EDITS_H

/*
 * Private to the checks of branches: whether a migration still does what it did in another
 * version. How it is written does not count: layout, comments, docstrings, constants, keywords or
 * positions, defaults that are spelled out. What cannot be compared is taken to be the same.
 */

#include "rules/sides.h"

typedef struct MigrationVersion {
    Workspace *workspace;
    const Migration *migration;
} MigrationVersion;

typedef struct Edit {
    Severity severity; /* SEVERITY_ERROR: the schema; SEVERITY_WARNING: code, or what only Python
                          sees; SEVERITY_OFF: nothing is known to be changed */
    Place place;       /* in the later version */
    Str what;          /* "`max_length` in `AlterField`", in the arena */
} Edit;

/* What its operations do; the gravest first found. */
Edit edit_of(const MigrationVersion *before, const MigrationVersion *after, Arena *arena);

#endif
