#include "cli/cli.h"

static bool run_examples(Session *session, Settings *settings, MigralintText *text, size_t *failed,
                         Error *err)
{
    MigralintError why = {0};
    bool own = settings->arguments.count > 0;
    if (own && !path_exists(path_join(&settings->arena, settings->arguments.items[0], ".")))
        return error_set(err, "%s: no such directory", settings->arguments.items[0]);
    session->options.rules = (MigralintList){settings->arguments.items, settings->arguments.count};
    session->migralint = migralint_new(&session->options);
    return migralint_test_rules(session->migralint, own, failed, text, &why) ||
           error_from(err, &why);
}

ExitCode run_test_rules(Settings *settings)
{
    Session session = {0};
    MigralintText text = {0};
    Error err = {0};
    size_t failed = 0;
    ExitCode code = CODE_USAGE;
    if (run_examples(&session, settings, &text, &failed, &err))
        code = output_write(settings, &text);
    else
        refuse(&err);
    if (code == CODE_OK && failed)
        code = CODE_FINDINGS;
    migralint_text_free(&text);
    session_close(&session);
    return code;
}
