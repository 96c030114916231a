#include "rules/in_models.h"

/* Whether the app's models are all known. */
static bool is_read(const RuleContext *context, Sym label)
{
    AppId app = project_app(context->project, label);
    return app != APP_NONE && context->project->apps[app].origin == APP_OWN &&
           context->registry->apps[app].read && !context->registry->apps[app].open;
}

void note_in_models(RuleContext *context, Finding *finding, Sym app, Sym lower)
{
    const Model *model = registry_model(context->registry, app, lower);
    if (model)
        finding_note(context, finding, model->place, "`%.*s` has the class `%.*s`",
                     STR_ARG(model->place.path), STR_ARG(context_str(context, model->name)));
    else if (is_read(context, app) && !registry_may_hold(context->registry, app, lower))
        finding_note(context, finding, (Place){0}, "the models of `%.*s` have no such class either",
                     STR_ARG(context_str(context, app)));
}

void note_field_in_models(RuleContext *context, Finding *finding, Sym app, Sym lower, Sym field)
{
    const Model *model = registry_model(context->registry, app, lower);
    const ModelField *found = model ? model_field(model, field) : NULL;
    if (found)
        finding_note(context, finding, found->place, "the class `%.*s` has the field",
                     STR_ARG(context_str(context, model->name)));
    else if (model && model->there == YES && !model->fields_open && !model->remade &&
             !registry_may_add(context->registry, model, field))
        finding_note(context, finding, model->place, "the class `%.*s` has no such field either",
                     STR_ARG(context_str(context, model->name)));
}
