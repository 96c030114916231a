#include "rules/nodes.h"

const Node *node_at(const RuleContext *context, NodeId node)
{
    return &context->graph->nodes[node];
}

Str node_text(const RuleContext *context, NodeId node)
{
    const Node *at = node_at(context, node);
    return arena_printf(context->scratch, "%.*s.%.*s", STR_ARG(context_str(context, at->app)),
                        STR_ARG(context_str(context, at->name)));
}

Str node_name(const RuleContext *context, NodeId node)
{
    return context_str(context, node_at(context, node)->name);
}

const Migration *node_migration(const RuleContext *context, NodeId node)
{
    MigrationId id = node_at(context, node)->migration;
    return id == MIGRATION_NONE ? NULL : &context->project->migrations[id];
}

const App *node_app(const RuleContext *context, NodeId node)
{
    AppId app = project_app(context->project, node_at(context, node)->app);
    return app == APP_NONE ? NULL : &context->project->apps[app];
}

bool node_is_own(const RuleContext *context, NodeId node)
{
    const App *app = node_app(context, node);
    return app && app->origin == APP_OWN;
}

bool edge_is_own(const RuleContext *context, const Edge *edge)
{
    const Project *project = context->project;
    return project->apps[project->migrations[edge->origin].app].origin == APP_OWN;
}

bool migration_is_open(const Migration *migration)
{
    return migration->status != MIGRATION_READ || migration->dependencies.open ||
           migration->run_before.open || migration->replaces.open;
}

static const Value *known(ValueRef ref)
{
    return ref.module && ref.id != VALUE_ABSENT ? value_at(&ref.module->values, ref.id) : NULL;
}

bool app_may_lie_elsewhere(const RuleContext *context, const App *app)
{
    const Setting *setting = &context->project->settings.migration_modules;
    const Value *modules = known(setting->value);
    if (app->package == PACKAGE_MIGRATED || (!modules && !setting->contradictory))
        return false;
    if (!modules || modules->kind != VALUE_DICT || modules->flags & (VALUE_OPEN | VALUE_MAYBE))
        return true;
    const Values *values = &setting->value.module->values;
    for (uint32_t i = 0; i + 1 < modules->u.items.count; i += 2) {
        const Value *key = value_at(values, value_item(values, modules, i));
        if (key->kind != VALUE_STRING || key->u.text == app->label)
            return true;
    }
    return false;
}

static bool is_bytecode(const Migration *migration)
{
    return str_ends(migration->path, S(".pyc"));
}

bool node_is_live(const RuleContext *context, NodeId node)
{
    const Migration *migration = node_migration(context, node);
    return migration && !(node_at(context, node)->flags & NODE_REPLACED) && !is_bytecode(migration);
}

Place node_place(const RuleContext *context, NodeId node)
{
    const Migration *migration = node_migration(context, node);
    if (!migration)
        return (Place){0};
    return migration->class_place.path.len ? migration->class_place
                                           : (Place){migration->path, {0, 0}};
}

bool name_number(Str name, uint32_t *number)
{
    uint32_t value = 0;
    size_t digits = 0;
    while (digits < name.len && name.ptr[digits] >= '0' && name.ptr[digits] <= '9') {
        if (digits == 9)
            return false;
        value = value * 10 + (uint32_t)(name.ptr[digits++] - '0');
    }
    *number = value;
    return digits > 0;
}

Str list_texts(const RuleContext *context, const Str *texts, uint32_t count, uint32_t most)
{
    Str all = {0};
    uint32_t shown = count > most ? most : count;
    for (uint32_t i = 0; i < shown; i++) {
        const char *between = !i ? "" : i + 1 == count ? " and " : ", ";
        all = arena_printf(context->scratch, "%.*s%s`%.*s`", STR_ARG(all), between,
                           STR_ARG(texts[i]));
    }
    if (shown < count)
        all = arena_printf(context->scratch, "%.*s and %u more", STR_ARG(all), count - shown);
    return all;
}

static NodeId first_not_below(const RuleContext *context, Str label, int order)
{
    NodeId low = 0, high = context->graph->node_count;
    while (low < high) {
        NodeId middle = low + (high - low) / 2;
        if (str_cmp(context_str(context, context->graph->nodes[middle].app), label) < order)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

NodeRange app_nodes(const RuleContext *context, Sym label)
{
    Str text = context_str(context, label);
    return (NodeRange){first_not_below(context, text, 0), first_not_below(context, text, 1)};
}
