#include "report/lines.h"
#include "report/report.h"
#include "report/visible.h"

/* Values share parts, so what is printed is bounded, not only its depth. */
enum { DEEPEST = 16, MOST_VALUES = 100000, MOST_ITEMS = 1000 };

typedef struct Writer {
    const Module *module;
    const Interner *interner;
    Lines lines;
    StrBuf *out;
    uint32_t written;
} Writer;

static Str text_of(const Writer *writer, Sym sym)
{
    return sym_str(writer->interner, sym);
}

static void add_value(Writer *writer, ValueId id, unsigned depth);

static void add_quoted(Writer *writer, Str text, const char *prefix)
{
    strbuf_printf(writer->out, "%s\"", prefix);
    visible_add(writer->out, text);
    strbuf_byte(writer->out, '"');
}

static void add_items(Writer *writer, const Value *value, unsigned depth)
{
    bool dict = value->kind == VALUE_DICT;
    uint32_t step = dict ? 2 : 1;
    bool rows = !depth && value->kind == VALUE_LIST && value->u.items.count > 1;
    for (uint32_t i = 0; i < value->u.items.count; i += step) {
        if (i)
            strbuf_add(writer->out, value->kind == VALUE_JOIN ? S(" + ") : S(","));
        if (rows)
            strbuf_add(writer->out, S("\n             "));
        else if (i && value->kind != VALUE_JOIN)
            strbuf_byte(writer->out, ' ');
        if (i / step == MOST_ITEMS) {
            strbuf_printf(writer->out, "… %u more", (value->u.items.count - i) / step);
            return;
        }
        add_value(writer, value_item(&writer->module->values, value, i), depth + 1);
        if (dict) {
            strbuf_add(writer->out, S(": "));
            add_value(writer, value_item(&writer->module->values, value, i + 1), depth + 1);
        }
    }
}

static void add_container(Writer *writer, const Value *value, const char *open, const char *close,
                          unsigned depth)
{
    strbuf_add(writer->out, str(open));
    add_items(writer, value, depth);
    if (value->flags & VALUE_OPEN)
        strbuf_add(writer->out, value->u.items.count ? S(", …?") : S("…?"));
    else if (value->kind == VALUE_TUPLE && value->u.items.count == 1)
        strbuf_byte(writer->out, ',');
    strbuf_add(writer->out, str(close));
}

static void add_call(Writer *writer, const Value *value, unsigned depth)
{
    const Values *values = &writer->module->values;
    add_value(writer, value_callee(values, value), depth + 1);
    strbuf_byte(writer->out, '(');
    for (uint32_t i = 0; i < value->u.call.count; i++) {
        strbuf_add(writer->out, i ? S(", ") : S(""));
        add_value(writer, value_positional(values, value, i), depth + 1);
    }
    for (uint32_t i = 0; i < value->keywords; i++) {
        Sym name;
        ValueId argument;
        value_keyword_at(values, value, i, &name, &argument);
        strbuf_add(writer->out, i || value->u.call.count ? S(", ") : S(""));
        visible_add(writer->out, text_of(writer, name));
        strbuf_byte(writer->out, '=');
        add_value(writer, argument, depth + 1);
    }
    if (value->flags & VALUE_OPEN)
        strbuf_add(writer->out, S(", …?"));
    strbuf_byte(writer->out, ')');
}

static void add_scalar(Writer *writer, const Value *value)
{
    const Module *module = writer->module;
    Str text;
    switch ((ValueKind)value->kind) {
    case VALUE_NONE:
        strbuf_add(writer->out, S("None"));
        break;
    case VALUE_BOOL:
        strbuf_add(writer->out, value->u.boolean ? S("True") : S("False"));
        break;
    case VALUE_INT:
        strbuf_printf(writer->out, "%lld", (long long)value->u.integer);
        break;
    case VALUE_STRING:
    case VALUE_BYTES:
        add_quoted(writer, text_of(writer, value->u.text), value->kind == VALUE_BYTES ? "b" : "");
        break;
    case VALUE_FUNCTION:
        text = text_of(writer, module->functions[value->u.index].name);
        strbuf_add(writer->out, text.len ? S("function ") : S("lambda"));
        visible_add(writer->out, text);
        break;
    case VALUE_CLASS:
        strbuf_add(writer->out, S("class "));
        visible_add(writer->out, text_of(writer, module->classes[value->u.index].name));
        break;
    case VALUE_UNKNOWN:
        strbuf_printf(writer->out, "<unknown: %s>", value_reason(value->u.reason));
        break;
    default:
        visible_add(writer->out, text_of(writer, value->u.text));
    }
}

static void add_value(Writer *writer, ValueId id, unsigned depth)
{
    if (id == VALUE_ABSENT)
        return;
    if (depth > DEEPEST || writer->written++ > MOST_VALUES) {
        strbuf_add(writer->out, S("…"));
        return;
    }
    const Value *value = value_at(&writer->module->values, id);
    if (value->flags & VALUE_STAR)
        strbuf_byte(writer->out, '*');
    if (value->kind == VALUE_LIST)
        add_container(writer, value, "[", "]", depth);
    else if (value->kind == VALUE_TUPLE || value->kind == VALUE_JOIN)
        add_container(writer, value, "(", ")", depth);
    else if (value->kind == VALUE_SET || value->kind == VALUE_DICT)
        add_container(writer, value, "{", "}", depth);
    else if (value->kind == VALUE_CALL)
        add_call(writer, value, depth);
    else
        add_scalar(writer, value);
    if (value->flags & VALUE_MAYBE)
        strbuf_byte(writer->out, '?');
}

static void add_line(Writer *writer, Span span, const char *what)
{
    strbuf_printf(writer->out, "%5u  %s", lines_locate(&writer->lines, span).line, what);
}

static void add_binding(Writer *writer, const Binding *binding, const char *indent)
{
    add_line(writer, binding->span, indent);
    visible_add(writer->out, text_of(writer, binding->name));
    strbuf_add(writer->out, binding->conditional ? S(" =? ") : S(" = "));
    add_value(writer, binding->value, 0);
    strbuf_byte(writer->out, '\n');
}

static void add_class(Writer *writer, const Class *class)
{
    add_line(writer, class->name_span, class->conditional ? "class? " : "class ");
    visible_add(writer->out, text_of(writer, class->name));
    strbuf_byte(writer->out, '(');
    for (uint32_t i = 0; i < class->base_count; i++) {
        strbuf_add(writer->out, i ? S(", ") : S(""));
        add_value(writer, class->bases[i], 0);
    }
    strbuf_add(writer->out, S(")\n"));
    for (uint32_t i = 0; i < class->attribute_count; i++)
        add_binding(writer, &class->attributes[i], "  ");
}

static void add_import(Writer *writer, const Import *import)
{
    bool from = import->name != SYM_NONE;
    add_line(writer, import->span, from ? "from " : "import ");
    visible_add(writer->out, text_of(writer, import->module));
    if (from) {
        strbuf_add(writer->out, S(" import "));
        visible_add(writer->out, text_of(writer, import->name));
    }
    if (import->bound != SYM_NONE && import->bound != (from ? import->name : import->module)) {
        strbuf_add(writer->out, S(" as "));
        visible_add(writer->out, text_of(writer, import->bound));
    }
    strbuf_add(writer->out, import->conditional ? S("  ?\n") : S("\n"));
}

static void add_calls(Writer *writer, const Function *function)
{
    for (uint32_t i = 0; i < function->lookup_count; i++) {
        const Lookup *lookup = &function->lookups[i];
        add_line(writer, lookup->span, "  ");
        visible_add(writer->out, text_of(writer, function->parameters[lookup->parameter]));
        strbuf_add(writer->out, S(".get_model("));
        add_value(writer, lookup->label, 0);
        strbuf_add(writer->out, lookup->model ? S(", ") : S(""));
        add_value(writer, lookup->model, 0);
        strbuf_add(writer->out, S(")\n"));
    }
    for (uint32_t i = 0; i < function->call_count; i++) {
        const FunctionCall *call = &function->calls[i];
        add_line(writer, call->span, "  ");
        add_value(writer, call->callee, 0);
        strbuf_byte(writer->out, '(');
        for (uint32_t p = 0; p < call->passed_count; p++) {
            Sym name = function->parameters[call->passed[p].parameter];
            strbuf_add(writer->out, p ? S(", ") : S(""));
            visible_add(writer->out, text_of(writer, name));
        }
        strbuf_add(writer->out, S(")\n"));
    }
}

static void add_function(Writer *writer, const Function *function)
{
    add_line(writer, function->span, function->name == SYM_NONE ? "lambda" : "def ");
    visible_add(writer->out, text_of(writer, function->name));
    strbuf_byte(writer->out, '(');
    for (uint32_t i = 0; i < function->parameter_count; i++) {
        strbuf_add(writer->out, i ? S(", ") : S(""));
        visible_add(writer->out, text_of(writer, function->parameters[i]));
    }
    strbuf_byte(writer->out, ')');
    if (function->docstring != SYM_NONE)
        add_quoted(writer, text_of(writer, function->docstring), "  ");
    strbuf_byte(writer->out, '\n');
    add_calls(writer, function);
}

static void add_problems(Writer *writer)
{
    const Module *module = writer->module;
    if (module->unreadable.len) {
        strbuf_add(writer->out, S("cannot be read: "));
        visible_add(writer->out, module->unreadable);
        strbuf_byte(writer->out, '\n');
    }
    if (module->syntax_error) {
        add_line(writer, module->error_span, "syntax error");
        if (module->error_expected.len)
            strbuf_printf(writer->out, ": expected %.*s", STR_ARG(module->error_expected));
        strbuf_byte(writer->out, '\n');
    }
    for (uint32_t i = 0; i < module->unbound_count; i++) {
        add_line(writer, module->unbound[i].span, "bound nowhere: ");
        visible_add(writer->out, text_of(writer, module->unbound[i].name));
        strbuf_byte(writer->out, '\n');
    }
}

void facts_text(const Module *module, Str text, const Interner *interner, StrBuf *out)
{
    Arena scratch = {0};
    Writer writer = {module, interner, lines_of(text, &scratch), out, 0};
    visible_add(out, module->path);
    strbuf_printf(out, ": %u bytes, %u values, %u comments%s\n", module->size,
                  module->values.count ? module->values.count - 1 : 0, module->comment_count,
                  module->star_import ? ", imports *" : "");
    add_problems(&writer);
    for (uint32_t i = 0; i < module->import_count; i++)
        add_import(&writer, &module->imports[i]);
    for (uint32_t i = 0; i < module->function_count; i++)
        add_function(&writer, &module->functions[i]);
    for (uint32_t i = 0; i < module->class_count; i++)
        add_class(&writer, &module->classes[i]);
    for (uint32_t i = 0; i < module->binding_count; i++)
        add_binding(&writer, &module->bindings[i], "");
    arena_free(&scratch);
}
