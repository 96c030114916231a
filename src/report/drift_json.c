#include "report/drift.h"
#include "report/select.h"
#include "report/values.h"

typedef struct Writer {
    const State *state;
    Arena *scratch;
} Writer;

static json_t *text_of(const Writer *writer, Sym sym)
{
    return json_text_or_null(sym_str(writer->state->graph->interner, sym));
}

static json_t *value_of(const Writer *writer, ValueRef value)
{
    return value.id ? value_json(writer->state, value) : json_null();
}

static json_t *detail_object(const Writer *writer, const Detail *detail)
{
    static const char *const kinds[] = {[DETAIL_CLASS] = "class",
                                        [DETAIL_TARGET] = "target",
                                        [DETAIL_KEYWORD] = "keyword",
                                        [DETAIL_OPTION] = "option"};
    bool named = detail->kind == DETAIL_CLASS || detail->kind == DETAIL_TARGET;
    json_t *object = json_object();
    json_object_set_new(object, "kind", json_string(kinds[detail->kind]));
    json_object_set_new(object, "name", text_of(writer, detail->name));
    json_object_set_new(object, "given_before", json_boolean(named || detail->from.id));
    json_object_set_new(object, "given_now", json_boolean(named || detail->to.id));
    json_object_set_new(object, "before",
                        named ? text_of(writer, detail->before) : value_of(writer, detail->from));
    json_object_set_new(object, "now",
                        named ? text_of(writer, detail->after) : value_of(writer, detail->to));
    return object;
}

static json_t *migration_of(const Writer *writer, EventId id)
{
    if (id == EVENT_NONE)
        return json_null();
    return json_text(
        node_key(writer->state->graph, writer->state->events[id].node, writer->scratch));
}

static json_t *change_object(const Writer *writer, const Change *change)
{
    json_t *object = json_object(), *details = json_array();
    for (uint32_t i = 0; i < change->details.count; i++)
        json_array_append_new(details, detail_object(writer, &change->details.items[i]));
    Str words = change_describe(writer->state->graph->interner, change, writer->scratch);
    json_object_set_new(object, "operation", json_string(change_operation(change->kind)));
    json_object_set_new(object, "description", json_text(words));
    json_object_set_new(object, "app", text_of(writer, change->app));
    json_object_set_new(object, "model", text_of(writer, change->model_name));
    json_object_set_new(object, "name", text_of(writer, change->name));
    json_object_set_new(object, "to", text_of(writer, change->to));
    json_object_set_new(object, "details", details);
    json_object_set_new(object, "path", json_text_or_null(change->place.path));
    json_object_set_new(object, "migration", migration_of(writer, change->event));
    return object;
}

void drift_json(const ModelsQuestion *question, StrBuf *out)
{
    const Interner *in = &question->workspace->interner;
    json_t *document = json_object(), *projects = json_array();
    for (uint32_t p = 0; p < question->workspace->project_count; p++) {
        Arena scratch = {0};
        Writer writer = {&question->states[p], &scratch};
        Drift found = drift_find(&question->registries[p], writer.state, &scratch);
        Drift drift = drift_operations(&found, &scratch);
        json_t *project = json_object(), *changes = json_array();
        for (uint32_t i = 0; i < drift.count; i++)
            if (!question->app.len || str_eq(sym_str(in, drift.items[i].app), question->app))
                json_array_append_new(changes, change_object(&writer, &drift.items[i]));
        json_object_set_new(project, "root", json_text(writer.state->graph->project->root));
        json_object_set_new(project, "changes", changes);
        json_array_append_new(projects, project);
        arena_free(&scratch);
    }
    json_object_set_new(document, "version", json_integer(JSON_SHAPE));
    json_object_set_new(document, "projects", projects);
    json_write(document, out);
}
