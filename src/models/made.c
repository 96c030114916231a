#include "models/read.h"

/* Fields that Django adds by itself. They are made from Python that says what Django does, so that
 * they are compared like any other. */

static ValueRef evaluated(ModelReader *reader, Str python)
{
    Workspace *workspace = reader->workspace;
    Module *module =
        module_read(&workspace->parser, S("<django>"), python, &workspace->interner, reader->arena);
    const Binding *binding = module_binding(module, read_word(reader, "field"));
    return (ValueRef){module, binding ? binding->value : VALUE_ABSENT};
}

static ModelField made(ModelReader *reader, const Model *model, Sym name, Str python)
{
    ModelField field = {.place = model->place, .there = YES, .implicit = true};
    field.field =
        state_field(reader->state, evaluated(reader, python), name, model->app, model->lower);
    return field;
}

static Sym string_of(ModelReader *reader, ValueRef value)
{
    value = workspace_value(reader->workspace, value);
    bool known = read_is(value, VALUE_STRING) && !(read_value(value)->flags & VALUE_MAYBE);
    return known ? read_value(value)->u.text : SYM_NONE;
}

/* The dotted path of the class; empty when it is not known. Where manage.py names no settings it is
 * a library, and who uses it decides; of what only other settings install, those decide. */
static Str auto_field_class(ModelReader *reader, const App *app)
{
    const Settings *settings = &reader->project->settings;
    if (app->auto_field_open)
        return (Str){0};
    if (app->auto_field.id)
        return read_text(reader, string_of(reader, app->auto_field));
    if (app->installed_elsewhere || !settings->managed)
        return (Str){0};
    if (settings->default_auto_field.value.id)
        return read_text(reader, string_of(reader, settings->default_auto_field.value));
    if (settings->default_auto_field.contradictory)
        return (Str){0};
    return reader->workspace->options.django >= 600 ? S("django.db.models.BigAutoField")
                                                    : S("django.db.models.AutoField");
}

static bool is_dotted(Str path)
{
    for (size_t i = 0; i < path.len; i++) {
        char c = path.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '_' || c == '.'))
            return false;
    }
    return str_find(path, '.') < path.len;
}

ModelField made_primary_key(ModelReader *reader, const Model *model)
{
    Str class = auto_field_class(reader, &reader->project->apps[model->app_id]);
    Sym name = read_word(reader, "id");
    if (!is_dotted(class))
        return (ModelField){.field = {.name = name,
                                      .kind = FIELD_UNKNOWN,
                                      .primary_key = true,
                                      .created = EVENT_NONE,
                                      .last = EVENT_NONE},
                            .place = model->place,
                            .there = YES,
                            .implicit = true};
    Str module = str_head(class, '.');
    return made(reader, model, name,
                arena_printf(reader->arena,
                             "import %.*s\nfield = %.*s(auto_created=True, primary_key=True, "
                             "serialize=False, verbose_name=\"ID\")\n",
                             STR_ARG(module), STR_ARG(class)));
}

ModelField made_parent_link(ModelReader *reader, const Model *model, Sym name,
                            const StateTarget *parent, bool primary_key)
{
    const char *key = primary_key ? "primary_key=True, serialize=False, " : "";
    return made(reader, model, name,
                arena_printf(reader->arena,
                             "from django.db import models\nfield = models.OneToOneField("
                             "auto_created=True, on_delete=models.CASCADE, parent_link=True, %s"
                             "to=\"%.*s.%.*s\")\n",
                             key, STR_ARG(read_text(reader, parent->app)),
                             STR_ARG(read_text(reader, parent->model))));
}
