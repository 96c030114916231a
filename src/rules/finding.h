#ifndef MIGRALINT_RULES_FINDING_H
#define MIGRALINT_RULES_FINDING_H

/*
 * What a rule says about the analysed code. A finding has one place and one
 * message; notes quote further places; consequences are what the same cause
 * brings about elsewhere and are not reported on their own.
 *
 * Texts and findings are in the arena of the Findings.
 */

#include "base/arena.h"
#include "link/project.h"

typedef enum Severity { SEVERITY_OFF, SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_ERROR } Severity;

/* Where a place is, for people: 1-based line and column; columns count code
 * points, the end is exclusive. The file as a whole, a directory and what can
 * no longer be read are 1:1-1:1. Filled in by engine_run(), where a check has not done it. */
typedef struct Location {
    uint32_t line, column, end_line, end_column;
} Location;

typedef struct Note {
    Place place; /* path empty: about no place */
    Location location;
    Str text;
} Note;

typedef struct Finding Finding;
struct Finding {
    const struct Rule *rule;
    Severity severity;
    Place place; /* span {0, 0}: the file or directory as a whole */
    Location location;
    Str project;        /* root of the project it is about */
    Str app, migration; /* empty when it is about neither */
    Str owner;          /* `app`, or the label of the one that the place lies in; may be empty */
    Str message;        /* one line, `code` in backquotes */
    Str help;           /* what to do; may be empty */
    Str line;           /* what its source line says, as fingerprint_line() has it; may be empty */
    Str fingerprint;    /* see rules/fingerprint.h; filled in by engine_run() */
    Note *notes;
    uint32_t note_count;
    Finding **consequences; /* of all depths, sorted */
    uint32_t consequence_count;
    Finding *cause; /* what it follows from; NULL: it stands on its own */
    bool foreign;   /* about code that is not the project's own: never shown */
    const struct Suppression *suppression; /* what hides it, or its cause; NULL: no comment does */
    const struct BaselineEntry *baselined; /* the entry that has it; NULL: none has */
};

const char *severity_name(Severity severity); /* "error" … "off" */
bool severity_from(Str name, Severity *out);

#endif
