#include "rules/suppress.h"

#include <strings.h>

/* `# migralint: ignore[MG701, missing-parent] reason` */

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

static Str trimmed(Str text)
{
    while (text.len && is_blank(text.ptr[0]))
        text = str_sub(text, 1, text.len);
    while (text.len && (is_blank(text.ptr[text.len - 1]) || text.ptr[text.len - 1] == '\r'))
        text.len--;
    return text;
}

static bool is_word(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '-' || byte == '_';
}

static Str take_word(Str *rest)
{
    Str text = trimmed(*rest);
    size_t len = 0;
    while (len < text.len && is_word(text.ptr[len]))
        len++;
    *rest = str_sub(text, len, text.len);
    return str_sub(text, 0, len);
}

/* What is behind "# migralint:", at any "#" of the comment. */
static bool find_address(Str comment, Str *rest, size_t *start)
{
    static const char address[] = "migralint:";
    for (size_t at = str_find(comment, '#'); at < comment.len;) {
        Str behind = trimmed(str_sub(comment, at + 1, comment.len));
        if (behind.len >= strlen(address) && !strncasecmp(behind.ptr, address, strlen(address))) {
            *start = at;
            *rest = str_sub(behind, strlen(address), behind.len);
            return true;
        }
        at += 1 + str_find(str_sub(comment, at + 1, comment.len), '#');
    }
    return false;
}

/* To the next comment in the comment; dashes and colons are no reason. */
static Str reason_of(Str rest)
{
    for (size_t i = 0; i + 1 < rest.len; i++)
        if (rest.ptr[i] == '#' && is_blank(rest.ptr[i + 1]))
            rest.len = i;
    rest = trimmed(rest);
    while (rest.len && strchr("-:,. \t", rest.ptr[0]))
        rest = str_sub(rest, 1, rest.len);
    return rest;
}

static bool is_word_same(Str word, Str name)
{
    return word.len == name.len && !strncasecmp(word.ptr, name.ptr, name.len);
}

static bool means_a_rule(const RuleSet *rules, Str word)
{
    for (uint32_t i = 0; word.len > 2 && i < rules->count; i++)
        if (rule_selected(&rules->rules[i], word))
            return true;
    return false;
}

/* "[a, b]": what is between the brackets, `rest` behind them. */
static void read_selectors(Str *rest, Arena *arena, Suppression *out)
{
    Array(Str) list = {0};
    Str inside = str_sub(*rest, 1, rest->len);
    size_t end = str_find(inside, ']');
    if (end == inside.len)
        out->fault = SUPPRESSION_UNCLOSED;
    *rest = str_sub(inside, end + 1, inside.len);
    inside.len = end;
    while (inside.ptr && !out->fault) {
        Str selector = trimmed(str_cut(&inside, ','));
        if (selector.len)
            array_push(&list, selector);
    }
    if (!list.count && !out->fault)
        out->fault = SUPPRESSION_EMPTY;
    out->selectors = arena_keep(arena, Str, list.items, list.count);
    out->selector_count = list.count;
    array_free(&list);
}

bool suppression_read(const RuleSet *rules, Str text, Arena *arena, Suppression *out)
{
    Str rest;
    size_t start;
    if (!find_address(text, &rest, &start))
        return false;
    *out = (Suppression){.word = take_word(&rest)};
    Str behind = trimmed(rest);
    bool brackets = behind.len && behind.ptr[0] == '[';
    bool file = is_word_same(out->word, S("ignore-file"));
    if (!file && !is_word_same(out->word, S("ignore"))) {
        out->fault = SUPPRESSION_WORD;
        if (!brackets || !out->word.len)
            return false; /* prose */
    }
    if (brackets) {
        rest = behind;
        read_selectors(&rest, arena, out);
    } else if (means_a_rule(rules, take_word(&behind))) {
        out->fault = SUPPRESSION_BARE;
    }
    size_t end = out->fault == SUPPRESSION_UNCLOSED ? text.len : (size_t)(rest.ptr - text.ptr);
    out->place.span = (Span){(uint32_t)start, (uint32_t)end};
    out->covers = file ? (Span){0, 0} : (Span){0, 1};
    out->reason = reason_of(rest);
    return true;
}
