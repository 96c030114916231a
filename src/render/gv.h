#ifndef MIGRALINT_RENDER_GV_H
#define MIGRALINT_RENDER_GV_H

/* Private to render/: pictures as a graph of libcgraph, with everything that Graphviz needs to draw
 * them. */

#include "render/render.h"

#include <graphviz/cgraph.h>

/* To be closed with agclose(). */
Agraph_t *gv_graph(const Pictures *pictures);

#endif
