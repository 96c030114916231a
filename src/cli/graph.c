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
        .color = output_wants_color(settings),
        .ascii = option_on(settings, OPTION_ASCII),
    };
    return migralint_write_graph(session->migralint, format_of(settings), &picture, text, err);
}

ExitCode run_graph(Settings *settings)
{
    return session_run(settings, session_open, write);
}
