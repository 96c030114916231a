#ifndef MIGRALINT_FACTS_MODULE_H
#define MIGRALINT_FACTS_MODULE_H

/*
 * One Python file as facts: what its names are bound to, its classes, its
 * imports, and where it cannot be read. Reading is a pure function of the
 * bytes: no other file is looked at, names of other modules stay symbolic.
 *
 * Last binding wins. What an `if`, `try`, loop or `with` binds is merged with
 * what was there: equal on all ways → known; else unknown (containers: open,
 * with the differing elements VALUE_MAYBE). `if TYPE_CHECKING` counts as not
 * taken. Literal conditions (`if True`) are followed.
 */

#include "facts/value.h"
#include "source/syntax.h"

typedef struct Binding {
    Sym name;
    ValueId value;
    Span span;        /* of the name in its last binding */
    bool conditional; /* not on every way through the file */
} Binding;

typedef struct Class {
    Sym name;
    Sym path;       /* from the module: "Post.Kind" for one inside another */
    ValueId *bases; /* positional ones */
    uint32_t base_count;
    Binding *attributes; /* assignments, methods (VALUE_FUNCTION), inner classes (VALUE_CLASS);
                            in order of first binding, last value */
    uint32_t attribute_count;
    ValueId metaclass;   /* metaclass=…, or VALUE_ABSENT */
    ValueId *decorators; /* topmost first */
    uint32_t decorator_count;
    Span name_span;
    Span span; /* the whole statement, decorators included */
    bool conditional;
    bool inner; /* in a class, or local to a function */
} Class;

enum { PARAMETER_NONE = UINT32_MAX };

/*
 * What a function is sure to do once it is called: not below a condition, a loop, a `try` with
 * handlers or a `with` that may swallow exceptions, and not behind anything that may have returned.
 * Only read in files that say `get_model` somewhere.
 */
/* `apps.get_model("blog", "Post")` */
typedef struct Lookup {
    uint32_t parameter;   /* what it is called on: the function's own parameter */
    ValueId label, model; /* model VALUE_ABSENT: `label` is "blog.Post" */
    Span span;
} Lookup;

/* One of the function's own parameters as an argument of a call. */
typedef struct Passed {
    uint32_t parameter;
    uint32_t position; /* or PARAMETER_NONE: by keyword */
    Sym keyword;
} Passed;

/* `helper(apps)`: only calls that pass such a parameter, by its bare name. */
typedef struct FunctionCall {
    ValueId callee; /* VALUE_FUNCTION or VALUE_NAME */
    Passed *passed;
    uint32_t passed_count;
    Span span;
} FunctionCall;

typedef struct Function {
    Sym name;  /* SYM_NONE for a lambda */
    Span span; /* the whole of it */
    Span body;
    Sym *parameters;
    uint32_t parameter_count;
    uint32_t positional; /* how many of them, from the first, surely take positional arguments */
    bool decorated;      /* by something that may make another function of it */
    Sym docstring;       /* first paragraph, or SYM_NONE */
    ValueId result;      /* of a function of the module whose body is only `return …` (after a
                            docstring):      parameters are free names in it; else VALUE_ABSENT */
    Lookup *lookups;
    uint32_t lookup_count;
    FunctionCall *calls;
    uint32_t call_count;
} Function;

typedef enum Scope { SCOPE_MODULE, SCOPE_CLASS, SCOPE_FUNCTION } Scope;

typedef struct Import {
    Sym module; /* dotted, relative ones with their dots */
    Sym name;   /* of `from module import name`; SYM_NONE for `import module`; "*" for a star */
    Sym bound;  /* the name it binds here */
    Span span;  /* of this one name and its alias */
    Scope scope;
    bool conditional; /* below an if or try */
} Import;

typedef struct UnboundName {
    Sym name;
    Span span;
} UnboundName;

typedef struct Comment {
    Span span; /* from '#' to the end of the line, outside strings */
} Comment;

/* A comment that speaks to a linter, such as `# migralint: ignore[MG701]`. */
typedef struct Directive {
    Span span;  /* of the comment */
    Str text;   /* of it, from '#' on */
    Span lines; /* its line; of a comment that stands alone, through the next line that is none */
} Directive;

typedef struct Module {
    Str path; /* as the reader knows it */
    Values values;
    Binding *bindings; /* module level, in order of first binding */
    uint32_t binding_count;
    Class *classes; /* all, inner ones too */
    uint32_t class_count;
    Function *functions;
    uint32_t function_count;
    Import *imports; /* at every level, in file order */
    uint32_t import_count;
    Comment *comments;
    uint32_t comment_count;
    Directive *directives; /* in file order; of the first LIMIT_DIRECTIVES */
    uint32_t directive_count;
    bool directives_cut;  /* there are more */
    UnboundName *unbound; /* read at module or class level (outside functions, lambdas and
                             comprehension variables), bound nowhere in the file; empty when the
                             file has a star import, `exec`, `globals` or `__getattr__` */
    uint32_t unbound_count;
    bool star_import;
    bool syntax_error; /* Python would refuse the file: `error_span`, `error_expected` */
    Span error_span;
    Str error_expected;
    Str unreadable; /* not empty: the bytes are not Python source at all (not UTF-8 and no
                       coding line, NUL bytes, too large); nothing else is filled in */
    uint32_t size;  /* bytes */
} Module;

/*
 * `text` is borrowed for the call only; the module and all it points at are in
 * `arena`. Names are interned in `interner`.
 */
Module *module_read(SyntaxParser *parser, Str path, Str text, Interner *interner, Arena *arena);

/* The binding of a name, or NULL. */
const Binding *module_binding(const Module *module, Sym name);
/* The last module-level class of that name, or NULL. */
const Class *module_class(const Module *module, Sym name);
const Binding *class_attribute(const Class *class, Sym name);

#endif
