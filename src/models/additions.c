#include "models/additions.h"

#include "base/alloc.h"

/*
 * Calls that add to a model from outside of its class, found line by line without parsing:
 *
 *     Post.add_to_class("slug", models.SlugField())
 *     models.SlugField().contribute_to_class(Post, "slug")
 *
 * What stands in a method called contribute_to_class adds to the models that hold an instance of
 * its class; such a model is open, and needs no name here.
 */

enum { NOT_IN_METHOD = -1 };

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (unsigned char)c >= 0x80;
}

static bool is_name(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_word(text.ptr[i]))
            return false;
    return text.len > 0;
}

static Str trimmed(Str text)
{
    while (text.len && (text.ptr[0] == ' ' || text.ptr[0] == '\t'))
        text = str_sub(text, 1, text.len);
    return text;
}

/* What is in quotes at the beginning of the text; empty when nothing is. */
static Str quoted(Str text)
{
    char quote = text.len ? text.ptr[0] : 0;
    if (quote != '"' && quote != '\'')
        return (Str){0};
    Str rest = str_sub(text, 1, text.len);
    size_t end = str_find(rest, quote);
    return end < rest.len ? str_sub(rest, 0, end) : (Str){0};
}

/* "Post" of "    Post.add_to_class(" where the file has a class of that name: then it is that one.
 */
static Sym class_before(Interner *interner, Str text, Str line, size_t dot)
{
    size_t start = dot;
    while (start && is_word(line.ptr[start - 1]))
        start--;
    Str name = str_sub(line, start, dot), keyword = S("class ");
    if (!name.len || (start && line.ptr[start - 1] == '.'))
        return SYM_NONE;
    for (Str rest = text; rest.len;) {
        Str bare = str_cut(&rest, '\n');
        Str at = str_sub(bare, keyword.len < bare.len ? keyword.len : bare.len, bare.len);
        if (str_starts(bare, keyword) && str_starts(at, name) &&
            (at.len == name.len || !is_word(at.ptr[name.len])))
            return intern(interner, name);
    }
    return SYM_NONE;
}

typedef struct Noting {
    Additions *additions;
    Interner *interner;
    Arena *arena;
    Str text, kept; /* the file, and a copy of it once one is needed */
    bool in_method;
} Noting;

static void note_computing(Noting *to, Sym target)
{
    Additions *additions = to->additions;
    if (!to->kept.len)
        to->kept = arena_str(to->arena, to->text);
    for (uint32_t i = 0; i < additions->computing.count; i++)
        if (additions->computing.items[i].text.ptr == to->kept.ptr &&
            additions->computing.items[i].target == target)
            return;
    array_push(&additions->computing, (Computing){to->kept, target});
}

/* The name is the call's first argument, or its second; it is computed where it is no literal. */
static void note_call(Noting *to, Str line, size_t at, Str call, bool second)
{
    Str arguments = str_sub(line, at + call.len, line.len);
    Sym target = SYM_NONE;
    if (second) {
        size_t comma = str_find(arguments, ',');
        target = class_before(to->interner, to->text, arguments, comma);
        arguments = str_sub(arguments, comma < arguments.len ? comma + 1 : comma, arguments.len);
    } else if (at) {
        target = class_before(to->interner, to->text, line, at - 1);
    }
    arguments = trimmed(arguments);
    Str name = quoted(arguments);
    size_t end = name.len + 2 > arguments.len ? arguments.len : name.len + 2;
    Str behind = trimmed(str_sub(arguments, end, arguments.len));
    bool whole = !behind.len || behind.ptr[0] == ',' || behind.ptr[0] == ')';
    if (is_name(name) && whole)
        map_set(&to->additions->names, map_key(target, intern(to->interner, name)), 1);
    else if (!to->in_method)
        note_computing(to, target);
}

static void note_line(Noting *to, Str line)
{
    static const char *const calls[] = {"add_to_class(", "contribute_to_class("};
    for (int i = 0; i < 2; i++) {
        Str call = str(calls[i]);
        for (size_t at = 0; at + call.len <= line.len; at++)
            if (line.ptr[at] == call.ptr[0] && str_starts(str_sub(line, at, line.len), call) &&
                (!at || !is_word(line.ptr[at - 1])))
                note_call(to, line, at, call, i == 1);
    }
}

void additions_note(Additions *additions, Interner *interner, Arena *arena, Str text)
{
    Str hook = S("def contribute_to_class");
    Noting to = {.additions = additions, .interner = interner, .arena = arena, .text = text};
    int method = NOT_IN_METHOD;
    if (!str_contains(text, S("_to_class"))) /* add_to_class, contribute_to_class */
        return;
    for (Str rest = text; rest.len;) {
        Str line = str_cut(&rest, '\n'), bare = trimmed(line);
        int indent = (int)(line.len - bare.len);
        if (bare.len && indent <= method)
            method = NOT_IN_METHOD;
        to.in_method = method != NOT_IN_METHOD;
        if (str_starts(bare, hook))
            method = indent;
        else
            note_line(&to, line);
    }
}

/* ---- names that are computed ---- */

static bool has_word(Str text, Str word)
{
    for (size_t at = 0; at + word.len <= text.len; at++) {
        const char *found = memchr(text.ptr + at, word.ptr[0], text.len - at);
        if (!found)
            return false;
        at = (size_t)(found - text.ptr);
        if (str_starts(str_sub(text, at, text.len), word) && (!at || !is_word(text.ptr[at - 1])) &&
            (at + word.len == text.len || !is_word(text.ptr[at + word.len])))
            return true;
    }
    return false;
}

/* "_currency" or "get_": what is left of "%s_currency" between what is filled in. */
static bool is_part(Str piece, Str name)
{
    bool tail = piece.len > 1 && piece.ptr[0] == '_', head = str_ends(piece, S("_"));
    return (tail && str_ends(name, piece)) || (piece.len > 1 && head && str_starts(name, piece));
}

static bool has_part(Str text, Str name)
{
    for (size_t at = 0; at < text.len;) {
        size_t end = at;
        while (end < text.len && is_word(text.ptr[end]))
            end++;
        if (is_part(str_sub(text, at, end), name) ||
            (at && text.ptr[at - 1] == '%' && end > at && /* the "s" of "%s_x" */
             is_part(str_sub(text, at + 1, end), name)))
            return true;
        at = end > at ? end : at + 1;
    }
    return false;
}

bool additions_may_have(const Additions *additions, Sym class, Sym field, Str name)
{
    if (map_has(&additions->names, map_key(class, field)))
        return true;
    for (uint32_t i = 0; name.len && i < additions->computing.count; i++) {
        const Computing *computing = &additions->computing.items[i];
        if (computing->target == class &&
            (has_word(computing->text, name) || has_part(computing->text, name)))
            return true;
    }
    return false;
}

void additions_free(Additions *additions)
{
    map_free(&additions->names);
    array_free(&additions->computing);
}
