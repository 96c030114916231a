#include "facts/shared.h"

#include "base/alloc.h"

#include <stdlib.h>

SharedFacts *shared_facts_new(void)
{
    SharedFacts *shared = xcalloc(1, sizeof *shared);
    intern(&shared->interner, S("migrations")); /* from here on copies are the same interner */
    return shared;
}

void shared_facts_free(SharedFacts *shared)
{
    if (!shared)
        return;
    map_free(&shared->by_path);
    array_free(&shared->files);
    interner_free(&shared->interner);
    arena_free(&shared->arena);
    free(shared);
}

Module *shared_facts_read(SharedFacts *shared, SyntaxParser *parser, Str path, Str text)
{
    Sym key = intern(&shared->interner, path);
    uint32_t last = map_get(&shared->by_path, key, UINT32_MAX) + 1;
    for (uint32_t at = last; at; at = shared->files.items[at - 1].next)
        if (str_eq(shared->files.items[at - 1].text, text))
            return shared->files.items[at - 1].module;
    Module *module = module_read(parser, sym_str(&shared->interner, key), text, &shared->interner,
                                 &shared->arena);
    map_set(&shared->by_path, key, shared->files.count);
    array_push(&shared->files, (SharedFile){arena_str(&shared->arena, text), module, last});
    return module;
}
