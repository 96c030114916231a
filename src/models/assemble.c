#include "models/read.h"

/* From a class and what it inherits to a model: relations resolved, implicit fields added. */

Sym class_label(ModelReader *reader, ClassId id)
{
    bool unknown = false;
    Sym label = meta_text(reader, id, "app_label", &unknown);
    return unknown ? SYM_NONE : label ? label : reader->classes.items[id].app;
}

/* ---- relations ---- */

/* Django's own apps are called after the last component of their package. */
static StateTarget contrib_target(ModelReader *reader, Str path)
{
    StateTarget target = {.given = true};
    Str rest = path;
    if (!str_starts(path, S("django.contrib.")) || !str_contains(path, S(".models.")))
        return target;
    str_cut(&rest, '.');
    str_cut(&rest, '.');
    Interner *in = &reader->workspace->interner;
    target.app = intern(in, str_cut(&rest, '.'));
    target.model = state_lower(reader->workspace, intern(in, str_tail(path, '.')));
    return target;
}

StateTarget model_target(ModelReader *reader, ValueRef written, const StateTarget *read)
{
    if (!read->given || read->app || read->setting || !written.id)
        return *read;
    ValueRef value = workspace_value(reader->workspace, written);
    StateTarget target = {.given = true};
    if (read_value(written)->flags & VALUE_MAYBE || read_value(value)->flags & VALUE_MAYBE)
        return target;
    if (read_is(value, VALUE_CALL)) {
        ValueRef callee = {value.module, value_callee(&value.module->values, read_value(value))};
        Str path = read_text(reader, workspace_path(reader->workspace, callee));
        return str_eq(path, S("django.contrib.auth.get_user_model"))
                   ? state_user_model(reader->state)
                   : target;
    }
    ClassId id = class_named(reader, value);
    Str path = read_text(reader, workspace_path(reader->workspace, value));
    if (str_starts(path, S("django.")))
        return contrib_target(reader, path);
    if (id == CLASS_NONE || reader->classes.items[id].model != YES)
        return target;
    target.app = class_label(reader, id);
    if (target.app)
        target.model = state_lower(reader->workspace, reader->classes.items[id].class->name);
    return target;
}

static ValueRef argument(ModelReader *reader, ValueRef call, uint32_t position, const char *name)
{
    const Values *values = &call.module->values;
    return (ValueRef){call.module,
                      value_argument(values, read_value(call), position, read_word(reader, name))};
}

static void resolve(ModelReader *reader, StateField *field)
{
    enum { TO = 0, THROUGH = 5 };
    if (!read_is(field->call, VALUE_CALL) ||
        (field->kind != FIELD_RELATION && field->kind != FIELD_MANY))
        return;
    field->to = model_target(reader, argument(reader, field->call, TO, "to"), &field->to);
    if (field->kind == FIELD_MANY)
        field->through = model_target(reader, argument(reader, field->call, THROUGH, "through"),
                                      &field->through);
}

/* ---- fields ---- */

typedef struct Assembly {
    ModelReader *reader;
    ClassId id;
    Model *model;
    Array(ModelField) fields;
    bool has_key, key_unknown; /* a primary key */
} Assembly;

static const ClassInfo *info_of(const Assembly *to)
{
    return &to->reader->classes.items[to->id];
}

/* A field class that is not Django's may make itself the primary key in its __init__. */
static bool may_be_key(const Assembly *to, const StateField *field)
{
    ModelReader *reader = to->reader;
    if (field->primary_key || str_starts(read_text(reader, field->class_path), S("django.")))
        return false;
    if (!read_is(field->call, VALUE_CALL))
        return field->call.id != VALUE_ABSENT;
    ClassId id =
        class_named(reader, (ValueRef){field->call.module, value_callee(&field->call.module->values,
                                                                        read_value(field->call))});
    bool elsewhere = false;
    return id == CLASS_NONE ||
           (!reader->classes.items[id].known &&
            (class_lookup(reader, id, read_word(reader, "__init__"), &elsewhere).id || elsewhere));
}

static void add_raw(Assembly *to, const RawField *raw)
{
    ModelReader *reader = to->reader;
    ModelField field = {.place = raw->place, .there = raw->there};
    field.field =
        state_field(reader->state, raw->value, raw->name, to->model->app, to->model->lower);
    resolve(reader, &field.field);
    field.from_table = reader->classes.items[raw->holder].known;
    if (raw->holder != to->id)
        field.holder = reader->classes.items[raw->holder].class->name;
    bool composite = str_eq(read_text(reader, field.field.class_path),
                            S("django.db.models.CompositePrimaryKey"));
    to->has_key |= (field.field.primary_key || composite) && field.there == YES;
    to->key_unknown |= field.field.primary_key ? field.there != YES : may_be_key(to, &field.field);
    array_push(&to->fields, field);
}

static bool is_parent_link(const Assembly *to, const StateField *field, const StateTarget *parent)
{
    if (field->kind != FIELD_RELATION || !read_is(field->call, VALUE_CALL))
        return false;
    ValueRef link = argument(to->reader, field->call, UINT32_MAX, "parent_link");
    bool known = field->to.app && parent->app;
    return link.id &&
           (!known || (field->to.app == parent->app && field->to.model == parent->model));
}

static void add_link(Assembly *to, const RawField *raw)
{
    ModelReader *reader = to->reader;
    Model *model = to->model;
    StateTarget parent = {.given = true, .app = class_label(reader, raw->parent)};
    parent.model = state_lower(reader->workspace, reader->classes.items[raw->parent].class->name);
    model->parents[model->parent_count++] = parent;
    for (uint32_t i = 0; i < to->fields.count; i++)
        if (is_parent_link(to, &to->fields.items[i].field, &parent))
            return;
    if (!parent.app) {
        model->fields_open = true;
        to->key_unknown = true;
        return;
    }
    ModelField link = made_parent_link(reader, model, raw->name, &parent, !to->has_key);
    to->has_key = true;
    array_push(&to->fields, link);
}

/* Explicit fields first, since links and the primary key depend on them. */
static void add_fields(Assembly *to)
{
    for (int pass = 0; pass < 3; pass++)
        for (uint32_t i = 0; i < info_of(to)->fields.count; i++) {
            RawField raw = info_of(to)->fields.items[i];
            if (pass == 2 && raw.link)
                add_link(to, &raw);
            else if (pass < 2 && !raw.link && (raw.holder == to->id) == (pass == 1))
                add_raw(to, &raw);
        }
}

static void add_primary_key(Assembly *to)
{
    if (to->has_key)
        return;
    ModelField key = made_primary_key(to->reader, to->model);
    if (to->key_unknown || to->model->fields_open)
        key.there = MAYBE;
    for (uint32_t i = 0; i < to->fields.count; i++)
        if (to->fields.items[i].field.name == key.field.name)
            return; /* a field called id that is no primary key: Django refuses the model */
    array_push(&to->fields, key);
}

/* In Django's order: what it made, what is written, then many-to-many fields. */
static void order_fields(Assembly *to)
{
    Model *model = to->model;
    model->fields = arena_array(to->reader->arena, ModelField, to->fields.count);
    for (int pass = 0; pass < 3; pass++)
        for (uint32_t i = 0; i < to->fields.count; i++) {
            const ModelField *field = &to->fields.items[i];
            int when = field->implicit ? 0 : field->field.kind == FIELD_MANY ? 2 : 1;
            if (when == pass)
                model->fields[model->field_count++] = *field;
        }
}

/* ---- managers ---- */

static Truth in_migrations(ModelReader *reader, ValueRef call)
{
    ValueRef callee = {call.module, value_callee(&call.module->values, read_value(call))};
    ClassId id = class_named(reader, callee);
    if (id == CLASS_NONE)
        return str_starts(read_text(reader, workspace_path(reader->workspace, callee)),
                          S("django.db."))
                   ? NO
                   : MAYBE;
    bool open = false;
    ValueRef flag = class_lookup(reader, id, read_word(reader, "use_in_migrations"), &open);
    if (!flag.id)
        return open ? MAYBE : NO;
    flag = workspace_value(reader->workspace, flag);
    return read_is(flag, VALUE_BOOL) ? truth(read_value(flag)->u.boolean) : MAYBE;
}

static void add_managers(ModelReader *reader, ClassId id, Model *model)
{
    Array(ModelManager) managers = {0};
    ClassIds mro = reader->classes.items[id].mro;
    Map seen = {0}; /* what stands before in the line hides what is inherited */
    for (uint32_t i = 0; i < mro.count; i++) {
        const ClassInfo *holder = &reader->classes.items[mro.items[i]];
        const Module *module = holder->module;
        const Class *class = holder->class;
        for (uint32_t a = 0; a < class->attribute_count; a++) {
            if (!class->attributes[a].value || map_has(&seen, class->attributes[a].name))
                continue;
            map_set(&seen, class->attributes[a].name, 1);
            ValueRef value =
                workspace_value(reader->workspace, (ValueRef){module, class->attributes[a].value});
            if (contribution_of(reader, value) == CONTRIBUTES_MANAGER)
                array_push(&managers, (ModelManager){class->attributes[a].name, value,
                                                     in_migrations(reader, value)});
        }
    }
    model->managers = arena_keep(reader->arena, ModelManager, managers.items, managers.count);
    model->manager_count = managers.count;
    model->managers_open = !reader->classes.items[id].whole;
    array_free(&managers);
    map_free(&seen);
}

void assemble(ModelReader *reader, ClassId id, Model *model)
{
    Assembly to = {.reader = reader, .id = id, .model = model};
    bool unknown = false;
    read_meta(reader, id, model);
    model->swappable = meta_text(reader, id, "swappable", &unknown);
    read_fields(reader, id);
    model->fields_open = info_of(&to)->fields_open;
    model->makes_models = info_of(&to)->makes_models;
    model->remade = may_be_rebuilt(reader, id, false);
    model->options_open |= !info_of(&to)->whole;
    model->parents = arena_array(reader->arena, StateTarget, info_of(&to)->fields.count);
    add_fields(&to);
    if (model->proxy == YES)
        to.fields.count = 0;
    else
        add_primary_key(&to);
    order_fields(&to);
    array_free(&to.fields);
    add_managers(reader, id, model);
    model->reasons.count = info_of(&to)->reasons.count;
    model->reasons.items = arena_keep(reader->arena, OpenReason, info_of(&to)->reasons.items,
                                      info_of(&to)->reasons.count);
}
