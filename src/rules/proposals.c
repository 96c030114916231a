#include "rules/proposals.h"

#include "rules/nodes.h"

enum {
    MOST_PROOFS = 200, /* of one check and project */
    CIRCLE_SHOWN = 6,
};

/* ---- ways from child to parent ---- */

static void reach_to(Proposals *proposals, NodeId from, NodeId to, Nodes *queue)
{
    if (proposals->from[to] != NODE_NONE)
        return;
    proposals->from[to] = from;
    queue->items[queue->count++] = to;
}

/* Whether `to` comes before `from` by dependencies that are written or proposed. */
static bool find_way(Proposals *proposals, NodeId from, NodeId to)
{
    const Graph *graph = proposals->context->graph;
    Nodes queue = {arena_array(proposals->context->scratch, NodeId, graph->node_count), 0};
    for (NodeId node = 0; node < graph->node_count; node++)
        proposals->from[node] = NODE_NONE;
    reach_to(proposals, from, from, &queue);
    for (uint32_t i = 0; i < queue.count && proposals->from[to] == NODE_NONE; i++) {
        NodeId node = queue.items[i];
        EACH_PARENT_EDGE(graph, node, edge)
        reach_to(proposals, node, edge->parent, &queue);
        for (uint32_t p = map_get(&proposals->by_child, node, UINT32_MAX); p != UINT32_MAX;
             p = proposals->all.items[p].next)
            reach_to(proposals, node, proposals->all.items[p].parent, &queue);
    }
    return proposals->from[to] != NODE_NONE;
}

/* The way that was found, from its end: the new dependency would close it. */
static Str circle_text(const Proposals *proposals, NodeId from, NodeId to)
{
    const RuleContext *context = proposals->context;
    Str text = arena_printf(context->scratch, "`%.*s`", STR_ARG(node_text(context, to)));
    uint32_t shown = 1;
    for (NodeId node = to; node != from; shown++) {
        node = proposals->from[node];
        if (shown < CIRCLE_SHOWN || node == from)
            text = arena_printf(context->scratch, "`%.*s` → %.*s",
                                STR_ARG(node_text(context, node)), STR_ARG(text));
        else if (shown == CIRCLE_SHOWN)
            text = arena_printf(context->scratch, "… → %.*s", STR_ARG(text));
    }
    return arena_printf(context->scratch, "`%.*s` → %.*s", STR_ARG(node_text(context, to)),
                        STR_ARG(text));
}

ProposalAnswer propose(Proposals *proposals, NodeId child, NodeId parent, Str *circle)
{
    const RuleContext *context = proposals->context;
    if (proposals->proved++ >= MOST_PROOFS)
        return PROPOSAL_UNKNOWN;
    if (!proposals->from)
        proposals->from = arena_array(context->scratch, NodeId, context->graph->node_count);
    if (find_way(proposals, parent, child)) {
        *circle = circle_text(proposals, parent, child);
        return PROPOSAL_CIRCLE;
    }
    uint32_t last = map_get(&proposals->by_child, child, UINT32_MAX);
    map_set(&proposals->by_child, child, proposals->all.count);
    array_push(&proposals->all, (Proposal){parent, last});
    return PROPOSAL_SOUND;
}

/* ---- texts ---- */

static bool is_root(const RuleContext *context, NodeId node)
{
    Nodes roots = graph_roots(context->graph, node_at(context, node)->app, context->scratch);
    return roots.count == 1 && roots.items[0] == node;
}

Str dependency_line(const RuleContext *context, NodeId parent, Sym setting)
{
    const Node *node = node_at(context, parent);
    if (setting && is_root(context, parent))
        return arena_printf(context->scratch, "migrations.swappable_dependency(settings.%.*s)",
                            STR_ARG(context_str(context, setting)));
    return arena_printf(context->scratch, "(\"%.*s\", \"%.*s\")",
                        STR_ARG(context_str(context, node->app)),
                        STR_ARG(context_str(context, node->name)));
}

void help_dependency(Proposals *proposals, Finding *finding, NodeId child, NodeId parent)
{
    RuleContext *context = proposals->context;
    Str circle, line = dependency_line(context, parent, SYM_NONE);
    Str name = node_text(context, child);
    switch (propose(proposals, child, parent, &circle)) {
    case PROPOSAL_SOUND:
        finding_help(context, finding,
                     "add %.*s to the dependencies of `%.*s`; that closes no cycle", STR_ARG(line),
                     STR_ARG(name));
        break;
    case PROPOSAL_CIRCLE:
        finding_help(context, finding,
                     "move the operation into a migration behind `%.*s`: a dependency on it would "
                     "close the cycle %.*s",
                     STR_ARG(node_text(context, parent)), STR_ARG(circle));
        break;
    default:
        finding_help(context, finding, "add %.*s to the dependencies of `%.*s`", STR_ARG(line),
                     STR_ARG(name));
        break;
    }
}

void proposals_free(Proposals *proposals)
{
    array_free(&proposals->all);
    map_free(&proposals->by_child);
}
