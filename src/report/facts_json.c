#include "report/json_util.h"
#include "report/lines.h"
#include "report/report.h"

enum { DEEPEST = 64, MOST_VALUES = 200000 };

typedef struct Writer {
    const Module *module;
    const Interner *interner;
    Lines lines;
    uint32_t written;
} Writer;

static json_t *sym(const Writer *writer, Sym text)
{
    return json_text(sym_str(writer->interner, text));
}

static void set_place(const Writer *writer, json_t *object, Span span)
{
    Location location = lines_locate(&writer->lines, span);
    json_object_set_new(object, "line", json_integer(location.line));
    json_object_set_new(object, "column", json_integer(location.column));
}

static json_t *value_object(Writer *writer, ValueId id, unsigned depth);

static void set_items(Writer *writer, json_t *object, const Value *value, unsigned depth)
{
    json_t *items = json_array();
    const Values *values = &writer->module->values;
    for (uint32_t i = 0; i < value->u.items.count; i++)
        json_array_append_new(items, value_object(writer, value_item(values, value, i), depth + 1));
    json_object_set_new(object, "items", items);
}

static void set_call(Writer *writer, json_t *object, const Value *value, unsigned depth)
{
    const Values *values = &writer->module->values;
    json_t *positional = json_array(), *keywords = json_array();
    for (uint32_t i = 0; i < value->u.call.count; i++)
        json_array_append_new(positional,
                              value_object(writer, value_positional(values, value, i), depth + 1));
    for (uint32_t i = 0; i < value->keywords; i++) {
        Sym name;
        ValueId argument;
        value_keyword_at(values, value, i, &name, &argument);
        json_t *keyword = json_object();
        json_object_set_new(keyword, "name", sym(writer, name));
        json_object_set_new(keyword, "value", value_object(writer, argument, depth + 1));
        json_array_append_new(keywords, keyword);
    }
    json_object_set_new(object, "callee",
                        value_object(writer, value_callee(values, value), depth + 1));
    json_object_set_new(object, "args", positional);
    json_object_set_new(object, "kwargs", keywords);
}

static void set_contents(Writer *writer, json_t *object, const Value *value, unsigned depth)
{
    const Module *module = writer->module;
    switch ((ValueKind)value->kind) {
    case VALUE_UNKNOWN:
        json_object_set_new(object, "reason", json_string(value_reason(value->u.reason)));
        break;
    case VALUE_NONE:
        break;
    case VALUE_BOOL:
        json_object_set_new(object, "value", json_boolean(value->u.boolean));
        break;
    case VALUE_INT:
        json_object_set_new(object, "value", json_integer(value->u.integer));
        break;
    case VALUE_FLOAT:
    case VALUE_STRING:
    case VALUE_BYTES:
    case VALUE_NAME:
        json_object_set_new(object, "value", sym(writer, value->u.text));
        break;
    case VALUE_LIST:
    case VALUE_TUPLE:
    case VALUE_SET:
    case VALUE_DICT:
    case VALUE_JOIN:
        set_items(writer, object, value, depth);
        break;
    case VALUE_CALL:
        set_call(writer, object, value, depth);
        break;
    case VALUE_FUNCTION:
        json_object_set_new(object, "value", sym(writer, module->functions[value->u.index].name));
        break;
    case VALUE_CLASS:
        json_object_set_new(object, "value", sym(writer, module->classes[value->u.index].name));
        break;
    }
}

static json_t *value_object(Writer *writer, ValueId id, unsigned depth)
{
    if (id == VALUE_ABSENT)
        return json_null();
    json_t *object = json_object();
    if (depth > DEEPEST || writer->written++ > MOST_VALUES) {
        json_object_set_new(object, "kind", json_string("cut"));
        return object;
    }
    const Value *value = value_at(&writer->module->values, id);
    json_object_set_new(object, "kind", json_string(value_kind_name(value->kind)));
    set_contents(writer, object, value, depth);
    static const struct {
        unsigned flag;
        const char *name;
    } flags[] = {
        {VALUE_OPEN, "open"}, {VALUE_MAYBE, "maybe"}, {VALUE_FREE, "free"}, {VALUE_STAR, "star"}};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (value->flags & flags[i].flag)
            json_object_set_new(object, flags[i].name, json_true());
    set_place(writer, object, value->span);
    return object;
}

static json_t *bindings_of(Writer *writer, const Binding *bindings, uint32_t count)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < count; i++) {
        json_t *object = json_object();
        json_object_set_new(object, "name", sym(writer, bindings[i].name));
        json_object_set_new(object, "conditional", json_boolean(bindings[i].conditional));
        set_place(writer, object, bindings[i].span);
        json_object_set_new(object, "value", value_object(writer, bindings[i].value, 0));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *classes_of(Writer *writer)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < writer->module->class_count; i++) {
        const Class *class = &writer->module->classes[i];
        json_t *object = json_object(), *bases = json_array();
        for (uint32_t b = 0; b < class->base_count; b++)
            json_array_append_new(bases, value_object(writer, class->bases[b], 0));
        json_object_set_new(object, "name", sym(writer, class->name));
        set_place(writer, object, class->name_span);
        json_object_set_new(object, "conditional", json_boolean(class->conditional));
        json_object_set_new(object, "inner", json_boolean(class->inner));
        json_object_set_new(object, "bases", bases);
        json_object_set_new(object, "attributes",
                            bindings_of(writer, class->attributes, class->attribute_count));
        json_array_append_new(list, object);
    }
    return list;
}

static void set_lookups(Writer *writer, json_t *object, const Function *function)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < function->lookup_count; i++) {
        const Lookup *lookup = &function->lookups[i];
        json_t *item = json_object();
        json_object_set_new(item, "on", sym(writer, function->parameters[lookup->parameter]));
        set_place(writer, item, lookup->span);
        json_object_set_new(item, "label", value_object(writer, lookup->label, 0));
        if (lookup->model)
            json_object_set_new(item, "model", value_object(writer, lookup->model, 0));
        json_array_append_new(list, item);
    }
    json_object_set_new(object, "lookups", list);
}

static void set_calls(Writer *writer, json_t *object, const Function *function)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < function->call_count; i++) {
        const FunctionCall *call = &function->calls[i];
        json_t *item = json_object(), *passed = json_array();
        for (uint32_t p = 0; p < call->passed_count; p++)
            json_array_append_new(passed,
                                  sym(writer, function->parameters[call->passed[p].parameter]));
        json_object_set_new(item, "callee", value_object(writer, call->callee, 0));
        set_place(writer, item, call->span);
        json_object_set_new(item, "passed", passed);
        json_array_append_new(list, item);
    }
    json_object_set_new(object, "calls", list);
}

static json_t *functions_of(Writer *writer)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < writer->module->function_count; i++) {
        const Function *function = &writer->module->functions[i];
        json_t *object = json_object(), *parameters = json_array();
        for (uint32_t p = 0; p < function->parameter_count; p++)
            json_array_append_new(parameters, sym(writer, function->parameters[p]));
        json_object_set_new(object, "name",
                            json_text_or_null(sym_str(writer->interner, function->name)));
        set_place(writer, object, function->span);
        json_object_set_new(object, "parameters", parameters);
        json_object_set_new(object, "docstring",
                            json_text_or_null(sym_str(writer->interner, function->docstring)));
        set_lookups(writer, object, function);
        set_calls(writer, object, function);
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *imports_of(const Writer *writer)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < writer->module->import_count; i++) {
        const Import *import = &writer->module->imports[i];
        json_t *object = json_object();
        json_object_set_new(object, "module", sym(writer, import->module));
        json_object_set_new(object, "name",
                            json_text_or_null(sym_str(writer->interner, import->name)));
        json_object_set_new(object, "as", sym(writer, import->bound));
        json_object_set_new(object, "conditional", json_boolean(import->conditional));
        set_place(writer, object, import->span);
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *unbound_of(const Writer *writer)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < writer->module->unbound_count; i++) {
        json_t *object = json_object();
        json_object_set_new(object, "name", sym(writer, writer->module->unbound[i].name));
        set_place(writer, object, writer->module->unbound[i].span);
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *syntax_error_of(const Writer *writer)
{
    if (!writer->module->syntax_error)
        return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "expected", json_text_or_null(writer->module->error_expected));
    set_place(writer, object, writer->module->error_span);
    return object;
}

void facts_json(const Module *module, Str text, const Interner *interner, StrBuf *out)
{
    Arena scratch = {0};
    Writer writer = {module, interner, lines_of(text, &scratch), 0};
    json_t *document = json_object();
    json_object_set_new(document, "version", json_integer(JSON_SHAPE));
    json_object_set_new(document, "path", json_text(module->path));
    json_object_set_new(document, "size", json_integer(module->size));
    json_object_set_new(document, "unreadable", json_text_or_null(module->unreadable));
    json_object_set_new(document, "syntax_error", syntax_error_of(&writer));
    json_object_set_new(document, "imports", imports_of(&writer));
    json_object_set_new(document, "functions", functions_of(&writer));
    json_object_set_new(document, "classes", classes_of(&writer));
    json_object_set_new(document, "bindings",
                        bindings_of(&writer, module->bindings, module->binding_count));
    json_object_set_new(document, "unbound", unbound_of(&writer));
    json_write(document, out);
    arena_free(&scratch);
}
