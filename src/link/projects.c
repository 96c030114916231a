#include "link/link.h"

#include <stdlib.h>

/*
 * Which app belongs to which project. A project is a scope's apps with unique
 * labels; copies of an app under the same label (forks below tests/, examples)
 * become a project of their own that borrows the rest.
 */

typedef struct Draft {
    uint32_t scope;
    DirId root;
    uint32_t base; /* the draft it borrows from first, or UINT32_MAX */
    Array(uint32_t) own; /* candidates */
} Draft;

typedef struct Drafts {
    Array(Draft) list;
} Drafts;

static Str path_of(const Candidate *candidate)
{
    return candidate->source->tree.dirs[candidate->dir].path;
}

/* Test suites, samples and templates hold copies; the real app is elsewhere. */
static bool below_samples(Str path)
{
    static const char *const words[] = {"test",     "example", "sample", "sandbox", "demo",
                                        "template", "fixture", "docs",   "legacy",  "backup"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_contains(path, str(words[i])))
            return true;
    return false;
}

/* Negative when `a` is the likelier bearer of a label that both claim. */
static int by_authority(const Candidate *a, const Candidate *b, uint32_t scope)
{
    bool installed_a = map_has(&a->installed, scope), installed_b = map_has(&b->installed, scope);
    if (installed_a != installed_b)
        return installed_b - installed_a;
    bool sample_a = below_samples(path_of(a)), sample_b = below_samples(path_of(b));
    if (sample_a != sample_b)
        return sample_a - sample_b;
    if (a->migration_count != b->migration_count)
        return a->migration_count > b->migration_count ? -1 : 1;
    if (path_of(a).len != path_of(b).len)
        return path_of(a).len < path_of(b).len ? -1 : 1;
    return str_cmp(path_of(a), path_of(b));
}

/* ---- which scope installs what ---------------------------------------- */

static Candidate *candidate_at(Link *link, DirId dir)
{
    for (uint32_t i = 0; i < link->candidates.count; i++)
        if (link->candidates.items[i].source == link->own && link->candidates.items[i].dir == dir)
            return &link->candidates.items[i];
    return NULL;
}

/* "proj.shop.ShopConfig", with the class in the package itself. */
static bool defines(Link *link, const ModulePath *path, Str name)
{
    const Module *module = path->file ? loader_read(link->loader, link->own, path->file) : NULL;
    return module && module_class(module, intern(&link->workspace->interner, name));
}

/* "shop", "proj.shop" or "proj.shop.apps.ShopConfig" to its directory. */
static DirId installed_dir(Link *link, const SettingsModule *settings, Str entry)
{
    ModulePath found = loader_find_module(link->loader, link->own, settings->dir, entry);
    if (found.found)
        return found.package ? found.dir : DIR_NONE;
    Str head = str_head(entry, '.');
    if (!head.len)
        return DIR_NONE;
    found = loader_find_module(link->loader, link->own, settings->dir, head);
    if (found.found && (!found.package || defines(link, &found, str_tail(entry, '.'))))
        return found.dir;
    return DIR_NONE;
}

typedef struct InstalledApp {
    uint32_t scope, module, position; /* in the module's INSTALLED_APPS */
    DirId dir;
} InstalledApp;

typedef void (*InstalledVisit)(Link *link, const InstalledApp *app);

static void visit_module(Link *link, InstalledApp app, InstalledVisit visit)
{
    const SettingsModule *module = &link->scopes.items[app.scope].modules.items[app.module];
    Sym name = intern(&link->workspace->interner, S("INSTALLED_APPS"));
    ValueRef list = loader_binding(link->loader, module->module, name);
    Elements elements = {0};
    if (list.id)
        loader_elements(link->loader, list, &elements);
    for (app.position = 0; app.position < elements.list.count; app.position++) {
        ValueRef entry = loader_value(link->loader, elements.list.items[app.position].value);
        if (!ref_is(entry, VALUE_STRING) || elements.list.items[app.position].maybe)
            continue;
        app.dir = installed_dir(link, module,
                                sym_str(&link->workspace->interner, ref_value(entry)->u.text));
        if (app.dir != DIR_NONE && app.dir != DIR_ROOT)
            visit(link, &app);
    }
    array_free(&elements.list);
}

/* Every directory of the repository that some settings module installs. */
static void visit_installed(Link *link, InstalledVisit visit)
{
    for (uint32_t s = 0; s < link->scopes.count; s++)
        for (uint32_t m = 0; m < link->scopes.items[s].modules.count; m++)
            visit_module(link, (InstalledApp){.scope = s, .module = m}, visit);
}

static void add_missing(Link *link, const InstalledApp *app)
{
    if (!candidate_at(link, app->dir))
        link_add_app(link, app->dir);
}

void link_installed_candidates(Link *link)
{
    visit_installed(link, add_missing);
}

static void mark_installed(Link *link, const InstalledApp *app)
{
    Candidate *candidate = candidate_at(link, app->dir);
    if (!candidate)
        return;
    uint32_t modules = map_get(&candidate->installed, app->scope, 0);
    map_set(&candidate->installed, app->scope, modules | 1u << (app->module < 31 ? app->module : 31));
    if (!modules)
        map_set(&candidate->load_order, app->scope, app->position);
}

/* What lies outside of every manage.py belongs to the one project that
 * installs it, or stays by itself. */
static void place_candidates(Link *link)
{
    for (uint32_t i = 0; i < link->candidates.count; i++) {
        Candidate *candidate = &link->candidates.items[i];
        candidate->scope = link_scope_of(link, candidate->dir);
        if (candidate->scope || link->scopes.items[0].managed)
            continue;
        uint32_t installers = 0, last = 0;
        for (uint32_t s = 1; s < link->scopes.count; s++)
            if (map_has(&candidate->installed, s))
                last = s, installers++;
        if (installers == 1)
            candidate->scope = last;
    }
}

/* ---- drafts: one label, one app ---------------------------------------- */

static DirId ancestor_at(const SourceTree *tree, DirId dir, size_t depth)
{
    size_t own = 0;
    for (DirId up = dir; up != DIR_ROOT; up = tree->dirs[up].parent)
        own++;
    for (; own > depth; own--)
        dir = tree->dirs[dir].parent;
    return dir;
}

/* The directory that sets a copy apart from the real app: the first one on its
 * path that is not on the other's. */
static DirId divergence(const SourceTree *tree, DirId copy, DirId real)
{
    for (size_t depth = 1;; depth++) {
        DirId a = ancestor_at(tree, copy, depth), b = ancestor_at(tree, real, depth);
        if (a != b || a == copy)
            return a;
    }
}

static bool is_below(const SourceTree *tree, DirId dir, DirId root)
{
    while (dir != root && dir != DIR_ROOT)
        dir = tree->dirs[dir].parent;
    return dir == root;
}

static Draft *draft_at(Drafts *drafts, uint32_t scope, DirId root, uint32_t base)
{
    for (uint32_t i = 0; i < drafts->list.count; i++)
        if (drafts->list.items[i].scope == scope && drafts->list.items[i].root == root &&
            drafts->list.items[i].base == base)
            return &drafts->list.items[i];
    array_push(&drafts->list, (Draft){.scope = scope, .root = root, .base = base});
    return array_last(&drafts->list);
}

static uint32_t bearer_of(Link *link, const Draft *draft, Sym label)
{
    for (uint32_t i = 0; i < draft->own.count; i++)
        if (link->candidates.items[draft->own.items[i]].label == label)
            return i;
    return UINT32_MAX;
}

/* Splits what several candidates claim off into drafts that borrow from this one. */
static void split_copies(Link *link, Drafts *drafts, uint32_t index)
{
    const SourceTree *tree = &link->own->tree;
    Draft whole = drafts->list.items[index];
    Draft kept = {whole.scope, whole.root, whole.base, {0}};
    Array(uint32_t) copies = {0};
    for (uint32_t i = 0; i < whole.own.count; i++) {
        uint32_t id = whole.own.items[i];
        uint32_t holder = bearer_of(link, &kept, link->candidates.items[id].label);
        if (holder == UINT32_MAX) {
            array_push(&kept.own, id);
        } else if (by_authority(&link->candidates.items[id],
                                &link->candidates.items[kept.own.items[holder]],
                                whole.scope) < 0) {
            array_push(&copies, kept.own.items[holder]);
            kept.own.items[holder] = id;
        } else {
            array_push(&copies, id);
        }
    }
    drafts->list.items[index] = kept;
    for (uint32_t i = 0; i < copies.count; i++) {
        const Candidate *copy = &link->candidates.items[copies.items[i]];
        if (!copy->migration_count)
            continue; /* nothing that could be mixed up */
        uint32_t holder = bearer_of(link, &kept, copy->label);
        DirId real = link->candidates.items[kept.own.items[holder]].dir;
        Draft *split = draft_at(drafts, whole.scope, divergence(tree, copy->dir, real), index);
        array_push(&split->own, copies.items[i]);
    }
    array_free(&copies);
    array_free(&whole.own);
}

/* Apps beside a copy go with it: a test suite's own apps use its forks. */
static void move_neighbours(Link *link, Drafts *drafts, uint32_t from, uint32_t to)
{
    const SourceTree *tree = &link->own->tree;
    Draft *base = &drafts->list.items[from], *split = &drafts->list.items[to];
    if (!below_samples(tree->dirs[split->root].path))
        return;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < base->own.count; i++) {
        uint32_t id = base->own.items[i];
        const Candidate *candidate = &link->candidates.items[id];
        if (is_below(tree, candidate->dir, split->root) &&
            bearer_of(link, split, candidate->label) == UINT32_MAX)
            array_push(&split->own, id);
        else
            base->own.items[kept++] = id;
    }
    base->own.count = kept;
}

static void draft_projects(Link *link, Drafts *drafts)
{
    for (uint32_t i = 0; i < link->candidates.count; i++) {
        const Candidate *candidate = &link->candidates.items[i];
        const LinkScope *scope = &link->scopes.items[candidate->scope];
        array_push(&draft_at(drafts, candidate->scope, scope->root, UINT32_MAX)->own, i);
    }
    for (uint32_t i = 0; i < drafts->list.count; i++)
        split_copies(link, drafts, i);
    for (uint32_t i = 0; i < drafts->list.count; i++)
        if (drafts->list.items[i].base != UINT32_MAX)
            move_neighbours(link, drafts, drafts->list.items[i].base, i);
}

/* ---- from drafts to projects ------------------------------------------- */

typedef struct Assembly {
    Link *link;
    const Draft *draft;
    const LinkScope *scope;
    Project *project;
    Array(App) apps;
    Array(Migration *) migrations; /* of each app, before they are laid out */
    Map by_label; /* Sym → index in apps */
} Assembly;

/* The app that a swappable setting's value names. */
static Sym swappable_app(Assembly *assembly, Sym setting)
{
    Interner *in = &assembly->link->workspace->interner;
    Setting found = link_setting(assembly->link, assembly->scope, setting);
    for (uint32_t s = 0; !found.value.id && !found.contradictory && s < assembly->link->scopes.count;
         s++)
        found = link_setting(assembly->link, &assembly->link->scopes.items[s], setting);
    if (ref_is(found.value, VALUE_STRING)) {
        Str model = sym_str(in, ref_value(found.value)->u.text);
        return intern(in, str_sub(model, 0, str_find(model, '.')));
    }
    if (!found.value.id && !found.contradictory && str_eq(sym_str(in, setting), S("AUTH_USER_MODEL")))
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
            list->items = copy = arena_keep(&assembly->link->workspace->arena, Dependency,
                                            list->items, list->count);
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
               .label_place = candidate->label_place};
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
                      is_below(&link->own->tree, link->scopes.items[scope].root,
                               link->scopes.items[candidate->scope].root);
        if ((same || around) && (!best || by_authority(candidate, best, scope) < 0))
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
            if (other == real || other->label != real->label || other->declared_label != real->declared_label ||
                !(map_get(&other->installed, scope, 0) & modules) || other->source != link->own)
                continue;
            Place place = other->label_place;
            if (!place.path.len)
                place.path = path_of(other);
            array_push(&found, (DuplicateLabel){real->label, path_of(real), path_of(other), place});
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
                         .settings = assembly.scope->settings};
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
    visit_installed(link, mark_installed);
    place_candidates(link);
    Drafts drafts = {0};
    draft_projects(link, &drafts);
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
