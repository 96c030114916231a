#include "report/drift.h"

#include "report/values.h"
#include "report/visible.h"

/* How Django's describe() puts an operation: `before` the name, `between` it and the model, and for
 * renames `to`. */
typedef struct Form {
    char sign;
    const char *before, *between;
    bool model_first; /* the name is the model's */
} Form;

static Form form_of(ChangeKind kind)
{
    static const Form forms[CHANGE_KINDS] = {
        [CHANGE_CREATE_MODEL] = {'+', "Create model ", NULL, true},
        [CHANGE_DELETE_MODEL] = {'-', "Delete model ", NULL, true},
        [CHANGE_RENAME_MODEL] = {'~', "Rename model ", NULL, false},
        [CHANGE_ADD_FIELD] = {'+', "Add field ", " to ", false},
        [CHANGE_REMOVE_FIELD] = {'-', "Remove field ", " from ", false},
        [CHANGE_RENAME_FIELD] = {'~', "Rename field ", " on ", false},
        [CHANGE_ALTER_FIELD] = {'~', "Alter field ", " on ", false},
        [CHANGE_ALTER_OPTIONS] = {'~', "Change Meta options on ", NULL, true},
        [CHANGE_ALTER_TABLE] = {'~', "Rename table for ", NULL, true},
        [CHANGE_ALTER_TABLE_COMMENT] = {'~', "Alter table comment of ", NULL, true},
        [CHANGE_ALTER_UNIQUE_TOGETHER] = {'~', "Alter unique_together for ", NULL, true},
        [CHANGE_ALTER_INDEX_TOGETHER] = {'~', "Alter index_together for ", NULL, true},
        [CHANGE_ALTER_ORDER_WITH_RESPECT_TO] = {'~', "Set order_with_respect_to on ", NULL, true},
        [CHANGE_ALTER_MANAGERS] = {'~', "Change managers on ", NULL, true},
        [CHANGE_ADD_INDEX] = {'+', "Create index ", " on ", false},
        [CHANGE_REMOVE_INDEX] = {'-', "Remove index ", " from ", false},
        [CHANGE_RENAME_INDEX] = {'~', "Rename index ", " on ", false},
        [CHANGE_ADD_CONSTRAINT] = {'+', "Create constraint ", " on model ", false},
        [CHANGE_REMOVE_CONSTRAINT] = {'-', "Remove constraint ", " from model ", false},
        [CHANGE_ALTER_CONSTRAINT] = {'~', "Alter constraint ", " on ", false},
    };
    return forms[kind];
}

Str change_describe(const Interner *in, const Change *change, Arena *arena)
{
    Form form = form_of(change->kind);
    Str name = sym_str(in, form.model_first ? change->model_name : change->name);
    Str text = arena_printf(arena, "%s%.*s", form.before, STR_ARG(name));
    if (form.between)
        text = arena_printf(arena, "%.*s%s%.*s", STR_ARG(text), form.between,
                            STR_ARG(sym_str(in, change->model)));
    if (change->to)
        text = arena_printf(arena, "%.*s to %.*s", STR_ARG(text), STR_ARG(sym_str(in, change->to)));
    return text;
}

static void add_detail(const State *state, const Detail *detail, StrBuf *out)
{
    const Interner *in = state->graph->interner;
    StrBuf text = {0};
    if (detail->name)
        strbuf_printf(&text, "%.*s: ", STR_ARG(sym_str(in, detail->name)));
    if (detail->kind == DETAIL_CLASS || detail->kind == DETAIL_TARGET) {
        Str before = sym_str(in, detail->before), after = sym_str(in, detail->after);
        strbuf_printf(&text, "%.*s -> %.*s", STR_ARG(before), STR_ARG(after));
    } else {
        if (detail->from.id)
            value_text_add(state, detail->from, &text);
        else
            strbuf_add(&text, S("not given"));
        strbuf_add(&text, S(" -> "));
        if (detail->to.id)
            value_text_add(state, detail->to, &text);
        else
            strbuf_add(&text, S("not given"));
    }
    strbuf_add(out, S("        "));
    visible_add(out, strbuf_str(&text));
    strbuf_byte(out, '\n');
    strbuf_free(&text);
}

static void add_change(const State *state, const Change *change, Arena *scratch, StrBuf *out)
{
    strbuf_printf(out, "    %c ", form_of(change->kind).sign);
    visible_add(out, change_describe(state->graph->interner, change, scratch));
    strbuf_byte(out, '\n');
    for (uint32_t i = 0; i < change->details.count; i++)
        add_detail(state, &change->details.items[i], out);
}

void drift_text(const ModelsQuestion *question, StrBuf *out)
{
    const Interner *in = &question->workspace->interner;
    for (uint32_t p = 0; p < question->workspace->project_count; p++) {
        Arena scratch = {0};
        const State *state = &question->states[p];
        Drift found = drift_find(&question->registries[p], state, &scratch);
        Drift drift = drift_operations(&found, &scratch);
        Sym app = SYM_NONE;
        for (uint32_t i = 0; i < drift.count; i++) {
            const Change *change = &drift.items[i];
            if (question->app.len && !str_eq(sym_str(in, change->app), question->app))
                continue;
            if (change->app != app) {
                visible_add(out, sym_str(in, change->app));
                strbuf_add(out, S(":\n"));
            }
            app = change->app;
            add_change(state, change, &scratch, out);
        }
        arena_free(&scratch);
    }
}
