#include "link/link.h"

bool link_is_migration_file(Str name)
{
    if (!str_ends(name, S(".py")))
        return false;
    Str stem = str_sub(name, 0, name.len - 3);
    return stem.len && stem.ptr[0] != '_' && stem.ptr[0] != '~' && str_find(stem, '.') == stem.len;
}

static bool is_migration_path(Str path)
{
    return str_ends(path, S("migrations.Migration")) || str_ends(path, S("migration.Migration"));
}

static bool imports_migrations(Link *link, const Module *module)
{
    for (uint32_t i = 0; i < module->import_count; i++) {
        Str from = sym_str(&link->workspace->interner, module->imports[i].module);
        Str name = sym_str(&link->workspace->interner, module->imports[i].name);
        if (str_starts(from, S("django.db.migrations")) ||
            (str_eq(from, S("django.db")) && str_eq(name, S("migrations"))))
            return true;
    }
    return false;
}

/* South's migrations are classes called Migration too, and lie in folders of the same name. */
static bool is_south(Link *link, const Module *module)
{
    for (uint32_t i = 0; i < module->import_count; i++)
        if (str_starts(sym_str(&link->workspace->interner, module->imports[i].module), S("south.")))
            return true;
    return false;
}

static bool class_looks_like_migration(Link *link, const Module *module, const Class *class)
{
    Interner *in = &link->workspace->interner;
    return loader_descends(link->loader, module, class, is_migration_path) ||
           class_attribute(class, intern(in, S("dependencies"))) ||
           class_attribute(class, intern(in, S("operations")));
}

bool link_looks_like_migration(Link *link, const Module *module)
{
    if (!module || is_south(link, module))
        return false;
    if (module->unreadable.len)
        return false;
    Sym name = intern(&link->workspace->interner, S("Migration"));
    ValueRef value = loader_binding(link->loader, module, name);
    const Module *class_module;
    const Class *class = value.id ? loader_class(link->loader, value, &class_module) : NULL;
    if (class)
        return class_looks_like_migration(link, class_module, class);
    if (value.id && ref_is(value, VALUE_NAME))
        return str_contains(sym_str(&link->workspace->interner, loader_path(link->loader, value)),
                            S("migrations"));
    return (value.id || module->syntax_error) && imports_migrations(link, module);
}

static bool starts_with_number(Str name)
{
    return name.len > 4 && name.ptr[0] >= '0' && name.ptr[0] <= '9';
}

bool link_is_app_dir(const SourceTree *tree, DirId dir)
{
    DirId models = source_child(tree, dir, S("models"));
    return source_file(tree, dir, S("apps.py")) || source_file(tree, dir, S("models.py")) ||
           (models != DIR_NONE && tree->dirs[models].package);
}

/* Bytecode beside the sources, whose source is gone: Python still imports it. */
static bool is_orphaned_bytecode(const SourceTree *tree, const SourceFile *file)
{
    return str_ends(file->name, S(".pyc")) &&
           link_is_migration_file(str_sub(file->name, 0, file->name.len - 1)) &&
           !source_file(tree, file->dir, str_sub(file->name, 0, file->name.len - 1));
}

/* Only its name and place can tell what a file is that cannot be read. */
static bool is_unreadable_migration(const Candidate *candidate, const SourceFile *file,
                                    const Module *module)
{
    const SourceDir *dirs = candidate->source->tree.dirs;
    return starts_with_number(file->name) && dirs[candidate->dir].package &&
           dirs[candidate->package_dir].package && (!module || module->unreadable.len);
}

/* Gathers what the loader would import; says whether any of it is Django's. */
static bool gather_files(Link *link, Candidate *candidate, bool *numbered)
{
    const SourceTree *tree = &candidate->source->tree;
    const SourceDir *dir = &tree->dirs[candidate->package_dir];
    bool migration = false;
    for (uint32_t i = dir->first_file; i < dir->first_file + dir->file_count; i++) {
        const SourceFile *file = &tree->files[i];
        bool bytecode = is_orphaned_bytecode(tree, file);
        if (!bytecode && !link_is_migration_file(file->name))
            continue;
        array_push(&candidate->files, file);
        const Module *module =
            bytecode || migration ? NULL : loader_read(link->loader, candidate->source, file);
        *numbered |= starts_with_number(file->name) && !(module && is_south(link, module));
        if (bytecode || migration)
            continue;
        migration = link_looks_like_migration(link, module) ||
                    is_unreadable_migration(candidate, file, module);
    }
    return migration;
}

void link_add_candidate(Link *link, const Source *source, DirId dir, DirId package_dir, Sym label)
{
    const SourceTree *tree = &source->tree;
    Candidate candidate = {.source = source,
                           .dir = dir,
                           .package_dir = package_dir,
                           .package = PACKAGE_NONE,
                           .forced_label = label};
    if (package_dir != DIR_NONE) {
        bool numbered = false;
        bool app = label || link_is_app_dir(tree, dir);
        bool migrations = gather_files(link, &candidate, &numbered);
        bool package = tree->dirs[package_dir].package;
        if (!migrations && !(app && package && (numbered || !candidate.files.count))) {
            array_free(&candidate.files);
            candidate.package_dir = DIR_NONE;
            if (!app)
                return; /* somebody else's folder of that name */
        } else {
            candidate.package = package ? PACKAGE_MIGRATED : PACKAGE_NAMESPACE;
        }
    }
    array_push(&link->candidates, candidate);
}

void link_add_app(Link *link, DirId dir)
{
    array_push(&link->candidates, (Candidate){.source = link->own,
                                              .dir = dir,
                                              .package_dir = DIR_NONE,
                                              .package = PACKAGE_NONE});
}

static bool has_candidate(const Link *link, DirId dir, DirId package_dir)
{
    for (uint32_t i = 0; i < link->candidates.count; i++) {
        const Candidate *candidate = &link->candidates.items[i];
        if (candidate->source == link->own &&
            (candidate->dir == dir || candidate->package_dir == package_dir))
            return true;
    }
    return false;
}

/* The package that MIGRATION_MODULES gives an app, when it lies in the repository. */
static void add_override(Link *link, const LinkScope *scope, ValueRef key, ValueRef target)
{
    Interner *in = &link->workspace->interner;
    if (!ref_is(key, VALUE_STRING) || !ref_is(target, VALUE_STRING))
        return;
    ModulePath path = loader_find_module(link->loader, link->own, scope->root,
                                         sym_str(in, ref_value(target)->u.text));
    if (!path.found || !path.package || path.dir == DIR_ROOT)
        return;
    link_add_candidate(link, link->own, link->own->tree.dirs[path.dir].parent, path.dir,
                       ref_value(key)->u.text);
}

static void add_overrides(Link *link)
{
    for (uint32_t i = 0; i < link->scopes.count; i++) {
        const LinkScope *scope = &link->scopes.items[i];
        ValueRef dict = scope->settings.migration_modules.value;
        if (!ref_is(dict, VALUE_DICT))
            continue;
        const Value *value = ref_value(dict);
        for (uint32_t k = 0; k + 1 < value->u.items.count; k += 2)
            add_override(link, scope,
                         ref_of(dict.module, value_item(&dict.module->values, value, k)),
                         ref_of(dict.module, value_item(&dict.module->values, value, k + 1)));
    }
}

void link_candidates(Link *link)
{
    const SourceTree *tree = &link->own->tree;
    add_overrides(link);
    for (DirId dir = 1; dir < tree->dir_count; dir++)
        if (str_eq(tree->dirs[dir].name, S("migrations")) &&
            !has_candidate(link, DIR_NONE - 1, dir))
            link_add_candidate(link, link->own, tree->dirs[dir].parent, dir, SYM_NONE);
    /* Apps that have no package yet; has_candidate() is asked of few directories only. */
    for (DirId dir = 0; dir < tree->dir_count; dir++)
        if (tree->dirs[dir].package && source_file(tree, dir, S("apps.py")) &&
            !has_candidate(link, dir, DIR_NONE - 1))
            link_add_candidate(link, link->own, dir, DIR_NONE, SYM_NONE);
}

/* `{"blog": "project.blog.migrations"}` says what is so anyway. */
static bool is_its_own(const Link *link, const Candidate *override)
{
    const SourceTree *tree = &override->source->tree;
    return override->package_dir != DIR_NONE && link_is_app_dir(tree, override->dir) &&
           tree->dirs[override->package_dir].parent == override->dir &&
           str_eq(tree->dirs[override->package_dir].name, S("migrations")) &&
           str_eq(tree->dirs[override->dir].name,
                  sym_str(&link->workspace->interner, override->forced_label));
}

/* The app that an override is about: not the folder its migrations lie in. */
static Candidate *overridden(Link *link, const Candidate *override)
{
    if (is_its_own(link, override))
        return NULL;
    uint32_t scope = link_scope_of(link, override->dir);
    for (uint32_t i = 0; i < link->candidates.count; i++) {
        Candidate *candidate = &link->candidates.items[i];
        if (!candidate->forced_label && candidate->source == link->own &&
            candidate->declared_label == override->forced_label &&
            link_scope_of(link, candidate->dir) == scope)
            return candidate;
    }
    return NULL;
}

/* `None`: "treat as unmigrated". Settings that the project really runs with
 * are meant; those of test suites use it to save time. */
static void disable_packages(Link *link)
{
    for (uint32_t i = 0; i < link->candidates.count; i++) {
        Candidate *candidate = &link->candidates.items[i];
        if (candidate->source != link->own)
            continue;
        const LinkScope *scope = &link->scopes.items[link_scope_of(link, candidate->dir)];
        ValueRef dict = scope->settings.migration_modules.value;
        if (!scope->managed || !ref_is(dict, VALUE_DICT) || !scope->modules.count ||
            dict.module != scope->modules.items[0].module || scope->modules.items[0].test)
            continue;
        const Value *value = ref_value(dict);
        for (uint32_t k = 0; k + 1 < value->u.items.count; k += 2) {
            ValueRef key = ref_of(dict.module, value_item(&dict.module->values, value, k));
            ValueRef none = ref_of(dict.module, value_item(&dict.module->values, value, k + 1));
            if (ref_is(key, VALUE_STRING) && ref_value(key)->u.text == candidate->declared_label &&
                ref_is(none, VALUE_NONE))
                candidate->package = PACKAGE_DISABLED;
        }
    }
}

void link_apply_overrides(Link *link)
{
    disable_packages(link);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < link->candidates.count; i++) {
        Candidate override = link->candidates.items[i];
        Candidate *app = override.forced_label ? overridden(link, &override) : NULL;
        if (app) {
            array_free(&app->files);
            app->package_dir = override.package_dir;
            app->package = override.package;
            app->files.items = override.files.items;
            app->files.count = override.files.count;
            app->files.capacity = override.files.capacity;
            app->migrations = override.migrations;
            app->migration_count = override.migration_count;
            link_settle_label(link, app);
        }
        link->candidates.items[i].dropped = app != NULL;
    }
    for (uint32_t i = 0; i < link->candidates.count; i++)
        if (!link->candidates.items[i].dropped)
            link->candidates.items[kept++] = link->candidates.items[i];
    link->candidates.count = kept;
}
