#include "report/json_util.h"
#include "report/select.h"
#include "report/visible.h"

/* With a reference to nothing, Django makes no plan: what is printed is what it would be. */
static void add_missing(const View *view, const Graph *graph, Arena *arena, StrBuf *out)
{
    NodeSet shown = view_nodes(view, graph, arena);
    for (NodeId n = 0; n < graph->node_count; n++) {
        unsigned flags = graph->nodes[n].flags;
        if (!nodeset_has(&shown, n) || !(flags & NODE_MISSING) || flags & NODE_UNKNOWABLE)
            continue;
        strbuf_add(out, S("# "));
        visible_add(out, node_key(graph, n, arena));
        strbuf_add(out, S(" is missing: Django refuses to load this graph\n"));
    }
}

void plan_text(const View *view, StrBuf *out)
{
    const Workspace *workspace = view->workspace;
    for (uint32_t p = 0; p < workspace->project_count; p++) {
        Arena scratch = {0};
        const Graph *graph = &view->graphs[p];
        Nodes plan = view_plan(view, graph, &scratch);
        if (workspace->project_count > 1 && plan.count) {
            Str root = workspace->projects[p].root;
            strbuf_add(out, S("# project "));
            visible_add(out, root.len ? root : S("."));
            strbuf_byte(out, '\n');
        }
        add_missing(view, graph, &scratch, out);
        for (uint32_t i = 0; i < plan.count; i++) {
            visible_add(out, node_key(graph, plan.items[i], &scratch));
            strbuf_byte(out, '\n');
        }
        arena_free(&scratch);
    }
}

void plan_json(const View *view, StrBuf *out)
{
    const Workspace *workspace = view->workspace;
    json_t *projects = json_array();
    for (uint32_t p = 0; p < workspace->project_count; p++) {
        Arena scratch = {0};
        const Graph *graph = &view->graphs[p];
        Nodes plan = view_plan(view, graph, &scratch);
        json_t *keys = json_array(), *project = json_object();
        for (uint32_t i = 0; i < plan.count; i++)
            json_array_append_new(keys, json_text(node_key(graph, plan.items[i], &scratch)));
        json_object_set_new(project, "root", json_text(workspace->projects[p].root));
        json_object_set_new(project, "plan", keys);
        json_array_append_new(projects, project);
        arena_free(&scratch);
    }
    json_t *document = json_object();
    json_object_set_new(document, "version", json_integer(JSON_SHAPE));
    json_object_set_new(document, "projects", projects);
    json_write(document, out);
}
