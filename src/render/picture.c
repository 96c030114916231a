#include "render/draft.h"

#include <stdlib.h>

/* From a draft to nodes, edges and clusters. */

typedef struct Making {
    Draft *draft;
    Picture *picture;
    NodeFindings findings;
    uint32_t *node_of_group; /* index in Picture.nodes, UINT32_MAX: none yet */
    Array(PictureNode) nodes;
    Array(PictureEdge) edges;
    Array(PictureCluster) clusters;
} Making;

/* ---- clusters ---- */

/* One after the other among the project's own, drawn or not, so that an app keeps its colour from
 * picture to picture and no two have the same before all are used. */
static unsigned color_of(const Project *project, AppId app)
{
    unsigned before = 0;
    for (AppId id = 0; id < app; id++)
        before += project->apps[id].origin == APP_OWN && project->apps[id].migration_count;
    return before;
}

static uint32_t cluster_of(Making *making, NodeId node)
{
    Draft *draft = making->draft;
    Str label = draft_text(draft, draft->graph->nodes[node].app);
    uint32_t last = making->clusters.count;
    if (last && str_eq(making->clusters.items[last - 1].label, label))
        return last - 1;
    PictureCluster cluster = {.label = label,
                              .external = draft->graph->nodes[node].flags & NODE_EXTERNAL};
    const Project *project = draft_graph_of(draft, node)->project;
    AppId app = project_app(project, draft->graph->nodes[node].app);
    if (app != APP_NONE) {
        cluster.color = color_of(project, app);
        cluster.path = project->apps[app].path;
        cluster.migrations = project->apps[app].migration_count;
    }
    cluster.findings = draft_app_findings(draft, label, &cluster.finding_count);
    array_push(&making->clusters, cluster);
    return last;
}

/* ---- nodes ---- */

static Str key_of(const Draft *draft, NodeId node)
{
    const Node *at = &draft->graph->nodes[node];
    return arena_printf(draft->arena, "%.*s.%.*s", STR_ARG(draft_text(draft, at->app)),
                        STR_ARG(draft_text(draft, at->name)));
}

/* "0003" of "0003_author_email"; the whole name when it has no number. */
static Str number_of(Str name)
{
    size_t digits = 0;
    while (digits < name.len && name.ptr[digits] >= '0' && name.ptr[digits] <= '9')
        digits++;
    return digits ? str_sub(name, 0, digits) : name;
}

static Str replaced_text(const Draft *draft, const Migration *migration)
{
    const Dependencies *replaces = &migration->replaces;
    if (!replaces->count)
        return (Str){0};
    Str first = number_of(draft_text(draft, replaces->items[0].name));
    Str last = number_of(draft_text(draft, replaces->items[replaces->count - 1].name));
    return arena_printf(draft->arena, "replaces %.*s – %.*s", STR_ARG(first), STR_ARG(last));
}

static void add_findings(Making *making, PictureNode *node, NodeId id)
{
    const NodeFindings *all = &making->findings;
    uint32_t count = all->start[id + 1] - all->start[id];
    const Finding **items =
        arena_array(making->draft->arena, const Finding *, node->finding_count + count);
    for (uint32_t i = 0; i < node->finding_count; i++)
        items[i] = node->findings[i];
    for (uint32_t i = 0; i < count; i++) {
        const Finding *finding = all->items[all->start[id] + i];
        items[node->finding_count + i] = finding;
        node->worst = finding->severity > node->worst ? finding->severity : node->worst;
    }
    node->findings = items;
    node->finding_count += count;
}

static PictureNode first_node(Making *making, NodeId id)
{
    Draft *draft = making->draft;
    const Node *at = &draft->graph->nodes[id];
    const Migration *migration = draft_migration(draft, id);
    PictureNode node = {.kind = at->flags & NODE_MISSING ? PICTURE_GHOST : PICTURE_MIGRATION,
                        .id = key_of(draft, id),
                        .title = draft_text(draft, at->name),
                        .cluster = cluster_of(making, id),
                        .first = id,
                        .last = id,
                        .count = at->flags & NODE_MISSING ? 0 : 1,
                        .marks = draft_marks(draft, id),
                        .change = draft_change(draft, id),
                        .worst = SEVERITY_OFF};
    node.changes[node.change]++;
    if (migration)
        node.subtitle = replaced_text(draft, migration);
    draft_operations(draft, id, &node);
    add_findings(making, &node, id);
    return node;
}

static void join_node(Making *making, PictureNode *node, NodeId id)
{
    const Draft *draft = making->draft;
    bool outside = draft_is_outside(draft, id);
    node->kind = draft->options->by_app || outside ? PICTURE_APP : PICTURE_RUN;
    node->last = id;
    node->count += !(draft->graph->nodes[id].flags & NODE_MISSING);
    unsigned marks = draft_marks(draft, id), both = node->marks & marks & MARK_CONTEXT;
    node->marks = ((node->marks | marks) & ~(unsigned)MARK_CONTEXT) | both;
    node->changes[draft_change(draft, id)]++;
    if (node->change != draft_change(draft, id))
        node->change = GRAPH_EDITED;
    node->operation_count = 0;
    node->path = (Str){0};
    add_findings(making, node, id);
}

/* "3 migrations", or against a base "2 added, 1 removed". */
static Str count_text(const Draft *draft, const PictureNode *node)
{
    StrBuf text = {0};
    for (GraphChange change = GRAPH_ADDED; change < GRAPH_CHANGES; change++)
        if (node->changes[change])
            strbuf_printf(&text, "%s%u %s", text.len ? ", " : "", node->changes[change],
                          graph_change_names[change]);
    if (!draft->comparison)
        strbuf_printf(&text, "%u migration%s", node->count, node->count == 1 ? "" : "s");
    Str kept = arena_str(draft->arena, strbuf_str(&text));
    strbuf_free(&text);
    return kept;
}

/* What a node that stands for several is called. */
static void name_joined(const Draft *draft, PictureNode *node)
{
    Str label = draft_text(draft, draft->graph->nodes[node->first].app);
    bool outside = draft_is_outside(draft, node->first);
    if (draft->options->by_app || outside) {
        node->kind = PICTURE_APP;
        node->id = node->title = label;
        node->subtitle = outside ? (Str){0} : count_text(draft, node);
    } else if (node->kind == PICTURE_RUN) {
        Str first = number_of(draft_text(draft, draft->graph->nodes[node->first].name));
        Str last = number_of(draft_text(draft, draft->graph->nodes[node->last].name));
        node->title = arena_printf(draft->arena, "%.*s … %.*s", STR_ARG(first), STR_ARG(last));
        node->subtitle = count_text(draft, node);
    }
}

static void add_nodes(Making *making)
{
    Draft *draft = making->draft;
    making->node_of_group = arena_array(&draft->scratch, uint32_t, draft->group_count + 1);
    memset(making->node_of_group, 0xff, (draft->group_count + 1) * sizeof(uint32_t));
    for (uint32_t i = 0; i < draft->sorted_count; i++) {
        NodeId id = draft->sorted[i];
        uint32_t *index = &making->node_of_group[draft->group[id]];
        if (*index != UINT32_MAX) {
            join_node(making, &making->nodes.items[*index], id);
            continue;
        }
        *index = making->nodes.count;
        PictureNode node = first_node(making, id);
        array_push(&making->nodes, node);
    }
    for (uint32_t i = 0; i < making->nodes.count; i++)
        name_joined(draft, &making->nodes.items[i]);
}

/* ---- edges ---- */

static PictureEdgeKind kind_of(const Draft *draft, const Edge *edge)
{
    const Graph *graph = draft->graph;
    if (edge->kind == EDGE_RUN_BEFORE)
        return PICTURE_RUN_BEFORE;
    if (graph_edge_dependency(draft_edge_graph(draft, edge), edge)->kind == DEPENDENCY_SWAPPABLE)
        return PICTURE_SWAPPABLE;
    return graph->nodes[edge->child].app == graph->nodes[edge->parent].app ? PICTURE_SAME_APP
                                                                           : PICTURE_CROSS_APP;
}

/* Whether a finding of MG106 is about this very dependency. */
static bool is_pinned(const Making *making, const Edge *edge)
{
    const NodeFindings *all = &making->findings;
    if (draft_edge_change(making->draft, edge) == GRAPH_REMOVED)
        return false;
    Place place = graph_edge_place(making->draft->graph, edge);
    for (uint32_t i = all->start[edge->child]; i < all->start[edge->child + 1]; i++) {
        const Finding *finding = all->items[i];
        if (str_eq(finding->rule->code, S("MG106")) && str_eq(finding->place.path, place.path) &&
            finding->place.span.start == place.span.start)
            return true;
    }
    return false;
}

static bool is_in_circle(const Draft *draft, const Edge *edge)
{
    const uint32_t *component = draft->graph->component;
    return !edge->maybe && draft_edge_change(draft, edge) != GRAPH_REMOVED &&
           component[edge->child] == component[edge->parent];
}

static void add_edge(Making *making, const Edge *edge)
{
    const Draft *draft = making->draft;
    uint32_t child = draft->group[edge->child], parent = draft->group[edge->parent];
    if (child == UINT32_MAX || parent == UINT32_MAX || child == parent)
        return;
    bool missing =
        (draft->graph->nodes[edge->child].flags | draft->graph->nodes[edge->parent].flags) &
        NODE_MISSING;
    array_push(&making->edges, (PictureEdge){.child = making->node_of_group[child],
                                             .parent = making->node_of_group[parent],
                                             .kind = kind_of(draft, edge),
                                             .weight = 1,
                                             .pinned = is_pinned(making, edge),
                                             .cycle = is_in_circle(draft, edge),
                                             .missing = missing,
                                             .maybe = edge->maybe,
                                             .change = draft_edge_change(draft, edge)});
}

static void add_through(void *self, NodeId child, NodeId parent, uint32_t between)
{
    Making *making = self;
    const uint32_t *group = making->draft->group;
    if (group[child] != group[parent])
        array_push(&making->edges, (PictureEdge){.child = making->node_of_group[group[child]],
                                                 .parent = making->node_of_group[group[parent]],
                                                 .kind = PICTURE_THROUGH,
                                                 .weight = between});
}

static int by_ends(const void *a, const void *b)
{
    const PictureEdge *left = a, *right = b;
    if (left->child != right->child)
        return left->child < right->child ? -1 : 1;
    if (left->parent != right->parent)
        return left->parent < right->parent ? -1 : 1;
    return (left->kind > right->kind) - (left->kind < right->kind);
}

/* Edges between the same two nodes become one. */
static void merge_edges(Making *making)
{
    uint32_t kept = 0;
    if (making->edges.count)
        qsort(making->edges.items, making->edges.count, sizeof *making->edges.items, by_ends);
    for (uint32_t i = 0; i < making->edges.count; i++) {
        PictureEdge *edge = &making->edges.items[i];
        PictureEdge *last = kept ? &making->edges.items[kept - 1] : NULL;
        if (!last || last->child != edge->child || last->parent != edge->parent) {
            making->edges.items[kept++] = *edge;
            continue;
        }
        last->weight += edge->weight;
        last->pinned |= edge->pinned;
        last->cycle |= edge->cycle;
        last->missing |= edge->missing;
        last->maybe &= edge->maybe;
        if (last->change != edge->change)
            last->change = GRAPH_UNCHANGED;
    }
    making->edges.count = kept;
}

/* ---- ghosts of numbers ---- */

static bool number(Str name, uint32_t *out)
{
    Str digits = number_of(name);
    if (!digits.len || digits.ptr[0] < '0' || digits.ptr[0] > '9' || digits.len > 6)
        return false;
    *out = 0;
    for (size_t i = 0; i < digits.len; i++)
        *out = *out * 10 + (uint32_t)(digits.ptr[i] - '0');
    return true;
}

/* The highest number of the app below `below`, of what is there. */
static uint32_t number_below(const Making *making, const PictureNode *ghost, uint32_t below,
                             uint32_t *at)
{
    uint32_t best = 0;
    *at = UINT32_MAX;
    for (uint32_t i = 0; i < making->nodes.count; i++) {
        const PictureNode *node = &making->nodes.items[i];
        uint32_t own;
        if (node->cluster == ghost->cluster && node->first != NODE_NONE &&
            number(draft_text(making->draft, making->draft->graph->nodes[node->last].name), &own) &&
            own < below && own >= best) {
            best = own;
            *at = i;
        }
    }
    return best;
}

static uint32_t add_number(Making *making, uint32_t ghost, uint32_t value)
{
    PictureNode node = {.kind = PICTURE_GHOST,
                        .title = arena_printf(making->draft->arena, "%04u", value),
                        .cluster = making->nodes.items[ghost].cluster,
                        .first = NODE_NONE,
                        .last = NODE_NONE,
                        .worst = SEVERITY_OFF};
    Str label = making->clusters.items[node.cluster].label;
    node.id = arena_printf(making->draft->arena, "%.*s.%04u", STR_ARG(label), value);
    array_push(&making->nodes, node);
    return making->nodes.count - 1;
}

static void join_by_gap(Making *making, uint32_t child, uint32_t parent)
{
    array_push(
        &making->edges,
        (PictureEdge){
            .child = child, .parent = parent, .kind = PICTURE_GAP, .weight = 1, .missing = true});
}

/* A missing migration and the numbers that are absent before it: 0013, (0014, 0015,) 0016. */
static void add_gap(Making *making, uint32_t ghost)
{
    enum { LONGEST_GAP = 12 };
    uint32_t value, at;
    Str name = making->nodes.items[ghost].title;
    if (!number(name, &value))
        return;
    uint32_t below = number_below(making, &making->nodes.items[ghost], value, &at);
    if (at == UINT32_MAX || value - below > LONGEST_GAP)
        return;
    uint32_t child = ghost;
    for (uint32_t absent = value - 1; absent > below; absent--) {
        uint32_t made = add_number(making, ghost, absent);
        join_by_gap(making, child, made);
        child = made;
    }
    join_by_gap(making, child, at);
}

static void add_gaps(Making *making)
{
    enum { MOST_GAPS = 50 };
    uint32_t count = making->nodes.count, done = 0;
    for (uint32_t i = 0; i < count && done < MOST_GAPS; i++) {
        const PictureNode *node = &making->nodes.items[i];
        if (node->kind != PICTURE_GHOST || node->change == GRAPH_REMOVED ||
            making->draft->options->by_app)
            continue;
        add_gap(making, i);
        done++;
    }
}

/* ---- what differs ---- */

const char *const picture_change_signs[GRAPH_CHANGES] = {"", "+", "~", "−"};

uint32_t picture_codes(const PictureNode *node, Str codes[PICTURE_CODES])
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < node->finding_count && count < PICTURE_CODES; i++) {
        const Finding *finding = node->findings[i];
        bool told = finding->severity < SEVERITY_WARNING || node->change == GRAPH_UNCHANGED;
        for (uint32_t c = 0; c < count; c++)
            told |= str_eq(codes[c], finding->rule->code);
        if (!told)
            codes[count++] = finding->rule->code;
    }
    return count;
}

const char *picture_edge_sign(const Picture *picture, const PictureEdge *edge)
{
    GraphChange child = picture->nodes[edge->child].change,
                parent = picture->nodes[edge->parent].change;
    return picture_change_signs[child == edge->change || parent == edge->change ? GRAPH_UNCHANGED
                                                                                : edge->change];
}

/* ---- all ---- */

static void mark_problems(Making *making)
{
    Draft *draft = making->draft;
    draft->marked = set_empty(draft);
    for (NodeId node = 0; node < draft->graph->node_count; node++) {
        bool grave = draft_marks(draft, node) & (MARK_CONFLICT | MARK_CYCLE | MARK_DETACHED);
        const NodeFindings *all = &making->findings;
        for (uint32_t i = all->start[node]; i < all->start[node + 1]; i++)
            grave |= all->items[i]->severity == SEVERITY_ERROR;
        if (grave)
            set_add(&draft->marked, node);
    }
}

static uint32_t *nodes_of_graph(const Making *making, Arena *arena)
{
    const Draft *draft = making->draft;
    uint32_t *node_of = arena_array(arena, uint32_t, draft->graph->node_count + 1);
    for (NodeId node = 0; node < draft->graph->node_count; node++) {
        uint32_t group = draft->group[node];
        node_of[node] = group == UINT32_MAX ? UINT32_MAX : making->node_of_group[group];
    }
    return node_of;
}

static void finish(Making *making, Arena *arena, Picture *out)
{
    const Draft *draft = making->draft;
    Str root = draft->source->project->root;
    out->title = root.len ? root : draft->source->workspace->options.root_name;
    out->clusters =
        arena_keep(arena, PictureCluster, making->clusters.items, making->clusters.count);
    out->cluster_count = making->clusters.count;
    out->nodes = arena_keep(arena, PictureNode, making->nodes.items, making->nodes.count);
    out->node_count = making->nodes.count;
    out->node_of = nodes_of_graph(making, arena);
    out->edges = arena_keep(arena, PictureEdge, making->edges.items, making->edges.count);
    out->edge_count = making->edges.count;
    out->collapsed = draft->collapsed || draft->options->by_app;
    out->comparison = draft->comparison;
    uint32_t own = 0, drawn = 0;
    for (NodeId node = 0; node < draft->graph->node_count; node++) {
        bool is_own =
            !(draft->graph->nodes[node].flags & (NODE_REPLACED | NODE_EXTERNAL | NODE_MISSING));
        own += is_own;
        drawn += is_own && nodeset_has(&draft->shown, node);
    }
    out->left_out = own - drawn;
}

bool picture_make(const PictureSource *source, const PictureOptions *options, Arena *arena,
                  Picture *out, Error *err)
{
    Draft draft = {.source = source,
                   .options = options,
                   .comparison = source->comparison,
                   .graph = source->comparison ? &source->comparison->graph
                                               : source->analysis->state->graph,
                   .interner = &source->workspace->interner,
                   .arena = arena};
    Making making = {.draft = &draft, .picture = out};
    *out = (Picture){0};
    bool ok = draft_select(&draft, err);
    if (ok) {
        draft_find_ends(&draft);
        making.findings = draft_findings(&draft);
        mark_problems(&making);
        draft_collapse(&draft);
        add_nodes(&making);
        for (uint32_t i = 0; i < draft.graph->edge_count; i++)
            add_edge(&making, &draft.graph->edges[i]);
        if (draft.comparison && !options->by_app)
            draft_through(&draft, add_through, &making);
        add_gaps(&making);
        merge_edges(&making);
        finish(&making, arena, out);
    }
    array_free(&making.nodes);
    array_free(&making.edges);
    array_free(&making.clusters);
    map_free(&draft.ends);
    arena_free(&draft.scratch);
    return ok;
}
