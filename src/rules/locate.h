#ifndef MIGRALINT_RULES_LOCATE_H
#define MIGRALINT_RULES_LOCATE_H

/* Byte spans to lines and columns, for every finding reported from `first` on and its notes, and
 * what the lines of findings say: each file is read once more. What cannot be
 * read any longer is at 1:1 and says nothing. */

#include "rules/engine.h"

void locate_findings(const Workspace *workspace, Findings *findings, uint32_t first);

#endif
