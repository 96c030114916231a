#include "rules/alike.h"
#include "rules/nodes.h"
#include "rules/problems.h"
#include "rules/versions.h"

/*
 * MG215: what was done before on the same line, and what changes nothing.
 *
 * Two lines that a merge joins may both do a thing: neither does it again. What reaches only the
 * state or only the database has its other half elsewhere, and may well look idle.
 */

enum { MOST_FIELDS = 100, MOST_TABLES = 1000, MOST_REPORTED = 1000 };

/* An operation that changes nothing. */
typedef struct Idle {
    const Operation *operation;
    EventId event;
} Idle;

typedef struct Search {
    RuleContext *context;
    Versions versions;
    Lines lines;
    Alike alike;
    Array(Idle) idle; /* of the migration that is looked at */
    uint32_t tables;  /* looked into */
    uint32_t reported;
} Search;

/* Whether the one is before the other on its line, both of the project's own and both whole. */
static bool on_one_line(Search *search, EventId earlier, EventId later)
{
    const RuleContext *context = search->context;
    return whole_operation(context, earlier) && whole_operation(context, later) &&
           lines_lead(&search->lines, event_at(context, earlier)->node,
                      event_at(context, later)->node);
}

static Finding *report_at(Search *search, EventId id, Str message, EventId earlier)
{
    RuleContext *context = search->context;
    const StateEvent *event = event_at(context, id);
    Finding *finding = report_migration(context, &context->project->migrations[event->migration],
                                        event_place(context, id), "%.*s", STR_ARG(message));
    note_event(context, finding, earlier);
    follow_cause(context, finding, event->node, EVENT_NONE);
    return finding;
}

/* ---- there and back ---- */

/* Whether an addition brings what was there before the removal that is its `earlier`. */
static bool brings_back(Search *search, EventId id, EventId removed)
{
    const State *state = search->context->state;
    EventId then = search->versions.defined[removed];
    if (then == EVENT_NONE)
        return false;
    if (state->events[id].kind == EVENT_FIELD_ADDED)
        return fields_same(&search->alike, state_event_field(state, then),
                           state_event_field(state, id));
    const StateIndex *before = state_event_index(state, then), *now = state_event_index(state, id);
    return before && now && indexes_same(&search->alike, before, now);
}

/* The kind of event that takes away what such an addition brings. */
static EventKind removal_of(const StateEvent *event)
{
    return event->kind == EVENT_FIELD_ADDED   ? EVENT_FIELD_REMOVED
           : event->kind == EVENT_INDEX_ADDED ? EVENT_INDEX_REMOVED
                                              : EVENT_CONSTRAINT_REMOVED;
}

static void check_added_again(Search *search, EventId id)
{
    const StateEvent *event = event_at(search->context, id);
    EventId removed = search->versions.earlier[id];
    const StateEvent *removal = event_at(search->context, removed);
    if (!removal || removal->kind != removal_of(event) || search->versions.open[id] ||
        !on_one_line(search, removed, id) || !brings_back(search, id, removed))
        return;
    if (event->kind == EVENT_FIELD_ADDED &&
        lines_touch(search->context, removal->node, event->node))
        return; /* MG216: a column is replaced */
    EventId added = search->versions.defined[removed];
    if (removal->node == event->node && event_at(search->context, added)->node != event->node)
        return; /* made anew */
    if (!on_one_line(search, added, removed) || search->reported++ >= MOST_REPORTED)
        return;
    Str message = arena_printf(search->context->scratch, "`%.*s` is added again, as it was before",
                               STR_ARG(event_field_text(search->context, id)));
    Finding *finding = report_at(search, id, message, added);
    note_event(search->context, finding, removed);
    finding_help(search->context, finding,
                 "while nobody has applied them, take both the removal and this out");
}

static const StateField *field_named(const ModelState *model, Sym name)
{
    for (uint32_t i = 0; i < model->field_count; i++)
        if (model->fields[i].name == name)
            return &model->fields[i];
    return NULL;
}

/* Whether a table is made with the columns it had when it was dropped. */
static bool is_same_table(Search *search, EventId removed, EventId id)
{
    const RuleContext *context = search->context;
    const StateEvent *removal = event_at(context, removed), *event = event_at(context, id);
    const ModelState *old = state_model_at(context->state, removal->model,
                                           (StateAt){.step = removal->step}, context->scratch);
    const ModelState *new = state_model_at(context->state, event->model,
                                           (StateAt){.step = event->step + 1}, context->scratch);
    if (old->field_count != new->field_count || old->field_count > MOST_FIELDS || old->open ||
        new->open || !state_has_table(old) || !state_has_table(new))
        return false;
    for (uint32_t i = 0; i < new->field_count; i++) {
        const StateField *before = field_named(old, new->fields[i].name);
        if (!before || !fields_same(&search->alike, before, &new->fields[i]))
            return false;
    }
    return true;
}

static void check_created_again(Search *search, EventId id)
{
    RuleContext *context = search->context;
    const StateEvent *event = event_at(context, id);
    EventId removed = search->versions.earlier[id];
    const StateEvent *removal = event_at(context, removed);
    if (!removal || removal->node == event->node || !on_one_line(search, removed, id) ||
        search->tables++ >= MOST_TABLES || !is_same_table(search, removed, id))
        return;
    Str message = arena_printf(context->scratch, "`%.*s` is created again, as it was before",
                               STR_ARG(event_model_text(context, id)));
    Finding *finding =
        report_at(search, id, message, state_created(context->state, removal->model));
    note_event(context, finding, removed);
    finding_help(context, finding,
                 "while nobody has applied them, take both the deletion and this out");
}

/* Names of fields and models say something, and may say it again after years; those of indexes are
 * made up. */
static bool is_for_nothing(const Search *search, const StateEvent *earlier, const StateEvent *event)
{
    return earlier->kind == event->kind && earlier->from == event->to &&
           (event->kind == EVENT_INDEX_RENAMED ||
            lines_touch(search->context, earlier->node, event->node));
}

static void check_renamed_back(Search *search, EventId id)
{
    const State *state = search->context->state;
    const StateEvent *event = &state->events[id];
    EventId earlier = search->versions.earlier[id];
    if (earlier == EVENT_NONE || search->versions.open[id] || event->from == event->to ||
        !is_for_nothing(search, &state->events[earlier], event) ||
        !on_one_line(search, earlier, id) || search->reported++ >= MOST_REPORTED)
        return;
    Str message = arena_printf(search->context->scratch, "%.*s, as it was called before",
                               STR_ARG(event_text(search->context, id)));
    finding_help(search->context, report_at(search, id, message, earlier),
                 "while nobody has applied them, take both renamings out");
}

/* ---- idle operations ---- */

/* The events of one operation: [first, end). */
typedef struct Doing {
    const Operation *operation;
    EventId first, end;
} Doing;

static bool is_none(const State *state, ValueRef ref)
{
    ValueRef value = ref.id ? state_value(state, ref) : ref;
    return value.id && value_at(&value.module->values, value.id)->kind == VALUE_NONE;
}

/* What a renaming brings about by itself `makemigrations` of old Djangos said again behind it. */
static bool is_by_the_way(const RuleContext *context, EventId before)
{
    const Operation *operation = own_operation(context, before);
    return operation &&
           (operation->kind == OPERATION_RENAME_FIELD || operation->kind == OPERATION_RENAME_MODEL);
}

/* Whether setting the option leaves it as it is. One that nobody set is None, or empty. */
static bool is_same_option(Search *search, EventId id)
{
    const State *state = search->context->state;
    const StateOption *now = state_event_option(state, id);
    EventId before = search->versions.defined[id];
    if (!now || search->versions.open[id])
        return false;
    if (before == EVENT_NONE)
        return now->together ? now->groups_known && !now->group_count : is_none(state, now->value);
    return !is_by_the_way(search->context, before) && on_one_line(search, before, id) &&
           options_same(&search->alike, state_event_option(state, before), now);
}

static bool is_same_field(Search *search, EventId id)
{
    const RuleContext *context = search->context;
    const State *state = context->state;
    EventId before = search->versions.defined[id];
    return state->events[id].kind == EVENT_FIELD_ALTERED && before != EVENT_NONE &&
           !search->versions.open[id] && !is_by_the_way(context, before) &&
           on_one_line(search, before, id) &&
           fields_same(&search->alike, state_event_field(state, before),
                       state_event_field(state, id));
}

/* All options that AlterModelOptions may set: what it does not name it drops. */
static bool are_same_options(Search *search, const Doing *doing)
{
    for (EventId id = doing->first; id < doing->end; id++)
        if (!is_same_option(search, id))
            return false;
    return true;
}

static bool is_same_name(const StateEvent *event)
{
    bool renames = event->kind == EVENT_FIELD_RENAMED || event->kind == EVENT_INDEX_RENAMED;
    return renames && event->from == event->to;
}

static bool is_idle(Search *search, const Doing *doing)
{
    switch (doing->operation->kind) {
    case OPERATION_ALTER_FIELD:
        return is_same_field(search, doing->first);
    case OPERATION_ALTER_MODEL_OPTIONS:
        return are_same_options(search, doing);
    case OPERATION_ALTER_UNIQUE_TOGETHER:
    case OPERATION_ALTER_INDEX_TOGETHER:
    case OPERATION_ALTER_MODEL_TABLE:
    case OPERATION_ALTER_MODEL_TABLE_COMMENT:
    case OPERATION_ALTER_ORDER_WITH_RESPECT_TO:
        return doing->end - doing->first == 1 && is_same_option(search, doing->first);
    case OPERATION_RENAME_FIELD:
    case OPERATION_RENAME_INDEX:
        return is_same_name(event_at(search->context, doing->first));
    default:
        return false;
    }
}

/* "`blog.Post.title` is altered to", before "what it is already". */
static Str idle_text(const RuleContext *context, const Idle *idle)
{
    const StateEvent *event = event_at(context, idle->event);
    Str model = event_model_text(context, idle->event);
    Str name = context_str(context, event->name);
    if (idle->operation->kind == OPERATION_ALTER_MODEL_OPTIONS)
        return arena_printf(context->scratch, "every option of `%.*s` is set to", STR_ARG(model));
    if (event->kind == EVENT_OPTION_SET)
        return arena_printf(context->scratch, "`%.*s` of `%.*s` is set to", STR_ARG(name),
                            STR_ARG(model));
    return arena_printf(context->scratch, "`%.*s.%.*s` is %s to", STR_ARG(model), STR_ARG(name),
                        event->kind == EVENT_FIELD_ALTERED ? "altered" : "renamed");
}

/* One report for a migration. */
static void report_idle(Search *search, NodeId node)
{
    enum { MOST_NOTED = 5 };
    RuleContext *context = search->context;
    const Migration *migration = node_migration(context, node);
    const Idle *first = search->idle.items;
    uint32_t count = search->idle.count;
    if (!count || search->reported++ >= MOST_REPORTED)
        return;
    Str more = count == migration->operation_count ? S("the migration changes nothing")
               : count == 1                        ? S("the operation changes nothing")
                                                   : arena_printf(context->scratch,
                                                                  "this and %u more operations change nothing", count - 1);
    Finding *finding = report_migration(context, migration, first->operation->place,
                                        "%.*s what it is already: %.*s",
                                        STR_ARG(idle_text(context, first)), STR_ARG(more));
    note_event(context, finding, search->versions.defined[first->event]);
    for (uint32_t i = 1; i < count && i <= MOST_NOTED; i++)
        finding_note(context, finding, first[i].operation->place, "%.*s what it is already",
                     STR_ARG(idle_text(context, &first[i])));
    if (count > 1 + MOST_NOTED)
        finding_note(context, finding, (Place){0}, "and %u more", count - 1 - MOST_NOTED);
    finding_help(context, finding,
                 "what changes nothing can be taken out: neither the database nor the state will "
                 "differ");
    follow_cause(context, finding, node, EVENT_NONE); /* a file that came back */
}

/* ---- MG215 ---- */

static void check_event(Search *search, EventId id)
{
    switch (search->context->state->events[id].kind) {
    case EVENT_MODEL_CREATED:
        check_created_again(search, id);
        break;
    case EVENT_FIELD_ADDED:
    case EVENT_INDEX_ADDED:
    case EVENT_CONSTRAINT_ADDED:
        check_added_again(search, id);
        break;
    case EVENT_MODEL_RENAMED:
    case EVENT_FIELD_RENAMED:
    case EVENT_INDEX_RENAMED:
        check_renamed_back(search, id);
        break;
    }
}

void check_repeated_operation(RuleContext *context)
{
    const State *state = context->state;
    Search search = {
        .context = context, .versions = versions_read(context), .alike = alike_start(context)};
    lines_init(&search.lines, context);
    for (EventId id = 0, end; id < state->event_count; id = end) {
        const StateEvent *event = &state->events[id];
        for (end = id; end < state->event_count && state->events[end].step == event->step; end++)
            check_event(&search, end);
        const Operation *operation = whole_operation(context, id);
        if (operation && is_idle(&search, &(Doing){operation, id, end}))
            array_push(&search.idle, (Idle){operation, id});
        if (end == state->event_count || state->events[end].node != event->node) {
            report_idle(&search, event->node);
            array_clear(&search.idle);
        }
    }
    array_free(&search.idle);
    lines_free(&search.lines);
}
