#include "models/read.h"

#include "base/alloc.h"

#include <stdlib.h>

/* The models of every app: the classes of the modules that Django imports. */

static Truth is_there(const ImportedModule *from, const Class *class, const ClassInfo *info)
{
    Truth there = truth_and(from->imported, info->model);
    there = truth_and(there, truth_not(info->abstract));
    return truth_and(there, class->conditional ? MAYBE : YES);
}

/* Of two classes that get one name in one app, it cannot be told which Django keeps. */
static bool is_second(ModelReader *reader, const Model *model)
{
    uint64_t key = map_key(model->app, model->lower);
    uint32_t index = map_get(&reader->by_name, key, UINT32_MAX);
    if (index == UINT32_MAX) {
        map_set(&reader->by_name, key, reader->models.count);
        return false;
    }
    Model *first = &reader->models.items[index];
    if (first->class != model->class && first->there != NO)
        first->there = MAYBE;
    return true;
}

static void add_class(ModelReader *reader, const ImportedModule *from, const Class *class)
{
    ClassId id = class_of(reader, from->module, class);
    const ClassInfo info = reader->classes.items[id];
    if (info.model != YES || info.abstract == YES)
        return;
    Sym label = class_label(reader, id);
    AppId app = label ? project_app(reader->project, label) : APP_NONE;
    if (app == APP_NONE || reader->project->apps[app].origin != APP_OWN)
        return;
    Model model = {.app = label,
                   .app_id = app,
                   .name = class->name,
                   .lower = state_lower(reader->workspace, class->name),
                   .module = from->module,
                   .class = class,
                   .place = {from->module->path, class->name_span},
                   .there = is_there(from, class, &info)};
    if (is_second(reader, &model))
        return;
    assemble(reader, id, &model);
    array_push(&reader->models, model);
}

static void open_app(ModelReader *reader, const Module *module, OpenReason reason)
{
    AppId id = app_of_module(reader, module);
    if (id == APP_NONE)
        return;
    AppModels *app = &reader->registry->apps[id];
    OpenReason *reasons = arena_array(reader->arena, OpenReason, app->reasons.count + 1);
    if (app->reasons.count)
        memcpy(reasons, app->reasons.items, app->reasons.count * sizeof *reasons);
    reasons[app->reasons.count] = reason;
    app->reasons = (OpenReasons){reasons, app->reasons.count + 1};
    app->open = true;
}

static bool is_star_from_outside(ModelReader *reader, const Module *module, const Import *import)
{
    Str dotted = read_text(reader, import->module);
    return str_eq(read_text(reader, import->name), S("*")) && !str_starts(dotted, S("django.")) &&
           !workspace_imported(reader->workspace, module, dotted);
}

/* A module that cannot be read, or not wholly, may hold anything; a star import from a package that
 * is not at hand may bring models, which an app that stands for one of that package's has for its
 * own. */
static void open_apps(ModelReader *reader, const Module *module)
{
    if (module->syntax_error || module->unreadable.len)
        open_app(reader, module,
                 (OpenReason){{module->path, module->error_span},
                              S("the module cannot be read wholly")});
    for (uint32_t i = 0; i < module->import_count; i++)
        if (is_star_from_outside(reader, module, &module->imports[i]))
            open_app(reader, module,
                     (OpenReason){{module->path, module->imports[i].span},
                                  S("what a star import brings is not at hand")});
}

typedef struct Keyed {
    Str app, lower;
    Model model;
} Keyed;

static int by_key(const void *a, const void *b)
{
    const Keyed *left = a, *right = b;
    int order = str_cmp(left->app, right->app);
    return order ? order : str_cmp(left->lower, right->lower);
}

static void sort_models(ModelReader *reader)
{
    Registry *registry = reader->registry;
    uint32_t count = reader->models.count;
    Keyed *keyed = xcalloc(count + 1, sizeof *keyed);
    for (uint32_t i = 0; i < count; i++) {
        const Model *model = &reader->models.items[i];
        keyed[i] = (Keyed){read_text(reader, model->app), read_text(reader, model->lower), *model};
    }
    qsort(keyed, count, sizeof *keyed, by_key);
    registry->models = arena_array(reader->arena, Model, count);
    registry->model_count = count;
    for (uint32_t i = 0; i < count; i++) {
        const Model *model = &keyed[i].model;
        AppModels *app = &registry->apps[model->app_id];
        registry->models[i] = *model;
        map_set(&reader->by_name, map_key(model->app, model->lower), i);
        if (!app->count++)
            app->first = i;
    }
    free(keyed);
}

void registry_read(Registry *registry, Workspace *workspace, const State *state, Arena *arena)
{
    const Project *project = state->graph->project;
    ModelReader *reader = xcalloc(1, sizeof *reader);
    *reader = (ModelReader){.registry = registry,
                            .workspace = workspace,
                            .state = state,
                            .project = project,
                            .arena = arena};
    *registry = (Registry){.project = project, .reader = reader};
    registry->apps = arena_array(arena, AppModels, project->app_count);
    find_modules(reader);
    for (uint32_t i = 0; i < reader->modules.count; i++) {
        const ImportedModule from = reader->modules.items[i];
        open_apps(reader, from.module);
        for (uint32_t c = 0; c < from.module->class_count; c++)
            if (!from.module->classes[c].inner)
                add_class(reader, &from, &from.module->classes[c]);
    }
    sort_models(reader);
}

void registry_free(Registry *registry)
{
    ModelReader *reader = registry->reader;
    if (!reader)
        return;
    for (uint32_t i = 0; i < reader->classes.count; i++) {
        array_free(&reader->classes.items[i].fields);
        array_free(&reader->classes.items[i].reasons);
    }
    mentions_free(reader);
    array_free(&reader->classes);
    array_free(&reader->modules);
    array_free(&reader->models);
    map_free(&reader->class_ids);
    map_free(&reader->module_index);
    map_free(&reader->by_name);
    free(reader);
    *registry = (Registry){0};
}

const Model *registry_model(const Registry *registry, Sym app, Sym lower)
{
    uint32_t index = map_get(&registry->reader->by_name, map_key(app, lower), UINT32_MAX);
    return index == UINT32_MAX ? NULL : &registry->models[index];
}

const ModelField *model_field(const Model *model, Sym name)
{
    for (uint32_t i = 0; i < model->field_count; i++)
        if (model->fields[i].field.name == name)
            return &model->fields[i];
    return NULL;
}

const ModelOption *model_option(const Model *model, Sym name)
{
    for (uint32_t i = 0; i < model->option_count; i++)
        if (model->options[i].name == name)
            return &model->options[i];
    return NULL;
}
