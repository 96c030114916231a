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

/* A child of a node, with the field it stands in (0: none). */
typedef struct Child {
    TSNode node;
    TSFieldId field;
} Child;

typedef struct Evaluator {
    SyntaxParser *parser;
    Syntax syntax;
    Interner *interner;
    Arena *arena; /* the module's */
    Array(Value) values;
    Array(ValueId) items;
    Array(Child) children; /* a stack: each visit pushes a node's children and pops them */
    TSTreeCursor cursor;
    int depth; /* of nesting, up to LIMIT_NESTING */

    Environment module_names;
    Environment *class_names; /* of the class being read, or NULL */
    bool conditional;         /* below a condition, at module or class level */
    Map bound_ever;           /* Sym → 1: bound somewhere in the file */
    int inlining;             /* functions whose result is being evaluated */
    bool dynamic;             /* star import, exec, globals(): any name may exist */

    Array(Class) classes;
    Array(Function) functions;
    Array(TSNode) results; /* per function: the expression it returns, or null */
    Array(Import) imports;
    Array(Comment) comments;
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
ValueId copy_maybe(Evaluator *ev, ValueId id);
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
/* Binds in the scope being read. */
void bind(Evaluator *ev, Sym name, ValueId value, Span span);
bool is_builtin_name(Str name);

/* expressions.c */
ValueId evaluate(Evaluator *ev, TSNode node);
/* 1, 0, or -1 when it cannot be told. */
int truth_of(const Value *value);
/* Binds every name of an assignment's target. */
void bind_target(Evaluator *ev, TSNode target, ValueId value);

/* strings.c */
ValueId evaluate_string(Evaluator *ev, TSNode node);

/* statements.c */
void run_statement(Evaluator *ev, TSNode node);
void run_block(Evaluator *ev, TSNode node);

/* definitions.c */
void run_import(Evaluator *ev, TSNode node, Scope scope);
void run_class(Evaluator *ev, TSNode node, Span span);
void run_broken(Evaluator *ev, TSNode node);
ValueId make_function(Evaluator *ev, TSNode node, Span span);
void scan_function(Evaluator *ev, TSNode body);

#endif
