#include "models/same.h"

/* Members and choices of enumerations, as Python's enum and Django's Choices make them. */

typedef enum EnumKind {
    ENUM_NONE,
    ENUM_PLAIN,  /* a member is no value: it equals nothing else */
    ENUM_VALUE,  /* members are their values: IntEnum, (str, Enum) */
    ENUM_CHOICES /* the same, with labels: models.Choices */
} EnumKind;

static Str text_of(const Comparison *c, Sym sym)
{
    return sym_str(&c->workspace->interner, sym);
}

static EnumKind kind_of_path(Str path)
{
    if (str_starts(path, S("django.db.models.")) && str_ends(path, S("Choices")))
        return ENUM_CHOICES;
    if (str_eq(path, S("enum.IntEnum")) || str_eq(path, S("enum.StrEnum")))
        return ENUM_VALUE;
    return str_eq(path, S("enum.Enum")) ? ENUM_PLAIN : ENUM_NONE;
}

/* What the class is by the bases that are not at hand; a mixed-in str or int makes members values.
 */
static EnumKind kind_of(const Comparison *c, ClassId id)
{
    const ModelReader *reader = c->registry->reader;
    EnumKind kind = ENUM_NONE;
    bool value = false;
    ClassIds mro = reader->classes.items[id].mro;
    for (uint32_t i = 0; i < mro.count; i++) {
        const ClassInfo *info = &reader->classes.items[mro.items[i]];
        for (uint32_t b = 0; b < info->class->base_count; b++) {
            ValueRef base = {info->module, info->class->bases[b]};
            Str path = text_of(c, workspace_path(c->workspace, base));
            EnumKind of = kind_of_path(path);
            kind = of > kind ? of : kind;
            value |= str_eq(path, S("builtins.str")) || str_eq(path, S("builtins.int"));
        }
    }
    return kind == ENUM_PLAIN && value ? ENUM_VALUE : kind;
}

/* Members are what a class body assigns, but for methods, private names and the empty label. */
static bool is_member(const Comparison *c, const ClassInfo *info, const Binding *binding)
{
    Str name = text_of(c, binding->name);
    if (!binding->value || (name.len && name.ptr[0] == '_'))
        return false;
    int kind = value_at(&info->module->values, binding->value)->kind;
    return kind != VALUE_FUNCTION && kind != VALUE_CLASS;
}

static Plain label_from_name(const Comparison *c, Sym name)
{
    Str text = text_of(c, name);
    char *label = arena_alloc(c->arena, text.len + 1, 1);
    bool start = true;
    for (size_t i = 0; i < text.len; i++) {
        char ch = text.ptr[i] == '_' ? ' ' : text.ptr[i];
        bool letter = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
        if (letter)
            ch = (char)(start ? ch & ~0x20 : ch | 0x20);
        if ((unsigned char)ch >= 0x80)
            return (Plain){0};
        start = !letter;
        label[i] = ch;
    }
    return (Plain){.kind = PLAIN_STRING,
                   .text = intern(&c->workspace->interner, (Str){label, text.len})};
}

typedef struct Member {
    Plain value, label;
} Member;

/* ("a", _("Active")) is a value and a label where Choices makes the class. */
static Member member_of(const Comparison *c, EnumKind kind, const ClassInfo *info,
                        const Binding *binding, int depth)
{
    Plain written = plain_at(c, (ValueRef){info->module, binding->value}, depth + 1);
    bool sequence = written.kind == PLAIN_TUPLE || written.kind == PLAIN_LIST;
    if (binding->conditional)
        return (Member){0};
    if (kind != ENUM_CHOICES || !sequence)
        return (Member){written.kind == PLAIN_CALL ? (Plain){0} : written,
                        label_from_name(c, binding->name)};
    bool labelled = written.count == 2 && !written.open && written.items[1].kind == PLAIN_STRING;
    return labelled ? (Member){written.items[0], written.items[1]} : (Member){0};
}

static bool choices_of(const Comparison *c, ClassId id, int depth, Plain *out)
{
    const ClassInfo *info = &c->registry->reader->classes.items[id];
    if (kind_of(c, id) != ENUM_CHOICES)
        return false;
    const Class *class = info->class;
    *out = (Plain){.kind = PLAIN_LIST};
    out->items = arena_array(c->arena, Plain, class->attribute_count + 1);
    out->open = class_attribute(class, intern(&c->workspace->interner, S("__empty__"))) != NULL ||
                !info->whole;
    for (uint32_t i = 0; i < class->attribute_count; i++) {
        if (!is_member(c, info, &class->attributes[i]))
            continue;
        Member member = member_of(c, ENUM_CHOICES, info, &class->attributes[i], depth);
        Plain *pair = arena_array(c->arena, Plain, 2);
        pair[0] = member.value;
        pair[1] = member.label;
        out->items[out->count++] = (Plain){.kind = PLAIN_TUPLE, .items = pair, .count = 2};
    }
    return true;
}

bool enumeration_choices(const Comparison *c, ValueRef class_value, int depth, Plain *out)
{
    ClassId id = class_named(c->registry->reader, class_value);
    return id != CLASS_NONE && choices_of(c, id, depth, out);
}

/* The enumeration that a name asks for `rest`. */
static ClassId owner(const Comparison *c, ValueRef name, Str rest)
{
    const Module *module;
    const Class *class = workspace_owner(c->workspace, name, rest, &module);
    ClassId id = class ? class_of(c->registry->reader, module, class) : CLASS_NONE;
    return id != CLASS_NONE && kind_of(c, id) != ENUM_NONE ? id : CLASS_NONE;
}

static Plain member_value(const Comparison *c, ClassId id, Sym name, bool label, bool raw,
                          int depth)
{
    const ClassInfo *info = &c->registry->reader->classes.items[id];
    const Binding *binding = class_attribute(info->class, name);
    EnumKind kind = kind_of(c, id);
    if (!binding || !is_member(c, info, binding))
        return (Plain){0};
    if (kind == ENUM_PLAIN && !raw && !label)
        return (Plain){.kind = PLAIN_MEMBER, .text = name, .ref = {info->module, id + 1}};
    Member member = member_of(c, kind, info, binding, depth);
    return label ? member.label : member.value;
}

bool enumeration_value(const Comparison *c, ValueRef name, int depth, Plain *out)
{
    Str path = text_of(c, read_value(name)->u.text);
    size_t dot = str_rfind(path, '.');
    if (dot == path.len)
        return false;
    Str last = str_sub(path, dot, path.len);
    ClassId id = owner(c, name, last);
    Interner *in = &c->workspace->interner;
    if (id != CLASS_NONE) {
        if (!str_eq(last, S(".choices")) || !choices_of(c, id, depth, out))
            *out = member_value(c, id, intern(in, str_sub(last, 1, last.len)), false, false, depth);
        return true;
    }
    bool value = str_eq(last, S(".value")), label = str_eq(last, S(".label"));
    size_t before = str_rfind(str_sub(path, 0, dot), '.');
    if ((!value && !label) || before >= dot)
        return false;
    id = owner(c, name, str_sub(path, before, path.len));
    if (id == CLASS_NONE)
        return false;
    *out = member_value(c, id, intern(in, str_sub(path, before + 1, dot)), label, true, depth);
    return true;
}

static bool of_member(const Comparison *c, ClassId id, Sym name, int depth, Plain *out)
{
    *out = member_value(c, id, name, false, false, depth);
    return true;
}

/* The member that has the value; nothing when more than one may. */
static bool by_value(const Comparison *c, ClassId id, const Plain *value, int depth, Plain *out)
{
    const ClassInfo *info = &c->registry->reader->classes.items[id];
    EnumKind kind = kind_of(c, id);
    *out = (Plain){0};
    for (uint32_t i = 0; i < info->class->attribute_count; i++) {
        const Binding *binding = &info->class->attributes[i];
        if (!is_member(c, info, binding))
            continue;
        Member member = member_of(c, kind, info, binding, depth);
        Truth same = same_plain(c, value, &member.value);
        if (same != NO)
            return same == YES ? of_member(c, id, binding->name, depth, out) : true;
    }
    return true;
}

/* Deferrable["DEFERRED"] is Deferrable.DEFERRED. */
static bool of_django(const Comparison *c, ValueRef class, const Plain *key, Plain *out)
{
    Str path = text_of(c, state_path(c->state, class));
    *out = (Plain){0};
    if (key->kind == PLAIN_STRING && str_starts(path, S("django.")))
        *out = (Plain){.kind = PLAIN_PATH,
                       .text = intern(&c->workspace->interner,
                                      arena_printf(c->arena, "%.*s.%.*s", STR_ARG(path),
                                                   STR_ARG(text_of(c, key->text))))};
    return true;
}

bool enumeration_item(const Comparison *c, ValueRef call, Sym path, int depth, Plain *out)
{
    const Values *values = &call.module->values;
    const Value *value = read_value(call);
    bool item = str_eq(text_of(c, path), S("operator.getitem"));
    uint32_t wanted = item ? 2 : 1;
    if (value->u.call.count != wanted || value->keywords || value->flags & VALUE_OPEN)
        return false;
    ValueRef class = {call.module,
                      item ? value_positional(values, value, 0) : value_callee(values, value)};
    ClassId id = class_named(c->registry->reader, class);
    bool outside = item && id == CLASS_NONE && read_is(class, VALUE_NAME);
    if (!outside && (id == CLASS_NONE || kind_of(c, id) == ENUM_NONE))
        return false;
    Plain key = plain_at(c, (ValueRef){call.module, value_positional(values, value, wanted - 1)},
                         depth + 1);
    if (outside)
        return of_django(c, class, &key, out);
    if (!item)
        return by_value(c, id, &key, depth, out);
    return key.kind == PLAIN_STRING ? of_member(c, id, key.text, depth, out)
                                    : (*out = (Plain){0}, true);
}
