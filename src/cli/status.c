#include "cli/cli.h"

static bool write(Session *session, Settings *settings, MigralintText *text, MigralintError *err)
{
    return migralint_write_status(session->migralint, format_of(settings), text, err);
}

ExitCode run_status(Settings *settings)
{
    return session_run(settings, session_open, write);
}
