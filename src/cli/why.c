#include "cli/cli.h"

static bool write(Session *session, Settings *settings, MigralintText *text, MigralintError *err)
{
    return migralint_write_why(session->migralint, format_of(settings),
                               settings->arguments.items[0], settings->arguments.items[1], text,
                               err);
}

ExitCode run_why(Settings *settings)
{
    return session_run(settings, session_open_here, write);
}
