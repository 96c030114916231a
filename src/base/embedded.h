#ifndef MIGRALINT_BASE_EMBEDDED_H
#define MIGRALINT_BASE_EMBEDDED_H

/*
 * The YAML files of rules/, carried inside the library as read-only data:
 * rules, and below "data/" tables of facts about Django. The definitions are
 * generated at build time by cmake/embed.c from every *.yaml file below
 * rules/, sorted by path. Nothing here is ever freed.
 */

#include <stddef.h>

typedef struct {
    const char *path;           /* relative to rules/, e.g. "rollout/drop-column.yaml" */
    const unsigned char *bytes; /* the file as it is, followed by a NUL that len does not count */
    size_t len;                 /* in bytes */
} EmbeddedFile;

/* Ends with an entry whose path is NULL, which embedded_files_count does not count. */
extern const EmbeddedFile embedded_files[];
extern const size_t embedded_files_count;

#endif
