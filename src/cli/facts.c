#include "cli/cli.h"

static bool write(Session *session, Settings *settings, MigralintText *text, MigralintError *err)
{
    const char *path = settings->arguments.items[0];
    return migralint_write_facts(session->migralint, path, format_of(settings), text, err);
}

ExitCode run_facts(Settings *settings)
{
    return session_run(settings, session_bare, write);
}
