#ifndef MIGRALINT_MIGRALINT_H
#define MIGRALINT_MIGRALINT_H

/*
 * The public face of libmigralint: everything that the migralint program does
 * between its command line and its output.
 *
 * The library never prints, never exits and reads neither clock, environment
 * nor git: what it needs of those is handed to it. It reads files below the
 * directory that is opened, below the site-packages directories given, and
 * the rule directories given, and nothing else; it writes nothing.
 *
 * Texts are bytes ending in NUL. Paths are relative to the directory opened
 * unless said otherwise, with '/' between components. What is passed in is
 * borrowed and must outlive the handle, except where a comment says that it
 * is only used during the call. What comes out belongs to the handle, except
 * MigralintText, which belongs to the caller.
 *
 * A function that can fail because of the user or the environment (a missing
 * directory, a broken rule file, an unknown selector) returns false and says
 * why in one line in *err. Problems in the analysed code are findings.
 *
 * A handle is for one thread at a time.
 */

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct Migralint Migralint;

typedef struct MigralintError {
    char text[1024];
} MigralintError;

/* Growable bytes; {0} is empty. `bytes` has a NUL behind it once anything was
 * written. Functions append. Free with migralint_text_free(). */
typedef struct MigralintText {
    char *bytes;
    size_t length, capacity;
} MigralintText;
void migralint_text_free(MigralintText *text);

typedef struct MigralintList {
    const char *const *items;
    size_t count;
} MigralintList;

const char *migralint_version(void);

/* What version control surely knows about a file that is not there: one line each, cut where it
 * does not fit. */
typedef struct MigralintTrace {
    char text[512]; /* where it is, or what became of it */
    char help[512]; /* how to get it back; may be empty */
} MigralintTrace;

/* What handles over versions of the same files have in common, so that it is read once. All of
 * them are for one thread together, and freed before it. */
typedef struct MigralintShared MigralintShared;
MigralintShared *migralint_shared_new(void);
void migralint_shared_free(MigralintShared *shared); /* NULL is allowed */

typedef struct MigralintOptions {
    MigralintList exclude;       /* glob patterns; "**" crosses '/', one without '/' matches any
                                    component */
    MigralintList ignored;       /* paths that version control ignores, directories ending in '/' */
    MigralintList untracked;     /* files that version control neither has nor ignores */
    MigralintList site_packages; /* absolute directories with installed apps */
    MigralintList rules;         /* directories with rules of one's own, from the working
                                    directory; a later rule takes the place of one of its code */
    MigralintShared *shared;     /* NULL: nothing is shared */
    unsigned django;             /* 502 for 5.2; 0: 5.2 */
    /* Called now and then while files are read, with how many were read. */
    void (*progress)(void *context, size_t files_read);
    void *progress_context;
    /* Asked, while checking, about a migration that others depend on and that is not there; false
     * when nothing is known. NULL: nobody can be asked. */
    bool (*trace)(void *context, const char *path, MigralintTrace *out);
    void *trace_context;
} MigralintOptions;

/* Never NULL. `options` and what it points at are borrowed until migralint_free(). */
Migralint *migralint_new(const MigralintOptions *options);
void migralint_free(Migralint *migralint); /* NULL is allowed */

/* Finds, reads and links everything below `root` (a path from the working
 * directory, borrowed). To be called once, before the functions below that
 * look at a project. */
bool migralint_open(Migralint *migralint, const char *root, MigralintError *err);

/* A tree that is not on disk: that of a commit. Borrowed until migralint_free(). */
typedef enum MigralintRead {
    MIGRALINT_READ,
    MIGRALINT_TOO_LARGE,
    MIGRALINT_UNREADABLE
} MigralintRead;
typedef struct MigralintTree {
    const char *name;    /* of its root, as if it were a directory; the last part counts */
    MigralintList paths; /* from the root, sorted by bytes, each once */
    /* Appends the bytes of paths.items[file]; *err says why it cannot be read. Not called with
     * the reader of another open tree while it runs. */
    MigralintRead (*read)(void *context, size_t file, size_t limit, MigralintText *out,
                          MigralintError *err);
    void *context; /* `read` is called until the last check is over, and to compare */
} MigralintTree;
/* The same as migralint_open(). */
bool migralint_open_tree(Migralint *migralint, const MigralintTree *tree, MigralintError *err);

/* What could not be looked at, and the like: one line each. */
void migralint_write_warnings(const Migralint *migralint, MigralintText *out);

/* ---- checking ---- */

/* Selectors are a code ("MG101"), a prefix ("MG1"), a name ("missing-parent")
 * or "ALL". The longest that fits a rule wins; ignore wins a tie. */
/* Another branch that the open project will be merged with, as other handles that are open. */
typedef struct MigralintBranch {
    const char *name;  /* "origin/main" */
    bool base;         /* what the fork has is released: others have applied it */
    Migralint *fork;   /* how it was where the two parted */
    Migralint *theirs; /* how it is there now … */
    Migralint *merged; /* … and what merging the two makes; both NULL: nothing is merged */
} MigralintBranch;

/* Findings that are known and not to be reported: docs/baseline.md. */
typedef struct MigralintBaseline MigralintBaseline;
typedef struct MigralintBaselineFile {
    const char *name;   /* as errors call it */
    const char *path;   /* as findings name it: from the root, or absolute */
    const char *prefix; /* what leads from where its paths count to the root: "backend/"; NULL */
    const char *bytes;  /* these are only used during the call */
    size_t length;
} MigralintBaselineFile;
/* NULL with *err, which says line and column, for what is no baseline. It outlives the handles that
 * were checked with it. */
MigralintBaseline *migralint_baseline_read(const MigralintBaselineFile *file, MigralintError *err);
void migralint_baseline_free(MigralintBaseline *baseline); /* NULL is allowed */

typedef struct MigralintSelection {
    MigralintList select; /* none: every rule that is on by default */
    MigralintList ignore;
    MigralintList severities;   /* "MG103=warning" */
    MigralintList path_ignores; /* "tests=MG1,missing-init" */
    MigralintList app_ignores;  /* "shop=MG6", "shop.0003_*=MG602" */
    MigralintList only_paths;   /* report only what is in these files or below these directories */
    /* Report only findings that this one, which was checked, does not have; NULL: all. */
    const Migralint *known;
    const MigralintBranch *branches;
    size_t branch_count;
    const MigralintBaseline *baseline; /* NULL: none */
} MigralintSelection;

typedef struct MigralintCounts {
    size_t errors, warnings, infos;
} MigralintCounts;

/* Used during the call only. False for a selector that means no rule, or for
 * broken rules. May be called again with another selection. */
bool migralint_check(Migralint *migralint, const MigralintSelection *selection,
                     MigralintError *err);
/* The same, without checking anything or needing an open project. */
bool migralint_selection_holds(Migralint *migralint, const MigralintSelection *selection,
                               MigralintError *err);
MigralintCounts migralint_counts(const Migralint *migralint);

typedef struct MigralintReportOptions {
    const char *fail_on;     /* "error" (NULL), "warning", "info", "never": what makes junit and
                                markdown say that the check failed */
    const char *level;       /* "error", "warning" (NULL), "info": what is shown */
    const char *path_prefix; /* text and concise put it before paths ("backend/"); may be NULL */
    const char *repository_prefix; /* formats for other programs do, but for json: what leads from
                                      the top of the repository to the root; may be NULL */
    bool color, statistics;
    bool show_suppressed; /* json and sarif also list what is suppressed */
    double seconds;       /* how long it took, for the closing line of text; negative: not said */
    Migralint *base;      /* markdown draws what has changed since, as in MigralintPicture; NULL */
} MigralintReportOptions;

/* Formats: "text", "concise", "json", "sarif", "github", "gitlab", "junit", "checkstyle",
 * "markdown", "rdjson". After migralint_check(). */
bool migralint_write_report(Migralint *migralint, const char *format,
                            const MigralintReportOptions *options, MigralintText *out,
                            MigralintError *err);

typedef enum MigralintBaselineWay {
    MIGRALINT_BASELINE_CREATE, /* everything that is found */
    MIGRALINT_BASELINE_UPDATE, /* what the baseline checked with has, as it is found now */
    MIGRALINT_BASELINE_PRUNE,  /* its entries as they are, but for those that are stale */
} MigralintBaselineWay;
typedef struct MigralintBaselineChanges {
    size_t kept, moved, added, dropped; /* entries */
    size_t left_out;                    /* findings that are not among them */
    bool broken;    /* nothing is dropped: something new keeps a project from loading */
    bool other_run; /* it was made for another Django, or with or without installed apps */
} MigralintBaselineChanges;
/* The file as it is to be written, and (NULL: not wanted) a line for each entry that changes. After
 * migralint_check(); `add` has an update also take what is new. False for more than a baseline may
 * hold. */
bool migralint_write_baseline(const Migralint *migralint, const MigralintBaseline *baseline,
                              MigralintBaselineWay way, bool add, const char *prefix,
                              MigralintText *file, MigralintText *preview,
                              MigralintBaselineChanges *changes, MigralintError *err);

/* ---- looking at a project; formats are "text" and "json" ---- */

bool migralint_write_status(const Migralint *migralint, const char *format, MigralintText *out,
                            MigralintError *err);
/* `apps` (none: all): only what is needed to migrate these. */
bool migralint_write_plan(const Migralint *migralint, const char *format, MigralintList apps,
                          MigralintText *out, MigralintError *err);
/* What is drawn of the migration graph. */
typedef struct MigralintPicture {
    MigralintList apps; /* none: all */
    const char *focus;  /* "app" or "app.0001_name" and what is within `depth` edges; NULL */
    unsigned depth;
    const char *since;    /* only what is not among the ancestors of this migration; NULL */
    const char *collapse; /* "auto" (NULL), "none", "runs", "segments" */
    bool by_app;          /* one node an app */
    bool problems;        /* only findings and what is next to them */
    bool legend;          /* DOT, SVG, PNG and PDF: what their marks mean */
    bool externals;       /* migrations of other people's apps one by one */
    bool color, ascii;    /* of "text" */
    Migralint *base;      /* how it was where a branch began, open and with the same `shared`: only
                             what differs and what is next to it; json has all, and what has
                             changed. NULL: nothing is compared */
} MigralintPicture;

/* Formats: "json" (of `apps` and what they depend on), "text", "dot", "svg", "png", "pdf",
 * "mermaid", "html". Checks the project with every rule that is on by default unless
 * migralint_check() was called. */
bool migralint_write_graph(Migralint *migralint, const char *format,
                           const MigralintPicture *picture, MigralintText *out,
                           MigralintError *err);

/* Models as the migrations make them. `what`: "app", "app.Model" or NULL for every own app; `at`:
 * "app.0001_name", the state that this migration and what it depends on make, or NULL for all. */
bool migralint_write_state(Migralint *migralint, const char *format, const char *what,
                           const char *at, MigralintText *out, MigralintError *err);
/* Models as their classes say them; `what` as above. */
bool migralint_write_models(Migralint *migralint, const char *format, const char *what,
                            MigralintText *out, MigralintError *err);
/* What `makemigrations` would write, of one app or (NULL) of all. */
bool migralint_write_drift(Migralint *migralint, const char *format, const char *app,
                           MigralintText *out, MigralintError *err);
/* What happened to "app.Model" or "app.Model.field", migration by migration. */
bool migralint_write_history(Migralint *migralint, const char *format, const char *what,
                             MigralintText *out, MigralintError *err);
/* How one migration ("app.0001_name") depends on the other, or that neither does. */
bool migralint_write_why(const Migralint *migralint, const char *format, const char *one,
                         const char *other, MigralintText *out, MigralintError *err);

/* ---- without a project ---- */

/* What was read from one Python file; the path is from the working directory. */
bool migralint_write_facts(Migralint *migralint, const char *path, const char *format,
                           MigralintText *out, MigralintError *err);
/* All rules; formats: also "markdown", a page with the texts of each. */
bool migralint_write_rules(Migralint *migralint, const char *format, MigralintText *out,
                           MigralintError *err);
/* By code or name; formats: also "markdown". */
bool migralint_write_explanation(Migralint *migralint, const char *rule, const char *format,
                                 MigralintText *out, MigralintError *err);
/* Runs the examples inside the rules; `*failed` is how many did not behave. With `own_only`
 * those of the directories in MigralintOptions.rules only. */
bool migralint_test_rules(Migralint *migralint, bool own_only, size_t *failed, MigralintText *out,
                          MigralintError *err);

#ifdef __cplusplus
}
#endif

#endif
