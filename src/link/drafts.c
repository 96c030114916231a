#include "link/link.h"

#include <stdlib.h>

/*
 * Which app belongs to which project. A project is a scope's apps with unique
 * labels; copies of an app under the same label (forks below tests/, examples)
 * become a project of their own that borrows the rest.
 */

Str link_path_of(const Candidate *candidate)
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
int link_by_authority(const Candidate *a, const Candidate *b, uint32_t scope)
{
    bool installed_a = map_has(&a->installed, scope), installed_b = map_has(&b->installed, scope);
    if (installed_a != installed_b)
        return installed_b - installed_a;
    bool sample_a = below_samples(link_path_of(a)), sample_b = below_samples(link_path_of(b));
    if (sample_a != sample_b)
        return sample_a - sample_b;
    if (a->migration_count != b->migration_count)
        return a->migration_count > b->migration_count ? -1 : 1;
    if (link_path_of(a).len != link_path_of(b).len)
        return link_path_of(a).len < link_path_of(b).len ? -1 : 1;
    return str_cmp(link_path_of(a), link_path_of(b));
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
/* The directory of the app that an AppConfig is about, which need not be its own. A `name` that
 * leads nowhere was harmless before Django 3.2 where it is the directory's own, else it is an app
 * from elsewhere. */
static DirId config_dir(Link *link, const SettingsModule *settings, const ModulePath *at, Str name)
{
    Interner *in = &link->workspace->interner;
    DirId beside = at->package ? DIR_NONE : at->dir;
    const Module *module = at->file ? loader_read(link->loader, link->own, at->file) : NULL;
    const Class *class = module ? module_class(module, intern(in, name)) : NULL;
    bool outside = false;
    ValueRef value =
        class ? loader_attribute(link->loader, module, class, intern(in, S("name")), &outside)
              : (ValueRef){0};
    if (!value.id) /* what it inherits is about another app */
        return beside;
    value = loader_value(link->loader, value);
    if (!ref_is(value, VALUE_STRING))
        return at->dir; /* name = __name__ */
    Str app = sym_str(in, ref_value(value)->u.text);
    ModulePath found = loader_find_module(link->loader, link->own, settings->dir, app);
    if (found.found && found.package)
        return found.dir;
    return str_eq(str_tail(app, '.'), link->own->tree.dirs[at->dir].name) ? at->dir : beside;
}

/* A top-level name does not lie in a package: where it seems to it is another one's, unless it
 * looks like an app and the path was set by hand. */
static bool is_misplaced(Link *link, DirId dir, Str entry)
{
    const SourceTree *tree = &link->own->tree;
    DirId parent = tree->dirs[dir].parent;
    return str_find(entry, '.') == entry.len && parent != DIR_NONE && tree->dirs[parent].package &&
           !link_is_app_dir(tree, dir);
}

/* "shop", "proj.shop" or "proj.shop.apps.ShopConfig" to its directory. */
static DirId installed_dir(Link *link, const SettingsModule *settings, Str entry)
{
    ModulePath found = loader_find_module(link->loader, link->own, settings->dir, entry);
    if (found.found)
        return found.package && !is_misplaced(link, found.dir, entry) ? found.dir : DIR_NONE;
    Str head = str_head(entry, '.');
    if (!head.len)
        return DIR_NONE;
    found = loader_find_module(link->loader, link->own, settings->dir, head);
    return found.found ? config_dir(link, settings, &found, str_tail(entry, '.')) : DIR_NONE;
}

typedef struct InstalledApp {
    uint32_t scope, module, position; /* in the module's INSTALLED_APPS */
    Str entry;                        /* as it is listed there */
    bool maybe;                       /* only under a condition that is not known */
    DirId dir;                        /* DIR_NONE: not of the repository */
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
        if (!ref_is(entry, VALUE_STRING))
            continue;
        app.entry = sym_str(&link->workspace->interner, ref_value(entry)->u.text);
        app.maybe = elements.list.items[app.position].maybe;
        app.dir = installed_dir(link, module, app.entry);
        visit(link, &app);
    }
    array_free(&elements.list);
}

/* Everything that some settings module installs. */
static void visit_installed(Link *link, InstalledVisit visit)
{
    for (uint32_t s = 0; s < link->scopes.count; s++)
        for (uint32_t m = 0; m < link->scopes.items[s].modules.count; m++)
            visit_module(link, (InstalledApp){.scope = s, .module = m}, visit);
}

static bool is_installed_dir(const InstalledApp *app)
{
    return !app->maybe && app->dir != DIR_NONE && app->dir != DIR_ROOT;
}

static void add_missing(Link *link, const InstalledApp *app)
{
    if (is_installed_dir(app) && !candidate_at(link, app->dir))
        link_add_app(link, app->dir);
}

static void note_absent(Link *link, const InstalledApp *app)
{
    if (app->dir == DIR_NONE && !str_starts(app->entry, S("django.contrib.")))
        link->scopes.items[app->scope].settings.installed_at_hand = false;
}

void link_installed_candidates(Link *link)
{
    visit_installed(link, add_missing);
    visit_installed(link, note_absent);
}

static void mark_installed(Link *link, const InstalledApp *app)
{
    Candidate *candidate = is_installed_dir(app) ? candidate_at(link, app->dir) : NULL;
    if (!candidate)
        return;
    uint32_t modules = map_get(&candidate->installed, app->scope, 0);
    map_set(&candidate->installed, app->scope,
            modules | 1u << (app->module < 31 ? app->module : 31));
    if (!modules)
        map_set(&candidate->load_order, app->scope, app->position);
}

static bool is_label_taken(const Link *link, uint32_t scope, Sym label)
{
    for (uint32_t i = 0; i < link->candidates.count; i++)
        if (link->candidates.items[i].source == link->own &&
            link->candidates.items[i].scope == scope && link->candidates.items[i].label == label)
            return true;
    return false;
}

/* The only project there is, which installs some of what lies outside of it
 * (a library with its test project), takes the rest too: all but copies and
 * samples. */
static void place_rest(Link *link)
{
    bool installs = false;
    for (uint32_t i = 0; i < link->candidates.count; i++) {
        const Candidate *candidate = &link->candidates.items[i];
        installs |= candidate->scope == 1 && candidate->source == link->own &&
                    !link_scope_of(link, candidate->dir);
    }
    for (uint32_t i = 0; installs && i < link->candidates.count; i++) {
        Candidate *candidate = &link->candidates.items[i];
        if (!candidate->scope && candidate->source == link->own &&
            !below_samples(link_path_of(candidate)) && !is_label_taken(link, 1, candidate->label))
            candidate->scope = 1;
    }
}

/* What lies outside of every manage.py belongs to the one project that
 * installs it, or stays by itself. */
static void place_candidates(Link *link)
{
    for (uint32_t i = 0; i < link->candidates.count; i++) {
        Candidate *candidate = &link->candidates.items[i];
        if (candidate->source != link->own)
            continue;
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
    if (link->scopes.count == 2 && !link->scopes.items[0].managed)
        place_rest(link);
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

bool link_is_below(const SourceTree *tree, DirId dir, DirId root)
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
        } else if (link_by_authority(&link->candidates.items[id],
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

/* Settings that install the app together with the real one of a label that was copied. */
static bool is_installed_with_real(Link *link, const Draft *base, const Draft *split,
                                   const Candidate *candidate)
{
    uint32_t modules = map_get(&candidate->installed, base->scope, 0);
    for (uint32_t i = 0; modules && i < split->own.count; i++) {
        Sym label = link->candidates.items[split->own.items[i]].label;
        uint32_t holder = bearer_of(link, base, label);
        if (holder == UINT32_MAX)
            continue;
        const Candidate *real = &link->candidates.items[base->own.items[holder]];
        if (map_get(&real->installed, base->scope, 0) & modules)
            return true;
    }
    return false;
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
        if (link_is_below(tree, candidate->dir, split->root) &&
            !is_installed_with_real(link, base, split, candidate) &&
            bearer_of(link, split, candidate->label) == UINT32_MAX)
            array_push(&split->own, id);
        else
            base->own.items[kept++] = id;
    }
    base->own.count = kept;
}

static void gather_drafts(Link *link, Drafts *drafts)
{
    for (uint32_t i = 0; i < link->candidates.count; i++) {
        const Candidate *candidate = &link->candidates.items[i];
        const LinkScope *scope = &link->scopes.items[candidate->scope];
        if (candidate->source != link->own)
            continue;
        array_push(&draft_at(drafts, candidate->scope, scope->root, UINT32_MAX)->own, i);
    }
    for (uint32_t i = 0; i < drafts->list.count; i++)
        split_copies(link, drafts, i);
    for (uint32_t i = 0; i < drafts->list.count; i++)
        if (drafts->list.items[i].base != UINT32_MAX)
            move_neighbours(link, drafts, drafts->list.items[i].base, i);
}

/* ---- what a project's root is ------------------------------------------- */

static DirId common_ancestor(const SourceTree *tree, DirId a, DirId b)
{
    while (!link_is_below(tree, b, a))
        a = tree->dirs[a].parent;
    return a;
}

static DirId root_of_apps(const Link *link, const Draft *draft, DirId start)
{
    DirId root = start;
    for (uint32_t i = 0; i < draft->own.count; i++) {
        DirId dir = link->candidates.items[draft->own.items[i]].dir;
        root = root == DIR_NONE ? dir : common_ancestor(&link->own->tree, root, dir);
    }
    return root;
}

/* The directory that holds a project wholly: a manage.py may lie beside the
 * apps it installs. What is left over gives way where that is the same one. */
static void settle_roots(const Link *link, Drafts *drafts)
{
    bool taken = false;
    for (uint32_t i = 0; i < drafts->list.count; i++) {
        Draft *draft = &drafts->list.items[i];
        if (draft->base != UINT32_MAX || !link->scopes.items[draft->scope].managed)
            continue;
        draft->root = root_of_apps(link, draft, draft->root);
        taken |= draft->root == DIR_ROOT && draft->own.count;
    }
    for (uint32_t i = 0; i < drafts->list.count && taken; i++) {
        Draft *draft = &drafts->list.items[i];
        if (draft->base == UINT32_MAX && !link->scopes.items[draft->scope].managed &&
            draft->own.count)
            draft->root = root_of_apps(link, draft, DIR_NONE);
    }
}

void link_drafts(Link *link, Drafts *drafts)
{
    visit_installed(link, mark_installed);
    place_candidates(link);
    gather_drafts(link, drafts);
    settle_roots(link, drafts);
}
