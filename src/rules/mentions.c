#include "rules/mentions.h"

#include "base/limits.h"
#include "rules/arguments.h"

#include <string.h>

enum {
    MOST_BLANKED = 100,
    MOST_TEXT = 16 << 20, /* bytes kept of one project */
};

/* The names of migrations are no use of what they are called after. */
static void blank(Str text, Str name)
{
    for (size_t at = 0; name.len && (at = str_find_part(text, name, at)) < text.len;)
        memset((char *)text.ptr + at, ' ', name.len);
}

static Str read_text(Mentions *mentions, const Migration *migration)
{
    const RuleContext *context = mentions->context;
    const Reader *reader = &context->workspace->reader;
    Str text;
    if (!migration->module || !reader->read || mentions->bytes > MOST_TEXT ||
        reader->read(reader->self, migration->path, LIMIT_FILE_BYTES, context->scratch, &text,
                     NULL) != READ_OK)
        return (Str){0};
    mentions->bytes += text.len;
    text = arena_lower(context->scratch, text);
    for (uint32_t i = 0; i < migration->dependencies.count && i < MOST_BLANKED; i++) {
        Str name = context_str(context, migration->dependencies.items[i].name);
        blank(text, arena_lower(context->scratch, name));
    }
    return text;
}

/* Index in `read`: each is read once. */
static uint32_t text_of(Mentions *mentions, MigrationId id)
{
    uint32_t index = map_get(&mentions->texts, id, UINT32_MAX);
    if (index == UINT32_MAX) {
        index = mentions->read.count;
        array_push(&mentions->read,
                   read_text(mentions, &mentions->context->project->migrations[id]));
        map_set(&mentions->texts, id, index);
    }
    return index;
}

void mentions_close(Mentions *mentions)
{
    map_free(&mentions->texts);
    map_free(&mentions->known);
    array_free(&mentions->read);
}

/* The same few models are asked for by every operation of an app. */
static bool mentions_name(Mentions *mentions, uint32_t index, Str name)
{
    enum { NOT_ASKED = 2 };
    const RuleContext *context = mentions->context;
    Str text = mentions->read.items[index];
    Sym sym = intern_find(&context->workspace->interner, name);
    uint32_t known = text.ptr ? map_get(&mentions->known, map_key(index, sym), NOT_ASKED) : true;
    if (known == NOT_ASKED) {
        mentions->work += text.len;
        known = name.len && str_contains(text, arena_lower(context->scratch, name));
        map_set(&mentions->known, map_key(index, sym), known);
    }
    return known;
}

/* Whether the operation brings something that may be asked for afterwards by its name. */
static bool brings_mentioned(Mentions *mentions, uint32_t text, const Operation *operation)
{
    const Interner *interner = &mentions->context->workspace->interner;
    Str model = operation_model(interner, operation);
    switch (operation->kind) {
    case OPERATION_ADD_INDEX:
    case OPERATION_REMOVE_INDEX:
    case OPERATION_DELETE_MODEL:
    case OPERATION_REMOVE_FIELD:
    case OPERATION_RUN_PYTHON:
    case OPERATION_RUN_SQL:
    case OPERATION_OPAQUE:
        return false; /* nothing can be in need of it by name */
    case OPERATION_ADD_FIELD:
        return mentions_name(mentions, text, model) &&
               mentions_name(mentions, text, operation_field(interner, operation));
    case OPERATION_RENAME_FIELD:
        return mentions_name(mentions, text, model) &&
               mentions_name(mentions, text, operation_text(interner, operation, S("new_name")));
    case OPERATION_RENAME_MODEL:
        return mentions_name(mentions, text, operation_text(interner, operation, S("new_name")));
    default:
        return mentions_name(mentions, text, model);
    }
}

static bool node_brings_mentioned(Mentions *mentions, uint32_t text, NodeId node)
{
    const Migration *migration = node_migration(mentions->context, node);
    for (uint32_t i = 0; migration && i < migration->operation_count; i++)
        if (brings_mentioned(mentions, text, &migration->operations[i]))
            return true;
    return false;
}

NodeId mentions_latest(Mentions *mentions, MigrationId migration, NodeRange range,
                       const NodeSet *within)
{
    const Step *steps = mentions->context->state->first_step;
    uint32_t text = text_of(mentions, migration);
    NodeId found = NODE_NONE;
    for (NodeId node = range.first; node < range.end; node++) {
        bool after = found == NODE_NONE || steps[node] > steps[found];
        if (after && steps[node] != STEP_NONE && nodeset_has(within, node) &&
            node_brings_mentioned(mentions, text, node))
            found = node;
    }
    return found;
}
