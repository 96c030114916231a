#include "link/link.h"

static bool is_config(Str path)
{
    return str_ends(path, S("AppConfig")) || str_ends(path, S("Config"));
}

static Str directory_name(const Link *link, const Candidate *candidate)
{
    Str name = candidate->source->tree.dirs[candidate->dir].name;
    return name.len ? name : link->workspace->options.root_name;
}

/* `label`, else the last component of `name`, of one AppConfig class. */
static Sym label_of_class(Link *link, const Module *module, const Class *class, Place *place)
{
    Interner *in = &link->workspace->interner;
    static const char *const attributes[] = {"label", "name"};
    for (int i = 0; i < 2; i++) {
        bool outside = false;
        ValueRef value =
            loader_attribute(link->loader, module, class, intern(in, str(attributes[i])), &outside);
        value = value.id ? loader_value(link->loader, value) : value;
        if (!ref_is(value, VALUE_STRING))
            continue;
        *place = ref_place(value);
        Str text = sym_str(in, ref_value(value)->u.text);
        return intern(in, i ? str_tail(text, '.') : text);
    }
    return SYM_NONE;
}

static bool is_default(Link *link, const Module *module, const Class *class)
{
    const Binding *binding =
        class_attribute(class, intern(&link->workspace->interner, S("default")));
    const Value *value =
        binding && binding->value ? value_at(&module->values, binding->value) : NULL;
    return value && value->kind == VALUE_BOOL && value->u.boolean;
}

/* Whether some settings install the app by this very class. */
static bool is_installed_class(Link *link, const Class *class)
{
    Interner *in = &link->workspace->interner;
    for (uint32_t s = 0; s < link->scopes.count; s++) {
        const Settings *settings = &link->scopes.items[s].settings;
        for (uint32_t i = 0; i < settings->installed_count; i++) {
            Str entry = sym_str(in, ref_value(settings->installed_apps[i])->u.text);
            if (str_eq(str_tail(entry, '.'), sym_str(in, class->name)))
                return true;
        }
    }
    return false;
}

/* The class Django would take: the only one, the one that says default = True,
 * or the one that the settings name. */
static const Class *pick_config(Link *link, const Module *module)
{
    const Class *only = NULL, *by_default = NULL, *installed = NULL;
    uint32_t count = 0;
    for (uint32_t i = 0; i < module->class_count; i++) {
        const Class *class = &module->classes[i];
        if (class->inner || !loader_descends(link->loader, module, class, is_config))
            continue;
        only = class;
        count++;
        if (is_default(link, module, class))
            by_default = class;
        if (is_installed_class(link, class))
            installed = class;
    }
    return count == 1 ? only : by_default ? by_default : installed;
}

static void read_auto_field(Link *link, const Module *module, const Class *class,
                            Candidate *candidate)
{
    bool outside = false;
    candidate->auto_field =
        loader_attribute(link->loader, module, class,
                         intern(&link->workspace->interner, S("default_auto_field")), &outside);
    candidate->auto_field_open = outside && !candidate->auto_field.id;
}

/* Several AppConfigs and none that is meant: any of them may be. */
static bool has_configs(Link *link, const Module *module)
{
    for (uint32_t i = 0; i < module->class_count; i++)
        if (!module->classes[i].inner &&
            loader_descends(link->loader, module, &module->classes[i], is_config))
            return true;
    return false;
}

static bool declared_in(Link *link, Candidate *candidate, Str file_name)
{
    const SourceFile *file = source_file(&candidate->source->tree, candidate->dir, file_name);
    const Module *module = file ? loader_read(link->loader, candidate->source, file) : NULL;
    const Class *class = module ? pick_config(link, module) : NULL;
    if (!class) {
        candidate->auto_field_open |= module && has_configs(link, module);
        return false;
    }
    read_auto_field(link, module, class, candidate);
    candidate->declared_label = label_of_class(link, module, class, &candidate->label_place);
    return candidate->declared_label != SYM_NONE;
}

static const Module *module_in(Link *link, const Candidate *candidate, Str stem)
{
    Str name = arena_printf(&link->workspace->arena, "%.*s.py", STR_ARG(stem));
    const SourceFile *file = source_file(&candidate->source->tree, candidate->dir, name);
    return file ? loader_read(link->loader, candidate->source, file) : NULL;
}

/* `default_app_config = "blog.config.BlogConfig"` in the package, which Django before 4.1 looked at
 * for what is not in apps.py. */
static bool declared_by_default(Link *link, Candidate *candidate)
{
    Interner *in = &link->workspace->interner;
    const Module *package = module_in(link, candidate, S("__init__"));
    ValueRef entry =
        package ? loader_binding(link->loader, package, intern(in, S("default_app_config")))
                : (ValueRef){0};
    entry = entry.id ? loader_value(link->loader, entry) : entry;
    if (!ref_is(entry, VALUE_STRING))
        return false;
    Str path = sym_str(in, ref_value(entry)->u.text);
    const Module *module = module_in(link, candidate, str_tail(str_head(path, '.'), '.'));
    const Class *class = module ? module_class(module, intern(in, str_tail(path, '.'))) : NULL;
    if (!class)
        return false;
    read_auto_field(link, module, class, candidate);
    candidate->declared_label = label_of_class(link, module, class, &candidate->label_place);
    return candidate->declared_label != SYM_NONE;
}

static Candidate *own_candidate(Link *link, DirId dir)
{
    for (uint32_t i = 0; i < link->candidates.count; i++)
        if (link->candidates.items[i].source == link->own && link->candidates.items[i].dir == dir)
            return &link->candidates.items[i];
    return NULL;
}

/* An entry of INSTALLED_APPS may name a class that lies in another package than its app. */
static void declare_by_entry(Link *link, const LinkScope *scope, Str entry)
{
    Interner *in = &link->workspace->interner;
    ModulePath path =
        loader_find_module(link->loader, link->own, scope->root, str_head(entry, '.'));
    const Module *module =
        path.found && path.file ? loader_read(link->loader, link->own, path.file) : NULL;
    const Class *class = module ? module_class(module, intern(in, str_tail(entry, '.'))) : NULL;
    if (!class || !loader_descends(link->loader, module, class, is_config))
        return;
    bool outside = false;
    ValueRef name = loader_attribute(link->loader, module, class, intern(in, S("name")), &outside);
    name = name.id ? loader_value(link->loader, name) : name;
    if (!ref_is(name, VALUE_STRING))
        return;
    ModulePath app = loader_find_module(link->loader, link->own, scope->root,
                                        sym_str(in, ref_value(name)->u.text));
    Candidate *candidate = app.found && app.package ? own_candidate(link, app.dir) : NULL;
    if (!candidate || candidate->configured || candidate->forced_label)
        return;
    candidate->declared_label = label_of_class(link, module, class, &candidate->label_place);
    read_auto_field(link, module, class, candidate);
    candidate->label = candidate->declared_label;
    candidate->configured = true;
}

void link_declare_by_settings(Link *link)
{
    const Interner *in = &link->workspace->interner;
    for (uint32_t s = 0; s < link->scopes.count; s++) {
        const LinkScope *scope = &link->scopes.items[s];
        for (uint32_t i = 0; i < scope->settings.installed_count; i++) {
            Str entry = sym_str(in, ref_value(scope->settings.installed_apps[i])->u.text);
            if (str_find(entry, '.') < entry.len)
                declare_by_entry(link, scope, entry);
        }
    }
}

typedef struct Vote {
    Sym label;
    uint32_t siblings; /* migrations that depend on (label, a sibling) */
    uint32_t telling;  /* the same, where the sibling's name is not a mere 0001_initial */
} Vote;

static Vote *vote_for(Vote *votes, uint32_t *count, uint32_t capacity, Sym label)
{
    for (uint32_t i = 0; i < *count; i++)
        if (votes[i].label == label)
            return &votes[i];
    if (*count == capacity)
        return NULL;
    votes[*count] = (Vote){.label = label};
    return &votes[(*count)++];
}

/* Another app of the project says that the label is its own. */
static bool is_declared_elsewhere(const Link *link, const Candidate *candidate, Sym label)
{
    uint32_t scope = link_scope_of(link, candidate->dir);
    for (uint32_t i = 0; i < link->candidates.count; i++) {
        const Candidate *other = &link->candidates.items[i];
        if (other != candidate && other->source == link->own && other->declared_label == label &&
            link_scope_of(link, other->dir) == scope)
            return true;
    }
    return false;
}

/*
 * What the app's migrations call their own siblings. Django never checks an
 * AppConfig that nothing imported (before 3.2 a wrong `name` was harmless), but
 * the files were written by an app that had its right label.
 */
static Sym label_of_siblings(Link *link, const Candidate *candidate, Sym declared)
{
    enum { MOST_LABELS = 32 };
    Vote votes[MOST_LABELS];
    uint32_t count = 0;
    Map siblings = {0}; /* name → 1 */
    for (uint32_t m = 0; m < candidate->migration_count; m++)
        map_set(&siblings, candidate->migrations[m].name, 1);
    Sym initial = intern(&link->workspace->interner, S("0001_initial"));
    Sym directory = intern(&link->workspace->interner, directory_name(link, candidate));
    for (uint32_t m = 0; m < candidate->migration_count; m++) {
        const Migration *migration = &candidate->migrations[m];
        for (uint32_t d = 0; d < migration->dependencies.count; d++) {
            const Dependency *dependency = &migration->dependencies.items[d];
            if (dependency->kind != DEPENDENCY_KEY || dependency->name == migration->name ||
                !map_has(&siblings, dependency->name))
                continue;
            Vote *vote = vote_for(votes, &count, MOST_LABELS, dependency->app);
            if (!vote)
                continue;
            vote->siblings++;
            vote->telling += dependency->name != initial || dependency->app == directory;
        }
    }
    map_free(&siblings);
    const Vote *best = NULL;
    for (uint32_t i = 0; i < count; i++) {
        if (votes[i].label == declared)
            return declared;
        if (votes[i].telling && !is_declared_elsewhere(link, candidate, votes[i].label) &&
            (!best || votes[i].telling > best->telling))
            best = &votes[i];
    }
    return best ? best->label : declared;
}

void link_declare_label(Link *link, Candidate *candidate)
{
    candidate->configured = declared_in(link, candidate, S("apps.py")) ||
                            declared_in(link, candidate, S("__init__.py")) ||
                            declared_by_default(link, candidate);
    if (!candidate->configured)
        candidate->declared_label =
            intern(&link->workspace->interner, directory_name(link, candidate));
    if (candidate->forced_label)
        candidate->declared_label = candidate->forced_label;
    candidate->label = candidate->declared_label;
}

void link_settle_label(Link *link, Candidate *candidate)
{
    if (candidate->source == link->own)
        candidate->label = label_of_siblings(link, candidate, candidate->declared_label);
}
