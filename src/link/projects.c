#include "link/link.h"

#include <stdlib.h>

/*
 * From drafts to projects: each gets what its migrations need of other apps,
 * references that depend on its settings are resolved, and all is laid out.
 */

typedef struct Assembly {
    Link *link;
    const Draft *draft;
    const LinkScope *scope;
    Project *project;
    Array(App) apps;
    Array(Migration *) migrations; /* of each app, before they are laid out */
    Map by_label;                  /* Sym → index in apps */
} Assembly;

/* The app that a swappable setting's value names. */
static Sym swappable_app(Assembly *assembly, Sym setting)
{
    Interner *in = &assembly->link->workspace->interner;
    Setting found = link_setting(assembly->link, assembly->scope, setting);
    /* One without settings is a library: its tests say. */
    bool library = !assembly->scope->modules.count;
    for (uint32_t s = 0;
         library && !found.value.id && !found.contradictory && s < assembly->link->scopes.count;
         s++)
        found = link_setting(assembly->link, &assembly->link->scopes.items[s], setting);
    if (ref_is(found.value, VALUE_STRING)) {
        Str model = sym_str(in, ref_value(found.value)->u.text);
        return intern(in, str_sub(model, 0, str_find(model, '.')));
    }
    if (!found.value.id && !found.contradictory &&
        str_eq(sym_str(in, setting), S("AUTH_USER_MODEL")))
        return intern(in, S("auth"));
    return SYM_NONE;
}

static void resolve_swappables(Assembly *assembly, Dependencies *list)
{
    Dependency *copy = NULL;
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->items[i].kind != DEPENDENCY_SWAPPABLE || !list->items[i].setting)
            continue;
        if (!copy) /* the same migration may be read under other settings too */
            list->items = copy =
                arena_keep(&assembly->link->workspace->arena, Dependency, list->items, list->count);
        copy[i].app = swappable_app(assembly, copy[i].setting);
    }
}

static void add_app(Assembly *assembly, const App *app, Migration *migrations)
{
    map_set(&assembly->by_label, app->label, assembly->apps.count);
    array_push(&assembly->apps, *app);
    array_push(&assembly->migrations, migrations);
    for (uint32_t i = 0; i < app->migration_count; i++) {
        resolve_swappables(assembly, &migrations[i].dependencies);
        resolve_swappables(assembly, &migrations[i].run_before);
    }
}

static void add_candidate(Assembly *assembly, const Candidate *candidate, AppOrigin origin)
{
    Workspace *ws = assembly->link->workspace;
    uint32_t scope = (uint32_t)(assembly->scope - assembly->link->scopes.items);
    const SourceTree *tree = &candidate->source->tree;
    uint32_t count = candidate->package == PACKAGE_MIGRATED ? candidate->migration_count : 0;
    App app = {.label = candidate->label,
               .declared_label = candidate->declared_label,
               .path = tree->dirs[candidate->dir].path,
               .package_path = candidate->package_dir == DIR_NONE
                                   ? S("")
                                   : tree->dirs[candidate->package_dir].path,
               .dir = candidate->dir,
               .package_dir = candidate->package_dir,
               .package = candidate->package,
               .origin = origin,
               .installed_known = assembly->scope->settings.installed_complete,
               .installed = map_has(&candidate->installed, scope),
               .load_order = map_get(&candidate->load_order, scope, UINT32_MAX),
               .migration_count = count,
               .label_place = candidate->label_place,
               .auto_field = candidate->auto_field,
               .auto_field_open = candidate->auto_field_open};
    uint32_t modules = map_get(&candidate->installed, scope, 0);
    app.installed_elsewhere =
        modules && !(modules & link_used_settings(assembly->link, assembly->scope));
    add_app(assembly, &app, arena_keep(&ws->arena, Migration, candidate->migrations, count));
}

/* The app of that label that an enclosing project, or the one this is a copy
 * of, would lend. */
static const Candidate *lender(const Assembly *assembly, Sym label)
{
    const Link *link = assembly->link;
    const Draft *draft = assembly->draft;
    const Candidate *best = NULL;
    uint32_t scope = draft->scope;
    for (uint32_t i = 0; i < link->candidates.count; i++) {
        const Candidate *candidate = &link->candidates.items[i];
        if (candidate->label != label || candidate->source != link->own)
            continue;
        bool same = draft->base != UINT32_MAX && candidate->scope == scope;
        bool around = candidate->scope != scope &&
                      link_is_below(&link->own->tree, link->scopes.items[scope].root,
                                    link->scopes.items[candidate->scope].root);
        if ((same || around) && (!best || link_by_authority(candidate, best, scope) < 0))
            best = candidate;
    }
    return best;
}

static void need_label(Assembly *assembly, Sym label)
{
    if (!label || map_has(&assembly->by_label, label))
        return;
    const Candidate *candidate = lender(assembly, label);
    OutsideApp outside;
    if (candidate)
        add_candidate(assembly, candidate, APP_BORROWED);
    else if (link_outside_app(assembly->link, label, &outside))
        add_app(assembly, &outside.app, outside.migrations);
}

static void need_all(Assembly *assembly, const Dependencies *list)
{
    for (uint32_t i = 0; i < list->count; i++)
        need_label(assembly, list->items[i].app);
}

/* Everything that can be reached from the project's own migrations. */
static void add_needed(Assembly *assembly)
{
    for (uint32_t a = 0; a < assembly->apps.count; a++) {
        uint32_t count = assembly->apps.items[a].migration_count;
        for (uint32_t i = 0; i < count; i++) {
            const Migration *migration = &assembly->migrations.items[a][i];
            need_all(assembly, &migration->dependencies);
            need_all(assembly, &migration->run_before);
            need_all(assembly, &migration->replaces);
        }
    }
}

/* What INSTALLED_APPS lists beyond the repository, where it is at hand. */
static void add_installed(Assembly *assembly)
{
    Interner *in = &assembly->link->workspace->interner;
    const Settings *settings = &assembly->scope->settings;
    if (assembly->draft->base != UINT32_MAX)
        return;
    for (uint32_t i = 0; i < settings->installed_count; i++) {
        Str entry = sym_str(in, ref_value(settings->installed_apps[i])->u.text);
        if (!str_starts(entry, S("django.contrib.")))
            continue;
        Str rest = str_sub(entry, 15, entry.len);
        Sym label = intern(in, str_cut(&rest, '.'));
        need_label(assembly, label);
        uint32_t index = map_get(&assembly->by_label, label, UINT32_MAX);
        if (index == UINT32_MAX || assembly->apps.items[index].origin != APP_CONTRIB)
            continue;
        assembly->apps.items[index].installed = true;
        assembly->apps.items[index].load_order = i;
    }
}

typedef struct Order {
    const Interner *interner;
    const App *apps;
} Order;

static int by_label(const void *a, const void *b, void *context)
{
    const Order *order = context;
    return str_cmp(sym_str(order->interner, order->apps[*(const uint32_t *)a].label),
                   sym_str(order->interner, order->apps[*(const uint32_t *)b].label));
}

/* Apps sorted by label, their migrations behind one another. */
static void lay_out(Assembly *assembly)
{
    Arena *arena = &assembly->link->workspace->arena;
    Project *project = assembly->project;
    uint32_t count = assembly->apps.count;
    Array(uint32_t) order = {0};
    for (uint32_t i = 0; i < count; i++) {
        array_push(&order, i);
        project->migration_count += assembly->apps.items[i].migration_count;
    }
    Order context = {&assembly->link->workspace->interner, assembly->apps.items};
    if (count)
        qsort_r(order.items, count, sizeof *order.items, by_label, &context);
    project->apps = arena_array(arena, App, count);
    project->migrations = arena_array(arena, Migration, project->migration_count);
    project->app_count = count;
    uint32_t next = 0;
    for (AppId id = 0; id < count; id++) {
        App *app = &project->apps[id];
        *app = assembly->apps.items[order.items[id]];
        map_set(&project->app_by_label, app->label, id);
        app->first_migration = next;
        for (uint32_t i = 0; i < app->migration_count; i++, next++) {
            project->migrations[next] = assembly->migrations.items[order.items[id]][i];
            project->migrations[next].app = id;
        }
    }
    array_free(&order);
}

/* ImproperlyConfigured, provided that one and the same settings module installs both. */
static void find_duplicates(Assembly *assembly)
{
    Link *link = assembly->link;
    uint32_t scope = assembly->draft->scope;
    Array(DuplicateLabel) found = {0};
    for (uint32_t i = 0; i < assembly->draft->own.count; i++) {
        const Candidate *real = &link->candidates.items[assembly->draft->own.items[i]];
        uint32_t modules = map_get(&real->installed, scope, 0);
        for (uint32_t c = 0; modules && c < link->candidates.count; c++) {
            const Candidate *other = &link->candidates.items[c];
            if (other == real || other->label != real->label ||
                other->declared_label != real->declared_label ||
                !(map_get(&other->installed, scope, 0) & modules) || other->source != link->own)
                continue;
            Place place = other->label_place;
            if (!place.path.len)
                place.path = link_path_of(other);
            array_push(&found, (DuplicateLabel){real->label, link_path_of(real),
                                                link_path_of(other), place});
        }
    }
    assembly->project->duplicates =
        arena_keep(&link->workspace->arena, DuplicateLabel, found.items, found.count);
    assembly->project->duplicate_count = found.count;
    array_free(&found);
}

static void assemble(Link *link, const Draft *draft, Project *project)
{
    Assembly assembly = {.link = link,
                         .draft = draft,
                         .scope = &link->scopes.items[draft->scope],
                         .project = project};
    *project = (Project){.root = link->own->tree.dirs[draft->root].path,
                         .settings = assembly.scope->settings,
                         .scope = draft->scope};
    for (uint32_t i = 0; i < draft->own.count; i++)
        add_candidate(&assembly, &link->candidates.items[draft->own.items[i]], APP_OWN);
    add_installed(&assembly);
    add_needed(&assembly);
    lay_out(&assembly);
    if (draft->base == UINT32_MAX)
        find_duplicates(&assembly);
    array_free(&assembly.apps);
    array_free(&assembly.migrations);
    map_free(&assembly.by_label);
}

static int by_root(const void *a, const void *b)
{
    const Project *left = a, *right = b;
    return str_cmp(left->root, right->root);
}

void link_projects(Link *link)
{
    Workspace *ws = link->workspace;
    Drafts drafts = {0};
    link_drafts(link, &drafts);
    ws->projects = arena_array(&ws->arena, Project, drafts.list.count);
    for (uint32_t i = 0; i < drafts.list.count; i++) {
        if (drafts.list.items[i].own.count)
            assemble(link, &drafts.list.items[i], &ws->projects[ws->project_count++]);
        array_free(&drafts.list.items[i].own);
    }
    array_free(&drafts.list);
    if (ws->project_count)
        qsort(ws->projects, ws->project_count, sizeof *ws->projects, by_root);
}
