#include "rules/events.h"
#include "rules/nodes.h"

/*
 * MG3: what `makemigrations` would write. The difference is found in models/; here it is told, each
 * change by the rule that it belongs to, with its place in the class and in the migrations.
 */

static bool is_option_change(const Change *change)
{
    return change->kind >= CHANGE_ALTER_OPTIONS && change->kind < CHANGE_KINDS;
}

static bool changes_type(const Change *change)
{
    for (uint32_t i = 0; i < change->details.count; i++)
        if (change->details.items[i].kind == DETAIL_CLASS ||
            change->details.items[i].kind == DETAIL_TARGET)
            return true;
    return false;
}

static Str sym(const RuleContext *context, Sym text)
{
    return context_str(context, text);
}

static const App *app_of(const RuleContext *context, const Change *change)
{
    return &context->project->apps[project_app(context->project, change->app)];
}

/* "blog.Post" or "blog.Post.title" */
static Str subject(const RuleContext *context, const Change *change, Sym name)
{
    Str model = arena_printf(context->scratch, "%.*s.%.*s", STR_ARG(sym(context, change->app)),
                             STR_ARG(sym(context, change->model_name)));
    return name ? arena_printf(context->scratch, "%.*s.%.*s", STR_ARG(model),
                               STR_ARG(sym(context, name)))
                : model;
}

static void help_make(RuleContext *context, Finding *finding, const Change *change)
{
    finding_help(context, finding, "run `makemigrations %.*s`", STR_ARG(sym(context, change->app)));
}

/* ---- models ---- */

static void note_users(RuleContext *context, Finding *finding, const Change *change)
{
    Events events =
        state_history(context->state, change->app, change->model, SYM_NONE, context->scratch);
    const StateEvent *last =
        events.count ? event_at(context, events.items[events.count - 1]) : NULL;
    if (last && last->node != event_at(context, change->event)->node)
        finding_note(context, finding, event_place(context, events.items[events.count - 1]),
                     "`%.*s` is the last migration that uses it",
                     STR_ARG(node_text(context, last->node)));
}

void check_orphaned_model(RuleContext *context)
{
    for (uint32_t i = 0; i < context->drift->count; i++) {
        const Change *change = &context->drift->items[i];
        bool renamed = change->kind == CHANGE_RENAME_MODEL;
        if (change->kind != CHANGE_DELETE_MODEL && !renamed)
            continue;
        Str model = subject(context, change, SYM_NONE);
        Place place = renamed ? change->place : event_place(context, change->event);
        Finding *finding =
            report_app(context, app_of(context, change), place,
                       renamed ? "the migrations call this model `%.*s`"
                               : "the migrations make `%.*s`, but no class of the app provides it",
                       STR_ARG(renamed ? arena_printf(context->scratch, "%.*s.%.*s",
                                                      STR_ARG(sym(context, change->app)),
                                                      STR_ARG(sym(context, change->name)))
                                       : model));
        if (renamed)
            note_event(context, finding, change->event);
        else
            note_users(context, finding, change);
        if (renamed)
            finding_help(context, finding,
                         "`makemigrations %.*s` asks whether it was renamed: answer yes",
                         STR_ARG(sym(context, change->app)));
        else
            finding_help(context, finding,
                         "bring the class back, or let `makemigrations %.*s` delete the model",
                         STR_ARG(sym(context, change->app)));
    }
}

void check_unmigrated_model(RuleContext *context)
{
    for (uint32_t i = 0; i < context->drift->count; i++) {
        const Change *change = &context->drift->items[i];
        if (change->kind != CHANGE_CREATE_MODEL)
            continue;
        Finding *finding =
            report_app(context, app_of(context, change), change->place,
                       "no migration creates `%.*s`", STR_ARG(subject(context, change, SYM_NONE)));
        help_make(context, finding, change);
    }
}

/* ---- fields ---- */

void check_unmigrated_field(RuleContext *context)
{
    for (uint32_t i = 0; i < context->drift->count; i++) {
        const Change *change = &context->drift->items[i];
        if (change->kind != CHANGE_ADD_FIELD)
            continue;
        Finding *finding =
            report_app(context, app_of(context, change), change->place, "no migration adds `%.*s`",
                       STR_ARG(subject(context, change, change->name)));
        note_event(context, finding, change->event);
        help_make(context, finding, change);
    }
}

void check_orphaned_field(RuleContext *context)
{
    for (uint32_t i = 0; i < context->drift->count; i++) {
        const Change *change = &context->drift->items[i];
        bool renamed = change->kind == CHANGE_RENAME_FIELD;
        if (change->kind != CHANGE_REMOVE_FIELD && !renamed)
            continue;
        Str field = subject(context, change, change->name);
        Finding *finding =
            report_app(context, app_of(context, change), change->place,
                       renamed ? "the migrations call this field `%.*s`"
                               : "the migrations have `%.*s`, but the class does not",
                       STR_ARG(field));
        note_event(context, finding, change->event);
        if (renamed)
            finding_help(context, finding,
                         "`makemigrations %.*s` asks whether it was renamed: answer yes",
                         STR_ARG(sym(context, change->app)));
        else
            help_make(context, finding, change);
    }
}

static Str short_class(const RuleContext *context, Sym path)
{
    Str text = sym(context, path), models = S("django.db.models.");
    return str_starts(text, models) ? str_sub(text, models.len, text.len) : text;
}

static void report_type(RuleContext *context, const Change *change)
{
    const Detail *detail = change->details.items;
    while (detail->kind != DETAIL_CLASS && detail->kind != DETAIL_TARGET)
        detail++;
    bool class = detail->kind == DETAIL_CLASS;
    Finding *finding = report_app(
        context, app_of(context, change), change->place,
        class ? "`%.*s` is `%.*s` here, but `%.*s` in the migrations"
              : "`%.*s` points at `%.*s` here, but at `%.*s` in the migrations",
        STR_ARG(subject(context, change, change->to ? change->to : change->name)),
        STR_ARG(class ? short_class(context, detail->after) : sym(context, detail->after)),
        STR_ARG(class ? short_class(context, detail->before) : sym(context, detail->before)));
    note_event(context, finding, change->event);
    if (change->to)
        finding_help(context, finding,
                     "`makemigrations` would drop the column of `%.*s` and add a new one, and lose "
                     "what is in it; write RenameField and AlterField to keep it",
                     STR_ARG(sym(context, change->name)));
    else
        help_make(context, finding, change);
}

void check_field_type_changed(RuleContext *context)
{
    for (uint32_t i = 0; i < context->drift->count; i++) {
        const Change *change = &context->drift->items[i];
        if (change->kind == CHANGE_ALTER_FIELD && changes_type(change) && !change->implicit_key)
            report_type(context, change);
    }
}

/* A literal as it is written, for messages; empty for what is too long to be told. */
static Str literal(const RuleContext *context, ValueRef ref)
{
    enum { LONGEST = 40 };
    const Value *value = ref.id ? value_at(&ref.module->values, ref.id) : NULL;
    Str text = {0};
    switch (value ? (ValueKind)value->kind : VALUE_UNKNOWN) {
    case VALUE_NONE:
        return S("None");
    case VALUE_BOOL:
        return value->u.boolean ? S("True") : S("False");
    case VALUE_INT:
        return arena_printf(context->scratch, "%lld", (long long)value->u.integer);
    case VALUE_FLOAT:
        text = sym(context, value->u.text);
        break;
    case VALUE_STRING:
        text = arena_printf(context->scratch, "\"%.*s\"", STR_ARG(sym(context, value->u.text)));
        break;
    default:
        break;
    }
    return text.len <= LONGEST ? text : (Str){0};
}

/* "`max_length` (100 in the migrations, 200 here)" */
static Str difference(const RuleContext *context, const Detail *detail)
{
    Str name = sym(context, detail->name);
    Str from = detail->from.id ? literal(context, detail->from) : S("not given");
    Str to = detail->to.id ? literal(context, detail->to) : S("not given");
    if (!from.len || !to.len || (!detail->from.id && !detail->to.id))
        return arena_printf(context->scratch, "`%.*s`", STR_ARG(name));
    return arena_printf(context->scratch, "`%.*s` (%.*s in the migrations, %.*s here)",
                        STR_ARG(name), STR_ARG(from), STR_ARG(to));
}

static Str differences(const RuleContext *context, const Change *change)
{
    enum { MOST_TOLD = 4 };
    Str all = {0};
    for (uint32_t i = 0; i < change->details.count && i < MOST_TOLD; i++) {
        Str text = difference(context, &change->details.items[i]);
        all = i ? arena_printf(context->scratch, "%.*s, %.*s", STR_ARG(all), STR_ARG(text)) : text;
    }
    if (change->details.count > MOST_TOLD)
        all = arena_printf(context->scratch, "%.*s and %u more", STR_ARG(all),
                           change->details.count - MOST_TOLD);
    return all;
}

void check_field_options_changed(RuleContext *context)
{
    for (uint32_t i = 0; i < context->drift->count; i++) {
        const Change *change = &context->drift->items[i];
        if (change->kind != CHANGE_ALTER_FIELD || changes_type(change))
            continue;
        Finding *finding = report_app(context, app_of(context, change), change->place,
                                      "`%.*s` differs from the migrations in %.*s",
                                      STR_ARG(subject(context, change, change->name)),
                                      STR_ARG(differences(context, change)));
        note_event(context, finding, change->event);
        help_make(context, finding, change);
    }
}

/* ---- options ---- */

static Str option_text(const RuleContext *context, const Change *change)
{
    static const struct {
        const char *before, *after;
    } forms[CHANGE_KINDS] = {
        [CHANGE_ADD_INDEX] = {"index `", "`, which no migration adds"},
        [CHANGE_REMOVE_INDEX] = {"index `", "`, which only the migrations have"},
        [CHANGE_RENAME_INDEX] = {"the name of index `", "`"},
        [CHANGE_ADD_CONSTRAINT] = {"constraint `", "`, which no migration adds"},
        [CHANGE_REMOVE_CONSTRAINT] = {"constraint `", "`, which only the migrations have"},
        [CHANGE_ALTER_CONSTRAINT] = {"constraint `", "`"},
    };
    if (change->kind == CHANGE_ALTER_MANAGERS)
        return S("its managers");
    if (!forms[change->kind].before)
        return differences(context, change);
    return arena_printf(context->scratch, "%s%.*s%s", forms[change->kind].before,
                        STR_ARG(sym(context, change->name)), forms[change->kind].after);
}

void check_model_options_changed(RuleContext *context)
{
    for (uint32_t i = 0; i < context->drift->count; i++) {
        const Change *change = &context->drift->items[i];
        if (!is_option_change(change))
            continue;
        Finding *finding = report_app(context, app_of(context, change), change->place,
                                      "`%.*s` differs from the migrations in %.*s",
                                      STR_ARG(subject(context, change, SYM_NONE)),
                                      STR_ARG(option_text(context, change)));
        note_event(context, finding, change->event);
        help_make(context, finding, change);
    }
}

void check_primary_key_type_changed(RuleContext *context)
{
    for (uint32_t i = 0; i < context->drift->count; i++) {
        const Change *change = &context->drift->items[i];
        if (change->kind != CHANGE_ALTER_FIELD || !change->implicit_key)
            continue;
        const Detail *detail = change->details.items;
        Finding *finding = report_app(
            context, app_of(context, change), change->place,
            "the primary key of `%.*s` is `%.*s` by default now, but `%.*s` in the migrations",
            STR_ARG(subject(context, change, SYM_NONE)),
            STR_ARG(short_class(context, detail->after)),
            STR_ARG(short_class(context, detail->before)));
        note_event(context, finding, change->event);
        finding_help(context, finding,
                     "set `default_auto_field` in the AppConfig of `%.*s`, or run `makemigrations`",
                     STR_ARG(sym(context, change->app)));
    }
}

/* ---- apps ---- */

/* Who names the app in `dependencies`: the first edge that is written, or NULL. */
static const Migration *first_dependent(const RuleContext *context, Sym label,
                                        const Dependency **dependency)
{
    const Project *project = context->project;
    for (MigrationId id = 0; id < project->migration_count; id++) {
        const Migration *migration = &project->migrations[id];
        if (project->apps[migration->app].origin != APP_OWN)
            continue;
        for (uint32_t i = 0; i < migration->dependencies.count; i++) {
            *dependency = &migration->dependencies.items[i];
            if ((*dependency)->app == label && !(*dependency)->maybe)
                return migration;
        }
    }
    return NULL;
}

void check_app_without_migrations(RuleContext *context)
{
    const Registry *registry = context->registry;
    for (AppId id = 0; id < context->project->app_count; id++) {
        const App *app = &context->project->apps[id];
        const Dependency *dependency;
        const Model *first = NULL;
        if (app->origin != APP_OWN || app->package != PACKAGE_NONE || !app->installed_known ||
            !app->installed || app_may_lie_elsewhere(context, app))
            continue;
        for (uint32_t i = 0; i < registry->apps[id].count && !first; i++) {
            const Model *model = &registry->models[registry->apps[id].first + i];
            first = model->there == YES && model_has_table(model) == YES ? model : NULL;
        }
        const Migration *dependent =
            first ? first_dependent(context, app->label, &dependency) : NULL;
        if (!dependent)
            continue;
        Finding *finding =
            report_app(context, app, first->place,
                       "`%.*s` has models and no migrations, but others depend on it",
                       STR_ARG(sym(context, app->label)));
        finding_note(context, finding, dependency->place, "`%.*s.%.*s` depends on `%.*s`",
                     STR_ARG(sym(context, context->project->apps[dependent->app].label)),
                     STR_ARG(sym(context, dependent->name)), STR_ARG(sym(context, app->label)));
        finding_help(context, finding, "run `makemigrations %.*s`",
                     STR_ARG(sym(context, app->label)));
    }
}
