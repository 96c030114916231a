#include "report/state.h"

static Sym found(const Question *question, Str text)
{
    return intern_find(&question->workspace->interner, text);
}

NodeId question_node(const Question *question, const State *state)
{
    NodeId node = graph_node(state->graph, found(question, question->at_app),
                             found(question, question->at_name));
    return node != NODE_NONE && state->first_step[node] != STEP_NONE ? node : NODE_NONE;
}

/* Models of other people's apps only when they are asked for. */
static bool is_wanted(const Question *question, const State *state, const ModelState *model)
{
    const Project *project = state->graph->project;
    AppId app = project_app(project, model->app);
    if (question->app.len && model->app != found(question, question->app))
        return false;
    if (question->model.len)
        return str_eq(sym_str(&question->workspace->interner, model->lower), question->model);
    bool own = app != APP_NONE &&
               (project->apps[app].origin == APP_OWN || project->apps[app].origin == APP_BORROWED);
    return question->app.len || own;
}

bool question_models(const Question *question, const State *state, Arena *arena, Shown *out)
{
    *out = (Shown){.at = state_end(state)};
    if (question->at_name.len && question_node(question, state) == NODE_NONE)
        return false;
    Models all = state_models(state, out->at, arena);
    out->models.items = arena_array(arena, ModelId, all.count);
    for (uint32_t i = 0; i < all.count; i++) {
        Arena scratch = {0};
        ModelState *model = state_model_at(state, all.items[i], out->at, &scratch);
        if (is_wanted(question, state, model))
            out->models.items[out->models.count++] = all.items[i];
        arena_free(&scratch);
    }
    return true;
}

const char *event_verb(EventKind kind)
{
    static const char *const verbs[] = {
        [EVENT_MODEL_CREATED] = "created",
        [EVENT_MODEL_DELETED] = "deleted",
        [EVENT_MODEL_OVERWRITTEN] = "overwritten",
        [EVENT_MODEL_RENAMED] = "renamed",
        [EVENT_OPTION_SET] = "option-set",
        [EVENT_OPTION_DROPPED] = "option-dropped",
        [EVENT_MANAGERS_SET] = "managers-set",
        [EVENT_FIELD_ADDED] = "field-added",
        [EVENT_FIELD_ALTERED] = "field-altered",
        [EVENT_FIELD_REMOVED] = "field-removed",
        [EVENT_FIELD_RENAMED] = "field-renamed",
        [EVENT_FIELD_REPOINTED] = "field-repointed",
        [EVENT_INDEX_ADDED] = "index-added",
        [EVENT_INDEX_REMOVED] = "index-removed",
        [EVENT_INDEX_RENAMED] = "index-renamed",
        [EVENT_CONSTRAINT_ADDED] = "constraint-added",
        [EVENT_CONSTRAINT_REMOVED] = "constraint-removed",
        [EVENT_CONSTRAINT_ALTERED] = "constraint-altered",
        [EVENT_OPENED] = "opened",
    };
    return verbs[kind];
}

typedef struct Sentence {
    const char *before, *after; /* around the name */
} Sentence;

static Sentence sentence(EventKind kind)
{
    static const Sentence sentences[] = {
        [EVENT_MODEL_CREATED] = {"model ", " created"},
        [EVENT_MODEL_DELETED] = {"model ", " deleted"},
        [EVENT_MODEL_OVERWRITTEN] = {"model ", " overwritten by another of its name"},
        [EVENT_OPTION_SET] = {"option ", " set"},
        [EVENT_OPTION_DROPPED] = {"option ", " dropped"},
        [EVENT_MANAGERS_SET] = {"managers set", ""},
        [EVENT_FIELD_ADDED] = {"field ", " added"},
        [EVENT_FIELD_ALTERED] = {"field ", " altered"},
        [EVENT_FIELD_REMOVED] = {"field ", " removed"},
        [EVENT_FIELD_REPOINTED] = {"field ", " follows a rename elsewhere"},
        [EVENT_INDEX_ADDED] = {"index ", " added"},
        [EVENT_INDEX_REMOVED] = {"index ", " removed"},
        [EVENT_CONSTRAINT_ADDED] = {"constraint ", " added"},
        [EVENT_CONSTRAINT_REMOVED] = {"constraint ", " removed"},
        [EVENT_CONSTRAINT_ALTERED] = {"constraint ", " altered"},
        [EVENT_OPENED] = {"what follows cannot be read", ""},
    };
    return sentences[kind];
}

Str change_text(const Question *question, const State *state, const StateEvent *event, Arena *arena)
{
    (void)state;
    const Interner *in = &question->workspace->interner;
    Str from = sym_str(in, event->from), to = sym_str(in, event->to);
    const char *of = event->kind == EVENT_MODEL_RENAMED   ? "model"
                     : event->kind == EVENT_FIELD_RENAMED ? "field"
                     : event->kind == EVENT_INDEX_RENAMED ? "index"
                                                          : NULL;
    if (of)
        return arena_printf(arena, "%s %.*s renamed to %.*s", of, STR_ARG(from), STR_ARG(to));
    Str name = event->kind == EVENT_MODEL_CREATED ? to : sym_str(in, event->name);
    Sentence around = sentence((EventKind)event->kind);
    return arena_printf(arena, "%s%.*s%s", around.before, STR_ARG(name), around.after);
}
