#ifndef MIGRALINT_RENDER_LEGEND_H
#define MIGRALINT_RENDER_LEGEND_H

/* Private to render/: what the marks of pictures mean. */

#include "render/render.h"

/* A table in Graphviz's markup, of those marks only that the pictures have; nothing is appended
 * where there are none. All of it is constant: no text of the project's is in it. */
void legend_write(const Pictures *pictures, StrBuf *out);

#endif
