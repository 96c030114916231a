#include "models/same.h"

Likeness likeness_start(const Registry *registry, const State *state)
{
    return (Likeness){registry, state, ROOM_TO_COMPARE};
}

enum { ROOM_FOR_ONE = 1 << 16 };

static Comparison comparison_of(const Likeness *likeness, uint32_t *room, Arena *arena)
{
    Workspace *workspace = likeness->registry->reader->workspace;
    *room = likeness->room < ROOM_FOR_ONE ? likeness->room : ROOM_FOR_ONE;
    return (Comparison){.registry = likeness->registry,
                        .state = likeness->state,
                        .workspace = workspace,
                        .django = workspace->options.django,
                        .arena = arena,
                        .room = room};
}

static void take(Likeness *likeness, uint32_t left)
{
    likeness->room -= (likeness->room < ROOM_FOR_ONE ? likeness->room : ROOM_FOR_ONE) - left;
}

Truth likeness_of_values(Likeness *likeness, ValueRef before, ValueRef after, Arena *arena)
{
    uint32_t room;
    Comparison comparison = comparison_of(likeness, &room, arena);
    Truth same = same_value(&comparison, before, after);
    take(likeness, room);
    return same;
}

/* What Django sets on its own in a class, a migration spells. */
Truth likeness_of_fields(Likeness *likeness, const StateField *before, const StateField *after,
                         Details *details, Arena *arena)
{
    uint32_t room;
    Comparison comparison = comparison_of(likeness, &room, arena);
    ModelField now = {.field = *after, .there = YES};
    now.field.primary_key = false;
    Truth same = same_field(&comparison, &(FieldPair){.before = before, .after = &now}, details);
    take(likeness, room);
    return same;
}
