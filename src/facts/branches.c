#include "facts/evaluate.h"

#include <stdlib.h>

/*
 * Every change of a binding below a branch is on the trail with what was there
 * before. So the cost of a branch is that of what it changes, however many
 * names the file has.
 */

Environment *current_names(Evaluator *ev)
{
    return ev->class_names ? ev->class_names : &ev->module_names;
}

void set_binding(Evaluator *ev, uint32_t index, ValueId value)
{
    Binding *binding = &current_names(ev)->bindings.items[index];
    if (ev->branches)
        array_push(&ev->trail, (Change){index, binding->value});
    binding->value = value;
}

Branches branches_start(Evaluator *ev)
{
    ev->branches++;
    return (Branches){.mark = ev->trail.count};
}

void branch_drop(Evaluator *ev, Branches *branches)
{
    Binding *bindings = current_names(ev)->bindings.items;
    while (ev->trail.count > branches->mark) {
        Change change = array_pop(&ev->trail);
        bindings[change.index].value = change.before;
    }
}

void branch_end(Evaluator *ev, Branches *branches)
{
    const Binding *bindings = current_names(ev)->bindings.items;
    for (uint32_t i = branches->mark; i < ev->trail.count; i++) {
        uint32_t index = ev->trail.items[i].index;
        array_push(&branches->changed, (Way){index, branches->ways, bindings[index].value});
    }
    branches->ways++;
    branch_drop(ev, branches);
}

static int by_index(const void *left, const void *right)
{
    const Way *a = left, *b = right;
    if (a->index != b->index)
        return a->index < b->index ? -1 : 1;
    return (a->way > b->way) - (a->way < b->way);
}

/* Sorts by name and drops what stands there twice. */
static void settle(Branches *branches)
{
    uint32_t kept = 0;
    Way *ways = branches->changed.items;
    if (branches->changed.count)
        qsort(ways, branches->changed.count, sizeof *ways, by_index);
    for (uint32_t i = 0; i < branches->changed.count; i++)
        if (!kept || by_index(&ways[kept - 1], &ways[i]))
            ways[kept++] = ways[i];
    branches->changed.count = kept;
}

void branches_finish(Evaluator *ev, Branches *branches, Span span)
{
    settle(branches);
    ev->branches--;
    const Way *ways = branches->changed.items;
    uint32_t count = branches->changed.count;
    for (uint32_t i = 0, next; i < count; i = next) {
        ValueId merged = ways[i].value;
        for (next = i + 1; next < count && ways[next].index == ways[i].index; next++)
            merged = merge_values(ev, merged, ways[next].value, span);
        if (next - i < branches->ways)
            merged = merge_values(ev, merged,
                                  current_names(ev)->bindings.items[ways[i].index].value, span);
        set_binding(ev, ways[i].index, merged);
    }
    array_free(&branches->changed);
}

/* A list keeps what it had, perhaps, and may hold more. */
static ValueId after_loop(Evaluator *ev, ValueId before, ValueId after, Span span)
{
    Value old = before ? ev->values.items[before] : (Value){0};
    Value new = after ? ev->values.items[after] : (Value){0};
    if (!before || !is_sequence((ValueKind)old.kind) || new.kind != old.kind)
        return make_unknown(ev, REASON_LOOP, span);
    ValueId merged = merge_values(ev, before, after, span);
    Value *value = &ev->values.items[merged];
    if (merged == before)
        return make_container(ev, (ValueKind)old.kind,
                              (old.flags | VALUE_OPEN) & ~(unsigned)VALUE_CHOICE,
                              ev->items.items + old.u.items.first, old.u.items.count, old.span);
    if (is_sequence((ValueKind)value->kind))
        value->flags = (uint8_t)((value->flags | VALUE_OPEN) & ~VALUE_CHOICE);
    return merged;
}

void branches_loop(Evaluator *ev, Branches *branches, Span span)
{
    branch_end(ev, branches);
    settle(branches);
    ev->branches--;
    for (uint32_t i = 0; i < branches->changed.count; i++) {
        Way way = branches->changed.items[i];
        ValueId before = current_names(ev)->bindings.items[way.index].value;
        if (before != way.value)
            set_binding(ev, way.index, after_loop(ev, before, way.value, span));
    }
    array_free(&branches->changed);
}
