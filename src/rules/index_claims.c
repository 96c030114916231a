#include "rules/index_claims.h"

#include "rules/events.h"
#include "rules/problems.h"

enum { NONE = UINT32_MAX, MOST_NOTED = 5 };

/* ---- databases ----------------------------------------------------------- */

static bool has_engine(const Settings *settings, const char *part)
{
    for (uint32_t i = 0; i < settings->engine_count; i++)
        if (str_contains(settings->engines[i], str(part)))
            return true;
    return false;
}

bool claims_start(IndexClaims *claims, RuleContext *context)
{
    const Settings *settings = &context->project->settings;
    bool sqlite = has_engine(settings, "sqlite") || has_engine(settings, "spatialite");
    bool postgresql = has_engine(settings, "postg") || has_engine(settings, "cockroach");
    *claims = (IndexClaims){.context = context,
                            .meeting = {.context = context},
                            .known = settings->engine_count > 0,
                            .postgresql = postgresql || !settings->engine_count};
    return !claims->known || sqlite || postgresql;
}

void claims_done(IndexClaims *claims)
{
    meeting_done(&claims->meeting);
    array_free(&claims->claims);
    array_free(&claims->models);
    map_free(&claims->holders);
    map_free(&claims->by_subject[MADE_BY_NAME]);
    map_free(&claims->by_subject[MADE_BY_FIELD]);
    map_free(&claims->removed);
}

/* ---- telling ------------------------------------------------------------- */

static Str subject_text(const IndexClaims *claims, const IndexClaim *claim)
{
    return thing_text(claims->context, claim->model,
                      claim->maker == MADE_BY_FIELD ? claim->subject : SYM_NONE, claim->event);
}

static Place place_of(const IndexClaims *claims, const IndexClaim *claim)
{
    Place place = event_place(claims->context, claim->event);
    if (state_event_index(claims->context->state, claim->event) && claim->index &&
        claim->index->call.id && str_eq(claim->index->call.module->path, place.path))
        place.span = value_at(&claim->index->call.module->values, claim->index->call.id)->span;
    return place;
}

/* More of what was told last: another index of the same two models. */
static bool add_to_last(IndexClaims *claims, const IndexClaim *claim, const IndexClaim *holder)
{
    RuleContext *context = claims->context;
    if (!claims->last)
        return false;
    const IndexClaim *last = &claims->claims.items[claims->last_pair[0]];
    const IndexClaim *other = &claims->claims.items[claims->last_pair[1]];
    if (last->model != claim->model || other->model != holder->model ||
        event_at(context, last->event)->node != event_at(context, claim->event)->node)
        return false;
    if (claims->last->note_count < 3 + MOST_NOTED)
        finding_note(context, claims->last, place_of(claims, claim),
                     "so it is with the index `%.*s`", STR_ARG(claim->name));
    return true;
}

static void say_why(IndexClaims *claims, Finding *finding, bool made)
{
    RuleContext *context = claims->context;
    if (made)
        finding_note(
            context, finding, (Place){0},
            "indexes keep the names that Django made for them when their table gets another");
    finding_note(
        context, finding, (Place){0}, "%s",
        claims->known
            ? "the database refuses it: all tables share one list of names of indexes"
            : "PostgreSQL and SQLite refuse it; to MySQL names of indexes are their table's");
    if (made)
        finding_help(context, finding,
                     "rename the old index before, with SQL: ALTER INDEX … RENAME TO …");
    else
        finding_help(context, finding,
                     "give one of the two another name, or remove the old one before");
}

static void tell(IndexClaims *claims, uint32_t index, uint32_t holder_index)
{
    RuleContext *context = claims->context;
    const IndexClaim *claim = &claims->claims.items[index];
    const IndexClaim *holder = &claims->claims.items[holder_index];
    if (add_to_last(claims, claim, holder))
        return;
    const StateEvent *event = event_at(context, claim->event);
    Finding *finding = report_migration(
        context, &context->project->migrations[event->migration], place_of(claims, claim),
        "`%.*s` gets an index `%.*s`, and `%.*s` has one of that name",
        STR_ARG(subject_text(claims, claim)), STR_ARG(claim->name),
        STR_ARG(thing_text(context, holder->model, SYM_NONE, claim->event)));
    if (!claims->known && finding->severity > SEVERITY_WARNING)
        finding->severity = SEVERITY_WARNING;
    note_event(context, finding, holder->event);
    say_why(claims, finding, claim->maker != MADE_BY_NAME);
    follow_cause(context, finding, event->node, holder->event);
    claims->last = finding;
    claims->last_pair[0] = index;
    claims->last_pair[1] = holder_index;
}

/* A column that is gone has taken its indexes with it. */
static bool lost_column(const IndexClaims *claims, const IndexClaim *holder)
{
    const StateNames *fields = holder->index ? &holder->index->fields : holder->group;
    for (uint32_t i = 0; fields && i < fields->count; i++) {
        EventId event = map_get(&claims->removed, map_key(holder->model, fields->items[i]), NONE);
        if (event != NONE && event > holder->event)
            return true;
    }
    return false;
}

/* Two models on one table are MG206's to report. */
static bool on_one_table(const IndexClaims *claims, const IndexClaim *claim,
                         const IndexClaim *holder)
{
    const RuleContext *context = claims->context;
    StateAt now = {.step = event_at(context, claim->event)->step + 1};
    Str table = state_table_at(context->state, claim->model, now, context->scratch);
    return str_eq(table, state_table_at(context->state, holder->model, now, context->scratch));
}

/* ---- who has what -------------------------------------------------------- */

static ModelClaims *claims_of(IndexClaims *claims, ModelId model)
{
    while (claims->models.count <= model)
        array_push(&claims->models, (ModelClaims){.first = {NONE, NONE, NONE}});
    return &claims->models.items[model];
}

static uint32_t holder_of(const IndexClaims *claims, Str name)
{
    uint32_t index = map_get(&claims->holders, str_hash(name), NONE);
    return index != NONE && str_eq(claims->claims.items[index].name, name) ? index : NONE;
}

void claims_add(IndexClaims *claims, IndexClaim claim)
{
    if (!claim.name.len)
        return;
    uint32_t *first = &claims_of(claims, claim.model)->first[claim.maker];
    uint32_t index = claims->claims.count;
    claim.live = true;
    claim.next = *first;
    *first = index;
    array_push(&claims->claims, claim);
    if (claim.maker != MADE_BY_GROUP)
        map_set(&claims->by_subject[claim.maker], map_key(claim.model, claim.subject), index);
    uint32_t holder = holder_of(claims, claim.name);
    const IndexClaim *other = holder == NONE ? NULL : &claims->claims.items[holder];
    if (!other || other->model == claim.model || lost_column(claims, other)) {
        map_set(&claims->holders, str_hash(claim.name), index);
    } else if (!on_one_table(claims, &claim, other) &&
               surely_meet(&claims->meeting, claim.name, other->event, claim.event)) {
        tell(claims, index, holder);
    }
}

static void release(IndexClaims *claims, uint32_t index)
{
    IndexClaim *claim = &claims->claims.items[index];
    uint64_t key = str_hash(claim->name);
    if (claim->live && map_get(&claims->holders, key, NONE) == index)
        map_set(&claims->holders, key, NONE);
    claim->live = false;
}

static uint32_t claim_of(const IndexClaims *claims, IndexMaker maker, ModelId model, Sym subject)
{
    uint32_t index = map_get(&claims->by_subject[maker], map_key(model, subject), NONE);
    return index != NONE && claims->claims.items[index].live ? index : NONE;
}

const IndexClaim *claims_get(const IndexClaims *claims, IndexMaker maker, ModelId model,
                             Sym subject)
{
    uint32_t index = claim_of(claims, maker, model, subject);
    return index == NONE ? NULL : &claims->claims.items[index];
}

void claims_drop(IndexClaims *claims, IndexMaker maker, ModelId model, Sym subject)
{
    uint32_t index = claim_of(claims, maker, model, subject);
    if (index != NONE)
        release(claims, index);
}

static void drop_all(IndexClaims *claims, ModelId model, IndexMaker maker)
{
    uint32_t *first = &claims_of(claims, model)->first[maker];
    for (uint32_t i = *first; i != NONE; i = claims->claims.items[i].next)
        release(claims, i);
    *first = NONE;
}

void claims_drop_made(IndexClaims *claims, ModelId model)
{
    drop_all(claims, model, MADE_BY_FIELD);
    drop_all(claims, model, MADE_BY_GROUP);
}

void claims_drop_model(IndexClaims *claims, ModelId model)
{
    drop_all(claims, model, MADE_BY_NAME);
    claims_drop_made(claims, model);
}

bool option_has_group(const StateOption *option, const StateNames *group)
{
    for (uint32_t i = 0; option && i < option->group_count; i++) {
        const StateNames *one = &option->groups[i];
        if (one->count == group->count &&
            (!one->count || !memcmp(one->items, group->items, one->count * sizeof *one->items)))
            return true;
    }
    return false;
}

void claims_drop_groups(IndexClaims *claims, ModelId model, Sym option, const StateOption *kept)
{
    uint32_t *link = &claims_of(claims, model)->first[MADE_BY_GROUP];
    while (*link != NONE) {
        IndexClaim *claim = &claims->claims.items[*link];
        if (claim->subject == option && !option_has_group(kept, claim->group))
            release(claims, *link);
        if (claim->live)
            link = &claim->next;
        else
            *link = claim->next;
    }
}

/* ---- fields and tables --------------------------------------------------- */

void claims_rename_field(IndexClaims *claims, ModelId model, Sym from, Sym to)
{
    uint32_t index = claim_of(claims, MADE_BY_FIELD, model, from);
    claims_drop(claims, MADE_BY_FIELD, model, to);
    if (index == NONE)
        return;
    claims->claims.items[index].subject = to;
    map_set(&claims->by_subject[MADE_BY_FIELD], map_key(model, to), index);
    map_set(&claims->by_subject[MADE_BY_FIELD], map_key(model, from), NONE);
}

void claims_remove_field(IndexClaims *claims, ModelId model, Sym field, EventId event)
{
    claims_drop(claims, MADE_BY_FIELD, model, field);
    map_set(&claims->removed, map_key(model, field), event);
}

void claims_rename_table(IndexClaims *claims, ModelId model)
{
    claims_of(claims, model)->renamed = true;
}

void claims_change_table(IndexClaims *claims, ModelId model)
{
    ModelClaims *of_model = claims_of(claims, model);
    if (claims->postgresql || !of_model->renamed)
        return;
    of_model->renamed = false;
    claims_drop_made(claims, model);
}
