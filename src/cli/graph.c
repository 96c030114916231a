#include "cli/cli.h"

#include <stdlib.h>

static bool write(Session *session, Settings *settings, MigralintText *text, MigralintError *err)
{
    MigralintPicture picture = {
        .apps = option_list(settings, OPTION_APP),
        .focus = option_value(settings, OPTION_FOCUS),
        .depth = (unsigned)strtoul(option_value(settings, OPTION_DEPTH), NULL, 10),
        .since = option_value(settings, OPTION_SINCE),
        .collapse = option_value(settings, OPTION_COLLAPSE),
        .by_app = option_on(settings, OPTION_APPS),
        .problems = option_on(settings, OPTION_PROBLEMS),
        .externals = option_on(settings, OPTION_EXTERNALS),
        .legend = !option_on(settings, OPTION_NO_LEGEND),
        .color = output_wants_color(settings),
        .ascii = option_on(settings, OPTION_ASCII),
        .base = option_on(settings, OPTION_BASE) ? session->branches[0].handles.fork : NULL,
    };
    return migralint_write_graph(session->migralint, format_of(settings), &picture, text, err);
}

/* With a base, what is found is what `check --base` finds. */
static bool open(Session *session, Settings *settings, Error *err)
{
    MigralintSelection selection = {0};
    MigralintError why = {{0}};
    if (option_on(settings, OPTION_BASE) && option_on(settings, OPTION_SINCE))
        return error_set(err, "--base and --since both say what is old: use one of them");
    if (!session_open(session, settings, err) || !branches_open(session, settings, &selection, err))
        return false;
    return !option_on(settings, OPTION_BASE) ||
           migralint_check(session->migralint, &selection, &why) || error_from(err, &why);
}

ExitCode run_graph(Settings *settings)
{
    return session_run(settings, open, write);
}
