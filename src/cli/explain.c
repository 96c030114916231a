#include "cli/cli.h"

static bool write(Session *session, Settings *settings, MigralintText *text, MigralintError *err)
{
    const char *rule = settings->arguments.items[0];
    return migralint_write_explanation(session->migralint, rule, format_of(settings), text, err);
}

ExitCode run_explain(Settings *settings)
{
    return session_run(settings, session_rules, write);
}
