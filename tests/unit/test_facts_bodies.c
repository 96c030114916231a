/* What functions are sure to do: models looked up, parameters handed on. */

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

static Str text_of(const Reading *r, ValueId id)
{
    const Value *value = value_at(&r->module->values, id);
    if (value->kind == VALUE_STRING || value->kind == VALUE_NAME)
        return sym_str(&r->interner, value->u.text);
    if (value->kind == VALUE_FUNCTION)
        return sym_str(&r->interner, r->module->functions[value->u.index].name);
    return S("?");
}

static void show_call(const Reading *r, const Function *function, const FunctionCall *call,
                      StrBuf *out)
{
    strbuf_printf(out, "%s%.*s(", out->len ? " " : "", STR_ARG(text_of(r, call->callee)));
    for (uint32_t i = 0; i < call->passed_count; i++) {
        const Passed *passed = &call->passed[i];
        Str name = sym_str(&r->interner, function->parameters[passed->parameter]);
        if (passed->position == PARAMETER_NONE)
            strbuf_printf(out, "%s%.*s=%.*s", i ? "," : "",
                          STR_ARG(sym_str(&r->interner, passed->keyword)), STR_ARG(name));
        else
            strbuf_printf(out, "%s%u:%.*s", i ? "," : "", passed->position, STR_ARG(name));
    }
    strbuf_byte(out, ')');
}

/* "blog.Post sub.helper(0:apps)": lookups of all functions, then calls. */
static void check(const char *text, const char *expected)
{
    Reading r = {.parser = syntax_parser_new()};
    r.module = module_read(&r.parser, S("x.py"), str(text), &r.interner, &r.arena);
    StrBuf out = {0};
    for (uint32_t f = 0; f < r.module->function_count; f++) {
        const Function *function = &r.module->functions[f];
        for (uint32_t i = 0; i < function->lookup_count; i++) {
            const Lookup *lookup = &function->lookups[i];
            strbuf_printf(&out, "%s%.*s", out.len ? " " : "", STR_ARG(text_of(&r, lookup->label)));
            if (lookup->model)
                strbuf_printf(&out, ".%.*s", STR_ARG(text_of(&r, lookup->model)));
        }
        for (uint32_t i = 0; i < function->call_count; i++)
            show_call(&r, function, &function->calls[i], &out);
    }
    assert_string_equal(strbuf_str(&out).ptr, expected);
    strbuf_free(&out);
    arena_free(&r.arena);
    interner_free(&r.interner);
    syntax_parser_free(&r.parser);
}

/* The lines as the body of forwards(apps, schema_editor). */
static void check_body(const char *lines, const char *expected)
{
    StrBuf text = {0};
    strbuf_printf(&text, "def forwards(apps, schema_editor):\n    %s\n", lines);
    check(text.ptr, expected);
    strbuf_free(&text);
}

static void arguments(void **state)
{
    (void)state;
    check_body("apps.get_model('a', 'M')", "a.M");
    check_body("apps.get_model('a.M')", "a.M");
    check_body("apps.get_model(app_label='a', model_name='M')", "a.M");
    check_body("apps.get_model('a', model_name='M', require_ready=False)", "a.M");
    check_body("X = apps.get_model('a', 'M').objects.filter(x=1)", "a.M");
    check_body("n = 'M'; apps.get_model('a', n)", "a.M");
    check_body("n = 'M'; n = 'N'; apps.get_model('a', n)", "");
    check_body("n = f(); apps.get_model('a', n)", "");
    check_body("n = f'{x}'; apps.get_model('a', n)", "");
    check_body("apps.get_model('a', f'{x}M')", "");
    check_body("apps.get_model('a', schema_editor)", "");
    check_body("apps.get_model('a', n.x())", "");
    check_body("apps.get_model('a', *n)", "a");
    check_body("apps.get_model('a', **n)", "");
    check_body("apps.get_model(*n)", "");
    check_body("apps.get_model()", "");
    check_body("apps.other('a', 'M')", "");
    check_body("get_model('a', 'M')", "");
    check_body("apps.x.get_model('a', 'M')", "");
    check_body("other.get_model('a', 'M')", "");
    check("def f(x, registry): registry.get_model('a', 'M')", "a.M");
    check("f = lambda apps, editor: apps.get_model('a', 'M')", "a.M");
    check("def f(apps): apps.get_model(A, M)\nA = 'a'\nM = 'b'\nM = 'M'", "a.M");
    check("def f(apps): apps.get_model(settings.USER)\nfrom django.conf import settings",
          "django.conf.settings.USER");
    check("class C:\n    A = 'x'\n    def f(apps): apps.get_model(A, 'M')\nA = 'a'", "a.M");
}

static void conditions(void **state)
{
    (void)state;
    check_body("if x:\n        apps.get_model('a', 'M')", "");
    check_body("if apps.get_model('a', 'M').x:\n        pass\n    elif apps.get_model('a', 'N'):\n"
               "        pass\n    else:\n        apps.get_model('a', 'O')",
               "a.M");
    check_body("for x in apps.get_model('a', 'M').all():\n        apps.get_model('a', 'N')\n"
               "    else:\n        apps.get_model('a', 'O')",
               "a.M");
    check_body("while apps.get_model('a', 'M'):\n        apps.get_model('a', 'N')", "a.M");
    check_body("apps.get_model('a', 'M') and apps.get_model('a', 'N')", "a.M");
    check_body("apps.get_model('a', 'M') if x else apps.get_model('a', 'N')", "");
    check_body("[apps.get_model('a', 'M') for x in y]", "");
    check_body("assert apps.get_model('a', 'M')", "");
    check_body("x = lambda: apps.get_model('a', 'M')", "");
    check_body("def inner(): apps.get_model('a', 'M')", "");
    check_body("match apps.get_model('a', 'M'):\n        case 1:\n"
               "            apps.get_model('a', 'N')",
               "a.M");
}

static void exceptions(void **state)
{
    (void)state;
    check_body("try:\n        apps.get_model('a', 'M')\n    except LookupError:\n"
               "        apps.get_model('a', 'N')\n    else:\n        apps.get_model('a', 'O')\n"
               "    finally:\n        apps.get_model('a', 'P')\n    apps.get_model('a', 'Q')",
               "a.P a.Q");
    check_body("try:\n        apps.get_model('a', 'M')\n    finally:\n        pass", "a.M");
    check_body("with suppress(LookupError):\n        apps.get_model('a', 'M')", "");
    check_body("with transaction.atomic(), connection.cursor() as c:\n"
               "        apps.get_model('a', 'M')",
               "a.M");
    check_body("with x(apps.get_model('a', 'M')):\n        apps.get_model('a', 'N')", "a.M");
}

static void ends(void **state)
{
    (void)state;
    check_body("if x:\n        return\n    apps.get_model('a', 'M')", "");
    check_body("if x:\n        raise X\n    apps.get_model('a', 'M')", "");
    check_body("try:\n        x()\n    except X:\n        return\n    apps.get_model('a', 'M')",
               "");
    check_body("return apps.get_model('a', 'M')\n    apps.get_model('a', 'N')", "a.M");
    check_body("if schema_editor.connection.alias != 'default':\n        return\n"
               "    apps.get_model('a', 'M')",
               "a.M");
    check_body("if schema_editor.connection.alias == 'default':\n        return\n"
               "    apps.get_model('a', 'M')",
               "");
    check_body("def inner():\n        return 1\n    apps.get_model('a', 'M')", "a.M");
    check_body("yield\n    apps.get_model('a', 'M')", "");
    check_body("apps.get_model('a', 'M')\n    x = yield", "");
    check("async def f(apps): apps.get_model('a', 'M')", "");
}

static void rebound(void **state)
{
    (void)state;
    check_body("from django.apps import apps\n    apps.get_model('a', 'M')", "");
    check_body("from x import y as apps\n    apps.get_model('a', 'M')", "");
    check_body("import apps.x\n    apps.get_model('a', 'M')", "");
    check_body("from apps.a import x\n    apps.get_model('a', 'M')", "a.M");
    check_body("apps.get_model('a', 'M')\n    apps = 1", "");
    check_body("apps.get_model('a', 'M')\n    if x:\n        (y, apps) = 1", "");
    check_body("for apps in x: pass\n    apps.get_model('a', 'M')", "");
    check_body("with x as apps: pass\n    apps.get_model('a', 'M')", "");
    check_body("try: pass\n    except X as apps: pass\n    apps.get_model('a', 'M')", "");
    check_body("(apps := x)\n    apps.get_model('a', 'M')", "");
    check_body("match x:\n        case [apps]: pass\n    apps.get_model('a', 'M')", "");
    check_body("def apps(): pass\n    apps.get_model('a', 'M')", "");
    check_body("del apps\n    apps.get_model('a', 'M')", "");
    check_body("apps += 1\n    apps.get_model('a', 'M')", "");
}

/* Calls are followed only in files that look models up. */
#define ASKS "\n# get_model"

static void calls(void **state)
{
    (void)state;
    check_body("helper(apps)" ASKS, "helper(0:apps)");
    check_body("helper(1, schema_editor, registry=apps)" ASKS,
               "helper(1:schema_editor,registry=apps)");
    check_body("helper(*x, apps)" ASKS, "");
    check_body("helper(**x, y=apps)" ASKS, "helper(y=apps)");
    check_body("helper(apps.x)" ASKS, "");
    check_body("helper([apps])" ASKS, "");
    check_body("helper(1)" ASKS, "");
    check_body("helper(apps)", "");
    check_body("if x: helper(apps)" ASKS, "");
    check_body("helper = x\n    helper(apps)" ASKS, "");
    check_body("apps = x\n    helper(apps)" ASKS, "");
    check_body("apps.get_model(apps)" ASKS, "");
    check_body("a.b.helper(apps)" ASKS, "a.b.helper(0:apps)");
    check_body("x().helper(apps)" ASKS, "");
    check("from a import helper\ndef f(apps): helper(apps)" ASKS, "a.helper(0:apps)");
    check("def f(apps): helper(apps)\ndef helper(x): x.get_model('a', 'M')", "helper(0:apps) a.M");
    check("def f(apps): helper(apps)\nif x:\n    def helper(x): pass\nelse:\n    helper = 1" ASKS,
          "");
}

static const Function *first_function(Reading *r, const char *text)
{
    *r = (Reading){.parser = syntax_parser_new()};
    r->module = module_read(&r->parser, S("x.py"), str(text), &r->interner, &r->arena);
    return &r->module->functions[0];
}

static void check_function(const char *text, uint32_t positional, bool decorated)
{
    Reading r;
    const Function *function = first_function(&r, text);
    assert_int_equal(function->positional, positional);
    assert_int_equal(function->decorated, decorated);
    arena_free(&r.arena);
    interner_free(&r.interner);
    syntax_parser_free(&r.parser);
}

static void parameters(void **state)
{
    (void)state;
    check_function("def f(a, b=1, c: int = 2, d: int): pass", 4, false);
    check_function("def f(): pass", 0, false);
    check_function("def f(a, *, b): pass", 1, false);
    check_function("def f(a, *rest): pass", 1, false);
    check_function("def f(*rest: int): pass", 0, false);
    check_function("def f(a, **options): pass", 1, false);
    check_function("def f(a, /, b): pass", 1, false);
    check_function("f = lambda a, b: 1", 2, false);
    check_function("@x\ndef f(): pass", 0, true);
    check_function("@staticmethod\ndef f(): pass", 0, false);
    check_function("from django.db import transaction\n@transaction.atomic\ndef f(): pass", 0,
                   false);
    check_function("from django.db.transaction import atomic\n@atomic()\ndef f(): pass", 0, false);
    check_function("@staticmethod\n@x\ndef f(): pass", 0, true);
    check_function("@x\nclass C:\n    def f(): pass", 0, false);
}

/* Deeper than is looked into, `apps` might be bound again. */
static void deep(void **state)
{
    (void)state;
    StrBuf text = {0};
    strbuf_add(&text, S("def f(apps):\n    apps.get_model('a', 'M')\n    apps.x("));
    for (int i = 0; i < 1000; i++)
        strbuf_byte(&text, '(');
    strbuf_add(&text, S("apps"));
    for (int i = 0; i < 1000; i++)
        strbuf_byte(&text, ')');
    strbuf_add(&text, S(")\n"));
    check(text.ptr, "");
    strbuf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arguments),  cmocka_unit_test(conditions), cmocka_unit_test(exceptions),
        cmocka_unit_test(ends),       cmocka_unit_test(rebound),    cmocka_unit_test(calls),
        cmocka_unit_test(parameters), cmocka_unit_test(deep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
