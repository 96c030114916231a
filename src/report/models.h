#ifndef MIGRALINT_REPORT_MODELS_H
#define MIGRALINT_REPORT_MODELS_H

/* Models as the classes say them, and how far they can be read. */

#include "models/models.h"
#include "report/report.h"

typedef struct ModelsQuestion {
    const Workspace *workspace;
    const State *states;        /* one per project, in project order */
    const Registry *registries; /* the same */
    Str app, model;             /* `model` lower-cased; empty: not restricted */
} ModelsQuestion;

void models_text(const ModelsQuestion *question, StrBuf *out);
void models_json(const ModelsQuestion *question, StrBuf *out);

bool model_is_asked_for(const ModelsQuestion *question, const Model *model);

#endif
