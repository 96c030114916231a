#include "rules/needs_internal.h"

#include "rules/arguments.h"
#include "rules/events.h"
#include "rules/nodes.h"

enum {
    WORK_FOR_ALL = 1 << 26, /* edges, events and uses looked at for a project */
    WORK_FOR_HISTORY = 8,   /* … for each event of a history that is put together */
    MOST_BASES = 16,        /* looked at for one model, nearest first */
    NOTHING = UINT32_MAX,
};

/* ---- uses and events by node: both are sorted by step ---- */

static uint32_t first_use(const StateUse *uses, uint32_t count, Step step)
{
    uint32_t low = 0;
    while (low < count) {
        uint32_t middle = low + (count - low) / 2;
        if (uses[middle].step < step)
            low = middle + 1;
        else
            count = middle;
    }
    return low;
}

static uint32_t first_event(const State *state, Step step)
{
    uint32_t low = 0, high = state->event_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (state->events[middle].step < step)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

Range node_uses(const RuleContext *context, NodeId node)
{
    const State *state = context->state;
    return (Range){first_use(state->uses, state->use_count, state->first_step[node]),
                   first_use(state->uses, state->use_count, state->end_step[node])};
}

Range node_events(const RuleContext *context, NodeId node)
{
    const State *state = context->state;
    return (Range){first_event(state, state->first_step[node]),
                   first_event(state, state->end_step[node])};
}

/* ---- what is asked of the state once ---- */

static Sym app_of(const Needs *needs, NodeId node)
{
    return needs->context->graph->nodes[node].app;
}

static void chain(Map *last, uint32_t *before, Sym app, Sym model, uint32_t use)
{
    before[use] = map_get(last, map_key(app, model), NOTHING);
    map_set(last, map_key(app, model), use);
}

static void index_uses(Needs *needs)
{
    const State *state = needs->context->state;
    Arena *arena = needs->context->scratch;
    needs->before_pointing = arena_array(arena, uint32_t, state->use_count);
    needs->before_base = arena_array(arena, uint32_t, state->use_count);
    for (uint32_t i = 0; i < state->use_count; i++) {
        const StateUse *use = &state->uses[i];
        Sym app = app_of(needs, use->node);
        if (use->app != app)
            chain(&needs->pointing, needs->before_pointing, use->app, use->model, i);
        if (use->kind == USE_BASE)
            chain(&needs->bases, needs->before_base, app, use->owner, i);
    }
    needs->before_looking = arena_array(arena, uint32_t, state->lookup_count);
    for (uint32_t i = 0; i < state->lookup_count; i++) {
        const StateUse *lookup = &state->lookups[i];
        if (lookup->app != app_of(needs, lookup->node))
            chain(&needs->looking, needs->before_looking, lookup->app, lookup->model, i);
    }
}

void needs_open(Needs *needs, RuleContext *context)
{
    const Interner *interner = &context->workspace->interner;
    *needs = (Needs){.context = context,
                     .db_table = intern_find(interner, S("db_table")),
                     .id = intern_find(interner, S("id")),
                     .work_left = WORK_FOR_ALL};
    index_uses(needs);
    needs_index_names(needs);
}

void needs_close(Needs *needs)
{
    map_free(&needs->histories);
    map_free(&needs->pointing);
    map_free(&needs->looking);
    map_free(&needs->bases);
    map_free(&needs->given_up);
    array_free(&needs->known);
    array_free(&needs->names);
    array_free(&needs->tables);
}

/* ---- the latest event about a model ---- */

/* What is asked of a model beside its name. */
typedef enum AskedKind { ASK_NAME, ASK_KEY, ASK_FIELDS } AskedKind;
typedef struct Asked {
    const NodeSet *within;
    AskedKind kind;
    Sym to_field; /* ASK_KEY: this too; SYM_NONE */
} Asked;

static Events history(Needs *needs, Sym app, Sym model)
{
    uint32_t index = map_get(&needs->histories, map_key(app, model), NOTHING);
    if (index == NOTHING && needs->work_left) {
        Events events =
            state_history(needs->context->state, app, model, SYM_NONE, needs->context->scratch);
        needs_work(needs, WORK_FOR_HISTORY * (uint64_t)events.count);
        index = needs->known.count;
        array_push(&needs->known, events);
        map_set(&needs->histories, map_key(app, model), index);
    }
    return index == NOTHING ? (Events){0} : needs->known.items[index];
}

static bool touches_field(const StateEvent *event, Sym field)
{
    return field && (event->name == field || event->from == field || event->to == field);
}

static bool touches_key(const Needs *needs, EventId id)
{
    const StateField *field = state_event_field(needs->context->state, id);
    if (field)
        return field->primary_key || !field->class_path;
    return needs->context->state->events[id].name == needs->id;
}

static bool matters(const Needs *needs, EventId id, const Asked *asked)
{
    const StateEvent *event = event_at(needs->context, id);
    switch (event->kind) {
    case EVENT_MODEL_CREATED:
    case EVENT_MODEL_DELETED:
    case EVENT_MODEL_OVERWRITTEN:
    case EVENT_MODEL_RENAMED:
        return true;
    case EVENT_OPTION_SET:
    case EVENT_OPTION_DROPPED:
        return asked->kind != ASK_NAME && event->name == needs->db_table;
    case EVENT_FIELD_ADDED:
    case EVENT_FIELD_ALTERED:
    case EVENT_FIELD_REMOVED:
    case EVENT_FIELD_RENAMED:
    case EVENT_FIELD_REPOINTED:
        return asked->kind == ASK_FIELDS ||
               (asked->kind == ASK_KEY &&
                (touches_field(event, asked->to_field) || touches_key(needs, id)));
    default:
        return false;
    }
}

static EventId latest(Needs *needs, Sym app, Sym model, const Asked *asked)
{
    Events events = history(needs, app, model);
    for (uint32_t i = events.count; i-- > 0 && needs_work(needs, 1);)
        if (nodeset_has(asked->within, event_at(needs->context, events.items[i])->node) &&
            matters(needs, events.items[i], asked))
            return events.items[i];
    return EVENT_NONE;
}

static EventId later(EventId a, EventId b)
{
    if (a == EVENT_NONE || b == EVENT_NONE)
        return a == EVENT_NONE ? b : a;
    return a > b ? a : b;
}

/* What happens to a model in the migration that creates it is told as that. */
static EventId as_creation(const Needs *needs, EventId id)
{
    const StateEvent *event = event_at(needs->context, id);
    EventId created = event->model == MODEL_NONE
                          ? EVENT_NONE
                          : state_created(needs->context->state, event->model);
    bool same = created != EVENT_NONE && created < id &&
                event_at(needs->context, created)->node == event->node;
    return same && event->kind != EVENT_MODEL_RENAMED && event->kind != EVENT_MODEL_DELETED
               ? created
               : id;
}

void needs_add(const Needs *needs, EventId event, const StateUse *use, NeedList *out)
{
    if (event == EVENT_NONE)
        return;
    const StateEvent *at = event_at(needs->context, event);
    array_push(out, (Need){as_creation(needs, event), at->node, at->step, use});
}

typedef struct Name {
    Sym app, model;
} Name;

/* The model itself first, then its bases, theirs, and so on. */
static uint32_t with_bases(Needs *needs, Sym app, Sym model, Name *out)
{
    uint32_t count = 1;
    out[0] = (Name){app, model};
    for (uint32_t i = 0; i < count; i++) {
        uint64_t key = map_key(out[i].app, out[i].model);
        uint32_t use = map_get(&needs->bases, key, NOTHING);
        for (; use != NOTHING && count < MOST_BASES; use = needs->before_base[use]) {
            const StateUse *base = &needs->context->state->uses[use];
            out[count++] = (Name){base->app, base->model};
        }
    }
    return count;
}

/* ---- what a use needs ---- */

/* The event of the field, or of the model with its base, that a use is about. */
static EventId event_of_use(Needs *needs, const StateUse *use)
{
    const State *state = needs->context->state;
    for (EventId id = first_event(state, use->step);
         id < state->event_count && state->events[id].step == use->step && needs_work(needs, 1);
         id++) {
        const StateEvent *event = &state->events[id];
        if (use->kind == USE_BASE ? event->kind == EVENT_MODEL_CREATED
                                  : state_event_field(state, id) && event->name == use->field)
            return id;
    }
    return EVENT_NONE;
}

static Sym to_field_of(Needs *needs, const StateUse *use)
{
    EventId id = use->kind == USE_TARGET ? event_of_use(needs, use) : EVENT_NONE;
    if (id == EVENT_NONE)
        return SYM_NONE;
    const Interner *interner = &needs->context->workspace->interner;
    const StateField *field = state_event_field(needs->context->state, id);
    Subject to_field = call_argument(interner, field->call, S("to_field"));
    return field->to_field
               ? field->to_field
               : intern_find(interner,
                             value_text(interner, (ValueRef){to_field.module, to_field.value}));
}

static AskedKind asked_by(const StateUse *use)
{
    return use->kind == USE_LOOKUP ? ASK_NAME : use->kind == USE_TARGET ? ASK_KEY : ASK_FIELDS;
}

static void need_target(Needs *needs, const StateUse *use, const NodeSet *within, NeedList *out)
{
    Asked asked = {within, asked_by(use), to_field_of(needs, use)};
    Name names[MOST_BASES];
    uint32_t count = asked.kind == ASK_NAME ? 1 : with_bases(needs, use->app, use->model, names);
    EventId found = latest(needs, use->app, use->model, &asked);
    for (uint32_t i = 1; i < count; i++)
        found = later(found, latest(needs, names[i].app, names[i].model, &asked));
    needs_add(needs, found, use, out);
}

/* A field of a model that is added or taken away here: bases and heirs have fields too. */
static void need_relatives(Needs *needs, const StateUse *use, const NodeSet *within, NeedList *out)
{
    const State *state = needs->context->state;
    Asked asked = {within, ASK_FIELDS, SYM_NONE};
    Name names[MOST_BASES];
    uint32_t count = with_bases(needs, use->app, use->model, names);
    for (uint32_t i = 1; i < count; i++)
        if (names[i].app != use->app)
            needs_add(needs, latest(needs, names[i].app, names[i].model, &asked), use, out);
    uint32_t heir = map_get(&needs->pointing, map_key(use->app, use->model), NOTHING);
    for (; heir != NOTHING && needs_work(needs, 1); heir = needs->before_pointing[heir]) {
        const StateUse *base = &state->uses[heir];
        if (base->kind == USE_BASE)
            needs_add(needs, latest(needs, app_of(needs, base->node), base->owner, &asked), use,
                      out);
    }
}

/* What the code of others read of a model of which something is taken away here. */
static void need_looking(Needs *needs, const StateUse *use, const NodeSet *within, NeedList *out)
{
    const State *state = needs->context->state;
    uint32_t i = map_get(&needs->looking, map_key(use->app, use->model), NOTHING);
    for (; i != NOTHING && needs_work(needs, 1); i = needs->before_looking[i]) {
        const StateUse *lookup = &state->lookups[i];
        if (nodeset_has(within, lookup->node))
            array_push(out, (Need){EVENT_NONE, lookup->node, lookup->step, lookup});
    }
}

/* The latest event that turns away what `use` once pointed with, whatever it is called by then. */
static EventId latest_release(Needs *needs, const StateUse *use, const NodeSet *within)
{
    Events events = history(needs, app_of(needs, use->node), use->owner);
    EventId found = EVENT_NONE;
    Sym field = use->field;
    for (uint32_t i = 0; i < events.count && needs_work(needs, 1); i++) {
        const StateEvent *event = event_at(needs->context, events.items[i]);
        bool of_field = event->kind == EVENT_FIELD_RENAMED
                            ? event->from == field
                            : event->kind >= EVENT_FIELD_ADDED && event->name == field;
        bool of_model = event->kind <= EVENT_MODEL_RENAMED;
        if (event->step <= use->step || event->kind > EVENT_FIELD_RENAMED ||
            !(of_model || (field && of_field)))
            continue;
        if (event->kind == EVENT_FIELD_RENAMED)
            field = event->to;
        if (nodeset_has(within, event->node))
            found = events.items[i];
        if (event->kind == EVENT_FIELD_REMOVED)
            break;
    }
    return found;
}

/* A model that is deleted or renamed here, or (`field`) whose key changes. */
static void need_pointing(Needs *needs, const StateUse *use, Sym field, const NodeSet *within,
                          NeedList *out)
{
    const State *state = needs->context->state;
    uint32_t i = map_get(&needs->pointing, map_key(use->app, use->model), NOTHING);
    for (; i != NOTHING && needs_work(needs, 1); i = needs->before_pointing[i]) {
        const StateUse *other = &state->uses[i];
        if (field && to_field_of(needs, other) != field)
            continue;
        if (nodeset_has(within, other->node))
            needs_add(needs, event_of_use(needs, other), use, out);
        needs_add(needs, latest_release(needs, other, within), use, out);
    }
}

static bool is_key(Needs *needs, const StateUse *use)
{
    EventId id = event_of_use(needs, use);
    return use->field == needs->id || (id != EVENT_NONE && touches_key(needs, id));
}

/* What changes in the migration's own app, as far as other apps have to do with it. */
static void need_of_field(Needs *needs, const StateUse *use, const NodeSet *within, NeedList *out)
{
    if (use->kind == USE_MODEL) {
        need_relatives(needs, use, within, out);
        return;
    }
    need_pointing(needs, use, is_key(needs, use) ? SYM_NONE : use->field, within, out);
    need_looking(needs, use, within, out);
}

/* What changes in the migration's own app, as far as other apps have to do with it. */
static void need_own(Needs *needs, const StateUse *use, const NodeSet *within, NeedList *out)
{
    const Migration *migration = &needs->context->project->migrations[use->migration];
    if (use->operation >= migration->operation_count)
        return;
    switch (migration->operations[use->operation].kind) {
    case OPERATION_DELETE_MODEL:
    case OPERATION_RENAME_MODEL:
        need_looking(needs, use, within, out);
        need_pointing(needs, use, SYM_NONE, within, out);
        break;
    case OPERATION_ALTER_MODEL_TABLE:
        need_pointing(needs, use, SYM_NONE, within, out);
        break;
    case OPERATION_ADD_FIELD:
        need_relatives(needs, use, within, out);
        break;
    case OPERATION_REMOVE_FIELD:
    case OPERATION_RENAME_FIELD:
    case OPERATION_ALTER_FIELD:
        need_of_field(needs, use, within, out);
        break;
    default:
        break;
    }
}

void needs_collect(Needs *needs, NodeId node, const NodeSet *within, NeedList *out)
{
    const State *state = needs->context->state;
    Range uses = node_uses(needs->context, node);
    for (uint32_t i = uses.first; i < uses.end && needs_work(needs, 1); i++)
        if (state->uses[i].app != app_of(needs, node))
            need_target(needs, &state->uses[i], within, out);
        else
            need_own(needs, &state->uses[i], within, out);
    uint32_t lookup = first_use(state->lookups, state->lookup_count, state->first_step[node]);
    for (; lookup < state->lookup_count && state->lookups[lookup].node == node; lookup++)
        if (state->lookups[lookup].app != app_of(needs, node) && needs_work(needs, 1))
            need_target(needs, &state->lookups[lookup], within, out);
    needs_of_names(needs, node, within, out);
}
