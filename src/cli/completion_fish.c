#include "cli/completion.h"

static const char head[] =
    "# fish completion for migralint, made by `migralint completion fish`\n"
    "\n"
    "# Whether the command on the line is one of these.\n"
    "function __migralint_is\n"
    "    set -l words (commandline -opc)\n"
    "    contains -- \"$words[2]\" $argv\n"
    "end\n"
    "\n"
    "function __migralint_starts\n"
    "    test (count (commandline -opc)) -eq 1\n"
    "end\n"
    "\n"
    "function __migralint_rules\n"
    "    command migralint rules 2>/dev/null |\n"
    "        string replace -rf '^  ([A-Z][A-Z0-9]*) +(\\S+).*' '$1\\t$2'\n"
    "end\n"
    "\n"
    "# Behind what is there already, with commas between.\n"
    "function __migralint_rule_list\n"
    "    set -l before (string match -r '^(?:--[a-z-]+=)?(.*,)' -- (commandline -ct))[2]\n"
    "    for rule in (__migralint_rules)\n"
    "        echo $before$rule\n"
    "    end\n"
    "end\n"
    "\n"
    "function __migralint_refs\n"
    "    git for-each-ref --format='%(refname:short)' 2>/dev/null\n"
    "end\n"
    "\n"
    "complete -c migralint -f\n";

static void add_quoted(StrBuf *out, const char *text)
{
    strbuf_byte(out, '\'');
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            strbuf_byte(out, '\\');
        strbuf_byte(out, *text);
    }
    strbuf_byte(out, '\'');
}

/* Switches for what may follow: -x wants a value that is no file, -r -F one that is. */
static void add_offer(StrBuf *out, Offer offer, const char *choices, bool list)
{
    switch (offer) {
    case OFFER_NOTHING:
        break;
    case OFFER_CHOICES:
        strbuf_add(out, S(" -a '"));
        add_spaced(out, choices);
        strbuf_byte(out, '\'');
        break;
    case OFFER_FILES:
        strbuf_add(out, S(" -F"));
        break;
    case OFFER_DIRS:
        strbuf_add(out, S(" -a '(__fish_complete_directories)'"));
        break;
    case OFFER_RULES:
        strbuf_add(out, list ? S(" -a '(__migralint_rule_list)'") : S(" -a '(__migralint_rules)'"));
        break;
    case OFFER_REFS:
        strbuf_add(out, S(" -a '(__migralint_refs)'"));
        break;
    }
}

static void add_option(StrBuf *out, const char *names, OptionId id, const char *choices)
{
    const OptionSpec *spec = &option_specs[id];
    strbuf_printf(out, "complete -c migralint -n '__migralint_is%s' -l %s", names, spec->name);
    if (spec->letter)
        strbuf_printf(out, " -s %c", spec->letter);
    if (spec->argument) {
        Offer offer = offer_of(choices, spec->argument);
        strbuf_add(out, offer == OFFER_FILES ? S(" -r") : S(" -x"));
        add_offer(out, offer, choices, spec->kind == OPTION_IS_LIST);
    }
    strbuf_add(out, S(" -d "));
    add_quoted(out, spec->help);
    strbuf_byte(out, '\n');
}

/* Once for all commands that have it; the formats for each. */
static void add_options(StrBuf *out)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        StrBuf names = {0};
        for (int c = 0; c < COMMAND_COUNT; c++) {
            if (!command_has((CommandId)c, (OptionId)i))
                continue;
            strbuf_printf(&names, " %s", commands[c].name);
            if (i != OPTION_FORMAT)
                continue;
            add_option(out, names.ptr, OPTION_FORMAT, commands[c].formats);
            strbuf_clear(&names);
        }
        if (names.len)
            add_option(out, names.ptr, (OptionId)i, option_specs[i].choices);
        strbuf_free(&names);
    }
}

static void add_command(StrBuf *out, CommandId id)
{
    const Command *command = &commands[id];
    Offer offer = offer_of(NULL, command->arguments);
    strbuf_printf(out, "complete -c migralint -n '__migralint_starts' -a %s -d ", command->name);
    add_quoted(out, command->summary);
    strbuf_byte(out, '\n');
    strbuf_printf(out, "complete -c migralint -n '__migralint_is help' -a %s\n", command->name);
    if (offer == OFFER_NOTHING)
        return;
    strbuf_printf(out, "complete -c migralint -n '__migralint_is %s'", command->name);
    add_offer(out, offer, command->arguments, false);
    const char *further = further_arguments(command->arguments);
    if (further)
        add_offer(out, offer_of(NULL, further), further, false);
    strbuf_byte(out, '\n');
}

void complete_fish(StrBuf *out)
{
    strbuf_add(out, str(head));
    for (int c = 0; c < COMMAND_COUNT; c++)
        add_command(out, (CommandId)c);
    strbuf_add(out, S("complete -c migralint -n '__migralint_starts' -s h -l help -d 'Show help'\n"
                      "complete -c migralint -n '__migralint_starts' -s V -l version -d 'Show the "
                      "version'\n"));
    add_options(out);
}
