#ifndef MIGRALINT_STATE_REPLAY_H
#define MIGRALINT_STATE_REPLAY_H

/*
 * Private to state/: what a replay works on. Operations (models.c, fields.c, options.c, indexes.c)
 * read their arguments, look at the models as they are, report, and emit events; an event is put
 * on the timelines and applied to the model's view. Asking for another point applies the same
 * events, those that count, to an empty view: there is one meaning of an event, in view.c.
 */

#include "base/limits.h"
#include "state/state.h"

enum {
    LIMIT_EVENTS = 16 << 20, /* beyond: everything is open from there on */
    LIMIT_BASES = 16,        /* how far up inherited fields are looked for */
    LIMIT_LOOKUPS = 2000,    /* that the code of one migration makes; later ones are not seen */
    MOST_LOOKED_AT = 1000,   /* things of one name or model that one operation is compared with */
    MOST_TOLD = 32,          /* references that one renaming or deletion is said to break */
};

typedef enum Word {
#define WORD(id, text) WORD_##id,
#include "state/words.def"
#undef WORD
    WORD_COUNT,
} Word;

/* Things of one kind that a model has, in order, by name. A removed one leaves a hole. */
typedef struct Slots {
    Map place;        /* name → index of the last one */
    Map extra;        /* name → how many others have it too */
    Array(Sym) names; /* SYM_NONE: a hole, or nameless with `filled` */
    Array(bool) filled;
    uint32_t live;
    uint32_t nameless; /* how many ever had a name that is not known */
} Slots;

/* A model while events are applied to it. */
typedef struct View {
    Slots field_slots, option_slots, index_slots, constraint_slots;
    Array(StateField) fields;
    Array(StateOption) options;
    Array(StateIndex) indexes, constraints;
    Sym name, lower;
    EventId created;
    uint32_t bases, managers; /* index in Replay.lists */
    EventId opened;
} View;

/* Where to begin among so many things, to look at no more than the latest of them. */
static inline uint32_t latest(uint32_t count)
{
    return count > MOST_LOOKED_AT ? count - MOST_LOOKED_AT : 0;
}

typedef struct List {
    ValueRef *items;
    StateTarget *targets; /* of bases */
    uint32_t count;
} List;

typedef struct Life {
    Sym app;
    Array(EventId) events;
    EventId opened; /* from where on it is not known; EVENT_NONE: never */
    Step doubted;   /* from where on an operation that could not be read may have changed it */
    View view;      /* after the last event */
} Life;

/* Who had a name when: events that give it (created, renamed to) or take it away. */
typedef struct NameLine {
    Sym app, lower;
    Array(EventId) events;
    ModelId now;
    Array(EventId) pointing; /* of fields, by which they came to point at this name: see point() */
    Array(ModelId) children; /* whose bases name it */
    EventId looked_at;       /* the deletion behind which references were looked for last */
} NameLine;

/* What happened to one field or option of a model, in plan order. */
typedef struct Line {
    Array(EventId) events;
} Line;

/* Parts of a field that a rename elsewhere changes: StateField.repointed. */
enum { REPOINTED_TO = 1 << 0, REPOINTED_THROUGH = 1 << 1, REPOINTED_TO_FIELD = 1 << 2 };

/* To be looked at once the migration is through: it may mend in the end what it does first. */
typedef struct Pending {
    enum { PENDING_USE, PENDING_PROBLEM } what;
    uint32_t index; /* in uses, problems */
    ModelId model;
    Sym field;
    EventId event;
} Pending;

/* What ancestors of a node may be unknown. */
enum {
    TAINT_OUTSIDE = 1 << 0, /* through a migration of an app that is not at hand: those of other
                               outside apps and the user model */
    TAINT_ALL = 1 << 1,     /* through a missing one, a cycle, or a list that could not be read */
};

/* Ancestors of every node, swept in plan order: sets are given back once all children are through.
 */
typedef struct Reach {
    uint64_t **sets;   /* by node; NULL: not there yet, or given back */
    uint32_t *waiting; /* by node: children that are still to come */
    uint8_t *taints;   /* by node */
    Array(uint64_t *) spare;
    uint32_t words;
    NodeSet now; /* of the node being replayed, without itself */
    unsigned taint;
} Reach;

typedef struct Replay {
    State *state;
    Workspace *workspace;
    const Graph *graph;
    const Project *project;
    Arena *arena;
    Sym words[WORD_COUNT];
    Sym signatures[OPERATION_OPAQUE][7];
    Map lowered;     /* Sym → Sym */
    Map fixed_kinds; /* Sym of a class path → FieldKind + 1 */

    Array(StateEvent) events;
    Array(StateUse) uses, lookups;
    Array(StateProblem) problems;
    Array(StateField) fields; /* payloads; each the whole field as it was then */
    Array(StateOption) options;
    Array(StateIndex) indexes;
    Array(List) lists;
    Array(Life) lives;
    Map name_index; /* (app, lower) → index in names */
    Array(NameLine) names;
    Map field_index;  /* (model, field) → index in lines */
    Map option_index; /* (model, option) → the same; its own names under SYM_NONE */
    Map to_fields;    /* (index in names, field): fields with that to_field → the same */
    Map pointed;      /* (index in names, index in lines): the field stands in `pointing` */
    Array(Line) lines;
    Map contrib_index; /* label → index in contrib */
    Array(ValueRef) contrib;
    Map open_apps;   /* label → first step that is not known */
    Map unread_apps; /* the same, without operations of which only the class is not known */
    bool overflow;

    /* Where the replay is. */
    NodeId node;
    MigrationId migration;
    const Operation *operation;
    uint32_t operation_index;
    Step step;
    Sym app;
    const Operation *operations; /* of the migration */
    uint32_t overshadowing; /* its last operation that changes the state only for those beside it
                               in database_operations; UINT32_MAX: none */
    uint32_t lookups_left;  /* that are still looked at in the migration */
    Sym user_app;
    Reach reach;
    Array(Pending) pending;
    Array(uint32_t) gone; /* name lines that lost their model in this migration */
} Replay;

/* ---- names.c ---- */
Sym lower(Replay *replay, Sym name);
static inline Sym word(const Replay *replay, Word id)
{
    return replay->words[id];
}
Str text_of(const Replay *replay, Sym sym);
ValueRef follow(Replay *replay, ValueRef value);
/* The string that a value certainly is, or SYM_NONE. */
Sym string_of(Replay *replay, ValueRef value);
bool is_true(Replay *replay, ValueRef value);
Sym call_class(Replay *replay, ValueRef call);
Place value_place(ValueRef value);
StateTarget read_target(Replay *replay, ValueRef value, Sym app, Sym model_lower);
StateTarget user_target(Replay *replay); /* settings.AUTH_USER_MODEL */
StateTarget target_from_text(Replay *replay, Sym text, Sym app, Sym model_lower);

/* ---- arguments.c ---- */
typedef struct Argument {
    ValueRef value; /* names followed; VALUE_ABSENT: not given */
    ValueRef written;
    bool unknown; /* may be given, in a way that cannot be read */
} Argument;
Argument operation_arg(Replay *replay, Word name);
enum { TO_POSITION = 0, THROUGH_POSITION = 5 }; /* in calls of Django's relations */
/* A keyword argument of a call, or its positional one (UINT32_MAX: keyword only). */
Argument call_arg(Replay *replay, ValueRef call, Word name, uint32_t position);

/* The elements of a list, tuple or set, or the pairs of a dict as key, value, …; false when there
 * may be others. An element that is only maybe there counts as unread. */
typedef Array(ValueRef) Refs;
bool elements_of(Replay *replay, ValueRef container, Refs *out);
/* A container of strings: false when it is not known wholly. In the arena. */
bool names_of(Replay *replay, ValueRef container, StateNames *out);

/* ---- view.c ---- */
uint32_t slot_of(const Slots *slots, Sym name); /* or UINT32_MAX */
void view_apply(View *view, const Replay *replay, EventId id);
void view_free(View *view);
ModelState *view_model(const View *view, const Replay *replay, ModelId id, Arena *arena);

/* ---- emit.c ---- */
/* Puts an event on the timelines and applies it. `event` needs kind, model, name, from, to,
 * payload; the rest is where the replay is. */
EventId emit(Replay *replay, StateEvent event);
NameLine *name_line(Replay *replay, Sym app, Sym lower_name); /* made when absent */
/* Puts an event on the timeline that `of` has for the pair; made when absent. */
void on_line(Replay *replay, Map *of, uint32_t owner, Sym name, EventId id);
const NameLine *find_name_line(const Replay *replay, Sym app, Sym lower_name);
void open_app(Replay *replay, Sym app); /* behind the operation that is being replayed */
void open_app_at(Replay *replay, Sym app, Step step);
/* For an operation of a class that is not known: of what is there it may only change what it names,
 * if it names anything. */
void open_app_naming(Replay *replay, ValueRef call);
void open_model(Replay *replay, ModelId model);
bool is_open(const Replay *replay, Sym app, ModelId model);
bool app_is_open(const Replay *replay, Sym app, Step step);
/* Whether an event was only told to the state: the database may have it, or not. */
bool is_state_only(const Replay *replay, EventId id);
StateProblem *problem(Replay *replay, ProblemKind kind, ModelId model);
/* The same for what only counts if it is still so when the migration ends. */
StateProblem *problem_pending(Replay *replay, ProblemKind kind, ModelId model, Sym field,
                              EventId event);

/* ---- reach.c ---- */
void reach_init(Replay *replay);
void reach_enter(Replay *replay, NodeId node); /* fills `now` and `taint` */
void reach_leave(Replay *replay, NodeId node);
void reach_free(Replay *replay);

/* ---- uses.c ---- */
bool is_alive(const Replay *replay, ModelId model);
bool is_primary_key(const View *view, Sym field);
/* The model that the operation's argument names; MODEL_NONE after saying so when there is none. */
ModelId use_model(Replay *replay, Word argument);
/* Whether the model has the field; says so when not. */
bool use_field(Replay *replay, ModelId model, Sym field, Argument at);
void use_target(Replay *replay, UseKind kind, ModelId owner, Sym field, const StateTarget *target,
                Place place);
/* A model that code looks up with apps.get_model(). */
void use_lookup(Replay *replay, const StateTarget *target, Place place, bool reverse);
/* `to` and `through` of a field. */
void use_targets(Replay *replay, ModelId owner, const StateField *field);
void settle_pending(Replay *replay);
void finish_uses(Replay *replay);

/* ---- fields.c ---- */
/* What a field's call amounts to in a model. */
StateField read_field(Replay *replay, ValueRef call, Sym name, Sym app, Sym model_lower);
void add_field(Replay *replay, ModelId model, StateField *field, EventKind kind);
void field_operation(Replay *replay);
/* Whether a field of that name is there, itself, as attname, implicit, or inherited. */
StateAnswer can_name_field(Replay *replay, ModelId model, Sym field);
void check_fields_exist(Replay *replay, ModelId model, const StateNames *names, Sym in,
                        Place place);

/* ---- refused.c ---- */
void check_primary_keys(Replay *replay, ModelId model, const StateField *field);
void check_clash(Replay *replay, ModelId model, const StateField *field);
/* A field that gets the name of another; `new` is what it becomes. */
void check_taken_field(Replay *replay, ModelId model, const StateField *old, const StateField *new);
void check_altered(Replay *replay, ModelId model, const StateField *before,
                   const StateField *after);

/* ---- pointing.c ---- */
/* Enters what a field points at, once the event that brings it is emitted. */
void point(Replay *replay, EventId event, const StateField *field);
/* Every field whose `to` or `through` resolves to the old name; "self" stays what it is. */
void repoint(Replay *replay, Sym app, Sym old_lower, Sym new_name);
/* `to_field` of what points at the model. */
void rename_in_pointing(Replay *replay, ModelId model, Sym from, Sym to);
/* Before a renaming: those that go on naming the old name as their base. */
void check_children(Replay *replay, ModelId renamed);
/* Models that are gone when a migration ends, and what still points at them. */
void check_gone(Replay *replay);
/* The event that mends PROBLEM_DELETED_REFERENCED; `later` is the model that refers until now. */
EventId first_mending(const Replay *replay, const StateProblem *problem);

/* ---- options.c ---- */
void set_option(Replay *replay, ModelId model, Sym name, ValueRef value);
void set_groups(Replay *replay, ModelId model, Sym name, StateNames *groups, uint32_t count);
void read_options(Replay *replay, ModelId model, ValueRef dict);
void option_operation(Replay *replay);

/* ---- tables.c ---- */
/* Whether operations on the model reach a table: it is no proxy, managed, and not swapped out. */
bool has_table(Replay *replay, ModelId model);

/* ---- indexes.c ---- */
void add_index(Replay *replay, ModelId model, ValueRef call, bool constraint);
void index_operation(Replay *replay);

/* ---- models.c ---- */
void model_operation(Replay *replay);

/* ---- joined.c ---- */
/* Whether there is a model of that name for the table of a many-to-many field: the field of the
 * model `*owner`. STATE_UNKNOWN where there was one once. */
StateAnswer find_joined(Replay *replay, Sym app, Sym name, ModelId *owner, Sym *field);

/* ---- python.c ---- */
void python_operation(Replay *replay);

/* ---- contrib.c ---- */
/* The operations of a migration that a table describes; 0 when there are none. */
uint32_t contrib_operations(Replay *replay, const Migration *migration, Operation **out);

#endif
