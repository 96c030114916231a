#ifndef MIGRALINT_REPORT_DRIFT_H
#define MIGRALINT_REPORT_DRIFT_H

/* What `makemigrations` would write, as operations in Django's own terms. */

#include "models/drift.h"
#include "report/models.h"

void drift_text(const ModelsQuestion *question, StrBuf *out);
void drift_json(const ModelsQuestion *question, StrBuf *out);

/* "Add field team to notification", as Operation.describe() has it; in `arena`. */
Str change_describe(const Interner *interner, const Change *change, Arena *arena);

#endif
