#ifndef MIGRALINT_FACTS_SHARED_H
#define MIGRALINT_FACTS_SHARED_H

/*
 * What several versions of the same files have in common: names, and the facts of files that are
 * the same in them. Reading a file is a pure function of its path and bytes, so it is done once.
 * Outlives every workspace that uses it.
 */

#include "base/map.h"
#include "facts/module.h"

typedef struct SharedFile {
    Str text;
    Module *module;
    uint32_t next; /* another version of the same path, plus one */
} SharedFile;

typedef struct SharedFacts {
    Interner interner;
    Arena arena;
    Array(SharedFile) files;
    Map by_path; /* Sym of the path → its last version in `files` */
} SharedFacts;

SharedFacts *shared_facts_new(void);
void shared_facts_free(SharedFacts *shared); /* NULL is allowed */

/* As module_read(). */
Module *shared_facts_read(SharedFacts *shared, SyntaxParser *parser, Str path, Str text);

#endif
