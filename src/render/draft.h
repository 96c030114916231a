#ifndef MIGRALINT_RENDER_DRAFT_H
#define MIGRALINT_RENDER_DRAFT_H

/*
 * Private to render/: a picture while it is made.
 *
 *   select    which nodes of the graph are drawn, and which only as context
 *   collapse  which of them stand together as one
 *   through   what leads from one to another unseen
 *   marks     what is said about each
 *   picture   nodes, edges and clusters, in order
 */

#include "render/picture.h"

typedef struct Draft {
    const PictureSource *source;
    const PictureOptions *options;
    const Comparison *comparison; /* NULL: nothing to compare */
    const Graph *graph;           /* what is drawn: the project's own, or the comparison's */
    const Interner *interner;
    Arena *arena; /* of the result */
    Arena scratch;
    NodeSet shown;   /* drawn in some way */
    NodeSet context; /* of these, what was not asked for */
    NodeSet marked;  /* what has a finding, or is otherwise not to be hidden in a run */
    uint32_t *order; /* by node: position in the plan; missing ones just before their children */
    uint32_t *group; /* by node: which group it is in; UINT32_MAX: not drawn */
    NodeId *sorted;  /* the drawn ones by label, then order */
    uint32_t sorted_count;
    uint32_t group_count;
    bool collapsed;
    Map ends; /* node → MARK_INITIAL, MARK_DETACHED, MARK_LEAF, MARK_CONFLICT */
} Draft;

static inline void set_add(NodeSet *set, NodeId node)
{
    set->words[node / 64] |= (uint64_t)1 << node % 64;
}
static inline void set_remove(NodeSet *set, NodeId node)
{
    set->words[node / 64] &= ~((uint64_t)1 << node % 64);
}
NodeSet set_empty(const Draft *draft);
Str draft_text(const Draft *draft, Sym sym);
/* Of another app than the project's own, and not to be drawn migration by migration. */
bool draft_is_outside(const Draft *draft, NodeId node);
const Migration *draft_migration(const Draft *draft, NodeId node);
/* Against a base; GRAPH_UNCHANGED without one. */
GraphChange draft_change(const Draft *draft, NodeId node);
/* The graph that the node is in by itself: the project's own, or that of the base. */
const Graph *draft_graph_of(const Draft *draft, NodeId node);
GraphChange draft_edge_change(const Draft *draft, const Edge *edge);
/* The graph whose project has the edge's origin. */
const Graph *draft_edge_graph(const Draft *draft, const Edge *edge);

/* select.c: fills `shown`, `context` and `order`. */
bool draft_select(Draft *draft, Error *err);
/* The findings about a node, most important first; the same array for all nodes. */
typedef struct NodeFindings {
    uint32_t *start; /* by node, and one more: in `items` */
    const Finding **items;
} NodeFindings;
NodeFindings draft_findings(Draft *draft);
/* Those that are about the app and no migration. */
const Finding **draft_app_findings(const Draft *draft, Str label, uint32_t *count);

/* collapse.c: fills `sorted` and `group`. */
void draft_collapse(Draft *draft);

/* through.c: for each migration that is drawn without any it needs of its own app, those that it
 * needs through `between` others. */
typedef void ThroughVisitor(void *self, NodeId child, NodeId parent, uint32_t between);
void draft_through(Draft *draft, ThroughVisitor *visitor, void *self);

/* marks.c */
void draft_find_ends(Draft *draft); /* fills `ends` */
unsigned draft_marks(const Draft *draft, NodeId node);
void draft_operations(const Draft *draft, NodeId node, PictureNode *out);

#endif
