#include "report/lines.h"

#include "base/array.h"

Lines lines_of(Str text, Arena *arena)
{
    Array(uint32_t) starts = {0};
    array_push(&starts, 0);
    for (size_t i = 0; i < text.len; i++) {
        bool pair = text.ptr[i] == '\r' && i + 1 < text.len && text.ptr[i + 1] == '\n';
        if (text.ptr[i] == '\n' || (text.ptr[i] == '\r' && !pair))
            array_push(&starts, (uint32_t)i + 1);
    }
    Lines lines = {text, arena_keep(arena, uint32_t, starts.items, starts.count), starts.count};
    array_free(&starts);
    return lines;
}

static uint32_t line_of(const Lines *lines, uint32_t offset)
{
    uint32_t low = 0, high = lines->count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (lines->starts[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

Location lines_locate(const Lines *lines, Span span)
{
    uint32_t first = line_of(lines, span.start), last = line_of(lines, span.end);
    Str before = str_sub(lines->text, lines->starts[first], span.start);
    Str until = str_sub(lines->text, lines->starts[last], span.end);
    return (Location){first + 1, (uint32_t)str_columns(before) + 1, last + 1,
                      (uint32_t)str_columns(until) + 1};
}
