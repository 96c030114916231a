#include "rules/peers.h"

#include <strings.h>

typedef struct Peer {
    Str theirs, ours;
} Peer;

static const Peer peers[] = {
#define PEER(theirs, ours) {{theirs, sizeof(theirs) - 1}, {ours, sizeof(ours) - 1}},
#include "rules/peers.def"
#undef PEER
};
enum { PEER_COUNT = sizeof peers / sizeof *peers };

/* What django-migration-linter looks at, in our rules. */
static const Str linted[] = {{"MG6", 3},   {"MG701", 5}, {"MG702", 5},
                             {"MG703", 5}, {"MG706", 5}, {"MG707", 5}};

typedef Array(Str) Selectors;

/* Ours for one of theirs; with an empty one, for all that begin so. */
static void add_rule(Selectors *list, Str theirs, Str prefix)
{
    for (int i = 0; i < PEER_COUNT; i++)
        if (theirs.len ? str_eq(peers[i].theirs, theirs) : str_starts(peers[i].theirs, prefix))
            array_push(list, peers[i].ours);
}

static bool is_code_byte(char byte)
{
    return (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');
}

/* "R005, R010 -- because": the codes that stand first. */
static void read_codes(Str rest, Str prefix, Selectors *list)
{
    bool any = false;
    while (rest.len) {
        size_t len = 0;
        while (rest.len && strchr(" \t,[", rest.ptr[0]))
            rest = str_sub(rest, 1, rest.len);
        while (len < rest.len && is_code_byte(rest.ptr[len]))
            len++;
        Str code = str_sub(rest, 0, len);
        if (!str_starts(code, prefix) || len <= prefix.len)
            break;
        add_rule(list, code, prefix);
        any = true;
        rest = str_sub(rest, len, rest.len);
    }
    if (!any)
        add_rule(list, (Str){0}, prefix);
}

/* What is behind "# zdm: ignore"; false when the comment does not begin so. */
static bool is_addressed(Str text, const char *name, Str *rest)
{
    size_t len = strlen(name);
    Str word = S("ignore");
    text = str_sub(text, 1, text.len);
    while (text.len && (text.ptr[0] == ' ' || text.ptr[0] == '\t'))
        text = str_sub(text, 1, text.len);
    if (text.len < len || strncasecmp(text.ptr, name, len))
        return false;
    text = str_sub(text, len, text.len);
    while (text.len && (text.ptr[0] == ' ' || text.ptr[0] == '\t'))
        text = str_sub(text, 1, text.len);
    *rest = str_sub(text, word.len, text.len);
    return str_starts(text, word) && (!rest->len || strchr(" \t\r,[", rest->ptr[0]));
}

static bool finish(Selectors *list, Arena *arena, Suppression *out)
{
    out->selectors = arena_keep(arena, Str, list->items, list->count);
    out->selector_count = list->count;
    out->peer = true;
    array_free(list);
    return out->selector_count;
}

bool peer_comment(Str text, Arena *arena, Suppression *out)
{
    Selectors list = {0};
    Str rest;
    if (is_addressed(text, "zdm:", &rest))
        read_codes(rest, S("R"), &list);
    else if (is_addressed(text, "safe-migrations:", &rest))
        read_codes(rest, S("SM"), &list);
    out->covers = (Span){0, 1};
    return finish(&list, arena, out);
}

bool peer_operation(const Workspace *workspace, const Migration *migration, Arena *arena,
                    Suppression *out)
{
    Selectors list = {0};
    for (uint32_t i = 0; i < migration->operation_count && !list.count; i++) {
        const Operation *operation = &migration->operations[i];
        Str path =
            operation->class_path ? sym_str(&workspace->interner, operation->class_path) : (Str){0};
        if (str_starts(path, S("django_migration_linter.")) &&
            str_ends(path, S(".IgnoreMigration")) && !operation->maybe)
            for (size_t k = 0; k < sizeof linted / sizeof *linted; k++)
                array_push(&list, linted[k]);
    }
    out->covers = (Span){0, 0};
    return finish(&list, arena, out);
}
