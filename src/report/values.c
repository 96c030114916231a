#include "report/values.h"

#include <stdlib.h>

enum { DEEPEST = 32, MOST_VALUES = 20000, LONGEST = 60 };

typedef struct Writer {
    const State *state;
    uint32_t written;
} Writer;

static json_t *write(Writer *writer, ValueRef ref, unsigned depth);

static Str text_of(const Writer *writer, Sym sym)
{
    return sym_str(writer->state->graph->interner, sym);
}

static json_t *marked(const char *mark, json_t *value)
{
    json_t *object = json_object();
    json_object_set_new(object, mark, value);
    return object;
}

static json_t *unknown(const char *why)
{
    return marked("unknown", json_string(why));
}

static json_t *items_of(Writer *writer, ValueRef ref, const Value *value, unsigned depth)
{
    json_t *items = json_array();
    for (uint32_t i = 0; i < value->u.items.count; i++) {
        ValueRef item = {ref.module, value_item(&ref.module->values, value, i)};
        json_array_append_new(items, write(writer, item, depth + 1));
    }
    return items;
}

static json_t *pairs_of(Writer *writer, ValueRef ref, const Value *value, unsigned depth)
{
    json_t *pairs = json_array();
    for (uint32_t i = 0; i + 1 < value->u.items.count; i += 2) {
        json_t *pair = json_array();
        for (uint32_t side = 0; side < 2; side++) {
            ValueRef item = {ref.module, value_item(&ref.module->values, value, i + side)};
            json_array_append_new(pair, write(writer, item, depth + 1));
        }
        json_array_append_new(pairs, pair);
    }
    return pairs;
}

/* What a function returns is not known; a call of a class is the object that it makes. Classes are
 * told by their capital, but for those of Python's that have none, and what translates a text. */
static bool makes_object(Str path)
{
    static const char *const functions[] = {"builtins.set",
                                            "builtins.frozenset",
                                            "builtins.dict",
                                            "builtins.list",
                                            "builtins.tuple",
                                            "datetime.",
                                            "django.utils.translation.",
                                            "functools.partial"};
    Str name = str_tail(path, '.');
    if (name.len && (name.ptr[0] < 'a' || name.ptr[0] > 'z'))
        return true;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (str_starts(path, str(functions[i])))
            return true;
    return false;
}

static json_t *call_of(Writer *writer, ValueRef ref, const Value *value, unsigned depth)
{
    const Values *values = &ref.module->values;
    Sym path = state_path(writer->state, ref);
    if (!path || value->flags & VALUE_OPEN || !makes_object(text_of(writer, path)))
        return unknown(value_reason(REASON_CALL));
    json_t *args = json_array(), *kwargs = json_object();
    for (uint32_t i = 0; i < value->u.call.count; i++) {
        ValueRef item = {ref.module, value_positional(values, value, i)};
        json_array_append_new(args, write(writer, item, depth + 1));
    }
    for (uint32_t i = 0; i < value->keywords; i++) {
        Sym name;
        ValueRef item = {ref.module, VALUE_ABSENT};
        value_keyword_at(values, value, i, &name, &item.id);
        json_t *key = json_text(text_of(writer, name));
        json_object_set_new(kwargs, json_string_value(key), write(writer, item, depth + 1));
        json_decref(key);
    }
    json_t *object = marked("call", json_text(text_of(writer, path)));
    json_object_set_new(object, "args", args);
    json_object_set_new(object, "kwargs", kwargs);
    return object;
}

static json_t *name_of(Writer *writer, ValueRef ref)
{
    Sym path = state_path(writer->state, ref);
    return path ? marked("name", json_text(text_of(writer, path)))
                : unknown(value_reason(REASON_ATTRIBUTE));
}

static bool is_container(const Value *value)
{
    return value->kind == VALUE_LIST || value->kind == VALUE_TUPLE || value->kind == VALUE_SET ||
           value->kind == VALUE_DICT;
}

static json_t *container_of(Writer *writer, ValueRef ref, const Value *value, unsigned depth)
{
    if (value->flags & VALUE_OPEN)
        return unknown(value_reason(REASON_OTHER));
    for (uint32_t i = 0; i < value->u.items.count; i++)
        if (value_at(&ref.module->values, value_item(&ref.module->values, value, i))->flags &
            (VALUE_STAR | VALUE_MAYBE))
            return unknown(value_reason(REASON_CONDITION));
    if (value->kind == VALUE_SET)
        return marked("set", items_of(writer, ref, value, depth));
    if (value->kind == VALUE_DICT)
        return marked("dict", pairs_of(writer, ref, value, depth));
    return items_of(writer, ref, value, depth);
}

/* A character stands for each byte, which is U+00FF at most; what is beyond is no byte. */
static json_t *bytes_of(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] > 0xc3)
            return unknown(value_reason(REASON_OTHER));
    return marked("bytes", json_text(text));
}

static json_t *scalar_of(Writer *writer, ValueRef ref, const Value *value)
{
    switch ((ValueKind)value->kind) {
    case VALUE_NONE:
        return json_null();
    case VALUE_BOOL:
        return json_boolean(value->u.boolean);
    case VALUE_INT:
        return json_integer(value->u.integer);
    case VALUE_FLOAT: {
        json_t *number = json_real(strtod(text_of(writer, value->u.text).ptr, NULL));
        return number ? number : unknown(value_reason(REASON_LIMIT));
    }
    case VALUE_STRING:
        return json_text(text_of(writer, value->u.text));
    case VALUE_BYTES:
        return bytes_of(text_of(writer, value->u.text));
    case VALUE_FUNCTION:
        return marked("name",
                      json_text(text_of(writer, ref.module->functions[value->u.index].name)));
    case VALUE_UNKNOWN:
        return unknown(value_reason(value->u.reason));
    default:
        return unknown(value_reason(REASON_OTHER));
    }
}

static json_t *write(Writer *writer, ValueRef written, unsigned depth)
{
    if (!written.id)
        return json_null();
    ValueRef ref = state_value(writer->state, written);
    const Value *value = value_at(&ref.module->values, ref.id);
    if (value->flags & VALUE_MAYBE)
        return unknown(value_reason(REASON_CONDITION));
    if (depth > DEEPEST || writer->written++ > MOST_VALUES)
        return unknown(value_reason(REASON_LIMIT));
    if (is_container(value))
        return container_of(writer, ref, value, depth);
    if (value->kind == VALUE_NAME || value->kind == VALUE_CLASS)
        return name_of(writer, ref);
    if (value->kind == VALUE_CALL)
        return call_of(writer, ref, value, depth);
    return scalar_of(writer, ref, value);
}

json_t *value_json(const State *state, ValueRef value)
{
    Writer writer = {state, 0};
    return write(&writer, value, 0);
}

json_t *argument_json(const State *state, const StateArgument *argument)
{
    if (argument->text)
        return json_text(sym_str(state->graph->interner, argument->text));
    return value_json(state, argument->value);
}

/* ---- for people ---- */

static void text_add(const json_t *json, StrBuf *out);

static void list_add(const json_t *list, const char *open, const char *close, StrBuf *out)
{
    strbuf_add(out, str(open));
    for (size_t i = 0; i < json_array_size(list) && out->len < LONGEST * 4; i++) {
        strbuf_add(out, i ? S(", ") : S(""));
        text_add(json_array_get(list, i), out);
    }
    strbuf_add(out, str(close));
}

static void call_add(const json_t *object, StrBuf *out)
{
    strbuf_add(out, str_tail(str(json_string_value(json_object_get(object, "call"))), '.'));
    list_add(json_object_get(object, "args"), "(", "", out);
    const char *key;
    json_t *value;
    bool first = !json_array_size(json_object_get(object, "args"));
    json_object_foreach(json_object_get(object, "kwargs"), key, value)
    {
        strbuf_printf(out, "%s%s=", first ? "" : ", ", key);
        text_add(value, out);
        first = false;
    }
    strbuf_byte(out, ')');
}

static void dict_add(const json_t *pairs, StrBuf *out)
{
    strbuf_byte(out, '{');
    for (size_t i = 0; i < json_array_size(pairs) && out->len < LONGEST * 4; i++) {
        strbuf_add(out, i ? S(", ") : S(""));
        text_add(json_array_get(json_array_get(pairs, i), 0), out);
        strbuf_add(out, S(": "));
        text_add(json_array_get(json_array_get(pairs, i), 1), out);
    }
    strbuf_byte(out, '}');
}

/* As Python writes them. */
static void bytes_add(const json_t *text, StrBuf *out)
{
    const char *shown = json_string_value(text);
    size_t length = json_string_length(text);
    strbuf_add(out, S("b\""));
    for (size_t i = 0; i < length; i++) {
        unsigned byte = (unsigned char)shown[i];
        if (byte >= 0xc2 && i + 1 < length)
            byte = (byte & 0x3) << 6 | ((unsigned char)shown[++i] & 0x3f);
        if (byte == '"' || byte == '\\')
            strbuf_printf(out, "\\%c", (char)byte);
        else if (byte >= ' ' && byte <= '~')
            strbuf_byte(out, (char)byte);
        else
            strbuf_printf(out, "\\x%02x", byte);
    }
    strbuf_byte(out, '"');
}

static void object_add(const json_t *object, StrBuf *out)
{
    if (json_object_get(object, "name"))
        strbuf_add(out, str(json_string_value(json_object_get(object, "name"))));
    else if (json_object_get(object, "call"))
        call_add(object, out);
    else if (json_object_get(object, "set"))
        list_add(json_object_get(object, "set"), "{", "}", out);
    else if (json_object_get(object, "dict"))
        dict_add(json_object_get(object, "dict"), out);
    else if (json_object_get(object, "bytes"))
        bytes_add(json_object_get(object, "bytes"), out);
    else
        strbuf_byte(out, '?');
}

static void text_add(const json_t *json, StrBuf *out)
{
    if (json_is_object(json))
        object_add(json, out);
    else if (json_is_array(json))
        list_add(json, "[", "]", out);
    else if (json_is_null(json))
        strbuf_add(out, S("None"));
    else if (json_is_boolean(json))
        strbuf_add(out, json_is_true(json) ? S("True") : S("False"));
    else {
        char *text = json_dumps(json, JSON_ENCODE_ANY);
        strbuf_add(out, str(text));
        free(text);
    }
}

static void add_cut(json_t *json, StrBuf *out)
{
    StrBuf whole = {0};
    text_add(json, &whole);
    Str text = strbuf_str(&whole);
    size_t end = text.len <= LONGEST ? text.len : LONGEST;
    while (end < text.len && end && ((unsigned char)text.ptr[end] & 0xc0) == 0x80)
        end--;
    strbuf_add(out, str_sub(text, 0, end));
    if (end < text.len)
        strbuf_add(out, S("…"));
    strbuf_free(&whole);
    json_decref(json);
}

void value_text_add(const State *state, ValueRef value, StrBuf *out)
{
    add_cut(value_json(state, value), out);
}

void argument_text_add(const State *state, const StateArgument *argument, StrBuf *out)
{
    add_cut(argument_json(state, argument), out);
}
