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
        return read_is(field->call, VALUE_UNKNOWN) || read_is(field->call, VALUE_NAME);
    ClassId id =
        class_named(reader, (ValueRef){field->call.module, value_callee(&field->call.module->values,
                                                                        read_value(field->call))});
    bool elsewhere = false;
    return id == CLASS_NONE ||
           (!reader->classes.items[id].known &&
            (class_lookup(reader, id, read_word(reader, "__init__"), &elsewhere).id || elsewhere));
}

/* `name="other"` is what the field is called, whatever it is assigned to. */
static void take_name(Assembly *to, ModelField *field)
{
    ModelReader *reader = to->reader;
    StateArguments arguments = state_field_arguments(reader->state, &field->field, reader->arena);
    Sym name = read_word(reader, "name");
    for (uint32_t i = 0; i < arguments.count; i++) {
        if (arguments.items[i].name != name)
            continue;
        ValueRef value = workspace_value(reader->workspace, arguments.items[i].value);
        bool known = read_is(value, VALUE_STRING) && !(read_value(value)->flags & VALUE_MAYBE);
        if (known) {
            field->field.name = read_value(value)->u.text;
        } else if (!read_is(value, VALUE_NONE)) {
            field->there = MAYBE;
            to->model->fields_open = true;
        }
    }
}

static void add_raw(Assembly *to, const RawField *raw)
{
    ModelReader *reader = to->reader;
    ModelField field = {.place = raw->place, .there = raw->there};
    field.field =
        state_field(reader->state, raw->value, raw->name, to->model->app, to->model->lower);
    resolve(reader, &field.field);
    take_name(to, &field);
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

/* The concrete model behind a proxy; CLASS_NONE when it is not known which. */
static ClassId concrete(ModelReader *reader, ClassId id)
{
    for (int depth = 0; depth < DEEPEST_BASES; depth++) {
        Truth proxy = class_proxy(reader, id);
        if (proxy != YES)
            return proxy == NO ? id : CLASS_NONE;
        ClassId parent = CLASS_NONE;
        read_fields(reader, id);
        const ClassInfo *info = &reader->classes.items[id];
        for (uint32_t i = 0; i < info->fields.count && parent == CLASS_NONE; i++)
            if (info->fields.items[i].link)
                parent = info->fields.items[i].parent;
        if (parent == CLASS_NONE)
            return CLASS_NONE;
        id = parent;
    }
    return CLASS_NONE;
}

static StateTarget target_of(ModelReader *reader, ClassId id)
{
    StateTarget target = {.given = true};
    if (id == CLASS_NONE)
        return target;
    target.app = class_label(reader, id);
    target.model = state_lower(reader->workspace, reader->classes.items[id].class->name);
    return target;
}

static Sym link_name(ModelReader *reader, const StateTarget *parent)
{
    Str name = arena_printf(reader->arena, "%.*s_ptr", STR_ARG(read_text(reader, parent->model)));
    return intern(&reader->workspace->interner, name);
}

static bool has_link(const Assembly *to, const StateTarget *parent)
{
    for (uint32_t i = 0; i < to->model->parent_count; i++)
        if (to->model->parents[i].app == parent->app &&
            to->model->parents[i].model == parent->model)
            return true;
    return false;
}

/* A link that is written out becomes the primary key too, where there is no other. */
static bool take_explicit_link(Assembly *to, const StateTarget *parent)
{
    for (uint32_t i = 0; i < to->fields.count; i++) {
        ModelField *field = &to->fields.items[i];
        if (!is_parent_link(to, &field->field, parent))
            continue;
        field->promoted = !to->has_key && !to->key_unknown;
        to->has_key = true;
        return true;
    }
    return false;
}

static void add_link(Assembly *to, const RawField *raw)
{
    ModelReader *reader = to->reader;
    Model *model = to->model;
    StateTarget parent = target_of(reader, concrete(reader, raw->parent));
    if (parent.app && has_link(to, &parent))
        return;
    model->parents[model->parent_count++] = parent;
    if (!parent.app) {
        model->fields_open = true;
        to->key_unknown = true;
        return;
    }
    if (take_explicit_link(to, &parent))
        return;
    ModelField link =
        made_parent_link(reader, model, link_name(reader, &parent), &parent, !to->has_key);
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

static Truth class_in_migrations(ModelReader *reader, ClassId id)
{
    bool open = false;
    ValueRef flag = class_lookup(reader, id, read_word(reader, "use_in_migrations"), &open);
    if (!flag.id)
        return open ? MAYBE : NO;
    flag = workspace_value(reader->workspace, flag);
    return read_is(flag, VALUE_BOOL) ? truth(read_value(flag)->u.boolean) : MAYBE;
}

/* A class made by X.from_queryset() is one of X; what a QuerySet makes of itself is a plain one. */
static Truth in_migrations(ModelReader *reader, ValueRef call)
{
    ValueRef callee = {call.module, value_callee(&call.module->values, read_value(call))};
    ValueRef factory = manager_factory(reader, callee);
    Str path = read_text(reader, workspace_path(reader->workspace, factory.id ? factory : callee));
    ClassId id = factory.id ? class_factory_of(reader, factory) : class_named(reader, callee);
    if (id != CLASS_NONE)
        return class_in_migrations(reader, id);
    return str_starts(path, S("django.db.")) || str_ends(path, S(".as_manager")) ? NO : MAYBE;
}

typedef Array(ModelManager) Managers;

static bool has_manager(const Managers *managers, Sym name)
{
    for (uint32_t i = 0; i < managers->count; i++)
        if (managers->items[i].name == name)
            return true;
    return false;
}

/* Those that one class makes, in the order in which they are made: that of the class body, unless
 * they were made elsewhere. False when that is not known. */
static bool add_local_managers(ModelReader *reader, const ClassInfo *holder, Managers *managers)
{
    const Class *class = holder->class;
    uint32_t made = 0;
    bool elsewhere = false, known = true;
    for (uint32_t a = 0; a < class->attribute_count; a++) {
        const Binding *binding = &class->attributes[a];
        if (!binding->value)
            continue;
        ValueRef written = {holder->module, binding->value};
        ValueRef value = workspace_value(reader->workspace, written);
        if (contribution_of(reader, value) != CONTRIBUTES_MANAGER)
            continue;
        made++;
        elsewhere |= value.module != written.module || value.id != written.id;
        known &= !binding->conditional && !(read_value(written)->flags & VALUE_MAYBE);
        if (!has_manager(managers, binding->name))
            array_push(managers, (ModelManager){binding->name, value, in_migrations(reader, value),
                                                false, false});
    }
    return known && !(elsewhere && made > 1);
}

/* default_manager_name or base_manager_name, of the model's own Meta or of a parent's. */
static Sym manager_name(ModelReader *reader, ClassId id, const char *option, bool own_only,
                        bool *unknown)
{
    ClassIds mro = reader->classes.items[id].mro;
    for (uint32_t i = 0; i < mro.count && !(own_only && i); i++) {
        Sym name = reader->classes.items[mro.items[i]].model == NO
                       ? SYM_NONE
                       : meta_text(reader, mro.items[i], option, unknown);
        if (name)
            return name;
    }
    return SYM_NONE;
}

/* _meta.managers, _default_manager and _base_manager. */
static void add_managers(ModelReader *reader, ClassId id, Model *model)
{
    Managers managers = {0};
    ClassIds mro = reader->classes.items[id].mro;
    uint32_t local = 0;
    model->managers_open = !reader->classes.items[id].whole;
    for (uint32_t i = 0; i < mro.count; i++) {
        const ClassInfo holder = reader->classes.items[mro.items[i]];
        if (holder.model != NO)
            model->managers_open |= !add_local_managers(reader, &holder, &managers);
        local = i ? local : managers.count;
    }
    bool unknown = false;
    Sym base = manager_name(reader, id, "base_manager_name", false, &unknown);
    Sym named = manager_name(reader, id, "default_manager_name", local > 0, &unknown);
    model->managers_open |= unknown;
    for (uint32_t i = 0; i < managers.count; i++) {
        ModelManager *manager = &managers.items[i];
        manager->is_default = named ? manager->name == named : !i;
        manager->is_base = base && manager->name == base;
    }
    model->managers = arena_keep(reader->arena, ModelManager, managers.items, managers.count);
    model->manager_count = managers.count;
    array_free(&managers);
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
