#include "source/glob.h"

#include "source/find.h"

/* The character at `*at`, which moves behind it. A byte that starts no UTF-8
 * character is a character of its own, beyond Unicode. */
static uint32_t next_char(Str text, size_t *at)
{
    unsigned char lead = (unsigned char)text.ptr[(*at)++];
    if (lead < 0x80)
        return lead;
    unsigned more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    if (lead < 0xc2 || lead > 0xf4 || more > text.len - *at)
        return 0x110000u + lead;
    uint32_t value = lead & (0x3fu >> more);
    for (unsigned i = 0; i < more; i++) {
        unsigned char byte = (unsigned char)text.ptr[*at + i];
        if ((byte & 0xc0) != 0x80)
            return 0x110000u + lead;
        value = value << 6 | (byte & 0x3f);
    }
    *at += more;
    return value;
}

/* One member of a set, after its backslash if it has one. */
static uint32_t set_char(Str pattern, size_t *at)
{
    if (pattern.ptr[*at] == '\\' && *at + 1 < pattern.len)
        ++*at;
    return next_char(pattern, at);
}

/* Matches "[…]" whose '[' is before `*at`, and moves behind it. A set that is
 * never closed is a plain '['. */
static bool match_set(Str pattern, size_t *at, uint32_t c)
{
    size_t p = *at;
    bool negated = p < pattern.len && (pattern.ptr[p] == '!' || pattern.ptr[p] == '^');
    p += negated;
    bool found = false;
    for (size_t first = p; p < pattern.len && (pattern.ptr[p] != ']' || p == first);) {
        uint32_t low = set_char(pattern, &p), high = low;
        if (p + 1 < pattern.len && pattern.ptr[p] == '-' && pattern.ptr[p + 1] != ']') {
            p++;
            high = set_char(pattern, &p);
        }
        found = found || (low <= c && c <= high);
    }
    if (p >= pattern.len)
        return c == '[';
    *at = p + 1;
    return found != negated && c != '/';
}

/* Matches one character against what stands at `*p`; moves both. */
static bool match_one(Str pattern, size_t *p, Str text, size_t *t)
{
    uint32_t c = next_char(text, t);
    char want = pattern.ptr[*p];
    if (want == '?') {
        ++*p;
        return c != '/';
    }
    if (want == '[') {
        ++*p;
        return match_set(pattern, p, c);
    }
    return set_char(pattern, p) == c;
}

/* Where a wildcard stands, and how much it has taken so far. */
typedef struct Star {
    size_t behind;   /* in the pattern; 0: there is none */
    size_t taken;    /* in the text: where what follows the star was last tried */
    bool components; /* a double star and its '/': takes whole components */
} Star;

/* Reads the stars at `*p`; a double one goes to `wide` and forgets `narrow`,
 * which nothing may fall back to any more. */
static void open_star(Str pattern, size_t *p, size_t t, Star *narrow, Star *wide)
{
    size_t first = *p;
    while (*p < pattern.len && pattern.ptr[*p] == '*')
        ++*p;
    if (*p - first == 1) {
        *narrow = (Star){*p, t, false};
        return;
    }
    bool starts = !first || pattern.ptr[first - 1] == '/';
    bool components = starts && *p < pattern.len && pattern.ptr[*p] == '/';
    *p += components;
    *wide = (Star){*p, t, components};
    *narrow = (Star){0};
}

/* Lets the nearest star that can take more do so. */
static bool fall_back(Str text, size_t *p, size_t *t, Star *narrow, Star *wide)
{
    if (narrow->behind) {
        if (narrow->taken >= text.len)
            return false; /* a wider star would only find less text to match */
        if (text.ptr[narrow->taken] != '/') {
            next_char(text, &narrow->taken);
            *p = narrow->behind;
            *t = narrow->taken;
            return true;
        }
        *narrow = (Star){0};
    }
    if (!wide->behind || wide->taken >= text.len)
        return false;
    if (wide->components) {
        size_t slash = str_find(str_sub(text, wide->taken, text.len), '/');
        if (slash == text.len - wide->taken)
            return false;
        wide->taken += slash + 1;
    } else {
        next_char(text, &wide->taken);
    }
    *p = wide->behind;
    *t = wide->taken;
    return true;
}

static bool match(Str pattern, Str text)
{
    Star narrow = {0}, wide = {0};
    size_t p = 0, t = 0;
    for (;;) {
        if (p < pattern.len && pattern.ptr[p] == '*') {
            open_star(pattern, &p, t, &narrow, &wide);
            continue;
        }
        if (p == pattern.len && t == text.len)
            return true;
        if (p < pattern.len && t < text.len && match_one(pattern, &p, text, &t))
            continue;
        if (!fall_back(text, &p, &t, &narrow, &wide))
            return false;
    }
}

/* A pattern without what its ends say about it. */
typedef struct Glob {
    Str text;
    bool directories; /* only those */
    bool anchored;    /* compares with the path from the root, not with the name */
} Glob;

static Glob glob_of(Str pattern)
{
    Glob glob = {.text = pattern};
    if (str_starts(glob.text, S("./"))) {
        glob.text = str_sub(glob.text, 2, glob.text.len);
        glob.anchored = true;
    }
    if (str_ends(glob.text, S("/"))) {
        glob.text = str_sub(glob.text, 0, glob.text.len - 1);
        glob.directories = true;
    }
    if (str_find(glob.text, '/') < glob.text.len)
        glob.anchored = true;
    if (str_starts(glob.text, S("/")))
        glob.text = str_sub(glob.text, 1, glob.text.len);
    return glob;
}

static bool glob_is(const Glob *glob, Str path, bool directory)
{
    if (!glob->text.len || (glob->directories && !directory))
        return false;
    return match(glob->text, glob->anchored ? path : str_tail(path, '/'));
}

bool glob_entry(Str pattern, Str path, bool directory)
{
    Glob glob = glob_of(pattern);
    return glob_is(&glob, path, directory);
}

bool source_glob(Str pattern, Str path)
{
    Glob glob = glob_of(pattern);
    bool directory = str_ends(path, S("/"));
    if (directory)
        path = str_sub(path, 0, path.len - 1);
    for (size_t end = 0; end < path.len; end++)
        if (path.ptr[end] == '/' && glob_is(&glob, str_sub(path, 0, end), true))
            return true;
    return path.len && glob_is(&glob, path, directory);
}
