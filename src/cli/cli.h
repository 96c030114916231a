#ifndef MIGRALINT_CLI_CLI_H
#define MIGRALINT_CLI_CLI_H

/*
 * The program over libmigralint: options, configuration, git, output and exit
 * codes. One file per command; a command gets its settings, says what is wrong
 * on standard error itself, and returns the exit code.
 */

#include "base/arena.h"
#include "base/array.h"
#include "base/error.h"
#include "git/objects.h"

#include <migralint/migralint.h>

typedef enum ExitCode {
    CODE_OK = 0,
    CODE_FINDINGS = 1, /* at or above --fail-on; an example of a rule failed */
    CODE_USAGE = 2,    /* wrong options, configuration, rule files, paths */
    CODE_FAILED = 3,   /* the output could not be written; a bug */
} ExitCode;

typedef enum CommandId {
#define COMMAND(id, ...) COMMAND_##id,
#include "cli/commands.def"
#undef COMMAND
    COMMAND_COUNT,
} CommandId;

typedef enum OptionId {
#define OPTION(id, ...) OPTION_##id,
#include "cli/options.def"
#undef OPTION
    OPTION_COUNT,
} OptionId;

typedef enum OptionKind {
    OPTION_IS_FLAG,
    OPTION_IS_VALUE,
    OPTION_IS_LIST,
    OPTION_IS_PATHS,
    OPTION_IS_PATTERNS,
    OPTION_IS_PAIRS,
} OptionKind;

typedef struct OptionSpec {
    const char *name;
    char letter;          /* 0: none */
    const char *argument; /* NULL for flags */
    OptionKind kind;
    unsigned commands; /* a bit per CommandId */
    bool configurable;
    const char *choices, *initial, *help; /* may be NULL but for help */
} OptionSpec;
extern const OptionSpec option_specs[OPTION_COUNT];

typedef enum Origin { FROM_DEFAULT, FROM_FILE, FROM_COMMAND_LINE } Origin;

typedef struct OptionValue {
    Array(const char *) items;  /* the last is the value of a single one; a flag has one when on */
    Array(const char *) places; /* of the items, "pyproject.toml:13:5", for FROM_FILE */
    Origin origin;
    const char *where; /* "pyproject.toml:12:1" for FROM_FILE */
} OptionValue;

typedef struct Settings {
    Arena arena; /* texts of values */
    CommandId command;
    OptionValue values[OPTION_COUNT];
    Array(const char *) arguments;
    double started; /* seconds of the monotonic clock */
} Settings;

typedef struct Command {
    const char *name, *arguments;
    unsigned least, most;
    const char *formats; /* "text|json", the first is the default */
    const char *summary, *details;
    ExitCode (*run)(Settings *settings);
} Command;
extern const Command commands[COMMAND_COUNT];

/* ---- options.c ---- */

/* Parses what follows the command's name. False with *err for anything wrong. */
bool options_parse(Settings *settings, int count, char *const *words, Error *err);
/* Adds a value, split as the option's kind says. False with *err when it is none of the choices. */
bool option_add(Settings *settings, OptionId id, Str value, Error *err);
bool option_on(const Settings *settings, OptionId id);
const char *option_value(const Settings *settings, OptionId id); /* or the default, or NULL */
MigralintList option_list(const Settings *settings, OptionId id);
/* Whether "a|b|c" holds the text. */
bool choice_has(const char *choices, Str text);
/* The format asked for, else the command's default. */
const char *format_of(Settings *settings);
void settings_free(Settings *settings);

/* "5.2.1" to 502; 0 when it is no version. */
unsigned version_number(Str text);

/* ---- help.c ---- */
void help_program(MigralintText *out);
void help_command(CommandId command, MigralintText *out);
/* The name nearest to a mistyped one, or NULL. */
const char *nearest_command(Str text);
const char *nearest_option(CommandId command, Str text);

/* ---- output.c ---- */

/* One line on standard error; control characters become '?'. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A reader sees the old file or the whole new one, also after the machine has failed. A link keeps
 * its place, a file its mode. False with errno. */
bool file_replace(const char *path, const MigralintText *text);
/* Writes to --output or standard output; CODE_FAILED after complaining. */
ExitCode output_write(const Settings *settings, const MigralintText *text);
bool output_wants_color(const Settings *settings);

/* One of several things to be written. */
typedef struct Output {
    const char *format;
    const char *path; /* "-": standard output */
    bool color;
    MigralintText text;
} Output;
typedef Array(Output) Outputs;

/* What --output asks for: "FORMAT=FILE" as often as it likes, and --format in a "FILE" without a
 * format or, when nothing else goes there, on standard output. False with *err for two that want
 * the same place. */
bool outputs_of(Settings *settings, Outputs *outputs, Error *err);
/* Writes all, standard output last: its reader may be gone. CODE_FAILED when one failed. */
ExitCode outputs_write(const Outputs *outputs);
void outputs_free(Outputs *outputs);

/* ---- target.c ---- */

/* What to analyse. Texts are in the settings' arena. */
typedef struct Target {
    const char *here;              /* the working directory, absolute */
    const char *root;              /* from the working directory */
    const char *prefix;            /* what leads from there to the root: "" or "backend/" */
    const char *repository_prefix; /* the same from the top of the repository */
    const char *real_root;         /* absolute, links resolved */
    const char *top;               /* absolute: the directory above that holds .git, or real_root */
    bool in_git;
    Array(const char *) only; /* from the root; none: everything */
} Target;
bool target_of(Settings *settings, Target *target, Error *err);
void target_free(Target *target);

/* Joins with one '/'. */
const char *path_join(Arena *arena, const char *dir, const char *name);
/* The directory above an absolute path; NULL above "/". */
const char *path_parent(Arena *arena, const char *path);
bool path_exists(const char *path);
/* How to name `to` from the directory `from`; both absolute, without links. */
const char *path_relative(Arena *arena, const char *from, const char *to);

/* ---- git.c ---- */

/* Appends the paths below the root that git ignores, in `arena`; complains when git does not say.
 */
typedef Array(const char *) Paths;
void git_ignored(const Target *target, Arena *arena, Paths *out);
/* Appends the files below the root that git neither has nor ignores. */
void git_untracked(const Target *target, Arena *arena, Paths *out);
/* Narrows `only` to what differs from the last commit, staged or not, and to migrations packages
 * in which anything does. False with *err when git does not say. */
bool git_only_changed(Target *target, Arena *arena, Error *err);
/* MigralintOptions.trace; the context is the Target. */
bool git_whereabouts(void *context, const char *path, MigralintTrace *out);

/* ---- environment.c ---- */

/* Appends site-packages directories of virtual environments (absolute, in `arena`). */
void environment_site_packages(const Target *target, Arena *arena, Paths *out);
/* The Django installed in one of them, 502 for 5.2; 0: none. */
unsigned environment_django(MigralintList site_packages);

/* ---- configuration.c ---- */

/* Fills in, from the nearest configuration above the target, what the command line left
 * open. Complains about what is odd but harmless. */
bool configuration_read(Settings *settings, const Target *target, Error *err);

/* The configuration file that configuration_read() would take without options, as messages name
 * it; NULL: there is none. */
bool configuration_find(Settings *settings, const Target *target, const char **path, Error *err);

/* ---- selectors.c ---- */

/* Whether the selectors in a configuration file mean rules; the error has their place. */
bool selectors_hold(const Settings *settings, Migralint *migralint, Error *err);

/* ---- session.c ---- */

/* Files that git has, those without an id on disk, and who hands them out. */
typedef struct Content {
    FileTree tree;
    struct Session *session;
} Content;

/* Another branch, opened. */
typedef struct OtherBranch {
    Content fork, theirs, merged;
    MigralintBranch handles;
} OtherBranch;

/* A file with what is known. Texts are in the settings' arena. */
typedef struct BaselineFile {
    const char *path;   /* as the user calls it; NULL: there is none */
    const char *target; /* absolute, without links to its directory */
    const char *inner;  /* as findings name it */
    const char *prefix; /* what leads from where its paths count to the root */
    bool named;         /* by an option or the configuration */
} BaselineFile;

/* From settings to an open project. */
typedef struct Session {
    Target target;
    Migralint *migralint;
    MigralintOptions options;
    MigralintOptions tree_options; /* for what is not on disk */
    GitBatch batch;                /* for every Content */
    Content ours;                  /* what is checked, as git has it: for --staged and for merges */
    bool on_disk;                  /* … which is what lies on disk, as far as it has ids */
    OtherBranch *branches;         /* in the settings' arena: of --base and --against */
    MigralintBranch *handles;
    size_t branch_count;
    BaselineFile baseline_file;
    MigralintBaseline *baseline; /* NULL: none */
    Paths ignored, untracked, site_packages;
    double last_shown; /* for the progress line */
    bool progress_shown;
} Session;
/* Target, configuration and options, without looking at any file of the project. */
bool session_prepare(Session *session, Settings *settings, Error *err);
/* The same, and opens it. */
bool session_open(Session *session, Settings *settings, Error *err);
/* The same of the working directory: the arguments are no paths. */
bool session_open_here(Session *session, Settings *settings, Error *err);
/* For commands that only need rules. */
bool session_rules(Session *session, Settings *settings, Error *err);
/* For commands that need neither a project nor rules nor configuration. */
bool session_bare(Session *session, Settings *settings, Error *err);
void session_close(Session *session);

/* ---- base.c ---- */

/* Opens the branches that are asked for and what merging them makes, and adds them to the
 * selection; checks where HEAD and --base parted for what is known. */
bool branches_open(Session *session, Settings *settings, MigralintSelection *selection, Error *err);
void branches_close(Session *session);

/* Opens the index as Session.migralint. */
bool staged_open(Session *session, Settings *settings, Error *err);

/* ---- selectors.c ---- */

/* What to report, but for branches and a baseline. */
MigralintSelection selection_of(const Settings *settings, const Session *session);

/* ---- baseline_file.c ---- */

/* Which file holds: that of --baseline or the configuration, else the nearest above the root. False
 * with *err for one that is named and cannot be. */
bool baseline_find(Session *session, Settings *settings, Error *err);
/* Reads it into Session.baseline, where there is one. */
bool baseline_load(Session *session, Error *err);
extern const char baseline_name[]; /* of a file that nobody names */
/* The one of that directory. */
BaselineFile baseline_in(const Session *session, Settings *settings, const char *dir);

/* A whole command: opens, lets `write` fill a text, and puts that out. */
typedef bool SessionOpener(Session *session, Settings *settings, Error *err);
typedef bool SessionWriter(Session *session, Settings *settings, MigralintText *text,
                           MigralintError *err);
ExitCode session_run(Settings *settings, SessionOpener *open, SessionWriter *write);

double now_seconds(void);

#define COMMAND(id, ...) ExitCode run_##id(Settings *settings);
#include "cli/commands.def"
#undef COMMAND

/* Complains and returns CODE_USAGE. */
ExitCode refuse(const Error *err);
/* The library's error as ours; returns false. */
bool error_from(Error *err, const MigralintError *from);

#endif
