#include "rules/literals.h"

#include <ctype.h>
#include <stdlib.h>

/* ---- texts, as Python reads them ---- */

/* Of other characters Python has digits, spaces and dashes too. */
static bool is_plain(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < 0x20 || text.ptr[i] > 0x7e)
            return false;
    return true;
}

static Str stripped(Str text)
{
    while (text.len && isspace((unsigned char)text.ptr[0]))
        text = str_sub(text, 1, text.len);
    while (text.len && isspace((unsigned char)text.ptr[text.len - 1]))
        text = str_sub(text, 0, text.len - 1);
    return text;
}

static bool take(Str *text, const char *bytes)
{
    if (!text->len || !memchr(bytes, text->ptr[0], strlen(bytes)))
        return false;
    *text = str_sub(*text, 1, text->len);
    return true;
}

/* Digits, with single underscores between them. */
static bool take_digits(Str *text)
{
    bool any = false;
    while (take(text, "0123456789") || (any && text->len > 1 && text->ptr[0] == '_' &&
                                        isdigit((unsigned char)text->ptr[1]) && take(text, "_")))
        any = true;
    return any;
}

static bool is_integer_text(Str text)
{
    Str rest = stripped(text);
    take(&rest, "+-");
    return take_digits(&rest) && !rest.len;
}

static bool starts_folded(Str text, const char *word)
{
    size_t i = 0;
    while (word[i] && i < text.len && tolower((unsigned char)text.ptr[i]) == word[i])
        i++;
    return !word[i];
}

/* "inf" and "nan" may pass. */
static bool is_number_text(Str text)
{
    Str rest = stripped(text);
    take(&rest, "+-");
    if (starts_folded(rest, "inf") || starts_folded(rest, "nan") || starts_folded(rest, "snan"))
        return true;
    bool digits = take_digits(&rest);
    if (take(&rest, "."))
        digits |= take_digits(&rest);
    if (digits && take(&rest, "eE")) {
        take(&rest, "+-");
        digits = take_digits(&rest);
    }
    return digits && !rest.len;
}

static bool is_boolean_text(Str text)
{
    static const char *const words[] = {"t", "True", "1", "f", "False", "0"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(text, str(words[i])))
            return true;
    return false;
}

/* Whether there is a digit, and nothing that no form of a date or time has. */
static bool may_be_time_text(Str text, const char *allowed)
{
    bool digit = false;
    for (size_t i = 0; i < text.len; i++) {
        bool is_digit = isdigit((unsigned char)text.ptr[i]) != 0;
        digit |= is_digit;
        if (!is_digit && allowed && !memchr(allowed, text.ptr[i], strlen(allowed)))
            return false;
    }
    return digit && !str_contains(text, S("/"));
}

/* uuid.UUID(hex=…): 32 digits once "urn:", "uuid:", braces and dashes are taken out. */
static bool may_be_uuid_text(Str text)
{
    size_t kept = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (str_starts(str_sub(text, i, text.len), S("urn:")))
            i += 3;
        else if (str_starts(str_sub(text, i, text.len), S("uuid:")))
            i += 4;
        else if (!memchr("{}-", text.ptr[i], 3))
            kept++;
    }
    return kept == 32;
}

/* ---- what is held ---- */

static bool holds_text(Holds holds, Str text, bool null)
{
    switch (holds) {
    case HOLDS_INTEGER:
    case HOLDS_POSITIVE:
        return is_integer_text(text);
    case HOLDS_FLOAT:
        return is_number_text(text);
    case HOLDS_DECIMAL:
        return is_number_text(text) || str_contains(text, S("_"));
    case HOLDS_BOOLEAN:
        return is_boolean_text(text) || (null && !text.len);
    case HOLDS_DATE:
        return may_be_time_text(text, "-W");
    case HOLDS_DATETIME:
    case HOLDS_TIME:
        return may_be_time_text(text, NULL);
    case HOLDS_DURATION:
        return true; /* PostgreSQL reads it, others do not */
    case HOLDS_UUID:
        return may_be_uuid_text(text);
    case HOLDS_BINARY:
        return false;
    case HOLDS_KEY:
        return !text.len || is_integer_text(text);
    }
    return true;
}

static bool holds_integer(Holds holds, int64_t value)
{
    switch (holds) {
    case HOLDS_POSITIVE:
    case HOLDS_UUID:
        return value >= 0;
    case HOLDS_BOOLEAN:
        return value == 0 || value == 1;
    case HOLDS_INTEGER:
    case HOLDS_FLOAT:
    case HOLDS_DECIMAL:
    case HOLDS_BINARY:
    case HOLDS_KEY:
        return true;
    default:
        return false;
    }
}

/* Integers beyond 64 bits are among them. */
static bool holds_float(Holds holds, Str text)
{
    switch (holds) {
    case HOLDS_BOOLEAN: {
        double value = strtod(text.ptr, NULL);
        return (value >= 0 && value <= 0) || (value >= 1 && value <= 1);
    }
    case HOLDS_UUID:
        return !str_contains(text, S("."));
    case HOLDS_INTEGER:
    case HOLDS_POSITIVE:
    case HOLDS_FLOAT:
    case HOLDS_DECIMAL:
    case HOLDS_BINARY:
    case HOLDS_KEY:
        return true;
    default:
        return false;
    }
}

/* Of lists, tuples, sets and dicts. */
static bool holds_container(Holds holds, const Value *value, bool null)
{
    bool pair = value->kind == VALUE_LIST || value->kind == VALUE_TUPLE;
    switch (holds) {
    case HOLDS_DECIMAL: /* Decimal((0, (1, 5), -1)) */
        return pair;
    case HOLDS_BOOLEAN:
        return null;
    case HOLDS_DURATION:
    case HOLDS_BINARY:
        return true;
    default:
        return false;
    }
}

bool literal_holds(const RuleContext *context, Holds holds, const Value *value, bool null)
{
    switch ((ValueKind)value->kind) {
    case VALUE_STRING: {
        Str text = context_str(context, value->u.text);
        return !is_plain(text) || holds_text(holds, text, null);
    }
    case VALUE_INT:
        return holds_integer(holds, value->u.integer);
    case VALUE_BOOL:
        return holds == HOLDS_UUID || holds_integer(holds, value->u.boolean);
    case VALUE_FLOAT:
        return holds_float(holds, context_str(context, value->u.text));
    case VALUE_LIST:
    case VALUE_TUPLE:
    case VALUE_SET:
    case VALUE_DICT:
        return holds_container(holds, value, null);
    default:
        return true;
    }
}
