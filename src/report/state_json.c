#include "report/select.h"
#include "report/state.h"
#include "report/values.h"

typedef struct Writer {
    const Question *question;
    const State *state;
    Arena *scratch;
} Writer;

static json_t *sym(const Writer *writer, Sym text)
{
    return json_text(sym_str(&writer->question->workspace->interner, text));
}

static json_t *node_of_event(const Writer *writer, EventId id)
{
    if (id == EVENT_NONE)
        return json_null();
    return json_text(
        node_key(writer->state->graph, writer->state->events[id].node, writer->scratch));
}

static void set_arguments(const Writer *writer, json_t *object, StateArguments arguments)
{
    json_t *args = json_array(), *kwargs = json_object();
    for (uint32_t i = 0; i < arguments.count; i++) {
        const StateArgument *argument = &arguments.items[i];
        json_t *value = argument_json(writer->state, argument);
        if (!argument->name) {
            json_array_append_new(args, value);
            continue;
        }
        json_t *key = sym(writer, argument->name);
        json_object_set_new(kwargs, json_string_value(key), value);
        json_decref(key);
    }
    if (json_array_size(args))
        json_object_set(object, "args", args);
    json_decref(args);
    json_object_set_new(object, "kwargs", kwargs);
    if (arguments.open)
        json_object_set_new(object, "open", json_true());
}

static json_t *class_of(const Writer *writer, Sym path)
{
    if (path)
        return sym(writer, path);
    json_t *object = json_object();
    json_object_set_new(object, "unknown", json_true());
    return object;
}

static json_t *fields_of(const Writer *writer, const ModelState *model)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < model->field_count; i++) {
        const StateField *field = &model->fields[i];
        json_t *object = json_object();
        json_object_set_new(object, "name", sym(writer, field->name));
        json_object_set_new(object, "class", class_of(writer, field->class_path));
        set_arguments(writer, object, state_field_arguments(writer->state, field, writer->scratch));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *groups_of(const Writer *writer, const StateOption *option)
{
    json_t *groups = json_array();
    for (uint32_t g = 0; g < option->group_count; g++) {
        json_t *names = json_array();
        for (uint32_t i = 0; i < option->groups[g].count; i++)
            json_array_append_new(names, sym(writer, option->groups[g].items[i]));
        json_array_append_new(groups, names);
    }
    return groups;
}

static json_t *options_of(const Writer *writer, const ModelState *model)
{
    json_t *object = json_object();
    for (uint32_t i = 0; i < model->option_count; i++) {
        const StateOption *option = &model->options[i];
        json_t *key = sym(writer, option->name);
        json_object_set_new(object, json_string_value(key),
                            option->value.id ? value_json(writer->state, option->value)
                                             : groups_of(writer, option));
        json_decref(key);
    }
    return object;
}

static json_t *bases_of(const Writer *writer, const ModelState *model)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < model->base_count; i++)
        json_array_append_new(list, value_json(writer->state, model->bases[i]));
    if (!model->base_count) {
        json_t *plain = json_object();
        json_object_set_new(plain, "name", json_string("django.db.models.Model"));
        json_array_append_new(list, plain);
    }
    return list;
}

static json_t *managers_of(const Writer *writer, const ModelState *model)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < model->manager_count; i++) {
        json_t *pair = value_json(writer->state, model->managers[i]);
        json_t *object = json_object();
        json_object_set(object, "name", json_array_get(pair, 0));
        json_object_set(object, "value", json_array_get(pair, 1));
        json_array_append_new(list,
                              json_array_size(pair) == 2 ? json_incref(object) : json_incref(pair));
        json_decref(object);
        json_decref(pair);
    }
    return list;
}

/* RenameIndex(old_fields=…) leaves an index that nobody wrote. */
static void set_made_index(const Writer *writer, json_t *object, const StateIndex *index)
{
    json_t *kwargs = json_object(), *names = json_array();
    for (uint32_t i = 0; i < index->fields.count; i++)
        json_array_append_new(names, sym(writer, index->fields.items[i]));
    json_object_set_new(kwargs, "fields", names);
    json_object_set_new(kwargs, "name", sym(writer, index->name));
    json_object_set_new(object, "args", json_array());
    json_object_set_new(object, "kwargs", kwargs);
}

static json_t *indexes_of(const Writer *writer, const StateIndex *indexes, uint32_t count)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < count; i++) {
        json_t *object = json_object();
        json_object_set_new(object, "call", class_of(writer, indexes[i].class_path));
        if (indexes[i].call.id)
            set_arguments(writer, object,
                          state_index_arguments(writer->state, &indexes[i], writer->scratch));
        else
            set_made_index(writer, object, &indexes[i]);
        if (!json_object_get(object, "args"))
            json_object_set_new(object, "args", json_array());
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *model_object(const Writer *writer, const ModelState *model)
{
    json_t *object = json_object();
    Str table = state_table(writer->state, model, writer->scratch);
    json_object_set_new(object, "app", sym(writer, model->app));
    json_object_set_new(object, "name", sym(writer, model->name));
    json_object_set_new(object, "table", json_text_or_null(table));
    json_object_set_new(object, "bases", bases_of(writer, model));
    json_object_set_new(object, "options", options_of(writer, model));
    json_object_set_new(object, "managers", managers_of(writer, model));
    json_object_set_new(object, "fields", fields_of(writer, model));
    json_object_set_new(object, "indexes", indexes_of(writer, model->indexes, model->index_count));
    json_object_set_new(object, "constraints",
                        indexes_of(writer, model->constraints, model->constraint_count));
    json_object_set_new(object, "created_in", node_of_event(writer, model->created));
    json_object_set_new(object, "open", json_boolean(model->open));
    return object;
}

/* Apps of the project in which, from some migration before that point on, anything may be. */
static json_t *open_apps(const Question *question, const State *state, StateAt at)
{
    const Project *project = state->graph->project;
    json_t *labels = json_array();
    for (AppId a = 0; a < project->app_count; a++) {
        const App *app = &project->apps[a];
        if (app->migration_count && state_app_open(state, app->label) <= at.step)
            json_array_append_new(labels,
                                  json_text(sym_str(&question->workspace->interner, app->label)));
    }
    return labels;
}

static void add_project(const Question *question, const State *state, json_t *projects)
{
    Arena scratch = {0};
    Shown shown;
    if (question_models(question, state, &scratch, &shown)) {
        json_t *models = json_array(), *project = json_object();
        for (uint32_t i = 0; i < shown.models.count; i++) {
            Arena inner = {0};
            Writer writer = {question, state, &inner};
            ModelState *model = state_model_at(state, shown.models.items[i], shown.at, &inner);
            json_array_append_new(models, model_object(&writer, model));
            arena_free(&inner);
        }
        json_object_set_new(project, "root", json_text(state->graph->project->root));
        json_object_set_new(project, "models", models);
        json_object_set_new(project, "open_apps", open_apps(question, state, shown.at));
        json_array_append_new(projects, project);
    }
    arena_free(&scratch);
}

void state_json(const Question *question, StrBuf *out)
{
    json_t *document = json_object(), *projects = json_array();
    for (uint32_t p = 0; p < question->workspace->project_count; p++)
        add_project(question, &question->states[p], projects);
    json_object_set_new(document, "version", json_integer(JSON_SHAPE));
    json_object_set_new(document, "projects", projects);
    json_write(document, out);
}
