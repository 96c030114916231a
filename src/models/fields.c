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

/* "{name}_currency" of MoneyField: a field that may be there beside the one that is written. */
static Sym filled_in(ModelReader *reader, Str pattern, Str name)
{
    StrBuf made = {0};
    Str mark = S("{name}");
    for (size_t i = 0; i < pattern.len;) {
        bool here = str_starts(str_sub(pattern, i, pattern.len), mark);
        strbuf_add(&made, here ? name : str_sub(pattern, i, i + 1));
        i += here ? mark.len : 1;
    }
    Sym sym = intern(&reader->workspace->interner, strbuf_str(&made));
    strbuf_free(&made);
    return sym;
}

/* `adds` is of a class that rules/data/known-models.yaml describes. */
static void add_names(Collecting *to, ValueRef adds, const RawField *of)
{
    ModelReader *reader = to->reader;
    if (!read_is(adds, VALUE_LIST))
        return;
    const Value *list = read_value(adds);
    for (uint32_t i = 0; i < list->u.items.count; i++) {
        const Value *item =
            value_at(&adds.module->values, value_item(&adds.module->values, list, i));
        if (item->kind != VALUE_STRING)
            continue;
        RawField field = *of;
        field.name =
            filled_in(reader, read_text(reader, item->u.text), read_text(reader, of->name));
        field.value.id = VALUE_ABSENT;
        field.there = MAYBE;
        if (!map_has(&to->hidden, field.name))
            add_field(to, field);
    }
}

static void add_besides(Collecting *to, const RawField *field, Besides more)
{
    info_of(to)->makes_models |= more.makes_models;
    if (more.unknown)
        open_fields(to, field->place, S("the class of what is assigned there may add fields"));
    if (more.adds.id)
        add_names(to, more.adds, field);
}

/* `A.x = …` behind the class: contributes nothing, but what the class body has under that name is
 * not known any more. */
static bool is_from_outside(const Class *class, ValueRef written)
{
    return read_value(written)->span.start >= class->span.end;
}

/* "__x" in a class body is "_Class__x". */
static Sym mangled(const Collecting *to, Sym name)
{
    Str text = read_text(to->reader, name);
    if (!str_starts(text, S("__")) || str_ends(text, S("__")))
        return name;
    Str class = read_text(to->reader, info_of(to)->class->name);
    while (class.len && class.ptr[0] == '_')
        class = str_sub(class, 1, class.len);
    return intern(&to->reader->workspace->interner,
                  arena_printf(to->reader->arena, "_%.*s%.*s", STR_ARG(class), STR_ARG(text)));
}

static void own_attribute(Collecting *to, const Binding *binding)
{
    const Module *module = info_of(to)->module;
    ValueRef written = {module, binding->value};
    ValueRef value = workspace_value(to->reader->workspace, written);
    if (read_is(value, VALUE_CALL))
        value = call_result(to->reader, value);
    Contribution what = contribution_of(to->reader, value);
    Sym name = mangled(to, binding->name);
    if (is_from_outside(info_of(to)->class, written)) {
        if (read_is(value, VALUE_FUNCTION))
            return;
        what = CONTRIBUTES_MAYBE;
    }
    bool maybe = binding->conditional || what != CONTRIBUTES_FIELD ||
                 (read_value(written)->flags | read_value(value)->flags) & VALUE_MAYBE;
    Besides more = {0};
    if (read_is(value, VALUE_CALL))
        more = besides(to->reader, value);
    maybe |= more.unknown; /* it may add itself where no column is */
    RawField field = {.name = name,
                      .value = value,
                      .place = {module->path, binding->span},
                      .there = maybe ? MAYBE : YES,
                      .holder = to->id};
    hide(to, name);
    if (what == CONTRIBUTES_FIELD || what == CONTRIBUTES_MAYBE || what == CONTRIBUTES_UNKNOWN)
        add_field(to, field);
    if (what == CONTRIBUTES_UNKNOWN)
        open_fields(to, field.place, S("what is assigned there may add fields"));
    else if (read_is(value, VALUE_CALL))
        add_besides(to, &field, more);
}

static void own_attributes(Collecting *to)
{
    const Class *class = info_of(to)->class;
    Sym adds = info_of(to)->known ? read_word(to->reader, "adds") : SYM_NONE;
    for (uint32_t i = 0; i < class->attribute_count; i++)
        if (adds && class->attributes[i].name == adds)
            add_names(to, (ValueRef){info_of(to)->module, class->attributes[i].value},
                      &(RawField){.value = {info_of(to)->module, VALUE_ABSENT}, .holder = to->id});
        else if (class->attributes[i].value)
            own_attribute(to, &class->attributes[i]);
}

/* An abstract base's fields, and its links to concrete parents. */
static void inherit(Collecting *to, ClassId base)
{
    read_fields(to->reader, base);
    const ClassInfo *from = &to->reader->classes.items[base];
    if (from->progress == CLASS_READING)
        return;
    for (uint32_t i = 0; i < from->fields.count;
         i++) /* a link is there though a field has its name */
        if (from->fields.items[i].link || !map_has(&to->hidden, from->fields.items[i].name))
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

/* `opened_by = "MPTTMeta"`: what a model says under that name may rename what the base adds. */
static void open_by_name(Collecting *to, ClassId base)
{
    ModelReader *reader = to->reader;
    const ClassInfo *from = &reader->classes.items[base];
    const Binding *binding =
        from->known ? class_attribute(from->class, read_word(reader, "opened_by")) : NULL;
    const Value *value =
        binding && binding->value ? value_at(&from->module->values, binding->value) : NULL;
    bool elsewhere = false;
    if (value && value->kind == VALUE_STRING &&
        class_lookup(reader, to->id, value->u.text, &elsewhere).id)
        open_fields(to, (Place){info_of(to)->module->path, info_of(to)->class->name_span},
                    S("what its base adds may be called otherwise here"));
}

void read_fields(ModelReader *reader, ClassId id)
{
    if (reader->classes.items[id].progress != CLASS_UNREAD)
        return;
    reader->classes.items[id].progress = CLASS_READING;
    Collecting to = {.reader = reader, .id = id};
    own_attributes(&to);
    for (uint32_t i = 1; i < info_of(&to)->mro.count; i++) {
        visit_base(&to, info_of(&to)->mro.items[i]);
        open_by_name(&to, info_of(&to)->mro.items[i]);
    }
    const ClassInfo *info = info_of(&to);
    for (uint32_t i = 0; i < info->mro.count; i++)
        info_of(&to)->makes_models |= reader->classes.items[info->mro.items[i]].makes_models;
    if (!info->whole)
        open_fields(&to, info->reason.place, info->reason.why);
    if (may_be_rebuilt(reader, id, true))
        open_fields(&to, (Place){info->module->path, info->class->name_span},
                    S("its metaclass may add fields"));
    map_free(&to.hidden);
    reader->classes.items[id].progress = CLASS_READ;
}
