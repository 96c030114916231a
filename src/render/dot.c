#include "render/gv.h"

#include <stdio.h>
#include <stdlib.h>

/* agwrite() wants a stream: one in memory. */
bool render_dot(const Pictures *pictures, StrBuf *out, Error *err)
{
    char *bytes = NULL;
    size_t length = 0;
    if (!graphviz_open(err))
        return false;
    FILE *stream = open_memstream(&bytes, &length);
    if (!stream)
        return error_set(err, "no memory for the graph");
    Agraph_t *graph = gv_graph(pictures);
    bool ok = !graphviz.agwrite(graph, stream);
    graphviz.agclose(graph);
    ok &= !fclose(stream);
    if (ok)
        strbuf_add(out, (Str){bytes, length});
    free(bytes);
    return ok || error_set(err, "Graphviz could not write the graph");
}
