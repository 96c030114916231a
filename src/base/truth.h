#ifndef MIGRALINT_BASE_TRUTH_H
#define MIGRALINT_BASE_TRUTH_H

/* Three-valued: what cannot be read may or may not hold, and a rule reports
 * only what is YES. */

#include <stdbool.h>

typedef enum Truth { NO, MAYBE, YES } Truth;

static inline Truth truth(bool known)
{
    return known ? YES : NO;
}
static inline Truth truth_and(Truth a, Truth b)
{
    return a < b ? a : b;
}
static inline Truth truth_or(Truth a, Truth b)
{
    return a > b ? a : b;
}
static inline Truth truth_not(Truth a)
{
    return (Truth)(YES - a);
}

#endif
