#include "rules/checks.h"

const char *const check_names[CHECK_COUNT] = {
#define CHECK(name) #name,
#include "rules/checks.def"
#undef CHECK
};

const CheckFunction check_functions[CHECK_COUNT] = {
#define CHECK(name) check_##name,
#include "rules/checks.def"
#undef CHECK
};

uint32_t check_order(const Rule *rule)
{
    uint32_t order = 0;
    while (order < CHECK_COUNT && check_functions[order] != rule->check)
        order++;
    return order;
}
