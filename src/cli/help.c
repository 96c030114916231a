#include "cli/cli.h"

enum { HELP_COLUMN = 28, LAST_COLUMN = 80 };

static StrBuf opened(const MigralintText *text)
{
    return (StrBuf){text->bytes, text->length, text->capacity};
}

static void closed(MigralintText *text, StrBuf buffer)
{
    *text = (MigralintText){buffer.ptr, buffer.len, buffer.capacity};
}

static void add_indented(StrBuf *out, const char *text)
{
    for (Str rest = str(text); rest.ptr;) {
        Str line = str_cut(&rest, '\n');
        strbuf_printf(out, "%.*s\n", STR_ARG(line));
    }
}

/* Words from HELP_COLUMN on; the cursor already stands there. */
static void add_wrapped(StrBuf *out, Str text)
{
    size_t column = HELP_COLUMN;
    for (bool first = true; text.ptr; first = false) {
        Str word = str_cut(&text, ' ');
        if (!first && column + 1 + word.len > LAST_COLUMN) {
            strbuf_printf(out, "\n%*s", HELP_COLUMN, "");
            column = HELP_COLUMN;
        } else if (!first) {
            strbuf_byte(out, ' ');
            column++;
        }
        strbuf_add(out, word);
        column += word.len;
    }
    strbuf_byte(out, '\n');
}

/* " [text, json; default: text]": words, so that long lists can be wrapped. */
static void add_choices(StrBuf *out, Str choices, const char *initial)
{
    const char *before = " [";
    for (; choices.ptr; before = ", ") {
        Str choice = str_cut(&choices, '|');
        strbuf_printf(out, "%s%.*s", before, STR_ARG(choice));
    }
    strbuf_printf(out, "%s%s]", initial ? "; default: " : "", initial ? initial : "");
}

static void add_option(StrBuf *out, OptionId id, CommandId command)
{
    const OptionSpec *spec = &option_specs[id];
    const char *choices = id == OPTION_FORMAT ? commands[command].formats : spec->choices;
    StrBuf left = {0}, right = {0};
    if (spec->letter)
        strbuf_printf(&left, "  -%c, --%s", spec->letter, spec->name);
    else
        strbuf_printf(&left, "      --%s", spec->name);
    if (spec->argument)
        strbuf_printf(&left, " %s", spec->argument);
    strbuf_add(out, strbuf_str(&left));
    if (left.len + 2 > HELP_COLUMN)
        strbuf_printf(out, "\n%*s", HELP_COLUMN, "");
    else
        strbuf_printf(out, "%*s", HELP_COLUMN - (int)left.len, "");
    strbuf_add(&right, str(spec->help));
    if (choices)
        add_choices(&right, str(choices), spec->initial);
    add_wrapped(out, strbuf_str(&right));
    strbuf_free(&left);
    strbuf_free(&right);
}

void help_command(CommandId id, MigralintText *text)
{
    StrBuf out = opened(text);
    const Command *command = &commands[id];
    strbuf_printf(&out, "%s.\n\nUsage: migralint %s [OPTION]...%s%s\n\n", command->summary,
                  command->name, *command->arguments ? " " : "", command->arguments);
    add_indented(&out, command->details);
    strbuf_add(&out, S("\nOptions:\n"));
    for (int i = 0; i < OPTION_COUNT; i++)
        if (option_specs[i].commands & 1u << id)
            add_option(&out, (OptionId)i, id);
    if (id == COMMAND_check)
        strbuf_add(&out,
                   S("\nExit codes: 0 nothing found at or above --fail-on, 1 something found,\n"
                     "2 wrong usage or configuration, 3 the output could not be written.\n"));
    closed(text, out);
}

void help_program(MigralintText *text)
{
    StrBuf out = opened(text);
    strbuf_add(&out, S("migralint finds out, without running Python, whether the migrations of a "
                       "Django\nproject load and have one way forward, and if not, where, why and "
                       "what to do.\n\nUsage: migralint COMMAND [OPTION]... [ARGUMENT]...\n\n"
                       "Commands:\n"));
    for (int i = 0; i < COMMAND_COUNT; i++)
        strbuf_printf(&out, "  %-12s %s\n", commands[i].name, commands[i].summary);
    strbuf_add(&out, S("\nOptions:\n  -h, --help     Show this help; after a command, that of the "
                       "command\n  -V, --version  Show the version\n\nStart with "
                       "`migralint check` in the directory that holds manage.py.\n"));
    closed(text, out);
}

static bool nearer(const char *name, Str text, unsigned *best)
{
    unsigned distance = str_distance(str(name), text);
    if (distance >= *best || distance >= text.len)
        return false;
    *best = distance;
    return true;
}

const char *nearest_command(Str text)
{
    const char *nearest = NULL;
    unsigned best = 3;
    for (int i = 0; i < COMMAND_COUNT; i++)
        if (nearer(commands[i].name, text, &best))
            nearest = commands[i].name;
    return nearest;
}

const char *nearest_option(CommandId command, Str text)
{
    const char *nearest = NULL;
    unsigned best = 4;
    for (int i = 0; i < OPTION_COUNT; i++)
        if (option_specs[i].commands & 1u << command && nearer(option_specs[i].name, text, &best))
            nearest = option_specs[i].name;
    return nearest;
}
