#ifndef MIGRALINT_RENDER_GRAPHVIZ_H
#define MIGRALINT_RENDER_GRAPHVIZ_H

/*
 * Private to render/: Graphviz, opened when something is first drawn. It is not linked, so that
 * everything else works, and starts at once, where it is not installed.
 */

#include "base/error.h"

#include <graphviz/gvc.h>

/* The functions (and Agdirected) under their own names: filled by graphviz_open(). */
typedef struct Graphviz {
#define GRAPHVIZ(library, name) __typeof__(name) *name;
#include "render/graphviz.def"
#undef GRAPHVIZ
} Graphviz;

extern Graphviz graphviz;

/* False when it is not installed, or not the one that this was built with. It stays open. */
bool graphviz_open(Error *err);

#endif
