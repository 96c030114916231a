#include "render/page.h"

#include "render/palette.h"
#include "report/visible.h"

json_t *page_text(Str text)
{
    StrBuf shown = {0};
    visible_add(&shown, text);
    json_t *made = json_text(strbuf_str(&shown));
    strbuf_free(&shown);
    return made;
}

static json_t *app_object(const PictureCluster *app, uint32_t project)
{
    json_t *object = json_object();
    json_object_set_new(object, "project", json_integer(project));
    json_object_set_new(object, "label", page_text(app->label));
    json_object_set_new(object, "path", page_text(app->path));
    json_object_set_new(object, "color", json_integer(palette_number(app)));
    json_object_set_new(object, "external", json_boolean(app->external));
    json_object_set_new(object, "migrations", json_integer(app->migrations));
    return object;
}

static json_t *marks_of(unsigned marks)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < PICTURE_MARKS; i++)
        if (marks & 1u << i)
            json_array_append_new(list, json_string(picture_mark_names[i]));
    return list;
}

static json_t *operations_of(const PictureNode *node)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < node->operation_count; i++)
        json_array_append_new(list, page_text(node->operations[i]));
    return list;
}

/* The id of what stands for the node in the picture. */
static json_t *drawn_as(const Page *page, uint32_t project, const PictureNode *node)
{
    const Picture *drawn = &page->pictures.items[project];
    uint32_t index = node->first == NODE_NONE ? UINT32_MAX : drawn->node_of[node->first];
    for (uint32_t i = 0; node->first == NODE_NONE && i < drawn->node_count; i++)
        if (drawn->nodes[i].first == NODE_NONE && str_eq(drawn->nodes[i].id, node->id))
            index = i;
    return index == UINT32_MAX ? json_null() : json_sprintf("p%un%u", project, index);
}

static json_t *node_object(const Page *page, uint32_t project, const PictureNode *node,
                           uint32_t first_app)
{
    static const char *const kinds[] = {[PICTURE_MIGRATION] = "migration",
                                        [PICTURE_GHOST] = "missing",
                                        [PICTURE_RUN] = "run",
                                        [PICTURE_APP] = "app"};
    json_t *object = json_object();
    json_object_set_new(object, "app", json_integer(first_app + node->cluster));
    json_object_set_new(object, "kind", json_string(kinds[node->kind]));
    json_object_set_new(object, "id", page_text(node->id));
    json_object_set_new(object, "title", page_text(node->title));
    json_object_set_new(object, "note", page_text(node->subtitle));
    json_object_set_new(object, "path", page_text(node->path));
    json_object_set_new(object, "marks", marks_of(node->marks));
    json_object_set_new(object, "change", json_string(graph_change_names[node->change]));
    json_object_set_new(object, "drawn", drawn_as(page, project, node));
    json_object_set_new(object, "operations", operations_of(node));
    return object;
}

/* [child, parent, what is special about it, what has become of it if it has changed by itself] */
static json_t *edge_of(const Picture *picture, const PictureEdge *edge, uint32_t first)
{
    static const char *const kinds[] = {[PICTURE_SAME_APP] = "",
                                        [PICTURE_CROSS_APP] = "",
                                        [PICTURE_SWAPPABLE] = "swappable",
                                        [PICTURE_RUN_BEFORE] = "run_before",
                                        [PICTURE_THROUGH] = "through_others",
                                        [PICTURE_GAP] = "gap"};
    json_t *list = json_array();
    json_array_append_new(list, json_integer(first + edge->child));
    json_array_append_new(list, json_integer(first + edge->parent));
    json_array_append_new(list, json_string(edge->cycle    ? "cycle"
                                            : edge->pinned ? "pinned"
                                                           : kinds[edge->kind]));
    if (*picture_edge_sign(picture, edge))
        json_array_append_new(list, json_string(graph_change_names[edge->change]));
    return list;
}

static void set_plan(const Page *page, uint32_t project, uint32_t first_node, json_t *nodes)
{
    const Picture *whole = &page->whole[project];
    const Analysis *analysis = page->sources[project].analysis;
    Nodes plan = analysis ? analysis->state->plan : (Nodes){0};
    for (uint32_t i = 0; i < plan.count; i++) {
        uint32_t node = picture_node_of(whole, plan.items[i]);
        if (node != UINT32_MAX && whole->nodes[node].kind == PICTURE_MIGRATION)
            json_object_set_new(json_array_get(nodes, first_node + node), "plan", json_integer(i));
    }
}

static void add_project(const Page *page, uint32_t project, json_t *apps, json_t *nodes,
                        json_t *edges)
{
    const Picture *whole = &page->whole[project];
    uint32_t first_app = (uint32_t)json_array_size(apps);
    uint32_t first_node = (uint32_t)json_array_size(nodes);
    for (uint32_t i = 0; i < whole->cluster_count; i++)
        json_array_append_new(apps, app_object(&whole->clusters[i], project));
    for (uint32_t i = 0; i < whole->node_count; i++)
        json_array_append_new(nodes, node_object(page, project, &whole->nodes[i], first_app));
    for (uint32_t i = 0; i < whole->edge_count; i++)
        json_array_append_new(edges, edge_of(whole, &whole->edges[i], first_node));
    set_plan(page, project, first_node, nodes);
}

json_t *page_data(const Page *page, const char *no_picture)
{
    json_t *document = json_object(), *projects = json_array();
    json_t *apps = json_array(), *nodes = json_array(), *edges = json_array();
    Arena scratch = {0};
    uint32_t *first_node = arena_array(&scratch, uint32_t, page->pictures.count + 1);
    for (uint32_t i = 0; i < page->pictures.count; i++) {
        first_node[i] = (uint32_t)json_array_size(nodes);
        json_array_append_new(projects, page_text(page->whole[i].title));
        add_project(page, i, apps, nodes, edges);
    }
    json_object_set_new(document, "version", json_integer(JSON_SHAPE));
    json_object_set_new(document, "migralint", json_string(page->version));
    json_object_set_new(document, "no_picture", page_text(str(no_picture)));
    json_object_set_new(document, "compared", json_boolean(page->pictures.note != NULL));
    json_object_set_new(document, "projects", projects);
    json_object_set_new(document, "apps", apps);
    json_object_set_new(document, "edges", edges);
    page_add_findings(page, first_node, document);
    page_add_models(page, first_node, document, nodes);
    json_object_set_new(document, "nodes", nodes);
    arena_free(&scratch);
    return document;
}
