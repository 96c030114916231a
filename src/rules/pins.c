#include "base/limits.h"
#include "rules/arguments.h"
#include "rules/nodes.h"

#include <string.h>

/*
 * MG106: dependencies on later migrations of other apps than are needed.
 *
 * What a migration uses is asked of its text: a name that does not occur in
 * it is not used. That errs towards silence, and covers what RunPython does
 * with apps.get_model() as well as fields that point somewhere.
 */

enum { MOST_BLANKED = 100 };

typedef struct Pin {
    RuleContext *context;
    const Edge *edge;
    Str text;          /* of the migration that pins, lower-cased */
    Map mentioned;     /* Sym of a name → whether it occurs in the text */
    NodeSet above;     /* what the pinned migration follows */
    NodeId initial;    /* of its app, or NODE_NONE when there are several */
    NodeId sufficient; /* the latest that brings something used, or NODE_NONE */
    bool unclear;      /* one of them does what cannot be told, or the text says too little */
} Pin;

static Str lower_text(const RuleContext *context, Str text)
{
    char *copy = arena_alloc(context->scratch, text.len + 1, 1);
    for (size_t i = 0; i < text.len; i++)
        copy[i] = (char)(text.ptr[i] >= 'A' && text.ptr[i] <= 'Z' ? text.ptr[i] | 0x20
                                                                  : text.ptr[i]);
    return (Str){copy, text.len};
}

/* The names of migrations are no use of what they are called after. */
static void blank(Str text, Str name)
{
    for (size_t i = 0; name.len && i + name.len <= text.len; i++)
        if (!memcmp(text.ptr + i, name.ptr, name.len))
            memset((char *)text.ptr + i, ' ', name.len);
}

/* The same few models are asked for by every operation of an app. */
static bool mentions(Pin *pin, Str name)
{
    enum { NOT_ASKED = 2 };
    Sym sym = intern_find(&pin->context->workspace->interner, name);
    uint32_t known = map_get(&pin->mentioned, sym, NOT_ASKED);
    if (known == NOT_ASKED) {
        known = name.len && str_contains(pin->text, lower_text(pin->context, name));
        map_set(&pin->mentioned, sym, known);
    }
    return known;
}

static bool is_opaque(const Operation *operation)
{
    return operation->kind == OPERATION_OPAQUE || operation->kind == OPERATION_RUN_PYTHON ||
           operation->kind == OPERATION_RUN_SQL;
}

/* The name that an operation brings: what may be asked for afterwards. */
static bool brings_used(Pin *pin, const Operation *operation)
{
    const Interner *interner = &pin->context->workspace->interner;
    Str model = operation_model(interner, operation);
    switch (operation->kind) {
    case OPERATION_ADD_INDEX:
    case OPERATION_REMOVE_INDEX:
    case OPERATION_DELETE_MODEL:
    case OPERATION_REMOVE_FIELD:
        return false; /* nothing can be in need of it */
    case OPERATION_ADD_FIELD:
        return mentions(pin, model) && mentions(pin, operation_field(interner, operation));
    case OPERATION_RENAME_FIELD:
        return mentions(pin, model) &&
               mentions(pin, operation_text(interner, operation, S("new_name")));
    case OPERATION_RENAME_MODEL:
        return mentions(pin, operation_text(interner, operation, S("new_name")));
    default:
        return mentions(pin, model);
    }
}

static void look_into(Pin *pin, NodeId node)
{
    const Migration *migration = node_migration(pin->context, node);
    pin->unclear |= migration->operations_open || migration_is_open(migration);
    for (uint32_t i = 0; i < migration->operation_count; i++) {
        const Operation *operation = &migration->operations[i];
        if (is_opaque(operation))
            pin->unclear = true;
        else if (brings_used(pin, operation))
            pin->sufficient = node;
    }
}

static bool is_initial(const RuleContext *context, NodeId node)
{
    EACH_PARENT_EDGE(context->graph, node, edge)
        if (context->graph->nodes[edge->parent].app == context->graph->nodes[node].app)
            return false;
    return true;
}

/* From the pinned migration back: the first that brings something used. */
static void look_back(Pin *pin)
{
    const RuleContext *context = pin->context;
    NodeId node = pin->edge->parent;
    NodeRange range = app_nodes(context, node_at(context, node)->app);
    uint32_t initials = 0;
    pin->above = graph_ancestors(context->graph, node, context->scratch);
    look_into(pin, node);
    if (pin->sufficient != NODE_NONE)
        return;
    for (NodeId other = range.first; other < range.end; other++) {
        if (!nodeset_has(&pin->above, other) || !node_migration(context, other))
            continue;
        if (is_initial(context, other))
            pin->initial = initials++ ? NODE_NONE : other;
        else
            look_into(pin, other);
    }
}

static bool read_text(Pin *pin, const Migration *migration)
{
    const Reader *reader = &pin->context->workspace->reader;
    Str text;
    if (!migration->module || !reader->read ||
        reader->read(reader->self, migration->path, LIMIT_FILE_BYTES, pin->context->scratch, &text,
                     NULL) != READ_OK)
        return false;
    pin->text = lower_text(pin->context, text);
    for (uint32_t i = 0; i < migration->dependencies.count && i < MOST_BLANKED; i++) {
        Str name = context_str(pin->context, migration->dependencies.items[i].name);
        blank(pin->text, lower_text(pin->context, name));
    }
    pin->unclear = migration->operations_open || migration_is_open(migration);
    for (uint32_t i = 0; i < migration->operation_count; i++)
        pin->unclear |= migration->operations[i].kind == OPERATION_OPAQUE;
    return true;
}

static void help_pin(const Pin *pin, Finding *finding)
{
    RuleContext *context = pin->context;
    Str app = context_str(context, node_at(context, pin->edge->parent)->app);
    if (pin->unclear)
        finding_help(context, finding,
                     "depend on the earliest migration of `%.*s` that has what is used here",
                     STR_ARG(app));
    else if (pin->sufficient != NODE_NONE)
        finding_help(context, finding, "`%.*s` is enough, as far as names tell",
                     STR_ARG(node_text(context, pin->sufficient)));
    else if (pin->initial != NODE_NONE)
        finding_help(context, finding,
                     "nothing that came after `%.*s` is named here: depend on that, or on "
                     "(\"%.*s\", \"__first__\")",
                     STR_ARG(node_text(context, pin->initial)), STR_ARG(app));
    else
        finding_help(context, finding, "nothing that came later is named here: depend on "
                                       "(\"%.*s\", \"__first__\")",
                     STR_ARG(app));
}

static void check_pin(RuleContext *context, const Edge *edge)
{
    const Migration *migration = &context->project->migrations[edge->origin];
    Pin pin = {.context = context, .edge = edge, .initial = NODE_NONE, .sufficient = NODE_NONE};
    if (!read_text(&pin, migration))
        return;
    look_back(&pin);
    map_free(&pin.mentioned);
    if (pin.sufficient == edge->parent)
        return;
    Finding *finding = report_migration(
        context, migration, graph_edge_place(context->graph, edge),
        "`%.*s` pins `%.*s`, a later migration of another app",
        STR_ARG(node_text(context, edge->child)), STR_ARG(node_text(context, edge->parent)));
    if (pin.unclear || pin.sufficient != NODE_NONE)
        finding->severity = SEVERITY_INFO;
    help_pin(&pin, finding);
}

static bool is_pin(const RuleContext *context, const Edge *edge)
{
    const Graph *graph = context->graph;
    return edge->kind == EDGE_DEPENDENCY && !edge->maybe &&
           graph->node_of[edge->origin] == edge->child &&
           graph->nodes[edge->child].app != graph->nodes[edge->parent].app &&
           node_is_own(context, edge->child) && node_is_own(context, edge->parent) &&
           node_migration(context, edge->parent) &&
           graph->component[edge->child] != graph->component[edge->parent] &&
           graph_edge_dependency(graph, edge)->kind == DEPENDENCY_KEY;
}

void check_hard_coded_cross_app_dependency(RuleContext *context)
{
    const Graph *graph = context->graph;
    uint32_t looked = 0;
    for (uint32_t i = 0; i < graph->edge_count && looked < MOST_PINS; i++) {
        if (!is_pin(context, &graph->edges[i]) || is_initial(context, graph->edges[i].parent))
            continue;
        looked++;
        check_pin(context, &graph->edges[i]);
    }
}
