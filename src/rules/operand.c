#include "rules/operand.h"

#include "rules/arguments.h"

static Truth truth_of(StateAnswer answer)
{
    return answer == STATE_YES ? YES : answer == STATE_NO ? NO : MAYBE;
}

Operand operand_of(const RuleContext *context, const Migration *migration,
                   const Operation *operation)
{
    const Project *project = context->project;
    Operand operand = {.context = context,
                       .operation = operation,
                       .node = context->graph->node_of[migration - project->migrations],
                       .model = MODEL_NONE};
    Sym name = operation_model_sym(&context->workspace->interner, operation);
    if (operand.node == NODE_NONE || !name)
        return operand;
    operand.before =
        state_before(context->state, operand.node, (uint32_t)(operation - migration->operations));
    if (operand.before.step != STEP_NONE)
        operand.model = state_model(context->state, project->apps[migration->app].label,
                                    state_lowered(context->state, name), operand.before, NULL);
    return operand;
}

static bool may_differ(const Operand *operand)
{
    return operand->model == MODEL_NONE ||
           state_may_differ(operand->context->state, operand->model, operand->before);
}

bool operand_field(const Operand *operand, StateField *out)
{
    const RuleContext *context = operand->context;
    Sym name = operation_field_sym(&context->workspace->interner, operand->operation);
    return !may_differ(operand) && name &&
           state_field_at(context->state, operand->model, name, operand->before, out) == STATE_YES;
}

Truth operand_managed(const Operand *operand)
{
    if (operand->model == MODEL_NONE)
        return MAYBE;
    return truth_of(state_managed_at(operand->context->state, operand->model, operand->before));
}

Truth operand_new(const Operand *operand)
{
    const State *state = operand->context->state;
    if (operand->model == MODEL_NONE)
        return MAYBE;
    if (state->events[state_created(state, operand->model)].node == operand->node)
        return YES;
    return may_differ(operand) ? MAYBE : NO;
}
