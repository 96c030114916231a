#include "cli/cli.h"

#include <jansson.h>

/* Shows what holds; the keys are those of configuration files. */

static const char *origin_of(const OptionValue *value)
{
    return value->origin == FROM_COMMAND_LINE ? "command line"
           : value->origin == FROM_FILE       ? value->where
                                              : "default";
}

static void add_value(const Settings *settings, OptionId id, StrBuf *out)
{
    const OptionValue *value = &settings->values[id];
    const char *initial = option_specs[id].initial;
    if (!option_specs[id].argument) {
        strbuf_add(out, value->items.count ? S("true") : S("false"));
    } else if (!value->items.count) {
        strbuf_add(out, initial ? str(initial) : S("-"));
    } else if (option_specs[id].kind == OPTION_IS_VALUE) {
        strbuf_add(out, str(option_value(settings, id)));
    } else {
        for (uint32_t i = 0; i < value->items.count; i++)
            strbuf_printf(out, "%s%s", i ? ", " : "", value->items.items[i]);
    }
}

static void write_text(const Settings *settings, StrBuf *out)
{
    for (int id = 0; id < OPTION_COUNT; id++) {
        if (!option_specs[id].configurable)
            continue;
        StrBuf line = {0};
        strbuf_printf(&line, "%-18s ", option_specs[id].name);
        add_value(settings, (OptionId)id, &line);
        strbuf_printf(out, "%-40s  # %s\n", line.ptr, origin_of(&settings->values[id]));
        strbuf_free(&line);
    }
}

static json_t *json_value(const Settings *settings, OptionId id)
{
    const OptionValue *value = &settings->values[id];
    if (!option_specs[id].argument)
        return json_boolean(value->items.count);
    if (option_specs[id].kind == OPTION_IS_VALUE) {
        const char *text = option_value(settings, id);
        return text ? json_string(text) : json_null();
    }
    json_t *list = json_array();
    for (uint32_t i = 0; i < value->items.count; i++)
        json_array_append_new(list, json_string(value->items.items[i]));
    return list;
}

static int add_bytes(const char *bytes, size_t size, void *out)
{
    strbuf_add(out, (Str){bytes, size});
    return 0;
}

static void write_json(const Settings *settings, StrBuf *out)
{
    json_t *document = json_object(), *list = json_array();
    for (int id = 0; id < OPTION_COUNT; id++) {
        if (!option_specs[id].configurable)
            continue;
        json_t *object = json_object();
        json_object_set_new(object, "key", json_string(option_specs[id].name));
        json_object_set_new(object, "value", json_value(settings, (OptionId)id));
        json_object_set_new(object, "from", json_string(origin_of(&settings->values[id])));
        json_array_append_new(list, object);
    }
    json_object_set_new(document, "version", json_integer(1));
    json_object_set_new(document, "settings", list);
    json_dump_callback(document, add_bytes, out, JSON_INDENT(2));
    strbuf_byte(out, '\n');
    json_decref(document);
}

/* --format is both an option of this command and a key that is shown. */
static bool take_format(Settings *settings)
{
    OptionValue *format = &settings->values[OPTION_FORMAT];
    bool json = !strcmp(format_of(settings), "json");
    array_clear(&format->items);
    format->origin = FROM_DEFAULT;
    return json;
}

ExitCode run_config(Settings *settings)
{
    Session session = {0};
    Error err = {0};
    StrBuf out = {0};
    bool json = take_format(settings);
    ExitCode code;
    if (session_prepare(&session, settings, &err))
        session.migralint = migralint_new(&session.options);
    if (session.migralint && selectors_hold(settings, session.migralint, &err)) {
        (json ? write_json : write_text)(settings, &out);
        MigralintText text = {out.ptr, out.len, out.capacity};
        code = output_write(settings, &text);
    } else {
        code = refuse(&err);
    }
    strbuf_free(&out);
    session_close(&session);
    return code;
}
