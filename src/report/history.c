#include "report/json_util.h"
#include "report/lines.h"
#include "report/select.h"
#include "report/state.h"
#include "report/visible.h"

static Events events_of(const Question *question, const State *state, Arena *arena)
{
    const Interner *in = &question->workspace->interner;
    return state_history(state, intern_find(in, question->app), intern_find(in, question->model),
                         intern_find(in, question->field), arena);
}

static Str path_of(const State *state, const StateEvent *event)
{
    const Migration *migration = &state->graph->project->migrations[event->migration];
    return migration->module ? migration->path : (Str){0};
}

static Str operation_of(const State *state, const StateEvent *event)
{
    const Migration *migration = &state->graph->project->migrations[event->migration];
    bool read = event->operation < migration->operation_count;
    return read ? str(operation_name(migration->operations[event->operation].kind)) : (Str){0};
}

void history_text(const Question *question, StrBuf *out)
{
    for (uint32_t p = 0; p < question->workspace->project_count; p++) {
        Arena scratch = {0};
        const State *state = &question->states[p];
        Events events = events_of(question, state, &scratch);
        NodeId node = NODE_NONE;
        for (uint32_t i = 0; i < events.count; i++) {
            const StateEvent *event = &state->events[events.items[i]];
            if (event->node != node) {
                visible_add(out, node_key(state->graph, event->node, &scratch));
                strbuf_byte(out, '\n');
            }
            node = event->node;
            strbuf_add(out, S("    "));
            visible_add(out, change_text(question, state, event, &scratch));
            Str operation = operation_of(state, event);
            if (operation.len)
                strbuf_printf(out, " (%.*s)", STR_ARG(operation));
            strbuf_byte(out, '\n');
        }
        arena_free(&scratch);
    }
}

static json_t *event_object(const Question *question, const State *state, const StateEvent *event,
                            Arena *scratch)
{
    const Interner *in = &question->workspace->interner;
    json_t *object = json_object();
    json_object_set_new(object, "migration",
                        json_text(node_key(state->graph, event->node, scratch)));
    json_object_set_new(object, "path", json_text_or_null(path_of(state, event)));
    json_object_set_new(object, "operation", json_text_or_null(operation_of(state, event)));
    json_object_set_new(object, "index", json_integer(event->operation));
    json_object_set_new(object, "event", json_string(event_verb((EventKind)event->kind)));
    json_object_set_new(object, "name", json_text_or_null(sym_str(in, event->name)));
    json_object_set_new(object, "from", json_text_or_null(sym_str(in, event->from)));
    json_object_set_new(object, "to", json_text_or_null(sym_str(in, event->to)));
    return object;
}

void history_json(const Question *question, StrBuf *out)
{
    json_t *document = json_object(), *projects = json_array();
    for (uint32_t p = 0; p < question->workspace->project_count; p++) {
        Arena scratch = {0};
        const State *state = &question->states[p];
        Events events = events_of(question, state, &scratch);
        json_t *project = json_object(), *list = json_array();
        for (uint32_t i = 0; i < events.count; i++)
            json_array_append_new(
                list, event_object(question, state, &state->events[events.items[i]], &scratch));
        json_object_set_new(project, "root", json_text(state->graph->project->root));
        json_object_set_new(project, "events", list);
        json_array_append_new(projects, project);
        arena_free(&scratch);
    }
    json_object_set_new(document, "version", json_integer(JSON_SHAPE));
    json_object_set_new(document, "projects", projects);
    json_write(document, out);
}
