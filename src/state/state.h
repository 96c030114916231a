#ifndef MIGRALINT_STATE_STATE_H
#define MIGRALINT_STATE_STATE_H

/*
 * Django's ProjectState without Django: every operation of a project's full plan, replayed. What
 * is kept is not one state after another but every change as an event, on the timeline of what it
 * changes; a state at any point is those events that count there, so all states together cost what
 * the operations cost.
 *
 * Two states matter for each migration (StateAt): what the full plan has made until then, which is
 * what a fresh `migrate` sees; and what the migration's own ancestors have made, which is all that
 * its dependencies guarantee. Migrations that a squash stands for, and missing ones, are in no
 * plan and change nothing.
 *
 * A model is an entity with one life, from its CreateModel until it is deleted; a RenameModel
 * moves it to another name. Labels and fields compare exactly, model names without regard to case.
 *
 * Unknown: a project's own operation that cannot be read makes its app *open* from there on. In an
 * open app anything may exist; lookups then answer STATE_UNKNOWN and no problem is told.
 */

#include "graph/graph.h"

typedef uint32_t ModelId; /* index in State.models: one life of a model */
typedef uint32_t EventId; /* index in State.events, in plan order */
typedef uint32_t Step;    /* position in the full plan, operation by operation */
enum { MODEL_NONE = UINT32_MAX, EVENT_NONE = UINT32_MAX, STEP_NONE = UINT32_MAX };

/* A point in the history: events before `step`, and with `nodes` only those of its nodes or of
 * `self`. `nodes` is borrowed, e.g. from graph_ancestors(). */
typedef struct StateAt {
    Step step;
    const NodeSet *nodes; /* NULL: of the full plan */
    NodeId self;
} StateAt;

typedef enum StateAnswer { STATE_NO, STATE_YES, STATE_UNKNOWN } StateAnswer;

typedef enum EventKind {
    EVENT_MODEL_CREATED,
    EVENT_MODEL_DELETED,
    EVENT_MODEL_OVERWRITTEN, /* ends a life: another CreateModel or RenameModel took its name */
    EVENT_MODEL_RENAMED,     /* `from` → `to`: names as written */
    EVENT_OPTION_SET,        /* AlterModelOptions, AlterUniqueTogether, AlterModelTable … */
    EVENT_OPTION_DROPPED,
    EVENT_MANAGERS_SET,
    EVENT_FIELD_ADDED, /* by CreateModel too, and by an AlterField of a field that was not there */
    EVENT_FIELD_ALTERED, /* by AlterField, and by an AddField of a field that was there */
    EVENT_FIELD_REMOVED,
    EVENT_FIELD_RENAMED,   /* `from` → `to`; overwrites a field that is called `to` */
    EVENT_FIELD_REPOINTED, /* a rename elsewhere changed to, through, to_field or from_fields */
    EVENT_INDEX_ADDED,
    EVENT_INDEX_REMOVED,
    EVENT_INDEX_RENAMED,
    EVENT_CONSTRAINT_ADDED,
    EVENT_CONSTRAINT_REMOVED,
    EVENT_CONSTRAINT_ALTERED,
    EVENT_OPENED, /* what follows is not known; of the model, or with MODEL_NONE of the app */
} EventKind;

/* What a relation's to/through, or a base, means. */
typedef struct StateTarget {
    Sym app;     /* SYM_NONE: not known (swapper, a setting that is not at hand), or no relation */
    Sym model;   /* lower-cased */
    Sym text;    /* as the state has it: "self", "app.Model" (also after a RenameModel) */
    Sym setting; /* "AUTH_USER_MODEL" when it was read from a setting */
    bool given;  /* written at all */
} StateTarget;

typedef enum FieldKind {
    FIELD_PLAIN,    /* a column of its own */
    FIELD_RELATION, /* ForeignKey, OneToOneField, ForeignObject and what descends from them */
    FIELD_MANY,     /* ManyToManyField: a table of its own unless `through` is given */
    FIELD_VIRTUAL,  /* GenericForeignKey, GenericRelation, CompositePrimaryKey */
    FIELD_UNKNOWN,  /* a class of a project's or package's own that could not be followed */
} FieldKind;

/* One version of a field: what CreateModel, AddField or AlterField said, and renames since. */
typedef struct StateField {
    Sym name;
    ValueRef call;  /* the field as written: a VALUE_CALL, or what could not be read */
    Sym class_path; /* canonical as in a migration ("django.db.models.CharField",
                       "taggit.managers.TaggableManager"); SYM_NONE: unknown */
    FieldKind kind;
    StateTarget to, through;
    Sym to_field;          /* after a rename elsewhere; SYM_NONE: as written */
    bool default_dropped;  /* preserve_default=False: `default` is not in the state */
    bool primary_key;      /* primary_key=True is written */
    EventId created, last; /* the first event of this field under any name, and the latest */
    uint8_t repointed;     /* private: what an EVENT_FIELD_REPOINTED changed */
    Sym repointed_from;    /* private: where it pointed before */
} StateField;

typedef struct StateNames {
    Sym *items;
    uint32_t count;
} StateNames;

/* An option of Meta. For unique_together and index_together `groups` are the normalised tuples. */
typedef struct StateOption {
    Sym name;
    ValueRef value; /* VALUE_ABSENT with `groups`: rewritten by a RenameField */
    StateNames *groups;
    uint32_t group_count;
    bool together, groups_known;
    bool lists; /* RenameField leaves a list of lists where a set of tuples was */
    EventId event;
} StateOption;

/* What the database makes of an index or constraint. */
typedef enum IndexKind {
    INDEX_UNKNOWN,   /* a class that is not Django's */
    INDEX_PLAIN,     /* an index, of whatever method */
    INDEX_UNIQUE,    /* a constraint of the table, and but for SQLite an index of that name */
    INDEX_PARTIAL,   /* UniqueConstraint with a condition, expressions …: an index only */
    INDEX_CHECK,     /* a constraint of the table */
    INDEX_EXCLUSION, /* a constraint and an index of that name */
} IndexKind;

/* An index or constraint. */
typedef struct StateIndex {
    Sym name;      /* SYM_NONE: not known */
    ValueRef call; /* VALUE_ABSENT for the index that RenameIndex(old_fields=…) leaves */
    Sym class_path;
    uint8_t kind;      /* IndexKind */
    StateNames fields; /* `fields`, without "-" of descending order */
    bool fields_known; /* false: not read wholly (f-strings, opclasses do not matter) */
    bool has_expressions;
    EventId event;
} StateIndex;

/* A model at one StateAt. In the arena given to state_model_at(). */
typedef struct ModelState {
    ModelId id;
    Sym app, name, lower; /* `name` as written last */
    StateField *fields;   /* in Django's order */
    uint32_t field_count;
    StateOption *options; /* in the order they were set; indexes and constraints not among them */
    uint32_t option_count;
    ValueRef *bases;           /* strings and names; none given: models.Model */
    StateTarget *base_targets; /* for each base; given false for an importable class */
    uint32_t base_count;
    ValueRef *managers; /* the (name, manager) pairs as written */
    uint32_t manager_count;
    StateIndex *indexes, *constraints;
    uint32_t index_count, constraint_count;
    EventId created;
    bool open;           /* fields, options or indexes may differ from what is listed … */
    ValueRef open_where; /* … because of this */
    bool proxy, managed, swappable;
} ModelState;

/* A change. `migration` is MIGRATION_NONE only for a Django app's own, see `node`. */
typedef struct StateEvent {
    uint8_t kind; /* EventKind */
    Step step;
    NodeId node;
    MigrationId migration;
    uint32_t operation; /* index in Migration.operations; UINT32_MAX from the contrib table */
    ModelId model;
    Sym app;
    Sym name;         /* of the field, option, index or constraint; of the model for model events */
    Sym from, to;     /* renames */
    uint32_t payload; /* private */
} StateEvent;

/* What an operation needs to be there. */
typedef enum UseKind {
    USE_MODEL,  /* the model that the operation names */
    USE_FIELD,  /* the field that it names */
    USE_TARGET, /* `to` of a relation */
    USE_THROUGH,
    USE_BASE,
    USE_LOOKUP, /* what the code of a RunPython looks up with apps.get_model() */
} UseKind;

typedef struct StateUse {
    uint8_t kind;      /* UseKind */
    uint8_t full;      /* StateAnswer: there in the full plan at that point */
    uint8_t ancestors; /* StateAnswer: there with the node's ancestors only */
    Step step;
    NodeId node;
    MigrationId migration;
    uint32_t operation;
    Sym app, model;   /* `model` lower-cased */
    Sym field;        /* USE_FIELD: it; USE_TARGET, USE_THROUGH: the field that points there */
    Sym owner;        /* USE_TARGET, USE_THROUGH, USE_BASE: the model that points there, lower */
    Sym text;         /* the model as written: "Post", "blog.Post"; SYM_NONE for USE_FIELD */
    Sym setting;      /* the target came from this setting */
    bool reverse;     /* USE_LOOKUP: by reverse_code only */
    Place place;      /* of the text that names it; USE_LOOKUP: of the call, in any file */
    EventId provider; /* the event that made it be there (created or renamed to); EVENT_NONE */
    EventId gone;     /* not there: the event that took it away, EVENT_NONE if it never was */
    EventId later;    /* not there: the first event later in the plan that provides it */
} StateUse;

/* What Django would raise or only fail on when the migration runs; operations that only reach the
 * state (state_operations) and models without a table of their own (proxies, unmanaged and swapped
 * ones) are silent where the database alone would object. References that do not
 * hold are StateUses with full or ancestors == STATE_NO; these are the others. */
typedef enum ProblemKind {
    PROBLEM_MODEL_EXISTS,       /* CreateModel of a living model's name with the same table, or
                                   RenameModel to one; not where the table is nobody's or another */
    PROBLEM_FIELD_EXISTS,       /* AddField, or RenameField onto another field */
    PROBLEM_RENAME_CASE_ONLY,   /* RenameModel that differs in case only: the model vanishes */
    PROBLEM_RENAMED_PARENT,     /* RenameModel of what others name as their base */
    PROBLEM_DELETED_REFERENCED, /* DeleteModel; `other`, `field` point at it when the migration ends
                                 */
    PROBLEM_FIELD_IN_OPTION,    /* RemoveField of one that unique_together, index_together or
                                   order_with_respect_to name (`name`: the option) when the migration
                                   ends; RenameField of order_with_respect_to's */
    PROBLEM_FIELD_IN_INDEX,     /* RemoveField of one that an index or constraint (`name`) names */
    PROBLEM_RENAMED_IN_INDEX,   /* RenameField: the index or constraint `name` keeps the old name */
    PROBLEM_UNKNOWN_FIELD, /* `field`, named by option, index or constraint `name`, is not there */
    PROBLEM_INDEX_MISSING, /* RemoveIndex, RenameIndex: `name` is not there */
    PROBLEM_INDEX_EXISTS,  /* the model has an index or constraint of that name already, and no
                              database takes both */
    PROBLEM_INDEX_TOGETHER_MISSING, /* RenameIndex(old_fields): no index of just these fields */
    PROBLEM_CONSTRAINT_MISSING, /* RemoveConstraint, ValidateConstraint (AlterConstraint is silent)
                                 */
    PROBLEM_CONSTRAINT_EXISTS,
    PROBLEM_UNNAMED_INDEX,          /* AddIndex, AddConstraint, or CreateModel's options */
    PROBLEM_DUPLICATE,              /* CreateModel lists a field, base or manager (`name`) twice */
    PROBLEM_RENAME_INDEX_ARGUMENTS, /* neither or both of old_name, old_fields */
    PROBLEM_PRIMARY_KEYS,           /* a second primary key (`field`) */
    PROBLEM_INCOMPATIBLE,           /* AlterField between a many-to-many field and a column, or one
                                       with `through` and one without */
    PROBLEM_GENERATED_CHANGED,      /* AlterField from or to a GeneratedField, or of db_persist */
    PROBLEM_FIELD_CLASH,            /* a field called like one of a concrete base (`other`) */
    PROBLEM_COUNT,
} ProblemKind;

/* Where it goes through all the same. */
typedef enum Tolerance {
    TOLERATED_NOWHERE,
    TOLERATED_BY_SQLITE, /* which makes the table anew, or has no such names */
    TOLERATED,           /* no database minds, or it is not known: the state alone is wrong */
} Tolerance;

typedef struct StateProblem {
    uint8_t kind;      /* ProblemKind */
    uint8_t tolerance; /* Tolerance */
    Step step;
    NodeId node;
    MigrationId migration;
    uint32_t operation;
    Sym app, model; /* what the operation is about, `model` lower-cased */
    Sym field, name;
    Sym other_app, other; /* the other model, lower-cased */
    Place place;
    EventId earlier; /* what it collides with, or what took it away; EVENT_NONE */
    EventId later;   /* PROBLEM_DELETED_REFERENCED: the first event that mends it, if any does */
} StateProblem;

typedef struct State {
    const Graph *graph;
    Nodes plan;
    Step *first_step; /* by node: that of its first operation; STEP_NONE: in no plan */
    Step *end_step;   /* behind its last one */
    Step step_count;
    StateEvent *events;
    uint32_t event_count;
    StateUse *uses; /* by step */
    uint32_t use_count;
    StateUse *lookups; /* USE_LOOKUP, by step: only what is sure to run */
    uint32_t lookup_count;
    StateProblem *problems; /* by step */
    uint32_t problem_count;
    struct Replay *replay; /* private */
} State;

/*
 * Replays the project. Everything is in `arena`; graph and workspace must outlive the state. Reads
 * modules that nobody asked for before, hence the workspace is not const.
 */
void state_build(State *state, Workspace *workspace, const Graph *graph, Arena *arena);
/* The same of only one migration and its ancestors, in the order of the full plan: what `migrate`
 * to it makes. NODE_NONE: of none. */
void state_build_until(State *state, Workspace *workspace, const Graph *graph, NodeId last,
                       Arena *arena);
void state_free(State *state); /* what is on the heap; the arena is the caller's */

/* ---- points ---- */

StateAt state_end(const State *state);
/* Before and after a migration; `operation` UINT32_MAX: after the last. Step STEP_NONE when the
 * node is in no plan. */
StateAt state_before(const State *state, NodeId node, uint32_t operation);
StateAt state_after(const State *state, NodeId node);
/* The same with only `ancestors` of the node (graph_ancestors()) and its own operations. Where two
 * branches of one app change the same thing this is what the full plan made of it; for all of it
 * there is state_build_until(). */
StateAt state_narrowed(StateAt at, NodeId node, const NodeSet *ancestors);

/* ---- what is there; each costs what happened to that one name, not to all ---- */

/* The model of that name, or MODEL_NONE; `*answer` may be NULL. `lower` is lower-cased. */
ModelId state_model(const State *state, Sym app, Sym lower, StateAt at, StateAnswer *answer);
StateAnswer state_has_field(const State *state, ModelId model, Sym field, StateAt at);
/* The same, and what the field is in `*out`; STATE_UNKNOWN too where it is there and nobody knows
 * as what. At a point with `nodes` this costs as much as state_model_at(). */
StateAnswer state_field_at(const State *state, ModelId model, Sym field, StateAt at,
                           StateField *out);
/* Whether migrations make a table for the model: neither a proxy nor unmanaged. */
StateAnswer state_managed_at(const State *state, ModelId model, StateAt at);
/* Whether something that could not be read may have changed the model since what is told of it. An
 * operation of an unknown class is taken to change no more than what its arguments name, if they
 * name anything. */
bool state_may_differ(const State *state, ModelId model, StateAt at);
EventId state_created(const State *state, ModelId model);
Sym state_model_app(const State *state, ModelId model);
/* What the model is called there, as written; SYM_NONE before it is created. */
Sym state_model_name(const State *state, ModelId model, StateAt at);
/* How the latest event until `step`, this one included, wrote a name; `lower` when none did. */
Sym state_written(const State *state, Sym app, Sym lower, Step step);
/* From where on an app is not known, or STEP_NONE. Of no app at hand, or one that is not read: 0.
 */
Step state_app_open(const State *state, Sym app);

/* Materialises a model: costs what ever happened to it. */
ModelState *state_model_at(const State *state, ModelId model, StateAt at, Arena *arena);

/* All models there are at a point, by app, then lower-cased name. */
typedef struct Models {
    ModelId *items;
    uint32_t count;
} Models;
Models state_models(const State *state, StateAt at, Arena *arena);

/* ---- history ---- */

/* Every event of a model (every life of that name, and what a life did under other names), or of
 * one of its fields and what it was called before, in plan order. SYM_NONE field: all. */
typedef struct Events {
    EventId *items;
    uint32_t count;
} Events;
Events state_history(const State *state, Sym app, Sym lower, Sym field, Arena *arena);
/* What an EVENT_FIELD_ADDED, _ALTERED or _REPOINTED made of the field; NULL for other events. Its
 * `created` and `last` are not filled in. */
const StateField *state_event_field(const State *state, EventId event);
/* The same of an EVENT_OPTION_SET, and of an EVENT_INDEX_ADDED, EVENT_CONSTRAINT_ADDED or _ALTERED.
 */
const StateOption *state_event_option(const State *state, EventId event);
const StateIndex *state_event_index(const State *state, EventId event);

/* ---- names ---- */

/* str.lower() of Python for ASCII; other letters are left. Interns; the second remembers. */
Sym state_lower(Workspace *workspace, Sym name);
Sym state_lowered(const State *state, Sym name);
/* What `to`, `through` or a base means in a model: 'self', 'app.Model', 'Model', a setting. */
StateTarget state_target(const State *state, ValueRef value, Sym app, Sym model_lower);
/* AUTH_USER_MODEL. */
StateTarget state_user_model(const State *state);
/* A value with names followed into other modules. */
ValueRef state_value(const State *state, ValueRef value);
/* The canonical dotted path of a class or name as a migration writes it; SYM_NONE: unknown. */
Sym state_path(const State *state, ValueRef value);

/* What a field's call amounts to in a model, as read_field() of the replay has it. */
StateField state_field(const State *state, ValueRef call, Sym name, Sym app, Sym model_lower);

/* What a field is made with, in the order written: renames elsewhere applied, a dropped default
 * left out, positional arguments under their names where Django's class gives them one. */
typedef struct StateArgument {
    Sym name; /* SYM_NONE: by position */
    ValueRef value;
    Sym text; /* not SYM_NONE: this string stands in its place */
} StateArgument;
typedef struct StateArguments {
    StateArgument *items;
    uint32_t count;
    bool open; /* there may be others */
} StateArguments;
StateArguments state_field_arguments(const State *state, const StateField *field, Arena *arena);
/* The same of an index or constraint; nothing is given a name. */
StateArguments state_index_arguments(const State *state, const StateIndex *index, Arena *arena);

/* The table of a model: db_table, or app_model. Empty: not known, or none (proxy). */
Str state_table(const State *state, const ModelState *model, Arena *arena);
/* The table that migrations keep for the model then, without looking at all of it; empty: none (a
 * proxy, unmanaged, swapped out), or not known. */
Str state_table_at(const State *state, ModelId model, StateAt at, Arena *arena);
/* The column of a field; empty: not known, or none. */
Str state_column(const State *state, const StateField *field, Arena *arena);
/* The table of a many-to-many field without `through`. */
Str state_many_table(const State *state, const ModelState *model, const StateField *field,
                     Arena *arena);
/* The same where the model's own table is `own`. */
Str state_many_table_of(const State *state, Str own, const StateField *field, Arena *arena);
/* Whether the model has a table that migrations make: neither a proxy nor unmanaged. */
static inline bool state_has_table(const ModelState *model)
{
    return !model->proxy && model->managed;
}

#endif
