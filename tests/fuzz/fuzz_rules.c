/* Any bytes as a rule: it loads and can be explained, or is refused with one
 * line. */

#include "rules/explain.h"
#include "rules/load.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena arena = {0};
    Error err = {{0}};
    Rule rule;
    if (rule_read(S("rule.yaml"), (Str){(const char *)data, size}, true, &arena, &rule, &err)) {
        rule_explain(&rule, true, &arena);
        rule_explain(&rule, false, &arena);
    } else if (!err.text[0] || strchr(err.text, '\n')) {
        abort();
    }
    arena_free(&arena);
    return 0;
}
