#ifndef MIGRALINT_RULES_NODES_H
#define MIGRALINT_RULES_NODES_H

/*
 * Private to the checks of the graph: questions about nodes, and how nodes
 * are called in messages. Texts are in the context's scratch arena.
 */

#include "rules/check.h"

/* "app.0001_initial" */
Str node_text(const RuleContext *context, NodeId node);
Str node_name(const RuleContext *context, NodeId node);
const Node *node_at(const RuleContext *context, NodeId node);
/* The migration of a node, or NULL for a missing one. */
const Migration *node_migration(const RuleContext *context, NodeId node);
const App *node_app(const RuleContext *context, NodeId node); /* NULL: of no app at hand */
bool node_is_own(const RuleContext *context, NodeId node);
/* There, with a source file, and not taken out by a squash. */
bool node_is_live(const RuleContext *context, NodeId node);
/* Where `class Migration` is, or the file. */
Place node_place(const RuleContext *context, NodeId node);

/* The number a name starts with; false when it starts with none. */
bool name_number(Str name, uint32_t *number);

/* "`a`, `b` and `c`"; from `most` on "`a`, `b` and 7 more". */
Str list_texts(const RuleContext *context, const Str *texts, uint32_t count, uint32_t most);

/* An app's nodes stand side by side: [first, end), all kinds of them. */
typedef struct NodeRange {
    NodeId first, end;
} NodeRange;
NodeRange app_nodes(const RuleContext *context, Sym label);

/* Limits on what is compared with one another within one app. */
enum { MOST_LEAVES = 32, MOST_ROOTS = 64, MOST_PAIRS = 64 };

/* Edges for which the node is the child (`parents`) or the parent. */
#define EACH_PARENT_EDGE(graph, node, edge)                                                    \
    for (const Edge *edge = &(graph)->edges[(graph)->parent_start[node]];                      \
         edge < &(graph)->edges[(graph)->parent_start[(node) + 1]]; edge++)
#define EACH_CHILD_EDGE(graph, node, i)                                                        \
    for (uint32_t i = (graph)->child_start[node]; i < (graph)->child_start[(node) + 1]; i++)

#endif
