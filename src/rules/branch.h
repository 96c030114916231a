#ifndef MIGRALINT_RULES_BRANCH_H
#define MIGRALINT_RULES_BRANCH_H

/* Another branch that what is analysed ("ours") will be merged with. */

#include "models/drift.h"

/* One version of the whole. Its texts are Syms of its own: compare them as texts. */
typedef struct Version {
    Workspace *workspace; /* NULL: not known */
    const Graph *graphs;  /* by project */
    /* All about every project, worked out when somebody asks. */
    const Analysis *(*analyse)(void *self);
    void *self;
} Version;

typedef struct Branch {
    Str name;       /* as the user calls it: "origin/main" */
    bool base;      /* what the fork has is released */
    Version fork;   /* how it was where the two parted */
    Version theirs; /* how it is there now … */
    Version merged; /* … and what merging the two makes; neither where nothing is to be merged */
} Branch;

#endif
