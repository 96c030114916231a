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
/* Written in a migration of the project's own. */
bool edge_is_own(const RuleContext *context, const Edge *edge);
/* Its lists may hold more than could be read: what it follows, what follows
 * it and what it replaces is not known. */
bool migration_is_open(const Migration *migration);
/* Whether the app's migrations may lie where a MIGRATION_MODULES says that
 * could not be read or followed. */
bool app_may_lie_elsewhere(const RuleContext *context, const App *app);
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

/*
 * Limits on work that grows with the square of what is found. Beyond them a
 * check goes on with less: fewer notes, or silence about the rest.
 */
enum {
    MOST_LEAVES = 32,    /* of one app, compared with one another */
    MOST_ROOTS = 64,     /* of one app, the same */
    MOST_PAIRS = 64,     /* with one number, of one app */
    MOST_EXPLAINED = 64, /* missing migrations of a project that get suggestions and counts */
    MOST_LABELS = 1000,  /* unknown labels of a project that are looked up */
    MOST_CIRCLES = 200,  /* of a project, reported */
    MOST_PINS = 1000,    /* dependencies on other apps, of a project, looked into */
};

/* Edges for which the node is the child (`parents`) or the parent. */
#define EACH_PARENT_EDGE(graph, node, edge)                                                        \
    for (const Edge *edge = &(graph)->edges[(graph)->parent_start[node]];                          \
         edge < &(graph)->edges[(graph)->parent_start[(node) + 1]]; edge++)
#define EACH_CHILD_EDGE(graph, node, i)                                                            \
    for (uint32_t i = (graph)->child_start[node]; i < (graph)->child_start[(node) + 1]; i++)

#endif
