#ifndef MIGRALINT_RULES_PEERS_H
#define MIGRALINT_RULES_PEERS_H

/*
 * Suppressions of other linters, as far as they mean something of ours: `# zdm: ignore R005`,
 * `# safe-migrations: ignore SM002`, and django-migration-linter's operation IgnoreMigration().
 * They reach what those linters look at, operations and data migrations, and never what is wrong
 * with the graph or the state.
 */

#include "rules/suppress.h"

/* Fills in selectors, covers and peer. False when the comment is none of theirs, or means nothing
 * of ours. */
bool peer_comment(Str text, Arena *arena, Suppression *out);
/* The same of a migration that says `IgnoreMigration()`. */
bool peer_operation(const Workspace *workspace, const Migration *migration, Arena *arena,
                    Suppression *out);

#endif
