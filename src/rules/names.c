#include "link/tables.h"
#include "rules/check.h"

#include <stdlib.h>

/*
 * MG009: names that stop the import of a migration. Only what is certain: a
 * name that nothing in the file binds under any condition, or an attribute
 * that no version of Django has ever had.
 */

/* A place that stops the import. */
typedef struct Offence {
    Str module, name; /* what has no such name; no module: this file */
    Span span;
} Offence;

typedef struct Names {
    RuleContext *context;
    const Migration *migration;
    Array(Offence) offences;
    Map seen;   /* start of a place: it offends once */
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
    array_push(&names->offences, (Offence){module, name, span});
}

static void check_imports(Names *names, const Module *module)
{
    const Interner *in = &names->context->workspace->interner;
    for (uint32_t i = 0; i < module->import_count; i++) {
        const Import *import = &module->imports[i];
        if (import->scope != SCOPE_MODULE || import->conditional || !import->name)
            continue;
        Str path =
            arena_printf(names->context->scratch, "%.*s.%.*s", STR_ARG(sym_str(in, import->module)),
                         STR_ARG(sym_str(in, import->name)));
        check_path(names, path, import->span);
    }
}

static void check_module(Names *names, const Module *module)
{
    const Interner *in = &names->context->workspace->interner;
    for (uint32_t i = 0; i < module->unbound_count; i++) {
        const UnboundName *unbound = &module->unbound[i];
        array_push(&names->offences, (Offence){S(""), sym_str(in, unbound->name), unbound->span});
    }
    check_imports(names, module);
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

/* ---- one name, one report ---- */

static int by_name(const void *a, const void *b)
{
    const Offence *left = a, *right = b;
    int order = str_cmp(left->module, right->module);
    if (!order)
        order = str_cmp(left->name, right->name);
    return order ? order
                 : (left->span.start > right->span.start) - (left->span.start < right->span.start);
}

static void report_unbound(Names *names, const Offence *first, Place place, Str more)
{
    Finding *finding =
        report_migration(names->context, names->migration, place,
                         "`%.*s` is used here%.*s, but nothing in the file defines or imports it",
                         STR_ARG(first->name), STR_ARG(more));
    finding_note(names->context, finding, (Place){0},
                 "importing the migration stops with NameError: name '%.*s' is not defined",
                 STR_ARG(first->name));
}

static void report_attribute(Names *names, const Offence *first, Place place, Str more)
{
    Finding *finding =
        report_migration(names->context, names->migration, place,
                         "`%.*s` has no attribute `%.*s`, in no version of Django; used here%.*s",
                         STR_ARG(first->module), STR_ARG(first->name), STR_ARG(more));
    finding_note(names->context, finding, (Place){0},
                 "importing the migration stops with AttributeError or ImportError");
}

/* The first place of each name stands for all. */
static void report_offences(Names *names)
{
    const Offence *all = names->offences.items;
    if (names->offences.count > 1)
        qsort(names->offences.items, names->offences.count, sizeof *all, by_name);
    for (uint32_t i = 0, end; i < names->offences.count; i = end) {
        for (end = i + 1; end < names->offences.count; end++)
            if (!str_eq(all[end].module, all[i].module) || !str_eq(all[end].name, all[i].name))
                break;
        Str more = S("");
        if (end - i > 1)
            more = arena_printf(names->context->scratch, " and in %u more place%s", end - i - 1,
                                end - i > 2 ? "s" : "");
        Place place = {names->migration->path, all[i].span};
        (all[i].module.len ? report_attribute : report_unbound)(names, &all[i], place, more);
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
        Names names = {.context = context, .migration = migration, .sound = &sound};
        check_module(&names, migration->module);
        report_offences(&names);
        array_free(&names.offences);
        map_free(&names.seen);
    }
    map_free(&sound);
}
