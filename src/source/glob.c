#include "source/find.h"

/* One component against one pattern component: `*`, `?`, `[a-z]`. Keeps only
 * the last `*` to go back to, so the work is at most pattern times text. */
static bool match_class(Str pattern, size_t *at, char byte)
{
    size_t i = *at + 1;
    bool negated = i < pattern.len && (pattern.ptr[i] == '!' || pattern.ptr[i] == '^');
    bool matched = false;
    i += negated;
    for (size_t first = i; i < pattern.len && (pattern.ptr[i] != ']' || i == first); i++) {
        char low = pattern.ptr[i], high = low;
        if (i + 2 < pattern.len && pattern.ptr[i + 1] == '-' && pattern.ptr[i + 2] != ']') {
            high = pattern.ptr[i + 2];
            i += 2;
        }
        matched |= byte >= low && byte <= high;
    }
    if (i >= pattern.len)
        return byte == '['; /* never closed: a plain bracket */
    *at = i;
    return matched != negated;
}

static bool match_component(Str pattern, Str text)
{
    size_t p = 0, t = 0, star = pattern.len + 1, retry = 0;
    while (t < text.len) {
        size_t at = p;
        if (p < pattern.len && pattern.ptr[p] == '*') {
            star = p++;
            retry = t;
        } else if (p < pattern.len &&
                   (pattern.ptr[p] == '?' ||
                    (pattern.ptr[p] == '[' ? match_class(pattern, &at, text.ptr[t])
                                           : pattern.ptr[p] == text.ptr[t]))) {
            p = at + 1;
            t++;
        } else if (star <= pattern.len) {
            p = star + 1;
            t = ++retry;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.ptr[p] == '*')
        p++;
    return p == pattern.len;
}

enum { MOST_PARTS = 64 };

static size_t split(Str path, Str *parts)
{
    size_t count = 0;
    for (Str rest = path; rest.ptr && count < MOST_PARTS;) {
        Str part = str_cut(&rest, '/');
        if (part.len)
            parts[count++] = part;
    }
    return count;
}

/* Components against components; true also when the pattern matches a parent
 * of the path. Like match_component() it keeps only the last `**`. */
static bool match_parts(const Str *pattern, size_t pattern_count, const Str *path, size_t path_count)
{
    size_t p = 0, t = 0, star = pattern_count + 1, retry = 0;
    while (t < path_count) {
        if (p == pattern_count)
            return true; /* what is left lies below a match */
        if (str_eq(pattern[p], S("**"))) {
            star = p++;
            retry = t;
        } else if (match_component(pattern[p], path[t])) {
            p++;
            t++;
        } else if (star <= pattern_count) {
            p = star + 1;
            t = ++retry;
        } else {
            return false;
        }
    }
    while (p < pattern_count && str_eq(pattern[p], S("**")))
        p++;
    return p == pattern_count;
}

bool source_glob(Str pattern, Str path)
{
    Str parts[MOST_PARTS], want[MOST_PARTS + 1];
    bool anchored = pattern.len && str_find(str_sub(pattern, 0, pattern.len - 1), '/') <
                                       str_sub(pattern, 0, pattern.len - 1).len;
    size_t count = split(path, parts);
    size_t want_count = split(pattern, anchored ? want : want + 1);
    if (!want_count)
        return false;
    if (!anchored) { /* any component of that name, and what is below it */
        want[0] = S("**");
        want_count++;
    }
    return match_parts(want, want_count, parts, count);
}
