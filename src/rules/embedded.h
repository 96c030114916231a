/* The YAML files of rules/, carried inside the library as read-only data.
 *
 * The definitions are generated at build time by cmake/embed.c from every
 * *.yaml file below rules/, sorted by path. Nothing here is ever freed.
 */
#ifndef MIGRALINT_RULES_EMBEDDED_H
#define MIGRALINT_RULES_EMBEDDED_H

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
