#include "cli/cli.h"

static bool write(Session *session, Settings *settings, MigralintText *text, MigralintError *err)
{
    return migralint_write_rules(session->migralint, format_of(settings), text, err);
}

ExitCode run_rules(Settings *settings)
{
    return session_run(settings, session_rules, write);
}
