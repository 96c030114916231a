#ifndef MIGRALINT_REPORT_VALUES_H
#define MIGRALINT_REPORT_VALUES_H

/*
 * Values of Python as JSON and as text, names followed from file to file.
 *
 * JSON: strings, numbers, booleans, null and arrays (list, tuple) stand for themselves; else an
 * object: {"set": […]}, {"dict": [[key, value], …]}, {"name": "dotted.path"}, {"call":
 * "dotted.path", "args": […], "kwargs": {…}}, {"unknown": "why"}.
 */

#include "report/json_util.h"
#include "state/state.h"

json_t *value_json(const State *state, ValueRef value);
/* As Python would write it, roughly, for people: cut where it is long. */
void value_text_add(const State *state, ValueRef value, StrBuf *out);

json_t *argument_json(const State *state, const StateArgument *argument);
void argument_text_add(const State *state, const StateArgument *argument, StrBuf *out);

#endif
