#include "link/tables.h"
#include "rules/check.h"

/*
 * MG009: names that stop the import of a migration. Only what is certain: a
 * name that nothing in the file binds under any condition, or an attribute
 * that no version of Django has ever had.
 */

typedef struct Names {
    RuleContext *context;
    const Migration *migration;
    Map seen;  /* start of a place: one report each */
    Map *sound; /* Sym of a path that is known to be all right → 1, over all files */
} Names;

/* Splits "django.db.models.models.Index" at the longest module the tables
 * know; `*name` is the component behind it. */
static bool known_module(const Tables *tables, Str path, Str *module, Str *name)
{
    for (Str head = str_head(path, '.'); head.len; head = str_head(head, '.')) {
        Str rest = str_sub(path, head.len + 1, path.len);
        Str next = str_sub(rest, 0, str_find(rest, '.'));
        bool known = false;
        tables_django_module_has(tables, head, next, &known);
        if (known) {
            *module = head;
            *name = next;
            return true;
        }
    }
    return false;
}

/* Whether some version of Django has it; `*module` and `*name` say what is asked. */
static bool is_sound(const Tables *tables, Str path, Str *module, Str *name)
{
    bool known;
    return !str_starts(path, S("django.")) || !known_module(tables, path, module, name) ||
           !name->len || str_eq(*name, S("*")) ||
           tables_django_module_has(tables, *module, *name, &known);
}

static void check_path(Names *names, Str path, Span span)
{
    Str module, name;
    if (map_has(&names->seen, span.start) ||
        is_sound(names->context->workspace->tables, path, &module, &name))
        return;
    map_set(&names->seen, span.start, 1);
    Finding *finding = report_migration(
        names->context, names->migration, (Place){names->migration->path, span},
        "`%.*s` has no attribute `%.*s`, in no version of Django", STR_ARG(module), STR_ARG(name));
    finding_note(names->context, finding, (Place){0},
                 "importing the migration stops with AttributeError or ImportError");
}

static void check_module(Names *names, const Module *module)
{
    const Interner *in = &names->context->workspace->interner;
    for (uint32_t i = 0; i < module->unbound_count; i++) {
        const UnboundName *unbound = &module->unbound[i];
        Finding *finding = report_migration(
            names->context, names->migration, (Place){module->path, unbound->span},
            "`%.*s` is used here, but nothing in the file defines or imports it",
            STR_ARG(sym_str(in, unbound->name)));
        finding_note(names->context, finding, (Place){0},
                     "importing the migration stops with NameError: name '%.*s' is not defined",
                     STR_ARG(sym_str(in, unbound->name)));
    }
    for (uint32_t i = 0; i < module->import_count; i++) {
        const Import *import = &module->imports[i];
        if (import->scope != SCOPE_MODULE || import->conditional || !import->name)
            continue;
        Str path = arena_printf(names->context->scratch, "%.*s.%.*s",
                                STR_ARG(sym_str(in, import->module)),
                                STR_ARG(sym_str(in, import->name)));
        check_path(names, path, import->span);
    }
    for (ValueId id = 1; id < module->values.count; id++) {
        const Value *value = value_at(&module->values, id);
        if (value->kind != VALUE_NAME || value->flags & (VALUE_MAYBE | VALUE_FREE) ||
            map_has(names->sound, value->u.text))
            continue;
        Str module_name, attribute, path = sym_str(in, value->u.text);
        if (is_sound(names->context->workspace->tables, path, &module_name, &attribute))
            map_set(names->sound, value->u.text, 1);
        else
            check_path(names, path, value->span);
    }
}

void check_unresolvable_name(RuleContext *context)
{
    const Project *project = context->project;
    Map sound = {0};
    for (MigrationId id = 0; id < project->migration_count; id++) {
        const Migration *migration = &project->migrations[id];
        if (project->apps[migration->app].origin != APP_OWN || !migration->module ||
            migration->module->syntax_error)
            continue;
        Names names = {context, migration, {0}, &sound};
        check_module(&names, migration->module);
        map_free(&names.seen);
    }
    map_free(&sound);
}
