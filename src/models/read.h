#ifndef MIGRALINT_MODELS_READ_H
#define MIGRALINT_MODELS_READ_H

/*
 * Private to models/: reading classes as Django's ModelBase makes models of them.
 *
 *   modules   which modules Django surely imports
 *   classes   every class once: its bases, their linearisation, whether it is a model
 *   fields    what a class and what it inherits contribute
 *   meta      its options
 *   registry  the models of every app
 */

#include "models/models.h"

enum {
    MOST_BASES = 128,    /* classes in one linearisation */
    DEEPEST_BASES = 64,  /* classes deriving from one another */
    MOST_MODULES = 8192, /* followed from models modules */
};

typedef uint32_t ClassId; /* index in ModelReader.classes */
enum { CLASS_NONE = UINT32_MAX };

typedef struct ClassIds {
    ClassId *items;
    uint32_t count;
} ClassIds;

/* What a class that is not at hand is, by its path. */
typedef enum Root {
    ROOT_NONE, /* not known */
    ROOT_MODEL,
    ROOT_FIELD,
    ROOT_MANAGER,
    ROOT_HARMLESS, /* adds nothing to a model */
} Root;

/* A field before it is known which model has it: targets depend on that. */
typedef struct RawField {
    Sym name;
    ValueRef value; /* names followed */
    Place place;
    Truth there;
    bool link; /* made by Django for the concrete base `parent` */
    ClassId parent, holder;
} RawField;

typedef struct ClassInfo {
    const Module *module;
    const Class *class;
    Sym app;                     /* whose directory it lies in; SYM_NONE: none */
    ClassIds bases;              /* direct ones at hand */
    ClassIds mro;                /* itself first; those at hand only */
    bool whole;                  /* every base is at hand, or adds nothing to a model */
    OpenReason reason;           /* why it is not */
    Truth model, field, manager; /* derives from Django's Model, Field, Manager */
    Truth abstract;              /* a model, and its own Meta says so */
    enum { CLASS_UNREAD, CLASS_READING, CLASS_READ } progress; /* of its fields */
    Array(RawField) fields;    /* own ones first, then inherited ones */
    bool known;                /* of rules/data/known-models.yaml: what it says is all there is */
    bool makes_models;         /* something in it makes models that are called after this one */
    bool fields_open;          /* there may be others … */
    Array(OpenReason) reasons; /* … because of these */
} ClassInfo;

typedef struct ImportedModule {
    const Module *module;
    Truth imported;
} ImportedModule;

typedef struct ModelReader {
    Registry *registry;
    Workspace *workspace;
    const State *state;
    const Project *project;
    Arena *arena;
    Array(ClassInfo) classes;
    Map class_ids; /* (Sym of the module's path, index of the class) → ClassId */
    Array(ImportedModule) modules;
    Map module_index; /* Sym of the path → index in modules */
    Array(Model) models;
    Map by_name;               /* (app, lower) → index in models, then in Registry.models */
    struct Mentions *mentions; /* where classes stand by name, once asked for */
} ModelReader;

static inline const Value *read_value(ValueRef ref)
{
    return value_at(&ref.module->values, ref.id);
}
static inline bool read_is(ValueRef ref, ValueKind kind)
{
    return ref.id && read_value(ref)->kind == kind;
}
Sym read_word(ModelReader *reader, const char *text);
Str read_text(const ModelReader *reader, Sym sym);
/* The app of the project that a module lies in, or APP_NONE. */
AppId app_of_module(const ModelReader *reader, const Module *module);

/* ---- modules.c ---- */
void find_modules(ModelReader *reader);

/* ---- mentions.c ---- */
void mentions_free(ModelReader *reader);

/* ---- classes.c ---- */
ClassId class_of(ModelReader *reader, const Module *module, const Class *class);
Root root_of(Str path);
/* What a call of a function at hand returns, where that is one expression; else the call itself. */
ValueRef call_result(ModelReader *reader, ValueRef call);
/* The class that a value names, of packages that are known too; CLASS_NONE. */
ClassId class_named(ModelReader *reader, ValueRef value);
/* X, where what is called is X.from_queryset; CLASS_NONE when it is not at hand. */
ClassId class_factory_of(ModelReader *reader, ValueRef factory);
/* An attribute of the class or of what it inherits, and whether it may come from elsewhere. */
ValueRef class_lookup(ModelReader *reader, ClassId id, Sym name, bool *maybe_elsewhere);

/* Whether it has a metaclass of its own that may change it: its options, or with `fields` its
 * fields too. Classes that rules/data/known-models.yaml describes say themselves what that adds. */
bool may_be_rebuilt(ModelReader *reader, ClassId id, bool fields);

/* ---- contributions.c ---- */
/* What an attribute of a class body may be. */
typedef enum Contribution {
    CONTRIBUTES_NOTHING,
    CONTRIBUTES_FIELD,
    CONTRIBUTES_MANAGER,
    CONTRIBUTES_UNKNOWN, /* this name may be a field, and there may be others */
    CONTRIBUTES_MAYBE,   /* this name may be a field */
} Contribution;
Contribution contribution_of(ModelReader *reader, ValueRef value);
ValueRef manager_factory(ModelReader *reader, ValueRef class);
/* What the class of a descriptor or field does besides, as rules/data/known-models.yaml says of it:
 * `adds`, names of further fields with "{name}" for the attribute's own, and `makes_models`; and
 * whether it may add others that nobody knows: it has contribute_to_class of its own. */
typedef struct Besides {
    ValueRef adds;
    bool makes_models, unknown;
} Besides;
Besides besides(ModelReader *reader, ValueRef call);

/* ---- fields.c ---- */
void read_fields(ModelReader *reader, ClassId id);

/* ---- made.c: what Django adds by itself ---- */
/* The implicit primary key of an app's models; of no class when it is not known which. */
ModelField made_primary_key(ModelReader *reader, const Model *model);
/* The link of a multi-table child to a parent; the first one is the primary key. */
ModelField made_parent_link(ModelReader *reader, const Model *model, Sym name,
                            const StateTarget *parent, bool primary_key);

/* ---- meta.c ---- */
/* `X.Meta`, as Python finds it: a concrete model has none of its own; absent when there is none. */
ValueRef meta_attribute(ModelReader *reader, ClassId id);
Truth class_abstract(ModelReader *reader, ClassId id);
Truth class_proxy(ModelReader *reader, ClassId id);
/* Options, proxy and managed. */
void read_meta(ModelReader *reader, ClassId id, Model *model);
/* A string that the Meta in force says, or SYM_NONE; `*unknown` becomes true when it may say one.
 */
Sym meta_text(ModelReader *reader, ClassId id, const char *name, bool *unknown);

/* ---- assemble.c ---- */
/* The app label of a model class: Meta.app_label, else where its module lies; SYM_NONE: unknown. */
Sym class_label(ModelReader *reader, ClassId id);
/* What a relation written in a model points at: a class as well as what the state knows. */
StateTarget model_target(ModelReader *reader, ValueRef written, const StateTarget *read);
void assemble(ModelReader *reader, ClassId id, Model *model);

#endif
