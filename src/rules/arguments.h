#ifndef MIGRALINT_RULES_ARGUMENTS_H
#define MIGRALINT_RULES_ARGUMENTS_H

/* The arguments of Django's operations, by name, however they are written. */

#include "rules/condition.h"

/* Whether any of Django's operations has an argument of that name. */
bool argument_known(OperationKind kind, Str name);
/* All names there are, for suggestions: `*count` of them, NULL-free. */
const char *const *argument_names(OperationKind kind, uint32_t *count);

/* The argument of an operation as a subject of conditions. An operation that
 * is not Django's has keyword arguments only. */
Subject operation_argument(const Interner *interner, const Operation *operation, Str name);
/* The keyword argument of a call (a field's, an index's). */
Subject call_argument(const Interner *interner, ValueRef call, Str name);

/* The text of an argument that is a string; empty when it is not known. */
Str operation_text(const Interner *interner, const Operation *operation, Str name);
Str operation_model(const Interner *interner, const Operation *operation);
Str operation_field(const Interner *interner, const Operation *operation);
/* The same as Syms. */
Sym operation_model_sym(const Interner *interner, const Operation *operation);
Sym operation_field_sym(const Interner *interner, const Operation *operation);

/* The string that a value is; empty when it is not one. */
Str value_text(const Interner *interner, ValueRef value);
/* The dotted path of a call's callee; empty when it is not known. */
Str call_path(const Interner *interner, ValueRef call);

#endif
