#include "models/same.h"

#include <stdlib.h>

/* Q objects: what they are made with, put together as Q._combine() and Node.add() do. */

static Str text_of(const Comparison *c, Sym sym)
{
    return sym_str(&c->workspace->interner, sym);
}

static Sym word(const Comparison *c, const char *text)
{
    return intern(&c->workspace->interner, str(text));
}

typedef struct Named {
    Str name;
    Sym sym;
    ValueRef value;
} Named;

static int by_name(const void *a, const void *b)
{
    return str_cmp(((const Named *)a)->name, ((const Named *)b)->name);
}

static Plain pair_of(const Comparison *c, const Named *named, int depth)
{
    Plain *items = arena_array(c->arena, Plain, 2);
    items[0] = (Plain){.kind = PLAIN_STRING, .text = named->sym};
    items[1] = plain_at(c, named->value, depth + 1);
    return (Plain){.kind = PLAIN_TUPLE, .items = items, .count = 2};
}

/* Keywords are lookups, in the order of their names, but for those of Q itself. */
static void add_keywords(const Comparison *c, ValueRef call, int depth, Plain *out)
{
    const Value *value = read_value(call);
    Named *named = arena_array(c->arena, Named, value->keywords);
    uint32_t count = 0;
    for (uint32_t i = 0; i < value->keywords; i++) {
        Named one = {.value.module = call.module};
        value_keyword_at(&call.module->values, value, i, &one.sym, &one.value.id);
        one.name = text_of(c, one.sym);
        Plain plain = plain_at(c, one.value, depth + 1);
        if (str_eq(one.name, S("_connector"))) {
            out->open |= plain.kind != PLAIN_STRING;
            out->text = plain.text;
        } else if (str_eq(one.name, S("_negated"))) {
            out->open |= plain.kind != PLAIN_NUMBER;
            out->number = plain.number;
        } else {
            named[count++] = one;
        }
    }
    if (count)
        qsort(named, count, sizeof *named, by_name);
    for (uint32_t i = 0; i < count; i++)
        out->items[out->count++] = pair_of(c, &named[i], depth);
}

static Plain made(const Comparison *c, ValueRef call, int depth)
{
    const Value *value = read_value(call);
    Plain q = {.kind = PLAIN_CONDITION, .text = word(c, "AND")};
    q.open = (value->flags & VALUE_OPEN) != 0;
    q.items = arena_array(c->arena, Plain, value->u.call.count + value->keywords);
    for (uint32_t i = 0; i < value->u.call.count; i++)
        q.items[q.count++] = plain_value(
            c, (ValueRef){call.module, value_positional(&call.module->values, value, i)});
    add_keywords(c, call, depth, &q);
    return q;
}

/* Whether adding `q` under the connector adds its children instead. */
static bool is_squashed(const Plain *q, Sym connector)
{
    return q->kind == PLAIN_CONDITION && q->number == 0 && (q->text == connector || q->count == 1);
}

static void add(Plain *to, const Plain *q, Sym connector)
{
    if (!is_squashed(q, connector)) {
        to->items[to->count++] = *q;
        return;
    }
    for (uint32_t i = 0; i < q->count; i++)
        to->items[to->count++] = q->items[i];
}

static Plain combined(const Comparison *c, const Plain *a, const Plain *b, const char *connector)
{
    if (a->kind != PLAIN_CONDITION || b->kind != PLAIN_CONDITION)
        return (Plain){0};
    if (!a->count && !a->open)
        return *b;
    if (!b->count && !b->open)
        return *a;
    Plain q = {.kind = PLAIN_CONDITION, .text = word(c, connector), .open = a->open || b->open};
    q.items = arena_array(c->arena, Plain, a->count + b->count + 2);
    add(&q, a, q.text);
    add(&q, b, q.text);
    return q;
}

/* Before 4.2 the negated one was put into another where it is negated already, or an alternative.
 */
static Plain inverted(const Comparison *c, const Plain *q)
{
    Plain made = *q;
    if (q->kind != PLAIN_CONDITION)
        return (Plain){0};
    made.open |= q->number != 0 || !is_squashed(q, word(c, "AND"));
    made.number = q->number == 0;
    return made;
}

bool condition_value(const Comparison *c, ValueRef call, Sym path, int depth, Plain *out)
{
    static const struct {
        const char *path, *connector;
    } operators[] = {{"operator.and_", "AND"}, {"operator.or_", "OR"}, {"operator.xor", "XOR"}};
    const Value *value = read_value(call);
    const Values *values = &call.module->values;
    Str text = text_of(c, path);
    if (str_eq(text, S("django.db.models.Q"))) {
        *out = made(c, call, depth);
        return true;
    }
    if (!str_starts(text, S("operator.")) || !value->u.call.count)
        return false;
    Plain left =
        plain_at(c, (ValueRef){call.module, value_positional(values, value, 0)}, depth + 1);
    if (str_eq(text, S("operator.invert"))) {
        *out = inverted(c, &left);
        return true;
    }
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        if (!str_eq(text, str(operators[i].path)) || value->u.call.count < 2)
            continue;
        Plain right =
            plain_at(c, (ValueRef){call.module, value_positional(values, value, 1)}, depth + 1);
        *out = combined(c, &left, &right, operators[i].connector);
        return true;
    }
    return false;
}
