#include "facts/evaluate.h"

#include <strings.h>

/* Comments that speak to a linter, and the lines they speak of. */

/* By what they begin with: ours, and those of others that are understood. */
static const char *const addressees[] = {"migralint:", "zdm:", "safe-migrations:"};

static bool speaks(Str comment)
{
    for (size_t at = str_find(comment, ':'); at < comment.len;) {
        for (size_t i = 0; i < sizeof addressees / sizeof *addressees; i++) {
            size_t len = strlen(addressees[i]);
            if (at + 1 >= len && !strncasecmp(comment.ptr + at + 1 - len, addressees[i], len))
                return true;
        }
        at += 1 + str_find(str_sub(comment, at + 1, comment.len), ':');
    }
    return false;
}

static uint32_t line_start(Str text, uint32_t at)
{
    while (at && text.ptr[at - 1] != '\n' && text.ptr[at - 1] != '\r')
        at--;
    return at;
}

static uint32_t line_end(Str text, uint32_t at)
{
    while (at < text.len && text.ptr[at] != '\n' && text.ptr[at] != '\r')
        at++;
    return at;
}

static uint32_t next_line(Str text, uint32_t end)
{
    if (end + 1 < text.len && text.ptr[end] == '\r' && text.ptr[end + 1] == '\n')
        return end + 2;
    return end < text.len ? end + 1 : end;
}

static uint32_t skip_blanks(Str text, uint32_t at)
{
    while (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '\t' || text.ptr[at] == '\f'))
        at++;
    return at;
}

static Span lines_of_comment(Str text, Span comment)
{
    uint32_t start = line_start(text, comment.start), end = comment.end;
    if (skip_blanks(text, start) < comment.start)
        return (Span){start, end};
    for (;;) {
        uint32_t next = next_line(text, end), first = skip_blanks(text, next);
        if (next == end)
            return (Span){start, end};
        end = line_end(text, next);
        if (first >= text.len || text.ptr[first] != '#')
            return (Span){start, end};
    }
}

void keep_directives(Evaluator *ev, Module *module)
{
    Array(Directive) kept = {0};
    for (uint32_t i = 0; i < module->comment_count; i++) {
        Span span = module->comments[i].span;
        Str text = str_sub(ev->syntax.text, span.start, span.end);
        if (!speaks(text))
            continue;
        module->directives_cut = kept.count == LIMIT_DIRECTIVES;
        if (module->directives_cut)
            break;
        array_push(&kept, (Directive){span, arena_str(ev->arena, text),
                                      lines_of_comment(ev->syntax.text, span)});
    }
    module->directives = arena_keep(ev->arena, Directive, kept.items, kept.count);
    module->directive_count = kept.count;
    array_free(&kept);
}
