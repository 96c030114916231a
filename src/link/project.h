#ifndef MIGRALINT_LINK_PROJECT_H
#define MIGRALINT_LINK_PROJECT_H

/*
 * Across files, as a linker does: which project and app a module belongs to,
 * what labels mean, what the settings say, and what every migration depends
 * on once names from other modules are resolved.
 *
 * A Workspace is one run over one directory. It owns everything below;
 * nothing here is freed on its own. Projects are kept apart: labels of one
 * mean nothing in another.
 */

#include "base/map.h"
#include "facts/module.h"
#include "facts/shared.h"
#include "source/find.h"

typedef uint32_t AppId;
typedef uint32_t MigrationId;
enum { APP_NONE = UINT32_MAX, MIGRATION_NONE = UINT32_MAX };

/* A value together with the module it stands in. */
typedef struct ValueRef {
    const Module *module;
    ValueId id; /* VALUE_ABSENT: not given */
} ValueRef;

/* A place in a file. `module` may be NULL: then the file as a whole. */
typedef struct Place {
    Str path;
    Span span;
} Place;

typedef enum DependencyKind {
    DEPENDENCY_KEY,       /* ("app", "0001_initial") */
    DEPENDENCY_FIRST,     /* ("app", "__first__") */
    DEPENDENCY_LATEST,    /* ("app", "__latest__") */
    DEPENDENCY_SWAPPABLE, /* swappable_dependency(settings.X): the first migration of the app
                             that the setting names */
} DependencyKind;

typedef struct Dependency {
    DependencyKind kind;
    Sym app, name; /* SYM_NONE app: a swappable whose setting is not known (never an edge) */
    Sym setting;   /* DEPENDENCY_SWAPPABLE: "AUTH_USER_MODEL" */
    bool maybe;    /* only under a condition that is not known */
    Place place;   /* of the pair as written */
} Dependency;

/* One list of keys of a Migration class. */
typedef struct Dependencies {
    Dependency *items;
    uint32_t count;
    bool open; /* may hold more than could be read */
} Dependencies;

typedef enum OperationKind {
#define OPERATION(id, name) OPERATION_##id,
#include "link/operations.def"
#undef OPERATION
    OPERATION_OPAQUE, /* a class that is not known, or an element that could not be read */
} OperationKind;

typedef struct Operation {
    OperationKind kind;
    Sym class_path; /* canonical dotted path of the class as written:
                       "django.db.migrations.AddField", "app.operations.SafeAddIndex"; SYM_NONE when
                       it could not be read */
    ValueRef call;  /* the VALUE_CALL, or what could not be read */
    Place place;
    uint32_t
        parent;    /* index of the SeparateDatabaseAndState/RunSQL it is nested in, or UINT32_MAX */
    bool database; /* reaches the database (not below state_operations) */
    bool state;    /* reaches the state (not below database_operations) */
    bool maybe;    /* only under a condition that is not known */
    bool harmless; /* opaque, but leaves the state alone: a RunPython with arguments of its own */
} Operation;

/* What a module in a migrations package turned out to be. */
typedef enum MigrationStatus {
    MIGRATION_READ,
    MIGRATION_NO_CLASS, /* Django: BadMigrationError; no node in the graph unless broken */
    MIGRATION_BROKEN,   /* syntax error or not Python: a node with what could be recovered */
    MIGRATION_UNKNOWN,  /* `Migration` is bound to something that cannot be read: a node with
                           open lists */
} MigrationStatus;

typedef struct Migration {
    AppId app;
    Sym name;
    Str path;
    const Module *module; /* NULL: known from a table (contrib) */
    MigrationStatus status;
    Dependencies dependencies, run_before, replaces;
    Operation *operations; /* in order, nested ones behind what holds them */
    uint32_t operation_count;
    bool operations_open;     /* more or less may happen than is listed … */
    bool operations_more;     /* … and not only less: operations that are listed and `maybe` */
    ValueRef atomic, initial; /* VALUE_ABSENT: not given */
    Place class_place;        /* `class Migration`: the name */
} Migration;

typedef enum AppOrigin {
    APP_OWN,       /* of this project: findings are about it */
    APP_BORROWED,  /* of an enclosing project of the repository, seen but not reported here */
    APP_INSTALLED, /* read from site-packages */
    APP_CONTRIB,   /* from the table of Django's own */
} AppOrigin;

typedef enum PackageStatus {
    PACKAGE_MIGRATED,  /* a package, perhaps with nothing in it */
    PACKAGE_NONE,      /* no such directory: unmigrated */
    PACKAGE_NAMESPACE, /* a directory without __init__.py: unmigrated, its files are ignored */
    PACKAGE_DISABLED,  /* MIGRATION_MODULES says None */
} PackageStatus;

typedef struct App {
    Sym label;
    Sym declared_label;     /* what AppConfig or the directory says, where siblings overrule it */
    Str path;               /* directory of the app, from the root */
    Str package_path;       /* directory of its migrations */
    DirId dir, package_dir; /* DIR_NONE where it is in no source tree (contrib) */
    PackageStatus package;
    AppOrigin origin;
    bool installed_known;     /* the settings list their apps completely, and … */
    bool installed;           /* … this one is among them */
    bool installed_elsewhere; /* … but not by the settings that are used */
    uint32_t load_order;      /* position in INSTALLED_APPS, UINT32_MAX when it is not there: Django
                                 loads apps in that order, then __first__ and __latest__ may differ */
    uint32_t first_migration, migration_count; /* in Project.migrations, sorted by name */
    Place label_place;    /* where AppConfig says the label; path empty otherwise */
    ValueRef auto_field;  /* AppConfig.default_auto_field; VALUE_ABSENT when it says none … */
    bool auto_field_open; /* … or when what it says is not known */
} App;

/* One setting, and where it is assigned: VALUE_ABSENT when nowhere, or when settings files that
 * nothing ranks contradict each other. */
typedef struct Setting {
    ValueRef value;
    Place place;
    bool contradictory;
} Setting;

typedef struct Settings {
    Setting auth_user_model, default_auto_field, migration_modules, databases;
    ValueRef *installed_apps; /* strings, of all settings modules of the project */
    uint32_t installed_count;
    bool installed_complete; /* the list could be read wholly */
    bool installed_at_hand; /* … and so could what manage.py names, and every app listed is of the
                               repository or Django's own: no app has a label but theirs */
    bool managed;           /* manage.py names one of them */
    Str *paths;             /* the settings modules, most authoritative first */
    uint32_t path_count;
    Str *engines; /* distinct database engines, e.g. "postgresql", "sqlite3" */
    uint32_t engine_count;
    bool engines_open; /* the environment may name another one */
    bool routed;       /* there are DATABASE_ROUTERS: apps may lie in different databases */
} Settings;

typedef struct Project {
    Str root;  /* directory from the workspace's root, "" for itself */
    App *apps; /* sorted by label; one per label */
    uint32_t app_count;
    Migration *migrations; /* grouped by app in app order, sorted by name in an app */
    uint32_t migration_count;
    Settings settings;
    uint32_t scope;   /* private to link/: whose settings hold */
    Map app_by_label; /* Sym → AppId */
    struct DuplicateLabel *duplicates;
    uint32_t duplicate_count;
} Project;

/* Two apps that the same settings install under one label (ImproperlyConfigured). */
typedef struct DuplicateLabel {
    Sym label;
    Str first_path, second_path;
    Place place; /* the second one's entry in INSTALLED_APPS, or its AppConfig */
} DuplicateLabel;

/* One directory of installed packages, with a reader whose root it is. */
typedef struct SitePackages {
    Str path; /* as people should see it */
    Reader reader;
} SitePackages;

typedef struct WorkspaceOptions {
    FindOptions find;
    const Str *untracked; /* files that version control neither has nor ignores */
    uint32_t untracked_count;
    SharedFacts *shared; /* with other versions of the same files; NULL: with nobody */
    Str root_name;       /* what the root directory is called, for an app that is the root */
    unsigned django;     /* 502 for 5.2; what the loader's rules are taken from */
    const SitePackages *site_packages; /* where installed apps can be read; none: nowhere */
    uint32_t site_package_count;
    /* What version control knows about a file that is not there, in `arena`; NULL: nobody can be
     * asked. */
    bool (*trace)(void *context, Str path, Arena *arena, Str *text, Str *help);
    void *trace_context;
} WorkspaceOptions;

typedef struct Workspace {
    Arena arena;
    Interner interner;
    Reader reader;
    WorkspaceOptions options;
    SourceTree tree;
    SyntaxParser parser;
    Project *projects; /* sorted by root */
    uint32_t project_count;
    Module **modules; /* every module read, sorted by path once opened */
    uint32_t module_count;
    const struct Tables *tables; /* facts about Django, see link/tables.h */
    struct Link *link;           /* private to link/ */
} Workspace;

/*
 * Finds, reads and links everything below the reader's root. The workspace is
 * usable (and must be closed) even when there is no project in it. False with
 * *err only when the root cannot be read.
 */
bool workspace_open(Workspace *workspace, Reader reader, const WorkspaceOptions *options,
                    Error *err);
void workspace_close(Workspace *workspace);

/*
 * Names followed from file to file, for later rooms. They may read modules that nobody asked for
 * before, hence the workspace is not const.
 */
/* Follows a value that is a name as far as it goes; others are returned as they are. */
ValueRef workspace_value(Workspace *workspace, ValueRef value);
/* The canonical dotted path of a name or class ("django.db.models.CharField"), or SYM_NONE. */
Sym workspace_path(Workspace *workspace, ValueRef value);
/* The canonical path of what a class descends from, by first bases, once that is outside the files
 * at hand ("django.db.models.ForeignKey"); of a class outside its own path; SYM_NONE: not known. */
Sym workspace_ancestor(Workspace *workspace, ValueRef class_name);

/* A setting of any name, as the project's settings modules agree on it. */
Setting workspace_setting(Workspace *workspace, const Project *project, Sym name);

/* The class that a value certainly is, names followed; NULL when it is none that is at hand. */
const Class *workspace_class(Workspace *workspace, ValueRef value, const Module **module);
/* The class that a dotted name asks for something: of "Post.Kind.X" with `rest` ".X", Post.Kind. */
const Class *workspace_owner(Workspace *workspace, ValueRef name, Str rest, const Module **module);
/* The module of a directory of the repository: "models" is models.py or models/__init__.py. */
const Module *workspace_module(Workspace *workspace, DirId dir, Str name);
/* The module that `from` imports by that dotted name, relative or not; NULL when not at hand. */
const Module *workspace_imported(Workspace *workspace, const Module *from, Str dotted);
/* The same for modules of the repository only, and not read when none of the words occurs in it. */
const Module *workspace_imported_with(Workspace *workspace, const Module *from, Str dotted,
                                      const char *const *words, uint32_t count);
/* The module of a file of the repository. */
const Module *workspace_file(Workspace *workspace, const SourceFile *file);
/* A value of a module outside of the repository by its dotted path, of Django's own too as far as
 * rules/data/known-models.yaml has them; VALUE_ABSENT when it is not at hand. */
ValueRef workspace_outside(Workspace *workspace, Str path);
/* Every module of the repository that was read so far, by path; in `arena`. */
const Module **workspace_modules(const Workspace *workspace, Arena *arena, uint32_t *count);
/* The directory of the repository that a module lies in; DIR_NONE when it comes from outside. */
DirId workspace_dir(const Workspace *workspace, const Module *module);

/* The project's app of that label, or APP_NONE. */
AppId project_app(const Project *project, Sym label);
/* The project's migration, or MIGRATION_NONE. */
MigrationId project_migration(const Project *project, AppId app, Sym name);

const char *operation_name(OperationKind kind); /* "AddField"; "" for opaque */

#endif
