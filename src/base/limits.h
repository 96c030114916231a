#ifndef MIGRALINT_BASE_LIMITS_H
#define MIGRALINT_BASE_LIMITS_H

/*
 * Limits on everything a hostile or broken repository controls. Each is far
 * above what real projects need (the largest of 14,000 real migrations has
 * 291 kB and 6,018 lines) and is reported when hit, never silently.
 */

enum {
    LIMIT_FILE_BYTES = 2 << 20,    /* a source file; larger ones are not read */
    LIMIT_BROKEN_BYTES = 64 << 10, /* of one that is not Python, what is parsed beyond the damage */
    LIMIT_FILES = 1 << 20,         /* entries seen below the directories given */
    LIMIT_PATH_DEPTH = 64,         /* directories below one another */
    LIMIT_NESTING = 128,           /* expressions or statements inside one another */
    LIMIT_VALUES = 2 << 20,        /* values read from one file */
    LIMIT_TEXT_BYTES = 1 << 20,    /* one string put together by evaluation */
    LIMIT_DIRECTIVES = 1000,       /* comments of one file that speak to a linter */
    LIMIT_YAML_BYTES = 1 << 20,    /* one rule or configuration file */
    LIMIT_YAML_DEPTH = 32,
    LIMIT_BASELINE_BYTES = 32 << 20,  /* a baseline; larger ones are refused */
    LIMIT_BASELINE_ENTRIES = 1 << 16, /* findings in one */
};

#endif
