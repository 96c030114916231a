#include "report/json_util.h"
#include "report/select.h"
#include "report/state.h"
#include "report/visible.h"

bool chain_between(const Workspace *workspace, const Graph *graphs, Str a_app, Str a_name,
                   Str b_app, Str b_name, Arena *arena, Chain *out)
{
    const Interner *in = &workspace->interner;
    for (uint32_t p = 0; p < workspace->project_count; p++) {
        const Graph *graph = &graphs[p];
        NodeId a = graph_node(graph, intern_find(in, a_app), intern_find(in, a_name));
        NodeId b = graph_node(graph, intern_find(in, b_app), intern_find(in, b_name));
        if (a == NODE_NONE || b == NODE_NONE)
            continue;
        *out = (Chain){graph, a, b, graph_path(graph, a, b, arena)};
        if (!out->path.count)
            *out = (Chain){graph, b, a, graph_path(graph, b, a, arena)};
        if (!out->path.count)
            *out = (Chain){graph, a, b, {NULL, 0}};
        return true;
    }
    return false;
}

void why_text(const Chain *chain, const Workspace *workspace, StrBuf *out)
{
    (void)workspace;
    Arena scratch = {0};
    visible_add(out, node_key(chain->graph, chain->from, &scratch));
    if (chain->from == chain->to) {
        strbuf_add(out, S(" is one and the same migration\n"));
    } else if (!chain->path.count) {
        strbuf_add(out, S(" and "));
        visible_add(out, node_key(chain->graph, chain->to, &scratch));
        strbuf_add(out, S(" do not depend on each other\n"));
    } else {
        strbuf_byte(out, '\n');
    }
    for (uint32_t i = 0; i < chain->path.count; i++) {
        const Edge *edge = &chain->graph->edges[chain->path.edges[i]];
        bool before = edge->kind == EDGE_RUN_BEFORE;
        strbuf_add(out, before ? S("    comes behind ") : S("    depends on "));
        visible_add(out, node_key(chain->graph, edge->parent, &scratch));
        Str path = chain->graph->project->migrations[edge->origin].path;
        if (path.len) {
            strbuf_add(out, before ? S("  (run_before in ") : S("  ("));
            visible_add(out, path);
            strbuf_byte(out, ')');
        }
        strbuf_byte(out, '\n');
    }
    arena_free(&scratch);
}

void why_json(const Chain *chain, const Workspace *workspace, StrBuf *out)
{
    (void)workspace;
    Arena scratch = {0};
    json_t *document = json_object(), *path = json_array();
    for (uint32_t i = 0; i < chain->path.count; i++) {
        const Edge *edge = &chain->graph->edges[chain->path.edges[i]];
        json_t *step = json_object();
        json_object_set_new(step, "child",
                            json_text(node_key(chain->graph, edge->child, &scratch)));
        json_object_set_new(step, "parent",
                            json_text(node_key(chain->graph, edge->parent, &scratch)));
        json_object_set_new(
            step, "kind",
            json_string(edge->kind == EDGE_RUN_BEFORE ? "run_before" : "dependencies"));
        json_object_set_new(
            step, "path", json_text_or_null(chain->graph->project->migrations[edge->origin].path));
        json_array_append_new(path, step);
    }
    json_object_set_new(document, "version", json_integer(JSON_SHAPE));
    json_object_set_new(document, "from", json_text(node_key(chain->graph, chain->from, &scratch)));
    json_object_set_new(document, "to", json_text(node_key(chain->graph, chain->to, &scratch)));
    json_object_set_new(document, "path", path);
    json_write(document, out);
    arena_free(&scratch);
}
