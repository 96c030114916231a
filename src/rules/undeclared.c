#include "rules/absent.h"
#include "rules/commented.h"
#include "rules/nodes.h"

#include <stdlib.h>

/*
 * MG205: dependencies that a migration has but does not declare. One finding for each app it needs
 * something of; what one migration lacks is proposed together.
 */

enum {
    MOST_WANTED = 8, /* migrations of one app that one migration wants */
    MOST_LACKS = 20, /* findings of one migration whose lines are proposed together */
};

typedef struct Needed {
    BadUse bad;
    NodeId other; /* the migration that provides it; with USE_TAKEN the one that takes it away */
    Sym app;      /* of `other` */
} Needed;

typedef Array(Needed) NeededList;

/* What one migration needs of one app; or what one other migration takes away from it. */
typedef struct Lack {
    const Needed *items;
    uint32_t count;
    NodeId
        wanted[MOST_WANTED]; /* the migrations that provide it all, none of which follows another */
    uint32_t wanted_count;
} Lack;

typedef struct Undeclared {
    RuleContext *context;
    Absent absent;
    CommentedList commented; /* of the migration that is being reported */
} Undeclared;

/* ---- collecting ---- */

static bool is_undeclared(const BadUse *bad)
{
    return bad->verdict == USE_LUCKY ||
           (use_is_relation(bad->use) && (bad->verdict == USE_LATE || bad->verdict == USE_TAKEN));
}

static EventId other_event(const BadUse *bad)
{
    return bad->verdict == USE_LUCKY  ? bad->use->provider
           : bad->verdict == USE_LATE ? bad->use->later
                                      : bad->use->gone;
}

static bool is_taken(const Needed *needed)
{
    return needed->bad.verdict == USE_TAKEN;
}

static int order_of(uint32_t a, uint32_t b)
{
    return a < b ? -1 : a > b;
}

static int by_lack(const Needed *a, const Needed *b)
{
    int order = order_of(a->bad.use->node, b->bad.use->node);
    if (!order)
        order = order_of(is_taken(a), is_taken(b));
    if (!order)
        order = is_taken(a) ? order_of(a->other, b->other) : order_of(a->app, b->app);
    return order;
}

static int by_lack_and_step(const void *a, const void *b)
{
    const Needed *left = a, *right = b;
    int order = by_lack(left, right);
    return order ? order : left->bad.use < right->bad.use ? -1 : left->bad.use > right->bad.use;
}

static void find_needed(Undeclared *undeclared, NeededList *out)
{
    RuleContext *context = undeclared->context;
    BadUses bad = {0};
    uses_find(&undeclared->absent.uses, is_undeclared, &bad);
    for (uint32_t i = 0; i < bad.count; i++) {
        const StateEvent *event = event_at(context, other_event(&bad.items[i]));
        if (event)
            array_push(out, (Needed){bad.items[i], event->node, event->app});
    }
    array_free(&bad);
    if (out->count)
        qsort(out->items, out->count, sizeof *out->items, by_lack_and_step);
}

/* Only the last of migrations that follow one another is wanted. */
static void want(Undeclared *undeclared, Lack *lack, NodeId node)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < lack->wanted_count; i++)
        if (uses_is_ancestor(&undeclared->absent.uses, node, lack->wanted[i]))
            return;
    for (uint32_t i = 0; i < lack->wanted_count; i++)
        if (!uses_is_ancestor(&undeclared->absent.uses, lack->wanted[i], node))
            lack->wanted[kept++] = lack->wanted[i];
    lack->wanted_count = kept;
    if (kept < MOST_WANTED)
        lack->wanted[lack->wanted_count++] = node;
}

static Lack lack_at(Undeclared *undeclared, const NeededList *needed, uint32_t first)
{
    Lack lack = {.items = &needed->items[first]};
    while (first + lack.count < needed->count && !by_lack(lack.items, &lack.items[lack.count])) {
        if (!lack.count || lack.items[lack.count].other != lack.items[lack.count - 1].other)
            want(undeclared, &lack, lack.items[lack.count].other);
        lack.count++;
    }
    return lack;
}

/* ---- help ---- */

typedef struct Lines {
    Str sound, first; /* the lines to add; the only one of them */
    uint32_t count;
    bool proved;
    Str circles; /* what cannot be added, and why */
} Lines;

static void add_line(Undeclared *undeclared, Lines *lines, const Lack *lack, NodeId parent)
{
    RuleContext *context = undeclared->context;
    const StateUse *use = lack->items->bad.use;
    Str circle;
    ProposalAnswer answer = propose(&undeclared->absent.proposals, use->node, parent, &circle);
    if (answer == PROPOSAL_CIRCLE) {
        lines->circles = arena_printf(
            context->scratch,
            "%.*s%smove what uses `%.*s` into a migration that follows `%.*s`: to depend on it "
            "here would close the cycle %.*s",
            STR_ARG(lines->circles), lines->circles.len ? "\n" : "",
            STR_ARG(use_model_text(context, use)), STR_ARG(node_text(context, parent)),
            STR_ARG(circle));
        return;
    }
    Str line = dependency_line(context, parent, use->setting);
    lines->first = line;
    lines->proved &= answer == PROPOSAL_SOUND;
    lines->sound =
        arena_printf(context->scratch, "%.*s\n%.*s,", STR_ARG(lines->sound), STR_ARG(line));
    lines->count++;
}

static Str lines_text(RuleContext *context, const Lines *lines, NodeId node)
{
    Str name = node_text(context, node);
    Str text = {0};
    if (lines->count == 1)
        text = arena_printf(context->scratch, "add %.*s to the dependencies of `%.*s`%s",
                            STR_ARG(lines->first), STR_ARG(name),
                            lines->proved ? "; that closes no cycle" : "");
    else if (lines->count)
        text = arena_printf(context->scratch, "add these to the dependencies of `%.*s`%s:%.*s",
                            STR_ARG(name), lines->proved ? "; they close no cycle" : "",
                            STR_ARG(lines->sound));
    return arena_printf(context->scratch, "%.*s%s%.*s", STR_ARG(text),
                        text.len && lines->circles.len ? "\n" : "", STR_ARG(lines->circles));
}

static Str help_of_migration(Undeclared *undeclared, const Lack *lacks, uint32_t count)
{
    Lines lines = {.proved = true};
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t w = 0; w < lacks[i].wanted_count && !is_taken(lacks[i].items); w++)
            add_line(undeclared, &lines, &lacks[i], lacks[i].wanted[w]);
    return lines_text(undeclared->context, &lines, lacks->items->bad.use->node);
}

/* ---- notes ---- */

static void note_grade(RuleContext *context, Finding *finding, const Needed *needed)
{
    Str other = node_text(context, needed->other);
    const StateUse *use = needed->bad.use;
    if (needed->bad.verdict == USE_LUCKY) {
        finding_note(context, finding, (Place){0},
                     "it works by luck: the plan happens to have `%.*s` before, but nothing makes "
                     "it so",
                     STR_ARG(other));
        return;
    }
    finding_note(context, finding, (Place){0},
                 "a fresh `migrate` fails here: the plan has `%.*s` %s. Django: %.*s",
                 STR_ARG(other), is_taken(needed) ? "before" : "only later",
                 STR_ARG(use_error_text(context, use)));
}

static NodeId commented_node(const RuleContext *context, const Commented *commented)
{
    const Interner *interner = &context->workspace->interner;
    Sym app = intern_find(interner, commented->app), name = intern_find(interner, commented->name);
    if (str_eq(commented->name, S("__first__"))) {
        Nodes roots = graph_roots(context->graph, app, context->scratch);
        return roots.count == 1 ? roots.items[0] : NODE_NONE;
    }
    return app && name ? graph_node(context->graph, app, name) : NODE_NONE;
}

/* Whether a line that was commented out is about the app, and whether it would be enough. */
static bool is_about(const RuleContext *context, const Commented *commented, const Lack *lack)
{
    const StateUse *use = lack->items->bad.use;
    return commented->swappable
               ? use->setting && str_eq(context_str(context, use->setting), commented->name)
               : str_eq(context_str(context, lack->items->app), commented->app);
}

static bool is_enough(Undeclared *undeclared, const Commented *commented, const Lack *lack)
{
    NodeId node = commented->swappable ? NODE_NONE : commented_node(undeclared->context, commented);
    if (node == NODE_NONE)
        return commented->swappable;
    for (uint32_t i = 0; i < lack->wanted_count; i++)
        if (!uses_is_ancestor(&undeclared->absent.uses, lack->wanted[i], node))
            return false;
    return true;
}

static void note_commented(Undeclared *undeclared, Finding *finding, const Lack *lack)
{
    RuleContext *context = undeclared->context;
    const Commented *best = NULL;
    for (uint32_t i = 0; i < undeclared->commented.count; i++) {
        const Commented *commented = &undeclared->commented.items[i];
        if (!is_about(context, commented, lack))
            continue;
        bool enough = is_enough(undeclared, commented, lack);
        if (!best || enough)
            best = commented;
        if (enough)
            break;
    }
    if (best)
        finding_note(context, finding, best->place, "%s",
                     is_enough(undeclared, best, lack)
                         ? "the line that declares it is commented out"
                         : "a dependency on that app is commented out");
}

/* ---- reporting ---- */

static Str message_of(const RuleContext *context, const Lack *lack)
{
    const StateUse *use = lack->items->bad.use;
    Str node = node_text(context, use->node), other = node_text(context, lack->items->other);
    Str model = use_model_text(context, use);
    if (use->kind == USE_FIELD)
        model = arena_printf(context->scratch, "%.*s.%.*s", STR_ARG(model),
                             STR_ARG(context_str(context, use->field)));
    return is_taken(lack->items)
               ? arena_printf(
                     context->scratch,
                     "`%.*s` uses `%.*s`, and nothing keeps `%.*s` from taking it away before",
                     STR_ARG(node), STR_ARG(model), STR_ARG(other))
               : arena_printf(context->scratch,
                              "`%.*s` uses `%.*s` without depending on `%.*s`, which brings it",
                              STR_ARG(node), STR_ARG(model), STR_ARG(other));
}

/* The order of migrations that need each other's models is an error where the plan has it wrong
 * and the database asks. */
static Severity severity_of(const RuleContext *context, const Lack *lack)
{
    for (uint32_t i = 0; i < lack->count; i++)
        if (lack->items[i].bad.verdict != USE_LUCKY &&
            !use_is_light(context, lack->items[i].bad.use))
            return SEVERITY_ERROR;
    return SEVERITY_WARNING;
}

/* The first that fails, else the first. */
static const Needed *worst(const RuleContext *context, const Lack *lack)
{
    for (uint32_t i = 0; i < lack->count; i++)
        if (lack->items[i].bad.verdict != USE_LUCKY &&
            !use_is_light(context, lack->items[i].bad.use))
            return &lack->items[i];
    return lack->items;
}

static bool has_own_parent(const RuleContext *context, NodeId node)
{
    EACH_PARENT_EDGE(context->graph, node, edge)
    if (node_at(context, edge->parent)->app == node_at(context, node)->app)
        return true;
    return false;
}

static void report_lack(Undeclared *undeclared, const Lack *lack, Str help)
{
    RuleContext *context = undeclared->context;
    const Needed *main = worst(context, lack);
    const StateUse *use = main->bad.use;
    Finding *finding = report_migration(context, use_migration(context, use), use->place, "%.*s",
                                        STR_ARG(message_of(context, lack)));
    finding->severity = severity_of(context, lack);
    note_event(context, finding, other_event(&main->bad));
    note_grade(context, finding, main);
    note_commented(undeclared, finding, lack);
    for (uint32_t i = 0, told = 0; i < lack->count; i++)
        if (&lack->items[i] != main)
            note_further(context, finding, lack->items[i].bad.use, ++told, lack->count - 1);
    if (is_taken(main))
        help_dependency(&undeclared->absent.proposals, finding, main->other, use->node);
    else
        finding_help(context, finding, "%.*s", STR_ARG(help));
    follow_use_cause(context, finding, &main->bad);
    if (main->app == node_at(context, use->node)->app && !has_own_parent(context, use->node))
        finding_explains(context, finding, use->node); /* nothing orders it: this is why */
}

static void report_migration_lacks(Undeclared *undeclared, const Lack *lacks, uint32_t count)
{
    RuleContext *context = undeclared->context;
    Str help = help_of_migration(undeclared, lacks, count);
    array_clear(&undeclared->commented);
    commented_find(context, use_migration(context, lacks->items->bad.use), &undeclared->commented);
    for (uint32_t i = 0; i < count; i++)
        report_lack(undeclared, &lacks[i], help);
}

void check_undeclared_dependency(RuleContext *context)
{
    Undeclared undeclared = {.context = context, .absent = absent_of(context)};
    NeededList needed = {0};
    Lack lacks[MOST_LACKS];
    uint32_t count = 0, reported = 0;
    find_needed(&undeclared, &needed);
    for (uint32_t i = 0; i < needed.count && reported < MOST_ABSENT; i += lacks[count - 1].count) {
        NodeId node = needed.items[i].bad.use->node;
        if (count && (count == MOST_LACKS || lacks->items->bad.use->node != node)) {
            report_migration_lacks(&undeclared, lacks, count);
            reported += count;
            count = 0;
        }
        lacks[count++] = lack_at(&undeclared, &needed, i);
    }
    if (count)
        report_migration_lacks(&undeclared, lacks, count);
    array_free(&needed);
    array_free(&undeclared.commented);
    absent_free(&undeclared.absent);
}
