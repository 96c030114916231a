#include "link/link.h"

#include <stdlib.h>

/* Names that say "this holds settings": settings.py, settings_dev.py,
 * settings/base.py, config/common.py, conf/production.py. */
static bool named_like_settings(const SourceTree *tree, const SourceFile *file)
{
    if (str_contains(file->name, S("settings")))
        return true;
    Str dir = tree->dirs[file->dir].name;
    return str_contains(dir, S("settings")) || str_eq(dir, S("config")) || str_eq(dir, S("conf"));
}

static bool below_tests(Str path)
{
    for (Str rest = path; rest.ptr;) {
        Str part = str_cut(&rest, '/');
        if (str_starts(part, S("test")) || str_ends(part, S("_test")) ||
            str_ends(part, S("_tests")) || str_contains(part, S("settings_test")) ||
            str_contains(part, S("test_settings")))
            return true;
    }
    return false;
}

/* A template that startproject would fill in, not a module. */
static bool is_template(Str path)
{
    return str_contains(path, S("template"));
}

static bool says_something(Link *link, const Module *module)
{
    static const char *const names[] = {"INSTALLED_APPS", "AUTH_USER_MODEL",    "MIGRATION_MODULES",
                                        "DATABASES",      "DEFAULT_AUTO_FIELD", "DATABASE_ROUTERS"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (module_binding(module, intern(&link->workspace->interner, str(names[i]))))
            return true;
    return false;
}

static void add_module(Link *link, LinkScope *scope, const SourceFile *file, bool main)
{
    const Module *module = loader_read(link->loader, link->own, file);
    if (!module)
        return;
    for (uint32_t i = 0; i < scope->modules.count; i++)
        if (scope->modules.items[i].module == module)
            return;
    if (main || says_something(link, module))
        array_push(&scope->modules,
                   (SettingsModule){module, file->dir, main, below_tests(file->path)});
}

static void find_main(Link *link, LinkScope *scope)
{
    if (!scope->main_settings.len)
        return;
    ModulePath path =
        loader_find_module(link->loader, link->own, scope->root, scope->main_settings);
    if (path.file)
        add_module(link, scope, path.file, true);
}

static int by_authority(const void *a, const void *b)
{
    const SettingsModule *left = a, *right = b;
    if (left->main != right->main)
        return right->main - left->main;
    if (left->test != right->test)
        return left->test - right->test;
    return str_cmp(left->module->path, right->module->path);
}

/* What manage.py names is plainly the settings, and can be read wholly: what it does not set has
 * Django's default, whatever settings for tests say. */
static bool settles(Link *link, const SettingsModule *module)
{
    Sym apps = intern(&link->workspace->interner, S("INSTALLED_APPS"));
    return module->main && loader_is_whole(link->loader, module->module) &&
           loader_binding(link->loader, module->module, apps).id;
}

uint32_t link_used_settings(Link *link, const LinkScope *scope)
{
    uint32_t main = 0, others = 0;
    for (uint32_t i = 0; i < scope->modules.count; i++) {
        uint32_t bit = 1u << (i < 31 ? i : 31);
        main |= settles(link, &scope->modules.items[i]) ? bit : 0;
        others |= scope->modules.items[i].test ? 0 : bit;
    }
    return main ? main : others ? others : UINT32_MAX;
}

Setting link_setting(Link *link, const LinkScope *scope, Sym name)
{
    Setting found = {0};
    bool from_test = false, settled = false;
    for (uint32_t i = 0; i < scope->modules.count; i++) {
        const SettingsModule *module = &scope->modules.items[i];
        ValueRef value = loader_binding(link->loader, module->module, name);
        settled |= !value.id && settles(link, module);
        if (!value.id || (settled && module->test))
            continue;
        value = loader_value(link->loader, value);
        if (!found.value.id) {
            found = (Setting){.value = value, .place = ref_place(value)};
            from_test = module->test;
            if (module->main)
                return found;
            continue;
        }
        /* Settings for tests say what tests need; they do not contradict. */
        if (module->test && !from_test)
            continue;
        bool same = ref_is(value, VALUE_STRING) && ref_is(found.value, VALUE_STRING) &&
                    ref_value(value)->u.text == ref_value(found.value)->u.text;
        if (!same && value.module != found.value.module)
            return (Setting){.place = found.place, .contradictory = true};
    }
    return found;
}

static bool is_settled(Link *link, const LinkScope *scope)
{
    for (uint32_t i = 0; i < scope->modules.count; i++)
        if (settles(link, &scope->modules.items[i]))
            return true;
    return false;
}

static void add_installed(Link *link, LinkScope *scope)
{
    Sym name = intern(&link->workspace->interner, S("INSTALLED_APPS"));
    Array(ValueRef) all = {0};
    bool complete = scope->modules.count > 0;
    for (uint32_t i = 0; i < scope->modules.count; i++) {
        ValueRef list = loader_binding(link->loader, scope->modules.items[i].module, name);
        if (!list.id)
            continue;
        Elements elements = {0};
        complete &= loader_elements(link->loader, list, &elements);
        for (uint32_t e = 0; e < elements.list.count; e++) {
            ValueRef entry = loader_value(link->loader, elements.list.items[e].value);
            if (ref_is(entry, VALUE_STRING))
                array_push(&all, entry);
            else
                complete = false;
        }
        array_free(&elements.list);
    }
    scope->settings.installed_apps =
        arena_keep(&link->workspace->arena, ValueRef, all.items, all.count);
    scope->settings.installed_count = all.count;
    scope->settings.installed_complete = complete && all.count;
    scope->settings.installed_at_hand =
        scope->settings.installed_complete && is_settled(link, scope);
    array_free(&all);
}

/* "django.db.backends.postgresql" and the back ends that are built on it. */
static bool is_engine(Str path)
{
    static const char *const families[] = {"postgres",   "postgis", "mysql", "sqlite",
                                           "spatialite", "oracle",  "mssql", "cockroach"};
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (str_contains(path, str(families[i])))
            return str_contains(path, S("."));
    return false;
}

static void add_engine(Link *link, Settings *settings, Str engine)
{
    Str name = str_tail(engine, '.');
    for (uint32_t i = 0; i < settings->engine_count; i++)
        if (str_eq(settings->engines[i], name))
            return;
    Str *grown = arena_array(&link->workspace->arena, Str, settings->engine_count + 1);
    for (uint32_t i = 0; i < settings->engine_count; i++)
        grown[i] = settings->engines[i];
    grown[settings->engine_count++] = name;
    settings->engines = grown;
}

/* The engine that a URL of a database means; NULL for every other text. */
static const char *engine_of_url(Str text)
{
    static const struct {
        const char *scheme, *engine;
    } known[] = {{"postgres", "postgresql"}, {"postgresql", "postgresql"}, {"psql", "postgresql"},
                 {"pgsql", "postgresql"},    {"postgis", "postgis"},       {"mysql", "mysql"},
                 {"sqlite", "sqlite3"},      {"spatialite", "spatialite"}};
    size_t end = str_find(text, ':');
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq(str_sub(text, 0, end), str(known[i].scheme)) &&
            str_starts(str_sub(text, end, text.len), S("://")))
            return known[i].engine;
    return NULL;
}

static void add_engines_of(Link *link, LinkScope *scope, const Values *values, const Value *value)
{
    Interner *in = &link->workspace->interner;
    Sym key = intern(in, S("ENGINE"));
    for (uint32_t i = 0; value->kind == VALUE_DICT && i + 1 < value->u.items.count; i += 2) {
        const Value *name = value_at(values, value_item(values, value, i));
        const Value *engine = value_at(values, value_item(values, value, i + 1));
        if (name->kind == VALUE_STRING && name->u.text == key && engine->kind == VALUE_STRING &&
            is_engine(sym_str(in, engine->u.text)))
            add_engine(link, &scope->settings, sym_str(in, engine->u.text));
    }
    const char *engine =
        value->kind == VALUE_STRING ? engine_of_url(sym_str(in, value->u.text)) : NULL;
    if (engine)
        add_engine(link, &scope->settings, str(engine));
}

/* DATABASES may differ by condition (`if DEBUG`), by file and by environment, and may be a URL, so
 * every engine that any settings module writes down counts. */
/* Whether every database is written out with its engine, as far as the module says any. */
static bool names_engines(Link *link, const Module *module)
{
    Interner *in = &link->workspace->interner;
    ValueRef databases = loader_binding(link->loader, module, intern(in, S("DATABASES")));
    databases = databases.id ? loader_value(link->loader, databases) : databases;
    if (!databases.id)
        return true;
    const Value *all = ref_value(databases);
    if (all->kind != VALUE_DICT || all->flags & VALUE_OPEN)
        return false;
    for (uint32_t i = 1; i < all->u.items.count; i += 2) {
        ValueRef one = {databases.module, value_item(&databases.module->values, all, i)};
        one = loader_value(link->loader, one);
        if (!ref_is(one, VALUE_DICT))
            return false;
    }
    return true;
}

static void add_engines(Link *link, LinkScope *scope)
{
    for (uint32_t m = 0; m < scope->modules.count; m++) {
        const Values *values = &scope->modules.items[m].module->values;
        for (ValueId id = 1; id < values->count; id++)
            add_engines_of(link, scope, values, value_at(values, id));
        scope->settings.engines_open |= !names_engines(link, scope->modules.items[m].module);
    }
}

static bool is_routed(Link *link, const LinkScope *scope)
{
    Sym name = intern(&link->workspace->interner, S("DATABASE_ROUTERS"));
    for (uint32_t i = 0; i < scope->modules.count; i++) {
        ValueRef value = loader_binding(link->loader, scope->modules.items[i].module, name);
        if (!value.id)
            continue;
        const Value *list = ref_value(loader_value(link->loader, value));
        bool none = (list->kind == VALUE_LIST || list->kind == VALUE_TUPLE) &&
                    !list->u.items.count && !(list->flags & VALUE_OPEN);
        if (!none)
            return true;
    }
    return false;
}

static void read_scope(Link *link, LinkScope *scope)
{
    Interner *in = &link->workspace->interner;
    if (scope->modules.count)
        qsort(scope->modules.items, scope->modules.count, sizeof *scope->modules.items,
              by_authority);
    Settings *settings = &scope->settings;
    settings->auth_user_model = link_setting(link, scope, intern(in, S("AUTH_USER_MODEL")));
    settings->default_auto_field = link_setting(link, scope, intern(in, S("DEFAULT_AUTO_FIELD")));
    settings->migration_modules = link_setting(link, scope, intern(in, S("MIGRATION_MODULES")));
    settings->databases = link_setting(link, scope, intern(in, S("DATABASES")));
    add_installed(link, scope);
    add_engines(link, scope);
    settings->routed = is_routed(link, scope);
    settings->managed = scope->modules.count && scope->modules.items[0].main;
    settings->path_count = scope->modules.count;
    settings->paths = arena_array(&link->workspace->arena, Str, scope->modules.count);
    for (uint32_t i = 0; i < scope->modules.count; i++)
        settings->paths[i] = scope->modules.items[i].module->path;
}

void link_settings(Link *link)
{
    const SourceTree *tree = &link->own->tree;
    for (uint32_t i = 0; i < link->scopes.count; i++)
        find_main(link, &link->scopes.items[i]);
    for (uint32_t i = 0; i < tree->file_count; i++) {
        const SourceFile *file = &tree->files[i];
        if (str_ends(file->name, S(".py")) && named_like_settings(tree, file) &&
            !is_template(file->path))
            add_module(link, &link->scopes.items[link_scope_of(link, file->dir)], file, false);
    }
    for (uint32_t i = 0; i < link->scopes.count; i++)
        read_scope(link, &link->scopes.items[i]);
}
