#include "cli/cli.h"

static const char *first_of(const Settings *settings)
{
    return settings->arguments.count ? settings->arguments.items[0] : NULL;
}

static bool write(Session *session, Settings *settings, MigralintText *text, MigralintError *err)
{
    return migralint_write_drift(session->migralint, format_of(settings), first_of(settings), text,
                                 err);
}

ExitCode run_drift(Settings *settings)
{
    return session_run(settings, session_open_here, write);
}
