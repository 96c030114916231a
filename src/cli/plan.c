#include "cli/cli.h"

static bool write(Session *session, Settings *settings, MigralintText *text, MigralintError *err)
{
    MigralintList apps = option_list(settings, OPTION_APP);
    return migralint_write_plan(session->migralint, format_of(settings), apps, text, err);
}

ExitCode run_plan(Settings *settings)
{
    return session_run(settings, session_open, write);
}
