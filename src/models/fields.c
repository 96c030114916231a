#include "models/read.h"

/*
 * What classes contribute to a model, as ModelBase.__new__ collects it: the class's own attributes,
 * then along its linearisation the fields of its direct abstract bases, each only if nothing before
 * it has the name; a direct concrete base gives a link instead.
 */

typedef struct Collecting {
    ModelReader *reader;
    ClassId id;
    Map hidden; /* names that something earlier has */
} Collecting;

static ClassInfo *info_of(const Collecting *to)
{
    return &to->reader->classes.items[to->id];
}

static void open_fields(const Collecting *to, Place place, Str why)
{
    ClassInfo *info = info_of(to);
    info->fields_open = true;
    array_push(&info->reasons, (OpenReason){place, why});
}

static void hide(Collecting *to, Sym name)
{
    map_set(&to->hidden, name, 1);
}

static void add_field(Collecting *to, RawField field)
{
    array_push(&info_of(to)->fields, field);
    hide(to, field.name);
}

static void own_attribute(Collecting *to, const Binding *binding)
{
    const ClassInfo *info = info_of(to);
    ValueRef written = {info->module, binding->value};
    ValueRef value = workspace_value(to->reader->workspace, written);
    Place place = {info->module->path, binding->span};
    Contribution what = contribution_of(to->reader, value);
    bool maybe = binding->conditional || what != CONTRIBUTES_FIELD ||
                 (read_value(written)->flags | read_value(value)->flags) & VALUE_MAYBE;
    hide(to, binding->name);
    if (what == CONTRIBUTES_FIELD || what == CONTRIBUTES_MAYBE || what == CONTRIBUTES_UNKNOWN)
        add_field(to, (RawField){.name = binding->name,
                                 .value = value,
                                 .place = place,
                                 .there = maybe ? MAYBE : YES,
                                 .holder = to->id});
    if (what == CONTRIBUTES_UNKNOWN)
        open_fields(to, place, S("what is assigned there may add fields"));
    if (what == CONTRIBUTES_FIELD && adds_more(to->reader, value))
        open_fields(to, place, S("the field's class may add further fields"));
}

static void own_attributes(Collecting *to)
{
    const Class *class = info_of(to)->class;
    for (uint32_t i = 0; i < class->attribute_count; i++)
        if (class->attributes[i].value)
            own_attribute(to, &class->attributes[i]);
}

/* An abstract base's fields, and its links to concrete parents. */
static void inherit(Collecting *to, ClassId base)
{
    read_fields(to->reader, base);
    const ClassInfo *from = &to->reader->classes.items[base];
    if (from->progress == CLASS_READING)
        return;
    for (uint32_t i = 0; i < from->fields.count; i++)
        if (!map_has(&to->hidden, from->fields.items[i].name))
            add_field(to, from->fields.items[i]);
    for (uint32_t i = 0; i < from->reasons.count; i++)
        array_push(&info_of(to)->reasons, from->reasons.items[i]);
    info_of(to)->fields_open |= from->fields_open;
}

/* A concrete base: what it has cannot be had again, and there is a link to it. */
static void link_to(Collecting *to, ClassId base)
{
    ModelReader *reader = to->reader;
    read_fields(reader, base);
    const ClassInfo *from = &reader->classes.items[base];
    for (uint32_t i = 0; i < from->fields.count; i++)
        hide(to, from->fields.items[i].name);
    Sym lower = state_lower(reader->workspace, from->class->name);
    Str name = arena_printf(reader->arena, "%.*s_ptr", STR_ARG(read_text(reader, lower)));
    const ClassInfo *info = info_of(to);
    add_field(to, (RawField){.name = intern(&reader->workspace->interner, name),
                             .place = {info->module->path, info->class->name_span},
                             .there = YES,
                             .parent = base,
                             .link = true,
                             .holder = to->id});
}

static void hide_attributes(Collecting *to, const ClassInfo *from)
{
    for (uint32_t i = 0; i < from->class->attribute_count; i++)
        hide(to, from->class->attributes[i].name);
}

static bool is_direct(const ClassInfo *info, ClassId base)
{
    for (uint32_t i = 0; i < info->bases.count; i++)
        if (info->bases.items[i] == base)
            return true;
    return false;
}

static void visit_base(Collecting *to, ClassId base)
{
    const ClassInfo *from = &to->reader->classes.items[base];
    if (!is_direct(info_of(to), base) || from->model == NO) {
        hide_attributes(to, from);
        return;
    }
    if (from->abstract == YES)
        inherit(to, base);
    else if (from->abstract == NO && from->model == YES)
        link_to(to, base);
    else
        open_fields(to, (Place){from->module->path, from->class->name_span},
                    S("whether this base is an abstract model is not known"));
}

void read_fields(ModelReader *reader, ClassId id)
{
    if (reader->classes.items[id].progress != CLASS_UNREAD)
        return;
    reader->classes.items[id].progress = CLASS_READING;
    Collecting to = {.reader = reader, .id = id};
    own_attributes(&to);
    for (uint32_t i = 1; i < info_of(&to)->mro.count; i++)
        visit_base(&to, info_of(&to)->mro.items[i]);
    const ClassInfo *info = info_of(&to);
    if (!info->whole)
        open_fields(&to, info->reason.place, info->reason.why);
    if (may_be_rebuilt(reader, id))
        open_fields(&to, (Place){info->module->path, info->class->name_span},
                    S("its metaclass may add fields"));
    map_free(&to.hidden);
    reader->classes.items[id].progress = CLASS_READ;
}
