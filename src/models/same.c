#include "models/same.h"

#include <math.h>

/* Whether two values are the same to Python's ==, and to the autodetector where it takes objects
 * apart. */

static Str text_of(const Comparison *c, Sym sym)
{
    return sym_str(&c->workspace->interner, sym);
}

static Truth same_at(const Comparison *c, const Plain *a, const Plain *b, int depth);

static Truth same_items(const Comparison *c, const Plain *a, const Plain *b, int depth)
{
    if (a->open || b->open)
        return MAYBE;
    if (a->count != b->count)
        return NO;
    Truth all = YES;
    for (uint32_t i = 0; i < a->count; i++)
        all = truth_and(all, same_at(c, &a->items[i], &b->items[i], depth + 1));
    return all;
}

/* Whether something in the other set is the same; `step` 2 looks at the keys of a dict only. */
static Truth found_in(const Comparison *c, const Plain *item, const Plain *in, uint32_t step,
                      uint32_t *at, int depth)
{
    Truth found = NO;
    for (uint32_t i = 0; i < in->count && found != YES; i += step) {
        Truth same = same_at(c, item, &in->items[i], depth + 1);
        if (same > found) {
            found = same;
            *at = i;
        }
    }
    return found;
}

/* Whatever one holds, the other does: elements and keys may be written twice. */
static Truth all_found(const Comparison *c, const Plain *a, const Plain *b, uint32_t step,
                       int depth)
{
    Truth all = YES;
    for (uint32_t i = 0; i < a->count; i += step) {
        uint32_t at = 0;
        Truth found = found_in(c, &a->items[i], b, step, &at, depth);
        if (found == YES && step == 2)
            found = same_at(c, &a->items[i + 1], &b->items[at + 1], depth + 1);
        all = truth_and(all, found);
    }
    return all;
}

/* Sets and dicts: whatever order they are written in. */
static Truth same_unordered(const Comparison *c, const Plain *a, const Plain *b, int depth)
{
    enum { MOST_COMPARED = 512 };
    uint32_t step = a->kind == PLAIN_DICT ? 2 : 1;
    if (a->open || b->open || a->count > MOST_COMPARED || b->count > MOST_COMPARED)
        return MAYBE;
    return truth_and(all_found(c, a, b, step, depth), all_found(c, b, a, step, depth));
}

/* Whether the path is of something that Python or Django ship, so that another path is another
 * thing. What packages re-export under several paths is not known. */
static bool is_settled(Str path)
{
    static const char *const modules[] = {"django.",  "builtins.", "datetime.", "uuid.",
                                          "decimal.", "time.",     "random.",   "secrets.",
                                          "json.",    "functools."};
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
        if (str_starts(path, str(modules[i])))
            return true;
    return false;
}

/* "JSONDecoder" or "F", but no "DO_NOTHING". */
static bool is_class_name(Str name)
{
    bool small = name.len == 1;
    for (size_t i = 0; i < name.len; i++) {
        small |= name.ptr[i] >= 'a' && name.ptr[i] <= 'z';
        if (name.ptr[i] == '_')
            return false;
    }
    return small && name.ptr[0] >= 'A' && name.ptr[0] <= 'Z';
}

/* A class or function that Python or Django ship: no constant. */
static bool is_callable(Str path)
{
    static const char *const known[] = {
        "django.utils.timezone.now",
        "django.utils.crypto.get_random_string",
        "datetime.datetime.now",
        "datetime.datetime.utcnow",
        "datetime.timedelta",
        "datetime.datetime.today",
        "datetime.date.today",
        "uuid.uuid1",
        "uuid.uuid4",
        "random.random",
        "time.time",
        "secrets.token_hex",
        "secrets.token_urlsafe",
        "django.db.models.CASCADE",
        "django.db.models.PROTECT",
        "django.db.models.SET_NULL",
        "django.db.models.SET_DEFAULT",
        "django.db.models.DO_NOTHING",
        "django.db.models.RESTRICT",
        "django.db.models.SET",
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq(path, str(known[i])))
            return true;
    Str name = str_tail(path, '.');
    bool class = is_class_name(name);
    if (str_starts(path, S("builtins.")))
        return !class || str_ends(name, S("Error"));
    return is_settled(path) && class;
}

static Str top_package(Str path)
{
    return str_cut(&path, '.');
}

static Truth same_paths(const Comparison *c, Sym a, Sym b)
{
    Str left = text_of(c, a), right = text_of(c, b);
    if (!a || !b)
        return MAYBE;
    if (a == b)
        return YES;
    if (!is_settled(left) || !is_settled(right))
        return MAYBE;
    bool named = str_eq(str_tail(left, '.'), str_tail(right, '.'));
    bool package = str_eq(top_package(left), top_package(right));
    return !named || (!package && is_callable(left) && is_callable(right)) ? NO : MAYBE;
}

/* `other_shape`: what it means that they are given in another way. */
static Truth same_arguments(const Comparison *c, ValueRef a, ValueRef b, Truth other_shape,
                            int depth)
{
    const Value *left = read_value(a), *right = read_value(b);
    const Values *from = &a.module->values, *in = &b.module->values;
    if ((left->flags | right->flags) & VALUE_OPEN)
        return MAYBE;
    Truth all = left->u.call.count == right->u.call.count && left->keywords == right->keywords
                    ? YES
                    : other_shape;
    if (all != YES)
        return all;
    for (uint32_t i = 0; i < left->u.call.count; i++) {
        Plain x = plain_at(c, (ValueRef){a.module, value_positional(from, left, i)}, depth + 1);
        Plain y = plain_at(c, (ValueRef){b.module, value_positional(in, right, i)}, depth + 1);
        all = truth_and(all, same_at(c, &x, &y, depth + 1));
    }
    for (uint32_t i = 0; i < left->keywords; i++) {
        Sym name;
        ValueId id;
        value_keyword_at(from, left, i, &name, &id);
        ValueId other = value_keyword(in, right, name);
        if (!other)
            return other_shape;
        Plain x = plain_at(c, (ValueRef){a.module, id}, depth + 1);
        Plain y = plain_at(c, (ValueRef){b.module, other}, depth + 1);
        all = truth_and(all, same_at(c, &x, &y, depth + 1));
    }
    return all;
}

static bool is_deconstructible(const Comparison *c, ValueRef class_name)
{
    const Module *module;
    const Class *class = workspace_class(c->workspace, class_name, &module);
    for (uint32_t i = 0; class && i < class->decorator_count; i++) {
        ValueRef decorator = {module, class->decorators[i]};
        if (read_is(decorator, VALUE_CALL))
            decorator.id = value_callee(&module->values, read_value(decorator));
        if (str_eq(text_of(c, workspace_path(c->workspace, decorator)),
                   S("django.utils.deconstruct.deconstructible")))
            return class_attribute(class, intern(&c->workspace->interner, S("deconstruct"))) ==
                   NULL;
    }
    return false;
}

/* What other arguments make of an object: another one where its class is taken apart by what it was
 * made with, even in another way to give it; or where they are its value. */
typedef enum Making { MAKES_ANYTHING, MAKES_BY_VALUE, MAKES_BY_ARGUMENTS } Making;

static bool is_moment(Str path)
{
    return str_eq(path, S("datetime.date")) || str_eq(path, S("datetime.datetime")) ||
           str_eq(path, S("datetime.time"));
}

static Making making(const Comparison *c, const Plain *call)
{
    Str path = text_of(c, call->text);
    ValueRef callee = {call->ref.module,
                       value_callee(&call->ref.module->values, read_value(call->ref))};
    if (str_starts(path, S("django.core.validators.")) || str_eq(path, S("functools.partial")) ||
        str_eq(path, S("django.core.files.storage.FileSystemStorage")) ||
        is_deconstructible(c, callee))
        return MAKES_BY_ARGUMENTS;
    return is_moment(path) || str_starts(path, S("django.db.models.")) ? MAKES_BY_VALUE
                                                                       : MAKES_ANYTHING;
}

/* What is called makes an object of a class of its own; a function may return anything. */
static bool is_constructor(Str path)
{
    return is_moment(path) || str_eq(path, S("django.db.models.SET")) ||
           (is_settled(path) && is_class_name(str_tail(path, '.')));
}

static Truth same_calls(const Comparison *c, const Plain *a, const Plain *b, int depth)
{
    Truth path = same_paths(c, a->text, b->text);
    if (path != YES)
        return path == NO && is_constructor(text_of(c, a->text)) &&
                       is_constructor(text_of(c, b->text))
                   ? NO
                   : MAYBE;
    Making made = making(c, a);
    Truth arguments =
        same_arguments(c, a->ref, b->ref, made == MAKES_BY_ARGUMENTS ? NO : MAYBE, depth);
    return arguments == NO && made == MAKES_ANYTHING ? MAYBE : arguments;
}

Truth same_call_arguments(const Comparison *c, const Plain *a, const Plain *b)
{
    return same_arguments(c, a->ref, b->ref, NO, 0);
}

static bool is_sequence(const Plain *plain)
{
    return plain->kind == PLAIN_LIST || plain->kind == PLAIN_TUPLE;
}

/* ("name__in", [1, 2]) */
static Truth same_lookup(const Comparison *c, const Plain *a, const Plain *b, int depth)
{
    if (!is_sequence(a) || !is_sequence(b) || a->count != 2 || b->count != 2)
        return same_at(c, a, b, depth);
    Truth name = same_at(c, &a->items[0], &b->items[0], depth);
    const Plain *left = &a->items[1], *right = &b->items[1];
    if (!is_sequence(left) || !is_sequence(right) || left->kind == right->kind)
        return truth_and(name, same_at(c, left, right, depth));
    return truth_and(name, truth_and(MAYBE, same_items(c, left, right, depth)));
}

/* Q objects: connectors and children; lists and tuples in them are the same only in some versions.
 */
static Truth same_conditions(const Comparison *c, const Plain *a, const Plain *b, int depth)
{
    if (a->open || b->open)
        return MAYBE;
    if (a->text != b->text || a->number != b->number || a->count != b->count)
        return NO;
    Truth all = YES;
    for (uint32_t i = 0; i < a->count; i++)
        all = truth_and(all, same_lookup(c, &a->items[i], &b->items[i], depth + 1));
    return all;
}

static Truth same_definitions(const Plain *a, const Plain *b)
{
    return truth(a->ref.module == b->ref.module &&
                 read_value(a->ref)->kind == read_value(b->ref)->kind &&
                 read_value(a->ref)->u.index == read_value(b->ref)->u.index);
}

static bool is_literal(PlainKind kind)
{
    return kind >= PLAIN_NONE && kind <= PLAIN_DURATION;
}

/* A class, a function, a member of an enumeration that is no value, a date, or what a class of
 * Django's made: none of them equals a literal. */
static bool is_object(const Comparison *c, const Plain *plain)
{
    Str path = text_of(c, plain->text);
    if (plain->kind == PLAIN_CALL)
        return is_moment(path) || (str_starts(path, S("django.db.models.")) && is_callable(path));
    if (plain->kind == PLAIN_CONDITION)
        return true;
    return plain->kind == PLAIN_DEFINITION || plain->kind == PLAIN_MEMBER ||
           (plain->kind == PLAIN_PATH && is_callable(path));
}

static Truth same_kinds(const Comparison *c, const Plain *a, const Plain *b)
{
    bool literals[] = {is_literal(a->kind), is_literal(b->kind)};
    if ((a->kind == PLAIN_BYTES && b->kind == PLAIN_STRING) ||
        (a->kind == PLAIN_STRING && b->kind == PLAIN_BYTES))
        return MAYBE; /* what was a text where Python 2 wrote the migration */
    bool objects[] = {is_object(c, a), is_object(c, b)};
    if (literals[0] && literals[1])
        return NO;
    return (literals[0] && objects[1]) || (objects[0] && literals[1]) || (objects[0] && objects[1])
               ? NO
               : MAYBE;
}

/* Numbers are doubles here: what they cannot tell apart may still differ. */
static Truth same_numbers(double a, double b)
{
    enum { EXACT_BITS = 53 };
    if (a == b && fabs(a) >= ldexp(1, EXACT_BITS))
        return MAYBE;
    return truth(a == b);
}

static Truth same_members(const Plain *a, const Plain *b)
{
    return truth(a->ref.module == b->ref.module && a->ref.id == b->ref.id && a->text == b->text);
}

static Truth same_at(const Comparison *c, const Plain *a, const Plain *b, int depth)
{
    if (!a->kind || !b->kind || depth > DEEPEST_VALUE)
        return MAYBE;
    if (a->kind != b->kind)
        return same_kinds(c, a, b);
    switch (a->kind) {
    case PLAIN_NONE:
        return YES;
    case PLAIN_NUMBER:
    case PLAIN_DURATION:
        return same_numbers(a->number, b->number);
    case PLAIN_STRING:
    case PLAIN_BYTES:
        return truth(a->text == b->text);
    case PLAIN_LIST:
    case PLAIN_TUPLE:
        return same_items(c, a, b, depth);
    case PLAIN_SET:
    case PLAIN_DICT:
        return same_unordered(c, a, b, depth);
    case PLAIN_CONDITION:
        return same_conditions(c, a, b, depth);
    case PLAIN_MEMBER:
        return same_members(a, b);
    case PLAIN_DEFINITION:
        return same_definitions(a, b);
    case PLAIN_PATH:
        return same_paths(c, a->text, b->text);
    default:
        return same_calls(c, a, b, depth);
    }
}

Truth same_plain(const Comparison *comparison, const Plain *a, const Plain *b)
{
    return same_at(comparison, a, b, 0);
}

Truth same_value(const Comparison *comparison, ValueRef a, ValueRef b)
{
    Plain left = plain_value(comparison, a), right = plain_value(comparison, b);
    return same_plain(comparison, &left, &right);
}
