#ifndef MIGRALINT_BASE_EMBEDDED_H
#define MIGRALINT_BASE_EMBEDDED_H

/*
 * Files carried inside the library as read-only data. The definitions are
 * generated at build time by cmake/embed.c (see cmake/Embed.cmake), sorted by
 * path. Nothing here is ever freed.
 */

#include <stddef.h>

typedef struct {
    const char *path;           /* relative to the directory, e.g. "rollout/drop-column.yaml" */
    const unsigned char *bytes; /* the file as it is, followed by a NUL that len does not count */
    size_t len;                 /* in bytes */
} EmbeddedFile;

/* The YAML files of rules/: rules, and below "data/" tables of facts about Django. Ends with an
 * entry whose path is NULL, which the count leaves out. */
extern const EmbeddedFile embedded_files[];
extern const size_t embedded_files_count;

/* What the HTML report is made of: src/render/html. The same. */
extern const EmbeddedFile embedded_page[];
extern const size_t embedded_page_count;

#endif
