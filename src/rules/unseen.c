#include "rules/unseen.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "rules/arguments.h"

#include <stdlib.h>

typedef struct Word {
    uint64_t hash; /* of the lower-cased word */
    Step step;
} Word;

/* Something that may do anything to the tables of its app. */
typedef struct Blind {
    Step step;
    Sym app;
    const Module *code; /* where a function stands that has not been looked at; else NULL */
} Blind;

struct Unseen {
    RuleContext *context;
    Word *words; /* sorted */
    uint32_t word_count;
    Blind *blinds; /* by step */
    uint32_t blind_count;
    Map looked_at; /* hash of a module's path → whether its code may alter the schema */
};

typedef struct Reading {
    RuleContext *context;
    Array(Word) words;
    Array(Blind) blinds;
    Step step;
    Sym app;
} Reading;

/* ---- words ---- */

static bool is_word_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || (unsigned char)byte >= 0x80;
}

static uint64_t hash_of(Str word)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < word.len; i++) {
        char byte = word.ptr[i];
        unsigned char lower = (unsigned char)(byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte);
        hash = (hash ^ lower) * 1099511628211u;
    }
    return hash;
}

static void add_words(Reading *reading, Str text)
{
    for (size_t start = 0; start < text.len;) {
        size_t end = start;
        while (end < text.len && is_word_byte(text.ptr[end]))
            end++;
        if (end > start)
            array_push(&reading->words, (Word){hash_of(str_sub(text, start, end)), reading->step});
        start = end + 1;
    }
}

static void add_blind(Reading *reading, const Module *code)
{
    array_push(&reading->blinds, (Blind){reading->step, reading->app, code});
}

/* ---- SQL ---- */

static bool is_noop(const RuleContext *context, const Value *value)
{
    return value->kind == VALUE_NAME && str_ends(context_str(context, value->u.text), S(".noop"));
}

/* A text, or texts and (text, parameters) pairs; false when not all of it can be read. */
static bool read_sql(Reading *reading, ValueRef ref, int depth)
{
    ValueRef found = state_value(reading->context->state, ref);
    const Value *value = found.id ? value_at(&found.module->values, found.id) : NULL;
    if (!value || value->flags & VALUE_OPEN || depth > 2)
        return false;
    if (value->kind == VALUE_STRING)
        add_words(reading, context_str(reading->context, value->u.text));
    if (value->kind == VALUE_STRING || value->kind == VALUE_NONE ||
        is_noop(reading->context, value))
        return true;
    if (value->kind != VALUE_LIST && value->kind != VALUE_TUPLE)
        return depth == 2; /* a parameter */
    bool read = true;
    for (uint32_t i = 0; i < value->u.items.count; i++)
        read &=
            read_sql(reading, (ValueRef){found.module, value_item(&found.module->values, value, i)},
                     depth + 1);
    return read;
}

static ValueRef argument_of(const Reading *reading, const Operation *operation, Str name)
{
    Subject subject = operation_argument(&reading->context->workspace->interner, operation, name);
    return (ValueRef){subject.module, subject.value};
}

/* ---- code ---- */

static void add_code(Reading *reading, ValueRef code)
{
    ValueRef found = code.id ? state_value(reading->context->state, code) : code;
    const Value *value = found.id ? value_at(&found.module->values, found.id) : NULL;
    if (value && is_noop(reading->context, value))
        return;
    add_blind(reading, value && value->kind == VALUE_FUNCTION ? found.module : NULL);
}

static bool talks_to_the_schema(Str text)
{
    static const char *const signs[] = {".execute(",
                                        "cursor",
                                        "schema_editor.create",
                                        "schema_editor.delete",
                                        "schema_editor.alter",
                                        "schema_editor.add",
                                        "schema_editor.remove",
                                        "schema_editor.rename"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (str_contains(text, str(signs[i])))
            return true;
    return false;
}

static bool may_alter(Unseen *unseen, const Module *module)
{
    uint64_t key = str_hash(module->path);
    uint32_t known = map_get(&unseen->looked_at, key, UINT32_MAX);
    if (known != UINT32_MAX)
        return known;
    Arena arena = {0};
    const Reader *reader = &unseen->context->workspace->reader;
    Str text;
    bool read =
        reader->read(reader->self, module->path, LIMIT_FILE_BYTES, &arena, &text, NULL) == READ_OK;
    bool may = !read || talks_to_the_schema(text);
    arena_free(&arena);
    map_set(&unseen->looked_at, key, may);
    return may;
}

/* ---- operations ---- */

/* What only reaches the database names its model, and what it says. */
static void add_named(Reading *reading, const Operation *operation)
{
    const Interner *interner = &reading->context->workspace->interner;
    Str model = operation_model(interner, operation);
    const Value *call = value_at(&operation->call.module->values, operation->call.id);
    add_words(reading, model);
    add_words(reading,
              arena_printf(reading->context->scratch, "%.*s_%.*s",
                           STR_ARG(context_str(reading->context, reading->app)), STR_ARG(model)));
    if (call->kind != VALUE_CALL || call->flags & VALUE_OPEN)
        add_blind(reading, NULL);
    uint32_t end = call->kind == VALUE_CALL ? call->u.call.count + 2u * call->keywords : 0;
    for (uint32_t i = 1; i <= end; i++) {
        ValueId id = operation->call.module->values.items[call->u.call.first + i];
        add_words(reading, value_text(interner, (ValueRef){operation->call.module, id}));
    }
}

static void read_operation(Reading *reading, const Operation *operation)
{
    if (!operation->database)
        return;
    switch (operation->kind) {
    case OPERATION_RUN_SQL:
        if (!read_sql(reading, argument_of(reading, operation, S("sql")), 0))
            add_blind(reading, NULL);
        break;
    case OPERATION_RUN_PYTHON:
        add_code(reading, argument_of(reading, operation, S("code")));
        break;
    case OPERATION_OPAQUE:
        add_blind(reading, NULL);
        break;
    default:
        if (!operation->state && operation->kind != OPERATION_SEPARATE_DATABASE_AND_STATE)
            add_named(reading, operation);
        break;
    }
}

static int by_hash(const void *a, const void *b)
{
    const Word *left = a, *right = b;
    if (left->hash != right->hash)
        return left->hash < right->hash ? -1 : 1;
    return left->step < right->step ? -1 : left->step > right->step;
}

Unseen *unseen_read(RuleContext *context)
{
    Reading reading = {.context = context};
    const State *state = context->state;
    for (uint32_t p = 0; p < state->plan.count; p++) {
        const Node *node = &context->graph->nodes[state->plan.items[p]];
        if (node->migration == MIGRATION_NONE)
            continue;
        const Migration *migration = &context->project->migrations[node->migration];
        reading.app = node->app;
        for (uint32_t i = 0; i < migration->operation_count; i++) {
            reading.step = state->first_step[state->plan.items[p]] + i;
            read_operation(&reading, &migration->operations[i]);
        }
    }
    Unseen *unseen = xcalloc(1, sizeof *unseen);
    *unseen = (Unseen){.context = context,
                       .words = reading.words.items,
                       .word_count = reading.words.count,
                       .blinds = reading.blinds.items,
                       .blind_count = reading.blinds.count};
    if (unseen->word_count)
        qsort(unseen->words, unseen->word_count, sizeof *unseen->words, by_hash);
    return unseen;
}

void unseen_free(Unseen *unseen)
{
    free(unseen->words);
    free(unseen->blinds);
    map_free(&unseen->looked_at);
    free(unseen);
}

/* ---- asking ---- */

static bool is_named(const Unseen *unseen, Str name, Stretch stretch)
{
    Word wanted = {hash_of(name), stretch.from};
    uint32_t low = 0, high = unseen->word_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (by_hash(&unseen->words[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < unseen->word_count && unseen->words[low].hash == wanted.hash &&
           unseen->words[low].step <= stretch.to;
}

static uint32_t first_blind(const Unseen *unseen, Step from)
{
    uint32_t low = 0, high = unseen->blind_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (unseen->blinds[middle].step < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool unseen_may_touch(Unseen *unseen, Str name, Stretch stretch)
{
    if (is_named(unseen, name, stretch))
        return true;
    for (uint32_t i = first_blind(unseen, stretch.from);
         i < unseen->blind_count && unseen->blinds[i].step <= stretch.to; i++) {
        const Blind *blind = &unseen->blinds[i];
        if ((blind->app == stretch.app || blind->app == stretch.other_app) &&
            (!blind->code || may_alter(unseen, blind->code)))
            return true;
    }
    return false;
}
