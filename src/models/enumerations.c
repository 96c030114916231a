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
                        const Binding *binding)
{
    Plain written = plain_value(c, (ValueRef){info->module, binding->value});
    bool sequence = written.kind == PLAIN_TUPLE || written.kind == PLAIN_LIST;
    if (binding->conditional)
        return (Member){0};
    if (kind != ENUM_CHOICES || !sequence)
        return (Member){written.kind == PLAIN_CALL ? (Plain){0} : written,
                        label_from_name(c, binding->name)};
    bool labelled = written.count == 2 && !written.open && written.items[1].kind == PLAIN_STRING;
    return labelled ? (Member){written.items[0], written.items[1]} : (Member){0};
}

static bool choices_of(const Comparison *c, ClassId id, Plain *out)
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
        Member member = member_of(c, ENUM_CHOICES, info, &class->attributes[i]);
        Plain *pair = arena_array(c->arena, Plain, 2);
        pair[0] = member.value;
        pair[1] = member.label;
        out->items[out->count++] = (Plain){.kind = PLAIN_TUPLE, .items = pair, .count = 2};
    }
    return true;
}

bool enumeration_choices(const Comparison *c, ValueRef class_value, Plain *out)
{
    ClassId id = class_named(c->registry->reader, class_value);
    return id != CLASS_NONE && choices_of(c, id, out);
}

/* The enumeration that a name asks for `rest`. */
static ClassId owner(const Comparison *c, ValueRef name, Str rest)
{
    const Module *module;
    const Class *class = workspace_owner(c->workspace, name, rest, &module);
    ClassId id = class ? class_of(c->registry->reader, module, class) : CLASS_NONE;
    return id != CLASS_NONE && kind_of(c, id) != ENUM_NONE ? id : CLASS_NONE;
}

static Plain member_value(const Comparison *c, ClassId id, Sym name, bool label, bool raw)
{
    const ClassInfo *info = &c->registry->reader->classes.items[id];
    const Binding *binding = class_attribute(info->class, name);
    EnumKind kind = kind_of(c, id);
    if (!binding || !is_member(c, info, binding) || (kind == ENUM_PLAIN && !raw))
        return (Plain){0};
    Member member = member_of(c, kind, info, binding);
    return label ? member.label : member.value;
}

bool enumeration_value(const Comparison *c, ValueRef name, Plain *out)
{
    Str path = text_of(c, read_value(name)->u.text);
    size_t dot = str_rfind(path, '.');
    if (dot == path.len)
        return false;
    Str last = str_sub(path, dot, path.len);
    ClassId id = owner(c, name, last);
    Interner *in = &c->workspace->interner;
    if (id != CLASS_NONE) {
        if (!str_eq(last, S(".choices")) || !choices_of(c, id, out))
            *out = member_value(c, id, intern(in, str_sub(last, 1, last.len)), false, false);
        return true;
    }
    bool value = str_eq(last, S(".value")), label = str_eq(last, S(".label"));
    size_t before = str_rfind(str_sub(path, 0, dot), '.');
    if ((!value && !label) || before >= dot)
        return false;
    id = owner(c, name, str_sub(path, before, path.len));
    if (id == CLASS_NONE)
        return false;
    *out = member_value(c, id, intern(in, str_sub(path, before + 1, dot)), label, true);
    return true;
}
