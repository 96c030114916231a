#ifndef MIGRALINT_FACTS_EVALUATE_H
#define MIGRALINT_FACTS_EVALUATE_H

/*
 * Private to facts/: the evaluator's state while one file is read. Statements
 * change an environment of bindings, expressions become values; values are
 * never changed once made, so sharing them is free.
 */

#include "facts/module.h"

#include "base/limits.h"
#include "base/map.h"

/* The names bound in one scope, in order of first binding. */
typedef struct Environment {
    Array(Binding) bindings;
    Map by_name; /* Sym → index */
} Environment;

/* What a binding held before it changed, so that a branch can be undone. */
typedef struct Change {
    uint32_t index; /* in the scope being read */
    ValueId before;
} Change;

/* Memory that evaluation may take beyond what stands in the file. */
enum { LIMIT_TEXT_TOTAL = 16 * LIMIT_TEXT_BYTES };

/* How the bytes beyond ASCII are to be read. Places stay offsets into the file
 * as it is, so texts are decoded when they become values, not before. */
typedef enum Encoding {
    ENCODING_UTF8,
    ENCODING_LATIN1,
    ENCODING_CP1252,
    ENCODING_UNKNOWN, /* one that a coding line names and we do not know */
} Encoding;

/* A call in a function's body, until the names of the whole file are known. */
typedef struct Draft {
    uint32_t function;
    uint32_t receiver; /* the parameter that `get_model` is called on, or PARAMETER_NONE */
    Span span;
    TSNode callee;         /* of another call */
    uint32_t first_passed; /* in Evaluator.passed */
    uint32_t passed_count;
    TSNode label, model; /* what `get_model` is given; null: not given */
} Draft;

typedef struct Evaluator {
    SyntaxParser *parser;
    Syntax syntax;
    Encoding foreign; /* ENCODING_UTF8: nothing to decode */
    Interner *interner;
    Arena *arena; /* the module's */
    Array(Value) values;
    Array(uint8_t) depths; /* per value: how deep containers stand in it, up to LIMIT_NESTING */
    Array(ValueId) items;
    Array(TSNode) children; /* a stack: each visit pushes a node's children and pops them */
    TSTreeCursor cursor;
    int depth; /* of nesting, up to LIMIT_NESTING */

    Environment module_names;
    Environment *class_names; /* of the class being read, or NULL */
    Sym class_path;           /* its path, or SYM_NONE */
    bool conditional;         /* below a condition, at module or class level */
    Map bound_ever;           /* Sym → 1: bound somewhere in the file */
    Array(Change) trail;      /* changes of bindings since the outermost branch began */
    int branches;             /* how many branches are open */
    int silent;               /* names may be missing here: nobody reports them */
    size_t text_made;         /* bytes of text put together so far */
    int inlining;             /* functions whose result is being evaluated */

    Array(Class) classes;
    Array(Function) functions;
    Array(TSNode) results; /* per function: the expression it returns, or null */
    Array(Draft) drafts;   /* by function */
    Array(Passed) passed;
    bool lookups_asked, has_lookups; /* whether the text says `get_model` */
    Array(Import) imports;
    Array(UnboundName) unbound;
    bool star_import;
} Evaluator;

static inline Span span_of(TSNode node)
{
    return (Span){ts_node_start_byte(node), ts_node_end_byte(node)};
}
static inline SyntaxKind kind_of(const Evaluator *ev, TSNode node)
{
    return syntax_kind(ev->parser, node);
}
static inline Sym sym_of(Evaluator *ev, TSNode node)
{
    return intern(ev->interner, syntax_text(&ev->syntax, node));
}
TSNode field_of(const Evaluator *ev, TSNode node, FieldName field);

/* Pushes the named children; returns how many. children_pop() takes them off. */
uint32_t children_push(Evaluator *ev, TSNode node);
void children_pop(Evaluator *ev, uint32_t count);

/* values */
ValueId make_value(Evaluator *ev, ValueKind kind, Span span);
ValueId make_unknown(Evaluator *ev, Reason reason, Span span);
ValueId make_text(Evaluator *ev, ValueKind kind, Sym text, Span span);
ValueId make_container(Evaluator *ev, ValueKind kind, unsigned flags, const ValueId *items,
                       uint32_t count, Span span);
ValueId copy_value(Evaluator *ev, ValueId id, unsigned flags);
ValueId copy_maybe(Evaluator *ev, ValueId id);
/* Makes the container's depth known; false when it is too deep or there is no more room. */
bool fits(Evaluator *ev, const ValueId *items, uint32_t count, uint8_t *depth);
static inline bool is_sequence(ValueKind kind)
{
    return kind == VALUE_LIST || kind == VALUE_TUPLE || kind == VALUE_SET;
}
/* a + b, for strings, sequences, numbers and names that link resolves. */
ValueId concatenate(Evaluator *ev, ValueId a, ValueId b, Span span);
/* What is known when it is either a or b (either may be VALUE_ABSENT). */
ValueId merge_values(Evaluator *ev, ValueId a, ValueId b, Span span);

/* names */
Binding *environment_find(Environment *environment, Sym name);
void environment_bind(Evaluator *ev, Environment *environment, Sym name, ValueId value, Span span);
/* Changes a binding of the scope being read. */
void set_binding(Evaluator *ev, uint32_t index, ValueId value);
/* Binds in the scope being read. */
void bind(Evaluator *ev, Sym name, ValueId value, Span span);
bool is_builtin_name(Str name);

/* expressions.c */
ValueId evaluate(Evaluator *ev, TSNode node);
/* 1, 0, or -1 when it cannot be told. */
int truth_of(const Value *value);
/* The only two named children, which is much faster than to ask for fields. */
bool two_children(Evaluator *ev, TSNode node, TSNode *first, TSNode *second);

/* containers.c */
ValueId evaluate_sequence(Evaluator *ev, TSNode node, ValueKind kind);
ValueId evaluate_dictionary(Evaluator *ev, TSNode node);
ValueId evaluate_call(Evaluator *ev, TSNode node);
ValueId make_plain_call(Evaluator *ev, ValueId callee, const ValueId *positional, uint32_t count,
                        Span span);

/* Binds every name of an assignment's target. */
void bind_target(Evaluator *ev, TSNode target, ValueId value);

/* branches.c: ways through a statement of which exactly one is taken. */
typedef struct Way {
    uint32_t index, way;
    ValueId value;
} Way;
typedef struct Branches {
    uint32_t mark; /* in the trail */
    uint32_t ways;
    Array(Way) changed;
} Branches;
Environment *current_names(Evaluator *ev);
Branches branches_start(Evaluator *ev);
/* What has changed since the start or the last end is one way through; it is undone. */
void branch_end(Evaluator *ev, Branches *branches);
/* The same, but the way leads nowhere. */
void branch_drop(Evaluator *ev, Branches *branches);
/* Names hold what they hold at the end of any of the ways. */
void branches_finish(Evaluator *ev, Branches *branches, Span span);
/* The only way is a loop's body: what it changes is not known afterwards. */
void branches_loop(Evaluator *ev, Branches *branches, Span span);

/* methods.c */
/* `x.append(…)` and the like as a statement: true when it was one. */
bool run_method(Evaluator *ev, TSNode call);

/* items.c */
/* `container[key] = value`; VALUE_ABSENT: it is deleted. */
void bind_item(Evaluator *ev, TSNode target, ValueId value);
/* `object.name(…)` as a statement, where the object is this dict. */
void run_dict_method(Evaluator *ev, TSNode call, TSNode object, Str name, Value dict);

/* strings.c */
ValueId evaluate_string(Evaluator *ev, TSNode node);

/* statements.c */
void run_statement(Evaluator *ev, TSNode node);
void run_block(Evaluator *ev, TSNode node);

/* definitions.c */
void run_import(Evaluator *ev, TSNode node, Scope scope);
void run_class(Evaluator *ev, TSNode node, Span span, ValueId *decorators,
               uint32_t decorator_count);
void run_broken(Evaluator *ev, TSNode node);
ValueId make_function(Evaluator *ev, TSNode node, Span span);
void scan_function(Evaluator *ev, TSNode body);

/* bodies.c */
/* Looks for the calls that a function is sure to make. */
void draft_calls(Evaluator *ev, uint32_t function, TSNode body);
/* Gives every function its calls, once the file is through. */
void settle_calls(Evaluator *ev);

/* directives.c */
void keep_directives(Evaluator *ev, Module *module);

#endif
