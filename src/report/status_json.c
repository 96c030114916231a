#include "report/json_util.h"
#include "report/select.h"

static const char *package_name(PackageStatus status)
{
    switch (status) {
    case PACKAGE_NONE:
        return "none";
    case PACKAGE_NAMESPACE:
        return "namespace";
    case PACKAGE_DISABLED:
        return "disabled";
    case PACKAGE_MIGRATED:
        break;
    }
    return "migrated";
}

static json_t *leaves_of(const Graph *graph, Sym app, Arena *arena)
{
    json_t *names = json_array();
    Nodes leaves = graph_leaves(graph, app, arena);
    for (uint32_t i = 0; i < leaves.count; i++)
        json_array_append_new(
            names, json_text(sym_str(graph->interner, graph->nodes[leaves.items[i]].name)));
    return names;
}

static json_t *installed_of(const App *app)
{
    return app->installed_known ? json_boolean(app->installed) : json_null();
}

static json_t *app_object(const View *view, uint32_t p, const App *app)
{
    Arena scratch = {0};
    const Workspace *workspace = view->workspace;
    Numbers numbers = app_numbers(workspace, &workspace->projects[p], app, &scratch);
    json_t *object = json_object();
    Sym declared = app->declared_label == app->label ? SYM_NONE : app->declared_label;
    json_object_set_new(object, "label", json_text(sym_str(&workspace->interner, app->label)));
    json_object_set_new(object, "declared_label",
                        json_text_or_null(sym_str(&workspace->interner, declared)));
    json_object_set_new(object, "path", json_text(app->path));
    json_object_set_new(object, "package_path", json_text_or_null(app->package_path));
    json_object_set_new(object, "package", json_string(package_name(app->package)));
    json_object_set_new(object, "installed", installed_of(app));
    json_object_set_new(object, "migrations", json_integer(app->migration_count));
    json_object_set_new(object, "numbers", json_text(numbers.present));
    json_object_set_new(object, "gaps", json_text(numbers.gaps));
    json_object_set_new(object, "leaves", leaves_of(&view->graphs[p], app->label, &scratch));
    arena_free(&scratch);
    return object;
}

/* null: not assigned; {"unknown": true}: assigned, but not readable without Python. */
static json_t *setting_of(const Workspace *workspace, const Setting *setting)
{
    if (setting->contradictory)
        return json_pack("{s:b}", "unknown", 1);
    if (!setting->value.module || setting->value.id == VALUE_ABSENT)
        return json_null();
    const Value *value = value_at(&setting->value.module->values, setting->value.id);
    if (value->kind == VALUE_STRING)
        return json_text(sym_str(&workspace->interner, value->u.text));
    return json_pack("{s:b}", "unknown", 1);
}

static json_t *strings_of(const Str *items, uint32_t count)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < count; i++)
        json_array_append_new(list, json_text(items[i]));
    return list;
}

static json_t *settings_object(const Workspace *workspace, const Settings *settings)
{
    json_t *object = json_object();
    json_object_set_new(object, "paths", strings_of(settings->paths, settings->path_count));
    json_object_set_new(object, "AUTH_USER_MODEL",
                        setting_of(workspace, &settings->auth_user_model));
    json_object_set_new(object, "DEFAULT_AUTO_FIELD",
                        setting_of(workspace, &settings->default_auto_field));
    json_object_set_new(object, "engines", strings_of(settings->engines, settings->engine_count));
    json_object_set_new(object, "installed_apps_complete",
                        json_boolean(settings->installed_complete));
    return object;
}

void status_json(const View *view, StrBuf *out)
{
    json_t *document = json_object(), *projects = json_array();
    for (uint32_t p = 0; p < view->workspace->project_count; p++) {
        const Project *project = &view->workspace->projects[p];
        json_t *object = json_object(), *apps = json_array();
        for (uint32_t a = 0; a < project->app_count; a++)
            if (project->apps[a].origin == APP_OWN)
                json_array_append_new(apps, app_object(view, p, &project->apps[a]));
        json_object_set_new(object, "root", json_text(project->root));
        json_object_set_new(object, "settings",
                            settings_object(view->workspace, &project->settings));
        json_object_set_new(object, "apps", apps);
        json_array_append_new(projects, object);
    }
    json_object_set_new(document, "version", json_integer(JSON_SHAPE));
    json_object_set_new(document, "projects", projects);
    json_write(document, out);
}
