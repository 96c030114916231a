#include "link/link.h"

/*
 * Apps from outside the repository: those in site-packages are read like the
 * project's own, Django's own come from a table.
 */

static void add_installed_candidates(Link *link, const Source *source)
{
    const SourceTree *tree = &source->tree;
    for (DirId dir = 1; dir < tree->dir_count; dir++) {
        const SourceDir *at = &tree->dirs[dir];
        if (str_eq(at->name, S("migrations")) && at->package && at->parent != DIR_ROOT &&
            !str_starts(at->path, S("django/")))
            link_add_candidate(link, source, at->parent, dir, SYM_NONE);
    }
}

void link_open_site_packages(Link *link)
{
    Workspace *ws = link->workspace;
    for (uint32_t i = 0; i < ws->options.site_package_count; i++) {
        const SitePackages *site = &ws->options.site_packages[i];
        Source *source = arena_new(&ws->arena, Source);
        source->reader = site->reader;
        source->prefix = site->path;
        FindOptions everything = {0};
        if (!source_find(&site->reader, &everything, &ws->arena, &source->tree, NULL))
            continue;
        array_push(&link->loader->sources, source);
        add_installed_candidates(link, source);
    }
}

static bool from_site_packages(Link *link, Sym label, OutsideApp *out)
{
    for (uint32_t i = 0; i < link->candidates.count; i++) {
        Candidate *candidate = &link->candidates.items[i];
        if (candidate->label != label || candidate->source == link->own ||
            candidate->package != PACKAGE_MIGRATED)
            continue;
        const SourceTree *tree = &candidate->source->tree;
        Arena *arena = &link->workspace->arena;
        if (!candidate->migrations)
            link_read_migrations(link, candidate);
        out->app = (App){
            .label = label,
            .declared_label = candidate->declared_label,
            .path =
                arena_join(arena, candidate->source->prefix, '/', tree->dirs[candidate->dir].path),
            .package_path = arena_join(arena, candidate->source->prefix, '/',
                                       tree->dirs[candidate->package_dir].path),
            .dir = DIR_NONE,
            .package_dir = DIR_NONE,
            .package = PACKAGE_MIGRATED,
            .origin = APP_INSTALLED,
            .load_order = UINT32_MAX,
            .migration_count = candidate->migration_count,
        };
        out->migrations =
            arena_keep(arena, Migration, candidate->migrations, candidate->migration_count);
        return true;
    }
    return false;
}

static Dependency contrib_dependency(Interner *in, const ContribKey *key)
{
    if (key->setting.len)
        return (Dependency){.kind = DEPENDENCY_SWAPPABLE,
                            .name = intern(in, S("__first__")),
                            .setting = intern(in, key->setting)};
    return (Dependency){.kind =
                            str_eq(key->name, S("__first__")) ? DEPENDENCY_FIRST : DEPENDENCY_KEY,
                        .app = intern(in, key->app),
                        .name = intern(in, key->name)};
}

static bool from_contrib(Link *link, Sym label, OutsideApp *out)
{
    Interner *in = &link->workspace->interner;
    Arena *arena = &link->workspace->arena;
    const ContribApp *contrib = tables_contrib(link->tables, sym_str(in, label));
    if (!contrib)
        return false;
    out->app = (App){.label = label,
                     .declared_label = label,
                     .path = contrib->module,
                     .dir = DIR_NONE,
                     .package_dir = DIR_NONE,
                     .package = PACKAGE_MIGRATED,
                     .origin = APP_CONTRIB,
                     .load_order = UINT32_MAX,
                     .migration_count = contrib->migration_count};
    out->migrations = arena_array(arena, Migration, contrib->migration_count);
    for (uint32_t i = 0; i < contrib->migration_count; i++) {
        const ContribMigration *from = &contrib->migrations[i];
        Migration *to = &out->migrations[i];
        to->name = intern(in, from->name);
        to->dependencies.items = arena_array(arena, Dependency, from->dependency_count);
        to->dependencies.count = from->dependency_count;
        for (uint32_t d = 0; d < from->dependency_count; d++)
            to->dependencies.items[d] = contrib_dependency(in, &from->dependencies[d]);
    }
    return true;
}

bool link_outside_app(Link *link, Sym label, OutsideApp *out)
{
    *out = (OutsideApp){0};
    return from_contrib(link, label, out) || from_site_packages(link, label, out);
}
