#include "rules/locate.h"

#include "base/limits.h"
#include "rules/fingerprint.h"

#include <stdlib.h>

typedef struct Wanted {
    const Place *place;
    Location *location;
    Str *line; /* NULL: nobody asks what the line says */
} Wanted;

typedef struct Lines {
    Str text;
    Array(uint32_t) starts; /* byte offset of each line */
} Lines;

static int by_path(const void *a, const void *b)
{
    const Wanted *left = a, *right = b;
    return str_cmp(left->place->path, right->place->path);
}

static void find_lines(Lines *lines, Str text)
{
    lines->text = text;
    array_clear(&lines->starts);
    array_push(&lines->starts, str_starts(text, S("\xef\xbb\xbf")) ? 3 : 0);
    for (uint32_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\n')
            array_push(&lines->starts, i + 1);
}

static void locate(const Lines *lines, uint32_t offset, uint32_t *line, uint32_t *column)
{
    uint32_t low = 0, high = lines->starts.count;
    if (offset > lines->text.len)
        offset = (uint32_t)lines->text.len;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (lines->starts.items[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    *line = low + 1;
    *column = (uint32_t)str_columns(str_sub(lines->text, lines->starts.items[low], offset)) + 1;
}

static Str line_text(const Lines *lines, uint32_t line)
{
    Str rest = str_sub(lines->text, lines->starts.items[line - 1], lines->text.len);
    return str_cut(&rest, '\n');
}

static void locate_place(const Lines *lines, const Wanted *wanted, Arena *arena)
{
    Location *at = wanted->location;
    locate(lines, wanted->place->span.start, &at->line, &at->column);
    locate(lines, wanted->place->span.end, &at->end_line, &at->end_column);
    if (wanted->line)
        *wanted->line = fingerprint_line(line_text(lines, at->line), arena);
}

static bool read_from(const Reader *reader, Str path, Arena *arena, Str *text)
{
    return reader->read &&
           reader->read(reader->self, path, LIMIT_FILE_BYTES, arena, text, NULL) == READ_OK;
}

static Str read_again(const Workspace *workspace, Str path, Arena *arena)
{
    Str text = {0};
    if (read_from(&workspace->reader, path, arena, &text))
        return text;
    for (uint32_t i = 0; i < workspace->options.site_package_count; i++) {
        const SitePackages *site = &workspace->options.site_packages[i];
        if (str_starts(path, site->path) && path.len > site->path.len &&
            read_from(&site->reader, str_sub(path, site->path.len + 1, path.len), arena, &text))
            return text;
    }
    return (Str){0};
}

static void locate_all(const Workspace *workspace, Wanted *wanted, uint32_t count, Arena *arena)
{
    Lines lines = {0};
    for (uint32_t i = 0, end; i < count; i = end) {
        Arena scratch = {0};
        Str path = wanted[i].place->path;
        find_lines(&lines, read_again(workspace, path, &scratch));
        for (end = i; end < count && str_eq(wanted[end].place->path, path); end++)
            locate_place(&lines, &wanted[end], arena);
        arena_free(&scratch);
    }
    array_free(&lines.starts);
}

void locate_findings(const Workspace *workspace, Findings *findings, uint32_t first)
{
    Array(Wanted) wanted = {0};
    for (uint32_t i = first; i < findings->reported.count; i++) {
        Finding *finding = findings->reported.items[i];
        Location whole = {1, 1, 1, 1};
        if (finding->severity == SEVERITY_OFF || finding->location.line)
            continue;
        finding->location = whole;
        if (finding->place.span.end)
            array_push(&wanted, (Wanted){&finding->place, &finding->location, &finding->line});
        for (uint32_t j = 0; j < finding->note_count; j++) {
            Note *note = &finding->notes[j];
            note->location = whole;
            if (note->place.path.len && note->place.span.end)
                array_push(&wanted, (Wanted){&note->place, &note->location, NULL});
        }
    }
    if (wanted.count) {
        qsort(wanted.items, wanted.count, sizeof *wanted.items, by_path);
        locate_all(workspace, wanted.items, wanted.count, &findings->arena);
    }
    array_free(&wanted);
}
