#include "cli/completion.h"

static const char head[] =
    "# bash completion for migralint, made by `migralint completion bash`\n"
    "\n"
    "_migralint_rules()\n"
    "{\n"
    "    command migralint rules 2>/dev/null | sed -n 's/^  \\([A-Z][A-Z0-9]*\\) .*/\\1/p'\n"
    "}\n"
    "\n"
    "_migralint_refs()\n"
    "{\n"
    "    git for-each-ref --format='%(refname:short)' 2>/dev/null\n"
    "}\n"
    "\n"
    "# One word, or the last of several with commas between them.\n"
    "_migralint_words()\n"
    "{\n"
    "    local before=\n"
    "    [[ $cur != *,* ]] || before=${cur%,*},\n"
    "    mapfile -t COMPREPLY < <(compgen -P \"$before\" -W \"$1\" -- \"${cur##*,}\")\n"
    "}\n"
    "\n"
    "_migralint_files()\n"
    "{\n"
    "    compopt -o filenames 2>/dev/null\n"
    "    mapfile -t COMPREPLY < <(compgen \"$1\" -- \"$cur\")\n"
    "}\n"
    "\n"
    "_migralint()\n"
    "{\n"
    "    local cur=$2 prev=$3\n"
    "    COMPREPLY=()\n"
    "    # `--format=json` is three words to bash.\n"
    "    if [[ $prev == = ]]; then\n"
    "        prev=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "    elif [[ $cur == = ]]; then\n"
    "        cur=\n"
    "    fi\n";

static void add_offer(StrBuf *out, Offer offer, const char *choices)
{
    switch (offer) {
    case OFFER_NOTHING:
        strbuf_add(out, S(":"));
        break;
    case OFFER_CHOICES:
        strbuf_add(out, S("_migralint_words '"));
        add_spaced(out, choices);
        strbuf_byte(out, '\'');
        break;
    case OFFER_FILES:
        strbuf_add(out, S("_migralint_files -f"));
        break;
    case OFFER_DIRS:
        strbuf_add(out, S("_migralint_files -d"));
        break;
    case OFFER_RULES:
        strbuf_add(out, S("_migralint_words \"$(_migralint_rules)\""));
        break;
    case OFFER_REFS:
        strbuf_add(out, S("_migralint_words \"$(_migralint_refs)\""));
        break;
    }
}

static void add_names(StrBuf *out)
{
    for (int c = 0; c < COMMAND_COUNT; c++)
        strbuf_printf(out, "%s ", commands[c].name);
}

static void add_first_word(StrBuf *out)
{
    strbuf_add(out, S("    if ((COMP_CWORD == 1)); then\n        _migralint_words '"));
    add_names(out);
    strbuf_add(out, S("help --help --version'\n        return\n    fi\n"));
}

/* "check:--format|check:-f" of each command, or "*:--level" where all agree. */
static void add_value(StrBuf *out, const char *command, OptionId id, const char *choices)
{
    const OptionSpec *spec = &option_specs[id];
    strbuf_printf(out, "    %s:--%s", command, spec->name);
    if (spec->letter)
        strbuf_printf(out, " | %s:-%c", command, spec->letter);
    strbuf_add(out, S(")\n        "));
    add_offer(out, offer_of(choices, spec->argument), choices);
    strbuf_add(out, S("\n        return\n        ;;\n"));
}

static void add_values(StrBuf *out)
{
    strbuf_add(out, S("    case ${COMP_WORDS[1]}:$prev in\n"));
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (!option_specs[i].argument)
            continue;
        if (i != OPTION_FORMAT)
            add_value(out, "*", (OptionId)i, option_specs[i].choices);
        else
            for (int c = 0; c < COMMAND_COUNT; c++)
                if (command_has((CommandId)c, OPTION_FORMAT))
                    add_value(out, commands[c].name, OPTION_FORMAT, commands[c].formats);
    }
    strbuf_add(out, S("    esac\n"));
}

static void add_command(StrBuf *out, CommandId id)
{
    const Command *command = &commands[id];
    strbuf_printf(out, "    %s:-*)\n        _migralint_words '", command->name);
    for (int i = 0; i < OPTION_COUNT; i++)
        if (command_has(id, (OptionId)i))
            strbuf_printf(out, "--%s ", option_specs[i].name);
    strbuf_printf(out, "'\n        ;;\n    %s:*)\n        ", command->name);
    const char *further = further_arguments(command->arguments);
    if (further)
        strbuf_add(out, S("((COMP_CWORD > 2)) || "));
    add_offer(out, offer_of(NULL, command->arguments), command->arguments);
    if (further) {
        strbuf_add(out, S("\n        ((COMP_CWORD == 2)) || "));
        add_offer(out, offer_of(NULL, further), further);
    }
    strbuf_add(out, S("\n        ;;\n"));
}

void complete_bash(StrBuf *out)
{
    strbuf_add(out, str(head));
    add_first_word(out);
    add_values(out);
    strbuf_add(out, S("    case ${COMP_WORDS[1]}:$cur in\n"));
    for (int c = 0; c < COMMAND_COUNT; c++)
        add_command(out, (CommandId)c);
    strbuf_add(out, S("    help:*)\n        _migralint_words '"));
    add_names(out);
    strbuf_add(out, S("'\n        ;;\n    esac\n}\n\ncomplete -F _migralint migralint\n"));
}
