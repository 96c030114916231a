#include "rules/sides.h"

#include "rules/engine.h"

Side version_side(const RuleContext *context, const Version *version)
{
    const Workspace *workspace = version->workspace;
    for (uint32_t p = 0; workspace && p < workspace->project_count; p++)
        if (str_eq(workspace->projects[p].root, context->project->root))
            return (Side){&workspace->interner, &workspace->projects[p], &version->graphs[p]};
    return (Side){0};
}

bool sides_open(Sides *sides, RuleContext *context, const Branch *branch)
{
    Side merged = version_side(context, &branch->merged);
    *sides = (Sides){
        .context = context,
        .branch = branch,
        .ours = {&context->workspace->interner, context->project, context->graph},
        .fork = version_side(context, &branch->fork),
        .theirs = version_side(context, &branch->theirs),
        .merged = *context,
    };
    sides->merged.workspace = branch->merged.workspace;
    sides->merged.project = merged.project;
    sides->merged.graph = merged.graph;
    sides->merged.state = NULL;
    sides->merged.registry = NULL;
    sides->merged.drift = NULL;
    return merged.interner && sides->fork.interner && sides->theirs.interner;
}

static const App *app_of(const Side *side, Str label)
{
    Sym sym = side->interner ? intern_find(side->interner, label) : SYM_NONE;
    AppId app = sym ? project_app(side->project, sym) : APP_NONE;
    return app == APP_NONE ? NULL : &side->project->apps[app];
}

const Migration *side_migration(const Side *side, Key key)
{
    const App *app = app_of(side, key.app);
    Sym name = app ? intern_find(side->interner, key.name) : SYM_NONE;
    MigrationId id =
        name ? project_migration(side->project, (AppId)(app - side->project->apps), name)
             : MIGRATION_NONE;
    return id == MIGRATION_NONE ? NULL : &side->project->migrations[id];
}

bool side_provides(const Side *side, Key key)
{
    const App *app = app_of(side, key.app);
    if (side_migration(side, key))
        return true;
    Sym name = app ? intern_find(side->interner, key.name) : SYM_NONE;
    for (uint32_t i = 0; name && i < app->migration_count; i++) {
        const Dependencies *replaces =
            &side->project->migrations[app->first_migration + i].replaces;
        for (uint32_t r = 0; r < replaces->count; r++)
            if (replaces->items[r].app == app->label && replaces->items[r].name == name)
                return true;
    }
    return false;
}

static NodeId node_of(const Side *side, Key key)
{
    Sym app = intern_find(side->interner, key.app), name = intern_find(side->interner, key.name);
    return app && name ? graph_node(side->graph, app, name) : NODE_NONE;
}

bool side_misses(const Side *side, Key key)
{
    NodeId node = node_of(side, key);
    return node != NODE_NONE && side->graph->nodes[node].flags & NODE_MISSING;
}

bool side_has_edge(const Side *side, Key child, Key parent)
{
    NodeId from = node_of(side, child), to = node_of(side, parent);
    if (from == NODE_NONE || to == NODE_NONE)
        return false;
    EACH_PARENT_EDGE(side->graph, from, edge)
    if (edge->parent == to)
        return true;
    return false;
}

Key merged_key(const Sides *sides, NodeId node)
{
    const Node *at = node_at(&sides->merged, node);
    return (Key){context_str(&sides->merged, at->app), context_str(&sides->merged, at->name)};
}

bool only_ours(const Sides *sides, NodeId node)
{
    Key key = merged_key(sides, node);
    return side_migration(&sides->ours, key) && !side_provides(&sides->fork, key) &&
           !side_provides(&sides->theirs, key);
}

bool only_theirs(const Sides *sides, NodeId node)
{
    Key key = merged_key(sides, node);
    return side_migration(&sides->theirs, key) && !side_provides(&sides->fork, key) &&
           !side_provides(&sides->ours, key);
}

Finding *finding_about(const RuleContext *context, CheckFunction check, Str app,
                       const Branch *branch)
{
    Str name = branch ? arena_printf(context->scratch, "`%.*s`", STR_ARG(branch->name)) : S("");
    for (uint32_t i = 0; i < context->findings->reported.count; i++) {
        Finding *finding = context->findings->reported.items[i];
        if (finding->rule->check == check && str_eq(finding->app, app) &&
            str_eq(finding->project, context->project->root) &&
            (!branch || str_contains(finding->message, name)))
            return finding;
    }
    return NULL;
}
