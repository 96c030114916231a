#include "rules/pin.h"
#include "rules/uses.h"

/* MG106: dependencies on later migrations of other apps than are needed. */

enum { MOST_TOLD = 4 }; /* things that are needed, in notes */

static const Migration *child_of(const RuleContext *context, const Pin *pin)
{
    return node_migration(context, pin->edge->child);
}

static Str app_text(const RuleContext *context, const Pin *pin)
{
    return context_str(context, node_at(context, pin->edge->parent)->app);
}

/* The pinned migration as it is written: a squash may stand for it. */
static Str written(const RuleContext *context, const Pin *pin)
{
    const Dependency *dependency = graph_edge_dependency(context->graph, pin->edge);
    return arena_printf(context->scratch, "%.*s.%.*s",
                        STR_ARG(context_str(context, dependency->app)),
                        STR_ARG(context_str(context, dependency->name)));
}

/* ---- what is needed ---- */

static Str lookup_text(const RuleContext *context, const StateUse *use)
{
    return arena_printf(context->scratch, "`%.*s` looks up `%.*s`",
                        STR_ARG(node_text(context, use->node)),
                        STR_ARG(use_model_text(context, use)));
}

/* "`blog.Author` is created in `blog.0002_author`; `shop.Order.author` points at `blog.Author`" */
static Str need_text(const RuleContext *context, const Need *need)
{
    if (need->event == EVENT_NONE)
        return lookup_text(context, need->use);
    Str event = event_text(context, need->event);
    if (!need->use)
        return event;
    Str use = need->use->kind == USE_LOOKUP ? lookup_text(context, need->use)
                                            : use_text(context, need->use);
    return arena_printf(context->scratch, "%.*s; %.*s", STR_ARG(event), STR_ARG(use));
}

static Place need_place(const RuleContext *context, const Need *need)
{
    return need->event == EVENT_NONE ? need->use->place : event_place(context, need->event);
}

static bool is_same(const Need *a, const Need *b)
{
    return a->event == b->event && (a->event != EVENT_NONE || a->use == b->use);
}

static void note_needs(RuleContext *context, Finding *finding, const Pin *pin)
{
    uint32_t told = 0, more = 0;
    for (uint32_t i = 0; i < pin->need_count; i++) {
        if (i && is_same(&pin->needs[i], &pin->needs[i - 1]))
            continue;
        if (told < MOST_TOLD)
            finding_note(context, finding, need_place(context, &pin->needs[i]), "%.*s",
                         STR_ARG(need_text(context, &pin->needs[i])));
        else
            more++;
        told++;
    }
    if (more)
        finding_note(context, finding, (Place){0}, "%u more %s there as early", more,
                     more > 1 ? "things that it uses are" : "thing that it uses is");
}

/* ---- what makes it doubtful ---- */

static void note_code(RuleContext *context, Finding *finding, const Pin *pin)
{
    if (pin->unread)
        finding_note(context, finding, code_place(context, pin->edge->child),
                     "what this uses of `%.*s` cannot be told for sure",
                     STR_ARG(app_text(context, pin)));
    if (pin->code != NODE_NONE)
        finding_note(context, finding, code_place(context, pin->code),
                     "whether it needs what `%.*s` does here cannot be told",
                     STR_ARG(node_text(context, pin->code)));
}

static void note_lost(RuleContext *context, Finding *finding, const Pin *pin)
{
    Str child = node_text(context, pin->edge->child);
    if (pin->sibling != NODE_NONE)
        finding_note(context, finding, node_place(context, pin->sibling),
                     "only through it does `%.*s` follow `%.*s`", STR_ARG(child),
                     STR_ARG(node_text(context, pin->sibling)));
    for (uint32_t i = 0; i < pin->third_count; i++)
        finding_note(context, finding, need_place(context, &pin->third[i]),
                     "only through it does `%.*s` follow `%.*s`, which it needs: %.*s",
                     STR_ARG(child), STR_ARG(node_text(context, pin->third[i].node)),
                     STR_ARG(need_text(context, &pin->third[i])));
    if (pin->heir == NODE_NONE)
        return;
    const Need *need = &pin->heir_need;
    bool sure = need->event != EVENT_NONE || need->use;
    finding_note(
        context, finding, sure ? node_place(context, pin->heir) : code_place(context, pin->heir),
        "only through it does `%.*s` follow `%.*s`, which it %s%.*s",
        STR_ARG(node_text(context, pin->heir)), STR_ARG(node_text(context, need->node)),
        sure ? "needs: " : "may need by this", STR_ARG(sure ? need_text(context, need) : S("")));
}

/* ---- the finding ---- */

/* What is to be written, with what would be lost otherwise. */
static Str instead_of(const RuleContext *context, const Pin *pin)
{
    Str text = pin_replacement(context, pin);
    if (pin->sibling != NODE_NONE)
        text = arena_printf(context->scratch, "%.*s, %.*s", STR_ARG(text),
                            STR_ARG(node_pair(context, pin->sibling)));
    for (uint32_t i = 0; i < pin->third_count; i++)
        text = arena_printf(context->scratch, "%.*s, %.*s", STR_ARG(text),
                            STR_ARG(node_pair(context, pin->third[i].node)));
    return text;
}

static void help_pin(RuleContext *context, Finding *finding, const Pin *pin)
{
    Str instead = instead_of(context, pin);
    if (pin->unread || pin->code != NODE_NONE)
        finding_help(context, finding, "if nothing else is needed, write %.*s instead",
                     STR_ARG(instead));
    else if (pin->heir != NODE_NONE)
        finding_help(context, finding, "let `%.*s` depend on %.*s; then write %.*s here",
                     STR_ARG(node_text(context, pin->heir)),
                     STR_ARG(node_pair(context, pin->heir_need.node)), STR_ARG(instead));
    else if (pin->idle)
        finding_help(context, finding,
                     "take it out, or write %.*s: other dependencies lead to `%.*s` as well",
                     STR_ARG(instead), STR_ARG(node_text(context, pin->sufficient)));
    else
        finding_help(context, finding, "write %.*s instead", STR_ARG(instead));
}

/* What the message ends with. */
static Str grounds(const RuleContext *context, const Pin *pin)
{
    Str app = app_text(context, pin);
    if (pin->unread)
        return arena_printf(context->scratch, "a later migration of `%.*s`", STR_ARG(app));
    if (!pin->need_count)
        return arena_printf(context->scratch, "but uses nothing of `%.*s`", STR_ARG(app));
    return arena_printf(context->scratch, "but all that it uses of `%.*s` is there since `%.*s`",
                        STR_ARG(app), STR_ARG(node_text(context, pin->sufficient)));
}

static void report_pin(RuleContext *context, const Pin *pin)
{
    const Migration *migration = child_of(context, pin);
    Finding *finding =
        report_migration(context, migration, graph_edge_place(context->graph, pin->edge),
                         "`%.*s` pins `%.*s`, %.*s", STR_ARG(node_text(context, pin->edge->child)),
                         STR_ARG(written(context, pin)), STR_ARG(grounds(context, pin)));
    if (!pin->initial || pin_is_doubtful(pin) || !migration->operation_count)
        finding->severity = SEVERITY_INFO;
    if (!str_eq(written(context, pin), node_text(context, pin->edge->parent)))
        finding_note(context, finding, node_place(context, pin->edge->parent),
                     "`%.*s` stands for it", STR_ARG(node_text(context, pin->edge->parent)));
    note_needs(context, finding, pin);
    note_code(context, finding, pin);
    note_lost(context, finding, pin);
    help_pin(context, finding, pin);
}

void check_hard_coded_cross_app_dependency(RuleContext *context)
{
    const Graph *graph = context->graph;
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        const Pin *pin = pin_of(context, &graph->edges[i]);
        if (pin && !pin->needed)
            report_pin(context, pin);
    }
}
