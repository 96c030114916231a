#ifndef MIGRALINT_LINK_LINK_H
#define MIGRALINT_LINK_LINK_H

/*
 * Private to link/: the steps of workspace_open(), in the order they run, and
 * what they hand on.
 *
 *   candidates  directories that may be apps, with their migrations packages
 *   scopes      the repository's projects: a manage.py each, and the rest
 *   settings    what each scope's settings modules say
 *   labels      AppConfig, directory name, and what sibling migrations say
 *   projects    which app belongs to which project; labels unique in each
 *   migrations  modules as Migration facts with references resolved
 */

#include "link/loader.h"
#include "link/tables.h"

/* A directory that may be an app. */
typedef struct Candidate {
    const Source *source;
    DirId dir, package_dir; /* package_dir DIR_NONE: no migrations package */
    PackageStatus package;
    Sym forced_label; /* MIGRATION_MODULES says so */
    Sym label, declared_label;
    Place label_place;
    ValueRef auto_field;
    bool auto_field_open;
    bool configured; /* an AppConfig says what the app is called */
    bool dropped;    /* an override that was given to the app it is about */
    uint32_t scope;
    Array(const SourceFile *) files; /* the modules that Django's loader would import */
    Migration *migrations;           /* one per file, sorted by name; `app` not filled in */
    uint32_t migration_count;
    Map installed;  /* scope → bits of the settings modules that install it */
    Map load_order; /* scope → its position in INSTALLED_APPS */
} Candidate;

typedef struct SettingsModule {
    const Module *module;
    DirId dir;
    bool main; /* what manage.py names */
    bool test; /* called so, or below a tests directory */
} SettingsModule;

/* The reach of one manage.py, or of the root for what lies outside of any. */
typedef struct LinkScope {
    DirId root;
    bool managed;                  /* there is a manage.py */
    Str main_settings;             /* what manage.py names, e.g. "shop.settings" */
    Array(SettingsModule) modules; /* most authoritative first */
    Settings settings;
} LinkScope;

typedef struct Link {
    Workspace *workspace;
    Loader *loader;
    Source *own; /* the repository */
    const Tables *tables;
    Array(Candidate) candidates; /* of the repository, then of site-packages */
    Array(LinkScope) scopes;     /* [0] is the root's own */
    Map operation_kinds;         /* Sym of a dotted path → OperationKind, once asked for */
} Link;

/* scopes.c */
void link_scopes(Link *link);
/* The scope that a directory lies in. */
uint32_t link_scope_of(const Link *link, DirId dir);

/* settings.c */
void link_settings(Link *link);
/* A setting as a scope's settings modules agree on it. */
Setting link_setting(Link *link, const LinkScope *scope, Sym name);
/* Bits of the settings modules that are used: what manage.py names if that can be read wholly, else
 * all that are not for tests. */
uint32_t link_used_settings(Link *link, const LinkScope *scope);

/* candidates.c */
void link_candidates(Link *link);
/* The files of a package that Django's loader would import, by pkgutil's rules. */
bool link_is_migration_file(Str file_name);
/* Whether the module defines or imports a Django migration. */
/* Whether it has models or an AppConfig where Django looks for them. */
bool link_is_app_dir(const SourceTree *tree, DirId dir);
bool link_looks_like_migration(Link *link, const Module *module);
/* An app that has no migrations package. */
void link_add_app(Link *link, DirId dir);
/* Gives each MIGRATION_MODULES package to the app of that label, once labels are known. */
void link_apply_overrides(Link *link);
void link_add_candidate(Link *link, const Source *source, DirId dir, DirId package_dir, Sym label);

/* labels.c */
/* What the app says itself … */
void link_declare_label(Link *link, Candidate *candidate);
/* … what an AppConfig in another package says that settings install … */
void link_declare_by_settings(Link *link);
/* … and what its migrations say, once every app has declared its own. */
void link_settle_label(Link *link, Candidate *candidate);

/* drafts.c: which app belongs to which project */
typedef struct Draft {
    uint32_t scope;
    DirId root;
    uint32_t base;       /* the draft it borrows from first, or UINT32_MAX */
    Array(uint32_t) own; /* candidates */
} Draft;

typedef struct Drafts {
    Array(Draft) list;
} Drafts;

/* Adds what settings install: an app, migrations or not. */
void link_installed_candidates(Link *link);
void link_drafts(Link *link, Drafts *drafts);
Str link_path_of(const Candidate *candidate);
bool link_is_below(const SourceTree *tree, DirId dir, DirId root);
/* Negative when `a` is the likelier bearer of a label that both claim. */
int link_by_authority(const Candidate *a, const Candidate *b, uint32_t scope);

/* projects.c */
void link_projects(Link *link);

/* installed.c: apps that are not of the repository. */
typedef struct OutsideApp {
    App app;
    Migration *migrations;
} OutsideApp;
void link_open_site_packages(Link *link);
/* The app of that label from site-packages or the contrib table; false when neither has it. */
bool link_outside_app(Link *link, Sym label, OutsideApp *out);

/* migrations.c: fills `migrations` from `files`. */
void link_read_migrations(Link *link, Candidate *candidate);

#endif
