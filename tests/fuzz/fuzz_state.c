/*
 * Any bytes as a project (project_from_bytes.h): linked, replayed and judged by every rule, and the
 * state compared with itself, since each thing can be asked in more than one way. FUZZ_SHOW=1 in
 * the environment prints the project.
 */

#include "project_from_bytes.h"

#include "rules/engine.h"
#include "rules/rule.h"
#include "state/replay.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CHECK(holds) check((holds), #holds, __LINE__)

static void check(bool holds, const char *what, int line)
{
    if (holds)
        return;
    fprintf(stderr, "fuzz_state.c:%d: not so: %s\n", line, what);
    abort();
}

typedef struct Fuzz {
    Workspace workspace;
    const State *state;
    const Replay *replay;
    Arena arena;
} Fuzz;

/* ---- two states of a model are the same ---- */

static bool same_ref(ValueRef a, ValueRef b)
{
    return a.module == b.module && a.id == b.id;
}

static bool same_target(const StateTarget *a, const StateTarget *b)
{
    return a->app == b->app && a->model == b->model && a->text == b->text &&
           a->setting == b->setting && a->given == b->given;
}

static bool same_field(const StateField *a, const StateField *b)
{
    return a->name == b->name && same_ref(a->call, b->call) && a->class_path == b->class_path &&
           a->kind == b->kind && same_target(&a->to, &b->to) &&
           same_target(&a->through, &b->through) && a->to_field == b->to_field &&
           a->default_dropped == b->default_dropped && a->primary_key == b->primary_key &&
           a->created == b->created && a->last == b->last;
}

static bool same_index(const StateIndex *a, const StateIndex *b)
{
    return a->name == b->name && same_ref(a->call, b->call) && a->event == b->event;
}

static bool same_model(const ModelState *a, const ModelState *b)
{
    bool same = a->id == b->id && a->app == b->app && a->name == b->name && a->lower == b->lower &&
                a->bases == b->bases && a->managers == b->managers && a->created == b->created &&
                a->proxy == b->proxy && a->managed == b->managed && a->open == b->open &&
                a->field_count == b->field_count && a->option_count == b->option_count &&
                a->index_count == b->index_count && a->constraint_count == b->constraint_count;
    for (uint32_t i = 0; same && i < a->field_count; i++)
        same = same_field(&a->fields[i], &b->fields[i]);
    for (uint32_t i = 0; same && i < a->option_count; i++)
        same =
            a->options[i].name == b->options[i].name && a->options[i].event == b->options[i].event;
    for (uint32_t i = 0; same && i < a->index_count; i++)
        same = same_index(&a->indexes[i], &b->indexes[i]);
    for (uint32_t i = 0; same && i < a->constraint_count; i++)
        same = same_index(&a->constraints[i], &b->constraints[i]);
    return same;
}

/* ---- one model at one point ---- */

static const StateField *listed(const ModelState *model, Sym field)
{
    const StateField *found = NULL;
    for (uint32_t i = 0; i < model->field_count; i++)
        if (model->fields[i].name == field) {
            CHECK(!found);
            found = &model->fields[i];
        }
    return found;
}

/* Every field that ever was: what is said of it alone, and whether the model lists it. What was
 * renamed is there, though with ancestors only nothing may have added it. */
static void check_field(Fuzz *fuzz, const ModelState *model, Sym name, StateAt at)
{
    StateField field;
    const StateField *there = listed(model, name);
    StateAnswer has = state_has_field(fuzz->state, model->id, name, at);
    StateAnswer known = state_field_at(fuzz->state, model->id, name, at, &field);
    if (there)
        CHECK(has == STATE_YES && known == STATE_YES && same_field(there, &field));
    else
        CHECK(known != STATE_YES && (has != STATE_YES || model->open || at.nodes));
    CHECK(there || has != STATE_UNKNOWN || model->open);
    CHECK(there || has != STATE_NO || !model->open);
}

static void check_arguments(Fuzz *fuzz, const ModelState *model, Arena *arena)
{
    for (uint32_t i = 0; i < model->field_count; i++) {
        state_field_arguments(fuzz->state, &model->fields[i], arena);
        state_many_table(fuzz->state, model, &model->fields[i], arena);
    }
    for (uint32_t i = 0; i < model->index_count; i++)
        state_index_arguments(fuzz->state, &model->indexes[i], arena);
    for (uint32_t i = 0; i < model->constraint_count; i++)
        state_index_arguments(fuzz->state, &model->constraints[i], arena);
    state_table(fuzz->state, model, arena);
}

static bool event_is_in(const Fuzz *fuzz, EventId id, StateAt at)
{
    const StateEvent *event = &fuzz->state->events[id];
    return event->step < at.step &&
           (!at.nodes || event->node == at.self || nodeset_has(at.nodes, event->node));
}

/* Nothing is there that no event made which counts at that point. */
static void check_events(const Fuzz *fuzz, const ModelState *model, StateAt at)
{
    for (uint32_t i = 0; i < model->field_count; i++) {
        CHECK(event_is_in(fuzz, model->fields[i].created, at));
        CHECK(event_is_in(fuzz, model->fields[i].last, at));
        CHECK(model->fields[i].created <= model->fields[i].last);
    }
    for (uint32_t i = 0; i < model->option_count; i++)
        CHECK(event_is_in(fuzz, model->options[i].event, at));
    for (uint32_t i = 0; i < model->index_count; i++)
        CHECK(event_is_in(fuzz, model->indexes[i].event, at));
    for (uint32_t i = 0; i < model->constraint_count; i++)
        CHECK(event_is_in(fuzz, model->constraints[i].event, at));
    CHECK(model->created == EVENT_NONE || event_is_in(fuzz, model->created, at));
}

static void check_managed(const Fuzz *fuzz, const ModelState *model, StateAt at)
{
    StateAnswer managed = state_managed_at(fuzz->state, model->id, at);
    CHECK(managed != STATE_YES || state_has_table(model));
    CHECK(!state_may_differ(fuzz->state, model->id, at) || (model->open && managed != STATE_YES));
}

static void check_model(Fuzz *fuzz, ModelId id, StateAt at)
{
    const Life *life = &fuzz->replay->lives.items[id];
    Arena arena = {0};
    const ModelState *model = state_model_at(fuzz->state, id, at, &arena);
    for (uint32_t i = 0; i < life->events.count; i++) {
        const StateEvent *event = &fuzz->state->events[life->events.items[i]];
        if (event->kind < EVENT_FIELD_ADDED || event->kind > EVENT_FIELD_REPOINTED)
            continue;
        check_field(fuzz, model, event->name, at);
        if (event->from)
            check_field(fuzz, model, event->from, at);
    }
    check_events(fuzz, model, at);
    check_managed(fuzz, model, at);
    check_arguments(fuzz, model, &arena);
    arena_free(&arena);
}

static void check_same(Fuzz *fuzz, ModelId id, StateAt a, StateAt b)
{
    Arena arena = {0};
    CHECK(same_model(state_model_at(fuzz->state, id, a, &arena),
                     state_model_at(fuzz->state, id, b, &arena)));
    arena_free(&arena);
}

/* ---- all of a state ---- */

static void check_point(Fuzz *fuzz, StateAt at)
{
    Arena arena = {0};
    Models models = state_models(fuzz->state, at, &arena);
    for (ModelId id = 0; id < fuzz->replay->lives.count; id++)
        check_model(fuzz, id, at);
    for (uint32_t i = 0; i < models.count; i++) {
        const ModelState *model = state_model_at(fuzz->state, models.items[i], at, &arena);
        StateAnswer answer;
        CHECK(state_model(fuzz->state, model->app, model->lower, at, &answer) == model->id);
        CHECK(answer == STATE_YES);
    }
    arena_free(&arena);
}

/* Before and after a migration, of the plan and with its ancestors only. */
static void check_node(Fuzz *fuzz, NodeId node, NodeId next)
{
    Arena arena = {0};
    const State *state = fuzz->state;
    NodeSet ancestors = graph_ancestors(state->graph, node, &arena);
    NodeSet everything = {arena_array(&arena, uint64_t, ancestors.word_count),
                          ancestors.word_count};
    memset(everything.words, 0xff, everything.word_count * sizeof *everything.words);
    StateAt after = state_after(state, node);
    StateAt beyond = next == NODE_NONE ? state_end(state) : state_before(state, next, 0);
    CHECK(after.step == beyond.step);
    check_point(fuzz, state_before(state, node, 1));
    check_point(fuzz, state_narrowed(after, node, &ancestors));
    for (ModelId id = 0; id < fuzz->replay->lives.count; id++)
        check_same(fuzz, id, after, state_narrowed(after, node, &everything));
    arena_free(&arena);
}

static void check_uses(const State *state)
{
    for (uint32_t i = 0; i < state->use_count; i++) {
        const StateUse *use = &state->uses[i];
        CHECK(!i || state->uses[i - 1].step <= use->step);
        CHECK(use->provider == EVENT_NONE ||
              state->events[use->provider].step <= state->step_count);
        CHECK(use->gone == EVENT_NONE || use->gone < state->event_count);
        CHECK(use->later == EVENT_NONE || state->events[use->later].step > use->step);
        CHECK(use->full != STATE_NO || use->provider == EVENT_NONE);
    }
    for (uint32_t i = 0; i < state->problem_count; i++) {
        const StateProblem *problem = &state->problems[i];
        CHECK(!i || state->problems[i - 1].step <= problem->step);
        CHECK(problem->kind < PROBLEM_COUNT && problem->step < state->step_count);
        CHECK(problem->earlier == EVENT_NONE || problem->earlier < state->event_count);
        CHECK(problem->later == EVENT_NONE || problem->later < state->event_count);
    }
}

static void check_history(Fuzz *fuzz)
{
    for (uint32_t i = 0; i < fuzz->replay->names.count; i++) {
        const NameLine *line = &fuzz->replay->names.items[i];
        Events all = state_history(fuzz->state, line->app, line->lower, SYM_NONE, &fuzz->arena);
        for (uint32_t e = 1; e < all.count; e++)
            CHECK(all.items[e - 1] < all.items[e]);
        for (uint32_t e = 0; e < line->events.count; e++)
            CHECK(fuzz->state->events[line->events.items[e]].app == line->app);
    }
}

static void check_state(Fuzz *fuzz)
{
    const State *state = fuzz->state;
    for (EventId id = 1; id < state->event_count; id++)
        CHECK(state->events[id - 1].step <= state->events[id].step);
    for (ModelId id = 0; id < fuzz->replay->lives.count; id++) {
        Life *life = &fuzz->replay->lives.items[id];
        ModelState *now = view_model(&life->view, fuzz->replay, id, &fuzz->arena);
        ModelState *end = state_model_at(state, id, state_end(state), &fuzz->arena);
        now->open = end->open;
        CHECK(same_model(now, end));
    }
    check_point(fuzz, state_end(state));
    for (uint32_t i = 0; i < state->plan.count; i++)
        check_node(fuzz, state->plan.items[i],
                   i + 1 < state->plan.count ? state->plan.items[i + 1] : NODE_NONE);
    check_uses(state);
    check_history(fuzz);
}

/* ---- rules ---- */

static const RuleSet *all_rules(void)
{
    static RuleSet rules;
    Error err = {{0}};
    if (!rules.count)
        CHECK(rules_load(&rules, false, &err));
    return &rules;
}

static void check_finding(const Finding *finding)
{
    CHECK(finding->message.len && !memchr(finding->message.ptr, '\n', finding->message.len));
    CHECK(finding->severity != SEVERITY_OFF && !finding->foreign);
    for (uint32_t i = 0; i < finding->note_count; i++)
        CHECK(finding->notes[i].text.len);
}

static void check_rules(Workspace *workspace, const State *states)
{
    Arena arena = {0};
    uint32_t count = workspace->project_count;
    Registry *registries = arena_array(&arena, Registry, count);
    Drift *drifts = arena_array(&arena, Drift, count);
    Analysis *analyses = arena_array(&arena, Analysis, count);
    for (uint32_t i = 0; i < count; i++) {
        registry_read(&registries[i], workspace, &states[i], &arena);
        drifts[i] = drift_find(&registries[i], &states[i], &arena);
        analyses[i] = (Analysis){&states[i], &registries[i], &drifts[i]};
    }
    Str every = S("ALL");
    Selection selection = {.select = &every, .select_count = 1};
    Findings findings;
    engine_run(all_rules(), workspace, analyses, &selection, &findings);
    for (uint32_t i = 0; i < findings.count; i++) {
        const Finding *top = findings.items[i];
        check_finding(top);
        CHECK(!i || str_cmp(findings.items[i - 1]->place.path, top->place.path) <= 0);
        for (uint32_t c = 0; c < top->consequence_count; c++)
            check_finding(top->consequences[c]);
    }
    findings_free(&findings);
    for (uint32_t i = 0; i < count; i++)
        registry_free(&registries[i]);
    arena_free(&arena);
}

/* ---- the target ---- */

static void check_workspace(Fuzz *fuzz, unsigned django)
{
    Workspace *workspace = &fuzz->workspace;
    GraphOptions options = {.django = django};
    Graph *graphs = arena_array(&fuzz->arena, Graph, workspace->project_count + 1);
    State *states = arena_array(&fuzz->arena, State, workspace->project_count + 1);
    for (uint32_t p = 0; p < workspace->project_count; p++) {
        graph_build(&graphs[p], &workspace->projects[p], &workspace->interner, &options,
                    &fuzz->arena);
        state_build(&states[p], workspace, &graphs[p], &fuzz->arena);
        fuzz->state = &states[p];
        fuzz->replay = states[p].replay;
        check_state(fuzz);
    }
    check_rules(workspace, states);
    for (uint32_t p = 0; p < workspace->project_count; p++)
        state_free(&states[p]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Bytes bytes = {data, size, 0};
    Fuzz fuzz = {0};
    Error err = {{0}};
    unsigned django = pick(&bytes, 2) ? 600 : 502;
    MemoryReader memory = project_from_bytes(&bytes, &fuzz.arena);
    for (uint32_t i = 0; getenv("FUZZ_SHOW") && i < memory.count; i++)
        fprintf(stderr, "---- %.*s\n%.*s\n", STR_ARG(memory.files[i].path),
                STR_ARG(memory.files[i].text));
    WorkspaceOptions options = {.root_name = S("root"), .django = django};
    CHECK(workspace_open(&fuzz.workspace, reader_memory(&memory), &options, &err));
    check_workspace(&fuzz, django);
    workspace_close(&fuzz.workspace);
    arena_free(&fuzz.arena);
    return 0;
}
