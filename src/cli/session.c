#include "cli/cli.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { UNKNOWN_DJANGO = 502 };

double now_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Nothing in the first second, then ten times a second. */
static void show_progress(void *context, size_t files)
{
    Session *session = context;
    if (files % 16)
        return;
    double now = now_seconds();
    if (now - session->last_shown < (session->progress_shown ? 0.1 : 1))
        return;
    fprintf(stderr, "\r%zu files read", files);
    session->last_shown = now;
    session->progress_shown = true;
}

static void clear_progress(Session *session)
{
    if (session->progress_shown)
        fputs("\r\033[K", stderr);
    session->progress_shown = false;
}

static void find_site_packages(Session *session, Settings *settings)
{
    session->options.site_packages = option_list(settings, OPTION_SITE_PACKAGES);
    if (session->options.site_packages.count)
        return;
    environment_site_packages(&session->target, &settings->arena, &session->site_packages);
    session->options.site_packages =
        (MigralintList){session->site_packages.items, session->site_packages.count};
}

static unsigned django_of(const Session *session, const Settings *settings)
{
    const char *asked = option_value(settings, OPTION_DJANGO);
    if (asked)
        return version_number(str(asked));
    unsigned installed = environment_django(session->options.site_packages);
    return installed ? installed : UNKNOWN_DJANGO;
}

/* Directories given by hand exist, or somebody is waiting for what will not come. */
static bool check_dirs(Settings *settings, OptionId id, Error *err)
{
    OptionValue *value = &settings->values[id];
    for (uint32_t i = 0; i < value->items.count; i++)
        if (!path_exists(path_join(&settings->arena, value->items.items[i], ".")))
            return error_set(err, "--%s: %s: no such directory", option_specs[id].name,
                             value->items.items[i]);
    return true;
}

/* The library reads installed apps by absolute paths. */
static bool make_absolute(Settings *settings, OptionId id, Error *err)
{
    OptionValue *value = &settings->values[id];
    char here[4096];
    if (!value->items.count)
        return true;
    if (!getcwd(here, sizeof here))
        return error_set(err, "the working directory cannot be named");
    for (uint32_t i = 0; i < value->items.count; i++)
        if (value->items.items[i][0] != '/')
            value->items.items[i] = path_join(&settings->arena, here, value->items.items[i]);
    return true;
}

static bool prepare(Session *session, Settings *settings, Error *err)
{
    return target_of(settings, &session->target, err) &&
           configuration_read(settings, &session->target, err) &&
           check_dirs(settings, OPTION_RULES, err) &&
           check_dirs(settings, OPTION_SITE_PACKAGES, err) &&
           make_absolute(settings, OPTION_SITE_PACKAGES, err);
}

bool session_prepare(Session *session, Settings *settings, Error *err)
{
    if (!prepare(session, settings, err))
        return false;
    find_site_packages(session, settings);
    session->options.django = django_of(session, settings);
    session->options.exclude = option_list(settings, OPTION_EXCLUDE);
    session->options.rules = option_list(settings, OPTION_RULES);
    return true;
}

bool session_rules(Session *session, Settings *settings, Error *err)
{
    /* Arguments of such commands are no paths: the configuration is the working directory's. */
    uint32_t count = settings->arguments.count;
    settings->arguments.count = 0;
    bool ok = session_prepare(session, settings, err);
    settings->arguments.count = count;
    if (ok)
        session->migralint = migralint_new(&session->options);
    return ok;
}

static void print_warnings(const Session *session)
{
    MigralintText text = {0};
    migralint_write_warnings(session->migralint, &text);
    for (Str rest = {text.bytes, text.length}; rest.ptr;) {
        Str line = str_cut(&rest, '\n');
        if (line.len)
            complain("warning: %.*s", STR_ARG(line));
    }
    migralint_text_free(&text);
}

bool session_open(Session *session, Settings *settings, Error *err)
{
    MigralintError why = {0};
    if (!session_prepare(session, settings, err))
        return false;
    if (!option_on(settings, OPTION_NO_GIT))
        git_ignored(&session->target, &settings->arena, &session->ignored);
    if (option_on(settings, OPTION_BASE) || option_on(settings, OPTION_AGAINST))
        session->options.shared = migralint_shared_new();
    session->tree_options = session->options;
    if (!option_on(settings, OPTION_NO_GIT) && session->target.in_git) {
        if (settings->command == COMMAND_check || settings->command == COMMAND_baseline)
            git_untracked(&session->target, &settings->arena, &session->untracked);
        session->options.trace = git_whereabouts;
        session->options.trace_context = &session->target;
    }
    session->options.ignored = (MigralintList){session->ignored.items, session->ignored.count};
    session->options.untracked =
        (MigralintList){session->untracked.items, session->untracked.count};
    session->last_shown = settings->started;
    if (isatty(STDERR_FILENO)) {
        session->options.progress = show_progress;
        session->options.progress_context = session;
    }
    session->migralint = migralint_new(&session->options);
    bool ok = option_on(settings, OPTION_STAGED)
                  ? staged_open(session, settings, err)
                  : migralint_open(session->migralint, session->target.root, &why) ||
                        error_from(err, &why);
    clear_progress(session);
    if (!ok)
        return false;
    print_warnings(session);
    return true;
}

bool session_open_here(Session *session, Settings *settings, Error *err)
{
    uint32_t count = settings->arguments.count;
    settings->arguments.count = 0;
    bool ok = session_open(session, settings, err);
    settings->arguments.count = count;
    return ok;
}

void session_close(Session *session)
{
    migralint_free(session->migralint);
    branches_close(session);
    migralint_baseline_free(session->baseline);
    migralint_shared_free(session->options.shared);
    git_batch_close(&session->batch);
    array_free(&session->ignored);
    array_free(&session->untracked);
    array_free(&session->site_packages);
    target_free(&session->target);
}

bool session_bare(Session *session, Settings *settings, Error *err)
{
    (void)settings;
    (void)err;
    session->migralint = migralint_new(&session->options);
    return true;
}

ExitCode session_run(Settings *settings, SessionOpener *open, SessionWriter *write)
{
    Session session = {0};
    MigralintText text = {0};
    MigralintError why = {0};
    Error err = {0};
    ExitCode code;
    if (!open(&session, settings, &err)) {
        code = refuse(&err);
    } else if (!write(&session, settings, &text, &why)) {
        error_from(&err, &why);
        code = refuse(&err);
    } else {
        code = output_write(settings, &text);
    }
    migralint_text_free(&text);
    session_close(&session);
    return code;
}
