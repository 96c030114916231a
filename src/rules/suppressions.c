#include "rules/check.h"
#include "rules/engine.h"
#include "rules/select.h"
#include "rules/suppress.h"

#include <strings.h>

/* MG901 to MG903: what is wrong with comments that suppress. */

static Finding *report_at(RuleContext *context, const Suppression *suppression, Str message)
{
    return suppression->migration ? report_migration(context, suppression->migration,
                                                     suppression->place, "%.*s", STR_ARG(message))
                                  : report(context, suppression->place, "%.*s", STR_ARG(message));
}

/* Those that this project has to speak of. */
/* clang-format off */
#define EACH_SUPPRESSION(context, suppression)                                                     \
    for (const Suppression *suppression = (context)->findings->suppressions.items,                 \
                           *end_ = suppression + (context)->findings->suppressions.count;          \
         suppression < end_; suppression++)                                                        \
        if (!suppression->peer &&                                                                  \
            &(context)->workspace->projects[suppression->project] == (context)->project)
/* clang-format on */

/* ---- MG901 --------------------------------------------------------------- */

/* Whether the rule has looked at everything that it looks at in any run. */
static bool has_run(const RuleContext *context, const Rule *rule, const Suppression *suppression)
{
    const Selection *selection = context->selection;
    Str path = suppression->module->path;
    const App *app = project_app_at(context->project, path);
    const Migration *migration = suppression->migration;
    return select_always(selection, rule) && select_place(selection, rule, path) &&
           (!app || select_app(selection, rule, context_str(context, app->label),
                               migration ? context_str(context, migration->name) : S("")));
}

/* Rules that are off by default are meant only by those who name them. */
static bool is_meant(const Rule *rule, Str selector)
{
    if (!selector.len)
        return !rule->opt_in && !str_eq(rule->category, S("linter"));
    return rule_selected(rule, selector) && (!rule->opt_in || selector.len >= rule->code.len);
}

static bool surely_unused(const RuleContext *context, const Suppression *suppression, uint32_t i)
{
    Str selector = suppression->selector_count ? suppression->selectors[i] : (Str){0};
    bool meant = false;
    if (suppression->used[i])
        return false;
    for (uint32_t r = 0; r < context->rules->count; r++) {
        const Rule *rule = &context->rules->rules[r];
        if (!is_meant(rule, selector))
            continue;
        meant = true;
        if (!has_run(context, rule, suppression) || str_eq(rule->category, S("linter")))
            return false;
    }
    return meant;
}

/* What cannot be read, or is in no plan, may hold what is not found. */
static bool is_fully_seen(const RuleContext *context, const Suppression *suppression)
{
    const Migration *migration = suppression->migration;
    if (suppression->module->syntax_error || suppression->module->directives_cut)
        return false;
    if (!migration)
        return true;
    for (uint32_t i = 0; i < migration->operation_count; i++)
        if (migration->operations[i].kind == OPERATION_OPAQUE || migration->operations[i].maybe)
            return false;
    NodeId node = context->graph->node_of[migration - context->project->migrations];
    return migration->status == MIGRATION_READ && !migration->operations_open &&
           !migration->dependencies.open && node != NODE_NONE &&
           !(context->graph->nodes[node].flags & NODE_REPLACED);
}

static void report_unused(RuleContext *context, const Suppression *suppression)
{
    uint32_t count = 0, most = suppression->selector_count;
    StrBuf names = {0};
    for (uint32_t i = 0; i < most; i++)
        if (surely_unused(context, suppression, i))
            strbuf_printf(&names, "%s`%.*s`", count++ ? ", " : "",
                          STR_ARG(suppression->selectors[i]));
    bool all = !most && surely_unused(context, suppression, 0);
    const char *where = suppression->covers.end ? "here" : "in this file";
    Str message =
        all ? arena_printf(context->scratch, "nothing is found %s that this suppresses", where)
            : arena_printf(context->scratch, "%s of %.*s is found %s that this suppresses",
                           "nothing", STR_ARG(strbuf_str(&names)), where);
    if (all || count) {
        Finding *finding = report_at(context, suppression, message);
        if (all || count == most)
            finding_help(context, finding, "delete the comment");
        else
            finding_help(context, finding, "delete %.*s from the comment",
                         STR_ARG(strbuf_str(&names)));
    }
    strbuf_free(&names);
}

void check_unused_suppression(RuleContext *context)
{
    if (select_breaks(context->findings, true))
        return;
    EACH_SUPPRESSION(context, suppression)
    if (!suppression->fault && is_fully_seen(context, suppression))
        report_unused(context, suppression);
}

/* ---- MG902 --------------------------------------------------------------- */

static bool says_something(Str reason)
{
    for (size_t i = 0; i < reason.len; i++) {
        unsigned char byte = (unsigned char)reason.ptr[i];
        if (byte >= 0x80 || (byte >= '0' && byte <= '9') ||
            ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z'))
            return true;
    }
    return false;
}

void check_suppression_without_reason(RuleContext *context)
{
    EACH_SUPPRESSION(context, suppression)
    if (!suppression->fault && !says_something(suppression->reason)) {
        Finding *finding =
            report_at(context, suppression, S("this suppression does not say why it is right"));
        finding_help(context, finding, "write the reason behind the bracket");
    }
}

/* ---- MG903 --------------------------------------------------------------- */

static size_t letters(Str code)
{
    size_t len = 0;
    while (len < code.len && ((code.ptr[len] | 0x20) >= 'a' && (code.ptr[len] | 0x20) <= 'z'))
        len++;
    return len;
}

static bool is_code(Str text)
{
    size_t at = letters(text);
    if (at < 2 || at == text.len)
        return false;
    while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9')
        at++;
    return at == text.len;
}

/* A code of rules that this run was not given is none that does not exist. */
static bool is_of_others(const RuleContext *context, Str selector)
{
    size_t len = letters(selector);
    for (uint32_t i = 0; i < context->rules->count; i++) {
        Str code = context->rules->rules[i].code;
        if (letters(code) == len && !strncasecmp(code.ptr, selector.ptr, len))
            return false;
    }
    return is_code(selector);
}

static bool is_known(const RuleContext *context, Str selector)
{
    for (uint32_t i = 0; i < context->rules->count; i++)
        if (rule_selected(&context->rules->rules[i], selector))
            return true;
    return is_of_others(context, selector);
}

static void report_unknown(RuleContext *context, const Suppression *suppression)
{
    for (uint32_t i = 0; i < suppression->selector_count; i++) {
        Str selector = suppression->selectors[i], near;
        if (is_known(context, selector))
            continue;
        Finding *finding =
            report_at(context, suppression,
                      arena_printf(context->scratch, "there is no rule `%.*s`", STR_ARG(selector)));
        near = rules_nearest(context->rules, selector);
        if (near.len)
            finding_help(context, finding, "did you mean `%.*s`?", STR_ARG(near));
        else
            finding_help(context, finding, "`migralint rules` lists them");
    }
}

static void report_fault(RuleContext *context, const Suppression *suppression)
{
    static const char *const messages[] = {
        [SUPPRESSION_SOUND] = "",
        [SUPPRESSION_UNCLOSED] = "has no `]`",
        [SUPPRESSION_EMPTY] = "names no rule between its brackets",
        [SUPPRESSION_BARE] = "names its rules without brackets",
        [SUPPRESSION_WORD] = "is neither `ignore` nor `ignore-file`",
    };
    Str message = arena_printf(context->scratch, "`%.*s` %s: it suppresses nothing",
                               STR_ARG(suppression->word), messages[suppression->fault]);
    Finding *finding = report_at(context, suppression, message);
    finding_help(context, finding, "write `# migralint: ignore[CODE] reason`");
}

void check_unknown_rule_in_suppression(RuleContext *context)
{
    const Module *before = NULL;
    EACH_SUPPRESSION(context, suppression)
    {
        if (suppression->fault)
            report_fault(context, suppression);
        else
            report_unknown(context, suppression);
        if (suppression->module->directives_cut && suppression->module != before)
            report_at(context, suppression,
                      S("only the first 1,000 suppressions of a file are read"));
        before = suppression->module;
    }
}
