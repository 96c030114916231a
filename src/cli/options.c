#include "cli/cli.h"

#define IN(command) (1u << COMMAND_##command)
#define IN_PROJECT                                                                                 \
    (IN(check) | IN(status) | IN(plan) | IN(graph) | IN(state) | IN(models) | IN(drift) |          \
     IN(history) | IN(why) | IN(baseline))
#define IN_ALL ((1u << COMMAND_COUNT) - 1)

const OptionSpec option_specs[OPTION_COUNT] = {
#define OPTION(id, name, letter, argument, kind, in, configurable, choices, initial, help)         \
    [OPTION_##id] = {name,    letter,  argument, OPTION_IS_##kind, in, configurable,               \
                     choices, initial, help},
#include "cli/options.def"
#undef OPTION
};

bool choice_has(const char *choices, Str text)
{
    Str rest = str(choices);
    while (rest.ptr)
        if (str_eq(str_cut(&rest, '|'), text))
            return true;
    return false;
}

unsigned version_number(Str text)
{
    unsigned parts[2] = {0, 0};
    for (int part = 0; part < 2 && text.ptr; part++) {
        Str digits = str_cut(&text, '.');
        if (!digits.len || digits.len > 2)
            return 0;
        for (size_t i = 0; i < digits.len; i++) {
            if (digits.ptr[i] < '0' || digits.ptr[i] > '9')
                return 0;
            parts[part] = parts[part] * 10 + (unsigned)(digits.ptr[i] - '0');
        }
    }
    return parts[0] * 100 + parts[1];
}

static const char *allowed_choices(const Settings *settings, OptionId id)
{
    if (id != OPTION_FORMAT)
        return option_specs[id].choices;
    bool from_file = settings->values[id].origin == FROM_FILE; /* speaks of check alone */
    return commands[from_file ? COMMAND_check : settings->command].formats;
}

static bool check_value(const Settings *settings, OptionId id, Str value, Error *err)
{
    const OptionSpec *spec = &option_specs[id];
    const char *choices = allowed_choices(settings, id);
    if (choices && !choice_has(choices, value))
        return error_set(err, "`%.*s` is no %s: one of %s", STR_ARG(value), spec->name, choices);
    if (id == OPTION_DJANGO && !version_number(value))
        return error_set(err, "`%.*s` is no version of Django such as 5.2", STR_ARG(value));
    if (spec->kind == OPTION_IS_PAIRS && str_rfind(value, '=') == value.len)
        return error_set(err, "`%.*s` is not of the form %s", STR_ARG(value), spec->argument);
    if (id == OPTION_SEVERITY && !choice_has("error|warning|info|off", str_tail(value, '=')))
        return error_set(err, "`%.*s` is no severity: one of error|warning|info|off",
                         STR_ARG(str_tail(value, '=')));
    if (!value.len && spec->argument)
        return error_set(err, "%s needs a value", spec->name);
    return true;
}

static Str trimmed(Str text)
{
    while (text.len && (text.ptr[0] == ' ' || text.ptr[0] == '\t'))
        text = str_sub(text, 1, text.len);
    while (text.len && (text.ptr[text.len - 1] == ' ' || text.ptr[text.len - 1] == '\t'))
        text.len--;
    return text;
}

bool option_add(Settings *settings, OptionId id, Str value, Error *err)
{
    OptionValue *to = &settings->values[id];
    if (option_specs[id].kind != OPTION_IS_LIST) {
        if (!check_value(settings, id, value, err))
            return false;
        array_push(&to->items, arena_str(&settings->arena, value).ptr);
        return true;
    }
    while (value.ptr) {
        Str item = trimmed(str_cut(&value, ','));
        if (!check_value(settings, id, item, err))
            return false;
        array_push(&to->items, arena_str(&settings->arena, item).ptr);
    }
    return true;
}

bool option_on(const Settings *settings, OptionId id)
{
    return settings->values[id].items.count > 0;
}

const char *option_value(const Settings *settings, OptionId id)
{
    const OptionValue *value = &settings->values[id];
    return value->items.count ? value->items.items[value->items.count - 1]
                              : option_specs[id].initial;
}

MigralintList option_list(const Settings *settings, OptionId id)
{
    const OptionValue *value = &settings->values[id];
    return (MigralintList){value->items.items, value->items.count};
}

const char *format_of(Settings *settings)
{
    Str formats = str(commands[settings->command].formats);
    const char *asked = option_value(settings, OPTION_FORMAT);
    return asked ? asked : arena_str(&settings->arena, str_cut(&formats, '|')).ptr;
}

void settings_free(Settings *settings)
{
    for (int i = 0; i < OPTION_COUNT; i++)
        array_free(&settings->values[i].items);
    for (int i = 0; i < OPTION_COUNT; i++)
        array_free(&settings->values[i].places);
    array_free(&settings->arguments);
    arena_free(&settings->arena);
}

/* ---- the command line ---- */

static int option_by_name(Str name)
{
    for (int i = 0; i < OPTION_COUNT; i++)
        if (str_eq(str(option_specs[i].name), name))
            return i;
    return OPTION_COUNT;
}

static int option_by_letter(char letter)
{
    for (int i = 0; i < OPTION_COUNT; i++)
        if (option_specs[i].letter && option_specs[i].letter == letter)
            return i;
    return OPTION_COUNT;
}

static bool unknown_option(const Settings *settings, Str name, const char *word, Error *err)
{
    const char *command = commands[settings->command].name;
    const char *nearest = nearest_option(settings->command, name);
    if (nearest)
        return error_set(err, "`%s` has no option `%s`; did you mean `--%s`?", command, word,
                         nearest);
    return error_set(err, "`%s` has no option `%s`; see `migralint %s --help`", command, word,
                     command);
}

static bool take(Settings *settings, int id, Str value, bool given, const char *next, int *used,
                 Error *err)
{
    const OptionSpec *spec = &option_specs[id];
    settings->values[id].origin = FROM_COMMAND_LINE;
    if (!spec->argument) {
        if (given)
            return error_set(err, "--%s takes no value", spec->name);
        return option_add(settings, (OptionId)id, S("true"), err);
    }
    if (!given && !next)
        return error_set(err, "--%s needs a value: %s", spec->name, spec->argument);
    if (!given)
        ++*used;
    Error why = {0};
    if (!option_add(settings, (OptionId)id, given ? value : str(next), &why))
        return error_set(err, "--%s: %s", spec->name, why.text);
    return true;
}

static bool parse_long(Settings *settings, const char *word, const char *next, int *used,
                       Error *err)
{
    Str rest = str(word + 2);
    bool given = str_find(rest, '=') < rest.len;
    Str name = str_cut(&rest, '=');
    int id = option_by_name(name);
    if (id == OPTION_COUNT || !(option_specs[id].commands & 1u << settings->command))
        return unknown_option(settings, name, word, err);
    return take(settings, id, rest.ptr ? rest : S(""), given, next, used, err);
}

static bool parse_short(Settings *settings, const char *word, const char *next, int *used,
                        Error *err)
{
    int id = option_by_letter(word[1]);
    if (id == OPTION_COUNT || !(option_specs[id].commands & 1u << settings->command))
        return unknown_option(settings, str(word + 1), word, err);
    return take(settings, id, str(word + 2), word[2] != '\0', next, used, err);
}

static bool check_arguments(const Settings *settings, Error *err)
{
    const Command *command = &commands[settings->command];
    if (option_on(settings, OPTION_HELP))
        return true;
    if (settings->arguments.count < command->least)
        return error_set(err, "`%s` needs %s; see `migralint %s --help`", command->name,
                         command->arguments, command->name);
    if (settings->arguments.count > command->most)
        return error_set(err, "`%s` takes no further argument `%s`", command->name,
                         settings->arguments.items[command->most]);
    return true;
}

bool options_parse(Settings *settings, int count, char *const *words, Error *err)
{
    bool options = true;
    for (int i = 0; i < count; i++) {
        const char *word = words[i], *next = i + 1 < count ? words[i + 1] : NULL;
        int used = 0;
        if (!options || word[0] != '-' || !word[1]) {
            array_push(&settings->arguments, word);
        } else if (!strcmp(word, "--")) {
            options = false;
        } else if (word[1] == '-' ? !parse_long(settings, word, next, &used, err)
                                  : !parse_short(settings, word, next, &used, err)) {
            return false;
        }
        i += used;
    }
    return check_arguments(settings, err);
}
