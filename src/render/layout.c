#include "render/gv.h"

/* Layout by dot in this process. Its time grows faster than the graph: what it would not finish
 * while somebody waits is refused with a word on what to ask for instead. */

enum { MOST_NODES = 1500, MOST_EDGES = 4000 };

static bool is_drawable(const Pictures *pictures, Error *err)
{
    uint32_t nodes = 0, edges = 0;
    for (uint32_t i = 0; i < pictures->count; i++) {
        nodes += pictures->items[i].node_count;
        edges += pictures->items[i].edge_count;
    }
    if (!nodes && !pictures->note)
        return error_set(err, "there is nothing to draw");
    return (nodes <= MOST_NODES && edges <= MOST_EDGES) ||
           error_set(err,
                     "%u nodes and %u edges are more than Graphviz lays out in reasonable time: "
                     "use --collapse, --apps, --focus or --problems",
                     nodes, edges);
}

bool render_layout(const Pictures *pictures, const char *format, StrBuf *out, Error *err)
{
    if (!is_drawable(pictures, err) || !graphviz_open(err))
        return false;
    GVC_t *context = graphviz.gvContext();
    Agraph_t *graph = gv_graph(pictures);
    char *bytes = NULL;
    unsigned length = 0;
    graphviz.agseterr(AGMAX); /* warnings about fonts are no business of the reader's */
    bool ok = !graphviz.gvLayout(context, graph, "dot");
    ok = ok && !graphviz.gvRenderData(context, graph, format, &bytes, &length);
    if (ok)
        strbuf_add(out, (Str){bytes, length});
    if (bytes)
        graphviz.gvFreeRenderData(bytes);
    graphviz.gvFreeLayout(context, graph);
    graphviz.agclose(graph);
    graphviz.gvFreeContext(context);
    return ok || error_set(err, "Graphviz could not draw the graph as %s", format);
}
