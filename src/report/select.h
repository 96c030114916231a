#ifndef MIGRALINT_REPORT_SELECT_H
#define MIGRALINT_REPORT_SELECT_H

/*
 * Which part of a project's graph is shown: the project's own nodes, what
 * they depend on, and what the settings install; not every migration of
 * Django that a table knows of.
 */

#include "report/report.h"

/* Whether the app is one of those asked for; every app when none is. */
bool view_has_app(const View *view, const Workspace *workspace, Sym label);

/* A bit per node: what is shown. Replaced nodes never are. In `arena`. */
NodeSet view_nodes(const View *view, const Graph *graph, Arena *arena);

/* The plan of what is shown; for chosen apps what migrating to their leaves takes. */
Nodes view_plan(const View *view, const Graph *graph, Arena *arena);

/* "app.name". */
Str node_key(const Graph *graph, NodeId node, Arena *arena);

/* As `migrate app 0003`: a name that no migration of the app has, but that begins just one, becomes
 * that one's. One that begins none stays as it is; false when it begins several. */
bool name_complete(const Graph *graphs, uint32_t graph_count, Str app, Str *name, Error *err);

/* The numbers of an app's migrations as "0001–0013, 0017"; those that a squash stands for count
 * as there. `gaps` gets "0014–0016". Both empty where names have no numbers. In `arena`. */
typedef struct Numbers {
    Str present, gaps;
} Numbers;
Numbers app_numbers(const Workspace *workspace, const Project *project, const App *app,
                    Arena *arena);

#endif
