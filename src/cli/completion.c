#include "cli/completion.h"

/* "[PATH]..." to "PATH"; of several words the first. */
static Str bare(const char *argument)
{
    Str rest = str(argument);
    rest = str_cut(&rest, ' ');
    if (rest.len && rest.ptr[0] == '[')
        rest = str_sub(rest, 1, str_find(rest, ']'));
    return rest;
}

Offer offer_of(const char *choices, const char *argument)
{
    Str what = bare(argument);
    if (choices || str_find(what, '|') < what.len)
        return OFFER_CHOICES;
    if (str_eq(what, S("FILE")) || str_eq(what, S("PATH")))
        return OFFER_FILES;
    if (str_eq(what, S("DIR")))
        return OFFER_DIRS;
    if (str_eq(what, S("RULE")) || str_eq(what, S("CODES")))
        return OFFER_RULES;
    return str_eq(what, S("REF")) ? OFFER_REFS : OFFER_NOTHING;
}

const char *further_arguments(const char *arguments)
{
    const char *space = strchr(arguments, ' ');
    return space && offer_of(NULL, space + 1) != offer_of(NULL, arguments) ? space + 1 : NULL;
}

void add_spaced(StrBuf *out, const char *choices)
{
    for (; *choices && *choices != ' '; choices++)
        strbuf_byte(out, *choices == '|' ? ' ' : *choices);
}

const char *choices_of(OptionId option, CommandId command)
{
    return option == OPTION_FORMAT ? commands[command].formats : option_specs[option].choices;
}

bool command_has(CommandId command, OptionId option)
{
    return option_specs[option].commands & 1u << command;
}

ExitCode run_completion(Settings *settings)
{
    const char *shell = settings->arguments.items[0];
    void (*complete)(StrBuf *) = !strcmp(shell, "bash")   ? complete_bash
                                 : !strcmp(shell, "zsh")  ? complete_zsh
                                 : !strcmp(shell, "fish") ? complete_fish
                                                          : NULL;
    if (!complete) {
        complain("`%s` is no shell that can be completed in: one of bash|zsh|fish", shell);
        return CODE_USAGE;
    }
    StrBuf out = {0};
    complete(&out);
    MigralintText text = {out.ptr, out.len, out.capacity};
    ExitCode code = output_write(settings, &text);
    migralint_text_free(&text);
    return code;
}
