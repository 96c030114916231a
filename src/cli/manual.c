#include "cli/completion.h"

/* The manual page in roff's man macros, from the tables of commands and options. */

static const char exits[] =
    ".SH EXIT STATUS\n"
    ".TP\n.B 0\nNothing found at or above \\fB\\-\\-fail\\-on\\fR.\n"
    ".TP\n.B 1\nSomething found; an example of a rule failed.\n"
    ".TP\n.B 2\nWrong usage: options, configuration, rule files, paths that are not there.\n"
    ".TP\n.B 3\nThe output could not be written; or a bug.\n"
    ".SH ENVIRONMENT\n"
    ".TP\n.B NO_COLOR\nWhen set, text is not coloured.\n"
    ".TP\n.B VIRTUAL_ENV\nThe virtual environment whose packages are read as installed apps.\n"
    ".SH FILES\n"
    ".TP\n.I pyproject.toml\nThe table \\fBtool.migralint\\fR; keys are the names of options.\n"
    ".TP\n.I .migralint.yml\nThe same as YAML; wins in one directory.\n"
    ".SH EXAMPLES\n"
    "What a branch adds, as a reviewer wants to see it:\n"
    ".PP\n.RS 4\nmigralint check \\-\\-base origin/main\n.RE\n"
    ".PP\nText in the log, and a file for code scanning:\n"
    ".PP\n.RS 4\nmigralint check \\-\\-output sarif=migralint.sarif\n.RE\n"
    ".PP\nThe graph in the terminal, only where something is wrong:\n"
    ".PP\n.RS 4\nmigralint graph \\-\\-problems\n.RE\n"
    ".SH SEE ALSO\n"
    ".BR git (1),\n.BR dot (1)\n";

static void add_byte(StrBuf *out, char byte, bool starts_line)
{
    if (byte == '\\')
        strbuf_add(out, S("\\e"));
    else if (byte == '-')
        strbuf_add(out, S("\\-"));
    else if (byte == '\'')
        strbuf_add(out, S("\\(aq"));
    else if (byte == '"')
        strbuf_add(out, S("\\(dq"));
    else if (byte == '~')
        strbuf_add(out, S("\\(ti"));
    else if (byte == '.' && starts_line)
        strbuf_add(out, S("\\&."));
    else
        strbuf_byte(out, byte);
}

/* What stands in backquotes is bold. */
static void add_text(StrBuf *out, const char *text)
{
    bool bold = false;
    for (const char *at = text; *at; at++) {
        if (*at != '`') {
            add_byte(out, *at, at == text || at[-1] == '\n');
            continue;
        }
        bold = !bold;
        strbuf_add(out, bold ? S("\\fB") : S("\\fR"));
    }
}

static void add_commands(StrBuf *out)
{
    strbuf_add(out, S(".SH COMMANDS\n"));
    for (int c = 0; c < COMMAND_COUNT; c++) {
        const Command *command = &commands[c];
        strbuf_add(out, S(".SS \""));
        add_text(out, command->name);
        strbuf_add(out, *command->arguments ? S(" ") : S(""));
        add_text(out, command->arguments);
        strbuf_add(out, S("\"\n"));
        add_text(out, command->summary);
        strbuf_add(out, S(".\n"));
        add_text(out, command->details);
        strbuf_byte(out, '\n');
    }
}

static void add_choices(StrBuf *out, const char *choices)
{
    for (Str rest = str(choices); rest.ptr;) {
        Str choice = str_cut(&rest, '|');
        strbuf_printf(out, "\\fB%.*s\\fR%s", STR_ARG(choice), rest.ptr ? ", " : ".\n");
    }
}

/* Formats differ from command to command. */
static void add_formats(StrBuf *out)
{
    for (int c = 0; c < COMMAND_COUNT; c++)
        if (command_has((CommandId)c, OPTION_FORMAT)) {
            strbuf_add(out, S("Of \\fB"));
            add_text(out, commands[c].name);
            strbuf_add(out, S("\\fR: "));
            add_choices(out, commands[c].formats);
        }
}

static void add_where(StrBuf *out, unsigned in)
{
    const char *before = "(Option of ";
    unsigned all = (1u << COMMAND_COUNT) - 1;
    if (in == all)
        return;
    for (int c = 0; c < COMMAND_COUNT; c++)
        if (in & 1u << c) {
            strbuf_add(out, str(before));
            add_text(out, commands[c].name);
            before = ", ";
        }
    strbuf_add(out, S(".)\n"));
}

static void add_option(StrBuf *out, OptionId id)
{
    const OptionSpec *spec = &option_specs[id];
    strbuf_add(out, S(".TP\n"));
    if (spec->letter)
        strbuf_printf(out, "\\fB\\-%c\\fR, ", spec->letter);
    strbuf_add(out, S("\\fB\\-\\-"));
    add_text(out, spec->name);
    strbuf_add(out, S("\\fR"));
    if (spec->argument) {
        strbuf_add(out, S(" \\fI"));
        add_text(out, spec->argument);
        strbuf_add(out, S("\\fR"));
    }
    strbuf_byte(out, '\n');
    add_text(out, spec->help);
    strbuf_add(out, S(".\n"));
    if (id == OPTION_FORMAT)
        add_formats(out);
    if (spec->choices)
        add_choices(out, spec->choices);
    if (spec->initial)
        strbuf_printf(out, "Default: \\fB%s\\fR.\n", spec->initial);
    if (spec->commands)
        add_where(out, spec->commands);
}

static void write_page(StrBuf *out)
{
    strbuf_printf(out, ".TH MIGRALINT 1 \"\" \"migralint %s\" \"User Commands\"\n",
                  migralint_version());
    strbuf_add(out, S(".SH NAME\nmigralint \\- static linter of Django migrations\n"
                      ".SH SYNOPSIS\n.B migralint\n.I COMMAND\n[\\fIOPTION\\fR]...\n"
                      "[\\fIARGUMENT\\fR]...\n"
                      ".SH DESCRIPTION\n"
                      "Finds out, without running Python, whether the migrations of a Django "
                      "project load and have\none way forward, and if not, where, why and what "
                      "to do.\nStart with \\fBmigralint check\\fR in the directory that holds "
                      "manage.py.\n"));
    add_commands(out);
    strbuf_add(out, S(".SH OPTIONS\n"));
    for (int i = 0; i < OPTION_COUNT; i++)
        add_option(out, (OptionId)i);
    strbuf_add(out, str(exits));
}

ExitCode run_manual(Settings *settings)
{
    StrBuf out = {0};
    write_page(&out);
    MigralintText text = {out.ptr, out.len, out.capacity};
    ExitCode code = output_write(settings, &text);
    migralint_text_free(&text);
    return code;
}
