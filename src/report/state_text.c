#include "report/select.h"
#include "report/state.h"
#include "report/state_lines.h"
#include "report/values.h"
#include "report/visible.h"

typedef struct Writer {
    const Question *question;
    const State *state;
    Arena *scratch;
    StrBuf *out;
} Writer;

static void add_sym(const Writer *writer, Sym text)
{
    visible_add(writer->out, sym_str(&writer->question->workspace->interner, text));
}

static void add_fields(const Writer *writer, const ModelState *model)
{
    Sym *names = arena_array(writer->scratch, Sym, model->field_count);
    for (uint32_t i = 0; i < model->field_count; i++)
        names[i] = model->fields[i].name;
    size_t width = field_width(writer->state, names, model->field_count);
    for (uint32_t i = 0; i < model->field_count; i++) {
        field_text_add(writer->state, &model->fields[i], width, writer->scratch, writer->out);
        strbuf_byte(writer->out, '\n');
    }
}

static void add_options(const Writer *writer, const ModelState *model)
{
    for (uint32_t i = 0; i < model->option_count; i++) {
        const StateOption *option = &model->options[i];
        strbuf_add(writer->out, S("    Meta."));
        add_sym(writer, option->name);
        strbuf_add(writer->out, S(" = "));
        option_text_add(writer->state, option, writer->out);
        strbuf_byte(writer->out, '\n');
    }
}

static void add_indexes(const Writer *writer, const char *what, const StateIndex *indexes,
                        uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        strbuf_printf(writer->out, "    %s ", what);
        add_sym(writer, indexes[i].name);
        strbuf_add(writer->out, S(": "));
        class_text_add(writer->state, indexes[i].class_path, writer->out);
        arguments_text_add(writer->state,
                           state_index_arguments(writer->state, &indexes[i], writer->scratch),
                           writer->out);
        strbuf_byte(writer->out, '\n');
    }
}

static void add_head(const Writer *writer, const ModelState *model)
{
    StrBuf *out = writer->out;
    add_sym(writer, model->app);
    strbuf_byte(out, '.');
    add_sym(writer, model->name);
    for (uint32_t i = 0; i < model->base_count; i++) {
        strbuf_add(out, i ? S(", ") : S("("));
        value_text_add(writer->state, model->bases[i], out);
    }
    strbuf_add(out, model->base_count ? S(")  ") : S("  "));
    Str table = state_table(writer->state, model, writer->scratch);
    strbuf_add(out, model->proxy ? S("proxy") : table.len ? S("table ") : S("table ?"));
    visible_add(out, table);
    if (model->created != EVENT_NONE) {
        strbuf_add(out, S(", created in "));
        visible_add(out, node_key(writer->state->graph, writer->state->events[model->created].node,
                                  writer->scratch));
    }
    if (model->open)
        strbuf_add(out, S(", more than this cannot be read"));
    strbuf_byte(out, '\n');
}

static void add_project(const Question *question, const State *state, StrBuf *out)
{
    Arena scratch = {0};
    Shown shown;
    bool known = question_models(question, state, &scratch, &shown);
    if (known && shown.models.count && question->workspace->project_count > 1) {
        Str root = state->graph->project->root;
        strbuf_add(out, S("# project "));
        visible_add(out, root.len ? root : S("."));
        strbuf_byte(out, '\n');
    }
    for (uint32_t i = 0; i < shown.models.count; i++) {
        Arena inner = {0};
        Writer writer = {question, state, &inner, out};
        ModelState *model = state_model_at(state, shown.models.items[i], shown.at, &inner);
        add_head(&writer, model);
        add_fields(&writer, model);
        add_options(&writer, model);
        add_indexes(&writer, "index", model->indexes, model->index_count);
        add_indexes(&writer, "constraint", model->constraints, model->constraint_count);
        arena_free(&inner);
    }
    arena_free(&scratch);
}

void state_text(const Question *question, StrBuf *out)
{
    for (uint32_t p = 0; p < question->workspace->project_count; p++)
        add_project(question, &question->states[p], out);
}
