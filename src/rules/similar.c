#include "rules/similar.h"

#include "rules/nodes.h"

enum { SHORTEST = 4, MOST_DISTANCE = 2 };

/* How far apart; more than MOST_DISTANCE: nothing alike. */
static unsigned distance(const RuleContext *context, Sym a, Sym b)
{
    Str left = context_str(context, a), right = context_str(context, b);
    if (left.len < SHORTEST || right.len < SHORTEST)
        return MOST_DISTANCE + 1;
    return str_distance(left, right);
}

static Str name_of(const RuleContext *context, const ModelState *model)
{
    return arena_printf(context->scratch, "%.*s.%.*s", STR_ARG(context_str(context, model->app)),
                        STR_ARG(context_str(context, model->name)));
}

Str similar_model(Similar *similar, Sym app, Sym lower, Step step)
{
    RuleContext *context = similar->context;
    Str meant = {0}, elsewhere = {0};
    unsigned best = MOST_DISTANCE + 1;
    bool several = false;
    Arena arena = {0};
    if (similar->asked++ >= MOST_EXPLAINED)
        return meant;
    Models models = state_models(context->state, (StateAt){.step = step}, &arena);
    for (uint32_t i = 0; i < models.count; i++) {
        const ModelState *model =
            state_model_at(context->state, models.items[i], (StateAt){.step = step}, &arena);
        unsigned far = model->app == app ? distance(context, model->lower, lower) : best;
        if (far < best) {
            best = far;
            meant = name_of(context, model);
        } else if (model->app != app && model->lower == lower) {
            several |= elsewhere.len > 0;
            elsewhere = name_of(context, model);
        }
    }
    arena_free(&arena);
    if (elsewhere.len && !several)
        return arena_printf(context->scratch, "`%.*s` exists: is the app label right?",
                            STR_ARG(elsewhere));
    return meant.len ? arena_printf(context->scratch, "did you mean `%.*s`?", STR_ARG(meant))
                     : (Str){0};
}

Str similar_field(Similar *similar, Sym app, Sym lower, Sym field, Step step)
{
    RuleContext *context = similar->context;
    StateAt at = {.step = step};
    ModelId id = state_model(context->state, app, lower, at, NULL);
    Sym meant = SYM_NONE;
    unsigned best = MOST_DISTANCE + 1;
    if (id == MODEL_NONE || similar->asked++ >= MOST_EXPLAINED)
        return (Str){0};
    Arena arena = {0};
    const ModelState *model = state_model_at(context->state, id, at, &arena);
    for (uint32_t i = 0; i < model->field_count; i++) {
        unsigned far = distance(context, model->fields[i].name, field);
        if (far < best) {
            best = far;
            meant = model->fields[i].name;
        }
    }
    arena_free(&arena);
    return meant ? arena_printf(context->scratch, "did you mean `%.*s`?",
                                STR_ARG(context_str(context, meant)))
                 : (Str){0};
}
