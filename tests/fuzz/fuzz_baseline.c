/* Any bytes as a baseline: it is read, or refused with one line. */

#include "rules/baseline.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Error err = {{0}};
    Baseline baseline = {0};
    if (baseline_read(&baseline, S("baseline.json"), (Str){(const char *)data, size}, &err)) {
        for (uint32_t i = 0; i < baseline.count; i++) {
            const BaselineEntry *entry = &baseline.entries[i];
            Str path;
            if (!entry->code.ptr || entry->span.end > size || entry->span.start > entry->span.end)
                abort();
            baseline_path(&baseline, entry, &path);
        }
    } else if (!err.text[0]) {
        abort();
    }
    baseline_free(&baseline);
    return 0;
}
