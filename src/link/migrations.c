#include "link/link.h"

#include <stdlib.h>

enum { NESTED_LIMIT = 8 }; /* SeparateDatabaseAndState inside one another */

static Sym sym(Link *link, const char *text)
{
    return intern(&link->workspace->interner, str(text));
}

static DependencyKind key_kind(Link *link, Sym name)
{
    Str text = sym_str(&link->workspace->interner, name);
    return str_eq(text, S("__first__"))    ? DEPENDENCY_FIRST
           : str_eq(text, S("__latest__")) ? DEPENDENCY_LATEST
                                           : DEPENDENCY_KEY;
}

/* ("app", "name") */
static bool read_key(Link *link, ValueRef pair, Dependency *out)
{
    const Value *value = ref_value(pair);
    if ((value->kind != VALUE_TUPLE && value->kind != VALUE_LIST) || value->u.items.count < 2 ||
        value->flags & VALUE_OPEN)
        return false;
    ValueRef app =
        loader_value(link->loader, ref_of(pair.module, value_item(&pair.module->values, value, 0)));
    ValueRef name =
        loader_value(link->loader, ref_of(pair.module, value_item(&pair.module->values, value, 1)));
    if (!ref_is(app, VALUE_STRING) || !ref_is(name, VALUE_STRING))
        return false;
    out->app = ref_value(app)->u.text;
    out->name = ref_value(name)->u.text;
    out->kind = key_kind(link, out->name);
    return out->app && out->name;
}

/* swappable_dependency(settings.AUTH_USER_MODEL); which app that is, is the project's to say. */
static bool read_swappable(Link *link, ValueRef call, Dependency *out)
{
    Interner *in = &link->workspace->interner;
    const Values *values = &call.module->values;
    Sym callee =
        loader_path(link->loader, ref_of(call.module, value_callee(values, ref_value(call))));
    if (!str_ends(sym_str(in, callee), S("swappable_dependency")))
        return false;
    ValueId argument = value_argument(values, ref_value(call), 0, sym(link, "value"));
    if (!argument)
        return false;
    ValueRef value = loader_value(link->loader, ref_of(call.module, argument));
    out->kind = DEPENDENCY_SWAPPABLE;
    out->name = sym(link, "__first__");
    if (ref_is(value, VALUE_STRING)) {
        Str model = sym_str(in, ref_value(value)->u.text);
        out->app = intern(in, str_sub(model, 0, str_find(model, '.')));
        return true;
    }
    Str path = sym_str(in, loader_path(link->loader, value));
    if (str_starts(path, S("django.conf.settings.")))
        out->setting = intern(in, str_sub(path, 21, path.len));
    return true; /* a setting of another kind: a swappable that leads nowhere known */
}

static bool read_dependency(Link *link, ValueRef item, Dependency *out)
{
    ValueRef value = loader_value(link->loader, item);
    if (!value.id)
        return false;
    out->place = ref_place(item);
    return ref_is(value, VALUE_CALL) ? read_swappable(link, value, out)
                                     : read_key(link, value, out);
}

static Dependencies read_dependencies(Link *link, ValueRef list, bool open)
{
    Elements elements = {0};
    Dependencies out = {.open = open};
    if (list.id && !ref_is(loader_value(link->loader, list), VALUE_NONE))
        out.open |= !loader_elements(link->loader, list, &elements);
    out.items = arena_array(&link->workspace->arena, Dependency, elements.list.count);
    for (uint32_t i = 0; i < elements.list.count; i++) {
        Dependency dependency = {.maybe = elements.list.items[i].maybe};
        if (read_dependency(link, elements.list.items[i].value, &dependency))
            out.items[out.count++] = dependency;
        else
            out.open = true;
    }
    array_free(&elements.list);
    return out;
}

static const char *const operation_names[] = {
#define OPERATION(id, name) name,
#include "link/operations.def"
#undef OPERATION
};

const char *operation_name(OperationKind kind)
{
    return kind < OPERATION_OPAQUE ? operation_names[kind] : "";
}

static bool is_operation_module(Str path)
{
    return str_starts(path, S("django.db.migrations.")) || str_starts(path, S("migrations.")) ||
           str_starts(path, S("django.contrib.postgres.operations.")) ||
           str_starts(path, S("django.contrib.gis.db.migrations."));
}

static OperationKind kind_of_path(Str path)
{
    if (!is_operation_module(path))
        return OPERATION_OPAQUE;
    Str name = str_tail(path, '.');
    for (unsigned i = 0; i < OPERATION_OPAQUE; i++)
        if (str_eq(name, str(operation_names[i])))
            return (OperationKind)i;
    return OPERATION_OPAQUE;
}

/* A project's own subclass behaves as what it descends from unless it takes
 * other arguments or moves the state in another way. */
static OperationKind kind_of_class(Link *link, const Module *module, const Class *class, int depth)
{
    if (class_attribute(class, sym(link, "__init__")) ||
        class_attribute(class, sym(link, "state_forwards")) || depth > NESTED_LIMIT)
        return OPERATION_OPAQUE;
    for (uint32_t i = 0; i < class->base_count; i++) {
        ValueRef base = ref_of(module, class->bases[i]);
        const Module *base_module;
        const Class *base_class = loader_class(link->loader, base, &base_module);
        OperationKind kind = base_class ? kind_of_class(link, base_module, base_class, depth + 1)
                                        : kind_of_path(sym_str(&link->workspace->interner,
                                                               loader_path(link->loader, base)));
        if (kind != OPERATION_OPAQUE)
            return kind;
    }
    return OPERATION_OPAQUE;
}

/* Whatever a RunPython is made with, it does not touch the state. */
static bool is_run_python(Link *link, const Module *module, const Class *class)
{
    for (int depth = 0; depth <= NESTED_LIMIT && class->base_count == 1; depth++) {
        if (class_attribute(class, sym(link, "state_forwards")))
            return false;
        ValueRef base = ref_of(module, class->bases[0]);
        const Class *next = loader_class(link->loader, base, &module);
        if (!next)
            return kind_of_path(sym_str(&link->workspace->interner,
                                        loader_path(link->loader, base))) == OPERATION_RUN_PYTHON;
        class = next;
    }
    return false;
}

static OperationKind kind_of_sym(Link *link, Sym path)
{
    uint32_t known = map_get(&link->operation_kinds, path, UINT32_MAX);
    if (known == UINT32_MAX) {
        known = kind_of_path(sym_str(&link->workspace->interner, path));
        map_set(&link->operation_kinds, path, known);
    }
    return (OperationKind)known;
}

static void classify(Link *link, ValueRef call, Operation *out)
{
    ValueRef callee = ref_of(call.module, value_callee(&call.module->values, ref_value(call)));
    const Module *module;
    const Class *class = loader_class(link->loader, callee, &module);
    out->class_path = loader_path(link->loader, callee);
    out->kind = class ? kind_of_class(link, module, class, 0) : kind_of_sym(link, out->class_path);
    out->harmless = class && out->kind == OPERATION_OPAQUE && is_run_python(link, module, class);
}

typedef struct OperationList {
    Array(Operation) list;
    bool open, more; /* as in Migration */
} OperationList;

typedef struct Nesting {
    uint32_t parent;
    bool database, state, maybe;
    int depth;
} Nesting;

static void read_operations(Link *link, ValueRef list, Nesting nesting, OperationList *out);

static void read_nested(Link *link, ValueRef call, uint32_t index, OperationList *out)
{
    const Operation *holder = &out->list.items[index];
    const Values *values = &call.module->values;
    bool separate = holder->kind == OPERATION_SEPARATE_DATABASE_AND_STATE;
    Nesting nesting = {index, holder->database, holder->state, holder->maybe, 0};
    for (uint32_t up = index; out->list.items[up].parent != UINT32_MAX; nesting.depth++)
        up = out->list.items[up].parent;
    if (!separate && holder->kind != OPERATION_RUN_SQL)
        return;
    ValueId database =
        separate ? value_argument(values, ref_value(call), 0, sym(link, "database_operations")) : 0;
    ValueId state =
        value_argument(values, ref_value(call), separate ? 1 : 2, sym(link, "state_operations"));
    Nesting inner = nesting;
    inner.state = false;
    if (database)
        read_operations(link, ref_of(call.module, database), inner, out);
    inner = nesting;
    inner.database = false;
    if (state)
        read_operations(link, ref_of(call.module, state), inner, out);
}

static void read_operation(Link *link, ValueRef item, Nesting nesting, OperationList *out)
{
    ValueRef value = loader_value(link->loader, item);
    Operation operation = {.kind = OPERATION_OPAQUE,
                           .call = value,
                           .place = ref_place(item),
                           .parent = nesting.parent,
                           .database = nesting.database,
                           .state = nesting.state,
                           .maybe = nesting.maybe};
    bool call = ref_is(value, VALUE_CALL);
    if (call)
        classify(link, value, &operation);
    array_push(&out->list, operation);
    if (call)
        read_nested(link, value, out->list.count - 1, out);
}

static void read_operations(Link *link, ValueRef list, Nesting nesting, OperationList *out)
{
    Elements elements = {0};
    if (ref_is(loader_value(link->loader, list), VALUE_NONE))
        return;
    bool deep = nesting.depth > NESTED_LIMIT;
    out->open |= deep || !loader_elements(link->loader, list, &elements);
    out->more |= deep || elements.more;
    bool maybe = nesting.maybe;
    for (uint32_t i = 0; i < elements.list.count; i++) {
        nesting.maybe = maybe || elements.list.items[i].maybe;
        out->open |= nesting.maybe;
        read_operation(link, elements.list.items[i].value, nesting, out);
    }
    array_free(&elements.list);
}

static void read_class(Link *link, const Module *module, const Class *class, Migration *out)
{
    Loader *loader = link->loader;
    /* In a damaged class an attribute may have been there and be lost. */
    bool damaged = module->syntax_error, outside = damaged;
#define ATTRIBUTE(name)                                                                            \
    (outside = damaged, loader_attribute(loader, module, class, sym(link, name), &outside))
    ValueRef value = ATTRIBUTE("dependencies");
    out->dependencies = read_dependencies(link, value, !value.id && outside);
    value = ATTRIBUTE("run_before");
    out->run_before = read_dependencies(link, value, !value.id && outside);
    value = ATTRIBUTE("replaces");
    out->replaces = read_dependencies(link, value, !value.id && outside);
    value = ATTRIBUTE("operations");
    OperationList operations = {.open = !value.id && outside, .more = !value.id && outside};
    if (value.id)
        read_operations(link, value, (Nesting){UINT32_MAX, true, true, false, 0}, &operations);
    out->atomic = ATTRIBUTE("atomic");
    out->initial = ATTRIBUTE("initial");
#undef ATTRIBUTE
    out->operations = arena_keep(&link->workspace->arena, Operation, operations.list.items,
                                 operations.list.count);
    out->operation_count = operations.list.count;
    out->operations_open = operations.open;
    out->operations_more = operations.more;
    out->class_place = (Place){module->path, class->name_span};
    array_free(&operations.list);
}

static void open_lists(Migration *out)
{
    out->dependencies.open = out->run_before.open = out->replaces.open = true;
    out->operations_open = out->operations_more = true;
}

static Str migration_stem(Str file_name)
{
    return str_sub(file_name, 0, str_rfind(file_name, '.'));
}

static void read_migration(Link *link, const SourceFile *file, const Module *module, Migration *out)
{
    Interner *in = &link->workspace->interner;
    *out = (Migration){.name = intern(in, migration_stem(file->name)),
                       .path = module ? module->path : file->path,
                       .module = module,
                       .status = MIGRATION_READ};
    bool broken = module && (module->syntax_error || module->unreadable.len);
    ValueRef binding =
        module ? loader_binding(link->loader, module, sym(link, "Migration")) : (ValueRef){0};
    const Module *class_module;
    const Class *class = binding.id ? loader_class(link->loader, binding, &class_module) : NULL;
    if (class)
        read_class(link, class_module, class, out);
    else
        open_lists(out);
    if (broken)
        out->status = MIGRATION_BROKEN;
    else if (!class)
        out->status =
            module && !binding.id && !module->star_import ? MIGRATION_NO_CLASS : MIGRATION_UNKNOWN;
    if (class && class_module != module)
        out->class_place = (Place){module->path, {0, 0}};
}

static int by_name(const void *a, const void *b)
{
    const SourceFile *const *left = a, *const *right = b;
    return str_cmp(migration_stem((*left)->name), migration_stem((*right)->name));
}

void link_read_migrations(Link *link, Candidate *candidate)
{
    uint32_t count = candidate->files.count;
    if (count)
        qsort(candidate->files.items, count, sizeof(SourceFile *), by_name);
    candidate->migrations = arena_array(&link->workspace->arena, Migration, count);
    candidate->migration_count = count;
    for (uint32_t i = 0; i < count; i++) {
        const SourceFile *file = candidate->files.items[i];
        bool source = str_ends(file->name, S(".py"));
        const Module *module = source ? loader_read(link->loader, candidate->source, file) : NULL;
        read_migration(link, file, module, &candidate->migrations[i]);
    }
}
