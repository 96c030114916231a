#ifndef MIGRALINT_TESTS_STATE_OF_H
#define MIGRALINT_TESTS_STATE_OF_H

/* The state of a small project in memory, and what it holds, as texts to compare. */

#include "workspace_of.h"

#include "state/state.h"

#include <stdio.h>

typedef struct TestState {
    TestWorkspace at;
    Arena arena;
    Graph graph;
    State state;
} TestState;

static inline void state_of(TestState *test, const MemoryFile *files, uint32_t count)
{
    GraphOptions options = {.django = 502};
    workspace_of(&test->at, files, count);
    assert_int_equal(test->at.workspace.project_count, 1);
    graph_build(&test->graph, &test->at.workspace.projects[0], &test->at.workspace.interner,
                &options, &test->arena);
    state_build(&test->state, &test->at.workspace, &test->graph, &test->arena);
}

/* One app "a": its first migration, and the one that is looked at. */
static inline void state_of_two(TestState *test, const char *first, const char *second)
{
    static const char head[] = "from django.conf import settings\n"
                               "from django.db import migrations, models\n\n\n"
                               "class Migration(migrations.Migration):\n"
                               "    dependencies = [%s]\n    operations = [\n%s\n    ]\n";
    MemoryFile *files = arena_array(&test->arena, MemoryFile, 3);
    files[0] = (MemoryFile){S("a/migrations/__init__.py"), S("")};
    files[1] =
        (MemoryFile){S("a/migrations/0001_one.py"), arena_printf(&test->arena, head, "", first)};
    files[2] = (MemoryFile){S("a/migrations/0002_two.py"),
                            arena_printf(&test->arena, head, "('a', '0001_one')", second)};
    state_of(test, files, 3);
}

static inline void state_done(TestState *test)
{
    state_free(&test->state);
    workspace_close(&test->at.workspace);
    arena_free(&test->arena);
}

static inline Sym sym_in(TestState *test, const char *text)
{
    return intern(&test->at.workspace.interner, str(text));
}

static inline Str text_in(TestState *test, Sym sym)
{
    return sym_str(&test->at.workspace.interner, sym);
}

/* NULL when there is no such model. */
static inline ModelState *model_in(TestState *test, const char *app, const char *lower, StateAt at)
{
    ModelId model = state_model(&test->state, sym_in(test, app), sym_in(test, lower), at, NULL);
    return model == MODEL_NONE ? NULL : state_model_at(&test->state, model, at, &test->arena);
}

static inline ModelState *final_model(TestState *test, const char *lower)
{
    return model_in(test, "a", lower, state_end(&test->state));
}

/* "id name author>a.author" */
static inline const char *fields_in(TestState *test, const ModelState *model)
{
    Str text = S("");
    for (uint32_t i = 0; model && i < model->field_count; i++) {
        const StateField *field = &model->fields[i];
        text = arena_printf(&test->arena, "%.*s%s%.*s", STR_ARG(text), i ? " " : "",
                            STR_ARG(text_in(test, field->name)));
        if (field->to.given)
            text = arena_printf(&test->arena, "%.*s>%.*s", STR_ARG(text),
                                STR_ARG(text_in(test, field->to.text)));
        if (field->through.given)
            text = arena_printf(&test->arena, "%.*s/%.*s", STR_ARG(text),
                                STR_ARG(text_in(test, field->through.text)));
    }
    return model ? arena_str(&test->arena, text).ptr : "no model";
}

static inline const char *options_in(TestState *test, const ModelState *model)
{
    Str text = S("");
    for (uint32_t i = 0; model && i < model->option_count; i++) {
        const StateOption *option = &model->options[i];
        text = arena_printf(&test->arena, "%.*s%s%.*s", STR_ARG(text), i ? " " : "",
                            STR_ARG(text_in(test, option->name)));
        for (uint32_t g = 0; g < option->group_count; g++) {
            text = arena_printf(&test->arena, "%.*s(", STR_ARG(text));
            for (uint32_t n = 0; n < option->groups[g].count; n++)
                text = arena_printf(&test->arena, "%.*s%s%.*s", STR_ARG(text), n ? "," : "",
                                    STR_ARG(text_in(test, option->groups[g].items[n])));
            text = arena_printf(&test->arena, "%.*s)", STR_ARG(text));
        }
    }
    return model ? arena_str(&test->arena, text).ptr : "no model";
}

static inline const char *problem_name(unsigned kind)
{
    static const char *const names[PROBLEM_COUNT] = {
        [PROBLEM_MODEL_EXISTS] = "model-exists",
        [PROBLEM_FIELD_EXISTS] = "field-exists",
        [PROBLEM_RENAME_CASE_ONLY] = "case-only",
        [PROBLEM_RENAMED_PARENT] = "renamed-parent",
        [PROBLEM_DELETED_REFERENCED] = "deleted-referenced",
        [PROBLEM_FIELD_IN_OPTION] = "field-in-option",
        [PROBLEM_FIELD_IN_INDEX] = "field-in-index",
        [PROBLEM_RENAMED_IN_INDEX] = "renamed-in-index",
        [PROBLEM_UNKNOWN_FIELD] = "unknown-field",
        [PROBLEM_INDEX_MISSING] = "index-missing",
        [PROBLEM_INDEX_EXISTS] = "index-exists",
        [PROBLEM_INDEX_TOGETHER_MISSING] = "index-together-missing",
        [PROBLEM_CONSTRAINT_MISSING] = "constraint-missing",
        [PROBLEM_CONSTRAINT_EXISTS] = "constraint-exists",
        [PROBLEM_UNNAMED_INDEX] = "unnamed-index",
        [PROBLEM_DUPLICATE] = "duplicate",
        [PROBLEM_RENAME_INDEX_ARGUMENTS] = "rename-index-arguments",
        [PROBLEM_PRIMARY_KEYS] = "primary-keys",
        [PROBLEM_INCOMPATIBLE] = "incompatible",
        [PROBLEM_GENERATED_CHANGED] = "generated-changed",
        [PROBLEM_FIELD_CLASH] = "field-clash",
    };
    return names[kind];
}

/* "model-missing a.book; field-exists a.book.name", in the order of operations, with `field` for
 * what is named. */
static inline const char *wrongs_in(TestState *test)
{
    static const char *const uses[] = {"model", "field", "target", "through", "base"};
    static const char *const answers[] = {"missing", "there", "unknown"};
    static const char *const tolerances[] = {"", "~sqlite", "~all"};
    Str text = S("");
    const State *state = &test->state;
    for (uint32_t i = 0; i < state->use_count; i++) {
        const StateUse *use = &state->uses[i];
        bool full = use->full == STATE_NO;
        if (!full && use->ancestors != STATE_NO)
            continue;
        text = arena_printf(&test->arena, "%.*s%s%s-%s%s %.*s.%.*s%s%.*s", STR_ARG(text),
                            text.len ? "; " : "", uses[use->kind],
                            answers[full ? use->full : use->ancestors], full ? "" : "-in-ancestors",
                            STR_ARG(text_in(test, use->app)), STR_ARG(text_in(test, use->model)),
                            use->kind == USE_FIELD ? "." : "",
                            STR_ARG(use->kind == USE_FIELD ? text_in(test, use->field) : S("")));
    }
    for (uint32_t i = 0; i < state->problem_count; i++) {
        const StateProblem *problem = &state->problems[i];
        text = arena_printf(&test->arena, "%.*s%s%s%s %.*s", STR_ARG(text), text.len ? "; " : "",
                            problem_name(problem->kind), tolerances[problem->tolerance],
                            STR_ARG(text_in(test, problem->model)));
        if (problem->field)
            text = arena_printf(&test->arena, "%.*s.%.*s", STR_ARG(text),
                                STR_ARG(text_in(test, problem->field)));
        if (problem->name)
            text = arena_printf(&test->arena, "%.*s:%.*s", STR_ARG(text),
                                STR_ARG(text_in(test, problem->name)));
        if (problem->other)
            text = arena_printf(&test->arena, "%.*s<%.*s", STR_ARG(text),
                                STR_ARG(text_in(test, problem->other)));
    }
    return arena_str(&test->arena, text).ptr;
}

#endif
