#ifndef MIGRALINT_MODELS_MODELS_H
#define MIGRALINT_MODELS_MODELS_H

/*
 * What the classes in models.py amount to: what Django's app registry would hold, read without
 * running anything and in the terms of the state (StateField, StateTarget), so that the two can be
 * compared.
 *
 * Django registers a class when it imports the module that holds it. Sure to be imported is
 * `<app>.models` and what it imports unconditionally, module by module; a class in such a module,
 * under no condition, is there (YES). Other classes may be there (MAYBE).
 *
 * Unknown: whatever a base class, a descriptor or a computed value may add that cannot be read
 * makes the model *open*: its fields, its options or its managers may be others than those listed.
 * `reasons` says where and why, for people.
 */

#include "base/truth.h"
#include "state/state.h"

/* Why something about a model, or about an app's models, is not known. */
typedef struct OpenReason {
    Place place;
    Str why; /* "its base `x.Y` is not at hand" */
} OpenReason;

typedef struct OpenReasons {
    OpenReason *items;
    uint32_t count;
} OpenReasons;

/* A field as a class body has it. */
typedef struct ModelField {
    StateField field; /* events are EVENT_NONE */
    Place place;      /* of the name it is assigned to; the class, when it is implicit */
    Truth there;      /* MAYBE: assigned under a condition, or perhaps no field at all */
    bool implicit;    /* made by Django: `id`, `parent_ptr`; `field.call` is what Django makes */
    bool from_table;  /* of a package that is not at hand: its version may be another */
    bool promoted;    /* a link to a parent that Django makes the primary key */
    Sym holder;       /* the class whose body has it, where it is inherited; SYM_NONE */
} ModelField;

typedef struct ModelOption {
    Sym name;
    ValueRef value; /* names not followed */
} ModelOption;

/* One of _meta.managers. */
typedef struct ModelManager {
    Sym name;
    ValueRef value;
    Truth in_migrations; /* use_in_migrations of its class */
    bool is_default, is_base;
} ModelManager;

typedef struct Model {
    Sym app, name, lower;
    AppId app_id;
    const Module *module;
    const Class *class;
    Place place; /* the name in its class statement */
    Truth there;
    Truth proxy, managed;
    Sym swappable;      /* the setting; SYM_NONE */
    ModelField *fields; /* many-to-many ones last, as in Django's _meta */
    uint32_t field_count;
    ModelOption *options; /* of Meta, what it inherits included, as ModelState has them */
    uint32_t option_count;
    ModelManager *managers;
    uint32_t manager_count;
    StateTarget *parents; /* the concrete models it derives from directly */
    uint32_t parent_count;
    bool fields_open, options_open, managers_open;
    bool makes_models; /* something in it may make models that are called after it */
    bool remade;       /* a metaclass of its own may have changed anything about it */
    OpenReasons reasons;
} Model;

/* An app's models: models[first .. first + count). */
typedef struct AppModels {
    uint32_t first, count;
    bool read;           /* its models module is at hand; one without any has none */
    bool open;           /* there may be other models … */
    OpenReasons reasons; /* … because of this */
} AppModels;

typedef struct Registry {
    const Project *project;
    Model *models; /* by app, then lower-cased name; abstract classes are not among them */
    uint32_t model_count;
    AppModels *apps;            /* by AppId */
    struct ModelReader *reader; /* private */
} Registry;

/*
 * Reads the models of the project's own apps. Everything is in `arena`; workspace and state must
 * outlive the registry. `state` gives what names of the state mean (AUTH_USER_MODEL).
 */
void registry_read(Registry *registry, Workspace *workspace, const State *state, Arena *arena);
void registry_free(Registry *registry); /* what is on the heap */

/* The model of that app and lower-cased name, or NULL. */
const Model *registry_model(const Registry *registry, Sym app, Sym lower);
/* Whether some class or name that is bound to something unreadable, anywhere in the files of the
 * project, may be the model after all: asked before somebody says that there is none. */
bool registry_may_hold(const Registry *registry, Sym app, Sym lower);

/* Whether a field of that name may be added to the model from outside: by add_to_class("name", …)
 * in some file of the project, or by modeltranslation where that is installed. */
bool registry_may_add(const Registry *registry, const Model *model, Sym field);
/* Whether some file of the project replaces what the autodetector compares: Field.deconstruct(),
 * AlterModelOptions.ALTER_OPTION_KEYS. */
bool registry_compares_otherwise(const Registry *registry);

const ModelField *model_field(const Model *model, Sym name);
const ModelOption *model_option(const Model *model, Sym name);
/* Whether Django makes a table for it, as far as is known. */
static inline Truth model_has_table(const Model *model)
{
    return truth_and(truth_not(model->proxy), model->managed);
}

#endif
