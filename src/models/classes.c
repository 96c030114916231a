#include "models/read.h"

/* Classes: what they derive from, in which order attributes are looked up, and whether they are
 * models, fields or managers. Each is looked at once. */

static bool is_one_of(Str path, const char *const *paths, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(path, str(paths[i])))
            return true;
    return false;
}
#define IS_ONE_OF(path, list) is_one_of(path, list, sizeof(list) / sizeof *(list))

static bool is_field_name(Str name)
{
    static const char *const odd[] = {"ForeignKey", "ForeignObject", "GenericForeignKey",
                                      "GenericRelation", "CompositePrimaryKey"};
    return str_ends(name, S("Field")) || IS_ONE_OF(name, odd);
}

static bool holds_fields(Str path)
{
    return str_starts(path, S("django.db.models.")) ||
           str_starts(path, S("django.contrib.postgres.fields.")) ||
           str_starts(path, S("django.contrib.postgres.search.")) ||
           str_starts(path, S("django.contrib.gis.db.models.")) ||
           str_starts(path, S("django.contrib.contenttypes.fields."));
}

/* Of Django nothing but models, fields and managers adds anything to a model. */
Root root_of(Str path)
{
    static const char *const models[] = {"django.db.models.Model", "django.db.models.base.Model",
                                         "django.contrib.gis.db.models.Model"};
    static const char *const harmless[] = {"object",
                                           "abc.ABC",
                                           "typing.Generic",
                                           "typing.Protocol",
                                           "enum.Enum",
                                           "functools.partial",
                                           "functools.cached_property",
                                           "functools.partialmethod"};
    if (IS_ONE_OF(path, models))
        return ROOT_MODEL;
    if (holds_fields(path) && is_field_name(str_tail(path, '.')))
        return ROOT_FIELD;
    if (str_starts(path, S("django.")) && str_ends(path, S("Manager")))
        return ROOT_MANAGER;
    bool model = str_starts(path, S("django.contrib.")) &&
                 (str_contains(path, S(".models.")) || str_contains(path, S(".base_")));
    if ((str_starts(path, S("django.")) && !model) || str_starts(path, S("builtins.")) ||
        str_starts(path, S("operator.")) || IS_ONE_OF(path, harmless))
        return ROOT_HARMLESS;
    return ROOT_NONE;
}

/* What a base class that is not at hand makes of the class. */
static void outside_base(ModelReader *reader, ClassInfo *info, ValueRef base)
{
    ValueRef factory = manager_factory(reader, base);
    Str path = read_text(reader, workspace_path(reader->workspace, factory.id ? factory : base));
    Root root = factory.id && str_starts(path, S("django.db.")) ? ROOT_MANAGER : root_of(path);
    Truth *is[] = {
        [ROOT_MODEL] = &info->model, [ROOT_FIELD] = &info->field, [ROOT_MANAGER] = &info->manager};
    if (root == ROOT_HARMLESS)
        return;
    if (root != ROOT_NONE) {
        *is[root] = YES;
        return;
    }
    for (Root kind = ROOT_MODEL; kind <= ROOT_MANAGER; kind++)
        *is[kind] = truth_or(*is[kind], MAYBE);
    if (!info->whole)
        return;
    info->whole = false;
    info->reason.place = (Place){base.module->path, read_value(base)->span};
    info->reason.why =
        path.len ? arena_printf(reader->arena, "its base `%.*s` is not at hand", STR_ARG(path))
                 : S("a base class is computed");
}

static void add_id(ModelReader *reader, ClassIds *ids, ClassId id, uint32_t most)
{
    if (!ids->items)
        ids->items = arena_array(reader->arena, ClassId, most);
    ids->items[ids->count++] = id;
}

static bool has_id(const ClassIds *ids, uint32_t from, ClassId id)
{
    for (uint32_t i = from; i < ids->count; i++)
        if (ids->items[i] == id)
            return true;
    return false;
}

/* One list that is merged, and how far. */
typedef struct Tail {
    ClassIds ids;
    uint32_t at;
} Tail;

/* The first head that stands in no tail, as Python's C3 has it; CLASS_NONE at the end or when there
 * is none, which Python refuses. */
static ClassId next_of(const Tail *tails, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (tails[i].at >= tails[i].ids.count)
            continue;
        ClassId head = tails[i].ids.items[tails[i].at];
        bool free = true;
        for (uint32_t j = 0; j < count && free; j++)
            free =
                tails[j].at >= tails[j].ids.count || !has_id(&tails[j].ids, tails[j].at + 1, head);
        if (free)
            return head;
    }
    return CLASS_NONE;
}

static void linearise(ModelReader *reader, ClassId id)
{
    ClassInfo *info = &reader->classes.items[id];
    Arena scratch = {0};
    uint32_t count = info->bases.count + 1, most = 1;
    Tail *tails = arena_array(&scratch, Tail, count);
    for (uint32_t i = 0; i < info->bases.count; i++) {
        tails[i].ids = reader->classes.items[info->bases.items[i]].mro;
        most += tails[i].ids.count;
    }
    tails[count - 1].ids = info->bases;
    add_id(reader, &info->mro, id, most);
    for (ClassId next; (next = next_of(tails, count)) != CLASS_NONE;) {
        if (info->mro.count < MOST_BASES)
            add_id(reader, &info->mro, next, most);
        for (uint32_t i = 0; i < count; i++)
            tails[i].at +=
                tails[i].at < tails[i].ids.count && tails[i].ids.items[tails[i].at] == next;
    }
    for (uint32_t i = 0; i < count; i++)
        info->whole &= tails[i].at >= tails[i].ids.count && info->mro.count < MOST_BASES;
    arena_free(&scratch);
}

static ClassId find_class(ModelReader *reader, const Module *module, const Class *class, int depth);

/* Names of Django's are not followed by link: what stands for its modules may import from others.
 */
static const Class *outside_class(ModelReader *reader, ValueRef value, const Module **module)
{
    enum { MOST_STEPS = 4 };
    for (int step = 0; step < MOST_STEPS && value.id; step++) {
        const Class *class = workspace_class(reader->workspace, value, module);
        Sym path = class ? SYM_NONE : workspace_path(reader->workspace, value);
        if (!path)
            return class;
        value = workspace_outside(reader->workspace, read_text(reader, path));
    }
    return NULL;
}

ValueRef call_result(ModelReader *reader, ValueRef call)
{
    ValueRef callee = {call.module, value_callee(&call.module->values, read_value(call))};
    ValueRef function = workspace_value(reader->workspace, callee);
    if (!read_is(function, VALUE_FUNCTION))
        return call;
    ValueId result = function.module->functions[read_value(function)->u.index].result;
    return result ? (ValueRef){function.module, result} : call;
}

static ClassId named_at(ModelReader *reader, ValueRef value, int depth)
{
    const Module *module;
    if (read_is(value, VALUE_CALL))
        value = call_result(reader, value);
    const Class *class = outside_class(reader, value, &module);
    return class ? find_class(reader, module, class, depth) : CLASS_NONE;
}

/* X.from_queryset(Q) makes a class of X. */
static ClassId made_of(ModelReader *reader, ValueRef factory, int depth)
{
    Str rest = S(".from_queryset");
    const Module *module;
    const Class *class = workspace_owner(reader->workspace, factory, rest, &module);
    if (!class) {
        Str path = read_text(reader, workspace_path(reader->workspace, factory));
        ValueRef outside =
            workspace_outside(reader->workspace, str_sub(path, 0, path.len - rest.len));
        class = outside_class(reader, outside, &module);
    }
    return class ? find_class(reader, module, class, depth) : CLASS_NONE;
}

ClassId class_factory_of(ModelReader *reader, ValueRef factory)
{
    return made_of(reader, factory, 0);
}

/* The class of that module which has the inner class for its Meta. */
static const Class *owner_of_inner(ModelReader *reader, ValueRef inner)
{
    Sym meta = read_word(reader, "Meta");
    for (uint32_t i = 0; i < inner.module->class_count; i++) {
        const Class *class = &inner.module->classes[i];
        const Binding *binding = class_attribute(class, meta);
        const Value *value =
            binding && binding->value ? value_at(&inner.module->values, binding->value) : NULL;
        if (value && value->kind == VALUE_CLASS && value->u.index == read_value(inner)->u.index)
            return class;
    }
    return NULL;
}

/* The class X of `X.Meta`. */
static ClassId owner_of_meta(ModelReader *reader, ValueRef base, int depth)
{
    const Module *module = base.module;
    const Class *class = NULL;
    if (read_is(base, VALUE_CLASS) && module->classes[read_value(base)->u.index].inner)
        class = owner_of_inner(reader, base);
    else if (read_is(base, VALUE_NAME))
        class = workspace_owner(reader->workspace, base, S(".Meta"), &module);
    return class ? find_class(reader, module, class, depth) : CLASS_NONE;
}

static ClassId base_named(ModelReader *reader, ValueRef base, int depth)
{
    ValueRef factory = manager_factory(reader, base);
    if (factory.id)
        return made_of(reader, factory, depth);
    ClassId owner = owner_of_meta(reader, base, depth);
    if (owner == CLASS_NONE)
        return named_at(reader, base, depth);
    ValueRef meta = meta_attribute(reader, owner);
    return meta.id ? named_at(reader, meta, depth) : CLASS_NONE;
}

static void read_bases(ModelReader *reader, ClassId id, int depth)
{
    const Module *module = reader->classes.items[id].module;
    const Class *class = reader->classes.items[id].class;
    ClassIds bases = {0};
    for (uint32_t i = 0; i < class->base_count; i++) {
        ValueRef base = {module, class->bases[i]};
        bool maybe = (read_value(base)->flags & VALUE_MAYBE) != 0;
        ClassId found =
            depth < DEEPEST_BASES && !maybe ? base_named(reader, base, depth + 1) : CLASS_NONE;
        ClassInfo *info = &reader->classes.items[id];
        if (found == CLASS_NONE || found == id || !reader->classes.items[found].mro.count) {
            outside_base(reader, info, base);
            continue;
        }
        add_id(reader, &bases, found, class->base_count);
        const ClassInfo *other = &reader->classes.items[found];
        info->model = truth_or(info->model, other->model);
        info->field = truth_or(info->field, other->field);
        info->manager = truth_or(info->manager, other->manager);
        if (info->whole && !other->whole) {
            info->whole = false;
            info->reason = other->reason;
        }
    }
    reader->classes.items[id].bases = bases;
}

static ClassId find_class(ModelReader *reader, const Module *module, const Class *class, int depth)
{
    Sym path = intern(&reader->workspace->interner, module->path);
    uint64_t key = map_key(path, (uint32_t)(class - module->classes));
    ClassId known = map_get(&reader->class_ids, key, CLASS_NONE);
    if (known != CLASS_NONE)
        return known;
    ClassId id = reader->classes.count;
    AppId app = app_of_module(reader, module);
    map_set(&reader->class_ids, key, id);
    array_push(&reader->classes,
               (ClassInfo){.module = module,
                           .class = class,
                           .known = str_starts(module->path, S("<known>/")),
                           .app = app == APP_NONE ? SYM_NONE : reader->project->apps[app].label,
                           .whole = true});
    read_bases(reader, id, depth);
    linearise(reader, id);
    reader->classes.items[id].abstract =
        reader->classes.items[id].model == NO ? NO : class_abstract(reader, id);
    return id;
}

ClassId class_of(ModelReader *reader, const Module *module, const Class *class)
{
    return find_class(reader, module, class, 0);
}

ClassId class_named(ModelReader *reader, ValueRef value)
{
    return named_at(reader, value, 0);
}

ValueRef class_lookup(ModelReader *reader, ClassId id, Sym name, bool *maybe_elsewhere)
{
    const ClassInfo *info = &reader->classes.items[id];
    for (uint32_t i = 0; i < info->mro.count; i++) {
        const ClassInfo *holder = &reader->classes.items[info->mro.items[i]];
        const Binding *binding = class_attribute(holder->class, name);
        if (binding && binding->value)
            return (ValueRef){holder->module, binding->value};
    }
    *maybe_elsewhere |= !info->whole;
    return (ValueRef){0};
}

bool may_be_rebuilt(ModelReader *reader, ClassId id, bool fields)
{
    const ClassInfo *info = &reader->classes.items[id];
    for (uint32_t i = 0; i < info->mro.count; i++) {
        const ClassInfo *holder = &reader->classes.items[info->mro.items[i]];
        if (!holder->class->metaclass || (fields && holder->known))
            continue;
        ValueRef metaclass = {holder->module, holder->class->metaclass};
        Str path = read_text(reader, workspace_path(reader->workspace, metaclass));
        if (!str_eq(path, S("abc.ABCMeta")) && !str_starts(path, S("django.")) &&
            !str_eq(path, S("builtins.type")))
            return true;
    }
    return false;
}
