#include "report/models.h"
#include "report/values.h"

typedef struct Writer {
    const ModelsQuestion *question;
    const State *state;
    Arena *scratch;
} Writer;

static json_t *text_of(const Writer *writer, Sym sym)
{
    return json_text_or_null(sym_str(&writer->question->workspace->interner, sym));
}

/* true, false, or null where it is not known */
static json_t *truth_json(Truth truth)
{
    return truth == MAYBE ? json_null() : json_boolean(truth == YES);
}

static void set_arguments(const Writer *writer, json_t *object, StateArguments arguments)
{
    json_t *args = json_array(), *kwargs = json_object();
    for (uint32_t i = 0; i < arguments.count; i++) {
        const StateArgument *argument = &arguments.items[i];
        json_t *value = argument_json(writer->state, argument);
        json_t *key = text_of(writer, argument->name);
        if (json_is_string(key))
            json_object_set_new(kwargs, json_string_value(key), value);
        else
            json_array_append_new(args, value);
        json_decref(key);
    }
    json_object_set_new(object, "args", args);
    json_object_set_new(object, "kwargs", kwargs);
    json_object_set_new(object, "open", json_boolean(arguments.open));
}

static json_t *fields_of(const Writer *writer, const Model *model)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < model->field_count; i++) {
        const ModelField *field = &model->fields[i];
        json_t *object = json_object();
        json_object_set_new(object, "name", text_of(writer, field->field.name));
        json_object_set_new(object, "class", text_of(writer, field->field.class_path));
        set_arguments(writer, object,
                      state_field_arguments(writer->state, &field->field, writer->scratch));
        json_object_set_new(object, "there", truth_json(field->there));
        json_object_set_new(object, "implicit", json_boolean(field->implicit));
        json_object_set_new(object, "inherited_from", text_of(writer, field->holder));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *options_of(const Writer *writer, const Model *model)
{
    json_t *object = json_object();
    for (uint32_t i = 0; i < model->option_count; i++) {
        json_t *key = text_of(writer, model->options[i].name);
        json_object_set_new(object, json_string_value(key),
                            value_json(writer->state, model->options[i].value));
        json_decref(key);
    }
    return object;
}

static json_t *reasons_of(const OpenReasons *reasons)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < reasons->count; i++) {
        json_t *object = json_object();
        json_object_set_new(object, "why", json_text(reasons->items[i].why));
        json_object_set_new(object, "path", json_text_or_null(reasons->items[i].place.path));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *model_object(const Writer *writer, const Model *model)
{
    json_t *object = json_object();
    json_object_set_new(object, "app", text_of(writer, model->app));
    json_object_set_new(object, "name", text_of(writer, model->name));
    json_object_set_new(object, "path", json_text(model->place.path));
    json_object_set_new(object, "there", truth_json(model->there));
    json_object_set_new(object, "proxy", truth_json(model->proxy));
    json_object_set_new(object, "managed", truth_json(model->managed));
    json_object_set_new(object, "fields", fields_of(writer, model));
    json_object_set_new(object, "options", options_of(writer, model));
    json_object_set_new(object, "fields_open", json_boolean(model->fields_open));
    json_object_set_new(object, "options_open", json_boolean(model->options_open || model->remade));
    json_object_set_new(object, "open_because", reasons_of(&model->reasons));
    return object;
}

void models_json(const ModelsQuestion *question, StrBuf *out)
{
    json_t *document = json_object(), *projects = json_array();
    for (uint32_t p = 0; p < question->workspace->project_count; p++) {
        const Registry *registry = &question->registries[p];
        json_t *project = json_object(), *models = json_array();
        for (uint32_t i = 0; i < registry->model_count; i++) {
            Arena scratch = {0};
            Writer writer = {question, &question->states[p], &scratch};
            if (model_is_asked_for(question, &registry->models[i]))
                json_array_append_new(models, model_object(&writer, &registry->models[i]));
            arena_free(&scratch);
        }
        json_object_set_new(project, "root", json_text(registry->project->root));
        json_object_set_new(project, "models", models);
        json_array_append_new(projects, project);
    }
    json_object_set_new(document, "version", json_integer(JSON_SHAPE));
    json_object_set_new(document, "projects", projects);
    json_write(document, out);
}
