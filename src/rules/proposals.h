#ifndef MIGRALINT_RULES_PROPOSALS_H
#define MIGRALINT_RULES_PROPOSALS_H

/*
 * Dependencies that findings ask for, and the proof that all of them together make no cycle: what
 * is proposed once is taken as being there by all further proposals of the same check.
 */

#include "rules/check.h"

typedef struct Proposal {
    NodeId parent;
    uint32_t next; /* of the same child */
} Proposal;

typedef struct Proposals {
    RuleContext *context; /* {.context = context} */
    Array(Proposal) all;
    Map by_child; /* NodeId → index of its last one */
    NodeId *from; /* by node, while a way is searched: the node it was reached from */
    uint32_t proved;
} Proposals;

typedef enum ProposalAnswer {
    PROPOSAL_SOUND,
    PROPOSAL_CIRCLE,  /* `*circle` says which: "`a.0002` → `b.0001` → `a.0002`" */
    PROPOSAL_UNKNOWN, /* one of too many to prove */
} ProposalAnswer;

/* "child depends on parent" */
ProposalAnswer propose(Proposals *proposals, NodeId child, NodeId parent, Str *circle);
/* As it is written in `dependencies`; `setting` may be SYM_NONE. */
Str dependency_line(const RuleContext *context, NodeId parent, Sym setting);
/* Help for a finding that wants nothing but this one dependency. */
void help_dependency(Proposals *proposals, Finding *finding, NodeId child, NodeId parent);
void proposals_free(Proposals *proposals);

#endif
