#include "cli/completion.h"

static const char head[] =
    "#compdef migralint\n"
    "# zsh completion for migralint, made by `migralint completion zsh`\n"
    "\n"
    "_migralint_rules() {\n"
    "  local -a rules\n"
    "  rules=(${(f)\"$(command migralint rules 2>/dev/null |\n"
    "    sed -n 's/^  \\([A-Z][A-Z0-9]*\\) *\\([^ ]*\\).*/\\1:\\2/p')\"})\n"
    "  _describe -t rules rule rules \"$@\"\n"
    "}\n"
    "\n"
    "_migralint_refs() {\n"
    "  local -a refs\n"
    "  refs=(${(f)\"$(git for-each-ref --format='%(refname:short)' 2>/dev/null)\"})\n"
    "  compadd \"$@\" -a refs\n"
    "}\n"
    "\n";

static const char tail[] = "_migralint() {\n"
                           "  if ((CURRENT == 2)); then\n"
                           "    _migralint_commands\n"
                           "    return\n"
                           "  fi\n"
                           "  shift words\n"
                           "  ((CURRENT--))\n"
                           "  if (($+functions[_migralint_command_$words[1]])); then\n"
                           "    _migralint_command_$words[1]\n"
                           "  fi\n"
                           "}\n"
                           "\n"
                           "_migralint_command_help() { _migralint_commands }\n"
                           "\n"
                           "if [[ $funcstack[1] == _migralint ]]; then\n"
                           "  _migralint \"$@\"\n"
                           "else\n"
                           "  compdef _migralint migralint\n"
                           "fi\n";

/* Within single quotes; what _arguments gives a meaning to gets a backslash. */
static void add_quoted(StrBuf *out, const char *text, const char *special)
{
    for (; *text; text++) {
        if (*text == '\'')
            strbuf_add(out, S("'\\'"));
        else if (strchr(special, *text))
            strbuf_byte(out, '\\');
        strbuf_byte(out, *text);
    }
}

static void add_offer(StrBuf *out, Offer offer, const char *choices, bool list)
{
    switch (offer) {
    case OFFER_NOTHING:
        strbuf_byte(out, ' ');
        break;
    case OFFER_CHOICES:
        strbuf_byte(out, '(');
        add_spaced(out, choices);
        strbuf_byte(out, ')');
        break;
    case OFFER_FILES:
        strbuf_add(out, S("_files"));
        break;
    case OFFER_DIRS:
        strbuf_add(out, S("_files -/"));
        break;
    case OFFER_RULES:
        strbuf_add(out, list ? S("_sequence _migralint_rules") : S("_migralint_rules"));
        break;
    case OFFER_REFS:
        strbuf_add(out, S("_migralint_refs"));
        break;
    }
}

/* '*--select=[help]:CODES:action' */
static void add_option(StrBuf *out, CommandId command, OptionId id, bool letter)
{
    const OptionSpec *spec = &option_specs[id];
    bool once = spec->kind == OPTION_IS_FLAG || spec->kind == OPTION_IS_VALUE;
    strbuf_add(out, once ? S(" \\\n    '") : S(" \\\n    '*"));
    if (once && spec->letter)
        strbuf_printf(out, "(-%c --%s)", spec->letter, spec->name);
    if (letter)
        strbuf_printf(out, "-%c%s[", spec->letter, spec->argument ? "+" : "");
    else
        strbuf_printf(out, "--%s%s[", spec->name, spec->argument ? "=" : "");
    add_quoted(out, spec->help, "[]\\:");
    strbuf_byte(out, ']');
    if (spec->argument) {
        const char *choices = choices_of(id, command);
        strbuf_byte(out, ':');
        add_quoted(out, spec->argument, "\\:");
        strbuf_byte(out, ':');
        add_offer(out, offer_of(choices, spec->argument), choices, spec->kind == OPTION_IS_LIST);
    }
    strbuf_byte(out, '\'');
}

/* '*:DIR:action', or 1: for the first alone. */
static void add_arguments(StrBuf *out, const char *which, const char *arguments)
{
    strbuf_printf(out, " \\\n    '%s:", which);
    add_quoted(out, arguments, "\\:");
    strbuf_byte(out, ':');
    add_offer(out, offer_of(NULL, arguments), arguments, false);
    strbuf_byte(out, '\'');
}

static void add_command(StrBuf *out, CommandId id)
{
    const Command *command = &commands[id];
    strbuf_printf(out, "_migralint_command_%s() {\n  _arguments -s -S", command->name);
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (!command_has(id, (OptionId)i))
            continue;
        add_option(out, id, (OptionId)i, false);
        if (option_specs[i].letter)
            add_option(out, id, (OptionId)i, true);
    }
    const char *further = further_arguments(command->arguments);
    if (*command->arguments)
        add_arguments(out, further ? "1" : "*", command->arguments);
    if (further)
        add_arguments(out, "*", further);
    strbuf_add(out, S("\n}\n\n"));
}

void complete_zsh(StrBuf *out)
{
    strbuf_add(out, str(head));
    strbuf_add(out, S("_migralint_commands() {\n  local -a names\n  names=(\n"));
    for (int c = 0; c < COMMAND_COUNT; c++) {
        strbuf_printf(out, "    '%s:", commands[c].name);
        add_quoted(out, commands[c].summary, "\\:");
        strbuf_add(out, S("'\n"));
    }
    strbuf_add(out, S("    'help:Show the help of a command'\n"
                      "    '--help:Show help'\n    '--version:Show the version'\n"
                      "  )\n  _describe -t commands command names\n}\n\n"));
    for (int c = 0; c < COMMAND_COUNT; c++)
        add_command(out, (CommandId)c);
    strbuf_add(out, str(tail));
}
