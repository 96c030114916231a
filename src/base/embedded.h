#ifndef MIGRALINT_BASE_EMBEDDED_H
#define MIGRALINT_BASE_EMBEDDED_H

/*
 * The YAML files of rules/, carried inside the library as read-only data made
 * by the build: rules, and below "data/" tables of facts about Django. Sorted
 * by path; nothing here is ever freed.
 */

#include <stddef.h>

typedef struct {
    const char *path;           /* relative to rules/: "rollout/drop-column.yaml" */
    const unsigned char *bytes; /* with a NUL behind them that len does not count */
    size_t len;
} EmbeddedFile;

extern const EmbeddedFile embedded_files[];
extern const size_t embedded_files_count;

#endif
