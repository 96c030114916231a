#ifndef MIGRALINT_RULES_CHECKS_H
#define MIGRALINT_RULES_CHECKS_H

/* The checks by the names that `check:` may have, in the order they run. */

#include "rules/check.h"

enum {
#define CHECK(name) CHECK_##name,
#include "rules/checks.def"
#undef CHECK
    CHECK_COUNT
};

extern const char *const check_names[CHECK_COUNT];
extern const CheckFunction check_functions[CHECK_COUNT];

/* Position of the rule's check in that order; CHECK_COUNT for a declarative rule. */
uint32_t check_order(const Rule *rule);

#endif
