#include "state/replay.h"

#include "base/embedded.h"
#include "base/yaml.h"

/*
 * Django's own apps: rules/data/contrib-models.yaml has what each of their migrations does to the
 * state, as operations that are read like any other.
 */

static OperationKind kind_of(Replay *replay, ValueRef call)
{
    Str name = str_tail(text_of(replay, call_class(replay, call)), '.');
    for (unsigned kind = 0; kind < OPERATION_OPAQUE; kind++)
        if (str_eq(name, str(operation_name((OperationKind)kind))))
            return (OperationKind)kind;
    return OPERATION_OPAQUE;
}

/* The dict `operations` of the app's text: migration → list. */
static ValueRef table_of(Replay *replay, Str label)
{
    Str path = S("data/contrib-models.yaml");
    Workspace *workspace = replay->workspace;
    for (size_t i = 0; i < embedded_files_count; i++) {
        const EmbeddedFile *file = &embedded_files[i];
        Yaml yaml;
        Error err;
        if (!str_eq(str(file->path), path) ||
            !yaml_parse(&yaml, path, (Str){(const char *)file->bytes, file->len}, replay->arena,
                        &err))
            continue;
        const YamlNode *text = yaml_get(yaml.root, arena_str(replay->arena, label).ptr);
        if (!text || text->kind != YAML_SCALAR)
            return (ValueRef){0};
        const Module *module = module_read(
            &workspace->parser,
            arena_printf(replay->arena, "django/contrib/%.*s/migrations", STR_ARG(label)),
            text->u.text, &workspace->interner, replay->arena);
        const Binding *binding = module_binding(module, word(replay, WORD_OPERATIONS));
        return binding ? (ValueRef){module, binding->value} : (ValueRef){0};
    }
    return (ValueRef){0};
}

static ValueRef table_kept(Replay *replay, Sym app)
{
    uint32_t index = map_get(&replay->contrib_index, app, UINT32_MAX);
    if (index == UINT32_MAX) {
        index = replay->contrib.count;
        ValueRef table = table_of(replay, text_of(replay, app));
        map_set(&replay->contrib_index, app, index);
        array_push(&replay->contrib, table);
    }
    return replay->contrib.items[index];
}

uint32_t contrib_operations(Replay *replay, const Migration *migration, Operation **out)
{
    ValueRef table = table_kept(replay, replay->app);
    Refs pairs = {0}, list = {0};
    bool found = false;
    if (table.id)
        elements_of(replay, table, &pairs);
    for (uint32_t i = 0; i + 1 < pairs.count && !found; i += 2)
        if (string_of(replay, pairs.items[i]) == migration->name)
            found = elements_of(replay, pairs.items[i + 1], &list);
    if (!found)
        open_app_at(replay, replay->app, replay->step);
    *out = arena_array(replay->arena, Operation, list.count);
    for (uint32_t i = 0; i < list.count; i++)
        (*out)[i] = (Operation){.kind = kind_of(replay, list.items[i]),
                                .call = list.items[i],
                                .place = value_place(list.items[i]),
                                .parent = UINT32_MAX,
                                .database = true,
                                .state = true};
    uint32_t count = list.count;
    array_free(&pairs);
    array_free(&list);
    return count;
}
