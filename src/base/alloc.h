#ifndef MIGRALINT_BASE_ALLOC_H
#define MIGRALINT_BASE_ALLOC_H

/*
 * Memory from the heap that is there or the program is not: these never
 * return NULL, they abort. Limits on input (base/limits.h) keep hostile
 * files from asking for more than a machine has.
 */

#include <stddef.h>

void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *old, size_t size);

#endif
