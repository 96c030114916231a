/* What is read from one file. Expressions are written out by show() below. */

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "facts/module.h"

#include <stdlib.h>

typedef struct Reading {
    SyntaxParser parser;
    Interner interner;
    Arena arena;
    const Module *module;
} Reading;

static void read_bytes(Reading *r, Str text)
{
    *r = (Reading){.parser = syntax_parser_new()};
    r->module = module_read(&r->parser, S("x.py"), text, &r->interner, &r->arena);
}

static void drop(Reading *r)
{
    arena_free(&r->arena);
    interner_free(&r->interner);
    syntax_parser_free(&r->parser);
}

static void show(Reading *r, ValueId id, StrBuf *out);

static void show_items(Reading *r, const Value *value, StrBuf *out)
{
    for (uint32_t i = 0; i < value->u.items.count; i++) {
        strbuf_add(out, i ? S(" ") : S(""));
        show(r, value_item(&r->module->values, value, i), out);
    }
}

static void show_call(Reading *r, const Value *call, StrBuf *out)
{
    show(r, value_callee(&r->module->values, call), out);
    strbuf_add(out, S("("));
    for (uint32_t i = 0; i < call->u.call.count; i++) {
        show(r, value_positional(&r->module->values, call, i), out);
        strbuf_add(out, S(" "));
    }
    for (uint32_t i = 0; i < call->keywords; i++) {
        Sym name;
        ValueId value;
        value_keyword_at(&r->module->values, call, i, &name, &value);
        strbuf_printf(out, "%.*s=", STR_ARG(sym_str(&r->interner, name)));
        show(r, value, out);
        strbuf_add(out, S(" "));
    }
    strbuf_add(out, S(")"));
}

/* Lists as [..], open ones with ~ behind, what may be missing with ? behind. */
static void show(Reading *r, ValueId id, StrBuf *out)
{
    const Value *value = value_at(&r->module->values, id);
    Str text = S("");
    if (value->kind == VALUE_STRING || value->kind == VALUE_NAME || value->kind == VALUE_FLOAT ||
        value->kind == VALUE_BYTES)
        text = sym_str(&r->interner, value->u.text);
    if (value->flags & VALUE_STAR)
        strbuf_add(out, S("*"));
    if (value->kind == VALUE_STRING)
        strbuf_printf(out, "'%.*s'", STR_ARG(text));
    else if (text.len)
        strbuf_add(out, text);
    else if (value->kind == VALUE_INT)
        strbuf_printf(out, "%lld", (long long)value->u.integer);
    else if (value->kind == VALUE_BOOL)
        strbuf_add(out, value->u.boolean ? S("True") : S("False"));
    else if (value->kind == VALUE_UNKNOWN)
        strbuf_printf(out, "unknown%d", value->u.reason);
    else if (value->kind == VALUE_CALL)
        show_call(r, value, out);
    else {
        strbuf_printf(out, "%s", value_kind_name((ValueKind)value->kind));
        if ((value->kind >= VALUE_LIST && value->kind <= VALUE_DICT) || value->kind == VALUE_JOIN) {
            strbuf_add(out, S("["));
            show_items(r, value, out);
            strbuf_add(out, S("]"));
        }
    }
    strbuf_add(out, value->flags & VALUE_FREE ? S("!") : S(""));
    strbuf_add(out, value->flags & VALUE_OPEN ? S("~") : S(""));
    strbuf_add(out, value->flags & VALUE_MAYBE ? S("?") : S(""));
}

/* After `text`, the name x shows as `shown`. */
static void check_x(const char *text, const char *shown)
{
    Reading r;
    StrBuf out = {0};
    read_bytes(&r, str(text));
    const Binding *x = module_binding(r.module, intern(&r.interner, S("x")));
    if (x && x->value)
        show(&r, x->value, &out);
    if (!str_eq(strbuf_str(&out), str(shown)))
        fail_msg("%s\nis %.*s\nnot %s", text, STR_ARG(strbuf_str(&out)), shown);
    strbuf_free(&out);
    drop(&r);
}

static void literals(void **state)
{
    (void)state;
    check_x("x = 0x1F", "31");
    check_x("x = -1_000", "-1000");
    check_x("x = 99999999999999999999", "99999999999999999999");
    check_x("x = 'a' \"b\" r'\\n' u'\\u00e9'", "'ab\\n\xc3\xa9'");
    check_x("x = '''a\r\nb'''", "'a\nb'");
    check_x("x = f'a{1}{\"b\"}'", "'a1b'");
    check_x("x = f'a{y()}'", "unknown2");
    check_x("x = [1, (2, None), {'a': True}]", "list[1 tuple[2 none] dict['a' True]]");
    check_x("x = 'a%s' % 1", "operator.mod('a%s' 1 )");
}

static void names(void **state)
{
    (void)state;
    check_x("from django.db import models as m\nx = m.CASCADE", "django.db.models.CASCADE");
    check_x("import a.b.c\nx = a.b.c.D", "a.b.c.D");
    check_x("from .. import y\nx = y.z", "..y.z");
    check_x("from . import y\nx = y.z", ".y.z");
    check_x("x = int", "builtins.int");
    check_x("x = y.z", "y.z!");
    check_x("class A:\n    y = 1\nx = A.y", "1");
    check_x("import m\nx = m.F(1, *[2], a='b')", "m.F(1 2 a='b' )");
    check_x("def f():\n    'doc'\n    return [1]\nx = f()", "list[1]");
}

static void lists(void **state)
{
    (void)state;
    check_x("y = [1]\nx = [0, *y] + [2]", "list[0 1 2]");
    check_x("x = [1]\nx += (2,)\nx.append(3)\nx.extend([4])", "list[1 2 3 4]");
    check_x("x = [1, 2, 3]\nx.remove(2)\nx.insert(0, 9)\nx.pop()", "list[9 1]");
    check_x("import s\nx = [1]\nx.remove(s.a)", "list[1?]~");
    check_x("import s\nx = [1] + s.A", "join[list[1] s.A]");
    check_x("x = [1, *f()]", "list[1 *f!()]~");
    check_x("x = [i for i in y]", "unknown1");
    check_x("x = tuple([1, 2])[-1]", "2");
}

static void dicts(void **state)
{
    (void)state;
    check_x("x = {'a': 1}\nx['b'] = 2\nx['a'] = 3", "dict['a' 3 'b' 2]");
    check_x("x = {'a': 1}\nx[y] = 2", "unknown2");
    check_x("x = {'a': 1, 'b': 2}\ndel x['a']", "dict['b' 2]");
    check_x("x = {'a': {'b': 1}}\nx['a']['b'] = 2", "dict['a' unknown5]");
    check_x("x = {'a': 1}\nif y:\n    x['b'] = 2", "unknown3");
    check_x("x = {'a': 1}\nx.update({'b': 2}, c=3)", "dict['a' 1 'b' 2 'c' 3]");
    check_x("x = {'a': 1}\nx.update(y)", "unknown2");
    check_x("x = {'a': 1}\nx.get('b')\nx.pop('a')", "dict[]");
    check_x("x = {'a': 1}\nx.setdefault('a', 2)\nx.setdefault('b', 3)", "dict['a' 1 'b' 3]");
    check_x("x = {'a': 1}\nx.rotate()", "unknown2");
    check_x("y = {'a': 1}\nx = {**y, 'b': 2, **z}", "dict['a' 1 'b' 2]~");
    check_x("x = dict(a=1)", "dict['a' 1]");
    check_x("import m\ny = {'a': 1}\nx = m.F(2, **y)", "m.F(2 a=1 )");
    check_x("import m\ny = {1: 1}\nx = m.F(**y)", "m.F()~");
    check_x("x = [1, 2]\nx[0] = 3", "list[3 2]");
    check_x("x = [1, 2]\nx[1:] = [3]", "list[1? 2?]~");
    check_x("x = [1, 2]\ndel x[0]", "list[1? 2?]~");
}

static void branches(void **state)
{
    (void)state;
    check_x("if a:\n    x = 1\nelse:\n    x = 1", "1");
    check_x("if a:\n    x = 1\nelse:\n    x = 2", "unknown3");
    check_x("if a:\n    x = 1", "1?");
    check_x("if a:\n    x = 1\nelse:\n    raise E", "1");
    check_x("if True:\n    x = 1\nelse:\n    x = 2", "1");
    check_x("x = [1]\nif a:\n    x.append(2)", "list[1 2?]~");
    check_x("x = [1]\nif a:\n    x += [1]", "list[1 1?]~");
    check_x("x = [1, 2]\nif a:\n    x = [2, 2, 1, 2]", "list[2 2? 1 2?]~");
    check_x("x = [1]\nfor i in a:\n    x.append(i)", "list[1 unknown4?]~");
    check_x("try:\n    import x\nexcept ImportError:\n    x = None", "unknown3");
    check_x("try:\n    import x\nexcept ImportError:\n    raise", "x");
    check_x("from t import TYPE_CHECKING\nx = 1\nif TYPE_CHECKING:\n    x = 2", "1");
    check_x("x = 1 if a else 1", "1");
}

static void limits(void **state)
{
    (void)state;
    StrBuf text = {0};
    strbuf_add(&text, S("x = [1]\ny = 'a'\n"));
    for (int i = 0; i < 2000; i++)
        strbuf_add(&text, S("x = x + x\nz = [z, z]\ny = y + y\n"));
    for (int i = 0; i < 3000; i++)
        strbuf_printf(&text, "if a%d:\n    b%d = [b%d]\n", i, i, i - 1);
    strbuf_add(&text, S("x = "));
    for (int i = 0; i < 10000; i++)
        strbuf_byte(&text, '[');
    Reading r;
    read_bytes(&r, strbuf_str(&text));
    assert_true(r.module->syntax_error);
    assert_true(r.module->values.count > 0);
    drop(&r);
    strbuf_free(&text);
}

static uint32_t unbound_in(const char *text)
{
    Reading r;
    read_bytes(&r, str(text));
    uint32_t count = r.module->unbound_count;
    drop(&r);
    return count;
}

static void unbound(void **state)
{
    (void)state;
    assert_int_equal(unbound_in("x = missing"), 1);
    assert_int_equal(unbound_in("class A:\n    x = [missing.y]"), 1);
    assert_int_equal(unbound_in("x = unicode, __file__, WindowsError"), 0);
    assert_int_equal(unbound_in("from a import *\nx = missing"), 0);
    assert_int_equal(unbound_in("def f():\n    global y\n    y = 1\nf()\nx = y"), 0);
    assert_int_equal(unbound_in("try:\n    y\nexcept NameError:\n    y = 1"), 0);
    assert_int_equal(unbound_in("x = [y for y in z()]\ndef z(): pass"), 0);
    assert_int_equal(unbound_in("def f(a=1): return b\nx = lambda c: c + d"), 0);
    assert_int_equal(unbound_in("def f() -> Missing: pass\nx: Missing = 1"), 0);
    assert_int_equal(unbound_in("x = [(y := 1) for z in ()]\nw = y"), 0);
}

static void encodings(void **state)
{
    (void)state;
    Reading r;
    read_bytes(&r, S("x = '\xe9'\n"));
    assert_true(r.module->unreadable.len > 0);
    drop(&r);
    read_bytes(&r, (Str){"x = 1\0\n", 7});
    assert_true(r.module->unreadable.len > 0);
    drop(&r);
    read_bytes(&r, S("# coding: utf8\n# \xe9\nx = 1\n"));
    assert_true(r.module->unreadable.len > 0);
    drop(&r);
    read_bytes(&r, S("# \xe9\nx = '\xe9'\n"));
    assert_true(r.module->unreadable.len > 0);
    drop(&r);
    check_x("# caf\xe9\nx = 1  # \xff\xfe\n", "1");
    check_x("# coding: latin-1\nx = '\xe9'\n", "'\xc3\xa9'");
    check_x("# -*- coding: cp1252 -*-\nx = '\x80'\n", "'\xe2\x82\xac'");
    check_x("# vim: fileencoding=koi8-r\nx = '\xc1'\n", "'\xef\xbf\xbd'");
    check_x("\xef\xbb\xbfx = 1\n", "1");
    check_x("y = 2\rx = 1\r", "1");
}

static void broken_files(void **state)
{
    (void)state;
    Reading r;
    read_bytes(&r, S("from django.db import migrations\nclass Migration(migrations.Migration):\n"
                     "    dependencies = [('a', '0001')]\n    operations = [\n"
                     "        migrations.RunSQL('x',\n"));
    assert_true(r.module->syntax_error);
    assert_non_null(module_class(r.module, intern(&r.interner, S("Migration"))));
    drop(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(literals), cmocka_unit_test(names),     cmocka_unit_test(lists),
        cmocka_unit_test(dicts),    cmocka_unit_test(branches),  cmocka_unit_test(limits),
        cmocka_unit_test(unbound),  cmocka_unit_test(encodings), cmocka_unit_test(broken_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
