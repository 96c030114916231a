/* Any bytes as a Python file: parsed, read, and every value looked at. */
#include "facts/module.h"

#include "base/limits.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void check_value(const Values *values, ValueId id, size_t size)
{
    const Value *value = value_at(values, id);
    check(value->span.start <= value->span.end && value->span.end <= size);
    check(value_kind_name((ValueKind)value->kind) != NULL);
    if (value->kind == VALUE_UNKNOWN)
        check(value_reason(value->u.reason) != NULL && !value_equal(values, id, id));
    for (uint32_t i = 0; value->kind == VALUE_CALL && i < value->keywords; i++) {
        Sym name;
        ValueId argument;
        value_keyword_at(values, value, i, &name, &argument);
        check(argument < id && name);
    }
    if (value->kind >= VALUE_LIST && value->kind <= VALUE_DICT)
        for (uint32_t i = 0; i < value->u.items.count; i++)
            check(value_item(values, value, i) && value_item(values, value, i) < values->count);
    (void)value_equal(values, id, id);
}

static void check_module(const Module *module)
{
    check(module->error_span.end <= module->size);
    for (ValueId id = 1; id < module->values.count; id++)
        check_value(&module->values, id, module->size);
    for (uint32_t i = 0; i < module->binding_count; i++)
        check(module->bindings[i].value < module->values.count);
    for (uint32_t i = 0; i < module->comment_count; i++)
        check(module->comments[i].span.end <= module->size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SyntaxParser parser = syntax_parser_new();
    Interner interner = {0};
    Arena arena = {0};
    check_module(
        module_read(&parser, S("fuzz.py"), (Str){(const char *)data, size}, &interner, &arena));
    arena_free(&arena);
    interner_free(&interner);
    syntax_parser_free(&parser);
    return 0;
}
