#ifndef MIGRALINT_REPORT_STATE_LINES_H
#define MIGRALINT_REPORT_STATE_LINES_H

/* Lines for people about what models are made of, shared by what migrations and what classes say.
 */

#include "state/state.h"

/* "CharField", "taggit.managers.TaggableManager"; "?" when it is not known. */
void class_text_add(const State *state, Sym path, StrBuf *out);
/* "(max_length=20, null=True)" */
void arguments_text_add(const State *state, StateArguments arguments, StrBuf *out);
/* What an option of Meta is set to. */
void option_text_add(const State *state, const StateOption *option, StrBuf *out);
/* "    name      CharField(max_length=20)" without the end of the line; names padded to `width`. */
void field_text_add(const State *state, const StateField *field, size_t width, Arena *scratch,
                    StrBuf *out);
/* The width that lines up names of usual length. */
size_t field_width(const State *state, const Sym *names, uint32_t count);

#endif
