#include "rules/leaves.h"
#include "rules/sides.h"

/*
 * MG403: what merging another branch makes of the graph, found before the merge. Neither side has
 * it by itself: it takes something new here and something new, or gone, there.
 */

enum { CIRCLE_STARTS = 16, CIRCLE_SHOWN = 12 };

typedef struct Merging {
    Sides sides;
    Map gone; /* label in the merged project → what is reported about a missing parent there */
    Array(Finding *) findings;
} Merging;

static Str name_of_branch(const Merging *merging)
{
    return merging->sides.branch->name;
}

/* "main:blog/migrations/0002_title.py", as git names it. */
static void note_theirs(Merging *merging, Finding *finding, NodeId node)
{
    const Sides *sides = &merging->sides;
    const Migration *theirs = side_migration(&sides->theirs, merged_key(sides, node));
    if (theirs)
        finding_note(sides->context, finding, (Place){0}, "theirs is `%.*s:%.*s`",
                     STR_ARG(name_of_branch(merging)), STR_ARG(theirs->path));
}

/* ---- a parent that one side took away --------------------------------------- */

static Place place_of_dependency(const Side *side, const Migration *migration, Key parent)
{
    const Dependencies *lists[] = {&migration->dependencies, &migration->run_before};
    for (int l = 0; l < 2; l++)
        for (uint32_t i = 0; i < lists[l]->count; i++) {
            const Dependency *at = &lists[l]->items[i];
            if (str_eq(sym_str(side->interner, at->app), parent.app) &&
                str_eq(sym_str(side->interner, at->name), parent.name))
                return at->place;
        }
    return migration->class_place.path.len ? migration->class_place
                                           : (Place){migration->path, {0, 0}};
}

static Finding *report_gone_there(Merging *merging, Key child, Key parent)
{
    const Sides *sides = &merging->sides;
    const Migration *own = side_migration(&sides->ours, child);
    Finding *finding =
        report_migration(sides->context, own, place_of_dependency(&sides->ours, own, parent),
                         "`%.*s.%.*s` depends on `%.*s.%.*s`, which `%.*s` has taken away",
                         STR_ARG(child.app), STR_ARG(child.name), STR_ARG(parent.app),
                         STR_ARG(parent.name), STR_ARG(name_of_branch(merging)));
    finding_help(sides->context, finding,
                 "merge `%.*s`, then let `%.*s` depend on what came in its place",
                 STR_ARG(name_of_branch(merging)), STR_ARG(child.name));
    return finding;
}

/* The migrations package that lacks it stands for the file that is not there. */
static Finding *report_gone_here(Merging *merging, NodeId node, Key child, Key parent)
{
    const Sides *sides = &merging->sides;
    const Project *project = sides->context->project;
    Sym label = intern_find(sides->ours.interner, parent.app);
    AppId id = label ? project_app(project, label) : APP_NONE;
    if (id == APP_NONE || !project->apps[id].package_path.len)
        return NULL;
    Finding *finding = report_app(
        sides->context, &project->apps[id], (Place){project->apps[id].package_path, {0, 0}},
        "`%.*s.%.*s` is gone here, but `%.*s.%.*s` on `%.*s` depends on it", STR_ARG(parent.app),
        STR_ARG(parent.name), STR_ARG(child.app), STR_ARG(child.name),
        STR_ARG(name_of_branch(merging)));
    note_theirs(merging, finding, node);
    finding_help(sides->context, finding,
                 "keep it, or merge `%.*s` and let `%.*s` depend on what came in its place",
                 STR_ARG(name_of_branch(merging)), STR_ARG(child.name));
    return finding;
}

static void check_missing(Merging *merging, NodeId missing, const Edge *edge)
{
    const Sides *sides = &merging->sides;
    const RuleContext *merged = &sides->merged;
    Key parent = merged_key(sides, missing);
    NodeId node = merged->graph->node_of[edge->origin];
    if (edge->maybe || !edge_is_own(merged, edge) || node == NODE_NONE ||
        !side_provides(&sides->fork, parent) || side_misses(&sides->ours, parent) ||
        side_misses(&sides->theirs, parent))
        return;
    Key child = merged_key(sides, node);
    bool here = side_provides(&sides->ours, parent), there = side_provides(&sides->theirs, parent);
    Finding *finding = NULL;
    if (here && !there && side_migration(&sides->ours, child))
        finding = report_gone_there(merging, child, parent);
    else if (there && !here && side_migration(&sides->theirs, child))
        finding = report_gone_here(merging, node, child, parent);
    if (!finding)
        return;
    finding_note(sides->context, finding, (Place){0},
                 "it was there where this and `%.*s` parted; nothing `replaces` it",
                 STR_ARG(name_of_branch(merging)));
    map_set(&merging->gone, merged->graph->nodes[node].app, merging->findings.count);
    array_push(&merging->findings, finding);
}

static void check_parents(Merging *merging)
{
    const Graph *graph = merging->sides.merged.graph;
    for (NodeId node = 0; node < graph->node_count; node++) {
        if ((graph->nodes[node].flags & (NODE_MISSING | NODE_REPLACED | NODE_UNKNOWABLE)) !=
            NODE_MISSING)
            continue;
        EACH_CHILD_EDGE(graph, node, i)
        check_missing(merging, node, &graph->edges[graph->by_parent[i]]);
    }
}

/* ---- circles ------------------------------------------------------------- */

static bool all_on(const Merging *merging, const Side *side, const Path *path)
{
    const Sides *sides = &merging->sides;
    for (uint32_t i = 0; i < path->count; i++) {
        const Edge *edge = &sides->merged.graph->edges[path->edges[i]];
        if (!side_has_edge(side, merged_key(sides, edge->child), merged_key(sides, edge->parent)))
            return false;
    }
    return true;
}

/* The first migration in the circle that says here what it does not say there. */
static const Migration *own_in(const Merging *merging, const Path *path)
{
    const Sides *sides = &merging->sides;
    for (uint32_t i = 0; i < path->count; i++) {
        const Edge *edge = &sides->merged.graph->edges[path->edges[i]];
        NodeId origin = sides->merged.graph->node_of[edge->origin];
        Key child = merged_key(sides, edge->child), parent = merged_key(sides, edge->parent);
        if (origin != NODE_NONE && side_has_edge(&sides->ours, child, parent) &&
            !side_has_edge(&sides->theirs, child, parent))
            return side_migration(&sides->ours, merged_key(sides, origin));
    }
    return NULL;
}

static void report_circle(Merging *merging, const Path *path, const Migration *own)
{
    RuleContext *context = merging->sides.context;
    const RuleContext *merged = &merging->sides.merged;
    Str text = {0};
    for (uint32_t i = 0; i <= path->count && i <= CIRCLE_SHOWN; i++) {
        const Edge *edge = &merged->graph->edges[path->edges[i % path->count]];
        text = arena_printf(context->scratch, "%.*s%s`%.*s`", STR_ARG(text), i ? " → " : "",
                            STR_ARG(node_text(merged, edge->child)));
    }
    Place place = own->class_place.path.len ? own->class_place : (Place){own->path, {0, 0}};
    Finding *finding = report_migration(context, own, place, "merging `%.*s` closes a circle: %.*s",
                                        STR_ARG(name_of_branch(merging)), STR_ARG(text));
    finding_help(context, finding,
                 "take one of these dependencies out, moving the operation that needs it into a "
                 "later migration");
}

static void check_circles(Merging *merging)
{
    const RuleContext *merged = &merging->sides.merged;
    Cycles cycles = graph_cycles(merged->graph, merged->scratch);
    for (uint32_t c = 0; c < cycles.count && c < MOST_CIRCLES; c++) {
        const Nodes *group = &cycles.items[c];
        for (uint32_t i = 0; i < group->count && i < CIRCLE_STARTS; i++) {
            Path path =
                graph_path(merged->graph, group->items[i], group->items[i], merged->scratch);
            if (!path.count || all_on(merging, &merging->sides.ours, &path) ||
                all_on(merging, &merging->sides.theirs, &path))
                continue;
            const Migration *own = own_in(merging, &path);
            if (own)
                report_circle(merging, &path, own);
            break;
        }
    }
}

/* ---- two leaves ---------------------------------------------------------- */

/* The last of the leaves that only one side has; UINT32_MAX: none. */
static uint32_t leaf_of(const Merging *merging, const Leaves *leaves,
                        bool (*is_there)(const Sides *, NodeId))
{
    for (uint32_t i = leaves->compared; i-- > 0;)
        if (is_there(&merging->sides, leaves->nodes.items[i]))
            return i;
    return UINT32_MAX;
}

static void help_leaves(Merging *merging, Finding *finding, Str own, Str other, bool overlap)
{
    finding_help(merging->sides.context, finding,
                 overlap ? "merge `%.*s`, then let `%.*s` depend on `%.*s` and give it the next "
                           "number"
                         : "merge `%.*s`, then let `%.*s` depend on `%.*s` and give it the next "
                           "number; if it has been applied anywhere already, run `makemigrations "
                           "--merge` instead",
                 STR_ARG(name_of_branch(merging)), STR_ARG(own), STR_ARG(other));
}

static Finding *report_leaves(Merging *merging, const Leaves *leaves, uint32_t own, uint32_t other)
{
    const Sides *sides = &merging->sides;
    NodeId ours = leaves->nodes.items[own], theirs = leaves->nodes.items[other];
    Key key = merged_key(sides, ours), their_key = merged_key(sides, theirs);
    const Migration *migration = side_migration(&sides->ours, key);
    Place place =
        migration->class_place.path.len ? migration->class_place : (Place){migration->path, {0, 0}};
    uint32_t number, their_number;
    bool same = name_number(key.name, &number) && name_number(their_key.name, &their_number) &&
                number == their_number;
    Finding *finding = report_migration(
        sides->context, migration, place,
        "merging `%.*s` gives `%.*s` two leaf migrations%s: `%.*s` here, `%.*s` there",
        STR_ARG(name_of_branch(merging)), STR_ARG(key.app), same ? " of one number" : "",
        STR_ARG(key.name), STR_ARG(their_key.name));
    note_theirs(merging, finding, theirs);
    NodeId fork = leaves_fork(leaves);
    if (fork != NODE_NONE)
        finding_note(sides->context, finding, (Place){0}, "they part after `%.*s`",
                     STR_ARG(node_text(&sides->merged, fork)));
    Str both = leaves_overlap(leaves, own, other);
    if (both.len)
        finding_note(sides->context, finding, (Place){0},
                     "both sides change %.*s: the result depends on their order", STR_ARG(both));
    help_leaves(merging, finding, key.name, their_key.name, both.len);
    return finding;
}

static void check_leaves(Merging *merging, const App *app)
{
    Leaves leaves;
    leaves_find(&leaves, &merging->sides.merged, app);
    if (leaves.nodes.count < 2 || leaves_may_be_joined(&leaves))
        return;
    uint32_t own = leaf_of(merging, &leaves, only_ours);
    uint32_t other = leaf_of(merging, &leaves, only_theirs);
    if (own == UINT32_MAX || other == UINT32_MAX)
        return;
    Finding *finding = report_leaves(merging, &leaves, own, other);
    uint32_t cause = map_get(&merging->gone, app->label, UINT32_MAX);
    if (cause != UINT32_MAX)
        finding_follows_from(merging->sides.context, finding, merging->findings.items[cause]);
}

void check_conflicts_with_base(RuleContext *context)
{
    for (uint32_t b = 0; b < context->branch_count; b++) {
        Merging merging = {0};
        if (!sides_open(&merging.sides, context, &context->branches[b]))
            continue;
        check_parents(&merging);
        check_circles(&merging);
        const Project *project = merging.sides.merged.project;
        for (AppId id = 0; id < project->app_count; id++)
            if (project->apps[id].origin == APP_OWN && project->apps[id].migration_count > 1)
                check_leaves(&merging, &project->apps[id]);
        map_free(&merging.gone);
        array_free(&merging.findings);
    }
}
