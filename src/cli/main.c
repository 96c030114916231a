#include "cli/cli.h"

#include <signal.h>

#define MANY ((unsigned)-1)

const Command commands[COMMAND_COUNT] = {
#define COMMAND(id, name, arguments, least, most, formats, summary, details)                       \
    [COMMAND_##id] = {name, arguments, least, most, formats, summary, details, run_##id},
#include "cli/commands.def"
#undef COMMAND
};

static ExitCode print(const Settings *settings, MigralintText *text)
{
    ExitCode code = output_write(settings, text);
    migralint_text_free(text);
    return code;
}

static ExitCode print_version(const Settings *settings)
{
    StrBuf line = {0};
    strbuf_printf(&line, "migralint %s\n", migralint_version());
    MigralintText text = {line.ptr, line.len, line.capacity};
    return print(settings, &text);
}

static bool find_command(Settings *settings, const char *word)
{
    for (int i = 0; i < COMMAND_COUNT; i++)
        if (!strcmp(word, commands[i].name)) {
            settings->command = (CommandId)i;
            return true;
        }
    return false;
}

static ExitCode unknown_command(const char *word)
{
    const char *nearest = nearest_command(str(word));
    if (nearest)
        complain("there is no command `%s`; did you mean `%s`?", word, nearest);
    else if (path_exists(word))
        complain("there is no command `%s`; did you mean `migralint check %s`?", word, word);
    else
        complain("there is no command `%s`; see `migralint --help`", word);
    return CODE_USAGE;
}

static ExitCode run_command(Settings *settings, int count, char **words)
{
    Error err = {0};
    MigralintText help = {0};
    if (!options_parse(settings, count, words, &err))
        return refuse(&err);
    if (!option_on(settings, OPTION_HELP))
        return commands[settings->command].run(settings);
    help_command(settings->command, &help);
    settings->values[OPTION_OUTPUT].items.count = 0;
    return print(settings, &help);
}

static bool is_one_of(const char *word, const char *a, const char *b, const char *c)
{
    return !strcmp(word, a) || !strcmp(word, b) || !strcmp(word, c);
}

static ExitCode print_help(Settings *settings, int count, char **words)
{
    MigralintText help = {0};
    if (!count) {
        help_program(&help);
        return print(settings, &help);
    }
    if (!find_command(settings, words[0]))
        return unknown_command(words[0]);
    help_command(settings->command, &help);
    return print(settings, &help);
}

static ExitCode run_program(Settings *settings, int count, char **words)
{
    if (!count)
        return print_help(settings, 0, words);
    if (is_one_of(words[0], "--version", "-V", "version"))
        return print_version(settings);
    if (is_one_of(words[0], "--help", "-h", "help"))
        return print_help(settings, count - 1, words + 1);
    if (find_command(settings, words[0]))
        return run_command(settings, count - 1, words + 1);
    if (words[0][0] != '-')
        return unknown_command(words[0]);
    complain("`%s` stands before a command; see `migralint --help`", words[0]);
    return CODE_USAGE;
}

int main(int count, char **words)
{
    Settings settings = {.started = now_seconds()};
    /* A file that grows beyond `ulimit -f` is one that cannot be written: nothing half is left. */
    signal(SIGXFSZ, SIG_IGN);
    ExitCode code = run_program(&settings, count - 1, words + 1);
    settings_free(&settings);
    return (int)code;
}
