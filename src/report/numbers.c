#include "report/select.h"

#include <stdlib.h>

/* Django numbers with four digits; a date (20240131…) is no number in a sequence. */
enum { MOST_DIGITS = 5, LARGEST_GAP = 1000 };

typedef Array(uint32_t) NumberList;

static bool leading_number(Str name, uint32_t *number)
{
    size_t digits = 0;
    *number = 0;
    while (digits < name.len && name.ptr[digits] >= '0' && name.ptr[digits] <= '9') {
        if (digits == MOST_DIGITS)
            return false;
        *number = *number * 10 + (uint32_t)(name.ptr[digits++] - '0');
    }
    return digits > 0;
}

/* "0001_squashed_0004_x" stands for the numbers in between as well. */
static void add_numbers(NumberList *numbers, Str name)
{
    uint32_t first, last;
    if (!leading_number(name, &first))
        return;
    array_push(numbers, first);
    Str rest = name;
    while (rest.len && !str_starts(rest, S("_squashed_")))
        rest = str_sub(rest, 1, rest.len);
    rest = str_sub(rest, sizeof "_squashed_" - 1, rest.len);
    if (leading_number(rest, &last) && last > first && last - first < LARGEST_GAP)
        for (uint32_t n = first + 1; n <= last; n++)
            array_push(numbers, n);
}

static NumberList numbers_of(const Workspace *workspace, const Project *project, const App *app)
{
    NumberList numbers = {0};
    for (uint32_t m = 0; m < app->migration_count; m++) {
        const Migration *migration = &project->migrations[app->first_migration + m];
        add_numbers(&numbers, sym_str(&workspace->interner, migration->name));
        for (uint32_t r = 0; r < migration->replaces.count; r++)
            if (migration->replaces.items[r].app == app->label)
                add_numbers(&numbers,
                            sym_str(&workspace->interner, migration->replaces.items[r].name));
    }
    return numbers;
}

static int by_number(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

static void add_range(StrBuf *out, uint32_t first, uint32_t last)
{
    if (out->len)
        strbuf_add(out, S(", "));
    strbuf_printf(out, first == last ? "%04u" : "%04u–%04u", first, last);
}

Numbers app_numbers(const Workspace *workspace, const Project *project, const App *app,
                    Arena *arena)
{
    NumberList numbers = numbers_of(workspace, project, app);
    StrBuf present = {0}, gaps = {0};
    if (numbers.count)
        qsort(numbers.items, numbers.count, sizeof *numbers.items, by_number);
    for (uint32_t i = 0, first = 0; i < numbers.count; i++) {
        uint32_t number = numbers.items[i];
        bool last = i + 1 == numbers.count;
        if (!last && numbers.items[i + 1] <= number + 1)
            continue;
        add_range(&present, numbers.items[first], number);
        if (!last)
            add_range(&gaps, number + 1, numbers.items[i + 1] - 1);
        first = i + 1;
    }
    Numbers made = {arena_str(arena, strbuf_str(&present)), arena_str(arena, strbuf_str(&gaps))};
    strbuf_free(&present);
    strbuf_free(&gaps);
    array_free(&numbers);
    return made;
}
