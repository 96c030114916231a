#ifndef MIGRALINT_RULES_FIELDS_H
#define MIGRALINT_RULES_FIELDS_H

/* What is known of classes of fields. */

#include "base/str.h"
#include "base/truth.h"

/* Whether a field class has a column of its own. */
Truth field_has_column(Str class_path);
/* Whether the class is the one meant: a dotted path (glob), or the bare name
 * of one of Django's. */
Truth field_is_class(Str class_path, Str wanted);

#endif
