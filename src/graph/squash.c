#include "graph/build.h"

typedef enum Progress { UNTOUCHED, STARTED, CARRIED_OUT } Progress;

typedef struct Frame {
    MigrationId squash;
    uint32_t next; /* entry of its `replaces` */
} Frame;

typedef struct Squashing {
    Builder *builder;
    uint8_t *progress; /* by MigrationId */
    Array(Frame) stack;
} Squashing;

static const Migration *migration_at(const Squashing *squashing, MigrationId id)
{
    return &squashing->builder->project->migrations[id];
}

static bool is_squash(const Squashing *squashing, MigrationId id)
{
    return id != MIGRATION_NONE && migration_at(squashing, id)->replaces.count &&
           squashing->builder->graph->node_of[id] != NODE_NONE;
}

static NodeId replaced_node(const Squashing *squashing, const Dependency *key)
{
    if (key->kind != DEPENDENCY_KEY)
        return NODE_NONE;
    const Builder *builder = squashing->builder;
    NodeId node = map_get(&builder->ids, map_key(key->app, key->name), NODE_NONE);
    return node != NODE_NONE && builder->exists[node] ? node : NODE_NONE;
}

NodeId build_live(Builder *builder, NodeId node)
{
    NodeId *successor = builder->successor;
    while (successor[node] != NODE_NONE) {
        NodeId next = successor[node];
        if (successor[next] != NODE_NONE)
            successor[node] = successor[next]; /* halves the way for the next one */
        node = next;
    }
    return node;
}

static void add_problem(Squashing *squashing, MigrationId squash, int why)
{
    SquashProblem problem = {.squash = squash};
    problem.why = why;
    array_push(&squashing->builder->problems, problem);
}

/* Where Django gives up because the squash itself is gone, the squash is
 * passed over: what it would have replaced stays. */
static void carry_out(Squashing *squashing, MigrationId id)
{
    Builder *builder = squashing->builder;
    const Dependencies *replaces = &migration_at(squashing, id)->replaces;
    NodeId own = builder->graph->node_of[id];
    squashing->progress[id] = CARRIED_OUT;
    if (builder->successor[own] != NODE_NONE) {
        add_problem(squashing, id, SQUASH_INNER_GONE);
        return;
    }
    for (uint32_t i = 0; i < replaces->count; i++) {
        NodeId node = replaced_node(squashing, &replaces->items[i]);
        if (node == NODE_NONE || builder->successor[node] != NODE_NONE || node == own ||
            builder->vanished[node])
            continue;
        MigrationId inner = builder->graph->nodes[node].migration;
        if (inner == MIGRATION_NONE || squashing->progress[inner] != STARTED)
            builder->successor[node] = own;
    }
}

static bool lists_itself(const Squashing *squashing, MigrationId id)
{
    const Dependencies *replaces = &migration_at(squashing, id)->replaces;
    for (uint32_t i = 0; i < replaces->count; i++)
        if (replaced_node(squashing, &replaces->items[i]) == squashing->builder->graph->node_of[id])
            return true;
    return false;
}

/* What lists itself is taken out with the others; edges that come to it dangle. */
static void carry_out_flat(Squashing *squashing, MigrationId id)
{
    NodeId own = squashing->builder->graph->node_of[id];
    carry_out(squashing, id);
    if (squashing->builder->successor[own] == NODE_NONE && lists_itself(squashing, id)) {
        squashing->builder->vanished[own] = true;
        add_problem(squashing, id, SQUASH_SELF);
    }
}

static void start(Squashing *squashing, MigrationId id)
{
    squashing->progress[id] = STARTED;
    array_push(&squashing->stack, (Frame){id, 0});
}

/* Squashes that a squash replaces come first, however deep they are nested. */
static void carry_out_nested(Squashing *squashing, MigrationId first)
{
    if (squashing->progress[first] == UNTOUCHED)
        start(squashing, first);
    while (squashing->stack.count) {
        Frame *frame = array_last(&squashing->stack);
        const Dependencies *replaces = &migration_at(squashing, frame->squash)->replaces;
        if (frame->next == replaces->count) {
            carry_out(squashing, array_pop(&squashing->stack).squash);
            continue;
        }
        NodeId node = replaced_node(squashing, &replaces->items[frame->next++]);
        MigrationId inner =
            node == NODE_NONE ? MIGRATION_NONE : squashing->builder->graph->nodes[node].migration;
        if (!is_squash(squashing, inner))
            continue;
        if (squashing->progress[inner] == STARTED)
            add_problem(squashing, inner, SQUASH_CYCLE);
        else if (squashing->progress[inner] == UNTOUCHED)
            start(squashing, inner);
    }
}

void build_squashes(Builder *builder, bool nested)
{
    const Project *project = builder->project;
    uint32_t node_count = builder->graph->node_count;
    builder->successor = arena_array(&builder->scratch, NodeId, node_count);
    builder->vanished = arena_array(&builder->scratch, bool, node_count);
    memset(builder->successor, 0xff, sizeof(NodeId) * node_count);
    Squashing squashing = {.builder = builder};
    squashing.progress = arena_array(&builder->scratch, uint8_t, project->migration_count);
    for (uint32_t i = 0; i < builder->loaded_count; i++) {
        MigrationId id = builder->loaded[i];
        if (!is_squash(&squashing, id))
            continue;
        if (nested)
            carry_out_nested(&squashing, id);
        else
            carry_out_flat(&squashing, id);
    }
    array_free(&squashing.stack);
}
