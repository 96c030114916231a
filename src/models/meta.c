#include "models/read.h"

/* Meta: a model's own, or the one it inherits, with what that class inherits in its turn. */

static ValueRef own_meta(ModelReader *reader, ClassId id)
{
    const ClassInfo *info = &reader->classes.items[id];
    const Binding *binding = class_attribute(info->class, read_word(reader, "Meta"));
    return binding && binding->value ? (ValueRef){info->module, binding->value} : (ValueRef){0};
}

/* Django takes Meta off concrete models, so only what is abstract, or no model, hands it down. */
static ValueRef meta_from(ModelReader *reader, ClassId id, uint32_t first)
{
    ValueRef meta = {0};
    ClassIds mro = reader->classes.items[id].mro;
    for (uint32_t i = first; i < mro.count && !meta.id; i++) {
        const ClassInfo *base = &reader->classes.items[mro.items[i]];
        if (base->model == NO || base->abstract != NO)
            meta = own_meta(reader, mro.items[i]);
    }
    return meta;
}

ValueRef meta_attribute(ModelReader *reader, ClassId id)
{
    return meta_from(reader, id, 0);
}

static ValueRef meta_in_force(ModelReader *reader, ClassId id)
{
    ValueRef meta = own_meta(reader, id);
    return meta.id ? meta : meta_from(reader, id, 1);
}

/* A flag of a Meta class. `abstract` is not inherited from a model's Meta: Django sets it to False
 * once that model is made. */
static ValueRef flag_value(ModelReader *reader, ClassId meta, Sym name, bool inherit, bool *open)
{
    if (inherit)
        return class_lookup(reader, meta, name, open);
    ClassIds mro = reader->classes.items[meta].mro;
    for (uint32_t i = 0; i < mro.count; i++) {
        const ClassInfo *holder = &reader->classes.items[mro.items[i]];
        const Binding *binding = class_attribute(holder->class, name);
        if (binding && binding->value && (!i || !holder->class->inner))
            return (ValueRef){holder->module, binding->value};
    }
    return (ValueRef){0};
}

static Truth flag(ModelReader *reader, ValueRef meta, const char *name, Truth otherwise,
                  bool inherit)
{
    if (!meta.id)
        return otherwise;
    ClassId id = class_named(reader, meta);
    if (id == CLASS_NONE)
        return MAYBE;
    bool open = false;
    ValueRef value = flag_value(reader, id, read_word(reader, name), inherit, &open);
    if (!value.id)
        return open && inherit ? MAYBE : otherwise;
    value = workspace_value(reader->workspace, value);
    const Value *of = read_value(value);
    if (of->flags & VALUE_MAYBE || (of->kind != VALUE_BOOL && of->kind != VALUE_INT))
        return MAYBE;
    return truth(of->kind == VALUE_BOOL ? of->u.boolean : of->u.integer != 0);
}

Truth class_abstract(ModelReader *reader, ClassId id)
{
    return flag(reader, own_meta(reader, id), "abstract", NO, false);
}

Truth class_proxy(ModelReader *reader, ClassId id)
{
    ValueRef meta = meta_in_force(reader, id);
    return !meta.id && !reader->classes.items[id].whole ? MAYBE
                                                        : flag(reader, meta, "proxy", NO, true);
}

/* Without Meta in what is not at hand, the model's options are those it has here. */
static void add_options(ModelReader *reader, ClassId id, Model *model)
{
    static const char *const names[] = {
#define OPTION(name) #name,
#include "models/meta_options.def"
#undef OPTION
    };
    enum { NAMES = sizeof names / sizeof *names };
    model->options = arena_array(reader->arena, ModelOption, NAMES);
    for (uint32_t i = 0; i < NAMES; i++) {
        Sym name = read_word(reader, names[i]);
        ValueRef value = class_lookup(reader, id, name, &model->options_open);
        if (value.id)
            model->options[model->option_count++] = (ModelOption){name, value};
    }
}

/* A decorator of Meta may set any option. */
static bool is_decorated(const ModelReader *reader, ClassId meta)
{
    ClassIds mro = reader->classes.items[meta].mro;
    for (uint32_t i = 0; i < mro.count; i++)
        if (reader->classes.items[mro.items[i]].class->decorator_count)
            return true;
    return false;
}

void read_meta(ModelReader *reader, ClassId id, Model *model)
{
    ValueRef meta = meta_in_force(reader, id);
    ClassId class = meta.id ? class_named(reader, meta) : CLASS_NONE;
    model->proxy = flag(reader, meta, "proxy", NO, true);
    model->managed = flag(reader, meta, "managed", YES, true);
    if (class != CLASS_NONE && is_decorated(reader, class))
        model->options_open = true;
    else if (class != CLASS_NONE)
        add_options(reader, class, model);
    /* Without a Meta at hand, a base that is not may hand one down. */
    bool known = meta.id ? class != CLASS_NONE : reader->classes.items[id].whole;
    if (known)
        return;
    model->options_open = true;
    model->proxy = truth_or(model->proxy, MAYBE);
    model->managed = truth_and(model->managed, MAYBE);
}

Sym meta_text(ModelReader *reader, ClassId id, const char *name, bool *unknown)
{
    ValueRef meta = meta_in_force(reader, id);
    ClassId class = meta.id ? class_named(reader, meta) : CLASS_NONE;
    *unknown |= meta.id && class == CLASS_NONE;
    if (class == CLASS_NONE)
        return SYM_NONE;
    ValueRef value = class_lookup(reader, class, read_word(reader, name), unknown);
    if (!value.id)
        return SYM_NONE;
    value = workspace_value(reader->workspace, value);
    bool known = read_is(value, VALUE_STRING) && !(read_value(value)->flags & VALUE_MAYBE);
    *unknown |= !known;
    return known ? read_value(value)->u.text : SYM_NONE;
}
