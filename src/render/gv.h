#ifndef MIGRALINT_RENDER_GV_H
#define MIGRALINT_RENDER_GV_H

/* Private to render/: pictures as a graph of libcgraph, with everything that Graphviz needs to draw
 * them. */

#include "render/graphviz.h"
#include "render/render.h"

/* To be closed with agclose(). Graphviz is open. */
Agraph_t *gv_graph(const Pictures *pictures);

#endif
