#ifndef MIGRALINT_RULES_FINGERPRINT_H
#define MIGRALINT_RULES_FINGERPRINT_H

/*
 * What makes a finding the same one in another commit: a baseline, and whoever tracks alerts, knows
 * it again by its fingerprint.
 *
 * It is the MD5 of the rule's code, the app's label, the migration's name, the names that the
 * message quotes (operations, models, fields, apps, migrations; no paths) and what the source line
 * says. Lines that move, directories that are renamed, and messages that are worded anew around
 * the same names do not change it. Findings that agree in all this are numbered in the order of
 * their places: "…:1", "…:2". So no two of a run are the same, and one more of several shows as
 * one new fingerprint, whichever it is.
 */

#include "rules/engine.h"

/* A source line without what a formatter may change: white space, the kind of quotes, a trailing
 * comma. Of a very long one the beginning. In `arena`. */
Str fingerprint_line(Str line, Arena *arena);

/* What a message quotes, each with a NUL behind it: what stands between backquotes, but for paths,
 * for these change when a directory is renamed. */
void fingerprint_names(StrBuf *out, Str message);

/* Gives these findings, in the order of their places, and their consequences their fingerprints, in
 * `arena`. What is hidden is numbered behind what is not. */
void fingerprint_findings(Finding *const *findings, uint32_t count, Finding *const *hidden,
                          uint32_t hidden_count, Arena *arena);

#endif
