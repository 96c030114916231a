#include "cli/cli.h"

static bool write(Session *session, Settings *settings, MigralintText *text, MigralintError *err)
{
    return migralint_write_history(session->migralint, format_of(settings),
                                   settings->arguments.items[0], text, err);
}

ExitCode run_history(Settings *settings)
{
    return session_run(settings, session_open_here, write);
}
