#ifndef MIGRALINT_RENDER_PICTURE_H
#define MIGRALINT_RENDER_PICTURE_H

/*
 * What is drawn of a project's migration graph, decided once for all formats: which migrations,
 * what stands for several of them, how each node and edge is marked and what is said about it. A
 * format only draws; it asks neither the graph nor the findings.
 *
 * Everything is in the arena given to picture_make(). Texts are those of the project: data, to be
 * escaped by the format. Order is that of the graph, so the same input gives the same bytes.
 */

#include "graph/compare.h"
#include "models/drift.h"
#include "rules/engine.h"

typedef enum PictureKind {
    PICTURE_MIGRATION,
    PICTURE_GHOST, /* no file: one that is referred to, or a number that is absent before it */
    PICTURE_RUN,   /* several migrations of one app that stand side by side: first … last */
    PICTURE_APP,   /* all of an app: by_app, and apps that are not the project's own */
} PictureKind;

enum {
    MARK_INITIAL = 1 << 0,
    MARK_LEAF = 1 << 1,
    MARK_CONFLICT = 1 << 2, /* one of several leaves of its app */
    MARK_CYCLE = 1 << 3,
    MARK_DETACHED = 1 << 4, /* a root that is not the app's first migration */
    MARK_SQUASH = 1 << 5,
    MARK_MERGE = 1 << 6,  /* several parents of its own app, no operations */
    MARK_DATA = 1 << 7,   /* RunPython */
    MARK_SQL = 1 << 8,    /* RunSQL */
    MARK_BROKEN = 1 << 9, /* the file cannot be read wholly */
    MARK_EXTERNAL = 1 << 10,
    MARK_CONTEXT = 1 << 11, /* not asked for: drawn so that others hang together */
    PICTURE_MARKS = 12,
};
/* "initial", "leaf", …: by bit. */
extern const char *const picture_mark_names[PICTURE_MARKS];

/* Before titles and at edges, "+", "~" and "−": colours alone tell nobody. */
extern const char *const picture_change_signs[GRAPH_CHANGES];

typedef struct PictureNode {
    PictureKind kind;
    Str id;           /* "events.0016_quota", "events" for an app; unique, as Django writes keys */
    Str title;        /* "0016_quota", "0003 … 0041", "events" */
    Str subtitle;     /* "39 migrations", "replaces 0001 – 0014"; may be empty */
    uint32_t cluster; /* index in Picture.clusters */
    NodeId first, last; /* in what is drawn; NODE_NONE for a number that nothing refers to */
    uint32_t count;     /* migrations it stands for */
    uint32_t changes[GRAPH_CHANGES]; /* how many of them differ from the base, and how */
    unsigned marks;
    GraphChange change;       /* of an app some of whose migrations differ: GRAPH_EDITED */
    Severity worst;           /* of its findings; SEVERITY_OFF: none */
    const Finding **findings; /* consequences too; borrowed from the Findings */
    uint32_t finding_count;
    Str *operations; /* "AddField post.title", in order; of one migration only */
    uint32_t operation_count;
    Str path; /* of its file; empty */
} PictureNode;

typedef enum PictureEdgeKind {
    PICTURE_SAME_APP,
    PICTURE_CROSS_APP,
    PICTURE_SWAPPABLE,
    PICTURE_RUN_BEFORE,
    PICTURE_THROUGH, /* `weight` migrations of the app lie between that are not drawn */
    PICTURE_GAP,     /* between ghosts: what the numbers suggest, no dependency */
} PictureEdgeKind;

/* "child needs parent". */
typedef struct PictureEdge {
    uint32_t child, parent; /* indices in Picture.nodes */
    PictureEdgeKind kind;
    uint32_t weight; /* dependencies it stands for */
    bool pinned;     /* later than needed (MG106) */
    bool cycle, missing, maybe;
    GraphChange change;
} PictureEdge;

/* An app. */
typedef struct PictureCluster {
    Str label;
    Str path;
    unsigned color; /* index in a palette that colour-blind people can tell apart */
    bool external;
    uint32_t migrations;      /* all of the app's, drawn or not */
    const Finding **findings; /* those that are about the app, not one migration */
    uint32_t finding_count;
} PictureCluster;

typedef struct Picture {
    Str title;                /* the project's root, or its directory's name */
    PictureCluster *clusters; /* by label */
    uint32_t cluster_count;
    PictureNode *nodes; /* by cluster, then in the order of the plan */
    uint32_t node_count;
    uint32_t *node_of;  /* by node of what is drawn: which one stands for it; UINT32_MAX: none */
    PictureEdge *edges; /* by child, then parent */
    uint32_t edge_count;
    uint32_t left_out;            /* migrations that were not asked for */
    bool collapsed;               /* some nodes stand for several migrations */
    const Comparison *comparison; /* whose graph is drawn; NULL: the project's own */
} Picture;

/* Where the look says what has changed, these say what is wrong: the codes of its errors and
 * warnings, each once, at most PICTURE_CODES. None where the look says it itself. */
enum { PICTURE_CODES = 4 };
uint32_t picture_codes(const PictureNode *node, Str codes[PICTURE_CODES]);

/* What is said of an edge that has come or gone between two nodes that have not; or "". */
const char *picture_edge_sign(const Picture *picture, const PictureEdge *edge);

/* What stands for a node of the project's own graph; UINT32_MAX: nothing. */
static inline uint32_t picture_node_of(const Picture *picture, NodeId node)
{
    return picture->node_of[picture->comparison ? picture->comparison->of_now[node] : node];
}

typedef enum Collapse {
    COLLAPSE_AUTO, /* as much as keeps it readable */
    COLLAPSE_NOTHING,
    COLLAPSE_RUNS,     /* chains with nothing else hanging on them */
    COLLAPSE_SEGMENTS, /* as many as can stand together without making a circle */
} Collapse;

typedef struct PictureOptions {
    const Str *apps; /* labels; none: all */
    uint32_t app_count;
    Str focus_app, focus_name; /* and what is within `depth` edges of them; empty: no focus */
    unsigned depth;
    Str since_app, since_name; /* only what is not among that one's ancestors or itself */
    bool by_app;               /* one node an app, edges weighted */
    bool problems;             /* only findings and what is next to them */
    bool externals; /* migrations of other people's apps one by one, not as one node an app */
    Collapse collapse;
} PictureOptions;

/* A project and what was found in it. */
typedef struct PictureSource {
    const Workspace *workspace;
    const Project *project;
    const Analysis *analysis;     /* NULL: of a comparison, the project is gone */
    const Findings *findings;     /* of the whole workspace; NULL: none */
    const Comparison *comparison; /* with a base: only what differs is drawn, and what is next to
                                     it; NULL: nothing to compare */
} PictureSource;

/* False with *err when an app or migration that is asked for is not in the project. */
bool picture_make(const PictureSource *source, const PictureOptions *options, Arena *arena,
                  Picture *out, Error *err);

#endif
