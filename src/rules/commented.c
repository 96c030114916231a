#include "rules/commented.h"

#include "base/limits.h"

enum { MOST_COMMENTED = 100 }; /* of one migration */

static Str skip_blanks(Str text)
{
    while (text.len && (*text.ptr == ' ' || *text.ptr == '\t'))
        text = str_sub(text, 1, text.len);
    return text;
}

/* A quoted word, and what follows it. */
static bool take_quoted(Str *text, Str *word)
{
    Str rest = skip_blanks(*text);
    if (rest.len < 2 || (*rest.ptr != '"' && *rest.ptr != '\''))
        return false;
    char quote = *rest.ptr;
    rest = str_sub(rest, 1, rest.len);
    size_t end = str_find(rest, quote);
    *word = str_sub(rest, 0, end);
    *text = str_sub(rest, end + 1, rest.len);
    return end < rest.len && end > 0;
}

static bool take_byte(Str *text, char byte)
{
    Str rest = skip_blanks(*text);
    if (!rest.len || *rest.ptr != byte)
        return false;
    *text = str_sub(rest, 1, rest.len);
    return true;
}

/* `("app", "name")`, from behind the parenthesis. */
static bool take_pair(Str text, Commented *out)
{
    return take_quoted(&text, &out->app) && take_byte(&text, ',') &&
           take_quoted(&text, &out->name) && (take_byte(&text, ')') || take_byte(&text, ','));
}

/* `swappable_dependency(settings.NAME)`, from behind the parenthesis. */
static bool take_setting(Str before, Str text, Commented *out)
{
    Str head = S("settings.");
    Str inside = skip_blanks(text);
    size_t end = str_find(inside, ')');
    if (!str_ends(before, S("swappable_dependency")) || !str_starts(inside, head) ||
        end == inside.len)
        return false;
    *out = (Commented){.name = str_sub(inside, head.len, end), .swappable = true};
    return true;
}

static void read_comment(Str comment, Place place, CommentedList *out)
{
    for (size_t i = 0; i < comment.len && out->count < MOST_COMMENTED; i++) {
        Commented found = {0};
        Str rest = str_sub(comment, i + 1, comment.len);
        if (comment.ptr[i] != '(' ||
            (!take_pair(rest, &found) && !take_setting(str_sub(comment, 0, i), rest, &found)))
            continue;
        found.place = place;
        array_push(out, found);
    }
}

void commented_find(const RuleContext *context, const Migration *migration, CommentedList *out)
{
    const Module *module = migration->module;
    const Reader *reader = &context->workspace->reader;
    Str text;
    if (!module || !module->comment_count || !reader->read ||
        reader->read(reader->self, migration->path, LIMIT_FILE_BYTES, context->scratch, &text,
                     NULL) != READ_OK)
        return;
    for (uint32_t i = 0; i < module->comment_count; i++) {
        Span span = module->comments[i].span;
        read_comment(str_sub(text, span.start, span.end), (Place){module->path, span}, out);
    }
}
