#include "rules/nodes.h"

#include <stdlib.h>

/*
 * MG1, numbers in names. To Django they mean nothing; to people they mean the
 * order. So these are hints, unless a defect of the graph stands behind them.
 */

enum { LARGEST_NUMBER = 9999 }; /* above: ticket numbers, dates */

typedef struct Numbered {
    uint32_t number;
    NodeId node; /* NODE_NONE: known from a `replaces` only */
} Numbered;

typedef Array(Numbered) NumberedList;

static int by_number(const void *a, const void *b)
{
    const Numbered *left = a, *right = b;
    if (left->number != right->number)
        return left->number < right->number ? -1 : 1;
    return left->node < right->node ? -1 : left->node > right->node;
}

/* The app's numbers, replaced ones too; false when the app does not number. */
static bool numbers_of(const RuleContext *context, const App *app, NumberedList *out)
{
    const Project *project = context->project;
    NodeRange range = app_nodes(context, app->label);
    uint32_t unnumbered = 0, number;
    for (NodeId node = range.first; node < range.end; node++) {
        if (!node_migration(context, node))
            continue;
        if (name_number(node_name(context, node), &number) && number <= LARGEST_NUMBER)
            array_push(out, (Numbered){number, node});
        else
            unnumbered++;
    }
    for (MigrationId id = 0; id < project->migration_count; id++)
        for (uint32_t i = 0; i < project->migrations[id].replaces.count; i++) {
            const Dependency *key = &project->migrations[id].replaces.items[i];
            if (key->app == app->label && name_number(context_str(context, key->name), &number) &&
                number <= LARGEST_NUMBER)
                array_push(out, (Numbered){number, NODE_NONE});
        }
    if (out->count)
        qsort(out->items, out->count, sizeof *out->items, by_number);
    return out->count > 1 && unnumbered * 2 < out->count;
}

/* ---- MG102 --------------------------------------------------------------- */

typedef struct Gaps {
    Array(Str) texts; /* "0014–0016" */
    uint32_t absent;
} Gaps;

static bool has_number(const NumberedList *numbers, uint32_t number)
{
    uint32_t low = 0, high = numbers->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (numbers->items[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < numbers->count && numbers->items[low].number == number;
}

/* The finding about a missing migration whose number lies in a gap. */
static Finding *cause_of_gaps(const RuleContext *context, const App *app,
                              const NumberedList *numbers)
{
    const Graph *graph = context->graph;
    NodeRange range = app_nodes(context, app->label);
    uint32_t number;
    Finding *cause = NULL;
    for (NodeId node = range.first; node < range.end && !cause; node++)
        if (graph->nodes[node].flags & NODE_MISSING &&
            name_number(node_name(context, node), &number) && number > numbers->items[0].number &&
            number < array_last(numbers)->number && !has_number(numbers, number))
            cause = finding_explaining(context, node);
    return cause;
}

static Gaps gaps_of(const RuleContext *context, const NumberedList *numbers)
{
    Gaps gaps = {0};
    for (uint32_t i = 1; i < numbers->count; i++) {
        uint32_t below = numbers->items[i - 1].number, above = numbers->items[i].number;
        if (above <= below + 1)
            continue;
        gaps.absent += above - below - 1;
        array_push(&gaps.texts,
                   above == below + 2
                       ? arena_printf(context->scratch, "%04u", below + 1)
                       : arena_printf(context->scratch, "%04u–%04u", below + 1, above - 1));
    }
    return gaps;
}

/* A list of what a squash stands for that cannot be read may hold them. */
static bool may_be_replaced(const RuleContext *context, const App *app)
{
    for (uint32_t i = 0; i < app->migration_count; i++)
        if (context->project->migrations[app->first_migration + i].replaces.open)
            return true;
    return false;
}

static void report_gaps(RuleContext *context, const App *app, const NumberedList *numbers)
{
    Gaps gaps = gaps_of(context, numbers);
    /* Where most numbers are absent, they are no sequence. */
    if (gaps.texts.count && gaps.absent <= numbers->count * 4) {
        Str all = list_texts(context, gaps.texts.items, gaps.texts.count, 8);
        Finding *finding = report_app(context, app, (Place){app->package_path, {0, 0}},
                                      "the numbers of `%.*s` have gaps: %.*s",
                                      STR_ARG(context_str(context, app->label)), STR_ARG(all));
        Finding *cause = cause_of_gaps(context, app, numbers);
        if (cause) {
            finding->severity = SEVERITY_WARNING;
            finding_follows_from(context, finding, cause);
        }
    }
    array_free(&gaps.texts);
}

void check_numbering_gap(RuleContext *context)
{
    const Project *project = context->project;
    for (AppId id = 0; id < project->app_count; id++) {
        const App *app = &project->apps[id];
        NumberedList numbers = {0};
        if (app->origin == APP_OWN && app->migration_count && numbers_of(context, app, &numbers) &&
            !may_be_replaced(context, app))
            report_gaps(context, app, &numbers);
        array_free(&numbers);
    }
}

/* ---- MG104 --------------------------------------------------------------- */

static bool is_leaf(const RuleContext *context, NodeId node)
{
    const Graph *graph = context->graph;
    EACH_CHILD_EDGE(graph, node, i)
    if (graph->nodes[graph->edges[graph->by_parent[i]].child].app == graph->nodes[node].app)
        return false;
    return true;
}

static void report_same_number(RuleContext *context, NodeId a, NodeId b, uint32_t number)
{
    bool leaves = is_leaf(context, a) && is_leaf(context, b);
    NodeSet above_a = graph_ancestors(context->graph, a, context->scratch);
    NodeSet above_b = graph_ancestors(context->graph, b, context->scratch);
    bool line = nodeset_has(&above_a, b) || nodeset_has(&above_b, a);
    Finding *cause = leaves ? finding_explaining(context, b) : NULL;
    if (leaves && !cause)
        return; /* MG103 had a reason to be silent */
    Finding *finding =
        report_migration(context, node_migration(context, b), node_place(context, b),
                         "`%.*s` and `%.*s` both have the number %04u",
                         STR_ARG(node_text(context, a)), STR_ARG(node_name(context, b)), number);
    finding->severity = leaves ? SEVERITY_ERROR : line ? SEVERITY_WARNING : SEVERITY_INFO;
    if (cause)
        finding_follows_from(context, finding, cause);
}

void check_duplicate_number(RuleContext *context)
{
    const Project *project = context->project;
    for (AppId id = 0; id < project->app_count; id++) {
        const App *app = &project->apps[id];
        NumberedList numbers = {0};
        if (app->origin == APP_OWN && app->migration_count > 1 &&
            numbers_of(context, app, &numbers)) {
            NodeId last = NODE_NONE;
            uint32_t last_number = UINT32_MAX, pairs = 0;
            for (uint32_t i = 0; i < numbers.count && pairs < MOST_PAIRS; i++) {
                NodeId node = numbers.items[i].node;
                if (node == NODE_NONE || !node_is_live(context, node))
                    continue;
                if (numbers.items[i].number == last_number) {
                    report_same_number(context, last, node, last_number);
                    pairs++;
                }
                last = node;
                last_number = numbers.items[i].number;
            }
        }
        array_free(&numbers);
    }
}

/* ---- MG109 --------------------------------------------------------------- */

void check_number_below_parent(RuleContext *context)
{
    const Graph *graph = context->graph;
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        const Edge *edge = &graph->edges[i];
        uint32_t child, parent;
        if (edge->kind != EDGE_DEPENDENCY || graph->node_of[edge->origin] != edge->child ||
            graph->nodes[edge->child].app != graph->nodes[edge->parent].app ||
            !node_is_own(context, edge->child) || !node_is_live(context, edge->child) ||
            !node_is_live(context, edge->parent) || edge->child == edge->parent ||
            !name_number(node_name(context, edge->child), &child) ||
            !name_number(node_name(context, edge->parent), &parent) || child >= parent ||
            graph->component[edge->child] == graph->component[edge->parent] ||
            parent > LARGEST_NUMBER || node_migration(context, edge->parent)->replaces.count)
            continue;
        report_migration(
            context, node_migration(context, edge->child), graph_edge_place(graph, edge),
            "`%.*s` has a lower number than `%.*s`, which it depends on",
            STR_ARG(node_text(context, edge->child)), STR_ARG(node_name(context, edge->parent)));
    }
}
