#include "handle.h"

/* From the public, textual selection to the engine's. */

bool unknown_rule(const RuleSet *rules, Str text, Error *why)
{
    Str nearest = rules_nearest(rules, text);
    if (nearest.len)
        return error_set(why, "there is no rule `%.*s`; did you mean `%.*s`?", STR_ARG(text),
                         STR_ARG(nearest));
    return error_set(why, "there is no rule `%.*s`; `migralint rules` lists them", STR_ARG(text));
}

static bool known_selector(const RuleSet *rules, Str selector, Error *why)
{
    for (uint32_t i = 0; i < rules->count; i++)
        if (rule_selected(&rules->rules[i], selector))
            return true;
    return unknown_rule(rules, selector, why);
}

static bool known_selectors(const RuleSet *rules, const Str *selectors, size_t count, Error *why)
{
    for (size_t i = 0; i < count; i++)
        if (!known_selector(rules, selectors[i], why))
            return false;
    return true;
}

static bool read_severities(const RuleSet *rules, MigralintList list, Arena *arena,
                            Selection *selection, Error *why)
{
    SeverityOverride *overrides = arena_array(arena, SeverityOverride, list.count + 1);
    for (size_t i = 0; i < list.count; i++) {
        Str text = str(list.items[i]);
        overrides[i].selector = str_head(text, '=');
        if (!severity_from(str_tail(text, '='), &overrides[i].severity))
            return error_set(why, "severity `%s` is not of the form CODE=error|warning|info|off",
                             list.items[i]);
        if (!known_selector(rules, overrides[i].selector, why))
            return false;
    }
    selection->severities = overrides;
    selection->severity_count = (uint32_t)list.count;
    return true;
}

/* "PATTERN=CODE,CODE…" */
static bool read_part_ignores(const RuleSet *rules, MigralintList list, Arena *arena,
                              const PartIgnore **out, uint32_t *count, Error *why)
{
    PartIgnore *ignores = arena_array(arena, PartIgnore, list.count + 1);
    for (size_t i = 0; i < list.count; i++) {
        Str text = str(list.items[i]), codes = str_tail(text, '=');
        Array(Str) selectors = {0};
        ignores[i].pattern = str_head(text, '=');
        while (codes.ptr)
            array_push(&selectors, str_cut(&codes, ','));
        ignores[i].selectors = arena_keep(arena, Str, selectors.items, selectors.count);
        ignores[i].selector_count = selectors.count;
        array_free(&selectors);
        if (!ignores[i].pattern.len)
            return error_set(why, "`%s` names nothing to ignore rules in before its `=`",
                             list.items[i]);
        if (!known_selectors(rules, ignores[i].selectors, ignores[i].selector_count, why))
            return false;
    }
    *out = ignores;
    *count = (uint32_t)list.count;
    return true;
}

static const Analysis *analyse(void *self)
{
    return handle_analyses(self);
}

static Version version_of(Migralint *migralint)
{
    if (!migralint)
        return (Version){0};
    return (Version){&migralint->workspace, migralint->graphs, analyse, migralint};
}

static void read_branches(const MigralintSelection *from, Arena *arena, Selection *to)
{
    Branch *branches = arena_array(arena, Branch, from->branch_count + 1);
    for (size_t i = 0; i < from->branch_count; i++) {
        const MigralintBranch *branch = &from->branches[i];
        branches[i] = (Branch){str(branch->name), branch->base, version_of(branch->fork),
                               version_of(branch->theirs), version_of(branch->merged)};
    }
    to->branches = branches;
    to->branch_count = (uint32_t)from->branch_count;
}

bool selection_read(const RuleSet *rules, const MigralintSelection *from, Arena *arena,
                    Selection *to, Error *why)
{
    *to = (Selection){
        .select = strs_of(from->select, arena),
        .select_count = (uint32_t)from->select.count,
        .ignore = strs_of(from->ignore, arena),
        .ignore_count = (uint32_t)from->ignore.count,
        .only_paths = strs_of(from->only_paths, arena),
        .only_path_count = (uint32_t)from->only_paths.count,
        .known = from->known ? &from->known->findings : NULL,
        .baseline = from->baseline ? &from->baseline->read : NULL,
    };
    read_branches(from, arena, to);
    return known_selectors(rules, to->select, to->select_count, why) &&
           known_selectors(rules, to->ignore, to->ignore_count, why) &&
           read_severities(rules, from->severities, arena, to, why) &&
           read_part_ignores(rules, from->path_ignores, arena, &to->path_ignores,
                             &to->path_ignore_count, why) &&
           read_part_ignores(rules, from->app_ignores, arena, &to->app_ignores,
                             &to->app_ignore_count, why);
}
