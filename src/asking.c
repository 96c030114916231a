#include "handle.h"

#include "report/drift.h"
#include "report/models.h"
#include "report/select.h"
#include "report/state.h"

#include <assert.h>

/* Glue only: questions about models and migrations behind the public face. */

static bool unknown_format(const char *format, MigralintError *err)
{
    Error why = {0};
    error_set(&why, "there is no format `%s` here", format);
    return handle_fail(err, &why);
}

/* "app.name", or the beginning of a name. */
static bool read_key(const Migralint *migralint, const char *text, Str *app, Str *name, Error *why)
{
    Str whole = str(text);
    size_t dot = str_find(whole, '.');
    *app = str_sub(whole, 0, dot);
    *name = str_sub(whole, dot + 1, whole.len);
    if (!app->len || !name->len)
        return error_set(why, "`%s` is not of the form app.name", text);
    return name_complete(migralint->graphs, migralint->workspace.project_count, *app, name, why);
}

static bool find_app(const Question *question, Error *why)
{
    const Workspace *workspace = question->workspace;
    Sym label = intern_find(&workspace->interner, question->app);
    for (uint32_t p = 0; p < workspace->project_count; p++)
        if (label && project_app(&workspace->projects[p], label) != APP_NONE)
            return true;
    return error_set(why, "there is no app `%.*s`; `migralint status` lists them",
                     STR_ARG(question->app));
}

static bool find_at(const Question *question, Error *why)
{
    for (uint32_t p = 0; p < question->workspace->project_count; p++)
        if (question_node(question, &question->states[p]) != NODE_NONE)
            return true;
    return error_set(why, "no project applies a migration `%.*s.%.*s`", STR_ARG(question->at_app),
                     STR_ARG(question->at_name));
}

/* "app.Model.field" in parts; the model lower-cased. */
static bool read_what(Migralint *migralint, const char *what, Question *question, Arena *arena,
                      Error *why)
{
    Str rest = str(what);
    question->app = str_cut(&rest, '.');
    Str model = rest.ptr ? str_cut(&rest, '.') : (Str){0};
    question->field = rest.ptr ? rest : (Str){0};
    Interner *in = &migralint->workspace.interner;
    Sym lowered = state_lower(&migralint->workspace, intern(in, model));
    question->model = arena_str(arena, sym_str(in, lowered));
    return find_app(question, why);
}

/* "; named by `blog.0003_x`": migrations that look for it; empty where none does. */
static Str who_names(const Question *question, Arena *arena)
{
    enum { MOST_NAMED = 5 };
    const Interner *in = &question->workspace->interner;
    Sym app = intern_find(in, question->app), model = intern_find(in, question->model);
    Sym field = intern_find(in, question->field);
    StrBuf text = {0};
    uint32_t named = 0;
    for (uint32_t p = 0; p < question->workspace->project_count; p++) {
        const State *state = &question->states[p];
        NodeId last = NODE_NONE;
        for (uint32_t u = 0; u < state->use_count && named < MOST_NAMED; u++) {
            const StateUse *use = &state->uses[u];
            if (use->app != app || use->model != model || use->node == last ||
                (field && (use->kind != USE_FIELD || use->field != field)))
                continue;
            last = use->node;
            strbuf_printf(&text, "%s`%.*s`", named++ ? ", " : "; named by ",
                          STR_ARG(node_key(state->graph, last, arena)));
        }
    }
    Str done = arena_str(arena, strbuf_str(&text));
    strbuf_free(&text);
    return done;
}

static bool find_model(const Question *question, Error *why)
{
    const Interner *in = &question->workspace->interner;
    for (uint32_t p = 0; p < question->workspace->project_count; p++) {
        Arena scratch = {0};
        Events events = state_history(&question->states[p], intern_find(in, question->app),
                                      intern_find(in, question->model),
                                      intern_find(in, question->field), &scratch);
        arena_free(&scratch);
        if (events.count)
            return true;
    }
    Arena scratch = {0};
    error_set(why, "no migration of `%.*s` has `%.*s%s%.*s`%.*s", STR_ARG(question->app),
              STR_ARG(question->model), question->field.len ? "." : "", STR_ARG(question->field),
              STR_ARG(who_names(question, &scratch)));
    arena_free(&scratch);
    return false;
}

typedef void QuestionWriter(const Question *question, StrBuf *out);

static bool put_out(const Question *question, const char *format, QuestionWriter *text,
                    QuestionWriter *json, MigralintText *out, MigralintError *err)
{
    QuestionWriter *write = !strcmp(format, "text") ? text : !strcmp(format, "json") ? json : NULL;
    if (!write)
        return unknown_format(format, err);
    StrBuf buffer = {out->bytes, out->length, out->capacity};
    write(question, &buffer);
    *out = (MigralintText){buffer.ptr, buffer.len, buffer.capacity};
    return true;
}

/* The projects that have the migration are replayed once more, only until there. */
static State *states_until(Migralint *migralint, const Question *question, Arena *arena)
{
    Workspace *workspace = &migralint->workspace;
    State *states = arena_array(arena, State, workspace->project_count);
    for (uint32_t p = 0; p < workspace->project_count; p++)
        state_build_until(&states[p], workspace, question->states[p].graph,
                          question_node(question, &question->states[p]), arena);
    return states;
}

bool migralint_write_state(Migralint *migralint, const char *format, const char *what,
                           const char *at, MigralintText *out, MigralintError *err)
{
    assert(migralint->graphs);
    Arena scratch = {0};
    Error why = {0};
    Question question = {.workspace = &migralint->workspace, .states = handle_states(migralint)};
    bool ok = (!what || read_what(migralint, what, &question, &scratch, &why)) &&
              (!question.model.len || find_model(&question, &why)) &&
              (!at || read_key(migralint, at, &question.at_app, &question.at_name, &why)) &&
              (!at || find_at(&question, &why));
    State *until = ok && at ? states_until(migralint, &question, &scratch) : NULL;
    if (until)
        question.states = until;
    ok = ok ? put_out(&question, format, state_text, state_json, out, err) : handle_fail(err, &why);
    for (uint32_t p = 0; until && p < migralint->workspace.project_count; p++)
        state_free(&until[p]);
    arena_free(&scratch);
    return ok;
}

typedef void ModelsWriter(const ModelsQuestion *question, StrBuf *out);

static bool write_models(Migralint *migralint, const char *format, const char *what,
                         ModelsWriter *text, ModelsWriter *json, MigralintText *out,
                         MigralintError *err)
{
    assert(migralint->graphs);
    Arena scratch = {0};
    Error why = {0};
    Question asked = {.workspace = &migralint->workspace, .states = handle_states(migralint)};
    ModelsWriter *write = !strcmp(format, "text") ? text : !strcmp(format, "json") ? json : NULL;
    bool ok = write && (!what || read_what(migralint, what, &asked, &scratch, &why));
    if (ok) {
        ModelsQuestion question = {asked.workspace, asked.states, handle_registries(migralint),
                                   asked.app, asked.model};
        StrBuf buffer = {out->bytes, out->length, out->capacity};
        write(&question, &buffer);
        *out = (MigralintText){buffer.ptr, buffer.len, buffer.capacity};
    }
    arena_free(&scratch);
    return ok || (write ? handle_fail(err, &why) : unknown_format(format, err));
}

bool migralint_write_models(Migralint *migralint, const char *format, const char *what,
                            MigralintText *out, MigralintError *err)
{
    return write_models(migralint, format, what, models_text, models_json, out, err);
}

bool migralint_write_drift(Migralint *migralint, const char *format, const char *app,
                           MigralintText *out, MigralintError *err)
{
    return write_models(migralint, format, app, drift_text, drift_json, out, err);
}

bool migralint_write_history(Migralint *migralint, const char *format, const char *what,
                             MigralintText *out, MigralintError *err)
{
    assert(migralint->graphs);
    Arena scratch = {0};
    Error why = {0};
    Question question = {.workspace = &migralint->workspace, .states = handle_states(migralint)};
    bool ok = read_what(migralint, what, &question, &scratch, &why) &&
              (question.model.len || error_set(&why, "`%s` is not of the form app.Model", what)) &&
              find_model(&question, &why);
    ok = ok ? put_out(&question, format, history_text, history_json, out, err)
            : handle_fail(err, &why);
    arena_free(&scratch);
    return ok;
}

bool migralint_write_why(const Migralint *migralint, const char *format, const char *one,
                         const char *other, MigralintText *out, MigralintError *err)
{
    assert(migralint->graphs);
    bool json = !strcmp(format, "json");
    if (!json && strcmp(format, "text") != 0)
        return unknown_format(format, err);
    Arena scratch = {0};
    Error why = {0};
    Chain chain;
    Str apps[2], names[2];
    bool ok = read_key(migralint, one, &apps[0], &names[0], &why) &&
              read_key(migralint, other, &apps[1], &names[1], &why);
    if (ok && !chain_between(&migralint->workspace, migralint->graphs, apps[0], names[0], apps[1],
                             names[1], &scratch, &chain))
        ok = error_set(&why, "no project has both `%s` and `%s`", one, other);
    if (ok) {
        StrBuf buffer = {out->bytes, out->length, out->capacity};
        (json ? why_json : why_text)(&chain, &migralint->workspace, &buffer);
        *out = (MigralintText){buffer.ptr, buffer.len, buffer.capacity};
    }
    arena_free(&scratch);
    return ok || handle_fail(err, &why);
}
