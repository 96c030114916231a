#include "report/models.h"

#include "report/state_lines.h"
#include "report/values.h"
#include "report/visible.h"

typedef struct Writer {
    const ModelsQuestion *question;
    const State *state;
    Arena *scratch;
    StrBuf *out;
} Writer;

static void add_sym(const Writer *writer, Sym text)
{
    visible_add(writer->out, sym_str(&writer->question->workspace->interner, text));
}

static void add_head(const Writer *writer, const Model *model)
{
    add_sym(writer, model->app);
    strbuf_byte(writer->out, '.');
    add_sym(writer, model->name);
    strbuf_add(writer->out, S("  "));
    visible_add(writer->out, model->place.path);
    if (model->proxy != NO)
        strbuf_add(writer->out, model->proxy == YES ? S(", proxy") : S(", perhaps a proxy"));
    if (model->managed != YES)
        strbuf_add(writer->out,
                   model->managed == NO ? S(", not managed") : S(", perhaps not managed"));
    if (model->there != YES)
        strbuf_add(writer->out, S(", perhaps not there"));
    strbuf_byte(writer->out, '\n');
}

static void add_fields(const Writer *writer, const Model *model)
{
    Sym *names = arena_array(writer->scratch, Sym, model->field_count);
    for (uint32_t i = 0; i < model->field_count; i++)
        names[i] = model->fields[i].field.name;
    size_t width = field_width(writer->state, names, model->field_count);
    for (uint32_t i = 0; i < model->field_count; i++) {
        const ModelField *field = &model->fields[i];
        field_text_add(writer->state, &field->field, width, writer->scratch, writer->out);
        if (field->holder) {
            strbuf_add(writer->out, S("  from "));
            add_sym(writer, field->holder);
        }
        if (field->there != YES)
            strbuf_add(writer->out, S("  perhaps"));
        strbuf_byte(writer->out, '\n');
    }
}

static void add_options(const Writer *writer, const Model *model)
{
    for (uint32_t i = 0; i < model->option_count; i++) {
        StrBuf text = {0};
        strbuf_add(writer->out, S("    Meta."));
        add_sym(writer, model->options[i].name);
        strbuf_add(writer->out, S(" = "));
        value_text_add(writer->state, model->options[i].value, &text);
        visible_add(writer->out, strbuf_str(&text));
        strbuf_byte(writer->out, '\n');
        strbuf_free(&text);
    }
}

static void add_reasons(const Writer *writer, const Model *model)
{
    for (uint32_t i = 0; i < model->reasons.count; i++) {
        strbuf_add(writer->out, S("    not read wholly: "));
        visible_add(writer->out, model->reasons.items[i].why);
        strbuf_add(writer->out, S(" ("));
        visible_add(writer->out, model->reasons.items[i].place.path);
        strbuf_add(writer->out, S(")\n"));
    }
}

bool model_is_asked_for(const ModelsQuestion *question, const Model *model)
{
    const Interner *in = &question->workspace->interner;
    return (!question->app.len || str_eq(sym_str(in, model->app), question->app)) &&
           (!question->model.len || str_eq(sym_str(in, model->lower), question->model));
}

void models_text(const ModelsQuestion *question, StrBuf *out)
{
    for (uint32_t p = 0; p < question->workspace->project_count; p++) {
        const Registry *registry = &question->registries[p];
        for (uint32_t i = 0; i < registry->model_count; i++) {
            const Model *model = &registry->models[i];
            Arena scratch = {0};
            Writer writer = {question, &question->states[p], &scratch, out};
            if (model_is_asked_for(question, model)) {
                add_head(&writer, model);
                add_fields(&writer, model);
                add_options(&writer, model);
                add_reasons(&writer, model);
            }
            arena_free(&scratch);
        }
    }
}
