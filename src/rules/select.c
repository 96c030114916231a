#include "rules/select.h"

#include "rules/condition.h"
#include "source/find.h"

#include <strings.h>

/* How exactly a selector names the rule: 0 not at all, ALL least, the whole
 * code or the name most. */
static size_t exactness(const Rule *rule, Str selector)
{
    if (!rule_selected(rule, selector))
        return 0;
    if (selector.len == 3 && !strncasecmp(selector.ptr, "ALL", 3))
        return 1;
    /* A name is longer than the code or may be shorter: it counts as the code. */
    if (selector.len >= rule->code.len || strncasecmp(selector.ptr, rule->code.ptr, selector.len))
        return 1 + rule->code.len;
    return 1 + selector.len;
}

static size_t most_exact(const Rule *rule, const Str *selectors, uint32_t count)
{
    size_t best = 0;
    for (uint32_t i = 0; i < count; i++) {
        size_t exact = exactness(rule, selectors[i]);
        if (exact > best)
            best = exact;
    }
    return best;
}

static bool selected(const Selection *selection, const Rule *rule)
{
    size_t in = most_exact(rule, selection->select, selection->select_count);
    size_t out = most_exact(rule, selection->ignore, selection->ignore_count);
    if (!selection->select_count)
        return !rule->opt_in && !out;
    return in > out;
}

Severity select_severity(const Selection *selection, const Rule *rule, Severity reported)
{
    if (!selected(selection, rule))
        return SEVERITY_OFF;
    size_t best = 0;
    for (uint32_t i = 0; i < selection->severity_count; i++) {
        const SeverityOverride *override = &selection->severities[i];
        size_t exact = exactness(rule, override->selector);
        if (exact && exact >= best) { /* of two alike the later one holds */
            best = exact;
            reported = override->severity;
        }
    }
    return reported;
}

bool select_always(const Selection *selection, const Rule *rule)
{
    return !str_eq(rule->category, S("branches")) && !str_eq(rule->category, S("applied")) &&
           select_severity(selection, rule, rule->severity);
}

bool select_breaks(const Findings *findings, bool with_baselined)
{
    for (uint32_t i = 0; i < findings->reported.count; i++) {
        const Finding *finding = findings->reported.items[i];
        Str category = finding->rule->category;
        if (finding->severity == SEVERITY_ERROR && !finding->suppression &&
            (with_baselined || !finding->baselined) &&
            (str_eq(category, S("files")) || str_eq(category, S("graph")) ||
             str_eq(category, S("state"))))
            return true;
    }
    return false;
}

static bool is_below(Str path, Str dir)
{
    while (dir.len && dir.ptr[dir.len - 1] == '/')
        dir.len--;
    return !dir.len || str_eq(dir, S(".")) || str_eq(path, dir) ||
           (str_starts(path, dir) && path.ptr[dir.len] == '/');
}

static bool wanted(const Selection *selection, Str path)
{
    for (uint32_t i = 0; i < selection->only_path_count; i++)
        if (is_below(path, selection->only_paths[i]))
            return true;
    return !selection->only_path_count;
}

bool select_place(const Selection *selection, const Rule *rule, Str path)
{
    for (uint32_t i = 0; i < selection->path_ignore_count; i++) {
        const PartIgnore *ignore = &selection->path_ignores[i];
        if (most_exact(rule, ignore->selectors, ignore->selector_count) &&
            source_glob(ignore->pattern, path))
            return false;
    }
    return wanted(selection, path);
}

static bool is_part(Str pattern, Str label, Str migration)
{
    Str name = pattern, app = str_cut(&name, '.');
    return glob_match(app, label) && (!name.ptr || (migration.len && glob_match(name, migration)));
}

bool select_app(const Selection *selection, const Rule *rule, Str label, Str migration)
{
    for (uint32_t i = 0; label.len && i < selection->app_ignore_count; i++) {
        const PartIgnore *ignore = &selection->app_ignores[i];
        if (most_exact(rule, ignore->selectors, ignore->selector_count) &&
            is_part(ignore->pattern, label, migration))
            return false;
    }
    return true;
}
