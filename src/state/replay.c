#include "state/replay.h"

#include "base/alloc.h"

#include <stdlib.h>

/* The driver: the full plan, node by node, operation by operation. */

#define KEYWORD_ONLY NULL

static void init_words(Replay *replay)
{
    static const char *const words[] = {
#define WORD(id, text) text,
#include "state/words.def"
#undef WORD
    };
    static const char *const signatures[OPERATION_OPAQUE][7] = {
#define ARGUMENTS(kind, model, field, ...) [OPERATION_##kind] = {__VA_ARGS__},
#include "link/arguments.def"
#undef ARGUMENTS
    };
    Interner *in = &replay->workspace->interner;
    for (unsigned i = 0; i < WORD_COUNT; i++)
        replay->words[i] = intern(in, str(words[i]));
    for (unsigned kind = 0; kind < OPERATION_OPAQUE; kind++)
        for (unsigned i = 0; i < 7 && signatures[kind][i]; i++)
            replay->signatures[kind][i] = intern(in, str(signatures[kind][i]));
}

typedef void OperationFunction(Replay *replay);

/* NULL: nothing that the state knows of. */
static OperationFunction *function_of(OperationKind kind)
{
    static OperationFunction *const functions[OPERATION_OPAQUE] = {
        [OPERATION_CREATE_MODEL] = model_operation,
        [OPERATION_DELETE_MODEL] = model_operation,
        [OPERATION_RENAME_MODEL] = model_operation,
        [OPERATION_ALTER_MODEL_MANAGERS] = model_operation,
        [OPERATION_ALTER_MODEL_TABLE] = option_operation,
        [OPERATION_ALTER_MODEL_TABLE_COMMENT] = option_operation,
        [OPERATION_ALTER_UNIQUE_TOGETHER] = option_operation,
        [OPERATION_ALTER_INDEX_TOGETHER] = option_operation,
        [OPERATION_ALTER_ORDER_WITH_RESPECT_TO] = option_operation,
        [OPERATION_ALTER_MODEL_OPTIONS] = option_operation,
        [OPERATION_ADD_FIELD] = field_operation,
        [OPERATION_REMOVE_FIELD] = field_operation,
        [OPERATION_ALTER_FIELD] = field_operation,
        [OPERATION_RENAME_FIELD] = field_operation,
        [OPERATION_ADD_INDEX] = index_operation,
        [OPERATION_REMOVE_INDEX] = index_operation,
        [OPERATION_RENAME_INDEX] = index_operation,
        [OPERATION_ADD_CONSTRAINT] = index_operation,
        [OPERATION_REMOVE_CONSTRAINT] = index_operation,
        [OPERATION_ALTER_CONSTRAINT] = index_operation,
        [OPERATION_ADD_INDEX_CONCURRENTLY] = index_operation,
        [OPERATION_REMOVE_INDEX_CONCURRENTLY] = index_operation,
        [OPERATION_ADD_CONSTRAINT_NOT_VALID] = index_operation,
        [OPERATION_VALIDATE_CONSTRAINT] = index_operation,
    };
    return kind < OPERATION_OPAQUE ? functions[kind] : NULL;
}

/* Perhaps it happens, perhaps not: what it is about is not known from here on. */
static void maybe_operation(Replay *replay)
{
    OperationFunction *function = function_of(replay->operation->kind);
    bool of_model = function == field_operation || function == index_operation;
    Sym name =
        string_of(replay, operation_arg(replay, of_model ? WORD_MODEL_NAME : WORD_NAME).value);
    const NameLine *line = name ? find_name_line(replay, replay->app, lower(replay, name)) : NULL;
    bool known = line && line->now != MODEL_NONE && function != model_operation;
    if (known)
        open_model(replay, line->now);
    else if (function)
        open_app(replay, replay->app);
}

static void replay_operation(Replay *replay, const Operation *operation, uint32_t index)
{
    replay->operation = operation;
    replay->operation_index = index;
    if (operation->kind == OPERATION_RUN_PYTHON)
        python_operation(replay);
    else if (!operation->state && operation->kind != OPERATION_RUN_SQL)
        replay->overshadowing = index;
    if (!operation->state)
        return;
    OperationFunction *function = function_of(operation->kind);
    if (operation->harmless)
        return;
    if (operation->kind == OPERATION_OPAQUE)
        open_app_naming(replay, operation->call);
    else if (operation->maybe)
        maybe_operation(replay);
    else if (function)
        function(replay);
}

static void replay_node(Replay *replay, NodeId node)
{
    State *state = replay->state;
    const Migration *migration = &replay->project->migrations[replay->graph->nodes[node].migration];
    bool contrib = replay->project->apps[migration->app].origin == APP_CONTRIB;
    Operation *operations = migration->operations;
    uint32_t count = migration->operation_count;
    Step first = replay->step;
    state->first_step[node] = first;
    replay->node = node;
    replay->migration = replay->graph->nodes[node].migration;
    replay->app = replay->graph->nodes[node].app;
    if (migration->operations_more || (!contrib && migration->status != MIGRATION_READ) ||
        replay->overflow)
        open_app_at(replay, replay->app, first);
    if (contrib)
        count = contrib_operations(replay, migration, &operations);
    replay->operations = operations;
    replay->overshadowing = UINT32_MAX;
    replay->lookups_left = LIMIT_LOOKUPS;
    reach_enter(replay, node);
    for (uint32_t i = 0; i < count; i++) {
        replay->step = first + i;
        replay_operation(replay, &operations[i], i);
    }
    settle_pending(replay);
    reach_leave(replay, node);
    replay->step = first + (count ? count : 1);
    state->end_step[node] = replay->step;
}

/* Files that may be there, or not, may do anything. */
static void open_unknowable(Replay *replay)
{
    for (NodeId n = 0; n < replay->graph->node_count; n++) {
        const Node *node = &replay->graph->nodes[n];
        if (node->flags & NODE_UNKNOWABLE && node->flags & NODE_MISSING)
            open_app_at(replay, node->app, 0);
    }
}

static void replay_init(Replay *replay, State *state, Workspace *workspace, const Graph *graph,
                        Arena *arena)
{
    *replay = (Replay){.state = state,
                       .workspace = workspace,
                       .graph = graph,
                       .project = graph->project,
                       .arena = arena};
    init_words(replay);
    array_push(&replay->lists, (List){0});
    replay->user_app = user_target(replay).app;
    reach_init(replay);
    open_unknowable(replay);
}

static void replay_plan(State *state, Workspace *workspace, const Graph *graph, Nodes plan,
                        Arena *arena)
{
    *state = (State){.graph = graph, .plan = plan, .replay = xcalloc(1, sizeof(Replay))};
    Replay *replay = state->replay;
    replay_init(replay, state, workspace, graph, arena);
    state->first_step = arena_array(arena, Step, graph->node_count);
    state->end_step = arena_array(arena, Step, graph->node_count);
    for (NodeId n = 0; n < graph->node_count; n++)
        state->first_step[n] = state->end_step[n] = STEP_NONE;
    for (uint32_t i = 0; i < state->plan.count; i++)
        if (graph->nodes[state->plan.items[i]].migration != MIGRATION_NONE)
            replay_node(replay, state->plan.items[i]);
    state->step_count = replay->step;
    finish_uses(replay);
    reach_free(replay);
    state->events = replay->events.items;
    state->event_count = replay->events.count;
    state->uses = replay->uses.items;
    state->use_count = replay->uses.count;
    state->lookups = replay->lookups.items;
    state->lookup_count = replay->lookups.count;
    state->problems = replay->problems.items;
    state->problem_count = replay->problems.count;
}

void state_build(State *state, Workspace *workspace, const Graph *graph, Arena *arena)
{
    replay_plan(state, workspace, graph, graph_plan(graph, arena), arena);
}

void state_build_until(State *state, Workspace *workspace, const Graph *graph, NodeId last,
                       Arena *arena)
{
    Nodes plan = graph_plan(graph, arena);
    NodeSet needed = last == NODE_NONE ? (NodeSet){0} : graph_ancestors(graph, last, arena);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < plan.count && last != NODE_NONE; i++)
        if (plan.items[i] == last || nodeset_has(&needed, plan.items[i]))
            plan.items[kept++] = plan.items[i];
    plan.count = kept;
    replay_plan(state, workspace, graph, plan, arena);
}

static void free_names(Replay *replay)
{
    for (uint32_t i = 0; i < replay->names.count; i++) {
        NameLine *line = &replay->names.items[i];
        array_free(&line->events);
        array_free(&line->pointing);
        array_free(&line->children);
    }
    array_free(&replay->names);
    map_free(&replay->name_index);
}

static void free_lives(Replay *replay)
{
    for (uint32_t i = 0; i < replay->lives.count; i++) {
        array_free(&replay->lives.items[i].events);
        view_free(&replay->lives.items[i].view);
    }
    array_free(&replay->lives);
    for (uint32_t i = 0; i < replay->lines.count; i++)
        array_free(&replay->lines.items[i].events);
    array_free(&replay->lines);
    map_free(&replay->field_index);
    map_free(&replay->option_index);
    map_free(&replay->to_fields);
    map_free(&replay->pointed);
}

void state_free(State *state)
{
    Replay *replay = state->replay;
    if (!replay)
        return;
    free_names(replay);
    free_lives(replay);
    map_free(&replay->lowered);
    map_free(&replay->fixed_kinds);
    map_free(&replay->open_apps);
    map_free(&replay->unread_apps);
    map_free(&replay->contrib_index);
    array_free(&replay->contrib);
    array_free(&replay->events);
    array_free(&replay->uses);
    array_free(&replay->lookups);
    array_free(&replay->problems);
    array_free(&replay->fields);
    array_free(&replay->options);
    array_free(&replay->indexes);
    array_free(&replay->lists);
    array_free(&replay->pending);
    array_free(&replay->gone);
    free(replay);
    *state = (State){0};
}
