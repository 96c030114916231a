#ifndef MIGRALINT_CLI_COMPLETION_H
#define MIGRALINT_CLI_COMPLETION_H

/* Completions for shells, one shell per file; all of them from the tables of commands and options.
 */

#include "cli/cli.h"

/* What can be offered in place of an option's value or a command's argument. */
typedef enum Offer {
    OFFER_NOTHING,
    OFFER_CHOICES,
    OFFER_FILES,
    OFFER_DIRS,
    OFFER_RULES, /* codes, as `migralint rules` lists them when asked */
    OFFER_REFS,  /* branches and tags of git */
} Offer;

/* `choices` may be NULL; `argument` is "FILE", "[DIR]", "[PATH]...", "bash|zsh|fish", … Of several
 * words it is about the first. */
Offer offer_of(const char *choices, const char *argument);
/* The words behind the first argument where they offer something else; NULL: there are none. */
const char *further_arguments(const char *arguments);
/* "a|b|c" as "a b c", up to the end of the word. */
void add_spaced(StrBuf *out, const char *choices);
/* The choices of an option where a command has it: formats differ. May be NULL. */
const char *choices_of(OptionId option, CommandId command);
bool command_has(CommandId command, OptionId option);

void complete_bash(StrBuf *out);
void complete_zsh(StrBuf *out);
void complete_fish(StrBuf *out);

#endif
